"""The words of the indicators of specialisation: sectors, comparators, bounds, as the catalogue's texts take them."""

import functools
from typing import Final, Literal

from terrdiag.analyses.sectors.mix import Basis
from terrdiag.catalogue import Indicator, load_analyses

Bound = Literal["low", "high"]

OF_SECTOR: Final = {
    "industry": "de l'industrie",
    "agriculture": "de l'agriculture",
    "construction": "de la construction",
    "trade_services": "du commerce, des transports et des services",
    "administration": "de l'administration, de l'enseignement, de la santé et de l'action sociale",
    "agriculture_industry": "de l'agriculture et de l'industrie réunies",
}
"""Sectors and branches, in French, after « part »."""

SECTORS_EN: Final = {
    "industry": "industry",
    "agriculture": "agriculture",
    "construction": "construction",
    "trade_services": "trade, transport and services",
    "administration": "public administration, education, health and social work",
    "agriculture_industry": "agriculture and industry together",
}

SHORT_SECTORS: Final = {
    "industry": "industrie",
    "agriculture": "agriculture",
    "construction": "construction",
    "trade_services": "commerce, services",
    "administration": "administration",
    "agriculture_industry": "agriculture et industrie",
}

_BOUNDS: Final = {"low": ("borne basse", "low bound"), "high": ("borne haute", "high bound")}

_EFFECTS: Final = {
    "total": ("évolution totale", "total change"),
    "national": ("effet de la référence (national)", "reference (national) effect"),
    "structural": ("effet structurel", "industry mix effect"),
    "local": ("effet local (résiduel)", "local effect"),
}

_SPREAD: Final = {
    "jobs": ("emplois au lieu de travail", "des emplois au lieu de travail", "jobs"),
    "establishments": ("établissements actifs", "des établissements actifs", "establishments"),
    "population": ("population municipale", "de la population municipale", "population"),
}


@functools.cache
def quotient_indicator(
    basis: Basis, sector: str, word: str, reference: str, bound: Bound | None = None
) -> Indicator:
    """Make the indicator of a location quotient, or of one of its bounds.

    Examples
    --------
    >>> quotient_indicator("jobs", "industry", "region:76", "Occitanie", "low").id
    'lq_industry_jobs_vs_region_76_low'
    """
    entry = load_analyses()[f"lq_{basis}_bound" if bound else f"lq_{basis}"]
    bound_fr, bound_en = _BOUNDS[bound] if bound else ("", "")
    return entry.as_indicator(
        sector=sector,
        sector_fr=OF_SECTOR[sector],
        sector_en=SECTORS_EN[sector],
        sector_short=SHORT_SECTORS[sector],
        reference=word,
        reference_name=reference,
        bound=bound or "",
        bound_fr=bound_fr,
        bound_en=bound_en,
    )


@functools.cache
def distance_indicator(basis: Basis, word: str, reference: str) -> Indicator:
    """Make the indicator of the distance to a comparator.

    Examples
    --------
    >>> distance_indicator("establishments", "france", "France").id
    'krugman_establishments_vs_france'
    """
    entry = load_analyses()[f"krugman_{basis}"]
    return entry.as_indicator(reference=word, reference_name=reference)


@functools.cache
def plain_indicator(analysis: str) -> Indicator:
    """Make the indicator of an analysis whose texts hold no word."""
    return load_analyses()[analysis].as_indicator()


@functools.cache
def effect_indicator(basis: Basis, effect: str, word: str, reference: str) -> Indicator:
    """Make the indicator of an effect of a shift-share analysis.

    Examples
    --------
    >>> effect_indicator("jobs", "structural", "france", "France").id
    'shift_share_structural_jobs_vs_france_pct'
    """
    entry = load_analyses()[f"shift_share_{basis}"]
    effect_fr, effect_en = _EFFECTS[effect]
    return entry.as_indicator(
        effect=effect,
        effect_fr=effect_fr,
        effect_en=effect_en,
        reference=word,
        reference_name=reference,
    )


@functools.cache
def effect_bound_indicator(effect: str, word: str, reference: str, bound: Bound) -> Indicator:
    """Make the indicator of a bound of an effect on jobs.

    Examples
    --------
    >>> effect_bound_indicator("local", "region:76", "Occitanie", "high").id
    'shift_share_local_jobs_vs_region_76_high_pct'
    """
    effect_fr, effect_en = _EFFECTS[effect]
    bound_fr, bound_en = _BOUNDS[bound]
    return load_analyses()["shift_share_jobs_bound"].as_indicator(
        effect=effect,
        effect_fr=effect_fr,
        effect_en=effect_en,
        reference=word,
        reference_name=reference,
        bound=bound,
        bound_fr=bound_fr,
        bound_en=bound_en,
    )


@functools.cache
def branch_indicator(
    basis: Basis, effect: str, branch: str, word: str, reference: str
) -> Indicator:
    """Make the indicator of the part of a branch in an effect.

    Examples
    --------
    >>> branch_indicator("jobs", "local", "construction", "france", "France").id
    'shift_share_local_construction_jobs_vs_france_pct'
    """
    effect_fr, effect_en = _EFFECTS[effect]
    return load_analyses()[f"shift_share_branch_{basis}"].as_indicator(
        effect=effect,
        effect_fr=effect_fr,
        effect_en=effect_en,
        branch=branch,
        branch_fr=OF_SECTOR[branch],
        branch_en=SECTORS_EN[branch],
        branch_short=SHORT_SECTORS[branch],
        reference=word,
        reference_name=reference,
    )


@functools.cache
def spread_indicator(analysis: str, what: str) -> Indicator:
    """Make the indicator of how a count is spread over communes.

    Examples
    --------
    >>> spread_indicator("top_commune", "jobs").id, spread_indicator("gini_communes", "jobs").id
    ('top_commune_jobs_share_pct', 'gini_communes_jobs')
    """
    what_fr, of_what_fr, what_en = _SPREAD[what]
    return load_analyses()[analysis].as_indicator(
        what=what, what_fr=what_fr, of_what_fr=of_what_fr, what_en=what_en
    )
