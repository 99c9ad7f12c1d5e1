"""Indexed curves: by hand, by law, and on the Haute-Bigorre."""

import itertools
import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.example import aggregate, aggregate_one, make_figures
from terrdiag.analyses.cells import Cell
from terrdiag.analyses.trends import Trend, analyse_trends
from terrdiag.analyses.trends.indices import (
    Curve,
    chain_rates,
    compute_indices,
    find_base,
    name_files,
)
from terrdiag.catalogue import load_analyses
from terrdiag.edition import open_edition, read_figures, read_memberships
from terrdiag.indicators import Place, Places, compute_values
from terrdiag.indicators.figures import load_commune_figures
from terrdiag.indicators.places import lay_out
from terrdiag.values import MISSING, OK, PARTIAL, TOO_SMALL, VALUE_DTYPES

NAN = math.nan
CCHB = "246500482"

# 03 is not known in 2011; 04 is small
FIGURES = """
code people population@2011 population@2016 population@2022
01   500    400             440             500
02   400    500             480             400
03   100    .               90              100
04   20     25              20              20
"""


def place(code, communes, level="epci"):
    return Place(level, code, f"Lieu {code}", tuple(communes.split()))


def index(figures, places, base=2011, years=(2011, 2016, 2022), floor=50):
    rule = load_analyses()["population_index"].as_indicator(base=str(base))
    rule = rule.model_copy(update={"min_denominator": floor})
    laid = lay_out(places, figures)
    return compute_indices(rule, "population", (base, years), figures, places, laid)


# --- An index of sums ---------------------------------------------------------------------------------------


def test_index_by_hand():
    [both, third, small] = index(
        make_figures(FIGURES), [place("A", "01 02"), place("B", "01 03"), place("C", "04")]
    )
    # of 900 people: 920, then 900
    assert [both.points[year].value for year in (2011, 2016, 2022)] == pytest.approx(
        [100, 102.2222, 100], abs=1e-4
    )
    assert both.points[2016].status == OK
    assert (both.points[2016].numerator, both.points[2016].denominator) == (920, 900)
    # 03 counts neither in 2016 nor in 2011: 440 / 400, five sixths of the inhabitants
    cell = third.points[2016]
    assert (cell.value, cell.status, cell.numerator) == (pytest.approx(110), PARTIAL, 440)
    assert cell.coverage_pct == pytest.approx(100 * 500 / 600)
    assert small.points[2022].status == TOO_SMALL
    assert not small.known(2022)


def test_an_index_of_too_few_communes_is_missing():
    [curve] = index(make_figures(FIGURES), [place("A", "02 03 04")], base=2016, years=(2011,))
    assert curve.points[2011].status == PARTIAL  # 420 of 520 inhabitants
    [curve] = index(make_figures(FIGURES), [place("A", "03 04")], base=2016, years=(2011,))
    assert curve.points[2011].status == MISSING  # 20 of 120
    assert math.isnan(curve.points[2011].value)


@pytest.mark.parametrize(
    ("places", "base"),
    [
        (["01 02", "02"], 2011),
        (["01 02", "01 03"], 2016),  # 2011 covers 83 % of the only comparator
        (["01 02", "01 03", "02", "01"], 2011),  # … but most of the three
        (["01 03", "02"], 2016),  # 2011 covers 83 % of the territory
        (["01 02"], 2011),  # nothing beside it
    ],
)
def test_base_year(places, base):
    figures = make_figures(FIGURES)
    laid = lay_out([place(str(n), communes) for n, communes in enumerate(places)], figures)
    assert find_base("population", figures, laid) == base


def test_base_year_when_most_comparators_know_none():
    figures = make_figures("code people population@2011\n01 10 10\n02 10 .")
    laid = lay_out([place("A", "01"), place("B", "02"), place("C", "02")], figures)
    assert find_base("population", figures, laid) == 2011
    laid = lay_out([place("B", "02"), place("A", "01")], figures)
    assert find_base("population", figures, laid) is None


people = st.integers(50, 5000)


@given(st.lists(st.tuples(people, people), min_size=1, max_size=6))
def test_an_index_of_a_whole_lies_between_those_of_its_parts(communes):
    rows = [f"{n:02d} 10 {a} {b}" for n, (a, b) in enumerate(communes)]
    figures = make_figures("\n".join(["code people population@2011 population@2022", *rows]))
    codes = [f"{n:02d}" for n in range(len(rows))]
    [whole, *parts] = index(
        figures, [place("T", " ".join(codes)), *(place(c, c) for c in codes)], years=(2022,)
    )
    values = [part.points[2022].value for part in parts]
    assert min(values) - 1e-9 <= whole.points[2022].value <= max(values) + 1e-9


