"""The relief of places, on nine cells."""

import numpy as np
import pandas as pd
import pytest

from analyses.terrain.example import AMONT, AVAL, HOLDERS, make_dem, make_frame
from elevation.rasters import NINE, write_raster
from terrdiag.analyses.terrain.altitudes import Fit, fit_official
from terrdiag.analyses.terrain.provenance import describe_model, find_warnings, word_coverage
from terrdiag.analyses.terrain.relief import analyse_relief, measure_communes
from terrdiag.analyses.terrain.variants import MODEL_ID
from terrdiag.errors import ElevationError
from terrdiag.study.dem import DemInput
from terrdiag.study.relief import ReliefTable

TABLE = ReliefTable(thresholds_m=(300, 500, 1000))


@pytest.fixture(scope="module")
def frame():
    return make_frame()


def communes(frame):
    return frame[frame["inside"]].set_index("code")


def analyse(tmp_path, frame, cells=NINE, **options):
    measures = measure_communes(make_dem(tmp_path, cells, **options), frame, TABLE.steep_deg)
    return measures, analyse_relief(measures, TABLE, communes(frame), HOLDERS, 2026)


def find(found, level, code, indicator):
    rows = found.values
    rows = rows[(rows["level"] == level) & (rows["code"] == code)]
    [row] = rows[rows["indicator"] == indicator].to_dict("records")
    return row


@pytest.mark.parametrize(
    ("level", "code", "indicator", "value"),
    [
        ("commune", AVAL, "altitude_min_dem_m", 100),
        ("commune", AVAL, "altitude_max_dem_m", 700),
        ("commune", AVAL, "altitude_mean_dem_m", 400),
        ("commune", AVAL, "altitude_median_dem_m", 400),
        ("commune", AVAL, "altitude_range_dem_m", 600),
        ("commune", AVAL, "hypsometric_integral_dem", 0.5),
        ("commune", AMONT, "altitude_mean_dem_m", 550),
        ("epci", "200000001", "altitude_mean_dem_m", 500),
        # the mean of all cells, not of the means of the communes (475)
        ("territoire", "val", "altitude_mean_dem_m", 500),
        ("territoire", "val", "altitude_min_dem_m", 100),
        ("territoire", "val", "altitude_max_dem_m", 900),
        ("tranche_altitude", "0400-0600", "altitude_mean_dem_m", 500),
        # seven and five cells of nine at that altitude or more
        ("territoire", "val", "area_above_300_pct", 700 / 9),
        ("territoire", "val", "area_above_500_pct", 500 / 9),
        ("territoire", "val", "area_above_1000_pct", 0),
        ("commune", AVAL, "area_above_500_pct", 100 / 3),
        ("territoire", "val", "area_100_200_dem_km2", 1),
        ("territoire", "val", "area_900_1000_dem_km2", 1),
        ("commune", AVAL, "area_400_500_dem_km2", 1),
        # zero is a figure
        ("commune", AVAL, "area_900_1000_dem_km2", 0),
    ],
)
def test_by_hand(tmp_path, frame, level, code, indicator, value):
    _, found = analyse(tmp_path, frame)
    row = find(found, level, code, indicator)
    assert row["status"] == "ok"
    assert row["coverage_pct"] == 100
    # cells of 1 km² in Lambert-93, within a thousandth on the ground
    assert row["value"] == pytest.approx(value, rel=2e-3, abs=0.51)
    assert (row["ref_year"], row["cog_year"], row["source_id"]) == (2026, 2026, MODEL_ID)


def test_every_place_has_every_indicator(tmp_path, frame):
    _, found = analyse(tmp_path, frame)
    assert len(found.values) == (2 + len(HOLDERS)) * len(found.indicators)
    # seven altitudes, three thresholds, integral, slope, steep, nine bands
    assert len(found.indicators) == 7 + 3 + 3 + 9
    assert list(dict.fromkeys(found.values["indicator"])) == list(found.indicators)
    label = found.indicators["altitude_mean_dem_m"].label_fr
    assert label == "Altitude moyenne (modèle de terrain)"
    assert found.indicators["area_above_1000_pct"].short_fr == "Au-dessus de 1\u202f000 m"


def test_only_the_centre_has_a_slope(tmp_path, frame):
    """The eight other cells lack a neighbour: one cell of nine is too little."""
    _, found = analyse(tmp_path, frame)
    row = find(found, "territoire", "val", "slope_mean_dem_deg")
    assert (row["status"], np.isnan(row["value"])) == ("missing", True)


def test_an_epci_that_sticks_out_is_not_given(tmp_path, frame):
    _, found = analyse(tmp_path, frame)
    rows = found.values[found.values["code"] == "200000002"]
    assert set(rows["status"]) == {"missing"}
    assert rows["value"].isna().all()
    assert set(rows["coverage_pct"]) == {50.0}


def test_an_unknown_cell(tmp_path, frame):
    cells = [[-9999.0, 200, 300], [400, 500, 600], [700, 800, 900]]
    measures, found = analyse(tmp_path, frame, cells, nodata=-9999)
    row = find(found, "commune", AVAL, "altitude_mean_dem_m")
    assert (row["status"], np.isnan(row["value"])) == ("missing", True)
    assert row["coverage_pct"] == pytest.approx(200 / 3, abs=0.1)
    assert find(found, "commune", AMONT, "altitude_mean_dem_m")["status"] == "ok"
    # eight cells of nine: the territory too is under 95 %
    assert find(found, "territoire", "val", "altitude_max_dem_m")["status"] == "missing"
    [warning] = find_warnings(measures, (), communes(frame))
    assert "1\xa0commune sur 2 (Aval)" in warning


