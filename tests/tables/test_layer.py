import datetime as dt
import math
import sqlite3

import geopandas as gpd
import pyogrio
import pytest
import shapely

from tables.example import NAN, make_context, make_values
from terrdiag.catalogue import load_indicators
from terrdiag.errors import CatalogueError
from terrdiag.tables import write_gpkg
from terrdiag.tables.layer import column_name


def make_frame(west=3.0, south=46.5, departement="65"):
    """Four squares of a tenth of a degree, the last one outside; written out of order."""
    rows = [
        ("65059", "Ville", "246500482", "CC", True),
        ("01004", "Ambérieu", "", "", True),
        ("2A004", "Ajaccio", "246500482", "CC", True),
        ("65999", "Voisine", "", "", False),
    ]
    return gpd.GeoDataFrame(
        {
            "code": [row[0] for row in rows],
            "name": [row[1] for row in rows],
            "code_epci": [row[2] for row in rows],
            "name_epci": [row[3] for row in rows],
            "code_departement": departement,
            "inside": [row[4] for row in rows],
            "area_km2": [1.5, 2.5, 3.5, 4.5],
        },
        geometry=[
            shapely.box(west + i / 10, south, west + (i + 1) / 10, south + 0.1) for i in range(4)
        ],
        crs=4326,
    )


@pytest.fixture
def layer(values, context, tmp_path):
    write_gpkg(make_frame(), values, context, tmp_path / "communes.gpkg")
    return gpd.read_file(tmp_path / "communes.gpkg", layer="communes")


def test_the_layer_holds_the_communes_of_the_territory_and_their_figures(layer):
    assert list(layer.columns) == [
        *("code", "nom", "code_epci", "nom_epci", "area_km2"),
        *("jobs_2018", "jobs_2018_statut", "rate_2018", "rate_2018_statut", "rate_2022"),
        *("growth_2018", "growth_2018_statut", "geometry"),
    ]
    assert layer["code"].tolist() == ["01004", "2A004", "65059"]
    assert layer["area_km2"].tolist() == [2.5, 3.5, 1.5]
    assert layer["rate_2018"].tolist() == pytest.approx([-1 / 3, math.nan, math.nan], nan_ok=True)
    assert layer["rate_2018_statut"].tolist() == ["ok", "effectif_trop_faible", "sans_objet"]
    assert layer["rate_2022"].tolist() == pytest.approx([math.nan, math.nan, 12], nan_ok=True)
    assert layer["growth_2018_statut"].tolist()[:2] == ["ok", "secret"]
    assert layer["growth_2018_statut"].isna().tolist() == [False, False, True]


def test_the_layer_is_in_lambert_93_with_one_geometry_type(layer, tmp_path):
    assert layer.crs.to_epsg() == 2154
    info = pyogrio.read_info(tmp_path / "communes.gpkg")
    assert info["layer_name"] == "communes"
    assert info["geometry_type"] == "MultiPolygon"
    # 3° E, 46.5° N is the origin of Lambert-93: x = 700 000, y = 6 600 000 (by definition)
    corner = layer.total_bounds[:2]
    assert corner == pytest.approx([700_000, 6_600_000], abs=20)


@pytest.mark.parametrize(
    ("departement", "west", "south", "epsg"),
    [("974", 55.3, -21.3, 2975), ("971", -61.6, 16.0, 5490), ("2A", 8.6, 41.9, 2154)],
)
def test_a_territory_overseas_is_in_its_own_projection(
    values, context, tmp_path, departement, west, south, epsg
):
    write_gpkg(make_frame(west, south, departement), values, context, tmp_path / "x.gpkg")
    layer = gpd.read_file(tmp_path / "x.gpkg")
    assert layer.crs.to_epsg() == epsg
    # a tenth of a degree of latitude is about 11.1 km anywhere (and the square is a bit turned)
    _, south, _, north = layer.geometry.iloc[0].bounds
    assert north - south == pytest.approx(11_100, rel=0.07)


def test_a_territory_over_two_projections_stays_in_degrees(values, context, tmp_path):
    frame = make_frame()
    frame["code_departement"] = ["974", "65", "65", "65"]
    write_gpkg(frame, values, context, tmp_path / "x.gpkg")
    assert gpd.read_file(tmp_path / "x.gpkg").crs.to_epsg() == 4326


def test_columns_have_a_french_name_for_qgis(layer, tmp_path):
    with sqlite3.connect(tmp_path / "communes.gpkg") as database:
        names = dict(database.execute("SELECT column_name, name FROM gpkg_data_columns"))
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        registered = database.execute("SELECT table_name FROM gpkg_extensions").fetchall()
    database.close()
    assert names["growth_2018"] == "Évolution, 2013-2018 (% par an)"
    assert names["rate_2018_statut"] == "Part, 2018 : statut"
    assert set(names) == set(layer.columns) - {"geometry"}
    assert ("gpkg_data_columns",) in registered


def test_the_same_layer_gives_the_same_bytes_and_gdal_keeps_its_settings(tmp_path):
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2001-01-01T00:00:00.000Z"})
    try:
        for name in ("1", "2"):
            write_gpkg(make_frame(), make_values(), make_context(), tmp_path / f"{name}.gpkg")
        kept = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    assert kept == "2001-01-01T00:00:00.000Z"
    assert (tmp_path / "1.gpkg").read_bytes() == (tmp_path / "2.gpkg").read_bytes()
    write_gpkg(
        make_frame(), make_values(), make_context(date=dt.date(2027, 1, 1)), tmp_path / "3.gpkg"
    )
    assert b"2027-01-01T00:00:00.000Z" in (tmp_path / "3.gpkg").read_bytes()
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None


def test_every_indicator_of_the_catalogue_fits_in_a_column():
    names = {column_name(key, 2018, "_statut").lower() for key in load_indicators()}
    assert len(names) == len(load_indicators())


def test_too_long_an_identifier_is_said():
    with pytest.raises(CatalogueError, match="identifiant trop long"):
        column_name("x" * 60, 2018)


def test_what_is_missing_everywhere_has_no_column(context, tmp_path):
    rows = [
        ("commune", code, "x", "rate", 2024, NAN, "%", NAN, NAN, NAN, status, "")
        for code, status in (("01004", "missing"), ("65059", "missing"), ("65999", "ok"))
    ]
    write_gpkg(make_frame(), make_values(rows), context, tmp_path / "x.gpkg")
    assert "rate_2024" not in gpd.read_file(tmp_path / "x.gpkg").columns


def test_a_territory_without_figures_still_has_its_communes(context, tmp_path):
    write_gpkg(make_frame(), make_values([]), context, tmp_path / "x.gpkg")
    layer = gpd.read_file(tmp_path / "x.gpkg")
    assert list(layer.columns) == ["code", "nom", "code_epci", "nom_epci", "area_km2", "geometry"]
    assert len(layer) == 3