# --- Chains of published rates ------------------------------------------------------------------------------


STARTS = {2016: 2011, 2018: 2013, 2022: 2016}


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        ({2016: 0.0, 2022: 0.0}, {2011: 100, 2016: 100, 2022: 100}),
        # 1.01 ** 5, then times 0.99 ** 6
        ({2016: 1.0, 2022: -1.0}, {2011: 100, 2016: 105.10101, 2022: 98.95051}),
        ({2016: 1.0}, {2011: 100, 2016: 105.10101}),
        ({2022: 1.0}, {2016: 100, 2022: 106.15202}),
        # 2018 does not start where 2016 ends: a chain does not jump
        ({2016: 1.0, 2018: 3.0, 2022: 1.0}, {2011: 100, 2016: 105.10101}),
        ({2016: NAN, 2022: 1.0}, {}),  # the first rate is not known
        ({2016: 1.0, 2022: NAN}, {2011: 100, 2016: 105.10101}),
        ({}, {}),
        ({2020: 1.0}, {}),  # no such interval
    ],
)
def test_chain_by_hand(rates, expected):
    cells = {year: Cell(rate, MISSING if math.isnan(rate) else OK) for year, rate in rates.items()}
    chain = chain_rates(cells, STARTS)
    assert {year: cell.value for year, cell in chain.items()} == pytest.approx(expected)


# --- Breaks --------------------------------------------------------------------------------------------------------


def make_trend(files, base=None, known=None):
    years = known or list(files)
    curve = Curve(place("T", "01"), {year: Cell(100.0, OK) for year in years})
    indicator = load_analyses()["population_index"].as_indicator(base="2011")
    return Trend(indicator, base or min(files), files, curve, (), ())


@pytest.mark.parametrize(
    ("files", "drawn", "breaks"),
    [
        ({2011: "a", 2016: "a", 2022: "a"}, (2011, 2016, 2022), ()),
        # the embedded edition: 2013 and 2018 lie between years of another file
        (
            {2011: "a", 2013: "b", 2016: "a", 2018: "b", 2022: "a", 2023: "c"},
            (2011, 2016, 2022, 2023),
            (2022.5,),
        ),
        ({2013: "b", 2016: "a", 2018: "b", 2022: "a"}, (2013, 2018, 2022), (2020,)),
        ({2013: "b", 2018: "c", 2022: "a"}, (2013, 2018, 2022), (2015.5, 2020)),
        ({2013: "b"}, (2013,), ()),
    ],
)
def test_what_is_drawn(files, drawn, breaks):
    trend = make_trend(files)
    assert (trend.drawn, trend.breaks) == (drawn, breaks)


def test_a_year_that_is_not_known_is_not_drawn():
    trend = make_trend({2011: "a", 2016: "a", 2022: "a"}, known=[2011, 2022])
    assert trend.drawn == (2011, 2022)
    assert make_trend({2011: "a", 2016: "a"}, known=[2016]).drawn == (2016,)


@given(
    st.dictionaries(st.integers(1990, 2030), st.sampled_from("abc"), min_size=1, max_size=9),
    st.data(),
)
def test_two_files_are_never_joined(files, data):
    base = data.draw(st.sampled_from(sorted(files)))
    trend = make_trend({year: file for year, file in files.items() if year >= base}, base)
    for before, after in itertools.pairwise(trend.drawn):
        is_broken = any(before < at < after for at in trend.breaks)
        assert is_broken == (files[before] != files[after])


# --- Growth: births, deaths and the rest ------------------------------------------------------------------------


count = st.integers(0, 400)
with_births = st.lists(st.tuples(people, people, count, count), min_size=1, max_size=7)

HEADER = "code people population@2013 population@2018 births@2018 deaths@2018"


def grow(communes):
    """Figures of communes: population at the start, at the end, births, deaths."""
    rows = [f"{n:02d} {cells[0]} {' '.join(map(str, cells))}" for n, cells in enumerate(communes)]
    return make_figures("\n".join([HEADER, *rows]))


