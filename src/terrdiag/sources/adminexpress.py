"""Outlines of communes in ADMIN EXPRESS (IGN), versions 3 and 4, in GeoParquet or in GeoPackage."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pyproj
import shapely
from numpy.typing import NDArray

from terrdiag.errors import SourceFormatError
from terrdiag.sources.etalab import make_contours
from terrdiag.sources.extract import Extract
from terrdiag.sources.files import FETCH_AGAIN, read_head
from terrdiag.sources.tables import name_dropped

SOURCE_ID: Final = "ign-admin-express-2026"

LAYER: Final = "commune"

CODE_COLUMNS: Final = ("code_insee", "insee_com")
"""The code of a commune in version 4, in version 3; case does not matter."""

GEOMETRY_COLUMNS: Final = ("geometrie", "geometry", "geom", "wkb_geometry")

PARQUET_MAGIC: Final = b"PAR1"
SQLITE_MAGIC: Final = b"SQLite format 3"

DEGREES: Final = pyproj.CRS.from_epsg(4326)

_DAMAGED: Final = (
    pa.ArrowException,
    OSError,
    KeyError,
    TypeError,
    ValueError,
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.GeometryError,
    pyogrio.errors.FieldError,
    pyproj.exceptions.CRSError,
    shapely.errors.ShapelyError,
)


def read_admin_express(path: Path, source_id: str = SOURCE_ID) -> Extract:
    """Read the outlines of communes of ADMIN EXPRESS, whatever its version and its format.

    Parameters
    ----------
    path
        The layer of communes in GeoParquet, or a GeoPackage that holds it.
    source_id
        The source, as in the register.

    Returns
    -------
    Extract
        As :func:`terrdiag.sources.etalab.read_contours` gives it: EPSG:4326, without a third coordinate. Communes
        without an outline are named.

    Raises
    ------
    SourceFormatError
        The file is damaged, is neither of these formats, or has no column for the code of a commune.
    """
    head = read_head(path)
    if not head.startswith((PARQUET_MAGIC, SQLITE_MAGIC)):
        raise SourceFormatError(
            f"{path} : ni GeoParquet ni GeoPackage. D'une archive .7z, sortez d'abord le fichier .gpkg."
        )
    try:
        read = _read_parquet if head.startswith(PARQUET_MAGIC) else _read_geopackage
        codes, shapes, crs = read(path)
        drawn = _to_degrees(shapely.force_2d(shapes), crs)
    except SourceFormatError:
        raise
    except _DAMAGED as error:
        raise SourceFormatError(
            f"{path} : fichier tronqué ou abîmé ({type(error).__name__} : {str(error)[:200]}). {FETCH_AGAIN}"
        ) from error
    return _make(codes, drawn, path, source_id)


def _make(codes: list[str], drawn: NDArray[np.object_], path: Path, source_id: str) -> Extract:
    kinds = shapely.get_type_id(drawn)
    bare = shapely.is_missing(drawn) | shapely.is_empty(drawn)
    is_area = np.isin(kinds, [shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON])
    wrong = ~bare & ~is_area
    if wrong.any() or bare.all():
        raise SourceFormatError(
            f"{path} : {int(wrong.sum() or len(codes))} commune(s) sans contour, mais avec un point ou une ligne, "
            "ou rien : ce n'est pas la couche des communes."
        )
    shapes = [
        parts[0] if len(parts := shapely.get_parts(shape)) == 1 else shape for shape in drawn[~bare]
    ]
    kept = [code for code, is_bare in zip(codes, bare, strict=True) if not is_bare]
    left = name_dropped(
        "communes sans contour dans le fichier",
        (code for code, is_bare in zip(codes, bare, strict=True) if is_bare),
    )
    return make_contours(kept, shapes, path, source_id, left)


def _read_parquet(path: Path) -> tuple[list[str], NDArray[np.object_], pyproj.CRS | None]:
    file = pq.ParquetFile(path)
    names = file.schema_arrow.names
    described = json.loads((file.schema_arrow.metadata or {}).get(b"geo", b"{}"))
    geometry = described.get("primary_column") or _find(names, GEOMETRY_COLUMNS, path)
    code = _find(names, CODE_COLUMNS, path)
    table = file.read(columns=[code, geometry])
    return (
        [str(one) for one in table[code].to_pylist()],
        shapely.from_wkb(table[geometry].to_numpy(zero_copy_only=False)),
        _read_crs(described.get("columns", {}).get(geometry, {})),
    )


def _read_crs(column: dict[str, Any]) -> pyproj.CRS | None:
    """Read the CRS that GeoParquet states: WGS 84 when it states none, nothing when it does not know."""
    if "crs" not in column:
        return DEGREES
    crs = column["crs"]
    return None if crs is None else pyproj.CRS.from_user_input(crs)


def _read_geopackage(path: Path) -> tuple[list[str], NDArray[np.object_], pyproj.CRS | None]:
    layers = [str(name) for name, _ in pyogrio.list_layers(path)]
    layer = _find(layers, (LAYER,), path, "couche")
    fields = pyogrio.read_info(path, layer=layer)["fields"]
    code = _find([str(name) for name in fields], CODE_COLUMNS, path)
    meta, _, geometry, (codes,) = pyogrio.raw.read(path, layer=layer, columns=[code])
    crs = None if meta["crs"] is None else pyproj.CRS.from_user_input(meta["crs"])
    return [str(one) for one in codes], shapely.from_wkb(geometry), crs


def _find(names: Iterable[str], known: tuple[str, ...], path: Path, what: str = "colonne") -> str:
    """Find a name among those that versions have used, whatever its case."""
    by_key = {name.casefold(): name for name in names}
    for key in known:
        if key in by_key:
            return by_key[key]
    raise SourceFormatError(
        f"{path} : {what} absente : {' ou '.join(known)}. Trouvées : {', '.join(by_key.values())}. "
        "Le format du producteur a peut-être changé, ou le fichier n'est pas celui attendu."
    )


def _to_degrees(shapes: NDArray[np.object_], crs: pyproj.CRS | None) -> NDArray[np.object_]:
    """Bring outlines to EPSG:4326; what states no CRS is taken as in degrees (its extent is checked later)."""
    if crs is None or crs.equals(DEGREES, ignore_axis_order=True):
        return shapes
    to_degrees = pyproj.Transformer.from_crs(crs, DEGREES, always_xy=True)
    moved: NDArray[np.object_] = shapely.transform(shapes, to_degrees.transform, interleaved=False)
    return moved
