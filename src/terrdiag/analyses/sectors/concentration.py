"""How jobs and establishments are spread over the communes: the share of the first, and Gini's index."""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from terrdiag.analyses.cells import Cell, Cells, Row, combine_sources, lay_table, read_cog_year
from terrdiag.analyses.sectors.compared import split_places
from terrdiag.analyses.sectors.words import spread_indicator
from terrdiag.catalogue import Indicator
from terrdiag.indicators.places import Place, Places
from terrdiag.values import ESTIMATE, MISSING, NOT_APPLICABLE, OK, PARTIAL, TOO_SMALL

SPREAD: Final = {"jobs": 100.0, "establishments": 25.0, "population": 100.0}
"""What is spread over communes, and the total under which nothing is said of it. The population is the yardstick:
jobs gather where people do."""

MIN_COVERAGE_PCT: Final = 95.0
"""Under this, the communes that are not known could change the figure: it is not given."""

MIN_COMMUNES: Final = 5
"""Gini's index is not given on fewer communes."""


@dataclass(frozen=True)
class Spread:
    """How a count is spread over the communes of a place.

    Attributes
    ----------
    place
        The territory, or one of its EPCI.
    what
        ``jobs``, ``establishments`` or ``population``.
    year
        The latest at which all the communes are known, else the one at which most are.
    count
        How many communes are known.
    unknown
        Names of the others.
    leader
        Name of the commune that has most; empty when several have.
    top
        Its share, in %, as in the table of values.
    gini
        Gini's index between the communes, as in the table of values.
    """

    place: Place
    what: str
    year: int
    count: int
    unknown: tuple[str, ...]
    leader: str
    top: Cell
    gini: Cell


@dataclass(frozen=True)
class Concentration:
    """How jobs, establishments and population are spread over communes.

    Attributes
    ----------
    values
        Rows of the table of values.
    indicators
        The indicators of these rows, in reading order.
    spreads
        Of the territory, then of its EPCI.
    """

    values: pd.DataFrame
    indicators: dict[str, Indicator]
    spreads: tuple[Spread, ...]


def gini_index(counts: Sequence[float]) -> float:
    """Measure how unequal counts are, from 0 (all equal) to 1 (one has everything), corrected for their number.

    Formula: n / (n − 1) × (2 Σ rank × count / (n Σ count) − (n + 1) / n), the counts being ranked upwards.

    Parameters
    ----------
    counts
        Counts, none negative.

    Returns
    -------
    float
        NaN for fewer than two counts, or when they are all zero.

    Notes
    -----
    Gini (1912). Uncorrected, its maximum is (n − 1) / n, 0.8 for five communes: territories of different
    numbers of communes would not compare (Deltas, 2003).

    Examples
    --------
    >>> gini_index([5, 5, 5]), gini_index([0, 0, 9])
    (0.0, 1.0)
    >>> round(gini_index([1, 2, 3, 4]), 4)
    0.3333
    """
    ranked = np.sort(np.asarray(counts, float))
    number, total = len(ranked), float(ranked.sum())
    if number < 2 or not total:
        return math.nan
    ranks = np.arange(1, number + 1)
    uncorrected = 2 * float(ranks @ ranked) / (number * total) - (number + 1) / number
    # rounding of the sums must not give −1e-17 where all are equal
    return max(uncorrected, 0.0) * number / (number - 1)


def analyse_concentration(values: pd.DataFrame, places: Places) -> Concentration:
    """Measure how jobs, establishments and population are spread over the communes of a territory and of its EPCI.

    Parameters
    ----------
    values
        The table of values of the diagnostic.
    places
        Its places.

    Returns
    -------
    Concentration
        For each count, the share of the first commune and Gini's index, at the latest year known for all communes.
    """
    cells, compared = Cells(values, tuple(SPREAD)), split_places(places)
    names = {place.code: place for place in places.communes}
    spreads = tuple(
        spread
        for place in compared.own
        for what in SPREAD
        if (spread := measure_spread(cells, place, what, names))
    )
    table, indicators = lay_table(_lay_spreads(spreads), read_cog_year(values))
    return Concentration(table, indicators, spreads)


