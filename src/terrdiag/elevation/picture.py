"""Altitudes on the pixels of a map."""

from typing import Final

import numpy as np
from rasterio.enums import Resampling

from terrdiag.elevation.grid import Block, Grid
from terrdiag.elevation.layers import warp
from terrdiag.elevation.model import Bounds, ElevationModel, Picture
from terrdiag.elevation.reading import Altitudes, TileReader, explain_failure, limit_cache

_DEGREES: Final = "EPSG:4326"
_CELLS_A_PIXEL: Final = 2
"""Cells read for a pixel, along each side, when there are more: interpolation then averages them."""


def read_picture(model: ElevationModel, bounds: Bounds, epsg: int, width_px: int) -> Picture:
    """Read altitudes (m) on the pixels of a map.

    Parameters
    ----------
    model
        Elevation model.
    bounds
        West, south, east, north of the map, in degrees.
    epsg
        Code of the projection of the map.
    width_px
        Its width; pixels are square.

    Returns
    -------
    Picture
        Altitudes and the box of the pixels in the projection; NaN where nothing is known. They are
        interpolated to be looked at: figures come from the zones.

    Raises
    ------
    ElevationError
        A file cannot be read to its end.
    """
    target, shape = lay_pixels(bounds, epsg, width_px)
    array = np.full(shape, np.nan, dtype=np.float32)
    for rank, tile in enumerate(model.tiles):
        with limit_cache(), TileReader(tile, rank) as reader:
            part = _read_tile(reader, target, shape)
        if part is not None:
            np.copyto(array, part, where=np.isnan(array))
    pixel, _, west, _, _, north = target.transform
    height, width = shape
    return Picture(array, (west, north - height * pixel, west + width * pixel, north))


def lay_pixels(bounds: Bounds, epsg: int, width_px: int) -> tuple[Grid, tuple[int, int]]:
    """Lay square pixels over a box in degrees: their grid in a projection, rows and columns.

    Parameters
    ----------
    bounds
        West, south, east, north, in degrees.
    epsg
        Code of the projection.
    width_px
        Columns.
    """
    west, south, east, north = bounds
    box = Grid(_DEGREES, (east - west, 0.0, west, 0.0, south - north, north))
    x, y = box.project_sides(Block(0, 0, 1, 1), f"EPSG:{epsg}")
    pixel = float(x.max() - x.min()) / width_px
    height = max(round(float(y.max() - y.min()) / pixel), 1)
    grid = Grid(f"EPSG:{epsg}", (pixel, 0.0, float(x.min()), 0.0, -pixel, float(y.max())))
    return grid, (height, width_px)


def _read_tile(reader: TileReader, target: Grid, shape: tuple[int, int]) -> Altitudes | None:
    own = Grid.of(reader.tile)
    height, width = shape
    source = target.bound(Block(0, 0, height, width), own).grow(_CELLS_A_PIXEL)
    shared = source.meet(reader.extent)
    if not source.meets(reader.extent):
        return None
    # cells of the tile for one pixel, the same along both sides
    cells_a_pixel = min(source.shape[0] / height, source.shape[1] / width)
    step = max(cells_a_pixel / _CELLS_A_PIXEL, 1.0)
    rows, columns = (max(round(cells / step), 1) for cells in shared.shape)
    altitude, _ = reader.read(shared, (rows, columns))
    taken = own.shift(shared.top, shared.left).stretch(
        shared.shape[0] / rows, shared.shape[1] / columns
    )
    # large cells would show as facets under the light
    method = Resampling.bilinear if cells_a_pixel > 0.5 else Resampling.cubic_spline
    with explain_failure(reader.tile.path):
        return warp(altitude, taken, target, shape, method)
