"""Population, and its change: natural balance and apparent balance of entries and exits.

Source of the definitions: INSEE, « Population municipale », « Solde naturel » and « Solde apparent
des entrées et des sorties » (definitions of the census).
"""

import pandas as pd

from terrdiag.indicators.parts import Parts


def population(population: pd.Series) -> Parts:
    """Count the municipal population, in inhabitants.

    Formula: population municipale (INSEE, recensement de la population).
    """
    return Parts(population)


def population_total(population_total: pd.Series) -> Parts:
    """Count the total population, municipal and counted apart, in inhabitants.

    Formula: PTOT = PMUN + PCAP (INSEE, populations de référence). Some people are counted in two
    communes: it is not the municipal population.
    """
    return Parts(population_total)


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


def migration_change_pct(
    births: pd.Series,
    deaths: pd.Series,
    population_start: pd.Series,
    population_end: pd.Series,
    years: int,
) -> Parts:
    """Relate the apparent balance of entries and exits to the mean population, in % a year.

    Formula: (end − start − (births − deaths)) / (years × (start + end) / 2) × 100. Its sum with
    :func:`natural_change_pct` is the change over the same denominator; the compound annual rate
    (:func:`population_growth_pct`) differs from that sum by about half its square: 0.001 points at
    0.5 % a year, 0.005 at 1 %, 0.02 at 2 %.

    Examples
    --------
    >>> one = pd.Series([1.0])
    >>> parts = migration_change_pct(30 * one, 80 * one, 990 * one, 1010 * one, 5)
    >>> (parts.scale * parts.numerator / parts.denominator).tolist()
    [1.4]
    """
    balance = population_end - population_start - (births - deaths)
    return Parts(balance, years * (population_start + population_end) / 2, 100)


def natural_balance(
    births: pd.Series, deaths: pd.Series, population_start: pd.Series, population_end: pd.Series
) -> Parts:
    """Subtract the deaths from the births of an interval, in persons.

    Formula: births − deaths, of the communes whose two populations are known: its sum with
    :func:`migration_balance` is then exactly the change of population.
    """
    both = population_start.notna() & population_end.notna()
    return Parts((births - deaths).where(both))


def migration_balance(
    births: pd.Series, deaths: pd.Series, population_start: pd.Series, population_end: pd.Series
) -> Parts:
    """Give what is left of the change of population without births and deaths, in persons.

    Formula: (end − start) − (births − deaths) (INSEE, « solde apparent des entrées et des sorties »):
    it holds the faults of the two censuses as well.

    Examples
    --------
    >>> one = pd.Series([1.0])
    >>> migration_balance(30 * one, 80 * one, 990 * one, 1010 * one).numerator.tolist()
    [70.0]
    """
    return Parts(population_end - population_start - (births - deaths))
