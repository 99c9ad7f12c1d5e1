"""The communes that the maps draw: those of the territory and those around it."""

from collections.abc import Collection
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from terrdiag.edition import Edition, read_bounds, read_communes, read_memberships
from terrdiag.territory.groups import valid_at
from terrdiag.territory.model import Perimeter

MARGIN: Final = 0.12
"""Margin around the box of the territory, as a share of its larger side: no white hole at the border of a map."""

MIN_MARGIN_DEG: Final = 0.03

MIN_SHAPE: Final = 1.35
"""Width over height of the ground read around a territory, at least: maps are wider than high."""

MAX_SHAPE: Final = 1.8


def read_commune_frame(edition: Edition, perimeter: Perimeter) -> gpd.GeoDataFrame:
    """Read the outlines of a territory and of its surroundings.

    Parameters
    ----------
    edition
        The edition.
    perimeter
        The territory.

    Returns
    -------
    GeoDataFrame
        One row a commune, sorted by code: ``code, name, code_epci, name_epci, code_departement,
        inside, area_km2, geometry`` (EPSG:4326, generalised, shared borders shared vertex for
        vertex). The surroundings are the communes in a margin around the territory's box, and
        every commune of the EPCI that touch the territory, whole. ``code_epci`` is empty for a
        commune of no EPCI. The communes of the territory at the other dates that the study names
        are surroundings too.
    """
    inside = set(perimeter.communes)
    ever = inside.union(*(other.communes for other in perimeter.others))
    table = read_communes(edition, bbox=_widen(read_bounds(edition, ever)))
    is_own = table["code_commune"].isin(inside).to_numpy()
    geometry = table.geometry.to_numpy()
    meets = shapely.STRtree(geometry[is_own]).query(geometry, predicate="intersects")[0]
    touching = table["code_commune"].iloc[np.unique(meets)]
    around = set(_current_epci(edition, communes=touching)["code"])
    missing = set(_current_epci(edition, codes=around).index) - set(table["code_commune"])
    if missing:
        table = pd.concat([table, read_communes(edition, codes=missing)])
        table = table.sort_values("code_commune", ignore_index=True)
    epci = _current_epci(edition, communes=table["code_commune"])
    of_commune = epci.reindex(table["code_commune"])
    frame = {
        "code": table["code_commune"],
        "name": table["nom"],
        "code_epci": of_commune["code"].fillna("").to_numpy(),
        "name_epci": of_commune["nom"].fillna("").to_numpy(),
        "code_departement": table["code_departement"],
        "inside": table["code_commune"].isin(inside),
        "area_km2": table["area_km2"],
    }
    return gpd.GeoDataFrame(frame, geometry=table.geometry.to_numpy(), crs=table.crs)


def _current_epci(
    edition: Edition,
    communes: Collection[str] | None = None,
    codes: Collection[str] | None = None,
) -> pd.DataFrame:
    """Give the EPCI of communes at the edition's date: ``code, nom`` by commune."""
    members = read_memberships(edition, kinds=["epci"], codes=codes, communes=communes)
    now = members[valid_at(members, edition.date)]
    return now.set_index("code_commune")[["code", "nom"]]


def _widen(bounds: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Widen a box by the margin, and to the shape of a map, wider than it is high."""
    west, south, east, north = bounds
    # a degree of longitude is shorter than one of latitude
    stretch = 1 / max(np.cos(np.radians((south + north) / 2)), 0.2)
    height = max(north - south, (east - west) / stretch / MAX_SHAPE)
    width = max((east - west) / stretch, height * MIN_SHAPE)
    margin = max(MARGIN * max(width, height), MIN_MARGIN_DEG)
    x, y = (west + east) / 2, (south + north) / 2
    half_width, half_height = (width / 2 + margin) * stretch, height / 2 + margin
    return x - half_width, y - half_height, x + half_width, y + half_height
