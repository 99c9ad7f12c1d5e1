from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terrdiag.errors import SourceFormatError
from terrdiag.sources.tables import COMMUNE_PATTERN, check_codes, make_figures, parse_numbers

PATH = Path("a.csv")


@pytest.mark.parametrize(
    ("text", "value", "status"),
    [
        ("187", 187.0, "ok"),
        ("43,0", 43.0, "ok"),
        ("68.25", 68.25, "ok"),
        (" 12 ", 12.0, "ok"),
        ("0", 0.0, "ok"),
        ("s", np.nan, "secret"),
        ("", np.nan, "missing"),
    ],
)
def test_parse_number(text, value, status):
    values, statuses = parse_numbers(pd.DataFrame({"n": [text]}), "n", PATH)
    assert statuses.tolist() == [status]
    np.testing.assert_array_equal(values, [value])


@pytest.mark.parametrize("text", ["n/d", "1 234", "1,234.5", "nan", "S", "12-"])
def test_not_a_number_names_line_and_column(text):
    table = pd.DataFrame({"P18_POP": ["1", text]})
    with pytest.raises(SourceFormatError, match=r"a\.csv, ligne 3, colonne P18_POP : « .* » n'est"):
        parse_numbers(table, "P18_POP", PATH)


@pytest.mark.parametrize("text", ["-1", "101", "1e9", "inf"])
def test_implausible_number(text):
    with pytest.raises(SourceFormatError, match=r"ligne 2, colonne part .* hors de \[0 ; 100\]"):
        parse_numbers(pd.DataFrame({"part": [text]}), "part", PATH, high=100)


@given(st.lists(st.floats(0, 1e6) | st.sampled_from(["s", ""]), min_size=1))
def test_a_value_is_known_if_and_only_if_ok(cells):
    table = pd.DataFrame({"n": [str(cell).replace(".", ",") for cell in cells]})
    values, statuses = parse_numbers(table, "n", PATH)
    assert (values.notna() == (statuses == "ok")).all()
    assert values.dropna().tolist() == [cell for cell in cells if not isinstance(cell, str)]


@pytest.mark.parametrize("code", ["01001", "2A004", "2B153", "97422"])
def test_good_commune_code(code):
    check_codes(pd.Series([code], name="COM"), COMMUNE_PATTERN, PATH)


@pytest.mark.parametrize("code", ["1001", "01001.0", "2C001", "2a004", "", "010010", "AD001"])
def test_bad_commune_code(code):
    codes = pd.Series(["01001", code], name="COM")
    with pytest.raises(SourceFormatError, match=r"colonne COM : 1 code.*« .* » \(ligne 3\)"):
        check_codes(codes, COMMUNE_PATTERN, PATH)


def test_make_figures_stacks_variables():
    codes = pd.Series(["65016", "65024"])
    ok, secret = pd.Series(["ok", "ok"]), pd.Series(["secret", "ok"])
    got = make_figures(
        "commune",
        codes,
        [
            ("population", 2022, pd.Series([187.0, 103.0]), ok),
            ("median_income_eur", 2021, pd.Series([np.nan, 24680.0]), secret),
        ],
    )
    expected = pd.DataFrame(
        {
            "level": ["commune"] * 4,
            "code": ["65016", "65024"] * 2,
            "variable": ["population"] * 2 + ["median_income_eur"] * 2,
            "ref_year": [2022, 2022, 2021, 2021],
            "value": [187.0, 103.0, np.nan, 24680.0],
            "status": ["ok", "ok", "secret", "ok"],
        }
    )
    pd.testing.assert_frame_equal(got, expected, check_dtype=False)