def test_partly_covered_is_said(tmp_path, frame):
    # a grid four times as fine: one cell of 144 is unknown
    fine = np.repeat(np.repeat(np.array(NINE, float), 4, axis=0), 4, axis=1)
    fine[0, 4] = -9999
    dem = make_dem(tmp_path, fine, nodata=-9999)
    write_raster(dem.paths[0], fine, cell=250.0, nodata=-9999)
    measures = measure_communes(dem, frame, 15.0)
    found = analyse_relief(measures, TABLE, communes(frame), HOLDERS, 2026)
    row = find(found, "commune", AMONT, "altitude_mean_dem_m")
    assert row["status"] == "partial"
    assert row["coverage_pct"] == pytest.approx(100 * 95 / 96, abs=0.01)
    assert find(found, "commune", AVAL, "altitude_mean_dem_m")["status"] == "ok"


def test_flat_ground_has_no_integral(tmp_path, frame):
    _, found = analyse(tmp_path, frame, [[100] * 3] * 3)
    row = find(found, "territoire", "val", "hypsometric_integral_dem")
    assert row["status"] == "not_applicable"
    assert find(found, "territoire", "val", "altitude_range_dem_m")["value"] == 0


def test_ground_under_the_sea(tmp_path, frame):
    _, found = analyse(tmp_path, frame, [[-5] * 3, [5] * 3, [5] * 3])
    row = find(found, "territoire", "val", "area_moins100_0_dem_km2")
    assert row["value"] == pytest.approx(3, rel=2e-3)


def test_a_surface_model_says_so(tmp_path, frame):
    measures, found = analyse(tmp_path, frame, is_surface=True, title="GLO-30")
    assert found.indicators["altitude_mean_dem_m"].label_fr.endswith("(modèle de surface)")
    source = describe_model(measures, found.territory, (), 2026)
    assert "Modèle de surface : canopée et bâtiments compris" in source.note
    assert source.title == "GLO-30"


def test_the_source(tmp_path, frame):
    measures, found = analyse(tmp_path, frame)
    fit = Fit("mean", 2, -3.4, 12.6)
    source = describe_model(measures, found.territory, (fit,), 2026)
    assert source.id == MODEL_ID
    assert source.vintage == "1\xa0fichier, pas de 1\u202f000\xa0m, EPSG:2154"
    assert "Le modèle couvre 100\xa0% du territoire." in source.note
    assert "sur 2\xa0communes : −3\xa0m en moyenne, 13\xa0m en moyenne quadratique" in source.note
    assert "contours généralisés" in source.note
    assert source.licence == "non indiquée par l'étude"
    [file] = source.files
    assert (file.path, file.size) == ("dem.tif", (tmp_path / "dem.tif").stat().st_size)
    assert str(tmp_path) not in source.model_dump_json()


def test_without_a_model(frame):
    assert measure_communes(None, frame, 15.0) is None


def test_a_model_that_lies_elsewhere(tmp_path, frame):
    dem = make_dem(tmp_path, corner=(200_000.0, 6_800_000.0))
    with pytest.raises(ElevationError, match="ne touche pas le territoire"):
        measure_communes(dem, frame, 15.0)


def test_an_absent_file(tmp_path, frame):
    with pytest.raises(ElevationError, match="introuvable"):
        measure_communes(DemInput((tmp_path / "absent.tif",)), frame, 15.0)


@pytest.mark.parametrize(
    ("model", "official", "count", "bias", "rmse", "agrees"),
    [
        # errors +10 and −20
        ([110, 180], [100, 200], 2, -5, np.sqrt(250), True),
        # a commune known on one side only is left out
        ([110, np.nan], [100, 200], 1, 10, 10, True),
        # in feet
        ([328, 656], [100, 200], 2, 342, np.sqrt((228**2 + 456**2) / 2), False),
        # no bias, but far away
        ([400, 200], [250, 350], 2, 0, 150, False),
    ],
)
def test_the_model_beside_the_table(model, official, count, bias, rmse, agrees):
    table = pd.DataFrame({"altitude_mean_m": official}, index=["a", "b"])
    [fit] = fit_official(table, {"mean": pd.Series(model, index=["a", "b"])})
    assert (fit.count, fit.agrees) == (count, agrees)
    assert (fit.bias_m, fit.rmse_m) == pytest.approx((bias, rmse))


def test_nothing_to_compare():
    table = pd.DataFrame({"altitude_mean_m": [np.nan]}, index=["a"])
    assert fit_official(table, {"mean": pd.Series([3.0], index=["a"])}) == ()


def test_disagreement_is_a_warning(tmp_path, frame):
    measures, _ = analyse(tmp_path, frame)
    far, near = Fit("mean", 2, 80.0, 90.0), Fit("mean", 2, 8.0, 9.0)
    planed = Fit("max", 2, -120.0, 130.0)
    [warning] = find_warnings(measures, (far,), communes(frame))
    assert "ne s'accordent pas" in warning
    # a coarse model planes the summits: the means, when they are known, are the judges
    assert find_warnings(measures, (near, planed), communes(frame)) == ()
    assert len(find_warnings(measures, (planed,), communes(frame))) == 1


@pytest.mark.parametrize(
    ("coverage", "words"), [(100, "100\xa0%"), (99.99, "99,9\xa0%"), (0, "0,0\xa0%")]
)
def test_a_coverage_is_rounded_down(coverage, words):
    assert word_coverage(coverage) == words
