"""What an indicator function gives back: a numerator and a denominator, place by place."""

from typing import NamedTuple

import pandas as pd


class Parts(NamedTuple):
    """Numerator and denominator of an indicator, on the same index.

    Both are computed commune by commune, then *summed* over any place, and only then divided: a
    ratio is a ratio of sums, never a mean of ratios. NaN means not known.

    Attributes
    ----------
    numerator
        Additive numerator.
    denominator
        Additive denominator; None for a count, which has none.
    scale
        What the ratio is multiplied by (100 for a percentage).
    """

    numerator: pd.Series
    denominator: pd.Series | None = None
    scale: float = 1.0


def finish_ratio(parts: Parts) -> pd.Series:
    """Divide the sums: scale × numerator / denominator, NaN where the denominator is zero.

    Examples
    --------
    >>> finish_ratio(Parts(pd.Series([49.0, 0.0, 1.0]), pd.Series([559.0, 4.0, 0.0]), 100)).round(2).tolist()
    [8.77, 0.0, nan]
    """
    if parts.denominator is None:
        return parts.numerator
    return parts.scale * parts.numerator / parts.denominator.where(parts.denominator != 0)


def finish_growth(parts: Parts, years: int) -> pd.Series:
    """Turn end over start into a compound annual rate, in % a year.

    Parameters
    ----------
    parts
        Value at the end (numerator) and at the start (denominator) of the interval.
    years
        Length of the interval.

    Returns
    -------
    Series
        ``((end / start) ** (1 / years) − 1) × 100``; NaN where the start is zero.

    Examples
    --------
    >>> finish_growth(Parts(pd.Series([121.0, 50.0]), pd.Series([100.0, 0.0])), 2).round(6).tolist()
    [10.0, nan]
    """
    assert parts.denominator is not None  # noqa: S101  # a growth always has a start
    ratio = parts.numerator / parts.denominator.where(parts.denominator > 0)
    return (ratio ** (1 / years) - 1) * 100
