"""Read the table of a user, whatever spreadsheet wrote it: CSV, XLSX, GeoPackage; every cell as text."""

import contextlib
import csv
import io
import sqlite3
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from terrdiag.errors import SourceFormatError, SourceUnavailableError
from terrdiag.sources.extract import check_columns
from terrdiag.sources.files import check_content, check_member
from terrdiag.sources.own.sidecar import DataPart
from terrdiag.sources.workbooks import to_text
from terrdiag.wording import format_number

MAX_MEGABYTES: Final = 200
"""A table of 36,000 communes and ten years is thirty times smaller."""

MAX_SHEET_MB: Final = 500

SEPARATORS: Final = (";", "\t", ",")

ZIP_MAGIC: Final = b"PK\x03\x04"
SQLITE_MAGIC: Final = b"SQLite format 3\x00"

LINE: Final = "#ligne"
"""Column of the line of each row in the file."""


@dataclass(frozen=True)
class Rows:
    """The rows of a file.

    Attributes
    ----------
    table
        The columns asked for, as text, and :data:`LINE`; empty rows are left out.
    remarks
        What was found out of the file, to be told: encoding, separator, sheet.
    """

    table: pd.DataFrame
    remarks: tuple[str, ...]


def read_rows(path: Path, data: DataPart, columns: Sequence[str]) -> Rows:
    """Read the columns of a file that a sidecar names.

    Parameters
    ----------
    path
        The file: its content says what it is, not its name.
    data
        The ``[data]`` table of the sidecar.
    columns
        Columns that must be there.

    Returns
    -------
    Rows
        At least one.

    Raises
    ------
    SourceFormatError
        The file is none of the three, is damaged or empty, or lacks a column.
    """
    content = _read_content(path)
    if content.startswith(SQLITE_MAGIC):
        lines, remarks = _read_geopackage(path, data)
    elif content.startswith(ZIP_MAGIC):
        lines, remarks = _read_workbook(content, path, data)
    else:
        lines, remarks = _read_csv(content, path, data)
    if len(lines) < data.header_row:
        raise SourceFormatError(
            f"{path} : aucune ligne d'en-tête (header_row = {data.header_row})."
        )
    header = [name.strip() for name in lines[data.header_row - 1]]
    body = enumerate(lines[data.header_row :], data.header_row + 1)
    kept = [(number, row) for number, row in body if any(cell.strip() for cell in row)]
    _check_width(header, kept, path)
    table = pd.DataFrame([row for _, row in kept], columns=pd.Index(header), dtype="str")
    check_columns(table, columns, path)
    if table.empty:
        raise SourceFormatError(f"{path} : aucune ligne sous l'en-tête.")
    named = table[list(dict.fromkeys(columns))]
    return Rows(named.assign(**{LINE: [number for number, _ in kept]}), remarks)


