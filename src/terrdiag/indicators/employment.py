"""Jobs at the workplace and the labour force (INSEE, recensement de la population)."""

import pandas as pd

from terrdiag.indicators.parts import Parts


def jobs(jobs_total: pd.Series) -> Parts:
    """Count the jobs at the workplace.

    Formula: jobs at the workplace, main exploitation of the census (``P_EMPLT``): weighted
    estimates.
    """
    return Parts(jobs_total)


def jobs_growth_pct(jobs_start: pd.Series, jobs_end: pd.Series) -> Parts:
    """Compare the jobs of two censuses, in % a year.

    Formula: ((end / start) ** (1 / years) − 1) × 100.
    """
    return Parts(jobs_end, jobs_start)


def jobs_growth_published_pct(jobs_growth_published_pct: pd.Series) -> Parts:
    """Give the published growth of jobs between two censuses, in % a year.

    Formula: ((end / start) ** (1 / years) − 1) × 100 (INSEE, main exploitation).
    """
    return Parts(jobs_growth_published_pct)


def salaried_jobs_share_pct(jobs_salaried: pd.Series, jobs_total: pd.Series) -> Parts:
    """Share of salaried jobs in jobs at the workplace, in %.

    Formula: salaried jobs / jobs × 100.
    """
    return Parts(jobs_salaried, jobs_total, 100)


def employment_concentration(
    jobs_total: pd.Series, active_1564: pd.Series, unemployed_1564: pd.Series
) -> Parts:
    """Relate jobs to the employed residents, in jobs per 100 employed residents aged 15 to 64.

    Formula: jobs at the workplace / (active − unemployed residents aged 15 to 64) × 100. INSEE's «
    indicateur de concentration d'emploi » has the employed aged 15 or more below, which the
    comparateur does not give.

    Examples
    --------
    >>> parts = employment_concentration(pd.Series([450.0]), pd.Series([550.0]), pd.Series([50.0]))
    >>> (parts.scale * parts.numerator / parts.denominator).tolist()
    [90.0]
    """
    return Parts(jobs_total, active_1564 - unemployed_1564, 100)


def unemployment_rate_pct(unemployed_1564: pd.Series, active_1564: pd.Series) -> Parts:
    """Share of the active residents aged 15 to 64 who call themselves unemployed in the census, in %.

    Formula: unemployed / active × 100 (INSEE, « taux de chômage au sens du recensement »).
    """
    return Parts(unemployed_1564, active_1564, 100)
