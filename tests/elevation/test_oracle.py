"""Against exactextract, which takes exact fractions of cells, and against official altitudes."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from exactextract import exact_extract

from elevation.rasters import CORNER, measure, open_raster, to_degrees
from terrdiag.edition import open_edition, read_communes
from terrdiag.elevation import describe_zones, measure_zones, open_elevation
from terrdiag.elevation.statistics import find_vertical_step

SIDE = 600


@pytest.fixture(scope="module")
def draw(tmp_path_factory):
    """A relief at 25 m, made of long waves and of short ones, whose heights are given."""

    def draw_relief(long_m, short_m):
        rows, columns = np.mgrid[0:SIDE, 0:SIDE]
        long = np.sin(rows / 120) * np.cos(columns / 100)
        values = 1400 + long_m * long + short_m * np.sin((rows + columns) / 31)
        return open_raster(tmp_path_factory.mktemp("oracle"), values)

    return draw_relief


@pytest.fixture(scope="module")
def polygons():
    """Twenty irregular polygons of 2 to 40 km², some with a hole, in Lambert-93."""
    random = np.random.default_rng(7)
    outlines = []
    for rank in range(20):
        angle = np.sort(random.uniform(0, 2 * np.pi, 40))
        reach = random.uniform(0.6, 1, 40) * random.uniform(1200, 4000)
        centre = np.array(CORNER) + random.uniform(4000, SIDE * 25 - 4000, 2) * (1, -1)
        ring = centre + np.column_stack([np.cos(angle), np.sin(angle)]) * reach[:, np.newaxis]
        hole = [centre + (ring - centre) * 0.4] if rank % 3 == 0 else []
        outlines.append(shapely.make_valid(shapely.Polygon(ring, hole)))
    return np.array(outlines)


def extract(path, outlines, crs, names):
    frame = gpd.GeoDataFrame(geometry=list(outlines), crs=crs)
    return exact_extract(str(path), frame, names, output="pandas")


@pytest.mark.parametrize(
    ("long_m", "short_m", "slope", "within_m"),
    [
        pytest.param(300, 40, 6, 0.1, id="hills"),
        # whole cells follow the outlines of steep ground less well
        pytest.param(800, 400, 26, 0.6, id="mountains"),
    ],
)
def test_means_and_areas(draw, polygons, long_m, short_m, slope, within_m):
    relief = draw(long_m, short_m)
    zones = measure(relief, *to_degrees(polygons))
    found = describe_zones(zones)
    exact = extract(relief.paths[0], polygons, 2154, ["mean", "min", "max", "count", "median"])
    assert found.slope_mean_deg.mean() == pytest.approx(slope, abs=3)
    assert np.abs(found.mean_m - exact["mean"]).max() < within_m
    assert zones.cells_km2 == pytest.approx(exact["count"] * 625e-6, rel=0.005)
    assert zones.cells_km2 == pytest.approx(shapely.area(polygons) / 1e6, rel=0.005)
    assert np.abs(found.median_m - exact["median"]).max() < 20 * within_m
    # it also counts the cells that an outline only touches: its extremes are a little wider
    assert (found.min_m >= exact["min"] - 1e-3).all()
    assert (found.max_m <= exact["max"] + 1e-3).all()
    assert np.abs(found.min_m - exact["min"]).max() < 40
    assert np.abs(found.max_m - exact["max"]).max() < 40


def test_quantiles_are_those_of_the_cells(draw):
    relief = draw(800, 400)
    square = shapely.box(CORNER[0], CORNER[1] - SIDE * 25, CORNER[0] + SIDE * 25, CORNER[1])
    found = describe_zones(measure(relief, to_degrees(shapely.segmentize(square, 500))))
    exact = extract(
        relief.paths[0], [square], 2154, ["quantile(q=0.05)", "median", "quantile(q=0.95)"]
    ).iloc[0]
    ours = [found.p5_m[0], found.median_m[0], found.p95_m[0]]
    assert ours == pytest.approx(exact.tolist(), abs=1)


@pytest.fixture(scope="module")
def cchb(mirror):
    """Communes of CC de la Haute-Bigorre in full detail, with the official altitudes."""
    outlines = gpd.read_file(mirror / "reference" / "ref_cchb_full.geojson").set_index("code")
    figures = pd.read_csv(
        mirror / "figures" / "altitudes_communes_cchb.csv", dtype={"code_insee": str}
    )
    columns = ["altitude_moyenne", "altitude_minimale", "altitude_maximale"]
    return outlines.join(figures.set_index("code_insee")[columns])


@pytest.fixture(scope="module")
def coarse(mirror):
    return open_elevation([mirror / "elevation" / "de15_cchb_clip.tif"])


@pytest.mark.mirror
def test_real_communes_on_a_coarse_model(cchb, coarse):
    zones = measure_zones(coarse, list(cchb.index), cchb.geometry.to_numpy())
    found = describe_zones(zones)
    assert len(zones) == 25
    assert (found.coverage_pct == 100).all()
    assert np.abs(found.mean_m - cchb["altitude_moyenne"]).max() < 80
    assert zones.area_km2.sum() == pytest.approx(391, abs=0.5)
    assert zones.cells_km2 == pytest.approx(zones.area_km2, rel=0.01)
    # cells of 385 m miss summits, and no cell is above its commune's highest point by more than a step
    assert (found.max_m <= cchb["altitude_maximale"] + 32).all()
    exact = extract(coarse.paths[0], cchb.to_crs(3857).geometry, 3857, ["mean"])
    # it gives all cells the same weight; in Mercator the southern ones are smaller on the ground
    assert found.mean_m == pytest.approx(exact["mean"], abs=1.5)


@pytest.mark.mirror
def test_coarse_model_shows_its_steps(cchb, coarse):
    assert coarse.resolution_m == pytest.approx(385, abs=1)
    zones = measure_zones(coarse, list(cchb.index), cchb.geometry.to_numpy())
    assert zones.whole_metres
    assert find_vertical_step(zones) == pytest.approx(31.5, abs=0.5)


@pytest.mark.mirror
def test_generalised_outlines_change_little(cchb, coarse):
    embedded = (
        read_communes(open_edition(), set(cchb.index)).set_index("code_commune").loc[cchb.index]
    )
    full, simple = (
        describe_zones(measure_zones(coarse, list(cchb.index), frame.geometry.to_numpy()))
        for frame in (cchb, embedded)
    )
    assert np.abs(simple.mean_m - full.mean_m).max() < 3
    assert np.sqrt(np.mean((simple.mean_m - full.mean_m) ** 2)) < 1
    assert np.abs(simple.mean_m - cchb["altitude_moyenne"]).max() < 80
