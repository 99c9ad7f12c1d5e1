"""The fiches of the indicators and of the analyses, and their index: what the catalogue and the edition say of them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from known_years import Years
from markup import HEAD, begin, bullets, make_table

from terrdiag.catalogue import Analysis, Indicator, MapSpec, Source, load_themes
from terrdiag.edition import Edition
from terrdiag.indicators.aggregate import MIN_COVERAGE_PCT, MIN_COVERAGE_RATIO_PCT
from terrdiag.values import LEVEL_LABELS
from terrdiag.wording import format_number, join_words

FICHES: Final = Path("docs", "indicateurs")

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

COUNTED: Final = """Là où les effectifs par commune sont connus, c'est un rapport de sommes à tout
niveau, commune comprise, sur les communes dont les deux sont connus ; la valeur publiée n'y sert pas. Ailleurs :"""

LOCAL: Final = "seulement dans une [édition locale](../donnees.md) : source"

MORE: Final = "D'autres années, ou plus de communes"
"""What a local edition adds to an indicator that the embedded one has."""

FEW_YEARS: Final = 4
"""Of a source with more years than this, only the first and the last are said."""

METHODS: Final = {"quantiles": "effectifs égaux", "jenks": "méthode de Jenks"}


def render_fiche(
    one: Indicator, sources: Mapping[str, Source], years: Years, edition: Edition
) -> str:
    """Render the fiche of an indicator."""
    used = [sources[key] for key in one.source]
    limits = [one.note_fr, *years.limits, f"Celles de ses sources : {_links(used)}."]
    sections = [
        f"{HEAD}\n# {one.label_fr}",
        f"*{one.label_en}*",
        one.definition_fr,
        make_table(["", ""], _properties(one)),
        f"## Comment il s'agrège\n\n{_word_aggregation(one)}",
        f"## Années de l'édition embarquée\n\n{_word_years(years, used, edition)}",
        "## Sources\n\n" + bullets(_cite(source) for source in used),
        "## Limites\n\n" + bullets(text for text in limits if text),
        f"## Citer\n\n{_word_citations(one, used, edition)}",
        "[Tous les indicateurs](README.md) · [Méthode](../methode.md) · [Sources](../sources.md)",
    ]
    return "\n\n".join(sections) + "\n"


def _word_years(years: Years, used: Iterable[Source], edition: Edition) -> str:
    """Word the years that the embedded edition knows, and what only a local edition brings."""
    others = [source for source in used if source.id not in edition.sources]
    if not others:
        return years.table
    local = _word_local(others)
    if not years.table:
        return begin(local)
    what = "Par commune, et comme rapport de sommes" if years.lacks_counts else MORE
    return f"{years.table}\n\n{what}, {local}"


def _word_local(sources: Iterable[Source]) -> str:
    """Word the sources that only a local edition has, those that are fetched without being named first."""
    sources = list(sources)
    plain = [one for one in sources if one.is_fetched and not one.on_demand]
    named = [one for one in sources if one.is_fetched and one.on_demand]
    by_hand = [one for one in sources if not one.is_fetched]
    parts = [f"{LOCAL} {', '.join(map(_date_source, plain))}"]
    if named:
        parts.append(f"sur demande, {', '.join(map(_date_source, named))}")
    if by_hand:
        parts.append(f"à déposer soi-même, {', '.join(map(_date_source, by_hand))}")
    return " ; ".join(parts) + "."


def _date_source(one: Source) -> str:
    """Link to a source, with the years that it describes."""
    years = one.ref_years
    if not years:
        said = "années lues dans le fichier"
    elif len(years) > FEW_YEARS:
        said = f"de {years[0]} à {years[-1]}"
    else:
        said = join_words(map(str, years))
    return f"{_links([one])} ({said})"


def _word_citations(one: Indicator, used: list[Source], edition: Edition) -> str:
    """Word how to cite a figure of the embedded edition, then one that only a local edition has."""
    embedded = [source for source in used if source.id in edition.sources]
    local = [source for source in used if source.id not in edition.sources]
    lines = [
        f"> {one.label_fr}, *année* : {_join_mentions(mentioned)} ; calculs terrdiag, {name}."
        for name, mentioned in (
            (f"édition {edition.info.id}", embedded),
            ("édition locale *identifiant*", local),
        )
        if mentioned
    ]
    return "\n\n".join(lines)


def _join_mentions(sources: Iterable[Source]) -> str:
    return " ; ".join(dict.fromkeys(source.attribution for source in sources))


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


