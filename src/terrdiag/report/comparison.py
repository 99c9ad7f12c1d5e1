"""Compare like with like: one indicator, one year, the territory and the places it is set beside."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import pandas as pd

from terrdiag.catalogue.models import Indicator
from terrdiag.indicators import word_fragile_rows
from terrdiag.report.prepositions import locate
from terrdiag.territory.model import Comparator, Perimeter
from terrdiag.values import ESTIMATE, PARTIAL, STATUS_WORDS, STATUSES_WITH_VALUE
from terrdiag.wording import NBSP, format_number, format_value

MIN_COVERAGE_PCT: Final = 80.0
"""A sum that covers less than this is shown in the tables with its coverage, never set beside another figure."""

TERRITORY_LEVEL: Final = "territoire"

SHORT_NATURES: Final = {
    "Communauté de communes ": "CC ",
    "Communauté d'agglomération ": "CA ",
    "Communauté urbaine ": "CU ",
}
"""How INSEE and DGCL shorten the nature of an EPCI."""

KIND_ORDER: Final = (
    *("ti", "ti2023", "petr", "cv", "uu", "bv", "aav", "ze", "arr"),
    *("epci", "commune", "departement", "ensemble", "region", "france"),
)
"""Comparators from the nearest to the widest."""


class Cell(NamedTuple):
    """One value of the table of values; ``fragile`` says why it is, in words, when it is (see ``fragility.py``)."""

    value: float
    status: str
    coverage: float = 100.0
    numerator: float = math.nan
    denominator: float = math.nan
    fragile: str = ""

    @property
    def known(self) -> bool:
        """Whether there is a figure to print."""
        return self.status in STATUSES_WITH_VALUE and not math.isnan(self.value)

    @property
    def comparable(self) -> bool:
        """Whether the figure covers enough of its place to be set beside another."""
        return self.known and not self.coverage < MIN_COVERAGE_PCT


UNKNOWN: Final = Cell(math.nan, "missing")


class Place(NamedTuple):
    """The territory or a comparator, as the reader sees it."""

    level: str
    code: str
    name: str

    @property
    def where(self) -> str:
        """« en Occitanie »."""
        return locate(self.level, self.name)

    @property
    def short(self) -> str:
        """« CC de la Haute-Bigorre », or « Périmètre du 1er janvier 2017 », for the head of a column."""
        if self.level == "perimetre":
            words = self.name.rpartition(", ")[2]
            return words[:1].upper() + words[1:]
        for full, short in SHORT_NATURES.items():
            if self.name.startswith(full):
                return short + self.name.removeprefix(full)
        return self.name


@dataclass(frozen=True)
class Figures:
    """What is known of the territory and of its comparators.

    Attributes
    ----------
    cells
        By (level, code): by indicator: by reference year.
    territory, comparators
        The places, comparators from the nearest to the widest.
    indicators
        The catalogue.
    starts
        Start of an interval by its end.
    """

    cells: Mapping[tuple[str, str], Mapping[str, Mapping[int, Cell]]]
    territory: Place
    comparators: tuple[Place, ...]
    indicators: Mapping[str, Indicator]
    starts: Mapping[int, int]

    @property
    def places(self) -> tuple[Place, ...]:
        """The territory, then its comparators."""
        return (self.territory, *self.comparators)

    def years(self, place: Place, indicator: str) -> Mapping[int, Cell]:
        """Cells of an indicator by reference year."""
        return self.cells.get((place.level, place.code), {}).get(indicator, {})

    def cell(self, place: Place, indicator: str, year: int) -> Cell:
        """One cell; missing when the table has no row for it."""
        return self.years(place, indicator).get(year, UNKNOWN)

    def year_label(self, indicator: Indicator, year: int) -> str:
        """« 2018 », or « 2013-2018 » for what happens between two censuses."""
        spans = indicator.spans_interval and year in self.starts
        return f"{self.starts[year]}-{year}" if spans else str(year)


def gather_figures(
    values: pd.DataFrame,
    territory: Place,
    comparators: Iterable[Place],
    indicators: Mapping[str, Indicator],
    intervals: Iterable[tuple[int, int]],
) -> Figures:
    """Gather the cells of the territory and of its comparators.

    Parameters
    ----------
    values
        The table of values (columns of ``VALUE_DTYPES``).
    territory, comparators
        The places to compare.
    indicators
        The catalogue.
    intervals
        Pairs of census years (start, end).

    Returns
    -------
    Figures
        Comparators sorted from the nearest to the widest.
    """
    rank = {kind: number for number, kind in enumerate(KIND_ORDER)}
    others = tuple(sorted(comparators, key=lambda place: rank.get(place.level, -1)))
    wanted = {(place.level, place.code) for place in (territory, *others)}
    kept = values[values["level"].isin({level for level, _ in wanted})]
    columns = (
        "level",
        "code",
        "indicator",
        "ref_year",
        "value",
        "status",
        "coverage_pct",
        "numerator",
        "denominator",
        "fragile",
    )
    kept = kept.assign(fragile=word_fragile_rows(kept, indicators))
    cells: dict[tuple[str, str], dict[str, dict[int, Cell]]] = {}
    for level, code, indicator, year, *rest in zip(
        *(kept[name].tolist() for name in columns), strict=True
    ):
        if (level, code) in wanted:
            cells.setdefault((level, code), {}).setdefault(indicator, {})[year] = Cell(*rest)
    return Figures(
        cells, territory, others, indicators, {end: start for start, end in sorted(intervals)}
    )


class Newer(NamedTuple):
    """A later figure of the territory, shown apart; ``alone`` when no comparator has that year at all."""

    year: int
    year_label: str
    cell: Cell
    alone: bool


@dataclass(frozen=True)
class Comparison:
    """An indicator of the territory at its reference year, beside the comparators known at the same year.

    Attributes
    ----------
    others
        Comparators whose figure of the same year can be compared.
    newer
        A later figure of the territory, which the comparators do not all have.
    """

    indicator: Indicator
    year: int
    year_label: str
    cell: Cell
    others: tuple[tuple[Place, Cell], ...]
    newer: Newer | None = None


def compare(figures: Figures, indicator_id: str) -> Comparison | None:
    """Set the territory beside its comparators, at the latest year that allows it.

    The reference year is, among the years known for the territory, the latest of those for which the greatest
    number of comparators is known. A later figure known for the territory only is kept apart.

    Returns
    -------
    Comparison or None
        None when the territory has no figure for this indicator.
    """
    indicator = figures.indicators.get(indicator_id)
    own = {
        year: cell
        for year, cell in figures.years(figures.territory, indicator_id).items()
        if cell.comparable
    }
    if indicator is None or not own:
        return None
    beside = {
        year: tuple(
            (place, cell)
            for place in figures.comparators
            if (cell := figures.cell(place, indicator_id, year)).comparable
        )
        for year in own
    }
    year = max(own, key=lambda candidate: (len(beside[candidate]), candidate))
    latest = max(own)
    return Comparison(
        indicator,
        year,
        figures.year_label(indicator, year),
        own[year],
        beside[year],
        Newer(
            latest,
            figures.year_label(indicator, latest),
            own[latest],
            # the territory itself on the perimeter of another date is no comparison
            all(place.level == "perimetre" for place, _ in beside[latest]),
        )
        if latest > year
        else None,
    )


def name_places(
    perimeter: Perimeter, comparators: Iterable[Comparator]
) -> tuple[Place, tuple[Place, ...]]:
    """Name the territory and its comparators as the table of values does."""
    groups = (comparator.group for comparator in comparators)
    others = tuple(Place(group.kind, group.code, group.name) for group in groups)
    return Place(TERRITORY_LEVEL, perimeter.id, perimeter.name), others


def cell_number(cell: Cell, indicator: Indicator) -> str:
    """Write a cell without its unit: a number, or the reason why there is none."""
    if not cell.known:
        return STATUS_WORDS.get(cell.status) or STATUS_WORDS["missing"]
    return format_number(cell.value, indicator.decimals, signed=indicator.signed)


def cell_text(cell: Cell, indicator: Indicator) -> str:
    """Write a cell with its unit: « 11,40 % », or the reason why there is none."""
    if not cell.known:
        return cell_number(cell, indicator)
    return format_value(cell.value, indicator.unit, indicator.decimals, signed=indicator.signed)


def cell_mark(cell: Cell) -> str:
    """Say what must be known of a figure: « estimation », « couverture 98,2 % »; empty when nothing.

    Examples
    --------
    >>> cell_mark(Cell(7.6, "estimate"))
    'estimation'
    >>> cell_mark(Cell(7.6, "partial", 98.26))
    'couverture 98,2\\xa0%'
    >>> cell_mark(Cell(7.6, "ok"))
    ''
    """
    if not cell.known:
        return ""
    marks = [STATUS_WORDS[ESTIMATE]] if cell.status == ESTIMATE else []
    if cell.coverage < 100:
        marks.append(f"couverture {format_coverage(cell.coverage)}")
    elif cell.status == PARTIAL:
        marks.append(STATUS_WORDS[PARTIAL])
    if cell.fragile:
        marks.append(cell.fragile)
    return ", ".join(marks)


def format_coverage(coverage: float) -> str:
    """Write a coverage rounded down, so that what is incomplete never reads 100 %.

    Examples
    --------
    >>> format_coverage(99.97), format_coverage(98.0), format_coverage(0.04)
    ('99,9\\xa0%', '98,0\\xa0%', 'moins de 0,1\\xa0%')
    """
    if 0 < coverage < 0.1:
        return f"moins de 0,1{NBSP}%"
    return format_value(math.floor(coverage * 10 + 1e-9) / 10, "%", 1)
