import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawing.reading import parse
from terrdiag.drawing.text import escape_text, fold_evenly, fold_text, isolate_text, measure_text

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("A & B", "A &amp; B"),
        ('"l\'autre"', "&quot;l&#39;autre&quot;"),
        ("a\x00b\x1fc\ufffe", "a\ufffdb\ufffdc\ufffd"),
        ("]]>", "]]&gt;"),
        ("Été 😀 שלום", "Été 😀 שלום"),
    ],
)
def test_escape(text, escaped):
    assert escape_text(text) == escaped


@given(st.text(max_size=80))
def test_any_text_makes_valid_xml(text):
    written = escape_text(text)
    root = parse(f'<a b="{written}">{written}</a>')
    if all(c.isprintable() for c in text):
        assert root.text in {text, None}


@pytest.mark.parametrize(
    ("text", "size", "width"),
    [
        ("", 10, 0.0),
        ("0", 100, 58.8),  # 0.56 em, enlarged by 5 %
        ("1\u202f000", 100, 264.6),  # four digits and a narrow space of 0.28
        ("é", 100, 58.8),  # the letter without its accent
        ("e\u0301", 100, 58.8),  # a combining accent takes no room
        ("中", 100, 107.1),
    ],
)
def test_measure(text, size, width):
    assert measure_text(text, size) == pytest.approx(width)


def test_bold_is_wider():
    assert measure_text("Campan", bold=True) > measure_text("Campan")


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 100, [""]),
        ("   ", 100, [""]),
        ("Campan", 100, ["Campan"]),
        ("Bagnères-de-Bigorre", 66, ["Bagnères-", "de-Bigorre"]),
        ("CC de la Haute-Bigorre", 90, ["CC de la", "Haute-Bigorre"]),  # the space comes first
        ("2011-2016", 50, ["2011-2", "016"]),  # never after a hyphen between figures
        ("12\u202f345\u00a0m", 36, ["12\u202f34", "5\u00a0m"]),  # no fold at a no-break space
        ("aaaa", 1, ["a", "a", "a", "a"]),
        ("a\nb\tc", 100, ["a b c"]),
    ],
)
def test_fold(text, width, lines):
    assert fold_text(text, width) == lines


@given(ANY_TEXT, st.floats(20, 300), st.booleans())
def test_folding_loses_nothing_and_fits(text, width, bold):
    lines = fold_text(text, width, bold=bold)
    assert "".join("".join(lines).split()) == "".join(text.split())
    for line in lines:
        # a single character may be wider than anything
        assert measure_text(line, bold=bold) <= width or len(line) == 1


@given(ANY_TEXT, st.floats(20, 300))
def test_evening_out_keeps_the_number_of_lines_and_the_text(text, width):
    plain, even = fold_text(text, width), fold_evenly(text, width)
    assert len(even) == len(plain)
    assert "".join("".join(even).split()) == "".join("".join(plain).split())
    assert all(measure_text(line) <= width or len(line) == 1 for line in even)


def test_right_to_left_names_do_not_reorder_their_figures():
    assert isolate_text("שלום") == "\u2068שלום\u2069"
    assert isolate_text("Campan") == "Campan"
