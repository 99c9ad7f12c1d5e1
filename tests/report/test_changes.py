"""What the page tells of the perimeter at other dates: words, table, map."""

import datetime as dt
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import box

from terrdiag.drawing import Drawing
from terrdiag.edition import Edition, open_edition
from terrdiag.report import changes as room
from terrdiag.report.changes import ENTERED, LEFT, STAYED, read_populations, tell_changes
from terrdiag.study import load_study
from terrdiag.territory import (
    DatedPerimeter,
    Group,
    Perimeter,
    read_commune_frame,
    resolve_perimeter,
)
from terrdiag.territory.model import Changes, CommuneChange, Move, Renumbering

PIPELINES = Path(__file__).parents[2] / "pipelines"
PAST, TODAY = dt.date(2017, 1, 1), dt.date(2026, 1, 1)
NAMES = {"65001": "Aulne", "65002": "Brize", "65003": "Cernay", "65004": "Erval", "65009": "Loin"}
POPULATIONS = {
    2018: {"65001": 900.0, "65002": 50.0, "65003": 1200.0, "65004": 10.0},
    2022: {"65001": 1000.0, "65002": 40.0},
    2023: {"65001": 1100.0, "65002": 30.0, "65003": 1234.0},
}
ENTRY = Move("65003", "Cernay", True, dt.date(2018, 1, 1), ("", ""), "arrêté")
EXIT = Move("65002", "Brize", False, dt.date(2024, 1, 1), ("200000002", "CC du Bas"))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def perimeter_of(changes: Changes | None, **keys) -> Perimeter:
    """The territory today, Aulne and Cernay; in 2017, Aulne and Brize."""
    then = DatedPerimeter(
        PAST,
        (Group("epci", "1", "CC", ("65001", "65002")),),
        ("65001", "65002"),
        (("65001", "Aulne"), ("65002", "Brize")),
        changes=changes,
        **keys,
    )
    communes = ("65001", "65003")
    group = Group("epci", "1", "CC", communes)
    return Perimeter("val", "Val", TODAY, (group,), communes, (), (), (), (), (), (), (then,))


@pytest.fixture
def frame() -> gpd.GeoDataFrame:
    """Five communes of a hundredth of a degree side by side, and one far away overseas."""
    west = {code: 0.1 + rank / 100 for rank, code in enumerate(NAMES)}
    table = {
        "code": list(NAMES),
        "name": list(NAMES.values()),
        "code_departement": [code[:2] for code in NAMES],
        "inside": [code in {"65001", "65003"} for code in NAMES],
    }
    outlines = [box(x, 43.0, x + 0.01, 43.01) for x in west.values()]
    return gpd.GeoDataFrame(table, geometry=outlines, crs=4326)


@pytest.fixture
def drawn(monkeypatch):
    """What is asked of the drawing room, instead of a drawing."""
    asked = []

    def draw(caption, shapes, **parts):
        asked.append((caption, shapes, parts))
        return Drawing(caption, "", 10.0)

    monkeypatch.setattr(room, "draw_map", draw)
    return asked


BOTH = Changes(PAST, TODAY, (ENTRY, EXIT))


def test_nothing_is_told_without_another_date(frame):
    perimeter = perimeter_of(None)
    assert tell_changes(perimeter, frame, POPULATIONS) == ()


def test_entries_and_exits_in_words(frame, drawn):
    (block,) = tell_changes(perimeter_of(BOTH), frame, POPULATIONS)
    assert block.theme == "territoire"
    assert plain(block.title) == "Le périmètre, du 1er janvier 2017 au 1er janvier 2026"
    assert [plain(text) for text in block.sentences] == [
        "Entrée : Cernay (65003), le 1er janvier 2018, selon l'étude.",
        "Sortie : Brize (65002), au 1er janvier 2024, vers CC du Bas (200000002).",
        "La commune qui est entrée compte 1 234 habitants (2023).",
        "La commune qui est sortie compte 30 habitants (2023).",
    ]
    assert len(block.notes) == 1
    assert "une première liste" not in block.notes[0]
    assert block.notes[0].startswith("La composition des EPCI est celle de listes au 1er janvier")


def test_what_the_study_states_is_noted(frame, drawn):
    perimeter = perimeter_of(Changes(PAST, TODAY, (ENTRY,)), stated=True, remark="Selon l'étude.")
    (block,) = tell_changes(perimeter, frame, POPULATIONS)
    assert block.notes == ("Selon l'étude.",)


def test_the_table_of_moves(frame, drawn):
    (block,) = tell_changes(perimeter_of(BOTH), frame, POPULATIONS)
    (grid,) = block.grids
    assert grid.heads[-1] == "Population municipale (2023)"
    assert len(grid.heads) == 6
    assert grid.texts == (0, 1, 2, 3, 4)
    assert [tuple(map(plain, row)) for row in grid.rows] == [
        ("Cernay", "65003", "entrée", "le 1er janvier 2018, selon l'étude", "non connu", "1 234"),
        ("Brize", "65002", "sortie", "au 1er janvier 2024", "CC du Bas (200000002)", "30"),
    ]


def test_the_year_shown_is_the_latest_that_most_have(frame, drawn):
    moves = (ENTRY, Move("65004", "Erval", True, TODAY))
    (block,) = tell_changes(perimeter_of(Changes(PAST, TODAY, moves)), frame, POPULATIONS)
    (grid,) = block.grids
    # in 2018 both are known, in 2023 only one
    assert grid.heads[-1] == "Population municipale (2018)"
    assert [plain(row[-1]) for row in grid.rows] == ["1 200", "10"]
    assert (
        plain(block.sentences[-1])
        == "Les communes qui sont entrées comptent 1 210 habitants (2018)."
    )


