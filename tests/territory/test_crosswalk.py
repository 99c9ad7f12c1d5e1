"""Laws of the crosswalk: communes of a date brought to a later one."""

import datetime as dt

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import given

from terrdiag.edition import Edition, read_events
from terrdiag.edition.crosswalk import bring_back, bring_forward, communes_at, find_family
from terrdiag.edition.store import read_commune_list

START = dt.date(2019, 1, 1)


@st.composite
def histories(draw):
    """A country of at most eight communes, and what happens to it on at most five days."""
    alive = {f"{n:02}" for n in range(draw(st.integers(2, 8)))}
    first, rows, fresh = set(alive), [], 90
    for day in range(draw(st.integers(0, 5))):
        date = dt.date(2020 + day, 1, 1)
        what = draw(st.sampled_from(["merger", "split", "recode", "rename"]))
        chosen = draw(st.permutations(sorted(alive)))
        head, other = chosen[0], chosen[-1]
        if what == "merger" and head != other:
            rows += [(date, head, head), (date, other, head)]
            alive -= {other}
        elif what == "split":
            rows += [(date, head, head), (date, head, str(fresh))]
            alive |= {str(fresh)}
        elif what == "recode":
            rows.append((date, head, str(fresh)))
            alive = alive - {head} | {str(fresh)}
        elif what == "rename":
            rows.append((date, head, head))
        fresh += 1
    events = pd.DataFrame(rows, columns=["date", "code_before", "code_after"])
    return first, alive, events.assign(date=pd.to_datetime(events["date"]), kind=0)


def pairs(table: pd.DataFrame) -> set[tuple[str, str]]:
    return set(table.itertuples(index=False, name=None))


@given(histories())
def test_every_commune_of_before_leads_to_every_commune_of_after(history):
    before, after, events = history
    found = bring_forward(before, START, events)
    assert set(found["code_before"]) == before
    assert set(found["code_after"]) == after
    assert not found.duplicated().any()


@given(histories())
def test_going_back_finds_every_commune_of_before(history):
    before, after, events = history
    assert bring_back(after, START, events) == before == communes_at(START, after, events)


def test_a_code_that_comes_and_goes_on_a_day_did_not_exist_before():
    # 01 takes the code 03 as it changes département, and merges into 02 on the same day
    events = pd.DataFrame(
        [("2020-01-01", "01", "03"), ("2020-01-01", "03", "02"), ("2020-01-01", "02", "02")],
        columns=["date", "code_before", "code_after"],
    )
    events = events.assign(date=pd.to_datetime(events["date"]))
    assert bring_back(["02"], START, events) == {"01", "02"}


@given(histories(), st.data())
def test_going_back_keeps_what_lies_wholly_inside(history, data):
    before, after, events = history
    some = data.draw(st.sets(st.sampled_from(sorted(after)))) if after else set()
    crosswalk = bring_forward(before, START, events)
    parts = crosswalk.groupby("code_before")["code_after"].agg(set)
    assert bring_back(some, START, events) == {b for b, a in parts.items() if a <= some}


@given(histories())
def test_going_back_stops_at_the_date(history):
    before, after, events = history
    last = dt.date(2030, 1, 1)
    assert bring_back(after, last, events) == after
    assert bring_back(before, dt.date(2000, 1, 1), events, START) == before


@given(histories())
def test_a_family_holds_all_that_its_members_came_from_and_became(history):
    before, _, events = history
    for code in before:
        family = find_family([code], events)
        became = set(bring_forward([code], START, events)["code_after"])
        assert became <= family
        assert bring_back(became, START, events) <= family


@given(histories())
def test_the_last_day_is_left_as_it_is(history):
    _, after, events = history
    last = dt.date(2030, 1, 1)
    assert pairs(bring_forward(after, last, events)) == {(code, code) for code in after}


@given(histories(), st.integers(2020, 2025))
def test_two_steps_make_one(history, year):
    before, _, events = history
    middle = dt.date(year, 1, 1)
    first = bring_forward(before, START, events, middle)
    second = bring_forward(set(first["code_after"]), middle, events)
    joined = first.merge(second, left_on="code_after", right_on="code_before")
    assert pairs(joined[["code_before_x", "code_after_y"]]) == pairs(
        bring_forward(before, START, events)
    )


@given(histories(), st.data())
def test_communes_do_not_depend_on_each_other(history, data):
    before, _, events = history
    some = data.draw(st.sets(st.sampled_from(sorted(before))))
    apart = pairs(bring_forward(some, START, events)) | pairs(
        bring_forward(before - some, START, events)
    )
    assert apart == pairs(bring_forward(before, START, events))


@given(histories(), st.randoms())
def test_the_order_of_the_rows_changes_nothing(history, random):
    before, _, events = history
    order = list(range(len(events)))
    random.shuffle(order)
    mixed = events.iloc[order]
    assert pairs(bring_forward(before, START, mixed)) == pairs(bring_forward(before, START, events))


@pytest.mark.parametrize(
    ("code", "since", "codes"),
    [
        ("65059", dt.date(2019, 1, 1), ["65059"]),  # nothing happened to it
        ("14712", dt.date(2019, 1, 1), ["14666", "14712"]),  # Saline → Sannerville, Troarn
        ("27676", dt.date(2020, 1, 1), ["27676"]),  # there and back again
        ("27676", dt.date(2021, 1, 1), ["27676"]),
        ("27058", dt.date(2021, 1, 1), ["27676"]),
        ("69152", dt.date(2023, 1, 1), ["69149"]),  # Pierre-Bénite → Oullins-Pierre-Bénite
        ("85084", dt.date(2023, 1, 1), ["85084", "85165", "85212"]),  # Essarts en Bocage
        ("69114", dt.date(2023, 1, 1), ["69114"]),
        ("69159", dt.date(2023, 1, 1), ["69114"]),  # a seat moved in March 2024
    ],
)
def test_communes_that_exist(real: Edition, code, since, codes):
    found = bring_forward([code], since, read_events(real), real.date)
    assert found["code_after"].tolist() == codes


@pytest.mark.parametrize("year", range(2019, 2027))
def test_each_list_of_january_leads_to_the_edition(real: Edition, year):
    communes = set(read_commune_list(real)["code_commune"])
    events = read_events(real)
    then = communes_at(dt.date(year, 1, 1), communes, events)
    found = bring_forward(then, dt.date(year, 1, 1), events)
    assert set(found["code_after"]) == communes
    # 34,970 communes on 1 January 2019, 34,875 on 1 January 2026 (INSEE)
    assert len(then) == {
        2019: 34970, 2020: 34968, 2021: 34965, 2022: 34955,
        2023: 34945, 2024: 34935, 2025: 34875, 2026: 34875,
    }[year]  # fmt: skip
