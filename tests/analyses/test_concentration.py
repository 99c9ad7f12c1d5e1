"""How jobs and establishments are spread over communes, on tables worked out by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyses.sectors_example import (
    BAS,
    COMMUNES,
    HAUT,
    PLACES,
    TERRITORY,
    communes,
    find,
    row,
    run_embedded,
    table,
)
from terrdiag.analyses.sectors.concentration import analyse_concentration, gini_index
from terrdiag.indicators.places import Place, Places


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([7, 7, 7, 7], 0.0),
        ([0, 0, 0, 12], 1.0),  # one has everything, whatever their number
        ([0, 12], 1.0),
        # Σ|x − y| over the ordered pairs is 20, n² × mean × 2 is 80: 0.25, times 4/3
        ([4, 3, 2, 1], 1 / 3),
        # 1, 3: pairs differ by 2, twice; 4 / (2 × 4 × 2) = 0.25, times 2
        ([1, 3], 0.5),
        ([5], math.nan),
        ([0, 0, 0], math.nan),
    ],
)
def test_gini(counts, expected):
    assert gini_index(counts) == pytest.approx(expected, nan_ok=True)


counted = st.lists(st.integers(0, 10_000), min_size=2, max_size=30).filter(any)


@given(counted)
def test_gini_is_the_mean_difference_over_twice_the_mean(counts):
    number, mean = len(counts), sum(counts) / len(counts)
    pairs = sum(abs(one - other) for one in counts for other in counts)
    assert gini_index(counts) == pytest.approx(pairs / (2 * number * (number - 1) * mean))


@given(counted, st.integers(2, 50))
def test_laws_of_gini(counts, times):
    index = gini_index(counts)
    assert 0 <= index <= 1 + 1e-9
    assert gini_index([times * count for count in counts]) == pytest.approx(index)
    assert gini_index(counts[::-1]) == pytest.approx(index)


def test_share_of_the_first_commune():
    result = analyse_concentration(
        table(communes("jobs", 2022, [600, 200, 100, 50, 30, 20])), PLACES
    )
    found = find(result.values, TERRITORY, "top_commune_jobs_share_pct")
    assert (found["value"], found["numerator"], found["denominator"]) == (60.0, 600.0, 1000.0)
    assert result.spreads[0].leader == "Commune 1"
    # ranks 1 to 6 upwards: 20 + 60 + 150 + 400 + 1000 + 3600 = 5230; 10460 / 6000 − 7/6 = 0.576667; × 6/5
    gini = find(result.values, TERRITORY, "gini_communes_jobs")
    assert gini["value"] == pytest.approx(0.692)


def test_two_first_communes_are_not_named():
    result = analyse_concentration(
        table(communes("jobs", 2022, [400, 400, 100, 50, 30, 20])), PLACES
    )
    assert result.spreads[0].leader == ""
    assert result.spreads[0].top.value == 40.0


def test_communes_of_the_same_name_are_not_one():
    # as the two Castelnau of a département: 200 and 100 jobs under one name, of 1,000 in all
    homonym = Place("commune", COMMUNES[2].code, COMMUNES[1].name, COMMUNES[2].communes)
    places = Places((*COMMUNES[:2], homonym, *COMMUNES[3:]), PLACES.holders)
    values = table(communes("jobs", 2022, [600, 200, 100, 50, 30, 20]))
    [spread] = analyse_concentration(values, places).spreads
    assert (spread.top.value, spread.top.denominator) == (60.0, 1000.0)
    assert spread.leader == "Commune 1"


def test_first_commune_and_its_homonym():
    # the smaller of the two, read last, must not take the place of the larger
    homonym = Place("commune", COMMUNES[5].code, COMMUNES[0].name, COMMUNES[5].communes)
    places = Places((*COMMUNES[:5], homonym), PLACES.holders)
    values = table(communes("jobs", 2022, [600, 200, 100, 50, 30, 20]))
    [spread] = analyse_concentration(values, places).spreads
    assert (spread.leader, spread.top.numerator, spread.top.value) == ("Commune 1", 600.0, 60.0)


def test_year_is_the_latest_known_for_all():
    values = table(
        communes("jobs", 2018, [600, 200, 100, 50, 30, 20]),
        communes("jobs", 2022, [600, 200, 100, 50, 30, "missing"]),
    )
    [spread] = analyse_concentration(values, PLACES).spreads
    assert (spread.year, spread.unknown) == (2018, ())


def test_unknown_communes_are_named():
    rows = communes("jobs", 2022, [600, 200, 100, 50, "secret", "missing"])
    # what is known of the territory covers 97 % of its inhabitants
    rows[-1] |= {"coverage_pct": 97.0}
    [spread] = analyse_concentration(table(rows), PLACES).spreads
    assert spread.unknown == ("Commune 5", "Commune 6")
    assert (spread.top.status, spread.top.coverage_pct) == ("partial", 97.0)
    assert spread.top.value == pytest.approx(100 * 600 / 950)
    assert spread.gini.status == "too_small"  # four communes


def test_too_many_unknown_communes():
    values = table(communes("jobs", 2022, [600, 200, 100, 50, "missing", "missing"]))
    [spread] = analyse_concentration(values, PLACES).spreads
    assert (spread.top.status, spread.gini.status) == ("missing", "missing")
    assert math.isnan(spread.top.value)


@pytest.mark.parametrize(
    ("counts", "status"),
    [([0] * 6, "not_applicable"), ([30, 20, 20, 10, 10, 9], "too_small")],
)
def test_nothing_to_spread(counts, status):
    [spread] = analyse_concentration(table(communes("jobs", 2022, counts)), PLACES).spreads
    assert (spread.top.status, spread.gini.status) == (status, status)


def test_one_commune():
    alone = Place("territoire", "seule", "Commune 1", ("01001",))
    values = table([row(COMMUNES[0], "jobs", 2022, 500.0), row(alone, "jobs", 2022, 500.0)])
    [spread] = analyse_concentration(values, Places(COMMUNES[:1], (alone,))).spreads
    assert (spread.top.status, spread.gini.status) == ("not_applicable", "not_applicable")


def test_epci_inside_the_territory():
    values = table(
        communes("jobs", 2022, [600, 200, 200, 50, 30, 20]),
        [row(HAUT, "jobs", 2022, 1000.0), row(BAS, "jobs", 2022, 100.0)],
    )
    result = analyse_concentration(values, PLACES)
    assert find(result.values, HAUT, "top_commune_jobs_share_pct")["value"] == 60.0
    assert find(result.values, BAS, "top_commune_jobs_share_pct")["value"] == 50.0
    assert find(result.values, HAUT, "gini_communes_jobs")["status"] == "too_small"


LARGER = Place("epci", "200000003", "CC large", (*HAUT.communes, "01009"))
"""An EPCI of which one commune of four is outside the territory."""


def spread_over_larger(inhabitants):
    """What is said of the jobs of LARGER, whose inhabitants are given: half its jobs are in the territory."""
    values = table(
        communes("jobs", 2022, [600, 200, 200, 50, 30, 20]),
        communes("population", 2022, [10, 10, 10, 10, 10, 10]),
        communes("population", 2023, [500, 300, 150, 10, 10, 10]),
        [row(LARGER, "jobs", 2022, 2000.0), row(LARGER, "population", 2023, inhabitants)],
    )
    found = analyse_concentration(values, Places(COMMUNES, (LARGER, TERRITORY))).values
    return find(found, LARGER, "top_commune_jobs_share_pct")


def test_epci_that_sticks_out_is_not_known():
    # 950 of its 1,900 inhabitants live in the three communes
    found = spread_over_larger(1900.0)
    assert (found["status"], found["coverage_pct"]) == ("missing", 50.0)


def test_epci_that_sticks_out_is_covered_in_inhabitants():
    # 950 of 980: 96.9 % of the inhabitants are covered, and half of the jobs
    found = spread_over_larger(980.0)
    assert found["status"] == "partial"
    assert found["coverage_pct"] == pytest.approx(100 * 950 / 980)
    assert found["value"] == 60.0


def test_epci_that_sticks_out_with_no_known_inhabitants():
    values = table(
        communes("jobs", 2022, [600, 200, 200, 50, 30, 20]), [row(LARGER, "jobs", 2022, 1000.0)]
    )
    found = analyse_concentration(values, Places(COMMUNES, (LARGER, TERRITORY))).values
    top = find(found, LARGER, "top_commune_jobs_share_pct")
    assert (top["status"], top["coverage_pct"]) == ("missing", 0.0)


def test_share_of_a_split_commune_is_an_estimate():
    rows = communes("jobs", 2022, [600, 200, 100, 50, 30, 20])
    rows[3] |= {"status": "estimate"}
    [spread] = analyse_concentration(table(rows), PLACES).spreads
    assert spread.top.status == "estimate"


def test_haute_bigorre():
    values, places, _ = run_embedded("cchb")
    spreads = {
        (one.place.level, one.what): one for one in analyse_concentration(values, places).spreads
    }
    jobs = spreads["territoire", "jobs"]
    assert (jobs.leader, jobs.year, jobs.count) == ("Bagnères-de-Bigorre", 2022, 25)
    assert jobs.top.value == pytest.approx(100 * 4459.19 / 6130.48, abs=0.01)
    assert spreads["territoire", "establishments"].top.numerator == 400
    assert spreads["epci", "jobs"].top == jobs.top
