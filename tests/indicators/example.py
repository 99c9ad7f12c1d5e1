"""Figures of communes written as a table, and the values that places get from them."""

import numpy as np
import pandas as pd

from minifrance.tables import read_rows
from terrdiag.catalogue import load_indicators
from terrdiag.edition.schema import ESTIMATED, FIGURE_STATUSES
from terrdiag.indicators.aggregate import aggregate_slice
from terrdiag.indicators.figures import TIMELESS, CommuneFigures
from terrdiag.indicators.places import Place, lay_out
from terrdiag.indicators.slices import make_slices
from terrdiag.values import MISSING, OK, SECRET

INTERVALS = ((2013, 2018), (2016, 2022))


def read_cell(cell):
    """A figure and its status: ``12``, ``12~`` (shared after a split), ``s``, a dot.

    Examples
    --------
    >>> read_cell("12"), read_cell("12~"), read_cell("")
    ((12.0, 'ok'), (12.0, 'estimated'), (nan, 'missing'))
    """
    if cell in {"", "s"}:
        return np.nan, SECRET if cell else MISSING
    return float(cell.rstrip("~")), ESTIMATED if cell.endswith("~") else OK


def make_figures(text, families=None):
    """Make figures of ``code people variable@year …``: ``people`` weighs the coverage.

    ``families``: communes that were one until a split, and how many the family has.
    """
    rows = read_rows(text)
    index = pd.Index([row["code"] for row in rows])
    values, statuses, sources = {}, {}, {}
    for column in rows[0]:
        name, _, year = column.partition("@")
        if name not in {"code", "people"}:
            key = (name, int(year or TIMELESS))
            cells = [read_cell(row[column]) for row in rows]
            values[key] = np.array([value for value, _ in cells])
            statuses[key] = np.array([FIGURE_STATUSES.index(s) for _, s in cells], np.int8)
            sources[key] = np.array([-1 if s == MISSING else 0 for _, s in cells], np.int16)
    family, size = families or ((), 0)
    return CommuneFigures(
        codes=index,
        values=values,
        statuses=statuses,
        sources=sources,
        source_ids=["insee"],
        weight=np.array([float(row["people"] or 0) for row in rows]),
        families=np.where(index.isin(list(family)), 0, -1).astype(np.int32),
        family_sizes=np.array([size], np.int32),
    )


def make_place(code, communes):
    """A place of communes written ``"01 02 03"``."""
    return Place("epci", code, f"Lieu {code}", tuple(communes.split()))


def aggregate(indicator, figures, places, indicators=None):
    """Values of places ``{"A": "01 02"}``, by place and year."""
    entry = (indicators or load_indicators())[indicator]
    members = lay_out([make_place(code, communes) for code, communes in places.items()], figures)
    tables = [
        pd.DataFrame(aggregate_slice(piece, figures, members))
        for piece in make_slices(entry, figures, INTERVALS)
    ]
    return pd.concat(tables, ignore_index=True).set_index(["code", "ref_year"])


def aggregate_one(indicator, figures, communes):
    """Value of one place, when there is one year."""
    [row] = aggregate(indicator, figures, {"A": communes}).to_dict("records")
    return row
