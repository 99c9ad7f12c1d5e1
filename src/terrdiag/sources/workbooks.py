"""Workbooks of INSEE: a title, a header some lines below, all cells text, notes at the end; often in a zip."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from terrdiag.errors import SourceError, SourceFormatError
from terrdiag.sources.files import (
    FETCH_AGAIN,
    check_member,
    find_zip_member,
    read_bytes,
    read_zip_member,
)

HEADER_WITHIN: Final = 20
"""The header is looked for in so many lines (INSEE sets it on the sixth)."""

MAX_SHEET_MB: Final = 500


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook.

    Attributes
    ----------
    table
        The rows under the header, as text (an empty cell is ``""``); notes and empty rows are left out.
    banner
        What stands above the header: title, date, source.
    """

    table: pd.DataFrame
    banner: tuple[str, ...]


def read_sheets(path: Path, sheets: Sequence[str], key: str) -> dict[str, Sheet]:
    """Read sheets of a workbook, alone or in a zip.

    Parameters
    ----------
    path
        The workbook (``.xlsx``), or an archive that holds one.
    sheets
        Names of the sheets.
    key
        Start of the name of a column that the header has (``CODGEO``).

    Returns
    -------
    dict
        The sheets, by name.

    Raises
    ------
    SourceFormatError
        The workbook is damaged, or lacks a sheet or its header.
    """
    rows = _read_rows(_read_workbook(path), sheets, path)
    return {name: _make_sheet(rows[name], key, f"{path}, feuille {name}") for name in sheets}


def _read_workbook(path: Path) -> bytes:
    if path.suffix.lower() == ".zip":
        return read_zip_member(path, find_zip_member(path, "*.xlsx"))
    return read_bytes(path)


def _read_rows(data: bytes, sheets: Sequence[str], path: Path) -> dict[str, list[list[Any]]]:
    try:
        from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415
    except ImportError as error:
        raise SourceError(
            "La lecture des classeurs de l'INSEE demande python-calamine : "
            "installez « terrdiag[edition] »."
        ) from error
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                check_member(info, path, MAX_SHEET_MB)
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        absent = [name for name in sheets if name not in book.sheet_names]
        if absent:
            raise SourceFormatError(
                f"{path} : feuille absente : {', '.join(absent)}. Feuilles trouvées : "
                f"{', '.join(book.sheet_names)}. Le format du producteur a peut-être changé."
            )
        return {name: book.get_sheet_by_name(name).to_python() for name in sheets}
    except (CalamineError, zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        if isinstance(error, SourceError):
            raise
        raise SourceFormatError(
            f"{path} : classeur XLSX tronqué ou abîmé ({error}). {FETCH_AGAIN}"
        ) from error


def _make_sheet(rows: list[list[Any]], key: str, where: str) -> Sheet:
    texts = [[to_text(cell) for cell in row] for row in rows]
    at = next(
        (n for n, row in enumerate(texts[:HEADER_WITHIN]) if any(c.startswith(key) for c in row)),
        None,
    )
    if at is None:
        raise SourceFormatError(
            f"{where} : aucune ligne d'en-tête avec « {key} » parmi les {HEADER_WITHIN} premières. "
            "Le format du producteur a peut-être changé, ou le fichier n'est pas celui attendu."
        )
    header = texts[at]
    # a note stands alone on its line
    kept = [row for row in texts[at + 1 :] if sum(map(bool, row)) > 1]
    if not kept:
        raise SourceFormatError(f"{where} : aucune ligne sous l'en-tête. {FETCH_AGAIN}")
    table = pd.DataFrame(kept, columns=pd.Index(header), dtype="str")
    named = [bool(name) and name not in header[:n] for n, name in enumerate(header)]
    banner = tuple(cell for row in texts[:at] for cell in row if cell)
    return Sheet(table.loc[:, named], banner)


def to_text(cell: object) -> str:
    """Give a cell as text: a spreadsheet may have made a number of a code.

    Examples
    --------
    >>> to_text(246500482.0), to_text(" 2A004 "), to_text(None)
    ('246500482', '2A004', '')
    """
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
