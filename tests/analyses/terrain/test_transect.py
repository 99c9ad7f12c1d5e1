"""A line across communes: kilometres, altitudes, what lies out of the territory."""

import geopandas as gpd
import pytest
from pyproj import Geod
from shapely.geometry import MultiPolygon, box

from analyses.terrain.example import make_values
from elevation.rasters import write_raster
from terrdiag.analyses.terrain.transect import analyse_transect, follow_shortest
from terrdiag.elevation import open_elevation
from terrdiag.study.relief import TransectTable

KM_A_HUNDREDTH = Geod(ellps="GRS80").line_length([3.0, 3.0], [44.0, 44.01]) / 1000
"""Length of a hundredth of a degree of meridian."""


def make_frame(**outlines):
    names = list(outlines)
    return gpd.GeoDataFrame(
        {
            "code": [f"0{name}" for name in range(len(names))],
            "name": names,
            "inside": [name.islower() for name in names],
        },
        geometry=list(outlines.values()),
        crs=4326,
    )


def strip(low, high):
    """A commune from a latitude to another, in hundredths of a degree north of 44°."""
    return box(2.9, 44 + low / 100, 3.1, 44 + high / 100)


def follow(frame, *points, model=None, values=None):
    table = TransectTable(name="Essai", points=points)
    return analyse_transect(table, frame, make_values() if values is None else values, model)


def test_no_transect():
    assert analyse_transect(None, make_frame(a=strip(0, 1)), make_values()) is None


def test_communes_in_the_order_of_the_line():
    frame = make_frame(b=strip(2, 3), a=strip(0, 2), C=strip(3, 5))
    found = follow(frame, (3.0, 44.005), (3.0, 44.04))
    assert [(one.name, one.inside) for one in found.crossings] == [
        ("a", True),
        ("b", True),
        ("C", False),
    ]
    km = KM_A_HUNDREDTH
    ends = [one.exit_km for one in found.crossings]
    assert ends == pytest.approx([1.5 * km, 2.5 * km, 3.5 * km], abs=1e-4)
    assert found.crossings[0].entry_km == 0
    assert found.length_km == pytest.approx(3.5 * km, abs=1e-4)
    assert found.inside_km == pytest.approx(2.5 * km, abs=1e-4)
    assert [one.name for one in found.own] == ["a", "b"]


def test_the_other_way_round():
    frame = make_frame(b=strip(2, 3), a=strip(0, 2))
    found = follow(frame, (3.0, 44.03), (3.0, 44.0))
    assert [one.name for one in found.crossings] == ["b", "a"]


def test_a_commune_met_twice_is_there_twice():
    frame = make_frame(a=MultiPolygon([strip(0, 1), strip(2, 3)]), b=strip(1, 2))
    found = follow(frame, (3.0, 44.0), (3.0, 44.03))
    assert [one.name for one in found.crossings] == ["a", "b", "a"]


def test_a_turn_inside_a_commune_is_one_crossing():
    found = follow(make_frame(a=strip(0, 5)), (3.0, 44.01), (3.05, 44.02), (3.0, 44.03))
    assert len(found.crossings) == 1
    assert found.crossings[0].exit_km == pytest.approx(found.length_km)


def test_there_and_back():
    frame = make_frame(a=strip(0, 1), b=strip(1, 2))
    found = follow(frame, (3.0, 44.005), (3.0, 44.015), (3.0, 44.005))
    assert [one.name for one in found.crossings] == ["a", "b", "a"]


def test_a_line_along_a_border_or_that_only_brushes():
    touched = make_frame(a=strip(0, 1), b=box(3.0, 44.01, 3.1, 44.02))
    # touches a corner of b, then leaves
    found = follow(touched, (2.95, 44.005), (3.0, 44.01), (2.95, 44.015))
    assert [one.name for one in found.crossings] == ["a"]


def test_a_line_out_of_the_territory():
    found = follow(make_frame(A=strip(0, 1)), (3.0, 44.0), (3.0, 44.02))
    assert (found.own, found.inside_km) == ((), 0)
    assert found.crossings[0].exit_km < found.length_km
    far = follow(make_frame(a=strip(0, 1)), (5.0, 45.0), (5.0, 45.1))
    assert far.crossings == ()


def test_facts_of_the_communes():
    values = make_values(
        altitude_max_m={2025: {"00": 1804.0}}, population={2018: {"00": 400.0}, 2023: {"00": 500.0}}
    )
    frame = make_frame(a=strip(0, 1), b=strip(1, 2))
    found = follow(frame, (3.0, 44.0), (3.0, 44.02), values=values)
    first, second = found.crossings
    assert (first.altitude_max_m, first.population, found.population_year) == (1804, 500, 2023)
    assert second.population != second.population  # NaN
    assert first.entry_m != first.entry_m  # no model


def test_altitudes_at_the_borders(tmp_path):
    # a slope that rises by 100 m every hundredth of a degree northwards
    rows = [[100.0 * (9.5 - k)] * 10 for k in range(10)]
    path = write_raster(tmp_path / "dem.tif", rows, corner=(2.95, 44.1), cell=0.01, crs="EPSG:4326")
    model = open_elevation([path])
    frame = make_frame(a=strip(1, 3), b=strip(3, 6))
    found = follow(frame, (3.0, 44.01), (3.0, 44.05), model=model)
    first, second = found.crossings
    assert (first.entry_m, first.exit_m, second.exit_m) == pytest.approx((100, 300, 500), abs=1)
    assert second.entry_m == first.exit_m
    # the line goes on where the model has nothing
    beyond = follow(frame, (3.0, 44.05), (3.0, 43.9), model=model)
    assert beyond.profile.altitude_m[-1] != beyond.profile.altitude_m[-1]


def test_a_ridge_between_two_samples_of_a_cell(tmp_path):
    # one row of cells 1,000 m high, crossed northwards: the surface is at 1,000 m on its centres only
    rows = [[1000.0 if k == 5 else 0.0] * 10 for k in range(10)]
    path = write_raster(tmp_path / "dem.tif", rows, corner=(2.95, 44.1), cell=0.01, crs="EPSG:4326")
    found = follow(
        make_frame(a=strip(0, 9)), (3.0, 44.01), (3.0, 44.085), model=open_elevation([path])
    )
    assert found.profile.altitude_m.max() > 930
    assert found.step_m == pytest.approx(found.profile.distance_m[1])
    assert found.step_m == pytest.approx(open_elevation([path]).resolution_m / 8)


def test_a_long_line_on_fine_cells_is_sampled_less_often(monkeypatch, tmp_path):
    monkeypatch.setattr("terrdiag.analyses.terrain.transect.MOST_SAMPLES", 10)
    path = write_raster(
        tmp_path / "dem.tif", [[5.0] * 10] * 10, corner=(2.95, 44.1), cell=0.01, crs="EPSG:4326"
    )
    model = open_elevation([path])
    found = follow(make_frame(a=strip(0, 9)), (3.0, 44.01), (3.0, 44.08), model=model)
    assert found.step_m == pytest.approx(100 * found.length_km)
    assert len(found.profile.distance_m) == 11


def test_the_shortest_way_is_not_a_parallel():
    line, kilometres = follow_shortest([(-1.0, 45.0), (5.0, 45.0)])
    middle = line.interpolate(0.5, normalized=True)
    assert middle.y > 45.02
    assert kilometres[-1] == pytest.approx(Geod(ellps="GRS80").inv(-1, 45, 5, 45)[2] / 1000)
