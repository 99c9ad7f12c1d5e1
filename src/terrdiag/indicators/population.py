"""Population and natural change.

Source of the definitions: INSEE, « Population municipale » and « Solde naturel » (definitions of
the census).
"""

import pandas as pd

from terrdiag.indicators.parts import Parts


def population(population: pd.Series) -> Parts:
    """Count the municipal population, in inhabitants.

    Formula: population municipale (INSEE, recensement de la population).
    """
    return Parts(population)


def population_density(population: pd.Series, area_km2: pd.Series) -> Parts:
    """Divide the municipal population by the area, in inhabitants per km².

    Formula: population / area. The area is that of the full-detail outline (IGN, through
    geo.api.gouv.fr).

    Examples
    --------
    >>> parts = population_density(pd.Series([300.0]), pd.Series([12.0]))
    >>> (parts.numerator / parts.denominator).tolist()
    [25.0]
    """
    return Parts(population, area_km2)


def population_growth_pct(population_start: pd.Series, population_end: pd.Series) -> Parts:
    """Compare two censuses of the municipal population, in % a year.

    Formula: ((end / start) ** (1 / years) − 1) × 100, on the communes known at both ends (INSEE, «
    taux de variation annuel moyen »).
    """
    return Parts(population_end, population_start)


def natural_change_pct(
    births: pd.Series,
    deaths: pd.Series,
    population_start: pd.Series,
    population_end: pd.Series,
    years: int,
) -> Parts:
    """Relate births minus deaths to the mean population of the interval, in % a year.

    Formula: (births − deaths) / (years × (population at the start + population at the end) / 2) ×
    100. INSEE shares the annual growth rate between natural and migratory change; the half-sum
    used here stays defined where the population has not changed and differs from it in the third
    decimal.

    Examples
    --------
    >>> one = pd.Series([1.0])
    >>> parts = natural_change_pct(30 * one, 80 * one, 990 * one, 1010 * one, 5)
    >>> (parts.scale * parts.numerator / parts.denominator).tolist()
    [-1.0]
    """
    return Parts(births - deaths, years * (population_start + population_end) / 2, 100)
