"""The mini-France from end to end: every value worked out by hand from ``minifrance/numbers.py``."""

import datetime as dt
import math
from dataclasses import replace

import pandas as pd
import pytest

from terrdiag.catalogue import load_indicators
from terrdiag.indicators import Place, Places, compute_values, populations_of
from terrdiag.values import (
    ESTIMATE,
    MISSING,
    NOT_APPLICABLE,
    OK,
    PARTIAL,
    SECRET,
    STATUSES_WITH_VALUE,
    TOO_SMALL,
    VALUE_DTYPES,
)

HIGH, PLAIN = "200100001", "240300002"

NO_VALUE = math.nan


def check(run, level, code, indicator, year, status, value, tolerance=1e-4):
    row = run.find(level, code, indicator, year)
    found = (row["status"], row["value"])
    assert found == (status, pytest.approx(value, abs=tolerance, nan_ok=True))
    return row


# Haut-Pays: 01001, 01002 (with 01012), 01003, 03003.
@pytest.mark.parametrize(
    ("indicator", "year", "status", "value"),
    [
        # of 2011, 950 + 150 inhabitants are known: 1308 of the 1660 of 2023, 79 %
        ("population", 2011, MISSING, NO_VALUE),
        ("population", 2013, OK, 1510),  # 1000 + 300 + 60 + 150
        ("population", 2016, OK, 1555),  # 1050 + 305 + 50 + 150
        ("population", 2018, OK, 1590),  # 1100 + 300 + 40 + 150
        ("population", 2022, OK, 1647),  # 1150 + 310 + 38 + 149
        ("population", 2023, OK, 1660),  # 1160 + 315 + 37 + 148
        ("population_growth_pct", 2016, MISSING, NO_VALUE),
        ("population_growth_pct", 2018, OK, 1.0378),  # (1590 / 1510) ** (1/5)
        ("population_growth_pct", 2022, OK, 0.9626),  # (1647 / 1555) ** (1/6)
        ("population_total", 2023, OK, 1677),  # 1170 + 320 + 37 + 150
        ("natural_change_pct", 2018, OK, -0.2452),  # (66 - 85) / (5 x 1550)
        ("natural_change_pct", 2022, OK, -0.2394),  # (76 - 99) / (6 x 1601)
        ("second_homes_share_pct", 2018, OK, 17.8571),  # 175 / 980
        ("vacant_homes_share_pct", 2018, OK, 8.6735),  # 85 / 980
        ("jobs", 2013, OK, 483),  # 380 + 75 + 8 + 20
        ("jobs", 2018, OK, 500),  # 400 + 70 + 10 + 20
        ("jobs", 2022, OK, 526),  # 420 + 75 + 9 + 22
        ("jobs_growth_pct", 2018, OK, 0.6942),  # (500 / 483) ** (1/5)
        ("jobs_growth_pct", 2022, OK, 1.1199),  # (526 / 492) ** (1/6)
        ("jobs_growth_published_pct", 2016, OK, -1.0),
        ("jobs_growth_published_pct", 2022, OK, 1.12),
        ("salaried_jobs_share_pct", 2018, OK, 74.0),  # 370 / 500
        ("employment_concentration", 2018, OK, 80.0),  # 500 / (715 - 90)
        ("unemployment_rate_pct", 2018, OK, 12.5874),  # 90 / 715
        ("establishments", 2018, OK, 119),  # 100 + 16 + 3 + 0
        ("establishments", 2024, OK, 134),  # 110 + 18 + 4 + 2
        ("industry_establishments", 2018, OK, 23),  # 20 + 2 + 1 + 0
        # 01003 is secret; 1623 inhabitants of 1660 are elsewhere
        ("industry_establishments", 2024, PARTIAL, 28),  # 25 + 2 + 1
        ("industry_establishments_share_pct", 2018, OK, 19.3277),  # 23 / 119
        ("industry_establishments_share_pct", 2024, PARTIAL, 21.5385),  # 28 / (110 + 18 + 2)
        ("industry_jobs_share_pct", 2022, OK, 25.0),  # published
        ("administration_jobs_share_pct", 2022, OK, 20.0),
        ("administration_jobs_share_pct", 2011, OK, 18.0),
        ("construction_jobs_share_pct", 2016, OK, 11.0),
        # the EPCI of 2018 had another identifier
        ("industry_salaried_jobs_share_pct", 2016, MISSING, NO_VALUE),
        ("altitude_min_m", 2025, PARTIAL, 300),  # 03003 has no lowest point
        ("altitude_max_m", 2025, OK, 1800),
        ("altitude_range_m", 2025, PARTIAL, 1500),
        ("mountain_communes_share_pct", 2026, OK, 75.0),
    ],
)
def test_epci(run_mini, indicator, year, status, value):
    run = run_mini("epci", HIGH)
    territory = check(run, "territoire", HIGH, indicator, year, status, value)
    epci = check(run, "epci", HIGH, indicator, year, status, value)
    same = set(territory) - {"level", "name"}
    assert {name: territory[name] for name in same} == pytest.approx(
        {name: epci[name] for name in same}, nan_ok=True
    )


