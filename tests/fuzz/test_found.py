"""Faults that fuzzing has found, kept as small cases."""

from pathlib import Path

import pandas as pd
import pytest

from terrdiag.errors import SourceFormatError
from terrdiag.sources import altitudes, cog
from terrdiag.sources.extract import check_columns
from terrdiag.sources.tables import COMMUNE_PATTERN, check_codes, parse_numbers

HERE = Path("a.csv")


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_column_that_stands_twice(tmp_path):
    """It gave a table in the place of a column: AttributeError."""
    text = "code_insee,altitude_maximale,altitude_maximale\n01001,100,200\n"
    with pytest.raises(SourceFormatError, match="colonne en double : altitude_maximale"):
        altitudes.read_altitude_max(write(tmp_path, text))
    text = "REG,LIBELLE,LIBELLE\n84,a,b\n"
    with pytest.raises(SourceFormatError, match="colonne en double : LIBELLE"):
        cog.read_regions(write(tmp_path, text))


@pytest.mark.parametrize("code", ["٠١٠٠١", "०१००१", "０１００１"])
def test_figures_of_other_scripts_are_no_code(code):
    r"""They match \d, and were taken for a commune that no table has."""
    with pytest.raises(SourceFormatError, match="mal formé"):
        check_codes(pd.Series([code], name="code"), COMMUNE_PATTERN, HERE)


def test_cells_of_a_page_are_cut_in_messages():
    """A damaged file made messages of 200,000 characters."""
    long = pd.Series(["x" * 100_000], name="code")
    with pytest.raises(SourceFormatError) as found:
        check_codes(long, COMMUNE_PATTERN, HERE)
    assert len(str(found.value)) < 400
    with pytest.raises(SourceFormatError) as found:
        parse_numbers(pd.DataFrame({"valeur": long}), "valeur", HERE)
    assert len(str(found.value)) < 400


def test_columns_of_a_wide_file_are_not_all_listed():
    table = pd.DataFrame(columns=[f"colonne_{n}" for n in range(5_000)])
    with pytest.raises(SourceFormatError, match="et 4940 autres") as found:
        check_columns(table, ["code"], HERE)
    assert len(str(found.value)) < 2_000