def measure_spread(
    cells: Cells, place: Place, what: str, communes: Mapping[str, Place]
) -> Spread | None:
    """Measure how a count is spread over the communes of a place.

    Parameters
    ----------
    cells
        Counts of the place and of its communes.
    place
        The territory or an EPCI.
    what
        The count.
    communes
        Communes of the territory by code: those of an EPCI that are not among them are not known.

    Returns
    -------
    Spread or None
        None when no commune is known, any year.
    """
    members = [communes.get(code, Place("commune", code, code, (code,))) for code in place.communes]
    year, found = _choose_year(cells, place, what, members)
    if not found:
        return None
    known = {member: cell for member, cell in zip(members, found, strict=True) if cell.known}
    unknown = tuple(member.name for member in members if member not in known)
    coverage = 100.0
    if unknown:
        held = all(code in communes for code in place.communes)
        share = cells.get(place, what, year).coverage_pct if held else _cover(cells, place, known)
        # below 100 whatever the rounding: a commune is not known, even if nobody lives there
        coverage = min(share, 99.999999)
    blank = Cell(
        math.nan,
        _judge(known.values(), coverage, SPREAD[what], alone=len(members) == 1),
        coverage,
        source_id=combine_sources(cell.source_id for cell in known.values()),
    )
    leader, top = _find_first(known, blank)
    gini = _measure_gini([cell.value for cell in known.values()], blank)
    return Spread(place, what, year, len(known), unknown, leader, top, gini)


def _choose_year(
    cells: Cells, place: Place, what: str, members: Sequence[Place]
) -> tuple[int, list[Cell]]:
    """Choose the latest year for which all the communes are known, or that for which most are; give their cells."""
    most, best = 0, (0, list[Cell]())
    for year in sorted(cells.years(place, what), reverse=True):
        found = [cells.get(member, what, year) for member in members]
        count = sum(cell.known for cell in found)
        if count > most:
            most, best = count, (year, found)
        if count == len(members):
            break
    return best


def _cover(cells: Cells, place: Place, known: Iterable[Place]) -> float:
    """Share of the inhabitants of a place who live in its known communes, in %, at the latest population.

    The coverage of the place itself does not say it when some of its communes are outside the territory: they are
    known there, and not here.
    """
    year, group = cells.latest(place, "population")
    if not group.known or not group.value:
        return 0.0
    listed = [cells.get(member, "population", year) for member in known]
    return 100 * sum(cell.value for cell in listed if cell.known) / group.value


def _judge(known: Collection[Cell], coverage: float, least: float, *, alone: bool) -> str:
    """Say what may be said of a spread."""
    total = sum(cell.value for cell in known)
    if alone or not total:
        return NOT_APPLICABLE
    if coverage < MIN_COVERAGE_PCT:
        return MISSING
    if total < least:
        return TOO_SMALL
    if coverage < 100:
        return PARTIAL
    return ESTIMATE if any(cell.status == ESTIMATE for cell in known) else OK


def _find_first(known: Mapping[Place, Cell], blank: Cell) -> tuple[str, Cell]:
    """Name the commune that has most, unless several do, and give its share.

    Two communes may bear the same name: their counts are told apart by place.
    """
    if not blank.known:
        return "", blank
    counts = [cell.value for cell in known.values()]
    most, total = max(counts), sum(counts)
    first = [member.name for member, cell in known.items() if cell.value == most]
    share = blank._replace(value=100 * most / total, numerator=most, denominator=total)
    return first[0] if len(first) == 1 else "", share


def _measure_gini(counts: Sequence[float], blank: Cell) -> Cell:
    if not blank.known:
        return blank
    if len(counts) < MIN_COMMUNES:
        return blank._replace(status=TOO_SMALL)
    return blank._replace(value=gini_index(counts))


def _lay_spreads(spreads: Iterable[Spread]) -> Iterator[Row]:
    for spread in spreads:
        yield spread.place, spread_indicator("top_commune", spread.what), spread.year, spread.top
        yield spread.place, spread_indicator("gini_communes", spread.what), spread.year, spread.gini
