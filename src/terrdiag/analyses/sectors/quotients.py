"""Location quotients: how many times a sector weighs here what it weighs there, and how firm that is."""

import math
from dataclasses import dataclass
from typing import Final

from terrdiag.analyses.cells import Cell, Cells, combine_sources, combine_status
from terrdiag.analyses.sectors.mix import SECTORS, Basis, choose_year, sector_cells
from terrdiag.indicators.places import Place
from terrdiag.values import NOT_APPLICABLE, STATUSES_WITH_VALUE, TOO_SMALL

MIN_ESTABLISHMENTS: Final = 5
"""No quotient is given on fewer establishments of the sector, here or there."""

FRAGILE_JOBS: Final = 200
"""INSEE asks for caution under so many persons, because of the sampling of the census."""

DECIMALS: Final = 2
"""Of a quotient, as it is printed."""

ROUNDING_PCT: Final = 0.005
"""Half of the last decimal of the published shares."""


@dataclass(frozen=True)
class Quotient:
    """A location quotient.

    Attributes
    ----------
    place, reference
        Here, there.
    basis, sector, year
        Of what.
    here_pct, there_pct
        The two shares, in %.
    low, high
        Interval: for establishments, with one more or one less in the sector here, the total being the same; for
        jobs, given the rounding of the published shares.
    cell
        The quotient, as in the table of values.
    count
        Establishments or jobs of the sector here; for jobs published without their counts, an estimate (share × latest
        known jobs), or NaN.
    """

    place: Place
    reference: Place
    basis: Basis
    sector: str
    year: int
    here_pct: float
    there_pct: float
    low: float
    high: float
    cell: Cell
    count: float

    @property
    def fragile(self) -> bool:
        """Whether it rests on so few jobs that the sampling of the census matters."""
        return self.basis == "jobs" and self.count < FRAGILE_JOBS

    @property
    def differs(self) -> bool:
        """Whether 1 is outside its interval, both ends being rounded as they are printed."""
        return self.cell.known and not round(self.low, DECIMALS) <= 1 <= round(self.high, DECIMALS)


def location_quotient(here_pct: float, there_pct: float) -> float:
    """Divide the share of a sector here by its share there.

    Parameters
    ----------
    here_pct, there_pct
        Shares in %.

    Returns
    -------
    float
        NaN when the sector does not exist there.

    Notes
    -----
    Florence (1939), Isard (1960); « indice de spécificité » at INSEE.

    Examples
    --------
    >>> round(location_quotient(100 * 49 / 559, 6.66), 2)
    1.32
    """
    return here_pct / there_pct if there_pct else math.nan


def bound_by_one(count: float, total: float, there_pct: float) -> tuple[float, float]:
    """Bound a quotient of counts: one establishment less, one more in the sector here, the total being the same.

    Examples
    --------
    >>> [round(bound, 2) for bound in bound_by_one(20, 100, 10.0)]
    [1.9, 2.1]
    """
    low, high = (100 * min(max(count + one, 0), total) / total for one in (-1, 1))
    return location_quotient(low, there_pct), location_quotient(high, there_pct)


def bound_by_rounding(here_pct: float, there_pct: float) -> tuple[float, float]:
    """Bound a quotient of shares that are published rounded to a hundredth of a point.

    Returns
    -------
    tuple of float
        The highest is infinite when the share there may be zero.

    Examples
    --------
    >>> [round(bound, 4) for bound in bound_by_rounding(11.40, 9.43)]
    [1.2077, 1.2101]
    """
    low = max(here_pct - ROUNDING_PCT, 0) / (there_pct + ROUNDING_PCT)
    lowest = there_pct - ROUNDING_PCT
    return low, (here_pct + ROUNDING_PCT) / lowest if lowest > 0 else math.inf


def measure_quotients(
    cells: Cells, place: Place, reference: Place, basis: Basis
) -> tuple[Quotient, ...]:
    """Measure the quotients of a place: one a sector, all at the latest year known here and there.

    Parameters
    ----------
    cells
        What :func:`~terrdiag.analyses.sectors.mix.read_mixes` gives.
    place, reference
        Here, there.
    basis
        Establishments or jobs.

    Returns
    -------
    tuple of Quotient
        In the order of :data:`~terrdiag.analyses.sectors.mix.SECTORS`, those that cannot be computed bearing the status
        that says why; empty when no year is known here and there.
    """
    year = choose_year(cells, place, reference, basis)
    if year is None:
        return ()
    here, there = (sector_cells(cells, one, basis, year) for one in (place, reference))
    _, jobs = cells.latest(place, "jobs")
    found = []
    for sector in SECTORS:
        own, other = here[sector], there[sector]
        low, high = _bound(own, other, basis)
        cell = _divide(own, other, basis)
        # jobs too, where the shares are made of counts
        count = own.numerator if math.isfinite(own.numerator) else own.value * jobs.value / 100
        found.append(
            Quotient(
                place,
                reference,
                basis,
                sector,
                year,
                own.value,
                other.value,
                low,
                high,
                cell,
                count,
            )
        )
    return tuple(found)


def _divide(own: Cell, other: Cell, basis: Basis) -> Cell:
    status = combine_status([own.status, other.status])
    if own.known and other.known:
        if other.value == 0:
            status = NOT_APPLICABLE
        elif basis == "establishments" and min(own.numerator, other.numerator) < MIN_ESTABLISHMENTS:
            status = TOO_SMALL
    return Cell(
        location_quotient(own.value, other.value) if status in STATUSES_WITH_VALUE else math.nan,
        status,
        min(own.coverage_pct, other.coverage_pct),
        own.value,
        other.value,
        combine_sources([own.source_id, other.source_id]),
    )


def _bound(own: Cell, other: Cell, basis: Basis) -> tuple[float, float]:
    if not (own.known and other.known):
        return math.nan, math.nan
    if basis == "jobs":
        return bound_by_rounding(own.value, other.value)
    return bound_by_one(own.numerator, own.denominator, other.value)


def bound_cell(quotient: Quotient, bound: float) -> Cell:
    """Give a bound of a quotient as a cell of the table of values."""
    cell = quotient.cell._replace(numerator=math.nan, denominator=math.nan)
    if cell.known and not math.isfinite(bound):
        return cell._replace(value=math.nan, status=NOT_APPLICABLE)
    return cell._replace(value=bound if cell.known else math.nan)