def render_analysis(one: Analysis, sources: Mapping[str, Source], edition: Edition) -> str:
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
        f"{HEAD}\n# {begin(label)}",
        f"*{_generic(one.label_en)}*",
        definition,
        make_table(["", ""], rows),
        f"## Méthode\n\n{one.reference_fr}",
        *_word_local_analysis(one, sources, edition),
        f"## Limites\n\n{_generic(one.limits_fr)}",
        "[Tous les indicateurs](README.md) · [Méthode](../methode.md) · [Sources](../sources.md)",
    ]
    return "\n\n".join(sections) + "\n"


def _word_local_analysis(
    one: Analysis, sources: Mapping[str, Source], edition: Edition
) -> Iterator[str]:
    if _is_local(one, edition):
        said = _word_local(sources[key] for key in one.source)
        yield f"## Années de l'édition embarquée\n\n{begin(said)}"


def _is_local(one: Analysis, edition: Edition) -> bool:
    """Tell whether nothing of what an analysis is made of is in the embedded edition."""
    return bool(one.source) and not set(one.source) & set(edition.sources)


def _properties(one: Indicator) -> Iterator[tuple[str, str]]:
    yield "Identifiant", f"`{one.id}`"
    yield "Thème", load_themes()[one.theme].label_fr
    yield "Unité", one.unit
    yield "Formule", one.formula_fr
    yield "Nature", f"{KINDS[one.kind]} (`{one.kind}`)"
    yield "Variables", ", ".join(f"`{name}`" for name in (*one.inputs, *one.counts))
    levels = ", ".join(LEVEL_LABELS[level] for level in one.levels)
    yield "Niveaux", f"{levels} ; Commune, avec ses effectifs" if one.counts else levels
    if one.min_denominator:
        number = format_number(one.min_denominator)
        yield "Dénominateur minimal", f"{number} ; en dessous, « effectif trop faible »"
    if one.fragile_below:
        number = format_number(one.fragile_below)
        yield "Prudence", f"fragile sous {number} habitants : donnée, et signalée"
    counted = " ; par commune, là où ses effectifs sont connus" if one.counts else ""
    yield "Carte", f"{_word_map(one.map)}{counted}" if one.map else "aucune"


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
        counted = f"{COUNTED} {text[:1].lower()}{text[1:]}" if one.counts else text
        return f"{counted} {more}"
    if one.kind == "published":
        return text
    floor = MIN_COVERAGE_PCT.get(one.kind)
    return f"{text} {FLOOR.format(floor=format_number(floor) if floor else ratio_floor)}"


def _cite(source: Source) -> str:
    title = f"{source.producer}, *{source.title}*, {source.vintage}. {source.licence}."
    return f"{title} [Page de présentation]({source.landing_page})."


def _links(used: Iterable[Source]) -> str:
    return ", ".join(f"[{source.id}](../sources.md#{source.id})" for source in used)


def render_index(
    indicators: Mapping[str, Indicator],
    analyses: Mapping[str, Analysis],
    years: Mapping[str, Years],
    edition: Edition,
) -> str:
    """Render the index of the fiches, by theme, and say what only a local edition has."""
    local = {one.id: LOCAL_MARK for one in indicators.values() if not years[one.id].table}
    counted = {one.id: COMMUNES_MARK for one in indicators.values() if years[one.id].lacks_counts}
    of_analyses = {one.id: LOCAL_MARK for one in analyses.values() if _is_local(one, edition)}
    count = f"{len(indicators)} indicateurs et {len(analyses)} analyses"
    few = f"{len(local)} indicateurs et {len(of_analyses)} analyses"
    parts = [f"{HEAD}\n# Les indicateurs", INDEX_HEAD.format(count=count, few=few)]
    marks = counted | local | of_analyses
    for theme in load_themes().values():
        entries: list[Indicator | Analysis] = [*indicators.values(), *analyses.values()]
        rows = [_list_entry(one, marks.get(one.id, "")) for one in entries if one.theme == theme.id]
        table = make_table(["Indicateur", "Identifiant", "Unité", "Nature", "Édition"], rows)
        parts.append(f"## {theme.label_fr}\n\n{table}")
    return "\n\n".join(parts) + "\n"


LOCAL_MARK: Final = "locale"
COMMUNES_MARK: Final = "locale pour les communes"

INDEX_HEAD: Final = f"""{{count}}, dans l'ordre de la page. L'identifiant est un contrat : il ne change pas d'une
version à l'autre.

« {LOCAL_MARK} » : seulement dans une [édition locale](../donnees.md), que fait `terrdiag data update`
({{few}}). « {COMMUNES_MARK} » : par commune, de même."""


def _list_entry(one: Indicator | Analysis, mark: str) -> tuple[str, ...]:
    name, kind = one.id, KINDS["analysis"]
    if isinstance(one, Analysis):
        name = one.template or one.id
    else:
        kind = KINDS[one.kind]
    label = f"[{_generic(one.label_fr)}]({one.id}.md)"
    return label, f"`{name}`", _generic(one.unit), kind, mark
