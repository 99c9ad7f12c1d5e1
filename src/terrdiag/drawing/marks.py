"""Places along the horizontal axis, named above the plot: borders of communes along a transect."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from terrdiag.drawing.keys import Key, number_key
from terrdiag.drawing.model import Mark
from terrdiag.drawing.place import Box, spread_labels
from terrdiag.drawing.scale import Scale
from terrdiag.drawing.svg import polyline, rule, write_lines
from terrdiag.drawing.text import LEADING, SMALL, fold_text, measure_text

LEADER: Final = 12.0
"""Height of the line from a name down to the plot."""

FOLDS: Final = (400.0, 92.0, 70.0)
"""Widths to which the names are folded, until they all fit side by side."""

MOST_LINES: Final = 3


@dataclass(frozen=True)
class MarkRow:
    """The names above a plot.

    Attributes
    ----------
    anchors, middles
        Where each mark is, and where its name is written, in pixels.
    names
        Lines of each name: a number when the names do not fit.
    keys
        What the numbers mean.
    height
        Height taken above the plot.
    """

    anchors: tuple[float, ...]
    middles: tuple[float, ...]
    names: tuple[tuple[str, ...], ...]
    keys: tuple[Key, ...]
    height: float


def lay_marks(marks: Sequence[Mark], scale: Scale, width: float) -> MarkRow:
    """Lay the names of marks side by side above the plot; numbers and a key where they do not fit.

    Parameters
    ----------
    marks
        The marks.
    scale
        Horizontal scale of the plot.
    width
        Width of the drawing.

    Returns
    -------
    MarkRow
        Empty, with no height, when there is no mark.
    """
    if not marks:
        return MarkRow((), (), (), (), 0.0)
    names, keys = _choose_names(marks, width)
    sizes = [max(measure_text(line, SMALL) for line in lines) + 8 for lines in names]
    anchors = tuple(scale.at(_middle(mark)) for mark in marks)
    middles = spread_labels(anchors, sizes, 0, width)
    lines = max(len(lines) for lines in names)
    return MarkRow(anchors, tuple(middles), tuple(names), keys, lines * SMALL * LEADING + LEADER)


def draw_marks(row: MarkRow, marks: Sequence[Mark], scale: Scale, plot: Box) -> str:
    """Draw the borders through the plot, and the names above it."""
    edges = {round(scale.at(edge), 1): None for mark in marks for edge in _edges(mark)}
    parts = [rule(x, plot.top, x, plot.bottom, "tdd-border") for x in edges]
    foot = plot.top - LEADER
    for anchor, middle, lines in zip(row.anchors, row.middles, row.names, strict=True):
        parts.append(polyline([(middle, foot + 1), (anchor, plot.top - 2)], "tdd-leader"))
        top = foot - 3 - (len(lines) - 1) * SMALL * LEADING
        parts.append(write_lines(middle, top, lines, SMALL * LEADING, "tdd-small", "middle"))
    return "".join(parts)


def _choose_names(
    marks: Sequence[Mark], width: float
) -> tuple[list[tuple[str, ...]], tuple[Key, ...]]:
    for fold in FOLDS:
        names = [tuple(fold_text(mark.label, fold, SMALL)) for mark in marks]
        total = sum(max(measure_text(line, SMALL) for line in lines) + 8 for lines in names)
        if total <= width and max(len(lines) for lines in names) <= MOST_LINES:
            return names, ()
    numbers: dict[str, int] = {}
    for mark in marks:
        numbers.setdefault(mark.label, len(numbers) + 1)
    keys = tuple(number_key(number, label) for label, number in numbers.items())
    return [(str(numbers[mark.label]),) for mark in marks], keys


def _middle(mark: Mark) -> float:
    return mark.at if mark.until is None else (mark.at + mark.until) / 2


def _edges(mark: Mark) -> tuple[float, ...]:
    return (mark.at,) if mark.until is None else (mark.at, mark.until)
