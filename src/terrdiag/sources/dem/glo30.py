"""Copernicus GLO-30: the cells of a box, read in the cloud-optimised tiles of one degree."""

import contextlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import rasterio
from rasterio.errors import RasterioError
from rasterio.windows import Window

from terrdiag.errors import SourceError, SourceFormatError, SourceUnavailableError
from terrdiag.sources.dem.fetched import Fetched, Means, Wanted
from terrdiag.sources.dem.kinds import Bounds
from terrdiag.sources.dem.ranges import RangeFile
from terrdiag.sources.dem.rasters import (
    Altitudes,
    bound_degrees,
    quiet_opening,
    shift,
    write_raster,
)
from terrdiag.sources.dem.remote import AbsentFileError, Remote
from terrdiag.sources.dem.store import StoredFile, cover_box
from terrdiag.sources.dem.tiles import DegreeTile, list_tiles
from terrdiag.wording import NBSP, format_number, plural

KIND: Final = "glo30"

BASE: Final = "https://copernicus-dem-30m.s3.amazonaws.com"

DATUM: Final = "EGM2008"

MOST_TILES: Final = 60
"""More than a région, overseas départements apart: the box is not the one that is meant."""

LANDING: Final = "https://registry.opendata.aws/copernicus-dem/"


@dataclass(frozen=True)
class Cells:
    """The cells of a tile that meet a box.

    Attributes
    ----------
    window
        Where they are in the tile.
    altitude
        Their altitudes (m).
    transform
        From cells to degrees.
    nodata
        What stands for the unknown in the tile, if anything does.
    """

    window: Window
    altitude: Altitudes
    transform: Any
    nodata: float | None


def address_tile(tile: DegreeTile) -> str:
    """Give the address of a tile.

    Examples
    --------
    >>> address_tile(DegreeTile(42, 0))[44:]
    'Copernicus_DSM_COG_10_N42_00_E000_00_DEM/Copernicus_DSM_COG_10_N42_00_E000_00_DEM.tif'
    """
    return f"{BASE}/{tile.name}/{tile.name}.tif"


def fetch_glo30(wanted: Wanted, means: Means) -> Fetched:
    """Fetch the cells of a box, tile after tile.

    Parameters
    ----------
    wanted
        The box.
    means
        Where to ask, where to keep.

    Returns
    -------
    Fetched
        A window a tile; a tile that the producer does not have is sea, and nothing is made up there.

    Raises
    ------
    SourceError
        A tile cannot be read, none exists, or the box is too wide.
    """
    tiles = list_tiles(wanted.bounds)
    if len(tiles) > MOST_TILES:
        raise SourceError(
            f"Ce territoire demanderait {plural(len(tiles), 'dalle')} Copernicus, plus que {MOST_TILES}{NBSP}: il est "
            "trop étendu, ou en plusieurs parties éloignées. Demandez ses parties une à une."
        )
    new, kept, empty, whole = [], [], [], []
    for rank, tile in enumerate(tiles, 1):
        means.progress(f"Copernicus GLO-30, dalle {rank} sur {len(tiles)}")
        held = _find_held(tile, wanted.bounds, means)
        if held is not None:
            kept.append(held)
            continue
        try:
            file, is_whole = _fetch_tile(tile, wanted.bounds, means)
        except AbsentFileError:
            empty.append(tile.name)
            continue
        new.append(file)
        whole += [tile.name] if is_whole else []
    if not (new or kept):
        raise SourceUnavailableError(
            f"Copernicus GLO-30{NBSP}: aucune dalle à ces adresses ({address_tile(tiles[0])}). Le territoire n'est pas "
            f"en pleine mer{NBSP}: les adresses ont sans doute changé. La page du producteur{NBSP}: {LANDING}"
        )
    means.depot.complete(KIND, wanted.bounds, empty)
    return Fetched(tuple(new), tuple(kept), tuple(empty), tuple(_remark(whole)))


def _find_held(tile: DegreeTile, bounds: Bounds, means: Means) -> StoredFile | None:
    """Find a file of a tile that has all the cells wanted."""
    west, south, east, north = tile.bounds
    part = max(west, bounds[0]), max(south, bounds[1]), min(east, bounds[2]), min(north, bounds[3])
    files = means.depot.find(KIND, address_tile(tile))
    return next((file for file in files if cover_box([file.bounds], part) > 1 - 1e-9), None)


def _fetch_tile(tile: DegreeTile, bounds: Bounds, means: Means) -> tuple[StoredFile, bool]:
    """Fetch the cells of a tile; say whether the server gave it whole."""
    address = address_tile(tile)
    with _opened(means.remote, address) as (dataset, pieces):
        cells = _read_cells(dataset, pieces, tile, bounds)
        is_whole = pieces is not None and pieces.is_whole
    left, top = int(cells.window.col_off), int(cells.window.row_off)
    rows, columns = cells.altitude.shape
    path = f"{KIND}/{tile.name}_x{left}-{left + columns}_y{top}-{top + rows}.tif"
    write_raster(means.depot.part(path), cells.altitude, cells.transform, "EPSG:4326", cells.nodata)
    box = bound_degrees((rows, columns), cells.transform, "EPSG:4326")
    file = means.depot.describe(path, KIND, address, box, DATUM)
    means.depot.keep([file])
    return file, is_whole


