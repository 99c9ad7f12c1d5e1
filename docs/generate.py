"""Generate what the documents say of the catalogue, of the sources and of the study files.

« make docs » runs it: one fiche an indicator and their index, the table of sources, the JSON schema
of studies. It sets the no-break spaces of the documents written by hand on the way. A test fails
when the committed files are not the ones this gives.
"""

import re
from pathlib import Path
from typing import Final

from fiches import FICHES, render_analysis, render_fiche, render_index
from known_years import count_years
from sources_page import render_sources

from terrdiag.catalogue import load_analyses, load_indicators, load_sources
from terrdiag.edition import open_edition
from terrdiag.maps.shell import render_shell
from terrdiag.report.typography import set_spaces
from terrdiag.study import study_schema

ROOT: Final = Path(__file__).resolve().parent.parent
SHELL: Final = Path("src", "terrdiag", "maps", "assets", "shell.html")

BY_HAND: Final = (
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "data/raw/README.md"),
    *("docs/index.md", "docs/guide.md", "docs/donnees.md", "docs/methode.md", "docs/reseau.md"),
)
"""Documents written by hand: only their no-break spaces are set."""

CODE: Final = re.compile(r"(```.*?```|`[^`\n]*`|<!--.*?-->|\]\([^)\n]*\)|https?://\S+)", re.DOTALL)
"""What must not be retouched in a Markdown text: code, comments, addresses."""


def render_documents() -> dict[Path, str]:
    """Render every document that is generated or typeset, by path under the repository."""
    edition = open_edition()
    indicators, sources = load_indicators(), load_sources()
    years = count_years(edition, indicators)
    documents = {
        FICHES / f"{one.id}.md": render_fiche(one, sources, years[one.id], edition)
        for one in indicators.values()
    }
    analyses = load_analyses()
    documents |= {
        FICHES / f"{one.id}.md": render_analysis(one, sources, edition) for one in analyses.values()
    }
    documents[FICHES / "README.md"] = render_index(indicators, analyses, years, edition)
    documents[Path("docs", "sources.md")] = render_sources(sources, edition)
    documents |= {Path(name): (ROOT / name).read_text(encoding="utf-8") for name in BY_HAND}
    set_ = {path: typeset(text) for path, text in documents.items()}
    return set_ | {Path("pipelines", "study.schema.json"): study_schema(), SHELL: render_shell()}


def typeset(markdown: str) -> str:
    r"""Set the no-break spaces of a Markdown text, but in code and addresses.

    Examples
    --------
    >>> typeset("Lancez `a : b` : c'est prêt")
    "Lancez `a : b`\xa0: c'est prêt"
    """
    kept = CODE.findall(markdown)
    # a character of no use elsewhere stands for what must not be retouched
    parts = set_spaces(CODE.sub("\ue000", markdown)).split("\ue000")
    return "".join(part + code for part, code in zip(parts, [*kept, ""], strict=True))


def write_documents(root: Path = ROOT) -> None:
    """Write the documents, and remove the fiches of indicators that are no more."""
    documents = render_documents()
    for path, text in documents.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8", newline="\n")
    for path in (root / FICHES).glob("*.md"):
        if path.relative_to(root) not in documents:
            path.unlink()


if __name__ == "__main__":
    write_documents()
