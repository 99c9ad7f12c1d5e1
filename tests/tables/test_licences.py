"""A licence that asks to share alike is said beside its source and its indicators, in the workbook."""

import openpyxl

from tables.example import make_context, make_source, make_values
from terrdiag.tables import write_xlsx

MARK = "ODbL : partage à l'identique"


def sheets(tmp_path, **licence):
    context = make_context(sources={"a": make_source("a", **licence), "b": make_source("b")})
    write_xlsx(make_values(), context, tmp_path / "x.xlsx")
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    return {sheet.title: [[cell.value for cell in row] for row in sheet] for sheet in book}


def test_marked_in_the_sources_and_in_the_notes(tmp_path):
    found = sheets(tmp_path, licence="ODbL 1.0", attribution="Urssaf, base ODbL")
    [source] = [row for row in found["Sources"] if row[9] == "a"]
    assert source[5] == f"ODbL 1.0 ({MARK}) (https://example.org/licence)"
    [note] = [row for row in found["Notes"] if row[0] == "Licence"]
    assert note[1] == MARK
    assert note[2].endswith("(Urssaf, base ODbL).")
    assert "Emplois" in note[2]


def test_nothing_is_marked_under_the_licence_ouverte(tmp_path):
    found = sheets(tmp_path)
    assert not [row for row in found["Notes"] if row[0] == "Licence"]
    assert MARK not in str(found)
