"""A user's file: whatever spreadsheet wrote it, what becomes of each code and of each cell."""

import math

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point

from terrdiag.errors import SourceError, SourceFormatError
from terrdiag.sources.own import Geography, Sidecar, read_own
from terrdiag.values import MISSING, OK, SECRET

NOW = {"01001", "01002", "01003", "2A004", "2B033", "75056"}
BEFORE = NOW | {"01012"}
"""01012 merged into 01002 on 1 January 2022."""

GEOGRAPHY = Geography(
    2026,
    lambda year: NOW if year >= 2022 else BEFORE,
    lambda codes, start, end: {
        code: {"01002"} if code == "01012" and start < 2022 <= end else {code} for code in codes
    },
    frozenset(BEFORE),
    {"75101": "75056", "75102": "75056"},
)


def make_sidecar(kind="count", **data):
    columns = {"numerator": "nb", "denominator": "tot"} if kind == "ratio" else {"value": "nb"}
    return Sidecar.model_validate(
        {
            "indicator": {
                "id": "livres",
                "label": "Livres",
                "unit": "u",
                "theme": "population",
                "kind": kind,
                "definition": "Des livres.",
            },
            "data": {"code": "code", "year": 2024, "cog_year": 2026} | columns | data,
            "source": dict.fromkeys(
                ("producer", "title", "vintage", "licence", "attribution"), "x"
            ),
        }
    )


def read(tmp_path, text, kind="count", encoding="utf-8", **data):
    path = tmp_path / "f.csv"
    path.write_bytes(text.encode(encoding) if isinstance(text, str) else text)
    return read_own(path, make_sidecar(kind, **data), GEOGRAPHY)


def values(reading):
    table = pd.concat([one.table for one in reading.extracts])
    assert (table["value"].notna() == (table["status"] == OK)).all()
    return {
        (row.code, row.ref_year): row.value if row.status == OK else row.status
        for row in table.itertuples()
    }


def test_numbers_as_people_write_them(tmp_path):
    text = "code;nb\n01001;1 234,5\n01002;1\u202f000\n01003;0\n2A004;\n2B033;s\n"
    reading = read(tmp_path, text)
    assert values(reading) == {
        ("01001", 2024): 1234.5, ("01002", 2024): 1000, ("01003", 2024): 0,
        ("2A004", 2024): MISSING, ("2B033", 2024): SECRET,
    }  # fmt: skip
    assert (reading.secret, reading.missing) == (1, 1)
    assert reading.without_value == ("2A004", "2B033")
    assert reading.remarks == ("séparateur : point-virgule",)


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_separators_and_encodings(tmp_path, separator, encoding):
    rows = [("nom", "code", "nb"), ("Érable", "01001", "3"), ('"a, b; c"', "01002", "4")]
    text = "\r\n".join(separator.join(row) for row in rows)
    reading = read(tmp_path, text, encoding=encoding)
    assert values(reading) == {("01001", 2024): 3, ("01002", 2024): 4}
    assert any("Windows-1252" in one for one in reading.remarks) == (encoding == "cp1252")


def test_codes_are_repaired_and_told(tmp_path):
    text = "code;nb\n1001;1\n 01002 ;2\n20004;3\n2b033;4\n99999;5\nTotal;6\n"
    reading = read(tmp_path, text)
    expected = zip(("01001", "01002", "2A004", "2B033"), (1, 2, 3, 4), strict=True)
    assert values(reading) == {(code, 2024): value for code, value in expected}
    assert reading.matches.repaired == {"1001": "01001", "20004": "2A004"}
    assert reading.matches.spaced == 2
    assert reading.matches.unmatched == ("99999", "Total")
    assert (reading.matches.matched, reading.matches.total) == (4, 6)
    assert [(one.count, one.examples) for one in reading.dropped] == [(2, ("99999", "Total"))]


def test_two_ways_to_write_a_code_are_the_same_commune(tmp_path):
    with pytest.raises(SourceFormatError, match=r"01001 en 2024 \(lignes 2 et 3\)"):
        read(tmp_path, "code;nb\n1001;1\n01001;2\n")


