import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terrdiag.catalogue.models import MapSpec
from terrdiag.errors import CatalogueError
from terrdiag.maps.classes import classify_values, find_classes, round_values
from terrdiag.maps.palettes import pick_colors
from terrdiag.wording import NNBSP, round_half_away


def spec(method="quantiles", classes=5, **more):
    return MapSpec(kind="choropleth", method=method, classes=classes, **more)


def fixed(*breaks, **more):
    return spec("breaks", breaks=breaks, **more)


@pytest.mark.parametrize(
    ("values", "how", "decimals", "breaks", "counts"),
    [
        # quantiles of 1…10 at .2 .4 .6 .8: 2.8 4.6 6.4 8.2
        (range(1, 11), spec(), 0, (1, 3, 5, 6, 8, 10), (2, 2, 1, 2, 3)),
        (range(1, 11), spec(), 1, (1, 2.8, 4.6, 6.4, 8.2, 10), (2, 2, 2, 2, 2)),
        # a bound belongs to the class above, the maximum to the last one
        ([0, 1, 2, 3, 4], spec(classes=2), 0, (0, 2, 4), (2, 3)),
        # three groups far apart
        ([1, 2, 3, 10, 11, 12, 50, 51], spec("jenks", 3), 0, (1, 10, 50, 51), (3, 3, 2)),
        # Fisher-Jenks sets the maximum apart: its class is closed and has one value
        ([1, 2, 3, 4, 5, 90], spec("jenks", 2), 0, (1, 90, 90), (5, 1)),
        # ties: half of the values are zero, two quantiles fall on it
        ([0, 0, 0, 0, 0, 1, 2, 3, 4, 5], spec(classes=4), 0, (0, 1, 3, 5), (5, 2, 3)),
        # as few distinct values as classes: each has its own
        ([0, 0, 0, 7, 3], spec(classes=3), 0, (0, 3, 7, 7), (3, 1, 1)),
        ([4.2, 4.2, 4.2], spec(), 1, (4.2, 4.2), (3,)),
        ([5], spec("jenks"), 0, (5, 5), (1,)),
        ([5, 6], spec("jenks", 7), 0, (5, 6, 6), (1, 1)),
        # distinct once rounded?
        ([1.01, 1.02, 1.03, 1.04], spec(), 1, (1.0, 1.0), (4,)),
        # fixed breaks; the outer bounds close the list
        ([-3, -0.2, 0, 0.4, 2], fixed(-1, 0, 1), 1, (-3, -1, 0, 1, 2), (1, 1, 2, 1)),
        # values are rounded as they are printed, then compared with the breaks: 2.449 → 2.4, 2.45 → 2.5
        ([2.449, 2.45, 2.5], fixed(2.5), 1, (2.4, 2.5, 2.5), (1, 2)),
        # the breaks too: 2.46 → 2.5
        ([2.4, 2.5], fixed(2.46), 1, (2.4, 2.5, 2.5), (1, 1)),
        # empty classes are merged: inside, with the one below; outside, left out
        ([5, 35], fixed(10, 20, 30), 0, (5, 30, 35), (1, 1)),
        ([11, 25], fixed(10, 20, 30), 0, (10, 20, 30), (1, 1)),
        ([25], fixed(10, 20, 30), 0, (20, 30), (1,)),
    ],
)
def test_classes_of(values, how, decimals, breaks, counts):
    classes = classify_values(np.array(list(values), dtype=float), how, decimals)
    assert classes.breaks == pytest.approx(breaks)
    assert classes.counts == counts
    assert len(classes.colors) == len(classes.labels) == len(counts)


@pytest.mark.parametrize(
    ("values", "how", "decimals", "labels"),
    [
        ([2.5, 3, 5, 9], spec(classes=2), 1, ("2,5 à 4,0", "4,0 à 9,0")),
        (
            [-3, -0.2, 0, 2],
            fixed(-1, 0, 1),
            1,
            ("moins de −1,0", "−1,0 à 0,0", "0,0 à 1,0", "1,0 ou plus"),
        ),
        ([0.2, 0.6], fixed(-1, 0, 1), 1, ("0,0 à 1,0",)),
        ([-5], fixed(-1, 0, 1), 0, ("moins de −1",)),
        ([5], fixed(-1, 0, 1), 0, ("1 ou plus",)),
        ([0, 3, 7], spec(classes=3), 0, ("0", "3", "7")),
        ([1, 2, 3, 4, 5, 90], spec("jenks", 2), 0, ("1 à 90", "90")),
        (
            [1200, 2345, 99999, 5, 6],
            spec(classes=2),
            0,
            (f"5 à 1{NNBSP}200", f"1{NNBSP}200 à 99{NNBSP}999"),
        ),
    ],
)
def test_labels_are_french(values, how, decimals, labels):
    assert classify_values(np.array(values, dtype=float), how, decimals).labels == labels


def test_no_value_gives_no_class():
    classes = classify_values(np.array([]), spec(), 1)
    assert (classes.breaks, classes.colors, classes.labels, classes.counts) == ((), (), (), ())


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_unknown_and_infinite_values_are_refused(bad):
    with pytest.raises(ValueError, match="infinie ou NaN"):
        classify_values(np.array([1.0, bad]), spec(), 1)


def test_unknown_palette_names_the_nearest():
    with pytest.raises(CatalogueError, match=r"YlGnBo.*Valeurs proches.*YlGnBu"):
        classify_values(np.array([1.0, 2.0]), spec(palette="YlGnBo"), 1)


def test_too_many_fixed_classes_are_refused():
    with pytest.raises(CatalogueError, match="9 couleurs demandées, 8 au plus"):
        classify_values(np.arange(9.0), fixed(*range(1, 9)), 0)


