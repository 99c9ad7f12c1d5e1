"""The search over definitions, for one figure and for a sentence of several."""

import pytest

from analyses.claims_example import (
    AROUND,
    OLD,
    OWN,
    PETR,
    REGION,
    make_book,
    make_checked,
    make_claim,
    make_ground,
    read_figures,
)
from terrdiag.analyses.claims import search as search_room
from terrdiag.analyses.claims.evaluate import judge_claim
from terrdiag.analyses.claims.joint import Member, group_sentences, search_together
from terrdiag.analyses.claims.search import search_claim

EVERYWHERE = (OWN, OLD, PETR, AROUND)


def search(claim, year, grounds=EVERYWHERE, book=None):
    book = book or make_book()
    checked = judge_claim(1, claim, grounds[0], book, year)
    return search_claim(checked, year, grounds, book)


def keys(candidates):
    return [(one.indicator, one.year, one.ground.place.code) for one in candidates]


def test_other_years_places_and_definitions_are_tried():
    found = search(make_claim("population", 1, year=2011), 2011)
    # own: 2018 and the total of 2023; old: 2011, 2018; PETR: 2011; region: 2011, 2018 being a part only
    assert found.tried == 6
    assert not found.fitting
    assert not found.cut


@pytest.mark.parametrize(
    ("claim", "year", "expected", "changes", "against"),
    [
        (
            make_claim("population", 1040, year=2011),
            2011,
            ("population", 2018, "own"),
            ("year",),
            1,
        ),
        (make_claim("population", 1000), 2018, ("population", 2011, "own"), ("year",), 0),
        (make_claim("population", 950, year=2011), 2011, ("population", 2011, "old"), ("date",), 0),
        (
            make_claim("population", 990),
            2011,
            ("population", 2018, "old"),
            ("year", "date"),
            0,
        ),
        (
            make_claim("population", 1100, year=2018),
            2018,
            ("population_total", 2023, "own"),
            ("indicator", "year"),
            2,
        ),
        (
            make_claim("population", 1030, year=2011),
            2011,
            ("population", 2011, "CR1"),
            ("zoning",),
            1,
        ),
        (
            make_claim("industry_salaried_jobs_share_pct", "7.62"),
            2016,
            ("industry_establishments_share_pct", 2018, "own"),
            ("indicator", "year"),
            1,
        ),
    ],
)
def test_the_definition_that_gives_the_value_is_found(claim, year, expected, changes, against):
    best = search(claim, year).fitting[0]
    assert keys([best]) == [expected]
    assert best.changes == changes
    assert best.against == against


def test_a_date_the_document_says_is_contradicted():
    claim = make_claim("population", 950, year=2011, date=OWN.date)
    assert search(claim, 2011).fitting[0].against == 1


def test_fewest_changes_first_then_the_closest():
    claim = make_claim("population", "1e3", year=2011)  # 500 to 1,500: nearly all fit
    found = search(claim, 2011)
    assert keys(found.fitting) == [
        ("population", 2011, "old"),  # a date the document does not say
        ("population", 2011, "CR1"),  # one thing it contradicts, 30 away
        ("population", 2018, "own"),  # one thing, 40 away
        ("population", 2018, "old"),  # one thing, and the date
        ("population_total", 2023, "own"),  # two things
    ]


def test_another_sector_is_never_a_definition():
    # construction is 7.9 % of jobs: the coincidence explains nothing
    found = search(make_claim("industry_jobs_share_pct", "7.9"), 2022, (OWN, PETR, AROUND))
    assert not found.fitting


def test_the_definition_of_the_claim_is_not_tried_again():
    twin = make_ground("perimetre", "twin", "01 02", change="date")  # the same communes
    found = search(make_claim("population", 1000, year=2011), 2011, (OWN, twin))
    assert keys(found.fitting) == []
    assert found.tried == 2


def test_an_incomplete_sum_never_fits():
    assert not search(make_claim("population", 5400, year=2011), 2011).fitting


def test_the_nearest_are_on_the_place_of_the_claim():
    found = search(make_claim("population", 1032, year=2011), 2011)
    # the PETR is nearer (1,030), but it is another place
    assert keys(found.near) == [
        ("population", 2018, "own"),
        ("population_total", 2023, "own"),
        ("population", 2011, "old"),
    ]


def test_the_nearest_do_not_say_the_same_again():
    same = make_ground("perimetre", "same", "01", change="date")
    book = make_book(
        "territoire own altitude_max_m 2025 2872\nperimetre same altitude_max_m 2025 2872"
    )
    found = search(make_claim("altitude_max_m", 2877), 2025, (OWN, same), book)
    assert found.tried == 1
    assert not found.near


