"""Exports of BANATIC: PETR members by SIREN, whatever the way the workbook writes its cells."""

import datetime as dt
import gc
import tracemalloc
import zipfile
from xml.sax.saxutils import escape

import openpyxl
import pandas as pd
import pytest

from terrdiag.errors import SourceFormatError, SourceUnavailableError
from terrdiag.sources.banatic import read_petr_members
from terrdiag.sources.xlsxstream import parse_serial, read_columns, read_export_date

# The header of the exports, shortened: they have 120 columns, nearly all of competences.
HEADER = (
    "Département", "N° SIREN", "Nom du groupement", "Nature juridique", "Mode de financement",
    "Date de création", "Date d'effet", "Nombre total de membres", "Siren membre", "Nom membre",
    "Catégorie des membres du groupement", "1004 - Eau (Art. L. 2224-7)", "Population totale",
)  # fmt: skip
PAYS, GASCOGNE, SYNDICAT, BIGORRE = "200053981", "200052181", "256500001", "246500482"


def row(code, name, nature, member, member_name, category, effect=42718):
    return (
        "65 - Hautes-Pyrénées", code, name, nature, "FPU",
        42005, effect, 3, member, member_name,
        category, "OUI", 12345.0,
    )  # fmt: skip


ROWS = (
    row(PAYS, "PETR Cœur de Bigorre", "PETR", BIGORRE, "CC de la Haute-Bigorre", "Groupement"),
    row(PAYS, "PETR Cœur de Bigorre", "PETR", "216500595", "Bagnères-de-Bigorre", "Commune"),
    # a syndicat among the members, itself made of an EPCI and of another syndicat that holds it back
    row(PAYS, "PETR Cœur de Bigorre", "PETR", SYNDICAT, "SIVOM des Vallées", "Groupement"),
    row(SYNDICAT, "SIVOM des Vallées", "SIVOM", "246500001", "CC A", "Groupement"),
    row(SYNDICAT, "SIVOM des Vallées", "SIVOM", "256500002", "SIVU B", "Groupement"),
    row("256500002", "SIVU B", "SIVU", SYNDICAT, "SIVOM des Vallées", "Groupement"),
    row("256500002", "SIVU B", "SIVU", "216504400", "Tarbes", "Commune"),
    # an EPCI is not looked into: its communes come from the lists of the DGCL
    row(BIGORRE, "CC de la Haute-Bigorre", "CC", "216500165", "Antist", "Commune"),
    row(GASCOGNE, "PETR de Gascogne", "PETR", "243200391", "CC de la Lomagne", "Groupement", ""),
    row(
        GASCOGNE,
        "PETR de Gascogne",
        "PETR",
        "223200017",
        "Département du Gers",
        "Autre organisme",
        "",
    ),
)


MADE = dt.datetime(2026, 11, 2, 8, 0)  # noqa: DTZ001  # a workbook knows no time zone


def save(path, rows=ROWS, header=HEADER, made=MADE):
    """A workbook as a spreadsheet saves it: its texts are shared strings."""
    book = openpyxl.Workbook()
    for cells in (header, *rows):
        book.active.append(list(cells))
    book.properties.created = book.properties.modified = made
    book.save(path)
    book.close()
    return path


def save_inline(path, rows, header=HEADER, *, competences=0, prefix=""):
    """A workbook as BANATIC makes it: its texts are in the cells, under a namespace prefix or not."""

    def tag(name, content, attributes=""):
        return f"<{prefix}{name}{attributes}>{content}</{prefix}{name}>"

    def word(cells):
        texts = (escape(str(cell)) for cell in (*cells, *["OUI"] * competences))
        inline = (tag("c", tag("is", tag("t", text)), ' t="inlineStr"') for text in texts)
        return tag("row", "".join(inline))

    namespace = f' xmlns{":x" if prefix else ""}="m"'
    sheet = tag("worksheet", tag("sheetData", "".join(map(word, (header, *rows)))), namespace)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    return path


def members_of(extract, code):
    return extract.table.loc[extract.table["code"] == code, "siren"].tolist()