GROWTH = {"palette": "PuOr", "diverging_at": 0.0}
PUOR_6 = ("#b35806", "#f1a340", "#fee0b6", "#d8daeb", "#998ec3", "#542788")


@pytest.mark.parametrize(
    ("values", "colors"),
    [
        ([-2, -0.7, -0.2, 0.2, 0.7, 2], PUOR_6),
        # fixed breaks keep their colours when a class is empty, even on one side only
        ([0.2, 0.7], PUOR_6[3:5]),
        ([-2, -0.7], PUOR_6[:2]),
        ([-2, 2], (PUOR_6[0], PUOR_6[5])),
        # zero is above: the class is « 0,0 à 0,5 »
        ([0, 0], PUOR_6[3:4]),
    ],
)
def test_diverging_colors_with_fixed_breaks(values, colors):
    how = fixed(-1, -0.5, 0, 0.5, 1, **GROWTH)
    assert classify_values(np.array(values, dtype=float), how, 1).colors == colors


def test_an_empty_class_is_never_merged_across_the_centre():
    # ]-1, 0[ and [0, 1[ are empty: the bound between the two classes is the centre
    classes = classify_values(np.array([-2.0, 2.0]), fixed(-1, 0, 1, **GROWTH), 0)
    assert classes.breaks == (-2, 0, 2)
    assert classes.labels == ("moins de 0", "0 ou plus")


def test_empty_classes_merge_towards_the_centre_on_both_sides():
    values = np.array([-2.5, -0.5, 0.5, 2.5])
    classes = classify_values(values, fixed(-2, -1, 0, 1, 2, **GROWTH), 1)
    assert classes.labels == ("moins de −2,0", "−2,0 à 0,0", "0,0 à 2,0", "2,0 ou plus")


def test_a_class_across_the_centre_is_neutral():
    classes = classify_values(np.array([-2.0, 0.0, 2.0]), fixed(-1, 1, **GROWTH), 0)
    assert classes.colors == ("#f1a340", "#f7f7f7", "#998ec3")


@pytest.mark.parametrize("method", ["quantiles", "jenks"])
def test_diverging_statistical_classes_are_parted_by_the_centre(method):
    values = np.array([-4, -3, -2, -1, 1, 2, 10, 11, 12, 13.0])
    classes = classify_values(values, spec(method, 5, **GROWTH), 0)
    assert 0.0 in classes.breaks
    below = sum(b < 0 for b in classes.breaks)
    assert sum(classes.counts[:below]) == 4
    one_side = classify_values(values[values > 0], spec(method, 5, **GROWTH), 0)
    # above the centre only: the colours are those of the upper half
    assert all(
        color in {"#b2abd2", "#5e3c99", "#d8daeb", "#998ec3", "#542788"}
        for color in one_side.colors
    )


def test_few_values_keep_apart_colors():
    classes = classify_values(np.array([1.0, 2.0]), spec(palette="YlOrBr"), 0)
    assert classes.colors == pick_colors("YlOrBr", 2)


def test_rounding_is_the_one_of_the_words():
    values = np.array([2.675, -0.5, 0.125, -0.001, 1e6 + 0.5])
    expected = [round_half_away(float(v), 2) for v in values]
    assert round_values(values, 2).tolist() == expected
    assert not np.signbit(round_values(np.array([-0.001]), 2))[0]


def test_fisher_jenks_on_many_values_keeps_the_extremes():
    values = np.concatenate([np.linspace(0, 10, 4000), np.linspace(90, 100, 4000), [1000.0]])
    classes = classify_values(values, spec("jenks", 3), 0)
    assert classes.breaks[0] == 0
    assert classes.breaks[-1] == 1000
    assert sum(classes.counts) == 8001
    assert classes.breaks[1] == 90


METHODS = st.sampled_from(["quantiles", "jenks", "breaks"])
VALUES = st.lists(
    st.floats(min_value=-1e5, max_value=1e5, allow_nan=False) | st.sampled_from([0.0, 1.0, 2.5]),
    min_size=1,
    max_size=40,
)


@st.composite
def specs(draw):
    method = draw(METHODS)
    breaks = (
        sorted(draw(st.sets(st.integers(-50, 50), min_size=1, max_size=3)))
        if method == "breaks"
        else []
    )
    diverging = draw(st.booleans())
    return MapSpec(
        kind="choropleth",
        method=method,
        classes=draw(st.integers(2, 7)),
        breaks=[float(b) for b in breaks],
        palette="PuOr" if diverging else "PuBuGn",
        diverging_at=draw(st.sampled_from([0.0, 1.0])) if diverging else None,
    )


@given(VALUES, specs(), st.integers(0, 2), st.randoms(use_true_random=False))
def test_laws(values, how, decimals, random):
    array = np.array(values)
    classes = classify_values(array, how, decimals)
    # every value falls in one class, and none is empty
    assert sum(classes.counts) == len(values)
    assert min(classes.counts) > 0
    found = find_classes(round_values(array, decimals), classes.breaks)
    assert tuple(np.bincount(found, minlength=len(classes.counts)).tolist()) == classes.counts
    # bounds are those that are printed, and grow (but for the last class, which may hold one value)
    breaks = np.array(classes.breaks)
    assert round_values(breaks, decimals).tolist() == breaks.tolist()
    assert (np.diff(breaks)[:-1] > 0).all()
    assert len(set(classes.colors)) == len(set(classes.labels)) == len(classes.counts)
    assert len(breaks) == len(classes.counts) + 1
    # the order of places changes nothing
    shuffled = list(values)
    random.shuffle(shuffled)
    assert classify_values(np.array(shuffled), how, decimals) == classes
