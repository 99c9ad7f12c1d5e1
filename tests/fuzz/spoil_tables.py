"""Spoil a CSV file as a producer or a spreadsheet might: columns, rows, cells, separators."""

import csv
import io
from collections.abc import Callable

Rows = list[list[str]]

CELLS = (
    "",
    " ",
    "s",
    "S",
    "nd",
    "N/A",
    "nan",
    "inf",
    "-inf",
    "-1",
    "0",
    "1e400",
    "1e9",
    "-9999",
    "12,5",
    "1 234",
    "1\u202f234",
    "1.234,5",
    "=1+1",
    "1001",
    "1001.0",
    "2A004",
    "2a004",
    "75056",
    "75101",
    "99999",
    "00000",
    "01001 ",
    "200100001",
    "200100001.0",
    "00FR",
    "9" * 400,
    "٠١٠٠١",
    "²²²²²",
    "0\n1",
    '"',
    "a;b",
    "a,b",
    "\x00",
    "é" * 300,
    "2026-02-30",
    "9999-12-31",
    "0000-00-00",
    "99999-01-01",
    "01/02/2024",
    "True",
    "None",
    "K",
    "_T",
)

HEADERS = (
    "",
    " ",
    "P99_POP",
    "P00_POP",
    "C99_EMPLT",
    "ptot_9999",
    "OBS_VALUE",
    "TIME_PERIOD",
    "GEO",
    "code",
    "CODGEO",
    "CODGEO_2026",
    "effectifs_salaries_9999",
    "x",
    "é",
    "\ufeffcode",
)


def change(data: bytes, edit: Callable[[Rows], None], sep: str = "") -> bytes:
    text = data.decode("utf-8")
    start = "\ufeff" if text.startswith("\ufeff") else ""
    first = text.split("\n", 1)[0]
    found = max(",;\t|", key=first.count)
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=found))
    edit(rows)
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=sep or found, lineterminator="\r\n").writerows(rows)
    return (start + out.getvalue()).encode("utf-8")


def column_at(rows: Rows, where: float) -> int:
    return min(int(where * len(rows[0])), len(rows[0]) - 1)


def row_at(rows: Rows, where: float, what: int) -> int:
    return what // 64 % len(rows) if len(rows) < 2 else 1 + what // 64 % (len(rows) - 1)


def drop_column(data: bytes, where: float, what: int) -> bytes:
    def edit(rows: Rows) -> None:
        at = column_at(rows, where)
        rows[:] = [row[:at] + row[at + 1 :] for row in rows]

    return change(data, edit)


def repeat_column(data: bytes, where: float, what: int) -> bytes:
    def edit(rows: Rows) -> None:
        at = column_at(rows, where)
        rows[:] = [row[: at + 1] + row[at:] for row in rows]

    return change(data, edit)


def rename_column(data: bytes, where: float, what: int) -> bytes:
    def edit(rows: Rows) -> None:
        rows[0][column_at(rows, where)] = HEADERS[what % len(HEADERS)]

    return change(data, edit)


def swap_columns(data: bytes, where: float, what: int) -> bytes:
    """Exchange two columns, their names staying where they are."""

    def edit(rows: Rows) -> None:
        at, other = column_at(rows, where), what % len(rows[0])
        for row in rows[what % 2 :]:
            row[at], row[other] = row[other], row[at]

    return change(data, edit)


def set_cell(data: bytes, where: float, what: int) -> bytes:
    def edit(rows: Rows) -> None:
        rows[row_at(rows, where, what)][column_at(rows, where)] = CELLS[what % len(CELLS)]

    return change(data, edit)


def set_column(data: bytes, where: float, what: int) -> bytes:
    def edit(rows: Rows) -> None:
        at = column_at(rows, where)
        for row in rows[1:]:
            row[at] = CELLS[what % len(CELLS)]

    return change(data, edit)


def copy_cell(data: bytes, where: float, what: int) -> bytes:
    """Put a cell of another row in the place of one (a code that stands twice)."""

    def edit(rows: Rows) -> None:
        at = column_at(rows, where)
        rows[row_at(rows, where, what)][at] = rows[row_at(rows, where, what * 31 + 64)][at]

    return change(data, edit)


def drop_row(data: bytes, where: float, what: int) -> bytes:
    return change(data, lambda rows: rows.pop(int(where * len(rows)) % len(rows)) and None)


def repeat_row(data: bytes, where: float, what: int) -> bytes:
    def edit(rows: Rows) -> None:
        at = int(where * len(rows)) % len(rows)
        rows[at:at] = [list(rows[at])]

    return change(data, edit)


def keep_rows(data: bytes, where: float, what: int) -> bytes:
    return change(data, lambda rows: rows.__delitem__(slice(what % 4, None)))


def widen_row(data: bytes, where: float, what: int) -> bytes:
    def edit(rows: Rows) -> None:
        row = rows[row_at(rows, where, what)]
        if what % 2:
            row.append("x")
        else:
            del row[column_at(rows, where) :]

    return change(data, edit)


def change_separator(data: bytes, where: float, what: int) -> bytes:
    return change(data, lambda rows: None, ",;\t| "[what % 5])


def add_note(data: bytes, where: float, what: int) -> bytes:
    """Add lines above the header or below the rows, as in a workbook saved as CSV."""

    def edit(rows: Rows) -> None:
        note = ["Source : INSEE", *[""] * (len(rows[0]) - 1)]
        rows.insert(0 if what % 2 else len(rows), note)

    return change(data, edit)


ALL = (
    drop_column,
    repeat_column,
    rename_column,
    swap_columns,
    set_cell,
    set_column,
    copy_cell,
    drop_row,
    repeat_row,
    keep_rows,
    widen_row,
    change_separator,
    add_note,
)
