"""L'essentiel: four to six figures of the territory, each beside its comparators."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from terrdiag.report.charts import Picture, draw_strip
from terrdiag.report.comparison import Comparison, Figures, cell_mark, compare
from terrdiag.report.sentences import describe, describe_newer, pick_main
from terrdiag.wording import format_number

MAX_FIGURES: Final = 6


class Choice(NamedTuple):
    """What a key figure shows in large, and the rate that can be compared."""

    headline: str
    compared: str


CHOICES: Final = (
    Choice("population", "population_growth_pct"),
    Choice("population_density", "population_density"),
    Choice("jobs", "jobs_growth_pct"),
    Choice("industry_jobs_share_pct", "industry_jobs_share_pct"),
    Choice("industry_establishments_share_pct", "industry_establishments_share_pct"),
    Choice("unemployment_rate_pct", "unemployment_rate_pct"),
    Choice("employment_concentration", "employment_concentration"),
    Choice("second_homes_share_pct", "second_homes_share_pct"),
    Choice("vacant_homes_share_pct", "vacant_homes_share_pct"),
    Choice("mountain_communes_share_pct", "mountain_communes_share_pct"),
)
"""In reading order; the first six whose figures are known make the block."""


@dataclass(frozen=True)
class KeyFigure:
    """A figure in large, with what it needs to be read alone.

    Attributes
    ----------
    label, number, unit, year
        The figure in words: « Part de l'industrie dans l'emploi », « 11,40 », « % », « 2022 ».
    mark
        « estimation », « couverture 98,2 % », or nothing.
    sentence
        The comparison in one sentence.
    strip
        The comparators as dots; None when none can be compared.
    newer
        A later figure of the territory alone, in words, or nothing.
    """

    label: str
    number: str
    unit: str
    year: str
    mark: str
    sentence: str
    strip: Picture | None
    newer: str


def choose_key_figures(figures: Figures) -> tuple[KeyFigure, ...]:
    """Choose the key figures of a territory: those of :data:`CHOICES` that are known, six at the most.

    Parameters
    ----------
    figures
        The territory and its comparators.

    Returns
    -------
    tuple of KeyFigure
        In reading order.
    """
    found = (_make(figures, choice) for choice in CHOICES)
    return tuple(figure for figure in found if figure is not None)[:MAX_FIGURES]


def _make(figures: Figures, choice: Choice) -> KeyFigure | None:
    headline, compared = compare(figures, choice.headline), compare(figures, choice.compared)
    if headline is None:
        return None
    subject = compared or headline
    told = (
        (headline,)
        if choice.headline == choice.compared or compared is None
        else (headline, compared)
    )
    indicator = headline.indicator
    return KeyFigure(
        indicator.label_fr,
        format_number(headline.cell.value, indicator.decimals, signed=indicator.signed),
        indicator.unit,
        headline.year_label,
        cell_mark(headline.cell),
        describe(subject),
        _strip(figures, compared),
        describe_newer(*told),
    )


def _strip(figures: Figures, compared: Comparison | None) -> Picture | None:
    if compared is None:
        return None
    others = pick_main(compared.others)
    return draw_strip(compared, figures.territory, others) if others else None
