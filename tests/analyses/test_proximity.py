"""Standardised differences, by hand and by law."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terrdiag.analyses.peers.proximity import NORMAL_IQR, Feature, measure_gaps, scale_robustly

SIZE = Feature("size", ("population",))
MIX = Feature("mix", ("a", "b"))


@pytest.mark.parametrize(
    ("column", "scale"),
    [
        ([0, 1, 2, 3, 4], 2 / NORMAL_IQR),  # quartiles 1 and 3
        ([0, 1, 2, 3, 1000], 2 / NORMAL_IQR),  # an extreme does not count
        ([0, 0, 0, 0, 10], 4.0),  # no interquartile range: standard deviation of 0 0 0 0 10
        ([7, 7, 7, 7, 7], math.nan),  # tells nobody from anybody
        ([0.1, 0.1, 0.1], math.nan),  # … whatever the rounding
    ],
)
def test_scale(column, scale):
    found = scale_robustly(np.array(column, float)[:, None])
    assert found.tolist() == pytest.approx([scale], nan_ok=True)


def test_gaps_by_hand():
    # scales 2, 10 and 5: gaps of 1.5; 1 and -0.4 of which the root mean square is sqrt(0.58)
    table = np.array([[10.0, 50.0, 20.0], [7.0, 40.0, 22.0]])
    own = np.array([7.0, 40.0, 22.0])
    gaps = measure_gaps(table, own, np.array([2.0, 10.0, 5.0]), (SIZE, MIX))
    assert gaps.columns.tolist() == [pytest.approx([1.5, 1.0, -0.4]), [0, 0, 0]]
    assert gaps.features.tolist() == [pytest.approx([1.5, math.sqrt(0.58)]), [0, 0]]
    # a mix of two figures weighs as much as a size: (2.25 + 0.58) / 2
    assert gaps.distances.tolist() == pytest.approx([math.sqrt(1.415), 0.0])


def test_weights_by_hand():
    heavy = Feature("size", ("population",), weight=3.0)
    table, own = np.array([[2.0, 0.0, 0.0]]), np.zeros(3)
    gaps = measure_gaps(table, own, np.ones(3), (heavy, MIX))
    assert gaps.distances.tolist() == pytest.approx([math.sqrt(3 * 4 / 4)])


def test_a_figure_without_a_scale_counts_as_equal():
    gaps = measure_gaps(np.array([[5.0]]), np.array([9.0]), np.array([math.nan]), (SIZE,))
    assert gaps.distances.tolist() == [0.0]


number = st.integers(-1000, 1000).map(float)
tables = st.integers(4, 9).flatmap(
    lambda rows: st.lists(st.tuples(number, number, number), min_size=rows, max_size=rows)
)


def measure(table, own):
    return measure_gaps(table, own, scale_robustly(table), (SIZE, MIX)).distances


@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(rows, random):
    order = list(range(len(rows)))
    random.shuffle(order)
    table = np.array(rows)
    found, moved = measure(table, table[0]), measure(table[order], table[0])
    assert moved == pytest.approx(found[order])


@given(tables, st.sampled_from([0.01, 0.5, 8.0, 1000.0]), st.integers(-50, 50))
def test_the_unit_of_a_figure_changes_nothing(rows, factor, shift):
    table = np.array(rows)
    other = table.copy()
    other[:, 1] = other[:, 1] * factor + shift
    assert measure(other, other[0]) == pytest.approx(measure(table, table[0]), abs=1e-9)


@given(tables)
def test_a_place_is_at_no_distance_of_itself(rows):
    table = np.array(rows)
    distances = measure(table, table[-1])
    assert distances[-1] == 0
    assert (distances >= 0).all()
