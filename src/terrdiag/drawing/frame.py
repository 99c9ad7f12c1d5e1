"""The frame of a chart with two axes: grid, ticks, headings, and the scales of the plot inside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from terrdiag.drawing.model import Axis
from terrdiag.drawing.place import Box, thin_labels
from terrdiag.drawing.scale import Scale, Ticks
from terrdiag.drawing.svg import rule, write, write_lines
from terrdiag.drawing.text import ASCENT, LEADING, SMALL, fold_text, measure_text

HEADING: Final = 12.5
"""Size of the words beside an axis."""

TICK_HEIGHT: Final = 20.0
"""Height taken by the labels under the plot."""


@dataclass(frozen=True)
class Frame:
    """A plot and its scales.

    Attributes
    ----------
    plot
        Where values are drawn.
    x, y
        Scales.
    markup
        Grid, axes, labels; to be written first.
    """

    plot: Box
    x: Scale
    y: Scale
    markup: str


def count_ticks(length: float, each: float) -> int:
    """Say how many intervals a length may be cut in."""
    return max(2, int(length // each))


def frame_plot(
    room: Box, x: tuple[Axis, Ticks], y: tuple[Axis, Ticks], *, above: float = 0.0
) -> Frame:
    """Frame a plot inside a room, with all its labels inside it too.

    Parameters
    ----------
    room
        Ground given to the plot, its ticks and its headings.
    x, y
        Each axis and its ticks.
    above
        Height kept free between the heading and the plot.

    Returns
    -------
    Frame
        The plot is what remains of the room.
    """
    width = room.right - room.left
    head = fold_text(y[0].heading, width, HEADING) if y[0].heading else []
    below = fold_text(x[0].heading, width, HEADING) if x[0].heading else []
    leading = HEADING * LEADING
    plot = Box(
        room.left + _left_margin(x[1], y[1]),
        room.top + (len(head) * leading + 9 if head else 7) + above,
        room.right - _half(x[1].labels[-1:]),
        room.bottom - TICK_HEIGHT - len(below) * leading,
    )
    across = Scale(x[1].low, x[1].high, plot.left, plot.right)
    up = Scale(y[1].low, y[1].high, plot.bottom, plot.top)
    markup = [
        write_lines(room.left, room.top + HEADING, head, leading, "tdd-heading"),
        rule_rows(plot, up, y[1]),
        label_rows(plot, up, y[1]),
        label_columns(plot, across, x[1]),
        write_lines(
            plot.right, plot.bottom + TICK_HEIGHT + HEADING, below, leading, "tdd-heading", "end"
        ),
    ]
    return Frame(plot, across, up, "".join(markup))


def rule_rows(plot: Box, scale: Scale, ticks: Ticks) -> str:
    """Rule the grid of the vertical axis: zero is stronger, and so is the bottom of the plot."""
    lines = [
        rule(plot.left, scale.at(tick), plot.right, scale.at(tick), "tdd-grid")
        for tick in ticks.values
        if tick != 0
    ]
    if ticks.low < 0 < ticks.high:
        lines.append(rule(plot.left, scale.at(0), plot.right, scale.at(0), "tdd-axis"))
    lines.append(rule(plot.left, plot.bottom, plot.right, plot.bottom, "tdd-axis"))
    return "".join(lines)


def label_rows(plot: Box, scale: Scale, ticks: Ticks) -> str:
    """Write the ticks of the vertical axis, at the left of the plot."""
    return "".join(
        write(plot.left - 7, scale.at(tick) + SMALL * ASCENT, label, "tdd-small", "end")
        for tick, label in zip(ticks.values, ticks.labels, strict=True)
    )


def label_columns(plot: Box, scale: Scale, ticks: Ticks) -> str:
    """Write the ticks of the horizontal axis, under the plot, as many as fit."""
    centres = [scale.at(tick) for tick in ticks.values]
    widths = [measure_text(label, SMALL) + 4 for label in ticks.labels]
    parts = [rule(at, plot.bottom, at, plot.bottom + 4, "tdd-axis") for at in centres]
    parts += [
        write(centres[rank], plot.bottom + 17, ticks.labels[rank], "tdd-small", "middle")
        for rank in thin_labels(centres, widths)
    ]
    return "".join(parts)


def _left_margin(x: Ticks, y: Ticks) -> float:
    widest = max((measure_text(label, SMALL) for label in y.labels), default=0.0)
    return max(widest + 8, _half(x.labels[:1]))


def _half(labels: Sequence[str]) -> float:
    return max((measure_text(label, SMALL) / 2 for label in labels), default=0.0)
