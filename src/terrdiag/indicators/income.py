"""Standards of living (INSEE, Filosofi): published, never summed nor averaged.

Two series, before and after 2022, that must not be compared: two pairs of indicators.
"""

import pandas as pd

from terrdiag.indicators.parts import Parts


def median_living_standard_eur(median_living_standard_eur: pd.Series) -> Parts:
    """Give the published median standard of living of Filosofi 2, in euros a year per consumption unit."""
    return Parts(median_living_standard_eur)


def poverty_rate_pct(poverty_rate_pct: pd.Series) -> Parts:
    """Give the published share of people under 60 % of the metropolitan median of Filosofi 2, in %."""
    return Parts(poverty_rate_pct)


def median_living_standard_filosofi1_eur(median_living_standard_filosofi1_eur: pd.Series) -> Parts:
    """Give the published median standard of living of the first series, in euros a year per consumption unit."""
    return Parts(median_living_standard_filosofi1_eur)


def poverty_rate_filosofi1_pct(poverty_rate_filosofi1_pct: pd.Series) -> Parts:
    """Give the published share of people under 60 % of the metropolitan median, first series, in %."""
    return Parts(poverty_rate_filosofi1_pct)
