"""Workbooks made by hand as INSEE makes them: banner, header on the sixth row, notes at the end; in a zip or not."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl

BANNER = "Table d'appartenance géographique des communes et tables de passage"


def save_workbook(
    path: Path,
    sheets: Mapping[str, Sequence[Sequence[object]]],
    *,
    stated: str = "Géographie au 1er janvier 2026",
    notes: Sequence[str] = (),
) -> Path:
    """Save sheets (header, then rows) under five lines of title; zipped when the path says so."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for line in (BANNER, stated, "Mise en ligne le 5 mars 2026", None, None):
            sheet.append([line])
        for row in rows:
            sheet.append(list(row))
        for note in ("", *notes):
            sheet.append([note])
    content = io.BytesIO()
    book.save(content)
    book.close()
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(f"{path.stem}.xlsx", content.getvalue())
    else:
        path.write_bytes(content.getvalue())
    return path
