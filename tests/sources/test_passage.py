import pytest

from sources.workbooks import save_workbook
from terrdiag.errors import SourceFormatError
from terrdiag.sources.passage import read_passage_since_2003, read_yearly_passage

HEADER = ("NIVGEO", "CODGEO_2003", "CODGEO_2015", "CODGEO_2026", "LIBGEO_2026")
ROWS = (
    ("COM", "01001", "01001", "01001", "Un"),
    # merged into 01001 in between
    ("COM", "01002", "01002", "01001", "Un"),
    # split: a row a part; the second did not exist
    ("COM", "14666", "14666", "14666", "Sannerville"),
    ("COM", "14666", "14666", "14712", "Saline"),
    ("COM", None, "2A999", "2A999", "Née en 2010"),
)


@pytest.fixture
def yearly(tmp_path):
    def save(header=HEADER, rows=ROWS):
        return save_workbook(
            tmp_path / "table_passage_annuelle_2026.zip", {"COM": (header, *rows), "ARM": (HEADER,)}
        )

    return save


def test_yearly(yearly):
    extract = read_yearly_passage(yearly())
    assert extract.cog_year == 2026
    assert extract.table.to_numpy().tolist() == [
        [2003, "01001", "01001"],
        [2003, "01002", "01001"],
        [2003, "14666", "14666"],
        [2003, "14666", "14712"],
        [2015, "01001", "01001"],
        [2015, "01002", "01001"],
        [2015, "14666", "14666"],
        [2015, "14666", "14712"],
        [2015, "2A999", "2A999"],
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"header": ("NIVGEO", "CODGEO_2026", "A", "B", "C")},
            "une colonne CODGEO_AAAA attendue par année",
        ),
        ({"header": ("NIVGEO", "A", "B", "C", "D")}, "aucune ligne d'en-tête"),
        (
            {"rows": (("COM", "1001", "01001", "01001", "Un"),)},
            "colonne code_before : 1 code.*« 1001 »",
        ),
        ({"rows": ()}, "aucune ligne"),
    ],
)
def test_refused(yearly, change, message):
    with pytest.raises(SourceFormatError, match=message):
        read_yearly_passage(yearly(**change))


def test_since_2003(tmp_path):
    rows = (
        ("CODGEO_INI", "CODGEO_2026", "LIBGEO_2026"),
        ("01002", "01001", "Un"),
        ("01001", "01001", "Un"),
    )
    path = save_workbook(
        tmp_path / "t.zip", {"Table de passage": rows, "Liste des scissions": rows}
    )
    extract = read_passage_since_2003(path)
    assert extract.cog_year == 2026
    assert extract.table.to_numpy().tolist() == [["01001", "01001"], ["01002", "01001"]]


def test_since_2003_without_a_year(tmp_path):
    rows = (("CODGEO_INI", "CODGEO"), ("01002", "01001"))
    path = save_workbook(tmp_path / "t.zip", {"Table de passage": rows})
    with pytest.raises(SourceFormatError, match="CODGEO_AAAA attendue à côté de CODGEO_INI"):
        read_passage_since_2003(path)
