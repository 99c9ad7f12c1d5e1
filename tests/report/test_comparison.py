import math

import pandas as pd
import pytest

from report.example import INTERVALS
from terrdiag.catalogue import load_indicators
from terrdiag.report.comparison import (
    Cell,
    Place,
    cell_mark,
    cell_number,
    cell_text,
    compare,
    gather_figures,
)
from terrdiag.report.years import choose_years
from terrdiag.values import STATUS_WORDS

SHARE = "industry_establishments_share_pct"
OWN = Place("territoire", "val", "Val")
REGION = Place("region", "76", "Occitanie")
FRANCE = Place("france", "00FR", "France")


def figures_of(cells):
    """Figures of one indicator: {place: {year: value | (value, status, coverage)}}."""
    rows = []
    for place, years in cells.items():
        for year, cell in years.items():
            value, status, coverage = (
                (*(cell if isinstance(cell, tuple) else (cell,)), "ok", 100.0)[:3]
                if not (isinstance(cell, tuple))
                else cell
            )
            rows.append(
                {
                    "level": place.level,
                    "code": place.code,
                    "indicator": SHARE,
                    "ref_year": year,
                    "value": value,
                    "status": status,
                    "coverage_pct": coverage,
                    "numerator": math.nan,
                    "denominator": math.nan,
                }
            )
    return gather_figures(pd.DataFrame(rows), OWN, [FRANCE, REGION], load_indicators(), INTERVALS)


@pytest.mark.parametrize(
    ("cells", "year", "compared", "newer"),
    [
        # the latest year of all
        (
            {
                OWN: {2013: 1.0, 2018: 2.0},
                REGION: {2013: 1.0, 2018: 3.0},
                FRANCE: {2013: 1.0, 2018: 3.0},
            },
            2018,
            2,
            None,
        ),
        # the territory alone is newer: kept apart, nothing beside it
        (
            {OWN: {2018: 2.0, 2024: 9.0}, REGION: {2018: 3.0}, FRANCE: {2018: 3.0}},
            2018,
            2,
            (2024, True),
        ),
        # the comparators are newer: that year is not the territory's
        (
            {OWN: {2013: 2.0}, REGION: {2013: 1.0, 2018: 3.0}, FRANCE: {2013: 1.0, 2018: 3.0}},
            2013,
            2,
            None,
        ),
        # a comparator never known does not hold the others back
        ({OWN: {2013: 2.0, 2018: 2.0}, REGION: {2018: 3.0}, FRANCE: {}}, 2018, 1, None),
        # more comparators win over a later year
        (
            {OWN: {2013: 2.0, 2018: 2.0}, REGION: {2013: 1.0, 2018: 3.0}, FRANCE: {2013: 1.0}},
            2013,
            2,
            (2018, False),
        ),
        # no comparator at all: the latest of the territory
        ({OWN: {2013: 2.0, 2018: 2.0}, REGION: {}, FRANCE: {}}, 2018, 0, None),
        # secret and missing are not known
        (
            {
                OWN: {2013: 2.0, 2018: (math.nan, "secret", 100.0)},
                REGION: {2013: 1.0, 2018: 3.0},
                FRANCE: {2013: 1.0},
            },
            2013,
            2,
            None,
        ),
        # a comparator that covers a tenth of its communes is no comparator
        (
            {
                OWN: {2018: 2.0, 2024: 9.0},
                REGION: {2018: 3.0, 2024: (9.0, "partial", 7.0)},
                FRANCE: {2018: 3.0},
            },
            2018,
            2,
            (2024, True),
        ),
    ],
)
def test_reference_year(cells, year, compared, newer):
    comparison = compare(figures_of(cells), SHARE)
    assert comparison is not None
    assert comparison.year == year
    assert len(comparison.others) == compared
    assert (comparison.newer and (comparison.newer.year, comparison.newer.alone)) == newer


@pytest.mark.parametrize("own", [{}, {2018: (math.nan, "missing", 100.0)}])
def test_nothing_is_compared_when_the_territory_is_not_known(own):
    assert compare(figures_of({OWN: own, REGION: {2018: 3.0}, FRANCE: {2018: 3.0}}), SHARE) is None


def test_unknown_indicator_is_not_compared(figures):
    assert compare(figures, "happiness_index") is None


def test_reference_years_of_a_run_follow_the_same_rule(content, figures):
    years = choose_years(content.values, content.perimeter, content.comparators, content.indicators)
    assert years == {
        name: one.year for name in figures.indicators if (one := compare(figures, name))
    }
    # known by commune only: not compared
    assert "median_income_eur" not in years


def test_comparators_go_from_the_nearest_to_the_widest():
    assert figures_of({OWN: {2018: 1.0}}).comparators == (REGION, FRANCE)


@pytest.mark.parametrize(
    ("cell", "text", "mark"),
    [
        (Cell(8.765652, "ok"), "8,77\u00a0%", ""),
        (Cell(8.765652, "estimate"), "8,77\u00a0%", "estimation"),
        (Cell(8.765652, "partial", 98.26), "8,77\u00a0%", "couverture 98,2\u00a0%"),
        (Cell(8.765652, "partial", 99.99), "8,77\u00a0%", "couverture 99,9\u00a0%"),
        (Cell(8.765652, "partial", 100.0), "8,77\u00a0%", "partiel"),
        (Cell(8.765652, "partial", math.nan), "8,77\u00a0%", "partiel"),
        (Cell(8.765652, "estimate", 97.0), "8,77\u00a0%", "estimation, couverture 97,0\u00a0%"),
        (Cell(8.765652, "ok", fragile="fragile : petit"), "8,77\u00a0%", "fragile : petit"),
        (
            Cell(8.765652, "estimate", fragile="fragile : petit"),
            "8,77\u00a0%",
            "estimation, fragile : petit",
        ),
        (Cell(math.nan, "too_small", fragile="fragile : petit"), "effectif trop faible", ""),
        (Cell(math.nan, "secret"), "secret statistique", ""),
        (Cell(math.nan, "missing"), "n.d.", ""),
        (Cell(math.nan, "too_small"), "effectif trop faible", ""),
        (Cell(math.nan, "not_applicable"), "sans objet", ""),
        (Cell(0.0, "ok"), "0,00\u00a0%", ""),
    ],
)
def test_cell_in_words(cell, text, mark):
    indicator = load_indicators()[SHARE]
    assert (cell_text(cell, indicator), cell_mark(cell)) == (text, mark)


def test_no_status_without_value_is_ever_written_as_a_number():
    indicator = load_indicators()[SHARE]
    for status in ("too_small", "secret", "missing", "not_applicable"):
        assert cell_number(Cell(0.0, status), indicator) == STATUS_WORDS[status]


def test_interval_is_named_by_both_its_ends(figures):
    indicators = load_indicators()
    assert figures.year_label(indicators["population_growth_pct"], 2022) == "2016-2022"
    assert figures.year_label(indicators["natural_change_pct"], 2018) == "2013-2018"
    assert figures.year_label(indicators["population"], 2022) == "2022"
    # an end of no known interval is not given an invented start
    assert figures.year_label(indicators["population_growth_pct"], 1999) == "1999"
