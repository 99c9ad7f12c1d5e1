import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edition.example import (
    FIRST_YEAR,
    LAST_YEAR,
    MERGED,
    RENAMED,
    SPLIT,
    histories,
    make_events,
)
from terrdiag.edition.harmonise import harmonise_figures, keep_same_groups
from terrdiag.edition.schema import ESTIMATED
from terrdiag.values import MISSING, OK, SECRET

EVENTS = make_events(
    ("2020-06-01", RENAMED, "01001", "01001"),
    ("2022-01-01", MERGED, "01002", "01002"),
    ("2022-01-01", MERGED, "01012", "01002"),
    ("2024-01-01", SPLIT, "01004", "01004"),
    ("2024-01-01", SPLIT, "01004", "01014"),
)
POPULATION = pd.Series({"01001": 1000.0, "01002": 300.0, "01004": 400.0, "01014": 200.0})
"""Communes of the edition. Of 600 inhabitants, 01004 has kept two thirds."""


def known(value):
    return value, OK


NOT_KNOWN = (math.nan, MISSING)
HIDDEN = (math.nan, SECRET)


def table(variable, figures):
    rows = [(code, variable, 2018, *figure) for code, figure in figures.items()]
    return pd.DataFrame(rows, columns=["code", "variable", "ref_year", "value", "status"])


def harmonise(variable, figures, cog_year=2021, population=POPULATION, events=EVENTS):
    rows, dropped = harmonise_figures(table(variable, figures), cog_year, events, population)
    assert not rows.duplicated(["code", "variable", "ref_year"]).any()
    given_ = rows["status"].isin([OK, ESTIMATED])
    assert (rows["value"].notna() == given_).all()
    values = rows["value"].astype(object).where(given_, None)
    return dict(zip(rows["code"], zip(values, rows["status"], strict=True), strict=True)), dropped


@pytest.mark.parametrize(
    ("variable", "figures", "expected"),
    [
        pytest.param("jobs_total", {"01001": known(0.0)}, {"01001": (0, OK)}, id="zero is a figure"),
        pytest.param("jobs_total", {"01001": HIDDEN}, {"01001": (None, SECRET)}, id="secret stays"),
        pytest.param("jobs_total", {"01001": NOT_KNOWN}, {}, id="missing has no row"),
        # 180 + 120
        pytest.param(
            "population", {"01002": known(180.0), "01012": known(120.0)}, {"01002": (300, OK)},
            id="merger sums",
        ),
        pytest.param(
            "population", {"01002": known(180.0), "01012": HIDDEN}, {"01002": (None, SECRET)},
            id="a secret part makes a secret",
        ),
        pytest.param(
            "population", {"01002": known(180.0), "01012": NOT_KNOWN}, {}, id="a part is missing"
        ),
        pytest.param("population", {"01002": known(180.0)}, {}, id="a part is absent"),
        pytest.param("population", {"01012": known(120.0)}, {}, id="the seat is absent"),
        # 600 x 400 / (400 + 200), 600 x 200 / (400 + 200)
        pytest.param(
            "population", {"01004": known(600.0)}, {"01004": (400, ESTIMATED), "01014": (200, ESTIMATED)},
            id="split shared by population",
        ),
        pytest.param(
            "population", {"01004": HIDDEN}, {"01004": (None, SECRET), "01014": (None, SECRET)},
            id="secret split",
        ),
        pytest.param(
            "population", {"01004": known(600.0), "01014": NOT_KNOWN},
            {"01004": (400, ESTIMATED), "01014": (200, ESTIMATED)},
            id="the empty row of a commune that did not exist is no part of it",
        ),
        pytest.param("median_income_eur", {"01002": known(2.0), "01012": known(1.0)}, {}, id="medians do not merge"),
        pytest.param("median_income_eur", {"01004": known(2.0)}, {}, id="medians do not split"),
        pytest.param("median_income_eur", {"01001": known(2.0)}, {"01001": (2, OK)}, id="median untouched"),
        pytest.param(
            "altitude_max_m", {"01002": known(900.0), "01012": known(1200.0)}, {"01002": (1200, OK)},
            id="highest",
        ),
        pytest.param(
            "altitude_min_m", {"01002": known(300.0), "01012": known(250.0)}, {"01002": (250, OK)},
            id="lowest",
        ),
        pytest.param("altitude_mean_m", {"01002": known(300.0), "01012": known(250.0)}, {}, id="means do not merge"),
        pytest.param(
            "altitude_max_m", {"01002": known(900.0), "01012": NOT_KNOWN}, {},
            id="highest of what is known is not the highest",
        ),
        pytest.param(
            "altitude_max_m", {"01002": known(900.0), "01012": HIDDEN}, {"01002": (None, SECRET)},
            id="highest with a secret part",
        ),
        pytest.param("altitude_max_m", {"01004": known(900.0)}, {}, id="extrema do not split"),
    ],
)  # fmt: skip
def test_figures_of_2021(variable, figures, expected):
    assert harmonise(variable, figures) == (expected, ())


