"""Figures that the embedded edition must find, through the whole chain, each with its source."""

import datetime as dt
import math

import pandas as pd
import pytest

from terrdiag.catalogue import load_indicators
from terrdiag.edition import open_edition, read_commune_list, read_figures, read_memberships
from terrdiag.indicators.figures import load_commune_figures
from terrdiag.indicators.places import Place
from terrdiag.indicators.published import (
    PublishedShares,
    compute_published,
    load_published_shares,
)
from terrdiag.territory.groups import find_groups, valid_at
from terrdiag.values import ESTIMATE, MISSING, OK, PARTIAL

CCHB, INDUSTRY_AREA = "cchb", "gers-tarn-et-garonne"


@pytest.fixture(scope="module")
def edition():
    return open_edition()


# --- CC de la Haute-Bigorre, 246500482 ---------------------------------------------------------------


def test_haute_bigorre_perimeter(run_real):
    perimeter = run_real(CCHB).perimeter
    # DGCL, epcicom2025.xlsx
    assert len(perimeter.communes) == 25
    assert "65222" in perimeter.communes  # Hitte, since 1 January 2018
    assert [group.code for group in perimeter.epci] == ["246500482"]
    assert perimeter.without_epci == ()


@pytest.mark.parametrize(
    ("level", "code", "indicator", "year", "value", "tolerance"),
    [
        # INSEE, RP 2011, 2016, 2022, municipal populations (as re-published by commune)
        ("territoire", CCHB, "population", 2011, 17_352, 0),
        ("territoire", CCHB, "population", 2016, 16_955, 0),
        ("territoire", CCHB, "population", 2022, 16_511, 0),
        # INSEE, populations de référence 2023
        ("territoire", CCHB, "population", 2023, 16_518, 0),
        # PTOT of the same file, over the 25 communes and in Bagnères-de-Bigorre
        ("territoire", CCHB, "population_total", 2023, 16_981, 0),
        ("commune", "65059", "population_total", 2023, 7_375, 0),
        # INSEE, comparateur de territoires: P13_EMPLT, P18_EMPLT; P22_EMPLT of the next edition
        ("territoire", CCHB, "jobs", 2013, 6_129.4, 0.05),
        ("territoire", CCHB, "jobs", 2018, 5_921.6, 0.05),
        ("territoire", CCHB, "jobs", 2022, 6_130.5, 0.05),
        # idem: ETBE18 over ETTOT18, ETBE24 over ETTOT24
        ("territoire", CCHB, "industry_establishments", 2018, 49, 0),
        ("territoire", CCHB, "establishments", 2018, 559, 0),
        ("territoire", CCHB, "industry_establishments_share_pct", 2018, 8.77, 0.005),
        ("territoire", CCHB, "industry_establishments", 2024, 55, 0),
        ("territoire", CCHB, "establishments", 2024, 606, 0),
        ("territoire", CCHB, "industry_establishments_share_pct", 2024, 9.08, 0.005),
        # INSEE, RP 2022, complementary exploitation: C22_EMPLT_INDUS over C22_EMPLT
        ("territoire", CCHB, "industry_jobs_share_pct", 2022, 11.40, 0.005),
        ("region", "76", "industry_jobs_share_pct", 2022, 9.43, 0.005),
        ("france", "00FR", "industry_jobs_share_pct", 2022, 11.62, 0.005),
        # RP 2011 and 2016, where agriculture and industry are not published
        ("territoire", CCHB, "construction_jobs_share_pct", 2011, 7.98, 0.005),
        ("territoire", CCHB, "administration_jobs_share_pct", 2016, 42.32, 0.005),
        ("france", "00FR", "trade_services_jobs_share_pct", 2016, 46.55, 0.005),
        ("territoire", CCHB, "jobs_growth_published_pct", 2016, -0.34, 0.005),
        ("territoire", CCHB, "jobs_growth_published_pct", 2022, 0.50, 0.005),
        ("region", "76", "jobs_growth_published_pct", 2022, 1.40, 0.005),
        ("france", "00FR", "jobs_growth_published_pct", 2022, 0.88, 0.005),
        # Observatoire des territoires, EPCI of 2018
        ("territoire", CCHB, "industry_salaried_jobs_share_pct", 2016, 12.0, 0.05),
        # IGN, through "communes de France": Cieutat and Bagnères-de-Bigorre
        ("territoire", CCHB, "altitude_min_m", 2025, 327, 0),
        ("territoire", CCHB, "altitude_max_m", 2025, 2_872, 0),
        ("territoire", CCHB, "altitude_range_m", 2025, 2_545, 0),
        ("commune", "65147", "altitude_min_m", 2025, 327, 0),
        ("commune", "65059", "altitude_max_m", 2025, 2_872, 0),
    ],
)
def test_haute_bigorre(run_real, level, code, indicator, year, value, tolerance):
    row = run_real(CCHB).find(level, code, indicator, year)
    assert (row["status"], row["value"]) == (OK, pytest.approx(value, abs=tolerance))


