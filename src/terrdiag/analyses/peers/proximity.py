"""How near two statistical profiles are: standardised differences, feature by feature."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

NORMAL_IQR: Final = 1.349
"""Interquartile range of a normal distribution of standard deviation 1."""


@dataclass(frozen=True)
class Feature:
    """A side of a profile, which counts once however many figures it is made of.

    Attributes
    ----------
    id
        What it is.
    indicators
        Its figures.
    is_log
        Whether a ratio matters more than a difference (a size): the logarithm is compared.
    weight
        Its weight in the distance.
    """

    id: str
    indicators: tuple[str, ...]
    is_log: bool = False
    weight: float = 1.0


@dataclass(frozen=True)
class Gaps:
    """How profiles differ from one of them.

    Attributes
    ----------
    columns
        Standardised difference by profile and figure, shape (n, c): positive where the profile has more.
    features
        Size of the difference by profile and feature, shape (n, f): root mean square over its figures.
    distances
        Shape (n,).
    """

    columns: NDArray[np.float64]
    features: NDArray[np.float64]
    distances: NDArray[np.float64]


def scale_robustly(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Find the scale of each column: the interquartile range over 1.349.

    Where half of the profiles bear the same value, the interquartile range is zero: the standard deviation
    stands in. A column with one value only has no scale.

    Parameters
    ----------
    table
        Profiles, shape (n, c), without an unknown cell.

    Returns
    -------
    array
        Shape (c,); NaN for a column that tells no profile from another.

    Examples
    --------
    >>> scale_robustly(np.array([[0.0, 5.0], [1.349, 5.0], [2.698, 5.0]])).round(9).tolist()
    [1.0, nan]
    """
    low, high = np.quantile(table, [0.25, 0.75], axis=0)
    # the spread of equal numbers is not always exactly zero
    is_flat = table.max(axis=0) == table.min(axis=0)
    scale = (high - low) / NORMAL_IQR
    return np.where(is_flat, np.nan, np.where(scale > 0, scale, table.std(axis=0)))


def measure_gaps(
    table: NDArray[np.float64],
    own: NDArray[np.float64],
    scales: NDArray[np.float64],
    features: tuple[Feature, ...],
) -> Gaps:
    """Measure how far profiles are from one of them.

    Formula: distance = sqrt(Σ weight × gap² / Σ weight) over the features, a gap being the root mean square of
    the standardised differences of its figures. A figure without a scale counts as equal.

    Parameters
    ----------
    table
        Profiles, shape (n, c), columns in the order of the features' figures.
    own
        The profile they are compared to, shape (c,).
    scales
        Shape (c,), as given by :func:`scale_robustly`.
    features
        The sides of the profile.

    Returns
    -------
    Gaps
        Differences and distances, in the order of the profiles.
    """
    columns = np.where(np.isnan(scales), 0.0, (table - own) / scales)
    ends = np.cumsum([len(feature.indicators) for feature in features])
    parts = np.split(columns**2, ends[:-1], axis=1)
    squares = np.stack([part.mean(axis=1) for part in parts], axis=1)
    weights = np.array([feature.weight for feature in features])
    distances = np.sqrt(squares @ weights / weights.sum())
    return Gaps(columns, np.sqrt(squares), distances)
