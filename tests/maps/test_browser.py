"""Standalone maps in Chromium, from file://, the network refused."""

import math
import re

import pytest
import shapely

from maps.decoder import canonical
from maps.example import (
    DAY,
    EAST_EPCI,
    NORTH_EPCI,
    PLACES,
    SOUTH_EPCI,
    make_frame,
    make_indicator,
    make_scene,
    make_values,
    outlines,
)  # fmt: skip
from maps.test_interactive import HOSTILE
from maps.test_topology import grid_rings
from maps.test_view import CIRCLES, RATES
from terrdiag.maps.interactive import render_map
from terrdiag.maps.topology import GRID
from terrdiag.maps.view import build_view

pytestmark = pytest.mark.browser

ESTIMATES = [*RATES, ("commune", "01006", 2018, 6.0, "estimate")]
COUNTS = [
    ("commune", "01001", 2018, 10_000),
    ("commune", "01002", 2018, 2_500),
    ("commune", "01003", 2018, 0),
    ("commune", "01004", 2018, None, "secret"),
    ("commune", "01005", 2018, 100, "estimate"),
    ("commune", "01006", 2018, 40),
]
BY_EPCI = [
    ("epci", NORTH_EPCI, 2018, 10.0),
    ("epci", SOUTH_EPCI, 2018, 20.0),
    ("epci", EAST_EPCI, 2018, 30.0),
]


def make_view(scene, rows, **changes):
    return build_view(
        make_indicator(**changes), 2018, make_values(rows), scene, source="Source : essai."
    )


def make_page(scene, rows=RATES, **changes):
    view = make_view(scene, rows, **changes)
    return render_map(scene, view, territory="Pays d'Exemple", attribution="IGN", generated=DAY)


def plain(text):
    return re.sub(r"\s+", " ", text).strip()


def tip(page):
    return [plain(line) for line in page.inner_text(".td-tip").split("\n")]


