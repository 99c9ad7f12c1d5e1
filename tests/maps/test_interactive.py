import base64
import datetime as dt
import hashlib
import html as html_module
import json
import re
from html.parser import HTMLParser

import pytest

from maps.example import DAY, EAST_EPCI, NORTH_EPCI, make_indicator, make_scene, make_values
from maps.test_view import RATES
from terrdiag.maps.interactive import render_map, render_maps
from terrdiag.maps.shell import TerritoryMap
from terrdiag.maps.view import build_view
from terrdiag.wording import NBSP, NNBSP

HOSTILE = {
    "01001": "<script>alert(1)</script>",
    "01002": "\"quotes\" & 'apostrophes'",
    "01003": "</script><img src=x onerror=alert(2)>",
    "01004": "{{ 7*7 }}{% raw %}@@js@@ \u2028",
    "01005": "<!--",
}


def render(scene, names=None, **changes):
    indicator = make_indicator(**changes)
    view = build_view(indicator, 2018, make_values(RATES), scene, source="Source : Insee, RP 2018.")
    return render_map(
        scene, view, territory="Pays d'Exemple", attribution="IGN & Etalab", generated=DAY
    )


class Reader(HTMLParser):
    """What a browser would see: elements, their attributes, the text of the table."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.attributes, self.cells, self.inside = [], [], [], None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self.attributes += attrs
        self.inside = tag if tag in {"th", "td", "title", "h1"} else None
        if self.inside in {"th", "td"}:
            self.cells.append("")

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, data):
        if self.inside in {"th", "td"}:
            self.cells[-1] += data


@pytest.fixture(scope="module")
def page(scene):
    return render(scene)


def block(page, name):
    return json.loads(
        re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', page, re.DOTALL)[
            1
        ]
    )


def test_the_page_says_what_where_when_and_from_where(page):
    assert page.startswith('<!DOCTYPE html>\n<html lang="fr">')
    assert "<title>Part d&#x27;exemple, 2018 – Pays d&#x27;Exemple</title>" in page
    assert "<h1>Part d&#x27;exemple, 2018</h1>" in page
    assert "Pays d&#x27;Exemple, par commune" in page
    assert f"IGN &amp; Etalab. Carte{NBSP}: terrdiag, 22{NBSP}novembre{NBSP}2026." in page
    assert block(page, "vue")["source"] == "Source : Insee, RP 2018."
    assert "Ce que mesure la part." in page


def test_french_spaces(scene):
    page = render(scene, definition_fr="Part : a ; b « c » de 3 %.")
    assert f"Part{NBSP}: a{NNBSP}; b «{NBSP}c{NBSP}» de 3{NBSP}%." in page


def test_the_first_of_a_month(scene):
    view = build_view(make_indicator(), 2018, make_values(RATES), scene, source="")
    page = render_map(scene, view, territory="x", attribution="y", generated=dt.date(2026, 8, 1))
    assert f"1er{NBSP}août{NBSP}2026" in page


def test_the_page_has_no_link_and_forbids_any(page):
    seen = Reader(page)
    assert "link" not in seen.elements
    assert not [
        value
        for name, value in seen.attributes
        if name in {"src", "href", "action", "data", "srcset"}
    ]
    policy = (
        dict(seen.attributes)["content"]
        if False
        else re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    )
    directives = dict(part.split(" ", 1) for part in policy.split("; "))
    assert directives == {
        "default-src": "'none'",
        "script-src": directives["script-src"],
        "style-src": "'unsafe-inline'",
        "img-src": "data:",
    }
    # only the program of the map may run: its digest is in the policy
    program = re.search(r"<script>(.*?)</script>", page, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(program.encode()).digest()).decode()
    assert directives["script-src"] == f"'sha256-{digest}'"
    # the policy comes before anything that it governs
    assert page.index("Content-Security-Policy") < page.index("<style>") < page.index("<script")


def test_folium_brings_no_file():
    assert TerritoryMap.default_js == []
    assert TerritoryMap.default_css == []
    shell = TerritoryMap().get_root().render()
    assert "http" not in shell.replace("http-equiv", "")


def test_the_table_holds_every_figure_by_name_then_the_references(page):
    cells = Reader(page).cells
    assert cells == [
        "Commune", "Valeur",
        "Aulnay", f"4,0{NBSP}%",
        "Bétous", f"8,0{NBSP}%",
        "Cieutat", "effectif trop faible",
        "Dours", f"12,0{NBSP}% (partiel)",
        "Esparros", "secret statistique",
        "Île-d'Ici", "n.d.",
        "ici", f"7,5{NBSP}%",
        "00FR", f"6,3{NBSP}% (estimation)",
    ]  # fmt: skip


def test_a_map_by_epci_lists_epci(scene):
    rows = [("epci", NORTH_EPCI, 2018, 10.0), ("epci", EAST_EPCI, 2018, 20.0)]
    view = build_view(
        make_indicator(map={"level": "epci"}), 2018, make_values(rows), scene, source=""
    )
    page = render_map(scene, view, territory="x", attribution="y", generated=DAY)
    assert Reader(page).cells[:4] == ["EPCI", "Valeur", "CC de l'Est", f"20,0{NBSP}%"]
    assert "par EPCI" in page


def test_hostile_names_are_inert():
    scene = make_scene(HOSTILE)
    page, plain = render(scene), render(make_scene())
    # the same elements as with ordinary names: none was made by a name
    assert Reader(page).elements == Reader(plain).elements
    assert page.count("<script") == plain.count("<script") == 3
    assert page.count("</script") == 3
    assert block(page, "scene")["commune"]["names"].split("|")[:5] == list(HOSTILE.values())
    cells = Reader(page).cells
    assert set(HOSTILE.values()) <= set(cells)
    assert "49" not in cells


def test_hostile_words_are_inert(scene):
    bad = "</title><script>alert(3)</script>"
    view = build_view(
        make_indicator(label_fr=bad, definition_fr=bad, short_fr=bad),
        2018,
        make_values(RATES),
        scene,
        source=bad,
    )
    page = render_map(scene, view, territory=bad, attribution=bad, generated=DAY)
    assert page.count("<script") == 3
    assert html_module.escape(bad) in page


def test_the_same_input_gives_the_same_bytes(scene):
    assert render(scene) == render(make_scene())


def test_one_map_an_indicator_at_the_year_asked_or_the_latest(scene):
    one, other = make_indicator(), make_indicator(id="other_pct", label_fr="Autre")
    values = make_values(RATES)
    others = make_values(RATES, "other_pct")
    views = [
        build_view(indicator, year, table, scene, source="")
        for indicator, table in ((one, values), (other, others))
        for year in (2018, 2022)
    ]
    maps = dict(render_maps(scene, views, {"share_pct": 2018}, "Ici", DAY))
    assert list(maps) == ["share_pct", "other_pct"]
    assert "<h1>Part d&#x27;exemple, 2018</h1>" in maps["share_pct"]
    assert "<h1>Autre, 2022</h1>" in maps["other_pct"]
    assert "IGN, Admin Express" in maps["share_pct"]
