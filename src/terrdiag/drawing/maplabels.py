"""Names on a map: none over another, over the scale bar or over the ends of a line."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import shapely

from terrdiag.drawing.ground import Ground, is_drawable
from terrdiag.drawing.model import MapLabel, MapLine, Point
from terrdiag.drawing.place import Box, Crowd
from terrdiag.drawing.points import around
from terrdiag.drawing.svg import tag, write
from terrdiag.drawing.text import SMALL, measure_text

END: Final = 4.5
"""Radius of the end of a line."""


class _Name(NamedTuple):
    """A name to write: its point in pixels, and whether it is a point that the name must not hide."""

    text: str
    at: Point
    strong: bool
    is_end: bool


def label_place(text: str, geometry: Any, *, strong: bool = False) -> MapLabel:
    """Set the name of a place at the middle of the widest part of its outline.

    Parameters
    ----------
    text
        The name.
    geometry
        Polygon or MultiPolygon (shapely), in metres.
    strong
        Whether it is written in bold.

    Examples
    --------
    >>> label = label_place("Hitte", shapely.box(0, 0, 2000, 1000))
    >>> 500 <= label.x <= 1500, round(label.y)
    (True, 500)
    """
    middle = shapely.get_coordinates(shapely.maximum_inscribed_circle(geometry))[0]
    return MapLabel(text, float(middle[0]), float(middle[1]), strong=strong)


def draw_names(
    ground: Ground, crowd: Crowd, labels: Sequence[MapLabel], lines: Sequence[MapLine]
) -> tuple[str, tuple[str, ...]]:
    """Draw the ends of lines and their names, then the other names where they fit.

    Parameters
    ----------
    ground
        The map.
    crowd
        What already lies on it; the names are added to it.
    labels
        Names of places, the most important first.
    lines
        Lines whose ends may be named.

    Returns
    -------
    tuple
        Markup, and the names left out for want of room.
    """
    ends = [end for line in lines for end in _list_ends(ground, line)]
    places = [
        _Name(label.text, ground.at(label.x, label.y), label.strong, is_end=False)
        for label in labels
    ]
    crowd.taken += [_disc(end.at) for end in ends]
    dots = [tag("circle", class_="tdd-end", cx=end.at[0], cy=end.at[1], r=END) for end in ends]
    halos, names, unwritten = [], [], []
    for name in [*ends, *places]:
        if not name.text:
            continue
        found = _find_place(crowd, name)
        if found is None:
            unwritten.append(name.text)
            continue
        class_ = f"tdd-small tdd-name{' tdd-strong' if name.strong else ''}"
        x, y = found.left, found.top + SMALL * 0.88
        halos.append(write(x, y, name.text, f"{class_} tdd-halo"))
        names.append(write(x, y, name.text, class_))
    return "".join([*dots, *halos, *names]), tuple(unwritten)


def _list_ends(ground: Ground, line: MapLine) -> list[_Name]:
    if not (line.start or line.end) or not is_drawable(line.geometry):
        return []
    points = shapely.get_coordinates(line.geometry)
    pairs = zip((line.start, line.end), (points[0], points[-1]), strict=True)
    return [_Name(text, ground.at(*at.tolist()), strong=True, is_end=True) for text, at in pairs]


def _find_place(crowd: Crowd, name: _Name) -> Box | None:
    """Find where a name fits: around the end of a line, or over the middle of a place, then beside it."""
    width = measure_text(name.text, SMALL, bold=name.strong)
    x, y = name.at
    height = SMALL * 1.1
    boxes = around(x, y, width, END + 4)
    if not name.is_end:
        left, top = x - width / 2, y - height / 2
        shifts = [(0, 0), *((dx, dy) for dy in (-9, 9) for dx in (0, -width / 4, width / 4))]
        boxes = [
            Box(left + dx, top + dy, left + dx + width, top + dy + height) for dx, dy in shifts
        ]
    rank = crowd.take_first(boxes)
    return None if rank is None else boxes[rank]


def _disc(at: Point) -> Box:
    return Box(at[0] - END, at[1] - END, at[0] + END, at[1] + END)
