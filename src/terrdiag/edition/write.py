"""Write the tables of an edition, the same bytes for the same content."""

import datetime as dt
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import tomli_w

from terrdiag import __version__
from terrdiag.catalogue import Indicator
from terrdiag.edition.check import check_edition
from terrdiag.edition.provenance import Provenance, describe_source, record_file
from terrdiag.edition.schema import (
    COMMUNES,
    OPTIONAL_TABLES,
    TABLES,
    AbsentSource,
    EditionInfo,
    SourceRecord,
)
from terrdiag.edition.store import open_edition

ROWS_PER_GROUP: Final = {
    "communes": 512,
    "memberships": 8_192,
    "figures": 32_768,
    "events": 65_536,
    "flows": 65_536,
}
"""Small enough that one territory's rows are read without the rest, large enough to compress."""


@dataclass(frozen=True)
class Draft:
    """What ``edition.toml`` will say, but for what is read of the files.

    Attributes
    ----------
    id, cog_year, built_at
        What the edition bears.
    provenance
        What was read, by source.
    retrieved
        Day a file was downloaded, by path under the raw folder.
    records
        Sources described already: carried from another edition, or the user's own.
    notes
        Limits of the edition, measured.
    absent
        What could not be brought.
    base
        The edition that stands for what is absent.
    intervals
        Pairs of census years to compare, besides those of what was read.
    indicators
        Those of the user's own data.
    """

    id: str
    cog_year: int
    built_at: dt.date
    provenance: Mapping[str, Provenance]
    retrieved: Mapping[str, dt.date] = field(default_factory=dict)
    records: tuple[SourceRecord, ...] = ()
    notes: tuple[str, ...] = ()
    absent: tuple[AbsentSource, ...] = ()
    base: str = ""
    intervals: tuple[tuple[int, int], ...] = ()
    indicators: tuple[Indicator, ...] = ()


def write_edition(out: Path, raw: Path, draft: Draft, tables: Mapping[str, pd.DataFrame]) -> None:
    """Write the tables beside their place, check them, and move them in as a whole.

    Parameters
    ----------
    out
        Folder of the edition.
    raw
        Folder of the official files; the provenance names them relative to it.
    draft
        What the edition says of itself.
    tables
        ``communes`` (GeoDataFrame), ``memberships``, ``figures``, ``events``, and those of ``OPTIONAL_TABLES``.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        for name, table in tables.items():
            write_table(name, table, staging / f"{name}.parquet")
        info = _describe(draft, raw, staging, tables)
        description = tomli_w.dumps(info.model_dump(mode="json", exclude_defaults=True))
        (staging / "edition.toml").write_text(description, encoding="utf-8", newline="\n")
        staging.chmod(0o755)  # mkdtemp makes a private folder, an edition is for all to read
        check_edition(open_edition(staging), national=False)
        replace_folder(staging, out)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _describe(
    draft: Draft, raw: Path, staging: Path, tables: Mapping[str, pd.DataFrame]
) -> EditionInfo:
    """Complete a draft with the digests of the tables and the provenance of the files."""
    read = [
        describe_source(key, record, raw, draft.retrieved)
        for key, record in draft.provenance.items()
    ]
    sources = {record.id: record for record in (*read, *draft.records)}
    intervals = set().union(*(record.intervals for record in draft.provenance.values()))
    return EditionInfo(
        id=draft.id,
        cog_year=draft.cog_year,
        built_at=draft.built_at,
        terrdiag_version=__version__,
        intervals=tuple(sorted(intervals | set(draft.intervals))),
        notes=draft.notes,
        tables={name: record_file(staging / f"{name}.parquet", staging) for name in sorted(tables)},
        sources=tuple(sources[key] for key in sorted(sources)),
        base=draft.base,
        absent=draft.absent,
        indicators=draft.indicators,
    )


def write_table(name: str, table: pd.DataFrame, path: Path) -> None:
    """Write a table of an edition, in groups of rows, compressed."""
    options: dict[str, Any] = {
        "compression": "zstd",
        "compression_level": 15,
        "row_group_size": ROWS_PER_GROUP[name],
    }
    if isinstance(table, gpd.GeoDataFrame):
        ordered = table[[*COMMUNES.names, "geometry"]].astype({"contour_year": "int16"})
        ordered.to_parquet(
            path, index=False, write_covering_bbox=True, schema_version="1.1.0", **options
        )
        return
    schema = {**TABLES, **OPTIONAL_TABLES}[name]
    arrow = pa.Table.from_pandas(
        table[schema.names], schema=schema, preserve_index=False
    ).replace_schema_metadata()
    pq.write_table(arrow, path, use_dictionary=[n for n in schema.names if n != "value"], **options)


def replace_folder(new: Path, old: Path) -> None:
    """Put a finished folder in the place of another, which is given back if that fails."""
    aside = old.with_name(f".{old.name}-ancien")
    shutil.rmtree(aside, ignore_errors=True)
    if old.exists():
        old.rename(aside)
    try:
        new.rename(old)
    except OSError:
        if aside.exists():
            aside.rename(old)
        raise
    shutil.rmtree(aside, ignore_errors=True)