def test_several_years(tmp_path):
    reading = read(tmp_path, "code;nb;an\n01001;1;2023\n01001;2;2024\n", year="an")
    assert values(reading) == {("01001", 2023): 1, ("01001", 2024): 2}
    assert reading.years == (2023, 2024)
    with pytest.raises(SourceFormatError, match=r"« 20x » \(ligne 2\)"):
        read(tmp_path, "code;nb;an\n01001;1;20x\n", year="an")


def test_a_ratio_keeps_its_two_counts(tmp_path):
    reading = read(tmp_path, "code;nb;tot\n01001;1;s\n01002;2;8\n", "ratio")
    table = reading.extracts[0].table
    assert sorted(set(table["variable"])) == ["own_livres_denominator", "own_livres_numerator"]
    assert table["status"].tolist().count(SECRET) == 1
    assert reading.extracts[0].rates == frozenset()


def test_a_rate_is_said_to_be_one(tmp_path):
    assert read(tmp_path, "code;nb\n01001;1\n", "rate").extracts[0].rates == {"own_livres_value"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "vide"),
        (" \n\n", "vide"),
        ("code;nb\n", "aucune ligne"),
        ("code;valeur\n01001;1\n", "colonne absente : nb"),
        ("code;nb;nb\n01001;1;2\n", "en double : nb"),
        ("code;nb\n01001;beaucoup\n", "« beaucoup » (ligne 2) n'est pas un nombre"),
        ("code;nb\n\n01001;1\n01002;inf\n", "« inf » (ligne 4)"),
        ("code;nb\n01001;1_000\n", "n'est pas un nombre"),
        ("code;nb\n01001;#N/A\n", "n'est pas un nombre"),
        ("code;nb\n01001;-1\n", "« -1 » (ligne 2) est négatif"),
        ("code;nb\n01001;1e99\n", "démesuré"),
        (f"code;nb\n01001;{'9' * 400}\n", "démesuré"),
        ("code;nb\n01001;1;2\n", "ligne 2 : 3 cellule(s) au lieu de 2"),
        ('code;nb\n01001;"1\n', "CSV illisible"),
        ("code;nb\n01001;1\n01001;1\n", "plusieurs fois"),
        ("code;nb\n75056;1\n75101;1\n", "comptée deux fois"),
        ("code;nb\nabc;1\n", "aucun code"),
        ("<html><title>Erreur 503</title></html>", "Erreur 503"),
        (b"\x00\x01\x02garbage", "fichier binaire"),
        ("code;nb\n01001;1\n".encode("utf-16"), "UTF-16"),
        (b"code;nb\n\x81\x8d;1\n", "ni en UTF-8"),
        (b"PK\x03\x04 not a workbook", "classeur XLSX tronqué"),
        (b"SQLite format 3\x00 not a database", "GeoPackage tronqué"),
    ],
)
def test_what_is_wrong_is_told(tmp_path, text, said):
    with pytest.raises(SourceError) as caught:
        read(tmp_path, text)
    assert said in str(caught.value)


def test_negative_values_when_they_are_said_to_be_normal(tmp_path):
    text = "code;nb;tot\n01001;\u22121,5;2\n"
    assert values(read(tmp_path, text, "rate", allow_negative=True)) == {("01001", 2024): -1.5}
    with pytest.raises(SourceFormatError, match="tot"):
        read(tmp_path, "code;nb;tot\n01001;1;-2\n", "ratio", allow_negative=True)


def test_arrondissements_are_summed(tmp_path):
    reading = read(tmp_path, "code;nb\n75101;1\n75102;2\n01001;5\n")
    assert values(reading) == {("01001", 2024): 5, ("75056", 2024): 3}
    assert reading.matches.arrondissements == ("75101", "75102")
    assert "additionnés" in reading.dropped[0].reason


@pytest.mark.parametrize(("cell", "expected"), [("", MISSING), ("s", SECRET)])
def test_a_city_of_which_a_part_is_not_known_is_not_known(tmp_path, cell, expected):
    reading = read(tmp_path, f"code;nb\n75101;1\n75102;{cell}\n")
    assert values(reading) == {("75056", 2024): expected}


def test_a_city_of_which_a_part_is_not_there_is_not_known(tmp_path):
    reading = read(tmp_path, "code;nb\n75101;1\n")
    assert values(reading) == {("75056", 2024): MISSING}
    assert "il manque un arrondissement" in reading.dropped[-1].reason


