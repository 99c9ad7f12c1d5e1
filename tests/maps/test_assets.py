import json
import re
from pathlib import Path

import pytest

import terrdiag.maps
from terrdiag.maps.assets import map_assets, page_assets, safe_json
from terrdiag.maps.interactive import MANY_PLACES
from terrdiag.maps.packing import BASE, LEADS
from terrdiag.maps.palettes import COLORS
from terrdiag.maps.shorten import shorten_css, shorten_js
from terrdiag.maps.topology import GRID
from terrdiag.values import STATUS_WORDS

OWN = sorted((Path(terrdiag.maps.__file__).parent / "assets").iterdir())


@pytest.mark.parametrize("many", [False, True])
def test_assets_ask_for_nothing(many):
    assets = map_assets(many=many)
    page = page_assets()
    for css in (assets.css, page.css):
        assert "url(" not in css
        assert "@import" not in css
    for js in (assets.js, page.js):
        assert "</script" not in js.lower()
        assert "<!--" not in js
        assert "sourceMappingURL" not in js
    # Leaflet names its site in its attribution (which the map does not show), and the namespaces of W3C
    hosts = set(re.findall(r"https?://([\w.]+)", assets.js))
    assert hosts <= {"leafletjs.com", "www.w3.org"}
    assert "Leaflet 1.9.3" in assets.js[:200]


def test_own_programs_never_ask_for_anything():
    for path in OWN:
        text = path.read_text(encoding="utf-8")
        assert not re.search(
            r"fetch\(|XMLHttpRequest|import\(|WebSocket|sendBeacon|new Image|eval\(|innerHTML", text
        ), path
        assert not re.search(r"https?://(?!www\.w3\.org)", text), path


def test_only_large_scenes_carry_the_canvas():
    assert "canvasPainter=" in map_assets(many=True).js
    assert "canvasPainter=" not in map_assets(many=False).js


def test_every_class_of_the_programs_is_styled_and_the_other_way_round():
    css = "".join(path.read_text(encoding="utf-8") for path in OWN if path.suffix == ".css")
    js = "".join(path.read_text(encoding="utf-8") for path in OWN if path.suffix == ".js")
    shell = (Path(terrdiag.maps.__file__).parent / "shell.py").read_text(encoding="utf-8")
    styled = set(re.findall(r"\.(td-[\w-]+)", css))
    for name in styled:
        stem = name.rsplit("-", 1)[0] + "-"
        assert name in js + shell or f"{stem}'" in js or name == "td-names-pane", name


@pytest.mark.parametrize(
    "text",
    ["</script><script>alert(1)</script>", "<!--", "a & b", "\u2028\u2029", "<![CDATA["],
)
def test_json_is_inert_in_a_page(text):
    safe = safe_json(json.dumps({"name": text}, ensure_ascii=False))
    assert not set(safe) & set("<>&\u2028\u2029")
    assert json.loads(safe) == {"name": text}


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("const  total = 1 + 2;\n", "const a=1+2;"),
        ("const total = 'it  is // not a comment';", "const a='it  is // not a comment';"),
        ("x.total = total;", "x.total=a;"),
        ("/* a\n b */ const total = /\\d(a  b)/g;  // end\n", "const a=/\\d(a  b)/g;"),
        # a key keeps its name, what it stands for does not
        ("const one = {one, two: one};", "const a={one:a,two:a};"),
        ("const {one} = box;", "const{one:b}=a;"),
        ("f({one() { return one; }});", "f({one(){return a;}});"),
        ("function go(one) {\n  return one;\n}\ngo(1);\n", "function a(b){return b;}\na(1);"),
        ("return one ? two : three;", "return a?c:b;"),
        ("a = b + +c; d = e - -f;", "a=b+ +c;d=e- -f;"),
        (
            "window.document.total(Math.PI, null, this);",
            "window.document.total(Math.PI,null,this);",
        ),
    ],
)
def test_shortening_a_program(text, short):
    assert shorten_js(text) == short


def test_shortening_a_style_sheet():
    text = "/* note */\n@media (max-width: 700px) { .a > .b, .c:hover { margin: 0 1px; color: red; } }\n"
    assert shorten_css(text) == "@media (max-width:700px){.a > .b,.c:hover{margin:0 1px;color:red}}"


def test_shortened_assets_are_much_shorter():
    long = sum(len(path.read_text(encoding="utf-8")) for path in OWN if path.suffix == ".js")
    short = sum(
        len(shorten_js(path.read_text(encoding="utf-8"))) for path in OWN if path.suffix == ".js"
    )
    assert short < 0.65 * long


def test_numbers_written_twice_agree():
    """The programs and the style sheet hold a few constants of the Python side."""
    source = {path.name: path.read_text(encoding="utf-8") for path in OWN}
    assert f"CANVAS_FROM = {MANY_PLACES};" in source["terrdiag-map.js"]
    assert f"LEADS = {list(LEADS)};" in source["terrdiag-scene.js"]
    assert f"BASE = {BASE};" in source["terrdiag-scene.js"]
    assert f"DEGREE = {GRID};" in source["terrdiag-scene.js"]
    for status, words in STATUS_WORDS.items():
        assert f"{status}: '{words}'" in source["terrdiag-scene.js"]
    for name in ("circle", "circleEdge", "focus"):
        assert COLORS[name] in source["terrdiag-map.css"]
