import pytest

from terrdiag.errors import SourceFormatError
from terrdiag.sources.programmes import read_ti_2023, read_ti_2023_groupements

COMMUNES = """insee_com,lib_com,id_ti,lib_ti
01010,Anglefort,ti-8418,Rumilly Usses et Rhône
74225,Rumilly,ti-8418,Rumilly Usses et Rhône
65059,Bagnères-de-Bigorre,ti-7505,"Lacq, Pau et Tarbes"
2A004,Ajaccio,ti-9401,Ajaccio
"""

GROUPEMENTS = """id_ti,lib_ti,siren_groupement,lib_groupement,nature_juridique
ti-8418,Rumilly Usses et Rhône,240100750,CC Usses et Rhône,CC
ti-8418,Rumilly Usses et Rhône,217402257,Rumilly,COM
"""


def test_communes(write):
    extract = read_ti_2023(write("liste-ti-com2023-20240704.csv", COMMUNES))
    assert extract.cog_year == 2023
    assert extract.table.to_numpy().tolist() == [
        ["ti-7505", "Lacq, Pau et Tarbes", "65059"],
        ["ti-8418", "Rumilly Usses et Rhône", "01010"],
        ["ti-8418", "Rumilly Usses et Rhône", "74225"],
        ["ti-9401", "Ajaccio", "2A004"],
    ]
    assert extract.dropped == ()


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_separator_is_sniffed(write, separator):
    text = COMMUNES.replace('"Lacq, Pau et Tarbes"', "Lacq Pau et Tarbes").replace(",", separator)
    extract = read_ti_2023(write("liste-ti-com2023.csv", "\ufeff" + text.replace("\n", "\r\n")))
    assert extract.table["code_commune"].tolist() == ["65059", "01010", "74225", "2A004"]


def test_year_is_that_of_the_name_of_the_file(write):
    assert read_ti_2023(write("liste-ti-com2025-20260101.csv", COMMUNES)).cog_year == 2025
    # else that of the register
    assert read_ti_2023(write("liste.csv", COMMUNES)).cog_year == 2023


def test_oddities_are_named(write):
    more = (
        "65059,Bagnères-de-Bigorre,ti-8418,Rumilly Usses et Rhône\n"
        "01010,Anglefort,ti-8418,Rumilly usses et Rhône \n"
    )
    extract = read_ti_2023(write("liste-ti-com2023.csv", COMMUNES + more))
    assert {(d.reason, d.examples) for d in extract.dropped} == {
        ("territoires écrits de plusieurs façons", ("ti-8418",)),
        ("lignes répétées", ("01010",)),
        ("communes de deux Territoires d'industrie, gardées dans les deux", ("65059",)),
    }
    assert extract.table.loc[extract.table["code"] == "ti-8418", "nom"].unique().tolist() == [
        "Rumilly Usses et Rhône"
    ]


def test_groupements(write):
    extract = read_ti_2023_groupements(write("liste-ti-grpt2023-20240704.csv", GROUPEMENTS))
    assert extract.table.to_numpy().tolist() == [
        ["ti-8418", "Rumilly Usses et Rhône", "217402257"],
        ["ti-8418", "Rumilly Usses et Rhône", "240100750"],
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("01010", "1010", "colonne insee_com : 1 code.*« 1010 »"),
        ("ti-9401", "9401", "colonne id_ti : 1 code.*« 9401 »"),
        ("2A004,Ajaccio,ti-9401,Ajaccio", "2A004,Ajaccio,ti-9401, ", "sans nom : ti-9401"),
        ("id_ti", "id", "colonne absente : id_ti"),
        ("2A004,Ajaccio,ti-9401,Ajaccio", "2A004,Ajac", "ligne 5 : 2 cellule"),
    ],
)
def test_refused(write, old, new, message):
    with pytest.raises(SourceFormatError, match=message):
        read_ti_2023(write("liste-ti-com2023.csv", COMMUNES.replace(old, new)))


def test_bad_siren(write):
    with pytest.raises(SourceFormatError, match="colonne siren_groupement"):
        read_ti_2023_groupements(write("g.csv", GROUPEMENTS.replace("240100750", "24010075")))


def test_page_instead_of_list(write):
    with pytest.raises(SourceFormatError, match="« Accès refusé »"):
        read_ti_2023(write("l.csv", "<html><title>Accès refusé</title>"))
