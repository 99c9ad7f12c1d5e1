"""Jobs of a place by branch at two censuses, in base 100, from shares and growth rates."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from terrdiag.analyses.cells import Cell, Cells, combine_sources
from terrdiag.analyses.sectors.decomposition import Effects, Numbers, decompose_change
from terrdiag.analyses.sectors.mix import share_id
from terrdiag.analyses.sectors.quotients import ROUNDING_PCT
from terrdiag.indicators.places import Place
from terrdiag.values import OK, PARTIAL

PUBLISHED_BRANCHES: Final = ("construction", "trade_services", "administration")
"""Sectors whose share of jobs is published for 2011 and 2016 too."""

BRANCHES: Final = ("agriculture_industry", *PUBLISHED_BRANCHES)
"""Branches of jobs: the two sectors that are not published before 2022 are what the others leave, together."""

GROWTH_ID: Final = "jobs_growth_published_pct"

COUNTED_GROWTH_ID: Final = "jobs_growth_pct"
"""Growth of the jobs counted commune by commune, which goes with shares made of counts: the same communes in both (what
is published for France leaves out overseas)."""

MIN_COVERAGE_PCT: Final = 99.0
"""What is made of counts is compared only if it covers so much: nobody publishes the jobs of Mayotte."""


@dataclass(frozen=True)
class Structure:
    """Jobs of a place by branch at the start and at the end of an interval.

    Attributes
    ----------
    start_pct, end_pct
        Shares of the branches, in %, each summing to 100; shape (branches,).
    factor
        Jobs at the end over jobs at the start.
    factor_low, factor_high
        The same, given the rounding of the published rate.
    jobs_start
        Jobs at the start, where they are known; NaN elsewhere.
    jobs_within
        Jobs in the first year of the interval for which they are known: what the branches are worth, roughly.
    is_union
        Whether it is made of several EPCI, weighed by their jobs.
    source_id
        Where it comes from, the jobs at the start aside.
    jobs_source_id
        Where the jobs at the start come from; empty where they are not known.
    coverage_pct
        Of the least covered figure, as in the table of values.
    """

    start_pct: Numbers
    end_pct: Numbers
    factor: float
    factor_low: float
    factor_high: float
    jobs_start: float
    jobs_within: float
    is_union: bool
    source_id: str
    jobs_source_id: str = ""
    coverage_pct: float = 100.0

    @property
    def end(self) -> Numbers:
        """Jobs by branch at the end, for 100 jobs at the start."""
        return self.end_pct * self.factor


def read_structure(cells: Cells, place: Place, start: int, end: int) -> Structure | None:
    """Read the structure of a place for which shares and growth are published, or made of counts.

    Parameters
    ----------
    cells
        Shares of the branches, published growth, jobs.
    place
        The place.
    start, end
        Years of the censuses.

    Returns
    -------
    Structure or None
        None when one of the figures is neither published for this place nor made of counts (a share estimated over a
        union of EPCI is not enough, its weights being those of one year only), or when a branch is empty at the start.
    """
    before = [cells.get(place, share_id(name, "jobs"), start) for name in PUBLISHED_BRANCHES]
    after = [cells.get(place, share_id(name, "jobs"), end) for name in PUBLISHED_BRANCHES]
    growth = _read_growth(cells, place, end, (*before, *after))
    used = (*before, *after, growth)
    if not all(map(_is_firm, used)):
        return None
    shares, later = _complete(before), _complete(after)
    if shares.min() <= 0 or later.min() < 0:
        return None
    years = end - start
    low, factor, high = (
        (1 + (growth.value + error) / 100) ** years for error in (-ROUNDING_PCT, 0, ROUNDING_PCT)
    )
    jobs = cells.get(place, "jobs", start)
    within = _find_jobs(cells, place, start, end)
    return Structure(
        shares,
        later,
        factor,
        low,
        high,
        jobs.value if jobs.status == OK else np.nan,
        within[0].value if within else np.nan,
        is_union=False,
        source_id=combine_sources(cell.source_id for cell in used),
        jobs_source_id=jobs.source_id if jobs.status == OK else "",
        coverage_pct=min(cell.coverage_pct for cell in used),
    )


def _read_growth(cells: Cells, place: Place, end: int, shares: Sequence[Cell]) -> Cell:
    """Read the growth of jobs that goes with shares: counted with counts, published with what is published."""
    counted = cells.get(place, COUNTED_GROWTH_ID, end)
    if all(np.isfinite(cell.numerator) for cell in shares) and _is_firm(counted):
        return counted
    return cells.get(place, GROWTH_ID, end)


def _is_firm(cell: Cell) -> bool:
    """Tell whether a figure can be compared: published as such, or counted nearly everywhere."""
    is_counted = np.isfinite(cell.numerator) and cell.coverage_pct >= MIN_COVERAGE_PCT
    return cell.status == OK or (cell.status == PARTIAL and bool(is_counted))


def _complete(published: Sequence[Cell]) -> Numbers:
    """Add to the published branches what they leave, first."""
    shares = np.array([cell.value for cell in published])
    return np.concatenate([[100 - shares.sum()], shares])


def read_union(
    cells: Cells, territory: Place, epci: Sequence[Place], start: int, end: int
) -> Structure | None:
    """Make the structure of a territory from those of the EPCI that make it, each weighed by its jobs.

    The jobs of an EPCI are known in one year of the interval (2013, 2018); its published growth rate, taken as
    constant, brings them to both ends.

    Parameters
    ----------
    cells
        Shares of the branches, published growth, jobs.
    territory
        The territory.
    epci
        Its EPCI.
    start, end
        Years of the censuses.

    Returns
    -------
    Structure or None
        None when the territory is not made of whole EPCI, or when a figure of one of them is not known.
    """
    communes = [code for place in epci for code in place.communes]
    if sorted(communes) != sorted(territory.communes):
        return None
    parts = [read_structure(cells, place, start, end) for place in epci]
    known = [_find_jobs(cells, place, start, end) for place in epci]
    structures = [part for part in parts if part]
    years = [found for found in known if found]
    return _weigh(structures, years) if len(structures) == len(years) == len(epci) else None


def _find_jobs(cells: Cells, place: Place, start: int, end: int) -> tuple[Cell, float] | None:
    """Find the jobs of a place in the interval, and how far from its start, in share of its length."""
    for year, cell in sorted(cells.years(place, "jobs").items()):
        if cell.known and start <= year <= end:
            return cell, (year - start) / (end - start)
    return None


def _weigh(parts: Sequence[Structure], known: Sequence[tuple[Cell, float]]) -> Structure:
    jobs = np.array([cell.value for cell, _ in known])
    elapsed = np.array([share for _, share in known])

    def bring(which: str) -> tuple[Numbers, Numbers]:
        """Bring the jobs of each part to the start and to the end of the interval."""
        factors = np.array([getattr(part, which) for part in parts])
        return jobs / factors**elapsed, jobs * factors ** (1 - elapsed)

    before, after = bring("factor")
    low, high = (bring(which) for which in ("factor_low", "factor_high"))
    sources = [cell.source_id for cell, _ in known] + [part.source_id for part in parts]
    return Structure(
        before @ np.array([part.start_pct for part in parts]) / before.sum(),
        after @ np.array([part.end_pct for part in parts]) / after.sum(),
        float(after.sum() / before.sum()),
        float(low[1].sum() / low[0].sum()),
        float(high[1].sum() / high[0].sum()),
        float(before.sum()) if not elapsed.any() else np.nan,
        float(jobs.sum()),
        is_union=True,
        source_id=combine_sources(sources),
        coverage_pct=min(part.coverage_pct for part in parts),
    )


@dataclass(frozen=True)
class Interval:
    """A value in % of the jobs at the start, and its bounds given the rounding of what is published."""

    value: float
    low: float
    high: float

    @property
    def differs(self) -> bool:
        """Whether zero is outside."""
        return not self.low <= 0 <= self.high


def compare_structures(here: Structure, there: Structure) -> tuple[Effects, dict[str, Interval]]:
    """Decompose the growth of jobs of a place against a reference, and bound each effect.

    Parameters
    ----------
    here, there
        The place and the reference, over the same interval.

    Returns
    -------
    effects : Effects
        By branch, for 100 jobs here at the start.
    bounds : dict
        ``total``, ``national``, ``structural``, ``local``: sums over the branches. All the roundings are taken at
        their worst together, to the first order (what is left out is under a thousandth of a point).
    """
    effects = decompose_change(here.start_pct, here.end, there.start_pct, there.end)
    mix, local = _bound_by_rounding(here, there)
    total = 100 * (here.factor - 1)
    national = 100 * (there.factor - 1)
    structural, residual = float(effects.structural.sum()), float(effects.local.sum())
    return effects, {
        "total": Interval(total, 100 * (here.factor_low - 1), 100 * (here.factor_high - 1)),
        "national": Interval(national, 100 * (there.factor_low - 1), 100 * (there.factor_high - 1)),
        "structural": Interval(structural, structural - mix, structural + mix),
        "local": Interval(residual, residual - local, residual + local),
    }


def _bound_by_rounding(here: Structure, there: Structure) -> tuple[float, float]:
    """Bound the errors of the structural and of the local effects: sums of their partial derivatives.

    With w the shares here, R and R' the shares there at both ends, F and f the factors of growth there and here, the
    effects are F (Σ w R'/R − 100) and 100 f − F Σ w R'/R. The first branch is what the others leave, and so is its
    error.
    """
    shares, growth = here.start_pct, there.end_pct / there.start_pct
    weights = shares / there.start_pct
    from_mix = np.abs(growth[1:] - growth[0]).sum()
    from_end = np.abs(weights[1:] - weights[0]).sum()
    from_start = np.abs((weights * growth)[1:] - (weights * growth)[0]).sum()
    from_shares = float(there.factor * ROUNDING_PCT * (from_mix + from_end + from_start))
    expected = float((shares * growth).sum())
    there_error = (there.factor_high - there.factor_low) / 2
    here_error = (here.factor_high - here.factor_low) / 2
    return (
        from_shares + abs(expected - 100) * there_error,
        from_shares + expected * there_error + 100 * here_error,
    )
