"""Check the files of an elevation model, and say in French what is wrong with one."""

import hashlib
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
import rasterio
from pyproj import CRS
from pyproj.exceptions import CRSError
from rasterio.enums import ColorInterp
from rasterio.errors import NotGeoreferencedWarning, RasterioIOError

from terrdiag.elevation.grid import Block, Grid
from terrdiag.elevation.layers import find_offset
from terrdiag.elevation.model import ElevationModel, Tile
from terrdiag.elevation.reading import TileReader, limit_cache
from terrdiag.errors import ElevationError
from terrdiag.wording import NBSP, format_number, format_value, plural

_OPENINGS: Final = {
    b"<": "c'est une page web ou un message d'erreur en XML{nbsp}: le téléchargement a échoué. Recommencez-le.",
    b"7z": "c'est une archive 7z{nbsp}: décompressez-la et donnez les fichiers .asc ou .tif qu'elle contient.",
    b"PK": "c'est une archive zip{nbsp}: décompressez-la et donnez les fichiers .asc ou .tif qu'elle contient.",
    b"\x1f\x8b": "c'est un fichier gzip{nbsp}: décompressez-le.",
}
"""What a file that is not a raster may be, by its first bytes."""


def open_elevation(paths: Sequence[Path], *, assumed_crs: str | None = None) -> ElevationModel:
    """Open and check the files of an elevation model.

    Parameters
    ----------
    paths
        Rasters that GDAL reads, in any projections; where they overlap, the first one wins.
    assumed_crs
        Coordinate system of the files that state none, such as ``EPSG:2154`` (BD ALTI).

    Returns
    -------
    ElevationModel
        The checked tiles; their values are read later.

    Raises
    ------
    ElevationError
        A file is absent, is not a raster of altitudes, or does not say where it is.
    """
    if not paths:
        raise ElevationError("Aucun fichier de modèle d'altitude n'est donné.")
    remarks: list[str] = []
    with limit_cache():
        opened = [_open_tile(path, assumed_crs, remarks) for path in paths]
    tiles = tuple(tile for tile, _ in opened)
    model = ElevationModel(tiles, _name_vertical_datum([datum for _, datum in opened]))
    remarks += _remark_grids(model)
    return ElevationModel(tiles, model.vertical_datum, tuple(remarks))


def _open_tile(path: Path, assumed_crs: str | None, remarks: list[str]) -> tuple[Tile, str]:
    if not path.is_file():
        what = "est un dossier, pas un fichier" if path.is_dir() else "est introuvable"
        raise ElevationError(
            f"Modèle d'altitude{NBSP}: {path} {what}. Donnez le chemin d'un raster."
        )
    with _open_dataset(path) as dataset:
        _check_content(path, dataset, remarks)
        if dataset.crs is None and assumed_crs is not None:
            remarks.append(
                f"{_quote(path)} n'indique pas sa projection{NBSP}: {assumed_crs}, comme demandé."
            )
        crs, datum = _split_crs(path, dataset, assumed_crs)
        tile = _describe_tile(path, dataset, crs)
        driver = dataset.driver
    if driver == "AAIGrid":
        _count_text_cells(tile)
    _read_last_cell(tile)
    return tile, datum


@contextmanager
def _open_dataset(path: Path) -> Iterator[Any]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            dataset = rasterio.open(path)
    except RasterioIOError as error:
        raise ElevationError(
            f"{path} n'est pas un raster lisible{NBSP}: {_guess(path, error)}"
        ) from error
    with dataset:
        yield dataset


def _guess(path: Path, error: RasterioIOError) -> str:
    with path.open("rb") as file:
        start = file.read(512).lstrip()
    for opening, words in _OPENINGS.items():
        if start.startswith(opening):
            return words.format(nbsp=NBSP)
    if not start:
        return "il est vide. Téléchargez-le de nouveau."
    return f"format inconnu, ou fichier incomplet. Téléchargez-le de nouveau. (GDAL{NBSP}: {error})"


def _check_content(path: Path, dataset: Any, remarks: list[str]) -> None:
    if not dataset.count:
        raise ElevationError(
            f"{path} contient plusieurs jeux de données et aucune bande. Extrayez celui des altitudes (gdal_translate)."
        )
    if dataset.colorinterp[0] in {ColorInterp.red, ColorInterp.palette}:
        raise ElevationError(
            f"{path} est une image en couleurs, pas un raster d'altitudes en mètres."
        )
    if dataset.dtypes[0].startswith("complex"):
        raise ElevationError(f"{path} contient des nombres complexes, pas des altitudes.")
    unit = (dataset.units[0] or "m").lower()
    if unit not in {"m", "metre", "metres", "meter", "meters", "mètre", "mètres"}:
        raise ElevationError(
            f"{path} est en «{NBSP}{unit}{NBSP}», pas en mètres. Convertissez-le (gdal_calc.py)."
        )
    if dataset.transform.is_identity:
        raise ElevationError(
            f"{path} n'est pas géoréférencé{NBSP}: rien n'y dit où il se trouve. Donnez le fichier d'origine, ou "
            f"ajoutez-lui son emprise (gdal_edit.py -a_ullr)."
        )
    if dataset.count > 1:
        remarks.append(
            f"{_quote(path)} a {plural(dataset.count, 'bande')}{NBSP}: la première donne l'altitude."
        )


