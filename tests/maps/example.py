"""A territory of squares, written by hand.

Squares of 1/16 degree; ``A`` to ``D`` are the territory, ``E`` an enclave in ``D``, ``I`` an island of it, ``X`` to
``Z`` are around. Two EPCI in the territory (``north``: A, B; ``south``: C, D, E), one around; the island has none::

        0    1    2    3
    3   X X X X X X X X X
    2   A    B    Y
    1   C    D+E  Z          I (far to the west)
    0
"""

import datetime as dt

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from terrdiag.catalogue.models import Indicator, MapSpec
from terrdiag.maps.scene import Scene, build_scene

UNIT = 1 / 16
WEST, SOUTH = 0.5, 43.0
NORTH_EPCI, SOUTH_EPCI, EAST_EPCI = "200000001", "200000002", "200000003"
DAY = dt.date(2026, 11, 22)

PLACES = {
    "01001": ("Aulnay", NORTH_EPCI, "A"),
    "01002": ("Bétous", NORTH_EPCI, "B"),
    "01003": ("Cieutat", SOUTH_EPCI, "C"),
    "01004": ("Dours", SOUTH_EPCI, "D"),
    "01005": ("Esparros", SOUTH_EPCI, "E"),
    "01006": ("Île-d'Ici", "", "I"),
    "02001": ("Xaintrailles", EAST_EPCI, "X"),
    "02002": ("Yviers", EAST_EPCI, "Y"),
    "02003": ("Zonza", EAST_EPCI, "Z"),
}
EPCI_NAMES = {"": "", NORTH_EPCI: "CC du Nord", SOUTH_EPCI: "CC du Sud", EAST_EPCI: "CC de l'Est"}


def ring(*corners):
    return [(WEST + x * UNIT, SOUTH + y * UNIT) for x, y in corners]


def outlines():
    """Common borders have the same vertices: the middle of a side that two squares share is a vertex of both."""
    hole = ring((1.25, 0.25), (1.25, 0.75), (1.75, 0.75), (1.75, 0.25))
    return {
        "A": shapely.Polygon(ring((0, 1), (1, 1), (1.125, 1.5), (1, 2), (0, 2))),
        "B": shapely.Polygon(ring((1, 1), (2, 1), (2, 2), (1, 2), (1.125, 1.5))),
        "C": shapely.Polygon(ring((0, 0), (1, 0), (1, 1), (0, 1))),
        "D": shapely.Polygon(ring((1, 0), (2, 0), (2, 1), (1, 1)), [hole]),
        "E": shapely.Polygon(hole),
        "I": shapely.MultiPolygon(
            [
                shapely.Polygon(ring((-3, 0), (-2, 0), (-2, 1))),
                shapely.Polygon(ring((-3, 2), (-2, 2), (-2, 3))),
            ]
        ),
        "X": shapely.Polygon(ring((0, 2), (1, 2), (2, 2), (3, 2), (3, 3), (0, 3))),
        "Y": shapely.Polygon(ring((2, 1), (3, 1), (3, 2), (2, 2))),
        "Z": shapely.Polygon(ring((2, 0), (3, 0), (3, 1), (2, 1))),
    }


def make_frame(names=None):
    names = names or {}
    shapes = outlines()
    rows = [
        {
            "code": code,
            "name": names.get(code, name),
            "code_epci": epci,
            "name_epci": EPCI_NAMES[epci],
            "code_departement": code[:2],
            "inside": code < "02",
            "area_km2": 10.0 + int(code[-1]),
            "geometry": shapes[letter],
        }
        for code, (name, epci, letter) in PLACES.items()
    ]
    return gpd.GeoDataFrame(rows, crs=4326)


def make_scene(names=None) -> Scene:
    return build_scene(
        make_frame(names), pd.Series({"01004": 900.0, "01001": 500.0, "02002": 50.0})
    )


def make_indicator(**changes) -> Indicator:
    spec = {"kind": "choropleth", "method": "quantiles", "classes": 3} | changes.pop("map", {})
    return Indicator(
        **{
            "id": "share_pct",
            "theme": "industrie",
            "label_fr": "Part d'exemple",
            "label_en": "Example share",
            "short_fr": "Part",
            "unit": "%",
            "decimals": 1,
            "kind": "ratio_of_sums",
            "inputs": ("a", "b"),
            "formula_fr": "a / b × 100",
            "definition_fr": "Ce que mesure la part.",
            "source": ("insee",),
        }
        | changes,
        map=MapSpec(**spec),
    )


def make_values(rows, indicator="share_pct") -> pd.DataFrame:
    """Rows: level, code, year, value, and the status when it is not ``ok``."""
    table = []
    for level, code, year, value, *status in rows:
        table.append(
            {
                "level": level,
                "code": code,
                "name": PLACES[code][0] if code in PLACES else code,
                "indicator": indicator,
                "ref_year": year,
                "value": np.nan if value is None else float(value),
                "status": status[0] if status else "ok",
                "source_id": "insee-2018",
            }
        )
    return pd.DataFrame(table)
