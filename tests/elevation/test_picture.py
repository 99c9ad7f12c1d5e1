"""The tinted relief: pixels, colours, size."""

import itertools

import numpy as np
import pytest
from rasterio.io import MemoryFile

from elevation.rasters import CORNER, open_raster, write_raster
from terrdiag.elevation import Picture, open_elevation, pick_tints, read_picture, render_tint
from terrdiag.elevation.rendering import shade
from terrdiag.elevation.tints import parse

pytestmark = pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")

DEUTERANOPIA = np.array([[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]])
PROTANOPIA = np.array([[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]])
"""Machado, Oliveira and Fernandes (2009), at full severity, on linear colours."""


def decode(png):
    with MemoryFile(png) as memory, memory.open() as dataset:
        return dataset.read(1), dataset.colormap(1)


def find_lightness(colors, sight=None):
    """Lightness (CIE L*) of colours, as seen by everyone or by some."""
    linear = ((parse(colors) / 255 + 0.055) / 1.055) ** 2.4
    if sight is not None:
        linear = np.clip(linear @ sight.T, 0, 1)
    return 116 * np.cbrt(linear @ [0.2126, 0.7152, 0.0722]) - 16


@pytest.mark.parametrize("sight", [None, DEUTERANOPIA, PROTANOPIA])
@pytest.mark.parametrize("count", [2, 5, 8])
def test_tints_darken_upwards_for_every_sight(sight, count):
    lightness = find_lightness(pick_tints(count), sight)
    assert (np.diff(lightness) < -2).all()
    # dark lines and names stay readable over the darkest
    assert lightness.min() > 40


def test_tints_are_different():
    for count in range(1, 30):
        assert len(set(pick_tints(count))) == count


def test_no_tint():
    with pytest.raises(ValueError, match="au moins une tranche"):
        pick_tints(0)


def test_pixels_of_a_plane(tmp_path):
    model = open_raster(tmp_path, np.tile(100 + (np.arange(400) + 0.5) * 2.5, (400, 1)))
    west, south, east, north = model.bounds
    picture = read_picture(model, (west + 0.02, south + 0.02, east - 0.02, north - 0.02), 2154, 200)
    assert picture.array.shape[1] == 200
    assert picture.pixel_m == pytest.approx(
        (picture.bounds[3] - picture.bounds[1]) / picture.array.shape[0]
    )
    columns = picture.bounds[0] + (np.arange(200) + 0.5) * picture.pixel_m
    expected = np.tile(100 + (columns - CORNER[0]) / 10, (len(picture.array), 1))
    assert picture.array == pytest.approx(expected, abs=0.5)


@pytest.mark.parametrize("width", [40, 1500])
def test_picture_finer_or_coarser_than_the_model(tmp_path, width):
    model = open_raster(tmp_path, np.tile(100 + (np.arange(400) + 0.5) * 2.5, (400, 1)))
    west, south, east, north = model.bounds
    picture = read_picture(
        model, (west + 0.03, south + 0.03, east - 0.03, north - 0.03), 3857, width
    )
    assert picture.array.shape[1] == width
    middle = picture.array[len(picture.array) // 2]
    assert np.isfinite(picture.array).all()
    # 0.06° of longitude narrower than the raster, and 0.1 m of altitude a metre
    assert (middle[0], middle[-1]) == pytest.approx((100 + 240, 100 + 760), abs=10)
    assert (np.diff(middle) > 0).all()


def test_picture_of_two_tiles_and_of_nothing(tmp_path):
    left = write_raster(tmp_path / "left.tif", np.full((100, 100), 200.0))
    right = write_raster(
        tmp_path / "right.tif", np.full((100, 100), 900.0), corner=(CORNER[0] + 2500, CORNER[1])
    )
    model = open_elevation([left, right])
    picture = read_picture(model, model.bounds, 2154, 100)
    row = picture.array[len(picture.array) // 2]
    assert row[10] == pytest.approx(200)
    assert row[90] == pytest.approx(900)
    elsewhere = read_picture(model, (5.0, 45.0, 5.1, 45.1), 2154, 20)
    assert np.isnan(elsewhere.array).all()


def test_sentinels_are_not_drawn(tmp_path):
    values = np.full((100, 100), 500.0)
    values[:, :50] = -9999
    model = open_raster(tmp_path, values)
    picture = read_picture(model, model.bounds, 2154, 100)
    known = np.isfinite(picture.array)
    assert known.mean() == pytest.approx(0.5, abs=0.05)
    assert picture.array[known] == pytest.approx(500)


def test_bands_have_their_tints():
    array = np.repeat(np.array([100.0, 700.0, 1500.0, np.nan]), 50)[np.newaxis].repeat(60, axis=0)
    index, colors = decode(
        render_tint(Picture(array.astype(np.float32), (0, 0, 200, 60)), [500, 1000])
    )
    assert index.shape == (60, 200)
    # away from the cliffs, flat ground has the colour of its band
    drawn = [colors[index[30, column]] for column in (25, 75, 125)]
    assert [f"#{r:02x}{g:02x}{b:02x}" for r, g, b, _ in drawn] == list(pick_tints(3))
    assert {alpha for *_, alpha in drawn} == {255}
    assert colors[index[30, 175]][3] == 0


def test_light_comes_from_the_north_west():
    rows, columns = np.mgrid[0:50, 0:50].astype(np.float32)
    box = (0, 0, 50, 50)
    assert shade(Picture(columns, box))[25, 25] > 1  # rises eastwards: faces west
    assert shade(Picture(-columns, box))[25, 25] < 1
    assert shade(Picture(rows, box))[25, 25] > 1  # rises southwards: faces north
    assert shade(Picture(np.full((50, 50), 7, np.float32), box)) == pytest.approx(1)


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1)])
def test_tiny_pictures(shape):
    index, _ = decode(render_tint(Picture(np.full(shape, 7, np.float32), (0, 0, 1, 1)), []))
    assert index.shape == shape


def test_picture_of_the_unknown():
    index, colors = decode(
        render_tint(Picture(np.full((9, 9), np.nan, np.float32), (0, 0, 1, 1)), [500])
    )
    assert {colors[rank][3] for rank in np.unique(index)} == {0}


def test_png_is_small_however_rough_the_ground():
    random = np.random.default_rng(0)
    rows, columns = np.mgrid[0:900, 0:900]
    for rough in (0, 30):
        relief = (
            1200
            + 900 * np.sin(rows / 60) * np.cos(columns / 80)
            + random.normal(0, rough, (900, 900))
        )
        picture = Picture(relief.astype(np.float32), (0, 0, 45_000, 45_000))
        png = render_tint(picture, [400, 700, 1000, 1500, 2000])
        assert png.startswith(b"\x89PNG")
        assert len(png) < (60_000 if not rough else 250_000)


def test_breaks_close_their_band_below():
    array = np.array([[499, 500, 501]] * 3, dtype=np.float32)
    index, colors = decode(render_tint(Picture(array, (0, 0, 3, 3)), [500]))
    low, middle, high = (sum(colors[rank][:3]) for rank in index[1])
    assert low > middle
    assert [a == b for a, b in itertools.pairwise(index[1] > index[1].min())] == [False, True]
    assert high <= low
