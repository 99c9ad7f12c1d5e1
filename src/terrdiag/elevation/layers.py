"""Tiles laid on the grid everything is measured on: shifted when their cells are its own, interpolated otherwise."""

from typing import Final

import numpy as np
from rasterio.crs import CRS
from rasterio.enums import Resampling
from rasterio.transform import Affine
from rasterio.warp import reproject

from terrdiag.elevation.grid import Block, Grid, find_transformer
from terrdiag.elevation.model import Tile
from terrdiag.elevation.reading import Altitudes, OddCells, TileReader, explain_failure

_ALIGNED: Final = 0.01
"""Fraction of a cell under which two grids are the same."""

Reading = tuple[Altitudes, list[OddCells]]
"""Altitudes of a block, and what was set aside in it, counted in cells of the grid."""


class Layer:
    """A tile whose cells are those of the grid, but for a shift.

    Parameters
    ----------
    reader
        The opened tile.
    extent
        Its cells in the grid.
    """

    def __init__(self, reader: TileReader, extent: Block) -> None:
        self.reader = reader
        self.extent = extent

    def read(self, block: Block) -> Reading:
        """Read a block of the grid as altitudes (m), NaN outside of the tile.

        Parameters
        ----------
        block
            Cells of the grid, some of them in the tile.
        """
        shared = self.extent.meet(block)
        altitude, odd = self._read_inside(shared)
        if shared == block:
            return altitude, odd
        padded = np.full(block.shape, np.nan, dtype=np.float32)
        top, left, bottom, right = shared.move(-block.top, -block.left)
        padded[top:bottom, left:right] = altitude
        return padded, odd

    def _read_inside(self, block: Block) -> Reading:
        down, across = self.extent.top, self.extent.left
        altitude, odd = self.reader.read(block.move(-down, -across))
        if odd is None:
            return altitude, []
        return altitude, [odd.place(odd.row + down, odd.column + across)]


class WarpedLayer(Layer):
    """A tile of another grid, interpolated at the centres of the cells.

    What is not an altitude is set aside before: interpolation would blend it with its neighbours.

    Parameters
    ----------
    reader
        The opened tile.
    grid
        The grid.
    """

    def __init__(self, reader: TileReader, grid: Grid) -> None:
        self._grid = grid
        self._own = Grid.of(reader.tile)
        super().__init__(reader, self._own.bound(reader.extent, grid))

    def _read_inside(self, block: Block) -> Reading:
        source = self._grid.bound(block, self._own).grow(2).meet(self.reader.extent)
        if not source.meets(self.reader.extent):
            return np.full(block.shape, np.nan, dtype=np.float32), []
        altitude, odd = self.reader.read(source)
        own, wanted = self._own.shift(source.top, source.left), self._grid.shift(*block[:2])
        with explain_failure(self.reader.tile.path):
            warped = warp(altitude, own, wanted, block.shape)
        return warped, [] if odd is None else [self._place(odd)]

    def _place(self, odd: OddCells) -> OddCells:
        coordinates = self._own.to_coordinates(
            odd.column.astype(np.float64) + 0.5, odd.row.astype(np.float64) + 0.5
        )
        x, y = find_transformer(self._own.crs, self._grid.crs).transform(*coordinates)
        column, row = np.floor(self._grid.from_coordinates(x, y)).astype(np.int64)
        return odd.place(row, column)


def place_tile(reader: TileReader, grid: Grid) -> Layer:
    """Lay a tile on a grid.

    Parameters
    ----------
    reader
        The opened tile.
    grid
        The grid.
    """
    offset = find_offset(reader.tile, grid)
    if offset is None:
        return WarpedLayer(reader, grid)
    return Layer(reader, reader.extent.move(*offset))


def find_offset(tile: Tile, grid: Grid) -> tuple[int, int] | None:
    """Find the row and the column of the grid where a tile starts; None when its cells are others.

    Parameters
    ----------
    tile
        The tile.
    grid
        The grid.
    """
    if tile.crs != grid.crs:
        return None
    corners = np.array([[0.0, 0.0], [tile.width, tile.height]])
    places = np.column_stack(
        grid.from_coordinates(*Grid.of(tile).to_coordinates(corners[:, 0], corners[:, 1]))
    )
    start = np.rint(places[0])
    if np.abs(places - (start + corners)).max() > _ALIGNED:
        return None
    return int(start[1]), int(start[0])


def warp(
    altitude: Altitudes,
    source: Grid,
    target: Grid,
    shape: tuple[int, int],
    method: Resampling = Resampling.bilinear,
) -> Altitudes:
    """Interpolate altitudes (m) at the centres of the cells of another grid.

    Parameters
    ----------
    altitude
        Altitudes whose first cell is that of the source grid, NaN where not known.
    source, target
        The two grids.
    shape
        Rows and columns wanted, from the first cell of the target grid.
    method
        How, among those of GDAL.

    Returns
    -------
    ndarray
        NaN beyond the source and where it is not known.
    """
    warped = np.full(shape, np.nan, dtype=np.float32)
    reproject(
        altitude,
        warped,
        src_transform=Affine(*source.transform),
        src_crs=CRS.from_user_input(source.crs),
        src_nodata=np.nan,
        dst_transform=Affine(*target.transform),
        dst_crs=CRS.from_user_input(target.crs),
        dst_nodata=np.nan,
        resampling=method,
    )
    return warped
