"""Electricity and gas delivered by the networks (Agence ORE, SDES): not all energy, not corrected for temperature."""

import pandas as pd

from terrdiag.indicators.parts import Parts


def energy_use(energy_total_mwh: pd.Series) -> Parts:
    """Count the electricity and gas delivered in a year, in MWh."""
    return Parts(energy_total_mwh)


def energy_industry_share_pct(energy_industry_mwh: pd.Series, energy_total_mwh: pd.Series) -> Parts:
    """Share of what is classified as industry in the electricity and gas delivered, in %.

    Formula: energy of the sector « industrie » / energy of all sectors, the unknown one among them × 100.

    Examples
    --------
    >>> parts = energy_industry_share_pct(pd.Series([250.0]), pd.Series([1000.0]))
    >>> (parts.scale * parts.numerator / parts.denominator).item()
    25.0
    """
    return Parts(energy_industry_mwh, energy_total_mwh, 100)


def energy_unclassified_share_pct(
    energy_unknown_mwh: pd.Series, energy_total_mwh: pd.Series
) -> Parts:
    """Share of what has no known sector in the electricity and gas delivered, in %."""
    return Parts(energy_unknown_mwh, energy_total_mwh, 100)
