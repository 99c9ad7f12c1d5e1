"""Scales: round ticks (1, 2, 2.5, 5 times a power of ten) and the place of a value in pixels."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from terrdiag.drawing.model import Axis, DrawingError
from terrdiag.wording import format_number

STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)

SAME: Final = 1e-9
"""Two values nearer than this share of their size are the same for a picture."""

NOTHING: Final = 1e-12
"""What no picture tells from zero."""


@dataclass(frozen=True)
class Ticks:
    """The ticks of an axis.

    Attributes
    ----------
    low, high
        Ends of the axis.
    values, labels
        Ticks from the lowest to the highest, and their words.
    """

    low: float
    high: float
    values: tuple[float, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Scale:
    """From a value to pixels: ``low`` is at ``start``, ``high`` at ``end``, whichever comes first on the screen."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Place a value, in pixels.

        Examples
        --------
        >>> Scale(0, 10, 100, 0).at(2.5)
        75.0
        """
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def keep_known(values: Iterable[float]) -> list[float]:
    """Keep the values that are known (NaN is not).

    Raises
    ------
    DrawingError
        A value is infinite.
    """
    known = [float(value) for value in values if not math.isnan(value)]
    if any(math.isinf(value) for value in known):
        raise DrawingError(
            "valeur infinie dans un graphique : une division par zéro n'a pas été écartée "
            "(mettez NaN pour une valeur qui n'existe pas)."
        )
    return known


def round_step(span: float, count: int, *, whole: bool = False) -> tuple[float, int]:
    """Find the round step that cuts a span into about ``count`` parts, and the decimals it needs.

    Parameters
    ----------
    span
        Length to cut, above zero.
    count
        Parts at the most.
    whole
        Whether the step must be a whole number.

    Returns
    -------
    tuple
        Step and number of decimals.

    Examples
    --------
    >>> round_step(12, 5), round_step(1.0, 4), round_step(3, 5, whole=True)
    ((2.5, 1), (0.25, 2), (1.0, 0))
    """
    raw = span / max(count, 1)
    power = math.floor(math.log10(raw))
    factor = next(step for step in STEPS if step * 10.0**power >= raw * (1 - SAME))
    step = factor * 10.0**power
    if whole and step != round(step):
        return (1.0, 0) if step < 1 else (5.0 if step > 2 else 2.0, 0)
    decimals = max(0, -power + (factor == 2.5)) if factor < 10 else max(0, -power - 1)
    return step, decimals


def make_ticks(axis: Axis, values: Iterable[float], count: int = 5, *, loose: bool = True) -> Ticks:
    """Make the ticks of an axis from the values it must hold.

    Parameters
    ----------
    axis
        What is asked of it; its ends are kept unless a value lies beyond.
    values
        Values to show; NaN are left out. Without any, the axis goes from 0 to 1.
    count
        Intervals at the most.
    loose
        Whether both ends are pushed to a tick.

    Returns
    -------
    Ticks
        French labels, all with the same decimals.

    Examples
    --------
    >>> make_ticks(Axis(), [3, 97]).labels
    ('0', '20', '40', '60', '80', '100')
    >>> make_ticks(Axis(years=True), [2011, 2023], loose=False).values
    (2015.0, 2020.0)
    """
    low, high = _span(axis, values)
    step, decimals = round_step(high - low, count, whole=axis.years)
    first, last = low / step, high / step
    if loose:
        first, last = math.floor(first + SAME), math.ceil(last - SAME)
        low = low if axis.low == low else round(first * step, decimals)
        high = high if axis.high == high else round(last * step, decimals)
    ranks = range(math.ceil(first - SAME), math.floor(last + SAME) + 1)
    ticks = tuple(round(rank * step, decimals) + 0.0 for rank in ranks)
    ticks = tuple(tick for tick in ticks if low - step * SAME <= tick <= high + step * SAME)
    return Ticks(low, high, ticks, tuple(word_tick(axis, tick, decimals) for tick in ticks))


def make_year_ticks(axis: Axis, years: Iterable[float], limit: int = 14) -> Ticks:
    """Make a tick of each year known, as censuses are not evenly spaced; round years when there are too many.

    Examples
    --------
    >>> make_year_ticks(Axis(years=True), [2011, 2016, 2022, 2011]).labels
    ('2011', '2016', '2022')
    """
    known = sorted(set(keep_known(years)))
    if not 1 < len(known) <= limit:
        return make_ticks(axis, known, loose=False)
    low, high = _span(axis, known)
    return Ticks(low, high, tuple(known), tuple(word_tick(axis, year) for year in known))


def word_tick(axis: Axis, value: float, decimals: int = 0) -> str:
    """Word a tick: a year has no thousands space."""
    if axis.years:
        return str(round(value))
    return format_number(value, decimals, signed=axis.signed)


def _span(axis: Axis, values: Iterable[float]) -> tuple[float, float]:
    ends = [end for end in (axis.low, axis.high) if end is not None]
    known = keep_known([*values, *ends, *([0.0] if axis.zero else [])])
    if not known:
        return 0.0, 1.0
    low, high = min(known), max(known)
    if high - low > max(SAME * max(abs(low), abs(high)), NOTHING):
        return low, high
    # a single value: room on both sides, so that it is drawn in the middle
    room = 1.0 if axis.years or abs(low) < NOTHING else abs(low) * 0.1
    return low - room, high + room
