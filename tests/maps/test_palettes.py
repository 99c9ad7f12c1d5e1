import itertools

import pytest

from terrdiag.errors import CatalogueError
from terrdiag.indicators import FRAGILE
from terrdiag.maps.palettes import (
    COLORS,
    DIVERGING,
    LOOKS,
    SEQUENTIAL,
    contrast,
    pick_colors,
    pick_diverging,
)
from terrdiag.values import ESTIMATE, OK, PARTIAL, STATUSES


@pytest.mark.parametrize("family", [SEQUENTIAL, DIVERGING])
def test_a_palette_has_as_many_colors_as_classes(family):
    for name, rows in family.items():
        for count, row in enumerate(rows, start=1):
            colors = row.split()
            assert len(set(colors)) == len(colors) == count, name


@pytest.mark.parametrize("name", SEQUENTIAL)
@pytest.mark.parametrize("count", range(2, 8))
def test_sequential_palettes_go_from_light_to_dark(name, count):
    colors = pick_colors(name, count)
    against_black = [contrast(color, "#000000") for color in colors]
    assert against_black == sorted(against_black, reverse=True)


@pytest.mark.parametrize("name", DIVERGING)
@pytest.mark.parametrize("side", range(1, 5))
def test_diverging_palettes_are_symmetrical(name, side):
    both = pick_diverging(name, side, side, neutral=False)
    assert len(both) == 2 * side
    # a side alone has the colours it would have with the other one
    assert pick_diverging(name, side, 0, neutral=False) == both[:side]
    assert pick_diverging(name, 0, side, neutral=False) == both[side:]
    # the further from the centre, the darker, on both sides
    for half in (both[:side][::-1], both[side:]):
        darkness = [contrast(color, "#ffffff") for color in half]
        assert darkness == sorted(darkness)


def test_unequal_sides_keep_the_same_strength_at_the_same_rank():
    assert pick_diverging("PuOr", 1, 3, neutral=False) == (
        "#fee0b6",
        "#d8daeb",
        "#998ec3",
        "#542788",
    )
    assert pick_diverging("PuOr", 2, 1, neutral=True) == (
        "#e66101",
        "#fdb863",
        "#f7f7f7",
        "#b2abd2",
    )


@pytest.mark.parametrize(
    ("name", "count"), [("YlGnBu", 9), ("YlGnBu", 0), ("PuOr", 5), ("viridis", 3)]
)
def test_impossible_requests_are_refused(name, count):
    with pytest.raises(CatalogueError):
        pick_colors(name, count)


def test_each_status_without_class_has_its_own_look():
    assert set(LOOKS) == set(STATUSES) - {OK} | {FRAGILE}
    assert len({look.path for look in LOOKS.values()}) == len(LOOKS)


@pytest.mark.parametrize("status", sorted(set(LOOKS) - {ESTIMATE, PARTIAL, FRAGILE}))
def test_what_has_no_class_stands_out(status):
    """WCAG asks 3:1 between graphics: the strokes against their ground, the lightest colours, the neighbours."""
    look = LOOKS[status]
    light = [
        pick_colors(name, count)[0] for name, count in itertools.product(SEQUENTIAL, range(2, 8))
    ]
    light += [
        f"#{color}"
        for rows in DIVERGING.values()
        for row in rows[2::2]
        for color in row.split()[len(row.split()) // 2 :][:1]
    ]
    for other in [look.ground, COLORS["away"], COLORS["bare"], *light]:
        assert contrast(look.ink, other) >= 3, (status, other)


@pytest.mark.parametrize("mark", [ESTIMATE, PARTIAL, FRAGILE])
def test_a_mark_shows_on_any_class(mark):
    # dark strokes edged with white: one of the two is far from any colour
    for rows in (*SEQUENTIAL.values(), *DIVERGING.values()):
        for color in {f"#{color}" for row in rows for color in row.split()}:
            assert max(contrast(LOOKS[mark].ink, color), contrast("#ffffff", color)) >= 3


def test_the_focus_stands_out():
    assert contrast(COLORS["focus"], "#ffffff") >= 4.5
