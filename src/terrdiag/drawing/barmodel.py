"""Bars before they are placed: where each starts and ends in its own unit, its words and its colour."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from terrdiag.drawing.model import Axis, Bars
from terrdiag.drawing.scale import keep_known
from terrdiag.drawing.style import ink_rank
from terrdiag.wording import format_number


@dataclass(frozen=True)
class Bar:
    """A bar: rank of its category and of its group, ends, words, rank of its colour; NaN ends when not known."""

    category: int
    group: int
    start: float
    end: float
    text: str
    color: int

    @property
    def is_known(self) -> bool:
        """Whether there is a value to draw."""
        return not math.isnan(self.end)

    @property
    def fill_class(self) -> str:
        """Classes of the rectangle."""
        return f"tdd-part tdd-fill{self.color}"

    @property
    def word_class(self) -> str:
        """Class of the figure at the end of the bar."""
        if not self.is_known:
            return "tdd-small"
        return "tdd-own" if self.color == 0 else ""


@dataclass(frozen=True)
class Chart:
    """Bars and what they are about."""

    categories: tuple[str, ...]
    groups: int
    axis: Axis
    bars: tuple[Bar, ...]
    stacked: bool

    @property
    def lanes(self) -> int:
        """How many bars lie side by side in a category."""
        return 1 if self.stacked else self.groups

    @property
    def ends(self) -> list[float]:
        """Every known end, and zero, from which all bars start."""
        return [0.0, *keep_known(end for bar in self.bars for end in (bar.start, bar.end))]

    def lane(self, bar: Bar) -> int:
        """Say in which lane of its category a bar lies."""
        return 0 if self.stacked else bar.group


def list_bars(groups: Sequence[Bars], axis: Axis, *, stacked: bool) -> tuple[Bar, ...]:
    """Make the bars; stacked parts follow each other on their side of zero.

    Examples
    --------
    >>> groups = [Bars("a", (1.0, 2.0)), Bars("b", (3.0, float("nan")))]
    >>> [(bar.start, bar.end, bar.text) for bar in list_bars(groups, Axis(), stacked=True)]
    [(0.0, 1.0, '1'), (0.0, 2.0, '2'), (1.0, 4.0, '3'), (nan, nan, 'n.d.')]
    """
    words = word_values(groups, axis)
    reached: dict[tuple[int, bool], float] = {}
    bars = []
    for rank, group in enumerate(groups):
        for category, value in enumerate(group.values):
            start = 0.0
            if stacked:
                side = category, value < 0
                start = reached.get(side, 0.0)
                reached[side] = start + (0.0 if math.isnan(value) else value)
            if math.isnan(value):
                start = math.nan
            color = _color(groups, rank, category)
            bars.append(Bar(category, rank, start, start + value, words[rank][category], color))
    return tuple(bars)


def word_values(groups: Sequence[Bars], axis: Axis) -> list[tuple[str, ...]]:
    """Word the values of groups: their own texts, else the numbers, all with the same decimals."""
    known = keep_known(value for group in groups for value in group.values)
    decimals = 0 if all(value.is_integer() for value in known) else 1
    return [
        group.texts
        if group.texts is not None
        else tuple(format_number(value, decimals, signed=axis.signed) for value in group.values)
        for group in groups
    ]


def group_color(groups: Sequence[Bars], rank: int) -> int:
    """Give the colour of a group: the accent for the territory, else that of its rank among the others."""
    if groups[rank].own:
        return 0
    return ink_rank(sum(not group.own for group in groups[:rank]))


def _color(groups: Sequence[Bars], rank: int, category: int) -> int:
    return 0 if category in groups[rank].strong else group_color(groups, rank)
