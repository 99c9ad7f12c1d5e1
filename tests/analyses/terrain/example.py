"""Two communes on nine cells of 1 km², and tables of values written by hand.

Aval has the first column, Amont the other two::

    100 | 200 300
    400 | 500 600
    700 | 800 900
"""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from elevation.rasters import NINE, cells, write_raster
from terrdiag.analyses.terrain.altitudes import CommuneAltitudes
from terrdiag.analyses.terrain.relief import GroundPlace
from terrdiag.study.dem import DemInput
from terrdiag.values import build_values

KM = 1000.0
AVAL, AMONT, AWAY = "01001", "01002", "01003"

HOLDERS = (
    GroundPlace("epci", "200000001", "CC entière", (0, 1)),
    GroundPlace("epci", "200000002", "CC qui dépasse", (1,), 0.5),
    GroundPlace("territoire", "val", "Val-d'Exemple", (0, 1)),
    GroundPlace("tranche_altitude", "0400-0600", "400 à 600 m", (0, 1)),
)


def make_dem(folder: Path, values=NINE, **options) -> DemInput:
    """Write the cells as a file, without a study to describe it."""
    dem = {name: options.pop(name) for name in ("title", "is_surface") if name in options}
    return DemInput((write_raster(folder / "dem.tif", values, cell=KM, **options),), **dem)


def make_frame() -> gpd.GeoDataFrame:
    """The communes, and one beside them that is out of the territory."""
    columns = {AVAL: (0, 0, 1, 3), AMONT: (1, 0, 3, 3), AWAY: (3, 0, 5, 3)}
    return gpd.GeoDataFrame(
        {
            "code": list(columns),
            "name": ["Aval", "Amont", "Ailleurs"],
            "inside": [True, True, False],
            "area_km2": [3.0, 6.0, 6.0],
        },
        geometry=[cells(*sides, cell=KM) for sides in columns.values()],
        crs=4326,
    )


def make_values(**indicators) -> pd.DataFrame:
    """Rows of communes: ``population={2020: {"01001": 10}}``."""
    return build_values(
        {
            "level": "commune",
            "code": code,
            "name": code,
            "indicator": indicator,
            "ref_year": year,
            "value": float(value),
            "unit": "",
            "source_id": f"source-{indicator}",
            "cog_year": 2026,
        }
        for indicator, years in indicators.items()
        for year, found in years.items()
        for code, value in found.items()
    )


def make_altitudes(values, reference="official_mean") -> CommuneAltitudes:
    """Altitudes of communes 01001, 01002…"""
    codes = [f"{1001 + rank:05d}" for rank in range(len(values))]
    return CommuneAltitudes(reference, pd.Series(values, index=codes, dtype=float), "ign")


def by_commune(values) -> dict[str, float]:
    """Values of communes 01001, 01002…; NaN is left out."""
    numbers = np.asarray(values, dtype=float)
    known = np.flatnonzero(~np.isnan(numbers)).tolist()
    return {f"{1001 + rank:05d}": float(numbers[rank]) for rank in known}
