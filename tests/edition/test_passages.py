"""The following of communes through the events, beside a passage table."""

import datetime as dt

import pandas as pd
import pytest

from terrdiag.edition import open_edition, read_events
from terrdiag.edition.crosswalk import bring_forward
from terrdiag.edition.passages import compare_passages, word_differences

EVENTS = pd.DataFrame(
    {
        "date": pd.to_datetime(["2016-01-01", "2016-01-01", "2019-12-31", "2019-12-31"]),
        "kind": [32, 32, 21, 21],
        "code_before": ["01002", "01001", "14666", "14666"],
        "code_after": ["01001", "01001", "14666", "14712"],
    }
)
SAME = [
    (2003, "01001", "01001"),
    (2003, "01002", "01001"),
    (2003, "14666", "14666"),
    (2003, "14666", "14712"),
    (2017, "01001", "01001"),
    (2020, "14712", "14712"),
]


def table(rows):
    return pd.DataFrame(rows, columns=["year", "code_before", "code_after"])


def test_no_difference():
    assert compare_passages(table(SAME), EVENTS, 2026) == ()
    assert (
        word_differences(()) == "La table de passage et les événements mènent aux mêmes communes."
    )


@pytest.mark.parametrize(
    ("rows", "texts"),
    [
        # the table leads a split commune to the one that keeps its code only
        (SAME[:3], ["14666 (2003) : 14666 et 14712 par les événements, 14666 par la table"]),
        # a merger that the events do not know
        (
            [(2017, "01003", "01001")],
            ["01003 (2017) : 01003 par les événements, 01001 par la table"],
        ),
        # a commune of before an event, put after it
        (
            [(2018, "01002", "01001")],
            ["01002 (2018) : 01002 par les événements, 01001 par la table"],
        ),
    ],
)
def test_differences(rows, texts):
    assert [one.text for one in compare_passages(table(rows), EVENTS, 2026)] == texts


def test_a_table_without_years_is_followed_from_2003():
    rows = table(SAME[:4]).drop(columns="year")
    assert compare_passages(rows, EVENTS, 2026) == ()


def test_a_difference_of_many_years_is_said_once():
    rows = [(year, "01003", "01001") for year in range(2003, 2020)]
    found = compare_passages(table(rows), EVENTS, 2026)
    assert len(found) == 17
    words = word_differences(found).replace("\xa0", " ")
    assert words == (
        "Table de passage : 1 code ne mène pas aux mêmes communes que les événements : 01003 (2019) : 01003 par "
        "les événements, 01001 par la table."
    )


def test_only_the_first_differences_are_named():
    rows = [(2020, f"01{number:03}", "99999") for number in range(100, 115)]
    words = word_differences(compare_passages(table(rows), EVENTS, 2026), limit=2).replace(
        "\xa0", " "
    )
    assert "15 codes ne mènent pas" in words
    assert words.endswith("et 13 autres.")


def test_the_events_of_the_embedded_edition_agree_with_a_table_made_of_them():
    events = read_events(open_edition())
    codes = ["14666", "49018", "65059", "01033", "69152", "2A004"]
    made = bring_forward(codes, dt.date(2012, 1, 1), events)
    assert len(made) > len(codes) - 1
    assert compare_passages(made.assign(year=2012), events, 2026) == ()
