"""Gradients: when they are given, when they are clear, and what bears them."""

import numpy as np
import pytest

from analyses.terrain.example import by_commune, make_altitudes, make_values
from terrdiag.analyses.terrain.altitudes import latest_by_commune
from terrdiag.analyses.terrain.gradients import FOLLOWED, analyse_gradients, fit_gradient
from terrdiag.catalogue import load_analyses, load_indicators
from terrdiag.indicators import Place

TERRITORY = Place("territoire", "val", "Val-d'Exemple", ())
DENSITY = "population_density"

TWELVE = np.arange(100.0, 1300, 100)


def fit(altitudes, densities, indicator=DENSITY):
    values = make_values(**{indicator: {2020: by_commune(densities)}})
    rows = latest_by_commune(values, indicator)
    return fit_gradient(load_indicators()[indicator], rows, make_altitudes(altitudes))


def test_by_hand():
    found = fit(TWELVE, 500 - TWELVE / 4)
    assert (found.rho, found.slope.slope, found.slope.intercept) == pytest.approx((-1, -25, 500))
    assert (found.slope.low, found.slope.high) == pytest.approx((-25, -25))
    assert found.is_clear


def test_under_ten_communes_nothing_is_given():
    nine, ten = fit(TWELVE[:9], TWELVE[:9]), fit(TWELVE[:10], TWELVE[:10])
    assert (nine.is_given, nine.is_clear, len(nine.codes)) == (False, False, 9)
    assert np.isnan(nine.slope.slope)
    assert ten.is_clear


def test_a_commune_known_on_one_side_only_does_not_count():
    altitudes = TWELVE.copy()
    altitudes[0] = np.nan
    densities = TWELVE.copy()
    densities[1] = np.nan
    assert len(fit(altitudes, densities).codes) == 10


def test_no_slope_for_100_m_within_100_m():
    assert not fit(TWELVE / 100, TWELVE).is_given
    assert fit(TWELVE / 10, TWELVE).is_given


def test_an_interval_that_holds_zero_is_not_clear():
    wave = np.where(np.arange(12) % 2, 10.0, -10.0)
    found = fit(TWELVE, wave)
    assert found.is_given
    assert found.slope.low <= 0 <= found.slope.high
    assert not found.is_clear


def test_a_negligible_correlation_is_not_a_trend():
    # so many communes that the interval leaves zero out for next to nothing
    draw = np.random.default_rng(3)
    altitudes = draw.uniform(0, 1000, 2000)
    found = fit(altitudes, altitudes / 100 + draw.normal(0, 25, 2000))
    assert found.slope.low > 0
    assert found.rho < 0.2
    assert not found.is_clear


def test_all_equal():
    found = fit(TWELVE, np.full(12, 7.0))
    assert not found.is_given
    assert not found.is_clear


def test_rows_of_the_table_of_values():
    values = make_values(
        population_density={2020: by_commune(500 - TWELVE / 4), 2023: {"01001": 1.0}},
        second_homes_share_pct={2020: by_commune(TWELVE[:5] / 100)},
        jobs={2020: by_commune(np.full(12, 3.0))},
    )
    found = analyse_gradients(make_altitudes(TWELVE), values, TERRITORY, 2026)
    assert [one.indicator.id for one in found.gradients] == [
        DENSITY,
        "second_homes_share_pct",
        "jobs",
    ]
    rows = found.values.set_index("indicator")
    assert rows.loc[f"altitude_rho_{DENSITY}", "value"] == pytest.approx(-1)
    assert rows.loc[f"altitude_slope_{DENSITY}", "value"] == pytest.approx(-25)
    assert rows.loc[f"altitude_slope_low_{DENSITY}", "value"] == pytest.approx(-25)
    row = rows.loc[f"altitude_slope_{DENSITY}"]
    assert (row["level"], row["ref_year"], row["denominator"]) == ("territoire", 2020, 12)
    assert (row["unit"], row["source_id"]) == ("hab./km² pour 100 m", f"ign+source-{DENSITY}")
    few = rows.loc["altitude_rho_second_homes_share_pct"]
    assert (few["status"], few["denominator"], few["coverage_pct"]) == ("too_small", 5, 500 / 12)
    assert rows.loc["altitude_slope_second_homes_share_pct", "unit"] == "points pour 100 m"
    # a correlation with what never changes makes no sense, its slope of zero does
    assert rows.loc["altitude_rho_jobs", "status"] == "not_applicable"
    assert rows.loc["altitude_slope_jobs", "value"] == 0


def test_an_interval_without_an_end_is_not_written():
    # eleven communes at one altitude, one apart: eleven slopes are too few
    altitudes = np.array([100.0] * 11 + [300.0])
    values = make_values(jobs={2020: by_commune(np.arange(12.0))})
    found = analyse_gradients(make_altitudes(altitudes), values, TERRITORY, 2026)
    rows = found.values.set_index("indicator")
    assert rows.loc["altitude_slope_jobs", "status"] == "ok"
    assert rows.loc["altitude_slope_low_jobs", "status"] == "not_applicable"
    assert not found.gradients[0].is_clear


@pytest.mark.parametrize(
    ("no_density", "no_altitude", "status", "coverage"),
    [(0, 0, "ok", 100), (1, 0, "partial", 96), (0, 1, "partial", 96), (13, 0, "partial", 48)],
)
def test_a_commune_that_is_not_known_makes_it_partial(no_density, no_altitude, status, coverage):
    altitudes = np.arange(25) * 100.0 + 50
    densities = 500 - altitudes / 10
    densities[:no_density] = np.nan
    altitudes[:no_altitude] = np.nan
    values = make_values(population_density={2020: by_commune(densities)})
    found = analyse_gradients(make_altitudes(altitudes), values, TERRITORY, 2026)
    assert set(found.values["status"]) == {status}
    assert set(found.values["coverage_pct"]) == {coverage}
    assert set(found.values["denominator"]) == {25 - no_density - no_altitude}
    assert found.values["value"].notna().all()
    for name in ("altitude_rho", "altitude_slope", "altitude_slope_low", "altitude_slope_high"):
        assert "part des communes du territoire, et non des habitants" in (
            load_analyses()[name].limits_fr
        )


def test_labels_say_which_altitude():
    values = make_values(jobs={2020: by_commune(TWELVE)})
    found = analyse_gradients(make_altitudes(TWELVE, "official_max"), values, TERRITORY, 2026)
    label = found.indicators["altitude_rho_jobs"].label_fr
    assert "altitude maximale officielle, faute d'altitude moyenne" in label


def test_what_is_followed_exists():
    assert set(FOLLOWED) <= set(load_indicators())


def test_nothing_known():
    found = analyse_gradients(make_altitudes(TWELVE), make_values(), TERRITORY, 2026)
    assert (len(found.values), found.indicators, found.gradients) == (0, {}, ())
