"""Sectors: establishments (counted by commune) and jobs (counts of the census, or the shares published without them).

The two are never mixed: over the EPCI of France the share of industry in establishments and in
jobs correlate at 0.69 only. Sectors are the five of INSEE's A5 nomenclature.
"""

import pandas as pd

from terrdiag.indicators.parts import Parts


def establishments(establishments_total: pd.Series) -> Parts:
    """Count the active establishments on 31 December (INSEE, comparateur de territoires)."""
    return Parts(establishments_total)


def industry_establishments(establishments_industry: pd.Series) -> Parts:
    """Count the active establishments of industry on 31 December (INSEE, comparateur de territoires)."""
    return Parts(establishments_industry)


def industry_establishments_share_pct(
    establishments_industry: pd.Series, establishments_total: pd.Series
) -> Parts:
    """Share of industry in active establishments, in %.

    Formula: industrial establishments / establishments × 100. Not a share of jobs.

    Examples
    --------
    >>> parts = industry_establishments_share_pct(pd.Series([49.0]), pd.Series([559.0]))
    >>> round((parts.scale * parts.numerator / parts.denominator).item(), 2)
    8.77
    """
    return Parts(establishments_industry, establishments_total, 100)


def agriculture_establishments_share_pct(
    establishments_agriculture: pd.Series, establishments_total: pd.Series
) -> Parts:
    """Share of agriculture, forestry and fishing in active establishments, in %."""
    return Parts(establishments_agriculture, establishments_total, 100)


def construction_establishments_share_pct(
    establishments_construction: pd.Series, establishments_total: pd.Series
) -> Parts:
    """Share of construction in active establishments, in %."""
    return Parts(establishments_construction, establishments_total, 100)


def trade_services_establishments_share_pct(
    establishments_trade_services: pd.Series, establishments_total: pd.Series
) -> Parts:
    """Share of trade, transport and services in active establishments, in %."""
    return Parts(establishments_trade_services, establishments_total, 100)


def administration_establishments_share_pct(
    establishments_administration: pd.Series, establishments_total: pd.Series
) -> Parts:
    """Share of public administration, education, health and social work in active establishments, in %."""
    return Parts(establishments_administration, establishments_total, 100)


def industry_jobs_share_pct(jobs_industry: pd.Series, jobs_sectors: pd.Series) -> Parts:
    """Share of industry in jobs at the workplace, in %.

    Formula: ``C_EMPLT_INDUS / C_EMPLT × 100`` (INSEE, complementary exploitation for both, never the main one). Where
    the edition has no counts, the published share stands for it (``published.py``).

    Examples
    --------
    >>> parts = industry_jobs_share_pct(pd.Series([48.0]), pd.Series([320.0]))
    >>> (parts.scale * parts.numerator / parts.denominator).item()
    15.0
    """
    return Parts(jobs_industry, jobs_sectors, 100)


def industry_salaried_jobs_share_pct(industry_salaried_jobs_share_pct: pd.Series) -> Parts:
    """Give the published share of industry in salaried jobs only, in %.

    Not the share in all jobs (:func:`industry_jobs_share_pct`), nor that of establishments.
    """
    return Parts(industry_salaried_jobs_share_pct)


def agriculture_jobs_share_pct(jobs_agriculture: pd.Series, jobs_sectors: pd.Series) -> Parts:
    """Share of agriculture, forestry and fishing in jobs at the workplace, in %.

    Formula: ``C_EMPLT_AGRI / C_EMPLT × 100``; the published share where there are no counts.
    """
    return Parts(jobs_agriculture, jobs_sectors, 100)


def construction_jobs_share_pct(jobs_construction: pd.Series, jobs_sectors: pd.Series) -> Parts:
    """Share of construction in jobs at the workplace, in %.

    Formula: ``C_EMPLT_CONST / C_EMPLT × 100``; the published share where there are no counts.
    """
    return Parts(jobs_construction, jobs_sectors, 100)


def trade_services_jobs_share_pct(jobs_trade_services: pd.Series, jobs_sectors: pd.Series) -> Parts:
    """Share of trade, transport and services in jobs at the workplace, in %.

    Formula: ``C_EMPLT_CTS / C_EMPLT × 100``; the published share where there are no counts.
    """
    return Parts(jobs_trade_services, jobs_sectors, 100)


def administration_jobs_share_pct(jobs_administration: pd.Series, jobs_sectors: pd.Series) -> Parts:
    """Share of administration, education, health and social work in jobs at the workplace, in %.

    Formula: ``C_EMPLT_APESAS / C_EMPLT × 100``; the published share where there are no counts.
    """
    return Parts(jobs_administration, jobs_sectors, 100)
