"""Weight of the pages on the embedded edition: the goals of the project."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from maps.decoder import canonical, decode
from maps.example import DAY, make_indicator
from maps.test_topology import grid_rings
from terrdiag.edition import open_edition, read_communes, read_memberships
from terrdiag.maps.interactive import render_map
from terrdiag.maps.scene import build_scene
from terrdiag.maps.view import build_view
from terrdiag.study import study_for_code
from terrdiag.territory import read_commune_frame, resolve_perimeter


@pytest.fixture(scope="module")
def edition():
    return open_edition()


def values_of(frame):
    """A share for each commune of the territory: what a map weighs does not depend on which."""
    inside = frame[frame["inside"]]
    return pd.DataFrame(
        {
            "level": "commune",
            "code": inside["code"].to_numpy(),
            "name": inside["name"].to_numpy(),
            "indicator": "share_pct",
            "ref_year": 2018,
            "value": np.linspace(0.13, 98.76, len(inside)),
            "status": "ok",
            "source_id": "insee",
        }
    )


def weigh(frame):
    scene = build_scene(frame)
    view = build_view(
        make_indicator(map={"classes": 5}), 2018, values_of(frame), scene, source="Source : essai."
    )
    return scene, render_map(scene, view, territory="Territoire", attribution="IGN", generated=DAY)


def test_haute_bigorre(edition):
    frame = read_commune_frame(
        edition, resolve_perimeter(study_for_code("epci", "246500482"), edition)
    )
    assert frame["inside"].sum() == 25
    scene, html = weigh(frame)
    assert len(html.encode()) <= 200_000
    # a territory of this size is drawn with every vertex of the edition
    inside = frame["inside"].to_numpy()
    rings = decode(scene.arcs, scene.rings)
    got = [
        sorted(map(canonical, ring))
        for ring, ours in zip(rings, scene.commune.inside, strict=True)
        if ours
    ]
    assert got == grid_rings(frame.geometry[inside])


def test_a_territory_of_298_communes(edition):
    frame = read_commune_frame(edition, resolve_perimeter(study_for_code("ti", "ti-7606"), edition))
    assert frame["inside"].sum() == 298
    assert len(weigh(frame)[1].encode()) <= 300_000


@pytest.fixture(scope="module")
def france(edition):
    communes = read_communes(edition)
    members = read_memberships(edition, kinds=["epci"])
    epci = (
        members[members["valid_to"].isna()]
        .drop_duplicates("code_commune")
        .set_index("code_commune")
    )
    epci = epci.reindex(communes["code_commune"])
    return gpd.GeoDataFrame(
        {
            "code": communes["code_commune"],
            "name": communes["nom"],
            "code_epci": epci["code"].fillna("").to_numpy(),
            "name_epci": epci["nom"].fillna("").to_numpy(),
            "code_departement": communes["code_departement"],
            "inside": True,
            "area_km2": communes["area_km2"],
        },
        geometry=communes.geometry.to_numpy(),
        crs=4326,
    )


def test_france_fits_one_page(france):
    assert len(france) == 34_875
    scene, html = weigh(france)
    assert len(html.encode()) <= 3_000_000
    assert scene.frames[0][0] == "Hexagone et Corse"
    assert len(decode(scene.arcs, scene.rings)) == 34_875
