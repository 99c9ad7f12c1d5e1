"""Greenhouse gases: ratios of sums, and estimates that say so."""

import pandas as pd
import pytest

from terrdiag.catalogue import load_indicators
from terrdiag.indicators import emissions
from terrdiag.indicators.parts import Parts, finish_ratio


@pytest.mark.parametrize(
    ("part", "total", "expected"),
    [
        ([4000.0, 10.0], [11_000.0, 1030.0], 33.333),  # 4010 / 12030
        ([0.0], [5292.0], 0.0),
        ([0.0], [0.0], float("nan")),
    ],
)
def test_shares(part, total, expected):
    for share in (emissions.ghg_industry_share_pct, emissions.ghg_road_share_pct):
        parts = share(pd.Series(part), pd.Series(total))
        sums = Parts(
            pd.Series([parts.numerator.sum()]), pd.Series([parts.denominator.sum()]), parts.scale
        )
        assert finish_ratio(sums).item() == pytest.approx(expected, abs=1e-3, nan_ok=True)


def test_total_is_a_count():
    assert emissions.ghg_total(pd.Series([11_000.0])).denominator is None


def test_every_one_is_called_an_estimate_and_territorial():
    found = [one for name, one in load_indicators().items() if name.startswith("ghg_")]
    assert len(found) == 3
    for one in found:
        assert "(estimation)" in one.label_fr
        assert "pproche territoriale" in one.definition_fr
        assert "ancienne" in one.note_fr
