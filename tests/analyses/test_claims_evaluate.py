"""The figure of a claim and its verdict."""

import math

import hypothesis.strategies as st
import pytest
from hypothesis import given

from analyses.claims_example import OWN, REGION, make_book, make_claim, make_ground
from terrdiag.analyses.claims.evaluate import choose_year, fits, judge_claim
from terrdiag.analyses.claims.model import Gap
from terrdiag.catalogue import load_analyses, load_indicators
from terrdiag.wording import round_half_away


def judge(claim, text=None, ground=OWN, year=0):
    book = make_book(text) if text else make_book()
    year = year or choose_year(book, claim.indicator, [ground])
    return judge_claim(1, claim, ground, book, year)


@pytest.mark.parametrize(
    ("value", "found", "expected"),
    [
        ("12.9", 12.85, True),  # half of the last digit is in
        ("12.9", 12.95, True),
        ("12.9", 12.849, False),
        ("12.90", 12.91, False),  # written to the hundredth
        ("18112", 18112.4, True),
        ("18112", 18113.0, False),
        ("5e5", 549_999.0, True),
        ("5e5", 550_001.0, False),
        ("0", -0.4, True),
        ("-0.3", -0.34, True),
        ("-0.3", 0.3, False),
    ],
)
def test_a_value_fits_within_the_rounding_it_is_written_with(value, found, expected):
    assert fits(make_claim("population", value), found) is expected


@pytest.mark.parametrize(
    ("relation", "found", "expected"),
    [(">", 501, True), (">", 500, False), ("<", 499, True), ("<", 500, False), ("<", 501, False)],
)
def test_more_than_and_less_than_are_strict(relation, found, expected):
    assert fits(make_claim("population", 500, relation=relation), found) is expected


@given(
    value=st.floats(-1e7, 1e7, allow_nan=False),
    decimals=st.integers(0, 6),
)
def test_a_computed_value_rounded_at_any_decimal_is_confirmed(value, decimals):
    written = f"{round_half_away(value, decimals):.{decimals}f}"
    assert fits(make_claim("population", written), value)


@given(
    value=st.floats(0.001, 1e6, allow_nan=False),
    decimals=st.integers(0, 4),
    steps=st.integers(2, 9),
)
def test_a_value_two_digits_away_is_not_confirmed(value, decimals, steps):
    away = round_half_away(value, decimals) + steps / 10**decimals
    assert not fits(make_claim("population", f"{away:.{decimals}f}"), value)


@pytest.mark.parametrize(
    ("claim", "verdict", "difference"),
    [
        (make_claim("population", 1000, year=2011), "confirmed", 0),
        (make_claim("population", 1000, year=2018), "differs", 40),
        (make_claim("population", 1040), "confirmed", 0),  # no year: the latest
        (make_claim("population", 1000, relation=">"), "confirmed", 40),
        (make_claim("population", 2000, relation=">"), "differs", -960),
        (make_claim("industry_jobs_share_pct", "12.4"), "confirmed", 0),
        (make_claim("industry_jobs_share_pct", 12), "confirmed", 0.4),
        (make_claim("industry_jobs_share_pct", "12.9", tolerance=0.5), "confirmed", -0.5),
        (make_claim("industry_jobs_share_pct", "12.9"), "differs", -0.5),
    ],
)
def test_verdict_and_difference(claim, verdict, difference):
    checked = judge(claim)
    assert checked.verdict == verdict
    assert checked.found.gap == pytest.approx(difference)
    assert checked.gap is None


TOO_FEW = """
territoire own median_income_eur 2019 0 secret 0
territoire own industry_establishments_share_pct 2018 0 too_small
territoire own vacant_homes_share_pct 2018 0 not_applicable
territoire own industry_salaried_jobs_share_pct 2016 0 missing 42
territoire own population 2011 1000
"""


@pytest.mark.parametrize(
    ("indicator", "more", "kind"),
    [
        ("industry_establishments_share_pct", {}, "too_small"),
        ("vacant_homes_share_pct", {}, "not_applicable"),
        ("industry_salaried_jobs_share_pct", {}, "no_figure"),
        ("population", {"year": 2009}, "no_year"),
        ("jobs", {}, "no_figure"),
        ("second_homes_share_pct", {"year": 2018}, "no_figure"),
    ],
)
def test_what_is_missing_is_told_apart(indicator, more, kind):
    checked = judge(make_claim(indicator, 1, **more), TOO_FEW)
    assert checked.verdict == "not_computable"
    assert checked.gap.kind == kind
    assert checked.found is None


