"""The five sectors of a place, in establishments or in jobs: shares, and how many there are. Never both at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd

from terrdiag.analyses.cells import UNKNOWN, Cell, Cells, combine_sources, combine_status
from terrdiag.indicators.places import Place

Basis = Literal["establishments", "jobs"]

BASES: Final[tuple[Basis, ...]] = ("establishments", "jobs")

SECTORS: Final = ("industry", "agriculture", "construction", "trade_services", "administration")

SUM_TOLERANCE_PCT: Final = 0.1
"""Five rounded shares do not make 100 exactly (0.02 at the most in 2022); further away, one of them is wrong."""

SHARED_PCT: Final = 10.0
"""Above this share of a comparator, the territory weighs on what it is compared with: this is said."""


def share_id(sector: str, basis: Basis) -> str:
    """Name the indicator of the share of a sector.

    Examples
    --------
    >>> share_id("industry", "jobs")
    'industry_jobs_share_pct'
    """
    return f"{sector}_{basis}_share_pct"


def read_mixes(values: pd.DataFrame) -> Cells:
    """Read what the analyses of sectors need: shares of the sectors above the commune, establishments and jobs."""
    names = [share_id(sector, basis) for basis in BASES for sector in SECTORS]
    kept = (values["level"] != "commune") | values["indicator"].isin(BASES)
    return Cells(values[kept], [*names, *BASES])


def sector_cells(cells: Cells, place: Place, basis: Basis, year: int) -> dict[str, Cell]:
    """Give the cell of each sector of a place, known or not."""
    return {sector: cells.get(place, share_id(sector, basis), year) for sector in SECTORS}


def mix_years(cells: Cells, place: Place, basis: Basis) -> list[int]:
    """List the years for which a place has a row for each of the five sectors, whatever its status."""
    years = [set(cells.years(place, share_id(sector, basis))) for sector in SECTORS]
    return sorted(set.intersection(*years))


def choose_year(cells: Cells, place: Place, reference: Place, basis: Basis) -> int | None:
    """Choose the year at which two places are compared.

    Returns
    -------
    int or None
        Of the years at which the greatest number of sectors is known here and there, the latest; None when no
        sector is known at both.
    """
    counts: dict[int, int] = {}
    for sector in SECTORS:
        here = cells.years(place, share_id(sector, basis))
        there = cells.years(reference, share_id(sector, basis))
        for year, cell in here.items():
            both = cell.known and there.get(year, UNKNOWN).known
            counts[year] = counts.get(year, 0) + both
    best = max(counts.items(), key=lambda one: (one[1], one[0]), default=(0, 0))
    return best[0] if best[1] else None


@dataclass(frozen=True)
class Mix:
    """The five sectors of a place, one year.

    Attributes
    ----------
    shares
        Shares by sector, which sum to 1; empty when they are not all known.
    total
        Number of establishments; NaN for jobs, whose shares are published without their counts.
    status, coverage_pct, source_id
        As in the table of values.
    """

    shares: Mapping[str, float]
    total: float
    status: str
    coverage_pct: float
    source_id: str


def read_mix(cells: Cells, place: Place, basis: Basis, year: int) -> Mix:
    """Read the five sectors of a place, divided by their sum when rounding keeps it from 100 %.

    Parameters
    ----------
    cells
        What :func:`read_mixes` gives.
    place, basis, year
        Which mix.

    Returns
    -------
    Mix
        Without shares, with the status that says why, when a sector is not known, when there is nothing, or when the
        shares do not make 100 % within the tolerance.
    """
    found = list(sector_cells(cells, place, basis, year).values())
    status = combine_status(cell.status for cell in found)
    total = found[0].denominator if basis == "establishments" else float("nan")
    coverage = min(cell.coverage_pct for cell in found)
    sources = combine_sources(cell.source_id for cell in found)
    whole = sum(cell.value for cell in found)
    if any(not cell.known for cell in found):
        return Mix({}, total, status, coverage, sources)
    if not abs(whole - 100) <= SUM_TOLERANCE_PCT:
        return Mix({}, total, UNKNOWN.status, coverage, sources)
    shares = {sector: cell.value / whole for sector, cell in zip(SECTORS, found, strict=True)}
    return Mix(shares, total, status, coverage, sources)


def share_in_reference(cells: Cells, territory: Place, reference: Place, basis: Basis) -> float:
    """Share of a comparator that is in the territory, in % of its establishments or jobs, at the latest known year.

    Parameters
    ----------
    cells
        What :func:`read_mixes` gives.
    territory, reference
        The places.
    basis
        Of what the share is.

    Returns
    -------
    float
        0 when they have no commune in common; NaN when it is not known.
    """
    shared = set(territory.communes) & set(reference.communes)
    if not shared:
        return 0.0
    if len(shared) == len(reference.communes):
        return 100.0
    for year, there in sorted(cells.years(reference, basis).items(), reverse=True):
        parts = [cells.get(Place("commune", code, "", ()), basis, year) for code in shared]
        if there.known and there.value and all(part.known for part in parts):
            return 100 * sum(part.value for part in parts) / there.value
    return float("nan")
