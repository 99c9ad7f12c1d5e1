import pandas as pd

from terrdiag import values
from terrdiag.values import (
    LEVEL_LABELS,
    STATUS_CODES_FR,
    STATUS_WORDS,
    STATUSES,
    STATUSES_WITH_VALUE,
    VALUE_DTYPES,
    empty_values,
)

# The output contract of indicators.parquet.
COLUMNS = [
    "level", "code", "name", "indicator", "ref_year", "value", "unit", "numerator", "denominator",
    "coverage_pct", "status", "source_id", "cog_year",
]  # fmt: skip


def test_columns_are_those_promised():
    assert list(VALUE_DTYPES) == COLUMNS


def test_empty_table_has_the_types_of_a_full_one():
    table = empty_values()
    assert table.empty
    assert table.dtypes.astype(str).to_dict() == VALUE_DTYPES
    row = dict.fromkeys(COLUMNS, "1")
    full = pd.DataFrame([row]).astype(VALUE_DTYPES)
    assert pd.concat([table, full]).dtypes.equals(full.dtypes)


def test_every_status_is_worded_once():
    assert set(STATUS_WORDS) == set(STATUS_CODES_FR) == set(STATUSES)
    assert len(set(STATUSES)) == len(STATUSES) == 7
    assert len(set(STATUS_WORDS.values())) == len(set(STATUS_CODES_FR.values())) == 7
    # missing, secret and zero are three different things
    assert {values.MISSING, values.SECRET, values.NOT_APPLICABLE}.isdisjoint(STATUSES_WITH_VALUE)
    assert set(STATUSES_WITH_VALUE) <= set(STATUSES)


def test_codes_for_spreadsheets_are_plain():
    assert all(
        code.isascii() and code.replace("_", "").isalpha() for code in STATUS_CODES_FR.values()
    )


def test_levels_are_worded():
    assert list(LEVEL_LABELS) == [
        *("commune", "epci", "territoire", "perimetre", "tranche_altitude", "epci_comparable"),
        *("ti", "ti2023", "petr", "cv", "uu", "bv", "aav", "ze", "arr"),
        *("departement", "region", "ensemble", "france"),
    ]