def test_members(tmp_path):
    extract = read_petr_members([save(tmp_path / "76.xlsx")])
    assert members_of(extract, PAYS) == ["216500595", "216504400", "246500001", BIGORRE]
    assert members_of(extract, GASCOGNE) == ["243200391"]
    assert set(extract.table["code"]) == {PAYS, GASCOGNE}
    first = extract.table.iloc[-1]
    assert (first["nom"], first["effective"], first["exported"]) == (
        "PETR Cœur de Bigorre",
        pd.Timestamp(2016, 12, 14),
        pd.Timestamp(2026, 11, 2),
    )
    assert extract.table.loc[extract.table["code"] == GASCOGNE, "effective"].isna().all()


def test_nested_and_other_members_are_named(tmp_path):
    extract = read_petr_members([save(tmp_path / "76.xlsx")])
    assert {(one.reason, one.examples) for one in extract.dropped} == {
        (
            "syndicats membres d'un PETR, remplacés par leurs propres membres",
            (f"SIVOM des Vallées ({SYNDICAT})",),
        ),
        ("membres de PETR qui ne sont ni communes ni groupements", ("Département du Gers",)),
    }


def test_a_petr_of_two_exports_is_read_once(tmp_path):
    paths = [save(tmp_path / "75.xlsx"), save(tmp_path / "76.xlsx", ROWS[:2])]
    extract = read_petr_members(paths)
    assert members_of(extract, PAYS) == ["216500595", "216504400", "246500001", BIGORRE]
    assert extract.files == tuple(paths)


def test_a_syndicat_of_another_export_is_opened(tmp_path):
    paths = [save(tmp_path / "75.xlsx", ROWS[3:7]), save(tmp_path / "76.xlsx", ROWS[:3])]
    assert members_of(read_petr_members(paths), PAYS) == [
        "216500595",
        "216504400",
        "246500001",
        BIGORRE,
    ]


@pytest.mark.parametrize("prefix", ["", "x:"])
def test_texts_in_the_cells(tmp_path, prefix):
    path = save_inline(tmp_path / "76.xlsx", ROWS, prefix=prefix)
    assert members_of(read_petr_members([path]), PAYS) == [
        "216500595",
        "216504400",
        "246500001",
        BIGORRE,
    ]


def test_sirens_made_numbers_by_a_spreadsheet(tmp_path):
    rows = [(*cells[:1], float(cells[1]), *cells[2:8], int(cells[8]), *cells[9:]) for cells in ROWS]
    extract = read_petr_members([save(tmp_path / "76.xlsx", rows)])
    assert members_of(extract, GASCOGNE) == ["243200391"]


def test_columns_are_found_by_their_header(tmp_path):
    order = list(reversed(range(len(HEADER))))
    rows = [[cells[at] for at in order] for cells in ROWS]
    header = [HEADER[at].upper() for at in order]
    extract = read_petr_members(
        [save(tmp_path / "76.xlsx", [["Export BANATIC"], header, *rows], ["Titre"])]
    )
    assert members_of(extract, GASCOGNE) == ["243200391"]


def test_an_export_without_petr_is_refused_unless_another_has_some(tmp_path):
    national = save(tmp_path / "France.xlsx", [cells for cells in ROWS if cells[3] != "PETR"])
    with pytest.raises(SourceFormatError, match="prenez ceux des régions"):
        read_petr_members([national])
    assert len(read_petr_members([national, save(tmp_path / "76.xlsx")]).table) == 5


def test_a_petr_without_members_is_named(tmp_path):
    rows = (
        *ROWS,
        row("200000001", "PETR vide", "Pôle d'équilibre territorial et rural", "", "", ""),
    )
    extract = read_petr_members([save(tmp_path / "76.xlsx", rows)])
    reasons = {one.reason: one.examples for one in extract.dropped}
    assert reasons["PETR sans membre dans l'export"] == ("200000001",)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (
            ["Siren" if name == "N° SIREN" else name for name in HEADER],
            "colonne absente : N° SIREN. .*Siren, Nom du",
        ),
        (["?"] * len(HEADER), "colonne absente : N° SIREN, Nom du groupement"),
    ],
)
def test_renamed_columns(tmp_path, header, message):
    with pytest.raises(SourceFormatError, match=message):
        read_petr_members([save(tmp_path / "76.xlsx", header=header)])


def test_the_date_of_effect_may_lack(tmp_path):
    header = ["Autre" if name == "Date d'effet" else name for name in HEADER]
    extract = read_petr_members([save(tmp_path / "76.xlsx", header=header)])
    assert extract.table["effective"].isna().all()
    assert members_of(extract, GASCOGNE) == ["243200391"]


