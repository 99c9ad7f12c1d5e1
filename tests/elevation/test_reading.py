"""What a file holds that is not an altitude, and tiles of other grids."""

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine

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
from terrdiag.elevation.slope import measure_slope
from terrdiag.errors import ElevationError

MIDDLE = (1, 1, 2, 2)


def replace_middle(value):
    values = np.array(NINE, dtype=float)
    values[1, 1] = value
    return values


@pytest.mark.parametrize(
    ("sentinel", "dtype", "words"),
    [
        (-9999, "float32", "−9\u202f999\xa0m"),
        (-99999, "float32", "−99\u202f999\xa0m"),
        (-99, "int16", "−99\xa0m"),
        (-32768, "int16", "−32\u202f768\xa0m"),
        (-32767, "int16", "−32\u202f767\xa0m"),
        (-3.4028234663852886e38, "float32", "−3,4·10³⁸\xa0m"),
        (3.4e38, "float64", "3,4·10³⁸\xa0m"),
    ],
)
def test_undeclared_sentinel_is_set_aside_and_said(tmp_path, sentinel, dtype, words):
    zones = measure(open_raster(tmp_path, replace_middle(sentinel), dtype=dtype), cells(*SQUARE))
    assert describe_zones(zones, 80).mean_m[0] == pytest.approx(500)
    assert zones.known_km2[0] == pytest.approx(8 * CELL_KM2, rel=1e-6)
    (remark,) = zones.remarks
    assert remark == (
        f"«\xa0dem.tif\xa0»\xa0: 1\xa0cellule du territoire à {words}, prises pour inconnues "
        "(valeur non déclarée par le fichier)."
    )


def test_sentinel_out_of_the_zones_is_not_said(tmp_path):
    zones = measure(open_raster(tmp_path, replace_middle(-9999)), cells(0, 0, 1, 1))
    assert zones.remarks == ()


@pytest.mark.parametrize("value", [-20.5, 4810.5, 9999, -500, 65535])
def test_impossible_altitude_is_refused(tmp_path, value):
    model = open_raster(tmp_path, replace_middle(value))
    with pytest.raises(ElevationError, match="Altitudes impossibles") as caught:
        measure(model, cells(*SQUARE))
    words = str(caught.value)
    assert "dem.tif" in words
    assert "1\xa0cellule du territoire" in words
    assert "gdal_edit.py -a_nodata" in words


def test_refusal_counts_all_cells_and_gives_their_range(tmp_path):
    values = np.array(NINE, dtype=float)
    values[0] = 5000, -600, 7000
    with pytest.raises(
        ElevationError, match="3\xa0cellules du territoire entre −600\xa0m et 7\u202f000\xa0m"
    ):
        measure(open_raster(tmp_path, values), cells(*SQUARE))


def test_impossible_altitude_elsewhere_does_not_matter(tmp_path):
    zones = measure(
        open_raster(tmp_path, replace_middle(9000)), cells(0, 0, 1, 3), cells(0, 0, 3, 1)
    )
    assert describe_zones(zones).mean_m == pytest.approx([400, 200])


@pytest.mark.parametrize("value", [-20, 4810])
def test_bounds_are_possible(tmp_path, value):
    zones = measure(open_raster(tmp_path, replace_middle(value)), cells(*MIDDLE))
    assert describe_zones(zones).mean_m[0] == value


def test_coarse_sentinels_are_counted_as_cells(tmp_path):
    place = {"cell": 100.0}
    zones = measure(open_raster(tmp_path, replace_middle(-9999), **place), cells(*SQUARE, **place))
    assert "1\xa0cellule " in zones.remarks[0]


def test_scale_and_offset_are_applied(tmp_path):
    # decimetres over 100 m: 4000 is 500 m
    stored = (np.array(NINE) - 100) * 10
    stored[0, 0] = -32768
    path = write_raster(tmp_path / "dem.tif", stored, dtype="int16", nodata=-32768)
    with rasterio.open(path, "r+") as dataset:
        dataset.scales, dataset.offsets = [0.1], [100.0]
    zones = measure(open_elevation([path]), cells(*SQUARE), cells(*MIDDLE))
    assert describe_zones(zones, 80).mean_m == pytest.approx([4400 / 8, 500])
    assert zones.remarks == ()


def test_mask_of_the_file_is_obeyed(tmp_path):
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True):
        path = write_raster(tmp_path / "dem.tif", NINE)
        with rasterio.open(path, "r+") as dataset:
            mask = np.full((3, 3), 255, dtype="uint8")
            mask[0, 0] = 0
            dataset.write_mask(mask)
    zones = measure(open_elevation([path]), cells(*SQUARE))
    assert describe_zones(zones, 80).mean_m[0] == pytest.approx(4400 / 8)
    assert zones.remarks == ()


def make_plane(shape, corner, cell):
    """Altitudes 500 + (x − x0) / 10 − (y − y0) / 20 at the centres of cells: bilinear gives it back."""
    height, width = shape
    x = corner[0] + (np.arange(width) + 0.5) * cell - CORNER[0]
    y = corner[1] - (np.arange(height) + 0.5) * cell - CORNER[1]
    return 500 + x / 10 - y[:, np.newaxis] / 20


