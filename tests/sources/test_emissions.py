"""The inventory of greenhouse gases: what makes the total, what stays apart, what is left empty."""

import pytest

from terrdiag.errors import SourceFormatError
from terrdiag.sources.emissions import read_inventory

HEADER = (
    "INSEE commune,Commune,Agriculture,Autres transports,Autres transports international,CO2 biomasse hors-total,"
    "Déchets,Energie,Industrie hors-énergie,Résidentiel,Routier,Tertiaire"
)

ROWS = """\
01001,L'ABERGEMENT-CLEMENCIAT,3711.5,,,432.75,101.5,2.5,7,309.5,793,367
65059,BAGNERES-DE-BIGORRE,1000,10,5000,900,200,50,4000,2000,3000,740
75101,PARIS 1ER ARRONDISSEMENT,,100,,1,10,1,5,20,30,40
75102,PARIS 2E ARRONDISSEMENT,,,,1,10,1,5,20,30,40
55039,BEAUMONT-EN-VERDUNOIS,,,,,,,,,,
"""

SOURCE = "ademe-igt-2016"


def read(write, arrondissements, text=ROWS, header=HEADER):
    [extract] = read_inventory([write("igt.csv", f"{header}\n{text}")], SOURCE, arrondissements)
    return extract


def test_total_is_that_of_eight_sectors(write, arrondissements):
    rows = read(write, arrondissements).table
    at = rows[rows["code"] == "65059"].set_index("variable")["value"].to_dict()
    assert at == {
        "ghg_agriculture_tco2e": 1000,
        "ghg_other_transport_tco2e": 10,
        "ghg_waste_tco2e": 200,
        "ghg_energy_tco2e": 50,
        "ghg_industry_tco2e": 4000,
        "ghg_residential_tco2e": 2000,
        "ghg_road_tco2e": 3000,
        "ghg_tertiary_tco2e": 740,
        "ghg_international_transport_tco2e": 5000,  # apart
        "ghg_biomass_tco2e": 900,  # apart
        "ghg_total_tco2e": 11_000,
    }


def test_an_empty_sector_is_missing_and_not_in_the_total(write, arrondissements):
    extract = read(write, arrondissements)
    rows = extract.table.set_index(["code", "variable"])
    assert rows.loc[("01001", "ghg_other_transport_tco2e"), "status"] == "missing"
    # 3711.5 + 101.5 + 2.5 + 7 + 309.5 + 793 + 367
    assert rows.loc[("01001", "ghg_total_tco2e"), "value"] == 5292
    assert rows.loc[("55039", "ghg_total_tco2e"), "status"] == "missing"
    assert (rows["value"].isna() == (rows["status"] != "ok")).all()
    [empty] = [one for one in extract.dropped if "laissé vide" in one.reason]
    assert empty.count == 3
    assert "Autres transports 3" in empty.reason  # 01001, 55039, and Paris: one of its two parts


def test_paris_is_the_sum_of_its_arrondissements(write, arrondissements):
    extract = read(write, arrondissements)
    rows = extract.table.set_index(["code", "variable"])["value"]
    assert rows["75056", "ghg_road_tco2e"] == 60
    assert rows["75056", "ghg_total_tco2e"] == 206 + 106
    assert "75101" not in rows
    assert extract.cog_year == 2016
    assert set(extract.table["ref_year"]) == {2016}


def test_lost_zeros_are_given_back(write, arrondissements):
    extract = read(write, arrondissements, ROWS.replace("01001", "1001"))
    assert "01001" in set(extract.table["code"])
    assert any("zéro initial" in one.reason for one in extract.dropped)


@pytest.mark.parametrize(
    ("text", "header", "message"),
    [
        (ROWS, HEADER.replace("Routier", "Route"), "colonne absente : Routier"),
        (ROWS.replace("3711.5", "beaucoup"), HEADER, "ligne 2, colonne Agriculture"),
        (ROWS.replace("3711.5", "-1"), HEADER, "hors de"),
        (ROWS.replace("01001", "X1001"), HEADER, "ligne 2.*n'est pas un code de commune"),
        (ROWS + "01001,DOUBLE,1,1,1,1,1,1,1,1,1,1\n", HEADER, "en double"),
        (ROWS + "75056,PARIS,1,1,1,1,1,1,1,1,300,1\n", HEADER, "deux fois"),
        (ROWS[:-5], HEADER, "tronqué"),
        ("", HEADER, "aucune ligne"),
    ],
)
def test_refused(write, arrondissements, text, header, message):
    with pytest.raises(SourceFormatError, match=message):
        read(write, arrondissements, text, header)


def test_web_page(write, arrondissements):
    path = write("igt.csv", "<html><title>Data Fair</title></html>")
    with pytest.raises(SourceFormatError, match="« Data Fair »"):
        read_inventory([path], SOURCE, arrondissements)
