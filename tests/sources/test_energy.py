"""Energy by commune: rows summed, secrecy kept, both producers, both shapes of file."""

import json
from dataclasses import dataclass

import pandas as pd
import pytest

from terrdiag.errors import SourceFormatError
from terrdiag.sources import energy
from terrdiag.sources.energy import read_grid_energy
from terrdiag.sources.sdes import find_energy_address

HEADER = (
    "OPERATEUR;FILIERE;Code Commune;Nom Commune;Code EPCI;Nom EPCI;CODE GRAND SECTEUR;Nb sites;"
    "Conso totale (MWh);Conso moyenne (MWh);annee;Nombre de mailles secretisées"
)

ROWS = """\
Enedis;Electricité;1004;Ambérieu;x;y;RESIDENTIEL;10;100.5;10;2024;0
Régie;Electricité;1004;Ambérieu;x;y;RESIDENTIEL;1;9,5;9;2024;0
Enedis;Electricité;01004;Ambérieu;x;y;INDUSTRIE;2;300;150;2024;0
Enedis;Electricité;1004;Ambérieu;x;y;INCONNU;2;40;20;2024;0
GRDF;Gaz;1004;Ambérieu;x;y;RESIDENTIEL;5;50;10;2024;0
Enedis;Electricité;65016;Antist;x;y;RESIDENTIEL;9;20;2;2024;1
Enedis;Electricité;65016;Antist;x;y;INDUSTRIE;1;;;2024;1
Enedis;Electricité;65059;Bagnères;x;y;AGRICULTURE;1;0;0;2024;1
Enedis;Electricité;65059;Bagnères;x;y;TERTIAIRE;1;70;70;2024;0
Enedis;Electricité;65060;Banios;x;y;RESIDENTIEL;1;;;2024;0
Enedis;Electricité;65061;Barbazan;x;y;RESIDENTIEL;1;0;;2024;0
Enedis;Chaleur;65059;Bagnères;x;y;RESIDENTIEL;1;5;5;2024;0
Enedis;Electricité;75101;Paris 1er;x;y;TERTIAIRE;1;600;1;2011;0
Enedis;Electricité;75102;Paris 2e;x;y;TERTIAIRE;1;400;1;2011;0
Enedis;Electricité;75056;Paris;x;y;TERTIAIRE;1;1100;1;2024;0
"""

SOURCE = "ore-energie-2024"


def read(write, arrondissements, text=ROWS, header=HEADER):
    [extract] = read_grid_energy([write("a.csv", f"{header}\n{text}")], SOURCE, arrondissements)
    return extract


def known(extract):
    rows = extract.table[extract.table["status"] == "ok"]
    return {
        (row.code, row.variable, row.ref_year): row.value for row in rows.itertuples(index=False)
    }


def status(extract, code, variable):
    rows = extract.table
    [found] = rows.loc[(rows["code"] == code) & (rows["variable"] == variable), "status"]
    return found


def test_operators_are_summed(write, arrondissements):
    found = {
        variable: value
        for (code, variable, year), value in known(read(write, arrondissements)).items()
        if (code, year) == ("01004", 2024)
    }
    assert found == {
        "energy_electricity_residential_mwh": 110,  # 100.5 + 9,5
        "energy_electricity_industry_mwh": 300,
        "energy_electricity_unknown_mwh": 40,
        "energy_gas_residential_mwh": 50,
        "energy_total_mwh": 500,
        "energy_industry_mwh": 300,
        "energy_unknown_mwh": 40,
    }


