"""Hypsometric tints: one hue scale from valley to summit, told apart by lightness alone if need be."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

ANCHORS: Final = (
    "#e6f4ee",
    "#e4e8c6",
    "#e3d7a4",
    "#dbc285",
    "#cea968",
    "#bd8f50",
    "#a7753b",
    "#8e5c2b",
)
"""From the lowest ground to the highest; each is darker than the one before."""


def pick_tints(count: int) -> tuple[str, ...]:
    """Pick the colours of bands of altitude, from the lowest to the highest, as ``#rrggbb``.

    Parameters
    ----------
    count
        Number of bands.

    Raises
    ------
    ValueError
        There is no band.

    Examples
    --------
    >>> pick_tints(2)
    ('#e6f4ee', '#8e5c2b')
    """
    if count < 1:
        raise ValueError("Il faut au moins une tranche d'altitude.")
    places = np.linspace(0, len(ANCHORS) - 1, count)
    channels = np.array([np.interp(places, range(len(ANCHORS)), row) for row in parse(ANCHORS).T])
    return tuple(f"#{r:02x}{g:02x}{b:02x}" for r, g, b in np.rint(channels).astype(int).T)


def parse(colors: tuple[str, ...]) -> NDArray[np.float64]:
    """Turn ``#rrggbb`` colours into numbers from 0 to 255, shape (n, 3)."""
    return np.array([list(bytes.fromhex(color[1:])) for color in colors], dtype=float)
