"""Energy: ratios of sums, and words that do not claim all energy."""

import pandas as pd
import pytest

from terrdiag.catalogue import load_indicators
from terrdiag.indicators import energy
from terrdiag.indicators.parts import Parts, finish_ratio


def over(parts):
    sums = Parts(
        pd.Series([parts.numerator.sum()]), pd.Series([parts.denominator.sum()]), parts.scale
    )
    return finish_ratio(sums).item()


@pytest.mark.parametrize(
    ("part", "total", "expected"),
    [
        ([300.0, 0.0], [500.0, 100.0], 50.0),  # 300 / 600, and not the mean of 60 and 0
        ([0.0], [80.0], 0.0),
        ([0.0], [0.0], float("nan")),
    ],
)
def test_shares(part, total, expected):
    for share in (energy.energy_industry_share_pct, energy.energy_unclassified_share_pct):
        assert over(share(pd.Series(part), pd.Series(total))) == pytest.approx(
            expected, nan_ok=True
        )


def test_use_is_a_count():
    assert energy.energy_use(pd.Series([500.0])).denominator is None


def test_words():
    for name in ("energy_use", "energy_industry_share_pct"):
        one = load_indicators()[name]
        assert "de réseau" in one.label_fr
        for word in ("bois", "fioul", "réseaux de chaleur", "température"):
            assert word in one.definition_fr
    assert "minimum" in load_indicators()["energy_industry_share_pct"].definition_fr