def test_the_rate_of_an_arrondissement_is_left_out(tmp_path):
    reading = read(tmp_path, "code;nb\n75101;1\n01001;2\n", "rate")
    assert values(reading) == {("01001", 2024): 2}
    assert "ne s'additionne pas" in reading.dropped[-1].reason


def test_former_codes_are_left_out_unless_they_are_to_be_summed(tmp_path):
    text = "code;nb\n01002;3\n01012;4\n01001;1\n"
    left = read(tmp_path, text)
    assert values(left) == {("01001", 2024): 1, ("01002", 2024): 3}
    assert left.matches.former == ("01012",)
    assert 'delegated = "sum"' in left.dropped[0].reason
    summed = read(tmp_path, text, delegated="sum")
    # the row of 01002 is that of the delegated commune, which bears the code of the whole
    assert {one.cog_year: sorted(one.table["code"]) for one in summed.extracts} == {
        2021: ["01002", "01012"],
        2026: ["01001"],
    }
    assert summed.dropped == ()
    assert summed.matches.matched == summed.matches.total == 3


def test_the_year_of_the_codes_is_found(tmp_path):
    old = read(tmp_path, "code;nb\n01002;3\n01012;4\n01001;1\n", cog_year="auto")
    assert old.matches.cog_year == 2021
    assert old.matches.fitting == tuple(range(2003, 2022))
    new = read(tmp_path, "code;nb\n01002;3\n01001;1\n01003;1\n", cog_year="auto")
    # nearly all the communes of the département are there, and not 01012
    assert (new.matches.cog_year, new.matches.fitting[0]) == (2026, 2022)


def test_codes_of_a_year_to_come_are_refused(tmp_path):
    with pytest.raises(SourceFormatError, match="2027"):
        read(tmp_path, "code;nb\n01001;1\n", cog_year=2027)


# --- Workbooks and GeoPackages -----------------------------------------------------------------------------


def make_workbook(path):
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    book.active.append(["rien"])
    sheet = book.create_sheet("Données")
    for row in (["Un titre", None], ["code", "nb"], [1001, 2.5], ["2A004", "s"], [None, None]):
        sheet.append(row)
    book.save(path)
    return path


def test_a_workbook(tmp_path):
    path = make_workbook(tmp_path / "f.xlsx")
    reading = read_own(path, make_sidecar(sheet="Données", header_row=2), GEOGRAPHY)
    assert values(reading) == {("01001", 2024): 2.5, ("2A004", 2024): SECRET}
    with pytest.raises(SourceFormatError, match="Feuilles trouvées : Notes, Données"):
        read_own(path, make_sidecar(sheet="Autre"), GEOGRAPHY)
    with pytest.raises(SourceFormatError, match="colonne absente"):
        read_own(path, make_sidecar(), GEOGRAPHY)


def test_a_geopackage(tmp_path):
    path = tmp_path / "f.gpkg"
    frame = gpd.GeoDataFrame(
        {"code": ["01001", "2A004"], "nb": [2.5, math.nan]}, geometry=[Point(0, 0)] * 2, crs=4326
    )
    frame.to_file(path, layer="communes", driver="GPKG")
    reading = read_own(path, make_sidecar(layer="communes"), GEOGRAPHY)
    assert values(reading) == {("01001", 2024): 2.5, ("2A004", 2024): MISSING}
    assert read_own(path, make_sidecar(), GEOGRAPHY).remarks == ("couche : communes",)
    with pytest.raises(SourceFormatError, match="Couches trouvées : communes"):
        read_own(path, make_sidecar(layer="autre"), GEOGRAPHY)


# --- Whatever the bytes ------------------------------------------------------------------------------------

GOOD = b"code;nb\n01001;1\n01002;2,5\n75101;3\n75102;s\n"


@given(st.binary(max_size=300) | st.tuples(st.integers(0, 40), st.binary(max_size=6)))
def test_any_bytes_give_figures_or_a_typed_error(tmp_path_factory, content):
    if isinstance(content, tuple):
        at, piece = content
        content = GOOD[:at] + piece + GOOD[at:]
    path = tmp_path_factory.mktemp("bytes") / "f.csv"
    path.write_bytes(content)
    try:
        reading = read_own(path, make_sidecar(), GEOGRAPHY)
    except SourceError:
        return
    values(reading)
