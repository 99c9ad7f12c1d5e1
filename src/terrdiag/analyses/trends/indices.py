"""Indices of base 100: sums of the communes known at both dates, and chains of published rates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from terrdiag.analyses.cells import Cell, combine_sources, combine_status
from terrdiag.analyses.columns import read_cell
from terrdiag.catalogue import Indicator
from terrdiag.indicators.aggregate import aggregate_slice, cover
from terrdiag.indicators.figures import CommuneFigures
from terrdiag.indicators.parts import Parts
from terrdiag.indicators.places import Members, Place
from terrdiag.indicators.slices import Slice

MIN_BASE_COVERAGE_PCT: Final = 95.0
"""Under this, a year is not a base: what is compared to it would be that of other places."""


@dataclass(frozen=True)
class Curve:
    """The index of a place, by year; a year that is not known of it is absent or without a value."""

    place: Place
    points: Mapping[int, Cell]

    def known(self, year: int) -> bool:
        """Whether the index of a year is known."""
        return year in self.points and self.points[year].known


def against_base(now: pd.Series, base: pd.Series) -> Parts:
    """Relate a count to that of the base year, × 100, on the communes known at both.

    Examples
    --------
    >>> parts = against_base(pd.Series([120.0, 30.0]), pd.Series([100.0, 50.0]))
    >>> (parts.scale * parts.numerator.sum() / parts.denominator.sum()).item()
    100.0
    """
    return Parts(now, base, 100)


def find_base(variable: str, figures: CommuneFigures, members: Members) -> int | None:
    """Find the base year: the first one covered at 95 % for the territory and most of the places beside it.

    Parameters
    ----------
    variable
        Variable of the edition.
    figures
        Figures of communes.
    members
        The territory, then its comparators.

    Returns
    -------
    int or None
        None when no year is known well enough for the territory. Where none is for most comparators, the first
        year that the territory knows.
    """
    covered = {
        year: cover(figures.weight, members, np.isfinite(figures.values[variable, year]))
        >= MIN_BASE_COVERAGE_PCT
        for year in sorted(figures.years(variable))
    }
    own = [year for year, places in covered.items() if places[0]]
    shared = [year for year in own if covered[year][1:].sum() * 2 > len(members) - 1]
    return next(iter(shared or own), None)


def compute_indices(
    indicator: Indicator,
    variable: str,
    years: tuple[int, Sequence[int]],
    figures: CommuneFigures,
    places: Sequence[Place],
    members: Members,
) -> tuple[Curve, ...]:
    """Compute the index of places at some years.

    Parameters
    ----------
    indicator
        The index; its ``min_denominator`` is the least count of the base year.
    variable
        Variable of the edition.
    years
        The base year, and the years to compute.
    figures
        Figures of communes.
    places, members
        The places, and where their communes stand among the figures.

    Returns
    -------
    tuple of Curve
        In the order of the places: numerator and denominator are those of the same communes.
    """
    base, dates = years
    rule = indicator.model_copy(update={"kind": "ratio_of_sums"})
    points: list[dict[int, Cell]] = [{} for _ in places]
    for year in dates:
        piece = Slice(rule, year, against_base, ((variable, year), (variable, base)), 0)
        columns = aggregate_slice(piece, figures, members)
        for at, place in enumerate(points):
            place[year] = read_cell(columns, at)
    return tuple(Curve(place, found) for place, found in zip(places, points, strict=True))


def chain_rates(rates: Mapping[int, Cell], intervals: Mapping[int, int]) -> dict[int, Cell]:
    """Chain annual growth rates into an index, from the start of the first interval.

    Parameters
    ----------
    rates
        By end of interval: rate in % a year.
    intervals
        Start of each interval by its end.

    Returns
    -------
    dict
        Index by year; the chain stops before an interval that does not start where the last one ended, or whose
        rate is not known. Empty without a rate.

    Examples
    --------
    >>> rates = {2016: Cell(1.0, "ok"), 2022: Cell(-1.0, "estimate")}
    >>> chain = chain_rates(rates, {2016: 2011, 2022: 2016})
    >>> [(year, round(cell.value, 3), cell.status) for year, cell in chain.items()]
    [(2011, 100.0, 'ok'), (2016, 105.101, 'ok'), (2022, 98.951, 'estimate')]
    """
    ends = [year for year in sorted(rates) if year in intervals]
    if not ends or not rates[ends[0]].known:
        return {}
    reached, used = intervals[ends[0]], [rates[ends[0]]]
    chain = {reached: used[0]._replace(value=100.0)}
    for end in ends:
        if intervals[end] != reached or not rates[end].known:
            break
        used.append(rates[end])
        growth = (1 + rates[end].value / 100) ** (end - reached)
        chain[end] = Cell(
            chain[reached].value * growth,
            combine_status(cell.status for cell in used),
            min(cell.coverage_pct for cell in used),
            source_id=combine_sources(cell.source_id for cell in used),
        )
        reached = end
    return chain


def name_files(variable: str, figures: CommuneFigures) -> dict[int, str]:
    """Name the file or files that the figures of each year come from.

    Returns
    -------
    dict
        Source identifiers joined by ``+``, by year.
    """
    return {
        year: combine_sources(_sources(figures, (variable, year)))
        for year in sorted(figures.years(variable))
    }


def _sources(figures: CommuneFigures, key: tuple[str, int]) -> list[str]:
    sources: NDArray[np.int16] = figures.sources[key][np.isfinite(figures.values[key])]
    return [figures.source_ids[number] for number in np.unique(sources[sources >= 0])]
