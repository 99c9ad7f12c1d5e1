"""Where the change of population comes from: natural balance, apparent balance of entries and exits."""

import math
from collections.abc import Iterator
from typing import Final

from terrdiag.drawing import Axis, Bars, Caption, Drawing, draw_bars, draw_widths
from terrdiag.report.blocks import Block, Grid
from terrdiag.report.charts import note_coverage
from terrdiag.report.comparison import UNKNOWN, Cell, Figures, Place, cell_mark, compare
from terrdiag.report.sentences import describe, pick_main
from terrdiag.values import STATUS_WORDS
from terrdiag.wording import NBSP, format_number

RATES: Final = ("natural_change_pct", "migration_change_pct")

COUNTS: Final = ("natural_balance", "migration_balance")

MAX_DRAWN: Final = 6
"""How many comparators the picture holds."""

COMPOUND_FR: Final = (
    "Solde naturel et solde apparent s'additionnent exactement en variation de population ; les taux sont rapportés à "
    "la population moyenne de la période. Leur somme diffère du taux annuel moyen d'évolution, qui est composé : de "
    "0,001 point environ à 0,5 % par an, de 0,005 point à 1 %, de 0,02 point à 2 %. Les arrondis affichés peuvent "
    "différer d'une unité."
)


def tell_balances(figures: Figures) -> tuple[Block, ...]:
    """Say how births, deaths and the rest made the population change between two censuses.

    Parameters
    ----------
    figures
        The territory and its comparators.

    Returns
    -------
    tuple of Block
        One block, or none when births and deaths are not known for the territory.
    """
    compared = [compare(figures, name) for name in RATES]
    natural, migration = compared
    if natural is None or migration is None or natural.year != migration.year:
        return ()
    year = natural.year
    years = [year, *(later for later in _known_years(figures) if later > year)]
    places = (figures.territory, *(place for place, _ in natural.others))
    sentences = [_tell_persons(figures, year), describe(natural), describe(migration)]
    for later in years[1:]:
        alone = "Ces années ne sont connues que pour le territoire."
        others = [place for place in figures.comparators if place.level != "perimetre"]
        if any(_knows(figures, place, later) for place in others):
            alone = "Peu de comparateurs ont ces années."
        sentences += [f"{one} {alone}" for one in [_tell_persons(figures, later)] if one]
    shown = tuple(
        figures.indicators[name] for name in (*RATES, *COUNTS) if name in figures.indicators
    )
    return (
        Block(
            theme="population",
            title="Solde naturel et solde apparent",
            sentences=tuple(sentence for sentence in sentences if sentence),
            drawings=(_draw(figures, natural.others, year),),
            grids=(_tabulate(figures, places, years),),
            notes=(migration.indicator.note_fr, COMPOUND_FR),
            definitions=shown,
        ),
    )


def _known_years(figures: Figures) -> list[int]:
    years = figures.years(figures.territory, RATES[0])
    return [year for year in sorted(years) if _knows(figures, figures.territory, year)]


def _knows(figures: Figures, place: Place, year: int) -> bool:
    return all(figures.cell(place, name, year).comparable for name in RATES)


def _tell_persons(figures: Figures, year: int) -> str:
    """Word the change in persons; empty when the counts are not given (too few communes known)."""
    territory = figures.territory
    cells = [figures.cell(territory, name, year) for name in COUNTS]
    if not all(cell.known for cell in cells):
        return ""
    natural, migration = (cell.value for cell in cells)
    start = figures.starts[year]
    counts = [figures.cell(territory, "population", one) for one in (start, year)]
    change = f"{format_number(natural + migration, signed=True)}{NBSP}habitants"
    # the two populations are said only if they are those of the same communes
    is_whole = all(cell.known and cell.coverage == 100 for cell in (*cells, *counts))
    first, last = (format_number(cell.value) for cell in counts)
    moved = f"passe de {first} à {last} habitants ({change})" if is_whole else f"varie de {change}"
    marks = {mark for cell in cells if (mark := cell_mark(cell))}
    bracket = f" ({', '.join(sorted(marks))})" if marks else ""
    return (
        f"De {start} à {year}, la population {moved}{bracket}{NBSP}: "
        f"{format_number(natural, signed=True)} par le solde naturel (naissances moins décès), "
        f"{format_number(migration, signed=True)} par le solde apparent des entrées et des sorties."
    )


