"""For which years, and for how many places, an edition knows each indicator."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from markup import make_table

from terrdiag.catalogue import Indicator
from terrdiag.edition import Edition, read_commune_list, read_figures
from terrdiag.indicators.aggregate import aggregate_slice
from terrdiag.indicators.figures import load_commune_figures
from terrdiag.indicators.places import Members
from terrdiag.indicators.slices import make_slices
from terrdiag.values import (
    LEVEL_LABELS,
    MISSING,
    NOT_APPLICABLE,
    SECRET,
    STATUSES_WITH_VALUE,
    TOO_SMALL,
)
from terrdiag.wording import format_number, join_words, plural

COUNTED: Final = {
    "Valeur donnée": STATUSES_WITH_VALUE,
    "Effectif trop faible": (TOO_SMALL,),
    "Secret": (SECRET,),
    "Sans objet": (NOT_APPLICABLE,),
    "n.d.": (MISSING,),
}
"""Columns of the table of years, and the statuses that each counts."""

PUBLISHED_LEVELS: Final = ("epci", "departement", "region", "france")

FEW: Final = 1000
"""A year known for fewer communes than this is a limit, said in words."""


class Years(NamedTuple):
    """What an edition knows of an indicator.

    Attributes
    ----------
    table
        A row a year (Markdown), under the sentence that says what is counted; empty when the edition has none.
    limits
        Sentences on the years known for a few communes only.
    lacks_counts
        Whether the indicator would be made of counts of communes that the edition has not got.
    """

    table: str = ""
    limits: tuple[str, ...] = ()
    lacks_counts: bool = False


def count_years(edition: Edition, indicators: Mapping[str, Indicator]) -> dict[str, Years]:
    """Say, for each indicator, for which years and for how many places the edition knows it.

    Parameters
    ----------
    edition
        The edition.
    indicators
        The catalogue.

    Returns
    -------
    dict
        By indicator.
    """
    codes = set(read_commune_list(edition)["code_commune"])
    variables = {name for one in indicators.values() for name in one.variables}
    figures = load_commune_figures(edition, codes, variables)
    each = _each_commune(len(codes))
    published = read_figures(edition, levels=PUBLISHED_LEVELS).astype({"level": "str"})
    known = {name for name, _ in figures.values}
    years = {}
    for one in indicators.values():
        if "commune" in one.levels:
            slices = make_slices(one, figures, edition.info.intervals)
            years[one.id] = _count_communes(
                (word_period(one, piece.ref_year, edition), aggregate_slice(piece, figures, each))
                for piece in slices
            )
        else:
            rows = published[published["variable"] == one.inputs[0]]
            years[one.id] = _count_levels(
                (word_period(one, year, edition), found)
                for year, found in rows[rows["value"].notna()].groupby("ref_year")["level"]
            )._replace(lacks_counts=bool(set(one.counts) - known))
    return years


def word_period(one: Indicator, ref_year: int, edition: Edition) -> str:
    """Word a year, or the interval between two censuses that ends with it."""
    starts = [start for start, end in edition.info.intervals if end == ref_year]
    return f"{max(starts)}-{ref_year}" if one.spans_interval and starts else str(ref_year)


def _each_commune(count: int) -> Members:
    """Lay out every commune as a place of its own."""
    places = {name: np.full(count, "", object) for name in ("level", "code", "name")}
    return Members(places, np.arange(count), np.arange(count))


def _count_communes(values: Iterable[tuple[str, Mapping[str, Any]]]) -> Years:
    rows: list[list[str]] = []
    few: dict[int, list[str]] = {}
    total = 0
    for period, table in values:
        counts = [int(np.isin(table["status"], kept).sum()) for kept in COUNTED.values()]
        rows.append([period, *map(format_number, counts)])
        total = len(table["status"])
        if (known := total - counts[-1]) < FEW:
            few.setdefault(known, []).append(period)
    if not rows:
        return Years()
    limits = (
        f"{join_words(periods)} : {plural(count, 'commune')} seulement, dans l'édition embarquée."
        for count, periods in few.items()
    )
    head = f"Nombre de communes, sur {format_number(total)}."
    return Years(f"{head}\n\n{make_table(['Année', *COUNTED], rows)}", tuple(limits))


def _count_levels(periods: Iterable[tuple[str, pd.Series]]) -> Years:
    heads = ["Année", *(LEVEL_LABELS[level] for level in PUBLISHED_LEVELS)]
    lines = [
        [period, *(format_number((found == level).sum()) for level in PUBLISHED_LEVELS)]
        for period, found in periods
    ]
    if not lines:
        return Years()
    head = "Nombre de territoires dont la valeur est publiée."
    return Years(f"{head}\n\n{make_table(heads, lines)}")
