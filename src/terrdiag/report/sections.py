"""The numbered sections of the page: a sentence, a picture, a table and its notes for each theme."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import pandas as pd

from terrdiag.report.blocks import Block
from terrdiag.report.charts import Picture, draw_sectors, draw_strip, value_span
from terrdiag.report.comparison import Comparison, Figures, compare
from terrdiag.report.relief import draw_relief, tell_relief
from terrdiag.report.sentences import describe, describe_newer, pick_main
from terrdiag.report.tables import tabulate_indicators

MAX_GROWTHS: Final = 4
"""Intervals of the growth of the population that are drawn, the latest ones."""

MAX_DRAWN: Final = 6
"""How many comparators a picture holds."""


@dataclass(frozen=True)
class Section:
    """A numbered section of one or several blocks."""

    anchor: str
    number: int
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class _Plan:
    theme: str
    title: str
    told: tuple[str, ...]
    drawn: tuple[str, ...] = ()


_PLANS: Final = (
    (
        "population",
        "Population",
        (
            _Plan("population", "", ("population", "population_growth_pct", "population_density")),
            _Plan(
                "habitat",
                "Logement et revenus",
                ("second_homes_share_pct", "vacant_homes_share_pct"),
                ("second_homes_share_pct", "vacant_homes_share_pct"),
            ),
        ),
    ),
    (
        "emploi",
        "Emploi et industrie",
        (
            _Plan(
                "emploi",
                "Emploi",
                ("jobs_growth_pct", "employment_concentration"),
                ("employment_concentration", "unemployment_rate_pct"),
            ),
            _Plan(
                "industrie",
                "Industrie et tissu économique",
                ("industry_jobs_share_pct", "industry_establishments_share_pct"),
            ),
        ),
    ),
    (
        "energie",
        "Énergie et climat",
        (_Plan("energie", "", ("energy_use", "energy_industry_share_pct", "ghg_total")),),
    ),
    ("relief", "Relief", (_Plan("relief", "", ("mountain_communes_share_pct",)),)),
    ("chiffres", "Chiffres cités", ()),
)
"""What each section tells and draws; its tables hold every indicator of the theme."""

Analysed = Mapping[str, tuple[Block, ...]]
"""Blocks of the analyses, by anchor of the section that they end."""

NOTHING: Final[Analysed] = MappingProxyType({})


def build_sections(
    figures: Figures, communes: pd.DataFrame, analysed: Analysed = NOTHING, first_number: int = 2
) -> tuple[Section, ...]:
    """Build the sections of the themes.

    Parameters
    ----------
    figures
        The territory and its comparators.
    communes
        Rows of the table of values at level ``commune``, territory only.
    analysed
        What the analyses add to the sections.
    first_number
        Number of the first section (the territory itself is section 1).

    Returns
    -------
    tuple of Section
        In reading order; a theme of which nothing is known is left out.
    """
    sections: list[Section] = []
    for anchor, title, plans in _PLANS:
        told = tuple(block for plan in plans if (block := _build(figures, communes, plan)))
        if blocks := (*told, *analysed.get(anchor, ())):
            sections.append(Section(anchor, first_number + len(sections), title, blocks))
    return tuple(sections)


def _build(figures: Figures, communes: pd.DataFrame, plan: _Plan) -> Block | None:
    names = [
        name
        for name, one in figures.indicators.items()
        if one.theme == plan.theme and one.kind != "analysis"
    ]
    caption = f"{plan.title or 'Indicateurs'} : le territoire et ses comparateurs"
    table = tabulate_indicators(figures, names, caption)
    if not table.groups:
        return None
    shown = tuple(group.indicator for group in table.groups)
    told = [comparison for name in plan.told if (comparison := compare(figures, name))]
    opening = tell_relief(figures, communes) if plan.theme == "relief" else ()
    return Block(
        theme=plan.theme,
        title=plan.title,
        sentences=(*opening, *(_tell(comparison) for comparison in told)),
        pictures=_draw(figures, communes, plan),
        table=table,
        notes=tuple(dict.fromkeys(one.note_fr for one in shown if one.note_fr)),
        definitions=shown,
    )


def _tell(comparison: Comparison) -> str:
    newer = describe_newer(comparison)
    sentence = describe(comparison)
    return f"{sentence} ({newer[:1].upper()}{newer[1:]}.)" if newer else sentence


def _draw(figures: Figures, communes: pd.DataFrame, plan: _Plan) -> tuple[Picture, ...]:
    if plan.theme == "population":
        return draw_growths(figures)
    if plan.theme == "relief":
        return draw_relief(figures, communes)
    if plan.theme == "industrie":
        # establishments where the jobs are not published (overseas)
        picture = draw_sectors(figures, figures.places) or draw_sectors(
            figures, figures.places, "establishments_share_pct"
        )
        return (picture,) if picture else ()
    found = (compare(figures, name) for name in plan.drawn)
    return tuple(
        draw_strip(one, figures.territory, pick_main(one.others, MAX_DRAWN)) for one in found if one
    )


def draw_growths(figures: Figures) -> tuple[Picture, ...]:
    """Draw the population growth of the intervals that follow one another, on one scale.

    Two intervals that overlap do not compare: going back from the latest, only those that do not are kept, four at
    the most.
    """
    name = "population_growth_pct"
    indicator = figures.indicators.get(name)
    own = figures.years(figures.territory, name)
    known = {year: cell for year, cell in own.items() if cell.comparable}
    if indicator is None or not known:
        return ()
    chosen: list[int] = []
    for year in sorted(known, reverse=True):
        if not chosen or year <= figures.starts.get(chosen[-1], chosen[-1]):
            chosen.append(year)
    chosen = chosen[:MAX_GROWTHS]
    beside = {
        year: pick_main(
            [
                (place, cell)
                for place in figures.comparators
                if (cell := figures.cell(place, name, year)).comparable
            ],
            MAX_DRAWN,
        )
        for year in reversed(chosen)
    }
    span = value_span(
        [known[year].value for year in chosen]
        + [cell.value for pairs in beside.values() for _, cell in pairs]
    )
    return tuple(
        draw_strip(
            Comparison(indicator, year, figures.year_label(indicator, year), known[year], pairs),
            figures.territory,
            pairs,
            span,
        )
        for year, pairs in beside.items()
    )
