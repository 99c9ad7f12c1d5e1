"""Shift-share analysis of establishments (counted) and of jobs (from published shares and growth rates)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from terrdiag.analyses.cells import Cells, Row, lay_table, read_cog_year
from terrdiag.analyses.sectors.changes import (
    Change,
    Counts,
    Span,
    decompose_counts,
    decompose_jobs,
    read_counts,
)
from terrdiag.analyses.sectors.compared import Compared, name_reference, split_places
from terrdiag.analyses.sectors.mix import BASES, SECTORS, Basis, share_id
from terrdiag.analyses.sectors.structures import (
    COUNTED_GROWTH_ID,
    GROWTH_ID,
    Structure,
    read_structure,
    read_union,
)
from terrdiag.analyses.sectors.words import (
    branch_indicator,
    effect_bound_indicator,
    effect_indicator,
)
from terrdiag.catalogue import Indicator
from terrdiag.indicators.places import Place, Places

EFFECTS: Final = ("total", "national", "structural", "local")

BRANCH_EFFECTS: Final = ("structural", "local")
"""Effects that are given branch by branch (the national one only repeats the mix at the start)."""


@dataclass(frozen=True)
class Gap:
    """Why a change of the territory is not decomposed against a comparator.

    Attributes
    ----------
    basis, reference
        Of what, against what.
    here, there
        Years (for establishments) or intervals (for jobs) for which the figures are known, here and there.
    """

    basis: Basis
    reference: Place
    here: tuple[tuple[int, ...], ...]
    there: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class ShiftShare:
    """The shift-share analyses of a territory and of its EPCI.

    Attributes
    ----------
    values
        Rows of the table of values.
    indicators
        The indicators of these rows, in reading order.
    compared
        The places.
    changes
        Those that could be decomposed, of the territory then of its EPCI.
    gaps
        For the territory, the comparators against which none could.
    """

    values: pd.DataFrame
    indicators: dict[str, Indicator]
    compared: Compared
    changes: tuple[Change, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class _Side:
    """What is known of a place."""

    counts: dict[int, Counts]
    structures: dict[Span, Structure]

    def known(self, basis: Basis) -> tuple[tuple[int, ...], ...]:
        if basis == "establishments":
            return tuple((year,) for year in self.counts)
        return tuple(self.structures)


def analyse_shift_share(
    values: pd.DataFrame, places: Places, intervals: Sequence[Span]
) -> ShiftShare:
    """Decompose the change of establishments and of jobs of a territory and of its EPCI against every comparator.

    Parameters
    ----------
    values
        The table of values of the diagnostic.
    places
        Its places.
    intervals
        Pairs of census years of the edition.

    Returns
    -------
    ShiftShare
        The decompositions, and what is missing for the others.
    """
    names = [share_id(sector, basis) for basis in BASES for sector in SECTORS]
    cells = Cells(
        values[values["level"] != "commune"], [*names, GROWTH_ID, COUNTED_GROWTH_ID, "jobs"]
    )
    compared = split_places(places)
    sides = {
        (place.level, place.code): _Side(
            read_counts(cells, place), _read_structures(cells, place, compared, intervals)
        )
        for place in compared.every
    }
    changes: list[Change] = []
    gaps: list[Gap] = []
    for place in compared.own:
        here = sides[place.level, place.code]
        for _, reference in compared.references_of(place):
            there = sides[reference.level, reference.code]
            found = [
                *decompose_counts(place, reference, here.counts, there.counts),
                *decompose_jobs(place, reference, here.structures, there.structures),
            ]
            changes += found
            if place is compared.territory:
                absent = [basis for basis in BASES if basis not in {one.basis for one in found}]
                gaps += [Gap(b, reference, here.known(b), there.known(b)) for b in absent]
    table, indicators = lay_table(_lay(changes, compared.territory), read_cog_year(values))
    return ShiftShare(table, indicators, compared, tuple(changes), tuple(gaps))


def _read_structures(
    cells: Cells, place: Place, compared: Compared, intervals: Iterable[Span]
) -> dict[Span, Structure]:
    found = {}
    for start, end in sorted(intervals):
        structure = read_structure(cells, place, start, end)
        if structure is None and place is compared.territory:
            structure = read_union(cells, place, compared.epci, start, end)
        if structure:
            found[start, end] = structure
    return found


def _lay(changes: Iterable[Change], territory: Place) -> Iterator[Row]:
    for one in changes:
        end, word, name = one.span[1], name_reference(one.reference), one.reference.name
        for effect in EFFECTS:
            bounds = one.bounds[effect]
            of = effect_indicator(one.basis, effect, word, name)
            yield one.place, of, end, one.cell(bounds.value)
            if one.basis == "jobs" and one.place is territory:
                low = effect_bound_indicator(effect, word, name, "low")
                high = effect_bound_indicator(effect, word, name, "high")
                yield one.place, low, end, one.cell(bounds.low)
                yield one.place, high, end, one.cell(bounds.high)
        if one.place is territory:
            yield from _lay_branches(one, word, name)


def _lay_branches(one: Change, word: str, name: str) -> Iterator[Row]:
    whole = float(one.here[0].sum())
    for effect in BRANCH_EFFECTS:
        for branch, part in zip(one.branches, getattr(one.effects, effect), strict=True):
            percent = 100 * float(part) / whole if whole else float("nan")
            of = branch_indicator(one.basis, effect, branch, word, name)
            yield one.place, of, one.span[1], one.cell(percent)
