import gzip
import json

import geopandas as gpd
import pytest
import shapely

from terrdiag.errors import SourceFormatError, SourceUnavailableError
from terrdiag.sources import etalab

SQUARE = [[[0, 43], [1, 43], [1, 44], [0, 44], [0, 43]]]
HOLE = [[0.2, 43.2], [0.4, 43.2], [0.4, 43.4], [0.2, 43.2]]
BOW_TIE = [[[0, 43], [2, 45], [2, 43], [0, 45], [0, 43]]]


def feature(code, coordinates=SQUARE, kind="Polygon"):
    return {
        "type": "Feature",
        "properties": {"code": code, "nom": "N", "codeDepartement": "65"},
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def pack(*features):
    return gzip.compress(json.dumps({"type": "FeatureCollection", "features": features}).encode())


def test_contours(write):
    two = [SQUARE, [[[5, 43], [6, 43], [6, 44], [5, 43]]]]
    path = write(
        "65.geojson.gz",
        pack(feature("65059", two, "MultiPolygon"), feature("65016", [*SQUARE, HOLE])),
    )
    extract = etalab.read_contours(path)
    assert isinstance(extract.table, gpd.GeoDataFrame)
    assert extract.table.crs == "EPSG:4326"
    assert extract.table["code_commune"].tolist() == ["65016", "65059"]
    # 1 minus half of a 0.2 square; a unit square plus half of one
    assert extract.table.geometry.map(lambda shape: shape.area).tolist() == pytest.approx(
        [0.98, 1.5]
    )
    assert (extract.cog_year, extract.dropped) == (2026, ())


def test_contours_of_2023_have_the_code_as_identifier(write):
    old = {**feature("x"), "id": "12001", "properties": {"name": "Agen-d'Aveyron"}}
    extract = etalab.read_contours(write("12.geojson.gz", pack(old)), etalab.CONTOURS_2023)
    assert extract.table["code_commune"].tolist() == ["12001"]
    assert (extract.source_id, extract.cog_year) == ("etalab-geo-api-2023", 2023)


def test_third_coordinate_is_dropped(write):
    high = [[[*point, 550.0] for point in SQUARE[0]]]
    shape = etalab.read_contours(write("a.gz", pack(feature("65059", high)))).table.geometry.iloc[0]
    assert not shapely.has_z(shape)
    assert shape.equals(shapely.Polygon(SQUARE[0]))


def test_invalid_outline_is_repaired_and_named(write):
    extract = etalab.read_contours(
        write("36.gz", pack(feature("36075", BOW_TIE), feature("36001")))
    )
    shape = extract.table.set_index("code_commune").geometry["36075"]
    assert shape.is_valid
    # two triangles of base 2 and height 1
    assert (shape.geom_type, shape.area) == ("MultiPolygon", pytest.approx(2.0))
    assert [(left.count, left.examples) for left in extract.dropped] == [(1, ("36075",))]


def test_repair_keeps_polygons_only(write):
    spike = [[[0, 43], [1, 43], [1, 44], [1, 46], [1, 44], [0, 44], [0, 43]]]
    shape = etalab.read_contours(write("a.gz", pack(feature("36075", spike)))).table.geometry.iloc[
        0
    ]
    assert (shape.geom_type, shape.area) == ("Polygon", pytest.approx(1.0))


@pytest.mark.parametrize(
    ("features", "message"),
    [
        (
            [{k: v for k, v in feature("54099").items() if k != "geometry"}],
            "54099 n'a pas de contour",
        ),
        ([{**feature("54099"), "geometry": None}], "54099 n'a pas de contour"),
        ([feature("65059", [0, 43], "Point")], "65059 est un Point.*geometry=contour"),
        ([feature("65059", [[[0, 43], [1, 43]]])], "contour illisible de la commune 65059"),
        ([feature("65059", [])], "contour illisible de la commune 65059"),
        ([feature("65059", [[[0, 43], [1, 43], [2, 43], [0, 43]]])], "65059 n'a aucune surface"),
        ([feature("65059", [[[4e5, 6e6], [5e5, 6e6], [5e5, 7e6], [4e5, 6e6]]])], "hors des degrés"),
        ([feature("6505")], "mal formé.*« 6505 »"),
        ([feature("65059"), feature("65059")], "en double .*65059"),
        ([], "« features » absent ou vide"),
    ],
)
def test_contours_refused(write, features, message):
    with pytest.raises(SourceFormatError, match=message):
        etalab.read_contours(write("65.geojson.gz", pack(*features)))


def test_truncated_contours(write):
    with pytest.raises(SourceFormatError, match="gzip tronquée"):
        etalab.read_contours(write("65.geojson.gz", pack(feature("65059"))[:-20]))


def test_list_contour_files(write, tmp_path):
    for name in ("65.geojson.gz", "2A.geojson.gz", "plm-75.geojson.gz", "README.md"):
        write(name, "x")
    kept, dropped = etalab.list_contour_files(tmp_path)
    assert [path.name for path in kept] == ["2A.geojson.gz", "65.geojson.gz"]
    assert dropped[0].examples == ("plm-75.geojson.gz",)


def test_no_contour_file(tmp_path):
    with pytest.raises(SourceUnavailableError, match="aucun contour"):
        etalab.list_contour_files(tmp_path)


GROUPS = [
    {"code": "200057867", "nom": "Plaine Commune", "type": "EPT",
     "membres": [{"code": "93066", "nom": "Saint-Denis"}, {"code": "93001", "siren": "219300019"}]},
]  # fmt: skip


def test_groups(write):
    table = etalab.read_ept(write("ept.json", json.dumps(GROUPS))).table
    assert table.to_numpy().tolist() == [
        ["200057867", "Plaine Commune", "93001"],
        ["200057867", "Plaine Commune", "93066"],
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[{"code": "200057867", "nom": "P"}]', "'membres' manque"),
        ('{"features": []}', "liste de groupements attendue"),
        ("[]", "aucun groupement"),
        (json.dumps([{**GROUPS[0], "code": "20005786"}]), "mal formé"),
        (json.dumps(GROUPS * 2), "en double"),
    ],
)
def test_groups_refused(write, text, message):
    with pytest.raises(SourceFormatError, match=message):
        etalab.read_epci(write("epci.json", text))


