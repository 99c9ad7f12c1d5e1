"""The tables a run writes: long tables, workbook, commune layer, manifest."""

from terrdiag.tables.context import TableContext
from terrdiag.tables.export import write_tables
from terrdiag.tables.layer import write_gpkg
from terrdiag.tables.long_table import write_csv, write_parquet
from terrdiag.tables.manifest import RunRecord, write_manifest
from terrdiag.tables.workbook import write_xlsx

__all__ = [
    "RunRecord",
    "TableContext",
    "write_csv",
    "write_gpkg",
    "write_manifest",
    "write_parquet",
    "write_tables",
    "write_xlsx",
]
