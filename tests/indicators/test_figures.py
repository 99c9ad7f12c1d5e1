import numpy as np
import pytest

from terrdiag.edition.schema import ESTIMATED, FIGURE_STATUSES
from terrdiag.indicators import figures as module
from terrdiag.indicators.figures import TIMELESS, load_commune_figures
from terrdiag.values import MISSING, OK, SECRET

CODES = ["01004", "01014", "03003", "01003", "97601"]
VARIABLES = ["establishments_industry", "population", "median_income_eur"]


@pytest.fixture(scope="module")
def figures(minifrance_edition):
    return load_commune_figures(minifrance_edition, CODES, VARIABLES)


def statuses(figures, key):
    return [FIGURE_STATUSES[code] for code in figures.statuses[key]]


def sources(figures, key):
    names = [*figures.source_ids, ""]
    return [names[number] for number in figures.sources[key]]


def test_arrays_are_aligned_on_sorted_codes(figures):
    assert list(figures.codes) == ["01003", "01004", "01014", "03003", "97601"]
    assert figures.values["population", 2023] == pytest.approx(
        [37, 400, 200, 148, np.nan], nan_ok=True
    )
    assert figures.values["population", 2018] == pytest.approx(
        [40, 400, 200, 150, np.nan], nan_ok=True
    )
    assert statuses(figures, ("population", 2018)) == [OK, ESTIMATED, ESTIMATED, OK, MISSING]
    assert sources(figures, ("population", 2018)) == ["insee-comparateur-2018"] * 4 + [""]


def test_secret_and_missing_are_two_things(figures):
    assert statuses(figures, ("establishments_industry", 2024)) == [
        SECRET,
        MISSING,
        MISSING,
        OK,
        MISSING,
    ]
    assert statuses(figures, ("median_income_eur", 2021)) == [
        SECRET,
        MISSING,
        MISSING,
        SECRET,
        MISSING,
    ]


def test_variables_not_asked_for_are_not_there(figures):
    assert {name for name, _ in figures.values} == {*VARIABLES, "area_km2", "communes"}
    assert figures.years("population") == {2011, 2013, 2016, 2018, 2022, 2023}
    # no commune of these has the median of 2019
    assert figures.years("median_income_eur") == {2021}


def test_area_and_one_for_each(figures):
    assert figures.values["communes", TIMELESS].tolist() == [1] * 5
    assert figures.values["area_km2", TIMELESS] == pytest.approx([33.2] * 4 + [46.9], rel=0.01)
    assert sources(figures, ("area_km2", TIMELESS)) == [
        f"etalab-geo-api-{year}" for year in (2026, 2026, 2026, 2023, 2026)
    ]
    assert sources(figures, ("communes", TIMELESS)) == ["insee-cog-2026"] * 5


def test_weight_is_the_latest_population(figures):
    assert figures.weight.tolist() == [37, 400, 200, 148, 0]


def test_families_of_split_communes(figures):
    number = figures.families[1]
    assert number >= 0
    assert figures.families.tolist() == [-1, number, number, -1, -1]
    assert figures.family_sizes[number] == 2


def test_positions(figures):
    assert figures.positions(["97601", "01003"]).tolist() == [0, 4]
    with pytest.raises(AssertionError, match="hors de l'édition"):
        figures.positions(["99999"])


def test_reading_the_whole_table_gives_the_same(minifrance_edition, figures, monkeypatch):
    monkeypatch.setattr(module, "MANY_COMMUNES", 0)
    whole = load_commune_figures(minifrance_edition, CODES, VARIABLES)
    assert list(whole.codes) == list(figures.codes)
    assert set(figures.values) <= set(whole.values)
    for key, values in figures.values.items():
        assert whole.values[key] == pytest.approx(values, nan_ok=True)
        assert statuses(whole, key) == statuses(figures, key)
        assert sources(whole, key) == sources(figures, key)
    # what is known of other communes only has no value here
    for key in set(whole.values) - set(figures.values):
        assert np.isnan(whole.values[key]).all()
