"""The workbook: a sheet a theme, then the sources and the notes.

Codes are text cells, so that ``01004`` keeps its zero in every version of Excel, and a text that
starts with ``=`` stays a text. Estimates and partial sums are numbers followed by a mark, *(e)* or
*(p)*; what has no value says why in words.
"""

import datetime as dt
import functools
from math import isnan
from pathlib import Path
from typing import Final

import pandas as pd
from openpyxl import Workbook

from terrdiag.catalogue.models import Indicator
from terrdiag.tables.cells import clean_text
from terrdiag.tables.context import TableContext
from terrdiag.tables.sheets import Column, Entry, Layout, Place, lay_out, note_rows, source_rows
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
ENTRY_HEADS: Final[Heads] = (
    *PLACE_HEADS,
    ("Indicateur", 60),
    ("Valeur", 16),
    ("Unité", 16),
    ("Numérateur", 16),
    ("Dénominateur", 16),
)
VALUE_WIDTH: Final = 19


def write_xlsx(values: pd.DataFrame, context: TableContext, path: Path) -> None:
    """Write the workbook: a sheet a theme (a row a place, a column an indicator and year; or a row a value).

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
    for theme in context.themes:
        if columns := layout.columns.get(theme):
            heads: Heads = [*PLACE_HEADS, *((column.head, VALUE_WIDTH) for column in columns)]
            rows = [_place_row(place, layout, columns) for place in layout.places]
            known = [row for row in rows if any(row[len(PLACE_HEADS) :])]
            sheets.append(add_sheet(book, context.themes[theme].label_fr, heads, known, "D2"))
        elif entries := layout.entries.get(theme):
            rows = [_entry_row(entry) for entry in entries]
            sheets.append(add_sheet(book, context.themes[theme].label_fr, ENTRY_HEADS, rows, "E2"))
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
    cells: list[Cell] = []
    for column in columns:
        found = layout.cells.get((*place, column.indicator.id, column.ref_year))
        cells.append(found and _value_cell(column.indicator, *found))
    return _name_place(place, layout.places[place]) + cells


def _entry_row(entry: Entry) -> list[Cell]:
    one = entry.column.indicator
    # a share keeps its decimals, a count of the census its own
    parts = [
        None if isnan(part) else (part, number_format(2 if part % 1 else 0))
        for part in (entry.numerator, entry.denominator)
    ]
    value = _value_cell(one, entry.value, entry.status)
    return [
        *_name_place(entry.place, entry.name),
        (entry.column.head, NAME),
        value,
        (one.unit, NAME),
        *parts,
    ]


def _name_place(place: Place, name: str) -> list[Cell]:
    level, code = place
    return [(LEVEL_LABELS[level], NAME), (code, CODE), (name, NAME)]


def _value_cell(one: Indicator, value: float, status: str) -> Cell:
    if status not in STATUSES_WITH_VALUE:
        return STATUS_WORDS[status], WORDS
    mark = MARKS.get(status, "")
    return value, number_format(one.decimals, signed=one.signed, mark=mark)