def test_densities_and_means_over_the_area(run_mini):
    run = run_mini("epci", HIGH)
    # 5 cells of 33.2 km²
    row = run.find("territoire", HIGH, "population_density", 2023)
    assert row["denominator"] == pytest.approx(5 * 33.2, rel=0.002)
    assert row["value"] == pytest.approx(1660 / 166, rel=0.002)
    # 500 m on one cell, 600 m on two, 1100 m on one
    check(run, "territoire", HIGH, "altitude_mean_m", 2025, PARTIAL, 700, tolerance=1)


@pytest.mark.parametrize(
    ("code", "indicator", "year", "status", "value"),
    [
        ("01001", "industry_establishments_share_pct", 2018, OK, 20.0),
        ("01003", "industry_establishments_share_pct", 2018, TOO_SMALL, NO_VALUE),
        ("03003", "industry_establishments_share_pct", 2018, NOT_APPLICABLE, NO_VALUE),
        ("01003", "industry_establishments", 2024, SECRET, NO_VALUE),
        ("01003", "industry_establishments_share_pct", 2024, SECRET, NO_VALUE),
        ("01003", "jobs", 2018, OK, 10),
        ("01003", "salaried_jobs_share_pct", 2018, TOO_SMALL, NO_VALUE),
        ("01002", "median_income_eur", 2021, SECRET, NO_VALUE),
        ("03003", "median_income_eur", 2019, MISSING, NO_VALUE),
        ("01001", "median_income_eur", 2019, OK, 21_000),
        ("01002", "population", 2011, MISSING, NO_VALUE),
        ("03003", "altitude_min_m", 2025, MISSING, NO_VALUE),
        ("03003", "altitude_max_m", 2025, OK, 310),
        ("03003", "mountain_communes_share_pct", 2026, OK, 0.0),
    ],
)
def test_communes(run_mini, code, indicator, year, status, value):
    check(run_mini("epci", HIGH), "commune", code, indicator, year, status, value)


def test_small_rate_keeps_its_terms(run_mini):
    row = run_mini("epci", HIGH).find("commune", "01003", "industry_establishments_share_pct", 2018)
    assert (row["numerator"], row["denominator"]) == (1, 3)


@pytest.mark.parametrize(
    ("level", "code", "indicator", "year", "status", "value"),
    [
        # both halves of 01004 are in the département: what was published, not an estimate
        ("departement", "01", "population", 2018, OK, 2040),  # 1100 + 300 + 40 + 400 + 200
        ("departement", "03", "population", 2018, OK, 5730),  # 4900 + 310 + 150 + 370
        ("region", "84", "population", 2018, OK, 7770),
        ("region", "84", "population_growth_pct", 2018, OK, 0.3118),  # (7770 / 7650) ** (1/5)
        # Lagune has no figure and no inhabitant that anyone counted
        ("france", "00FR", "population", 2018, PARTIAL, 18_270),  # 7770 + 500 + 10000
        ("france", "00FR", "population_growth_pct", 2018, PARTIAL, 0.2426),  # (18270 / 18050) ** (1/5)
        ("france", "00FR", "mountain_communes_share_pct", 2026, OK, 25.0),  # 3 of 12
        # 03004 is not known before its merger: 5173 inhabitants of 5633
        ("departement", "03", "population", 2022, MISSING, NO_VALUE),
        ("departement", "01", "industry_jobs_share_pct", 2022, OK, 20.0),
        ("region", "84", "industry_jobs_share_pct", 2022, OK, 14.0),
        ("france", "00FR", "industry_jobs_share_pct", 2022, OK, 6.0),
        # known for the Haut-Pays only
        ("departement", "01", "jobs", 2022, MISSING, NO_VALUE),
    ],
)  # fmt: skip
def test_comparators(run_mini, level, code, indicator, year, status, value):
    check(run_mini("epci", HIGH), level, code, indicator, year, status, value)