def test_figures_of_the_day_of_an_event_are_already_after_it():
    figures = {"01004": known(420.0), "01014": known(210.0)}
    expected = {"01004": (420, OK), "01014": (210, OK)}
    assert harmonise("population", figures, cog_year=2024) == (expected, ())


def test_split_of_a_commune_of_no_inhabitant_is_not_shared():
    assert harmonise("jobs_total", {"01004": known(6.0)}, population=POPULATION * 0) == ({}, ())


def test_merger_of_a_shared_part_is_an_estimate():
    events = pd.concat(
        [
            EVENTS,
            make_events(
                ("2025-01-01", MERGED, "01001", "01001"), ("2025-01-01", MERGED, "01014", "01001")
            ),
        ]
    )
    population = pd.Series({"01001": 200.0, "01002": 300.0, "01004": 400.0})
    # a third of 600 goes to 01001, which had 1000
    found, _ = harmonise(
        "population", {"01001": known(1000.0), "01004": known(600.0)}, population=population, events=events
    )  # fmt: skip
    assert found == {"01001": (1200, ESTIMATED), "01004": (400, ESTIMATED)}


@pytest.mark.parametrize("variable", ["population", "altitude_max_m"])
def test_two_parts_of_three_are_not_the_whole(variable):
    events = make_events(*(("2022-01-01", MERGED, f"0100{n}", "01001") for n in (1, 2, 3)))
    population = pd.Series({"01001": 100.0})
    parts = {"01001": known(5.0), "01002": known(7.0), "01003": known(6.0)}
    whole, _ = harmonise(variable, parts, population=population, events=events)
    assert whole == {"01001": (7 if variable == "altitude_max_m" else 18, OK)}
    parts.pop("01003")
    assert harmonise(variable, parts, population=population, events=events) == ({}, ())


def test_variables_and_years_are_not_mixed():
    one = table("births", {"01002": known(5.0), "01012": known(1.0)})
    two = one.assign(variable="deaths", value=[7.0, 2.0])
    three = one.assign(ref_year=2022, value=[10.0, 20.0])
    rows, _ = harmonise_figures(pd.concat([three, two, one]), 2021, EVENTS, POPULATION)
    assert rows[["variable", "ref_year", "value"]].to_numpy().tolist() == [
        ["births", 2018, 6.0],
        ["births", 2022, 30.0],
        ["deaths", 2018, 9.0],
    ]


def test_codes_without_a_commune_are_named():
    found, dropped = harmonise("jobs_total", {"01001": known(1.0), "01998": known(2.0)})
    assert found == {"01001": (1, OK)}
    assert [(left.count, left.examples) for left in dropped] == [(1, ("01998",))]


def test_figure_of_a_commune_that_did_not_exist_is_named():
    # counted in 01004 and beside it: what it is a part of is not known
    found, dropped = harmonise("population", {"01004": known(600.0), "01014": known(210.0)})
    assert found == {"01004": (400, ESTIMATED), "01014": (200, ESTIMATED)}
    assert [left.examples for left in dropped] == [("01014",)]
    assert "n'existai" in dropped[0].reason


def test_no_figure():
    assert harmonise("population", {}) == ({}, ())


# --- Laws ----------------------------------------------------------------------------------------


