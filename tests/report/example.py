"""« Val-d'Exemple »: a territory written by hand, with every status, an estimate and a newer figure.

Four communes in a square, two EPCI of which one sticks out of the territory, three comparators.
"""

import datetime as dt
import math
from collections.abc import Iterable

import geopandas as gpd
import pandas as pd
from shapely.geometry import box

from terrdiag.catalogue import load_indicators, load_themes
from terrdiag.edition.schema import EditionInfo, FileRecord, SourceRecord
from terrdiag.maps.assets import map_assets
from terrdiag.maps.scene import Scene, build_scene
from terrdiag.maps.view import build_view
from terrdiag.report.page import PageContent
from terrdiag.territory.model import Comparator, Group, Perimeter
from terrdiag.values import VALUE_DTYPES

COMMUNES = {"01001": "Aubre", "01002": "Bézu", "01003": "L'Œuf", "01004": "Saint-Élan"}
EPCI = {
    "200000001": ("CC du Haut Val", ("01001", "01002", "01009")),
    "200000002": ("CC du Bas Val", ("01003", "01004")),
}
AROUND = {"200000003": ("CC d'à Côté", ("01010",))}
PLACES = {
    ("territoire", "val"): "Val-d'Exemple",
    ("departement", "65"): "Hautes-Pyrénées",
    ("region", "76"): "Occitanie",
    ("france", "00FR"): "France",
}
INTERVALS = ((2011, 2016), (2013, 2018), (2016, 2022))

Row = tuple[str, str, str, int, float, str, float, float, float]
NAN = math.nan


def commune_rows(indicator: str, year: int, cells: Iterable[object]) -> list[Row]:
    """One row a commune; a cell is a number (ok), a status, or (value, status, numerator, denominator)."""
    rows: list[Row] = []
    for code, cell in zip(COMMUNES, cells, strict=True):
        if isinstance(cell, str):
            value, status, above, below = NAN, cell, NAN, NAN
        elif isinstance(cell, tuple):
            value, status, above, below = cell
        else:
            value, status, above, below = float(cell), "ok", NAN, NAN
        rows.append(("commune", code, indicator, year, value, status, above, below, 100.0))
    return rows


def place_rows(indicator: str, year: int, cells: Iterable[object]) -> list[Row]:
    """One row for the territory, the département, the région and France; None: no row."""
    rows: list[Row] = []
    for (level, code), cell in zip(PLACES, cells, strict=True):
        if cell is None:
            continue
        if isinstance(cell, str):
            rows.append((level, code, indicator, year, NAN, cell, NAN, NAN, 100.0))
        else:
            value, status, coverage, above, below = (
                *(cell if isinstance(cell, tuple) else (cell,)),
                *[None] * 5,
            )[:5]
            rows.append(
                (
                    level,
                    code,
                    indicator,
                    year,
                    float(value),
                    status or "ok",
                    NAN if above is None else above,
                    NAN if below is None else below,
                    100.0 if coverage is None else coverage,
                )
            )
    return rows


def all_rows() -> list[Row]:
    return [
        *commune_rows("population", 2016, [1200, 310, 95, 40]),
        *commune_rows("population", 2022, [1250, 300, "missing", 38]),
        *place_rows("population", 2016, [1645, 228530, 5808435, 66361658]),
        *place_rows("population", 2022, [(1683.0, "partial", 98.26), 230583, 6101005, 67760573]),
        *commune_rows(
            "population_density",
            2022,
            [
                (62.5, "ok", 1250, 20.0),
                (15.0, "ok", 300, 20.0),
                "missing",
                (3.8, "ok", 38, 10.0),
            ],
        ),
        *place_rows(
            "population_density", 2022, [(24.04, "ok", None, 1683, 70.0), 51.3, 83.9, 107.2]
        ),
        *commune_rows(
            "population_growth_pct",
            2022,
            [
                (0.68, "ok", 1250, 1200),
                (-0.55, "ok", 300, 310),
                "missing",
                ("nan", "too_small", 38, 40),
            ],
        ),
        *place_rows("population_growth_pct", 2016, [-0.3, -0.1, 0.9, 0.4]),
        *place_rows("population_growth_pct", 2022, [0.38, 0.15, 0.82, 0.35]),
        *commune_rows(
            "industry_establishments_share_pct",
            2018,
            [
                (8.77, "ok", 5, 57),
                (0.0, "ok", 0, 12),
                ("nan", "too_small", 1, 3),
                "not_applicable",
            ],
        ),
        *commune_rows(
            "industry_establishments_share_pct",
            2024,
            [(9.5, "estimate", 6, 63), "secret", "missing", 0],
        ),
        *place_rows(
            "industry_establishments_share_pct", 2018, [(8.33, "ok", 100, 6, 72), 7.1, 6.66, 5.9]
        ),
        *place_rows("industry_establishments_share_pct", 2024, [9.08, None, "missing", None]),
        ("epci", "200000001", "industry_jobs_share_pct", 2022, 12.5, "ok", NAN, NAN, NAN),
        ("epci", "200000002", "industry_jobs_share_pct", 2022, 4.25, "ok", NAN, NAN, NAN),
        ("epci", "200000003", "industry_jobs_share_pct", 2022, 30.0, "ok", NAN, NAN, NAN),
        *place_rows("industry_jobs_share_pct", 2022, [(7.8, "estimate"), 9.9, 9.43, 11.62]),
        *commune_rows("median_income_eur", 2019, [21500, 19850, "secret", "secret"]),
        *place_rows("median_income_eur", 2019, ["not_applicable"] * 4),
        *commune_rows("altitude_min_m", 2025, [210, 180, 180, 350]),
        *place_rows("altitude_min_m", 2025, [180, None, None, None]),
        *commune_rows("altitude_max_m", 2025, [900, 640, 700, 1204]),
        *place_rows("altitude_max_m", 2025, [1204, (3298.0, "partial", 97.0), 3298, 4806]),
        *commune_rows("altitude_mean_m", 2025, [455, 320, 410, 760]),
        *place_rows("altitude_mean_m", 2025, [478, None, None, None]),
    ]


