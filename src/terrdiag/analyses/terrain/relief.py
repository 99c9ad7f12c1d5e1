"""The relief of a territory on an elevation model: altitudes, hypsometry, slope."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from terrdiag import elevation
from terrdiag.analyses.terrain.variants import MODEL_ID, STATISTICS, list_indicators, name_bounds
from terrdiag.catalogue import Indicator
from terrdiag.elevation import (
    ElevationModel,
    ElevationProvider,
    FileProvider,
    ReliefStatistics,
    Zones,
    area_by_band,
    describe_zones,
    share_above,
)
from terrdiag.elevation.statistics import MIN_COVERAGE_PCT
from terrdiag.study.dem import DemInput
from terrdiag.study.relief import ReliefTable
from terrdiag.values import (
    MISSING,
    NOT_APPLICABLE,
    OK,
    PARTIAL,
    STATUSES_WITH_VALUE,
    VALUE_DTYPES,
    empty_values,
)

Floats = NDArray[np.float64]

AREA_BAND_M: Final = 100
"""Height of the bands whose area is measured."""


@dataclass(frozen=True)
class Measures:
    """What an elevation model says of the communes of a territory, before any word.

    Attributes
    ----------
    dem
        The files and what the study says of them.
    model
        The model as opened.
    zones
        A row a commune of the territory, sorted by code.
    statistics
        The same, described.
    """

    dem: DemInput
    model: ElevationModel
    zones: Zones
    statistics: ReliefStatistics

    @property
    def word(self) -> str:
        """What the model is, in a label."""
        return "modèle de surface" if self.dem.is_surface else "modèle de terrain"

    @property
    def mean_m(self) -> "pd.Series[float]":
        """Mean altitude by commune code, NaN where the model covers too little of it."""
        return pd.Series(self.statistics.mean_m, index=list(self.zones.codes))


@dataclass(frozen=True)
class GroundPlace:
    """A place whose relief is told: its communes, and how much of it they are.

    Attributes
    ----------
    level, code, name
        As in the table of values.
    rows
        Rows of its communes among those measured.
    share
        Share of its area that is in the territory: the rest is not measured.
    """

    level: str
    code: str
    name: str
    rows: tuple[int, ...]
    share: float = 1.0


@dataclass(frozen=True)
class ReliefFindings:
    """The relief of the places of a territory.

    Attributes
    ----------
    values, indicators
        Rows of the table of values, and the indicators they bear, in reading order.
    territory
        The whole territory, as one zone.
    """

    values: pd.DataFrame
    indicators: dict[str, Indicator]
    territory: Zones


def measure_communes(
    dem: DemInput | None, frame: gpd.GeoDataFrame, steep_deg: float
) -> Measures | None:
    """Measure the communes of a territory, and only them, on its elevation model.

    Parameters
    ----------
    dem
        The files, if there are any.
    frame
        Communes sorted by code: ``code, inside, geometry`` (EPSG:4326).
    steep_deg
        From what slope ground is called steep.

    Returns
    -------
    Measures or None
        None without a model.

    Raises
    ------
    ElevationError
        The files cannot be read, or hold no altitudes.
    """
    if dem is None:
        return None
    inside = frame[frame["inside"]]
    west, south, east, north = inside.total_bounds
    provider: ElevationProvider = FileProvider(dem.paths)
    paths = provider.paths((west, south, east, north))
    model = elevation.open_elevation(paths, assumed_crs=dem.crs)
    zones = elevation.measure_zones(
        model, tuple(inside["code"]), inside.geometry.to_numpy(), steep_deg=steep_deg
    )
    return Measures(dem, model, zones, describe_zones(zones))


def analyse_relief(
    measures: Measures,
    relief: ReliefTable,
    communes: pd.DataFrame,
    holders: Sequence[GroundPlace],
    cog_year: int,
) -> ReliefFindings:
    """Give the communes, and the places made of them, their altitudes, their hypsometry and their slope.

    Parameters
    ----------
    measures
        What was measured of the communes.
    relief
        Thresholds of the study.
    communes
        By code, sorted: ``name``.
    holders
        EPCI, territory (exactly one), bands of altitude.
    cog_year
        Year of the outlines: the year that these values bear, a model describing none.

    Returns
    -------
    ReliefFindings
        A value is missing where the model covers under 95 % of the place.
    """
    codes = measures.zones.codes
    own = [
        GroundPlace("commune", code, name, (row,))
        for row, (code, name) in enumerate(zip(codes, communes["name"], strict=True))
    ]
    gathered = measures.zones.gather(
        {f"{place.level} {place.code}": place.rows for place in holders}
    )
    territory = next(row for row, place in enumerate(holders) if place.level == "territoire")
    edges, areas = area_by_band(gathered, AREA_BAND_M)
    bands = _trim(edges, areas[territory])
    indicators = list_indicators(relief, bands, measures.word)
    described = (
        (measures.zones, measures.statistics, own),
        (gathered, describe_zones(gathered), holders),
    )
    tables = [
        _tabulate(_measure(zones, found, relief, bands), zones, places, indicators)
        for zones, found, places in described
    ]
    values = pd.concat(tables, ignore_index=True).assign(ref_year=cog_year, cog_year=cog_year)
    order = {name: rank for rank, name in enumerate(indicators)}
    values = values.sort_values("indicator", key=lambda ids: ids.map(order), kind="stable")
    return ReliefFindings(
        values[list(VALUE_DTYPES)].astype(VALUE_DTYPES).reset_index(drop=True)
        if len(values)
        else empty_values(),
        indicators,
        measures.zones.gather({holders[territory].code: holders[territory].rows}),
    )


def _trim(edges: NDArray[np.int64], area_km2: Floats) -> tuple[tuple[int, int], ...]:
    """Keep the bands from the lowest ground of the territory to the highest."""
    filled = np.flatnonzero(area_km2)
    if not len(filled):
        return ()
    return tuple((int(edges[k]), int(edges[k + 1])) for k in range(filled[0], filled[-1] + 1))


def _measure(
    zones: Zones,
    found: ReliefStatistics,
    relief: ReliefTable,
    bands: Sequence[tuple[int, int]],
) -> Mapping[str, Floats]:
    """Measure everything, by the identifiers of :func:`list_indicators`."""
    edges, areas = area_by_band(zones, AREA_BAND_M)
    column = {int(low): rank for rank, low in enumerate(edges[:-1])}
    covered = found.coverage_pct >= MIN_COVERAGE_PCT
    measured = {f"altitude_{name}_dem_m": getattr(found, f"{name}_m") for name in STATISTICS}
    measured |= {f"area_above_{m}_pct": share_above(zones, m) for m in relief.thresholds_m}
    measured |= {
        "hypsometric_integral_dem": found.hypsometric_integral,
        "slope_mean_dem_deg": found.slope_mean_deg,
        "steep_ground_share_pct": found.steep_share_pct,
    }
    for low, high in bands:
        names = name_bounds(low, high)
        measured[f"area_{names['low']}_{names['high']}_dem_km2"] = np.where(
            covered, areas[:, column[low]], np.nan
        )
    return measured | {"coverage_pct": found.coverage_pct}


def _tabulate(
    measured: Mapping[str, Floats],
    zones: Zones,
    places: Sequence[GroundPlace],
    indicators: Mapping[str, Indicator],
) -> pd.DataFrame:
    """Lay the measures out as rows, indicator after indicator; two arrays are quicker than a row at a time."""
    share = np.array([place.share for place in places])
    # a cell that no centre falls in has no coverage at all
    coverage = np.nan_to_num(measured["coverage_pct"]) * share
    coverage = np.where(coverage > 100 - 1e-6, 100.0, coverage)
    count = len(indicators)
    value = np.concatenate([measured[name] for name in indicators])
    whole = np.tile(coverage, count)
    value = np.where(whole >= MIN_COVERAGE_PCT, value, np.nan)
    ids = np.repeat(list(indicators), len(places))
    flat = np.tile(zones.high_m == zones.low_m, count) & (ids == "hypsometric_integral_dem")
    status = np.select(
        [whole < MIN_COVERAGE_PCT, np.isnan(value) & flat, np.isnan(value), whole < 100],
        [MISSING, NOT_APPLICABLE, MISSING, PARTIAL],
        OK,
    )
    assert (np.isin(status, STATUSES_WITH_VALUE) == ~np.isnan(value)).all()  # noqa: S101  # a fault of ours
    return pd.DataFrame(
        {
            "level": np.tile([place.level for place in places], count),
            "code": np.tile([place.code for place in places], count),
            "name": np.tile([place.name for place in places], count),
            "indicator": ids,
            "value": value,
            "unit": np.repeat([one.unit for one in indicators.values()], len(places)),
            "numerator": np.nan,
            "denominator": np.nan,
            "coverage_pct": whole,
            "status": status,
            "source_id": MODEL_ID,
        }
    )
