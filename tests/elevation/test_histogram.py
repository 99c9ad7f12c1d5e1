"""Histograms that grow on either side."""

import numpy as np
import pytest

from terrdiag.elevation.histogram import Histograms


@pytest.mark.parametrize(
    ("pieces", "first", "area"),
    [
        pytest.param([(100, [1, 2])], 100, [1, 2], id="one"),
        pytest.param([(100, [1, 2]), (100, [3, 4])], 100, [4, 6], id="the same"),
        pytest.param([(100, [1, 2, 3]), (101, [4])], 100, [1, 6, 3], id="inside"),
        pytest.param([(100, [1]), (102, [2])], 100, [1, 0, 2], id="above"),
        pytest.param([(100, [1]), (98, [2])], 98, [2, 0, 1], id="below"),
        pytest.param([(0, [1]), (-2, [2, 3, 4, 5])], -2, [2, 3, 5, 5], id="around"),
    ],
)
def test_pieces_add_up(pieces, first, area):
    histograms = Histograms(1)
    for begin, values in pieces:
        histograms.add(0, begin, np.array(values, dtype=float))
    found, aligned = histograms.align()
    assert (found, aligned.tolist()) == (first, [area])


def test_zones_are_laid_on_the_same_metres():
    histograms = Histograms(3)
    histograms.add(0, 7, np.array([1.0]))
    histograms.add(2, 5, np.array([2.0, 3.0]))
    first, aligned = histograms.align()
    assert (first, aligned.tolist()) == (5, [[0, 0, 1], [0, 0, 0], [2, 3, 0]])


def test_nothing():
    first, aligned = Histograms(2).align()
    assert (first, aligned.shape) == (0, (2, 0))
