"""What must hold whatever the zones: sums, order, area."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from elevation.rasters import cells, measure, open_raster, to_degrees
from terrdiag.elevation import describe_zones, hypsometric_curve, share_above

SIDE = 40

ADDITIVE = (
    "area_km2",
    "cells_km2",
    "known_km2",
    "histogram_km2",
    "moment_km2_m",
    "slope_known_km2",
    "slope_km2_deg",
    "steep_km2",
)

# pieces a little wider than a cell hold a centre: they borrow none
cuts = st.lists(st.floats(1.01, 15), min_size=1, max_size=5).map(
    lambda widths: [0.0, *(x for x in np.cumsum(widths) if x < SIDE - 1.01), float(SIDE)]
)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A relief with a hole in the data, from below the sea to the mountain."""
    random = np.random.default_rng(3)
    rows, columns = np.mgrid[0:SIDE, 0:SIDE]
    values = 300 + 300 * np.sin(rows / 6) * np.cos(columns / 9) + random.normal(0, 20, (SIDE, SIDE))
    values[5:9, 20:24] = np.nan
    return open_raster(tmp_path_factory.mktemp("laws"), np.maximum(values, -5))


def cut_up(columns, rows):
    return [
        cells(left, top, right, bottom)
        for left, right in pairwise(columns)
        for top, bottom in pairwise(rows)
    ]


def get_sums(zones, row):
    return {name: getattr(zones, name)[row] for name in ADDITIVE if name != "histogram_km2"}


@given(cuts, cuts)
def test_sum_of_zones_is_their_union(model, columns, rows):
    # no cell is lost or counted twice wherever the borders pass
    whole = measure(model, cells(0, 0, SIDE, SIDE))
    parts = measure(model, *cut_up(columns, rows))
    union = parts.gather({"all": range(len(parts))})
    for name, value in get_sums(union, 0).items():
        assert value == pytest.approx(get_sums(whole, 0)[name], rel=1e-5), name
    assert union.base_m == whole.base_m
    assert (union.low_m[0], union.high_m[0]) == (whole.low_m[0], whole.high_m[0])
    assert union.histogram_km2[0] == pytest.approx(whole.histogram_km2[0], rel=1e-4)


@given(cuts, cuts, st.randoms(use_true_random=False))
def test_order_changes_nothing(model, columns, rows, random):
    pieces = cut_up(columns, rows)
    order = random.sample(range(len(pieces)), len(pieces))
    straight = measure(model, *pieces)
    shuffled = measure(model, *[pieces[rank] for rank in order])
    for name in ADDITIVE:
        assert getattr(shuffled, name) == pytest.approx(
            getattr(straight, name)[order], rel=1e-12
        ), name
    assert np.array_equal(shuffled.low_m, straight.low_m[order], equal_nan=True)


@given(cuts, cuts)
def test_histogram_holds_the_known_area(model, columns, rows):
    zones = measure(model, *cut_up(columns, rows))
    assert zones.histogram_km2.sum(axis=1) == pytest.approx(zones.known_km2, rel=1e-9)
    assert (zones.known_km2 <= zones.cells_km2).all()
    assert (zones.slope_known_km2 <= zones.known_km2 * (1 + 1e-9)).all()
    assert (zones.steep_km2 <= zones.slope_known_km2 * (1 + 1e-9)).all()


@given(cuts, cuts)
def test_statistics_are_in_order(model, columns, rows):
    zones = measure(model, *cut_up(columns, rows))
    found = describe_zones(zones)
    names = ("min_m", "p5_m", "median_m", "p95_m", "max_m")
    altitudes = np.array([getattr(found, name) for name in names])
    given_rows = np.isfinite(found.mean_m)
    assert (np.diff(altitudes[:, given_rows], axis=0) >= 0).all()
    assert (found.min_m <= found.mean_m + 1e-3)[given_rows].all()
    assert (found.mean_m <= found.max_m + 1e-3)[given_rows].all()
    # the mean taken from the histogram is that of the cells, but for its metre
    middle = zones.base_m + np.arange(zones.histogram_km2.shape[1]) + 0.5
    rough = (zones.histogram_km2 @ middle)[given_rows] / zones.known_km2[given_rows]
    assert found.mean_m[given_rows] == pytest.approx(rough, abs=0.5)


@given(cuts, st.lists(st.integers(0, 3), min_size=1, max_size=6))
def test_gathering_twice_is_gathering_once(model, columns, members):
    zones = measure(model, *cut_up(columns, [0.0, 10.0, 25.0, float(SIDE)]))
    members = [member % len(zones) for member in members]
    direct = zones.gather({"all": members})
    halves = zones.gather({"a": members[::2], "b": members[1::2]}).gather({"all": [0, 1]})
    for name in ADDITIVE:
        assert getattr(halves, name) == pytest.approx(getattr(direct, name)), name


@given(st.integers(0, 600), st.integers(0, 600))
def test_share_above_falls_with_altitude(model, one, two):
    zones = measure(model, cells(0, 20, SIDE, SIDE))
    low, high = sorted((one, two))
    assert share_above(zones, low)[0] >= share_above(zones, high)[0]
    altitude, above = hypsometric_curve(zones, 0)
    assert (np.diff(above) <= 1e-9).all()
    assert np.interp(low, altitude, above) == pytest.approx(share_above(zones, low)[0], abs=1e-6)


def test_area_under_the_curve_is_the_hypsometric_integral(model):
    zones = measure(model, cells(0, 20, SIDE, SIDE))
    altitude, above = hypsometric_curve(zones, 0)
    found = describe_zones(zones)
    under = np.trapezoid(above / 100, altitude) / (altitude[-1] - altitude[0])
    assert under == pytest.approx(found.hypsometric_integral[0], abs=0.002)


@pytest.mark.parametrize(
    ("crs", "corner", "cell"),
    [
        ("EPSG:2154", (600_000, 6_500_000), 25),
        ("EPSG:3857", (300_000, 5_400_000), 30),
        ("EPSG:4326", (2.5, 43.5), 1 / 3600),
        ("EPSG:27572", (600_000, 1_900_000), 25),
    ],
)
def test_cells_have_their_true_area(tmp_path, crs, corner, cell):
    place = {"crs": crs, "corner": corner, "cell": cell}
    model = open_raster(tmp_path, np.full((400, 300), 100.0), **place)
    # borders are kept straight in the projection by many points, as cells are
    box = shapely.segmentize(
        shapely.box(corner[0], corner[1] - 400 * cell, corner[0] + 300 * cell, corner[1]), 10 * cell
    )
    zones = measure(model, to_degrees(box, crs=crs))
    assert zones.cells_km2[0] == pytest.approx(zones.area_km2[0], rel=1e-4)
