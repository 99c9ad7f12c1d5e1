"""Just enough of Markdown to check documents: links, titles, code."""

import re
from pathlib import Path

FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
TITLE = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)


def find_links(text: str) -> list[str]:
    """Targets of the links and pictures, code left out."""
    return LINK.findall(SPAN.sub("", FENCE.sub("", text)))


def find_code(text: str) -> list[str]:
    """Code spans, and the lines of code blocks without their comments."""
    blocks = "\n".join(body for _, body in FENCE.findall(text))
    lines = (line.partition("#")[0].strip() for line in blocks.splitlines())
    return [*SPAN.findall(FENCE.sub("", text)), *filter(None, lines)]


def find_anchors(text: str) -> set[str]:
    """Anchors of the titles, made as GitHub makes them."""
    return {make_anchor(title) for title in TITLE.findall(FENCE.sub("", text))}


def make_anchor(title: str) -> str:
    """Make the anchor of a title: lower case, no punctuation, a hyphen for each space.

    Examples
    --------
    >>> make_anchor("Le fichier d'étude"), make_anchor("`terrdiag list`")
    ('le-fichier-détude', 'terrdiag-list')
    >>> make_anchor("Les communes\\xa0: une seule géographie")
    'les-communes-une-seule-géographie'
    """
    kept = re.sub(r"[^\w\- ]", "", title.lower())
    return kept.replace(" ", "-")


def section(text: str, title: str) -> str:
    """Text under a title, up to the next one."""
    found = re.search(rf"^#+ {re.escape(title)}$\n(.*?)(?=^#|\Z)", text, re.DOTALL | re.MULTILINE)
    assert found, f"titre absent : {title}"
    return found[1]


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