def test_the_years_known_and_the_coverage_are_given():
    assert judge(make_claim("population", 1, year=2009), TOO_FEW).gap.years == (2011,)
    assert judge(make_claim("industry_salaried_jobs_share_pct", 1), TOO_FEW).gap.coverage_pct == 42


def test_a_level_the_indicator_does_not_have():
    assert judge(make_claim("median_income_eur", 1)).gap.kind == "no_level"


@pytest.mark.parametrize(
    ("analysis", "kind"),
    [
        ("slope_mean_dem_deg", "measured"),
        ("hypsometric_integral_dem", "measured"),
        ("herfindahl_jobs", "analysed"),
        ("population_index", "analysed"),
        ("peer_rank", "analysed"),
    ],
)
def test_an_analysis_is_not_always_a_measure_of_relief(analysis, kind):
    made = load_analyses()[analysis].as_indicator(model="modèle", base="2011")
    book = make_book()
    book.indicators[analysis] = made
    checked = judge_claim(1, make_claim(analysis, 1), OWN, book, 0)
    assert (checked.verdict, checked.gap) == ("not_computable", Gap(kind))


def test_a_place_not_known_at_that_date():
    gap = Gap("no_list")
    checked = judge_claim(3, make_claim("population", 1), gap, make_book(), 0)
    assert (checked.number, checked.verdict, checked.gap) == (3, "not_computable", gap)


# 970 are known, for 97 % of the inhabitants: 970 to 1,000 in all
@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (make_claim("population", 900), "differs"),
        (make_claim("population", 985), "not_computable"),
        (make_claim("population", 970), "not_computable"),  # the sum of a part is not the whole
        (make_claim("population", 1100), "differs"),
        (make_claim("population", "1e3"), "confirmed"),  # 500 to 1,500, whatever is missing
        (make_claim("population", 960, relation=">"), "confirmed"),
        (make_claim("population", 980, relation=">"), "not_computable"),
        (make_claim("population", 1001, relation=">"), "differs"),
        (make_claim("population", 960, relation="<"), "differs"),
    ],
)
def test_an_incomplete_sum_is_compared_with_all_it_may_be(claim, verdict):
    checked = judge(claim, "territoire own population 2018 970 partial 97")
    assert checked.verdict == verdict
    assert (checked.gap is not None) == (verdict == "not_computable")


@pytest.mark.parametrize(
    ("indicator", "stated", "verdict"),
    [
        ("altitude_max_m", 300, "confirmed"),
        ("altitude_max_m", 320, "not_computable"),  # an unknown commune may be higher
        ("altitude_max_m", 280, "differs"),  # one is already higher
        ("altitude_min_m", 280, "not_computable"),
        ("altitude_min_m", 320, "differs"),
    ],
)
def test_an_extreme_of_a_part_is_a_bound(indicator, stated, verdict):
    text = f"territoire own {indicator} 2025 300 partial 96"
    assert judge(make_claim(indicator, stated), text).verdict == verdict


def test_an_incomplete_ratio_is_compared_as_it_is():
    text = "territoire own industry_establishments_share_pct 2018 7.62 partial 90"
    assert (
        judge(make_claim("industry_establishments_share_pct", "7.6"), text).verdict == "confirmed"
    )
    assert judge(make_claim("industry_establishments_share_pct", "7.9"), text).verdict == "differs"


def test_a_sentence_is_compared_at_a_year_all_its_places_have():
    # 2024 is known for the territory alone
    book = make_book()
    assert choose_year(book, "industry_establishments_share_pct", [OWN, REGION]) == 2018
    assert choose_year(book, "industry_establishments_share_pct", [OWN]) == 2024
    assert choose_year(book, "jobs", [OWN]) == 0


def test_nothing_known_of_a_place_is_no_figure():
    checked = judge(make_claim("population", 5), ground=make_ground("epci", "246500482"))
    assert checked.gap.kind == "no_figure"
    assert not checked.gap.years


@pytest.mark.parametrize("name", load_indicators())
def test_no_indicator_makes_a_claim_fail(name):
    assert judge(make_claim(name, 1)).verdict in {"differs", "not_computable"}
    assert math.isnan(make_book().cell(OWN, name, 1950).value)
