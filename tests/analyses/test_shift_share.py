"""Shift-share: the identity, tables worked out by hand, a published example, and what is missing."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyses.sectors_example import (
    AIN,
    BAS,
    FRANCE,
    HAUT,
    PLACES,
    TERRITORY,
    establishments,
    find,
    five,
    job_shares,
    row,
    run_embedded,
    table,
    three,
)
from terrdiag.analyses.sectors.decomposition import decompose_change
from terrdiag.analyses.sectors.shift_share import EFFECTS, analyse_shift_share
from terrdiag.analyses.sectors.structures import Structure, compare_structures

INTERVALS = ((2011, 2016), (2013, 2018), (2016, 2022))


def test_the_published_table_of_holukuluku():
    # G. Krumme, University of Washington, "Shift & Share Table": employment of four industries, 1985 and 1995;
    # the nation's has 10, 20, 40 and 30 % of its jobs in them, and they gain 10, 20, 30 and 40 %
    start, end = [500, 100, 200, 200], [1000, 100, 250, 280]
    nation, growth = np.array([10.0, 20, 40, 30]), np.array([10.0, 20, 30, 40])
    effects = decompose_change(start, end, nation, nation * (1 + growth / 100))
    assert effects.national.sum() == pytest.approx(290)
    assert effects.structural == pytest.approx([-95, -9, 2, 22])
    assert effects.local == pytest.approx([450, -20, -10, 0])
    assert effects.structural.sum() == pytest.approx(-80)
    assert effects.local.sum() == pytest.approx(420)
    assert effects.total.sum() == pytest.approx(630)


def test_by_hand():
    # the reference gains 20 %: 10 % in the first branch, 30 % in the second
    effects = decompose_change([80, 20], [96, 20], [100, 100], [110, 130])
    assert effects.national == pytest.approx([16, 4])
    assert effects.structural == pytest.approx([-8, 2])  # 80 × (10 − 20) %, 20 × (30 − 20) %
    assert effects.local == pytest.approx([8, -6])  # 80 × (20 − 10) %, 20 × (0 − 30) %


counts = st.lists(st.integers(0, 5000), min_size=5, max_size=5)


@given(counts, counts, st.lists(st.integers(1, 9000), min_size=5, max_size=5), counts)
def test_the_identity_holds(start, end, reference_start, reference_end):
    effects = decompose_change(start, end, reference_start, reference_end)
    assert effects.total == pytest.approx(np.array(end) - start, abs=1e-6)


@given(st.lists(st.integers(1, 5000), min_size=5, max_size=5), counts)
def test_against_itself_nothing_is_structural_nor_local(start, end):
    effects = decompose_change(start, end, start, end)
    assert effects.structural.sum() == pytest.approx(0, abs=1e-6)
    assert effects.local == pytest.approx(np.zeros(5), abs=1e-6)


@pytest.mark.parametrize(
    ("start", "reference_start", "local"),
    [
        ([0, 50], [100, 100], 7.0),  # what appears is local
        ([0, 50], [0, 100], 7.0),
        ([5, 50], [0, 100], math.nan),  # what is not in the reference has no growth there
    ],
)
def test_empty_branches(start, reference_start, local):
    effects = decompose_change(start, [7, 50], reference_start, [120, 100])
    assert effects.local[0] == pytest.approx(local, nan_ok=True)


def test_an_empty_reference():
    assert np.isnan(decompose_change([5, 5], [6, 6], [0, 0], [1, 1]).total).all()


def test_establishments():
    values = table(
        establishments(TERRITORY, 2018, (50, 20, 10, 15, 5)),
        establishments(TERRITORY, 2024, (60, 20, 10, 15, 5)),
        establishments(FRANCE, 2018, (100, 100, 100, 100, 100)),
        establishments(FRANCE, 2024, (100, 100, 100, 150, 150)),
    )
    result = analyse_shift_share(values, PLACES, INTERVALS)
    # France gains 20 %: 0 in the first three sectors, 50 % in the two others
    expected = {"total": 10, "national": 20, "structural": -10, "local": 0}
    for effect, number in expected.items():
        found = find(result.values, TERRITORY, f"shift_share_{effect}_establishments_vs_france_pct")
        assert (found["ref_year"], found["denominator"]) == (2024, 100.0)
        assert found["value"] == pytest.approx(number)
        assert found["numerator"] == pytest.approx(number)
    name = "shift_share_local_industry_establishments_vs_france_pct"
    assert find(result.values, TERRITORY, name)["value"] == pytest.approx(10)
    assert {gap.basis for gap in result.gaps if gap.reference == FRANCE} == {"jobs"}


@pytest.mark.parametrize(
    ("counts", "status"),
    [((9, 5, 5, 5, 0), "too_small"), ((0, 5, 10, 10, 10), "not_applicable")],
)
def test_establishments_that_are_not_decomposed(counts, status):
    there = (100, 100, 100, 100, 0) if status == "not_applicable" else (100, 100, 100, 100, 100)
    values = table(
        establishments(TERRITORY, 2018, counts),
        establishments(TERRITORY, 2024, counts),
        establishments(FRANCE, 2018, there),
        establishments(FRANCE, 2024, there),
    )
    result = analyse_shift_share(values, PLACES, INTERVALS).values
    for effect in EFFECTS:
        found = find(result, TERRITORY, f"shift_share_{effect}_establishments_vs_france_pct")
        assert found["status"] == status
        assert math.isnan(found["value"])


@pytest.mark.parametrize(
    "later",
    [
        establishments(FRANCE, 2024, ("secret", 100, 100, 150, 150)),
        # a part of France only: the communes that lack would pass for a loss
        establishments(FRANCE, 2024, (90, 90, 90, 90, 90), status="partial", coverage=98.0),
        [],
    ],
)
def test_what_is_missing_is_said(later):
    values = table(
        establishments(TERRITORY, 2018, (50, 20, 10, 15, 5)),
        establishments(TERRITORY, 2024, (60, 20, 10, 15, 5)),
        establishments(FRANCE, 2018, (100, 100, 100, 100, 100)),
        later,
    )
    result = analyse_shift_share(values, PLACES, INTERVALS)
    assert result.values.empty
    [gap] = [
        one for one in result.gaps if one.reference == FRANCE and one.basis == "establishments"
    ]
    assert (gap.here, gap.there) == (((2018,), (2024,)), ((2018,),))


def jobs_of(place, growth, start, end, five_at_end=None):
    return [
        *job_shares(place, 2016, three(*start)),
        *job_shares(place, 2022, five_at_end or three(*end), growth=growth),
    ]


def test_jobs_from_published_shares():
    # here 20, 10, 50, 20 then 25, 10, 45, 20 of 1.01^6 as many; there 10, 10, 60, 20 unchanged, +2 % a year
    values = table(
        jobs_of(TERRITORY, 1.0, (10, 50, 20), None, five(20, 5, 10, 45, 20)),
        jobs_of(FRANCE, 2.0, (10, 60, 20), None, five(7, 3, 10, 60, 20)),
        [row(TERRITORY, "jobs", 2016, 2000.0)],
    )
    result = analyse_shift_share(values, PLACES, INTERVALS)
    [change] = result.changes
    assert change.here[0] == pytest.approx([20, 10, 50, 20])
    assert change.here[1] == pytest.approx(np.array([25, 10, 45, 20]) * 1.01**6)
    expected = {
        "total": 100 * (1.01**6 - 1),
        "national": 100 * (1.02**6 - 1),
        "structural": 0.0,  # every branch of the reference grows as the whole
        "local": 100 * (1.01**6 - 1.02**6),
    }
    for effect, percent in expected.items():
        found = find(result.values, TERRITORY, f"shift_share_{effect}_jobs_vs_france_pct")
        assert (found["ref_year"], found["status"]) == (2022, "estimate")
        assert found["value"] == pytest.approx(percent, abs=1e-9)
        assert found["numerator"] == pytest.approx(percent * 20, abs=1e-9)
        low, high = (
            find(result.values, TERRITORY, f"shift_share_{effect}_jobs_vs_france_{bound}_pct")
            for bound in ("low", "high")
        )
        assert low["value"] < percent < high["value"]
    assert change.bounds["structural"].differs is False
    # agriculture and industry: 25 × 1.01^6 here, 20 × 1.02^6 expected
    name = "shift_share_local_agriculture_industry_jobs_vs_france_pct"
    found = find(result.values, TERRITORY, name)
    assert found["value"] == pytest.approx(25 * 1.01**6 - 20 * 1.02**6)


@pytest.mark.parametrize(
    ("year", "sources"),
    # the effect is also given in jobs where those of the start are known, and only there
    [(2016, "insee-comptes+insee-essai"), (2018, "insee-essai")],
)
def test_sources_of_the_effects_on_jobs(year, sources):
    values = table(
        jobs_of(TERRITORY, 1.0, (10, 50, 20), (10, 50, 20)),
        jobs_of(FRANCE, 2.0, (10, 60, 20), (10, 60, 20)),
        [
            row(TERRITORY, "jobs", year, 2000.0, source_id="insee-comptes"),
            # no figure of the table is made of the jobs of the reference
            row(FRANCE, "jobs", year, 9000.0, source_id="insee-ailleurs"),
        ],
    )
    result = analyse_shift_share(values, PLACES, INTERVALS).values
    assert len(result)
    assert set(result["source_id"]) == {sources}
    assert result["numerator"].notna().all() == (year == 2016)


def counted_jobs(place, coverage=100.0, growth=1.0, published=9.0):
    """Shares made of counts, their growth, and a published one that is of other communes."""
    known = {"status": "ok" if coverage == 100 else "partial", "coverage_pct": coverage}
    parts = {"numerator": 5.0, "denominator": 50.0}
    return [
        *(
            one | known | parts
            for year in (2016, 2022)
            for one in job_shares(place, year, five(20, 5, 10, 45, 20))
        ),
        row(place, "jobs_growth_pct", 2022, growth, **known, numerator=5.0, denominator=50.0),
        row(place, "jobs_growth_published_pct", 2022, published),
    ]


def test_shares_made_of_counts_go_with_the_growth_of_the_same_counts():
    """A union of EPCI has its own counts, and France is compared although nobody counts the jobs of Mayotte."""
    values = table(counted_jobs(TERRITORY), counted_jobs(FRANCE, 99.999, growth=2.0))
    [change] = analyse_shift_share(values, PLACES, INTERVALS).changes
    assert change.bounds["total"].value == pytest.approx(100 * (1.01**6 - 1))
    assert change.bounds["national"].value == pytest.approx(100 * (1.02**6 - 1))
    assert (change.is_union, change.coverage_pct) == (False, 99.999)


def test_counts_that_lack_communes_are_not_decomposed():
    values = table(counted_jobs(TERRITORY), counted_jobs(FRANCE, 98.0))
    assert analyse_shift_share(values, PLACES, INTERVALS).changes == ()


shares = st.lists(st.integers(300, 3000), min_size=3, max_size=3).map(
    lambda parts: np.array(parts) / 100
)
errors = st.lists(st.floats(-1, 1), min_size=3, max_size=3).map(np.array)


@given(st.tuples(shares, shares, shares, shares), st.tuples(errors, errors, errors, errors))
def test_the_true_effects_are_within_their_bounds(published, error):
    def structure(start, end, rate, low, high):
        full = [np.concatenate([[100 - one.sum()], one]) for one in (start, end)]
        factors = [(1 + one / 100) ** 6 for one in (rate, low, high)]
        return Structure(*full, *factors, math.nan, math.nan, is_union=False, source_id="")

    here = structure(*published[:2], 0.5, 0.495, 0.505)
    there = structure(*published[2:], 0.9, 0.895, 0.905)
    moved = [one + 0.005 * shift for one, shift in zip(published, error, strict=True)]
    rates = 0.5 + 0.005 * error[0][0], 0.9 + 0.005 * error[1][0]
    true_here = structure(*moved[:2], rates[0], 0, 0)
    true_there = structure(*moved[2:], rates[1], 0, 0)
    bounds = compare_structures(here, there)[1]
    true = compare_structures(true_here, true_there)[1]
    for effect in EFFECTS:
        assert bounds[effect].low - 1e-3 <= true[effect].value <= bounds[effect].high + 1e-3
    assert bounds["total"].value == pytest.approx(
        sum(bounds[name].value for name in ("national", "structural", "local"))
    )


def test_union_of_epci():
    # 1,000 jobs in 2018 and 3,000: +1 % and −1 % a year bring them to 2016 and 2022
    values = table(
        jobs_of(HAUT, 1.0, (10, 50, 20), (10, 50, 20)),
        jobs_of(BAS, -1.0, (20, 40, 30), (10, 50, 30)),
        [row(HAUT, "jobs", 2018, 1000.0), row(BAS, "jobs", 2018, 3000.0)],
        job_shares(TERRITORY, 2022, five(15, 5, 10, 50, 20), "estimate", growth=-0.5),
        jobs_of(FRANCE, 2.0, (10, 60, 20), (10, 60, 20)),
    )
    result = analyse_shift_share(values, PLACES, INTERVALS)
    [change] = [one for one in result.changes if one.place == TERRITORY]
    before = np.array([1000 / 1.01**2, 3000 / 0.99**2])
    after = np.array([1000 * 1.01**4, 3000 * 0.99**4])
    assert change.is_union
    assert change.bounds["total"].value == pytest.approx(100 * (after.sum() / before.sum() - 1))
    # construction: 10 % and 20 % of the jobs of 2016
    assert change.here[0][1] == pytest.approx(before @ [10, 20] / before.sum())
    assert change.here[1][1] == pytest.approx(10 * after.sum() / before.sum())
    assert math.isnan(change.initial)


def test_few_jobs_in_a_branch_are_fragile():
    values = table(
        jobs_of(TERRITORY, 1.0, (10, 50, 20), (10, 50, 20)),
        jobs_of(FRANCE, 2.0, (10, 60, 20), (10, 60, 20)),
        [row(TERRITORY, "jobs", 2018, 1500.0)],
    )
    [change] = analyse_shift_share(values, PLACES, INTERVALS).changes
    # 20, 10, 50 and 20 % of 1,500
    assert change.fragile_branches == ("construction",)


def test_territory_that_is_not_made_of_whole_epci():
    values = table(
        jobs_of(HAUT, 1.0, (10, 50, 20), (10, 50, 20)),
        [row(HAUT, "jobs", 2018, 1000.0)],
        jobs_of(FRANCE, 2.0, (10, 60, 20), (10, 60, 20)),
    )
    result = analyse_shift_share(values, PLACES, INTERVALS)
    assert [one.place for one in result.changes] == [HAUT]
    gaps = {(one.basis, one.reference.level): one for one in result.gaps}
    assert gaps["jobs", "france"].there == ((2016, 2022),)
    assert gaps["jobs", "france"].here == ()


def test_reference_whose_shares_are_estimates():
    values = table(
        jobs_of(TERRITORY, 1.0, (10, 50, 20), (10, 50, 20)),
        job_shares(AIN, 2016, three(10, 50, 20), "estimate"),
        job_shares(AIN, 2022, three(10, 50, 20), "estimate", growth=1.0),
    )
    result = analyse_shift_share(values, PLACES, INTERVALS)
    assert result.changes == ()
    [gap] = [one for one in result.gaps if one.basis == "jobs" and one.reference == AIN]
    assert (gap.here, gap.there) == (((2016, 2022),), ())


def test_haute_bigorre():
    values, places, intervals = run_embedded("cchb")
    result = analyse_shift_share(values, places, intervals)
    changes = {
        (one.place.level, one.reference.level, one.span): one
        for one in result.changes
        if one.basis == "jobs"
    }
    change = changes["territoire", "france", (2016, 2022)]
    # published: 0.50 % a year here, 0.88 % in France
    assert change.bounds["total"].value == pytest.approx(100 * (1.005**6 - 1))
    assert change.bounds["national"].value == pytest.approx(100 * (1.0088**6 - 1))
    # 100 − 6.17 − 36.42 − 42.32
    assert change.here[0] == pytest.approx([15.09, 6.17, 36.42, 42.32])
    # the jobs counted in 2016 and 2022 agree with the published rate
    counted = find(values, change.place, "jobs", 2022)["value"]
    total = change.bounds["total"]
    assert total.low <= 100 * (counted / change.initial - 1) <= total.high
    # the only comparator made of several EPCI has no published figure
    gaps = {(one.basis, one.reference.level): one for one in result.gaps}
    assert gaps["jobs", "ti"].there == ()
    assert gaps["establishments", "france"].there == ((2018,),)


def test_communes_of_haute_bigorre_beside_their_epci(tmp_path):
    # the only place for which establishments are known by sector at two dates
    study = tmp_path / "essai.toml"
    study.write_text(
        '[study]\nid = "essai"\ntitle = "Essai"\n[perimeter]\ncommunes = ["65059", "65123"]\n'
        '[comparators]\ninclude = ["epci:246500482", "france"]\n'
    )
    values, places, intervals = run_embedded(str(study))
    result = analyse_shift_share(values, places, intervals)
    [change] = [one for one in result.changes if one.place.level == "territoire"]
    assert (change.basis, change.reference.code, change.span) == (
        *("establishments", "epci_246500482"),
        (2018, 2024),
    )
    start, end = (
        find(values, change.place, "establishments", year)["value"] for year in (2018, 2024)
    )
    assert change.initial == start
    assert change.effects.total.sum() == pytest.approx(end - start)
    # 559 establishments in 2018 and 606 in 2024 in the whole EPCI
    assert change.effects.national.sum() == pytest.approx(start * (606 / 559 - 1))