def test_bad_siren(tmp_path):
    rows = [row(PAYS, "PETR", "PETR", "24650048", "CC", "Groupement")]
    with pytest.raises(SourceFormatError, match=r"colonne siren : 1 code.*« 24650048 »"):
        read_petr_members([save(tmp_path / "76.xlsx", rows)])


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda data: data[:-400], "tronqué ou abîmé"),
        (lambda data: data.replace(b"PK\x03\x04", b"PK\x03\x05", 3), "tronqué ou abîmé"),
        (lambda _: b"<html><title>Maintenance</title>", "« Maintenance »"),
        (lambda _: b"", "fichier vide"),
        (lambda _: b"n'importe quoi", "tronqué ou abîmé"),
    ],
)
def test_damaged(tmp_path, spoil, message):
    path = save(tmp_path / "76.xlsx")
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(SourceFormatError, match=message):
        read_petr_members([path])


def test_absent(tmp_path):
    with pytest.raises(SourceUnavailableError, match="absent"):
        read_petr_members([tmp_path / "76.xlsx"])


def members(path, **content):
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in content.items():
            archive.writestr(
                {"sheet": "xl/worksheets/sheet1.xml", "strings": "xl/sharedStrings.xml"}[name], text
            )
    return path


CELLS = (
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    '<row><c><v>5</v></c><c t="b"><v>1</v></c></row>'
)
SHEET = f"<worksheet><sheetData>{CELLS}</sheetData></worksheet>"
RICH = (
    "<sst><si><r><t>Nu</t></r><r><t>méro</t></r><rPh><t>x</t></rPh></si><si><t> Nom </t></si></sst>"
)


def test_rich_texts_and_cells_without_a_name(tmp_path):
    path = members(tmp_path / "a.xlsx", sheet=SHEET, strings=RICH)
    table = read_columns(path, {"Numéro": "number", "nom": "name"})
    assert table.to_dict("records") == [{"number": "5", "name": "1"}]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"strings": RICH}, "« xl/worksheets/sheet1.xml » n'est pas dans le fichier"),
        ({"sheet": SHEET}, "« xl/sharedStrings.xml » n'est pas dans le fichier"),
        ({"sheet": SHEET, "strings": "<sst><si><t>Numéro</t></si></sst>"}, "texte partagé absent"),
        ({"sheet": SHEET[:-30], "strings": RICH}, "XML tronqué ou abîmé"),
        ({"sheet": "<!DOCTYPE x [<!ENTITY a 'b'>]>" + SHEET, "strings": RICH}, "type de document"),
        ({"sheet": SHEET.replace("A1", "ZZZZZ1"), "strings": RICH}, "cellule mal nommée"),
    ],
)
def test_not_a_workbook(tmp_path, content, message):
    with pytest.raises(SourceFormatError, match=message):
        read_columns(members(tmp_path / "a.xlsx", **content), {"Numéro": "number", "nom": "name"})


def test_columns_that_nobody_asks_for_take_no_memory(tmp_path):
    # 8 MB of XML for 1,500 rows, nearly all of it in competences
    rows = [
        row(PAYS, "PETR", "PETR", f"2465{number:05}", "CC", "Groupement") for number in range(1500)
    ]
    peaks, sizes = [], []
    for competences in (5, 120):
        path = save_inline(tmp_path / f"{competences}.xlsx", rows, competences=competences)
        with zipfile.ZipFile(path) as archive:
            sizes.append(archive.getinfo("xl/worksheets/sheet1.xml").file_size)
        gc.collect()  # what other tests have left is not to be counted
        tracemalloc.start()
        try:
            assert len(read_petr_members([path]).table) == 1500
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    assert sizes[1] - sizes[0] > 6e6
    # less than the XML itself, by far less than its tree; when cycles are collected is not ours to say
    assert peaks[1] - peaks[0] < (sizes[1] - sizes[0]) / 1.5


def test_export_date(tmp_path):
    assert read_export_date(save(tmp_path / "a.xlsx")) == dt.date(2026, 11, 2)
    assert read_export_date(save_inline(tmp_path / "b.xlsx", ROWS)) is None


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("43831", dt.date(2020, 1, 1)),
        ("43831.75", dt.date(2020, 1, 1)),
        ("01/01/2020", dt.date(2020, 1, 1)),
        ("2020-01-01", dt.date(2020, 1, 1)),
        ("-1e9", None),
        ("nan", None),
    ],
)
def test_dates(text, date):
    assert parse_serial(text) == date
