"""What moves between two dates of the COG: nothing is lost that is not named, whatever the year."""

import datetime as dt
import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edition.example import FIRST_YEAR, LAST_YEAR, MERGED, MOVED, SPLIT, histories, make_events
from terrdiag.edition import open_edition, read_commune_list, read_events
from terrdiag.edition.crosswalk import communes_at, find_family
from terrdiag.edition.harmonise import harmonise
from terrdiag.edition.moves import Lost, Moves, gather_moves, word_moves
from terrdiag.edition.schema import ESTIMATED
from terrdiag.values import MISSING, OK, SECRET

EVENTS = make_events(
    ("2022-01-01", MERGED, "01002", "01002"),
    ("2022-01-01", MERGED, "01012", "01002"),
    ("2023-01-01", MOVED, "01003", "01033"),
    ("2024-01-01", SPLIT, "01004", "01004"),
    ("2024-01-01", SPLIT, "01004", "01014"),
)
POPULATION = pd.Series(
    {"01001": 1000.0, "01002": 300.0, "01004": 400.0, "01014": 200.0, "01033": 10.0}
)


def make_table(figures, variable="births", year=2020):
    rows = [(code, variable, year, *figure) for code, figure in figures.items()]
    return pd.DataFrame(rows, columns=["code", "variable", "ref_year", "value", "status"])


def known(value):
    return float(value), OK


def bring(figures, cog_year=2021, population=POPULATION, **more):
    return harmonise(figures, cog_year, EVENTS, population, **more)


def test_what_moved_is_named():
    figures = {"01001": known(1), "01002": known(2), "01012": known(3), "01003": known(4)}
    found = bring(make_table(figures | {"01004": known(6), "01998": known(9)}))
    assert found.moves == Moves(
        2021,
        renamed=((("01003",), ("01033",)),),
        merged=((("01002", "01012"), ("01002",)),),
        split=((("01004",), ("01004", "01014")),),
        left_out=("01998",),
    )
    # 6 births shared by 400 and 200 inhabitants
    values = dict(zip(found.table["code"], found.table["value"], strict=True))
    assert values == {"01001": 1, "01002": 5, "01004": 4, "01014": 2, "01033": 4}


def test_what_moved_is_worded():
    figures = {"01002": known(2), "01012": known(3), "01003": known(4), "01004": known(6)}
    texts = [text.replace("\u00a0", " ") for text in word_moves(bring(make_table(figures)).moves)]
    assert texts[:2] == [
        "communes de 2021 : 1 commune a changé de code (01003 → 01033)",
        "communes de 2021 : 2 communes fusionnées en 1 (01002 et 01012 → 01002)",
    ]
    assert "1 commune séparée" in texts[2]
    assert "marqués estimés (01004 → 01004 et 01014)" in texts[2]
    assert len(texts) == 3


def test_nothing_is_said_of_what_stays():
    moves = bring(make_table({"01001": known(1)})).moves
    assert moves.is_still
    assert word_moves(moves) == ()


def test_a_change_elsewhere_is_not_a_change_of_the_file():
    assert bring(make_table({"01001": known(1)}), cog_year=2003).moves.is_still


@pytest.mark.parametrize(
    ("figures", "codes", "total"),
    [
        ({"01002": known(2)}, ("01002",), 2),
        ({"01012": known(3)}, ("01012",), 3),
        ({"01002": known(2), "01012": (math.nan, MISSING)}, ("01002",), 2),
        ({"01002": known(2), "01012": (math.nan, SECRET)}, ("01002",), 2),
    ],
)
def test_the_known_part_of_an_unknown_merger_is_named(figures, codes, total):
    found = bring(make_table(figures))
    assert found.table["value"].notna().sum() == 0
    assert found.moves.lost == (Lost("births", 2020, codes, total),)
    assert any("perdu" in text for text in word_moves(found.moves))


def test_what_cannot_be_shared_is_named_whole():
    found = bring(make_table({"01004": known(6)}), population=POPULATION * 0)
    assert found.table.empty
    assert found.moves.lost == (Lost("births", 2020, ("01004",), pytest.approx(6)),)


def test_the_part_of_a_split_that_is_lost_is_named_for_that_part():
    events = pd.concat(
        [EVENTS, make_events(*(("2025-01-01", MERGED, code, "01001") for code in ("01001", "01014")))]
    )  # fmt: skip
    population = pd.Series({"01001": 200.0, "01004": 400.0})
    found = harmonise(make_table({"01004": known(6)}), 2021, events, population)
    # a third of the 6 would go to 01001, of which the rest is not known: what is shared is what the table can hold
    kept = found.table["value"].sum()
    (lost,) = found.moves.lost
    assert lost.codes == ("01004",)
    assert kept + lost.total == pytest.approx(6)


def test_rates_are_never_merged_nor_shared():
    figures = {"01001": known(8), "01002": known(7), "01012": known(9)}
    figures |= {"01003": known(5), "01004": known(6)}
    found = bring(make_table(figures, "poverty_rate_pct"), rates={"poverty_rate_pct"})
    assert dict(zip(found.table["code"], found.table["value"], strict=True)) == {"01001": 8, "01033": 5}  # fmt: skip
    assert found.moves.rates_lost == ("01002", "01004", "01014")
    assert found.moves.lost == ()
    assert "taux ou une médiane" in word_moves(found.moves)[-1]


def test_sentences_of_several_files_are_said_once():
    moves = bring(make_table({"01003": known(4)})).moves
    assert len(gather_moves([moves, moves])) == 1


