"""Changes of a territory by branch between two years, decomposed against a comparator."""

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from terrdiag.analyses.cells import Cell, Cells, combine_sources, combine_status
from terrdiag.analyses.sectors.decomposition import Effects, Numbers, decompose_change
from terrdiag.analyses.sectors.mix import SECTORS, Basis, mix_years, sector_cells
from terrdiag.analyses.sectors.quotients import FRAGILE_JOBS
from terrdiag.analyses.sectors.structures import BRANCHES, Interval, Structure, compare_structures
from terrdiag.indicators.places import Place
from terrdiag.values import ESTIMATE, NOT_APPLICABLE, OK, STATUSES_WITH_VALUE, TOO_SMALL

MIN_COVERAGE_PCT: Final = 99.0
"""Counts of two years are compared only if both cover so much: the communes that lack would pass for a change."""

MIN_ESTABLISHMENTS: Final = 25
"""A change is not decomposed on fewer establishments at the start."""

Span = tuple[int, int]
"""Years of the start and of the end."""


@dataclass(frozen=True)
class Counts:
    """Establishments of a place by sector, one year."""

    numbers: Numbers
    status: str
    coverage_pct: float
    source_id: str


@dataclass(frozen=True)
class Change:
    """A change by branch between two years, decomposed against a reference.

    Attributes
    ----------
    place, reference, basis, span
        Of what, against what, when.
    branches
        The five sectors for establishments, four branches for jobs.
    here, there
        Counts at the start and at the end by branch, shape (2, branches): establishments, or jobs for 100 jobs at the
        start.
    effects
        By branch, in the unit of ``here``.
    bounds
        Effects summed over the branches, in % of the total at the start. Establishments are counted exactly: their
        bounds are the value itself.
    initial
        Establishments or jobs at the start; NaN for jobs where they are not known that year.
    status, coverage_pct, source_id
        As in the table of values; the effects are not given when the status says why.
    is_union
        Whether it is made of several EPCI weighed by their jobs.
    jobs_within
        For jobs, their number in a year of the interval: what the branches are worth, roughly.
    """

    place: Place
    reference: Place
    basis: Basis
    span: Span
    branches: tuple[str, ...]
    here: Numbers
    there: Numbers
    effects: Effects
    bounds: Mapping[str, Interval]
    initial: float
    status: str
    coverage_pct: float
    source_id: str
    is_union: bool = False
    jobs_within: float = math.nan

    @property
    def fragile_branches(self) -> tuple[str, ...]:
        """Branches of so few jobs at the start that the sampling of the census matters."""
        counts = self.here[0] * self.jobs_within / 100
        return tuple(
            branch
            for branch, count in zip(self.branches, counts, strict=True)
            if count < FRAGILE_JOBS
        )

    @property
    def known(self) -> bool:
        """Whether the effects are given."""
        return self.status in STATUSES_WITH_VALUE

    def cell(self, percent: float) -> Cell:
        """Give an effect, in % of the total at the start, as a cell of the table of values."""
        count = percent * self.initial / 100
        return Cell(
            percent if self.known else math.nan,
            self.status,
            self.coverage_pct,
            count if self.known else math.nan,
            self.initial,
            self.source_id,
        )


def read_counts(cells: Cells, place: Place) -> dict[int, Counts]:
    """Read the establishments of a place by sector, each year for which the five are known well enough."""
    found = {}
    for year in mix_years(cells, place, "establishments"):
        sectors = list(sector_cells(cells, place, "establishments", year).values())
        status = combine_status(cell.status for cell in sectors)
        coverage = min(cell.coverage_pct for cell in sectors)
        # too few for a share is still a count
        known = all(math.isfinite(cell.numerator) for cell in sectors)
        if known and status in {*STATUSES_WITH_VALUE, TOO_SMALL} and coverage >= MIN_COVERAGE_PCT:
            numbers = np.array([cell.numerator for cell in sectors])
            sources = combine_sources(cell.source_id for cell in sectors)
            found[year] = Counts(numbers, status, coverage, sources)
    return found


def decompose_counts(
    place: Place, reference: Place, here: Mapping[int, Counts], there: Mapping[int, Counts]
) -> Iterator[Change]:
    """Decompose the change of establishments between each year known here and there and the next.

    Parameters
    ----------
    place, reference
        The places.
    here, there
        What :func:`read_counts` gives for each.

    Yields
    ------
    Change
        In establishments and in % of those of the start.
    """
    for start, end in itertools.pairwise(sorted(set(here) & set(there))):
        own = np.array([here[year].numbers for year in (start, end)])
        other = np.array([there[year].numbers for year in (start, end)])
        used = [side[year] for side in (here, there) for year in (start, end)]
        initial = float(own[0].sum())
        effects = decompose_change(own[0], own[1], other[0], other[1])
        yield Change(
            place,
            reference,
            "establishments",
            (start, end),
            SECTORS,
            own,
            other,
            effects,
            _sum_effects(effects, initial),
            initial,
            _judge_counts(used, effects, initial),
            min(one.coverage_pct for one in used),
            combine_sources(one.source_id for one in used),
        )


def _sum_effects(effects: Effects, initial: float) -> dict[str, Interval]:
    names = ("total", "national", "structural", "local")
    sums = {name: float(getattr(effects, name).sum()) for name in names}
    percents = {name: 100 * one / initial if initial else math.nan for name, one in sums.items()}
    return {name: Interval(one, one, one) for name, one in percents.items()}


def _judge_counts(used: list[Counts], effects: Effects, initial: float) -> str:
    if initial < MIN_ESTABLISHMENTS:
        return TOO_SMALL
    if not np.isfinite(effects.total).all():
        return NOT_APPLICABLE  # a sector that is here and not there has no growth there
    statuses = [one.status for one in used if one.status != TOO_SMALL]
    return combine_status(statuses or [OK])


def decompose_jobs(
    place: Place, reference: Place, here: Mapping[Span, Structure], there: Mapping[Span, Structure]
) -> Iterator[Change]:
    """Decompose the growth of jobs over each interval known here and there.

    Parameters
    ----------
    place, reference
        The places.
    here, there
        Their structures by interval.

    Yields
    ------
    Change
        For 100 jobs at the start: an estimate, made of shares and growth rates of two exploitations of the census.
    """
    for span in sorted(set(here) & set(there)):
        own, other = here[span], there[span]
        effects, bounds = compare_structures(own, other)
        yield Change(
            place,
            reference,
            "jobs",
            span,
            BRANCHES,
            np.array([own.start_pct, own.end]),
            np.array([other.start_pct, other.end]),
            effects,
            bounds,
            own.jobs_start,
            ESTIMATE,
            min(own.coverage_pct, other.coverage_pct),
            # effects are given in jobs of the start here, never there
            combine_sources([own.source_id, own.jobs_source_id, other.source_id]),
            own.is_union,
            own.jobs_within,
        )