def test_commune_sirens(write):
    rows = [
        {"code": "58194", "type": "commune-actuelle", "siren": "215801945"},
        {"code": "98735", "type": "commune-actuelle"},
        {"code": "01015", "type": "commune-deleguee"},
    ]
    extract = etalab.read_commune_sirens(write("communes.json", json.dumps(rows)))
    assert extract.table.to_numpy().tolist() == [["58194", "215801945"]]
    assert extract.dropped[0].examples == ("98735",)
    with pytest.raises(SourceFormatError, match="aucune commune avec son SIREN"):
        etalab.read_commune_sirens(write("communes.json", json.dumps(rows[1:])))


@pytest.mark.parametrize("text", ['[{"code": "58194"}]', '["58194"]', "{}", "[]"])
def test_other_list_of_communes(write, text):
    with pytest.raises(SourceFormatError, match=r"communes attendue|aucune commune"):
        etalab.read_commune_sirens(write("communes.json", text))


@pytest.mark.mirror
class TestMirror:
    def test_files(self, mirror):
        kept, dropped = etalab.list_contour_files(mirror / "etalab/geo-api/departements")
        assert (len(kept), dropped[0].count) == (92, 3)

    @pytest.mark.parametrize(
        ("path", "source_id", "count", "repaired"),
        [
            ("geo-api/departements/65", etalab.CONTOURS_2026, 469, ()),
            ("geo-api/departements/36", etalab.CONTOURS_2026, 241, ("36075",)),
            ("geo-api/departements/75", etalab.CONTOURS_2026, 1, ()),
            ("geo-api-2023/departements/12", etalab.CONTOURS_2023, 285, ()),
        ],
    )
    def test_contours(self, mirror, path, source_id, count, repaired):
        extract = etalab.read_contours(mirror / f"etalab/{path}.geojson.gz", source_id)
        assert len(extract.table) == count
        assert extract.table.geometry.is_valid.all()
        assert tuple(code for left in extract.dropped for code in left.examples) == repaired

    def test_same_as_shapely(self, mirror):
        path = mirror / "etalab/geo-api/departements/90.geojson.gz"
        expected = shapely.get_parts(shapely.from_geojson(gzip.decompress(path.read_bytes())))
        got = etalab.read_contours(path).table.geometry
        assert shapely.equals_exact(got.to_numpy(), expected).all()

    def test_memberships(self, mirror):
        folder = mirror / "etalab/decoupage-administratif-6.0.0"
        ept = etalab.read_ept(folder / "ept.json").table
        assert (len(ept), ept["code"].nunique()) == (129, 11)
        epci = etalab.read_epci(folder / "epci.json").table
        assert (len(epci), (epci["code"] == "246500482").sum()) == (34_871, 25)
        assert len(etalab.read_commune_sirens(folder / "communes.json").table) == 34_875
