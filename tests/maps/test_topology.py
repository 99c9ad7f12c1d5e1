import itertools

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from maps.decoder import canonical, decode, read_rings, unpack
from maps.example import PLACES, make_frame, outlines
from terrdiag.maps.packing import ALPHABET, LIMITS, pack_integers, zigzag
from terrdiag.maps.topology import GRID, build_topology


def grid_rings(geometries):
    """Rings of each place in steps, outer ones anticlockwise, holes clockwise."""
    rings = []
    for geometry in shapely.orient_polygons(np.asarray(geometries)):
        own = []
        for part in shapely.get_parts(geometry):
            for ring in [part.exterior, *part.interiors]:
                own.append(canonical([(round(x * GRID), round(y * GRID)) for x, y in ring.coords]))
        rings.append(sorted(own))
    return rings


def decoded(topology):
    return [
        sorted(map(canonical, place))
        for place in decode(topology.pack_arcs(), topology.pack_rings())
    ]


# ---------------------------------------------------------------------- numbers as text


@pytest.mark.parametrize(
    ("number", "text"),
    # 40 numbers of one character, 42 × 89 of two, 5 × 89² of three…
    [
        (0, "!"),
        (39, "L"),
        (40, "M!"),
        (41, "M#"),
        (40 + 89, "N!"),
        (40 + 42 * 89 - 1, "w~"),
        (40 + 42 * 89, "x!!"),
    ],
)
def test_numbers_as_text(number, text):
    assert pack_integers(np.array([number])) == text
    assert unpack(text) == [number]


def test_the_alphabet_needs_no_escaping():
    assert len(ALPHABET) == len(set(ALPHABET)) == 89
    assert not set(ALPHABET) & set("\"'<>&\\ ") - {"'"}
    assert ALPHABET.isprintable()


@given(st.lists(st.integers(0, 5000) | st.integers(0, LIMITS[-1] - 1)))
def test_packing_goes_back_and_forth(numbers):
    assert unpack(pack_integers(np.array(numbers, dtype=np.int64))) == numbers


@pytest.mark.parametrize("number", [-1, LIMITS[-1]])
def test_numbers_out_of_range_are_refused(number):
    with pytest.raises(OverflowError):
        pack_integers(np.array([0, number]))


@given(st.lists(st.integers(-(2**40), 2**40), min_size=1))
def test_zigzag_is_one_for_one(numbers):
    mapped = zigzag(np.array(numbers)).tolist()
    assert [-(n + 1) // 2 if n % 2 else n // 2 for n in mapped] == numbers


# ---------------------------------------------------------------------- arcs


def test_two_squares_share_one_arc():
    # the side between them is held once: 3 arcs, 2 nodes
    topology = build_topology(np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]))
    assert topology.arc_ends.size == 3
    left, right = topology.faces()
    assert sorted(zip(left.tolist(), right.tolist(), strict=True)) == [(0, -1), (0, 1), (1, -1)]


def test_an_enclave_is_one_arc_run_both_ways():
    shapes = outlines()
    topology = build_topology(np.array([shapes["D"], shapes["E"]]))
    assert topology.arc_ends.size == 2
    # D is on the left of its outer ring and of its hole, E on the right of the hole
    left, right = topology.faces()
    assert (left.tolist(), right.tolist()) == ([0, 0], [-1, 1])
    assert read_rings(topology.pack_rings())[1] == [[(1, True)]]


def test_rings_come_back_exactly():
    geometries = make_frame().geometry.to_numpy()
    assert decoded(build_topology(geometries)) == grid_rings(geometries)


def test_every_border_is_held_once():
    topology = build_topology(make_frame().geometry.to_numpy())
    starts = np.concatenate([[0], topology.arc_ends[:-1]])
    borders = set()
    for start, end in zip(starts, topology.arc_ends, strict=True):
        points = [tuple(p) for p in topology.points[start:end].tolist()]
        for border in itertools.pairwise(points):
            assert frozenset(border) not in borders
            borders.add(frozenset(border))


def test_the_order_of_places_is_kept():
    frame = make_frame()
    reversed_ = frame.iloc[::-1].geometry.to_numpy()
    assert decoded(build_topology(reversed_)) == grid_rings(reversed_)


def test_vertices_off_the_grid_are_moved_to_it_and_counted_once():
    # a third of a step from one another: they are one point of the grid
    near = 1 + 0.3 / GRID
    polygon = shapely.Polygon([(0, 0), (1, 0), (near, 0), (1, 1), (0, 1)])
    [[ring]] = decoded(build_topology(np.array([polygon])))
    assert ring == ((0, 0), (GRID, 0), (GRID, GRID), (0, GRID))


def test_a_place_smaller_than_the_grid_is_refused():
    dot = shapely.box(0, 0, 0.1 / GRID, 0.1 / GRID)
    with pytest.raises(ValueError, match=r"lieu n° 1"):
        build_topology(np.array([shapely.box(0, 0, 1, 1), dot]))


def test_places_that_touch_at_a_point_only():
    corner = np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 1, 2, 2), shapely.box(1, 0, 2, 1)])
    assert decoded(build_topology(corner)) == grid_rings(corner)


@given(st.integers(0, 10_000), st.integers(2, 30))
def test_any_coverage_comes_back_exactly(seed, points):
    # Voronoi cells on the grid: their common borders have the same vertices
    rng = np.random.default_rng(seed)
    sites = shapely.MultiPoint(rng.uniform(-5, 5, size=(points, 2)))
    cells = np.array(
        shapely.get_parts(shapely.voronoi_polygons(sites, extend_to=shapely.box(-5, -5, 5, 5)))
    )
    cells = shapely.transform(cells, lambda xy: np.round(xy * GRID) / GRID)
    cells = cells[shapely.is_valid(cells) & (shapely.area(cells) > 1e-6)]
    assert decoded(build_topology(cells)) == grid_rings(cells)


def test_smoothing_leaves_the_other_arcs_alone():
    names = list(PLACES)
    frame = make_frame()
    topology = build_topology(frame.geometry.to_numpy())
    left, right = topology.faces()
    inside = np.append(frame["inside"].to_numpy(), False)
    around = ~(inside[left] | inside[right])
    smoothed = decode(topology.smooth(around, 1.0).pack_arcs(), topology.pack_rings())
    expected = grid_rings(frame.geometry.to_numpy())
    for place, code in enumerate(names):
        got = sorted(map(canonical, smoothed[place]))
        if code < "02":
            assert got == expected[place]
        else:
            assert set(got[0]) <= set(expected[place][0])
    # of X, the two northern corners go: with 1 degree, only the ends of arcs are left
    x = names.index("02001")
    assert len(expected[x][0]) == 6
    assert len(set(smoothed[x][0])) == 4


def test_smoothing_nothing_changes_nothing():
    topology = build_topology(make_frame().geometry.to_numpy())
    assert topology.smooth(np.zeros(topology.arc_ends.size, dtype=bool), 1.0) is topology
