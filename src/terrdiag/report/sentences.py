"""Guarded French sentences, generated from values: no cause, no score, no superlative on a tie.

A sentence states a figure, its year, and the same figure of the same year for the places it is compared to.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from terrdiag.report.comparison import Cell, Comparison, Place, cell_mark
from terrdiag.values import ESTIMATE, STATUS_WORDS
from terrdiag.wording import (
    NBSP,
    format_number,
    format_value,
    join_words,
    lower_first,
    plural,
    round_half_away,
)

SAID_COVERAGE_PCT: Final = 99.0
"""A sentence says the coverage of a comparator under this; pictures and tables say every incomplete one."""

MAX_COMPARED: Final = 4
"""How many places a sentence can be compared to and still be read."""

_CLAUSES: Final = {
    "population_density": "{when}, la densité est de {value} habitants par km²",
    "natural_change_pct": "{when}, la variation de population due au solde naturel est de {value} par an en moyenne",
    "migration_change_pct": (
        "{when}, la variation de population due au solde apparent des entrées et des sorties est de {value} "
        "par an en moyenne"
    ),
    "second_homes_share_pct": "{when}, les résidences secondaires et occasionnelles représentent {value} des logements",
    "vacant_homes_share_pct": "{when}, les logements vacants représentent {value} des logements",
    "salaried_jobs_share_pct": "{when}, les emplois salariés représentent {value} des emplois",
    "employment_concentration": "{when}, on compte {value} emplois pour 100 actifs occupés résidents",
    "unemployment_rate_pct": "{when}, le taux de chômage au sens du recensement est de {value}",
    "industry_jobs_share_pct": "{when}, l'industrie représente {value} des emplois",
    "agriculture_jobs_share_pct": "{when}, l'agriculture représente {value} des emplois",
    "construction_jobs_share_pct": "{when}, la construction représente {value} des emplois",
    "trade_services_jobs_share_pct": (
        "{when}, le commerce, les transports et les services représentent {value} des emplois"
    ),
    "administration_jobs_share_pct": (
        "{when}, l'administration, l'enseignement, la santé et l'action sociale représentent {value} des emplois"
    ),
    "industry_establishments_share_pct": "{when}, l'industrie représente {value} des établissements actifs",
    "agriculture_establishments_share_pct": "{when}, l'agriculture représente {value} des établissements actifs",
    "construction_establishments_share_pct": "{when}, la construction représente {value} des établissements actifs",
    "mountain_communes_share_pct": "{when}, {value} des communes sont comprises dans un massif de montagne",
    "altitude_mean_m": "L'altitude moyenne est de {value}",
    "altitude_max_m": "Le point le plus haut est à {value}",
    "altitude_min_m": "Le point le plus bas est à {value}",
}
"""The clause of an indicator; the others say « Libellé : valeur en 2018 »."""

_CHANGES: Final = {
    "population_growth_pct": "la population",
    "jobs_growth_pct": "le nombre d'emplois",
    "jobs_growth_published_pct": "le nombre d'emplois",
}
"""What grows or shrinks, for the annual rates."""

_COUNTS: Final = {
    "population": ("habitant", "habitants"),
    "jobs": ("emploi au lieu de travail", "emplois au lieu de travail"),
    "establishments": ("établissement actif", "établissements actifs"),
    "industry_establishments": ("établissement industriel", "établissements industriels"),
}
"""What is counted, one and several."""

_SPOKEN_UNITS: Final = {"%": "%", "% par an": "%", "m": "m", "€ par an": "€"}
"""The unit that follows a number inside a sentence; the other units are said by the clause."""


def describe(comparison: Comparison) -> str:
    """Word an indicator of the territory beside its comparators, in one sentence.

    Parameters
    ----------
    comparison
        The territory and the comparators at the reference year.

    Returns
    -------
    str
        « En 2022, l'industrie représente 11,40 % des emplois, contre 9,43 % en Occitanie et 11,62 % en France. »
        An estimate says « (estimation) », an incomplete sum says its coverage.
    """
    clause = _clause(comparison) + _bracket(cell_mark(comparison.cell))
    if comparison.indicator.kind == "count":
        return f"{clause}."
    return f"{clause}{_beside(comparison)}."


def describe_newer(*comparisons: Comparison) -> str:
    """Word the figures known for the territory at a later year than its comparators; empty when there is none.

    Returns
    -------
    str
        « dernière valeur connue : 9,08 % (2024), sans comparaison possible »
    """
    words = [word_newer(one) for one in comparisons if one.newer]
    if not words:
        return ""
    alone = all(one.newer.alone for one in comparisons if one.newer)
    limit = "sans comparaison possible" if alone else "avec une comparaison incomplète"
    start = "dernière valeur connue" if len(words) == 1 else "dernières valeurs connues"
    return f"{start}{NBSP}: {join_words(words)}, {limit}"


def word_newer(comparison: Comparison) -> str:
    """Word the later figure of the territory alone: « 9,08 % (2024) »; empty when there is none."""
    newer, indicator = comparison.newer, comparison.indicator
    if newer is None:
        return ""
    value = format_value(
        newer.cell.value, indicator.unit, indicator.decimals, signed=indicator.signed
    )
    mark = cell_mark(newer.cell)
    return f"{value} ({newer.year_label}, {mark})" if mark else f"{value} ({newer.year_label})"


MAIN_FIRST: Final = (
    *("france", "region", "ensemble", "ti", "ti2023", "petr", "ze", "aav", "bv", "departement"),
    *("arr", "epci", "uu", "cv", "commune"),
)
"""Kinds of comparators, those that a sentence keeps first."""


def pick_main(
    others: Sequence[tuple[Place, Cell]], limit: int = MAX_COMPARED
) -> tuple[tuple[Place, Cell], ...]:
    """Keep the comparators that a sentence or a strip can hold, whole kinds at a time.

    A kind that does not fit is left out as a whole (twelve départements of a région): choosing among them would be
    arbitrary. The tables show them all.
    """
    kept: set[str] = set()
    for kind in MAIN_FIRST:
        size = sum(place.level in kept or place.level == kind for place, _ in others)
        if size <= limit:
            kept.add(kind)
    return tuple(pair for pair in others if pair[0].level in kept)


def unique_extreme(
    named: Iterable[tuple[str, float]], decimals: int, *, largest: bool = True
) -> str:
    """Name the place that bears the extreme value, if it is alone to bear it once rounded.

    Returns
    -------
    str
        Empty on a tie, with fewer than two places, or with no known value.

    Examples
    --------
    >>> unique_extreme([("Asque", 2.04), ("Cieutat", 3.1), ("Gerde", 1.0)], 1)
    'Cieutat'
    >>> unique_extreme([("Asque", 3.12), ("Cieutat", 3.1)], 1)
    ''
    """
    rounded = [(name, round_half_away(value, decimals)) for name, value in named if value == value]  # noqa: PLR0124
    if len(rounded) < 2:
        return ""
    extreme = (max if largest else min)(value for _, value in rounded)
    names = [name for name, value in rounded if value == extreme]
    return names[0] if len(names) == 1 else ""


def _clause(comparison: Comparison) -> str:
    indicator, cell = comparison.indicator, comparison.cell
    when = _when(comparison)
    if indicator.id in _CHANGES:
        return f"{when}, {_CHANGES[indicator.id]} {_change(cell.value, indicator.decimals)}"
    if indicator.id in _COUNTS:
        one, many = _COUNTS[indicator.id]
        return (
            f"{when}, le territoire compte {plural(int(round_half_away(cell.value, 0)), one, many)}"
        )
    if indicator.id in _CLAUSES:
        return _CLAUSES[indicator.id].format(when=when, value=_spoken(comparison, cell))
    value = format_value(cell.value, indicator.unit, indicator.decimals, signed=indicator.signed)
    return f"{when}, {lower_first(indicator.label_fr)}{NBSP}: {value}"


def _when(comparison: Comparison) -> str:
    if "-" in comparison.year_label:
        return "De {} à {}".format(*comparison.year_label.split("-"))
    at_year_end = any(name.startswith("establishments_") for name in comparison.indicator.inputs)
    return f"{'Fin' if at_year_end else 'En'} {comparison.year_label}"


def _change(rate: float, decimals: int) -> str:
    rounded = round_half_away(rate, decimals)
    text = f"{format_number(abs(rounded), decimals)}{NBSP}%"
    if rounded == 0:
        return f"est stable ({text} par an en moyenne)"
    return f"{'augmente' if rounded > 0 else 'diminue'} de {text} par an en moyenne"


def _spoken(comparison: Comparison, cell: Cell) -> str:
    indicator = comparison.indicator
    unit = _SPOKEN_UNITS.get(indicator.unit, "")
    return format_value(cell.value, unit, indicator.decimals, signed=indicator.signed)


def _beside(comparison: Comparison) -> str:
    same, different = [], []
    own = _spoken(comparison, comparison.cell)
    for place, cell in pick_main(comparison.others):
        text, mark = _spoken(comparison, cell), _bracket(_said_mark(cell))
        if text == own:
            same.append(f"{place.where}{mark}")
        else:
            different.append(f"{text} {place.where}{mark}")
    words = f", comme {join_words(same)}" if same else ""
    return words + (f", contre {join_words(different)}" if different else "")


def _said_mark(cell: Cell) -> str:
    """Leave the coverage of what is nearly whole to the picture and to the table."""
    if cell.coverage < SAID_COVERAGE_PCT:
        return cell_mark(cell)
    return STATUS_WORDS[ESTIMATE] if cell.status == ESTIMATE else ""


def _bracket(mark: str) -> str:
    return f" ({mark})" if mark else ""
