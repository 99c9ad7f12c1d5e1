"""CC de la Haute-Bigorre: what the embedded edition gives, and what the coarse raster of the mirror adds."""

import pytest

from analyses.terrain.run import analyse, prepare
from terrdiag.analyses.terrain import analyse_terrain
from terrdiag.indicators import load_known
from terrdiag.values import VALUE_DTYPES

TERRITORY, CCHB = "territoire", "246500482"


@pytest.fixture(scope="module")
def plain():
    return analyse(CCHB)


@pytest.fixture(scope="module")
def measured(mirror):
    return analyse(CCHB, mirror / "elevation" / "de15_cchb_clip.tif")


def cell(found, level, code, indicator, year=None):
    rows = found.values
    rows = rows[(rows["level"] == level) & (rows["code"] == code)]
    rows = rows[rows["indicator"] == indicator]
    return rows[rows["ref_year"] == year].iloc[0] if year else rows.iloc[0]


def test_without_a_model(plain):
    assert (plain.measures, plain.relief, plain.source, plain.ground) == (None, None, None, None)
    assert plain.sources == {}
    assert plain.bands.altitudes.reference == "official_mean"
    assert [(band.code, len(band.communes)) for band in plain.bands.bands] == [
        ("0400-0600", 15),
        ("0600-0800", 6),
        ("1000-1200", 2),
        ("1200-1400", 1),
        ("1400-1600", 1),
    ]
    assert plain.bands.empty == ((800, 1000),)
    assert plain.warnings == ()


def test_bands_add_up_to_the_territory(plain):
    rows = plain.bands.values
    population = rows[(rows["indicator"] == "population") & (rows["ref_year"] == 2022)]
    assert population["value"].sum() == 16_511
    jobs = rows[(rows["indicator"] == "jobs") & (rows["ref_year"] == 2022)]
    assert jobs["value"].sum() == pytest.approx(6_130.5, abs=0.05)
    assert set(rows["level"]) == {"tranche_altitude"}


def test_a_band_of_one_commune_is_that_commune(plain):
    # Bagnères-de-Bigorre (INSEE, RP 2022), alone between 1,400 and 1,600 m
    assert plain.bands.bands[-1].communes == ("65059",)
    assert cell(plain, "tranche_altitude", "1400-1600", "population", 2022)["value"] == 7_061


def test_second_homes_rise_with_altitude(plain):
    rho = cell(plain, TERRITORY, CCHB, "altitude_rho_second_homes_share_pct")
    slope = cell(plain, TERRITORY, CCHB, "altitude_slope_second_homes_share_pct")
    assert (rho["value"], slope["value"]) == pytest.approx((0.747, 5.50), abs=0.005)
    assert slope["denominator"] == 25
    # seven communes have enough jobs for a rate: too few
    assert cell(plain, TERRITORY, CCHB, "altitude_rho_jobs_growth_pct")["status"] == "too_small"


def test_the_table_of_values_is_whole(plain):
    values = plain.values
    assert list(values.columns) == list(VALUE_DTYPES)
    assert not values.duplicated(["level", "code", "indicator", "ref_year"]).any()


@pytest.mark.mirror
def test_the_means_are_near_the_official_ones(measured):
    official = measured.communes["altitude_mean_m"]
    gap = measured.measures.mean_m - official
    assert len(gap.dropna()) == 25
    assert gap.abs().max() <= 80
    fit = next(fit for fit in measured.fits if fit.statistic == "mean")
    assert (fit.count, fit.agrees) == (25, True)
    assert measured.warnings == ()


@pytest.mark.mirror
@pytest.mark.parametrize(
    ("indicator", "value", "tolerance"),
    [
        # a pixel of 385 m and steps of 31.5 m: the order of size only
        ("altitude_mean_dem_m", 1_111, 15),
        ("area_above_1000_pct", 49.6, 1.5),
        ("area_above_1500_pct", 25.0, 1.5),
        ("area_above_2000_pct", 9.6, 1.0),
        ("hypsometric_integral_dem", 0.32, 0.02),
        ("slope_mean_dem_deg", 11.4, 1.0),
    ],
)
def test_the_territory(measured, indicator, value, tolerance):
    row = cell(measured, TERRITORY, CCHB, indicator)
    assert (row["status"], row["coverage_pct"]) == ("ok", 100)
    assert row["value"] == pytest.approx(value, abs=tolerance)


@pytest.mark.mirror
def test_areas_add_up(measured):
    values = measured.values
    areas = values[values["indicator"].str.endswith("_dem_km2")]
    whole = areas[areas["level"] == TERRITORY]["value"].sum()
    assert whole == pytest.approx(391.2, rel=0.005)
    for level in ("commune", "epci", "tranche_altitude"):
        assert areas[areas["level"] == level]["value"].sum() == pytest.approx(whole)


@pytest.mark.mirror
def test_official_altitudes_are_left_alone(measured, plain):
    assert measured.bands.altitudes.reference == "official_mean"
    assert measured.bands.values.equals(plain.bands.values)
    assert measured.relief.indicators.keys().isdisjoint({"altitude_min_m", "altitude_max_m"})


@pytest.mark.mirror
def test_every_source_is_described(measured):
    assert set(measured.sources) == {"modele-altimetrique"}
    made = measured.values[measured.values["indicator"].isin(list(measured.relief.indicators))]
    assert set(made["source_id"]) == {"modele-altimetrique"}


@pytest.mark.mirror
def test_people_spread_over_the_ground_are_as_many(measured):
    [people] = [one for one in measured.ground.spreads if one.indicator.id == "population"]
    assert sum(people.by_band) == pytest.approx(16_518)
    assert people.coverage_pct == 100


def test_what_is_loaded_already_changes_nothing(plain):
    args = prepare(CCHB)
    found = analyse_terrain(*args, known=load_known(args[2]))
    assert found.values.equals(plain.values)


@pytest.mark.mirror
def test_the_means_of_the_model_where_none_is_official(mirror):
    """Occitanie by its raster: communes are classed by the mean of the model, which is then a source."""
    found = analyse("ti-7505", mirror / "elevation" / "de15_z7_pyrenees_occitanie.tif")
    altitudes = found.bands.altitudes
    assert altitudes.reference == "model_mean"
    assert altitudes.source_id == "modele-altimetrique"
    slope = cell(
        found,
        TERRITORY,
        found.values[found.values["level"] == TERRITORY]["code"].iloc[0],
        "altitude_slope_second_homes_share_pct",
    )
    assert "modele-altimetrique" in slope["source_id"].split("+")
    assert slope["value"] > 0
