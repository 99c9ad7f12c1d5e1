"""Elevation served on the loopback: small tiles under the producers' addresses, altitudes that say where they are."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import rasterio
from rasterio.shutil import copy
from rasterio.transform import Affine

from faultserver import FaultServer
from faultserver.exchange import Exchange
from terrdiag.sources.dem.depot import Depot
from terrdiag.sources.dem.fetched import Means, Wanted
from terrdiag.sources.dem.glo30 import address_tile
from terrdiag.sources.dem.remote import Remote
from terrdiag.sources.dem.tiles import DegreeTile
from terrdiag.sources.download.client import Client
from terrdiag.sources.download.settings import NetworkSettings

DAY = dt.date(2026, 11, 22)

CCHB = (0.0428, 42.8662, 0.3137, 43.1680)

CELLS = 240
"""Cells of a side of a tile of these tests, fifteen times coarser than the real ones."""


def slope_down(x, y):
    """Altitudes that tell longitude from latitude: 1 m every 0.001° to the east, 10 m to the south."""
    return 3000 + 1000 * (x - 0.0) - 10_000 * (y - 42.9)


def make_tile(folder: Path, tile: DegreeTile, altitude=slope_down, cells=CELLS, **options) -> bytes:
    """Make a cloud-optimised tile, as those of Copernicus: blocks, overviews, deflate, predictor 3."""
    west, south, east, north = tile.bounds
    transform = from_bounds(west, south, east, north, cells, cells)
    values = sample(altitude, transform, cells, cells).astype("float32")
    plain, path = folder / "plain.tif", folder / f"{tile.name}.tif"
    profile = {"crs": "EPSG:4326", "transform": transform, "dtype": "float32", "count": 1}
    with rasterio.open(plain, "w", driver="GTiff", width=cells, height=cells, **profile) as dataset:
        dataset.write(values, 1)
    made = {"BLOCKSIZE": 128, "COMPRESS": "DEFLATE", "PREDICTOR": 3, "OVERVIEW_COUNT": 1, **options}
    copy(plain, path, driver="COG", **made)
    plain.unlink()
    return path.read_bytes()


def from_bounds(west, south, east, north, columns, rows) -> Affine:
    return Affine((east - west) / columns, 0, west, 0, (south - north) / rows, north)


def sample(altitude, transform: Affine, rows: int, columns: int):
    """Give the altitudes of the centres of cells."""
    x = transform.c + (np.arange(columns) + 0.5) * transform.a
    y = transform.f + (np.arange(rows) + 0.5) * transform.e
    return altitude(*np.meshgrid(x, y))


def path_of(tile: DegreeTile) -> str:
    return address_tile(tile).removeprefix("https://")


def serve_tiles(server: FaultServer, folder: Path, *tiles: DegreeTile, **options) -> None:
    for tile in tiles:
        server.put(path_of(tile), make_tile(folder, tile, **options))


def make_means(server: FaultServer | None, raw: Path, day=DAY, mirror=None) -> Means:
    """Give what a fetch works with; retries do not wait."""
    hosts = frozenset({server.host}) if server else frozenset()
    settings = NetworkSettings(allow_http=hosts, attempts=2, offline=server is None)
    client = Client(settings, sleep=lambda _: None)
    remote = Remote(client, mirror or (server.address if server else None))
    return Means(remote, Depot(raw / "dem", day), lambda _: None)


def want(bounds=CCHB, departements=("65",), epsg=2154, datum="NGF-IGN69") -> Wanted:
    return Wanted(bounds, departements, epsg, datum)


def serve_bil(altitude: Callable, seen: list[dict[str, str]] | None = None):
    """Answer a GetMap as the Géoplateforme does: bare little-endian numbers, the northern row first."""

    def act(exchange: Exchange) -> None:
        asked = {key: values[0] for key, values in parse_qs(exchange.request.query).items()}
        if seen is not None:
            seen.append(asked)
        left, bottom, right, top = map(float, asked["BBOX"].split(","))
        columns, rows = int(asked["WIDTH"]), int(asked["HEIGHT"])
        transform = from_bounds(left, bottom, right, top, columns, rows)
        values = sample(altitude, transform, rows, columns).astype("<f4")
        exchange.send(200, values.tobytes(), {"Content-Type": "image/x-bil;bits=32"})

    return act
