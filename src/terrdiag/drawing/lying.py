"""Lying bars: names at the left, figures at the ends."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from terrdiag.drawing.barmodel import Bar, Chart
from terrdiag.drawing.frame import HEADING, TICK_HEIGHT, count_ticks, label_columns
from terrdiag.drawing.model import Caption
from terrdiag.drawing.place import Box
from terrdiag.drawing.scale import Scale, make_ticks
from terrdiag.drawing.style import DARK
from terrdiag.drawing.svg import box, rule, write, write_lines
from terrdiag.drawing.text import ASCENT, LEADING, SIZE, fold_evenly, fold_text, measure_text

NAMES_SHARE: Final = 0.36
"""Share of the width that the names may take."""

THICK: Final = 17.0
"""Thickness of a bar alone in its category."""

THIN: Final = 15.0
"""Thickness of a bar beside others."""

BETWEEN: Final = 9.0
"""Between two categories."""

TEXT_GAP: Final = 6.0


@dataclass(frozen=True)
class _Row:
    """A category: its folded name, its top, its height."""

    name: tuple[str, ...]
    top: float
    height: float


def draw_lying(chart: Chart, caption: Caption, top: float) -> tuple[str, float]:
    """Draw lying bars under a key.

    Returns
    -------
    tuple
        Markup, and the height of the drawing.
    """
    heading = fold_text(chart.axis.heading, caption.width, HEADING) if chart.axis.heading else []
    parts = [write_lines(0, top + HEADING, heading, HEADING * LEADING, "tdd-heading")]
    top += len(heading) * HEADING * LEADING + (6 if heading else 0)
    left, rows = _lay_rows(chart, caption.width * NAMES_SHARE, top)
    bottom = rows[-1].top + rows[-1].height + BETWEEN / 2
    plot = Box(left, top, caption.width, bottom)
    scale = _fit_scale(chart, plot)
    for row in rows:
        middle = row.top + row.height / 2 - (len(row.name) - 1) * SIZE * LEADING / 2
        parts.append(
            write_lines(left - 8, middle + SIZE * ASCENT, row.name, SIZE * LEADING, anchor="end")
        )
    parts += [_draw_bar(chart, bar, rows[bar.category], scale) for bar in chart.bars]
    parts.append(rule(scale.at(0), top, scale.at(0), bottom, "tdd-axis"))
    if chart.stacked:
        ticks = make_ticks(chart.axis, chart.ends, count_ticks(scale.end - scale.start, 90))
        parts.append(label_columns(plot, scale, ticks))
        bottom += TICK_HEIGHT
    return "".join(parts), bottom + 4


def _lay_rows(chart: Chart, most: float, top: float) -> tuple[float, list[_Row]]:
    """Fold the names and set the rows; give the left of the bars."""
    names = [tuple(fold_evenly(name, most)) for name in chart.categories]
    widest = max(measure_text(line) for name in names for line in name)
    thickness = THICK if chart.lanes == 1 else THIN
    rows = []
    for name in names:
        height = max(len(name) * SIZE * LEADING, chart.lanes * thickness)
        rows.append(_Row(name, top + BETWEEN / 2, height))
        top += height + BETWEEN
    return widest + 8, rows


def _fit_scale(chart: Chart, plot: Box) -> Scale:
    """Fit the scale so that the figures beyond the ends of the bars stay inside the drawing."""
    ends = [*chart.ends, *(end for end in (chart.axis.low, chart.axis.high) if end is not None)]
    low, high = min(ends), max(ends)
    if chart.stacked:
        ticks = make_ticks(chart.axis, chart.ends, count_ticks(plot.right - plot.left, 90))
        half = measure_text(ticks.labels[-1]) / 2
        return Scale(ticks.low, ticks.high, plot.left, plot.right - half)
    after = _widest(bar for bar in chart.bars if not bar.end < 0)
    before = _widest(bar for bar in chart.bars if bar.end < 0)
    return Scale(low, high if high > low else low + 1, plot.left + before, plot.right - after)


def _widest(bars: Iterable[Bar]) -> float:
    return max(
        (measure_text(bar.text, bold=bar.color == 0) + TEXT_GAP for bar in bars), default=0.0
    )


def _draw_bar(chart: Chart, bar: Bar, row: _Row, scale: Scale) -> str:
    thickness = THICK if chart.lanes == 1 else THIN
    top = row.top + (row.height - chart.lanes * thickness) / 2 + chart.lane(bar) * thickness
    baseline = top + thickness / 2 + SIZE * ASCENT
    if not bar.is_known:
        if chart.stacked:
            return ""
        return write(scale.at(0) + TEXT_GAP, baseline, bar.text, bar.word_class)
    first, last = sorted((scale.at(bar.start), scale.at(bar.end)))
    drawn = box(first, top, last - first, thickness, bar.fill_class)
    if not chart.stacked:
        is_left = bar.end < 0
        at = first - TEXT_GAP if is_left else last + TEXT_GAP
        return drawn + write(at, baseline, bar.text, bar.word_class, "end" if is_left else "")
    if measure_text(bar.text) + 6 > last - first:
        return drawn
    class_ = "tdd-inverse" if bar.color in DARK else ""
    return drawn + write((first + last) / 2, baseline, bar.text, class_, "middle")
