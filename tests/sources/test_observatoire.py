import pytest

from terrdiag.errors import SourceFormatError
from terrdiag.sources.observatoire import read_epci_2018

HEADER = (
    "epci,nom_epci,dep,reg,nombredhab_epci,txevolpop_epci,partmoins15a_epci,part65aetplus_epci,"
    "nombredelog_epci,partlogvacant_epci,partressecondaire_epci,partlocatairepp_epci,"
    "nombredemploi_epci,txactivite1564_epci,partemploiindus_epci\n"
)
BIGORRE = "246500482,CC de la Haute-Bigorre,65,76,16955,-0.5,14.2,27.5,14759,9.7,35.5,19.7,6138,72.6,12.0\n"
OTHER = '200018653,"CA Cap Excellence, Guadeloupe",971,01,101163,-0.9,20.9,14.4,55620,15.2,3.3,21.2,60639,70.0,\n'


def test_epci(write):
    extract = read_epci_2018(write("o.csv", HEADER + BIGORRE + OTHER))
    assert (extract.cog_year, extract.source_id) == (2018, "anct-observatoire-epci-2018")
    assert set(extract.table["level"]) == {"epci"}
    assert set(extract.table["ref_year"]) == {2016}
    rows = extract.table.fillna({"value": -1}).set_index(["code", "variable"])
    assert rows[["value", "status"]].apply(tuple, axis=1).to_dict() == {
        ("246500482", "population"): (16955.0, "ok"),
        ("246500482", "industry_salaried_jobs_share_pct"): (12.0, "ok"),
        ("200018653", "population"): (101163.0, "ok"),
        ("200018653", "industry_salaried_jobs_share_pct"): (-1, "missing"),
    }


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("246500482", "24650048"), "colonne epci : 1 code.*« 24650048 »"),
        ((",12.0\n", ",120\n"), "colonne partemploiindus_epci : « 120 » est hors"),
        ((",12.0\n", ",n.d.\n"), "colonne partemploiindus_epci : « n.d. » n'est pas un nombre"),
        (("partemploiindus_epci", "part"), "colonne absente : partemploiindus_epci"),
        (("nombredhab_epci", "hab"), "colonne absente : nombredhab_epci"),
        ((",12.0\n", "\n"), "ligne 2 : 14 cellule"),
    ],
)
def test_refused(write, change, message):
    text = (HEADER + BIGORRE + OTHER).replace(*change)
    with pytest.raises(SourceFormatError, match=message):
        read_epci_2018(write("o.csv", text))


def test_twice_the_same(write):
    with pytest.raises(SourceFormatError, match=r"en double .*246500482"):
        read_epci_2018(write("o.csv", HEADER + BIGORRE + BIGORRE))


@pytest.mark.mirror
def test_mirror(mirror):
    table = read_epci_2018(mirror / "figures/observatoire_territoires_epci_2018.csv").table
    found = table.set_index(["variable", "code"])["value"]
    assert table["status"].eq("ok").all()
    assert len(table) == 2 * 1259
    assert found["population", "246500482"] == 16_955
    share = found["industry_salaried_jobs_share_pct"]
    assert (share["246500482"], share.min(), share.max()) == (12.0, 1.8, 52.2)
