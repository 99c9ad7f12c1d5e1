"""What surrounds a territory, without what a reader does not see: it would only weigh on the page."""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

MANY_AROUND: Final = 500
"""Beyond so many communes around, they are all drawn by EPCI."""

WIDEST: Final = 1.6
"""Width of the widest window of a map, for a height of 1; a phone is as high for a width of 1."""

MARGIN: Final = 0.12
"""Margin around the window, as a share of its sides."""


def gather_surroundings(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Merge by EPCI the communes that a map shows only when it is reduced, or all of those around when they are many.

    Parameters
    ----------
    frame
        Commune frame.

    Returns
    -------
    GeoDataFrame
        The same columns; common borders still have the same vertices. A merged place bears the code and the name
        of its EPCI, and comes after the communes. A commune of no EPCI is left alone.
    """
    around = ~frame["inside"].to_numpy(dtype=bool)
    outlines = frame.geometry.to_numpy()
    far = (
        around
        if around.sum() > MANY_AROUND
        else around & ~shapely.intersects(outlines, _window(outlines[~around]))
    )
    merged = far & (frame["code_epci"].to_numpy(dtype=object) != "")
    if not merged.any():
        return frame
    return pd.concat(
        [frame[~merged], _merge_by_epci(frame[merged])[frame.columns]], ignore_index=True
    )


def _window(territory: NDArray[np.object_]) -> shapely.Polygon:
    """Give the ground that the widest and the highest map show when they show the territory."""
    west, south, east, north = shapely.total_bounds(territory)
    flatten = np.cos(np.radians((south + north) / 2))
    width = max(east - west, (north - south) * WIDEST / flatten) * (0.5 + MARGIN)
    height = max(north - south, (east - west) * WIDEST * flatten) * (0.5 + MARGIN)
    x, y = (west + east) / 2, (south + north) / 2
    return shapely.box(x - width, y - height, x + width, y + height)


def _merge_by_epci(communes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    outlines = communes.geometry.to_numpy()
    epci, first, rank = np.unique(
        communes["code_epci"].to_numpy(dtype=str), return_index=True, return_inverse=True
    )
    order = np.argsort(rank, kind="stable")
    parts = np.split(outlines[order], np.cumsum(np.bincount(rank))[:-1])
    names = communes["name_epci"].to_numpy(dtype=object)[first]
    return gpd.GeoDataFrame(
        {
            "code": epci.astype(object),
            "name": names,
            "code_epci": epci.astype(object),
            "name_epci": names,
            "code_departement": communes["code_departement"].to_numpy(dtype=object)[first],
            "inside": False,
            "area_km2": np.bincount(rank, weights=communes["area_km2"]),
        },
        geometry=[shapely.coverage_union_all(part) for part in parts],
        crs=communes.crs,
    )