def make_values(names: dict[str, str] | None = None) -> pd.DataFrame:
    indicators = load_indicators()
    labels = {**{("commune", code): name for code, name in (names or COMMUNES).items()}, **PLACES}
    labels |= {("epci", code): name for code, (name, _) in (EPCI | AROUND).items()}
    return pd.DataFrame(
        [
            {
                "level": level,
                "code": code,
                "name": labels[level, code],
                "indicator": indicator,
                "ref_year": year,
                "value": float(value),
                "unit": indicators[indicator].unit,
                "numerator": above,
                "denominator": below,
                "coverage_pct": coverage,
                "status": status,
                "source_id": "insee-comparateur-2018",
                "cog_year": 2026,
            }
            for level, code, indicator, year, value, status, above, below, coverage in all_rows()
        ]
    ).astype(VALUE_DTYPES)


def make_scene(names: dict[str, str]) -> Scene:
    around = {**names, "01009": "Voisine", "01010": "Lointaine"}
    cells = {
        "01001": (0, 0),
        "01002": (1, 0),
        "01003": (0, 1),
        "01004": (1, 1),
        "01009": (2, 0),
        "01010": (2, 1),
    }
    epci = {
        code: (siren, name)
        for siren, (name, members) in (EPCI | AROUND).items()
        for code in members
    }
    frame = gpd.GeoDataFrame(
        {
            "code": list(around),
            "name": list(around.values()),
            "code_epci": [epci[code][0] for code in around],
            "name_epci": [epci[code][1] for code in around],
            "code_departement": "01",
            "inside": [code in COMMUNES for code in around],
            "area_km2": 20.0,
        },
        geometry=[
            box(x / 16, 43 + y / 16, (x + 1) / 16, 43 + (y + 1) / 16)
            for x, y in (cells[c] for c in around)
        ],
        crs="EPSG:4326",
    )
    return build_scene(frame)


def make_edition() -> EditionInfo:
    def source(name: str, title: str, **more: object) -> SourceRecord:
        return SourceRecord(
            id=name,
            producer="INSEE",
            title=title,
            vintage="RP 2018",
            landing_page="https://example.test/page",
            address="https://example.test/file",
            licence="Licence Ouverte 2.0",
            licence_url="https://example.test/licence",
            attribution="INSEE",
            cog_year=2023,
            **more,
        )

    return EditionInfo(
        id="2026.1",
        cog_year=2026,
        built_at=dt.date(2026, 11, 20),
        terrdiag_version="0.1.0",
        intervals=INTERVALS,
        notes=("Deux millésimes de contours se touchent.",),
        tables={"communes": FileRecord(path="communes.parquet", sha256="ab" * 32, size=10)},
        sources=(
            source(
                "insee-comparateur-2018",
                "Comparateur de territoires",
                retrieved=dt.date(2026, 1, 1),
            ),
            source("anct-densite", "Grille de densité"),
        ),
    )


def make_content(names: dict[str, str] | None = None, title: str = "Val-d'Exemple") -> PageContent:
    names = names or COMMUNES
    values = make_values(names)
    scene = make_scene(names)
    indicators = load_indicators()
    starts = {end: start for start, end in INTERVALS}
    drawn = values[values["level"].isin(["commune", "epci"])]
    views = [
        build_view(
            indicators[name],
            int(year),
            values,
            scene,
            source="INSEE, comparateur",
            year_label=f"{starts[int(year)]}-{year}" if name == "population_growth_pct" else "",
        )
        for (name, year), rows in drawn.groupby(["indicator", "ref_year"], sort=False)
        if indicators[name].map and (rows["level"] == indicators[name].map.level).any()
    ]
    groups = tuple(Group("epci", code, name, members) for code, (name, members) in EPCI.items())
    comparators = tuple(
        Comparator(
            Group(level, code, name, ("65001",)), "somme de ses communes au 1er janvier 2026"
        )
        for (level, code), name in PLACES.items()
        if level != "territoire"
    )
    return PageContent(
        perimeter=Perimeter(
            "val",
            title,
            dt.date(2026, 1, 1),
            groups,
            tuple(COMMUNES),
            groups,
            (),
            (),
            (),
            ("Le territoire réunit 4 communes de 2 EPCI.", "CC du Haut Val n'y est pas en entier."),
            (),
        ),
        comparators=comparators,
        values=values,
        indicators=indicators,
        themes=load_themes(),
        edition=make_edition(),
        scene_json=scene.to_json(),
        views_json="[" + ",".join(view.to_json() for view in views) + "]",
        assets=map_assets(),
        warnings=("La population de 2022 est partielle : une commune manque.",),
        command="terrdiag diagnostic val",
        generated=dt.date(2026, 11, 22),
        version="0.1.0",
    )
