"""The location quotients of the territory as a drawing and as a table, beside its comparators."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

from terrdiag.analyses.sectors.mix import SECTORS, Basis
from terrdiag.analyses.sectors.quotients import DECIMALS, Quotient
from terrdiag.drawing import Axis, Caption, Dot, DotRow, Drawing, Reference, draw_dots, draw_widths
from terrdiag.indicators.places import Place as Group
from terrdiag.report.blocks import Grid
from terrdiag.report.specialisation.words import (
    BRANCH_LABELS,
    COUNTED,
    say_when,
    see,
    write_range,
)
from terrdiag.values import ESTIMATE, STATUS_WORDS
from terrdiag.wording import NBSP, format_number, format_value

NAMES: Final = {"establishments": "quotients-etablissements", "jobs": "quotients-emplois"}

_INTERVALS: Final = {
    "establishments": "un établissement de plus ou de moins dans le secteur, à total égal",
    "jobs": "arrondi des parts publiées",
}

Quotients = Mapping[tuple[str, str], Mapping[str, Quotient]]
"""Quotients of the territory, by level and code of the comparator, then by sector."""


def write_interval(quotient: Quotient) -> str:
    """Write the interval, where it reaches further than the decimals of the quotient."""
    ends = {round(end, DECIMALS) for end in (quotient.low, quotient.cell.value, quotient.high)}
    return write_range(quotient.low, quotient.high, DECIMALS) if len(ends) > 1 else ""


def write_marks(quotient: Quotient) -> list[str]:
    """Write what must be known of a quotient: that it is an estimate, that it is fragile."""
    marks = [STATUS_WORDS[ESTIMATE]] if quotient.cell.status == ESTIMATE else []
    return [*marks, "fragile"] if quotient.fragile else marks


def draw_quotients(quotients: Quotients, references: Sequence[Group], basis: Basis) -> Drawing:
    """Draw the quotients as dots: a row a sector, a column a comparator, a line at 1.

    Parameters
    ----------
    quotients
        Those of the territory.
    references
        The comparators to draw.
    basis
        Establishments or jobs.

    Returns
    -------
    Drawing
        For paper and for phones.
    """
    years = _years(quotients, references)
    when = f", {say_when(basis, years[0]).lower()}" if len(years) == 1 else ""
    caption = Caption(
        NAMES[basis],
        f"Quotients de localisation des cinq secteurs, {COUNTED[basis]}{when}",
        f"Part du secteur ici / part du secteur dans la référence. Intervalle{NBSP}: {_INTERVALS[basis]}.",
        _describe(quotients, references),
    )
    columns = [_head(quotients, place, basis, with_year=len(years) > 1) for place in references]
    rows = [
        DotRow(
            BRANCH_LABELS[sector],
            tuple(_dot(_of(quotients, place)[sector]) for place in references),
        )
        for sector in SECTORS
    ]
    axis = Axis("Quotient de localisation")
    line = Reference(1.0, f"1{NBSP}: même part que dans la référence")
    return draw_widths(lambda one: draw_dots(one, columns, rows, axis, reference=line), caption)


def _of(quotients: Quotients, place: Group) -> Mapping[str, Quotient]:
    return quotients[place.level, place.code]


def _years(quotients: Quotients, references: Sequence[Group]) -> list[int]:
    return sorted({one.year for place in references for one in _of(quotients, place).values()})


def _head(quotients: Quotients, place: Group, basis: Basis, *, with_year: bool) -> str:
    year = next(iter(_of(quotients, place).values())).year
    return (
        f"{see(place).short} ({say_when(basis, year).lower()})" if with_year else see(place).short
    )


def _dot(quotient: Quotient) -> Dot:
    cell = quotient.cell
    if not cell.known:
        return Dot(math.nan, text=STATUS_WORDS[cell.status])
    high = quotient.high if math.isfinite(quotient.high) else cell.value
    return Dot(cell.value, quotient.low, high, format_number(cell.value, 2), quotient.fragile)


def _describe(quotients: Quotients, references: Sequence[Group]) -> str:
    parts = [
        f"{BRANCH_LABELS[sector]}{NBSP}: "
        + ", ".join(
            f"{_figure(_of(quotients, place)[sector])} ({see(place).short})" for place in references
        )
        for sector in SECTORS
    ]
    return ". ".join(parts) + "."


def _figure(quotient: Quotient) -> str:
    cell = quotient.cell
    return format_number(cell.value, 2) if cell.known else STATUS_WORDS[cell.status]


def tabulate_quotients(quotients: Quotients, references: Sequence[Group], basis: Basis) -> Grid:
    """Tabulate the quotients and their intervals: a row a sector, a column a comparator.

    Parameters
    ----------
    quotients
        Those of the territory.
    references
        The comparators, all of them.
    basis
        Establishments or jobs.

    Returns
    -------
    Grid
        The share of the territory, then a quotient a comparator.
    """
    years = _years(quotients, references)
    heads = [_head(quotients, place, basis, with_year=len(years) > 1) for place in references]
    when = f", {say_when(basis, years[0]).lower()}" if len(years) == 1 else ""
    own = _of(quotients, references[-1])
    since = f" ({say_when(basis, own['industry'].year).lower()})" if len(years) > 1 else ""
    rows = tuple(
        (
            BRANCH_LABELS[sector],
            _share(own[sector]),
            *(_entry(_of(quotients, place)[sector]) for place in references),
        )
        for sector in SECTORS
    )
    return Grid(
        f"Quotients de localisation et intervalles, {COUNTED[basis]}{when}",
        ("Secteur", f"Part dans le territoire{since}", *heads),
        rows,
        note=f"Entre parenthèses, l'intervalle ({_INTERVALS[basis]}), quand il change la deuxième décimale.",
    )


def _share(quotient: Quotient) -> str:
    share = quotient.here_pct
    # where the share here is not known, the status of the quotient says why
    return STATUS_WORDS[quotient.cell.status] if math.isnan(share) else format_value(share, "%", 2)


def _entry(quotient: Quotient) -> str:
    cell = quotient.cell
    if not cell.known:
        return STATUS_WORDS[cell.status]
    said = ", ".join(word for word in (write_interval(quotient), *write_marks(quotient)) if word)
    return format_number(cell.value, DECIMALS) + (f" ({said})" if said else "")
