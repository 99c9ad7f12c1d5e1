"""Statistics of zones made up by hand, without any raster."""

import numpy as np
import pytest

from terrdiag.elevation import (
    Zones,
    area_by_band,
    describe_zones,
    hypsometric_curve,
    share_above,
)
from terrdiag.elevation.statistics import find_quantiles, find_vertical_step

NAN = float("nan")


def make_zones(base, histogram, low, high, *, cells=None, whole=False, moment=None, **slopes):
    """Zones of which every sum follows from the histogram, but for what is given."""
    histogram = np.atleast_2d(np.array(histogram, dtype=float))
    known = histogram.sum(axis=1)
    middle = base + np.arange(histogram.shape[1]) + (0.0 if whole else 0.5)
    nothing = np.zeros(len(known))
    return Zones(
        codes=tuple(str(row) for row in range(len(known))),
        area_km2=known,
        cells_km2=known if cells is None else np.array(cells, dtype=float),
        known_km2=known,
        base_m=base,
        histogram_km2=histogram,
        whole_metres=whole,
        low_m=np.atleast_1d(np.array(low, dtype=float)),
        high_m=np.atleast_1d(np.array(high, dtype=float)),
        moment_km2_m=histogram @ middle if moment is None else np.array(moment, dtype=float),
        slope_known_km2=np.array(slopes.get("known", nothing), dtype=float),
        slope_km2_deg=np.array(slopes.get("sum", nothing), dtype=float),
        steep_km2=np.array(slopes.get("steep", nothing), dtype=float),
    )


def test_quantiles_are_linear_inside_a_bin():
    # 1 km² in [100, 101), 3 km² in [101, 102)
    zones = make_zones(100, [1, 3], 100.0, 101.9)
    # a quarter lies under 101; half is 1 km² into the second bin
    assert find_quantiles(zones, (0.125, 0.25, 0.5))[:, 0] == pytest.approx(
        [100.5, 101, 101 + 1 / 3]
    )


def test_quantiles_stay_between_the_extremes():
    zones = make_zones(100, [1, 3], 100.4, 101.2)
    assert find_quantiles(zones, (0.0, 0.01, 1.0))[:, 0] == pytest.approx([100.4, 100.4, 101.2])


def test_whole_metres_are_the_middle_of_what_they_stand_for():
    # as many cells of 100, 101 and 102 m: the median is 101, not 101.5
    zones = make_zones(100, [1, 1, 1], 100, 102, whole=True)
    found = describe_zones(zones)
    assert (found.median_m[0], found.mean_m[0]) == (101, 101)
    assert describe_zones(make_zones(100, [5], 100, 100, whole=True)).median_m[0] == 100


def test_quantiles_over_empty_bins():
    zones = make_zones(100, [1, 0, 0, 1], 100, 103, whole=True)
    assert find_quantiles(zones, (0.25, 0.75))[:, 0] == pytest.approx([100, 103])


def test_description():
    zones = make_zones(100, [1, 3], 100.2, 101.7, known=[4], sum=[40], steep=[1])
    found = describe_zones(zones)
    assert found.mean_m[0] == pytest.approx((100.5 + 3 * 101.5) / 4)
    assert found.range_m[0] == pytest.approx(1.5)
    assert found.hypsometric_integral[0] == pytest.approx((101.25 - 100.2) / 1.5)
    assert (found.slope_mean_deg[0], found.steep_share_pct[0]) == (10, 25)


def test_flat_ground_has_no_hypsometric_integral():
    found = describe_zones(make_zones(100, [4], 100, 100, whole=True))
    assert (found.range_m[0], found.mean_m[0]) == (0, 100)
    assert np.isnan(found.hypsometric_integral[0])


@pytest.mark.parametrize(
    ("cells", "coverage", "given"), [(4, 100, True), (4.2, 95.238, True), (4.22, 94.787, False)]
)
def test_no_value_under_95_pct(cells, coverage, given):
    zones = make_zones(100, [1, 3], 100, 101.9, cells=[cells])
    found = describe_zones(zones)
    assert found.coverage_pct[0] == pytest.approx(coverage, abs=0.001)
    for name in (
        "min_m",
        "p5_m",
        "mean_m",
        "median_m",
        "p95_m",
        "max_m",
        "range_m",
        "hypsometric_integral",
    ):
        assert np.isfinite(getattr(found, name)[0]) == given, name
    assert np.isfinite(share_above(zones, 101)[0]) == given


