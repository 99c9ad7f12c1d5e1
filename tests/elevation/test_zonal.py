"""Zones on rasters of nine cells, every number by hand. Cells are 25 m wide unless said otherwise."""

import numpy as np
import pytest
import shapely

from elevation.rasters import (
    CELL_KM2,
    CORNER,
    NINE,
    SQUARE,
    cells,
    measure,
    open_raster,
    write_raster,
)
from terrdiag.elevation import describe_zones, open_elevation
from terrdiag.errors import ElevationError

NAN = float("nan")


@pytest.fixture
def nine(tmp_path):
    return open_raster(tmp_path, NINE)


@pytest.mark.parametrize(
    ("zone", "known", "low", "mean", "high"),
    [
        pytest.param(SQUARE, 9, 100, 500, 900, id="all"),
        pytest.param((0, 0, 1, 3), 3, 100, 400, 700, id="left column"),
        pytest.param((1, 1, 2, 2), 1, 500, 500, 500, id="the middle"),
        # the centres of the middle column are 1.5 cells from the edge
        pytest.param((1.4, 0, 3, 3), 6, 200, 550, 900, id="a little more than half of the middle"),
        pytest.param((1.6, 0, 3, 3), 3, 300, 600, 900, id="a little less than half of the middle"),
        pytest.param((0, 0, 3, 0.9), 3, 100, 200, 300, id="most of the top row"),
    ],
)
def test_cells_whose_centre_is_inside(nine, zone, known, low, mean, high):
    zones = measure(nine, cells(*zone))
    found = describe_zones(zones)
    assert zones.known_km2[0] == pytest.approx(known * CELL_KM2, rel=1e-6)
    assert zones.cells_km2[0] == pytest.approx(known * CELL_KM2, rel=1e-6)
    assert (found.min_m[0], found.max_m[0]) == (low, high)
    assert found.mean_m[0] == pytest.approx(mean)
    assert found.coverage_pct[0] == 100


def test_area_of_the_outline_is_not_that_of_the_cells(nine):
    zones = measure(nine, cells(0, 0, 1.4, 3))
    assert zones.area_km2[0] == pytest.approx(4.2 * CELL_KM2, rel=1e-5)
    assert zones.cells_km2[0] == pytest.approx(3 * CELL_KM2, rel=1e-6)


def test_histogram_has_a_bin_a_metre(nine):
    zones = measure(nine, cells(0, 0, 2, 1), cells(0, 0, 1, 1))
    assert (zones.base_m, zones.histogram_km2.shape) == (100, (2, 101))
    used = zones.histogram_km2 > 0
    assert np.argwhere(used).tolist() == [[0, 0], [0, 100], [1, 0]]
    assert zones.histogram_km2[used] == pytest.approx(CELL_KM2, rel=1e-6)


def test_zones_that_share_a_border_share_no_cell(nine):
    # the border runs through the centres of the middle column
    left, right = cells(0, 0, 1.5, 3), cells(1.5, 0, 3, 3)
    zones = measure(nine, left, right)
    assert zones.known_km2.sum() == pytest.approx(9 * CELL_KM2, rel=1e-6)
    assert zones.moment_km2_m.sum() / zones.known_km2.sum() == pytest.approx(500)


def test_zones_may_overlap(nine):
    found = describe_zones(measure(nine, cells(*SQUARE), cells(0, 0, 2, 1), cells(0, 0, 2, 1)))
    assert found.mean_m == pytest.approx([500, 150, 150])


def test_holes_and_islands(nine):
    ring = cells(*SQUARE) - cells(1, 1, 2, 2)
    corners = shapely.MultiPolygon([cells(0, 0, 1, 1), cells(2, 2, 3, 3)])
    zones = measure(nine, ring, corners, corners | cells(1, 1, 2, 2))
    assert zones.known_km2 == pytest.approx(np.array([8, 2, 3]) * CELL_KM2, rel=1e-6)
    assert describe_zones(zones).mean_m == pytest.approx([500, 500, 500])
    assert describe_zones(zones).min_m.tolist() == [100, 100, 100]


@pytest.mark.parametrize(
    ("unknown", "nodata"), [(-9999, -9999), (NAN, None), (NAN, NAN), (0, 0), (-99999, -99999)]
)
def test_declared_nodata_is_not_an_altitude(tmp_path, unknown, nodata):
    values = np.array(NINE, dtype=float)
    values[1, 1] = unknown
    zones = measure(open_raster(tmp_path, values, nodata=nodata), cells(*SQUARE), cells(0, 0, 3, 1))
    assert zones.known_km2 == pytest.approx(np.array([8, 3]) * CELL_KM2, rel=1e-6)
    assert zones.cells_km2[0] == pytest.approx(9 * CELL_KM2, rel=1e-6)
    assert zones.remarks == ()
    found = describe_zones(zones)
    # 8 cells out of 9 are not enough
    assert found.coverage_pct == pytest.approx([800 / 9, 100])
    assert np.isnan(found.mean_m[0])
    assert found.mean_m[1] == pytest.approx(200)
    assert describe_zones(zones, min_coverage_pct=80).mean_m[0] == pytest.approx(500)