def test_haute_bigorre_published_growth_is_that_of_the_main_exploitation(run_real):
    # P16_EMPLT and P22_EMPLT of the comparateur: 5,949.4 and 6,130.5 jobs
    run = run_real(CCHB)
    counted = run.find("territoire", CCHB, "jobs_growth_pct", 2022)["value"]
    published = run.find("territoire", CCHB, "jobs_growth_published_pct", 2022)["value"]
    assert counted == pytest.approx(published, abs=0.005)


def test_haute_bigorre_share_of_salaried_jobs_is_estimated_above(run_real):
    run = run_real(CCHB)
    name = "industry_salaried_jobs_share_pct"
    for level, code in (("departement", "65"), ("region", "76"), ("france", "00FR")):
        row = run.find(level, code, name, 2016)
        assert row["status"] == ESTIMATE
        assert 80 <= row["coverage_pct"] <= 100


@pytest.mark.parametrize(
    ("year", "mean", "most"), [(2016, 0.018, 0.112), (2022, 0.007, 0.043)], ids=["2016", "2022"]
)
def test_mean_of_growth_rates_is_near_the_growth_of_the_whole(edition, year, mean, most):
    """The estimate over a union, against the rates published for the départements made of whole EPCI."""
    growth = load_indicators()["jobs_growth_published_pct"]
    shares = load_published_shares(edition)
    rates = shares.figures[growth.inputs[0], year]
    only_epci = {key: rate for key, rate in rates.items() if key[0] == "epci"}
    codes = read_commune_list(edition)["code_commune"]
    figures = load_commune_figures(edition, codes, {"jobs_total"})
    members = read_memberships(edition, kinds=["departement"]).astype({"code": "str"})
    places = [
        Place("departement", code, code, tuple(communes))
        for code, communes in members.groupby("code")["code_commune"]
    ]
    alone = PublishedShares({(growth.inputs[0], year): only_epci}, shares.epci)
    found = compute_published(growth, alone, figures, places)
    whole = found[found["coverage_pct"] >= 97]
    published = [rates["departement", code][0] for code in whole["code"]]
    gap = (whole["value"] - published).abs()
    assert len(gap) == 47
    assert (gap.mean(), gap.max()) == pytest.approx((mean, most), abs=0.001)


def test_haute_bigorre_area(run_real):
    # geo.api.gouv.fr, contours in full detail: 391.2 km²
    row = run_real(CCHB).find("territoire", CCHB, "population_density", 2022)
    assert row["denominator"] == pytest.approx(391.2, abs=0.5)
    assert row["value"] == pytest.approx(16_511 / 391.2, abs=0.06)


def test_haute_bigorre_of_2011_had_24_communes(run_real):
    # RP 2011: 17,187 inhabitants without Hitte (65222)
    values = run_real(CCHB).values
    rows = values[(values["indicator"] == "population") & (values["ref_year"] == 2011)]
    communes = rows[(rows["level"] == "commune") & (rows["code"] != "65222")]
    assert (len(communes), communes["value"].sum()) == (24, 17_187)


@pytest.mark.parametrize(
    ("year", "counts"),
    [
        # comparateur: 15 communes of 1 to 4 establishments at the end of 2024; at the end of 2018,
        # 13, and two of none
        (2018, {"too_small": 13, "ok": 10, "not_applicable": 2}),
        (2024, {"too_small": 15, "ok": 10}),
    ],
)
def test_haute_bigorre_small_communes_have_no_share(run_real, year, counts):
    values = run_real(CCHB).values
    name = "industry_establishments_share_pct"
    rows = values[(values["level"] == "commune") & (values["indicator"] == name)]
    assert rows.loc[rows["ref_year"] == year, "status"].value_counts().to_dict() == counts


