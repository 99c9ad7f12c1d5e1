"""What is known of an elevation model, and what is measured of zones on it.

Nothing here reads a raster: these are the shapes that the rest of terrdiag handles.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

Bounds = tuple[float, float, float, float]
"""West, south, east, north; degrees unless said otherwise."""

Floats = NDArray[np.float64]

LOWEST_M: Final = -20.0
HIGHEST_M: Final = 4810.0
"""Altitudes that exist in France (quarries and polders to Mont Blanc): beyond, a value is a fault."""

DEFAULT_STEEP_DEG: Final = 15.0


@dataclass(frozen=True)
class Tile:
    """One file of the elevation model.

    Attributes
    ----------
    path
        The file.
    sha256
        Digest of the file.
    crs
        Its coordinate system, as ``EPSG:2154`` or as WKT when it has no code.
    width, height
        Cells.
    transform
        The six coefficients of the affine transform, from cells to coordinates.
    cell_m
        Width and height of a cell on the ground at the centre of the tile, in metres.
    nodata
        The declared value of what is not known, if any.
    dtype
        Type of the stored numbers.
    bounds
        West, south, east, north, in degrees.
    """

    path: Path
    sha256: str
    crs: str
    width: int
    height: int
    transform: tuple[float, float, float, float, float, float]
    cell_m: tuple[float, float]
    nodata: float | None
    dtype: str
    bounds: Bounds

    @property
    def name(self) -> str:
        """Name of the file."""
        return self.path.name

    @property
    def resolution_m(self) -> float:
        """Side of the square that has the area of a cell on the ground, in metres."""
        return float(np.sqrt(self.cell_m[0] * self.cell_m[1]))


@dataclass(frozen=True)
class ElevationModel:
    """Checked files, in the order in which they win where they overlap.

    Attributes
    ----------
    tiles
        One or more files.
    vertical_datum
        Name of the vertical reference where the files state one; empty otherwise.
    remarks
        What was understood or set aside at opening, in French.
    """

    tiles: tuple[Tile, ...]
    vertical_datum: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files."""
        return tuple(tile.path for tile in self.tiles)

    @property
    def reference(self) -> Tile:
        """The finest tile (the first of them): its grid is the one everything is measured on."""
        return min(self.tiles, key=lambda tile: round(tile.resolution_m, 3))

    @property
    def crs(self) -> str:
        """Coordinate system of the grid everything is measured on."""
        return self.reference.crs

    @property
    def resolution_m(self) -> float:
        """Side of a cell on the ground, in metres."""
        return self.reference.resolution_m

    @property
    def bounds(self) -> Bounds:
        """Box of all the tiles, in degrees."""
        west, south, east, north = np.array([tile.bounds for tile in self.tiles]).T
        return (
            float(west.min()),
            float(south.min()),
            float(east.max()),
            float(north.max()),
        )


@dataclass(frozen=True)
class Zones:
    """What was measured of zones, a row a zone, all of it additive: any union of zones is a sum of rows.

    Attributes
    ----------
    codes
        The zones, shape (n,) like every other array unless said otherwise.
    area_km2
        Area of the outline on the ellipsoid.
    cells_km2
        Area of the cells whose centre lies in the outline, with or without a value.
    known_km2
        Area of those that have a value.
    base_m
        Lower edge of the first bin of the histogram.
    histogram_km2
        Area of cells with ``base_m + k <= altitude < base_m + k + 1``, shape (n, bins).
    whole_metres
        Whether every altitude is a whole number: quantiles then lie around it, not above it.
    low_m, high_m
        Lowest and highest cell; NaN where none has a value.
    moment_km2_m
        Sum of altitude × area.
    slope_known_km2
        Area of the cells whose slope is known (they and their eight neighbours have a value).
    slope_km2_deg
        Sum of slope × area.
    steep_km2
        Area of the cells steeper than ``steep_deg``.
    steep_deg
        From what slope ground is called steep.
    remarks
        What was set aside while reading, in French.
    """

    codes: tuple[str, ...]
    area_km2: Floats
    cells_km2: Floats
    known_km2: Floats
    base_m: int
    histogram_km2: Floats
    whole_metres: bool
    low_m: Floats
    high_m: Floats
    moment_km2_m: Floats
    slope_known_km2: Floats
    slope_km2_deg: Floats
    steep_km2: Floats
    steep_deg: float = DEFAULT_STEEP_DEG
    remarks: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.codes)

    def gather(self, groups: Mapping[str, Sequence[int]]) -> "Zones":
        """Sum rows into groups: EPCI, territory, band of altitude.

        Parameters
        ----------
        groups
            Rows of each group, by its code; a group may be empty, and groups may overlap.

        Returns
        -------
        Zones
            One row a group, in their order.
        """
        rows = [list(members) for members in groups.values()]

        def add(values: Floats) -> Floats:
            total = np.zeros((len(rows), *values.shape[1:]))
            for group, members in enumerate(rows):
                total[group] = values[members].sum(axis=0)
            return total

        def reduce(extremum: np.ufunc, values: Floats) -> Floats:
            return np.array([extremum.reduce(values[members], initial=np.nan) for members in rows])

        return replace(
            self,
            codes=tuple(groups),
            area_km2=add(self.area_km2),
            cells_km2=add(self.cells_km2),
            known_km2=add(self.known_km2),
            histogram_km2=add(self.histogram_km2),
            low_m=reduce(np.fmin, self.low_m),
            high_m=reduce(np.fmax, self.high_m),
            moment_km2_m=add(self.moment_km2_m),
            slope_known_km2=add(self.slope_known_km2),
            slope_km2_deg=add(self.slope_km2_deg),
            steep_km2=add(self.steep_km2),
        )


@dataclass(frozen=True)
class ReliefStatistics:
    """Relief of zones, shape (n,); NaN where too little of the zone has a value.

    Attributes
    ----------
    coverage_pct
        Share of the zone's cells that have a value; always given.
    min_m, p5_m, mean_m, median_m, p95_m, max_m, range_m
        Altitudes, weighted by area.
    hypsometric_integral
        (mean − min) / (max − min); NaN on flat ground.
    slope_mean_deg, steep_share_pct
        Mean slope, and share of the ground steeper than the threshold of the zones.
    """

    coverage_pct: Floats
    min_m: Floats
    p5_m: Floats
    mean_m: Floats
    median_m: Floats
    p95_m: Floats
    max_m: Floats
    range_m: Floats
    hypsometric_integral: Floats
    slope_mean_deg: Floats
    steep_share_pct: Floats


@dataclass(frozen=True)
class Profile:
    """Altitudes along a line, shape (m,).

    Attributes
    ----------
    distance_m
        Distance from its start, on the ellipsoid.
    altitude_m
        Altitude (bilinear); NaN where a cell around the point has no value.
    longitude, latitude
        The points, in degrees.
    """

    distance_m: Floats
    altitude_m: Floats
    longitude: Floats
    latitude: Floats


@dataclass(frozen=True)
class Picture:
    """Altitudes on the pixels of a picture.

    Attributes
    ----------
    array
        Altitudes in metres, shape (height, width), north at the top; NaN where not known.
    bounds
        West, south, east, north in the projection of the picture.
    """

    array: NDArray[np.float32]
    bounds: Bounds

    @property
    def pixel_m(self) -> float:
        """Side of a pixel, in units of the projection."""
        return (self.bounds[2] - self.bounds[0]) / int(self.array.shape[1])
