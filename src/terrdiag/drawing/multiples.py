"""Small multiples: one small chart a place, on the same scales."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from terrdiag.drawing.curves import Curve, draw_area, draw_curve, known_points
from terrdiag.drawing.frame import (
    HEADING,
    TICK_HEIGHT,
    Frame,
    count_ticks,
    label_columns,
    label_rows,
    rule_rows,
)
from terrdiag.drawing.keys import draw_keys
from terrdiag.drawing.lines import draw_reference, fit_years, list_keys
from terrdiag.drawing.model import Axis, Caption, Panel, Reference
from terrdiag.drawing.place import Box
from terrdiag.drawing.scale import Scale, Ticks, make_ticks
from terrdiag.drawing.sheet import Drawing, draw_nothing
from terrdiag.drawing.svg import write, write_lines
from terrdiag.drawing.text import LEADING, SIZE, SMALL, fold_evenly, fold_text, measure_text
from terrdiag.wording import NNBSP

PANEL_WIDTH: Final = 150.0
"""Width of a panel, at the least."""

PLOT_HEIGHT: Final = 124.0

BETWEEN: Final = 22.0
"""Between two panels, at the least."""

UNKNOWN_FR: Final = "aucune donnée"


@dataclass(frozen=True)
class _Grid:
    """Where the panels go: how many side by side, the first one's left, their width, the gap between, their ticks."""

    columns: int
    left: float
    width: float
    gap: float
    x: Ticks
    y: Ticks


def draw_multiples(
    caption: Caption,
    panels: Sequence[Panel],
    x: Axis,
    y: Axis,
    *,
    reference: Reference | None = None,
) -> Drawing:
    """Draw one small chart a place, all on the same scales.

    Parameters
    ----------
    caption
        Name, title, note, width.
    panels
        The charts, in reading order; series of the same label look the same in all of them.
    x, y
        The axes they share.
    reference
        A line across each plot.

    Returns
    -------
    Drawing
        A panel whose values are all unknown says so; without any value the drawing says « aucune donnée ».

    Raises
    ------
    DrawingError
        A value is infinite.
    """
    if not any(known_points(one) for panel in panels for one in panel.series):
        return draw_nothing(caption)
    grid = _lay_grid(caption, panels, (x, y), reference)
    styled = style_panels(panels)
    heading = fold_text(_join_headings(x, y), caption.width, HEADING)
    parts = [write_lines(0, HEADING, heading, HEADING * LEADING, "tdd-heading")]
    top = len(heading) * HEADING * LEADING + 8
    for first in range(0, len(panels), grid.columns):
        row = slice(first, first + grid.columns)
        markup, top = _draw_row(grid, panels[row], styled[row], reference, top)
        parts.append(markup)
    keys = list_keys(_distinct(styled), reference)
    markup, used = draw_keys(keys, Box(0, top, caption.width, math.inf))
    return Drawing(caption, "".join([*parts, markup]), top + (used + 4 if used else 0))


def style_panels(panels: Sequence[Panel]) -> list[list[Curve]]:
    """Give the same look to the series that bear the same label, whatever their panel."""
    ranks: dict[str, int] = {}
    styled = []
    for panel in panels:
        curves = [
            Curve(one, None if one.own else ranks.setdefault(one.label, len(ranks)))
            for one in panel.series
        ]
        styled.append(sorted(curves, key=lambda curve: curve.rank is None))
    return styled


def _lay_grid(
    caption: Caption,
    panels: Sequence[Panel],
    axes: tuple[Axis, Axis],
    reference: Reference | None,
) -> _Grid:
    points = [point for panel in panels for one in panel.series for point in known_points(one)]
    most = max(1, int((caption.width + BETWEEN) // (PANEL_WIDTH + BETWEEN)))
    rows = math.ceil(len(panels) / most)
    # as many in each row as can be: 3 and 2 rather than 4 and 1
    columns = math.ceil(len(panels) / rows)
    highs = [y for _, y in points] + ([reference.value] if reference else [])
    up = make_ticks(axes[1], highs, count_ticks(PLOT_HEIGHT, 38))
    left = max(measure_text(label, SMALL) for label in up.labels) + 8
    across = fit_years(axes[0], [x for x, _ in points], caption.width / columns)
    # the labels under two neighbours stand out by half of their width each
    widest = max((measure_text(label, SMALL) for label in across.labels), default=0.0)
    gap = max(BETWEEN, widest)
    width = (caption.width - left - widest / 2 - (columns - 1) * gap) / columns
    return _Grid(columns, left, width, gap, across, up)


def _draw_row(
    grid: _Grid,
    panels: Sequence[Panel],
    styled: Sequence[Sequence[Curve]],
    reference: Reference | None,
    top: float,
) -> tuple[str, float]:
    """Draw panels side by side; give the markup and the top of the next row."""
    titles = [fold_evenly(panel.title, grid.width, bold=True) for panel in panels]
    head = max(len(title) for title in titles) * SIZE * LEADING + 4
    parts = []
    for rank, (panel, curves, title) in enumerate(zip(panels, styled, titles, strict=True)):
        left = grid.left + rank * (grid.width + grid.gap)
        class_ = "tdd-own" if panel.own else "tdd-strong"
        parts.append(write_lines(left, top + SIZE, title, SIZE * LEADING, class_))
        plot = Box(left, top + head + 4, left + grid.width, top + head + 4 + PLOT_HEIGHT)
        parts.append(_draw_panel(grid, plot, curves, reference, labelled=rank == 0))
    return "".join(parts), top + head + 4 + PLOT_HEIGHT + TICK_HEIGHT + BETWEEN


def _draw_panel(
    grid: _Grid,
    plot: Box,
    curves: Sequence[Curve],
    reference: Reference | None,
    *,
    labelled: bool,
) -> str:
    up = Scale(grid.y.low, grid.y.high, plot.bottom, plot.top)
    across = Scale(grid.x.low, grid.x.high, plot.left + 6, plot.right - 6)
    markup = rule_rows(plot, up, grid.y) + label_columns(plot, across, grid.x)
    if labelled:
        markup += label_rows(plot, up, grid.y)
    frame = Frame(plot, across, up, markup)
    areas = [draw_area(frame, curve.series) for curve in curves if curve.series.area]
    drawn = [draw_curve(frame, curve) for curve in curves]
    # what a panel is about is the territory of its title; the others are only there to compare
    told = [curve for curve in curves if curve.rank is None] or curves
    if not any(known_points(curve.series) for curve in told):
        drawn.append(write(plot.left + 6, plot.bottom - 8, UNKNOWN_FR, "tdd-heading"))
    return "".join([*areas, markup, draw_reference(frame, reference), *drawn])


def _join_headings(x: Axis, y: Axis) -> str:
    return f"{NNBSP}; ".join(heading for heading in (y.heading, x.heading) if heading)


def _distinct(styled: Sequence[Sequence[Curve]]) -> list[Curve]:
    """Give one curve a look: the key says each once."""
    found: dict[tuple[str, int | None], Curve] = {}
    for curve in (curve for curves in styled for curve in curves):
        found.setdefault((curve.series.label, curve.rank), curve)
    return list(found.values())
