"""Generate what the documents say of the catalogue, of the sources and of the study files.

« make docs » runs it: one fiche an indicator and their index, the table of sources, the JSON schema
of studies. It sets the no-break spaces of the documents written by hand on the way. A test fails
when the committed files are not the ones this gives.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from known_years import Years, count_years, make_table

from terrdiag.catalogue import (
    Indicator,
    MapSpec,
    Source,
    load_indicators,
    load_sources,
    load_themes,
)
from terrdiag.edition import Edition, open_edition
from terrdiag.edition.schema import SourceRecord
from terrdiag.indicators.aggregate import MIN_COVERAGE_PCT, MIN_COVERAGE_RATIO_PCT
from terrdiag.report.typography import set_spaces
from terrdiag.study import study_schema
from terrdiag.values import LEVEL_LABELS
from terrdiag.wording import format_number, join_words

ROOT: Final = Path(__file__).resolve().parent.parent
FICHES: Final = Path("docs", "indicateurs")

BY_HAND: Final = (
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "data/raw/README.md"),
    *("docs/index.md", "docs/guide.md", "docs/methode.md"),
)
"""Documents written by hand: only their no-break spaces are set."""

HEAD: Final = "<!-- Fichier produit par « make docs » : ne le modifiez pas à la main. -->\n"

CODE: Final = re.compile(r"(```.*?```|`[^`\n]*`|<!--.*?-->|\]\([^)\n]*\)|https?://\S+)", re.DOTALL)
"""What must not be retouched in a Markdown text: code, comments, addresses."""

KINDS: Final = {
    "count": "effectif",
    "ratio_of_sums": "rapport de sommes",
    "density": "densité",
    "growth": "taux annuel moyen",
    "extent": "extrême",
    "published": "valeur publiée",
}

AGGREGATIONS: Final = {
    "count": """Somme des communes. Un chiffre inconnu n'est jamais compté pour zéro.""",
    "ratio_of_sums": """Somme des numérateurs divisée par la somme des dénominateurs, sur les
communes dont les deux sont connus. Jamais une moyenne de taux.""",
    "density": """Somme des effectifs divisée par la somme des superficies des mêmes communes.""",
    "growth": """Les sommes au début et à la fin sont faites sur les communes connues aux deux
dates ; le taux annuel en est tiré. L'année d'un taux est celle de la fin de son intervalle.""",
    "extent": """Minimum des minimums, maximum des maximums des communes connues. Avec une
couverture incomplète, c'est une borne.""",
    "published": """Donnée aux niveaux où le producteur la publie, et à eux seulement.""",
}
"""How a place above the commune gets its value."""

FLOOR: Final = """Sous {floor} % de couverture (en habitants), la valeur n'est pas donnée ; entre ce
seuil et 100 %, elle est marquée « partiel »."""

WEIGHTED: Final = """Sur une réunion d'EPCI : moyenne des parts des EPCI qui y sont entiers,
pondérée par `{weights}` de l'année connue pour le plus de communes ({year} dans l'édition
embarquée). C'est une estimation, marquée comme telle ; sous {floor} % des emplois couverts, elle
n'est pas donnée."""

WEIGHT_YEAR: Final = 2018

METHODS: Final = {"quantiles": "effectifs égaux", "jenks": "méthode de Jenks"}

SOURCES_HEAD: Final = """Tout chiffre d'un diagnostic vient d'un de ces fichiers. « Communes » est
l'année de la géographie du fichier : les communes du 1er janvier de cette année. L'empreinte de
chaque fichier lu est dans l'édition (`edition.toml`), et la page de chaque diagnostic cite les
sources dont elle se sert."""


def render_documents() -> dict[Path, str]:
    """Render every document that is generated or typeset, by path under the repository."""
    edition = open_edition()
    indicators, sources = load_indicators(), load_sources()
    years = count_years(edition, indicators)
    documents = {
        FICHES / f"{one.id}.md": render_fiche(one, sources, years[one.id], edition)
        for one in indicators.values()
    }
    documents[FICHES / "README.md"] = render_index(indicators)
    documents[Path("docs", "sources.md")] = render_sources(sources, edition)
    documents |= {Path(name): (ROOT / name).read_text(encoding="utf-8") for name in BY_HAND}
    set_ = {path: typeset(text) for path, text in documents.items()}
    return set_ | {Path("pipelines", "study.schema.json"): study_schema()}


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


def render_fiche(
    one: Indicator, sources: Mapping[str, Source], years: Years, edition: Edition
) -> str:
    """Render the fiche of an indicator."""
    used = [sources[key] for key in one.source]
    limits = [one.note_fr, *years.limits, f"Celles de ses sources : {_links(used)}."]
    mentions = " ; ".join(source.attribution for source in used)
    cite = f"{one.label_fr}, *année* : {mentions} ; calculs terrdiag, édition {edition.info.id}."
    sections = [
        f"{HEAD}\n# {one.label_fr}",
        f"*{one.label_en}*",
        one.definition_fr,
        make_table(["", ""], _properties(one)),
        f"## Comment il s'agrège\n\n{_word_aggregation(one)}",
        f"## Années de l'édition embarquée\n\n{years.table}",
        "## Sources\n\n" + _bullets(_cite(source) for source in used),
        "## Limites\n\n" + _bullets(text for text in limits if text),
        f"## Citer\n\n> {cite}",
        "[Tous les indicateurs](README.md) · [Méthode](../methode.md) · [Sources](../sources.md)",
    ]
    return "\n\n".join(sections) + "\n"


