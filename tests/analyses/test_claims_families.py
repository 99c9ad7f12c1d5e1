"""Families of indicators, derived from the catalogue."""

import pytest

from terrdiag.analyses.claims.counts import counted_indicators
from terrdiag.analyses.claims.families import family_of, split_name
from terrdiag.catalogue import load_indicators

CATALOGUE = load_indicators() | counted_indicators()


def family(name):
    return set(family_of(CATALOGUE[name], CATALOGUE))


@pytest.mark.parametrize(
    "expected",
    [
        {"population", "population_total"},
        {
            "industry_jobs_share_pct",
            "industry_salaried_jobs_share_pct",
            "industry_establishments_share_pct",
        },
        {"construction_jobs_share_pct", "construction_establishments_share_pct"},
        {"jobs_growth_pct", "jobs_growth_published_pct"},
        {"communes", "communes_now"},
        {"epci", "epci_whole"},
        {"population_density"},
        {"altitude_min_m"},
        {"altitude_max_m"},
        {"jobs"},  # not of the family of establishments: another unit
        {"salaried_jobs_share_pct"},
    ],
    ids=min,
)
def test_families(expected):
    for name in expected:
        assert family(name) == expected


def test_a_family_begins_with_what_is_asked_for():
    name = "industry_salaried_jobs_share_pct"
    assert family_of(CATALOGUE[name], CATALOGUE)[0] == name


def test_a_family_has_one_theme_and_one_unit():
    for one in CATALOGUE.values():
        for name in family_of(one, CATALOGUE):
            assert (CATALOGUE[name].theme, CATALOGUE[name].unit) == (one.theme, one.unit)


def test_what_an_elevation_model_measures_is_of_the_family():
    table = CATALOGUE["altitude_min_m"]
    measured = table.model_copy(update={"id": "altitude_min_dem_m", "kind": "analysis"})
    assert family_of(table, CATALOGUE | {measured.id: measured}) == (table.id, measured.id)
    assert split_name(measured.id)[1] == {"dem"}
