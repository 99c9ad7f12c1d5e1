"""Outlines of communes (geo.api.gouv.fr) and memberships (decoupage-administratif), by Etalab."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from terrdiag.errors import SourceFormatError, SourceUnavailableError
from terrdiag.sources.extract import Dropped, Extract, check_unique
from terrdiag.sources.files import FETCH_AGAIN, read_gzip, read_json
from terrdiag.sources.tables import (
    COMMUNE_PATTERN,
    SIREN_PATTERN,
    check_codes,
    make_extract,
    name_dropped,
)

CONTOURS_2026: Final = "etalab-geo-api-2026"
CONTOURS_2023: Final = "etalab-geo-api-2023"
MEMBERSHIPS: Final = "etalab-decoupage-2025"

_UNREADABLE: Final = (
    KeyError,
    IndexError,
    TypeError,
    ValueError,
    OverflowError,
    shapely.errors.ShapelyError,
)

ARRONDISSEMENT_FILES: Final = "plm-"
"""Start of the names of the files that hold arrondissements instead of communes."""


def list_contour_files(folder: Path) -> tuple[tuple[Path, ...], tuple[Dropped, ...]]:
    """List the outline files of a folder, one a département, without those of arrondissements.

    Returns
    -------
    tuple of Path, tuple of Dropped
        Files sorted by name, and the files of arrondissements left out, named.

    Raises
    ------
    SourceUnavailableError
        The folder holds no outline.
    """
    found = sorted(folder.glob("*.geojson.gz"))
    kept = tuple(path for path in found if not path.name.startswith(ARRONDISSEMENT_FILES))
    if not kept:
        raise SourceUnavailableError(f"{folder} : aucun contour (NN.geojson.gz). {FETCH_AGAIN}")
    left = (path.name for path in found if path not in kept)
    return kept, name_dropped(
        "fichiers d'arrondissements municipaux (Paris, Lyon, Marseille)", left
    )


def read_contours(path: Path, source_id: str = CONTOURS_2026) -> Extract:
    """Read the outlines of the communes of a département (``NN.geojson.gz``).

    The commune code is the property ``code`` or, in the 2023 files, the identifier of the feature.
    A third coordinate is ignored. An invalid outline is repaired, its polygons being kept.

    Parameters
    ----------
    path
        One gzip GeoJSON file.
    source_id
        ``etalab-geo-api-2026`` or ``etalab-geo-api-2023``.

    Returns
    -------
    Extract
        A GeoDataFrame ``code_commune, geometry`` (EPSG:4326, polygons), sorted by code; the
        outlines repaired are named in ``dropped``.

    Raises
    ------
    SourceFormatError
        The file is damaged, or a commune has no outline.
    """
    features = list_features(read_json(path, read_gzip(path)), path)
    codes = [read_code(feature) for feature in features]
    shapes = [
        make_shape(feature, code, path) for feature, code in zip(features, codes, strict=True)
    ]
    return make_contours(codes, shapes, path, source_id)


def make_contours(
    codes: Sequence[str],
    shapes: Sequence[shapely.Geometry],
    path: Path,
    source_id: str,
    left: tuple[Dropped, ...] = (),
) -> Extract:
    """Make the extract of the outlines of communes, the invalid ones being repaired.

    Parameters
    ----------
    codes, shapes
        Codes of the communes, and their polygons in EPSG:4326.
    path, source_id
        The file and the source.
    left
        What was left out of the file.

    Returns
    -------
    Extract
        As :func:`read_contours` gives it.

    Raises
    ------
    SourceFormatError
        A code is malformed or stands twice, or the outlines are not in degrees.
    """
    named = pd.Series(codes, name="code", dtype="str")
    check_codes(named, COMMUNE_PATTERN, path)
    for code, shape in zip(codes, shapes, strict=True):
        _check_degrees(shape, code, path)
    drawn = np.empty(len(shapes), dtype=object)
    drawn[:] = shapes
    invalid = np.flatnonzero(~shapely.is_valid(drawn))
    for index in invalid:
        drawn[index] = _repair(drawn[index], named.iloc[index], path)
    table = gpd.GeoDataFrame({"code_commune": named}, geometry=drawn, crs="EPSG:4326")
    check_unique(table, ["code_commune"], path)
    repaired = name_dropped("contours invalides réparés (aucun retiré)", named.iloc[invalid])
    table = table.sort_values("code_commune")
    return make_extract(source_id, table, [path], (*left, *repaired))


def list_features(content: Any, path: Path) -> list[dict[str, Any]]:
    """List the features of a GeoJSON, refusing one that has none."""
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not all(isinstance(one, dict) for one in features):
        features = []
    if not features:
        raise SourceFormatError(
            f"{path} : ce n'est pas un GeoJSON de communes (« features » absent ou vide)."
        )
    return features


def read_code(feature: dict[str, Any]) -> str:
    """Read the code of a commune: a property or, in the files of 2023, the identifier of the feature."""
    properties = feature.get("properties")
    code = properties.get("code") if isinstance(properties, dict) else None
    text = str(feature.get("id", "") if code is None else code)
    # JSON may hold half characters, which nothing can write: no code has any
    return text.encode(errors="replace").decode()


def make_shape(feature: dict[str, Any], code: str, path: Path) -> shapely.Geometry:
    """Make the polygons of a feature, without a third coordinate.

    Raises
    ------
    SourceFormatError
        It has no outline, or a point in its place.
    """
    geometry = feature.get("geometry")
    code = code[:40]  # a damaged file has codes of a whole page
    if not geometry:
        raise SourceFormatError(
            f"{path} : la commune {code} n'a pas de contour (ni « geometry »). "
            "Demandez geometry=contour à l'API, ou prenez un autre millésime."
        )
    kind = geometry.get("type") if isinstance(geometry, dict) else "objet sans type"
    if kind not in ("Polygon", "MultiPolygon"):
        raise SourceFormatError(
            f"{path} : la commune {code} est un {str(kind)[:40]} au lieu d'un contour. "
            "Demandez geometry=contour à l'API."
        )
    try:
        parts = geometry["coordinates"] if kind == "MultiPolygon" else [geometry["coordinates"]]
        polygons = [_make_polygon(rings) for rings in parts]
    except _UNREADABLE as error:
        raise SourceFormatError(
            f"{path} : contour illisible de la commune {code} ({str(error)[:200]}). {FETCH_AGAIN}"
        ) from error
    if not polygons:
        raise SourceFormatError(f"{path} : le contour de la commune {code} est vide. {FETCH_AGAIN}")
    return polygons[0] if len(polygons) == 1 else shapely.multipolygons(polygons)


def _make_polygon(rings: list[Any]) -> shapely.Geometry:
    # Faster than shapely.from_geojson, which parses the text a second time.
    made = [_make_ring(ring) for ring in rings]
    return shapely.polygons(made[0], made[1:] or None)


def _make_ring(ring: list[Any]) -> shapely.Geometry:
    points = np.asarray(ring, dtype="float64")[:, :2]
    if not np.isfinite(points).all():
        raise ValueError("une coordonnée n'est pas un nombre fini")
    return shapely.linearrings(points)


def _repair(shape: shapely.Geometry, code: str, path: Path) -> shapely.Geometry:
    """Repair an outline, keeping its polygons (a repair may add lines and points)."""
    try:
        repaired = shapely.make_valid(shape)
    except shapely.errors.ShapelyError as error:
        raise SourceFormatError(
            f"{path} : contour illisible de la commune {code} ({error}). {FETCH_AGAIN}"
        ) from error
    parts = shapely.get_parts(shapely.get_parts(repaired))
    polygons = [part for part in parts if part.geom_type == "Polygon"]
    if not polygons:
        raise SourceFormatError(f"{path} : le contour de la commune {code} n'a aucune surface.")
    return polygons[0] if len(polygons) == 1 else shapely.multipolygons(polygons)


def _check_degrees(shape: shapely.Geometry, code: str, path: Path) -> None:
    points = shapely.get_coordinates(shape)
    # every point, before GEOS computes anything: bounds pass over what is not a number
    if not (np.abs(points) <= (180.0, 90.0)).all():
        (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
        raise SourceFormatError(
            f"{path} : commune {code}, coordonnées hors des degrés ({west:g} {south:g} {east:g} {north:g}) : "
            "le fichier est sans doute en projection, EPSG:4326 attendu."
        )


def read_ept(path: Path) -> Extract:
    """Read the communes of the établissements publics territoriaux of the Grand Paris.

    Returns
    -------
    Extract
        ``code`` (SIREN), ``nom, code_commune``, sorted.
    """
    return _read_groups(path)


def read_epci(path: Path) -> Extract:
    """Read the communes of the EPCI (``epci.json``): ``code`` (SIREN), ``nom, code_commune``."""
    return _read_groups(path)


def _read_groups(path: Path) -> Extract:
    content = read_json(path)
    try:
        rows = [
            (group["code"], group["nom"], member["code"])
            for group in content
            for member in group["membres"]
        ]
    except (KeyError, TypeError) as error:
        raise SourceFormatError(
            f"{path} : liste de groupements attendue (code, nom, membres) ; "
            f"{error} manque ou n'est pas lisible."
        ) from error
    if not rows:
        raise SourceFormatError(f"{path} : aucun groupement. {FETCH_AGAIN}")
    table = pd.DataFrame(rows, columns=["code", "nom", "code_commune"], dtype="str")
    check_codes(table["code"], SIREN_PATTERN, path)
    check_codes(table["code_commune"], COMMUNE_PATTERN, path)
    check_unique(table, ["code_commune"], path)
    return make_extract(MEMBERSHIPS, table.sort_values(["code", "code_commune"]), [path])


def read_commune_sirens(path: Path) -> Extract:
    """Read the SIREN of the communes (``communes.json``), to recognise a commune named by it.

    Returns
    -------
    Extract
        ``code_commune, siren``, sorted; communes without a SIREN (Paris' arrondissements,
        delegated communes, recent creations) are left out.
    """
    content = read_json(path)
    try:
        rows = [
            (row["code"], row.get("siren", ""))
            for row in content
            if row["type"] == "commune-actuelle"
        ]
    except (KeyError, TypeError) as error:
        raise SourceFormatError(
            f"{path} : liste de communes attendue (code, type, siren) ; {error} manque."
        ) from error
    table = pd.DataFrame(rows, columns=["code_commune", "siren"], dtype="str")
    known = table[table["siren"] != ""]
    if known.empty:
        raise SourceFormatError(f"{path} : aucune commune avec son SIREN. {FETCH_AGAIN}")
    check_codes(table["code_commune"], COMMUNE_PATTERN, path)
    check_codes(known["siren"], SIREN_PATTERN, path)
    check_unique(known, ["siren"], path)
    left = name_dropped("communes sans SIREN", table.loc[table["siren"] == "", "code_commune"])
    return make_extract(MEMBERSHIPS, known.sort_values("code_commune"), [path], left)