def test_union_of_epci_that_is_a_published_place_has_its_figure(run_mini):
    # the two EPCI hold all the communes of a région, for which 14 % is published
    run = run_mini("epci", HIGH, epci=[HIGH, PLAIN])
    check(run, "territoire", "essai", "industry_jobs_share_pct", 2022, OK, 14.0)


def test_union_of_epci_is_an_estimate(run_mini, minifrance_edition):
    run = run_mini("epci", HIGH, epci=[HIGH, PLAIN])
    communes = tuple(sorted(run.values.loc[run.values["level"] == "commune", "code"].unique()))
    union = Place("territoire", "essai", "Essai", communes)
    known, _ = compute_values(minifrance_edition, Places((), (union,)))
    run = replace(run, values=pd.concat([run.values[run.values["level"] == "epci"], known]))
    # 25 % of 500 jobs and 10 % of 3500: 475 / 4000
    row = check(run, "territoire", "essai", "industry_jobs_share_pct", 2022, ESTIMATE, 11.875)
    assert (row["denominator"], row["coverage_pct"]) == (4000, 100)
    check(run, "epci", PLAIN, "industry_jobs_share_pct", 2022, OK, 10.0)
    # 1.12 % on 500 jobs and -0.40 % on 3500: (560 - 1400) / 4000
    check(run, "territoire", "essai", "jobs_growth_published_pct", 2022, ESTIMATE, -0.21)
    check(run, "territoire", "essai", "construction_jobs_share_pct", 2011, ESTIMATE, 9.375)
    # the sum of its communes is no estimate
    check(run, "territoire", "essai", "population", 2018, OK, 7770)


def test_epci_partly_inside(run_mini):
    # the Plaine (3500 jobs) and L'Aulne (400 of the 500 of the Haut-Pays)
    run = run_mini("ti", "ti-8401")
    row = check(run, "territoire", "ti-8401", "industry_jobs_share_pct", 2022, ESTIMATE, 10.0)
    assert row["coverage_pct"] == pytest.approx(100 * 3500 / 3900)
    check(run, "epci", HIGH, "industry_jobs_share_pct", 2022, OK, 25.0)
    check(run, "territoire", "ti-8401", "jobs", 2018, OK, 3900)


def test_perimeter_of_another_date_is_not_what_is_published(run_mini):
    # in 2023 the Plaine still had 03003
    run = run_mini("epci", PLAIN, epci=[PLAIN], date=dt.date(2023, 1, 1))
    assert run.perimeter.communes == ("01004", "01014", "03001", "03002", "03003", "03004")
    # 3500 jobs of 3520 are in the EPCI of today
    row = check(run, "territoire", "essai", "industry_jobs_share_pct", 2022, ESTIMATE, 10.0)
    assert row["coverage_pct"] == pytest.approx(100 * 3500 / 3520)


def test_half_of_a_split_commune(run_mini):
    run = run_mini("commune", "01014")
    check(run, "commune", "01014", "population", 2018, ESTIMATE, 200)
    check(run, "territoire", "01014", "population", 2018, ESTIMATE, 200)
    check(run, "commune", "01014", "population", 2023, OK, 200)
    check(run, "epci", PLAIN, "population", 2018, OK, 6180)  # 400 + 200 + 4900 + 310 + 370


def test_share_published_for_epci_alone(run_mini):
    run = run_mini("epci", "200054781")
    check(run, "territoire", "200054781", "industry_salaried_jobs_share_pct", 2016, OK, 4.2)
    # the département is the same communes, but nothing is published for it
    name = "industry_salaried_jobs_share_pct"
    row = check(
        run_mini("departement", "75"), "territoire", "departement-75", name, 2016, ESTIMATE, 4.2
    )
    # salaried jobs of 2018
    assert (row["denominator"], row["coverage_pct"]) == (11_000, 100)
    # and 3060 of the Plaine, of 14 490: (4.2 x 11 000 + 11 x 3060) / 14 060
    row = check(run, "france", "00FR", name, 2016, ESTIMATE, 5.6799)
    assert row["coverage_pct"] == pytest.approx(100 * 14_060 / 14_490)