def test_zero_and_below_are_altitudes(tmp_path):
    zones = measure(open_raster(tmp_path, [[0, 0, 3], [-3.4, -0.5, 0], [0, 0, 0]]), cells(*SQUARE))
    found = describe_zones(zones)
    assert (found.coverage_pct[0], found.min_m[0], found.max_m[0]) == (100, np.float32(-3.4), 3)
    assert found.mean_m[0] == pytest.approx(-0.9 / 9, rel=1e-5)
    assert zones.base_m == -4
    used = np.flatnonzero(zones.histogram_km2[0]) + zones.base_m
    assert used.tolist() == [-4, -1, 0, 3]


def test_zone_that_holds_no_centre_takes_the_cell_under_it(nine):
    sliver = cells(1.1, 1.1, 1.3, 1.4)
    zones = measure(nine, sliver, cells(0, 0, 1, 1))
    assert describe_zones(zones).mean_m == pytest.approx([500, 100])
    # 0.2 × 0.3 cell
    assert zones.known_km2[0] == pytest.approx(0.06 * CELL_KM2, rel=1e-5)
    assert zones.histogram_km2[0].sum() == pytest.approx(zones.known_km2[0])
    assert describe_zones(zones).coverage_pct[0] == 100


def test_zone_that_goes_beyond_the_raster(nine):
    found = describe_zones(measure(nine, cells(-3, 0, 3, 3), cells(0, 0, 3, 3), cells(8, 8, 9, 9)))
    assert found.coverage_pct == pytest.approx([50, 100, 0])
    assert np.isnan(found.mean_m).tolist() == [True, False, True]


def test_coarse_cells_are_counted_by_parts(tmp_path):
    coarse = {"cell": 100.0}
    model = open_raster(tmp_path, NINE, **coarse)
    zones = measure(model, cells(0, 0, 1.5, 3, **coarse))
    # half of the middle column: (100 + 400 + 700 + (200 + 500 + 800) / 2) / 4.5
    assert describe_zones(zones).mean_m[0] == pytest.approx(1950 / 4.5)
    assert zones.known_km2[0] == pytest.approx(4.5 * 0.01, rel=1e-4)
    assert describe_zones(zones).max_m[0] == 800


def test_two_tiles_side_by_side(tmp_path):
    right = write_raster(tmp_path / "right.tif", NINE, corner=(CORNER[0] + 75, CORNER[1]))
    left = write_raster(tmp_path / "left.tif", np.array(NINE) + 1000)
    zones = measure(open_elevation([right, left]), cells(0, 0, 6, 3), cells(2, 0, 4, 1))
    assert describe_zones(zones).mean_m == pytest.approx([1000, (1300 + 100) / 2])
    assert describe_zones(zones).coverage_pct == pytest.approx([100, 100])
    assert zones.known_km2[0] == pytest.approx(18 * CELL_KM2, rel=1e-6)


@pytest.mark.parametrize(
    ("order", "mean"),
    [
        # the hole of the first one is filled by the second one, 10 m higher: 4500 / 9 + 10 / 9
        (("holed", "full"), (4500 + 10) / 9),
        (("full", "holed"), 510),
    ],
)
def test_overlapping_tiles_count_once_and_the_first_wins(tmp_path, order, mean):
    values = np.array(NINE, dtype=float)
    values[1, 1] = NAN
    write_raster(tmp_path / "holed", values)
    write_raster(tmp_path / "full", np.array(NINE) + 10)
    zones = measure(open_elevation([tmp_path / name for name in order]), cells(*SQUARE))
    assert zones.known_km2[0] == pytest.approx(9 * CELL_KM2, rel=1e-6)
    assert describe_zones(zones).mean_m[0] == pytest.approx(mean)


def test_hidden_tile_is_not_read(tmp_path):
    write_raster(tmp_path / "above", NINE)
    write_raster(tmp_path / "hidden", np.full((3, 3), -9999.0))
    model = open_elevation([tmp_path / "above", tmp_path / "hidden"])
    zones = measure(model, cells(*SQUARE), with_slope=False)
    assert (zones.remarks, describe_zones(zones).max_m[0]) == ((), 900)


def test_whole_metres_are_noticed_whatever_the_type(tmp_path):
    whole = measure(open_raster(tmp_path, NINE, dtype="int16"), cells(*SQUARE))
    stored_as_float = measure(open_raster(tmp_path, NINE), cells(*SQUARE))
    halves = measure(open_raster(tmp_path, np.array(NINE) + 0.5), cells(*SQUARE))
    assert (whole.whole_metres, stored_as_float.whole_metres, halves.whole_metres) == (
        True,
        True,
        False,
    )


def test_slope_may_be_left_out(nine):
    zones = measure(nine, cells(*SQUARE), with_slope=False)
    assert zones.slope_known_km2[0] == 0
    assert np.isnan(describe_zones(zones).slope_mean_deg[0])
    assert describe_zones(zones).mean_m[0] == pytest.approx(500)


def test_territory_elsewhere(nine):
    with pytest.raises(ElevationError, match="ne touche pas le territoire") as caught:
        measure(nine, cells(100, 100, 103, 103))
    assert "dem.tif" in str(caught.value)
    assert "longitude 3,0" in str(caught.value)


@pytest.mark.parametrize("outline", [None, shapely.Polygon()])
def test_zone_without_outline(nine, outline):
    with pytest.raises(ElevationError, match="Pas de contour pour 2"):
        measure(nine, cells(*SQUARE), outline)