@pytest.mark.parametrize(
    ("populations", "head"),
    [({}, "Population municipale"), ({2023: {"65003": 5.0}}, "Population municipale (2023)")],
)
def test_an_unknown_population_is_said_so_and_not_summed(frame, drawn, populations, head):
    (block,) = tell_changes(perimeter_of(Changes(PAST, TODAY, (EXIT, ENTRY))), frame, populations)
    (grid,) = block.grids
    assert grid.heads[-1] == head
    assert grid.rows[0][-1] == "n.d."
    assert not any("La commune sortie" in text for text in block.sentences)


def test_no_move_gives_neither_map_nor_table(frame):
    before, after = Group("epci", "1", "CC", ("65001",)), Group("epci", "2", "CC", ("65001",))
    merger = CommuneChange(
        dt.date(2020, 1, 1), "merger", {"65001": "Aulne", "65008": "Drin"}, {"65001": "Aulne"}
    )
    changes = Changes(
        PAST, TODAY, (), (Renumbering(before, after, dt.date(2021, 1, 1)),), (merger,)
    )
    (block,) = tell_changes(perimeter_of(changes), frame, POPULATIONS)
    assert block.drawings == block.grids == ()
    assert [plain(text) for text in block.sentences] == [
        (
            "Entre le 1er janvier 2017 et le 1er janvier 2026, aucune commune n'est entrée ni "
            "sortie."
        ),
        (
            "CC : SIREN 1 (1 commune d'aujourd'hui) avant le 1er janvier 2021, "
            "2 (1 commune d'aujourd'hui) depuis."
        ),
        "Communes : Aulne (65001) et Drin (65008) fusionnent en Aulne (65001) (1er janvier 2020).",
    ]


# --- The map ----------------------------------------------------------------------------------


def test_the_map_tells_the_three_classes_apart(frame, drawn):
    (block,) = tell_changes(perimeter_of(BOTH), frame, POPULATIONS)
    caption, shapes, parts = drawn[0]
    fills = {code: (shape.own, shape.fill) for code, shape in zip(NAMES, shapes, strict=False)}
    assert fills == {
        "65001": (True, STAYED),
        "65002": (False, LEFT),
        "65003": (True, ENTERED),
        "65004": (False, None),
    }
    legend = parts["legend"]
    assert [(one.label, plain(one.count), one.hatch) for one in legend.fills] == [
        ("aux deux dates", "1 commune", ""),
        ("entrée entre les deux", "1 commune", ""),
        ("sortie entre les deux", "1 commune", "lines"),
    ]
    # light, dark, white: apart by more than their hue
    lights = [sum(bytes.fromhex(one.color[1:])) for one in legend.fills]
    assert lights[2] > lights[0] > lights[1] + 300
    assert plain(legend.own) == "Périmètre du 1er janvier 2026"
    (line,) = parts["lines"]
    assert line.dashed
    assert plain(line.label) == "Périmètre du 1er janvier 2017"
    # Aulne and Brize, side by side: 0.02° by 0.01° at 43° N, about 1.63 km by 1.11 km
    assert line.geometry.area == pytest.approx(1.63e3 * 1.11e3, rel=0.02)
    assert caption.name == "perimetre-2017-01-01-2026-01-01"
    assert plain(caption.alt) == (
        "Carte des changements de périmètre. Communes entrées : Cernay. Communes sorties : Brize."
    )
    assert [label.text for label in parts["labels"]] == ["Cernay", "Brize", "Aulne"]
    assert [label.strong for label in parts["labels"]] == [True, True, False]
    assert block.drawings[0].narrow is not None


def test_a_class_without_a_commune_is_not_in_the_legend(frame, drawn):
    changes = Changes(PAST, TODAY, (EXIT,))
    tell_changes(perimeter_of(changes), frame, POPULATIONS)
    _, shapes, parts = drawn[0]
    assert [one.label for one in parts["legend"].fills] == [
        "aux deux dates",
        "sortie entre les deux",
    ]
    assert shapes[1].fill == 1


def test_what_lies_overseas_is_left_out_and_said(frame, drawn):
    frame.loc[frame["code"] == "65003", "code_departement"] = "974"
    tell_changes(perimeter_of(BOTH), frame, POPULATIONS)
    caption, shapes, parts = drawn[0]
    assert "une partie du territoire, outre-mer, n'est pas sur la carte" in caption.note
    assert [shape.fill for shape in shapes].count(ENTERED) == 0
    assert [label.text for label in parts["labels"]] == ["Brize", "Aulne"]


# --- On the studies ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def edition() -> Edition:
    return open_edition()


@pytest.mark.parametrize(
    ("name", "moved", "inhabitants"),
    [
        ("cchb", ["65222"], "133"),
        ("gers-tarn-et-garonne", ["31188"], "5 906"),
        ("metz-metropole", ["57593", "57416"], "1 741"),
    ],
)
def test_the_studies_tell_their_changes(edition, name, moved, inhabitants):
    perimeter = resolve_perimeter(load_study(PIPELINES / f"{name}.toml"), edition)
    frame = read_commune_frame(edition, perimeter)
    (block,) = tell_changes(perimeter, frame, read_populations(edition, perimeter))
    (grid,) = block.grids
    assert [row[1] for row in grid.rows] == moved
    assert f"{inhabitants} habitants (2023)" in plain(block.sentences[-1])
    (drawing,) = block.drawings
    assert drawing.svg.startswith("<svg")
    assert "aux deux dates" in drawing.svg


def test_no_population_is_read_without_another_date(edition):
    perimeter = resolve_perimeter(load_study(PIPELINES / "nouvelle-aquitaine.toml"), edition)
    assert read_populations(edition, perimeter) == {}