def test_secrecy_is_never_zero(write, arrondissements):
    extract = read(write, arrondissements)
    # a row withheld: its sector is secret, and so is every sum it is part of
    assert status(extract, "65016", "energy_electricity_industry_mwh") == "secret"
    assert status(extract, "65016", "energy_industry_mwh") == "secret"
    assert status(extract, "65016", "energy_total_mwh") == "secret"
    # what is known beside it stays known, and is named as a minimum
    assert known(extract)["65016", "energy_electricity_residential_mwh", 2024] == 20
    assert any("minimums" in one.reason and one.examples == ("65016",) for one in extract.dropped)
    # a zero that hides a withheld cell is not a zero
    assert status(extract, "65059", "energy_electricity_agriculture_mwh") == "secret"
    assert status(extract, "65059", "energy_total_mwh") == "secret"
    # an empty cell that no secrecy explains is missing; a true zero is zero
    assert status(extract, "65060", "energy_total_mwh") == "missing"
    assert known(extract)["65061", "energy_total_mwh", 2024] == 0
    assert (extract.table["value"].isna() == (extract.table["status"] != "ok")).all()


def test_no_gas_network_is_no_row(write, arrondissements):
    rows = read(write, arrondissements).table
    gas = rows[rows["variable"].str.startswith("energy_gas_")]
    assert set(gas["code"]) == {"01004"}


def test_what_is_repaired_or_left_out_is_named(write, arrondissements):
    dropped = {one.reason: one for one in read(write, arrondissements).dropped}
    assert dropped["lignes d'une autre énergie (Chaleur)"].count == 1
    assert any(
        "zéro initial" in reason and one.examples == ("01004",) for reason, one in dropped.items()
    )
    assert any("arrondissements additionnés" in reason for reason in dropped)


def test_cities_by_arrondissement_then_whole(write, arrondissements):
    paris = {
        year: value
        for (code, variable, year), value in known(read(write, arrondissements)).items()
        if (code, variable) == ("75056", "energy_total_mwh")
    }
    assert paris == {2011: 1000, 2024: 1100}


def test_a_city_twice_is_refused(write, arrondissements):
    text = ROWS.replace(
        "75056;Paris;x;y;TERTIAIRE;1;1100;1;2024", "75056;Paris;x;y;TERTIAIRE;1;1000;1;2011"
    )
    with pytest.raises(SourceFormatError, match=r"75056 et ses arrondissements .* deux fois"):
        read(write, arrondissements, text)


def test_pieces_give_the_same_figures(write, arrondissements, monkeypatch):
    whole = read(write, arrondissements).table
    monkeypatch.setattr("terrdiag.sources.chunks.CHUNK_ROWS", 1)
    monkeypatch.setattr(energy, "PIECES", 3)
    pd.testing.assert_frame_equal(read(write, arrondissements).table, whole)


def test_sdes_names_and_codes(write, arrondissements):
    text = (
        "OPERATEUR;ANNEE;FILIERE;CODE_COMMUNE_CODE;CODE_COMMUNE_LIBELLE;CODE_GRAND_SECTEUR;CONSO;PDL;NB_IRIS_MASQUES\n"
        "Enedis;2023;E;65059;Bagnères;I;12.5;3;0\n"
        "GRDF;2023;G;65059;Bagnères;X;2.5;3;0\n"
    )
    [extract] = read_grid_energy([write("s.csv", text)], "sdes-energie", arrondissements)
    assert known(extract) == {
        ("65059", "energy_electricity_industry_mwh", 2023): 12.5,
        ("65059", "energy_gas_unknown_mwh", 2023): 2.5,
        ("65059", "energy_industry_mwh", 2023): 12.5,
        ("65059", "energy_unknown_mwh", 2023): 2.5,
        ("65059", "energy_total_mwh", 2023): 15,
    }


def test_files_by_departement(write, arrondissements):
    columns = "Code Commune,FILIERE,CODE GRAND SECTEUR,Année,Conso totale (MWh),Nombre de mailles secretisées\n"
    first = write("e-01.csv", columns + "01004,Electricité,INDUSTRIE,2024-01-01,3,0\n")
    second = write("g-01.csv", columns + "01004,Gaz,INDUSTRIE,2024,4,0\n")
    empty = write("g-2A.csv", columns)  # no gas network
    [extract] = read_grid_energy([first, second, empty], SOURCE, arrondissements)
    assert known(extract)["01004", "energy_total_mwh", 2024] == 7
    assert extract.files == (first, second, empty)
    again = write("france.csv", columns + "01004,Gaz,TERTIAIRE,2024,4,0\n")
    with pytest.raises(SourceFormatError, match=r"01004 est dans deux fichiers pour 2024 \(gaz\)"):
        read_grid_energy([first, second, again], SOURCE, arrondissements)


