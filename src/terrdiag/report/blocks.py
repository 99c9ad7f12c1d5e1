"""What a section of the page is made of: sentences, pictures, drawings, tables, notes."""

from dataclasses import dataclass

import pandas as pd

from terrdiag.catalogue.models import Indicator
from terrdiag.drawing import Drawing
from terrdiag.report.charts import Picture
from terrdiag.report.tables import SectionTable


@dataclass(frozen=True)
class Grid:
    """A plain table, all in words.

    Attributes
    ----------
    caption
        What it holds, where, when.
    heads
        Head of each column; the first is that of the rows' names.
    rows
        Cells in words; the first names the row.
    own
        Ranks of the rows that are the territory's, set in bold.
    texts
        Ranks of the columns that hold words (the first always does); the others are numbers, set right.
    note
        A line under the table.
    """

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    own: tuple[int, ...] = ()
    texts: tuple[int, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Block:
    """A part of a section: what it says, shows and tabulates, in this order.

    Attributes
    ----------
    theme
        Theme of the catalogue, or the name of the analysis.
    title
        Title of the part, empty for the first of a section.
    sentences
        What the figures say.
    pictures
        Rows of marks drawn by the templates.
    drawings
        Drawings, which are also written as files beside the page.
    table
        Indicators of the territory beside its comparators.
    grids
        Other tables.
    notes
        Limits and reading guides.
    definitions
        Indicators whose definition is given under the block.
    sources
        Sources of the drawings (identifiers, those of one value joined by « + »); those of the definitions when empty.
    """

    theme: str
    title: str
    sentences: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    drawings: tuple[Drawing, ...] = ()
    table: SectionTable | None = None
    grids: tuple[Grid, ...] = ()
    notes: tuple[str, ...] = ()
    definitions: tuple[Indicator, ...] = ()
    sources: tuple[str, ...] = ()


def name_sources(values: pd.DataFrame, *parts: str) -> tuple[str, ...]:
    """List the sources of the values whose indicator holds one of these parts in its identifier (all without any)."""
    kept = [not parts or any(part in one for part in parts) for one in values["indicator"]]
    return tuple(filter(None, dict.fromkeys(values.loc[kept, "source_id"])))
