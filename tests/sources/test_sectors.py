import pytest

from terrdiag.errors import SourceFormatError
from terrdiag.sources.sectors import read_sector_shares

HEADER = (
    "code,libelle,emplois_agriculture_pct_2022,emplois_industrie_pct_2022,emplois_construction_pct_2022,"
    "emplois_commerce_transports_services_pct_2022,emplois_administration_enseignement_sante_pct_2022,"
    "emplois_construction_pct_2011,emplois_commerce_transports_services_pct_2011,"
    "emplois_administration_enseignement_sante_pct_2011,emplois_construction_pct_2016,"
    "emplois_commerce_transports_services_pct_2016,emplois_administration_enseignement_sante_pct_2016,"
    "emplois_salaries_pct_2022,taux_emploi_15_64_pct_2016,taux_emploi_15_64_pct_2022,"
    "emplois_tcam_2011_2016_pct,emplois_tcam_2016_2022_pct\n"
)
FRANCE = "00FR,France,2.39,11.62,6.54,48.37,31.08,6.93,46.01,31.0,6.46,46.55,32.01,86.29,63.91,66.81,0.0,0.88\n"
NEUBOURG = (
    '242700276,"CC Pays du Neubourg, Eure",4.36,11.4,6.17,39.79,38.28,'
    "7.98,34.12,41.99,6.17,36.42,42.32,77.92,65.16,69.24,-0.34,0.5\n"
)
PARIS = (
    "75056,Paris,0.05,3.62,3.39,69.01,23.93,"
    "3.18,67.87,24.36,3.15,68.21,24.62,82.09,68.55,70.37,-0.01,0.93\n"
)
OCCITANIE = (
    "76,Occitanie,3.45,9.43,7.09,46.53,33.51,"
    "7.82,43.56,33.53,7.05,44.04,34.74,82.5,61.47,64.53,0.48,1.4\n"
)
EPCI = HEADER + FRANCE + NEUBOURG + PARIS
REGION = HEADER + FRANCE + OCCITANIE


@pytest.fixture
def paths(write):
    def make(epci=EPCI, region=REGION):
        return {"epci": write("e.csv", epci), "region": write("r.csv", region)}

    return make


def test_shares(paths):
    extract = read_sector_shares(paths())
    table = extract.table.set_index(["level", "code", "variable", "ref_year"]).sort_index()
    # three places; five shares of 2022, three of 2011 and of 2016, two rates
    assert len(table) == 3 * 13
    assert table.index.is_unique
    industry = table.xs("industry_jobs_share_pct", level="variable")
    # agriculture and industry are not published for 2011 and 2016: no row, not a zero
    assert industry["value"].to_dict() == {
        ("epci", "242700276", 2022): 11.4,
        ("region", "76", 2022): 9.43,
        ("france", "00FR", 2022): 11.62,
    }
    neubourg = table.xs(("epci", "242700276"))["value"]
    assert neubourg.to_dict() == {
        ("agriculture_jobs_share_pct", 2022): 4.36,
        ("industry_jobs_share_pct", 2022): 11.4,
        ("construction_jobs_share_pct", 2011): 7.98,
        ("construction_jobs_share_pct", 2016): 6.17,
        ("construction_jobs_share_pct", 2022): 6.17,
        ("trade_services_jobs_share_pct", 2011): 34.12,
        ("trade_services_jobs_share_pct", 2016): 36.42,
        ("trade_services_jobs_share_pct", 2022): 39.79,
        ("administration_jobs_share_pct", 2011): 41.99,
        ("administration_jobs_share_pct", 2016): 42.32,
        ("administration_jobs_share_pct", 2022): 38.28,
        # the end of the interval
        ("jobs_growth_published_pct", 2016): -0.34,
        ("jobs_growth_published_pct", 2022): 0.5,
    }
    assert extract.dropped[0].examples == ("75056",)


@pytest.mark.parametrize(
    ("epci", "message"),
    [
        (EPCI.replace("4.36,11.4,", "4.36,11.6,"), "parts de 2022 ne font pas 100 %.* : 242700276"),
        # three sectors of five: less than 100 is as it should be, more is not
        (
            EPCI.replace("7.98,34.12,", "27.98,34.12,"),
            "parts de 2011 dépassent 100 %.* : 242700276",
        ),
        (EPCI.replace("2.39,11.62", "2.40,11.61"), "ligne 00FR .* n'est pas celle des autres"),
        (EPCI.replace("0.0,0.88", "0.0,0.89"), "ligne 00FR .* n'est pas celle des autres"),
        (EPCI.replace(FRANCE, ""), "la ligne 00FR .* est absente"),
        (EPCI.replace("242700276", "24270027"), "code.*inattendu.* : 24270027"),
        (EPCI.replace("11.4,", "114,"), "colonne emplois_industrie_pct_2022 : « 114 » est hors"),
        (EPCI.replace("-0.34,", "-34,"), "colonne emplois_tcam_2011_2016_pct : « -34 » est hors"),
        (
            EPCI.replace("emplois_industrie_pct_2022", "industrie"),
            "colonne absente : emplois_indus",
        ),
        (
            EPCI.replace("emplois_tcam_2016_2022_pct", "tcam"),
            "colonne absente : emplois_tcam_2016_2022_pct",
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
    # every cell is filled
    assert set(extract.table["status"]) == {"ok"}
    assert len(extract.table) == (1243 + 96 + 13 + 1) * 13
    found = extract.table.set_index(["variable", "ref_year", "level", "code"])["value"]
    places = [("epci", "246500482"), ("region", "76"), ("france", "00FR")]
    for variable, year, values in (
        ("industry_jobs_share_pct", 2022, [11.40, 9.43, 11.62]),
        ("construction_jobs_share_pct", 2011, [7.98, 7.82, 6.93]),
        ("administration_jobs_share_pct", 2016, [42.32, 34.74, 32.01]),
        ("jobs_growth_published_pct", 2016, [-0.34, 0.48, 0.0]),
        ("jobs_growth_published_pct", 2022, [0.5, 1.4, 0.88]),
    ):
        assert [found[variable, year, *place] for place in places] == values
