"""Events between communes written by hand, and invented ones for the laws."""

import datetime as dt

import pandas as pd
from hypothesis import strategies as st

RENAMED, SPLIT, MERGED, MOVED = 10, 21, 32, 50
"""INSEE's ``MOD``."""


def make_events(*rows):
    """Make the table of events: ``("2022-01-01", MERGED, "01012", "01002")``, one row a pair."""
    table = pd.DataFrame(
        rows, columns=["date", "kind", "code_before", "code_after"], dtype="object"
    )
    table = table.assign(nom_before="", nom_after="").astype({"kind": "int16"})
    return table.assign(date=pd.to_datetime(table["date"], format="%Y-%m-%d"))


def day(text):
    return dt.date.fromisoformat(text)


FIRST_YEAR, LAST_YEAR = 2016, 2020


@st.composite
def histories(draw):
    """Draw a history of six communes: each 1 January from 2017, some merge, split or change code.

    Returns the events, and the communes of every 1 January.
    """
    alive = [f"0100{number}" for number in range(1, 7)]
    unused = iter(f"01{number:03d}" for number in range(100, 200))
    rows, states = [], {FIRST_YEAR: set(alive)}
    for year in range(FIRST_YEAR + 1, LAST_YEAR + 1):
        order = draw(st.permutations(alive))
        for _ in range(draw(st.integers(0, 2))):
            what = draw(st.sampled_from([MERGED, SPLIT, MOVED]))
            size = draw(st.integers(2, 3)) if what == MERGED else 1
            before, order = order[:size], order[size:]
            if len(before) < size:
                break
            after = {MERGED: before[:1], SPLIT: [before[0], next(unused)], MOVED: [next(unused)]}[
                what
            ]
            rows += [(f"{year}-01-01", what, old, new) for old in before for new in after]
            alive = sorted({*alive} - {*before} | {*after})
        states[year] = set(alive)
    return make_events(*rows), states