def _properties(one: Indicator) -> Iterator[tuple[str, str]]:
    yield "Identifiant", f"`{one.id}`"
    yield "Thème", load_themes()[one.theme].label_fr
    yield "Unité", one.unit
    yield "Formule", one.formula_fr
    yield "Nature", f"{KINDS[one.kind]} (`{one.kind}`)"
    yield "Variables", ", ".join(f"`{name}`" for name in one.inputs)
    yield "Niveaux", ", ".join(LEVEL_LABELS[level] for level in one.levels)
    if one.min_denominator:
        number = format_number(one.min_denominator)
        yield "Dénominateur minimal", f"{number} ; en dessous, « effectif trop faible »"
    yield "Carte", _word_map(one.map) if one.map else "aucune"


def _word_map(spec: MapSpec) -> str:
    if spec.kind == "circles":
        return "cercles proportionnels, par commune"
    place = "EPCI" if spec.level == "epci" else "commune"
    if spec.method == "breaks":
        bounds = " ; ".join(format_number(value, 1) for value in spec.breaks)
        return f"aplats, par {place} ; bornes fixes : {bounds}"
    return f"aplats, par {place} ; {spec.classes} classes au plus, {METHODS[spec.method]}"


def _word_aggregation(one: Indicator) -> str:
    ratio_floor = format_number(MIN_COVERAGE_RATIO_PCT)
    text = AGGREGATIONS[one.kind]
    if one.weights:
        more = WEIGHTED.format(weights=one.weights, year=WEIGHT_YEAR, floor=ratio_floor)
        return f"{text} {more}"
    if one.kind == "published":
        return text
    floor = MIN_COVERAGE_PCT.get(one.kind)
    return f"{text} {FLOOR.format(floor=format_number(floor) if floor else ratio_floor)}"


def _cite(source: Source) -> str:
    title = f"{source.producer}, *{source.title}*, {source.vintage}. {source.licence}."
    return f"{title} [Page de présentation]({source.landing_page})."


def _links(used: Iterable[Source]) -> str:
    return ", ".join(f"[{source.id}](../sources.md#{source.id})" for source in used)


def render_index(indicators: Mapping[str, Indicator]) -> str:
    """Render the index of the fiches, by theme."""
    head = f"{len(indicators)} indicateurs, dans l'ordre de la page. L'identifiant est un contrat :"
    parts = [f"{HEAD}\n# Les indicateurs", f"{head} il ne change pas d'une version à l'autre."]
    for theme in load_themes().values():
        rows = [
            (f"[{one.label_fr}]({one.id}.md)", f"`{one.id}`", one.unit, KINDS[one.kind])
            for one in indicators.values()
            if one.theme == theme.id
        ]
        table = make_table(["Indicateur", "Identifiant", "Unité", "Nature"], rows)
        parts.append(f"## {theme.label_fr}\n\n{table}")
    return "\n\n".join(parts) + "\n"


def render_sources(sources: Mapping[str, Source], edition: Edition) -> str:
    """Render the register of sources, with what the embedded edition left out of each."""
    heads = ["Source", "Producteur", "Titre", "Millésime", "Communes", "Licence"]
    rows = [
        (f"[{s.id}](#{s.id})", s.producer, s.title, s.vintage, str(s.cog_year), s.licence)
        for s in sources.values()
    ]
    parts = [
        f"{HEAD}\n# Les sources",
        SOURCES_HEAD,
        make_table(heads, rows),
        *(_describe_source(one, edition.sources.get(one.id)) for one in sources.values()),
    ]
    return "\n\n".join(parts) + "\n"


def _describe_source(one: Source, record: SourceRecord | None) -> str:
    lines = [
        f"Mention à reprendre : {one.attribution}.",
        f"Licence : [{one.licence}]({one.licence_url}).",
        f"[Page de présentation]({one.landing_page}) · [adresse du fichier]({one.address}).",
        f"Sous le dossier des données brutes : `{one.path}`.",
    ]
    if one.ref_years:
        lines.append(f"Années décrites : {join_words(map(str, one.ref_years))}.")
    if record is None:
        lines.append("N'est pas dans l'édition embarquée.")
    elif record.dropped:
        left = "\n".join(f"  - {text}" for text in record.dropped)
        lines.append(f"Écarté, réparé ou signalé à la lecture (nombre : motif) :\n{left}")
    return f"### {one.id}\n\n**{one.title}**, {one.vintage}.\n\n{one.note}\n\n{_bullets(lines)}"


def _bullets(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


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
