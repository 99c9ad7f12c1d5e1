"""The words and the lines in which the sources are told, on the command line and in the documents."""

import textwrap
from collections.abc import Iterable
from typing import Final

from terrdiag.catalogue import SourceFile
from terrdiag.report.typography import set_spaces
from terrdiag.wording import NBSP, NNBSP, format_number, plural

WIDTH: Final = 110

FEED_LABELS: Final = {
    "cog": "code géographique",
    "outlines": "contours",
    "memberships": "périmètres",
    "figures": "chiffres",
    "flows": "flux domicile-travail",
    "elevation": "altitudes",
    "check": "vérification",
}
"""What a source brings, in words."""

CONTENT_LABELS: Final = {
    "csv": "CSV",
    "csv.gz": "CSV compressé (gzip)",
    "json": "JSON",
    "geojson": "GeoJSON",
    "geojson.gz": "GeoJSON compressé (gzip)",
    "zip": "archive zip",
    "7z": "archive 7z",
    "xlsx": "classeur XLSX",
    "parquet": "Parquet",
    "gpkg": "GeoPackage",
    "tif": "image GeoTIFF",
}


def describe_content(file: SourceFile) -> str:
    """Say what a file must be to be taken for the one of the register."""
    parts = [CONTENT_LABELS[file.content]]
    if file.member:
        parts.append(f"membre « {file.member} »")
    if file.min_rows > 1:
        parts.append(f"{plural(file.min_rows, 'ligne')} au moins")
    parts.append(f"{format_number(file.max_megabytes)} Mo au plus")
    if file.columns:
        line = f" (ligne {file.header_row})" if file.header_row > 1 else ""
        parts.append(f"colonnes{line} {', '.join(file.columns)}")
    return " ; ".join(parts)


def set_rows(rows: Iterable[tuple[str, str]], margin: int = 2) -> list[str]:
    """Set rows of a head and a text in columns."""
    rows = list(rows)
    width = max(len(head) for head, _ in rows) + 2
    lines: list[str] = []
    for head, text in rows:
        start = " " * margin + f"{head:<{width}}"
        lines += fill(text, indent=margin + width, start=start)
    return lines


def fill(text: str, indent: int, start: str = "") -> list[str]:
    """Set a text in lines of 110 columns, addresses and what no-break spaces tie kept whole."""
    return textwrap.wrap(
        set_spaces(_drop_controls(text)),
        WIDTH,
        initial_indent=start or " " * indent,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _drop_controls(text: str) -> str:
    """Drop what would drive a terminal: the words of a server are printed too."""
    return "".join(char for char in text if char.isprintable() or char in {NBSP, NNBSP})