def test_haute_bigorre_is_compared(run_real):
    values = run_real(CCHB).values
    found = values.loc[~values["level"].isin(["commune", "epci"]), ["level", "code"]]
    assert list(found.drop_duplicates().itertuples(index=False, name=None)) == [
        ("territoire", CCHB),
        ("ti", "ti-7505"),
        ("departement", "65"),
        ("region", "76"),
        ("france", "00FR"),
        ("perimetre", "cchb-2017-01-01"),
    ]


# --- Territoire d'industrie Gers - Tarn-et-Garonne, ti-7606 --------------------------------------------


def test_industry_area(run_real):
    run = run_real(INDUSTRY_AREA)
    # ANCT, list of groupements; DGCL, epcicom2025.xlsx
    assert (len(run.perimeter.epci), len(run.perimeter.communes)) == (11, 298)
    # comparateur, end of 2018
    row = run.find("territoire", INDUSTRY_AREA, "industry_establishments_share_pct", 2018)
    assert (row["numerator"], row["denominator"]) == (453, 5_941)
    assert (row["status"], row["value"]) == (OK, pytest.approx(7.62, abs=0.006))
    # RP 2022
    assert run.find("territoire", INDUSTRY_AREA, "population", 2022)["value"] == 202_638


def test_industry_area_jobs_are_an_estimate(run_real):
    run = run_real(INDUSTRY_AREA)
    row = run.find("territoire", INDUSTRY_AREA, "industry_jobs_share_pct", 2022)
    assert (row["status"], row["coverage_pct"]) == (ESTIMATE, 100)
    values = run.values[run.values["level"] == "epci"]
    shares = values[values["indicator"] == "industry_jobs_share_pct"].set_index("code")["value"]
    jobs = values[(values["indicator"] == "jobs") & (values["ref_year"] == 2018)]
    weights = jobs.set_index("code")["value"]
    assert len(shares) == 11
    assert row["value"] == pytest.approx((shares * weights).sum() / weights.sum())


def test_industry_area_of_whole_epci_is_wholly_covered(run_real):
    values = run_real(CCHB).values
    rows = values[(values["level"] == "ti") & (values["indicator"] == "jobs_growth_published_pct")]
    assert rows["coverage_pct"].tolist() == [100, 100]
    assert set(rows["status"]) == {ESTIMATE}


def test_industry_area_salaried_jobs_are_an_estimate(run_real):
    """Observatoire des territoires, RP 2016: neither the 7.9 % nor the 7 % that a document calls salaried industry."""
    run = run_real(INDUSTRY_AREA)
    name = "industry_salaried_jobs_share_pct"
    for level, code, value in (("territoire", INDUSTRY_AREA, 14.62), ("region", "76", 11.14)):
        row = run.find(level, code, name, 2016)
        assert (row["status"], row["value"]) == (ESTIMATE, pytest.approx(value, abs=0.005))
        assert row["coverage_pct"] > 90
    # Grand Sud Tarn-et-Garonne has lost 2.6 % of its inhabitants; Gascogne Toulousaine, 27 %
    assert run.find("epci", "200066652", name, 2016)["status"] == ESTIMATE
    assert run.find("epci", "200023620", name, 2016)["status"] == MISSING


def test_occitanie(run_real):
    run = run_real("region:76")
    # comparateur, end of 2018: 13,382 of 200,957
    row = run.find("territoire", "region-76", "industry_establishments_share_pct", 2018)
    assert row["value"] == pytest.approx(6.66, abs=0.005)
    share = run.find("territoire", "region-76", "industry_jobs_share_pct", 2022)
    assert (share["status"], share["value"]) == (OK, pytest.approx(9.43))


# --- Métropoles --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "communes", "population"),
    [
        # DGCL 2025; RP 2022
        ("mel", 95, 1_194_040),
        ("metz-metropole", 46, 230_318),
    ],
)
def test_metropoles(run_real, target, communes, population):
    run = run_real(target)
    assert len(run.perimeter.communes) == communes
    row = run.find("territoire", target, "population", 2022)
    assert (row["status"], row["value"]) == (OK, population)


