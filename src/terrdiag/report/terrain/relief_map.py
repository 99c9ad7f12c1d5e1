"""The map of the relief: hypsometric tints under the borders of the communes."""

import itertools
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from terrdiag import elevation
from terrdiag.analyses.terrain.findings import TerrainFindings
from terrdiag.analyses.terrain.transect import TransectFindings
from terrdiag.drawing import (
    Caption,
    Drawing,
    Fill,
    Legend,
    MapLabel,
    MapLine,
    MapShape,
    Raster,
    draw_map,
    draw_widths,
)
from terrdiag.drawing.ground import view_bounds
from terrdiag.edition.schema import LAMBERT_93, LEGAL_EPSG
from terrdiag.elevation import Zones, pick_tints
from terrdiag.elevation.statistics import find_quantiles
from terrdiag.report.terrain.hypsometry import pick_step
from terrdiag.wording import NBSP, format_number

MOST_TINTS: Final = 9

WIDTH_PX: Final = 420
"""Pixels of the picture under the map: finer would weigh more than it shows."""

LOWEST_SHARE: Final = 0.001
"""Share of the ground that may be lower than what the tints tell apart."""

MOST_COMMUNES: Final = 500
"""Beyond, the borders drawn are those of the EPCI: those of the communes would hide the relief."""

NAMED: Final = 12
"""Communes that are named at the most, the most peopled first."""


def draw_relief_map(
    findings: TerrainFindings, frame: gpd.GeoDataFrame, name: str
) -> Drawing | None:
    """Draw the relief of a territory under the borders of its communes.

    Parameters
    ----------
    findings
        The analysis.
    frame
        Communes of the territory and around: ``code, name, inside, geometry`` (EPSG:4326).
    name
        Of the territory.

    Returns
    -------
    Drawing or None
        None without a model, or where it knows nothing of the territory. A territory on both sides of an ocean is
        drawn for its part that has most communes; the title says which.
    """
    measures, relief = findings.measures, findings.relief
    if measures is None or relief is None or np.isnan(relief.territory.low_m[0]):
        return None
    epsg, part, apart = keep_one_part(frame)
    projected = part.to_crs(epsg)
    by_epci = int(projected["inside"].sum()) > MOST_COMMUNES
    shapes = list_shapes(projected, by_epci=by_epci)
    line = _project_transect(findings.transect, epsg)
    bounds = view_bounds(shapes, line)
    shapes += veil_rest(shapes, bounds)
    breaks = pick_breaks(relief.territory)
    picture = elevation.read_picture(measures.model, _to_degrees(bounds, epsg), epsg, WIDTH_PX)
    raster = Raster(elevation.render_tint(picture, breaks), picture.bounds)
    away = " La partie d'outre-mer n'est pas sur cette carte." if apart else ""
    of_epci = " (limites des EPCI)" if by_epci else " des communes"
    low, high = (format_number(m[0]) for m in (relief.territory.low_m, relief.territory.high_m))
    caption = Caption(
        "carte-du-relief",
        f"Relief, {name}",
        note=f"Teintes et ombrage tirés du {measures.word}, contours généralisés{of_epci}.{away}",
        alt=f"Carte du relief, de {low} à {high}{NBSP}m, sous les limites des {'EPCI' if by_epci else 'communes'}.",
    )
    labels = _name_communes(projected, findings)
    legend = _list_tints(breaks)
    return draw_widths(
        lambda one: draw_map(
            one, shapes, background=raster, lines=line, labels=labels, legend=legend
        ),
        caption,
    )


def keep_one_part(frame: gpd.GeoDataFrame) -> tuple[int, gpd.GeoDataFrame, bool]:
    """Keep the communes that one legal projection can show, where most of the territory is.

    Returns
    -------
    epsg
        The projection.
    part
        The communes.
    apart
        Whether communes of the territory are left out.
    """
    epsg = frame["code"].str[:3].map(LEGAL_EPSG).fillna(LAMBERT_93).astype(int)
    own = epsg[frame["inside"]]
    chosen = int(own.value_counts().sort_index().idxmax())
    return chosen, frame[epsg == chosen], bool((own != chosen).any())


