"""Shares published without their counts, and what a union of EPCI makes of them."""

import math

import pytest

from indicators.example import make_figures
from terrdiag.catalogue import load_indicators
from terrdiag.indicators.places import Place
from terrdiag.indicators.published import (
    PublishedShares,
    compute_published,
    load_published_shares,
)
from terrdiag.values import ESTIMATE, MISSING, OK

INDUSTRY = load_indicators()["industry_jobs_share_pct"]

FIGURES = make_figures("""
code  people  jobs_total@2013  jobs_total@2018  jobs_total@2022
01    1000    900              400              999
02    300     900              100              .
03    500     900              1500             .
04    100     900              .                .
05    10      .                375              .
""")
EPCI = {"A": ("01", "02"), "B": ("03",), "C": ("04", "05"), "D": ("09",)}
PUBLISHED = {
    ("epci", "A"): (25.0, "rp", OK),
    ("epci", "B"): (10.0, "rp", OK),
    ("region", "84"): (14.0, "rp", OK),
}
SHARES = PublishedShares({("industry_jobs_share_pct", 2022): PUBLISHED}, EPCI)


def compute(level, code, communes, same_as=None, shares=SHARES):
    place = Place(level, code, "Lieu", tuple(communes.split()), same_as)
    [row] = compute_published(INDUSTRY, shares, FIGURES, [place]).to_dict("records")
    return row


@pytest.mark.parametrize(
    ("level", "code", "same_as", "value"),
    [
        ("epci", "A", None, 25.0),
        ("region", "84", None, 14.0),
        # the EPCI itself, whose figure is published
        ("territoire", "haut-pays", ("epci", "A"), 25.0),
        ("territoire", "auvergne", ("region", "84"), 14.0),
    ],
)
def test_given_as_published(level, code, same_as, value):
    row = compute(level, code, "01 02", same_as)
    assert (row["value"], row["status"], row["source_id"]) == (value, OK, "rp")
    assert (row["ref_year"], row["coverage_pct"], row["unit"]) == (2022, 100.0, "%")
    assert math.isnan(row["numerator"])
    assert math.isnan(row["denominator"])


@pytest.mark.parametrize(
    ("communes", "status", "coverage", "jobs", "value"),
    [
        # (25 x 500 + 10 x 1500) / 2000, not (25 + 10) / 2
        ("01 02 03", ESTIMATE, 100.0, 2000, 13.75),
        ("03", ESTIMATE, 100.0, 1500, 10.0),
        # A lies partly inside: 1500 of 1900 jobs is 78.9 %
        ("01 03", MISSING, 78.947, None, None),
        # 1500 of 1600 jobs
        ("02 03", ESTIMATE, 93.75, 1500, 10.0),
        # nothing is published of C: 2000 jobs of 2375
        ("01 02 03 04 05", ESTIMATE, 84.211, 2000, 13.75),
        ("05", MISSING, 0.0, None, None),
        # nobody counted the jobs
        ("04", MISSING, 0.0, None, None),
    ],
)
def test_estimate_over_a_union(communes, status, coverage, jobs, value):
    row = compute("territoire", "union", communes)
    assert (row["status"], row["coverage_pct"]) == (status, pytest.approx(coverage, abs=1e-3))
    assert row["value"] == pytest.approx(math.nan if value is None else value, nan_ok=True)
    assert row["denominator"] == pytest.approx(math.nan if jobs is None else jobs, nan_ok=True)
    assert math.isnan(row["numerator"])
    assert row["source_id"] == ("rp" if status == ESTIMATE else "")


def test_weights_are_of_the_latest_year_that_most_communes_have():
    # 2013 and 2018 are known for two communes, 2022 for one
    figures = make_figures("""
code  people  jobs_total@2013  jobs_total@2018  jobs_total@2022
01    1       3                1                9
02    1       1                1                .
""")
    shares = PublishedShares(SHARES.figures, {"A": ("01",), "B": ("02",)})
    place = Place("territoire", "x", "X", ("01", "02"))
    [row] = compute_published(INDUSTRY, shares, figures, [place]).to_dict("records")
    # jobs of 2018: (25 + 10) / 2; of 2013: (25 x 3 + 10) / 4
    assert row["value"] == 17.5


