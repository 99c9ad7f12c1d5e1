"""Altitudes along a line."""

from typing import Final

import numpy as np
import shapely

from terrdiag.elevation.grid import GEOD, Block
from terrdiag.elevation.model import ElevationModel, Floats, Profile
from terrdiag.elevation.mosaic import Mosaic
from terrdiag.errors import ElevationError
from terrdiag.wording import NBSP, format_value

_BLOCK_SIDE: Final = 512
_MOST_POINTS: Final = 1_000_000


def sample_profile(
    model: ElevationModel, line: shapely.LineString, step_m: float | None = None
) -> Profile:
    """Sample altitudes (m) along a line, at a regular distance on the ellipsoid.

    Parameters
    ----------
    model
        Elevation model.
    line
        The line, in degrees; between two of its points it follows the shortest way.
    step_m
        Distance between samples; the resolution of the model by default. The end of the line is
        always sampled.

    Returns
    -------
    Profile
        Altitudes are bilinear between the centres of cells, NaN where one of the four is not known.

    Raises
    ------
    ElevationError
        The line has no length, the step is not positive or would make too many points, or a file
        cannot be read to its end.
    """
    step = model.resolution_m if step_m is None else step_m
    distance, longitude, latitude = space_points(line, step)
    with Mosaic(model) as mosaic:
        column, row = mosaic.grid.from_degrees(longitude, latitude)
        altitude = _interpolate(mosaic, column - 0.5, row - 0.5)
    return Profile(distance, altitude, longitude, latitude)


def space_points(line: shapely.LineString, step_m: float) -> tuple[Floats, Floats, Floats]:
    """Space points along a line: distance (m) from its start, longitude, latitude.

    Parameters
    ----------
    line
        The line, in degrees.
    step_m
        Distance between points.

    Raises
    ------
    ElevationError
        The line has no length, the step is not positive or would make too many points.

    Examples
    --------
    >>> line = shapely.LineString([(0.0, 43.0), (0.0, 43.01)])
    >>> space_points(line, 500.0)[0].round(1).tolist()
    [0.0, 500.0, 1000.0, 1110.9]
    """
    points = shapely.get_coordinates(line)
    azimuth, _, length = GEOD.inv(points[:-1, 0], points[:-1, 1], points[1:, 0], points[1:, 1])
    ends = np.cumsum(length)
    if not len(ends) or ends[-1] == 0:
        raise ElevationError(
            "Le tracé du profil n'a pas de longueur. Donnez-lui au moins deux points distincts."
        )
    if not step_m > 0 or ends[-1] / step_m > _MOST_POINTS:
        raise ElevationError(
            f"Pas du profil{NBSP}: {format_value(step_m, 'm', 3)} pour une ligne de {format_value(ends[-1], 'm')}. "
            f"Donnez un pas d'au moins {format_value(ends[-1] / _MOST_POINTS, 'm', 3)}."
        )
    # a sample that all but falls on the end would be the same point twice
    distance = np.append(np.arange(0, ends[-1] - step_m / 100, step_m), ends[-1])
    side = np.minimum(np.searchsorted(ends, distance, side="right"), len(ends) - 1)
    start = ends - length
    longitude, latitude, _ = GEOD.fwd(
        points[side, 0], points[side, 1], np.asarray(azimuth)[side], distance - start[side]
    )
    return distance, longitude, latitude


def _interpolate(mosaic: Mosaic, column: Floats, row: Floats) -> Floats:
    """Interpolate between the centres of cells, reading only the blocks that the points are in."""
    altitude = np.full(len(row), np.nan)
    left, top = np.floor(column).astype(np.int64), np.floor(row).astype(np.int64)
    blocks = np.column_stack([top // _BLOCK_SIDE, left // _BLOCK_SIDE])
    _, group = np.unique(blocks, axis=0, return_inverse=True)
    for rank in range(group.max() + 1):
        at = np.flatnonzero(group.ravel() == rank)
        block = Block(
            int(top[at].min()), int(left[at].min()), int(top[at].max()) + 2, int(left[at].max()) + 2
        )
        if not mosaic.meets(block):
            continue
        cells = mosaic.read(block).altitude.astype(np.float64)
        i, j = top[at] - block.top, left[at] - block.left
        down, across = row[at] - top[at], column[at] - left[at]
        upper = cells[i, j] * (1 - across) + cells[i, j + 1] * across
        lower = cells[i + 1, j] * (1 - across) + cells[i + 1, j + 1] * across
        altitude[at] = upper * (1 - down) + lower * down
    return altitude
