"""Which altitude of communes, their bands, and counts spread over the ground."""

import numpy as np
import pandas as pd
import pytest

from analyses.terrain.example import (
    AMONT,
    AVAL,
    by_commune,
    make_altitudes,
    make_dem,
    make_frame,
    make_values,
)
from elevation.rasters import NINE
from terrdiag.analyses.terrain.altitudes import (
    CommuneAltitudes,
    choose_altitudes,
    gather_communes,
    join_sources,
    latest_by_commune,
)
from terrdiag.analyses.terrain.bands import analyse_bands, set_in_bands
from terrdiag.analyses.terrain.ground import spread_over_ground
from terrdiag.analyses.terrain.relief import measure_communes
from terrdiag.edition import open_edition
from terrdiag.indicators import Place

TERRITORY = Place("territoire", "val", "Val-d'Exemple", (AVAL, AMONT))


@pytest.fixture(scope="module")
def frame():
    return make_frame()


# --- the altitude of reference -----------------------------------------------------------------------------------


def choose(frame, mean=(), model=None, highest=()):
    values = make_values(
        altitude_mean_m={2025: by_commune(mean)}, altitude_max_m={2025: by_commune(highest)}
    )
    means = None if model is None else pd.Series(model, index=[AVAL, AMONT])
    return choose_altitudes(
        gather_communes(frame, values), values, means, model_source="modele", is_surface=True
    )


@pytest.mark.parametrize(
    ("mean", "model", "highest", "reference"),
    [
        ([10, 20], [11, 21], [90, 90], "official_mean"),
        # a mean that misses a commune gives way to the model's, never mixed with it
        ([10], [11, 21], [90, 90], "model_mean"),
        ([10], [11, np.nan], [90, 90], "official_max"),
        ([10], None, [90, 90], "official_max"),
        ([], None, [90], "official_max"),
        # none is known everywhere: the one known for most, then the best
        ([10], [11, np.nan], [90], "official_mean"),
    ],
)
def test_one_reference(frame, mean, model, highest, reference):
    found = choose(frame, mean, model, highest)
    assert found.reference == reference


def test_the_reference_is_said(frame):
    assert choose(frame, [10, 20]).words == "altitude moyenne officielle"
    assert choose(frame, [10, 20]).source_id == "source-altitude_mean_m"
    of_model = choose(frame, model=[1, 2])
    assert (of_model.words, of_model.source_id) == (
        "altitude moyenne du modèle de surface",
        "modele",
    )
    highest = choose(frame, highest=[np.nan, 90])
    assert highest.words == "altitude maximale officielle, faute d'altitude moyenne"
    assert (highest.unknown, highest.known.to_dict()) == ((AVAL,), {AMONT: 90.0})


def test_no_altitude_at_all(frame):
    assert choose(frame) is None


def test_the_year_known_for_most_communes():
    values = make_values(
        population={2018: {AVAL: 1, AMONT: 2}, 2022: {AVAL: 3}, 2016: {AVAL: 5, AMONT: 6}}
    )
    found = latest_by_commune(values, "population")
    assert found["ref_year"].unique().tolist() == [2018]
    assert found["value"].to_dict() == {AVAL: 1.0, AMONT: 2.0}
    assert latest_by_commune(values, "jobs").empty


def test_sources_are_joined_once():
    assert join_sources([]) == ""
    assert join_sources(["insee", "ign+insee"]) == "ign+insee"


# --- bands -------------------------------------------------------------------------------------------------------


def test_bands_by_hand():
    bands = set_in_bands(make_altitudes([399, 400, 599.9, 1200, np.nan, -3]), 200)
    assert [(band.code, band.communes) for band in bands] == [
        ("-200-0000", ("01006",)),
        ("0200-0400", ("01001",)),
        ("0400-0600", ("01002", "01003")),
        ("1200-1400", ("01004",)),
    ]
    assert bands[-1].words == "1\u202f200 à 1\u202f400\xa0m"
    assert bands[0].words == "−200 à 0\xa0m"


def test_the_step_of_the_study():
    assert [band.code for band in set_in_bands(make_altitudes([120, 480]), 50)] == [
        "0100-0150",
        "0450-0500",
    ]


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("official_mean", "altitude moyenne"),
        ("model_mean", "altitude moyenne du modèle"),
        ("official_max", "altitude maximale"),
    ],
)
def test_a_band_says_which_altitude_and_cites_its_source(reference, words):
    codes = ["65059", "65123"]
    known = CommuneAltitudes(reference, pd.Series([450.0, 1500.0], index=codes), "altimetrie")
    found = analyse_bands(open_edition(), known, set_in_bands(known, 200), 200)
    assert {place.name.rpartition("(")[2] for place in found.places} == {f"{words})"}
    assert {name.rpartition("(")[2] for name in found.values["name"]} == {f"{words})"}
    given = found.values[found.values["value"].notna()]
    assert len(given)
    assert all("altimetrie" in one.split("+") for one in given["source_id"])
    assert all(len(set(one.split("+"))) > 1 for one in given["source_id"])


# --- counts spread over the ground -------------------------------------------------------------------------------


def spread(tmp_path, frame, step=500, cells=NINE, **counts):
    measures = measure_communes(make_dem(tmp_path, cells, nodata=-9999), frame, 15.0)
    return spread_over_ground(measures, make_values(**counts), step, TERRITORY, 2026)


def test_uniform_inside_each_commune(tmp_path, frame):
    found = spread(tmp_path, frame, population={2020: {AVAL: 30, AMONT: 600}})
    # Aval: two cells of three under 500 m; Amont: two of six
    assert found.bands == ((0, 500), (500, 1000))
    [population] = found.spreads
    assert population.by_band == pytest.approx((20 + 200, 10 + 400))
    rows = found.values.set_index("indicator")
    assert list(rows.index) == ["population_0_500_ground", "population_500_1000_ground"]
    assert set(rows["status"]) == {"estimate"}
    assert set(rows["source_id"]) == {"modele-altimetrique+source-population"}
    assert rows["unit"].tolist() == ["hab.", "hab."]
    assert "uniformément" in found.indicators["population_0_500_ground"].definition_fr
    assert found.area_km2 == pytest.approx((4, 5), rel=2e-3)


def test_what_cannot_be_spread_is_said(tmp_path, frame):
    found = spread(
        tmp_path,
        frame,
        population={2020: {AVAL: 30, AMONT: 600}},
        jobs={2020: {AVAL: 5}},
        establishments={2020: {AVAL: 0, AMONT: 0}},
    )
    assert [one.indicator.id for one in found.spreads] == ["population"]
    assert [one.id for one in found.left_out] == ["jobs", "establishments"]


def test_the_sum_is_kept_where_all_is_covered(tmp_path, frame):
    found = spread(tmp_path, frame, step=100, population={2020: {AVAL: 31, AMONT: 607}})
    assert sum(found.spreads[0].by_band) == pytest.approx(638)
    assert found.spreads[0].coverage_pct == 100


@pytest.mark.parametrize(("people", "is_given"), [(20, True), (60, False)])
def test_communes_out_of_the_model(tmp_path, frame, people, is_given):
    cells = [[-9999, 200, 300], [400, 500, 600], [700, 800, 900]]
    found = spread(
        tmp_path, frame, cells=cells, population={2020: {AVAL: people, AMONT: 1000 - people}}
    )
    # Aval is not known: its people are 2 % or 6 % of all
    assert bool(found.spreads) is is_given
    if is_given:
        assert found.spreads[0].coverage_pct == pytest.approx(98)
        assert sum(found.spreads[0].by_band) == pytest.approx(980)
