"""Scatter charts: a point a place, some of them named, and a slope."""

import math
from collections.abc import Sequence
from typing import Final

from terrdiag.drawing.frame import Frame, count_ticks, frame_plot
from terrdiag.drawing.keys import Key, draw_keys, rule_key
from terrdiag.drawing.model import Axis, Caption, Point, Slope, Spot
from terrdiag.drawing.place import Box, Crowd
from terrdiag.drawing.scale import keep_known, make_ticks
from terrdiag.drawing.sheet import Drawing, draw_nothing
from terrdiag.drawing.svg import rule, tag, write
from terrdiag.drawing.text import SMALL, measure_text
from terrdiag.wording import plural

HEIGHT: Final = 400.0

NARROW_HEIGHT: Final = 300.0

RADIUS: Final = 4.5

OWN_RADIUS: Final = 6.0

SLOPE_CLASS: Final = "tdd-line tdd-ink2 tdd-dash1"


def draw_points(
    caption: Caption,
    spots: Sequence[Spot],
    x: Axis,
    y: Axis,
    *,
    slope: Slope | None = None,
) -> Drawing:
    """Draw a point a place, with the names that fit and a slope.

    Parameters
    ----------
    caption
        Name, title, note, width.
    spots
        The places; the first ones have the best chance of being named.
    x, y
        The axes.
    slope
        A straight line through the points.

    Returns
    -------
    Drawing
        Places with an unknown coordinate are counted in the key, and names without room are in the description;
        « aucune donnée » when no place has both coordinates.

    Raises
    ------
    DrawingError
        A value is infinite.
    """
    known = [spot for spot in spots if len(keep_known([spot.x, spot.y])) == 2]
    if not known:
        return draw_nothing(caption)
    height = NARROW_HEIGHT if caption.is_narrow else HEIGHT
    line = _slope_ends(slope)
    highs = [spot.y for spot in known] + [point[1] for point in line]
    across = make_ticks(x, [spot.x for spot in known], count_ticks(caption.width, 90))
    up = make_ticks(y, highs, count_ticks(height, 60))
    frame = frame_plot(Box(0, 0, caption.width, height), (x, across), (y, up))
    names, unwritten = _name_spots(frame, known)
    parts = [frame.markup, _draw_slope(frame, line)]
    parts += [_draw_spot(frame, spot) for spot in sorted(known, key=lambda spot: spot.own)]
    keys, used = draw_keys(
        _list_keys(slope, len(spots) - len(known)), Box(0, height + 8, caption.width, math.inf)
    )
    markup = "".join([*parts, names, keys])
    return Drawing(caption, markup, height + (used + 12 if used else 4), unwritten)


def _slope_ends(slope: Slope | None) -> list[Point]:
    if slope is None:
        return []
    ends = [(at, slope.intercept + slope.slope * at) for at in (slope.low, slope.high)]
    return ends if len(keep_known([y for _, y in ends])) == 2 else []


def _draw_slope(frame: Frame, ends: Sequence[Point]) -> str:
    if not ends:
        return ""
    (x1, y1), (x2, y2) = ((frame.x.at(x), frame.y.at(y)) for x, y in ends)
    return rule(x1, y1, x2, y2, SLOPE_CLASS)


def _draw_spot(frame: Frame, spot: Spot) -> str:
    class_, radius = ("tdd-dot", OWN_RADIUS) if spot.own else ("tdd-spot", RADIUS)
    return tag("circle", class_=class_, cx=frame.x.at(spot.x), cy=frame.y.at(spot.y), r=radius)


def _name_spots(frame: Frame, spots: Sequence[Spot]) -> tuple[str, tuple[str, ...]]:
    """Write the names that fit, over a white edge; give those that do not."""
    crowd = Crowd(frame.plot)
    for spot in spots:
        x, y = frame.x.at(spot.x), frame.y.at(spot.y)
        crowd.taken.append(Box(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS))
    halos, names, unwritten = [], [], []
    for spot in sorted(spots, key=lambda spot: not spot.own):
        if not spot.label:
            continue
        width = measure_text(spot.label, SMALL, bold=spot.own)
        boxes = around(frame.x.at(spot.x), frame.y.at(spot.y), width, OWN_RADIUS + 2)
        rank = crowd.take_first(boxes)
        if rank is None:
            unwritten.append(spot.label)
            continue
        left, top = boxes[rank][:2]
        class_ = "tdd-small tdd-own" if spot.own else "tdd-small"
        halos.append(write(left, top + SMALL * 0.86, spot.label, f"{class_} tdd-halo"))
        names.append(write(left, top + SMALL * 0.86, spot.label, class_))
    return "".join([*halos, *names]), tuple(unwritten)


def around(x: float, y: float, width: float, gap: float) -> list[Box]:
    """List the places of a name around a point, the best first: right, left, above, below, then the corners."""
    height = SMALL * 1.1
    middle = y - height / 2
    above, below = y - gap - height, y + gap
    lefts = [
        (x + gap, middle),
        (x - gap - width, middle),
        (x - width / 2, above),
        (x - width / 2, below),
        (x + gap * 0.7, above + 3),
        (x + gap * 0.7, below - 3),
        (x - gap * 0.7 - width, above + 3),
        (x - gap * 0.7 - width, below - 3),
    ]
    return [Box(left, top, left + width, top + height) for left, top in lefts]


def _list_keys(slope: Slope | None, unknown: int) -> list[Key]:
    keys = [rule_key(slope.label, SLOPE_CLASS)] if slope and slope.label else []
    if unknown:
        words = (
            f"{plural(unknown, 'lieu non dessiné', 'lieux non dessinés')} (valeur non disponible)"
        )
        keys.append(Key(words, lambda _: "", "tdd-heading", 0))
    return keys
