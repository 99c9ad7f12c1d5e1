import openpyxl
import pytest

from terrdiag.errors import SourceFormatError
from terrdiag.sources.dgcl import read_epci_members

HEADER = (
    "dept", "siren", "raison_sociale", "nature_juridique", "mode_financ", "nb_membres",
    "total_pop_tot", "total_pop_mun", "dep_com", "insee", "siren_membre", "nom_membre",
    "ptot_2025", "pmun_2025",
)  # fmt: skip
BIGORRE = ("65", 246500482.0, "CC de la Haute-Bigorre", "CC", "FPU", 2.0, 1.0, 1.0)
BALAGNE = ("2B", "242020105", "CC de Calvi Balagne", "CC", "FPU", 1.0, 1.0, 1.0)
ROWS = (
    (*BIGORRE, "65", "65059", 216500595.0, "Bagnères-de-Bigorre", 7.0, 7.0),
    (*BIGORRE, "65", "65016", 216500165.0, "Antist", 1.0, 1.0),
    (*BALAGNE, "2B", "2B153", 212001531.0, "Manso", 1.0, 1.0),
)


@pytest.fixture
def workbook(tmp_path):
    def save(header=HEADER, rows=ROWS):
        book = openpyxl.Workbook()
        for row in (header, *rows):
            book.active.append(row)
        path = tmp_path / "epcicom2025.xlsx"
        book.save(path)
        book.close()
        return path

    return save


def change(row, column, value):
    """The rows with one cell changed."""
    rows = [list(cells) for cells in ROWS]
    rows[row][HEADER.index(column)] = value
    return rows


def test_members(workbook):
    extract = read_epci_members(workbook())
    assert extract.cog_year == 2025
    assert extract.table.to_numpy().tolist() == [
        [2025, "242020105", "CC de Calvi Balagne", "CC", "2B153"],
        [2025, "246500482", "CC de la Haute-Bigorre", "CC", "65016"],
        [2025, "246500482", "CC de la Haute-Bigorre", "CC", "65059"],
    ]


@pytest.mark.parametrize(
    ("name", "year"),
    [("epcicom2025.xlsx", 2025), ("epcicom2026.xlsx", 2026), ("liste-epci.xlsx", 2025)],
)
def test_the_year_is_that_of_the_file(workbook, name, year):
    """The list of 2026 bears the populations of 2025."""
    path = workbook()
    extract = read_epci_members(path.rename(path.with_name(name)))
    assert (extract.cog_year, set(extract.table["year"])) == (year, {year})


def test_a_file_under_the_name_of_another_year(workbook):
    path = workbook()
    with pytest.raises(
        SourceFormatError, match=r"populations de 2025 .* dans un fichier nommé 2023"
    ):
        read_epci_members(path.rename(path.with_name("epcicom2023.xlsx")))


def test_code_made_a_number_by_a_spreadsheet(workbook):
    rows = [(*cells[:9], 1004.0, *cells[10:]) for cells in ROWS[2:]]
    assert read_epci_members(workbook(rows=rows)).table["code_commune"].tolist() == ["01004"]


def test_year_is_read_from_the_header(workbook):
    header = [name.replace("2025", "2019") for name in HEADER]
    path = workbook(header)
    assert read_epci_members(path.rename(path.with_name("liste.xlsx"))).cog_year == 2019


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (change(0, "insee", "65016"), "en double .*65016"),
        (change(0, "insee", "6505"), "mal formé.*« 6505 »"),
        (change(0, "insee", None), "colonne insee : 1 code"),
        (change(2, "siren", 24202010.0), "colonne siren : 1 code.*« 024202010 »"),
        (change(2, "siren", "24202010"), "colonne siren : 1 code.*« 24202010 »"),
        (change(2, "nature_juridique", "EPT"), "nature d'EPCI inconnue : EPT"),
        (change(2, "nb_membres", "deux"), "1 EPCI n'ont pas le nombre de membres"),
        (change(2, "nb_membres", 2.0), "1 EPCI n'ont pas le nombre de membres.*242020105"),
    ],
)
def test_refused(workbook, rows, message):
    with pytest.raises(SourceFormatError, match=message):
        read_epci_members(workbook(rows=rows))


def test_missing_column(workbook):
    with pytest.raises(SourceFormatError, match="colonne absente : siren"):
        read_epci_members(workbook(["SIREN" if name == "siren" else name for name in HEADER]))


def test_no_year(workbook):
    with pytest.raises(SourceFormatError, match="ptot_AAAA attendue"):
        read_epci_members(workbook([name.replace("ptot", "pop") for name in HEADER]))


def test_no_row(workbook):
    with pytest.raises(SourceFormatError, match="aucune ligne"):
        read_epci_members(workbook(rows=()))


def test_truncated_workbook(workbook):
    path = workbook()
    path.write_bytes(path.read_bytes()[:-500])
    with pytest.raises(SourceFormatError, match="XLSX tronqué ou abîmé"):
        read_epci_members(path)


def test_page_instead_of_workbook(write):
    with pytest.raises(SourceFormatError, match=r"page HTML.*« Erreur 404 »"):
        read_epci_members(write("e.xlsx", "<html><title>Erreur 404</title>"))


# The published numbers of EPCI (1,258, 1,253, 1,254, 1,254) and the Métropole de Lyon.
@pytest.mark.mirror
@pytest.mark.parametrize(
    ("year", "communes", "epci", "members"),
    [
        (2019, 34_966, 1259, {"246500482": 25, "245900410": 90, "200039865": 44}),
        (2021, 34_961, 1254, {"246500482": 25, "200093201": 95, "200039865": 44}),
        (2022, 34_951, 1255, {"200093201": 95, "200039865": 45}),
        (2025, 34_871, 1255, {"246500482": 25, "200093201": 95, "200039865": 46}),
    ],
)
def test_mirror(mirror, year, communes, epci, members):
    table = read_epci_members(mirror / f"dgcl/epcicom{year}.xlsx").table
    counts = table["code_epci"].value_counts()
    assert (len(table), len(counts)) == (communes, epci)
    assert counts[list(members)].to_dict() == members
