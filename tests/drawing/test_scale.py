import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terrdiag.drawing import Axis, DrawingError
from terrdiag.drawing.scale import Scale, keep_known, make_ticks, make_year_ticks, round_step

NAN = float("nan")

FIGURES = st.floats(-1e9, 1e9, allow_nan=False)


@pytest.mark.parametrize(
    ("span", "count", "step"),
    [
        (10, 5, (2.0, 0)),
        (10, 4, (2.5, 1)),
        (10, 10, (1.0, 0)),
        (100, 4, (25.0, 0)),
        (1, 4, (0.25, 2)),
        (0.5, 5, (0.1, 1)),
        (9.9, 1, (10.0, 0)),
        (0.003, 3, (0.001, 3)),
        (7, 1, (10.0, 0)),
        (2500, 5, (500.0, 0)),
    ],
)
def test_round_step(span, count, step):
    assert round_step(span, count) == pytest.approx(step)


@pytest.mark.parametrize(("span", "count", "step"), [(12, 5, 5), (12, 8, 2), (3, 8, 1), (40, 8, 5)])
def test_whole_step(span, count, step):
    assert round_step(span, count, whole=True) == (step, 0)


@pytest.mark.parametrize(
    ("axis", "values", "labels", "ends"),
    [
        (Axis(), [0, 10], ["0", "2", "4", "6", "8", "10"], (0, 10)),
        (Axis(), [95.5, 110.3], ["95", "100", "105", "110", "115"], (95, 115)),
        (
            Axis(),
            [430, 2872],
            ["0", "500", "1\u202f000", "1\u202f500", "2\u202f000", "2\u202f500", "3\u202f000"],
            (0, 3000),
        ),
        (Axis(), [0.1, 0.3], ["0,10", "0,15", "0,20", "0,25", "0,30"], (0.1, 0.3)),
        (Axis(signed=True), [-4, 6], ["−4", "−2", "0", "+2", "+4", "+6"], (-4, 6)),
        (Axis(zero=True), [60, 100], ["0", "20", "40", "60", "80", "100"], (0, 100)),
        (Axis(low=0, high=100), [3, 40], ["0", "20", "40", "60", "80", "100"], (0, 100)),
        (Axis(low=0, high=100), [3, 140], ["0", "50", "100", "150"], (0, 150)),  # nothing is cut
        (Axis(), [5, 5], ["4,4", "4,6", "4,8", "5,0", "5,2", "5,4", "5,6"], (4.4, 5.6)),
        (Axis(), [0, 0], ["−1,0", "−0,5", "0,0", "0,5", "1,0"], (-1, 1)),
        (Axis(), [], ["0,0", "0,2", "0,4", "0,6", "0,8", "1,0"], (0, 1)),
        (Axis(), [NAN, 2, 4], ["2,0", "2,5", "3,0", "3,5", "4,0"], (2, 4)),
    ],
)
def test_ticks(axis, values, labels, ends):
    ticks = make_ticks(axis, values, 6 if values == [430, 2872] else 5)
    assert list(ticks.labels) == labels
    assert (ticks.low, ticks.high) == pytest.approx(ends)


def test_tight_axis_keeps_its_ends():
    ticks = make_ticks(Axis(), [0.4, 38.2], loose=False)
    assert (ticks.low, ticks.high) == (0.4, 38.2)
    assert ticks.values == (10, 20, 30)


@pytest.mark.parametrize(
    ("years", "labels"),
    [
        ([2011, 2013, 2016, 2018, 2022, 2023], ["2011", "2013", "2016", "2018", "2022", "2023"]),
        ([2022, 2011], ["2011", "2022"]),
        ([2018], ["2017", "2018", "2019"]),
        (list(range(1968, 2023)), ["1980", "2000", "2020"]),
    ],
)
def test_years_have_no_thousands_space(years, labels):
    assert list(make_year_ticks(Axis(years=True), years).labels) == labels


@pytest.mark.parametrize("value", [math.inf, -math.inf])
def test_infinite_value_is_refused(value):
    with pytest.raises(DrawingError, match="infinie"):
        keep_known([1.0, value])


@given(st.lists(FIGURES, min_size=1, max_size=20), st.integers(2, 12), st.booleans())
def test_ticks_hold_the_values(values, count, loose):
    ticks = make_ticks(Axis(), values, count, loose=loose)
    room = (ticks.high - ticks.low) * 1e-6
    assert ticks.low <= min(values) + room
    assert ticks.high >= max(values) - room
    assert list(ticks.values) == sorted(set(ticks.values))
    assert len(set(ticks.labels)) == len(ticks.labels) <= count + 3
    assert all(ticks.low - room <= tick <= ticks.high + room for tick in ticks.values)


@given(FIGURES)
def test_scale_goes_from_end_to_end(value):
    scale = Scale(-1e9, 1e9, 300, 20)
    assert scale.at(-1e9) == 300
    assert scale.at(1e9) == 20
    assert 20 <= scale.at(value) <= 300
