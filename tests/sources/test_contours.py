"""The layer of all communes (contours-administratifs), read feature by feature."""

import gzip
import json

import pytest
import shapely

from terrdiag.errors import SourceFormatError, SourceUnavailableError
from terrdiag.sources import contours
from terrdiag.sources.contours import read_layer
from terrdiag.sources.etalab import read_contours

SOURCE = "etalab-contours-2026-5m"


def square(west, south, size=1.0):
    ring = [
        [west, south],
        [west + size, south],
        [west + size, south + size],
        [west, south + size],
        [west, south],
    ]
    return {"type": "Polygon", "coordinates": [ring]}


def feature(code, geometry, **properties):
    return {
        "type": "Feature",
        "geometry": geometry,
        "properties": {"code": code, "nom": "Nom", "departement": code[:2], "plm": False}
        | properties,
    }


CORSE = square(8, 41)

FEATURES = (
    feature("65059", square(0, 43)),
    feature("75056", square(2, 48), plm=True),
    # an arrondissement is in the layer of communes
    feature("75101", square(2, 48, 0.5), commune="75056", plm=True),
    feature("2A004", {"type": "MultiPolygon", "coordinates": [CORSE["coordinates"], square(9, 42)["coordinates"]]}),
    # drawn by OpenStreetMap
    feature("97501", square(-56, 46)),
    feature("98735", square(-149, -17)),
    # no outline, no key for it
    {"type": "Feature", "properties": {"code": "54099", "nom": "Bures"}},
)  # fmt: skip


@pytest.fixture
def layer(write):
    def save(features=FEATURES, name="communes-5m.geojson.gz", indent=None):
        text = json.dumps({"type": "FeatureCollection", "features": list(features)}, indent=indent)
        content = text.encode()
        return write(name, gzip.compress(content) if name.endswith(".gz") else content)

    return save


@pytest.mark.parametrize("name", ["communes-5m.geojson.gz", "communes-5m.geojson"])
def test_communes(layer, name):
    extract = read_layer(layer(name=name), SOURCE)
    assert extract.table["code_commune"].tolist() == ["2A004", "65059", "75056"]
    assert extract.table.crs.to_epsg() == 4326
    assert shapely.area(extract.table.geometry.to_numpy()).tolist() == [2.0, 1.0, 1.0]
    assert (extract.source_id, extract.cog_year) == (SOURCE, 2026)
    assert {(one.reason, one.examples) for one in extract.dropped} == {
        (
            "collectivités d'outre-mer écartées (contours d'OpenStreetMap, sous licence ODbL)",
            ("97501", "98735"),
        ),
        ("arrondissements de Paris, Lyon et Marseille, écartés", ("75101",)),
        ("communes sans contour dans le fichier", ("54099",)),
    }


@pytest.mark.parametrize("chunk", [1, 7, 64, 4096])
@pytest.mark.parametrize("indent", [None, 2])
def test_wherever_the_text_is_cut(layer, monkeypatch, chunk, indent):
    path = layer(
        (feature("65059", square(0, 43), nom="Bagnères « é »"), FEATURES[1]), indent=indent
    )
    whole = read_layer(path, SOURCE).table
    monkeypatch.setattr(contours, "CHUNK", chunk)
    # the head of the collection is looked for in the first piece
    if chunk < 64:
        with pytest.raises(SourceFormatError, match="features"):
            read_layer(path, SOURCE)
    else:
        assert read_layer(path, SOURCE).table.equals(whole)


def test_same_table_as_the_file_of_a_departement(layer):
    path = layer(FEATURES[:1])
    assert read_layer(path, SOURCE).table.equals(read_contours(path).table)


def test_a_crossed_outline_is_repaired_and_named(layer):
    bow = {"type": "Polygon", "coordinates": [[[0, 43], [1, 44], [1, 43], [0, 44], [0, 43]]]}
    extract = read_layer(layer([feature("65059", bow)]), SOURCE)
    assert shapely.is_valid(extract.table.geometry.iloc[0])
    assert [one.reason for one in extract.dropped] == ["contours invalides réparés (aucun retiré)"]


@pytest.mark.parametrize(
    ("features", "message"),
    [
        (
            [feature("65059", {"type": "Point", "coordinates": [0, 43]})],
            "65059 est un Point au lieu d'un contour",
        ),
        ([FEATURES[0], FEATURES[0]], "en double .*65059"),
        ([feature("1004", square(5, 45))], "mal formé.*« 1004 »"),
        ([feature("65059", square(600_000, 6_200_000))], "EPSG:4326 attendu"),
        (
            [feature("65059", {"type": "Polygon", "coordinates": "rien"})],
            "contour illisible de la commune 65059",
        ),
        ([feature("65059", {"type": "Polygon"})], "contour illisible de la commune 65059"),
        ([feature("65059", {"type": "MultiPolygon", "coordinates": []})], "65059 est vide"),
        ([FEATURES[-1]], "aucun contour de commune"),
        ([], "aucun contour de commune"),
        ([[]], "GeoJSON illisible"),
    ],
)
def test_refused(layer, features, message):
    with pytest.raises(SourceFormatError, match=message):
        read_layer(layer(features), SOURCE)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<html><title>Erreur</title>", "« Erreur »"),
        (gzip.compress(b"<html><title>Erreur</title>"), "« Erreur »"),
        (b'{"type": "FeatureCollection"}', "« features » absent"),
        (b'{"features": [' + b"[" * 100_000, "tronqué"),
        (b'{"features": [{"a": "\xff"}]}', "tronqué ou abîmé"),
        (b"", "fichier vide"),
        (gzip.compress(b""), "fichier vide"),
    ],
)
def test_not_a_layer(write, content, message):
    with pytest.raises(SourceFormatError, match=message):
        read_layer(write("c.geojson.gz", content), SOURCE)


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95, 0.999])
def test_truncated(layer, kept):
    for name in ("a.geojson.gz", "a.geojson"):
        path = layer(name=name)
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * kept)])
        if name == "a.geojson" and kept == 0.999:
            continue  # only the last brace is gone
        with pytest.raises(SourceFormatError, match="tronqué"):
            read_layer(path, SOURCE)


def test_an_endless_feature_is_refused(layer, monkeypatch):
    monkeypatch.setattr(contours, "CHUNK", 1000)
    monkeypatch.setattr(contours, "MAX_FEATURE", 5000)
    with pytest.raises(SourceFormatError, match="tronqué"):
        read_layer(layer([feature("65059", square(0, 43), nom="x" * 20_000)]), SOURCE)


def test_absent(tmp_path):
    with pytest.raises(SourceUnavailableError, match="absent"):
        read_layer(tmp_path / "c.geojson", SOURCE)


# The file of a département has the form of the layer: same outlines, one way or the other.
@pytest.mark.mirror
def test_mirror(mirror):
    path = mirror / "etalab/geo-api/departements/65.geojson.gz"
    assert read_layer(path, SOURCE).table.equals(read_contours(path).table)
