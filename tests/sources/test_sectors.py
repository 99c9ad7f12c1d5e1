import pytest

from terrdiag.errors import SourceFormatError
from terrdiag.sources.sectors import read_sector_shares

HEADER = (
    "code,libelle,emplois_agriculture_pct_2022,emplois_industrie_pct_2022,emplois_construction_pct_2022,"
    "emplois_commerce_transports_services_pct_2022,emplois_administration_enseignement_sante_pct_2022,"
    "emplois_construction_pct_2011\n"
)
FRANCE = "00FR,France,2.39,11.62,6.54,48.37,31.08,6.93\n"
EPCI = (
    HEADER
    + FRANCE
    + (
        '242700276,"CC Pays du Neubourg, Eure",4.36,11.4,6.17,39.79,38.28,7.98\n'
        "75056,Paris,0.05,3.62,3.39,69.01,23.93,3.18\n"
    )
)
REGION = HEADER + FRANCE + "76,Occitanie,3.45,9.43,7.09,46.53,33.5,7.82\n"


@pytest.fixture
def paths(write):
    def make(epci=EPCI, region=REGION):
        return {"epci": write("e.csv", epci), "region": write("r.csv", region)}

    return make


def test_shares(paths):
    extract = read_sector_shares(paths())
    table = extract.table.set_index(["level", "code", "variable"]).sort_index()
    assert len(table) == 15
    assert table.index.is_unique
    industry = table.xs("industry_jobs_share_pct", level="variable")
    assert industry["value"].to_dict() == {
        ("epci", "242700276"): 11.4,
        ("region", "76"): 9.43,
        ("france", "00FR"): 11.62,
    }
    assert set(extract.table["ref_year"]) == {2022}
    neubourg = table.xs(("epci", "242700276"))["value"]
    assert neubourg.to_dict() == {
        "agriculture_jobs_share_pct": 4.36,
        "industry_jobs_share_pct": 11.4,
        "construction_jobs_share_pct": 6.17,
        "trade_services_jobs_share_pct": 39.79,
        "administration_jobs_share_pct": 38.28,
    }
    assert extract.dropped[0].examples == ("75056",)


@pytest.mark.parametrize(
    ("epci", "message"),
    [
        (EPCI.replace("4.36,11.4,", "4.36,11.6,"), "ne font pas 100 %.* : 242700276"),
        (EPCI.replace("2.39,11.62", "2.40,11.61"), "ligne 00FR .* n'est pas celle des autres"),
        (EPCI.replace(FRANCE, ""), "la ligne 00FR .* est absente"),
        (EPCI.replace("242700276", "24270027"), "code.*inattendu.* : 24270027"),
        (EPCI.replace("11.4,", "114,"), "colonne emplois_industrie_pct_2022 : « 114 » est hors"),
        (
            EPCI.replace("emplois_industrie_pct_2022", "industrie"),
            "colonne absente : emplois_indus",
        ),
        (EPCI + FRANCE, "en double .*00FR"),
    ],
)
def test_refused(paths, epci, message):
    with pytest.raises(SourceFormatError, match=message):
        read_sector_shares(paths(epci=epci))


def test_unknown_share_is_not_checked_against_100(paths):
    table = read_sector_shares(paths(epci=EPCI.replace("4.36,11.4,", "4.36,,"))).table
    row = table[(table["code"] == "242700276") & (table["variable"] == "industry_jobs_share_pct")]
    assert row["status"].tolist() == ["missing"]


@pytest.mark.mirror
def test_mirror(mirror):
    levels = ("epci", "departement", "region")
    extract = read_sector_shares(
        {level: mirror / f"figures/rp_emploi_secteurs_{level}.csv" for level in levels}
    )
    counts = extract.table.groupby("level")["code"].nunique().to_dict()
    assert counts == {"epci": 1243, "departement": 96, "region": 13, "france": 1}
    industry = extract.table[extract.table["variable"] == "industry_jobs_share_pct"]
    share = industry.set_index(["level", "code"])["value"]
    assert share[[("epci", "246500482"), ("region", "76"), ("france", "00FR")]].tolist() == [
        11.40,
        9.43,
        11.62,
    ]
