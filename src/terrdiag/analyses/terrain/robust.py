"""Rank correlation and robust slope, on plain arrays: what a few odd communes cannot overturn.

Written with numpy alone, importing scipy being longer than a whole analysis; the tests check it against scipy.
"""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MANY: Final = 3000
"""Beyond this many points, Theil's incomplete method: four and a half million pairs are enough."""

CONFIDENCE: Final = 0.95


@dataclass(frozen=True)
class RobustSlope:
    """A slope and its interval.

    Attributes
    ----------
    slope
        Median of the slopes between pairs of points; NaN when no two points differ in x.
    low, high
        Ends of the confidence interval; infinite when there are too few pairs for one.
    intercept
        Of the line through the medians.
    pairs
        How many pairs of points gave a slope.
    complete
        Whether every pair was taken (false beyond ``MANY`` points).
    """

    slope: float
    low: float
    high: float
    intercept: float
    pairs: int
    complete: bool


def average_ranks(values: Floats) -> Floats:
    """Rank values from 1, tied values sharing the mean of their ranks, shape (n,).

    Examples
    --------
    >>> average_ranks(np.array([10.0, 30.0, 10.0, 20.0])).tolist()
    [1.5, 4.0, 1.5, 3.0]
    """
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks: Floats = (last - (counts - 1) / 2)[place.reshape(-1)]
    return ranks


def spearman_rho(x: Floats, y: Floats) -> float:
    """Compute the rank correlation of Spearman (1904), from −1 to 1.

    Formula: correlation of Pearson of the ranks, tied values sharing their mean rank.

    Parameters
    ----------
    x, y
        Finite values, shape (n,).

    Returns
    -------
    float
        NaN when either is constant, or under two points.

    Examples
    --------
    >>> spearman_rho(np.array([1.0, 2.0, 3.0]), np.array([1.0, 8.0, 27.0]))
    1.0
    """
    if len(x) < 2:
        return float("nan")
    first, second = (ranks - ranks.mean() for ranks in (average_ranks(x), average_ranks(y)))
    # plain sums: waking the threads of a matrix product takes longer than these few numbers
    spread = float(np.sqrt((first * first).sum() * (second * second).sum()))
    # the rounding of the sums must not give 1.0000000000000002
    rho = float((first * second).sum()) / spread if spread else float("nan")
    return max(-1.0, min(1.0, rho)) if spread else rho


def fit_slope(x: Floats, y: Floats, confidence: float = CONFIDENCE) -> RobustSlope:
    """Fit the slope of Theil (1950) and Sen (1968), in units of y per unit of x.

    Formula: median of (yⱼ − yᵢ) / (xⱼ − xᵢ) over the pairs whose x differ.

    Parameters
    ----------
    x, y
        Finite values, shape (n,).
    confidence
        Of the interval.

    Returns
    -------
    RobustSlope
        All NaN when no two points differ in x.

    Notes
    -----
    The interval is that of Sen (1968, *Journal of the American Statistical Association* 63, 1379-1389): slopes
    of ranks (N ± z·σ) / 2, σ² being the variance of Kendall's S with its correction for ties. Beyond ``MANY``
    points, Theil's incomplete method pairs each point of the lower half in x with one of the upper half; these
    slopes being independent, the interval is that of a median, ranks (N ± z·√N) / 2.

    Examples
    --------
    >>> fit_slope(np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 5.0])).slope
    2.0
    """
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    complete = len(x) <= MANY
    slopes = _all_slopes(x, y) if complete else _paired_slopes(x, y)
    count = len(slopes)
    if not count:
        nothing = float("nan")
        return RobustSlope(nothing, nothing, nothing, nothing, 0, complete)
    variance = _kendall_variance(x, y) if complete else float(count)
    # nearly everything tied: the formula knows no interval
    margin = z * variance**0.5 if variance > 0 else np.inf
    lower, upper = _rank_ends(count, margin)
    middle = [(count - 1) // 2, count // 2]
    ranks = sorted({*middle, max(lower, 0), min(upper, count - 1)})
    ordered = np.partition(slopes, ranks)
    slope = float(ordered[middle].mean())
    return RobustSlope(
        slope=slope,
        low=float(ordered[lower]) if lower >= 0 else -np.inf,
        high=float(ordered[upper]) if upper < count else np.inf,
        intercept=float(np.median(y) - slope * np.median(x)),
        pairs=count,
        complete=complete,
    )


def _rank_ends(count: int, margin: float) -> tuple[int, int]:
    """Ranks, from 0, of the slopes that bound the interval; out of reach when there are too few slopes."""
    if not np.isfinite(margin):
        return -1, count
    return round((count - margin) / 2) - 1, round((count + margin) / 2)


def _all_slopes(x: Floats, y: Floats) -> Floats:
    """Slopes of all the pairs, block by block: n² numbers at once would not stay in the cache."""
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    parts = []
    for i in range(len(x) - 1):
        run = x[i + 1 :] - x[i]
        apart = run > 0
        parts.append((y[i + 1 :][apart] - y[i]) / run[apart])
    return np.concatenate(parts) if parts else np.zeros(0)


def _paired_slopes(x: Floats, y: Floats) -> Floats:
    """Slopes of the pairs of Theil's incomplete method; ties in x are ordered by y, whatever the order given."""
    order = np.lexsort((y, x))
    half = len(x) // 2
    low, high = order[:half], order[len(x) - half :]
    apart = x[high] > x[low]
    slopes: Floats = (y[high] - y[low])[apart] / (x[high] - x[low])[apart]
    return slopes


def _kendall_variance(x: Floats, y: Floats) -> float:
    """Variance of Kendall's S with ties in either variable (Sen 1968, equation 2.6)."""

    def weigh(sizes: Floats) -> float:
        return float((sizes * (sizes - 1) * (2 * sizes + 5)).sum())

    ties = [np.unique(values, return_counts=True)[1].astype(float) for values in (x, y)]
    whole = weigh(np.array([float(len(x))]))
    return (whole - weigh(ties[0]) - weigh(ties[1])) / 18
