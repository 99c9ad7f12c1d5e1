"""Values of places, every number by hand. Communes are called 01 to 09."""

import math

import pytest

from indicators.example import aggregate, aggregate_one, make_figures
from terrdiag.values import (
    ESTIMATE,
    MISSING,
    NOT_APPLICABLE,
    OK,
    PARTIAL,
    SECRET,
    TOO_SMALL,
)

SHARE = "industry_establishments_share_pct"  # not under 5 establishments
ESTABLISHMENTS = """
code  people  establishments_industry@2018  establishments_total@2018
01    1000    20                            100
02    300     2                             16
03    40      1                             3
04    150     0                             0
05    60      0                             8
"""


def values_of(row):
    return row["status"], row["value"], row["numerator"], row["denominator"]


@pytest.mark.parametrize(
    ("communes", "status", "numerator", "denominator", "value"),
    [
        ("01", OK, 20, 100, 20.0),
        ("05", OK, 0, 8, 0.0),
        ("03", TOO_SMALL, 1, 3, None),
        ("04", NOT_APPLICABLE, 0, 0, None),
        # the mean of 20 % and 12.5 % would be 16.25 %
        ("01 02", OK, 22, 116, 18.9655),
        # too small alone, counted with others
        ("01 02 03 04 05", OK, 23, 127, 18.1102),
        # 3 + 0 establishments: still too few
        ("03 04", TOO_SMALL, 1, 3, None),
    ],
)
def test_ratio_of_sums(communes, status, numerator, denominator, value):
    row = aggregate_one(SHARE, make_figures(ESTABLISHMENTS), communes)
    assert values_of(row) == (
        status,
        pytest.approx(math.nan if value is None else value, abs=1e-4, nan_ok=True),
        numerator,
        denominator,
    )
    assert (row["coverage_pct"], row["unit"], row["source_id"]) == (100.0, "%", "insee")


# People: 1000, of which 100 in each of 01..09, and 100 in 10.
def with_unknown(variable, known, marks):
    """Figures of ten communes of 100 inhabitants: ``known`` for the first, ``marks`` for the last."""
    cells = [str(known)] * (10 - len(marks)) + list(marks)
    rows = "\n".join(f"{n:02d} 100 {cell} 1000" for n, cell in enumerate(cells, 1))
    return make_figures(f"code people {variable} dwellings@2018\n{rows}")


ALL = " ".join(f"{n:02d}" for n in range(1, 11))


@pytest.mark.parametrize(
    ("marks", "status", "coverage", "value"),
    [
        ((), OK, 100, 10.0),
        # what is unknown leaves both sums: 900 / 9000, not 900 / 10000
        (".", PARTIAL, 90, 10.0),
        ("..", PARTIAL, 80, 10.0),
        ("...", MISSING, 70, None),
        ("s", PARTIAL, 90, 10.0),
        ("sss", MISSING, 70, None),
        # zero is known
        ("000", OK, 100, 7.0),
    ],
)
def test_coverage_of_a_ratio(marks, status, coverage, value):
    figures = with_unknown("second_homes@2018", 100, marks)
    row = aggregate_one("second_homes_share_pct", figures, ALL)
    assert (row["status"], row["coverage_pct"]) == (status, pytest.approx(coverage))
    assert row["value"] == pytest.approx(math.nan if value is None else value, nan_ok=True)


COUNTED = """
code  people  jobs_total@2018
01    960     400
02    30      .
03    10      s
04    1000    0
05    60      .
"""


@pytest.mark.parametrize(
    ("communes", "status", "coverage", "value"),
    [
        ("01", OK, 100, 400),
        ("04", OK, 100, 0),
        ("02", MISSING, 0, None),
        ("03", SECRET, 0, None),
        # 960 of 970 inhabitants
        ("01 03", PARTIAL, 98.969, 400),
        # 960 of 1000: a sum over 96 % of the inhabitants, said to be one
        ("01 02 03", PARTIAL, 96, 400),
        # 960 of 1020 (94 %): not given
        ("01 05", MISSING, 94.118, None),
        # nobody says "secret" of a place of several communes
        ("02 03", MISSING, 0, None),
    ],
)
def test_count(communes, status, coverage, value):
    row = aggregate_one("jobs", make_figures(COUNTED), communes)
    assert (row["status"], row["coverage_pct"]) == (status, pytest.approx(coverage, abs=1e-3))
    assert row["value"] == pytest.approx(math.nan if value is None else value, nan_ok=True)
    assert math.isnan(row["numerator"])
    assert math.isnan(row["denominator"])


def test_nearly_everybody_is_not_everybody():
    figures = make_figures("""
code  people    jobs_total@2018
01    99999999  400
02    0         .
""")
    row = aggregate_one("jobs", figures, "01 02")
    assert row["status"] == PARTIAL
    assert row["coverage_pct"] < 100


