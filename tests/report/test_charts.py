import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terrdiag.report.charts import (
    MARGIN,
    draw_altitudes,
    draw_population,
    draw_sectors,
    draw_strip,
    note_coverage,
    territory_extent,
    value_span,
)
from terrdiag.report.comparison import Cell, Place, compare


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_strip_starts_at_zero_so_that_lengths_are_true(figures):
    found = compare(figures, "industry_establishments_share_pct")
    strip = draw_strip(found, figures.territory, found.others)
    assert all(row.start == MARGIN for row in strip.rows)
    # the largest, 8.33, is at the end of the axis
    assert strip.rows[0].at == 100 - MARGIN
    lengths = [row.at - row.start for row in strip.rows]
    shares = [value / 8.33 for value in (8.33, 7.1, 6.66, 5.9)]
    assert [length / lengths[0] for length in lengths] == pytest.approx(shares, abs=1e-3)


def test_strip_of_growth_rates_goes_both_sides_of_zero(figures):
    growth = compare(figures, "population_growth_pct")
    strip = draw_strip(growth, figures.territory, growth.others, (-0.5, 1.5))
    # zero lies a quarter of the way
    assert all(row.start == MARGIN + 0.25 * (100 - 2 * MARGIN) for row in strip.rows)


@pytest.mark.parametrize(
    ("values", "span"),
    [
        ([1.0, 2.0], (0.0, 2.0)),
        ([-1.0, 2.0], (-1.0, 2.0)),
        ([-2.0], (-2.0, 0.0)),
        ([], (0.0, 0.0)),
        ([math.nan, 3.0], (0.0, 3.0)),
    ],
)
def test_span(values, span):
    assert value_span(values) == span


def test_coverage_is_noted_under_the_picture():
    pairs = [
        (Place("region", "76", "Occitanie"), Cell(1.0, "partial", 97.81)),
        (Place("france", "00FR", "France"), Cell(1.0, "ok")),
        (Place("ti", "x", "Territoire"), Cell(1.0, "partial", 99.999)),
    ]
    assert plain(note_coverage(pairs)) == "Couverture : Occitanie 97,8 %, Territoire 99,9 %."
    assert note_coverage(pairs[1:2]) == ""


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30))
def test_population_bars_stay_on_their_axis_and_keep_their_order(values):
    frame = pd.DataFrame(
        {
            "indicator": "population",
            "ref_year": 2022,
            "value": values,
            "name": [f"C{n:02}" for n in range(len(values))],
        }
    )
    picture = draw_population(frame, limit=12)
    assert len(picture.rows) == min(12, len(values))
    ends = [row.at for row in picture.rows]
    assert ends == sorted(ends, reverse=True)
    assert all(MARGIN <= end <= 100 - MARGIN for end in ends)


def test_population_of_the_latest_year_only():
    frame = pd.DataFrame(
        {
            "indicator": "population",
            "ref_year": [2016, 2022, 2022],
            "value": [900.0, 10.0, math.nan],
            "name": ["A", "A", "B"],
        }
    )
    picture = draw_population(frame)
    assert picture.title.endswith("2022")
    assert [(row.label, row.text) for row in picture.rows] == [("A", "10")]
    assert draw_population(frame.iloc[:0]) is None


def altitudes(**columns):
    return pd.DataFrame({"name": ["A", "B", "C"], **columns})


def test_altitudes_go_from_low_to_high_on_one_scale():
    frame = altitudes(
        low=[100.0, 200.0, math.nan], high=[500.0, 1000.0, 700.0], mean=[300.0, math.nan, 1.0]
    )
    picture = draw_altitudes(frame, territory_extent("T", 100.0, 1000.0, 400.0))
    assert [row.label for row in picture.rows] == ["T", "B", "A"]
    assert [plain(row.text) for row in picture.rows] == ["100–1 000 m", "200–1 000 m", "100–500 m"]
    territory, highest, lowest = picture.rows
    assert territory.is_territory
    assert territory.at == highest.at == 100 - MARGIN
    assert lowest.start == territory.start == MARGIN + 0.1 * (100 - 2 * MARGIN)
    assert highest.mean is None
    assert picture.note


def test_altitudes_unknown_are_not_drawn():
    nan = [math.nan] * 3
    assert draw_altitudes(altitudes(low=nan, high=[1.0, 2.0, 3.0], mean=nan), None) is None


def test_only_the_highest_are_drawn_when_there_are_many():
    frame = pd.DataFrame(
        {"name": [f"C{n}" for n in range(50)], "low": 0.0, "high": range(50), "mean": math.nan}
    )
    picture = draw_altitudes(frame.astype({"high": float}), None)
    assert len(picture.rows) == 40
    assert picture.rows[0].label == "C49"
    assert "40 plus hautes sur 50" in picture.title


def test_sectors_are_drawn_only_when_the_five_are_known(figures):
    assert draw_sectors(figures, figures.places) is None


def test_sectors_fill_the_bar(figures):
    names = ("industry", "agriculture", "construction", "trade_services", "administration")
    shares = dict(zip(names, (11.4, 4.4, 6.2, 39.8, 38.3), strict=True))  # rounded shares: 100.1
    key = (figures.territory.level, figures.territory.code)
    figures.cells[key].update(
        {f"{name}_jobs_share_pct": {2022: Cell(share, "ok")} for name, share in shares.items()}
    )
    picture = draw_sectors(figures, figures.places)
    # the comparators have only one sector: they are left out rather than drawn short
    assert [stack.label for stack in picture.stacks] == ["Val-d'Exemple"]
    segments = picture.stacks[0].segments
    assert [segment.text for segment in segments] == ["11,4", "4,4", "6,2", "39,8", "38,3"]
    assert segments[-1].at + segments[-1].width == pytest.approx(100)
    assert segments[1].at == pytest.approx(segments[0].width)
