"""Housing and income (INSEE, recensement de la population; Filosofi)."""

import pandas as pd

from terrdiag.indicators.parts import Parts


def second_homes_share_pct(second_homes: pd.Series, dwellings: pd.Series) -> Parts:
    """Share of second and occasional homes in dwellings, in %.

    Formula: second and occasional homes / dwellings × 100 (INSEE, catégories de logements).
    """
    return Parts(second_homes, dwellings, 100)


def vacant_homes_share_pct(vacant_homes: pd.Series, dwellings: pd.Series) -> Parts:
    """Share of vacant homes in dwellings, in %.

    Formula: vacant homes / dwellings × 100 (INSEE, catégories de logements).
    """
    return Parts(vacant_homes, dwellings, 100)


def median_income_eur(median_income_eur: pd.Series) -> Parts:
    """Give the published median standard of living, in euros a year per consumption unit.

    A median is published, never aggregated (INSEE, Filosofi).
    """
    return Parts(median_income_eur)
