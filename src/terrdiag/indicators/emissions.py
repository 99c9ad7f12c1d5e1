"""Greenhouse gases emitted on the territory (ADEME, IGT): a modelled inventory, hence estimates."""

import pandas as pd

from terrdiag.indicators.parts import Parts


def ghg_total(ghg_total_tco2e: pd.Series) -> Parts:
    """Count the greenhouse gases emitted in a year, in tonnes of CO₂ equivalent (estimate, territorial approach)."""
    return Parts(ghg_total_tco2e)


def ghg_industry_share_pct(ghg_industry_tco2e: pd.Series, ghg_total_tco2e: pd.Series) -> Parts:
    """Share of industry, but for the energy industry, in the emissions of the eight sectors, in %.

    Examples
    --------
    >>> parts = ghg_industry_share_pct(pd.Series([30.0]), pd.Series([120.0]))
    >>> (parts.scale * parts.numerator / parts.denominator).item()
    25.0
    """
    return Parts(ghg_industry_tco2e, ghg_total_tco2e, 100)


def ghg_road_share_pct(ghg_road_tco2e: pd.Series, ghg_total_tco2e: pd.Series) -> Parts:
    """Share of road transport in the emissions of the eight sectors, in %."""
    return Parts(ghg_road_tco2e, ghg_total_tco2e, 100)
