"""The ground of a map: which stretch of land is shown, and how metres become pixels."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from terrdiag.drawing.model import Bounds, DrawingError, MapLine, MapShape, Point
from terrdiag.drawing.place import Box
from terrdiag.wording import NBSP

MARGIN: Final = 0.06
"""Ground shown around the territory, as a share of its larger side."""

FLATTEST: Final = 0.62
"""Height of a map over its width, at the least."""

TALLEST: Final = 1.1

RESOLUTION: Final = 0.6
"""What simplification may remove, in pixels: the side of the smallest triangle kept."""

Geometries = NDArray[np.object_]


@dataclass(frozen=True)
class Ground:
    """A stretch of land and the frame it is drawn in."""

    bounds: Bounds
    frame: Box

    @property
    def px_per_m(self) -> float:
        """Scale."""
        return (self.frame.right - self.frame.left) / (self.bounds[2] - self.bounds[0])

    def at(self, x: float, y: float) -> Point:
        """Place a point given in metres."""
        return (
            self.frame.left + (x - self.bounds[0]) * self.px_per_m,
            self.frame.top + (self.bounds[3] - y) * self.px_per_m,
        )

    def to_pixels(self, geometries: Sequence[Any]) -> Geometries:
        """Turn geometries in metres into geometries in pixels."""
        array = np.array(list(geometries), dtype=object)
        origin = np.array([self.bounds[0], self.bounds[3]])
        corner = np.array([self.frame.left, self.frame.top])
        scale = np.array([self.px_per_m, -self.px_per_m])
        pixels: Geometries = shapely.transform(array, lambda c: corner + (c - origin) * scale)
        return pixels

    def clip(self, pixels: Geometries) -> Geometries:
        """Keep what lies in the frame."""
        clipped: Geometries = shapely.clip_by_rect(pixels, *self.frame)
        return clipped


def view_bounds(shapes: Sequence[MapShape], lines: Sequence[MapLine] = ()) -> Bounds:
    """Find the stretch of land that a map of these places shows, in metres.

    Parameters
    ----------
    shapes
        The places; those of the territory count, all of them when none is.
    lines
        Lines that must be seen whole.

    Returns
    -------
    Bounds
        West, south, east, north: the ground to ask of a :class:`terrdiag.drawing.Raster`.

    Raises
    ------
    DrawingError
        Nothing has an extent, or coordinates are degrees.
    """
    own = [shape.geometry for shape in shapes if shape.own and is_drawable(shape.geometry)]
    others = [shape.geometry for shape in shapes if is_drawable(shape.geometry)]
    seen = [*(own or others), *(one.geometry for one in lines if is_drawable(one.geometry))]
    if not seen:
        raise DrawingError("carte sans aucun contour : il n'y a pas d'étendue à montrer.")
    west, south, east, north = shapely.total_bounds(np.array(seen, dtype=object)).tolist()
    _check_metres(west, south, east, north)
    margin = MARGIN * max(east - west, north - south)
    width, height = east - west + 2 * margin, north - south + 2 * margin
    wider, higher = max(width, height / TALLEST), max(height, width * FLATTEST)
    middle = (west + east) / 2, (south + north) / 2
    return (
        middle[0] - wider / 2,
        middle[1] - higher / 2,
        middle[0] + wider / 2,
        middle[1] + higher / 2,
    )


def is_drawable(geometry: Any) -> bool:
    """Say whether there is an outline to draw."""
    return geometry is not None and not geometry.is_empty


def simplify_outlines(pixels: Geometries) -> Geometries:
    """Simplify outlines to what the drawing shows; shared borders stay shared."""
    simplified: Geometries = shapely.coverage_simplify(pixels, RESOLUTION)
    return simplified


def write_outlines(pixels: Iterable[Any]) -> str:
    """Write outlines or lines as the data of one path, to 0.1 pixel.

    Parameters
    ----------
    pixels
        Geometries in pixels; empty ones are left out.

    Returns
    -------
    str
        Moves relative to the point before, from rounded positions: roundings do not add up.

    Examples
    --------
    >>> write_outlines([shapely.box(0, 0, 2, 1.04)])
    'M2 0l0 1-2 0 0-1z'
    """
    return "".join(_write_part(part) for part in shapely.get_parts(list(pixels)))


def _write_part(part: Any) -> str:
    if part.geom_type == "GeometryCollection":
        return write_outlines(part.geoms)
    if part.geom_type != "Polygon":
        return _write_run(shapely.get_coordinates(part), close=False)
    rings = shapely.get_rings(part)
    return "".join(_write_run(shapely.get_coordinates(ring)[:-1], close=True) for ring in rings)


def _write_run(coordinates: NDArray[np.float64], *, close: bool) -> str:
    tenths = np.floor(coordinates * 10 + 0.5).astype(np.int64)
    moves = np.diff(tenths, axis=0)
    moves = moves[(moves != 0).any(axis=1)]
    if not len(tenths):
        return ""
    if not len(moves):
        # smaller than a tenth of a pixel: its place is still marked
        moves = np.array([[5, 0], [0, 5]])
    steps = "".join(f"{_tenth(x, ' ')}{_tenth(y, ' ')}" for x, y in moves.tolist())
    start = f"M{_tenth(tenths[0, 0], '')}{_tenth(tenths[0, 1], ' ')}"
    return f"{start}l{steps.lstrip()}{'z' if close else ''}"


def _tenth(value: int, before: str) -> str:
    whole, rest = divmod(abs(int(value)), 10)
    text = f"{whole}.{rest}" if rest else str(whole)
    return f"-{text}" if value < 0 else f"{before}{text}"


def _check_metres(west: float, south: float, east: float, north: float) -> None:
    if not np.isfinite([west, south, east, north]).all():
        raise DrawingError("carte : des coordonnées ne sont pas des nombres.")
    if max(abs(west), abs(east)) <= 180 and max(abs(south), abs(north)) <= 90:
        raise DrawingError(
            f"carte{NBSP}: les contours sont en degrés. Projetez-les d'abord en mètres (EPSG:2154 en métropole)."
        )
