"""The long table: one row a value, for spreadsheets (CSV) and for programs (Parquet).

Codes in the CSV
----------------
A code is written bare: ``01004``, never ``="01004"``, nor after a tab or an apostrophe. Nothing in
a CSV tells Excel that a cell is text without changing what every other reader finds in it: a script
that keeps ``code == "65059"`` would hold everywhere but in the first nine départements, the worst
kind of fault, and ``="…"`` is the very thing that a check for injected formulas refuses. Recent
versions of Excel (since the end of 2023) ask before they remove leading zeros from a CSV (« Ne pas
convertir »); ``indicators.xlsx``, written beside it, holds codes as text for all of them.
"""

import csv
import functools
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from terrdiag.tables.cells import format_csv_number, neutralise_text
from terrdiag.tables.context import TableContext
from terrdiag.values import STATUS_CODES_FR

CSV_COLUMNS: Final = (
    *("territoire", "niveau", "code", "nom", "indicateur", "libelle", "annee", "valeur", "unite"),
    *("numerateur", "denominateur", "couverture_pct", "statut", "source"),
)

PARQUET_SCHEMA: Final = pa.schema(
    [
        ("level", pa.string()),
        ("code", pa.string()),
        ("name", pa.string()),
        ("indicator", pa.string()),
        ("ref_year", pa.int16()),
        ("value", pa.float64()),
        ("unit", pa.string()),
        ("numerator", pa.float64()),
        ("denominator", pa.float64()),
        ("coverage_pct", pa.float64()),
        ("status", pa.string()),
        ("source_id", pa.string()),
        ("cog_year", pa.int16()),
    ]
)


def write_csv(values: pd.DataFrame, context: TableContext, path: Path) -> None:
    """Write the values as a French CSV: UTF-8 with BOM, ``;``, decimal comma, one row a value.

    Parameters
    ----------
    values
        Table of values.
    context
        The words.
    path
        Where to write.

    Raises
    ------
    EditionError
        A value names a source that the edition does not describe.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    writer.writerows(_rows(values, context))
    path.write_bytes(text.getvalue().encode("utf-8-sig"))


def _rows(values: pd.DataFrame, context: TableContext) -> Iterator[tuple[str, ...]]:
    territory = neutralise_text(context.territory)
    # the same few words stand in thousands of rows
    words = functools.cache(neutralise_text)
    label = functools.cache(lambda *key: neutralise_text(context.word_label(*key)))
    source = functools.cache(lambda key: neutralise_text(context.word_source(key)))
    columns = (values[name].tolist() for name in PARQUET_SCHEMA.names[:-1])
    for row in zip(*columns, strict=True):
        (
            level,
            code,
            name,
            indicator,
            year,
            value,
            unit,
            above,
            below,
            coverage,
            status,
            source_id,
        ) = row
        yield (
            territory,
            level,
            words(code),
            words(name),
            indicator,
            label(indicator, year),
            str(year),
            format_csv_number(value),
            words(unit),
            format_csv_number(above),
            format_csv_number(below),
            format_csv_number(coverage),
            STATUS_CODES_FR[status],
            source(source_id),
        )


def write_parquet(values: pd.DataFrame, path: Path) -> None:
    """Write the values as Parquet (zstd), typed, in the order of the contract.

    NaN becomes null. The file holds no date: the same values give the same bytes.

    Parameters
    ----------
    values
        Table of values.
    path
        Where to write.
    """
    ordered = values[PARQUET_SCHEMA.names]
    table = pa.Table.from_pandas(ordered, schema=PARQUET_SCHEMA, preserve_index=False)
    # what pandas notes about itself in the file is its version and nothing of use to a reader
    buffer = pa.BufferOutputStream()
    pq.write_table(table.replace_schema_metadata(), buffer, compression="zstd", compression_level=9)
    path.write_bytes(buffer.getvalue())
