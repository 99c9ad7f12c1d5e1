"""The tiles of Copernicus GLO-30: one a degree, named by its south-west corner."""

import itertools
import math
from dataclasses import dataclass

from terrdiag.sources.dem.kinds import Bounds

_ROWS = 3600

_COLUMNS = ((50, 3600), (60, 2400), (70, 1800), (80, 1200), (85, 720), (90, 360))
"""Columns of a tile under each latitude: cells narrow towards the poles."""


@dataclass(frozen=True)
class DegreeTile:
    """A tile of one degree.

    Attributes
    ----------
    south, west
        Its south-west corner, in whole degrees. Cells are centred on whole seconds: the tile starts half a cell
        west and half a cell north of it.

    Examples
    --------
    >>> DegreeTile(42, 0).name
    'Copernicus_DSM_COG_10_N42_00_E000_00_DEM'
    >>> DegreeTile(-22, 55).name, DegreeTile(43, -1).name
    ('Copernicus_DSM_COG_10_S22_00_E055_00_DEM', 'Copernicus_DSM_COG_10_N43_00_W001_00_DEM')
    """

    south: int
    west: int

    @property
    def name(self) -> str:
        """The name of its folder and of its file."""
        latitude = f"{'S' if self.south < 0 else 'N'}{abs(self.south):02d}"
        longitude = f"{'W' if self.west < 0 else 'E'}{abs(self.west):03d}"
        return f"Copernicus_DSM_COG_10_{latitude}_00_{longitude}_00_DEM"

    @property
    def bounds(self) -> Bounds:
        """The box of its cells."""
        half, half_width = 0.5 / _ROWS, 0.5 / count_columns(self.south)
        west, south = self.west - half_width, self.south + half
        return west, south, west + 1, south + 1


def count_columns(south: int) -> int:
    """Count the columns of the tiles of a row.

    Examples
    --------
    >>> count_columns(49), count_columns(50), count_columns(-22)
    (3600, 2400, 3600)
    """
    # the row of tiles south of the equator is as far from it as its northern edge says
    distance = south if south >= 0 else -south - 1
    return next(columns for limit, columns in _COLUMNS if distance < limit)


def list_tiles(bounds: Bounds) -> tuple[DegreeTile, ...]:
    """List the tiles whose cells meet a box, from north to south and west to east.

    Examples
    --------
    >>> [tile.name[22:35] for tile in list_tiles((0.0428, 42.8662, 0.3137, 43.1680))]
    ['N43_00_E000_0', 'N42_00_E000_0']
    """
    west, south, east, north = bounds
    half = 0.5 / _ROWS
    rows = range(math.floor(north - half), math.floor(south - half) - 1, -1)
    every = itertools.chain.from_iterable(_list_row(row, west, east) for row in rows)
    return tuple(tile for tile in every if _shares_cells(tile.bounds, bounds))


def _list_row(south: int, west: float, east: float) -> list[DegreeTile]:
    half = 0.5 / count_columns(south)
    columns = range(math.floor(west + half), math.floor(east + half) + 1)
    return [DegreeTile(south, column) for column in columns]


def _shares_cells(tile: Bounds, bounds: Bounds) -> bool:
    """Say whether a box goes into a tile by more than the rounding of its sides."""
    slack = 1e-9
    return (
        tile[0] + slack < bounds[2]
        and bounds[0] + slack < tile[2]
        and tile[1] + slack < bounds[3]
        and bounds[1] + slack < tile[3]
    )


def widen(bounds: Bounds, margin_km: float) -> Bounds:
    """Widen a box by a distance on the ground.

    Examples
    --------
    >>> [round(side, 3) for side in widen((0.0, 60.0, 1.0, 61.0), 111.195)]
    [-2.063, 59.0, 3.063, 62.0]
    """
    west, south, east, north = bounds
    degrees = margin_km / 111.195
    furthest = max(abs(south), abs(north))
    across = degrees / max(math.cos(math.radians(furthest)), 0.01)
    return west - across, south - degrees, east + across, north + degrees