def test_coarser_tile_is_brought_to_the_finest_grid(tmp_path):
    # the coarse tile lies all around the fine one
    corner = (CORNER[0] - 500, CORNER[1] + 500)
    coarse = write_raster(
        tmp_path / "coarse.tif", make_plane((12, 12), corner, 100), corner=corner, cell=100
    )
    fine = write_raster(tmp_path / "fine.tif", make_plane((4, 4), CORNER, 25))
    model = open_elevation([coarse, fine])
    assert model.reference.name == "fine.tif"
    assert (
        "1\xa0dalle sur 2, d'une autre grille que «\xa0fine.tif\xa0» (25\xa0m)" in model.remarks[0]
    )
    zones = measure(model, cells(-2, -2, 6, 6), cells(0, 0, 4, 4))
    assert zones.known_km2 == pytest.approx(np.array([64, 16]) * CELL_KM2, rel=1e-6)
    # the mean of a plane is its altitude at the centre of the square, 50 m right and down
    assert describe_zones(zones).mean_m == pytest.approx([507.5, 507.5], abs=0.01)
    assert describe_zones(zones).slope_mean_deg == pytest.approx(
        np.degrees(np.arctan(np.hypot(0.1, 0.05))), abs=0.01
    )


def test_tile_shifted_by_half_a_cell_is_another_grid(tmp_path):
    first = write_raster(tmp_path / "first.tif", make_plane((4, 4), CORNER, 25))
    corner = (CORNER[0] + 87.5, CORNER[1])
    second = write_raster(tmp_path / "second.tif", make_plane((4, 4), corner, 25), corner=corner)
    model = open_elevation([first, second])
    assert "1\xa0dalle sur 2" in model.remarks[0]
    # one column of the first, two of the second between its outer centres
    found = describe_zones(measure(model, cells(3, 1, 6, 3)))
    assert found.mean_m[0] == pytest.approx(500 + 112.5 / 10 + 50 / 20, abs=0.01)


def test_tiles_of_two_projections(tmp_path):
    fine = write_raster(tmp_path / "fine.tif", make_plane((40, 40), CORNER, 25))
    corner = (3.005, 44.01)
    degrees = write_raster(
        tmp_path / "degrees.tif",
        np.full((80, 80), 700.0),
        corner=corner,
        cell=1 / 3600,
        crs="EPSG:4326",
    )
    model = open_elevation([fine, degrees])
    # the cells of the second are 22 m wide, but 31 m high
    assert model.reference.name == "fine.tif"
    found = describe_zones(measure(model, cells(0, 0, 40, 40), cells(50, 0, 60, 10)))
    assert found.coverage_pct == pytest.approx([100, 100])
    assert found.mean_m == pytest.approx([500 + 50 + 25, 700], abs=0.01)
    assert found.max_m[1] == 700


def test_sentinels_are_not_blended_by_interpolation(tmp_path):
    corner = (CORNER[0] - 500, CORNER[1] + 500)
    values = np.full((12, 12), 800.0)
    values[6, 6] = -9999
    coarse = write_raster(tmp_path / "coarse.tif", values, corner=corner, cell=100)
    fine = write_raster(
        tmp_path / "fine.tif", np.full((4, 4), 800.0), corner=(CORNER[0] - 400, CORNER[1])
    )
    zones = measure(open_elevation([fine, coarse]), cells(-8, -8, 16, 16))
    assert (zones.low_m[0], zones.high_m[0]) == pytest.approx((800, 800))
    # the unknown cell is 100 m wide, 16 of the fine ones
    assert zones.cells_km2[0] - zones.known_km2[0] == pytest.approx(16 * CELL_KM2, rel=0.3)
    assert "coarse.tif\xa0»\xa0: 1\xa0cellule du territoire à −9\u202f999" in zones.remarks[0]


def test_world_raster_beside_a_local_one(tmp_path):
    world = write_raster(
        tmp_path / "world.tif",
        np.full((180, 360), 250.0),
        corner=(-180, 90),
        cell=1.0,
        crs="EPSG:4326",
    )
    local = write_raster(tmp_path / "local.tif", NINE)
    found = describe_zones(
        measure(open_elevation([local, world]), cells(*SQUARE), cells(5, 5, 8, 8))
    )
    assert found.mean_m == pytest.approx([500, 250])


def test_slopes_cross_tiles(tmp_path):
    plane = make_plane((6, 12), CORNER, 25)
    left = write_raster(tmp_path / "left.tif", plane[:, :6])
    right = write_raster(tmp_path / "right.tif", plane[:, 6:], corner=(CORNER[0] + 150, CORNER[1]))
    zones = measure(open_elevation([left, right]), cells(1, 1, 11, 5))
    assert zones.slope_known_km2[0] == pytest.approx(zones.cells_km2[0])
    whole = measure_slope(plane.astype(np.float32), np.full(6, 25.0), np.full(6, 25.0))
    assert describe_zones(zones).slope_mean_deg[0] == pytest.approx(
        whole[1:5, 1:11].mean(), rel=1e-5
    )


def test_box_of_a_turned_tile_is_wider_than_the_tile(tmp_path):
    # a diamond in the grid of the first: the corners of its box are not in it
    half = 25 * np.sqrt(0.5)
    turned = write_raster(
        tmp_path / "turned.tif",
        np.full((40, 40), 700.0),
        transform=Affine(half, -half, CORNER[0] + 5000, -half, -half, CORNER[1]),
    )
    first = write_raster(tmp_path / "first.tif", NINE)
    model = open_elevation([first, turned])
    # 5 000 m are 200 cells; the diamond is 56 cells wide and high, its upper corner is the origin
    inside, beside = measure(model, cells(195, 25, 205, 32)), measure(model, cells(172, 0, 176, 4))
    assert describe_zones(inside).mean_m[0] == pytest.approx(700)
    assert describe_zones(beside).coverage_pct[0] == 0


def test_model_that_cannot_show_the_territory(tmp_path):
    antipodes = "+proj=gnom +lat_0=-44 +lon_0=-177"
    model = open_raster(tmp_path, NINE, crs=antipodes, corner=(0, 0))
    with pytest.raises(ElevationError, match="ne va pas jusqu'au territoire"):
        measure(model, cells(*SQUARE))
