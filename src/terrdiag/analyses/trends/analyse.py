"""Indexed curves of population and jobs beside the comparators, cut where the figures change files."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pandas as pd

from terrdiag.analyses.cells import Cells, Row, lay_table
from terrdiag.analyses.trends.indices import (
    Curve,
    chain_rates,
    compute_indices,
    find_base,
    name_files,
)
from terrdiag.catalogue import Indicator, load_analyses, load_indicators
from terrdiag.edition import Edition
from terrdiag.indicators.figures import CommuneFigures
from terrdiag.indicators.places import Members, Place, Places, lay_out

MIN_COMMUNE: Final = 250.0
"""Base under which the curve of a commune is not drawn: one household would show."""

PUBLISHED: Final = "jobs_growth_published_pct"


@dataclass(frozen=True)
class Trend:
    """The index of a count.

    Attributes
    ----------
    indicator
        The index, its base year in its label.
    base
        The base year.
    files
        What the figures of each year come from: years of one file may be joined by a line, others not.
    territory
        Its curve.
    epci
        Curves of the EPCI it touches.
    others
        Curves of the comparators.
    communes
        Curves of the communes of a territory of one EPCI at most (population): drawn, not tabulated.
    """

    indicator: Indicator
    base: int
    files: dict[int, str]
    territory: Curve
    epci: tuple[Curve, ...]
    others: tuple[Curve, ...]
    communes: tuple[Curve, ...] = ()

    @property
    def years(self) -> tuple[int, ...]:
        """Years known for the territory."""
        return tuple(year for year in sorted(self.files) if self.territory.known(year))

    @property
    def drawn(self) -> tuple[int, ...]:
        """Years of the curve: those of the base year's file, then the later ones of others.

        A year that lies between two years of that file is not drawn: the curve would be cut on both sides of it.
        """
        main = [year for year in self.years if self.files[year] == self.files[self.base]]
        return (*main, *(year for year in self.years if main and year > main[-1]))

    @property
    def breaks(self) -> tuple[float, ...]:
        """Where the curve is cut: half-way between two years that do not come from the same file."""
        return tuple(
            (before + after) / 2
            for before, after in itertools.pairwise(self.drawn)
            if self.files[before] != self.files[after]
        )


@dataclass(frozen=True)
class TrendsFindings:
    """What was found: None where there is no curve, its base year not being known well enough.

    Attributes
    ----------
    values, indicators
        Rows for the table of values (territory, EPCI, comparators), and their indicators.
    population, jobs
        Indices of counts.
    jobs_published
        Index chained from published rates; never mixed with the counts.
    """

    values: pd.DataFrame
    indicators: dict[str, Indicator]
    population: Trend | None
    jobs: Trend | None
    jobs_published: Trend | None


def analyse_trends(
    edition: Edition, places: Places, values: pd.DataFrame, figures: CommuneFigures
) -> TrendsFindings:
    """Index the population and the jobs of the territory, its EPCI and its comparators.

    Parameters
    ----------
    edition
        The edition.
    places
        The places of the diagnostic.
    values
        Their values, where the published rates are.
    figures
        Figures of their communes, ``population`` and ``jobs_total`` at least.

    Returns
    -------
    TrendsFindings
        Curves and rows.
    """
    ground = _lay_ground(places, figures)
    population = _index_counts("population_index", "population", ground)
    jobs = _index_counts("jobs_index", "jobs_total", ground)
    published = _index_rates(edition, places, values)
    trends = [trend for trend in (population, jobs, published) if trend]
    rows = [row for trend in trends for row in _list_rows(trend)]
    table, indicators = lay_table(rows, edition.info.cog_year)
    return TrendsFindings(table, indicators, population, jobs, published)


FLOORS: Final = {"population": "population_growth_pct", "jobs_total": "jobs_growth_pct"}
"""An index needs as many people or jobs in its base year as a growth rate does."""


@dataclass(frozen=True)
class _Laid:
    """Places, and where their communes stand among the figures: laid out once for population and jobs."""

    places: tuple[Place, ...]
    members: Members | None


@dataclass(frozen=True)
class _Ground:
    """The territory and its comparators, its EPCI, its communes, and the figures of all."""

    figures: CommuneFigures
    beside: _Laid
    epci: _Laid
    communes: _Laid


def _lay_ground(places: Places, figures: CommuneFigures) -> _Ground:
    epci, territory, others = _split(places)
    communes = places.communes if len(epci) < 2 < len(places.communes) else ()
    laid = [
        _Laid(some, lay_out(some, figures) if some else None)
        for some in ((territory, *others), epci, communes)
    ]
    return _Ground(figures, *laid)


def _index_counts(name: str, variable: str, ground: _Ground) -> Trend | None:
    figures, beside = ground.figures, ground.beside
    base = find_base(variable, figures, beside.members) if beside.members else None
    if base is None:
        return None
    floor = load_indicators()[FLOORS[variable]].min_denominator
    entry = load_analyses()[name].as_indicator(base=str(base))
    indicator = entry.model_copy(update={"min_denominator": floor})
    files = {year: file for year, file in name_files(variable, figures).items() if year >= base}

    def index(laid: _Laid, least: float = floor) -> tuple[Curve, ...]:
        if laid.members is None:
            return ()
        rule = indicator.model_copy(update={"min_denominator": least})
        years = base, tuple(files)
        return compute_indices(rule, variable, years, figures, laid.places, laid.members)

    own, *others = index(beside)
    communes = index(ground.communes, MIN_COMMUNE) if variable == "population" else ()
    return Trend(indicator, base, files, own, index(ground.epci), tuple(others), communes)


def _index_rates(edition: Edition, places: Places, values: pd.DataFrame) -> Trend | None:
    epci, territory, others = _split(places)
    cells = Cells(values, [PUBLISHED])
    starts = {end: start for start, end in sorted(edition.info.intervals)}
    own = chain_rates(cells.years(territory, PUBLISHED), starts)
    if len(own) < 2:
        return None
    base = min(own)

    def chain(place: Place) -> Curve:
        found = chain_rates(cells.years(place, PUBLISHED), starts)
        # a chain that starts later has another base
        return Curve(place, found if base in found else {})

    return Trend(
        load_analyses()["jobs_index_published"].as_indicator(base=str(base)),
        base,
        dict.fromkeys(own, own[base].source_id),
        Curve(territory, own),
        tuple(map(chain, epci)),
        tuple(map(chain, others)),
    )


def _split(places: Places) -> tuple[tuple[Place, ...], Place, tuple[Place, ...]]:
    """Tell the EPCI of the territory, the territory, and its comparators."""
    [at] = [n for n, place in enumerate(places.holders) if place.level == "territoire"]
    return places.holders[:at], places.holders[at], places.holders[at + 1 :]


def _list_rows(trend: Trend) -> Iterator[Row]:
    """List the rows of the table of values; a year that is known of no place has none."""
    curves = (*trend.epci, trend.territory, *trend.others)
    for year in trend.files:
        if any(curve.known(year) for curve in curves):
            for curve in curves:
                if year in curve.points:
                    yield curve.place, trend.indicator, year, curve.points[year]
