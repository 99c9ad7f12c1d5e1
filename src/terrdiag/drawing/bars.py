"""Bar charts: grouped or stacked, lying (places, sectors) or standing (bands of altitude). Bars start at zero."""

import math
from collections.abc import Sequence

from terrdiag.drawing.barmodel import Chart, group_color, list_bars
from terrdiag.drawing.keys import Key, draw_keys, swatch_key
from terrdiag.drawing.lying import draw_lying
from terrdiag.drawing.model import Axis, Bars, Caption, check_lengths
from terrdiag.drawing.place import Box
from terrdiag.drawing.scale import keep_known
from terrdiag.drawing.sheet import Drawing, draw_nothing
from terrdiag.drawing.standing import draw_standing


def draw_bars(
    caption: Caption,
    categories: Sequence[str],
    groups: Sequence[Bars],
    axis: Axis,
    *,
    vertical: bool = False,
    stacked: bool = False,
) -> Drawing:
    """Draw bars from zero, with their figures at their ends.

    Parameters
    ----------
    caption
        Name, title, note, width.
    categories
        What the bars are about, in reading order.
    groups
        One value a category each; several groups are set side by side, or stacked.
    axis
        The scale of the values.
    vertical
        Whether the bars stand.
    stacked
        Whether the groups are parts set end to end; the figure of a part is written where it fits.

    Returns
    -------
    Drawing
        An unknown value has its words in place of a bar; « aucune donnée » when none is known.

    Raises
    ------
    DrawingError
        A group has not one value a category, or a value is infinite.
    """
    for group in groups:
        check_lengths(f"barres « {group.label} »", len(categories), group.values)
        check_lengths(f"textes « {group.label} »", len(categories), group.texts or group.values)
    if not keep_known(value for group in groups for value in group.values):
        return draw_nothing(caption)
    bars = list_bars(groups, axis, stacked=stacked)
    chart = Chart(tuple(categories), len(groups), axis, bars, stacked)
    draw = draw_standing if vertical else draw_lying
    keys, top = draw_keys(_list_keys(groups), Box(0, 0, caption.width, math.inf))
    markup, height = draw(chart, caption, top + (6 if keys else 0))
    return Drawing(caption, keys + markup, height)


def _list_keys(groups: Sequence[Bars]) -> list[Key]:
    """List the groups in their order; a single one is named by the title."""
    return [
        swatch_key(
            group.label,
            f"tdd-part tdd-fill{group_color(groups, rank)}",
            "tdd-own" if group.own else "",
        )
        for rank, group in enumerate(groups)
        if len(groups) > 1
    ]
