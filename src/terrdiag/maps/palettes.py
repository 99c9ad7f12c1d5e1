"""Colours: ColorBrewer palettes safe for colour blindness, and the looks of what has no class.

Colour specifications and designs developed by Cynthia Brewer (http://colorbrewer.org/), Apache licence 2.0.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from terrdiag.errors import CatalogueError
from terrdiag.indicators import FRAGILE
from terrdiag.values import ESTIMATE, MISSING, NOT_APPLICABLE, PARTIAL, SECRET, TOO_SMALL
from terrdiag.wording import NBSP, suggest

SEQUENTIAL: Final = {
    "YlGnBu": (
        "7fcdbb",
        "edf8b1 2c7fb8",
        "edf8b1 7fcdbb 2c7fb8",
        "ffffcc a1dab4 41b6c4 225ea8",
        "ffffcc a1dab4 41b6c4 2c7fb8 253494",
        "ffffcc c7e9b4 7fcdbb 41b6c4 2c7fb8 253494",
        "ffffcc c7e9b4 7fcdbb 41b6c4 1d91c0 225ea8 0c2c84",
        "ffffd9 edf8b1 c7e9b4 7fcdbb 41b6c4 1d91c0 225ea8 0c2c84",
    ),
    "YlOrBr": (
        "fec44f",
        "fff7bc d95f0e",
        "fff7bc fec44f d95f0e",
        "ffffd4 fed98e fe9929 cc4c02",
        "ffffd4 fed98e fe9929 d95f0e 993404",
        "ffffd4 fee391 fec44f fe9929 d95f0e 993404",
        "ffffd4 fee391 fec44f fe9929 ec7014 cc4c02 8c2d04",
        "ffffe5 fff7bc fee391 fec44f fe9929 ec7014 cc4c02 8c2d04",
    ),
    "PuBuGn": (
        "a6bddb",
        "ece2f0 1c9099",
        "ece2f0 a6bddb 1c9099",
        "f6eff7 bdc9e1 67a9cf 02818a",
        "f6eff7 bdc9e1 67a9cf 1c9099 016c59",
        "f6eff7 d0d1e6 a6bddb 67a9cf 1c9099 016c59",
        "f6eff7 d0d1e6 a6bddb 67a9cf 3690c0 02818a 016450",
        "fff7fb ece2f0 d0d1e6 a6bddb 67a9cf 3690c0 02818a 016450",
    ),
}
"""From light to dark, for 1 to 8 classes (ColorBrewer starts at 3: the shorter ones are taken from these)."""

DIVERGING: Final = {
    "PuOr": (
        "f7f7f7",
        "f1a340 998ec3",
        "f1a340 f7f7f7 998ec3",
        "e66101 fdb863 b2abd2 5e3c99",
        "e66101 fdb863 f7f7f7 b2abd2 5e3c99",
        "b35806 f1a340 fee0b6 d8daeb 998ec3 542788",
        "b35806 f1a340 fee0b6 f7f7f7 d8daeb 998ec3 542788",
        "b35806 e08214 fdb863 fee0b6 d8daeb b2abd2 8073ac 542788",
        "b35806 e08214 fdb863 fee0b6 f7f7f7 d8daeb b2abd2 8073ac 542788",
    ),
    "BrBG": (
        "f5f5f5",
        "d8b365 5ab4ac",
        "d8b365 f5f5f5 5ab4ac",
        "a6611a dfc27d 80cdc1 018571",
        "a6611a dfc27d f5f5f5 80cdc1 018571",
        "8c510a d8b365 f6e8c3 c7eae5 5ab4ac 01665e",
        "8c510a d8b365 f6e8c3 f5f5f5 c7eae5 5ab4ac 01665e",
        "8c510a bf812d dfc27d f6e8c3 c7eae5 80cdc1 35978f 01665e",
        "8c510a bf812d dfc27d f6e8c3 f5f5f5 c7eae5 80cdc1 35978f 01665e",
    ),
}
"""From below to above the centre; an odd number has its neutral colour in the middle."""

COLORS: Final = {
    "away": "#ececec",
    "bare": "#fbfbf8",
    "circle": "#2b7bba",
    "circleEdge": "#08306b",
    "focus": "#d6006c",
}
"""Neighbours of the territory (flat and light, they only situate), ground of a map in circles, circles, focus."""


class Look(NamedTuple):
    """A pattern that repeats: strokes of ``ink`` along ``path`` (SVG) in a square of ``size`` pixels."""

    ground: str
    """Empty: the colour of the class shows through, and each stroke is edged with white."""
    ink: str
    path: str
    size: int
    width: float


LOOKS: Final = {
    TOO_SMALL: Look("#ffffff", "#5c5c5c", "M-2 2L2 -2M0 8L8 0M6 10L10 6", 8, 1.3),
    SECRET: Look("#ffffff", "#5c5c5c", "M0 0L8 8M8 0L0 8", 8, 1.2),
    MISSING: Look("#ffffff", "#5c5c5c", "M2 2h0M6 6h0", 8, 2.2),
    NOT_APPLICABLE: Look("#ffffff", "#5c5c5c", "M0 4H8", 8, 1.2),
    ESTIMATE: Look("", "#1a1a1a", "M0 0L12 12M-2 10L2 14M10 -2L14 2", 12, 0.8),
    PARTIAL: Look("", "#1a1a1a", "M3 3h0M9 9h0", 12, 2.0),
    FRAGILE: Look("", "#1a1a1a", "M3 1v4M9 7v4", 12, 0.8),
}
"""Look of a status or of the mark of a fragile value, over white or over the colour of the class; ``ok`` has none."""


def pick_colors(palette: str, count: int) -> tuple[str, ...]:
    """Pick the colours of a sequential palette.

    Parameters
    ----------
    palette
        Name of the palette; a diverging one gives its upper half.
    count
        Number of classes.

    Returns
    -------
    tuple of str
        Colours from light to dark, as ``#rrggbb``.

    Raises
    ------
    CatalogueError
        The palette is not known, or has fewer colours.

    Examples
    --------
    >>> pick_colors("YlGnBu", 3)
    ('#edf8b1', '#7fcdbb', '#2c7fb8')
    """
    if palette in DIVERGING:
        return pick_diverging(palette, 0, count, neutral=False)
    return _pick(SEQUENTIAL, palette, count)


def pick_diverging(palette: str, below: int, above: int, *, neutral: bool) -> tuple[str, ...]:
    """Pick the colours of a diverging palette, as strong at the same rank on both sides of the centre.

    Parameters
    ----------
    palette
        Name of the palette.
    below, above
        Number of classes on each side of the centre.
    neutral
        Whether a class lies across the centre.

    Returns
    -------
    tuple of str
        Colours from the lowest class to the highest.

    Raises
    ------
    CatalogueError
        The palette is not diverging, or has fewer colours.

    Examples
    --------
    >>> pick_diverging("PuOr", 1, 2, neutral=False)
    ('#fdb863', '#b2abd2', '#5e3c99')
    """
    side = max(below, above)
    colors = _pick(DIVERGING, palette, 2 * side + neutral)
    return colors[side - below : len(colors) - (side - above)]


def contrast(one: str, other: str) -> float:
    """Measure the contrast of two colours (WCAG 2, from 1 to 21).

    Examples
    --------
    >>> round(contrast("#000000", "#ffffff"), 1), contrast("#777777", "#777777")
    (21.0, 1.0)
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _pick(family: Mapping[str, tuple[str, ...]], palette: str, count: int) -> tuple[str, ...]:
    if palette not in family:
        raise CatalogueError(
            f"palette inconnue ou d'un autre type{NBSP}: « {palette} ». "
            f"Palettes possibles ici{NBSP}: {', '.join(family)}.{suggest(palette, family)}"
        )
    if not 1 <= count <= len(family[palette]):
        raise CatalogueError(
            f"palette {palette}{NBSP}: {count} couleurs demandées, {len(family[palette])} au plus. "
            "Réduisez le nombre de classes."
        )
    return tuple(f"#{color}" for color in family[palette][count - 1].split())


def _luminance(color: str) -> float:
    channels = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
