"""Flows brought to the communes of the edition: nobody is lost, and what is shared says so."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edition.example import MERGED, SPLIT, histories, make_events
from terrdiag.edition.build_flows import harmonise_flows
from terrdiag.edition.schema import ESTIMATED
from terrdiag.sources.extract import Extract
from terrdiag.values import OK


def extract_of(rows, cog_year=2019):
    table = pd.DataFrame(rows, columns=["origin", "destination", "place", "value"])
    return Extract("insee-flux-2022", table.assign(ref_year=2022), cog_year, ())


def harmonise(rows, events, population):
    table, dropped = harmonise_flows(extract_of(rows), events, pd.Series(population, dtype=float))
    cells = table[["origin", "destination", "place", "value", "status"]]
    return cells.astype(object).where(cells.notna(), None).to_numpy().tolist(), dropped


def test_merged_at_both_ends():
    events = make_events(
        ("2021-01-01", MERGED, "01002", "01001"), ("2021-01-01", MERGED, "01001", "01001")
    )
    rows = [
        ("01002", "01001", "Aulne", 10.0),
        ("01001", "01001", "Aulne", 50.0),
        ("01003", "01002", "Bois", 4.0),
        ("01002", "01003", "Cèdre", 3.0),
    ]
    assert harmonise(rows, events, {"01001": 500, "01003": 90}) == (
        [
            ["01001", "01001", None, 60.0, OK],
            ["01001", "01003", None, 3.0, OK],
            ["01003", "01001", None, 4.0, OK],
        ],
        (),
    )


def test_split_is_shared_by_population_and_flagged():
    events = make_events(
        ("2021-01-01", SPLIT, "01001", "01001"), ("2021-01-01", SPLIT, "01001", "01009")
    )
    rows = [
        ("01001", "01003", "C", 30.0),
        ("01003", "01001", "A", 3.0),
        ("01003", "01003", "C", 7.0),
    ]
    found, _ = harmonise(rows, events, {"01001": 200, "01009": 100, "01003": 50})
    assert found == [
        ["01001", "01003", None, 20.0, ESTIMATED],
        ["01003", "01001", None, 2.0, ESTIMATED],
        ["01003", "01003", None, 7.0, OK],
        ["01003", "01009", None, 1.0, ESTIMATED],
        ["01009", "01003", None, 10.0, ESTIMATED],
    ]


@pytest.mark.parametrize("unknown", [0, None])
def test_split_into_parts_of_unknown_population_is_shared_equally(unknown):
    """Nothing says which part they live in: none of them is lost for all that."""
    events = make_events(
        ("2021-01-01", SPLIT, "01001", "01001"), ("2021-01-01", SPLIT, "01001", "01009")
    )
    population = {"01001": unknown, "01009": unknown, "01003": 50}
    found, dropped = harmonise([("01001", "01003", "C", 30.0)], events, population)
    assert found == [
        ["01001", "01003", None, 15.0, ESTIMATED],
        ["01009", "01003", None, 15.0, ESTIMATED],
    ]
    assert dropped == ()


def test_abroad_keeps_its_name_and_a_lost_residence_is_named():
    rows = [("01001", "99140", "Suisse", 5.0), ("09999", "01001", "Aulne", 2.0)]
    found, dropped = harmonise(rows, make_events(), {"01001": 200})
    assert found == [["01001", "99140", "Suisse", 5.0, OK]]
    assert [(one.reason, one.examples) for one in dropped] == [
        ("communes de résidence sans correspondance dans l'édition (2 personnes)", ("09999",))
    ]


@given(histories(), st.data())
def test_nobody_is_lost(history, data):
    """Whatever merges, splits or moves, known population or not, the number of people is the same."""
    events, states = history
    first, last = sorted(states[min(states)]), sorted(states[max(states)])
    weights = [data.draw(st.sampled_from([0.0, 1.0, 100.0])) for _ in last]
    pairs = data.draw(
        st.lists(
            st.tuples(st.sampled_from(first), st.sampled_from([*first, "99140"])),
            min_size=1, max_size=8, unique=True,
        )
    )  # fmt: skip
    rows = [(origin, destination, "nom", 12.0) for origin, destination in pairs]
    table, dropped = harmonise_flows(
        extract_of(rows, min(states)), events, pd.Series(weights, index=last)
    )
    assert dropped == ()
    assert table["value"].sum() == pytest.approx(12.0 * len(rows))
    assert set(table["origin"]) <= set(last)
    assert not table.duplicated(["origin", "destination"]).any()
