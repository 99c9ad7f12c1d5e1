"""Long files read piece by piece: the traps of every export, and their lines."""

import io
import zipfile

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terrdiag.errors import SourceFormatError, SourceUnavailableError, TerrdiagError
from terrdiag.sources import chunks
from terrdiag.sources.chunks import parse_cells, pick_columns, repair_codes, stream_csv

WANTED = {"code": ("code_commune", "Code Commune"), "value": ("conso",)}


def pick(header, path):
    return pick_columns(header, path, WANTED)


def read(path, **options):
    return pd.concat(stream_csv(path, pick, **options))


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_separator_is_that_of_the_header(write, separator):
    text = separator.join(['"Code Commune"', "Nom", "CONSO"]) + "\r\n"
    text += separator.join(["01004", '"Ambérieu; en, Bugey"', " 1.5 "]) + "\r\n"
    table = read(write("a.csv", "\ufeff" + text))
    assert table.to_dict("list") == {"code": ["01004"], "value": ["1.5"]}
    assert table.index.tolist() == [2]


def test_pieces_make_the_whole(write, monkeypatch):
    monkeypatch.setattr(chunks, "CHUNK_ROWS", 2)
    rows = "".join(f"{code};{code}\n" for code in range(65001, 65006))
    pieces = list(stream_csv(write("a.csv", "code_commune;conso\n" + rows), pick))
    assert [len(piece) for piece in pieces] == [2, 2, 1]
    assert pd.concat(pieces).index.tolist() == [2, 3, 4, 5, 6]


def test_member_of_an_archive(write):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("DS_X_2023_data.csv", "code_commune;conso\n65059;1\n")
        archive.writestr("DS_X_2023_metadata.csv", "COD_VAR;LIB_VAR\n")
    assert len(read(write("a.zip", buffer.getvalue()), member="*_data.csv")) == 1
    with pytest.raises(SourceFormatError, match="zip tronquée"):
        read(write("a.zip", buffer.getvalue()[:-9]), member="*_data.csv")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "fichier vide"),
        (b"<!DOCTYPE html><title>Maintenance</title>", "« Maintenance »"),
        (b"code_commune;conso\n65059;1\n65060\n", "ligne 3 : 1 cellule"),
        (b'code_commune;conso\n65059;1\n65060;"2', "ligne 3.*illisible"),
        ("code_commune;conso\n65059;é\n".encode("cp1252"), "ligne 2 : le texte n'est pas en UTF-8"),
        (
            b"code_commune;valeur\n65059;1\n",
            "colonne absente : conso.*trouvées : code_commune, valeur",
        ),
        (b"code_commune;conso;CONSO\n65059;1;1\n", "deux colonnes pour « conso »"),
    ],
)
def test_refused(write, content, message):
    with pytest.raises(SourceFormatError, match=message):
        read(write("a.csv", content))


def test_endless_line(write, monkeypatch):
    monkeypatch.setattr(chunks, "LONGEST_LINE", 100)
    with pytest.raises(SourceFormatError, match="ligne 2 : ligne de plus"):
        read(write("a.csv", "code_commune;conso\n" + "6" * 200))


def test_absent(tmp_path):
    with pytest.raises(SourceUnavailableError):
        read(tmp_path / "rien.csv")


def test_numbers():
    cells = pd.Series(["1,5", "2.5", ""], index=[2, 3, 9])
    assert parse_cells(cells, "a", "c").tolist()[:2] == [1.5, 2.5]
    assert parse_cells(cells, "a", "c").isna().tolist() == [False, False, True]
    for bad, message in (("1 5", "n'est pas un nombre"), ("-1", "hors de"), ("inf", "hors de")):
        with pytest.raises(
            SourceFormatError, match=f"ligne 9, colonne c : « {bad} » {message}|ligne 9.*{message}"
        ):
            parse_cells(pd.Series(["1", bad], index=[2, 9]), "a", "c")


def test_codes():
    codes, repaired = repair_codes(pd.Series(["1004", "01004", "2A004", "97105"]), "a", "c")
    assert codes.tolist() == ["01004", "01004", "2A004", "97105"]
    assert repaired == {"01004"}
    for bad in ("104", "A004", "650591", "", "65059.0"):
        with pytest.raises(SourceFormatError, match="n'est pas un code de commune"):
            repair_codes(pd.Series([bad]), "a", "c")


@given(st.binary(max_size=300))
def test_anything_ends_in_a_table_or_a_typed_error(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("fuzz") / "a.csv"
    path.write_bytes(b"code_commune;conso\n" + content)
    try:
        for piece in stream_csv(path, pick):
            assert list(piece.columns) == ["code", "value"]
    except TerrdiagError:
        pass