@given(with_births)
def test_the_two_balances_add_up_to_the_change(communes):
    figures = grow(communes)
    codes = " ".join(f"{n:02d}" for n in range(len(communes)))
    natural, migration = (
        aggregate_one(name, figures, codes) for name in ("natural_balance", "migration_balance")
    )
    start, end = (sum(one[column] for one in communes) for column in (0, 1))
    # to the unit, and not nearly
    assert natural["value"] + migration["value"] == end - start
    rates = [
        aggregate_one(name, figures, codes)
        for name in ("natural_change_pct", "migration_change_pct")
    ]
    assert rates[0]["denominator"] == rates[1]["denominator"] == 5 * (start + end) / 2
    assert rates[0]["numerator"] + rates[1]["numerator"] == end - start
    total = sum(rate["value"] for rate in rates)
    assert total == pytest.approx(100 * (end - start) / (5 * (start + end) / 2))


@given(with_births)
def test_the_total_rate_is_near_the_compound_rate(communes):
    figures = grow(communes)
    codes = " ".join(f"{n:02d}" for n in range(len(communes)))
    names = ("natural_change_pct", "migration_change_pct", "population_growth_pct")
    natural, migration, growth = (aggregate_one(name, figures, codes)["value"] for name in names)
    rate = growth / 100
    if abs(rate) < 0.05:
        # half the square of the rate, and less than its cube times the square of the years
        assert natural + migration == pytest.approx(
            growth - 100 * rate**2 / 2, abs=100 * 30 * abs(rate) ** 3 + 1e-9
        )


def test_the_balances_are_those_of_the_same_communes():
    # the second commune is not known in 2013: neither its births nor its people count
    rows = ["01 1000 1000 1100 50 60", "02 20 . 500 9 3"]
    figures = make_figures("\n".join([HEADER, *rows]))
    found = {
        name: aggregate_one(name, figures, "01 02")
        for name in ("natural_balance", "migration_balance")
    }
    assert [(row["value"], row["status"]) for row in found.values()] == [
        (-10, PARTIAL),
        (110, PARTIAL),
    ]


def test_no_balance_without_births():
    figures = make_figures(f"{HEADER}\n01 1000 1000 1100 . 60")
    assert aggregate_one("migration_balance", figures, "01")["status"] == MISSING
    rows = aggregate("natural_balance", grow([(1000, 1100, 50, 60)]), {"A": "00"})
    assert rows.index.tolist() == [("A", 2018)]


# --- The embedded edition ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def edition():
    return open_edition()


@pytest.fixture(scope="module")
def communes(edition):
    rows = read_memberships(edition, kinds=["epci"], codes=[CCHB])
    return tuple(sorted(rows.loc[rows["valid_to"].isna(), "code_commune"]))


@pytest.fixture(scope="module")
def haute_bigorre(edition, communes):
    """Values and trends of the Haute-Bigorre, beside the Hautes-Pyrénées."""
    rows = read_memberships(edition, kinds=["departement"], codes=["65"])
    around = tuple(sorted(rows["code_commune"]))
    places = Places(
        tuple(Place("commune", code, code, (code,)) for code in communes),
        (
            Place("epci", CCHB, "Haute-Bigorre", communes),
            Place("territoire", "cchb", "Haute-Bigorre", communes, ("epci", CCHB)),
            Place("departement", "65", "Hautes-Pyrénées", around),
        ),
    )
    values, _ = compute_values(edition, places)
    figures = load_commune_figures(edition, around, {"population", "jobs_total"})
    return values, analyse_trends(edition, places, values, figures)


def test_growth_of_the_haute_bigorre(edition, communes, haute_bigorre):
    # added up here, from the figures of the 25 communes
    rows = read_figures(edition, levels=["commune"], codes=communes)
    added = rows.groupby(["variable", "ref_year"], observed=True)["value"].sum()
    natural = added["births", 2018] - added["deaths", 2018]
    change = added["population", 2018] - added["population", 2013]
    assert (natural, change) == (-638, -446)
    values, _ = haute_bigorre
    rows = values[(values["level"] == "territoire") & (values["ref_year"] == 2018)]
    found = rows.set_index("indicator")["value"]
    assert found["natural_balance"] == -638
    assert found["migration_balance"] == 192  # -446 + 638
    mean = 5 * (added["population", 2013] + added["population", 2018]) / 2
    assert found["natural_change_pct"] == pytest.approx(100 * -638 / mean)
    assert found["migration_change_pct"] == pytest.approx(100 * 192 / mean)