def test_a_full_page_is_refused(write, arrondissements, monkeypatch):
    monkeypatch.setattr(energy, "FULL_PAGE", 3)
    columns = "Code Commune,FILIERE,CODE GRAND SECTEUR,Année,Conso totale (MWh)\n"
    with pytest.raises(SourceFormatError, match="exactement 3 lignes, une page pleine"):
        read(write, arrondissements, "65059,Gaz,INDUSTRIE,2024,1\n" * 3, columns.strip())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "aucune consommation"),
        (ROWS.replace("INCONNU", "MYSTERE"), "secteur inconnu : MYSTERE"),
        (ROWS.replace(";300;", ";3OO;"), "ligne 4, colonne Conso totale .* « 3OO »"),
        (ROWS.replace(";300;", ";-300;"), "hors de"),
        (ROWS.replace(";1004;", ";104;", 1), "ligne 2.*« 104 » n'est pas un code de commune"),
        (ROWS.replace(";2024;0\n", ";24;0\n", 1), "ligne 2 : « 24 » n'est pas une année"),
        (ROWS[:-30], "cellule"),
    ],
)
def test_refused(write, arrondissements, text, message):
    with pytest.raises(SourceFormatError, match=message):
        read(write, arrondissements, text)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("Le fichier est vide", "« Le fichier est vide » : la sélection"),
        ("<html><title>503</title></html>", "« 503 »"),
        (HEADER.replace("FILIERE", "ENERGIE") + "\n" + ROWS, "colonne absente : FILIERE"),
    ],
)
def test_not_the_file(write, arrondissements, content, message):
    with pytest.raises(SourceFormatError, match=message):
        read_grid_energy([write("a.csv", content)], SOURCE, arrondissements)


# --- The list of the SDES ------------------------------------------------------------------------------


@dataclass
class Answer:
    body: bytes


class Server:
    def __init__(self, *pages):
        self.pages, self.asked = pages, []

    def get(self, url):
        self.asked.append(url)
        return Answer(json.dumps(self.pages[len(self.asked) - 1]).encode())


FILES = [
    {
        "rid": "aa",
        "title": "Consommation d'électricité par EPCI",
        "millesimes": [{"millesime": "2024-10"}],
    },
    {
        "rid": "bb",
        "title": "Consommation d'électricité et de gaz par commune",
        "millesimes": [{"millesime": "2024-10"}, {"millesime": "2025-10"}],
    },
]


def test_newest_vintage_of_the_file():
    server = Server({"data": [{"datafiles": []}] * 100}, {"data": [{"datafiles": FILES}]})
    address = find_energy_address(server, ["électricité", "commune"])
    assert "/datafiles/bb/csv?millesime=2025-10&withColumnName=true&" in address
    assert [url[-19:] for url in server.asked] == ["page=1&pageSize=100", "page=2&pageSize=100"]


def test_one_list_without_pages():
    assert "/bb/" in find_energy_address(Server([{"datafiles": FILES}]), ["commune"])


@pytest.mark.parametrize(
    ("answer", "words", "message"),
    [
        ([{"datafiles": FILES}], ["chaleur"], "trouvé : aucun"),
        ([{"datafiles": FILES}], ["électricité"], "trouvé : .* et "),
        ({"data": "rien"}, ["commune"], "pas la forme attendue"),
        (["rien"], ["commune"], "pas la forme attendue"),
    ],
)
def test_list_refused(answer, words, message):
    with pytest.raises(SourceFormatError, match=message):
        find_energy_address(Server(answer), words)
