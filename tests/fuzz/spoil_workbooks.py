"""Spoil an XLSX workbook: sheets, columns, rows, cells and the types a spreadsheet gives them."""

import datetime as dt
import io
import warnings
from collections.abc import Callable
from typing import Any

import openpyxl

CELLS: tuple[Any, ...] = (
    None,
    "",
    " ",
    0,
    -1,
    1001,
    1001.0,
    1001.5,
    200100001,
    200100001.0,
    "200100001",
    "01001",
    "1001",
    "2A004",
    "ZZZZZZZZZ",
    "CSZ",
    1e300,
    -1e300,
    True,
    "#N/A",
    "#REF!",
    "s",
    "é" * 300,
    dt.datetime(2026, 1, 1),  # noqa: DTZ001
    dt.date(1901, 1, 1),
    dt.time(12, 0),
    "=1/0",
    "9" * 400,
    "²",
    "ptot_9999",
    "CODGEO",
    "Sans objet",
)


def change(data: bytes, edit: Callable[[Any, Any], None], where: float = 0.0) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data))
        sheets = book.worksheets
        edit(book, sheets[min(int(where * len(sheets)), len(sheets) - 1)])
        out = io.BytesIO()
        book.save(out)
        book.close()
    return out.getvalue()


def set_cell(data: bytes, where: float, what: int) -> bytes:
    def edit(book: Any, sheet: Any) -> None:
        column = 1 + int(where * 997) % sheet.max_column
        row = 1 + what // 64 % sheet.max_row
        sheet.cell(row, column).value = CELLS[what % len(CELLS)]

    return change(data, edit, where)


def set_column(data: bytes, where: float, what: int) -> bytes:
    def edit(book: Any, sheet: Any) -> None:
        column = 1 + int(where * 997) % sheet.max_column
        for row in range(2, sheet.max_row + 1):
            sheet.cell(row, column).value = CELLS[what % len(CELLS)]

    return change(data, edit, where)


def drop_column(data: bytes, where: float, what: int) -> bytes:
    return change(data, lambda _, sheet: sheet.delete_cols(1 + what % sheet.max_column), where)


def insert_column(data: bytes, where: float, what: int) -> bytes:
    return change(data, lambda _, sheet: sheet.insert_cols(1 + what % sheet.max_column), where)


def drop_row(data: bytes, where: float, what: int) -> bytes:
    return change(data, lambda _, sheet: sheet.delete_rows(1 + what % sheet.max_row), where)


def insert_row(data: bytes, where: float, what: int) -> bytes:
    return change(data, lambda _, sheet: sheet.insert_rows(1 + what % sheet.max_row), where)


def repeat_row(data: bytes, where: float, what: int) -> bytes:
    def edit(book: Any, sheet: Any) -> None:
        row = 1 + what % sheet.max_row
        sheet.append([cell.value for cell in sheet[row]])

    return change(data, edit, where)


def rename_sheet(data: bytes, where: float, what: int) -> bytes:
    def edit(book: Any, sheet: Any) -> None:
        sheet.title = ("Feuil1", sheet.title.lower() + "x", "COM2")[what % 3]

    return change(data, edit, where)


def drop_sheet(data: bytes, where: float, what: int) -> bytes:
    def edit(book: Any, sheet: Any) -> None:
        if len(book.worksheets) == 1:
            book.create_sheet("vide")
        book.remove(sheet)

    return change(data, edit, where)


def add_sheet(data: bytes, where: float, what: int) -> bytes:
    return change(data, lambda book, _: book.create_sheet("avant", 0) and None)


ALL = (
    set_cell,
    set_column,
    drop_column,
    insert_column,
    drop_row,
    insert_row,
    repeat_row,
    rename_sheet,
    drop_sheet,
    add_sheet,
)
