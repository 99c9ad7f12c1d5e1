"""Salaried posts on 31 December (INSEE, Flores): all of them, those of industry, and its branches.

A post is not a person: who holds two is counted twice, and a half-time post counts for one. They are
counted where they are, public employers included; defence and the employees of private households are
not among them. They are not the jobs of the census, which has the self-employed too.
"""

import pandas as pd

from terrdiag.indicators.parts import Parts


def salaried_posts(posts_total: pd.Series) -> Parts:
    """Count the salaried posts on 31 December (INSEE, Flores)."""
    return Parts(posts_total)


def industry_salaried_posts_share_pct(posts_industry: pd.Series, posts_total: pd.Series) -> Parts:
    """Share of industry in salaried posts on 31 December, in %.

    Formula: salaried posts of industry / salaried posts × 100 (INSEE, Flores). Neither a share of jobs
    nor a share of establishments.

    Examples
    --------
    >>> parts = industry_salaried_posts_share_pct(pd.Series([30.0]), pd.Series([240.0]))
    >>> (parts.scale * parts.numerator / parts.denominator).item()
    12.5
    """
    return Parts(posts_industry, posts_total, 100)


def food_industry_posts_share_pct(posts_food: pd.Series, posts_industry: pd.Series) -> Parts:
    """Share of food, drink and tobacco (C1) in the salaried posts of industry, in %."""
    return Parts(posts_food, posts_industry, 100)


def refining_industry_posts_share_pct(
    posts_refining: pd.Series, posts_industry: pd.Series
) -> Parts:
    """Share of coke and refining (C2) in the salaried posts of industry, in %."""
    return Parts(posts_refining, posts_industry, 100)


def machinery_industry_posts_share_pct(
    posts_machinery: pd.Series, posts_industry: pd.Series
) -> Parts:
    """Share of electrical and electronic equipment and machines (C3) in the salaried posts of industry, in %."""
    return Parts(posts_machinery, posts_industry, 100)


def transport_equipment_industry_posts_share_pct(
    posts_transport_equipment: pd.Series, posts_industry: pd.Series
) -> Parts:
    """Share of transport equipment (C4) in the salaried posts of industry, in %."""
    return Parts(posts_transport_equipment, posts_industry, 100)


def other_manufacturing_industry_posts_share_pct(
    posts_other_manufacturing: pd.Series, posts_industry: pd.Series
) -> Parts:
    """Share of the other manufactured products (C5) in the salaried posts of industry, in %."""
    return Parts(posts_other_manufacturing, posts_industry, 100)


def energy_water_industry_posts_share_pct(
    posts_energy_water: pd.Series, posts_industry: pd.Series
) -> Parts:
    """Share of mining, energy, water and waste (DE) in the salaried posts of industry, in %."""
    return Parts(posts_energy_water, posts_industry, 100)
