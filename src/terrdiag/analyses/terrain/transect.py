"""A cut across the relief: the communes that a line crosses, and the profile of the ground along it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Geod

from terrdiag import elevation
from terrdiag.analyses.terrain.altitudes import latest_by_commune
from terrdiag.elevation import ElevationModel, Profile
from terrdiag.study.relief import TransectTable

Floats = NDArray[np.float64]

STEP_M: Final = 500.0
"""Longest straight piece of the line: between two of its points it follows the shortest way on the ellipsoid."""

TOUCHING_KM: Final = 1e-6
"""Two stretches nearer than this are one."""

LINE: Final = 1
"""Number of lines among the types of geometry of shapely; a border that is only touched gives points."""

SAMPLES_A_CELL: Final = 8
"""Samples of the profile on the side of a cell: at one, a ridge of cells of 400 m loses some forty metres."""

MOST_SAMPLES: Final = 500_000
"""Beyond, a long line on fine cells is sampled less often."""

SHORTEST_M: Final = 20.0
"""A commune that the line only brushes, for less than this, is not crossed: outlines are generalised."""


@dataclass(frozen=True)
class Crossing:
    """A commune on the way, from where the line enters it to where it leaves it.

    Attributes
    ----------
    code, name
        The commune.
    inside
        Whether it belongs to the territory.
    entry_km, exit_km
        Distance from the start of the line.
    entry_m, exit_m
        Altitude of the ground there; NaN without a model.
    altitude_max_m, population
        Of the commune, official; NaN where not known, and outside the territory.
    """

    code: str
    name: str
    inside: bool
    entry_km: float
    exit_km: float
    entry_m: float
    exit_m: float
    altitude_max_m: float
    population: float


@dataclass(frozen=True)
class TransectFindings:
    """What a line meets.

    Attributes
    ----------
    table
        The line as the study gives it.
    line
        LineString (EPSG:4326).
    length_km
        On the ellipsoid.
    profile
        Altitudes along it; None without a model.
    crossings
        Communes in the order they are met; one met twice is there twice.
    inside_km
        Length inside the territory.
    population_year
        Year of the populations; 0 when none is known.
    step_m
        Distance between samples of the profile; NaN without a model.
    """

    table: TransectTable
    line: Any
    length_km: float
    profile: Profile | None
    crossings: tuple[Crossing, ...]
    inside_km: float
    population_year: int
    step_m: float = float("nan")

    @property
    def own(self) -> tuple[Crossing, ...]:
        """Crossings of communes of the territory."""
        return tuple(one for one in self.crossings if one.inside)


def analyse_transect(
    table: TransectTable | None,
    frame: gpd.GeoDataFrame,
    values: pd.DataFrame,
    model: ElevationModel | None = None,
) -> TransectFindings | None:
    """Follow a line across the communes.

    Parameters
    ----------
    table
        The line of the study, if it has one.
    frame
        Communes of the territory and around: ``code, name, inside, geometry`` (EPSG:4326).
    values
        The table of values, for the communes of the territory.
    model
        Elevation model, for the profile.

    Returns
    -------
    TransectFindings or None
        None when the study has no transect.
    """
    if table is None:
        return None
    line, kilometres = follow_shortest(table.points)
    step, profile = float("nan"), None
    if model:
        step = max(model.resolution_m / SAMPLES_A_CELL, 1000 * kilometres[-1] / MOST_SAMPLES)
        profile = elevation.sample_profile(model, shapely.LineString(table.points), step)
    facts = {name: latest_by_commune(values, name) for name in ("altitude_max_m", "population")}
    crossings = []
    for row, entry, leave in cross_communes(line, kilometres, frame):
        if 1000 * (leave - entry) < SHORTEST_M:
            continue
        code, name, inside = frame.iloc[row][["code", "name", "inside"]]
        known = {fact: _look_up(rows, code) for fact, rows in facts.items()}
        altitudes = _altitudes_at(profile, (entry, leave))
        crossings.append(Crossing(code, name, bool(inside), entry, leave, *altitudes, **known))
    crossings.sort(key=lambda one: (one.entry_km, one.exit_km, one.code))
    years = facts["population"]["ref_year"]
    return TransectFindings(
        table=table,
        line=line,
        length_km=float(kilometres[-1]),
        profile=profile,
        crossings=tuple(crossings),
        inside_km=sum(one.exit_km - one.entry_km for one in crossings if one.inside),
        population_year=int(years.iloc[0]) if len(years) else 0,
        step_m=step,
    )


def follow_shortest(points: Sequence[tuple[float, float]]) -> tuple[Any, Floats]:
    """Follow the shortest way from point to point on the ellipsoid (GRS 80).

    Parameters
    ----------
    points
        Longitude and latitude of two points or more.

    Returns
    -------
    line
        LineString of pieces of 500 m at most.
    kilometres
        Distance of each of its points from the start.
    """
    ellipsoid = Geod(ellps="GRS80")
    x, y = (np.array(degrees) for degrees in zip(*points, strict=True))
    way = [np.array([[x[0], y[0]]])]
    for i in range(len(x) - 1):
        _, _, length = ellipsoid.inv(x[i], y[i], x[i + 1], y[i + 1])
        middle = ellipsoid.npts(x[i], y[i], x[i + 1], y[i + 1], int(length // STEP_M))
        way.append(np.array([*middle, (x[i + 1], y[i + 1])]))
    fine = np.concatenate(way)
    steps = ellipsoid.line_lengths(fine[:, 0], fine[:, 1])
    return shapely.LineString(fine), np.concatenate([[0.0], np.cumsum(steps)]) / 1000


def cross_communes(
    line: Any, kilometres: Floats, frame: gpd.GeoDataFrame
) -> list[tuple[int, float, float]]:
    """Find the stretches of a line in each commune.

    Parameters
    ----------
    line, kilometres
        From :func:`follow_shortest`.
    frame
        Communes, with their geometry (EPSG:4326).

    Returns
    -------
    list of tuple
        Row of the commune, kilometres where the line enters and leaves it; a commune left and entered again has two.
    """
    outlines = frame.geometry.to_numpy()
    points = shapely.get_coordinates(line)
    pieces = shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1))
    stretches = []
    for row in np.flatnonzero(shapely.intersects(outlines, line)).tolist():
        ends: list[tuple[float, float]] = []
        for start, end in _cut(pieces, kilometres, outlines[row]):
            if ends and start - ends[-1][1] < TOUCHING_KM:
                ends[-1] = (ends[-1][0], max(end, ends[-1][1]))
            else:
                ends.append((start, end))
        stretches += [(row, start, end) for start, end in ends]
    return stretches


def _cut(pieces: Any, kilometres: Floats, outline: Any) -> list[tuple[float, float]]:
    """Cut the pieces of a line by an outline: kilometres of both ends of each part inside, in order.

    Piece by piece, as a line that crosses itself passes the same point at two distances.
    """
    parts, at = shapely.get_parts(shapely.intersection(pieces, outline), return_index=True)
    is_line = (shapely.get_type_id(parts) == LINE) & ~shapely.is_empty(parts)
    parts, at = parts[is_line], at[is_line]
    length = np.diff(kilometres)
    ends = [
        kilometres[at]
        + length[at]
        * shapely.line_locate_point(pieces[at], shapely.get_point(parts, k), normalized=True)
        for k in (0, -1)
    ]
    low, high = np.minimum(*ends), np.maximum(*ends)
    return sorted(zip(low.tolist(), high.tolist(), strict=True))


def _look_up(rows: pd.DataFrame, code: str) -> float:
    return float(rows["value"].get(code, np.nan))


def _altitudes_at(profile: Profile | None, kilometres: tuple[float, float]) -> tuple[float, float]:
    if profile is None:
        return float("nan"), float("nan")
    first, last = np.interp(kilometres, profile.distance_m / 1000, profile.altitude_m).tolist()
    return first, last
