"""What is asked of geo.api.gouv.fr, and its answers that are not what they seem."""

import json
from dataclasses import dataclass, field

import pytest

from terrdiag.errors import SourceFormatError, SourceUnavailableError
from terrdiag.sources.download.problems import HttpStatusError
from terrdiag.sources.etalab import read_contours
from terrdiag.sources.geoapi import ask_departement, ask_epci, keep_answer

SOURCE = "etalab-geo-api-2026"

SQUARE = {"type": "Polygon", "coordinates": [[[0, 43], [1, 43], [1, 44], [0, 44], [0, 43]]]}
POINT = {"type": "Point", "coordinates": [0.1, 43.1]}


def collection(*features):
    rows = [
        {"type": "Feature", "properties": {"code": code, "nom": "Nom"}}
        | ({"geometry": shape} if shape else {})
        for code, shape in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": rows}).encode()


@dataclass
class Answer:
    body: bytes


@dataclass
class Server:
    """A made-up server: it answers one thing, or refuses, and remembers what it was asked."""

    body: bytes = b""
    refusal: HttpStatusError | None = None
    asked: list = field(default_factory=list)

    def get(self, url, *, params=None, max_bytes=0):
        self.asked.append((url, dict(params)))
        if self.refusal:
            raise self.refusal
        return Answer(self.body)


def test_departement():
    server = Server(collection(("65059", SQUARE), ("65016", SQUARE)))
    body, extract = ask_departement(server, "65", SOURCE)
    assert server.asked == [
        (
            "https://geo.api.gouv.fr/departements/65/communes",
            {"format": "geojson", "geometry": "contour"},
        )
    ]
    assert extract.table["code_commune"].tolist() == ["65016", "65059"]
    assert (extract.source_id, extract.cog_year, extract.files) == (SOURCE, 2026, ())
    assert body == server.body


def test_epci():
    server = Server(collection(("65059", SQUARE)))
    ask_epci(server, "246500482", SOURCE)
    ((url, params),) = server.asked
    assert url == "https://geo.api.gouv.fr/communes"
    # the format alone would give the points of the town halls
    assert (params["codeEpci"], params["format"], params["geometry"]) == (
        "246500482",
        "geojson",
        "contour",
    )
    assert {"code", "nom", "codeEpci"} <= set(params["fields"].split(","))


def test_an_answer_that_is_kept_is_read_as_a_file(tmp_path):
    body, extract = ask_departement(Server(collection(("2A004", SQUARE))), "2A", SOURCE)
    path = tmp_path / "etalab" / "2A.geojson.gz"
    keep_answer(path, body)
    first = path.read_bytes()
    assert read_contours(path).table.equals(extract.table)
    keep_answer(path, body)
    assert path.read_bytes() == first


def test_a_commune_without_an_outline_is_named():
    _, extract = ask_departement(
        Server(collection(("54099", None), ("54001", SQUARE))), "54", SOURCE
    )
    assert extract.table["code_commune"].tolist() == ["54001"]
    assert [(one.reason, one.examples) for one in extract.dropped] == [
        ("communes sans contour dans la réponse", ("54099",))
    ]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            collection(("65059", POINT)),
            "65059 est un Point au lieu d'un contour. Demandez geometry=contour",
        ),
        (collection(("65059", None)), "aucune des 1 communes n'a de contour"),
        (collection(), "réponse vide. Le code est peut-être inconnu"),
        (b'[{"code": "65059", "nom": "X"}]', "du JSON au lieu de GeoJSON"),
        (b"[]", "réponse vide"),
        (b"Not Found", "réponse illisible .« Not Found »"),
        (b"<!DOCTYPE html><title>Maintenance</title>", "« Maintenance »"),
        (b"", "fichier vide"),
        (b"[" * 200_000, "réponse illisible"),
        (b'{"features": 3}', "ce n'est pas un GeoJSON de communes"),
    ],
)
def test_a_status_of_200_proves_nothing(body, message):
    with pytest.raises(SourceFormatError, match=message):
        ask_departement(Server(body), "65", SOURCE)


@pytest.mark.parametrize(
    ("status", "text", "message"),
    [
        (404, "Not Found", r"département 65 : l'API ne connaît pas ce code \(404\)"),
        (
            400,
            "This endpoint does not support an unfiltered API call",
            "a répondu 400 .« This endpoint",
        ),
        (401, "", "a répondu 401. Réessayez"),
    ],
)
def test_a_refusal_is_explained(status, text, message):
    server = Server(refusal=HttpStatusError("?", status, text))
    with pytest.raises(SourceUnavailableError, match=message):
        ask_departement(server, "65", SOURCE)


@pytest.mark.parametrize(
    ("ask", "code"), [(ask_departement, "6"), (ask_departement, ""), (ask_epci, "24650048")]
)
def test_a_malformed_code_is_not_asked(ask, code):
    server = Server()
    with pytest.raises(SourceUnavailableError, match="rien n'a été demandé"):
        ask(server, code, SOURCE)
    assert server.asked == []