def test_communes_without_inhabitants_have_a_coverage_too():
    figures = make_figures("""
code  people  jobs_total@2018
01    0       3
02    .       .
""")
    assert aggregate_one("jobs", figures, "01")["coverage_pct"] == 100
    both = aggregate_one("jobs", figures, "01 02")
    assert (both["status"], both["coverage_pct"]) == (MISSING, pytest.approx(50))


GROWING = """
code  people  population@2013  population@2018
01    1000    1000             1100
02    300     200              300
03    40      .                40
04    40      40               .
05    30      30               60
06    5       0                5
"""


@pytest.mark.parametrize(
    ("communes", "status", "start", "end", "value"),
    [
        # 1.1 ** 0.2 = 1.01924
        ("01", OK, 1000, 1100, 1.9245),
        # 1400 / 1200 = 1.16667; ** 0.2 = 1.03131: not the mean of +1.92 and +8.45
        ("01 02", OK, 1200, 1400, 3.1310),
        # 03 and 04 are known at one end only: they are in neither sum
        ("01 03", PARTIAL, 1000, 1100, 1.9245),
        ("01 02 03 04", PARTIAL, 1200, 1400, 3.1310),
        ("03", MISSING, math.nan, math.nan, None),
        # from 30 inhabitants to 60: under 50, not given
        ("05", TOO_SMALL, 30, 60, None),
        ("06", NOT_APPLICABLE, 0, 5, None),
        ("01 06", OK, 1000, 1105, 2.0170),
    ],
)
def test_growth(communes, status, start, end, value):
    row = aggregate_one("population_growth_pct", make_figures(GROWING), communes)
    assert values_of(row) == (
        status,
        pytest.approx(math.nan if value is None else value, abs=1e-4, nan_ok=True),
        pytest.approx(end, nan_ok=True),
        pytest.approx(start, nan_ok=True),
    )


def test_every_interval_has_its_growth():
    figures = make_figures("""
code  people  population@2013  population@2016  population@2018  population@2022
01    1000    1000             1000             1100             900
""")
    rows = aggregate("population_growth_pct", figures, {"A": "01"})
    # 2013-2018, then 2016-2022: 0.9 ** (1/6) = 0.98259
    assert rows["value"].round(4).to_dict() == {("A", 2018): 1.9245, ("A", 2022): -1.7407}
    populations = aggregate("population", figures, {"A": "01"})["value"].to_dict()
    assert populations == {
        ("A", 2013): 1000,
        ("A", 2016): 1000,
        ("A", 2018): 1100,
        ("A", 2022): 900,
    }


def test_natural_change():
    figures = make_figures("""
code  people  births@2018  deaths@2018  population@2013  population@2018
01    1000    50           60           1000             1100
02    300     10           15           300              300
""")
    # (60 - 75) / (5 x (1300 + 1400) / 2) = -15 / 6750
    row = aggregate_one("natural_change_pct", figures, "01 02")
    assert values_of(row) == (OK, pytest.approx(-0.2222, abs=1e-4), -15, 6750)


def test_density():
    figures = make_figures("""
code  people  population@2018  area_km2
01    1000    1000             10
02    300     500              40
03    50      .                2
04    5       .                50
""")
    # 1500 / 50, not the mean of 100 and 12.5
    assert aggregate_one("population_density", figures, "01 02")["value"] == 30
    # the area of 03 does not count either: 96.15 % of the area, 96.30 % of the inhabitants
    partial = aggregate_one("population_density", figures, "01 02 03")
    assert values_of(partial) == (PARTIAL, 30, 1500, 50)
    assert partial["coverage_pct"] == pytest.approx(100 * 50 / 52)
    # 04 holds 0.4 % of the inhabitants but half of the area: no density of the whole
    vast = aggregate_one("population_density", figures, "01 02 04")
    assert vast["status"] == MISSING
    assert vast["coverage_pct"] == pytest.approx(50)


RELIEF = """
code  people  altitude_min_m@2025  altitude_mean_m@2025  altitude_max_m@2025  area_km2
01    1000    300                  500                   900                  30
02    300     400                  1000                  2800                 10
03    40      .                    .                     1800                 20
04    2000    .                    .                     .                    5
"""