def test_no_jobs_at_all():
    figures = make_figures("code people population@2023\n01 5 5")
    place = Place("territoire", "x", "X", ("01",))
    [row] = compute_published(INDUSTRY, SHARES, figures, [place]).to_dict("records")
    assert (row["status"], row["coverage_pct"]) == (MISSING, 0.0)


@pytest.mark.parametrize(
    ("level", "code", "same_as"),
    [("departement", "01", None), ("france", "00FR", None), ("territoire", "x", ("region", "84"))],
)
def test_estimate_where_it_is_published_for_no_wider_place_than_an_epci(level, code, same_as):
    published = {("epci", "A"): (25.0, "ot", OK), ("epci", "B"): (10.0, "ot", OK)}
    shares = PublishedShares({("industry_jobs_share_pct", 2016): published}, EPCI)
    row = compute(level, code, "01 02 03", same_as, shares)
    assert (row["status"], row["value"], row["source_id"]) == (ESTIMATE, 13.75, "ot")


def test_published_for_a_perimeter_that_has_changed_a_little():
    shares = PublishedShares(
        {("industry_jobs_share_pct", 2016): {("epci", "A"): (25.0, "ot", ESTIMATE)}}, EPCI
    )
    row = compute("epci", "A", "01 02", None, shares)
    assert (row["status"], row["value"], row["coverage_pct"]) == (ESTIMATE, 25.0, 100.0)


def test_place_whose_communes_are_not_loaded():
    # an EPCI around the territory, for which nothing is published
    row = compute("epci", "Z", "09 98")
    assert (row["status"], row["coverage_pct"]) == (MISSING, 0.0)


def test_growth_is_weighted_by_jobs():
    # jobs of 2018: 500 that lose 1 % a year, 1500 that gain 0.5 %: (-500 + 750) / 2000
    growth = load_indicators()["jobs_growth_published_pct"]
    published = {("epci", "A"): (-1.0, "rp", OK), ("epci", "B"): (0.5, "rp", OK)}
    shares = PublishedShares({("jobs_growth_published_pct", 2016): published}, EPCI)
    place = Place("territoire", "x", "X", ("01", "02", "03"))
    [row] = compute_published(growth, shares, FIGURES, [place]).to_dict("records")
    assert (row["status"], row["value"], row["unit"]) == (ESTIMATE, 0.125, "% par an")


def test_level_that_has_no_such_indicator():
    place = Place("commune", "01", "Un", ("01",))
    assert compute_published(INDUSTRY, SHARES, FIGURES, [place]).empty


def test_shares_of_the_minifrance(minifrance_edition):
    shares = load_published_shares(minifrance_edition)
    published = shares.figures["industry_jobs_share_pct", 2022]
    assert published["epci", "200100001"] == (25.0, "insee-rp-secteurs-2022", OK)
    assert published["france", "00FR"] == (6.0, "insee-rp-secteurs-2022", OK)
    # the Plaine has lost a commune of its 2018 perimeter
    old = shares.figures["industry_salaried_jobs_share_pct", 2016]
    assert old == {
        ("epci", "200054781"): (4.2, "anct-observatoire-epci-2018", OK),
        ("epci", "240300002"): (11.0, "anct-observatoire-epci-2018", ESTIMATE),
    }
    # those of today
    assert {code: sorted(communes) for code, communes in shares.epci.items()} == {
        "200100001": ["01001", "01002", "01003", "03003"],
        "240300002": ["01004", "01014", "03001", "03002", "03004"],
        "200054781": ["75056"],
        "200060473": ["97601"],
    }