def test_the_number_of_definitions_is_bounded(monkeypatch):
    monkeypatch.setattr(search_room, "MAX_TRIED", 3)
    found = search(make_claim("population", 1100, year=2011), 2011)
    assert (found.tried, found.cut) == (3, True)
    assert not found.fitting  # the total population changes two things: it comes after


@pytest.mark.parametrize(
    ("value", "around", "is_weak"),
    [
        ("7.62", 0, False),  # 0.05 around: the definition itself is the claim's
        ("8", 6, True),  # 5 around: six definitions
    ],
)
def test_a_loose_rounding_matches_by_chance(value, around, is_weak):
    claim = make_claim("industry_establishments_share_pct", value, year=2018)
    found = search(claim, 2018, (OWN, OLD, PETR, AROUND))
    assert found.around == around
    assert found.is_weak is is_weak


def test_more_than_says_nothing_of_chance():
    found = search(make_claim("population", 1050, relation=">"), 2018, (OWN, OLD))
    assert keys(found.fitting) == [("population_total", 2023, "own")]
    assert found.around == 0


class TestSentence:
    """« 7,9 % contre 7 % »."""

    def members(self, first, second, place="region:76", name="industry_salaried_jobs_share_pct"):
        book = make_book()
        claims = [make_claim(name, first), make_claim(name, second, place=place)]
        other = REGION if place == "region:76" else OWN
        checked = [
            judge_claim(rank + 1, claim, ground, book, 2016)
            for rank, (claim, ground) in enumerate(zip(claims, (OWN, other), strict=True))
        ]
        tried = [EVERYWHERE, (REGION, PETR) if other is REGION else EVERYWHERE]
        return [Member(c, 2016, grounds) for c, grounds in zip(checked, tried, strict=True)], book

    def test_one_definition_explains_both(self):
        found = search_together(*self.members("7.62", "6.66"))
        assert found.numbers == (1, 2)
        assert keys(found.fitting[0].candidates) == [
            ("industry_establishments_share_pct", 2018, "own"),
            ("industry_establishments_share_pct", 2018, "76"),
        ]
        assert found.fitting[0].changes == ("indicator", "year")
        assert found.fitting[0].against == 1
        assert not found.near

    def test_the_territory_moves_and_the_comparator_stays(self):
        # 7.9 is the share on the old perimeter, 7 the rounded share of the region
        found = search_together(*self.members("7.9", "7"))
        assert keys(found.fitting[0].candidates) == [
            ("industry_establishments_share_pct", 2018, "old"),
            ("industry_establishments_share_pct", 2018, "76"),
        ]
        assert found.fitting[0].changes == ("indicator", "year", "date")

    def test_what_explains_one_figure_only_is_not_enough(self):
        # jobs give 12 for the territory, establishments give 7 for the region: no definition gives both
        assert not search_together(*self.members("12", "7")).fitting
        # jobs give 12.4 and 9.4
        found = search_together(*self.members("12", "9"))
        assert keys(found.fitting[0].candidates) == [
            ("industry_jobs_share_pct", 2022, "own"),
            ("industry_jobs_share_pct", 2022, "76"),
        ]

    def test_the_nearest_leaves_the_fewest_figures_out(self):
        found = search_together(*self.members("7.7", "7"))
        assert not found.fitting
        [first, *_] = found.near
        assert keys(first.candidates) == [
            ("industry_establishments_share_pct", 2018, "own"),
            ("industry_establishments_share_pct", 2018, "76"),
        ]
        assert [one.fits for one in first.candidates] == [False, True]
        assert not found.is_said_nearest

    def test_the_definition_of_the_sentence_may_be_the_nearest(self):
        found = search_together(*self.members("14.7", "11.2"))
        assert found.is_said_nearest

    def test_two_figures_of_one_place(self):
        members, book = self.members("7.62", "7.9", place="territoire")
        assert not search_together(members, book).fitting

    def test_claims_of_one_sentence_and_one_kind_are_grouped(self):
        name = "industry_jobs_share_pct"
        claims = [
            make_claim(name, 12),
            make_claim(name, 10, place="region:76"),
            make_claim("population", 1000),  # another kind of figure
            make_claim(name, 12, document="un autre"),
            make_claim(name, 9, relation=">"),
            make_claim("industry_establishments_share_pct", 7),  # of the same theme and unit
        ]
        checked = [make_checked(claim, number=rank + 1) for rank, claim in enumerate(claims)]
        groups = group_sentences(checked, make_book())
        assert [[one.number for one in group] for group in groups] == [[1, 2, 6]]


def test_the_order_of_the_figures_changes_nothing():
    claim = make_claim("population", "1e3", year=2011)
    table = read_figures()
    book = make_book()
    book._tables = []
    again = type(book)(None, book.indicators, table.iloc[::-1])
    assert keys(search(claim, 2011).fitting) == keys(search(claim, 2011, book=again).fitting)
