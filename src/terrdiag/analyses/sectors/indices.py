"""How far a sector mix is from another, and how evenly it is shared: Krugman, Herfindahl, effective number.

On five sectors these measures are coarse: aeronautics and dairies are both « industry ».
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from terrdiag.analyses.cells import Cell, Cells, combine_sources, combine_status
from terrdiag.analyses.sectors.compared import Compared
from terrdiag.analyses.sectors.mix import BASES, Basis, Mix, choose_year, mix_years, read_mix
from terrdiag.indicators.places import Place
from terrdiag.values import MISSING, STATUSES_WITH_VALUE, TOO_SMALL

MIN_TOTAL: Final = 25
"""No index of a mix is given on fewer establishments: five a sector on average."""


@dataclass(frozen=True)
class Concentrated:
    """How a sector mix is shared, one year: Herfindahl's index and the effective number of sectors."""

    place: Place
    basis: Basis
    year: int
    herfindahl: Cell
    effective: Cell


@dataclass(frozen=True)
class Distance:
    """How far the mix of a place is from that of a comparator (named by ``word`` in identifiers), one year."""

    place: Place
    word: str
    reference: Place
    basis: Basis
    year: int
    krugman: Cell


def krugman_index(here: Mapping[str, float], there: Mapping[str, float]) -> float:
    """Sum the absolute differences between two mixes, from 0 (the same) to 2 (nothing in common).

    Parameters
    ----------
    here, there
        Shares by sector, each summing to 1, the same sectors in both.

    Notes
    -----
    Krugman (1991), *Geography and Trade*: half of it is the share that would have to change sector.

    Examples
    --------
    >>> round(krugman_index({"a": 0.5, "b": 0.5}, {"a": 0.2, "b": 0.8}), 2)
    0.6
    """
    return sum(abs(here[sector] - there[sector]) for sector in here)


def herfindahl_index(shares: Mapping[str, float]) -> float:
    """Sum the squares of shares, from 1/n (n equal shares) to 1 (one sector alone).

    Notes
    -----
    Hirschman (1945), Herfindahl (1950).

    Examples
    --------
    >>> round(herfindahl_index({"a": 0.5, "b": 0.3, "c": 0.2}), 2)
    0.38
    """
    return sum(share**2 for share in shares.values())


def effective_number(shares: Mapping[str, float]) -> float:
    """Count the sectors of equal size that would give the same Herfindahl index: its inverse.

    Notes
    -----
    Hill's number of order 2 (Hill, 1973; Laakso and Taagepera, 1979, for parties).

    Examples
    --------
    >>> effective_number({"a": 0.25, "b": 0.25, "c": 0.25, "d": 0.25})
    4.0
    """
    return 1 / herfindahl_index(shares)


def measure_mixes(cells: Cells, compared: Compared) -> tuple[Concentrated, ...]:
    """Measure how the mix of each place is shared, each year for which it has the five sectors."""
    return tuple(
        Concentrated(place, basis, year, *_describe(read_mix(cells, place, basis, year)))
        for basis in BASES
        for place in compared.every
        for year in mix_years(cells, place, basis)
    )


def measure_distances(cells: Cells, compared: Compared) -> tuple[Distance, ...]:
    """Measure how far each place is from each comparator, at the latest year known for both."""
    found = []
    for basis in BASES:
        for place in compared.every:
            for word, reference in compared.references_of(place):
                year = choose_year(cells, place, reference, basis)
                if year in mix_years(cells, place, basis) and year is not None:
                    mixes = [read_mix(cells, one, basis, year) for one in (place, reference)]
                    found.append(Distance(place, word, reference, basis, year, _compare(*mixes)))
    return tuple(found)


def _describe(mix: Mix) -> tuple[Cell, Cell]:
    status = _judge(mix)
    given = status in STATUSES_WITH_VALUE
    herfindahl = herfindahl_index(mix.shares) if given else math.nan
    cell = Cell(herfindahl, status, mix.coverage_pct, source_id=mix.source_id)
    return cell, cell._replace(value=1 / herfindahl if given else math.nan)


def _compare(here: Mix, there: Mix) -> Cell:
    status = combine_status([_judge(here), _judge(there)])
    given = status in STATUSES_WITH_VALUE
    return Cell(
        krugman_index(here.shares, there.shares) if given else math.nan,
        status,
        min(here.coverage_pct, there.coverage_pct),
        source_id=combine_sources([here.source_id, there.source_id]),
    )


def _judge(mix: Mix) -> str:
    if mix.total < MIN_TOTAL:
        return TOO_SMALL
    if not mix.shares and mix.status in STATUSES_WITH_VALUE:
        return MISSING
    return mix.status