def list_shapes(projected: gpd.GeoDataFrame, *, by_epci: bool) -> list[MapShape]:
    """List the places to draw: the communes, or the EPCI of a territory of very many of them.

    Parameters
    ----------
    projected
        Communes: ``code, code_epci, inside, geometry``, in metres.
    by_epci
        Whether they are merged by EPCI, those of no EPCI being left alone.
    """
    outlines = projected.geometry.to_numpy()
    inside = projected["inside"].to_numpy(bool)
    if not by_epci:
        return [
            MapShape(outline, own=bool(own)) for outline, own in zip(outlines, inside, strict=True)
        ]
    epci = projected["code_epci"].where(projected["code_epci"] != "", projected["code"])
    groups = pd.Series(range(len(outlines))).groupby([epci.to_numpy(), inside])
    return [
        MapShape(shapely.coverage_union_all(outlines[rows.to_numpy()]), own=bool(own))
        for (_, own), rows in groups
    ]


def veil_rest(shapes: list[MapShape], bounds: tuple[float, float, float, float]) -> list[MapShape]:
    """Make a place of what no commune covers (the sea, a neighbouring country), to be veiled like the surroundings."""
    land = shapely.coverage_union_all([shape.geometry for shape in shapes])
    rest = shapely.difference(shapely.box(*bounds), land)
    return [] if rest.is_empty else [MapShape(rest, own=False)]


def pick_breaks(territory: Zones) -> tuple[int, ...]:
    """Pick the altitudes between the tints: round, nine tints at the most, none for a few cells under the others."""
    low, high = float(find_quantiles(territory, (LOWEST_SHARE,))[0, 0]), float(territory.high_m[0])
    step = pick_step(high - low, MOST_TINTS)
    first = int(low // step + 1) * step
    return tuple(range(first, int(np.ceil(high)), step)) or (first,)


def _list_tints(breaks: tuple[int, ...]) -> Legend:
    words = [
        f"moins de {format_number(breaks[0])}{NBSP}m",
        *(
            f"{format_number(low)} à {format_number(high)}{NBSP}m"
            for low, high in itertools.pairwise(breaks)
        ),
        f"{format_number(breaks[-1])}{NBSP}m et plus",
    ]
    fills = [Fill(label, color) for label, color in zip(words, pick_tints(len(words)), strict=True)]
    # from the summits down, as the ground is seen
    return Legend(
        "Altitude", tuple(reversed(fills)), own="Limite du territoire", away="Autour du territoire"
    )


def _to_degrees(
    bounds: tuple[float, float, float, float], epsg: int
) -> tuple[float, float, float, float]:
    transformer = Transformer.from_crs(epsg, 4326, always_xy=True)
    west, south, east, north = transformer.transform_bounds(*bounds)
    return west, south, east, north


def _project_transect(transect: TransectFindings | None, epsg: int) -> list[MapLine]:
    if transect is None:
        return []
    transformer = Transformer.from_crs(4326, epsg, always_xy=True)

    def project(points: Any) -> Any:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    table = transect.table
    line = shapely.transform(transect.line, project)
    return [MapLine(line, label=f"Coupe : {table.name}", start=table.start, end=table.end)]


def _name_communes(projected: gpd.GeoDataFrame, findings: TerrainFindings) -> list[MapLabel]:
    """Name the most peopled communes of the territory; by area when no population is known."""
    own = projected[projected["inside"]]
    weight = findings.communes["population"].reindex(own["code"]).to_numpy(float)
    area = own["area_km2"].to_numpy(float)
    codes = own["code"].to_numpy(str)
    order = np.lexsort((codes, -area, -np.nan_to_num(weight)))[:NAMED]
    points = shapely.point_on_surface(own.geometry.to_numpy()[order])
    names = pd.Series(own["name"]).to_numpy(str)[order]
    return [
        MapLabel(str(name), float(point.x), float(point.y), strong=rank == 0)
        for rank, (name, point) in enumerate(zip(names, points, strict=True))
    ]
