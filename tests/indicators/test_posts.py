"""Salaried posts (Flores): shares that are ratios of sums, and words that say what is counted."""

import pandas as pd
import pytest

from terrdiag.catalogue import load_indicators
from terrdiag.indicators import posts
from terrdiag.indicators.parts import Parts, finish_ratio

NAN = float("nan")

BRANCHES = (
    posts.food_industry_posts_share_pct,
    posts.refining_industry_posts_share_pct,
    posts.machinery_industry_posts_share_pct,
    posts.transport_equipment_industry_posts_share_pct,
    posts.other_manufacturing_industry_posts_share_pct,
    posts.energy_water_industry_posts_share_pct,
)

OURS = [name for name in load_indicators() if name.endswith(("salaried_posts", "posts_share_pct"))]


def share(function, numerator, denominator):
    parts = function(pd.Series(numerator), pd.Series(denominator))
    sums = Parts(
        pd.Series([parts.numerator.sum()]), pd.Series([parts.denominator.sum()]), parts.scale
    )
    return finish_ratio(sums).tolist()


def test_posts_are_counted():
    parts = posts.salaried_posts(pd.Series([150.0, NAN]))
    assert parts.denominator is None
    assert parts.numerator.tolist()[0] == 150


@pytest.mark.parametrize(
    ("industry", "total", "expected"),
    [
        ([30.0, 90.0], [150.0, 150.0], 40.0),  # (30 + 90) / 300, not the mean of 20 % and 60 %
        ([30.0, 0.0], [50.0, 250.0], 10.0),  # nor that of 60 % and 0 %
        ([0.0], [50.0], 0.0),  # zero is a figure
        ([0.0], [0.0], NAN),  # without posts, no share
    ],
)
@pytest.mark.parametrize("function", [posts.industry_salaried_posts_share_pct, *BRANCHES])
def test_shares(function, industry, total, expected):
    assert share(function, industry, total) == pytest.approx([expected], nan_ok=True)


def test_the_branches_make_the_whole_of_industry():
    branches = [10.0, 0.0, 7.0, 8.0, 9.0, 6.0]
    shares = [
        share(function, [value], [sum(branches)])[0]
        for function, value in zip(BRANCHES, branches, strict=True)
    ]
    assert sum(shares) == pytest.approx(100)
    assert shares[0] == pytest.approx(25)


def test_what_is_counted_is_said():
    assert len(OURS) == 8
    for name in OURS:
        entry = load_indicators()[name]
        words = " ".join([entry.label_fr, entry.definition_fr, entry.note_fr])
        assert "postes salariés" in words.casefold()
        assert "personne" in words
        assert "emplois salariés" not in words
        # a count has no floor, a share must have one
        assert (entry.kind == "count") == (entry.min_denominator == 0)
