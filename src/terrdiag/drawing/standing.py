"""Standing bars: a scale at the left, categories under, figures above where they all fit."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from terrdiag.drawing.barmodel import Bar, Chart
from terrdiag.drawing.frame import HEADING, TICK_HEIGHT, count_ticks, label_rows, rule_rows
from terrdiag.drawing.model import Caption
from terrdiag.drawing.place import Box
from terrdiag.drawing.scale import Scale, Ticks, make_ticks
from terrdiag.drawing.svg import box, rule, write, write_lines, write_up
from terrdiag.drawing.text import ASCENT, LEADING, SMALL, fold_evenly, fold_text, measure_text

HEIGHT: Final = 240.0
"""Height of the plot."""

FILLED: Final = 0.78
"""Share of the ground of a category that its bars take."""

MOST_LINES: Final = 3

WIDEST: Final = 84.0
"""Width of the names when they do not fit under their bars: then only one every so many is written."""

ABOVE: Final = 18.0
"""Room for a figure over the highest bar, or under the lowest one."""


@dataclass(frozen=True)
class _Stand:
    """Where the bars stand: plot, scale, ground of a category, width of a bar, whether figures are written, names."""

    plot: Box
    scale: Scale
    slot: float
    width: float
    is_written: bool
    names: tuple[tuple[str, ...], ...]

    def left(self, category: int, lane: int) -> float:
        """Give the left of a bar."""
        return self.plot.left + self.slot * (category + (1 - FILLED) / 2) + lane * self.width


def draw_standing(chart: Chart, caption: Caption, top: float) -> tuple[str, float]:
    """Draw standing bars under a key.

    Returns
    -------
    tuple
        Markup, and the height of the drawing.
    """
    heading = fold_text(chart.axis.heading, caption.width, HEADING) if chart.axis.heading else []
    parts = [write_lines(0, top + HEADING, heading, HEADING * LEADING, "tdd-heading")]
    top += len(heading) * HEADING * LEADING + ABOVE
    ticks = make_ticks(chart.axis, chart.ends, count_ticks(HEIGHT, 50))
    stand = _lay_stand(chart, ticks, caption.width, top)
    parts += [
        rule_rows(stand.plot, stand.scale, ticks),
        label_rows(stand.plot, stand.scale, ticks),
    ]
    parts += [_draw_bar(stand, bar, chart.lane(bar)) for bar in chart.bars]
    # the bars have a white edge, which would notch the line they stand on
    zero = stand.scale.at(0)
    parts.append(rule(stand.plot.left, zero, stand.plot.right, zero, "tdd-axis"))
    names, used = _write_names(stand)
    return "".join([*parts, names]), stand.plot.bottom + used + 4


def _lay_stand(chart: Chart, ticks: Ticks, width: float, top: float) -> _Stand:
    left = max(measure_text(label, SMALL) for label in ticks.labels) + 8
    slot = (width - left) / len(chart.categories)
    # a name wider than the ground of its bar stands out at both ends of the plot
    names = _fold_names(chart.categories, slot)
    widest = max(measure_text(line, SMALL) for lines in names for line in lines)
    beyond = max(0.0, (widest - slot * 0.8) / 2) if widest > slot else 0.0
    plot = Box(max(left, beyond), top, width - beyond, top + HEIGHT)
    slot = (plot.right - plot.left) / len(chart.categories)
    each = math.ceil((widest + 4) / slot) if widest > slot - 4 else 1
    bar = slot * FILLED / chart.lanes
    room = slot - 2 if chart.lanes == 1 else bar
    is_written = not chart.stacked and all(
        _width(one) <= room for one in chart.bars if one.is_known
    )
    under = ABOVE if min(chart.ends) < 0 else 0.0
    scale = Scale(ticks.low, ticks.high, plot.bottom - under, plot.top)
    names = [lines if rank % each == 0 else () for rank, lines in enumerate(names)]
    return _Stand(plot, scale, slot, bar, is_written, tuple(names))


def _draw_bar(stand: _Stand, bar: Bar, lane: int) -> str:
    left = stand.left(bar.category, lane)
    middle = left + stand.width / 2
    if not bar.is_known:
        foot = stand.scale.at(0) - 5
        if _width(bar) <= stand.width:
            return write(middle, foot, bar.text, bar.word_class, "middle")
        return write_up(middle + SMALL * ASCENT, foot, bar.text, bar.word_class)
    first, last = sorted((stand.scale.at(bar.start), stand.scale.at(bar.end)))
    drawn = box(left, first, stand.width, last - first, bar.fill_class)
    if not stand.is_written:
        return drawn
    at = last + SMALL + 2 if bar.end < 0 else first - 4
    return drawn + write(middle, at, bar.text, f"tdd-small {bar.word_class}".strip(), "middle")


def _width(bar: Bar) -> float:
    return measure_text(bar.text, SMALL, bold=bar.color == 0)


def _fold_names(categories: Sequence[str], slot: float) -> list[tuple[str, ...]]:
    """Fold the names under their bars, between words; where they do not fit, to a width of their own."""
    pieces = [piece for name in categories for piece in re.split("[ -]", name)]
    widest = max(measure_text(f"{piece}-", SMALL) for piece in pieces)
    lines = max(len(fold_text(name, slot - 6, SMALL)) for name in categories)
    room = slot - 6 if widest <= slot - 6 and lines <= MOST_LINES else WIDEST
    return [tuple(fold_evenly(name, room, SMALL)) for name in categories]


def _write_names(stand: _Stand) -> tuple[str, float]:
    leading = SMALL * LEADING
    parts = []
    for rank, lines in enumerate(stand.names):
        middle = stand.plot.left + stand.slot * (rank + 0.5)
        parts.append(
            write_lines(middle, stand.plot.bottom + 17, lines, leading, "tdd-small", "middle")
        )
    return "".join(parts), TICK_HEIGHT + (max(map(len, stand.names)) - 1) * leading
