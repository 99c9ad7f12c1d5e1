import json

import pandas as pd
import pytest
import shapely
import shapely.affinity

from maps.decoder import decode, unpack
from maps.example import (
    EAST_EPCI,
    NORTH_EPCI,
    PLACES,
    SOUTH,
    SOUTH_EPCI,
    UNIT,
    WEST,
    make_frame,
    make_scene,
    outlines,
)  # fmt: skip
from terrdiag.maps import surroundings
from terrdiag.maps.scene import build_scene
from terrdiag.maps.surroundings import gather_surroundings


def test_places_are_in_the_order_of_the_frame(scene):
    assert scene.commune.codes == tuple(PLACES)
    assert scene.commune.names[5] == "Île-d'Ici"
    assert scene.commune.inside == (True,) * 6 + (False,) * 3


def test_epci_are_sorted_and_an_island_has_none(scene):
    assert scene.epci.codes == (NORTH_EPCI, SOUTH_EPCI, EAST_EPCI)
    assert scene.epci.names == ("CC du Nord", "CC du Sud", "CC de l'Est")
    # an EPCI is of the territory when one of its communes is
    assert scene.epci.inside == (True, True, False)
    assert unpack(scene.epci_of) == [1, 1, 2, 2, 2, 0, 3, 3, 3]


def test_bounds_are_those_of_the_territory(scene):
    assert scene.bounds == ((SOUTH, WEST - 3 * UNIT), (SOUTH + 3 * UNIT, WEST + 2 * UNIT))
    assert scene.frames == ()


def test_main_places_are_the_most_peopled_then_known_neighbours(scene):
    assert scene.main[:2] == ("01004", "01001")
    assert set(scene.main) == {"01001", "01002", "01003", "01004", "01005", "01006", "02002"}
    assert scene.main[-1] == "02002"


def test_without_population_main_places_are_the_largest():
    scene = build_scene(make_frame())
    assert scene.main == ("01006", "01005", "01004", "01003", "01002", "01001")


def test_json_is_compact_and_needs_no_escaping(scene):
    text = scene.to_json()
    content = json.loads(text)
    assert content["commune"]["codes"] == [["01", "######"], ["02", "###"]]
    assert content["commune"]["names"].split("|") == [name for name, *_ in PLACES.values()]
    # ranks where « inside » changes: at 0, at 6
    assert unpack(content["commune"]["inside"]) == [0, 6]
    assert unpack(content["epci"]["inside"]) == [0, 2]
    assert content["epci"]["codes"] == [NORTH_EPCI, SOUTH_EPCI, EAST_EPCI]
    assert not set(content["arcs"] + content["commune"]["geom"]) & set('<>&"\\')


def test_a_name_with_the_separator_is_kept():
    content = json.loads(make_scene({"01001": "A|B"}).to_json())
    assert content["commune"]["names"][0] == "A|B"


def test_other_codes_are_written_as_they_are():
    frame = make_frame()
    frame["code"] = [f"commune-{i}" for i in range(len(frame))]
    assert json.loads(build_scene(frame).to_json())["commune"]["codes"] == frame["code"].tolist()


def test_overseas_and_mainland_are_framed_apart():
    frame = make_frame()
    frame.loc[0, "code"] = "97101"
    frame = frame.sort_values("code", ignore_index=True)
    scene = build_scene(frame)
    assert [name for name, _ in scene.frames] == ["Hexagone et Corse", "Guadeloupe"]
    # the map opens on the mainland
    assert scene.bounds == scene.frames[0][1]


def test_no_epci_at_all():
    frame = make_frame().assign(code_epci="", name_epci="")
    scene = build_scene(frame)
    assert scene.epci.codes == ()
    assert set(unpack(scene.epci_of)) == {0}


def test_the_order_of_rows_changes_nothing_to_main_places():
    frame = make_frame().iloc[::-1]
    population = pd.Series({"01004": 900.0, "01001": 500.0, "02002": 50.0})
    assert build_scene(frame, population).main == make_scene().main


