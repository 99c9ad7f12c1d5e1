"""The hypsometric curve, and the area of the ground by band of altitude."""

from typing import Final

import numpy as np

from terrdiag.drawing import (
    Axis,
    Bars,
    Caption,
    Drawing,
    Series,
    draw_bars,
    draw_lines,
    draw_widths,
)
from terrdiag.elevation import Zones, area_by_band, describe_zones, hypsometric_curve
from terrdiag.wording import NBSP, format_number, format_value

MOST_POINTS: Final = 120
"""A curve of a thousand metres has a thousand points: a picture does not show so many."""

SEA_SHARE: Final = 0.02
"""Ground lower than zero by less than this share of the highest is drawn at zero: less than the line is thick."""

MOST_BARS: Final = 14

STEPS_M: Final = (10, 20, 50, 100, 200, 300, 500, 1000)


def draw_curve(territory: Zones, name: str, word: str) -> Drawing | None:
    """Draw the hypsometric curve of a territory: the share of its ground above each altitude.

    Parameters
    ----------
    territory
        One zone.
    name
        Of the territory.
    word
        What the model is.

    Returns
    -------
    Drawing or None
        None where nothing is known.
    """
    altitude, share = hypsometric_curve(territory, 0)
    if not len(altitude):
        return None
    kept = np.unique(np.linspace(0, len(altitude) - 1, MOST_POINTS).round().astype(int))[::-1]
    drawn = altitude[kept]
    on_the_sea = -SEA_SHARE * altitude[-1] <= altitude[0] < 0
    if on_the_sea:
        # a marsh a few metres under zero must not open the scale down to −1,000 m
        drawn = np.maximum(drawn, 0)
    points = tuple(zip(share[kept].tolist(), drawn.tolist(), strict=True))
    middle = float(describe_zones(territory, 0).median_m[0])
    caption = Caption(
        "courbe-hypsometrique",
        f"Courbe hypsométrique, {name}",
        note=f"Lecture : la moitié de la superficie est au-dessus de {format_value(middle, 'm')} (d'après le {word}).",
        alt=f"Part de la superficie au-dessus de chaque altitude, de {format_value(altitude[0], 'm')} à "
        f"{format_value(altitude[-1], 'm')} ; la moitié est au-dessus de {format_value(middle, 'm')}.",
    )
    x = Axis("Part de la superficie au-dessus de l'altitude", "%", low=0, high=100)
    series = [Series("", points, own=True, area=True)]
    y = Axis("Altitude", "m", low=0 if on_the_sea else None)
    return draw_widths(lambda one: draw_lines(one, series, x, y), caption)


def word_share(share: float) -> str:
    """Word a share, so that what exists never reads 0 %.

    Examples
    --------
    >>> word_share(9.62), word_share(0.03), word_share(0.0)
    ('9,6\\xa0%', 'moins de 0,1\\xa0%', '0,0\\xa0%')
    """
    return f"moins de 0,1{NBSP}%" if 0 < share < 0.05 else format_value(share, "%", 1)


def draw_areas(territory: Zones, name: str, word: str) -> Drawing | None:
    """Draw the area of the ground of a territory by band of altitude, the highest at the top.

    Parameters
    ----------
    territory
        One zone.
    name
        Of the territory.
    word
        What the model is.

    Returns
    -------
    Drawing or None
        None where nothing is known.
    """
    if np.isnan(territory.low_m[0]):
        return None
    step = pick_step(float(territory.high_m[0] - territory.low_m[0]), MOST_BARS)
    edges, areas = area_by_band(territory, step)
    filled = np.flatnonzero(areas[0])
    rows = range(filled[-1], filled[0] - 1, -1)
    total = areas[0].sum()
    texts = tuple(
        f"{format_value(areas[0, k], 'km²', 1)} ({word_share(100 * areas[0, k] / total)})"
        for k in rows
    )
    bars = Bars(name, tuple(float(areas[0, k]) for k in rows), own=True, texts=texts)
    categories = [f"{format_number(edges[k])} à {format_number(edges[k + 1])}{NBSP}m" for k in rows]
    caption = Caption(
        "superficie-par-altitude",
        f"Superficie par tranche d'altitude, {name}",
        note=f"D'après le {word}. Une tranche comprend sa borne basse.",
    )
    axis = Axis("Superficie", "km²")
    return draw_widths(lambda one: draw_bars(one, categories, [bars], axis), caption)


def pick_step(extent_m: float, most: int) -> int:
    """Pick the finest round step that cuts an extent of altitudes in so many bands at the most.

    Examples
    --------
    >>> pick_step(2332, 14), pick_step(60, 14), pick_step(4800, 7)
    (200, 10, 1000)
    """
    return next((step for step in STEPS_M if extent_m / step <= most - 1), STEPS_M[-1])
