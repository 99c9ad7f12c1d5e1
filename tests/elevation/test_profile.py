"""Altitudes along a line, on planes whose altitudes are known everywhere."""

import numpy as np
import pytest
import shapely
from pyproj import Geod

from elevation.rasters import CORNER, open_raster, to_degrees
from terrdiag.elevation import sample_profile
from terrdiag.elevation.profile import space_points
from terrdiag.errors import ElevationError

GEOD = Geod(ellps="GRS80")


def draw_line(*points):
    """Line through places given in metres from the corner, eastwards and southwards."""
    return to_degrees(
        shapely.LineString([(CORNER[0] + east, CORNER[1] - south) for east, south in points])
    )


@pytest.fixture
def plane(tmp_path):
    # the altitude is 100 + a tenth of the way eastwards, at the centres of 25 m cells
    return open_raster(tmp_path, np.tile(100 + (np.arange(80) + 0.5) * 2.5, (60, 1)))


def test_plane(plane):
    profile = sample_profile(plane, draw_line((100, 100), (1100, 700)), step_m=100)
    length = np.hypot(1000, 600)
    assert profile.distance_m == pytest.approx([*range(0, 1101, 100), length], rel=1e-5)
    assert profile.altitude_m == pytest.approx(
        100 + (100 + profile.distance_m * 1000 / length) / 10, abs=0.01
    )
    assert (profile.longitude[0], profile.latitude[0]) == pytest.approx(
        to_degrees(shapely.Point(CORNER[0] + 100, CORNER[1] - 100)).coords[0]
    )


def test_step_is_the_resolution_unless_given(plane):
    profile = sample_profile(plane, draw_line((100, 100), (200, 100)))
    assert profile.distance_m == pytest.approx([0, 25, 50, 75, 100], abs=0.01)


def test_line_with_several_sides(plane):
    profile = sample_profile(plane, draw_line((100, 100), (400, 100), (400, 500), (100, 500)), 50)
    assert profile.distance_m[-1] == pytest.approx(1000, rel=1e-5)
    assert np.interp([0, 300, 700, 1000], profile.distance_m, profile.altitude_m) == pytest.approx(
        [110, 140, 140, 110], abs=0.2
    )


def test_unknown_where_a_cell_around_is_unknown(tmp_path):
    values = np.full((9, 9), 100.0)
    values[4, 4] = np.nan
    model = open_raster(tmp_path, values)
    profile = sample_profile(model, draw_line((20, 112.5), (200, 112.5)), 10)
    # the centre of the unknown cell is at 112.5 m, those of its neighbours at 87.5 and 137.5
    place = 20 + profile.distance_m
    assert np.isnan(profile.altitude_m).tolist() == ((place > 87.5) & (place < 137.5)).tolist()


def test_line_that_leaves_the_raster(plane):
    profile = sample_profile(plane, draw_line((1000, 100), (41_000, 100)), 1000)
    assert np.isnan(profile.altitude_m).tolist() == [False] + [True] * 40


def test_long_line_over_many_blocks(tmp_path):
    model = open_raster(
        tmp_path, np.tile(100 + (np.arange(1500) + 0.5) * 0.5, (1100, 1)), tiled=True
    )
    profile = sample_profile(model, draw_line((50, 50), (37_000, 27_000)), 500)
    length = np.hypot(36_950, 26_950)
    expected = 100 + (50 + profile.distance_m * 36_950 / length) * 0.02
    assert profile.altitude_m == pytest.approx(expected, abs=0.5)


@pytest.mark.parametrize("step", [0, -5, float("nan"), 0.0001])
def test_impossible_step(plane, step):
    with pytest.raises(ElevationError, match="Pas du profil"):
        sample_profile(plane, draw_line((100, 100), (1100, 700)), step)


@pytest.mark.parametrize("line", [shapely.LineString(), shapely.LineString([(3, 44), (3, 44)])])
def test_line_without_length(plane, line):
    with pytest.raises(ElevationError, match="pas de longueur"):
        sample_profile(plane, line)


def test_points_are_at_regular_distances():
    line = shapely.LineString([(0.1, 43.0), (0.3, 43.1), (0.2, 43.3)])
    distance, longitude, latitude = space_points(line, 1000)
    _, _, steps = GEOD.inv(longitude[:-1], latitude[:-1], longitude[1:], latitude[1:])
    # a step across the corner is shorter, and the last one is what is left
    regular = np.abs(np.array(steps) - 1000) < 0.001
    assert regular.sum() == len(steps) - 2
    assert distance[-1] == pytest.approx(GEOD.geometry_length(line))
    assert (longitude[-1], latitude[-1]) == pytest.approx((0.2, 43.3))
