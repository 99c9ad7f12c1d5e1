"""Static maps in a metric projection: perimeter, communes, neighbours, relief, lines, names, legend."""

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely

from terrdiag.drawing.furniture import (
    draw_fill,
    draw_north,
    draw_scale_bar,
    line_class,
    list_map_keys,
)
from terrdiag.drawing.ground import (
    Geometries,
    Ground,
    is_drawable,
    simplify_outlines,
    view_bounds,
    write_outlines,
)
from terrdiag.drawing.keys import Key, draw_keys
from terrdiag.drawing.maplabels import draw_names
from terrdiag.drawing.model import (
    Caption,
    DrawingError,
    Legend,
    MapLabel,
    MapLine,
    MapShape,
    Raster,
)
from terrdiag.drawing.place import Box, Crowd
from terrdiag.drawing.sheet import Drawing, draw_nothing
from terrdiag.drawing.svg import box, tag, write_lines
from terrdiag.drawing.text import LEADING, SIZE, SMALL, fold_evenly, fold_text
from terrdiag.wording import NBSP

LEGEND_WIDTH: Final = 186.0

GUTTER: Final = 16.0

SIDE_RATIO: Final = 0.76
"""A map higher than this share of its width has its legend beside it, when the drawing is wide."""

LINE_TOLERANCE: Final = 0.3
"""How far a line may move when it is simplified, in pixels."""

MANY: Final = 400
"""Communes beyond which their borders are hair lines."""

PNG_START: Final = b"\x89PNG\r\n\x1a\n"

NO_LEGEND: Final = Legend()


@dataclass(frozen=True)
class _Places:
    """Outlines in pixels, simplified: the territory's, their classes, the neighbours', and the perimeter."""

    own: Geometries
    fills: tuple[int | None, ...]
    away: Geometries
    perimeter: Any


def draw_map(
    caption: Caption,
    shapes: Sequence[MapShape],
    *,
    background: Raster | None = None,
    lines: Sequence[MapLine] = (),
    labels: Sequence[MapLabel] = (),
    legend: Legend = NO_LEGEND,
) -> Drawing:
    """Draw a map of places whose coordinates are metres of a projection.

    Parameters
    ----------
    caption
        Name, title, note, width.
    shapes
        The places: those of the territory, and those around it.
    background
        Picture under the borders (relief); the neighbours are then veiled, and bare communes are clear.
    lines
        Transects, former perimeters.
    labels
        Names, the most important first; those without room are said in the description.
    legend
        What the colours, the borders and the lines are.

    Returns
    -------
    Drawing
        With scale bar and north arrow; « aucune donnée » when no place has an outline, and a line of the legend when
        some have none.

    Raises
    ------
    DrawingError
        Coordinates are degrees, a class or a pattern is not known, or the picture is not a PNG file.
    """
    known = [shape for shape in shapes if is_drawable(shape.geometry)]
    if not known:
        return draw_nothing(caption)
    _check_fills(known, legend)
    keys = list_map_keys(legend, lines, len(shapes) - len(known))
    ground = _lay_ground(caption, known, lines, has_legend=bool(keys))
    places = _place_shapes(ground, known)
    furniture, crowd = _draw_furniture(ground, places)
    names, unwritten = draw_names(ground, crowd, labels, lines)
    parts = [
        _box(ground.frame, "tdd-sea"),
        _draw_background(ground, background),
        _draw_places(places, legend, over=background is not None),
        # a former perimeter is under the present one: only where they differ is it seen
        _draw_lines(ground, lines, dashed=True),
        _draw_perimeter(places),
        _draw_lines(ground, lines, dashed=False),
        furniture,
        names,
        _box(ground.frame, "tdd-neat"),
    ]
    markup, height = _draw_legend(legend, keys, ground.frame, caption.width)
    return Drawing(caption, "".join([*parts, markup]), height, unwritten)


def _lay_ground(
    caption: Caption, shapes: Sequence[MapShape], lines: Sequence[MapLine], *, has_legend: bool
) -> Ground:
    """Give the map its frame: as wide as the drawing, or narrower with the legend beside a high map."""
    bounds = view_bounds(shapes, lines)
    ratio = (bounds[3] - bounds[1]) / (bounds[2] - bounds[0])
    is_beside = has_legend and not caption.is_narrow and ratio >= SIDE_RATIO
    width = caption.width - (LEGEND_WIDTH + GUTTER if is_beside else 0)
    return Ground(bounds, Box(0.5, 0.5, width - 0.5, 0.5 + (width - 1) * ratio))


def _place_shapes(ground: Ground, shapes: Sequence[MapShape]) -> _Places:
    pixels = simplify_outlines(ground.to_pixels([shape.geometry for shape in shapes]))
    is_own = np.array([shape.own for shape in shapes], dtype=bool)
    # a place of a class is drawn, be it out of the perimeter (a commune that has left)
    is_drawn = np.array([shape.own or shape.fill is not None for shape in shapes], dtype=bool)
    fills = tuple(shape.fill for shape in shapes if shape.own or shape.fill is not None)
    around = ground.clip(pixels[~is_drawn])
    return _Places(pixels[is_drawn], fills, around, shapely.union_all(pixels[is_own]))