def wait(page, condition):
    """Wait for a condition without the browser's eval, which the policy of the page forbids."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(30)
    pytest.fail(f"not within 3 s: {condition}")


def point_at(page, code):
    """Point near the corner of a place: its middle may belong to another one."""
    page.hover(f'.td-place[data-code="{code}"]', position={"x": 6, "y": 6})


def focused(page):
    return page.evaluate("document.activeElement.dataset.code || null")


def stroke_of(page):
    """Which place is outlined: the one whose path is that of the halo."""
    return page.evaluate(
        "(() => { const d = document.querySelector('.td-halo').getAttribute('d');"
        " const node = [...document.querySelectorAll('.td-place')].find(p => p.getAttribute('d') === d);"
        " return node ? node.dataset.code : null; })()"
    )


# ---------------------------------------------------------------------- what the page decodes


def test_rings_come_back_exactly(open_map, scene):
    page = open_map(make_page(scene))
    rings = page.evaluate(
        "(() => { const {draw} = terrdiagScene(JSON.parse(document.getElementById('scene').textContent));"
        " const [ox, oy] = draw.origin;"
        " return draw.rings.commune.map(place => place.map(ring =>"
        "   terrdiag.ringPoints(draw, ring).map(([x, y]) => [x + ox, y + oy]))); })()"
    )
    for got, expected in zip(rings, grid_rings(make_frame().geometry), strict=True):
        # back from Mercator to steps of latitude
        own = [[(x, round(latitude(y))) for x, y in ring] for ring in got]
        assert sorted(canonical([*ring, ring[0]]) for ring in own) == expected


def latitude(y):
    degrees = math.degrees(2 * math.atan(math.exp(math.radians(-y / GRID))) - math.pi / 2)
    return degrees * GRID


def test_outlines_of_epci_are_those_of_their_communes(open_map, scene):
    page = open_map(make_page(scene))
    rings = page.evaluate(
        "(() => { const {draw} = terrdiagScene(JSON.parse(document.getElementById('scene').textContent));"
        " const [ox, oy] = draw.origin;"
        " return draw.rings.epci.map(place => place.map(ring =>"
        "   terrdiag.ringPoints(draw, ring).map(([x, y]) => [x + ox, y + oy]))); })()"
    )
    shapes = outlines()
    for got, members in zip(rings, ("AB", "CDE", "XYZ"), strict=True):
        polygons = [
            shapely.Polygon([(x / GRID, latitude(y) / GRID) for x, y in ring]) for ring in got
        ]
        union = shapely.union_all([shapes[letter] for letter in members])
        assert shapely.union_all(polygons).symmetric_difference(union).area < 1e-9


def test_borders_are_sorted_by_kind(open_map, scene):
    page = open_map(make_page(scene))
    lengths = page.evaluate(
        "(() => { const scene = terrdiagScene(JSON.parse(document.getElementById('scene').textContent));"
        " const {x, starts} = scene.draw; const kinds = terrdiag.sortBorders(scene); const out = {};"
        " for (const kind in kinds) out[kind] = kinds[kind].length; return out; })()"
    )
    # A|B and D|E inside an EPCI and C|D, A|C and B|D between the two; X|Y, Y|Z around, of one EPCI
    assert lengths["commune"] == 3
    assert lengths["epci"] == 2
    assert lengths["away"] == 2
    assert lengths["awayEpci"] == 0
    assert lengths["perimeter"] > 0


@pytest.mark.parametrize(
    ("rows", "changes"),
    [
        (ESTIMATES, {}),
        (ESTIMATES, {"signed": True, "decimals": 2, "unit": "% par an"}),
        (COUNTS, CIRCLES),
        (BY_EPCI, {"map": {"level": "epci"}}),
        (
            [("commune", "01001", 2018, -1234567.25), ("commune", "01002", 2018, 0.0)],
            {"decimals": 2},
        ),
    ],
)
def test_the_page_words_and_classes_are_those_of_python(open_map, scene, rows, changes):
    view = make_view(scene, rows, **changes)
    page = open_map(make_page(scene, rows, **changes))
    read = page.evaluate("terrdiagView(JSON.parse(document.getElementById('vue').textContent))")
    assert read["texts"] == [view.word(place) for place in range(len(view.statuses))]
    assert [status or "" for status in read["statuses"]] == list(view.statuses)
    counts = [0] * len(view.classes.colors)
    for k in read["classOf"]:
        if k >= 0:
            counts[k] += 1
    assert counts == read["classes"]["counts"]


def test_the_legend_is_text(open_map, scene):
    page = open_map(make_page(scene, ESTIMATES))
    view = make_view(scene, ESTIMATES)
    lines = [plain(line) for line in page.locator("#legende li").all_inner_texts()]
    assert lines == [plain(f"{row.label} {row.count_text}") for row in view.legend]
    words = plain(page.inner_text("#legende"))
    assert words.startswith("Part, 2018 (%)")
    assert "la dernière classe est fermée" in words
    assert "Source : essai." in words
    assert "ici 7,5 %" in words
    assert page.locator("#legende svg.td-swatch").count() == len(view.legend)


# ---------------------------------------------------------------------- what is drawn


def test_each_place_has_the_fill_of_its_class_or_of_its_status(open_map, scene):
    page = open_map(make_page(scene, ESTIMATES))
    fills = page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('.td-place')]"
        ".map(p => [p.dataset.code, p.getAttribute('fill')]))"
    )
    view = make_view(scene, ESTIMATES)
    assert fills["01001"] == view.classes.colors[0]
    # unknown: four looks, none of a class; around: grey
    assert fills["01003"].endswith("too_small)")
    assert fills["01005"].endswith("secret)")
    assert fills["02001"] == "#ececec"
    # the estimate and the partial value have the colour of their class, and a mark over it
    assert fills["01006"] in view.classes.colors
    overs = page.evaluate(
        "[...document.querySelectorAll('.td-line')].map(p => p.style.fill).filter(Boolean)"
    )
    assert sorted(re.search(r"-(\w+)", over)[1] for over in overs) == ["estimate", "partial"]


def test_patterns_exist_in_the_document(open_map, scene):
    page = open_map(make_page(scene, ESTIMATES))
    missing = page.evaluate(
        "[...document.querySelectorAll('[fill^=url]')].map(n => n.getAttribute('fill').slice(5, -1))"
        ".filter(id => !document.getElementById(id))"
    )
    assert missing == []


def test_circles_have_an_area_proportional_to_the_value(open_map, scene):
    page = open_map(make_page(scene, COUNTS, **CIRCLES))
    radii = page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('circle[data-place]')]"
        ".map(c => [c.dataset.place, Number(c.getAttribute('r'))]))"
    )
    # zero and secret have no circle
    assert sorted(radii) == ["0", "1", "4", "5"]
    assert radii["0"] == 32
    assert radii["1"] == pytest.approx(32 / 2)
    assert radii["4"] == pytest.approx(32 / 10)
    # the largest is drawn first, under the others
    order = page.evaluate(
        "[...document.querySelectorAll('circle[data-place]')].map(c => c.dataset.place)"
    )
    assert order == ["0", "1", "4", "5"]
    # nested circles of the legend: 10,000 is the largest, the circles have its scale
    legend = page.evaluate(
        "[...document.querySelectorAll('.td-nested circle')].map(c => Number(c.getAttribute('r')))"
    )
    assert legend == pytest.approx([32, 32 * math.sqrt(0.2), 32 * math.sqrt(0.05)])
    assert [plain(t) for t in page.locator(".td-nested text").all_text_contents()] == [
        "10 000 hab.", "2 000 hab.", "500 hab.",
    ]  # fmt: skip


def test_the_perimeter_is_stronger_than_any_other_line(open_map, scene):
    page = open_map(make_page(scene))
    widths = page.evaluate(
        "Object.fromEntries(Object.entries(terrdiag.LINES).map(([k, v]) => [k, v.width]))"
    )
    assert widths["perimeter"] > 2 * max(
        width for kind, width in widths.items() if kind != "perimeter"
    )


@pytest.mark.parametrize("width", [320, 1280])
def test_names_do_not_overlap_and_nothing_overflows(open_map, scene, width):
    page = open_map(make_page(scene), viewport={"width": width, "height": 700})
    boxes = page.evaluate(
        "[...document.querySelectorAll('.td-name')].filter(n => n.style.visibility !== 'hidden')"
        ".map(n => { const b = n.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; })"
    )
    assert boxes
    shapes = [shapely.box(*box) for box in boxes]
    assert shapely.area(shapely.union_all(shapes)) == pytest.approx(
        sum(shape.area for shape in shapes)
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".leaflet-control-scale-line").inner_text().endswith("km")


def test_epci_names_replace_those_of_communes(open_map, scene):
    page = open_map(make_page(scene, BY_EPCI, map={"level": "epci"}))
    names = set(page.locator(".td-name").all_inner_texts())
    assert "CC du Nord" in {plain(name) for name in names}
    assert page.locator('.td-place[data-code="01001"]').count() == 0
    point_at(page, EAST_EPCI)
    assert tip(page)[:2] == ["CC de l'Est", "30,0 %"]


def test_circles_and_names_stand_inside_their_place(open_map, scene):
    page = open_map(make_page(scene, COUNTS, **CIRCLES))
    anchors = page.evaluate(
        "(() => { const scene = terrdiagScene(JSON.parse(document.getElementById('scene').textContent));"
        " const {draw} = scene; const [ox, oy] = draw.origin;"
        " return draw.rings.commune.map(rings => terrdiag.anchorOf(draw, rings))"
        " .map(([x, y]) => [x + ox, y + oy]); })()"
    )
    shapes = outlines()
    for (x, y), (_, _, letter) in zip(anchors, PLACES.values(), strict=True):
        # D has E in its middle; the island has two parts
        assert shapes[letter].contains(shapely.Point(x / GRID, latitude(y) / GRID)), letter


# ---------------------------------------------------------------------- pointer, touch


def test_pointing_shows_name_value_unit_year_class(open_map, scene):
    page = open_map(make_page(scene))
    page.evaluate("window.told = []; carte_terrdiag.onFocus(code => told.push(code))")
    page.hover('.td-place[data-code="01003"]')
    assert tip(page) == ["Cieutat", "effectif trop faible", "Part, 2018"]
    page.hover('.td-place[data-code="01001"]')
    assert tip(page) == ["Aulnay", "4,0 %", "Part, 2018", "classe 4,0 à 8,0"]
    assert stroke_of(page) == "01001"
    page.hover('.td-place[data-code="02002"]')
    assert tip(page) == ["Yviers", "hors du territoire"]
    assert stroke_of(page) is None
    page.mouse.move(2, 2)
    assert page.is_hidden(".td-tip")
    assert page.evaluate("told") == ["01003", "01001", None]


def test_the_tooltip_stays_inside_the_map(open_map, scene):
    page = open_map(make_page(scene))
    box = page.locator(".td-map").bounding_box()
    for x, y in (
        (4, 4),
        (box["width"] - 4, 4),
        (4, box["height"] - 4),
        (box["width"] - 4, box["height"] - 4),
    ):
        page.mouse.move(box["x"] + x, box["y"] + y)
        if page.is_visible(".td-tip"):
            tip_box = page.locator(".td-tip").bounding_box()
            assert tip_box["x"] >= box["x"]
            assert tip_box["x"] + tip_box["width"] <= box["x"] + box["width"]


def test_the_page_can_hold_a_place(open_map, scene):
    page = open_map(make_page(scene))
    page.evaluate("window.told = []; carte_terrdiag.onFocus(code => told.push(code))")
    page.evaluate("carte_terrdiag.focus('01004')")
    assert stroke_of(page) == "01004"
    page.hover('.td-place[data-code="01001"]')
    assert stroke_of(page) == "01001"
    # the pointer gone, the held place is outlined again
    page.mouse.move(2, 2)
    assert stroke_of(page) == "01004"
    page.evaluate("carte_terrdiag.focus(null)")
    assert stroke_of(page) is None
    assert page.evaluate("told") == ["01001", None]


def test_touch(open_map, scene):
    page = open_map(
        make_page(scene), has_touch=True, is_mobile=True, viewport={"width": 390, "height": 800}
    )
    page.tap('.td-place[data-code="01001"]')
    assert tip(page)[0] == "Aulnay"
    # one finger scrolls the page, until the map is enlarged
    assert page.evaluate("carte_terrdiag.leaflet.dragging.enabled()") is False
    page.tap('button[title="Agrandir"]')
    wait(page, "carte_terrdiag.leaflet.dragging.enabled()")


def test_the_wheel_scrolls_the_page_until_the_map_is_clicked(open_map, scene):
    page = open_map(make_page(scene), viewport={"width": 900, "height": 500})
    zoom = "carte_terrdiag.leaflet.getZoom()"
    start = page.evaluate(zoom)
    box = page.locator(".td-map").bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.wheel(0, 120)
    wait(page, "scrollY > 0")
    assert page.evaluate(zoom) == start
    assert page.is_visible(".td-hint")
    page.mouse.click(box["x"] + 200, box["y"] + 150)
    page.mouse.wheel(0, -120)
    wait(page, f"{zoom} > {start}")
    page.click('button[title="Recentrer"]')
    wait(page, f"Math.abs({zoom} - {start}) < 1e-9")


# ---------------------------------------------------------------------- keyboard


def test_the_keyboard_goes_from_place_to_place(open_map, scene):
    page = open_map(make_page(scene))
    page.keyboard.press("Tab")
    # one stop for all places, on the main one
    assert focused(page) == "01004"
    assert page.locator('.td-place[tabindex="0"]').count() == 1
    assert page.locator('.td-place[tabindex="-1"]').count() == 5
    assert tip(page)[:2] == ["Dours", "12,0 % (partiel)"]
    assert stroke_of(page) == "01004"
    page.keyboard.press("ArrowLeft")
    assert focused(page) == "01003"
    page.keyboard.press("ArrowUp")
    assert focused(page) == "01001"
    page.keyboard.press("ArrowRight")
    assert focused(page) == "01002"
    assert tip(page)[0] == "Bétous"
    label = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert plain(label) == "Bétous : 8,0 %, Part, 2018, classe 8,0 à 12,0"
    # nothing of the territory further east
    page.keyboard.press("ArrowRight")
    assert focused(page) == "01002"
    page.keyboard.press("End")
    assert focused(page) == "01006"
    page.keyboard.press("Home")
    assert focused(page) == "01001"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.title") == "Agrandir"
    assert page.is_hidden(".td-tip")
    # coming back, the same place
    page.keyboard.press("Shift+Tab")
    assert focused(page) == "01001"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement === document.body")
    assert page.is_hidden(".td-tip")
    assert stroke_of(page) is None


def test_the_keyboard_zooms_and_recentres(open_map, scene):
    page = open_map(make_page(scene))
    zoom = "carte_terrdiag.leaflet.getZoom()"
    start = page.evaluate(zoom)
    page.keyboard.press("Tab")
    page.keyboard.press("+")
    wait(page, f"{zoom} > {start}")
    page.wait_for_timeout(300)
    page.keyboard.press("0")
    wait(page, f"Math.abs({zoom} - {start}) < 1e-9")


def test_the_focus_is_shown_to_those_who_tell_the_page(open_map, scene):
    page = open_map(make_page(scene))
    page.evaluate("window.told = []; carte_terrdiag.onFocus(code => told.push(code))")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Escape")
    assert page.evaluate("told") == ["01004", "01003", None]


# ---------------------------------------------------------------------- several views, sizes, hostility


def test_one_map_shows_several_views(open_map, scene):
    page = open_map(make_page(scene))
    for rows, changes in ((COUNTS, CIRCLES), (BY_EPCI, {"map": {"level": "epci"}}), (RATES, {})):
        view = make_view(scene, rows, **changes)
        page.evaluate("json => carte_terrdiag.show(json)", view.to_json())
        assert page.get_attribute(".td-map", "data-ready") == view.key
        shown = page.evaluate(
            "[...document.querySelectorAll('.td-place')].filter(p => p.getBoundingClientRect().width).length"
        )
        assert shown == (3 if view.spec.level == "epci" else len(PLACES))
    assert page.locator("circle[data-place]").count() == 0
    page.hover('.td-place[data-code="01001"]')
    assert tip(page)[1] == "4,0 %"


def test_the_map_follows_its_element(open_map, scene):
    page = open_map(make_page(scene))
    before = page.evaluate("carte_terrdiag.leaflet.getZoom()")
    page.evaluate("document.getElementById('carte_terrdiag').style.height = '330px'")
    wait(page, f"carte_terrdiag.leaflet.getZoom() < {before}")
    page.evaluate("document.getElementById('carte_terrdiag').style.height = ''")
    wait(page, f"Math.abs(carte_terrdiag.leaflet.getZoom() - {before}) < 1e-9")
    # the window too
    page.set_viewport_size({"width": 500, "height": 720})
    wait(page, f"carte_terrdiag.leaflet.getZoom() < {before}")
    page.set_viewport_size({"width": 1280, "height": 720})
    wait(page, f"Math.abs(carte_terrdiag.leaflet.getZoom() - {before}) < 1e-9")
    page.evaluate("carte_terrdiag.remove()")
    assert page.evaluate("document.getElementById('carte_terrdiag').children.length") == 0


def test_hostile_names_are_shown_as_they_are(open_map):
    scene = make_scene(HOSTILE)
    page = open_map(make_page(scene))
    for code, name in HOSTILE.items():
        point_at(page, code)
        assert page.evaluate("document.querySelector('.td-tip strong').textContent") == name
    page.evaluate("document.getElementById('donnees').open = true")
    cells = page.evaluate(
        "[...document.querySelectorAll('#donnees th[scope=row]')].map(c => c.textContent)"
    )
    assert set(HOSTILE.values()) <= set(cells)
    assert page.locator("img").count() == 0


def test_the_policy_refuses_what_a_name_could_bring(open_map, scene):
    page = open_map(make_page(scene))
    seen = page.evaluate(
        """async () => {
            const refused = [];
            document.addEventListener('securitypolicyviolation', (e) => refused.push(e.effectiveDirective));
            const script = document.createElement('script');
            script.textContent = 'window.pwned = 1';
            document.body.append(script);
            await fetch('https://example.org/').catch(() => 0);
            await new Promise((done) => setTimeout(done, 50));
            return [refused.sort(), window.pwned || 0];
        }"""
    )
    assert seen == [["connect-src", "script-src-elem"], 0]
    # these complaints of the browser are the ones wanted
    open_map.forgive(page)


def test_the_map_works_in_a_small_iframe(open_map, scene, tmp_path):
    (tmp_path / "inner.html").write_text(make_page(scene), encoding="utf-8")
    frame = '<iframe src="inner.html" width="340" height="420"></iframe>'
    outer = f"<!DOCTYPE html><title>x</title><div data-ready>{frame}</div>"
    page = open_map(outer)
    inner = page.frame_locator("iframe")
    inner.locator("[data-ready]").wait_for()
    inner.locator('.td-place[data-code="01001"]').hover()
    assert plain(inner.locator(".td-tip strong").inner_text()) == "Aulnay"
    open_map.forgive(page, files=2)


def test_print_leaves_the_buttons_out(open_map, scene):
    page = open_map(make_page(scene))
    page.emulate_media(media="print")
    assert page.is_hidden('button[title="Agrandir"]')
    assert page.is_visible("#legende li")


def test_a_sheet_holds_the_whole_territory(open_map, scene):
    page = open_map(make_page(scene))
    zoom = page.evaluate("carte_terrdiag.leaflet.getZoom()")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    seen = page.evaluate(
        "bounds => { const map = carte_terrdiag.leaflet;"
        " return [map.getContainer().clientWidth, map.getBounds().contains(bounds)]; }",
        scene.bounds,
    )
    assert seen == [690, True]
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("carte_terrdiag.leaflet.getZoom()") == pytest.approx(zoom)
