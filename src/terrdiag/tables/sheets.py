"""Lay the values out as sheets: a row a place, a column an indicator and year."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from terrdiag.catalogue.licences import name_mark, word_licence
from terrdiag.catalogue.models import Indicator
from terrdiag.tables.context import TableContext
from terrdiag.values import (
    ESTIMATE,
    LEVEL_LABELS,
    MISSING,
    NOT_APPLICABLE,
    PARTIAL,
    SECRET,
    STATUS_WORDS,
    TOO_SMALL,
)
from terrdiag.wording import join_words

Place = tuple[str, str]
"""Level and code."""

STATUS_NOTES: Final = {
    ESTIMATE: "Calculée avec une hypothèse, dite dans la définition ; le nombre est suivi de (e).",
    PARTIAL: "Somme des communes dont le chiffre est connu ; le nombre est suivi de (p) et la part "
    "connue est dans indicators.csv (couverture_pct).",
    TOO_SMALL: "Taux non donné, car calculé sur un effectif inférieur au minimum de l'indicateur ; "
    "numérateur et dénominateur sont dans indicators.csv.",
    SECRET: "Chiffre non publié par le producteur pour protéger les personnes et les entreprises.",
    MISSING: "Chiffre non disponible à la source : ce n'est pas zéro.",
    NOT_APPLICABLE: "Taux indéfini (dénominateur nul) ou question sans objet à cet endroit.",
}


@dataclass(frozen=True)
class Column:
    """A column of a sheet: one indicator for one year."""

    indicator: Indicator
    ref_year: int
    head: str


@dataclass(frozen=True)
class Entry:
    """A row of a sheet that has a row a value.

    Attributes
    ----------
    place, name
        Of what.
    column
        The indicator and year; its head words both.
    value, status
        The value, or why there is none.
    numerator, denominator
        What it was made of, NaN when it has none.
    """

    place: Place
    name: str
    column: Column
    value: float
    status: str
    numerator: float
    denominator: float


@dataclass(frozen=True)
class Layout:
    """Values ready to be laid out.

    Attributes
    ----------
    places
        Names by place, in reading order: communes, EPCI, territory, comparators.
    columns
        Columns by theme, in reading order, of the themes whose sheet has a row a place.
    entries
        Rows by theme, in reading order, of the themes whose sheet has a row a value.
    absent
        What is left out: not one figure is known, of any place.
    cells
        Value and status by place, indicator and year.
    licences
        Rows of the notes: what a licence that asks for more than a mention asks, and of which indicators.
    """

    places: Mapping[Place, str]
    columns: Mapping[str, list[Column]]
    entries: Mapping[str, list[Entry]]
    absent: list[Column]
    cells: Mapping[tuple[str, str, str, int], tuple[float, str]]
    licences: tuple[tuple[str, str, str], ...] = ()


def lay_out(values: pd.DataFrame, context: TableContext) -> Layout:
    """Lay the values out by place, theme, indicator and year.

    Parameters
    ----------
    values
        Table of values.
    context
        The words.

    Returns
    -------
    Layout
        Places keep, inside a level, the order they have in the values.
    """
    order = {level: rank for rank, level in enumerate(LEVEL_LABELS)}
    keys = ("level", "code", "name", "indicator", "ref_year", "value", "status")
    rows = list(zip(*(values[key].tolist() for key in keys), strict=True))
    found = {(level, code): name for level, code, name, *_ in rows}
    places = dict(sorted(found.items(), key=lambda item: order[item[0][0]]))
    cells = {(row[0], row[1], row[3], row[4]): (row[5], row[6]) for row in rows}
    known = {(row[3], row[4]) for row in rows if row[6] != MISSING}
    columns: dict[str, list[Column]] = {theme: [] for theme in context.themes}
    absent: list[Column] = []
    for column in _list_columns(rows, context):
        kept = (column.indicator.id, column.ref_year) in known
        (columns[column.indicator.theme] if kept else absent).append(column)
    shown = {theme: found for theme, found in columns.items() if found}
    long = [theme for theme in shown if context.themes[theme].layout == "long"]
    entries = {theme: _list_entries(values, places, shown.pop(theme)) for theme in long}
    return Layout(places, shown, entries, absent, cells, tuple(_list_licences(values, context)))


def _list_licences(values: pd.DataFrame, context: TableContext) -> Iterator[tuple[str, str, str]]:
    """Say of which indicators a licence asks to share alike: their sheets bear no source."""
    pairs = values[["source_id", "indicator"]].drop_duplicates()
    for source in context.sources.values():
        if mark := name_mark(source.licence):
            made = {
                one for ids, one in pairs.itertuples(index=False) if source.id in ids.split("+")
            }
            labels = [one.label_fr for key, one in context.indicators.items() if key in made]
            if labels:
                yield ("Licence", mark, f"{join_words(labels)} ({source.attribution}).")


def _list_columns(rows: Iterable[tuple[Any, ...]], context: TableContext) -> Iterator[Column]:
    """List every indicator and year of the values, in the order of the catalogue."""
    years: dict[str, set[int]] = {}
    for _, _, _, indicator, year, *_ in rows:
        years.setdefault(indicator, set()).add(year)
    for key, indicator in context.indicators.items():
        for year in sorted(years.get(key, ())):
            unit = f" ({indicator.unit})" if indicator.unit else ""
            head = f"{indicator.label_fr}, {context.word_period(key, year)}{unit}"
            yield Column(indicator, year, head)


def _list_entries(
    values: pd.DataFrame, places: Mapping[Place, str], columns: list[Column]
) -> list[Entry]:
    """List the values of some indicators: by indicator and year, then by place."""
    rank = {(column.indicator.id, column.ref_year): n for n, column in enumerate(columns)}
    order = {place: n for n, place in enumerate(places)}
    kept = values[values["indicator"].isin({column.indicator.id for column in columns})]
    keys = ("level", "code", "indicator", "ref_year", "value", "status", "numerator", "denominator")
    found = zip(*(kept[key].tolist() for key in keys), strict=True)
    rows = [row for row in found if (row[2], row[3]) in rank]
    rows.sort(key=lambda row: (rank[row[2], row[3]], order[row[0], row[1]]))
    return [
        Entry((row[0], row[1]), places[row[0], row[1]], columns[rank[row[2], row[3]]], *row[4:])
        for row in rows
    ]


def source_rows(values: pd.DataFrame, context: TableContext) -> Iterator[tuple[str, ...]]:
    """Describe the sources of the values, and those of the perimeters and outlines."""
    used = {key for joined in values["source_id"].unique() for key in joined.split("+")}
    for source in context.sources.values():
        if source.id in used or not source.ref_years:
            yield (
                source.producer,
                source.title,
                source.vintage,
                f"communes au 1er janvier {source.cog_year}",
                ", ".join(map(str, source.ref_years)),
                f"{word_licence(source.licence)} ({source.licence_url})",
                source.attribution,
                source.address,
                source.landing_page,
                source.id,
            )


def note_rows(layout: Layout, context: TableContext) -> Iterator[tuple[str, ...]]:
    """Say what the perimeter is, what to beware of, what cells and indicators mean."""
    yield ("Territoire", context.name, f"identifiant : {context.territory}")
    yield from (("Périmètre", "", sentence) for sentence in context.notice)
    yield from (("Avertissement", "", sentence) for sentence in context.warnings)
    yield from layout.licences
    yield from (("Statut", STATUS_WORDS[status], text) for status, text in STATUS_NOTES.items())
    yield ("Statut", "cellule vide", "Indicateur non donné à ce niveau ou pour cette année.")
    for column in layout.absent:
        yield ("Non disponible", column.head, "Aucun chiffre pour ces lieux dans cette édition.")
    columns = [column for found in layout.columns.values() for column in found]
    columns += [entry.column for found in layout.entries.values() for entry in found]
    shown = {column.indicator.id: column.indicator for column in columns}
    for one in shown.values():
        title = f"{one.label_fr} ({one.unit})"
        yield ("Indicateur", title, one.definition_fr, one.formula_fr, one.note_fr)
