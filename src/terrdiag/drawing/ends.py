"""The names of curves at their ends, at the right of the plot."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from terrdiag.drawing.curves import Curve, known_points, label_curve, word_class
from terrdiag.drawing.frame import Frame
from terrdiag.drawing.place import spread_labels
from terrdiag.drawing.svg import polyline, write_lines
from terrdiag.drawing.text import ASCENT, LEADING, SIZE, fold_evenly, measure_text

WIDEST: Final = 176.0
"""Width of the names, at the most."""

GUTTER: Final = 18.0
"""Between the plot and the names: room for the lines that lead to them."""


@dataclass(frozen=True)
class EndNames:
    """Names to be written at the right of a plot: their curves, their lines of text, the width they take."""

    curves: tuple[Curve, ...]
    lines: tuple[tuple[str, ...], ...]
    width: float

    @property
    def heights(self) -> list[float]:
        """Height of each name."""
        return [len(lines) * SIZE * LEADING + 2 for lines in self.lines]


def lay_ends(curves: Sequence[Curve]) -> EndNames:
    """Fold the names of curves to the width that they may take."""
    named = tuple(curve for curve in curves if curve.series.label and known_points(curve.series))
    lines = tuple(
        tuple(fold_evenly(label_curve(curve.series), WIDEST, bold=curve.rank is None))
        for curve in named
    )
    widest = max(
        (
            measure_text(line, bold=curve.rank is None)
            for curve, folded in zip(named, lines, strict=True)
            for line in folded
        ),
        default=0.0,
    )
    return EndNames(named, lines, widest + GUTTER if named else 0.0)


def draw_ends(frame: Frame, names: EndNames) -> str:
    """Write each name as near to the end of its curve as the others let it."""
    ends = [known_points(curve.series)[-1] for curve in names.curves]
    points = [(frame.x.at(x), frame.y.at(y)) for x, y in ends]
    room = frame.plot.top - 6, frame.plot.bottom + 6
    middles = spread_labels([y for _, y in points], names.heights, *room)
    parts = []
    for curve, lines, point, middle in zip(names.curves, names.lines, points, middles, strict=True):
        x, y = point
        if abs(middle - y) > 4 or frame.plot.right - x > 4:
            knee = max(x + 7, frame.plot.right + 5)
            path = [(x + 6, y), (knee, y), (frame.plot.right + GUTTER - 4, middle)]
            parts.append(polyline(path, "tdd-leader"))
        first = middle - (len(lines) - 1) * SIZE * LEADING / 2 + SIZE * ASCENT
        left = frame.plot.right + GUTTER
        parts.append(write_lines(left, first, lines, SIZE * LEADING, word_class(curve)))
    return "".join(parts)