# --- Laws ----------------------------------------------------------------------------------------------

FIGURE = st.one_of(
    st.integers(0, 9999).map(known), st.sampled_from([(math.nan, MISSING), (math.nan, SECRET), None])
)  # fmt: skip


@given(histories(), st.integers(FIRST_YEAR, LAST_YEAR), st.data())
def test_what_is_given_is_held_or_named(history, year, data):
    """Rows may be known, secret, missing or absent, codes unknown, populations zero."""
    events, states = history
    codes = [*sorted(states[year]), "01998"]
    drawn = {code: data.draw(FIGURE) for code in codes}
    figures = make_table({code: figure for code, figure in drawn.items() if figure})
    weights = {code: data.draw(st.sampled_from([0.0, 1.0, 5.0])) for code in states[LAST_YEAR]}
    found = harmonise(figures, year, events, pd.Series(weights).sort_index())
    left_out = figures.loc[figures["code"].isin(found.moves.left_out), "value"].sum()
    lost = sum(one.total for one in found.moves.lost)
    assert found.table["value"].sum() + left_out + lost == pytest.approx(figures["value"].sum())
    named = {code for one in found.dropped for code in one.examples}
    assert set(found.moves.left_out) == named


@given(histories(), st.integers(FIRST_YEAR, LAST_YEAR), st.data())
def test_a_rate_that_is_kept_is_the_one_given(history, year, data):
    events, states = history
    drawn = {code: known(data.draw(st.integers(0, 100))) for code in sorted(states[year])}
    population = pd.Series(1.0, index=sorted(states[LAST_YEAR]))
    found = harmonise(make_table(drawn, "rate"), year, events, population, rates={"rate"})
    assert set(found.table["status"]) <= {OK}
    assert set(found.table["value"]) <= {value for value, _ in drawn.values()}
    assert {*found.table["code"], *found.moves.rates_lost} == states[LAST_YEAR]


# --- Every 1 January since 2003, with the real events ------------------------------------------------------

PUBLISHED = {
    2012: 36_700, 2013: 36_681, 2015: 36_658, 2016: 35_885, 2017: 35_416, 2018: 35_357, 2019: 34_970,
    2020: 34_968, 2021: 34_965, 2022: 34_955, 2023: 34_945, 2024: 34_935, 2025: 34_875,
}  # fmt: skip
"""Communes of France at 1 January, as published by INSEE. Before 2012, 15 more are found: the 17 of Mayotte, which
was not a département, less (until 2007) Saint-Barthélemy and Saint-Martin, which no event leads anywhere."""


@pytest.fixture(scope="module")
def country():
    edition = open_edition()
    codes = read_commune_list(edition)["code_commune"]
    return read_events(edition), pd.Index(codes)


@pytest.fixture(scope="module")
def touched(country):
    """The communes that events bear on since 2003, and a few others: the rest never moves."""
    events, codes = country
    events = events[events["date"] > "2003-01-01"]
    family = find_family(set(events["code_after"]) & set(codes), events)
    kept = sorted((family & set(codes)) | set(codes[:100]))
    return events, pd.Series(range(1, len(kept) + 1), index=kept, dtype="float64")


@pytest.mark.parametrize("year", PUBLISHED)
def test_communes_of_a_date_are_as_many_as_insee_published(country, year):
    events, codes = country
    assert len(communes_at(dt.date(year, 1, 1), codes, events)) == PUBLISHED[year]


@pytest.mark.parametrize("year", range(2003, 2026))
def test_every_table_since_2003_is_brought_to_the_edition(touched, year):
    events, population = touched
    communes = sorted(communes_at(dt.date(year, 1, 1), population.index, events))
    counts = pd.Series(range(len(communes)), index=communes, dtype="float64")
    figures = pd.concat(
        [make_table({code: (value, OK) for code, value in counts.items()}, name) for name in ("births", "rate")]
    )  # fmt: skip
    found = harmonise(figures, year, events, population, rates={"rate"})
    assert found.dropped == ()
    assert found.moves.lost == ()
    births = found.table[found.table["variable"] == "births"].set_index("code")
    # every commune has its figure, and no birth is lost or made
    assert list(births.index) == sorted(population.index)
    assert math.fsum(births["value"]) == pytest.approx(counts.sum(), rel=1e-12)
    split = {code for _, after in found.moves.split for code in after}
    assert set(births.index[births["status"] == ESTIMATED]) == split
    # a rate stays where the commune is the same one, under its code or another
    rates = found.table[found.table["variable"] == "rate"].set_index("code")["value"]
    changed = {code for _, after in (*found.moves.merged, *found.moves.split) for code in after}
    assert set(rates.index) == set(population.index) - changed
    renamed = {before: after for (before,), (after,) in found.moves.renamed}
    assert rates.equals(counts.rename(renamed)[rates.index])


def test_a_code_borne_for_an_instant_is_no_commune(country):
    # 1 January 2018: Freigné (49144) is transferred to 44225, which merges into Vallons-de-l'Erdre (44180)
    events, codes = country
    communes = communes_at(dt.date(2017, 1, 1), codes, events)
    assert "44225" not in communes
    assert {"49144", "44180"} <= communes
    parts = events[(events["code_after"] == "44180") & (events["date"] == "2018-01-01")]
    given_ = {code: known(1) for code in set(parts["code_before"]) - {"44225"} | {"49144"}}
    found = harmonise(make_table(given_), 2017, events, pd.Series(1.0, index=codes))
    assert found.table[["code", "value"]].to_numpy().tolist() == [["44180", len(given_)]]
