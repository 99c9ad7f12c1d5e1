import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terrdiag.wording import (
    MINUS,
    NBSP,
    NNBSP,
    fold,
    format_number,
    format_value,
    join_words,
    plural,
    round_half_away,
    slugify,
    suggest,
)


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (0, 0, "0"),
        (7, 0, "7"),
        (999, 0, "999"),
        (1_000, 0, f"1{NNBSP}000"),
        (66_732_538, 0, f"66{NNBSP}732{NNBSP}538"),
        (8.7656, 2, "8,77"),
        (8.7656, 0, "9"),
        (9, 2, "9,00"),
        (1_234.5, 1, f"1{NNBSP}234,5"),
        (-0.34, 1, f"{MINUS}0,3"),
        (-1_234, 0, f"{MINUS}1{NNBSP}234"),
        # a reader expects half away from zero, and no negative zero
        (0.5, 0, "1"),
        (-0.5, 0, f"{MINUS}1"),
        (2.675, 2, "2,68"),
        (1.005, 2, "1,01"),
        (-0.04, 1, "0,0"),
        (0.999, 2, "1,00"),
        (math.nan, 2, "n.d."),
    ],
)
def test_format_number(value, decimals, expected):
    assert format_number(value, decimals) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1.25, "+1,3"), (-1.25, f"{MINUS}1,3"), (0.0, "0,0"), (0.01, "0,0"), (math.nan, "n.d.")],
)
def test_signed(value, expected):
    assert format_number(value, 1, signed=True) == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (8.77, "%", f"8,8{NBSP}%"),
        (391.2, "km²", f"391,2{NBSP}km²"),
        (3, "", "3,0"),
        (math.nan, "%", "n.d."),
    ],
)
def test_format_value(value, unit, expected):
    assert format_value(value, unit, 1) == expected


@given(st.floats(-1e9, 1e9), st.integers(0, 3))
def test_rounding_is_the_nearest(value, decimals):
    rounded = round_half_away(value, decimals)
    assert abs(rounded - value) <= 0.5 * 10**-decimals + 1e-6
    assert round_half_away(rounded, decimals) == rounded
    assert round_half_away(-value, decimals) == -rounded
    assert math.copysign(1, rounded) > 0 or rounded < 0


@given(st.integers(-(10**12), 10**12))
def test_digits_are_kept(value):
    text = format_number(value)
    assert int(text.replace(NNBSP, "").replace(MINUS, "-")) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hautes-Pyrénées", "hautes pyrenees"),
        ("  L'Œuf  d’Æther ", "l oeuf d aether"),
        ("SAINT-ÉLOY", "saint eloy"),
        ("Ÿ ñ ç", "y n c"),
        ("", ""),
        ("---", ""),
    ],
)
def test_fold(text, expected):
    assert fold(text) == expected


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CC de la Haute-Bigorre", "cc-de-la-haute-bigorre"),
        ("Lacq-Pau - Tarbes", "lacq-pau-tarbes"),
        ("../../etc", "etc"),
    ],
)
def test_slugify(text, expected):
    assert slugify(text) == expected


@pytest.mark.parametrize(
    ("word", "known", "expected"),
    [
        ("regoin", ["region", "departement"], f" Valeurs proches{NBSP}: region."),
        ("REGION", ["region"], f" Valeurs proches{NBSP}: region."),
        ("emploi", ["emplois", "emploi_total"], f" Valeurs proches{NBSP}: emplois, emploi_total."),
        ("zzz", ["region"], ""),
        ("region", [], ""),
    ],
)
def test_suggest(word, known, expected):
    assert suggest(word, known) == expected


def test_suggest_at_most():
    known = [f"commune{number}" for number in range(9)]
    assert suggest("commune", known, limit=2).count("commune") == 2


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], ""),
        (["Gers"], "Gers"),
        (["Gers", "Lot"], "Gers et Lot"),
        (["Gers", "Landes", "Lot"], "Gers, Landes et Lot"),
    ],
)
def test_join_words(words, expected):
    assert join_words(words) == expected
    assert join_words(iter(words)) == expected
    assert join_words(words, last="ou") == expected.replace(" et ", " ou ")


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, f"0{NBSP}commune"),
        (1, f"1{NBSP}commune"),
        (2, f"2{NBSP}communes"),
        (34_875, f"34{NNBSP}875{NBSP}communes"),
    ],
)
def test_plural(count, expected):
    assert plural(count, "commune") == expected
    assert plural(count, "cheval", "chevaux").endswith("chevaux" if count > 1 else "cheval")
