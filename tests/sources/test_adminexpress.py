"""ADMIN EXPRESS, versions 3 and 4, GeoParquet and GeoPackage: one table."""

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from pyproj import Transformer

from terrdiag.errors import SourceFormatError, SourceUnavailableError
from terrdiag.sources.adminexpress import read_admin_express

ONE = shapely.box(0, 43, 1, 44)
TWO = shapely.MultiPolygon([shapely.box(8, 41, 9, 42), shapely.box(9, 42, 9.5, 42.5)])

V4 = {
    "cleabs": ["SURFCOMM1", "SURFCOMM2"],
    "nom_officiel": ["Bagnères-de-Bigorre", "Ajaccio"],
    "code_insee": ["65059", "2A004"],
    "population": [7114, 70_000],
    "code_insee_du_departement": ["65", "2A"],
    "code_insee_de_la_region": ["76", "94"],
    "codes_siren_des_epci": ["246500482", "200000001/200000002"],
}
V3 = {
    "ID": ["SURFCOMM1", "SURFCOMM2"],
    "NOM": ["Bagnères-de-Bigorre", "Ajaccio"],
    "INSEE_COM": ["65059", "2A004"],
    "INSEE_DEP": ["65", "2A"],
    "INSEE_REG": ["76", "94"],
    "SIREN_EPCI": ["246500482", "200000001"],
}


def layer(columns=V4, shapes=(ONE, TWO), geometry="geometrie"):
    return gpd.GeoDataFrame(
        {**columns, geometry: shapely.force_3d(list(shapes), 12.0)}, geometry=geometry, crs=4326
    )


@pytest.mark.parametrize("columns", [V3, V4], ids=["v3", "v4"])
@pytest.mark.parametrize("content", ["parquet", "gpkg"])
@pytest.mark.parametrize("epsg", [4326, 2154])
def test_one_table(tmp_path, columns, content, epsg):
    path = tmp_path / f"commune.{content}"
    table = layer(columns).to_crs(epsg)
    table.to_parquet(path) if content == "parquet" else table.to_file(path, layer="commune")
    extract = read_admin_express(path)
    assert list(extract.table.columns) == ["code_commune", "geometry"]
    assert extract.table["code_commune"].tolist() == ["2A004", "65059"]
    assert (extract.table.crs.to_epsg(), extract.cog_year) == (4326, 2026)
    drawn = extract.table.geometry.to_numpy()
    assert not shapely.has_z(drawn).any()
    assert shapely.equals_exact(drawn, [TWO, ONE], tolerance=1e-8).all()
    assert extract.dropped == ()


def test_a_polygon_alone_in_a_multipolygon_is_a_polygon(tmp_path):
    path = tmp_path / "commune.parquet"
    layer(shapes=(shapely.MultiPolygon([ONE]), TWO)).to_parquet(path)
    assert read_admin_express(path).table.geometry.geom_type.tolist() == ["MultiPolygon", "Polygon"]


def test_the_layer_of_communes_among_others(tmp_path):
    path = tmp_path / "ade.gpkg"
    layer(V4 | {"code_insee": ["65", "2A"]}).to_file(path, layer="departement")
    layer().to_file(path, layer="COMMUNE")
    assert read_admin_express(path).table["code_commune"].tolist() == ["2A004", "65059"]


def test_communes_without_an_outline_are_named(tmp_path):
    path = tmp_path / "commune.parquet"
    table = layer()
    table.loc[1, "geometrie"] = None
    table.to_parquet(path)
    extract = read_admin_express(path)
    assert extract.table["code_commune"].tolist() == ["65059"]
    assert [(one.reason, one.examples) for one in extract.dropped] == [
        ("communes sans contour dans le fichier", ("2A004",))
    ]


def write_plain(path, shapes):
    """A parquet of another tool: WKB, and nothing that says that it is."""
    columns = {"code_insee": ["65059", "2A004"], "geometrie": shapely.to_wkb(list(shapes))}
    pq.write_table(pa.table(columns), path)
    return path


def test_a_parquet_that_states_no_geometry(tmp_path):
    path = write_plain(tmp_path / "commune.parquet", (ONE, TWO))
    assert len(read_admin_express(path).table) == 2


def test_a_projection_that_nothing_states_is_refused(tmp_path):
    to_lambert = Transformer.from_crs(4326, 2154, always_xy=True).transform
    shapes = shapely.transform([ONE, TWO], to_lambert, interleaved=False)
    path = write_plain(tmp_path / "commune.parquet", shapes)
    with pytest.raises(SourceFormatError, match="EPSG:4326 attendu"):
        read_admin_express(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"columns": {"NOM": V3["NOM"]}}, r"code_insee ou insee_com\. Trouvées : NOM"),
        ({"columns": V4 | {"code_insee": ["65059", "65059"]}}, "en double .*65059"),
        ({"columns": V4 | {"code_insee": ["65059", "1004"]}}, "mal formé.*« 1004 »"),
        ({"shapes": (ONE, shapely.Point(8, 41))}, "1 commune.* avec un point ou une ligne"),
        ({"shapes": (None, None)}, "ce n'est pas la couche des communes"),
    ],
)  # fmt: skip
def test_refused(tmp_path, change, message):
    path = tmp_path / "commune.parquet"
    layer(**change).to_parquet(path)
    with pytest.raises(SourceFormatError, match=message):
        read_admin_express(path)


def test_a_geopackage_without_the_layer(tmp_path):
    path = tmp_path / "ade.gpkg"
    layer().to_file(path, layer="canton")
    with pytest.raises(SourceFormatError, match=r"couche absente : commune\. Trouvées : canton"):
        read_admin_express(path)


@pytest.mark.parametrize("content", ["parquet", "gpkg"])
@pytest.mark.parametrize("kept", [20, 0.5, 0.98])
def test_truncated(tmp_path, content, kept):
    path = tmp_path / f"commune.{content}"
    table = layer()
    table.to_parquet(path) if content == "parquet" else table.to_file(path, layer="commune")
    data = path.read_bytes()
    path.write_bytes(data[: kept if kept > 1 else int(len(data) * kept)])
    with pytest.raises(SourceFormatError, match=r"tronqué ou abîmé|couche absente"):
        read_admin_express(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"7z\xbc\xaf\x27\x1c", r"ni GeoParquet ni GeoPackage. D'une archive .7z"),
        (b"<html><title>Refus</title>", "« Refus »"),
    ],
)
def test_other_files(write, content, message):
    with pytest.raises(SourceFormatError, match=message):
        read_admin_express(write("commune.parquet", content))


def test_absent(tmp_path):
    with pytest.raises(SourceUnavailableError, match="absent"):
        read_admin_express(tmp_path / "commune.parquet")
