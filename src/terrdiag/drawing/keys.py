"""The key under a drawing: a symbol and its words, set side by side and folded to the width."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from terrdiag.drawing.model import Point
from terrdiag.drawing.place import Box
from terrdiag.drawing.svg import box, rule, write, write_lines
from terrdiag.drawing.text import ASCENT, LEADING, SIZE, fold_text, measure_text

SYMBOL: Final = 28.0
"""Width of a symbol."""

BETWEEN: Final = 20.0
"""Between two lines of the key, set side by side."""

ROW: Final = SIZE * LEADING + 4


@dataclass(frozen=True)
class Key:
    """A line of the key.

    Attributes
    ----------
    label
        Words.
    draw
        Draws the symbol, given the left of its middle line.
    class_
        Class of the words.
    width
        Width of the symbol.
    """

    label: str
    draw: Callable[[Point], str]
    class_: str = ""
    width: float = SYMBOL

    @property
    def before(self) -> float:
        """Width before the words."""
        return self.width + 6 if self.width else 0.0

    @property
    def is_bold(self) -> bool:
        """Whether the words are bold."""
        return "tdd-own" in self.class_ or "tdd-strong" in self.class_


def draw_keys(keys: Sequence[Key], room: Box, *, one_a_row: bool = False) -> tuple[str, float]:
    """Draw the key from the top of a room, folding to its width.

    Parameters
    ----------
    keys
        Lines of the key.
    room
        Where they go; its bottom does not matter.
    one_a_row
        Whether each is on a row of its own.

    Returns
    -------
    tuple
        Markup, and the height taken (zero without a line).
    """
    parts, x, y = [], room.left, room.top
    for key in keys:
        lines = fold_text(key.label, room.right - room.left - key.before, bold=key.is_bold)
        wide = key.before + max(measure_text(line, bold=key.is_bold) for line in lines)
        if x > room.left and (one_a_row or x + wide > room.right):
            x, y = room.left, y + ROW
        parts.append(key.draw((x, y + ROW / 2)))
        baseline = y + ROW / 2 + SIZE * ASCENT
        parts.append(write_lines(x + key.before, baseline, lines, SIZE * LEADING, key.class_))
        x += wide + BETWEEN
        if len(lines) > 1:
            x, y = room.right, y + (len(lines) - 1) * SIZE * LEADING
    return "".join(parts), y + ROW - room.top if keys else 0.0


def rule_key(label: str, class_: str) -> Key:
    """Make the key of a line."""
    return Key(label, lambda at: rule(at[0], at[1], at[0] + SYMBOL, at[1], class_))


def swatch_key(label: str, class_: str, word_class: str = "") -> Key:
    """Make the key of a surface."""
    return Key(label, lambda at: box(at[0], at[1] - 6, 18, 12, class_), word_class, 18)


def number_key(rank: int, label: str) -> Key:
    """Make the key of a numbered place."""
    number = str(rank)
    width = measure_text(number, bold=True)
    return Key(
        label, lambda at: write(at[0], at[1] + SIZE * ASCENT, number, "tdd-strong"), width=width
    )