def _split_crs(path: Path, dataset: Any, assumed_crs: str | None) -> tuple[str, str]:
    """Give the horizontal system of a file, and the name of its vertical one if it has any."""
    stated = assumed_crs if dataset.crs is None else dataset.crs.to_wkt()
    if stated is None:
        raise ElevationError(
            f'{path} n\'indique pas sa projection. Donnez-la avec les fichiers (dem_crs{NBSP}= "EPSG:2154" pour la '
            f"BD ALTI), ou posez à côté un fichier {path.stem}.prj."
        )
    try:
        crs = CRS.from_user_input(stated)
    except CRSError as error:
        raise ElevationError(f"{path}{NBSP}: projection inconnue ({stated[:80]}).") from error
    vertical = crs.sub_crs_list[1].name if crs.is_compound else ""
    crs = crs.sub_crs_list[0] if crs.is_compound else crs
    if not (crs.is_geographic or crs.is_projected):
        raise ElevationError(
            f"{path} est dans un repère local («{NBSP}{crs.name}{NBSP}») que rien ne relie à la carte. "
            f"Donnez-lui sa projection (gdal_edit.py -a_srs EPSG:2154)."
        )
    authority = crs.to_authority()
    return (":".join(authority) if authority else crs.to_wkt()), vertical


def _describe_tile(path: Path, dataset: Any, crs: str) -> Tile:
    a, b, c, d, e, f = (float(number) for number in dataset.transform[:6])
    grid = Grid(crs, (a, b, c, d, e, f))
    extent = Block(0, 0, dataset.height, dataset.width)
    bounds = _bound_degrees(path, grid, extent)
    middle = dataset.height // 2, dataset.width // 2
    width, height, _ = grid.size_cells(Block(middle[0], middle[1], middle[0] + 1, middle[1] + 1))
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Tile(
        path=path,
        sha256=digest,
        crs=crs,
        width=dataset.width,
        height=dataset.height,
        transform=grid.transform,
        cell_m=(float(width[0]), float(height[0])),
        nodata=dataset.nodata,
        dtype=dataset.dtypes[0],
        bounds=bounds,
    )


def _bound_degrees(path: Path, grid: Grid, extent: Block) -> tuple[float, float, float, float]:
    columns, rows = extent.trace_sides()
    longitude, latitude = grid.to_degrees(columns, rows)
    if not (np.all(np.abs(longitude) <= 180) and np.all(np.abs(latitude) <= 90)):
        raise ElevationError(
            f"{path}{NBSP}: ses coordonnées n'existent pas dans la projection {grid.crs}. Vérifiez-la."
        )
    return (
        float(longitude.min()),
        float(latitude.min()),
        float(longitude.max()),
        float(latitude.max()),
    )


def _count_text_cells(tile: Tile) -> None:
    """Count the values of a text grid (.asc): GDAL looks for those that an interrupted download lacks without end."""
    with tile.path.open("rb") as file:
        found = sum(len(line.split()) for line in file if not line[:1].isalpha())
    wanted = tile.height * tile.width
    if found < wanted:
        raise ElevationError(
            f"{tile.path} est incomplet{NBSP}: {format_number(found)} valeurs sur {format_number(wanted)}. "
            "Téléchargez-le de nouveau."
        )


def _read_last_cell(tile: Tile) -> None:
    """Read the end of the file, which an interrupted download lacks."""
    with TileReader(tile) as reader:
        reader.read(Block(tile.height - 1, tile.width - 1, tile.height, tile.width))


def _name_vertical_datum(names: Sequence[str]) -> str:
    return names[0] if len(set(names)) == 1 else f"{NBSP}; ".join(sorted(set(names) - {""}))


def _remark_grids(model: ElevationModel) -> list[str]:
    grid = Grid.of(model.reference)
    others = [tile for tile in model.tiles if find_offset(tile, grid) is None]
    if not others:
        return []
    resolution = format_value(model.resolution_m, "m", 0 if model.resolution_m >= 10 else 1)
    words = (
        f"{plural(len(others), 'dalle')} sur {len(model.tiles)}, d'une autre grille que "
        f"{_quote(model.reference.path)} ({resolution}), y sont ramenées par interpolation bilinéaire."
    )
    return [words]


def _quote(path: Path) -> str:
    return f"«{NBSP}{path.name}{NBSP}»"
