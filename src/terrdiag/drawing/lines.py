"""Line charts: indexed curves, profiles, hypsometric curves."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from terrdiag.drawing.curves import (
    Curve,
    break_key,
    curve_key,
    draw_area,
    draw_curve,
    has_break,
    known_points,
    style_series,
)
from terrdiag.drawing.ends import EndNames, draw_ends, lay_ends
from terrdiag.drawing.frame import Frame, count_ticks, frame_plot
from terrdiag.drawing.keys import Key, draw_keys, rule_key
from terrdiag.drawing.marks import MarkRow, draw_marks, lay_marks
from terrdiag.drawing.model import Axis, Caption, Mark, Reference, Series
from terrdiag.drawing.place import Box
from terrdiag.drawing.scale import Ticks, make_ticks, make_year_ticks
from terrdiag.drawing.sheet import Drawing, draw_nothing
from terrdiag.drawing.svg import rule

HEIGHT: Final = 340.0

NARROW_HEIGHT: Final = 260.0

MOST_FILLED: Final = 0.75
"""Share of the height that the names of the curves may fill; beyond, they are in a key."""


def draw_lines(
    caption: Caption,
    series: Sequence[Series],
    x: Axis,
    y: Axis,
    *,
    reference: Reference | None = None,
    marks: Sequence[Mark] = (),
) -> Drawing:
    """Draw curves on common axes, each named at its end (or in a key where the names do not fit).

    Parameters
    ----------
    caption
        Name, title, note, width.
    series
        The curves.
    x, y
        The axes; on an axis of years, each year known is a tick.
    reference
        A line across the plot: 100 for indexed curves.
    marks
        Places along x, named above the plot: the communes that a transect crosses.

    Returns
    -------
    Drawing
        Says « aucune donnée » when no point is known.

    Raises
    ------
    DrawingError
        A value is infinite.
    """
    curves = style_series(series)
    if not any(known_points(one) for one in series):
        return draw_nothing(caption)
    layout = _lay_out(caption, curves, (x, y), reference, marks)
    frame = layout.frame
    parts = [draw_area(frame, one) for one in series if one.area]
    parts += [frame.markup, draw_reference(frame, reference)]
    parts.append(draw_marks(layout.row, marks, frame.x, frame.plot))
    parts += [draw_curve(frame, curve) for curve in curves]
    parts.append(draw_ends(frame, layout.names))
    keys, used = draw_keys(layout.keys, Box(0, layout.bottom + 8, caption.width, math.inf))
    return Drawing(caption, "".join([*parts, keys]), layout.bottom + (used + 12 if used else 4))


def draw_reference(frame: Frame, reference: Reference | None) -> str:
    """Draw the line of a reference across the plot."""
    if reference is None:
        return ""
    at = frame.y.at(reference.value)
    return rule(frame.plot.left, at, frame.plot.right, at, "tdd-reference")


def list_keys(curves: Sequence[Curve], reference: Reference | None) -> list[Key]:
    """List the keys of curves, the territory's first, of their breaks and of the reference."""
    order = sorted(curves, key=lambda curve: curve.rank is not None)
    keys = [curve_key(curve) for curve in order if curve.series.label]
    return keys + list_extra_keys([curve.series for curve in curves], reference)


def list_extra_keys(series: Sequence[Series], reference: Reference | None) -> list[Key]:
    """List the keys of what is not a curve: breaks and reference."""
    keys = [break_key()] if any(has_break(one) for one in series) else []
    if reference is not None and reference.label:
        keys.append(rule_key(reference.label, "tdd-reference"))
    return keys


def fit_years(axis: Axis, values: Sequence[float], width: float) -> Ticks:
    """Fit the ticks of a horizontal axis: each year known, or round values within the ends."""
    if axis.years:
        return make_year_ticks(axis, values)
    return make_ticks(axis, values, count_ticks(width, 90), loose=False)


@dataclass(frozen=True)
class _Layout:
    frame: Frame
    names: EndNames
    row: MarkRow
    keys: list[Key]
    bottom: float


def _lay_out(
    caption: Caption,
    curves: Sequence[Curve],
    axes: tuple[Axis, Axis],
    reference: Reference | None,
    marks: Sequence[Mark],
) -> _Layout:
    height = NARROW_HEIGHT if caption.is_narrow else HEIGHT
    names = _choose_ends(caption, curves, height)
    width = caption.width - names.width
    points = [point for curve in curves for point in known_points(curve.series)]
    highs = [y for _, y in points] + ([reference.value] if reference else [])
    edges = [x for mark in marks for x in (mark.at, mark.until) if x is not None]
    across = axes[0], fit_years(axes[0], [x for x, _ in points] + edges, width)
    up = axes[1], make_ticks(axes[1], highs, count_ticks(height, 60))
    # the horizontal scale does not depend on the height that the names above the plot take
    row = lay_marks(marks, frame_plot(Box(0, 0, width, height), across, up).x, caption.width)
    bottom = height + row.height
    frame = frame_plot(Box(0, 0, width, bottom), across, up, above=row.height)
    series = [curve.series for curve in curves]
    keys = list_extra_keys(series, reference) if names.curves else list_keys(curves, reference)
    return _Layout(frame, names, row, [*keys, *row.keys], bottom)


def _choose_ends(caption: Caption, curves: Sequence[Curve], height: float) -> EndNames:
    """Name the curves at their ends, unless the drawing is narrow, the names too many, or there is only one."""
    names = lay_ends(curves)
    is_lone = len(names.curves) == 1 and not names.curves[0].series.text
    is_long = sum(names.heights) > height * MOST_FILLED
    return EndNames((), (), 0.0) if caption.is_narrow or is_lone or is_long else names