# DGCL, epcicom2019.xlsx to epcicom2025.xlsx
@pytest.mark.parametrize(
    ("code", "date", "communes"),
    [
        ("245900410", "2020-01-01", 90),  # Métropole européenne de Lille, former identifier
        ("245900410", "2021-01-01", 0),
        ("200093201", "2020-01-01", 0),
        ("200093201", "2021-01-01", 95),
        ("200039865", "2021-01-01", 44),  # Metz Métropole
        ("200039865", "2022-01-01", 45),
        ("200039865", "2023-01-01", 46),
        ("200039865", "2026-01-01", 46),
        ("246500482", "2019-01-01", 25),
    ],
)
def test_members_at_a_date(edition, code, date, communes):
    rows = read_memberships(edition, kinds=["epci"], codes=[code])
    day = dt.date.fromisoformat(date)
    assert valid_at(rows, day).sum() == communes
    group = find_groups(edition, [("epci", code)], day).get(("epci", code))
    assert len(group.communes if group else ()) == communes


def test_fontenilles_left_the_gascogne_toulousaine(edition):
    # 31188 went from 200023620 to the Grand Ouest Toulousain on 1 January 2024
    rows = read_memberships(edition, kinds=["epci"], communes=["31188"])
    before, after = (
        rows.loc[valid_at(rows, dt.date(year, 1, 1)), "code"].tolist() for year in (2023, 2024)
    )
    assert before == ["200023620"]
    assert after != before
    assert len(after) == 1


# --- France ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "population"),
    [
        # INSEE, populations légales 2018: France without Mayotte, 66,732,538 inhabitants. With the
        # arrondissements of Paris, Lyon and Marseille beside their cities the sum is 70.3 million
        (2018, 66_732_538),
        # INSEE, populations légales 2013: 65,564,756
        (2013, 65_564_756),
    ],
)
def test_france_is_counted_once(run_real, year, population):
    row = run_real(CCHB).find("france", "00FR", "population", year)
    # 17 communes of Mayotte are not in the comparateur
    assert (row["status"], row["value"]) == (PARTIAL, population)


# INSEE, populations légales 2018 of the three cities
@pytest.mark.parametrize(
    ("code", "population"), [("75056", 2_175_601), ("69123", 518_635), ("13055", 868_277)]
)
def test_cities_are_their_arrondissements_once(edition, code, population):
    rows = read_figures(edition, codes=[code], variables=["population"])
    by_year = rows.set_index("ref_year")["value"]
    assert by_year[2018] == population
    # and as the sum of the arrondissements, where only those are published
    assert by_year[2022] == pytest.approx(population, rel=0.05)
    assert by_year[2023] == pytest.approx(population, rel=0.05)


def test_no_arrondissement_is_a_commune(edition):
    # COG of 1 January 2026: 34,875 communes
    codes = read_commune_list(edition)["code_commune"]
    assert len(codes) == 34_875
    assert codes.is_unique
    assert not codes.str.fullmatch(r"751\d\d|6938\d|132\d\d").any()
    figures = read_figures(edition, levels=["commune"])
    assert set(figures["code"].astype(str)) <= set(codes)


def test_departements_and_regions_make_the_country(edition):
    members = read_memberships(edition, kinds=["departement", "region"])
    for kind, count in (("departement", 101), ("region", 18)):
        of_kind = members[members["kind"] == kind]
        assert of_kind["code"].nunique() == count
        assert len(of_kind) == of_kind["code_commune"].nunique() == 34_875
    now = read_memberships(edition, kinds=["epci"])
    now = now[now["valid_to"].isna()]
    # DGCL 2025; four islands are in no EPCI: Bréhat, Sein, Ouessant, Yeu
    assert now["code"].nunique() == 1_255
    alone = set(read_commune_list(edition)["code_commune"]) - set(now["code_commune"])
    assert alone == {"22016", "29083", "29155", "85113"}


def test_growth_follows_from_the_populations(run_real):
    run = run_real(CCHB)
    row = run.find("territoire", CCHB, "population_growth_pct", 2022)
    # sixth root of 16511 over 16955
    assert (row["status"], row["value"]) == (OK, pytest.approx(-0.441, abs=0.001))
    assert not math.isnan(row["numerator"])
    assert pd.Timestamp(run.perimeter.date) == pd.Timestamp(2026, 1, 1)
