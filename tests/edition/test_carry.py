"""A refresh that lacks a source: an earlier edition stands for it, named; what nobody has is named too."""

import datetime as dt
import shutil

import pandas as pd
import pytest

from terrdiag.catalogue import load_sources
from terrdiag.edition import (
    open_edition,
    read_commune_list,
    read_communes,
    read_events,
    read_figures,
    read_memberships,
)
from terrdiag.edition.build import build_edition
from terrdiag.edition.check import check_edition
from terrdiag.edition.lacking import BY_COMMUNE
from terrdiag.errors import SourceUnavailableError

DATE = dt.date(2026, 11, 23)

COG = {"insee-cog-2026", "insee-populations-reference-2023", "insee-rp-populations"}
"""Without the COG, the arrondissements of the three cities are the 45 real ones, which the mini-France has not."""


@pytest.fixture
def raw(minifrance_raw, tmp_path):
    return shutil.copytree(minifrance_raw, tmp_path / "raw")


def refresh(raw, base, tmp_path, **more):
    build_edition(raw, tmp_path / "edition", DATE, base=base, **more)
    made = open_edition(tmp_path / "edition")
    check_edition(made, national=False)
    return made


def assert_same_tables(one, other):
    for read in (read_figures, read_memberships, read_events, read_commune_list):
        left, right = (
            frame.astype(dict.fromkeys(frame.select_dtypes("category").columns, "object"))
            for frame in (read(one), read(other))
        )
        pd.testing.assert_frame_equal(
            left.reset_index(drop=True), right.reset_index(drop=True), check_dtype=False
        )
    assert read_communes(one).geometry.equals(read_communes(other).geometry)


def absences(edition):
    return {one.id: one for one in edition.info.absent if one.carried}


def test_everything_there_gives_the_same_edition(raw, minifrance_edition, tmp_path):
    made = refresh(raw, minifrance_edition, tmp_path)
    assert_same_tables(made, minifrance_edition)
    assert absences(made) == {}
    assert (made.info.id, made.info.base) == ("2026.1-locale-20261123", "2026.1")
    assert made.info.intervals == minifrance_edition.info.intervals


def test_outlines_of_the_same_files_are_not_generalised_again(raw, minifrance_edition, tmp_path):
    steps = []
    made = refresh(raw, minifrance_edition, tmp_path, report=steps.append)
    assert "Contours : généralisation" not in steps
    for source in ("etalab-geo-api-2026", "etalab-geo-api-2023"):
        assert made.sources[source] == minifrance_edition.sources[source]
    assert made.info.notes == minifrance_edition.info.notes


@pytest.mark.parametrize(
    ("gone", "carried"),
    [
        ("insee/cog/v_commune_2026.csv", COG),
        ("insee/cog/v_region_2026.csv", COG),
        ("insee/populations/donnees_communes.csv", {"insee-populations-reference-2023"}),
        ("insee/comparateur/base_cc_comparateur_csv.zip", {"insee-comparateur-2018"}),
        ("etalab/geo-api/departements", {"etalab-geo-api-2026", "etalab-geo-api-2023"}),
        ("dgcl", {"dgcl-epcicom"}),
        ("dgcl/epcicom2019.xlsx", set()),
        (
            "etalab/decoupage-administratif-6.0.0",
            {"etalab-decoupage-2025", "anct-territoires-industrie", "anct-petr-2018"},
        ),
        ("anct/montagne.csv", {"anct-massifs"}),
        ("figures/rp_emploi_secteurs_epci.csv", {"insee-rp-secteurs-2022"}),
        ("figures/observatoire_territoires_epci_2018.csv", {"anct-observatoire-epci-2018"}),
    ],
)
def test_an_earlier_edition_stands_for_what_is_not_there(
    raw, minifrance_edition, tmp_path, gone, carried
):
    path = raw / gone
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    made = refresh(raw, minifrance_edition, tmp_path)
    assert_same_tables(made, minifrance_edition)
    assert set(absences(made)) == carried
    for source in carried:
        assert made.sources[source].carried_from == "2026.1"
        assert made.sources[source].files == minifrance_edition.sources[source].files
        assert absences(made)[source].why
        assert all(BY_COMMUNE in name for name in absences(made)[source].indicators)


def test_a_list_of_members_of_one_year_comes_from_the_earlier_edition(
    raw, minifrance_edition, tmp_path
):
    (raw / "dgcl/epcicom2019.xlsx").unlink()
    made = refresh(raw, minifrance_edition, tmp_path)
    assert [note for note in made.info.notes if "2019" in note and "2026.1" in note]


def test_a_faulty_file_is_carried_and_its_fault_told(raw, minifrance_edition, tmp_path):
    path = raw / "insee/populations/donnees_communes.csv"
    path.write_text("<html><title>Service indisponible</title></html>", encoding="utf-8")
    made = refresh(raw, minifrance_edition, tmp_path)
    assert_same_tables(made, minifrance_edition)
    why = absences(made)["insee-populations-reference-2023"].why
    assert "Service indisponible" in why


def test_why_it_could_not_be_fetched_is_what_is_told(raw, minifrance_edition, tmp_path):
    shutil.rmtree(raw / "dgcl")
    made = refresh(
        raw, minifrance_edition, tmp_path, faults={"dgcl-epcicom": "503 depuis une heure"}
    )
    assert absences(made)["dgcl-epcicom"].why == "503 depuis une heure"


def test_the_day_of_download_is_recorded(raw, minifrance_edition, tmp_path):
    days = {
        "dgcl/epcicom2019.xlsx": dt.date(2026, 11, 1),
        "dgcl/epcicom2025.xlsx": dt.date(2026, 11, 20),
    }
    made = refresh(raw, minifrance_edition, tmp_path, retrieved=days)
    assert made.sources["dgcl-epcicom"].retrieved == dt.date(2026, 11, 20)
    assert made.sources["anct-massifs"].retrieved is None


def test_carried_twice_names_the_first_edition(raw, minifrance_edition, tmp_path):
    shutil.rmtree(raw / "anct")
    first = refresh(raw, minifrance_edition, tmp_path)
    build_edition(raw, tmp_path / "second", DATE, base=first)
    second = open_edition(tmp_path / "second")
    assert second.sources["anct-massifs"].carried_from == "2026.1"


def test_a_source_that_nobody_has_leaves_its_indicators_lacking(raw, tmp_path, minifrance_edition):
    made = refresh(raw, minifrance_edition, tmp_path)
    lacking = {one.id: one for one in made.info.absent}
    nowhere = [
        source
        for source in load_sources().values()
        if source.feeds == "figures" and not source.embedded
    ]
    assert {source.id for source in nowhere} <= set(lacking)
    for source in nowhere:
        assert not lacking[source.id].carried
        assert lacking[source.id].landing_page.startswith("https://")
        assert source.id not in made.sources


def test_without_a_base_nothing_may_lack(raw, tmp_path):
    shutil.rmtree(raw / "figures")
    with pytest.raises(SourceUnavailableError, match="est absent"):
        build_edition(raw, tmp_path / "edition", DATE)
    assert not (tmp_path / "edition").exists()
