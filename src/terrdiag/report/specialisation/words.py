"""Words that the blocks of specialisation share: sectors with their article, what is counted, when, where."""

import math
from collections.abc import Iterable, Sequence
from typing import Final

from terrdiag.analyses.cells import Cell
from terrdiag.analyses.sectors.mix import Basis
from terrdiag.analyses.sectors.words import plain_indicator
from terrdiag.catalogue import Indicator, load_analyses
from terrdiag.indicators.places import Place as Group
from terrdiag.report.comparison import KIND_ORDER, Place
from terrdiag.values import ESTIMATE, STATUS_WORDS
from terrdiag.wording import format_number, format_value

COUNTED: Final = {"establishments": "établissements actifs", "jobs": "emplois au lieu de travail"}
"""What is counted, in full."""

THE_SECTOR: Final = {
    "industry": "l'industrie",
    "agriculture": "l'agriculture",
    "construction": "la construction",
    "trade_services": "le commerce, les transports et les services",
    "administration": "l'administration, l'enseignement, la santé et l'action sociale",
}

BRANCH_LABELS: Final = {
    "agriculture_industry": "Agriculture et industrie",
    "industry": "Industrie",
    "agriculture": "Agriculture",
    "construction": "Construction",
    "trade_services": "Commerce, transports, services",
    "administration": "Administration, enseignement, santé, social",
}

MAX_COMPARED: Final = 4
"""How many comparators a sentence or a drawing holds."""


def see(group: Group) -> Place:
    """See a place of the values as the page does."""
    return Place(group.level, group.code, group.name)


def sort_references(references: Iterable[Group]) -> list[Group]:
    """Sort comparators from the nearest to the widest, as everywhere on the page."""
    rank = {kind: number for number, kind in enumerate(KIND_ORDER)}
    return sorted(references, key=lambda place: rank.get(place.level, -1))


def choose_main(references: Iterable[Group]) -> Group | None:
    """Choose the comparator of the sentences that hold only one: the widest, France if it is there."""
    return next(reversed(sort_references(references)), None)


def keep_few(references: Sequence[Group], limit: int = MAX_COMPARED) -> list[Group]:
    """Keep the comparators that a sentence can hold, whole kinds at a time, the widest first.

    Choosing among twelve départements would be arbitrary: a kind that does not fit is left out whole.
    """
    kept: list[Group] = []
    for level in dict.fromkeys(place.level for place in reversed(references)):
        same = [place for place in references if place.level == level]
        if len(kept) + len(same) <= limit:
            kept += same
    return [place for place in references if place in kept]


def say_when(basis: Basis, year: int) -> str:
    """« Fin 2018 » for establishments, counted on 31 December; « En 2022 » for jobs."""
    return f"{'Fin' if basis == 'establishments' else 'En'} {year}"


def write_cell(cell: Cell, decimals: int, unit: str = "") -> str:
    """Write a result, or why there is none; an estimate says so."""
    if not cell.known or math.isnan(cell.value):
        return STATUS_WORDS.get(cell.status) or STATUS_WORDS["missing"]
    mark = f" ({STATUS_WORDS[ESTIMATE]})" if cell.status == ESTIMATE else ""
    return format_value(cell.value, unit, decimals) + mark


def write_range(low: float, high: float, decimals: int, *, signed: bool = False) -> str:
    """Write an interval: « 1,29 à 1,34 ».

    Examples
    --------
    >>> write_range(1.2894, 1.3432, 2)
    '1,29 à 1,34'
    """
    ends = (format_number(end, decimals, signed=signed) for end in (low, high))
    return " à ".join(ends)


def define(analysis: str, **words: str) -> Indicator:
    """Give an analysis for the definitions of a block, in general words."""
    if not words:
        return plain_indicator(analysis)
    return load_analyses()[analysis].as_indicator(**words)


def say_estimate(cells: Iterable[Cell]) -> str:
    """« (estimation) » when one of the results is an estimate, to end a clause; empty otherwise."""
    return f" ({STATUS_WORDS[ESTIMATE]})" if any(cell.status == ESTIMATE for cell in cells) else ""
