import io
import re
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from tables.example import NAN, ROWS, make_context, make_values
from terrdiag.catalogue import load_indicators, load_themes
from terrdiag.catalogue.models import Theme
from terrdiag.tables import write_xlsx
from terrdiag.tables.workbook import number_format
from terrdiag.tables.xlsx import sheet_title


@pytest.fixture
def book(values, context, tmp_path):
    write_xlsx(values, context, tmp_path / "x.xlsx")
    return openpyxl.load_workbook(tmp_path / "x.xlsx")


def texts(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_a_sheet_a_theme_that_has_values_then_sources_and_notes(book):
    assert book.sheetnames == ["Population", "Emploi", "Sources", "Notes"]


def test_a_row_a_place_and_a_column_an_indicator_and_year(book):
    assert texts(book["Emploi"]) == [
        ["Niveau", "Code", "Nom", "Emplois, 2018 (emplois)", "Part, 2018 (%)", "Part, 2022 (%)"],
        ["Commune", "01004", "Ambérieu", 0.3, -0.333333333333333, None],
        ["Commune", "2A004", "Ajaccio", 1.5e-7, "effectif trop faible", None],
        ["Commune", "65059", "=cmd|' /C calc'!A0", "n.d.", "sans objet", 12],
        ["EPCI", "246500482", 'CC de la « Haute; "Bigorre" »', 66730000.126, None, None],
        ["Territoire", "mini", "Le territoire 🏔", None, 11.4, None],
        ["Département", "01", "+Ain", 0, None, None],
        ["France", "00FR", "@France", 12345678901234, None, None],
    ]
    assert texts(book["Population"])[:3] == [
        ["Niveau", "Code", "Nom", "Évolution, 2013-2018 (% par an)"],
        ["Commune", "01004", "Ambérieu", 1.5],
        ["Commune", "2A004", "Ajaccio", "secret statistique"],
    ]


def test_codes_are_texts_and_no_text_is_a_formula(book):
    for sheet in book:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
    for row in book["Emploi"].iter_rows(min_row=2, max_col=3):
        assert [cell.data_type for cell in row] == ["s", "s", "s"]
        assert row[1].number_format == "@"
        # stays a text when somebody edits the cell in Excel
        assert row[2].quotePrefix == row[2].value.startswith(("=", "+", "@"))


def test_numbers_bear_their_decimals_their_sign_and_what_they_are(book):
    sheet = book["Emploi"]
    assert sheet["D2"].number_format == "#,##0"
    assert sheet["E2"].number_format == "#,##0.00"
    assert sheet["D5"].number_format == '#,##0 "(p)"'
    assert sheet["E6"].number_format == '#,##0.00 "(e)"'
    assert book["Population"]["D2"].number_format == "+#,##0.0;-#,##0.0;0.0"


def test_the_head_stays_in_sight_and_filters(book):
    for sheet in book:
        theme = sheet.title not in ("Sources", "Notes")
        assert sheet.freeze_panes == ("D2" if theme else "A2")
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        for number in range(1, sheet.max_column + 1):
            assert sheet.column_dimensions[openpyxl.utils.get_column_letter(number)].width >= 13


def test_the_sources_are_those_used_and_those_of_perimeters(book):
    rows = texts(book["Sources"])
    assert [row[-1] for row in rows] == ["Identifiant", "a", "b", "contours"]
    assert rows[2] == [
        "DGCL",
        "Fichier b",
        "RP 2018",
        "communes au 1er janvier 2026",
        "2018",
        "Licence Ouverte 2.0 (https://example.org/licence)",
        "INSEE",
        "https://example.org/file.csv",
        "https://example.org/page",
        "b",
    ]


def test_the_notes_define_what_is_shown(book):
    rows = texts(book["Notes"])
    assert rows[1] == ["Territoire", "Mini-France", "identifiant : mini", None, None]
    assert ["Périmètre", None, "3 communes.", None, None] in rows
    assert ["Avertissement", None, "=attention", None, None] in rows
    assert [
        "Indicateur",
        "Part (%)",
        "définition de rate",
        "formule de rate",
        None,
    ] in rows
    headings = [row[0] for row in rows]
    assert headings.count("Statut") == 7
    assert headings.count("Indicateur") == 3


def test_what_nobody_has_a_figure_of_is_said_in_the_notes_not_in_empty_columns(context, tmp_path):
    more = ("commune", "01004", "Ambérieu", "rate", 2024, NAN, "%", NAN, NAN, NAN, "missing", "")
    write_xlsx(make_values([*ROWS, more]), context, tmp_path / "x.xlsx")
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert book["Emploi"].max_column == 6
    words = "Aucun chiffre pour ces lieux dans cette édition."
    assert ["Non disponible", "Part, 2024 (%)", words, None, None] in texts(book["Notes"])


def test_another_reader_finds_the_same(values, context, tmp_path):
    write_xlsx(values, context, tmp_path / "x.xlsx")
    rows = CalamineWorkbook.from_path(tmp_path / "x.xlsx").get_sheet_by_name("Emploi").to_python()
    assert rows[1] == ["Commune", "01004", "Ambérieu", 0.3, -0.333333333333333, ""]


def test_the_same_values_give_the_same_bytes_whatever_the_time(context, tmp_path, monkeypatch):
    write_xlsx(make_values(), make_context(), tmp_path / "1.xlsx")
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    monkeypatch.setattr("time.localtime", lambda *_: (2033, 5, 18, 5, 33, 20, 2, 138, 0))
    write_xlsx(make_values(), make_context(), tmp_path / "2.xlsx")
    assert (tmp_path / "1.xlsx").read_bytes() == (tmp_path / "2.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "1.xlsx") as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2026-01-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("label", "taken", "title"),
    [
        ("Industrie et tissu économique", [], "Industrie et tissu économique"),
        ("x" * 40, [], "x" * 31),
        ("x" * 40, ["X" * 31], "x" * 27 + " (2)"),
        ("x", ["x", "x (2)"], "x (3)"),
        ("'a/b'", [], "a-b"),
    ],
)
def test_a_sheet_title_is_one_excel_accepts(label, taken, title):
    assert sheet_title(label, taken) == title


@given(st.text(min_size=1))
def test_any_theme_makes_a_sheet(label):
    title = sheet_title(label, [])
    assert 1 <= len(title) <= 31
    assert not set(title) & set("[]:*?/\\\n\t")


def test_every_theme_and_indicator_of_the_catalogue_has_a_sheet_and_a_format():
    titles = []
    for theme in load_themes().values():
        titles.append(sheet_title(theme.label_fr, [*titles, "Sources", "Notes"]))
        assert titles[-1] == theme.label_fr
    for indicator in load_indicators().values():
        assert re.fullmatch(r"#,##0(\.0+)?", number_format(indicator.decimals))


def test_a_theme_named_like_the_notes_does_not_collide(values, tmp_path):
    themes = {
        key: Theme(id=key, label_fr=label, label_en="x")
        for key, label in (("population", "Notes"), ("emploi", "notes"), ("relief", "x"))
    }
    write_xlsx(values, make_context(themes=themes), tmp_path / "x.xlsx")
    names = openpyxl.load_workbook(io.BytesIO((tmp_path / "x.xlsx").read_bytes())).sheetnames
    assert names == ["Notes", "notes (2)", "Sources", "Notes (3)"]
