"""The grid everything is measured on: from degrees to cells, and the true size of cells on the ground."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod, Transformer

from terrdiag.elevation.model import Floats, Tile
from terrdiag.errors import ElevationError

GEOD: Final = Geod(ellps="GRS80")
"""Ellipsoid of the legal systems of France; that of WGS 84 to a tenth of a millimetre."""

_SAMPLED_ROWS: Final = 17
_POINTS_A_SIDE: Final = 21
_EQUAL_AREA: Final = "+proj=cea +ellps=GRS80 +type=crs"

Affine6 = tuple[float, float, float, float, float, float]


class Block(NamedTuple):
    """Cells of the grid: rows from ``top`` to ``bottom``, columns from ``left`` to ``right``, ends excluded."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.bottom - self.top, self.right - self.left

    def meet(self, other: "Block") -> "Block":
        """Give what two blocks share; empty when ``bottom <= top`` or ``right <= left``."""
        return Block(
            max(self.top, other.top),
            max(self.left, other.left),
            min(self.bottom, other.bottom),
            min(self.right, other.right),
        )

    def meets(self, other: "Block") -> bool:
        """Say whether two blocks share a cell."""
        rows, columns = self.meet(other).shape
        return rows > 0 and columns > 0

    def grow(self, cells: int) -> "Block":
        """Give the block with so many cells more on each side."""
        return Block(self.top - cells, self.left - cells, self.bottom + cells, self.right + cells)

    def move(self, rows: int, columns: int) -> "Block":
        """Give the block so many rows further down and columns further right."""
        return Block(self.top + rows, self.left + columns, self.bottom + rows, self.right + columns)

    def coarsen(self, parts: int) -> "Block":
        """Give the cells that hold the block, when it counts parts of cells."""
        return Block(
            self.top // parts,
            self.left // parts,
            -(-self.bottom // parts),
            -(-self.right // parts),
        )

    def refine(self, parts: int) -> "Block":
        """Give the parts of the cells of the block."""
        return Block(*(parts * side for side in self))

    def trace_sides(self) -> tuple[Floats, Floats]:
        """Give points along the sides: columns, rows."""
        along, ends = np.linspace(0, 1, _POINTS_A_SIDE), np.repeat([0.0, 1.0], _POINTS_A_SIDE)
        across, down = np.concatenate([along, along, ends]), np.concatenate([ends, along, along])
        height, width = self.shape
        return self.left + across * width, self.top + down * height


EVERYWHERE: Final = Block(-(2**40), -(2**40), 2**40, 2**40)


@dataclass(frozen=True)
class Grid:
    """An endless grid of cells: row 0 and column 0 are those of the tile it comes from.

    Attributes
    ----------
    crs
        Its coordinate system.
    transform
        Affine coefficients, from cells (column, row) to coordinates.
    """

    crs: str
    transform: Affine6

    @classmethod
    def of(cls, tile: Tile) -> "Grid":
        """Take the grid of a tile."""
        return cls(tile.crs, tile.transform)

    def to_coordinates(self, columns: Floats, rows: Floats) -> tuple[Floats, Floats]:
        """Turn places in cells into coordinates of the grid's system."""
        a, b, c, d, e, f = self.transform
        return a * columns + b * rows + c, d * columns + e * rows + f

    def from_coordinates(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Turn coordinates of the grid's system into places in cells: columns, rows."""
        a, b, c, d, e, f = self.transform
        turn = a * e - b * d
        return (e * (x - c) - b * (y - f)) / turn, (a * (y - f) - d * (x - c)) / turn

    def to_degrees(self, columns: Floats, rows: Floats) -> tuple[Floats, Floats]:
        """Turn places in cells into longitudes and latitudes."""
        x, y = self.to_coordinates(columns, rows)
        return find_transformer(self.crs, "EPSG:4326").transform(x, y)

    def from_degrees(self, longitude: Floats, latitude: Floats) -> tuple[Floats, Floats]:
        """Turn longitudes and latitudes into places in cells: columns, rows.

        Raises
        ------
        ElevationError
            A place is beyond what the coordinate system can show.
        """
        x, y = find_transformer("EPSG:4326", self.crs).transform(longitude, latitude)
        if not (np.isfinite(x).all() and np.isfinite(y).all()):
            raise ElevationError(
                f"La projection du modèle d'altitude ({self.crs}) ne va pas jusqu'au territoire. Vérifiez-la."
            )
        return self.from_coordinates(np.asarray(x), np.asarray(y))

    def shift(self, row: int, column: int) -> "Grid":
        """Give the same grid counted from another of its cells."""
        a, b, c, d, e, f = self.transform
        return Grid(self.crs, (a, b, c + a * column + b * row, d, e, f + d * column + e * row))

    def bound(self, block: Block, other: "Grid") -> Block:
        """Find the cells of another grid that hold a block of this one, from points along its sides.

        They are all of them where a side is beyond what the other system can show.
        """
        x, y = self.project_sides(block, other.crs)
        if not (np.isfinite(x).all() and np.isfinite(y).all()):
            return EVERYWHERE
        columns, rows = other.from_coordinates(x, y)
        return Block(
            int(np.floor(rows.min())),
            int(np.floor(columns.min())),
            int(np.ceil(rows.max())),
            int(np.ceil(columns.max())),
        )

    def stretch(self, rows: float, columns: float) -> "Grid":
        """Give the grid whose cells each take so many rows and columns of this one."""
        a, b, c, d, e, f = self.transform
        return Grid(self.crs, (a * columns, b * rows, c, d * columns, e * rows, f))

    def project_sides(self, block: Block, crs: str) -> tuple[Floats, Floats]:
        """Give points along the sides of a block, in a coordinate system."""
        x, y = self.to_coordinates(*block.trace_sides())
        if crs == self.crs:
            return x, y
        return find_transformer(self.crs, crs).transform(x, y)

    def size_cells(self, block: Block) -> tuple[Floats, Floats, Floats]:
        """Measure the cells of a block on the ground, row by row, at its middle column.

        Across a block the size of a cell changes with the latitude; along a row, by a few parts per
        million. It is computed at a few rows and is linear between them.

        Returns
        -------
        width_m, height_m, area_km2
            Shape (rows,).
        """
        rows = np.arange(block.top, block.bottom) + 0.5
        sampled = np.linspace(rows[0], rows[-1], min(_SAMPLED_ROWS, len(rows)))
        column = np.full_like(sampled, (block.left + block.right) / 2)
        width, height, area = self._size_cells_at(column, sampled)
        return (
            np.interp(rows, sampled, width),
            np.interp(rows, sampled, height),
            np.interp(rows, sampled, area),
        )

    def _size_cells_at(self, columns: Floats, rows: Floats) -> tuple[Floats, Floats, Floats]:
        half = 0.5
        across = self._measure_step((columns - half, rows), (columns + half, rows))
        down = self._measure_step((columns, rows - half), (columns, rows + half))
        area = np.abs(across[0] * down[1] - across[1] * down[0]) / 1e6
        return np.hypot(*across), np.hypot(*down), area

    def _measure_step(
        self, start: tuple[Floats, Floats], end: tuple[Floats, Floats]
    ) -> tuple[Floats, Floats]:
        """Measure a step of one cell on the ground: metres eastwards and northwards."""
        (lon0, lat0), (lon1, lat1) = self.to_degrees(*start), self.to_degrees(*end)
        latitude = np.radians((lat0 + lat1) / 2)
        curve = 1 - GEOD.es * np.sin(latitude) ** 2
        east = GEOD.a / np.sqrt(curve) * np.cos(latitude) * np.radians(lon1 - lon0)
        north = GEOD.a * (1 - GEOD.es) / curve**1.5 * np.radians(lat1 - lat0)
        return east, north


@lru_cache(maxsize=32)
def find_transformer(source: str, target: str) -> Transformer:
    """Give the transformation between two systems, x (or longitude) first; made once."""
    return Transformer.from_crs(source, target, always_xy=True)


def measure_outlines(outlines: NDArray[np.object_]) -> Floats:
    """Measure the area of outlines given in degrees (km² on the ellipsoid), shape (n,).

    Examples
    --------
    >>> one = shapely.box(0, 0, 1, 1)
    >>> [round(float(area), 1) for area in measure_outlines(np.array([one]))]
    [12308.5]
    """

    def project(points: Floats) -> Floats:
        transformer = find_transformer("EPSG:4326", _EQUAL_AREA)
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    area: Floats = shapely.area(shapely.transform(outlines, project)) / 1e6
    return area