def test_zone_without_any_value():
    zones = make_zones(100, [[1, 3], [0, 0]], [100, NAN], [101.9, NAN], cells=[4, 5])
    found = describe_zones(zones)
    assert found.coverage_pct.tolist() == [100, 0]
    assert np.isnan(found.mean_m).tolist() == [False, True]
    assert np.isnan(share_above(zones, 100)).tolist() == [False, True]
    assert [part.size for part in hypsometric_curve(zones, 1)] == [0, 0]


@pytest.mark.parametrize(
    ("threshold", "whole", "share"),
    [
        (50, False, 100),
        (100, False, 100),
        (101, False, 75),
        (101.5, False, 37.5),
        (102, False, 0),
        (5000, False, 0),
        (101, True, 75),
        # of whole metres, those that are over 100.5 are those from 101 on
        (100.5, True, 75),
        (101.5, True, 0),
    ],
)
def test_share_above(threshold, whole, share):
    zones = make_zones(100, [1, 3], 100, 101 if whole else 101.9, whole=whole)
    assert share_above(zones, threshold)[0] == pytest.approx(share)


def test_area_by_band():
    histogram = np.zeros((2, 130))
    histogram[0, [0, 1, 2, 102]] = 1, 2, 4, 8  # 98, 99, 100 and 200 m
    histogram[1, 129] = 16  # 227 m
    edges, areas = area_by_band(make_zones(98, histogram, [98, 227], [200, 227]), 100)
    assert edges.tolist() == [0, 100, 200, 300]
    assert areas.tolist() == [[3, 4, 8], [0, 0, 16]]


def test_bands_below_the_sea():
    edges, areas = area_by_band(make_zones(-4, [1, 0, 0, 0, 2], -4, 0), 100)
    assert edges.tolist() == [-100, 0, 100]
    assert areas.tolist() == [[1, 2]]


def test_bands_of_nothing():
    edges, areas = area_by_band(make_zones(0, [[], []], [NAN, NAN], [NAN, NAN], cells=[1, 1]))
    assert (edges.tolist(), areas.shape) == ([0], (2, 0))


@pytest.mark.parametrize("step", [0, -100, 2.5])
def test_bands_have_whole_steps(step):
    with pytest.raises(ValueError, match="nombre entier"):
        area_by_band(make_zones(0, [1], 0, 0), step)


def test_hypsometric_curve():
    altitude, above = hypsometric_curve(make_zones(99, [0, 1, 3, 4, 0], 100.5, 102.5), 0)
    assert altitude.tolist() == [100.5, 101, 102, 102.5]
    assert above == pytest.approx([100, 87.5, 50, 0])


def test_gather():
    zones = make_zones(
        100,
        [[1, 0], [0, 3], [0, 0]],
        [100, 101, NAN],
        [100.5, 101.5, NAN],
        cells=[1, 3, 2],
        steep=[1, 1, 0],
    )
    groups = zones.gather(
        {"all": [0, 1, 2], "two": [1], "unknown": [2], "none": [], "twice": [1, 1]}
    )
    assert groups.codes == ("all", "two", "unknown", "none", "twice")
    assert groups.cells_km2.tolist() == [6, 3, 2, 0, 6]
    assert groups.known_km2.tolist() == [4, 3, 0, 0, 6]
    assert groups.histogram_km2.tolist() == [[1, 3], [0, 3], [0, 0], [0, 0], [0, 6]]
    assert groups.low_m[:2].tolist() == [100, 101]
    assert groups.high_m[0] == 101.5
    assert np.isnan(groups.low_m[2:4]).all()
    assert groups.steep_km2.tolist() == [2, 1, 0, 0, 2]
    assert describe_zones(groups, 60).mean_m[0] == pytest.approx((100.5 + 3 * 101.5) / 4)
    assert np.isnan(describe_zones(groups).coverage_pct[3])


def test_gather_into_no_group():
    none = make_zones(100, [1, 3], 100, 101).gather({})
    assert (len(none), none.histogram_km2.shape) == (0, (0, 2))


def test_vertical_step():
    steps = np.zeros(400)
    steps[::32] = 1
    assert find_vertical_step(make_zones(0, steps, 0, 384, whole=True)) == 32
    assert find_vertical_step(make_zones(0, np.ones(400), 0, 400)) == 1
    assert np.isnan(find_vertical_step(make_zones(0, [1, 0, 1], 0, 2)))
