"""One indicator, one year, ready to be drawn: values, classes or circles, legend."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from terrdiag.catalogue.models import Indicator, MapSpec
from terrdiag.indicators import word_fragile
from terrdiag.maps.align import KNOWN, Floats, Series, Table, align_years, word_value
from terrdiag.maps.classes import Classes, classify_values
from terrdiag.maps.legend import (
    MAX_RADIUS_PX,
    Circles,
    LegendRow,
    list_circles,
    list_classes,
    list_statuses,
    measure_circles,
    note_circles,
    note_classes,
)
from terrdiag.maps.packing import pack_integers
from terrdiag.maps.scene import Scene
from terrdiag.values import OK, STATUS_WORDS
from terrdiag.wording import NBSP

NO_CLASSES = Classes((), (), (), ())
NO_CIRCLES = Circles(0.0, ())


class MapContext(Protocol):
    """The words of a run: its catalogue, how a year and a source are written."""

    @property
    def indicators(self) -> Mapping[str, Indicator]:
        """The catalogue, in reading order."""

    def word_period(self, indicator: str, ref_year: int) -> str:
        """Word a year, or the interval that ends with it."""

    def word_source(self, source_id: str) -> str:
        """Word the sources of a value, with their vintages."""


@dataclass(frozen=True)
class View:
    """The content of a map.

    Attributes
    ----------
    indicator
        What it shows; its ``map`` says how.
    spec
        How it is drawn.
    year, year_label
        Reference year, and how it is written (``2013-2018`` for what spans an interval).
    source
        Source line, with the vintage.
    classes, circles
        The scale of the indicator, common to all its years: one of them is empty.
    values
        In the order of the scene, rounded to the decimals of the indicator; NaN where not known.
    statuses
        In the same order; empty for a place that the map leaves out (outside the territory).
    references
        Name and figure, in words, of the territory and its comparators.
    """

    indicator: Indicator
    spec: MapSpec
    year: int
    year_label: str
    source: str
    classes: Classes
    circles: Circles
    values: Floats
    statuses: tuple[str, ...]
    references: tuple[tuple[str, str], ...]

    @property
    def key(self) -> str:
        """Identifier of the map on the page."""
        return f"{self.indicator.id}@{self.year}"

    @property
    def legend(self) -> tuple[LegendRow, ...]:
        """Lines of the legend; their counts are those of this year."""
        drawn = (
            list_circles(self.values, self.spec)
            if self.spec.kind == "circles"
            else list_classes(self.values, self.classes, self.spec)
        )
        return (*drawn, *list_statuses(self.statuses, self.spec, word_fragile(self.indicator)))

    @property
    def notes(self) -> tuple[str, ...]:
        """How to read the legend."""
        if self.spec.kind == "circles":
            return note_circles(self.circles, self.indicator)
        return note_classes(self.classes)

    @property
    def legend_title(self) -> str:
        """Short name, year and unit."""
        unit = f" ({self.indicator.unit})" if self.indicator.unit else ""
        return f"{self.indicator.short_fr}, {self.year_label}{unit}"

    def word(self, place: int) -> str:
        """Word the figure of a place, with what is to be known of it."""
        status = self.statuses[place]
        if status not in KNOWN:
            return STATUS_WORDS.get(status, "")
        return word_value(float(self.values[place]), status, self.indicator)

    def to_json(self, *, alone: bool = False) -> str:
        """Write the view as JSON, for ``terrdiagView``; not escaped for HTML.

        Parameters
        ----------
        alone
            Whether the page of the map says by itself what the indicator is.

        Returns
        -------
        str
            JSON.
        """
        indicator, spec = self.indicator, self.spec
        legend = self.legend
        content = {
            "id": f"{indicator.id}-{self.year}",
            "key": self.key,
            "indicator": indicator.id,
            "year": self.year,
            "yearLabel": self.year_label,
            "title": indicator.label_fr,
            "short": indicator.short_fr,
            "unit": indicator.unit,
            "decimals": indicator.decimals,
            "signed": indicator.signed,
            "kind": spec.kind,
            "level": spec.level,
            "source": self.source,
            "note": indicator.note_fr,
            "definition": indicator.definition_fr,
            "legendTitle": self.legend_title,
            "classes": {
                "breaks": [_plain_number(b, indicator.decimals) for b in self.classes.breaks],
                "colors": self.classes.colors,
                "labels": self.classes.labels,
                "counts": [row.count for row in legend[: len(self.classes.colors)]][::-1],
            },
            "legend": [row.to_plain() for row in legend],
            "notes": self.notes,
            "values": _pack_values(self.values, indicator.decimals),
            "marks": _pack_marks(self.statuses),
            "maxCircle": self.circles.top,
            "maxRadius": MAX_RADIUS_PX,
            "circles": [{"value": value, "text": text} for value, text in self.circles.references],
            "references": self.references,
        }
        if indicator.fragile_below and spec.level == "commune":
            content["fragile"] = word_fragile(indicator)
        if alone:
            for said in ("title", "note", "definition"):
                del content[said]
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def build_view(
    indicator: Indicator,
    ref_year: int,
    values: pd.DataFrame,
    scene: Scene,
    *,
    source: str,
    year_label: str = "",
) -> View:
    """Prepare the map of an indicator for a year.

    Parameters
    ----------
    indicator
        Its ``map`` says how to draw it.
    ref_year
        Year to show.
    values
        Table of values of the run. Classes and circle sizes are set on all its years of this indicator, so that
        two maps of the indicator are read with the same legend; its upper levels give the references.
    scene
        Ground of the map.
    source
        Source line, with its vintage.
    year_label
        How the year is written; the year itself when empty.

    Returns
    -------
    View
        The content of the map.

    Raises
    ------
    CatalogueError
        The indicator has no map, or is drawn in circles and has a negative value.
    """
    table = Table.read(values, {indicator.id: indicator})
    table = table.take((values["indicator"] == indicator.id).to_numpy())
    words = {ref_year: (year_label or str(ref_year), source)}
    every = list(_align_levels(table, indicator, scene))
    series = next((one for one in every if ref_year in one.values), every[-1])
    return _make_views(series, [ref_year], words)[0]


def build_views(values: pd.DataFrame, scene: Scene, context: MapContext) -> tuple[View, ...]:
    """Prepare all the maps of a run: each indicator, each year that has a figure at the level of its map.

    Parameters
    ----------
    values
        Table of values of the run; the EPCI around the territory may be among them.
    scene
        Ground of the maps.
    context
        The words of the run.

    Returns
    -------
    tuple of View
        In the order of the catalogue, years ascending.

    Raises
    ------
    CatalogueError
        An indicator drawn in circles has a negative value.
    EditionError
        A source is not described.
    """
    views: list[View] = []
    table = Table.read(values, context.indicators)
    rows_of = values.groupby("indicator", observed=True, sort=False).indices
    for indicator in context.indicators.values():
        if indicator.map is None or indicator.id not in rows_of:
            continue
        rows = table.take(np.asarray(rows_of[indicator.id], dtype=np.intp))
        made: list[View] = []
        for series in _align_levels(rows, indicator, scene):
            words = {
                year: (
                    context.word_period(indicator.id, year),
                    _word_sources(series.sources[year], context),
                )
                for year, known in sorted(series.values.items())
                if not np.isnan(known).all()
            }
            made += _make_views(series, list(words), words)
        views += sorted(made, key=lambda view: view.year)
    return tuple(views)


def _align_levels(table: Table, indicator: Indicator, scene: Scene) -> Iterator[Series]:
    """Put the rows of an indicator in the order of the scene: a share by commune for the years that have its counts."""
    if indicator.counts and indicator.map:
        by_commune = np.unique(table.year[(table.level == "commune") & table.known()])
        counted = np.isin(table.year, by_commune)
        finer = indicator.map.model_copy(update={"level": "commune"})
        yield align_years(table.take(counted), indicator.model_copy(update={"map": finer}), scene)
        table = table.take(~counted)
    yield align_years(table, indicator, scene)


def _make_views(
    series: Series, years: list[int], words: Mapping[int, tuple[str, str]]
) -> list[View]:
    indicator, spec = series.indicator, series.spec
    # on all the years, so that two maps of the indicator are read with the same legend
    known = np.concatenate([np.array([]), *series.values.values()])
    known = known[~np.isnan(known)]
    circles = measure_circles(known, indicator) if spec.kind == "circles" else NO_CIRCLES
    classes = (
        NO_CLASSES if spec.kind == "circles" else classify_values(known, spec, indicator.decimals)
    )
    unknown = np.full(len(series.nothing), np.nan)
    return [
        View(
            indicator=indicator,
            spec=spec,
            year=year,
            year_label=words[year][0],
            source=words[year][1],
            classes=classes,
            circles=circles,
            values=series.values.get(year, unknown),
            statuses=series.statuses.get(year, series.nothing),
            references=series.references.get(year, ()),
        )
        for year in years
    ]


def _word_sources(source_ids: tuple[str, ...], context: MapContext) -> str:
    ids = dict.fromkeys(one for several in source_ids for one in several.split("+") if one)
    return f"Source{NBSP}: {context.word_source('+'.join(ids))}." if ids else ""


def _pack_marks(statuses: tuple[str, ...]) -> dict[str, str]:
    """Write the places of each status but ``ok``, as differences of ranks."""
    array = np.array(statuses, dtype=object)
    marked = sorted({status for status in statuses if status not in {"", OK}})
    return {
        status: pack_integers(np.diff(np.flatnonzero(array == status), prepend=0))
        for status in marked
    }


def _pack_values(values: Floats, decimals: int) -> str:
    """Write numbers between commas, nothing where not known; ``_7_`` stands for seven commas in a row."""
    written = [
        "" if np.isnan(value) else str(_plain_number(value, decimals)) for value in values.tolist()
    ]
    return re.sub(",{5,}", lambda commas: f"_{len(commas.group())}_", ",".join(written))


def _plain_number(value: float, decimals: int) -> float:
    """Drop the « .0 » of counts and the binary noise of decimals: fewer bytes in the page."""
    return int(value) if decimals == 0 else round(float(value), decimals)
