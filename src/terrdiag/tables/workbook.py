"""The workbook: a sheet a theme, then the sources and the notes.

Codes are text cells, so that ``01004`` keeps its zero in every version of Excel, and a text that
starts with ``=`` stays a text. Estimates and partial sums are numbers followed by a mark, *(e)* or
*(p)*; what has no value says why in words.
"""

import datetime as dt
import functools
from pathlib import Path
from typing import Final

import pandas as pd
from openpyxl import Workbook

from terrdiag.tables.cells import clean_text
from terrdiag.tables.context import TableContext
from terrdiag.tables.sheets import Column, Layout, Place, lay_out, note_rows, source_rows
from terrdiag.tables.xlsx import CODE, NAME, PROSE, WORDS, Cell, Heads, add_sheet, pack
from terrdiag.values import ESTIMATE, LEVEL_LABELS, PARTIAL, STATUS_WORDS, STATUSES_WITH_VALUE

MARKS: Final = {ESTIMATE: ' "(e)"', PARTIAL: ' "(p)"'}

PLACE_HEADS: Final[Heads] = (("Niveau", 20), ("Code", 13), ("Nom", 34))
SOURCE_HEADS: Final[Heads] = (
    ("Producteur", 18),
    ("Titre", 44),
    ("Millésime", 22),
    ("Géographie", 28),
    ("Années décrites", 18),
    ("Licence", 34),
    ("Mention", 40),
    ("Adresse du fichier", 60),
    ("Page de présentation", 50),
    ("Identifiant", 34),
)
NOTE_HEADS: Final[Heads] = (
    ("Rubrique", 16),
    ("Intitulé", 44),
    ("Texte", 90),
    ("Formule", 60),
    ("Remarque", 70),
)
VALUE_WIDTH: Final = 19


def write_xlsx(values: pd.DataFrame, context: TableContext, path: Path) -> None:
    """Write the workbook: a sheet a theme (a row a place, a column an indicator and year).

    The same values give the same bytes.

    Parameters
    ----------
    values
        Table of values.
    context
        The words.
    path
        Where to write.

    Raises
    ------
    EditionError
        A value names a source that the edition does not describe.
    """
    book = Workbook(write_only=True)
    book.properties.creator = "terrdiag"
    book.properties.title = clean_text(context.name)
    date = dt.datetime.combine(context.date, dt.time())
    book.properties.created = book.properties.modified = date
    layout = lay_out(values, context)
    sheets = []
    for theme, columns in layout.columns.items():
        heads: Heads = [*PLACE_HEADS, *((column.head, VALUE_WIDTH) for column in columns)]
        rows = [_place_row(place, layout, columns) for place in layout.places]
        sheets.append(add_sheet(book, context.themes[theme].label_fr, heads, rows, "D2"))
    for title, heads, texts in (
        ("Sources", SOURCE_HEADS, source_rows(values, context)),
        ("Notes", NOTE_HEADS, note_rows(layout, context)),
    ):
        prose: list[list[Cell]] = [[(text, PROSE) for text in row] for row in texts]
        sheets.append(add_sheet(book, title, heads, prose, "A2"))
    path.write_bytes(pack(book, sheets))


@functools.cache
def number_format(decimals: int, *, signed: bool = False, mark: str = "") -> str:
    """Write a number format; Excel shows it the French way on a French computer.

    Examples
    --------
    >>> number_format(2)
    '#,##0.00'
    >>> number_format(1, signed=True, mark=' "(e)"')
    '+#,##0.0 "(e)";-#,##0.0 "(e)";0.0 "(e)"'
    """
    end = "." + "0" * decimals if decimals else ""
    body = f"#,##0{end}{mark}"
    return f"+{body};-{body};0{end}{mark}" if signed else body


def _place_row(place: Place, layout: Layout, columns: list[Column]) -> list[Cell]:
    level, code = place
    head: list[Cell] = [
        (LEVEL_LABELS[level], NAME),
        (code, CODE),
        (layout.places[place], NAME),
    ]
    return head + [_value_cell(place, layout, column) for column in columns]


def _value_cell(place: Place, layout: Layout, column: Column) -> Cell:
    one = column.indicator
    found = layout.cells.get((*place, one.id, column.ref_year))
    if found is None:
        return None
    value, status = found
    if status not in STATUSES_WITH_VALUE:
        return STATUS_WORDS[status], WORDS
    mark = MARKS.get(status, "")
    return value, number_format(one.decimals, signed=one.signed, mark=mark)
