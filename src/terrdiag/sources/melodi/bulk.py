"""Read the bulk file of a data set of Melodi a part at a time, keeping what is asked for.

The file is a zip with ``…_data.csv`` and ``…_metadata.csv``; the data are millions of rows, of which
a few hundred thousand are wanted. Nothing else is ever held in memory, nor written to the disk.
"""

import csv
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as pa_csv

from terrdiag.errors import SourceFormatError
from terrdiag.sources.files import (
    FETCH_AGAIN,
    decode_text,
    find_zip_member,
    open_zip_member,
    read_head,
)

MEMBER: Final = "*_data.csv"

LEVEL: Final = "GEO_OBJECT"

COMMUNE: Final = "COM"

COLUMNS: Final = ("GEO", LEVEL, "TIME_PERIOD", "OBS_VALUE")
"""Columns that every file has, in any order. ``OBS_STATUS`` is not in all of them."""

STATUSES: Final = ("OBS_STATUS", "CONF_STATUS")

BLOCK_BYTES: Final = 2 << 20

HEADER_BYTES: Final = 1 << 16


@dataclass(frozen=True)
class Observations:
    """Observations of communes, as published.

    Attributes
    ----------
    table
        A row an observation: ``GEO``, the dimensions, ``TIME_PERIOD``, ``OBS_VALUE``, and ``OBS_STATUS``,
        ``CONF_STATUS`` where the producer gives them; texts, or categories of texts.
    other_levels
        How many rows of other levels were left out, by ``GEO_OBJECT``.
    cog_year
        Geography of the codes, where the producer says it with each of them.
    where
        What they were read from, as named in errors.
    """

    table: pd.DataFrame
    other_levels: Mapping[str, int]
    cog_year: int | None
    where: object


def read_bulk(
    path: Path, wanted: Mapping[str, Collection[str]], optional: Collection[str] = ()
) -> Observations:
    """Read the observations of communes whose dimensions have the codes wanted.

    Parameters
    ----------
    path
        The zip of the producer, or the CSV taken out of it.
    wanted
        Codes to keep, by dimension.
    optional
        Those of these dimensions that some vintages do not have: without the column, every row counts.

    Returns
    -------
    Observations
        Memory is bounded by what is kept, whatever the size of the file.

    Raises
    ------
    SourceFormatError
        The archive or the CSV is damaged, a column is missing, or nothing has the codes wanted.
    """
    with _open_data(path) as stream:
        names = _read_header(stream, path, [*COLUMNS, *(set(wanted) - set(optional))])
        filters = {name: list(codes) for name, codes in wanted.items() if name in names}
        levels: Counter[str] = Counter()
        kept = list(_keep(_parse(stream, names, path), filters, levels))
    table = pa.Table.from_batches(kept).unify_dictionaries().to_pandas() if kept else pd.DataFrame()
    if table.empty:
        asked = " ; ".join(f"{name} = {', '.join(codes)}" for name, codes in filters.items())
        raise SourceFormatError(
            f"{path} : aucune ligne de commune pour {asked}. Les codes du producteur ont peut-être "
            "changé, ou le fichier n'est pas celui attendu."
        )
    return Observations(table, dict(levels), None, path)


@contextmanager
def _open_data(path: Path) -> Iterator[IO[bytes]]:
    """Open the CSV of a bulk file, in its archive or beside it."""
    if path.suffix.casefold() == ".zip":
        with open_zip_member(path, find_zip_member(path, MEMBER)) as stream:
            yield stream
    else:
        read_head(path)
        with path.open("rb") as stream:
            yield stream


def _read_header(stream: IO[bytes], path: Path, needed: Collection[str]) -> list[str]:
    """Read the first line, and refuse it when a column is missing or stands twice."""
    line = stream.readline(HEADER_BYTES)
    try:
        names = next(csv.reader([decode_text(line, path).strip()], delimiter=";", strict=True), [])
    except csv.Error as error:
        raise SourceFormatError(
            f"{path}, ligne 1 : en-tête illisible ({error}). {FETCH_AGAIN}"
        ) from error
    missing = sorted(set(needed) - set(names))
    if missing or len(set(names)) != len(names):
        what = f"colonne absente : {', '.join(missing)}" if missing else "colonne en double"
        raise SourceFormatError(
            f"{path} : {what}. Colonnes trouvées : {', '.join(names)[:500]}. "
            "Le format du producteur a peut-être changé, ou le fichier n'est pas celui attendu."
        )
    return names


def _parse(stream: IO[bytes], names: list[str], path: Path) -> Iterator[Any]:
    """Parse the rows below the header, a block at a time, every column as text."""
    try:
        yield from pa_csv.open_csv(
            stream,
            # one thread: the wait is for the inflating of the archive, and blocks read ahead are memory
            pa_csv.ReadOptions(use_threads=False, block_size=BLOCK_BYTES, column_names=names),
            pa_csv.ParseOptions(delimiter=";"),
            pa_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
        )
    except pa.ArrowInvalid as error:
        # nothing below the header, which pyarrow takes for a fault
        if "Empty CSV" in str(error):
            return
        words = " ".join("".join(c if c.isprintable() else " " for c in str(error)[:200]).split())
        raise SourceFormatError(
            f"{path} : CSV illisible ({words}), le fichier est sans doute tronqué ou réencodé. {FETCH_AGAIN}"
        ) from error


def _keep(
    batches: Iterator[Any], filters: Mapping[str, list[str]], levels: Counter[str]
) -> Iterator[Any]:
    """Keep the communes of the rows wanted, and count the others by level."""
    sets = {name: pa.array(codes, pa.string()) for name, codes in filters.items()}
    # where one code was wanted, the column says nothing more
    single = {LEVEL, *(name for name, codes in filters.items() if len(codes) == 1)}
    for whole in batches:
        batch = whole
        for name, codes in sets.items():
            batch = batch.filter(pc.is_in(batch.column(name), value_set=codes))
        for entry in pc.value_counts(batch.column(LEVEL)).to_pylist():
            if entry["values"] != COMMUNE:
                levels[entry["values"]] += entry["counts"]
        found = batch.filter(pc.equal(batch.column(LEVEL), COMMUNE))
        if found.num_rows:
            yield _encode(found.select([name for name in found.schema.names if name not in single]))


def _encode(batch: Any) -> Any:
    """Write each code once: a million rows have a few thousand of them."""
    columns = [
        column if name == "OBS_VALUE" else column.dictionary_encode()
        for name, column in zip(batch.schema.names, batch.columns, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
