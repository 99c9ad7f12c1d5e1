"""Rank correlation and robust slope: by hand, against scipy, and their laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from terrdiag.analyses.terrain import robust
from terrdiag.analyses.terrain.robust import average_ranks, fit_slope, spearman_rho

WHOLE = st.integers(-40, 40).map(float)
PAIRS = st.integers(2, 30).flatmap(
    lambda n: st.tuples(arrays(float, n, elements=WHOLE), arrays(float, n, elements=WHOLE))
)


@pytest.mark.parametrize(
    ("values", "ranks"),
    [
        ([], []),
        ([5], [1]),
        ([3, 1, 2], [3, 1, 2]),
        ([1, 1, 1], [2, 2, 2]),
        ([2, 1, 2, 0], [3.5, 2, 3.5, 1]),
    ],
)
def test_ranks(values, ranks):
    assert average_ranks(np.array(values, dtype=float)).tolist() == ranks


@pytest.mark.parametrize(
    ("x", "y", "rho"),
    [
        ([1, 2, 3, 4], [1, 4, 9, 16], 1),
        ([1, 2, 3, 4], [4, 3, 2, 1], -1),
        # differences of ranks 1, 1, 0: 1 − 6 × 2 / (3 × 8)
        ([1, 2, 3], [2, 1, 3], 0.5),
        ([1, 2], [5, 5], float("nan")),
        ([1], [5], float("nan")),
    ],
)
def test_rho_by_hand(x, y, rho):
    found = spearman_rho(np.array(x, float), np.array(y, float))
    assert found == pytest.approx(rho, nan_ok=True)


def test_slope_by_hand():
    # slopes between the pairs: 1, 3, 2
    found = fit_slope(np.array([0.0, 1.0, 2.0]), np.array([1.0, 2.0, 5.0]))
    assert (found.slope, found.pairs, found.complete) == (2.0, 3, True)
    # through the medians (1, 2)
    assert found.intercept == 0
    # three slopes are too few for an interval at 95 %
    assert (found.low, found.high) == (-np.inf, np.inf)


def test_the_example_of_sen_1968():
    x = np.array([1.0, 2, 3, 4, 10, 12, 18])
    y = np.array([9.0, 15, 19, 20, 45, 55, 78])
    found = fit_slope(x, y, confidence=0.93)
    assert found.slope == 4
    assert found.intercept == 4
    assert (found.low, found.high) == pytest.approx((3.71, 4.38), abs=0.006)


def test_an_odd_point_changes_little():
    x = np.arange(11.0)
    y = 2 * x
    y[5] = 1000
    assert fit_slope(x, y).slope == pytest.approx(2)


@pytest.mark.parametrize(("x", "y"), [([], []), ([3], [4]), ([3, 3, 3], [1, 2, 3])])
def test_no_two_points_apart(x, y):
    found = fit_slope(np.array(x, float), np.array(y, float))
    assert found.pairs == 0
    assert np.isnan([found.slope, found.low, found.high, found.intercept]).all()


def test_nearly_everything_tied():
    found = fit_slope(np.array([0.0, 0, 1]), np.zeros(3))
    assert (found.slope, found.low, found.high) == (0, -np.inf, np.inf)


@given(PAIRS)
def test_as_scipy(pair):
    x, y = pair
    found = fit_slope(x, y)
    if found.pairs == 0:
        return
    with np.errstate(invalid="ignore"):  # nearly everything tied
        expected = stats.theilslopes(y, x)
    assert found.slope == pytest.approx(expected.slope)
    assert found.intercept == pytest.approx(expected.intercept)
    # where there is no interval scipy gives the extreme slopes
    if np.isfinite(found.low):
        assert found.low == pytest.approx(expected.low_slope)
    if np.isfinite(found.high):
        assert found.high == pytest.approx(expected.high_slope)


@given(PAIRS)
def test_rho_as_scipy(pair):
    x, y = pair
    if np.ptp(x) and np.ptp(y):
        assert spearman_rho(x, y) == pytest.approx(stats.spearmanr(x, y).statistic)


@given(PAIRS)
def test_rho_only_sees_ranks(pair):
    x, y = pair
    assert spearman_rho(np.exp(x / 10), y**3) == pytest.approx(spearman_rho(x, y), nan_ok=True)
    assert spearman_rho(-x, y) == pytest.approx(-spearman_rho(x, y), nan_ok=True)


@given(PAIRS, st.sampled_from([0.5, 4.0]), WHOLE)
def test_the_slope_scales(pair, factor, shift):
    x, y = pair
    found, scaled = fit_slope(x, y), fit_slope(x * 2 + shift, y * factor + shift)
    assert scaled.slope == pytest.approx(found.slope * factor / 2, nan_ok=True)
    assert scaled.high == pytest.approx(found.high * factor / 2, nan_ok=True)


@given(PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(pair, random):
    x, y = pair
    order = list(range(len(x)))
    random.shuffle(order)
    for limit in (robust.MANY, 1):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(robust, "MANY", limit)
            ours, theirs = fit_slope(x, y), fit_slope(x[order], y[order])
        assert (ours.slope, ours.low, ours.high) == pytest.approx(
            (theirs.slope, theirs.low, theirs.high), nan_ok=True
        )


def test_the_incomplete_method_of_theil(monkeypatch):
    monkeypatch.setattr(robust, "MANY", 4)
    x = np.arange(6.0)
    y = np.array([0.0, 1, 2, 6, 4, 11])
    found = fit_slope(x, y)
    # 0 with 3, 1 with 4, 2 with 5: slopes 2, 1, 3
    assert (found.slope, found.pairs, found.complete) == (2.0, 3, False)
    # the middle of an odd number has no partner
    assert fit_slope(np.arange(7.0), np.arange(7.0)).pairs == 3


def test_many_points_are_near_the_complete_method():
    draw = np.random.default_rng(7)
    x = draw.normal(size=robust.MANY + 500)
    y = 3 * x + draw.normal(size=len(x))
    found = fit_slope(x, y)
    assert not found.complete
    assert found.slope == pytest.approx(3, abs=0.1)
    assert found.low < 3 < found.high
