"""Commune outlines: two vintages brought to one COG, measured in full detail, generalised with shared borders."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

from terrdiag.edition.schema import LAMBERT_93, LEGAL_EPSG
from terrdiag.errors import EditionError
from terrdiag.sources import etalab
from terrdiag.sources.extract import Dropped

TOLERANCE_DEG: Final = 0.0013
"""Visvalingam-Whyatt tolerance: the square root of the area a vertex must span to be kept (about 145 m)."""

GRID: Final = 2.0**16
"""Vertices stand on a grid of 2⁻¹⁶ degree (1.7 m): short to store, and exact as integers on the page."""

SEAM_WIDTH_DEG: Final = 0.004
"""Slivers narrower than this between two vintages are closed (about 300 m)."""

NODE_SNAP_DEG: Final = 1e-12
"""Vertices nearer than this are one. Not zero: GEOS 3.14 then lets a polygon swallow its neighbour where a
vertex stands alone on their straight border."""

METRO_X_SCALE: Final = 0.6875
"""cos(46.6°), a binary fraction near it: generalises east-west as much as north-south in mainland France."""

FILES_A_TASK: Final = 4
"""Contour files that a process reads in one go."""


@dataclass(frozen=True)
class Contours:
    """The contours of one vintage: codes, full-detail geometry (WKB, EPSG:4326), areas in km²."""

    table: pd.DataFrame
    dropped: tuple[Dropped, ...]
    files: tuple[Path, ...]


def read_contours(paths: Sequence[Path], workers: int = 2) -> Contours:
    """Read contour files and measure every commune on its full detail, in km².

    Parameters
    ----------
    paths
        One file a département.
    workers
        Processes to read with.

    Returns
    -------
    Contours
        ``code_commune, geometry`` (shapely, EPSG:4326), ``area_km2``.
    """
    if workers == 1 or len(paths) <= FILES_A_TASK:
        parts = [_read_one(path) for path in paths]  # one task: a process would only cost its start
    else:
        # spawn: forking a process that holds GDAL and Arrow threads may hang
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            parts = list(pool.map(_read_one, paths, chunksize=FILES_A_TASK))
    table = pd.concat([part for part, _ in parts], ignore_index=True)
    table["geometry"] = shapely.from_wkb(table["geometry"])
    dropped = tuple(item for _, items in parts for item in items)
    return Contours(table, dropped, tuple(paths))


def _read_one(path: Path) -> tuple[pd.DataFrame, tuple[Dropped, ...]]:
    extract = etalab.read_contours(path)
    codes, geometry = extract.table["code_commune"], extract.table["geometry"].to_numpy()
    # polygons travel between processes as WKB
    columns = {
        "code_commune": codes,
        "area_km2": measure_areas(codes, geometry),
        "geometry": shapely.to_wkb(geometry),
    }
    return pd.DataFrame(columns), extract.dropped


def measure_areas(codes: Iterable[str], geometry: NDArray[np.object_]) -> NDArray[np.float64]:
    """Measure polygons in the legal projection of their département, in km².

    Parameters
    ----------
    codes
        Commune codes, shape (n,).
    geometry
        Full-detail polygons in EPSG:4326, shape (n,).

    Returns
    -------
    ndarray
        Areas in km², shape (n,).

    Examples
    --------
    >>> square = shapely.box(3, 46.5, 3.01, 46.51)  # on the central meridian of Lambert-93
    >>> measure_areas(["03001"], np.array([square])).round(3).tolist()
    [0.852]
    """
    epsg = np.array([LEGAL_EPSG.get(code[:3], LAMBERT_93) for code in codes])
    areas = np.empty(len(epsg))
    for code in np.unique(epsg):
        here = epsg == code
        transformer = pyproj.Transformer.from_crs(4326, int(code), always_xy=True)
        projected = shapely.transform(geometry[here], transformer.transform, interleaved=False)
        areas[here] = shapely.area(projected) / 1e6
    return areas


def merge_to_cog(
    contours: pd.DataFrame, crosswalk: pd.DataFrame, wanted: Iterable[str]
) -> pd.DataFrame:
    """Dissolve communes into those they have become.

    Parameters
    ----------
    contours
        ``code_commune, geometry, area_km2`` of an older COG.
    crosswalk
        ``code_before, code_after``: one row a commune of the older COG.
    wanted
        Communes of the newer COG that must come out.

    Returns
    -------
    DataFrame
        The same columns for the newer COG.

    Raises
    ------
    EditionError
        A commune was split since (its parts have no contour), or a wanted commune has no contour.
    """
    split = crosswalk.loc[crosswalk.duplicated("code_before"), "code_before"].unique()
    concerned = sorted(set(split) & set(contours["code_commune"]))
    if concerned:
        raise EditionError(
            f"Contours de communes scindées depuis : {', '.join(concerned)}. Il faut un contour plus récent."
        )
    after = contours["code_commune"].map(crosswalk.set_index("code_before")["code_after"])
    merged = contours.assign(code_commune=after.fillna(contours["code_commune"])).groupby(
        "code_commune", sort=True
    )
    table = pd.DataFrame(
        {
            "area_km2": merged["area_km2"].sum(),
            "geometry": merged["geometry"].agg(
                lambda parts: shapely.union_all(list(parts)) if len(parts) > 1 else parts.iloc[0]
            ),
        }
    ).reset_index()
    missing = sorted(set(wanted) - set(table["code_commune"]))
    if missing:
        raise EditionError(f"{len(missing)} commune(s) sans contour : {', '.join(missing[:10])}.")
    return table[table["code_commune"].isin(set(wanted))].reset_index(drop=True)


def generalise(geometry: NDArray[np.object_], x_scale: float = 1.0) -> NDArray[np.object_]:
    """Generalise a coverage with shared borders kept shared, on the grid.

    Parameters
    ----------
    geometry
        Polygons of one vintage, EPSG:4326, shape (n,).
    x_scale
        What longitudes are multiplied by while simplifying (cosine of the latitude).

    Returns
    -------
    ndarray
        Valid polygons that form a coverage (no hole, no overlap between neighbours), shape (n,).

    Raises
    ------
    EditionError
        The result is not a coverage, or an outline has vanished.
    """
    scale = np.array([x_scale, 1.0])
    scaled = clean_coverage(shapely.transform(geometry, lambda xy: xy * scale))
    simple = shapely.coverage_simplify(scaled, TOLERANCE_DEG)
    snapped = _to_grid(shapely.transform(simple, lambda xy: xy / scale))
    # snapping may pinch a thin strip: clean where it did, and go back to the grid
    snapped = _to_grid(clean_coverage(snapped))
    if not (shapely.is_valid(snapped).all() and shapely.coverage_is_valid(snapped)):
        raise EditionError(
            "La généralisation des contours n'a pas donné une partition : frontières à vérifier."
        )
    if shapely.is_empty(snapped).any():
        raise EditionError(
            "La généralisation a fait disparaître une commune : tolérance trop forte."
        )
    return snapped


def clean_coverage(geometry: NDArray[np.object_]) -> NDArray[np.object_]:
    """Mend a coverage where it is broken: overlaps and mismatched borders, mended around them only.

    Parameters
    ----------
    geometry
        Polygons, shape (n,).

    Returns
    -------
    ndarray
        The same polygons, valid and edge-matched, shape (n,).
    """
    faulty = ~shapely.is_valid(geometry) | ~shapely.is_empty(
        shapely.coverage_invalid_edges(geometry)
    )
    if not faulty.any():
        return geometry
    mended = geometry.copy()
    mended[faulty] = [
        _polygonal(part) for part in shapely.make_valid(geometry[faulty], method="structure")
    ]
    around = np.unique(shapely.STRtree(mended).query(mended[faulty], predicate="intersects")[1])
    mended[around] = shapely.coverage_clean(mended[around], snapping_distance=NODE_SNAP_DEG)
    if shapely.coverage_is_valid(mended):
        return mended
    # mending in one place moved a border of its surroundings: clean the whole (slower)
    cleaned: NDArray[np.object_] = shapely.coverage_clean(mended)
    return cleaned


def _polygonal(geometry: shapely.Geometry) -> shapely.Geometry:
    """Keep the polygons of what mending gave back (it may leave a spike as a line beside them)."""
    parts = shapely.get_parts(geometry)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])


def _to_grid(geometry: NDArray[np.object_]) -> NDArray[np.object_]:
    snapped: NDArray[np.object_] = shapely.transform(
        geometry, lambda xy: np.round(xy * GRID) / GRID
    )
    return snapped


@dataclass(frozen=True)
class Seam:
    """What stood between two vintages of outlines before it was closed, in km²."""

    gap_km2: float
    overlap_km2: float
    n_communes: int


def close_seam(
    older: NDArray[np.object_], newer: NDArray[np.object_]
) -> tuple[NDArray[np.object_], NDArray[np.object_], Seam]:
    """Make one coverage of two generalised vintages whose common border does not match.

    Parameters
    ----------
    older, newer
        Generalised polygons of each vintage, EPSG:4326 on the grid, shapes (m,) and (n,).

    Returns
    -------
    older, newer : ndarray
        The same polygons, edge-matched along the seam: overlaps and slivers go to the neighbour
        with the longest common border.
    seam : Seam
        What was closed.
    """
    near = shapely.STRtree(newer).query(older, predicate="dwithin", distance=SEAM_WIDTH_DEG)
    left, right = np.unique(near[0]), np.unique(near[1])
    if not left.size:
        return older, newer, Seam(0.0, 0.0, 0)
    before = np.concatenate([older[left], newer[right]])
    after = _to_grid(
        shapely.coverage_clean(before, gap_width=SEAM_WIDTH_DEG, snapping_distance=NODE_SNAP_DEG)
    )
    after = _to_grid(clean_coverage(after))
    older, newer = older.copy(), newer.copy()
    older[left], newer[right] = after[: left.size], after[left.size :]
    one, two = shapely.union_all(before[: left.size]), shapely.union_all(before[left.size :])
    overlap = _area_km2(shapely.intersection(one, two))
    gap = _area_km2(shapely.union_all(after)) - _area_km2(shapely.union(one, two))
    return older, newer, Seam(gap, overlap, left.size + right.size)


def _area_km2(geometry: shapely.Geometry) -> float:
    transformer = pyproj.Transformer.from_crs(4326, LAMBERT_93, always_xy=True)
    return float(
        shapely.area(shapely.transform(geometry, transformer.transform, interleaved=False)) / 1e6
    )
