"""What holds of every drawing, whatever is written in it."""

import dataclasses
import itertools
import subprocess
import sys

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawing.cases import EVERY_KIND, NAMES
from drawing.reading import check_sheet, parse, words
from terrdiag.drawing import DRAWING_CSS, Caption, DrawingError, draw_widths
from terrdiag.drawing.style import DARK, INKS, TINTS

HOSTILE = (
    '<script>alert("1")</script> & </text></svg>',
    'L\'"Été" ]]> -->',
    "שלום עולם מועצה",
    "مجموعة البلديات",
    "\x00\x08\ufffe",
    "Communauté de communes des coteaux et vallées de l'Adour-Gave-et-Arros-en-Bigorre-et-Béarn",
    "Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson" * 2,
    "😀" * 12,
)

LABELS = st.lists(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40),
    min_size=2,
    max_size=6,
)

kinds = pytest.mark.parametrize("draw", EVERY_KIND.values(), ids=EVERY_KIND)

widths = pytest.mark.parametrize("width", [720, 360])


@kinds
@widths
@pytest.mark.parametrize("labels", [NAMES, HOSTILE], ids=["names", "hostile"])
def test_inline(draw, width, labels):
    check_sheet(draw(Caption("essai", labels[0], alt=labels[-1], width=width), labels).svg)


@kinds
@pytest.mark.parametrize("labels", [NAMES, HOSTILE], ids=["names", "hostile"])
def test_standalone(draw, labels):
    drawing = draw(Caption("essai", " ".join(labels), note=labels[1]), labels)
    text = drawing.standalone(f"Source : {labels[0]}", f"Auteur : {labels[1]}")
    check_sheet(text)
    assert text.startswith("<?xml")
    assert "@media" not in text
    assert "url(" not in text


@kinds
@given(labels=LABELS, width=st.sampled_from([720, 360]))
def test_any_label(draw, labels, width):
    check_sheet(draw(Caption("essai", "Titre", width=width), labels).svg)


@kinds
def test_same_bytes_twice(draw):
    one, two = (draw(Caption("essai", "Titre"), NAMES).standalone("s", "c") for _ in range(2))
    assert one == two


def test_same_bytes_whatever_the_seed_of_the_hashes():
    code = (
        "from drawing.cases import *\n"
        "print([draw(Caption('essai', 'Titre'), NAMES).standalone('s', 'c') for draw in EVERY_KIND.values()])"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_two_drawings_live_in_one_page():
    drawings = [
        draw_widths(
            lambda caption, draw=draw: draw(caption, NAMES), Caption(f"essai-{rank}", "Titre")
        )
        for rank, draw in enumerate(EVERY_KIND.values())
    ]
    page = parse(f"<body>{''.join(drawing.inline for drawing in drawings)}</body>")
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(ids) == len(set(ids)) == 2 * 2 * len(drawings)


def test_the_phone_has_its_own_drawing():
    drawing = draw_widths(lambda caption: EVERY_KIND["lines"](caption, NAMES), Caption("a", "T"))
    assert 'class="tdd tdd-wide"' in drawing.svg
    assert drawing.inline.count('viewBox="0 0 360 ') == 1
    assert drawing.narrow is not None
    alone = dataclasses.replace(drawing, narrow=None)
    assert 'class="tdd tdd-alone"' in alone.inline


def test_a_template_that_escapes_writes_a_drawing_as_it_is():
    drawing = EVERY_KIND["lines"](Caption("a", "T"), HOSTILE)
    template = jinja2.Environment(autoescape=True).from_string("{{ drawing }}")
    assert template.render(drawing=drawing) == drawing.inline


def test_description_is_the_alt_else_the_title():
    draw = EVERY_KIND["lines"]
    assert draw(Caption("a", "Titre", alt="En mots"), NAMES).alt == "En mots"
    assert draw(Caption("a", "Titre"), NAMES).alt == "Titre"


def test_sheet_holds_title_note_source_and_credit():
    drawing = EVERY_KIND["lines"](Caption("a", "Un titre", note="Une note."), NAMES)
    written = words(drawing.standalone("Source : Insee.", "terrdiag"))
    assert {"Un titre", "Une note.", "Source : Insee.", "terrdiag"} <= set(written)
    assert not {"Un titre", "Une note."} & set(words(drawing.svg))


@pytest.mark.parametrize("name", ["", "Été", "a b", "-a", "a--b", "a/b", "A"])
def test_name_is_a_file_stem(name):
    with pytest.raises(DrawingError, match="nom de dessin"):
        Caption(name, "Titre")


def test_style_has_one_class_a_rule_and_no_small_text():
    rules = [line for line in DRAWING_CSS.splitlines() if line.startswith(".")]
    assert all(" " not in line.split(" {")[0] for line in rules)
    sizes = [line.split("font-size: ")[1].split("px")[0] for line in rules if "font-size" in line]
    assert min(map(float, sizes)) >= 11


def luminance(color: str) -> float:
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("ink", INKS)
def test_inks_are_legible_on_white(ink):
    assert contrast(ink, "#ffffff") >= 4.5


def test_surfaces_side_by_side_differ_in_black_and_white():
    assert all(contrast(one, other) >= 1.8 for one, other in itertools.pairwise(TINTS))


@pytest.mark.parametrize(("rank", "tint"), list(enumerate(TINTS)))
def test_figures_are_legible_on_surfaces(rank, tint):
    assert contrast("#ffffff" if rank in DARK else "#1b1b1b", tint) >= 4.4
