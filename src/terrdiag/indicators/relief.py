"""Altitudes of the official tables (IGN), and belonging to a mountain massif."""

import pandas as pd

from terrdiag.indicators.parts import Parts


def altitude_min_m(altitude_min_m: pd.Series) -> Parts:
    """Give the lowest altitude, in metres (a minimum over places, never a sum)."""
    return Parts(altitude_min_m)


def altitude_max_m(altitude_max_m: pd.Series) -> Parts:
    """Give the highest altitude, in metres (a maximum over places, never a sum)."""
    return Parts(altitude_max_m)


def altitude_mean_m(altitude_mean_m: pd.Series, area_km2: pd.Series) -> Parts:
    """Weigh the published mean altitudes by the area, in metres.

    Formula: sum of (mean altitude × area) / sum of areas.

    Examples
    --------
    >>> parts = altitude_mean_m(pd.Series([400.0, 1000.0]), pd.Series([30.0, 10.0]))
    >>> (parts.numerator.sum() / parts.denominator.sum()).item()
    550.0
    """
    return Parts(altitude_mean_m * area_km2, area_km2)


def altitude_range_m(altitude_max_m: pd.Series, altitude_min_m: pd.Series) -> Parts:
    """Subtract the lowest from the highest altitude, in metres.

    Formula: maximum over places − minimum over places (not the largest range of a commune).
    """
    return Parts(altitude_max_m - altitude_min_m)


def mountain_communes_share_pct(communes_mountain: pd.Series, communes: pd.Series) -> Parts:
    """Share of the communes that lie in a mountain massif, in %.

    Formula: communes of a massif / communes × 100 (loi Montagne; ANCT).
    """
    return Parts(communes_mountain, communes, 100)
