import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edition.example import (
    FIRST_YEAR,
    LAST_YEAR,
    MERGED,
    MOVED,
    RENAMED,
    SPLIT,
    day,
    histories,
    make_events,
)
from terrdiag.edition.crosswalk import bring_forward, communes_at

EVENTS = make_events(
    ("2017-01-01", MERGED, "60694", "60054"),
    ("2017-01-01", MERGED, "60054", "60054"),
    ("2020-06-01", RENAMED, "01001", "01001"),
    ("2022-01-01", MERGED, "01002", "01002"),
    ("2022-01-01", MERGED, "01012", "01002"),
    ("2023-01-01", MOVED, "27058", "27676"),
    ("2024-01-01", SPLIT, "60054", "60054"),
    ("2024-01-01", SPLIT, "60054", "60694"),
    # the commune that took the code in 2023 merges into another two years later
    ("2025-01-01", MERGED, "27676", "27001"),
    ("2025-01-01", MERGED, "27001", "27001"),
)


def pairs(codes, start, end=None, events=EVENTS):
    table = bring_forward(codes, start, events, end)
    return {tuple(row) for row in table.to_numpy().tolist()}


@pytest.mark.parametrize(
    ("codes", "start", "end", "expected"),
    [
        pytest.param(["09001"], "2015-01-01", None, {("09001", "09001")}, id="no event"),
        pytest.param(["01001"], "2020-01-01", None, {("01001", "01001")}, id="renamed"),
        pytest.param(
            ["01002", "01012"], "2021-01-01", None, {("01002", "01002"), ("01012", "01002")},
            id="merger",
        ),
        pytest.param(["01012"], "2021-01-01", "2021-12-31", {("01012", "01012")}, id="not yet"),
        pytest.param(["01012"], "2021-01-01", "2022-01-01", {("01012", "01002")}, id="last day in"),
        pytest.param(["01002"], "2022-01-01", None, {("01002", "01002")}, id="first day is past"),
        pytest.param(
            ["60054"], "2023-01-01", None, {("60054", "60054"), ("60054", "60694")}, id="split"
        ),
        pytest.param(
            ["60054", "60694"], "2016-01-01", None,
            {("60054", "60054"), ("60054", "60694"), ("60694", "60054"), ("60694", "60694")},
            id="merger undone: nobody knows who came from where",
        ),
        pytest.param(["27058"], "2022-01-01", None, {("27058", "27001")}, id="moved, then merged"),
        pytest.param(["27058"], "2022-01-01", "2024-01-01", {("27058", "27676")}, id="moved"),
        pytest.param([], "2015-01-01", None, set(), id="nothing"),
    ],
)  # fmt: skip
def test_bring_forward(codes, start, end, expected):
    assert pairs(codes, day(start), end and day(end)) == expected


def test_a_code_moved_twice_on_one_day_is_followed_to_its_last():
    # 14513 changed département for 50649, whose seat moved to 50592 on the same day
    day_of_moves = make_events(
        ("2018-01-01", MOVED, "14513", "50649"),
        ("2018-01-01", MERGED, "50649", "50592"),
        ("2018-01-01", MERGED, "50592", "50592"),
    )
    assert pairs(["14513", "50592"], day("2017-01-01"), events=day_of_moves) == {
        ("14513", "50592"),
        ("50592", "50592"),
    }


def test_result_is_sorted_text():
    table = bring_forward(["60054", "01012"], day("2021-01-01"), EVENTS)
    assert table.to_numpy().tolist() == [["01012", "01002"], ["60054", "60054"], ["60054", "60694"]]
    assert list(table.columns) == ["code_before", "code_after"]


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2026-01-01", {"01001", "01002", "27001", "60054", "60694"}),
        ("2024-12-31", {"01001", "01002", "27001", "27676", "60054", "60694"}),
        ("2023-12-31", {"01001", "01002", "27001", "27676", "60054"}),
        ("2022-12-31", {"01001", "01002", "27001", "27058", "60054"}),
        ("2021-12-31", {"01001", "01002", "01012", "27001", "27058", "60054"}),
        ("2016-12-31", {"01001", "01002", "01012", "27001", "27058", "60054", "60694"}),
    ],
)
def test_communes_at(date, expected):
    today = ["01001", "01002", "27001", "60054", "60694"]
    assert communes_at(day(date), today, EVENTS) == expected


# --- Laws ----------------------------------------------------------------------------------------


def new_year(year):
    return dt.date(year, 1, 1)


years = st.integers(FIRST_YEAR, LAST_YEAR)


@given(histories(), years)
def test_communes_of_an_earlier_date_are_found_again(history, year):
    events, states = history
    assert communes_at(new_year(year), states[LAST_YEAR], events) == states[year]


@given(histories(), years)
def test_every_commune_leads_to_today_and_today_comes_from_one(history, year):
    events, states = history
    table = bring_forward(states[year], new_year(year), events)
    assert set(table["code_before"]) == states[year]
    assert set(table["code_after"]) == states[LAST_YEAR]
    assert not table.duplicated().any()


@given(histories(), years)
def test_bringing_forward_what_is_of_today_changes_nothing(history, year):
    events, states = history
    today = bring_forward(states[year], new_year(year), events)["code_after"]
    assert pairs(today, new_year(LAST_YEAR), events=events) == {(code, code) for code in today}


@given(histories(), years, years)
def test_two_steps_are_one(history, one, two):
    events, states = history
    start, middle = sorted((one, two))
    first = bring_forward(states[start], new_year(start), events, new_year(middle))
    second = bring_forward(set(first["code_after"]), new_year(middle), events)
    steps = first.merge(second, left_on="code_after", right_on="code_before", suffixes=("", "_2"))
    expected = pairs(states[start], new_year(start), events=events)
    assert set(zip(steps["code_before"], steps["code_after_2"], strict=True)) == expected


@given(histories(), years, st.data())
def test_a_union_leads_to_the_union(history, year, data):
    events, states = history
    codes = sorted(states[year])
    some = set(data.draw(st.lists(st.sampled_from(codes))))
    rest = states[year] - some
    alone = [pairs(part, new_year(year), events=events) for part in (some, rest)]
    assert alone[0] | alone[1] == pairs(codes, new_year(year), events=events)
