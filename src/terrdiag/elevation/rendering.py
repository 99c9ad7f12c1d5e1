"""Draw altitudes as a small PNG: hypsometric tints, lightly shaded."""

import warnings
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile

from terrdiag.elevation.model import Picture
from terrdiag.elevation.reading import Altitudes
from terrdiag.elevation.tints import parse, pick_tints

_SHADES: Final = ((0.80, 0.88, 0.95, 1.0, 1.04), (0.84, 0.94, 1.0), (1.0,))
"""Factors of lightness, from the darkest slope to the brightest: light, so that tints stay readable.

The first ones that make a small enough file are kept."""

_MOST_BYTES: Final = 120_000

_SUN: Final = (-1.0, 1.0)
"""Light from the north-west, as on printed maps: eastwards and northwards parts."""

_STEEP_TANGENT: Final = 0.5
_MOST_EXAGGERATED: Final = 8.0
_STRENGTH: Final = 0.35


def render_tint(picture: Picture, breaks: Sequence[float]) -> bytes:
    """Draw altitudes as a PNG with a palette: bands of altitude, lightly shaded, nothing where unknown.

    Parameters
    ----------
    picture
        Altitudes (m) on pixels.
    breaks
        Altitudes between bands, increasing: n of them make n + 1 bands, of the colours of
        :func:`~terrdiag.elevation.tints.pick_tints`.

    Returns
    -------
    bytes
        The file.
    """
    bands = np.digitize(picture.array, breaks)
    lightness = shade(picture)
    for shades in _SHADES:
        ranks = np.abs(lightness[..., np.newaxis] - shades).argmin(axis=-1)
        # 0 is left for what is not known
        index = np.where(np.isnan(picture.array), 0, 1 + bands * len(shades) + ranks)
        png = _write_png(index.astype(np.uint8), _lay_palette(len(breaks) + 1, shades))
        if len(png) <= _MOST_BYTES:
            break
    return png


def shade(picture: Picture) -> Altitudes:
    """Compute the lightness of the ground under a light from the north-west: 1 where it is flat.

    Gentle ground is exaggerated, so that plains show their valleys.

    Parameters
    ----------
    picture
        Altitudes (m) on pixels.

    Returns
    -------
    ndarray
        Shape of the picture; 1 where nothing is known.
    """
    if min(picture.array.shape) < 2:
        return np.ones_like(picture.array)
    south, east = np.gradient(picture.array, picture.pixel_m)
    steepness = np.hypot(south, east)
    known = np.isfinite(steepness)
    usual = float(np.quantile(steepness[known], 0.95)) if known.any() else 0.0
    factor = np.clip(_STEEP_TANGENT / max(usual, 1e-6), 1.0, _MOST_EXAGGERATED)
    towards = (_SUN[1] * south - _SUN[0] * east) / np.hypot(*_SUN)
    # Lambert's law for a light halfway up the sky, over what flat ground receives
    light = (1 + factor * towards) / np.hypot(1, factor * steepness)
    return np.where(known, 1 + _STRENGTH * (light - 1), 1).astype(np.float32)


def _lay_palette(bands: int, shades: Sequence[float]) -> dict[int, tuple[int, int, int, int]]:
    tints = parse(pick_tints(bands))
    shaded = np.clip(tints[:, np.newaxis] * np.array(shades)[:, np.newaxis], 0, 255)
    colors = np.rint(shaded).astype(int).reshape(-1, 3)
    palette = {rank: (int(r), int(g), int(b), 255) for rank, (r, g, b) in enumerate(colors, 1)}
    return {0: (255, 255, 255, 0)} | palette


def _write_png(index: NDArray[np.uint8], palette: dict[int, tuple[int, int, int, int]]) -> bytes:
    height, width = index.shape
    with warnings.catch_warnings(), MemoryFile() as memory:
        # a picture needs no place: its box is kept beside it
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with memory.open(
            driver="PNG", width=width, height=height, count=1, dtype="uint8", ZLEVEL=9
        ) as dataset:
            dataset.write(index, 1)
            dataset.write_colormap(1, palette)
        return bytes(memory.read())