def _draw_background(ground: Ground, background: Raster | None) -> str:
    """Draw a picture under the map; its bytes are inside the drawing."""
    if background is None:
        return ""
    if not background.png.startswith(PNG_START):
        raise DrawingError("fond de carte : l'image n'est pas un fichier PNG.")
    west, south, east, north = background.bounds
    (left, top), (right, bottom) = ground.at(west, north), ground.at(east, south)
    image = tag(
        "image",
        x=left,
        y=top,
        width=right - left,
        height=bottom - top,
        preserveAspectRatio="none",
        xlink__href=f"data:image/png;base64,{base64.b64encode(background.png).decode('ascii')}",
    )
    # map software ignores clipping: what goes beyond the frame is painted over instead
    around = shapely.box(left - 1, top - 1, right + 1, bottom + 1).difference(
        shapely.box(*ground.frame)
    )
    return image + tag("path", class_="tdd-ground", fill_rule="evenodd", d=write_outlines([around]))


def _draw_places(places: _Places, legend: Legend, *, over: bool) -> str:
    """Draw the neighbours, then the communes by class."""
    parts = []
    if len(places.away):
        class_ = "tdd-veil" if over else "tdd-away"
        parts.append(tag("path", class_=class_, d=write_outlines(places.away)))
    commune = "tdd-commune tdd-fine" if len(places.own) > MANY else "tdd-commune"
    bare = f"{commune} {'tdd-clear' if over else 'tdd-bare'}"
    for rank in sorted({fill for fill in places.fills if fill is not None}):
        members = np.array([fill == rank for fill in places.fills])
        parts.append(draw_fill(places.own[members], legend.fills[rank], commune))
    rest = places.own[np.array([fill is None for fill in places.fills], dtype=bool)]
    if len(rest):
        parts.append(tag("path", class_=bare, d=write_outlines(rest)))
    return "".join(parts)


def _draw_lines(ground: Ground, lines: Sequence[MapLine], *, dashed: bool) -> str:
    parts = []
    for line in lines:
        if line.dashed == dashed and is_drawable(line.geometry):
            pixels = shapely.simplify(ground.to_pixels([line.geometry]), LINE_TOLERANCE)
            data = write_outlines(
                ground.clip(shapely.boundary(pixels) if _is_area(line) else pixels)
            )
            casing = "" if dashed else tag("path", class_="tdd-casing", d=data)
            parts.append(casing + tag("path", class_=line_class(line), d=data))
    return "".join(parts)


def _is_area(line: MapLine) -> bool:
    return bool(shapely.get_dimensions(line.geometry) == 2)


def _draw_perimeter(places: _Places) -> str:
    if places.perimeter.is_empty:
        return ""
    return tag("path", class_="tdd-perimeter", d=write_outlines([places.perimeter]))


def _draw_furniture(ground: Ground, places: _Places) -> tuple[str, Crowd]:
    """Draw scale bar and north arrow; give the ground of the map with what they take of it."""
    bar, under = draw_scale_bar(ground, places.perimeter)
    north, above = draw_north(ground, places.perimeter)
    return bar + north, Crowd(ground.frame, [under, above])


def _draw_legend(
    legend: Legend, keys: Sequence[Key], frame: Box, width: float
) -> tuple[str, float]:
    """Draw the legend beside the map where room was kept, else under it; give the height of the drawing."""
    is_beside = frame.right < width - GUTTER
    left = frame.right + GUTTER if is_beside else 0.0
    top = 0.0 if is_beside else frame.bottom + 10
    parts = []
    title = fold_evenly(legend.title, width - left, bold=True) if legend.title and keys else []
    parts.append(write_lines(left, top + SIZE, title, SIZE * LEADING, "tdd-strong"))
    top += len(title) * SIZE * LEADING + (6 if title else 0)
    markup, used = draw_keys(keys, Box(left, top, width, math.inf), one_a_row=is_beside)
    parts.append(markup)
    top += used + 6
    notes = [line for note in legend.notes for line in fold_text(note, width - left, SMALL)]
    parts.append(write_lines(left, top + SMALL, notes, SMALL * LEADING, "tdd-small"))
    bottom = top + len(notes) * SMALL * LEADING + 4 if keys or notes else 0.0
    return "".join(parts), max(bottom, frame.bottom + 1)


def _box(frame: Box, class_: str) -> str:
    return box(frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top, class_)


def _check_fills(shapes: Sequence[MapShape], legend: Legend) -> None:
    for shape in shapes:
        if shape.fill is not None and not 0 <= shape.fill < len(legend.fills):
            raise DrawingError(
                f"carte{NBSP}: classe {shape.fill} demandée, mais la légende n'en a que {len(legend.fills)}."
            )