def _read_content(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_MEGABYTES * 1_000_000:
            raise SourceFormatError(
                f"{path} : {format_number(size / 1e6)} Mo, plus que les {MAX_MEGABYTES} Mo admis."
            )
        content = path.read_bytes()
    except FileNotFoundError:
        raise SourceUnavailableError(f"{path} : ce fichier n'existe pas.") from None
    except OSError as error:
        raise SourceUnavailableError(f"{path} est illisible ({error.strerror}).") from error
    if not content.strip():
        raise SourceFormatError(f"{path} est vide.")
    check_content(content, path)
    return content


def _check_width(header: list[str], rows: list[tuple[int, list[str]]], path: Path) -> None:
    for number, row in rows:
        if len(row) != len(header):
            raise SourceFormatError(
                f"{path}, ligne {number} : {len(row)} cellule(s) au lieu de {len(header)}. "
                "Un texte qui contient le séparateur s'écrit entre guillemets."
            )


def _read_csv(
    content: bytes, path: Path, data: DataPart
) -> tuple[list[list[str]], tuple[str, ...]]:
    text, remarks = _decode(content, path)
    lines = text.splitlines()
    header = lines[data.header_row - 1] if len(lines) >= data.header_row else ""
    found = max(SEPARATORS, key=header.count)
    separator = data.separator or found
    if data.separator is None:
        names = {";": "point-virgule", ",": "virgule", "\t": "tabulation"}
        remarks = (*remarks, f"séparateur : {names[separator]}")
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for row in reader:
            # a quoted cell may hold line ends: the rank of a row is the line it ends on
            rows += [[]] * (reader.line_num - len(rows) - 1)
            rows.append(row)
    except csv.Error as error:
        raise SourceFormatError(
            f"{path}, ligne {reader.line_num} : CSV illisible ({error})."
        ) from error
    return rows, remarks


def _decode(content: bytes, path: Path) -> tuple[str, tuple[str, ...]]:
    """Decode a text: UTF-8, else the encoding of Windows spreadsheets, which is told."""
    if b"\x00" in content:
        raise SourceFormatError(
            f"{path} n'est ni un CSV, ni un classeur XLSX, ni un GeoPackage : c'est un fichier binaire "
            "(ou un texte en UTF-16 : enregistrez-le en UTF-8)."
        )
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        try:
            return content.decode("cp1252"), ("encodage : Windows-1252, et non UTF-8",)
        except UnicodeDecodeError:
            line = content[: error.start].count(b"\n") + 1
            raise SourceFormatError(
                f"{path}, ligne {line} : le texte n'est ni en UTF-8 ni en Windows-1252. Enregistrez-le en UTF-8."
            ) from None


def _read_workbook(
    content: bytes, path: Path, data: DataPart
) -> tuple[list[list[str]], tuple[str, ...]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for info in archive.infolist():
                check_member(info, path, MAX_SHEET_MB)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = data.sheet or next(iter(book.sheet_names), "")
        if sheet not in book.sheet_names:
            raise SourceFormatError(
                f"{path} : feuille absente : {sheet}. Feuilles trouvées : {', '.join(book.sheet_names)}."
            )
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except (CalamineError, zipfile.BadZipFile, NotImplementedError) as error:
        raise SourceFormatError(f"{path} : classeur XLSX tronqué ou abîmé ({error}).") from error
    remarks = () if data.sheet else (f"feuille : {sheet}",)
    return [[to_text(cell) for cell in row] for row in rows], remarks


def _read_geopackage(path: Path, data: DataPart) -> tuple[list[list[str]], tuple[str, ...]]:
    """Read the attributes of a layer.

    By SQLite itself: GDAL chooses how to open a file by its name too, and would take for a CSV one that is named so.
    """
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with contextlib.closing(sqlite3.connect(address, uri=True)) as database:
            layers = [row[0] for row in database.execute(LAYERS)]
            layer = data.layer or next(iter(layers), "")
            if layer not in layers:
                raise SourceFormatError(
                    f"{path} : couche absente : {layer}. Couches trouvées : {', '.join(layers)}."
                )
            name = layer.replace('"', '""')
            found = database.execute(f'SELECT * FROM "{name}"')  # noqa: S608  # quoted, and one of the layers
            header = [str(column[0]) for column in found.description]
            body = [[_to_cell(cell) for cell in row] for row in found]
    except (sqlite3.Error, OverflowError) as error:
        raise SourceFormatError(f"{path} : GeoPackage tronqué ou abîmé ({error}).") from error
    return [header, *body], () if data.layer else (f"couche : {layer}",)


LAYERS: Final = """
    SELECT table_name FROM gpkg_contents WHERE data_type IN ('features', 'attributes')
    AND table_name IN (SELECT name FROM sqlite_master WHERE type IN ('table', 'view')) ORDER BY rowid
"""


def _to_cell(cell: Any) -> str:
    """Give a cell as text; outlines are not read."""
    return "" if isinstance(cell, bytes) else to_text(cell)
