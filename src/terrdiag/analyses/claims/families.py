"""Families of indicators: the same notion under several definitions, derived from the catalogue."""

from collections.abc import Mapping
from typing import Final

from terrdiag.catalogue import Indicator

QUALIFIERS: Final = frozenset(
    {
        *("jobs", "salaried", "establishments"),
        *("municipal", "total", "published", "dem", "now", "whole"),
    }
)
"""Words of an identifier that say on what or by whom a notion is measured, not which notion it is: jobs or
establishments, all jobs or the salaried ones, the municipal or the total population, a table or an elevation model."""


def split_name(identifier: str) -> tuple[frozenset[str], frozenset[str]]:
    """Split an identifier into the words of its notion, and those of its definition.

    Examples
    --------
    >>> notion, definition = split_name("industry_salaried_jobs_share_pct")
    >>> sorted(notion), sorted(definition)
    (['industry', 'pct', 'share'], ['jobs', 'salaried'])
    """
    words = frozenset(identifier.split("_"))
    return words - QUALIFIERS, words & QUALIFIERS


def family_of(indicator: Indicator, indicators: Mapping[str, Indicator]) -> tuple[str, ...]:
    """List the indicators that state the same notion, the one asked for first.

    Two indicators are of one family when they share their theme, their unit and the words of their notion; a
    sector is a notion, so that the share of construction never stands for that of industry.

    Examples
    --------
    >>> from terrdiag.catalogue import load_indicators
    >>> family_of(load_indicators()["population"], load_indicators())
    ('population', 'population_total')
    """
    notion = _notion(indicator)
    others = (name for name, one in indicators.items() if _notion(one) == notion)
    return (indicator.id, *(name for name in others if name != indicator.id))


def _notion(indicator: Indicator) -> tuple[str, str, frozenset[str]]:
    return indicator.theme, indicator.unit, split_name(indicator.id)[0]
