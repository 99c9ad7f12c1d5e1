import datetime as dt

import pandas as pd
import pytest

from edition.example import MERGED, SPLIT, make_events
from terrdiag.edition.memberships import (
    COLUMNS,
    date_memberships,
    derive_from_epci,
    describe_unknown,
    undated,
)

NEW_YEAR_2026 = dt.date(2026, 1, 1)
NO_EVENT = make_events()

HIGH, LOW = "200000001", "200000002"
"""Two EPCI."""


def lists(by_year):
    """Yearly lists of members: ``{2019: {HIGH: "01001 01002"}}``."""
    rows = [
        (year, epci, commune)
        for year, members in by_year.items()
        for epci, communes in members.items()
        for commune in communes.split()
    ]
    return pd.DataFrame(rows, columns=["year", "code", "code_commune"])


def date(by_year, events=NO_EVENT):
    table = date_memberships(lists(by_year), events, NEW_YEAR_2026)
    assert list(table.columns) == ["code", "code_commune", "valid_from", "valid_to"]
    return sorted(
        (row.code, row.code_commune, str(row.valid_from)[:10], str(row.valid_to)[:10])
        for row in table.itertuples()
    )


@pytest.mark.parametrize(
    ("by_year", "expected"),
    [
        pytest.param(
            {2019: {HIGH: "01001"}, 2020: {HIGH: "01001"}, 2021: {HIGH: "01001"}},
            [(HIGH, "01001", "2019-01-01", "NaT")],
            id="always a member",
        ),
        pytest.param(
            {2019: {HIGH: "01001"}, 2020: {HIGH: "01001 01002"}},
            [(HIGH, "01001", "2019-01-01", "NaT"), (HIGH, "01002", "2020-01-01", "NaT")],
            id="entered",
        ),
        pytest.param(
            {2019: {HIGH: "01001 01002"}, 2020: {HIGH: "01001 01002"}, 2021: {HIGH: "01001"}},
            [(HIGH, "01001", "2019-01-01", "NaT"), (HIGH, "01002", "2019-01-01", "2021-01-01")],
            id="left: the last day is excluded",
        ),
        pytest.param(
            {2019: {HIGH: "01001"}, 2020: {LOW: "01001"}, 2021: {HIGH: "01001"}},
            [
                (HIGH, "01001", "2019-01-01", "2020-01-01"),
                (HIGH, "01001", "2021-01-01", "NaT"),
                (LOW, "01001", "2020-01-01", "2021-01-01"),
            ],
            id="left and came back",
        ),
        pytest.param(
            {2020: {"245900410": "59350 59001"}, 2021: {"200093201": "59350 59001"}},
            [
                ("200093201", "59001", "2021-01-01", "NaT"),
                ("200093201", "59350", "2021-01-01", "NaT"),
                ("245900410", "59001", "2020-01-01", "2021-01-01"),
                ("245900410", "59350", "2020-01-01", "2021-01-01"),
            ],
            id="the EPCI changes identifier",
        ),
        pytest.param(
            # no list of 2020: what was true in 2019 holds until the next list
            {2019: {HIGH: "01001 01002"}, 2021: {HIGH: "01001"}},
            [(HIGH, "01001", "2019-01-01", "NaT"), (HIGH, "01002", "2019-01-01", "2021-01-01")],
            id="a year without a list",
        ),
    ],
)
def test_periods(by_year, expected):
    assert date(by_year) == expected


