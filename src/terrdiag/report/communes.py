"""The table under the map: its first state, written in the page for a reader without JavaScript."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from terrdiag.catalogue.models import Indicator
from terrdiag.indicators import word_fragile_rows
from terrdiag.report.comparison import UNKNOWN, Cell, Figures, cell_mark, cell_number
from terrdiag.report.inside import Inside
from terrdiag.report.views import View
from terrdiag.values import LEVEL_LABELS
from terrdiag.wording import fold, format_number

CELL_COLUMNS: Final = ("value", "status", "coverage_pct", "numerator", "denominator", "fragile")


@dataclass(frozen=True)
class CommuneRow:
    """A commune, or a place pinned under the communes."""

    code: str
    name: str
    group: str
    text: str
    mark: str
    numerator: str
    denominator: str
    level: str = ""


@dataclass(frozen=True)
class CommuneTable:
    """The table of one indicator at one year; ``has_parts``: whether it gives numerators and denominators."""

    view: View
    rows: tuple[CommuneRow, ...]
    pinned: tuple[CommuneRow, ...]
    has_parts: bool
    has_groups: bool


def tabulate_communes(view: View, figures: Figures, inside: Inside) -> CommuneTable:
    """Write the table of the communes (or of the EPCI) for one indicator and year.

    Parameters
    ----------
    view
        The indicator and the year.
    figures
        The territory and its comparators, pinned at the bottom.
    inside
        The places of the territory: one without a row is « n.d. ».

    Returns
    -------
    CommuneTable
        Places by name, then the territory and its comparators.
    """
    indicator = figures.indicators[view.indicator]
    cells = _cells(view, inside, indicator)
    pinned = {place: figures.cell(place, view.indicator, view.year) for place in figures.places}
    everything = [*cells.values(), *pinned.values()]
    has_parts = any(not math.isnan(cell.denominator) for cell in cells.values())
    decimals = [
        _decimals(cell.numerator for cell in everything),
        _decimals(cell.denominator for cell in everything),
    ]

    def row(code: str, name: str, cell: Cell, group: str = "", level: str = "") -> CommuneRow:
        above, below = (
            "" if math.isnan(part) or not has_parts else format_number(part, digits)
            for part, digits in zip((cell.numerator, cell.denominator), decimals, strict=True)
        )
        return CommuneRow(
            code, name, group, cell_number(cell, indicator), cell_mark(cell), above, below, level
        )

    rows = [
        row(code, name, cells.get(code, UNKNOWN), group)
        for code, name, group in _listed(view, inside)
    ]
    rows.sort(key=lambda one: (fold(one.name), one.code))
    below = tuple(
        row(p.code, p.name, cell, level=LEVEL_LABELS[p.level]) for p, cell in pinned.items()
    )
    has_groups = view.level == "commune" and len(inside.perimeter.epci) > 1
    return CommuneTable(view, tuple(rows), below, has_parts, has_groups)


def _cells(view: View, inside: Inside, indicator: Indicator) -> Mapping[str, Cell]:
    rows = inside.communes if view.level == "commune" else inside.epci
    is_shown = (rows["indicator"] == view.indicator) & (rows["ref_year"] == view.year)
    marks = word_fragile_rows(rows, {indicator.id: indicator})
    chosen = rows[is_shown].assign(fragile=marks[is_shown])
    columns = zip(*(chosen[name].tolist() for name in CELL_COLUMNS), strict=True)
    return dict(zip(chosen["code"].tolist(), (Cell(*cell) for cell in columns), strict=True))


def _listed(view: View, inside: Inside) -> list[tuple[str, str, str]]:
    """List the places of the table: code, name, EPCI."""
    perimeter = inside.perimeter
    if view.level == "epci":
        return [(group.code, group.name, "") for group in perimeter.epci]
    groups = {code: group.name for group in perimeter.epci for code in group.communes}
    return [(code, inside.name(code), groups.get(code, "")) for code in perimeter.communes]


def _decimals(parts: Iterable[float]) -> int:
    """Give all the numbers of a column one decimal, or none when all are whole."""
    return int(any(part % 1 for part in parts if not math.isnan(part)))
