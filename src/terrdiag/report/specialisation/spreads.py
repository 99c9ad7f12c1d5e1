"""The block of the concentration of jobs and establishments between communes."""

from collections.abc import Sequence
from typing import Final

from terrdiag.analyses.sectors import Concentration
from terrdiag.analyses.sectors.concentration import Spread
from terrdiag.report.blocks import Block, Grid
from terrdiag.report.comparison import TERRITORY_LEVEL
from terrdiag.report.specialisation.guides import GINI
from terrdiag.report.specialisation.words import define, see, write_cell
from terrdiag.wording import NBSP, format_number, format_value, join_words, plural

LABELS: Final = {
    "jobs": "Emplois au lieu de travail",
    "establishments": "Établissements actifs",
    "population": "Population municipale (repère)",
}

OF: Final = {
    "jobs": "des emplois au lieu de travail",
    "establishments": "des établissements actifs",
    "population": "de la population municipale",
}

MAX_EPCI: Final = 15
"""Above so many EPCI, their figures are only in the tables."""

MAX_NAMED: Final = 6
"""How many unknown communes a note names."""

TITLE: Final = "Concentration entre communes"

ALONE: Final = (
    "Le territoire est fait d'une seule commune : la concentration entre communes est sans objet."
)

_ANY: Final = {
    "what": "x",
    "what_fr": "emplois, établissements ou population",
    "of_what_fr": "des emplois, des établissements ou de la population",
    "what_en": "jobs, establishments or population",
}


def tell_concentration(found: Concentration) -> Block | None:
    """Tell how jobs and establishments are spread over the communes of the territory.

    Parameters
    ----------
    found
        What the analysis has found.

    Returns
    -------
    Block or None
        None when nothing is known.
    """
    own = [one for one in found.spreads if one.place.level == TERRITORY_LEVEL]
    if own and len(own[0].place.communes) == 1:
        return Block("specialisation", TITLE, (ALONE,))
    told = [one for one in own if one.top.known]
    if not told:
        return None
    grids = [_tabulate(own)]
    epci = [one for one in found.spreads if one.place.level == "epci" and one.what == "jobs"]
    if 1 < len(epci) <= MAX_EPCI:
        grids.append(_tabulate_epci(epci))
    return Block(
        theme="specialisation",
        title=TITLE,
        sentences=tuple(_say(told)),
        grids=tuple(grids),
        notes=(GINI, *_name_unknown(own)),
        definitions=(define("top_commune", **_ANY), define("gini_communes", **_ANY)),
    )


def _say(spreads: Sequence[Spread]) -> list[str]:
    """Say what the first commune gathers; the population is only there to compare with."""
    population = next((one for one in spreads if one.what == "population"), None)
    sentences = []
    for one in spreads:
        if one.what == "population":
            continue
        when = f"{'Fin' if one.what == 'establishments' else 'En'} {one.year}"
        share = format_value(one.top.value, "%", 1)
        if not one.leader:
            sentences.append(
                f"{when}, plusieurs communes sont à égalité pour la plus grande part {OF[one.what]} ({share} chacune)."
            )
            continue
        beside = ""
        if population and population.leader == one.leader and not sentences:
            people = format_value(population.top.value, "%", 1)
            beside = f" et {people} de la population municipale ({population.year})"
        sentences.append(
            f"{when}, {one.leader} réunit {share} {OF[one.what]} du territoire{beside}."
        )
    return [*sentences, *_say_gini(spreads)]


def _say_gini(spreads: Sequence[Spread]) -> list[str]:
    known = [one for one in spreads if one.gini.known]
    if len(known) < 2:
        return []
    of = {
        "jobs": "les emplois",
        "establishments": "les établissements",
        "population": "la population",
    }
    figures = [f"{format_number(one.gini.value, 2)} pour {of[one.what]}" for one in known]
    count = plural(max(one.count for one in known), "commune")
    return [f"Entre les {count}, l'indice de Gini est de {join_words(figures)}."]


def _tabulate(spreads: Sequence[Spread]) -> Grid:
    rows = tuple(
        (
            LABELS[one.what],
            one.leader or "–",
            str(one.year),
            format_number(one.count),
            write_cell(one.top, 1, "%"),
            write_cell(one.gini, 2),
        )
        for one in spreads
    )
    heads = (
        "Ce qui est réparti",
        "Première commune",
        "Année",
        "Communes connues",
        "Sa part",
        "Indice de Gini",
    )
    return Grid("Concentration entre les communes du territoire", heads, rows, texts=(1,))


def _tabulate_epci(spreads: Sequence[Spread]) -> Grid:
    rows = tuple(
        (
            see(one.place).short,
            one.leader or "–",
            str(one.year),
            format_number(len(one.place.communes)),
            write_cell(one.top, 1, "%"),
            write_cell(one.gini, 2),
        )
        for one in spreads
    )
    heads = ("EPCI", "Première commune", "Année", "Communes", "Sa part", "Indice de Gini")
    return Grid("Concentration des emplois dans chaque EPCI", heads, rows, texts=(1,))


def _name_unknown(spreads: Sequence[Spread]) -> tuple[str, ...]:
    """Name the communes that are not known, and say what the figure covers."""
    notes = []
    for one in spreads:
        if not one.unknown:
            continue
        named = list(one.unknown[:MAX_NAMED])
        more = len(one.unknown) - len(named)
        if more:
            named.append(f"{format_number(more)} autres")
        notes.append(
            f"{LABELS[one.what]}, {one.year}{NBSP}: non connus pour {join_words(named)}{NBSP}; "
            f"couverture {format_value(one.top.coverage_pct, '%', 1)}."
        )
    return tuple(notes)