@pytest.mark.parametrize(
    ("members", "events", "expected"),
    [
        pytest.param(
            {HIGH: "01001 01002"},
            [("01001", "01001"), ("01002", "01001")],
            [(HIGH, "01001", "2025-01-01", "NaT"), (HIGH, "01002", "2025-01-01", "2026-01-01")],
            id="inside an EPCI",
        ),
        pytest.param(
            {HIGH: "01001", LOW: "01002"},
            [("01001", "01001"), ("01002", "01001")],
            [(HIGH, "01001", "2025-01-01", "NaT"), (LOW, "01002", "2025-01-01", "2026-01-01")],
            id="across two: the EPCI of the seat goes on",
        ),
        pytest.param(
            {HIGH: "01002", LOW: "01001"},
            [("01001", "01001"), ("01002", "01001")],
            [(HIGH, "01002", "2025-01-01", "2026-01-01"), (LOW, "01001", "2025-01-01", "NaT")],
            id="across two, seat in the other",
        ),
        pytest.param(
            {LOW: "01002"},
            [("01001", "01001"), ("01002", "01001")],
            [(LOW, "01001", "2026-01-01", "NaT"), (LOW, "01002", "2025-01-01", "2026-01-01")],
            id="the seat was in no EPCI",
        ),
        pytest.param(
            {HIGH: "01001 01002"},
            [("01001", "01009"), ("01002", "01009")],
            [
                (HIGH, "01001", "2025-01-01", "2026-01-01"),
                (HIGH, "01002", "2025-01-01", "2026-01-01"),
                (HIGH, "01009", "2026-01-01", "NaT"),
            ],
            id="under a new code",
        ),
    ],
)
def test_mergers_after_the_last_list(members, events, expected):
    merger = make_events(*(("2026-01-01", MERGED, *pair) for pair in events))
    assert date({2025: members}, merger) == expected


def test_split_after_the_last_list():
    split = make_events(
        ("2025-06-01", SPLIT, "01001", "01001"), ("2025-06-01", SPLIT, "01001", "01009")
    )
    assert date({2025: {HIGH: "01001"}}, split) == [
        (HIGH, "01001", "2025-01-01", "NaT"),
        (HIGH, "01009", "2026-01-01", "NaT"),
    ]


def test_events_after_the_edition_are_not_followed():
    later = make_events(("2026-02-01", MERGED, "01002", "01001"))
    assert date({2025: {HIGH: "01002"}}, later) == [(HIGH, "01002", "2025-01-01", "NaT")]


EPCI = pd.DataFrame(
    [
        (HIGH, "01001", pd.Timestamp(2019, 1, 1), pd.NaT),
        (HIGH, "01002", pd.Timestamp(2019, 1, 1), pd.Timestamp(2022, 1, 1)),
        (LOW, "01003", pd.Timestamp(2019, 1, 1), pd.NaT),
        ("210100012", "01001", pd.NaT, pd.NaT),
    ],
    columns=["code", "code_commune", "valid_from", "valid_to"],
)


@pytest.mark.parametrize(
    ("links", "communes", "unknown"),
    [
        ([("ti-1", "A", HIGH)], ["01001", "01002"], []),
        ([("ti-1", "A", HIGH), ("ti-1", "A", LOW)], ["01001", "01002", "01003"], []),
        ([("ti-1", "A", "210100012")], ["01001"], []),
        ([("ti-1", "A", LOW), ("ti-1", "A", "299999999")], ["01003"], ["299999999"]),
    ],
)
def test_communes_of_a_group_of_epci(links, communes, unknown):
    table, missing = derive_from_epci(pd.DataFrame(links, columns=["code", "nom", "siren"]), EPCI)
    assert (table["code_commune"].tolist(), missing) == (communes, unknown)
    assert set(table["code"]) == {"ti-1"}


def test_dates_of_a_group_are_those_of_its_epci():
    links = pd.DataFrame([("ti-1", "A", HIGH)], columns=["code", "nom", "siren"])
    table, _ = derive_from_epci(links, EPCI)
    assert table["valid_to"].isna().tolist() == [True, False]
    assert table["valid_to"][1] == pd.Timestamp(2022, 1, 1)


def test_undated():
    table = pd.DataFrame([("84", "A", "01001")], columns=["code", "nom", "code_commune"])
    row = undated("region", table, "insee-cog-2026")
    assert list(row.columns) == COLUMNS
    assert row[["valid_from", "valid_to"]].isna().all(axis=None)


def test_unknown_groupements_are_named():
    assert describe_unknown("sans composition", []) == ()
    [left] = describe_unknown("sans composition", ["1", "2"])
    assert (left.count, left.examples) == (2, ("1", "2"))
