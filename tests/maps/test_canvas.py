"""Beyond 1,500 places: the map on a canvas, in Chromium."""

import re

import geopandas as gpd
import numpy as np
import pytest
import shapely

from maps.example import DAY, make_indicator, make_values
from maps.test_browser import plain, tip, wait
from terrdiag.maps.interactive import render_map
from terrdiag.maps.scene import build_scene
from terrdiag.maps.view import build_view

pytestmark = pytest.mark.browser

SIDE = 40
STEP = 1 / 64


@pytest.fixture(scope="module")
def squares():
    """1,600 squares, the last column around the territory."""
    rows = [(x, y) for x in range(SIDE) for y in range(SIDE)]
    frame = gpd.GeoDataFrame(
        {
            "code": [f"{10 + x:02}{y:03}" for x, y in rows],
            "name": [f"Carré {x}-{y}" for x, y in rows],
            "code_epci": [f"EPCI{x // 10}" for x, _ in rows],
            "name_epci": [f"CC {x // 10}" for x, _ in rows],
            "code_departement": "10",
            "inside": [x < SIDE - 1 for x, _ in rows],
            "area_km2": 1.0,
        },
        geometry=[
            shapely.box(x * STEP, 45 + y * STEP, (x + 1) * STEP, 45 + (y + 1) * STEP)
            for x, y in rows
        ],
        crs=4326,
    )
    return build_scene(frame)


@pytest.fixture(scope="module")
def rows(squares):
    # the left half is 1, the right half 2; one square of each status
    known = [("commune", code, 2018, 1 if code < "30" else 2) for code in squares.commune.codes]
    odd = {"10000": "missing", "10001": "too_small", "10002": "estimate"}
    return [
        (
            level,
            code,
            year,
            None if odd.get(code) in {"missing", "too_small"} else value,
            odd.get(code, "ok"),
        )
        for level, code, year, value in known
    ]


def make_page(scene, rows, **changes):
    view = build_view(
        make_indicator(decimals=0, **changes),
        2018,
        make_values(rows),
        scene,
        source="Source : essai.",
    )
    return view, render_map(scene, view, territory="Carrés", attribution="IGN", generated=DAY)


def middle(page, x, y):
    """Pixel of the page at the middle of a square."""
    return page.evaluate(
        "([lat, lon]) => { const map = carte_terrdiag.leaflet; const p = map.latLngToContainerPoint([lat, lon]);"
        " const box = map.getContainer().getBoundingClientRect(); return [box.left + p.x, box.top + p.y]; }",
        [45 + (y + 0.5) * STEP, (x + 0.5) * STEP],
    )


def colors_at(page, x, y):
    """Colours on the canvas in a square of 5 pixels around the middle of a place."""
    left, top = middle(page, x, y)
    pixels = page.evaluate(
        "([x, y]) => { const canvas = document.querySelector('.leaflet-overlay-pane canvas');"
        " const box = canvas.getBoundingClientRect(); const k = canvas.width / box.width;"
        " return [...canvas.getContext('2d').getImageData((x - box.left) * k - 2, (y - box.top) * k - 2, 5, 5)"
        ".data]; }",
        [left, top],
    )
    return ["#{:02x}{:02x}{:02x}".format(*pixels[at : at + 3]) for at in range(0, len(pixels), 4)]


def test_places_are_painted_with_the_color_of_their_class(open_map, squares, rows):
    view, html = make_page(squares, rows)
    page = open_map(html)
    assert page.locator(".td-place").count() == 0
    assert set(colors_at(page, 5, 20)) == {view.classes.colors[0]}
    assert set(colors_at(page, 30, 20)) == {view.classes.colors[1]}
    # the neighbours are grey, what is not known has strokes, an estimate its colour and a mark
    assert set(colors_at(page, SIDE - 1, 20)) == {"#ececec"}
    assert "#ffffff" in colors_at(page, 0, 0)
    assert len(set(colors_at(page, 0, 1))) > 1
    assert view.classes.colors[0] in colors_at(page, 0, 2)