@pytest.mark.parametrize(("side", "vertices"), [(0.25, 7), (8.0, 4)])
def test_a_large_territory_is_generalised_a_small_one_is_not(side, vertices):
    # a square with a notch of 0.004 × 0.002 degree: 8 pixels of a map of a quarter of a degree, nothing on one of 8
    notched = shapely.Polygon(
        [
            (0, 40),
            (side, 40),
            (side, 40 + side),
            (0.1, 40 + side),
            (0.102, 39.998 + side),
            (0.104, 40 + side),
            (0, 40 + side),
        ]
    )
    frame = make_frame().iloc[:1].set_geometry([notched], crs=4326)
    scene = build_scene(frame)
    [[ring]] = decode(scene.arcs, scene.rings)
    assert len(ring) - 1 == vertices


def test_the_surroundings_are_drawn_more_coarsely_than_the_territory():
    # the same notch of 0.004 × 0.001 degree on the outer side of C, of the territory, and of Z, around it
    frame = make_frame().set_index("code")
    for code, shape in (("01003", "C"), ("02003", "Z")):
        west, south, east, north = outlines()[shape].bounds
        notch = [(west + 0.03, south), (west + 0.032, south + 0.001), (west + 0.034, south)]
        frame.loc[code, "geometry"] = shapely.Polygon(
            [(west, south), *notch, (east, south), (east, north), (west, north)]
        )
    scene = build_scene(frame.reset_index())
    rings = dict(zip(scene.commune.codes, decode(scene.arcs, scene.rings), strict=True))
    assert len(rings["01003"][0]) - 1 == 7
    assert len(rings["02003"][0]) - 1 == 4


def test_many_communes_around_are_merged_by_epci(monkeypatch):
    frame = make_frame()
    # B, of the northern EPCI, is outside too; the island around has no EPCI
    frame.loc[1, "inside"] = False
    frame.loc[5, "inside"] = False
    assert gather_surroundings(frame) is frame
    monkeypatch.setattr(surroundings, "MANY_AROUND", 3)
    gathered = gather_surroundings(frame)
    assert gathered["code"].tolist() == [
        "01001",
        "01003",
        "01004",
        "01005",
        "01006",
        NORTH_EPCI,
        EAST_EPCI,
    ]
    assert gathered["name"].tolist()[5:] == ["CC du Nord", "CC de l'Est"]
    assert gathered["area_km2"].tolist()[5:] == [12.0, 11.0 + 12.0 + 13.0]
    assert gathered["inside"].tolist() == [True] * 4 + [False] * 3
    shapes = outlines()
    assert gathered.geometry.iloc[6].equals(shapely.union_all([shapes[letter] for letter in "XYZ"]))
    scene = build_scene(frame)
    assert scene.commune.codes == tuple(gathered["code"])
    # the EPCI keep both their parts
    assert scene.epci.codes == (NORTH_EPCI, SOUTH_EPCI, EAST_EPCI)
    assert unpack(scene.epci_of) == [1, 2, 2, 2, 0, 1, 3]
    assert json.loads(scene.to_json())["commune"]["codes"] == [
        ["01", "#$###"],
        NORTH_EPCI,
        EAST_EPCI,
    ]


def test_communes_that_no_map_shows_at_first_are_merged_by_epci():
    frame = make_frame()
    # a commune of the EPCI around, 40 squares further east than the others
    far = frame.iloc[[8]].assign(code="02004", name="Au loin", area_km2=5.0)
    far["geometry"] = shapely.affinity.translate(far.geometry.iloc[0], xoff=40 * UNIT)
    frame = pd.concat([frame, far], ignore_index=True)
    gathered = gather_surroundings(frame)
    assert gathered["code"].tolist() == [*PLACES, EAST_EPCI]
    assert gathered["name"].iloc[-1] == "CC de l'Est"
    assert gathered["area_km2"].iloc[-1] == 5.0
    # without EPCI, it stays alone
    assert gather_surroundings(frame.assign(code_epci="", name_epci="")).shape == frame.shape