@pytest.mark.parametrize(
    ("indicator", "communes", "status", "value"),
    [
        ("altitude_min_m", "01 02", OK, 300),
        ("altitude_max_m", "01 02", OK, 2800),
        # 2800 - 300, not the larger of 600 and 2400
        ("altitude_range_m", "01 02", OK, 2500),
        ("altitude_range_m", "02", OK, 2400),
        # (500 x 30 + 1000 x 10) / 40, not 750
        ("altitude_mean_m", "01 02", OK, 625),
        ("altitude_max_m", "01 02 03", OK, 2800),
        ("altitude_min_m", "01 02 03", PARTIAL, 300),
        # 1300 of 1340 inhabitants
        ("altitude_mean_m", "01 02 03", PARTIAL, 625),
        # the extremum of 40 % of the inhabitants is not one
        ("altitude_max_m", "01 02 03 04", MISSING, None),
        ("altitude_min_m", "03", MISSING, None),
        # 03 has a highest point and no lowest: it is not in the range, whose bounds go together
        ("altitude_range_m", "01 03", PARTIAL, 600),
    ],
)
def test_relief(indicator, communes, status, value):
    row = aggregate_one(indicator, make_figures(RELIEF), communes)
    assert row["status"] == status
    assert row["value"] == pytest.approx(math.nan if value is None else value, nan_ok=True)


def test_a_half_is_enough_for_an_extremum():
    figures = make_figures("""
code  people  altitude_max_m@2025
01    100     900
02    100     .
03    101     .
""")
    assert aggregate_one("altitude_max_m", figures, "01 02")["status"] == PARTIAL
    assert aggregate_one("altitude_max_m", figures, "01 03")["status"] == MISSING


def test_mountain_communes():
    figures = make_figures("""
code  people  communes_mountain@2026  communes
01    1000    1                       1
02    10      0                       1
03    10      0                       1
""")
    # one commune of three, whatever their inhabitants
    row = aggregate_one("mountain_communes_share_pct", figures, "01 02 03")
    assert values_of(row) == (OK, pytest.approx(100 / 3), 1, 3)


def test_medians_are_given_where_they_are_published():
    figures = make_figures("""
code  people  median_income_eur@2019
01    1000    21000
02    300     s
03    40      .
""")
    rows = aggregate("median_income_eur", figures, {"A": "01", "B": "02", "C": "03"})
    assert rows["status"].tolist() == [OK, SECRET, MISSING]
    assert rows["value"].iloc[0] == 21_000


SPLIT = """
code  people  population@2018  jobs_total@2018  jobs_salaried@2018
01    1000    1100             400              300
02    400     400~             140~             100~
03    200     200~             70~              50~
"""


@pytest.mark.parametrize(
    ("communes", "status"),
    [
        ("02", ESTIMATE),
        ("03", ESTIMATE),
        # one half of a family among others
        ("01 02", ESTIMATE),
        # the two together are what was published
        ("02 03", OK),
        ("01 02 03", OK),
        ("01", OK),
    ],
)
@pytest.mark.parametrize("indicator", ["population", "salaried_jobs_share_pct"])
def test_split_communes(indicator, communes, status):
    figures = make_figures(SPLIT, families=(["02", "03"], 2))
    assert aggregate_one(indicator, figures, communes)["status"] == status


def test_family_with_a_member_elsewhere():
    # three communes came of the split; the third is in no place of the run
    figures = make_figures(SPLIT, families=(["02", "03"], 3))
    assert aggregate_one("population", figures, "02 03")["status"] == ESTIMATE


def test_share_that_went_into_another_commune():
    # a part of the split commune has merged since with a commune of no family: estimated for good
    figures = make_figures(SPLIT)
    assert aggregate_one("population", figures, "02")["status"] == ESTIMATE
    assert aggregate_one("population", figures, "01 02 03")["status"] == ESTIMATE
    assert aggregate_one("population", figures, "01")["status"] == OK


def test_family_of_known_figures_is_no_estimate():
    figures = make_figures(SPLIT.replace("~", ""), families=(["02", "03"], 2))
    assert aggregate_one("population", figures, "02")["status"] == OK


def test_sources_are_those_of_the_figures():
    figures = make_figures(SPLIT)
    figures.source_ids.extend(["anct", "dgcl"])
    figures.sources["jobs_salaried", 2018][:] = [1, 0, -1]
    rows = aggregate("salaried_jobs_share_pct", figures, {"A": "01", "B": "02", "C": "01 02"})
    assert rows["source_id"].tolist() == ["anct+insee", "insee", "anct+insee"]
    assert aggregate_one("jobs", figures, "01")["source_id"] == "insee"


def test_places_overlap_and_keep_their_order():
    figures = make_figures(ESTABLISHMENTS)
    rows = aggregate(SHARE, figures, {"Z": "01 02", "A": "02 01", "M": "01"})
    assert rows.index.get_level_values("code").tolist() == ["Z", "A", "M"]
    assert rows["numerator"].tolist() == [22, 22, 20]
    assert rows["name"].tolist() == ["Lieu Z", "Lieu A", "Lieu M"]