def test_population_of_the_haute_bigorre(haute_bigorre):
    trend = haute_bigorre[1].population
    assert trend.base == 2011
    found = {year: cell.value for year, cell in trend.territory.points.items()}
    # INSEE: 17,352 inhabitants in 2011; 17,086; 16,955; 16,640; 16,511; 16,518 in 2023
    people = {2011: 17_352, 2013: 17_086, 2016: 16_955, 2018: 16_640, 2022: 16_511, 2023: 16_518}
    assert found == pytest.approx({year: 100 * n / 17_352 for year, n in people.items()})
    assert trend.drawn == (2011, 2016, 2022, 2023)
    assert trend.breaks == (2022.5,)
    assert trend.files[2011] == trend.files[2022] == "insee-rp-populations"
    assert len(trend.communes) == 25
    # of the communes of less than 250 inhabitants there is no curve
    assert {c.points[2016].status for c in trend.communes} >= {OK, TOO_SMALL}


def test_jobs_of_the_haute_bigorre(haute_bigorre):
    findings = haute_bigorre[1]
    counts = {year: cell.value for year, cell in findings.jobs.territory.points.items()}
    # INSEE: 6,129.4 jobs in 2013, 5,921.6 in 2018; 6,130.5 in 2022, in another file
    assert counts[2018] == pytest.approx(100 * 5_921.6 / 6_129.4, abs=0.01)
    assert counts[2022] == pytest.approx(100 * 6_130.5 / 6_129.4, abs=0.01)
    assert (findings.jobs.drawn, findings.jobs.breaks) == ((2013, 2018, 2022), (2020,))
    published = findings.jobs_published
    assert published.drawn == (2011, 2016, 2022)
    assert published.breaks == ()
    # chained from the rates of the table of values
    values = haute_bigorre[0]
    rows = values[
        (values["level"] == "territoire") & (values["indicator"] == "jobs_growth_published_pct")
    ]
    rates = rows.set_index("ref_year")["value"]
    chained = 100 * (1 + rates[2016] / 100) ** 5 * (1 + rates[2022] / 100) ** 6
    assert published.territory.points[2022].value == pytest.approx(chained)
    # the same growth from 2016 to 2022 as in the counts, to the rounding of the rates
    after = published.territory.points[2022].value / published.territory.points[2016].value
    assert after == pytest.approx(counts[2022] / counts[2016], abs=5e-4)


def test_rows_of_the_table(haute_bigorre):
    _, findings = haute_bigorre
    values = findings.values
    assert dict(values.dtypes.astype(str)) == VALUE_DTYPES
    assert set(findings.indicators) == {"population_index", "jobs_index", "jobs_index_published"}
    assert findings.indicators["population_index"].label_fr.endswith("base 100 en 2011")
    assert set(values["level"]) == {"epci", "territoire", "departement"}
    assert not values.duplicated(["level", "code", "indicator", "ref_year"]).any()
    rows = values[(values["indicator"] == "population_index") & (values["level"] == "departement")]
    row = rows.set_index("ref_year").loc[2022]
    assert (row["status"], round(row["coverage_pct"], 1)) == (PARTIAL, 99.5)
    assert row["source_id"] == "insee-rp-populations"
    # what is known of no place has no row; of one, has a row for all
    jobs = values[values["indicator"] == "jobs_index"].pivot_table(
        index="level", columns="ref_year", values="status", aggfunc="first"
    )
    assert jobs.loc["departement"].tolist() == [OK, MISSING, OK, MISSING]


def test_files_are_named(haute_bigorre, edition, communes):
    figures = load_commune_figures(edition, communes, {"population", "jobs_total"})
    assert name_files("jobs_total", figures) == {
        2013: "insee-comparateur-2018",
        2016: "insee-comparateur-2022-haute-bigorre",
        2018: "insee-comparateur-2018",
        2022: "insee-comparateur-2022-haute-bigorre",
    }


def test_without_a_base_there_is_no_curve(edition):
    # Mayotte: no population in the edition
    rows = read_memberships(edition, kinds=["departement"], codes=["976"])
    codes = tuple(sorted(rows["code_commune"]))
    places = Places((), (Place("territoire", "976", "Mayotte", codes),))
    known = {"population", "jobs_total", "communes_mountain"}
    figures = load_commune_figures(edition, codes, known)
    values, _ = compute_values(edition, places)
    findings = analyse_trends(edition, places, values, figures)
    assert (findings.population, findings.jobs, findings.jobs_published) == (None, None, None)
    assert findings.values.empty
    assert isinstance(findings.values, pd.DataFrame)
