"""A workbook with sheets of texts and numbers, the same bytes for the same content.

openpyxl makes the workbook, its styles and its empty sheets; their rows are written here as text,
for openpyxl takes fifteen times longer (nine seconds for a région).
"""

import functools
import io
import re
import zipfile
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.writer.excel import ExcelWriter

from terrdiag.tables.cells import clean_text, is_formula

Cell = tuple[str | float, str] | None
"""Content, and style: a key of ``STYLES`` or a number format."""

StyleIds = Callable[..., int]

Heads = Sequence[tuple[str, int]]
"""Heads of columns, and their widths in characters."""

HEAD: Final = "head"
PROSE: Final = "prose"
WORDS: Final = "words"
NAME: Final = "General"
CODE: Final = "@"

STYLES: Final[Mapping[str, Mapping[str, Any]]] = {
    HEAD: {
        "font": Font(bold=True),
        "fill": PatternFill("solid", fgColor="E8EDF2"),
        "alignment": Alignment(wrap_text=True, vertical="top"),
    },
    PROSE: {"alignment": Alignment(wrap_text=True, vertical="top")},
    WORDS: {"font": Font(italic=True), "alignment": Alignment(horizontal="right")},
}

HEAD_HEIGHT: Final = 92

_EMPTY: Final = re.compile(rb"<sheetData\s*/>|<sheetData></sheetData>")


def sheet_title(label: str, taken: Collection[str]) -> str:
    """Name a sheet: at most 31 characters, none of those Excel refuses, unique without case.

    Examples
    --------
    >>> sheet_title("Emploi / activité [2018]", [])
    'Emploi - activité -2018-'
    >>> sheet_title("Notes", ["notes"])
    'Notes (2)'
    """
    title = re.sub(r"[\[\]:*?/\\]", "-", clean_text(label)).strip("' ") or "Feuille"
    lowered = {name.lower() for name in taken}
    candidates = (title[: 31 - len(end)] + end for end in ("", *(f" ({n})" for n in range(2, 100))))
    return next(name for name in candidates if name.lower() not in lowered)


def add_sheet(
    book: Workbook, title: str, heads: Heads, rows: Sequence[Sequence[Cell]], frozen: str
) -> bytes:
    """Add an empty sheet: head kept in sight and on every printed page, filter, widths.

    Parameters
    ----------
    book
        A write-only workbook.
    title
        What the sheet should be called.
    heads, rows
        Its content; a row may be shorter than the heads.
    frozen
        First cell that moves when one scrolls.

    Returns
    -------
    bytes
        The rows of the sheet, that :func:`pack` puts in it.
    """
    sheet: Any = book.create_sheet(sheet_title(title, book.sheetnames))
    sheet.freeze_panes = frozen
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.print_title_rows = "1:1"
    letters = [get_column_letter(number) for number in range(1, len(heads) + 1)]
    for letter, (_, width) in zip(letters, heads, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.auto_filter.ref = f"A1:{letters[-1]}{len(rows) + 1}"
    style_id = _register_styles(sheet)
    head = _row_xml(1, [(text, HEAD) for text, _ in heads], letters, style_id)
    head = head.replace("<row ", f'<row ht="{HEAD_HEIGHT}" customHeight="1" ', 1)
    body = (_row_xml(number, row, letters, style_id) for number, row in enumerate(rows, start=2))
    return "".join([head, *body]).encode()


def _register_styles(sheet: Any) -> StyleIds:
    """Give a function that registers a style in the workbook once, and numbers it."""

    @functools.cache
    def style_id(style: str, *, quoted: bool) -> int:
        cell: Any = WriteOnlyCell(sheet)
        for name, value in STYLES.get(style, {"number_format": style}).items():
            setattr(cell, name, value)
        # the text stays one when somebody edits the cell
        cell.quotePrefix = quoted
        return int(cell.style_id)

    return style_id


def _row_xml(
    number: int,
    row: Iterable[Cell],
    letters: Sequence[str],
    style_id: StyleIds,
) -> str:
    cells = []
    for letter, cell in zip(letters, row, strict=False):
        if cell is None or cell[0] == "":
            continue
        content, style = cell
        place = f'<c r="{letter}{number}" s="'
        if isinstance(content, str):
            text = clean_text(content)
            words = escape(text)
            kind = f'{style_id(style, quoted=is_formula(text))}" t="inlineStr"'
            cells.append(f'{place}{kind}><is><t xml:space="preserve">{words}</t></is></c>')
        else:
            cells.append(f'{place}{style_id(style, quoted=False)}"><v>{content:.15g}</v></c>')
    return f'<row r="{number}">{"".join(cells)}</row>'


class _Archive(zipfile.ZipFile):
    """A zip that puts rows into empty sheets, and whose entries bear no date.

    Without date, the same content gives the same bytes.
    """

    def __init__(self, file: io.BytesIO, sheets: Sequence[bytes]) -> None:
        super().__init__(file, "w", zipfile.ZIP_DEFLATED)
        self.rows = {f"xl/worksheets/sheet{n}.xml": rows for n, rows in enumerate(sheets, start=1)}

    def writestr(self, name: Any, data: Any, *_: Any) -> None:
        info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        info.create_system = 3  # Windows would write 0
        super().writestr(info, data, zipfile.ZIP_DEFLATED)

    def write(self, filename: Any, arcname: Any = None, *_: Any) -> None:
        before, after = _EMPTY.split(Path(filename).read_bytes())
        rows = b"<sheetData>" + self.rows[arcname] + b"</sheetData>"
        self.writestr(arcname, before + rows + after)


def pack(book: Workbook, sheets: Sequence[bytes]) -> bytes:
    """Pack a workbook, dateless; ``Workbook.save`` would write the time of day in it.

    Parameters
    ----------
    book
        The workbook.
    sheets
        The rows of its sheets, in order, as :func:`add_sheet` gave them.

    Returns
    -------
    bytes
        The XLSX file.
    """
    buffer = io.BytesIO()
    with _Archive(buffer, sheets) as archive:
        ExcelWriter(book, archive).write_data()
    return buffer.getvalue()