def test_pointing_and_clicking(open_map, squares, rows):
    _, html = make_page(squares, rows)
    page = open_map(html)
    page.evaluate("window.told = []; carte_terrdiag.onFocus(code => told.push(code))")
    page.mouse.move(*middle(page, 7, 9))
    assert tip(page) == ["Carré 7-9", "1 %", "Part, 2018", "classe 1"]
    page.mouse.move(*middle(page, SIDE - 1, 9))
    assert tip(page) == ["Carré 39-9", "hors du territoire"]
    page.mouse.click(*middle(page, 30, 9))
    assert tip(page)[0] == "Carré 30-9"
    page.mouse.move(*middle(page, 30, SIDE + 1))
    assert page.is_hidden(".td-tip")
    assert page.evaluate("told") == ["17009", None, "40009", None]
    # the outline of the focus is painted
    page.evaluate("carte_terrdiag.focus('17009')")
    page.wait_for_timeout(100)
    x, y = middle(page, 6.5, 9)
    page.mouse.move(2, 2)
    around = {color for dx in (-3, 0, 3) for color in colors_at(page, 6.5 + dx / 100, 9)}
    assert "#d6006c" in around, (x, y, around)


def test_one_element_takes_the_focus_for_all(open_map, squares, rows):
    _, html = make_page(squares, rows)
    page = open_map(html)
    page.keyboard.press("Tab")
    first = tip(page)[0]
    page.keyboard.press("ArrowRight")
    second = tip(page)[0]
    assert (first, second) == ("Carré 0-0", "Carré 1-0")
    label = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert plain(label).startswith("Carré 1-0 : 1 %, Part, 2018")
    # what a screen reader says as the arrows go
    assert plain(page.text_content(".td-live")) == plain(label)
    page.keyboard.press("Escape")
    assert page.is_hidden(".td-tip")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.title") in {"Agrandir", "Réduire"}


def test_circles_and_epci_on_the_canvas(open_map, squares, rows):
    counts = [
        ("commune", code, 2018, 100 if code == "20020" else 1) for code in squares.commune.codes
    ]
    view, html = make_page(squares, counts, kind="count", map={"kind": "circles"})
    page = open_map(html)
    assert "#fbfbf8" not in colors_at(page, 10, 20)
    epci = [("epci", f"EPCI{n}", 2018, n) for n in range(4)]
    view, html = make_page(squares, epci, map={"level": "epci", "classes": 4})
    page = open_map(html)
    for n in range(3):
        assert set(colors_at(page, 10 * n + 5, 20)) == {view.classes.colors[n]}
    page.mouse.move(*middle(page, 25, 3))
    assert tip(page)[:2] == ["CC 2", "2 %"]


def test_the_table_is_written_when_it_is_opened(open_map, squares, rows):
    _, html = make_page(squares, [*rows, ("france", "00FR", 2018, 1.5)])
    assert "<table" not in html
    page = open_map(html)
    page.click("summary")
    wait(page, "document.querySelectorAll('#donnees tr').length > 0")
    cells = [plain(text) for text in page.locator("#donnees tr").all_inner_texts()]
    assert len(cells) == (SIDE - 1) * SIDE + 1
    assert cells[0] == "Carré 0-0 n.d."
    assert re.match(r"00FR \d %", cells[-1])


def test_the_canvas_is_as_fine_as_the_screen(open_map, squares, rows):
    _, html = make_page(squares, rows)
    page = open_map(html, device_scale_factor=2)
    ratio = page.evaluate(
        "(() => { const c = document.querySelector('.leaflet-overlay-pane canvas');"
        " return c.width / c.clientWidth; })()"
    )
    assert ratio == 2
    assert np.unique(colors_at(page, 5, 20)).size == 1


def test_the_canvas_is_painted_again_when_the_map_changes(open_map, squares, rows):
    view, html = make_page(squares, rows)
    page = open_map(html, viewport={"width": 800, "height": 600})
    for width in (1100, 700):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(150)
        assert set(colors_at(page, 5, 20)) == {view.classes.colors[0]}
    page.click('button[title="Agrandir"]')
    page.wait_for_timeout(150)
    assert set(colors_at(page, 18, 20)) == {view.classes.colors[0]}
    page.evaluate("carte_terrdiag.leaflet.panBy([60, 0], {animate: false})")
    assert set(colors_at(page, 22, 20)) == {view.classes.colors[1]}
    page.evaluate("carte_terrdiag.recenter()")
    assert set(colors_at(page, 30, 20)) == {view.classes.colors[1]}