def test_paris_is_not_counted_twice(run_mini):
    run = run_mini("commune", "75056")
    check(run, "territoire", "75056", "population", 2018, OK, 10_000)
    check(run, "territoire", "75056", "population", 2011, OK, 9_800)  # 3900 + 5900
    check(run, "territoire", "75056", "establishments", 2018, OK, 1_500)


def test_island_in_no_epci(run_mini):
    run = run_mini("commune", "2A004")
    assert run.perimeter.without_epci == ("2A004",)
    assert "epci" not in set(run.values["level"])
    check(
        run, "territoire", "2a004", "industry_establishments_share_pct", 2018, OK, 6.6667
    )  # 2 / 30


def test_commune_of_which_nothing_is_published(run_mini):
    run = run_mini("commune", "97601")
    check(run, "territoire", "97601", "altitude_max_m", 2025, OK, 594)
    check(run, "territoire", "97601", "population", 2018, MISSING, NO_VALUE)
    check(run, "territoire", "97601", "industry_jobs_share_pct", 2022, MISSING, NO_VALUE)


def test_commune_of_which_nothing_is_published_alone(minifrance_edition):
    place = Place("territoire", "97601", "Lagune", ("97601",))
    commune = Place("commune", "97601", "Lagune", ("97601",))
    values, _ = compute_values(minifrance_edition, Places((commune,), (place,)))
    known = values[values["status"] == OK]
    assert set(known["indicator"]) == {"altitude_max_m", "mountain_communes_share_pct"}


def test_epci_around(run_mini):
    run = run_mini("epci", HIGH)
    around = run.around
    assert set(around["code"]) == {PLAIN}
    assert set(around["level"]) == {"epci"}
    shares = around.set_index(["indicator", "ref_year"])["value"].to_dict()
    assert shares == {
        ("agriculture_jobs_share_pct", 2022): 5.0, ("industry_jobs_share_pct", 2022): 10.0,
        ("construction_jobs_share_pct", 2011): 9.0, ("construction_jobs_share_pct", 2016): 8.5,
        ("construction_jobs_share_pct", 2022): 8.0,
        ("trade_services_jobs_share_pct", 2011): 43.0, ("trade_services_jobs_share_pct", 2016): 45.0,
        ("trade_services_jobs_share_pct", 2022): 47.0,
        ("administration_jobs_share_pct", 2011): 29.0, ("administration_jobs_share_pct", 2016): 29.5,
        ("administration_jobs_share_pct", 2022): 30.0,
        # of a perimeter with one commune more
        ("industry_salaried_jobs_share_pct", 2016): 11.0,
        ("jobs_growth_published_pct", 2016): 0.5, ("jobs_growth_published_pct", 2022): -0.4,
    }  # fmt: skip


def test_table_is_as_promised(run_mini):
    values = run_mini("epci", HIGH).values
    assert values.dtypes.astype(str).to_dict() == VALUE_DTYPES
    assert not values.duplicated(["level", "code", "indicator", "ref_year"]).any()
    given = values["status"].isin(STATUSES_WITH_VALUE)
    assert (values["value"].notna() == given).all()
    assert set(values["cog_year"]) == {2026}
    assert values["coverage_pct"].between(0, 100).all()
    assert values.loc[given, "source_id"].ne("").all()
    # the order of the catalogue, then of time
    order = list(load_indicators())
    runs = values[["indicator", "ref_year"]].drop_duplicates()
    ranks = [(order.index(row.indicator), row.ref_year) for row in runs.itertuples()]
    assert ranks == sorted(ranks)


def test_sources_of_values(run_mini):
    run = run_mini("epci", HIGH)
    row = run.find("territoire", HIGH, "population", 2016)
    assert row["source_id"] == "insee-comparateur-2022-haute-bigorre+insee-rp-populations"
    density = run.find("territoire", HIGH, "population_density", 2018)
    assert density["source_id"] == "etalab-geo-api-2023+etalab-geo-api-2026+insee-comparateur-2018"
    mountain = run.find("territoire", HIGH, "mountain_communes_share_pct", 2026)
    assert mountain["source_id"] == "anct-massifs+insee-cog-2026"


def test_latest_populations(run_mini):
    found = populations_of(run_mini("epci", HIGH).values)
    assert found.to_dict() == {"01001": 1160, "01002": 315, "01003": 37, "03003": 148}
    assert isinstance(found, pd.Series)