def _draw(figures: Figures, others: tuple[tuple[Place, Cell], ...], year: int) -> Drawing:
    own = (figures.territory, figures.cell(figures.territory, RATES[0], year))
    pairs = (own, *pick_main(others, MAX_DRAWN))
    names = ("Solde naturel", "Solde apparent des entrées et des sorties")
    groups = [
        Bars(
            label,
            tuple(_value(figures.cell(place, name, year)) for place, _ in pairs),
            texts=tuple(_text(figures.cell(place, name, year), 2) for place, _ in pairs),
        )
        for label, name in zip(names, RATES, strict=True)
    ]
    period = figures.year_label(figures.indicators[RATES[0]], year)
    caption = Caption(
        "soldes-naturel-et-apparent",
        f"Variation annuelle de la population due à chaque solde, {period}",
        note=note_coverage(pairs),
        alt=f"{NBSP}; ".join(_word_pair(figures, place, year) for place, _ in pairs),
    )
    labels = [place.short for place, _ in pairs]
    axis = Axis(unit="% par an", signed=True)
    return draw_widths(lambda one: draw_bars(one, labels, groups, axis), caption)


def _word_pair(figures: Figures, place: Place, year: int) -> str:
    natural, migration = (_text(figures.cell(place, name, year), 2) for name in RATES)
    return f"{place.short} : solde naturel {natural}, solde apparent {migration}"


def _tabulate(figures: Figures, places: tuple[Place, ...], years: list[int]) -> Grid:
    """Tabulate every place at the first year, then those known at the other ones."""
    wanted = [(place, years[0], place.short) for place in places]
    for year in years[1:]:
        label = figures.year_label(figures.indicators[RATES[0]], year)
        wanted += [
            (place, year, f"{place.short}, {label}")
            for place in places
            if _knows(figures, place, year)
        ]
    period = figures.year_label(figures.indicators[RATES[0]], years[0])
    return Grid(
        caption=f"Variation de la population et ses deux soldes, {period}",
        heads=(
            "Lieu",
            "Variation (habitants)",
            "Solde naturel",
            "Solde apparent",
            "Variation (% par an)",
            "due au solde naturel",
            "due au solde apparent",
        ),
        rows=tuple(_row(figures, place, year, label) for place, year, label in wanted),
        own=tuple(n for n, (place, _, _) in enumerate(wanted) if place == figures.territory),
    )


def _row(figures: Figures, place: Place, year: int, label: str) -> tuple[str, ...]:
    cells = list(_cells(figures, place, year))
    marks = {mark for cell, _ in cells if (mark := cell_mark(cell))}
    bracket = f" ({', '.join(sorted(marks))})" if marks else ""
    return (label + bracket, *(_text(cell, decimals) for cell, decimals in cells))


def _cells(figures: Figures, place: Place, year: int) -> Iterator[tuple[Cell, int]]:
    """Give the change and its two parts, in persons then in % a year; the change is the sum of its parts."""
    for names, decimals in ((COUNTS, 0), (RATES, 2)):
        parts = [figures.cell(place, name, year) for name in names]
        is_known = all(cell.known for cell in parts)
        total = sum(cell.value for cell in parts)
        yield (parts[0]._replace(value=total) if is_known else UNKNOWN), decimals
        for cell in parts:
            yield cell, decimals


def _value(cell: Cell) -> float:
    return cell.value if cell.known else math.nan


def _text(cell: Cell, decimals: int) -> str:
    if not cell.known:
        return STATUS_WORDS.get(cell.status) or STATUS_WORDS["missing"]
    return format_number(cell.value, decimals, signed=True)
