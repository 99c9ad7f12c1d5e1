"""Location quotients and indices of the sector mix, on tables worked out by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyses.sectors_example import (
    AIN,
    FRANCE,
    HAUT,
    PLACES,
    TERRITORY,
    communes,
    establishments,
    find,
    five,
    job_shares,
    row,
    run_embedded,
    table,
)
from terrdiag.analyses.sectors.indices import effective_number, herfindahl_index, krugman_index
from terrdiag.analyses.sectors.mix import SECTORS
from terrdiag.analyses.sectors.quotients import (
    bound_by_one,
    bound_by_rounding,
    location_quotient,
)
from terrdiag.analyses.sectors.specialisation import analyse_specialisation
from terrdiag.indicators.places import Place, Places
from terrdiag.values import VALUE_DTYPES

# industry, agriculture, construction, trade and services, administration
HERE = (20, 10, 10, 50, 10)
THERE = (10, 10, 10, 60, 10)


@pytest.mark.parametrize(
    ("here_pct", "there_pct", "expected"),
    [(20.0, 10.0, 2.0), (0.0, 10.0, 0.0), (7.5, 7.5, 1.0), (5.0, 0.0, math.nan)],
)
def test_location_quotient(here_pct, there_pct, expected):
    assert location_quotient(here_pct, there_pct) == pytest.approx(expected, nan_ok=True)


def test_the_published_table_of_holukuluku():
    # G. Krumme, University of Washington, "Shift & Share Table": location quotients of its four industries
    here, there = (50, 10, 20, 20), (10, 20, 40, 30)
    found = [location_quotient(*pair) for pair in zip(here, there, strict=True)]
    assert found == pytest.approx([5, 0.5, 0.5, 0.667], abs=5e-4)


@pytest.mark.parametrize(
    ("count", "total", "there_pct", "expected"),
    [
        (20, 100, 10.0, (1.9, 2.1)),
        (100, 100, 50.0, (1.98, 2.0)),  # there are no more establishments than establishments
    ],
)
def test_interval_of_one_establishment(count, total, there_pct, expected):
    assert bound_by_one(count, total, there_pct) == pytest.approx(expected)


def test_interval_of_rounding():
    # 11.40 stands for 11.395 to 11.405, 9.43 for 9.425 to 9.435
    assert bound_by_rounding(11.40, 9.43) == pytest.approx((11.395 / 9.435, 11.405 / 9.425))
    assert bound_by_rounding(0.0, 9.43)[0] == 0
    assert bound_by_rounding(1.0, 0.0)[1] == math.inf


@given(st.floats(0.01, 100), st.floats(0.01, 100), st.floats(-1, 1), st.floats(-1, 1))
def test_the_true_quotient_is_within_the_interval_of_rounding(here, there, one, other):
    low, high = bound_by_rounding(here, there)
    true = max(here + 0.005 * one, 0) / (there + 0.005 * other)
    assert low <= true * (1 + 1e-12)
    assert true <= high * (1 + 1e-12)


def test_quotients_of_establishments():
    result = analyse_specialisation(
        table(establishments(TERRITORY, 2018, HERE), establishments(FRANCE, 2018, THERE)), PLACES
    )
    found = find(result.values, TERRITORY, "lq_industry_establishments_vs_france")
    assert found["value"] == pytest.approx(2.0)
    assert (found["numerator"], found["denominator"]) == pytest.approx((20.0, 10.0))
    low = find(result.values, TERRITORY, "lq_industry_establishments_vs_france_low")
    high = find(result.values, TERRITORY, "lq_industry_establishments_vs_france_high")
    assert (low["value"], high["value"]) == pytest.approx((1.9, 2.1))
    assert list(result.values.columns) == list(VALUE_DTYPES)
    assert set(result.values["indicator"]) == set(result.indicators)


def test_each_label_says_establishments_or_jobs():
    values = table(
        establishments(TERRITORY, 2018, HERE),
        establishments(FRANCE, 2018, THERE),
        job_shares(TERRITORY, 2022, five(20, 10, 10, 50, 10)),
        job_shares(FRANCE, 2022, five(10, 10, 10, 60, 10)),
    )
    for name, indicator in analyse_specialisation(values, PLACES).indicators.items():
        counted, other = (
            ("établissements", "emplois")
            if "establishments" in name
            else ("emplois", "établissements")
        )
        assert counted in indicator.label_fr
        assert other not in indicator.label_fr
        assert "{" not in indicator.label_fr + indicator.definition_fr + indicator.note_fr


@pytest.mark.parametrize(
    ("here", "there", "status"),
    [
        ((4, 10, 10, 66, 10), THERE, "too_small"),  # four establishments here
        (HERE, (4, 10, 10, 66, 10), "too_small"),  # four there
        (HERE, (0, 10, 10, 70, 10), "not_applicable"),  # none there
        (("secret", 10, 10, 50, 10), THERE, "secret"),
        (HERE, ("missing", 10, 10, 60, 10), "missing"),
    ],
)
def test_quotient_that_is_not_given(here, there, status):
    values = table(establishments(TERRITORY, 2018, here), establishments(FRANCE, 2018, there))
    result = analyse_specialisation(values, PLACES)
    for bound in ("", "_low", "_high"):
        found = find(result.values, TERRITORY, f"lq_industry_establishments_vs_france{bound}")
        assert found["status"] == status
        assert math.isnan(found["value"])
    # the other sectors are not lost for it
    assert find(result.values, TERRITORY, "lq_trade_services_establishments_vs_france")["value"] > 0


def test_year_is_the_latest_known_here_and_there():
    values = table(
        establishments(TERRITORY, 2018, HERE),
        establishments(TERRITORY, 2024, (30, 10, 10, 40, 10)),
        establishments(AIN, 2018, THERE),
        establishments(AIN, 2024, THERE),
        establishments(FRANCE, 2018, THERE),
        # 2024 is not known for France
        [row(FRANCE, "industry_establishments_share_pct", 2024, math.nan, "missing")],
    )
    result = analyse_specialisation(values, PLACES).values
    near = find(result, TERRITORY, "lq_industry_establishments_vs_departement_01")
    far = find(result, TERRITORY, "lq_industry_establishments_vs_france")
    assert (near["ref_year"], near["value"]) == (2024, pytest.approx(3.0))
    assert (far["ref_year"], far["value"]) == (2018, pytest.approx(2.0))


def test_three_sectors_of_an_earlier_census_do_not_replace_five():
    values = table(
        job_shares(TERRITORY, 2016, {"construction": 8.0}),
        job_shares(FRANCE, 2016, {"construction": 6.0}),
        job_shares(TERRITORY, 2022, five(20, 10, 9, 50, 11)),
        job_shares(FRANCE, 2022, five(10, 10, 6, 60, 14)),
    )
    result = analyse_specialisation(values, PLACES)
    assert find(result.values, TERRITORY, "lq_construction_jobs_vs_france")["ref_year"] == 2022
    # an index of the mix needs the five sectors
    assert find(result.values, TERRITORY, "herfindahl_jobs")["ref_year"] == 2022


def test_estimate_stays_an_estimate():
    values = table(
        job_shares(TERRITORY, 2022, five(20, 10, 10, 50, 10), "estimate"),
        job_shares(FRANCE, 2022, five(10, 10, 10, 60, 10)),
    )
    result = analyse_specialisation(values, PLACES).values
    assert find(result, TERRITORY, "lq_industry_jobs_vs_france")["status"] == "estimate"
    assert find(result, TERRITORY, "krugman_jobs_vs_france")["status"] == "estimate"
    assert find(result, FRANCE, "herfindahl_jobs")["status"] == "ok"


def test_few_jobs_are_fragile():
    values = table(
        [row(TERRITORY, "jobs", 2018, 1500.0)],
        job_shares(TERRITORY, 2022, five(20, 10, 10, 50, 10)),
        job_shares(FRANCE, 2022, five(10, 10, 10, 60, 10)),
    )
    found = {one.sector: one for one in analyse_specialisation(values, PLACES).quotients}
    # 20 % and 10 % of 1,500 jobs
    assert (found["industry"].count, found["industry"].fragile) == (300.0, False)
    assert (found["construction"].count, found["construction"].fragile) == (150.0, True)


def test_jobs_that_are_counted_are_not_estimated_again():
    here = [
        one | {"numerator": 199.0, "denominator": 1990.0}
        for one in job_shares(TERRITORY, 2022, five(10, 20, 10, 50, 10))
    ]
    # of another census: 10 % of 2,100 jobs would be 210
    values = table(
        [row(TERRITORY, "jobs", 2018, 2100.0)],
        here,
        job_shares(FRANCE, 2022, five(10, 10, 10, 60, 10)),
    )
    found = {one.sector: one for one in analyse_specialisation(values, PLACES).quotients}
    assert (found["industry"].count, found["industry"].fragile) == (199.0, True)


def test_interval_that_holds_one_does_not_differ():
    values = table(establishments(TERRITORY, 2018, HERE), establishments(FRANCE, 2018, THERE))
    found = {one.sector: one for one in analyse_specialisation(values, PLACES).quotients}
    assert found["industry"].differs  # 1.9 to 2.1
    assert not found["agriculture"].differs  # 0.9 to 1.1


def test_a_place_is_not_compared_with_itself():
    twin = Place("departement", "01", "Ain", TERRITORY.communes)
    places = Places((), (HAUT, TERRITORY, twin, FRANCE))
    values = table(
        *(establishments(place, 2018, HERE) for place in (HAUT, TERRITORY, twin)),
        establishments(FRANCE, 2018, THERE),
    )
    result = analyse_specialisation(values, places).values
    own = result[result["level"] == "territoire"]["indicator"]
    assert not own.str.contains("departement_01").any()
    # its EPCI, which is a part of it, is
    assert find(result, HAUT, "lq_industry_establishments_vs_departement_01")["value"] == 1


def test_part_of_the_comparator_that_is_the_territory():
    values = table(
        establishments(TERRITORY, 2018, HERE),
        establishments(AIN, 2018, (80, 80, 80, 80, 80)),
        establishments(FRANCE, 2018, (800, 800, 800, 800, 800)),
        communes("establishments", 2018, [50, 30, 10, 5, 3, 2])[:-1],
    )
    shared = analyse_specialisation(values, PLACES).shared_pct
    assert shared["establishments", "departement:01"] == pytest.approx(25.0)
    assert shared["establishments", "france"] == pytest.approx(2.5)
    assert math.isnan(shared["jobs", "france"])


@pytest.mark.parametrize(
    ("here", "there", "expected"),
    [
        ((0.2, 0.2, 0.2, 0.2, 0.2), (0.2, 0.2, 0.2, 0.2, 0.2), 0.0),
        ((1, 0, 0, 0, 0), (0, 1, 0, 0, 0), 2.0),
        ((0.2, 0.1, 0.1, 0.5, 0.1), (0.1, 0.1, 0.1, 0.6, 0.1), 0.2),
    ],
)
def test_krugman(here, there, expected):
    mixes = [dict(zip(SECTORS, one, strict=True)) for one in (here, there)]
    assert krugman_index(*mixes) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("shares", "herfindahl", "effective"),
    [
        ((0.2, 0.2, 0.2, 0.2, 0.2), 0.2, 5.0),
        ((1, 0, 0, 0, 0), 1.0, 1.0),
        ((0.2, 0.1, 0.1, 0.5, 0.1), 0.32, 3.125),  # 0.04 + 0.01 + 0.01 + 0.25 + 0.01
    ],
)
def test_herfindahl(shares, herfindahl, effective):
    mix = dict(zip(SECTORS, shares, strict=True))
    assert herfindahl_index(mix) == pytest.approx(herfindahl)
    assert effective_number(mix) == pytest.approx(effective)


mixes = st.lists(st.floats(0.01, 1), min_size=5, max_size=5).map(
    lambda parts: {sector: part / sum(parts) for sector, part in zip(SECTORS, parts, strict=True)}
)


@given(mixes, mixes, mixes)
def test_laws_of_the_indices(one, other, third):
    assert 0 <= krugman_index(one, other) <= 2 + 1e-9
    assert krugman_index(one, other) == pytest.approx(krugman_index(other, one))
    through = krugman_index(one, other) + krugman_index(other, third)
    assert krugman_index(one, third) <= through + 1e-9
    assert 0.2 - 1e-9 <= herfindahl_index(one) <= 1 + 1e-9
    assert 1 - 1e-9 <= effective_number(one) <= 5 + 1e-9


def test_indices_of_every_place():
    values = table(establishments(TERRITORY, 2018, HERE), establishments(FRANCE, 2018, THERE))
    result = analyse_specialisation(values, PLACES).values
    assert find(result, TERRITORY, "krugman_establishments_vs_france")["value"] == pytest.approx(
        0.2
    )
    assert find(result, TERRITORY, "herfindahl_establishments")["value"] == pytest.approx(0.32)
    assert find(result, FRANCE, "herfindahl_establishments")["value"] == pytest.approx(0.4)
    assert find(result, FRANCE, "effective_sectors_establishments")["value"] == pytest.approx(2.5)


def test_rounded_shares_are_divided_by_their_sum():
    # 99.98: what is printed is rounded five times
    shares = five(19.99, 10.0, 10.0, 50.0, 9.99)
    values = table(
        job_shares(TERRITORY, 2022, shares), job_shares(FRANCE, 2022, five(20, 10, 10, 50, 10))
    )
    result = analyse_specialisation(values, PLACES).values
    expected = sum((share / 99.98) ** 2 for share in shares.values())
    assert find(result, TERRITORY, "herfindahl_jobs")["value"] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("counts", "status"),
    [
        ((5, 4, 5, 5, 5), "too_small"),  # 24 establishments
        (("secret", 10, 10, 50, 10), "secret"),
        ((20, "missing", 10, 50, 10), "missing"),
    ],
)
def test_index_that_is_not_given(counts, status):
    values = table(establishments(TERRITORY, 2018, counts), establishments(FRANCE, 2018, THERE))
    result = analyse_specialisation(values, PLACES).values
    for name in (
        "herfindahl_establishments",
        "effective_sectors_establishments",
        "krugman_establishments_vs_france",
    ):
        assert find(result, TERRITORY, name)["status"] == status


def test_shares_that_do_not_make_a_hundred_give_no_index():
    values = table(
        job_shares(TERRITORY, 2022, five(20, 10, 10, 50, 5)),
        job_shares(FRANCE, 2022, five(20, 10, 10, 50, 10)),
    )
    result = analyse_specialisation(values, PLACES).values
    assert find(result, TERRITORY, "herfindahl_jobs")["status"] == "missing"


def test_nothing_is_known():
    result = analyse_specialisation(table(), PLACES)
    assert result.values.empty
    assert result.quotients == result.mixes == result.distances == ()


def test_names_of_a_union_and_of_a_difference_differ():
    union = Place("ensemble", "region:76 + epci:243100518", "Ensemble", ("31555",))
    difference = Place("ensemble", "region:76 - epci:243100518", "Occitanie hors…", ("31556",))
    places = Places((), (TERRITORY, union, difference))
    values = table(*(establishments(one, 2018, HERE) for one in (TERRITORY, union, difference)))
    names = analyse_specialisation(values, places).indicators
    assert "lq_industry_establishments_vs_ensemble_region_76_hors_epci_243100518" in names
    assert "lq_industry_establishments_vs_ensemble_region_76_et_epci_243100518" in names


@pytest.mark.parametrize("region", ["region_76", "france"])
def test_haute_bigorre(region):
    values, places, _ = run_embedded("cchb")
    result = analyse_specialisation(values, places).values
    own = Place("territoire", "cchb", "", ())
    # 49 establishments of 559, against 13,382 of 200,957 in Occitanie
    share = {"region_76": 100 * 13382 / 200957, "france": 6.7517}[region]
    found = find(result, own, f"lq_industry_establishments_vs_{region}")
    assert found["ref_year"] == 2018
    assert found["value"] == pytest.approx(100 * 49 / 559 / share, rel=1e-5)
    low = find(result, own, f"lq_industry_establishments_vs_{region}_low")["value"]
    assert low == pytest.approx(100 * 48 / 559 / share, rel=1e-5)
    # 11.40 % of jobs, against 9.43 % and 11.62 %
    jobs = find(result, own, f"lq_industry_jobs_vs_{region}")
    assert jobs["value"] == pytest.approx(11.40 / {"region_76": 9.43, "france": 11.62}[region])
    assert (jobs["ref_year"], jobs["status"]) == (2022, "ok")