@contextlib.contextmanager
def _opened(remote: Remote, address: str) -> Iterator[tuple[Any, RangeFile | None]]:
    """Open a tile, on a disk or on a server; an error of the network is raised as such, not as one of GDAL."""
    if remote.folder is not None:
        with (
            _explained(address, None),
            quiet_opening(),
            rasterio.open(remote.find_local(address)) as dataset,
        ):
            yield dataset, None
        return
    pieces = remote.open_pieces(address)
    name = address.rpartition("/")[2]

    def opener(path: str, mode: str = "rb") -> RangeFile:  # noqa: ARG001  # called with both
        if not path.endswith(name):  # GDAL looks for companions of the file (.aux.xml, .ovr)
            raise FileNotFoundError(path)
        pieces.seek(0)
        return pieces

    environment = rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR")
    with (
        _explained(address, pieces),
        environment,
        quiet_opening(),
        rasterio.open(name, opener=opener) as dataset,
    ):
        yield dataset, pieces


@contextlib.contextmanager
def _explained(address: str, pieces: RangeFile | None) -> Iterator[None]:
    try:
        yield
    except (RasterioError, OSError, ValueError) as error:
        if pieces is not None and pieces.failure is not None:
            raise pieces.failure from error
        if isinstance(error, SourceError):
            raise
        raise SourceFormatError(
            f"{address} n'est pas une dalle lisible ({error}). Recommencez{NBSP}; si cela dure, choisissez un autre "
            "modèle (--source)."
        ) from error


def _read_cells(dataset: Any, pieces: RangeFile | None, tile: DegreeTile, bounds: Bounds) -> Cells:
    """Read the cells of a tile that meet a box."""
    _check_tile(dataset, tile)
    window = _find_window(dataset, bounds)
    if pieces is not None:
        pieces.prefetch(_list_blocks(dataset, window))
    altitude = dataset.read(1, window=window)
    transform = shift(dataset.transform, int(window.row_off), int(window.col_off))
    return Cells(window, altitude, transform, dataset.nodata)


def _check_tile(dataset: Any, tile: DegreeTile) -> None:
    """Refuse a raster that is not the tile asked for."""
    west, south, east, north = dataset.bounds
    expected = tile.bounds
    found = (west, south, east, north)
    nearby = all(abs(a - b) < 0.001 for a, b in zip(found, expected, strict=True))
    is_degrees = dataset.crs is not None and dataset.crs.is_geographic
    if dataset.count != 1 or dataset.dtypes[0] != "float32" or not is_degrees or not nearby:
        words = ", ".join(format_number(side, 3) for side in found)
        raise SourceFormatError(
            f"{tile.name}{NBSP}: le fichier n'est pas cette dalle (emprise {words}{NBSP}; {dataset.dtypes[0]}). "
            "Recommencez plus tard, ou choisissez un autre modèle (--source)."
        )


def _find_window(dataset: Any, bounds: Bounds) -> Window:
    """Find the whole cells that hold what a box and a tile share."""
    west, south, east, north = bounds
    transform = dataset.transform
    slack = 1e-6  # of a cell: a side that falls on the edge of a cell is not in the next one
    left = max(math.floor((west - transform.c) / transform.a + slack), 0)
    right = min(math.ceil((east - transform.c) / transform.a - slack), dataset.width)
    top = max(math.floor((north - transform.f) / transform.e + slack), 0)
    bottom = min(math.ceil((south - transform.f) / transform.e - slack), dataset.height)
    return Window(left, top, max(right - left, 1), max(bottom - top, 1))


def _list_blocks(dataset: Any, window: Window) -> Iterator[tuple[int, int]]:
    """List where the blocks of a window are in the file: start and end, in bytes."""
    height, width = dataset.block_shapes[0]
    rows = range(
        int(window.row_off) // height, math.ceil((window.row_off + window.height) / height)
    )
    columns = range(
        int(window.col_off) // width, math.ceil((window.col_off + window.width) / width)
    )
    for row in rows:
        for column in columns:
            place = f"{column}_{row}"
            offset = dataset.get_tag_item(f"BLOCK_OFFSET_{place}", "TIFF", bidx=1)
            size = dataset.get_tag_item(f"BLOCK_SIZE_{place}", "TIFF", bidx=1)
            if offset and size:  # a block of one value may not be stored
                yield int(offset), int(offset) + int(size)


def _remark(whole: list[str]) -> Iterator[str]:
    if whole:
        yield (
            f"Le serveur n'a pas donné de morceaux{NBSP}: {plural(len(whole), 'dalle')} "
            f"{'lue en entier' if len(whole) == 1 else 'lues en entier'} ({', '.join(whole)})."
        )
