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
    Analysis,
    Indicator,
    MapSpec,
    Source,
    load_analyses,
    load_indicators,
    load_sources,
    load_themes,
)
from terrdiag.edition import Edition, open_edition
from terrdiag.edition.schema import SourceRecord
from terrdiag.indicators.aggregate import MIN_COVERAGE_PCT, MIN_COVERAGE_RATIO_PCT
from terrdiag.maps.shell import render_shell
from terrdiag.report.typography import set_spaces
from terrdiag.study import study_schema
from terrdiag.values import LEVEL_LABELS
from terrdiag.wording import format_number, join_words

ROOT: Final = Path(__file__).resolve().parent.parent
FICHES: Final = Path("docs", "indicateurs")
SHELL: Final = Path("src", "terrdiag", "maps", "assets", "shell.html")

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
    "analysis": "analyse",
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

WEIGHTED: Final = """Sur une réunion d'EPCI, ou là où rien n'est publié : moyenne des valeurs des
EPCI qui y sont entiers, pondérée par `{weights}` de l'année connue pour le plus de communes ({year} dans l'édition
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
    analyses = load_analyses()
    documents |= {FICHES / f"{one.id}.md": render_analysis(one) for one in analyses.values()}
    documents[FICHES / "README.md"] = render_index(indicators, analyses)
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


GENERIC: Final = {
    "altitude": "altitude de référence",
    "base": "l'année de base",
    "bound_fr": "borne",
    "bound_en": "bound",
    "branch_fr": "une branche",
    "branch_en": "a branch",
    "branch_short": "branche",
    "degrees": "le seuil (15 sans autre choix de l'étude)",
    "effect_fr": "effet",
    "effect_en": "effect",
    "from_m": "N",
    "to_m": "N + 100",
    "label": "Indicateur",
    "measure_unit": "unité de l'indicateur",
    "low": "N",
    "high": "N + 100",
    "m": "N",
    "indicator": "indicator",
    "model": "modèle d'altitude",
    "of_what_fr": "des emplois, des établissements ou de la population",
    "reference_name": "un comparateur",
    "sector_fr": "un secteur",
    "sector_en": "a sector",
    "sector_short": "secteur",
    "short": "Indicateur",
    "threshold": "N",
    "what_fr": "emplois, établissements ou population",
    "what_en": "jobs, establishments or population",
}
"""What stands, in a fiche, for the words of an analysis that differ from one variant to another."""


def _generic(text: str) -> str:
    """Fill the texts of an analysis with words that hold for all its variants; a word without one stays in braces."""
    return re.sub(r"\{(\w+)\}", lambda found: GENERIC.get(found[1], found[0]), text)


def render_analysis(one: Analysis) -> str:
    """Render the fiche of an analysis; a word in braces, in its identifier, stands for a sector or a threshold."""
    label, definition = _generic(one.label_fr), _generic(one.definition_fr)
    rows = [
        ("Identifiant", f"`{one.template or one.id}`"),
        ("Thème", load_themes()[one.theme].label_fr),
        ("Unité", _generic(one.unit) or "sans unité"),
        ("Formule", _generic(one.formula_fr)),
        ("Nature", f"{KINDS['analysis']} (`analysis`)"),
    ]
    sections = [
        f"{HEAD}\n# {label[:1].upper()}{label[1:]}",
        f"*{_generic(one.label_en)}*",
        definition,
        make_table(["", ""], rows),
        f"## Méthode\n\n{one.reference_fr}",
        f"## Limites\n\n{_generic(one.limits_fr)}",
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


def render_index(indicators: Mapping[str, Indicator], analyses: Mapping[str, Analysis]) -> str:
    """Render the index of the fiches, by theme."""
    count = f"{len(indicators)} indicateurs et {len(analyses)} analyses"
    head = f"{count}, dans l'ordre de la page. L'identifiant est un contrat :"
    parts = [f"{HEAD}\n# Les indicateurs", f"{head} il ne change pas d'une version à l'autre."]
    for theme in load_themes().values():
        of_theme = [one for one in indicators.values() if one.theme == theme.id]
        rows: list[tuple[Indicator | Analysis, str, str]] = [
            (one, one.id, KINDS[one.kind]) for one in of_theme
        ]
        rows += [
            (one, one.template or one.id, KINDS["analysis"])
            for one in analyses.values()
            if one.theme == theme.id
        ]
        lines = [
            (f"[{_generic(one.label_fr)}]({one.id}.md)", f"`{name}`", _generic(one.unit), kind)
            for one, name, kind in rows
        ]
        table = make_table(["Indicateur", "Identifiant", "Unité", "Nature"], lines)
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