@given(histories(), st.integers(FIRST_YEAR, LAST_YEAR), st.data())
def test_counts_are_neither_lost_nor_made(history, year, data):
    events, states = history
    counts = {code: data.draw(st.integers(0, 9999)) for code in sorted(states[year])}
    population = pd.Series(1.0, index=sorted(states[LAST_YEAR]))
    found, dropped = harmonise(
        "jobs_total", {code: known(float(n)) for code, n in counts.items()},
        cog_year=year, population=population, events=events,
    )  # fmt: skip
    assert set(found) == states[LAST_YEAR]
    assert sum(value for value, _ in found.values()) == pytest.approx(sum(counts.values()))
    assert dropped == ()


@settings(max_examples=15)
@given(histories(), st.integers(FIRST_YEAR, LAST_YEAR), st.randoms())
def test_order_of_rows_changes_nothing(history, year, random):
    events, states = history
    counts = {code: known(float(random.randrange(100))) for code in sorted(states[year])}
    population = pd.Series(1.0, index=sorted(states[LAST_YEAR]))
    shuffled = dict(random.sample(list(counts.items()), len(counts)))
    whole = {"cog_year": year, "population": population, "events": events}
    assert harmonise("jobs_total", shuffled, **whole) == harmonise("jobs_total", counts, **whole)


# --- EPCI of another date ------------------------------------------------------------------------------

POPULATIONS = pd.DataFrame(
    [
        ("01", 2016, 500.0), ("02", 2016, 500.0),
        # 03 is interpolated between 2013 and 2018: 200 + 3/5 of 100
        ("03", 2013, 200.0), ("03", 2016, math.nan), ("03", 2018, 300.0),
        # 04 is known at one side only
        ("04", 2018, 100.0), ("05", 2016, 1000.0),
    ],
    columns=["code", "ref_year", "value"],
).assign(level="commune", variable="population")  # fmt: skip


def make_members(**groups):
    rows = [(code, commune) for code, communes in groups.items() for commune in communes.split()]
    table = pd.DataFrame(rows, columns=["code", "code_commune"])
    return table.assign(kind="epci", valid_to=pd.NaT)


def keep(population, communes):
    """Tell whether the share of an EPCI « A » is kept, which the file gives so many inhabitants."""
    rows = [("A", "population", population), ("A", "share", 12.0)]
    figures = pd.DataFrame(rows, columns=["code", "variable", "value"])
    figures = figures.assign(level="epci", ref_year=2016, status=OK)
    kept, dropped = keep_same_groups(figures, POPULATIONS, make_members(A=communes, B="05"))
    assert kept["variable"].isin(["share"]).all()  # the population was there to compare
    return kept["status"].tolist(), [(left.count, left.examples) for left in dropped]


@pytest.mark.parametrize(
    ("population", "communes", "statuses"),
    [
        (1000, "01 02", [OK]),
        (1009, "01 02", [OK]),  # 0.9 %
        (1011, "01 02", [ESTIMATED]),
        (989, "01 02", [ESTIMATED]),
        (1100, "01 02", [ESTIMATED]),  # 9.1 %
        (1112, "01 02", []),
        (1000, "01", []),
        (760, "01 03", [OK]),
        (700, "01 03", [ESTIMATED]),
        # a commune that nobody counted: nothing says that it is the same
        (600, "01 04", []),
    ],
)
def test_epci_is_the_same_if_its_population_is(population, communes, statuses):
    assert keep(population, communes) == (statuses, [] if statuses == [OK] else [(1, ("A",))])


def test_what_is_missing_is_no_estimate():
    rows = [("A", "population", 1020.0, OK), ("A", "share", math.nan, MISSING)]
    figures = pd.DataFrame(rows, columns=["code", "variable", "value", "status"])
    kept, _ = keep_same_groups(figures.assign(ref_year=2016), POPULATIONS, make_members(A="01 02"))
    assert kept["status"].tolist() == [MISSING]


def test_epci_that_is_no_more():
    rows = [(code, name, 1000.0) for code in ("B", "Y", "X") for name in ("population", "share")]
    figures = pd.DataFrame(rows, columns=["code", "variable", "value"])
    figures = figures.assign(level="epci", ref_year=2016, status=OK)
    members = make_members(B="05", Y="01 02")
    members.loc[members["code"] == "Y", "valid_to"] = pd.Timestamp(2020, 1, 1)
    kept, [gone] = keep_same_groups(figures, POPULATIONS, members)
    assert kept["code"].tolist() == ["B"]
    assert (gone.count, gone.examples) == (2, ("X", "Y"))
    assert "n'existent plus" in gone.reason
