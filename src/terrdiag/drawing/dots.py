"""Dot charts: a row a sector, a column a place compared to, a value and its interval around a reference."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from terrdiag.drawing.frame import HEADING, TICK_HEIGHT, label_columns
from terrdiag.drawing.keys import Key, draw_keys, rule_key
from terrdiag.drawing.model import Axis, Caption, Dot, DotRow, Point, Reference, check_lengths
from terrdiag.drawing.place import Box
from terrdiag.drawing.scale import Scale, Ticks, keep_known, make_ticks
from terrdiag.drawing.sheet import Drawing, draw_nothing
from terrdiag.drawing.svg import rule, tag, write, write_lines
from terrdiag.drawing.text import (
    ASCENT,
    LEADING,
    SIZE,
    SMALL,
    fold_evenly,
    fold_text,
    measure_text,
)
from terrdiag.wording import NBSP, format_number

PLOT: Final = 72.0
"""Width of the plot of a column, at the least."""

NAMES_SHARE: Final = 0.26
"""Share of the width that the names of the rows may take."""

ROW: Final = 30.0
"""Height of a row, at the least."""

BETWEEN: Final = 16.0
"""Between two columns, and under a block of them."""

INSET: Final = 7.0
"""Between the ends of a plot and those of its scale: a dot at the end is whole."""

RADIUS: Final = 4.5

HOLLOW_FR: Final = f"cercle vide{NBSP}: valeur fragile"

INTERVAL_FR: Final = "intervalle"


@dataclass(frozen=True)
class _Table:
    """Where things go: names and heights of the rows, widths of a plot and of its figures, columns side by side."""

    names: tuple[tuple[str, ...], ...]
    left: float
    plot: float
    figures: float
    columns: int
    ticks: Ticks
    reference: Reference | None

    @property
    def width(self) -> float:
        """Width of a column."""
        return self.plot + self.figures

    @property
    def heights(self) -> list[float]:
        """Height of each row."""
        return [max(ROW, len(name) * SIZE * LEADING + 10) for name in self.names]

    def column(self, rank: int) -> float:
        """Give the left of a column."""
        return self.left + rank * (self.width + BETWEEN)


def draw_dots(
    caption: Caption,
    columns: Sequence[str],
    rows: Sequence[DotRow],
    axis: Axis,
    *,
    reference: Reference | None = None,
) -> Drawing:
    """Draw a value and its interval at each row and column, around a reference.

    Parameters
    ----------
    caption
        Name, title, note, width.
    columns
        What each value is compared to.
    rows
        What is compared, one dot a column each.
    axis
        The scale that all the columns share.
    reference
        A line across each column: 1 for location quotients.

    Returns
    -------
    Drawing
        Columns that do not fit side by side are set under the others; an unknown value has its words in place of a
        dot; « aucune donnée » when no value is known.

    Raises
    ------
    DrawingError
        A row has not one dot a column, or a value is infinite.
    """
    for row in rows:
        check_lengths(f"ligne « {row.label} »", len(columns), row.dots)
    if not keep_known(dot.value for row in rows for dot in row.dots):
        return draw_nothing(caption)
    table = _lay_table(caption, rows, len(columns), axis, reference)
    heading = fold_text(axis.heading, caption.width, HEADING) if axis.heading else []
    parts = [write_lines(0, HEADING, heading, HEADING * LEADING, "tdd-heading")]
    top = len(heading) * HEADING * LEADING + 8
    for first in range(0, len(columns), table.columns):
        ranks = range(first, min(first + table.columns, len(columns)))
        markup, top = _draw_block(table, {rank: columns[rank] for rank in ranks}, rows, top)
        parts.append(markup)
    keys, used = draw_keys(_list_keys(rows, reference), Box(0, top, caption.width, math.inf))
    return Drawing(caption, "".join([*parts, keys]), top + (used + 4 if used else 0))


def _lay_table(
    caption: Caption,
    rows: Sequence[DotRow],
    columns: int,
    axis: Axis,
    reference: Reference | None,
) -> _Table:
    names = tuple(tuple(fold_evenly(row.label, caption.width * NAMES_SHARE)) for row in rows)
    left = max(measure_text(line) for name in names for line in name) + 14
    dots = [dot for row in rows for dot in row.dots]
    figures = max(measure_text(_word(dot), SMALL) for dot in dots) + 8
    room = caption.width - left + BETWEEN
    most = max(1, int(room // (PLOT + figures + BETWEEN)))
    # as many in each block as can be: 2 and 2 rather than 3 and 1
    count = math.ceil(columns / math.ceil(columns / most))
    plot = room / count - figures - BETWEEN
    ends = [end for dot in dots for end in (dot.value, *_interval(dot))]
    ends += [reference.value] if reference else []
    ticks = make_ticks(axis, ends, max(4, int(plot // 36)), loose=False)
    return _Table(names, left, plot, figures, count, ticks, reference)


def _draw_block(
    table: _Table, columns: Mapping[int, str], rows: Sequence[DotRow], top: float
) -> tuple[str, float]:
    """Draw columns side by side; give the markup and the top of the next block."""
    titles = [fold_evenly(title, table.width, bold=True) for title in columns.values()]
    first = top + max(len(title) for title in titles) * SIZE * LEADING + 6
    parts = [_draw_names(table, first, table.column(len(columns) - 1) + table.width)]
    for place, (title, rank) in enumerate(zip(titles, columns, strict=True)):
        left = table.column(place)
        parts.append(write_lines(left, top + SIZE, title, SIZE * LEADING, "tdd-strong"))
        parts.append(_draw_column(table, [row.dots[rank] for row in rows], (left, first)))
    return "".join(parts), first + sum(table.heights) + TICK_HEIGHT + BETWEEN


def _draw_names(table: _Table, top: float, right: float) -> str:
    parts = []
    for name, height in zip(table.names, table.heights, strict=True):
        baseline = top + height / 2 - (len(name) - 1) * SIZE * LEADING / 2 + SIZE * ASCENT
        parts.append(rule(0, top, right, top, "tdd-grid"))
        parts.append(write_lines(0, baseline, name, SIZE * LEADING))
        top += height
    return "".join(parts)


def _draw_column(table: _Table, dots: Sequence[Dot], corner: Point) -> str:
    left, top = corner
    plot = Box(left, top, left + table.plot, top + sum(table.heights))
    scale = Scale(table.ticks.low, table.ticks.high, left + INSET, plot.right - INSET)
    parts = [rule(left, plot.bottom, plot.right, plot.bottom, "tdd-axis")]
    parts.append(label_columns(plot, scale, table.ticks))
    if table.reference is not None:
        at = scale.at(table.reference.value)
        parts.append(rule(at, top, at, plot.bottom, "tdd-reference"))
    for dot, height in zip(dots, table.heights, strict=True):
        middle = top + height / 2
        right = left + table.width
        parts.append(write(right, middle + SMALL * ASCENT, _word(dot), "tdd-small", "end"))
        parts.append(_draw_dot(dot, scale, middle))
        top += height
    return "".join(parts)


def _draw_dot(dot: Dot, scale: Scale, y: float) -> str:
    if math.isnan(dot.value):
        return ""
    parts = []
    low, high = _interval(dot)
    if low < high:
        parts.append(_draw_interval(scale.at(low), scale.at(high), y))
    class_ = "tdd-hollow" if dot.hollow else "tdd-dot"
    parts.append(tag("circle", class_=class_, cx=scale.at(dot.value), cy=y, r=RADIUS))
    return "".join(parts)


def _draw_interval(x1: float, x2: float, y: float) -> str:
    # the ends are barred, so that an interval shorter than the dot is still seen
    bars = [rule(x, y - 6, x, y + 6, "tdd-interval") for x in (x1, x2)]
    return "".join([rule(x1, y, x2, y, "tdd-interval"), *bars])


def _word(dot: Dot) -> str:
    return dot.text or format_number(dot.value, 2)


def _interval(dot: Dot) -> tuple[float, float]:
    low = dot.value if dot.low is None else dot.low
    return low, dot.value if dot.high is None else dot.high


def _list_keys(rows: Sequence[DotRow], reference: Reference | None) -> list[Key]:
    dots = [dot for row in rows for dot in row.dots if not math.isnan(dot.value)]
    keys = []
    if reference is not None and reference.label:
        keys.append(rule_key(reference.label, "tdd-reference"))
    if any(low < high for low, high in map(_interval, dots)):
        keys.append(Key(INTERVAL_FR, lambda at: _draw_interval(at[0], at[0] + 20, at[1]), width=20))
    if any(dot.hollow for dot in dots):
        keys.append(Key(HOLLOW_FR, _draw_hollow, width=14))
    return keys


def _draw_hollow(at: Point) -> str:
    return tag("circle", class_="tdd-hollow", cx=at[0] + 7, cy=at[1], r=RADIUS)
