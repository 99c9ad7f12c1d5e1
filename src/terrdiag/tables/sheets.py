"""Lay the values out as sheets: a row a place, a column an indicator and year."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

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
class Layout:
    """Values ready to be laid out.

    Attributes
    ----------
    places
        Names by place, in reading order: communes, EPCI, territory, comparators.
    columns
        Columns by theme, in reading order.
    absent
        What is left out: not one figure is known, of any place.
    cells
        Value and status by place, indicator and year.
    """

    places: Mapping[Place, str]
    columns: Mapping[str, list[Column]]
    absent: list[Column]
    cells: Mapping[tuple[str, str, str, int], tuple[float, str]]


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
    years: dict[str, set[int]] = {}
    for _, _, _, indicator, year, *_ in rows:
        years.setdefault(indicator, set()).add(year)
    columns: dict[str, list[Column]] = {theme: [] for theme in context.themes}
    absent: list[Column] = []
    for key, indicator in context.indicators.items():
        for year in sorted(years.get(key, ())):
            head = f"{indicator.label_fr}, {context.word_period(key, year)} ({indicator.unit})"
            kept = columns[indicator.theme] if (key, year) in known else absent
            kept.append(Column(indicator, year, head))
    shown = {theme: found for theme, found in columns.items() if found}
    return Layout(places, shown, absent, cells)


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
                f"{source.licence} ({source.licence_url})",
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
    yield from (("Statut", STATUS_WORDS[status], text) for status, text in STATUS_NOTES.items())
    yield ("Statut", "cellule vide", "Indicateur non donné à ce niveau ou pour cette année.")
    for column in layout.absent:
        yield ("Non disponible", column.head, "Aucun chiffre pour ces lieux dans cette édition.")
    shown = {column.indicator.id: column.indicator for c in layout.columns.values() for column in c}
    for one in shown.values():
        title = f"{one.label_fr} ({one.unit})"
        yield ("Indicateur", title, one.definition_fr, one.formula_fr, one.note_fr)
