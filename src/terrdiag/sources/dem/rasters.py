"""Rasters of altitudes as they are kept: GeoTIFF, compressed, with their projection and what is not known."""

import contextlib
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.transform import Affine
from rasterio.warp import transform_bounds

from terrdiag.errors import OutputError
from terrdiag.sources.dem.kinds import Bounds

Altitudes = NDArray[np.float32]

NODATA: Final = -99999.0
"""What is not known, in the files that are kept."""

UNKNOWN_M: Final = -99.0
"""IGN writes -99, -9999 or -99999 where it knows nothing; no ground of France is so low."""


def hide_unknown(altitude: Altitudes) -> Altitudes:
    """Replace whatever stands for the unknown by :data:`NODATA`.

    Examples
    --------
    >>> hide_unknown(np.array([-99999, -9999, -99, -3.5, 0, np.nan], dtype=np.float32)).tolist()
    [-99999.0, -99999.0, -99999.0, -3.5, 0.0, -99999.0]
    """
    known = np.isfinite(altitude) & (altitude > UNKNOWN_M)
    return np.where(known, altitude, np.float32(NODATA))


def make_profile(
    shape: tuple[int, int], transform: Affine, crs: str, nodata: float | None
) -> dict[str, Any]:
    """Make what rasterio writes a file with."""
    rows, columns = shape
    return {
        "driver": "GTiff",
        "dtype": "float32",
        "count": 1,
        "height": rows,
        "width": columns,
        "crs": crs,
        "transform": transform,
        "nodata": nodata,
        "compress": "deflate",
        "predictor": 3,
        "tiled": True,
        "blockxsize": 256,
        "blockysize": 256,
    }


def write_raster(
    path: Path, altitude: Altitudes, transform: Affine, crs: str, nodata: float | None = NODATA
) -> None:
    """Write altitudes (m) as a file.

    Parameters
    ----------
    path
        The file.
    altitude
        Rows from north to south.
    transform
        From cells to coordinates.
    crs
        Their projection, such as ``EPSG:2154``.
    nodata
        What stands for the unknown, if anything does.
    """
    shape = altitude.shape[0], altitude.shape[1]
    with writing(path, make_profile(shape, transform, crs, nodata)) as dataset:
        dataset.write(altitude, 1)


@contextlib.contextmanager
def writing(path: Path, profile: Mapping[str, Any]) -> Iterator[Any]:
    """Open a raster to be written.

    Raises
    ------
    OutputError
        The disk refuses it.
    """
    try:
        with rasterio.open(path, "w", **profile) as dataset:
            yield dataset
    except RasterioError as error:
        raise OutputError(
            f"{path.parent} : écriture impossible ({error}). Vérifiez la place et vos droits sur ce dossier."
        ) from error


def bound_degrees(shape: tuple[int, int], transform: Affine, crs: str) -> Bounds:
    """Give the box of a raster, in degrees."""
    rows, columns = shape
    west, north = transform.c, transform.f
    east, south = west + columns * transform.a, north + rows * transform.e
    if crs != "EPSG:4326":
        west, south, east, north = transform_bounds(crs, "EPSG:4326", west, south, east, north)
    return float(west), float(south), float(east), float(north)


def shift(transform: Affine, row: int, column: int) -> Affine:
    """Give the transform of the cells from a row and a column on.

    Examples
    --------
    >>> shift(Affine(25, 0, 1000, 0, -25, 9000), 2, 1)[:6]
    (25.0, 0.0, 1025.0, 0.0, -25.0, 8950.0)
    """
    a, b, c, d, e, f = transform[:6]
    return Affine(a, b, c + column * a + row * b, d, e, f + column * d + row * e)


def crop_known(altitude: Altitudes) -> tuple[slice, slice] | None:
    """Find the rows and columns that hold everything that is known; None when nothing is.

    Examples
    --------
    >>> crop_known(np.array([[NODATA, NODATA], [NODATA, 5]], dtype=np.float32))
    (slice(1, 2, None), slice(1, 2, None))
    """
    known = altitude != NODATA
    rows, columns = np.flatnonzero(known.any(axis=1)), np.flatnonzero(known.any(axis=0))
    if not len(rows):
        return None
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def quiet_opening() -> "warnings.catch_warnings[None]":
    """Keep the warning on files without a place to oneself: it is checked."""
    return warnings.catch_warnings(action="ignore", category=NotGeoreferencedWarning)
