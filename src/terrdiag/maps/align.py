"""Rows of the table of values, put in the order of a scene."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from terrdiag.catalogue.models import Indicator, MapSpec
from terrdiag.errors import CatalogueError
from terrdiag.indicators import FRAGILE, find_fragile, word_fragile
from terrdiag.maps.classes import round_values
from terrdiag.maps.scene import Scene
from terrdiag.values import MISSING, OK, STATUS_WORDS, STATUSES_WITH_VALUE
from terrdiag.wording import NBSP, format_value

Floats = NDArray[np.float64]
Objects = NDArray[np.object_]

REFERENCE_LEVELS: Final = (
    "territoire",
    "ti",
    "ti2023",
    "petr",
    *("cv", "uu", "bv", "aav", "ze", "arr"),
    "departement",
    "region",
    "ensemble",
    "france",
)
"""Levels that a map sets its places beside."""


KNOWN: Final = (*STATUSES_WITH_VALUE, FRAGILE)
"""Statuses of what has a value, as a map marks it."""


@dataclass(frozen=True)
class Table:
    """Columns of a table of values as plain arrays: taking rows of them costs little.

    The status of a value that is known, and rests on a small sample, is :data:`FRAGILE`.
    """

    level: Objects
    code: Objects
    name: Objects
    year: NDArray[np.int64]
    value: Floats
    status: Objects
    source: Objects

    @classmethod
    def read(cls, values: pd.DataFrame, indicators: Mapping[str, Indicator]) -> "Table":
        """Read the columns that a map needs."""
        texts = (
            values[name].to_numpy(dtype=object)
            for name in ("level", "code", "name", "status", "source_id")
        )
        level, code, name, status, source = texts
        year = values["ref_year"].to_numpy(dtype=np.int64)
        value = values["value"].to_numpy(dtype=np.float64)
        # what is an estimate or partial too bears that mark
        status = np.where((status == OK) & find_fragile(values, indicators), FRAGILE, status)
        return cls(level, code, name, year, value, status, source)

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> "Table":
        """Keep some rows, by rank or by condition."""
        return Table(
            level=self.level[rows],
            code=self.code[rows],
            name=self.name[rows],
            year=self.year[rows],
            value=self.value[rows],
            status=self.status[rows],
            source=self.source[rows],
        )

    def known(self) -> NDArray[np.bool_]:
        """Tell which rows have a value."""
        return np.isin(self.status.astype(str), KNOWN)


@dataclass(frozen=True)
class Series:
    """The figures of an indicator in the order of the scene, by year.

    Attributes
    ----------
    indicator, spec
        What they measure, how it is drawn.
    values, statuses
        Rounded to the decimals of the indicator, NaN where not known; empty status where the map leaves the place out.
    sources
        ``source_id`` of the values.
    references
        Name and figure of the upper levels, in words.
    nothing
        Statuses of a year without a row.
    """

    indicator: Indicator
    spec: MapSpec
    values: dict[int, Floats]
    statuses: dict[int, tuple[str, ...]]
    sources: dict[int, tuple[str, ...]]
    references: dict[int, tuple[tuple[str, str], ...]]
    nothing: tuple[str, ...]


def align_years(table: Table, indicator: Indicator, scene: Scene) -> Series:
    """Put the rows of an indicator in the order of the scene.

    Raises
    ------
    CatalogueError
        The indicator has no map.
    """
    if indicator.map is None:
        raise CatalogueError(
            f"indicateur {indicator.id}{NBSP}: pas de carte dans le catalogue (clé map)."
        )
    spec = indicator.map
    layer = scene.commune if spec.level == "commune" else scene.epci
    inside = np.array(layer.inside, dtype=bool)
    nothing = np.where(inside, MISSING, "").astype(object)
    series = Series(indicator, spec, {}, {}, {}, {}, tuple(nothing.tolist()))
    upper = table.take(np.isin(table.level.astype(str), REFERENCE_LEVELS) & table.known())
    table = table.take(table.level == spec.level)
    at = pd.Index(layer.codes, dtype=object).get_indexer(pd.Index(table.code))
    # a commune around is never shown; an EPCI around is, when it has a row
    shown = (at >= 0) & (inside[at] | (spec.level == "epci"))
    table, at = table.take(shown), at[shown]
    known = table.known()
    for year in np.unique(table.year).tolist():
        here = table.year == year
        values, statuses = np.full(len(layer.codes), np.nan), nothing.copy()
        statuses[at[here]] = table.status[here]
        here &= known
        values[at[here]] = round_values(table.value[here], indicator.decimals)
        series.values[year], series.statuses[year] = values, tuple(statuses.tolist())
        series.sources[year] = tuple(dict.fromkeys(table.source[here]))
        series.references[year] = _word_references(upper.take(upper.year == year), indicator)
    return series


def _word_references(upper: Table, indicator: Indicator) -> tuple[tuple[str, str], ...]:
    triples = zip(upper.name, upper.value, upper.status, strict=True)
    return tuple((name, word_value(value, status, indicator)) for name, value, status in triples)


def word_value(value: float, status: str, indicator: Indicator) -> str:
    """Word a figure with its unit, and with what is to be known of it (« estimation », « fragile »)."""
    words = format_value(value, indicator.unit, indicator.decimals, signed=indicator.signed)
    mark = word_fragile(indicator) if status == FRAGILE else STATUS_WORDS[status]
    return f"{words} ({mark})" if mark else words
