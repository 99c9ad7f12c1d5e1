"""Small rasters near 3° E, 44° N, where a square of Lambert-93 has its true size on the ground."""

from functools import lru_cache
from pathlib import Path

import numpy as np
import rasterio
import shapely
from pyproj import Transformer
from rasterio.transform import Affine

from terrdiag.elevation import ElevationModel, Zones, measure_zones, open_elevation

CORNER = (700_000.0, 6_322_350.0)
"""Upper left corner of the rasters, in Lambert-93."""

CELL_M = 25.0
CELL_KM2 = 0.000625

NINE = [[100, 200, 300], [400, 500, 600], [700, 800, 900]]
SQUARE = (0, 0, 3, 3)


def write_raster(
    path: Path,
    values,
    *,
    corner=CORNER,
    cell=CELL_M,
    crs="EPSG:2154",
    dtype="float32",
    **options,
) -> Path:
    """Write a raster whose upper left corner is given."""
    values = np.asarray(values, dtype=dtype)
    bands = values if values.ndim == 3 else values[np.newaxis]
    options = {
        "driver": "GTiff",
        "crs": crs,
        "transform": Affine(cell, 0, corner[0], 0, -cell, corner[1]),
        "dtype": dtype,
        **options,
    }
    count, height, width = bands.shape
    with rasterio.open(path, "w", count=count, height=height, width=width, **options) as dataset:
        dataset.write(bands)
    return path


def to_degrees(outline, *, crs="EPSG:2154"):
    """Turn an outline of a coordinate system into degrees."""
    transformer = find_transformer(crs)
    return shapely.transform(
        outline, lambda points: np.column_stack(transformer.transform(points[:, 0], points[:, 1]))
    )


@lru_cache
def find_transformer(crs):
    return Transformer.from_crs(crs, "EPSG:4326", always_xy=True)


def cells(left, top, right, bottom, *, corner=CORNER, cell=CELL_M, crs="EPSG:2154"):
    """Outline of a rectangle given in cells from the corner: columns and rows."""
    x, y = corner
    box = shapely.box(x + left * cell, y - bottom * cell, x + right * cell, y - top * cell)
    return to_degrees(box, crs=crs)


def open_raster(folder: Path, values, **options) -> ElevationModel:
    """Write a raster and open it."""
    return open_elevation([write_raster(folder / "dem.tif", values, **options)])


def measure(model: ElevationModel, *outlines, **options) -> Zones:
    """Measure zones called 1, 2, 3…"""
    codes = [str(rank + 1) for rank in range(len(outlines))]
    return measure_zones(model, codes, np.array(outlines, dtype=object), **options)
