"""Outlines from a layer of the whole country, and the passage tables that check the events."""

import datetime as dt
import shutil

import geopandas as gpd
import pytest
import shapely

from terrdiag.catalogue import load_sources
from terrdiag.edition import open_edition, read_commune_list, read_communes
from terrdiag.edition.build import build_edition
from terrdiag.edition.check import check_edition

DATE = dt.date(2026, 11, 23)


@pytest.fixture
def raw(minifrance_raw, tmp_path):
    return shutil.copytree(minifrance_raw, tmp_path / "raw")


@pytest.fixture
def make_layer(raw, minifrance_edition):
    """Write ADMIN EXPRESS (version 4) from the outlines of an edition, but for some communes."""

    def write(without=()):
        communes = read_communes(minifrance_edition)
        kept = communes[~communes["code_commune"].isin(without)]
        layer = gpd.GeoDataFrame(
            {"code_insee": kept["code_commune"], "nom_officiel": kept["nom"]},
            geometry=shapely.force_3d(kept.geometry.to_numpy()),
            crs=4326,
        )
        path = raw / load_sources()["ign-admin-express-2026"].files[0].path
        path.parent.mkdir(parents=True)
        layer.rename_geometry("geometrie").to_parquet(path)

    return write


def build(raw, base, tmp_path):
    build_edition(raw, tmp_path / "edition", DATE, base=base)
    made = open_edition(tmp_path / "edition")
    check_edition(made, national=False)
    return made


def test_a_layer_wins_over_the_files_by_departement(raw, make_layer, minifrance_edition, tmp_path):
    make_layer()
    made = build(raw, minifrance_edition, tmp_path)
    assert "ign-admin-express-2026" in made.sources
    assert "etalab-geo-api-2026" not in made.sources
    assert set(read_commune_list(made)["contour_year"]) == {2026}
    # what it was made of is generalised already: the areas are those of the drawn outlines
    before, after = (
        read_commune_list(one).set_index("code_commune") for one in (minifrance_edition, made)
    )
    assert (after["area_km2"] / before["area_km2"]).between(0.97, 1.03).all()


def test_a_layer_that_lacks_a_commune_is_not_used(raw, make_layer, minifrance_edition, tmp_path):
    make_layer(without=["01003"])
    made = build(raw, minifrance_edition, tmp_path)
    [absent] = [one for one in made.info.absent if one.id == "ign-admin-express-2026"]
    assert "commune sans contour (01003…)" in absent.why
    assert "etalab-geo-api-2026" in made.sources
    assert read_communes(made).geometry.equals(read_communes(minifrance_edition).geometry)
