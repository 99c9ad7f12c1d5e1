"""The tables of the sections: indicators in rows, the territory and its comparators in columns, one year a row."""

from collections.abc import Iterable
from dataclasses import dataclass

from terrdiag.catalogue.models import Indicator
from terrdiag.report.comparison import Cell, Figures, cell_mark, cell_number, compare
from terrdiag.report.sentences import word_newer
from terrdiag.report.years import thin_years
from terrdiag.wording import NBSP, join_words


@dataclass(frozen=True)
class TableCell:
    """A cell in words; ``mark`` says « estimation » or the coverage, ``known`` is false for « n.d. »."""

    text: str
    mark: str
    known: bool


@dataclass(frozen=True)
class TableRow:
    """An indicator at one year; the territory comes first."""

    year: str
    cells: tuple[TableCell, ...]


@dataclass(frozen=True)
class TableGroup:
    """An indicator and its years; ``newer`` words a later figure of the territory alone.

    ``is_cut`` tells that years are left out.
    """

    indicator: Indicator
    rows: tuple[TableRow, ...]
    newer: str
    is_cut: bool = False


@dataclass(frozen=True)
class SectionTable:
    """A table, its heads and its rows; ``note`` says what is not in it."""

    caption: str
    heads: tuple[str, ...]
    groups: tuple[TableGroup, ...]
    has_newer: bool
    note: str


def tabulate_indicators(figures: Figures, indicators: Iterable[str], caption: str) -> SectionTable:
    """Tabulate indicators beside their comparators, each row at one year.

    A count and a growth rate are given at every year at which the territory can be compared (at some of them when they
    are many); a rate at its reference year. A later figure, known for the territory only, has a column of its own.

    Parameters
    ----------
    figures
        The territory and its comparators.
    indicators
        Identifiers, in reading order; those unknown for the territory are left out.
    caption
        Caption of the table.

    Returns
    -------
    SectionTable
        Columns: the territory, then every comparator.
    """
    groups = tuple(group for name in indicators if (group := _group(figures, name)))
    heads = tuple(place.short for place in figures.places)
    cut = [group.indicator.short_fr for group in groups if group.is_cut]
    note = f"Autres années dans les tableaux de données{NBSP}: {join_words(cut)}." if cut else ""
    return SectionTable(caption, heads, groups, any(group.newer for group in groups), note)


def _group(figures: Figures, name: str) -> TableGroup | None:
    indicator = figures.indicators[name]
    known = sorted(
        year for year, cell in figures.years(figures.territory, name).items() if cell.known
    )
    comparison = compare(figures, name)
    if not known:
        return None
    if comparison is None:
        # known, but too incomplete to be compared: shown with its coverage
        return TableGroup(indicator, (_row(figures, indicator, known[-1]),), "")
    years = [comparison.year]
    if indicator.kind in {"count", "growth"} or indicator.interval:
        years = [
            year for year in known if year == comparison.year or _is_compared(figures, name, year)
        ]
    shown = thin_years(years, figures.starts)
    rows = tuple(_row(figures, indicator, year) for year in shown)
    newer = word_newer(comparison) if max(years) == comparison.year else ""
    return TableGroup(indicator, rows, newer, is_cut=len(shown) < len(years))


def _is_compared(figures: Figures, name: str, year: int) -> bool:
    return any(figures.cell(place, name, year).known for place in figures.comparators)


def _row(figures: Figures, indicator: Indicator, year: int) -> TableRow:
    cells = tuple(
        TableCell(
            cell_number(cell, indicator), cell_mark(cell).replace("couverture", "couv."), cell.known
        )
        for place in figures.places
        for cell in [_at_level(figures.cell(place, indicator.id, year), place.level, indicator)]
    )
    return TableRow(figures.year_label(indicator, year), cells)


def _at_level(cell: Cell, level: str, indicator: Indicator) -> Cell:
    """Say « sans objet » rather than « n.d. » where the indicator does not exist."""
    return (
        cell if cell.known or level in indicator.levels else cell._replace(status="not_applicable")
    )
