import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terrdiag.drawing.place import Box, Crowd, spread_labels, thin_labels

PLACES = st.lists(st.tuples(st.floats(-50, 550), st.floats(1, 40)), max_size=15)


@pytest.mark.parametrize(
    ("wanted", "sizes", "placed"),
    [
        ([], [], []),
        ([10, 50], [4, 4], [10, 50]),  # nothing to move
        ([10, 12], [4, 4], [9, 13]),  # both move by as much
        ([12, 10], [4, 4], [13, 9]),  # given in another order
        ([1], [10], [5]),  # pushed from the start
        ([99], [10], [95]),  # pushed from the end
        ([50, 50, 50], [10, 20, 10], [35, 50, 65]),
        ([10, 10], [80, 80], [40, 120]),  # longer than the line: goes beyond its end
    ],
)
def test_spread(wanted, sizes, placed):
    assert spread_labels(wanted, sizes, 0, 100) == pytest.approx(placed)


@given(PLACES)
def test_spread_labels_never_overlap(places):
    wanted, sizes = [w for w, _ in places], [s for _, s in places]
    placed = spread_labels(wanted, sizes, 0, 500)
    order = sorted(range(len(places)), key=lambda rank: (wanted[rank], rank))
    for one, other in itertools.pairwise(order):
        assert placed[other] - placed[one] >= (sizes[one] + sizes[other]) / 2 - 1e-6
    if places:
        assert placed[order[0]] - sizes[order[0]] / 2 >= -1e-6
    if sum(sizes) <= 500 and places:
        assert placed[order[-1]] + sizes[order[-1]] / 2 <= 500 + 1e-6


@given(PLACES)
def test_spread_is_the_least_move_of_two(places):
    # a label alone within the line does not move
    for wanted, size in places:
        if size / 2 <= wanted <= 500 - size / 2:
            assert spread_labels([wanted], [size], 0, 500) == pytest.approx([wanted])


@pytest.mark.parametrize(
    ("centres", "widths", "kept"),
    [
        ([], [], []),
        ([5], [100], [0]),
        ([0, 10], [15, 15], [0]),
        ([0, 50, 100], [20, 20, 20], [0, 1, 2]),
        ([0, 90, 100], [20, 20, 20], [0, 2]),  # the last one before those between
    ],
)
def test_thin(centres, widths, kept):
    assert thin_labels(centres, widths) == kept


def test_crowd_takes_the_first_free_place():
    crowd = Crowd(Box(0, 0, 100, 100), [Box(0, 0, 50, 50)])
    assert crowd.take_first([Box(40, 40, 60, 60), Box(90, 90, 110, 110), Box(50, 50, 70, 70)]) == 2
    assert crowd.take_first([Box(60, 60, 80, 80)]) is None
