"""Private salaried jobs at the workplace (Urssaf): neither civil servants, nor farming, nor self-employed."""

import pandas as pd

from terrdiag.indicators.parts import Parts


def private_jobs(private_jobs_total: pd.Series) -> Parts:
    """Count the private salaried jobs at the end of the year."""
    return Parts(private_jobs_total)


def industry_private_jobs_share_pct(
    private_jobs_industry: pd.Series, private_jobs_total: pd.Series
) -> Parts:
    """Share of industry in private salaried jobs, in %.

    Formula: private salaried jobs of industry / private salaried jobs × 100. Neither a share of all jobs nor of
    establishments; temporary workers are in the sector of their agency.

    Examples
    --------
    >>> parts = industry_private_jobs_share_pct(pd.Series([30.0]), pd.Series([120.0]))
    >>> (parts.scale * parts.numerator / parts.denominator).item()
    25.0
    """
    return Parts(private_jobs_industry, private_jobs_total, 100)
