"""Slope of planes of known inclination, in several projections."""

import numpy as np
import pytest
from pyproj import Geod, Transformer

from elevation.rasters import CORNER, cells, measure, open_raster
from terrdiag.elevation import describe_zones
from terrdiag.elevation.slope import measure_slope

GEOD = Geod(ellps="GRS80")
SIDE = 9
INNER = (1, 1, SIDE - 1, SIDE - 1)


def tilt(corner, cell, crs, degrees, *, eastwards):
    """Altitudes of a plane that rises eastwards or southwards, by distances on the ellipsoid."""
    transformer = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    middle = (np.arange(SIDE) + 0.5) * cell
    x = corner[0] + middle if eastwards else np.full(SIDE, corner[0])
    y = np.full(SIDE, corner[1] - SIDE / 2 * cell) if eastwards else corner[1] - middle
    longitude, latitude = transformer.transform(x, y)
    _, _, distance = GEOD.inv(
        np.full(SIDE, longitude[0]), np.full(SIDE, latitude[0]), longitude, latitude
    )
    rise = 500 + np.tan(np.radians(degrees)) * np.array(distance)
    return np.tile(rise, (SIDE, 1)) if eastwards else np.tile(rise[:, np.newaxis], SIDE)


@pytest.mark.parametrize(
    ("crs", "corner", "cell"),
    [
        ("EPSG:2154", CORNER, 25.0),
        ("EPSG:4326", (0.1, 43.0), 1 / 3600),
        # a step of 25 m there is 18 m on the ground
        ("EPSG:3857", (11_000.0, 5_310_000.0), 25.0),
    ],
)
@pytest.mark.parametrize("eastwards", [True, False])
@pytest.mark.parametrize("degrees", [0.0, 10.0, 20.0])
def test_plane(tmp_path, crs, corner, cell, eastwards, degrees):
    values = tilt(corner, cell, crs, degrees, eastwards=eastwards)
    place = {"crs": crs, "corner": corner, "cell": cell}
    found = describe_zones(measure(open_raster(tmp_path, values, **place), cells(*INNER, **place)))
    assert found.slope_mean_deg[0] == pytest.approx(degrees, abs=0.005)
    assert found.steep_share_pct[0] == (100 if degrees > 15 else 0)


def test_threshold_of_steep_ground(tmp_path):
    model = open_raster(tmp_path, tilt(CORNER, 25.0, "EPSG:2154", 10, eastwards=True))
    inside = cells(*INNER)
    assert describe_zones(measure(model, inside, steep_deg=9.9)).steep_share_pct[0] == 100
    assert describe_zones(measure(model, inside, steep_deg=10.1)).steep_share_pct[0] == 0


def test_horn_by_hand():
    # eastwards: ((3 + 2·6 + 9) − (1 + 2·4 + 7)) / 8 = 1; southwards: ((7 + 16 + 9) − (1 + 4 + 3)) / 8 = 3
    altitude = np.arange(1, 10, dtype=np.float32).reshape(3, 3)
    slope = measure_slope(altitude, np.ones(3), np.ones(3))
    assert slope[1, 1] == pytest.approx(np.degrees(np.arctan(np.sqrt(1 + 9))))
    assert np.isnan(np.delete(slope.ravel(), 4)).all()


def test_slope_is_unknown_next_to_the_unknown(tmp_path):
    values = np.full((5, 5), 100.0)
    values[0, 0] = np.nan
    zones = measure(open_raster(tmp_path, values), cells(0, 0, 5, 5), cells(2, 2, 4, 4))
    # the nine inner cells but one; the outer ring has neighbours beyond the raster
    assert zones.slope_known_km2[0] / zones.known_km2[0] == pytest.approx(8 / 24)
    found = describe_zones(zones)
    assert np.isnan(found.slope_mean_deg[0])
    assert found.slope_mean_deg[1] == 0


def test_strips_join(tmp_path):
    rows, columns = np.mgrid[0:300, 0:5]
    altitude = (10 * np.sin(rows / 7) + columns**2).astype(np.float32)
    slope = measure_slope(altitude, np.full(300, 25.0), np.full(300, 25.0))
    for row in (127, 128, 129, 256, 257):
        alone = measure_slope(altitude[row - 1 : row + 2], np.full(3, 25.0), np.full(3, 25.0))
        assert slope[row, 1:-1].tolist() == alone[1, 1:-1].tolist()
