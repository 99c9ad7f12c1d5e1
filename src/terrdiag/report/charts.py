"""The static pictures of the page: positions in % of a width, ready to be drawn as inline SVG.

Every picture keeps its figures as text beside its marks: it is read on paper, on a phone and by a screen reader.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from terrdiag.report.comparison import Cell, Comparison, Figures, Place, cell_mark, format_coverage
from terrdiag.values import ESTIMATE, STATUS_WORDS
from terrdiag.wording import NBSP, format_number, format_value

MARGIN: Final = 3.0
"""Width kept free at both ends of an axis, in %, so that a mark is never cut."""

SECTORS: Final = ("industry", "agriculture", "construction", "trade_services", "administration")

SECTOR_LABELS: Final = {
    "industry": "Industrie",
    "agriculture": "Agriculture",
    "construction": "Construction",
    "trade_services": "Commerce, transports, services",
    "administration": "Administration, enseignement, santé, social",
}


@dataclass(frozen=True)
class Row:
    """A place of a picture: its name, its marks in % of the width, its figure in words."""

    label: str
    text: str
    note: str = ""
    is_territory: bool = False
    at: float = 0.0
    start: float = 0.0
    """Where the bar or the stem begins."""
    mean: float | None = None


@dataclass(frozen=True)
class Segment:
    """A part of a stacked bar, in % of the width."""

    sector: str
    at: float
    width: float
    text: str


@dataclass(frozen=True)
class Stack:
    """A place of a stacked bar chart."""

    label: str
    note: str
    is_territory: bool
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Picture:
    """A picture and its caption; ``kind`` names the macro that draws it."""

    kind: str
    title: str
    rows: tuple[Row, ...] = ()
    stacks: tuple[Stack, ...] = ()
    note: str = ""


def draw_strip(
    comparison: Comparison,
    territory: Place,
    others: Sequence[tuple[Place, Cell]],
    span: tuple[float, float] | None = None,
) -> Picture:
    """Draw one indicator as dots on one scale: the territory and the places it is compared to.

    Parameters
    ----------
    comparison
        The indicator at its reference year.
    territory
        The territory.
    others
        The comparators to draw.
    span
        Scale shared with other strips; that of the values, zero included, by default.

    Returns
    -------
    Picture
        One row a place, the territory first.
    """
    indicator = comparison.indicator
    pairs = [(territory, comparison.cell), *others]
    low, high = span or value_span(cell.value for _, cell in pairs)
    unit = "%" if indicator.unit.startswith("%") else ""
    rows = tuple(
        Row(
            place.short,
            format_value(cell.value, unit, indicator.decimals, signed=indicator.signed),
            STATUS_WORDS[ESTIMATE] if cell.status == ESTIMATE else "",
            place == territory,
            _scale(cell.value, low, high),
            _scale(0.0, low, high),
        )
        for place, cell in pairs
    )
    title = f"{indicator.label_fr}, {comparison.year_label}"
    if not unit and indicator.unit:
        title += f" ({indicator.unit})"
    return Picture("strip", title, rows, note=note_coverage(pairs))


def note_coverage(pairs: Iterable[tuple[Place, Cell]]) -> str:
    """Say which figures of a picture are incomplete, and how much they cover; empty when none is."""
    parts = [
        f"{place.short} {format_coverage(cell.coverage)}"
        for place, cell in pairs
        if cell.coverage < 100
    ]
    return f"Couverture{NBSP}: {', '.join(parts)}." if parts else ""


def value_span(values: Iterable[float]) -> tuple[float, float]:
    """Find the scale of some values, zero included, so that a length is never exaggerated."""
    known = [value for value in values if value == value]  # noqa: PLR0124
    return min([0.0, *known]), max([0.0, *known])


def draw_sectors(
    figures: Figures, places: Sequence[Place], suffix: str = "jobs_share_pct"
) -> Picture | None:
    """Draw the five sectors of each place as stacked bars, at the latest year known for the territory.

    Returns
    -------
    Picture or None
        None when one of the sectors of the territory is not known.
    """
    names = [f"{sector}_{suffix}" for sector in SECTORS]
    known = [
        {y for y, c in figures.years(figures.territory, name).items() if c.comparable}
        for name in names
    ]
    years = set.intersection(*known)
    if not years:
        return None
    year = max(years)
    stacks = []
    for place in places:
        cells = [figures.cell(place, name, year) for name in names]
        if all(cell.comparable for cell in cells):
            stacks.append(_stack(place, cells, is_territory=place == figures.territory))
    what = (
        "l'emploi au lieu de travail" if suffix.startswith("jobs") else "les établissements actifs"
    )
    return Picture("stack", f"Les cinq secteurs dans {what}, {year} (en %)", stacks=tuple(stacks))


def draw_population(communes: pd.DataFrame, limit: int = 12) -> Picture | None:
    """Draw the communes as bars of their population, the largest first.

    Parameters
    ----------
    communes
        Rows of the table of values, level ``commune``.
    limit
        How many communes to draw.

    Returns
    -------
    Picture or None
        None when no population is known.
    """
    known = communes[(communes["indicator"] == "population") & communes["value"].notna()]
    if known.empty:
        return None
    year = int(known["ref_year"].max())
    largest = known[known["ref_year"] == year].sort_values(
        ["value", "name"], ascending=[False, True]
    )
    count, shown = len(largest), largest.head(limit)
    top = max(float(shown["value"].max()), 1.0)
    rows = tuple(
        Row(name, format_number(value), at=_scale(value, 0.0, top), start=_scale(0.0, 0.0, top))
        for name, value in zip(shown["name"], shown["value"], strict=True)
    )
    which = f" ({len(shown)} premières sur {format_number(count)})" if count > limit else ""
    return Picture("bars", f"Population municipale des communes, {year}{which}", rows)


def draw_altitudes(
    communes: pd.DataFrame, territory: Row | None, limit: int = 40
) -> Picture | None:
    """Draw the communes as bars from their lowest to their highest point, with their mean altitude.

    Parameters
    ----------
    communes
        Columns ``name, low, high, mean`` in metres.
    territory
        Not drawn when None; otherwise a row in metres (``start, at, mean``) to set first.
    limit
        Above so many communes only the highest are drawn.
    """
    known = communes.dropna(subset=["low", "high"]).sort_values(
        ["high", "name"], ascending=[False, True]
    )
    if known.empty:
        return None
    shown = known.head(limit)
    rows = [territory] if territory else []
    rows += [
        Row(name, _extent(low, high), at=high, start=low, mean=None if pd.isna(mean) else mean)
        for name, low, high, mean in zip(
            shown["name"], shown["low"], shown["high"], shown["mean"], strict=True
        )
    ]
    top = max(row.at for row in rows)
    placed = tuple(
        Row(
            row.label,
            row.text,
            row.note,
            row.is_territory,
            _scale(row.at, 0.0, top),
            _scale(row.start, 0.0, top),
            None if row.mean is None else _scale(row.mean, 0.0, top),
        )
        for row in rows
    )
    which = f" ({limit} plus hautes sur {len(known)})" if len(known) > limit else ""
    title = f"Du point le plus bas au point le plus haut des communes, en mètres{which}"
    note = (
        "Le trait vertical marque l'altitude moyenne."
        if any(row.mean is not None for row in placed)
        else ""
    )
    return Picture("ranges", title, placed, note=note)


def territory_extent(name: str, low: float, high: float, mean: float | None) -> Row:
    """Set the territory as the first bar of the altitudes, in metres."""
    return Row(name, _extent(low, high), is_territory=True, at=high, start=low, mean=mean)


def _extent(low: float, high: float) -> str:
    return f"{format_number(low)}–{format_value(high, 'm')}"


def _stack(place: Place, cells: Sequence[Cell], *, is_territory: bool) -> Stack:
    segments, at = [], 0.0
    total = max(sum(cell.value for cell in cells), 100.0)
    for sector, cell in zip(SECTORS, cells, strict=True):
        width = 100 * cell.value / total
        segments.append(Segment(sector, at, width, format_number(cell.value, 1)))
        at += width
    marks = dict.fromkeys(mark for cell in cells if (mark := cell_mark(cell)))
    return Stack(place.short, ", ".join(marks), is_territory, tuple(segments))


def _scale(value: float, low: float, high: float) -> float:
    """Place a value on the axis, in % of its width."""
    share = (value - low) / (high - low) if high > low else 0.5
    return round(MARGIN + share * (100 - 2 * MARGIN), 2)
