"""Read the table of values place by place: what every analysis of several values starts from."""

import math
from collections.abc import Collection, Iterable, Mapping
from typing import Final, NamedTuple

import pandas as pd

from terrdiag.catalogue import Indicator
from terrdiag.indicators.places import Place
from terrdiag.values import ESTIMATE, MISSING, OK, PARTIAL, STATUSES_WITH_VALUE, build_values

STATUS_ORDER: Final = (OK, PARTIAL, ESTIMATE)
"""What is made of several known values bears the last of their statuses."""


class Cell(NamedTuple):
    """One value of the table of values."""

    value: float
    status: str
    coverage_pct: float = 100.0
    numerator: float = math.nan
    denominator: float = math.nan
    source_id: str = ""

    @property
    def known(self) -> bool:
        """Whether there is a figure."""
        return self.status in STATUSES_WITH_VALUE


UNKNOWN: Final = Cell(math.nan, MISSING, 0.0)


class Cells:
    """The values of some indicators, by place, then by year.

    Parameters
    ----------
    values
        The table of values.
    indicators
        Identifiers of the indicators to read.
    """

    def __init__(self, values: pd.DataFrame, indicators: Collection[str]) -> None:
        kept = values[values["indicator"].isin(set(indicators))]
        columns = ("level", "code", "indicator", "ref_year", *Cell._fields)
        self._cells: dict[tuple[str, str, str], dict[int, Cell]] = {}
        for level, code, indicator, year, *cell in zip(
            *(kept[name].tolist() for name in columns), strict=True
        ):
            self._cells.setdefault((level, code, indicator), {})[year] = Cell(*cell)

    def years(self, place: Place, indicator: str) -> Mapping[int, Cell]:
        """Give the cells of an indicator for a place, by year."""
        return self._cells.get((place.level, place.code, indicator), {})

    def get(self, place: Place, indicator: str, year: int) -> Cell:
        """Give one cell; a missing one when the table has no row for it."""
        return self.years(place, indicator).get(year, UNKNOWN)

    def latest(self, place: Place, indicator: str) -> tuple[int, Cell]:
        """Give the latest known cell and its year; year 0 and a missing cell when there is none."""
        known = [(year, cell) for year, cell in self.years(place, indicator).items() if cell.known]
        return max(known, key=lambda one: one[0], default=(0, UNKNOWN))


def combine_status(statuses: Iterable[str]) -> str:
    """Give the status of what is made of several values.

    Returns
    -------
    str
        The first status that says why a value is not known, if one is not; otherwise ``estimate`` if one is an
        estimate, ``partial`` if one is partial, ``ok``.

    Examples
    --------
    >>> combine_status(["ok", "estimate", "partial"])
    'estimate'
    >>> combine_status(["ok", "secret", "missing"])
    'secret'
    """
    found = list(statuses)
    unknown = [status for status in found if status not in STATUS_ORDER]
    return unknown[0] if unknown else max(found, key=STATUS_ORDER.index)


def combine_sources(sources: Iterable[str]) -> str:
    """Join sources by ``+``, each once.

    Examples
    --------
    >>> combine_sources(["insee-b+insee-a", "", "insee-b"])
    'insee-a+insee-b'
    """
    return "+".join(sorted({name for one in sources for name in one.split("+") if name}))


Row = tuple[Place, Indicator, int, Cell]
"""A place, an indicator, a year, a result."""


def lay_table(rows: Iterable[Row], cog_year: int) -> tuple[pd.DataFrame, dict[str, Indicator]]:
    """Lay results as rows of the table of values.

    Parameters
    ----------
    rows
        Results, the indicators in reading order.
    cog_year
        Geography of the values that they are made of.

    Returns
    -------
    values : DataFrame
        Columns of ``VALUE_DTYPES``, in the order of the indicators, by year, then in the order of the rows.
    indicators : dict
        The indicators, by identifier.
    """
    kept = list(rows)
    indicators = {indicator.id: indicator for _, indicator, _, _ in kept}
    rank = {name: number for number, name in enumerate(indicators)}
    kept.sort(key=lambda row: (rank[row[1].id], row[2]))
    table = build_values(
        {
            "level": place.level,
            "code": place.code,
            "name": place.name,
            "indicator": indicator.id,
            "ref_year": year,
            "unit": indicator.unit,
            "cog_year": cog_year,
            **cell._asdict(),
        }
        for place, indicator, year, cell in kept
    )
    return table, indicators


def read_cog_year(values: pd.DataFrame) -> int:
    """Give the geography of a table of values (0 for an empty one)."""
    return int(values["cog_year"].iloc[0]) if len(values) else 0
