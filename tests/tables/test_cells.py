import csv
import io
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terrdiag.tables.cells import clean_text, format_csv_number, is_formula, neutralise_text


@pytest.mark.parametrize(
    ("raw", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+33", "'+33"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'=1"),
        ("\r=1", "'=1"),
        ("\n  =1", "'=1"),
        ("＝1", "'＝1"),
        ('=HYPERLINK("x";"y")', '\'=HYPERLINK("x";"y")'),
        ("L'Haÿ-les-Roses", "L'Haÿ-les-Roses"),
        ('Saint-Pierre; ou "presque"', 'Saint-Pierre; ou "presque"'),
        ("Pic\ndu\x0bMidi", "Pic du Midi"),
        ("a\u00a0% par\u202fan", "a\u00a0% par\u202fan"),
        ("🏔", "🏔"),
        ("lone \ud800 surrogate", "lone   surrogate"),
        ("", ""),
    ],
)
def test_a_text_never_becomes_a_formula(raw, safe):
    assert neutralise_text(raw) == safe


@given(st.text())
def test_no_text_starts_as_a_formula_nor_holds_a_line_end(text):
    safe = neutralise_text(text)
    assert not is_formula(safe)
    assert safe[:1] not in ("\t", "\r", "\n")
    assert safe.splitlines() in ([], [safe])
    safe.encode()


@given(st.lists(st.text(), min_size=2))
def test_any_text_makes_the_round_trip_through_a_csv(texts):
    cleaned = [neutralise_text(text) for text in texts]
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=";", lineterminator="\r\n").writerow(cleaned)
    assert next(csv.reader(io.StringIO(buffer.getvalue(), newline=""), delimiter=";")) == cleaned


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1 + 0.2, "0,3"),
        (0.0, "0"),
        (-0.0, "0"),
        (-1 / 3, "-0,3333333333"),
        (6129.4123456789, "6129,412346"),
        (16511.0, "16511"),
        (66730000.126, "66730000,13"),
        (12345678901234.0, "12345678901234"),
        (1.5e-7, "0,00000015"),
        (99999999999.5, "100000000000"),
        (math.nan, ""),
    ],
)
def test_a_number_is_french_exact_enough_and_without_noise(value, text):
    assert format_csv_number(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15))
def test_a_number_is_read_back_to_ten_digits(value):
    text = format_csv_number(value)
    assert set(text) <= set("-0123456789,")
    assert float(text.replace(",", ".")) == pytest.approx(value, rel=1e-9)


def test_cleaning_twice_changes_nothing_more():
    assert clean_text(clean_text("\x00 a \t b ")) == clean_text("\x00 a \t b ")
