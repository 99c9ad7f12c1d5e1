"""The cells of zones, against shapely's point in polygon."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from terrdiag.elevation.findings import paint
from terrdiag.elevation.grid import Block, Grid
from terrdiag.elevation.scanline import find_segments
from terrdiag.elevation.zonal import split_spans

GRID = Grid("EPSG:4326", (0.01, 0.0, 3.0, 0.0, -0.01, 44.0))
"""Cells of a hundredth of a degree: outlines in degrees are in cells but for a shift."""


def draw_star(seed, points=12, radius=0.2):
    """Star-shaped polygon around a random centre, with a hole half as large every other time."""
    random = np.random.default_rng(seed)
    angle = np.sort(random.uniform(0, 2 * np.pi, points))
    reach = random.uniform(0.3, 1, points) * radius
    centre = np.array([3.2, 43.8]) + random.uniform(-0.05, 0.05, 2)
    ring = centre + np.column_stack([np.cos(angle), np.sin(angle)]) * reach[:, np.newaxis]
    hole = [centre + (ring - centre) / 2] if seed % 2 else []
    return shapely.Polygon(ring, hole)


def list_cells(spans):
    return {
        (int(zone), int(row), column)
        for zone, row, left, right in zip(
            spans.zone, spans.row, spans.left, spans.right, strict=True
        )
        for column in range(left, right)
    }


def list_centres_inside(outlines, block):
    rows, columns = np.mgrid[block.top : block.bottom, block.left : block.right]
    x, y = GRID.to_coordinates(columns + 0.5, rows + 0.5)
    return {
        (zone, int(row), int(column))
        for zone, outline in enumerate(outlines)
        for row, column in zip(
            *[part[shapely.contains_xy(outline, x, y)] for part in (rows, columns)], strict=True
        )
    }


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=4, unique=True))
def test_cells_are_those_whose_centre_is_inside(seeds):
    outlines = np.array([draw_star(seed) for seed in seeds])
    spans = find_segments(outlines, GRID).trace(-10, 60)
    assert list_cells(spans) == list_centres_inside(outlines, Block(-10, -10, 60, 60))


@given(st.integers(0, 10_000), st.integers(1, 30), st.integers(1, 30))
def test_blocks_share_the_cells_out(seed, height, width):
    outlines = np.array([draw_star(seed), draw_star(seed + 1)])
    segments = find_segments(outlines, GRID)
    pieces = [list_cells(spans) for spans in split_spans(segments, height, width)]
    together = set().union(*pieces)
    assert sum(len(piece) for piece in pieces) == len(together)
    assert together == list_cells(segments.trace(-10, 60))


@given(st.integers(0, 10_000), st.integers(-5, 45), st.integers(-5, 45))
def test_each_centre_of_a_shared_border_is_in_one_zone(seed, row, column):
    # the border goes through centres of cells, where rounding decides
    x, y = GRID.to_coordinates(np.array([column + 0.5]), np.array([row + 0.5]))
    fan = draw_star(seed * 2)
    line = shapely.LineString([(x[0] - 1, y[0] - 0.37), (x[0], y[0]), (x[0] + 1, y[0] + 0.61)])
    parts = shapely.get_parts(shapely.polygonize([shapely.node(shapely.union(fan.exterior, line))]))
    parts = np.array([part for part in parts if fan.contains(part.representative_point())])
    spans = find_segments(parts, GRID).trace(-10, 60)
    cells = [cell[1:] for cell in list_cells(spans)]
    assert len(cells) == len(set(cells))


def test_outline_without_height_has_no_cell():
    flat = shapely.Polygon([(3.0, 43.9), (3.2, 43.9), (3.1, 43.9)])
    spans = find_segments(np.array([flat]), GRID).trace(0, 20)
    assert len(spans) == 0
    assert list(find_segments(np.array([flat]), GRID).split_rows(10)) == []


def test_paint():
    square = shapely.box(3.01, 43.97, 3.03, 43.99)
    spans = find_segments(np.array([square, square]), GRID).trace(0, 4)
    painted = paint(spans, Block(0, 0, 4, 4))
    assert painted.astype(int).tolist() == [[0, 0, 0, 0], [0, 1, 1, 0], [0, 1, 1, 0], [0, 0, 0, 0]]


@pytest.mark.parametrize(
    ("first", "second", "shared"),
    [
        (Block(0, 0, 4, 4), Block(2, 3, 9, 9), True),
        (Block(0, 0, 4, 4), Block(4, 0, 9, 9), False),
        (Block(-3, -3, 0, 0), Block(-1, -9, 5, 5), True),
    ],
)
def test_blocks_meet(first, second, shared):
    assert first.meets(second) == second.meets(first) == shared


def test_parts_of_cells():
    assert Block(-3, 4, 5, 7).coarsen(4) == (-1, 1, 2, 2)
    assert Block(-1, 1, 2, 2).refine(4) == (-4, 4, 8, 8)
