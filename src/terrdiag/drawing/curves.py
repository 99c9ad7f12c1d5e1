"""Curves in a plot: interrupted where a value is missing, broken where a definition changes."""

import itertools
import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from terrdiag.drawing.frame import Frame
from terrdiag.drawing.keys import SYMBOL, Key
from terrdiag.drawing.model import Point, Series
from terrdiag.drawing.scale import keep_known
from terrdiag.drawing.style import draw_marker, ink_rank, line_class
from terrdiag.drawing.svg import polygon, polyline, rule
from terrdiag.drawing.text import isolate_text
from terrdiag.wording import NBSP

MOST_MARKED: Final = 16
"""A curve with more points is drawn without a mark at each: it is a measure along something, not a few censuses."""

BREAK_LABEL_FR: Final = "rupture de série"


class Curve(NamedTuple):
    """A series and its look: ``rank`` is None for the territory."""

    series: Series
    rank: int | None


def style_series(series: Sequence[Series]) -> list[Curve]:
    """Give its look to each series, the territory's last so that it is drawn over the others."""
    ranks = itertools.count()
    curves = [Curve(one, None if one.own else next(ranks)) for one in series]
    return sorted(curves, key=lambda curve: curve.rank is None)


def known_points(series: Series) -> list[Point]:
    """Give the points whose two values are known."""
    return [(x, y) for x, y in series.points if keep_known([x, y])[1:]]


def split_series(series: Series) -> list[list[Point]]:
    """Cut a series into unbroken runs of known points.

    Examples
    --------
    >>> nan = float("nan")
    >>> split_series(Series("", ((1, 1.0), (2, nan), (3, 3.0), (4, 4.0)), breaks=(3.5,)))
    [[(1, 1.0)], [(3, 3.0)], [(4, 4.0)]]
    """
    runs: list[list[Point]] = [[]]
    previous = math.nan
    for x, y in series.points:
        is_known = len(keep_known([x, y])) == 2
        if not is_known or any(previous <= at < x for at in series.breaks):
            runs.append([])
        if is_known:
            runs[-1].append((x, y))
        previous = x
    return [run for run in runs if run]


def draw_curve(frame: Frame, curve: Curve) -> str:
    """Draw a curve, its marks and its breaks."""
    runs = [[_place(frame, point) for point in run] for run in split_series(curve.series)]
    class_ = line_class(curve.rank)
    is_marked = sum(map(len, runs)) <= MOST_MARKED
    parts = [polyline(run, class_) for run in runs if len(run) > 1]
    parts += [_draw_break(frame, curve.series, at) for at in curve.series.breaks]
    parts += [
        draw_marker(curve.rank, point)
        for run in runs
        if is_marked or len(run) == 1
        for point in run
    ]
    return "".join(parts)


def draw_area(frame: Frame, series: Series) -> str:
    """Fill the ground under a curve, down to the bottom of the plot."""
    parts = []
    for run in split_series(series):
        points = [_place(frame, point) for point in run]
        foot = [(points[-1][0], frame.plot.bottom), (points[0][0], frame.plot.bottom)]
        parts.append(polygon([*points, *foot], "tdd-area"))
    return "".join(parts)


def curve_key(curve: Curve) -> Key:
    """Make the key of a curve, its figure after its label."""
    class_ = line_class(curve.rank)

    def draw(at: Point) -> str:
        line = rule(at[0], at[1], at[0] + SYMBOL, at[1], class_)
        is_marked = len(known_points(curve.series)) <= MOST_MARKED
        return line + (draw_marker(curve.rank, (at[0] + SYMBOL / 2, at[1])) if is_marked else "")

    return Key(label_curve(curve.series), draw, word_class(curve))


def break_key() -> Key:
    """Make the key of a break."""
    return Key(BREAK_LABEL_FR, lambda at: _slashes(at[0] + 9, at[1]), width=18)


def label_curve(series: Series) -> str:
    """Word a curve: its label, then its figure."""
    return f"{isolate_text(series.label)}{NBSP}{series.text}" if series.text else series.label


def word_class(curve: Curve) -> str:
    """Give the class of the words of a curve."""
    return "tdd-own" if curve.rank is None else f"tdd-word{ink_rank(curve.rank)}"


def has_break(series: Series) -> bool:
    """Say whether a break lies between two known points."""
    return any(_sides(series, at) for at in series.breaks)


def _sides(series: Series, at: float) -> tuple[Point, Point] | None:
    before = [point for point in known_points(series) if point[0] <= at]
    after = [point for point in known_points(series) if point[0] > at]
    return (before[-1], after[0]) if before and after else None


def _draw_break(frame: Frame, series: Series, at: float) -> str:
    sides = _sides(series, at)
    if sides is None:
        return ""
    (x1, y1), (x2, y2) = (_place(frame, point) for point in sides)
    return _slashes((x1 + x2) / 2, (y1 + y2) / 2)


def _slashes(x: float, y: float) -> str:
    return "".join(
        rule(x + dx - 2.5, y + 6, x + dx + 2.5, y - 6, "tdd-break") for dx in (-2.5, 2.5)
    )


def _place(frame: Frame, point: Point) -> Point:
    return frame.x.at(point[0]), frame.y.at(point[1])
