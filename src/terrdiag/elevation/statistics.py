"""Relief of zones from what was measured of them: altitudes, quantiles, hypsometry, slope."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from terrdiag.elevation.model import Floats, ReliefStatistics, Zones

MIN_COVERAGE_PCT: Final = 95.0
"""Under this share of known cells, a zone gets no value."""


def describe_zones(zones: Zones, min_coverage_pct: float = MIN_COVERAGE_PCT) -> ReliefStatistics:
    """Compute the altitudes (m), the slope (degrees) and the hypsometric integral of zones.

    Parameters
    ----------
    zones
        What was measured.
    min_coverage_pct
        Share of a zone's cells that must have a value; for the slope, a known slope.

    Returns
    -------
    ReliefStatistics
        Arrays with a cell a zone, NaN under the minimum.

    Notes
    -----
    Quantiles come from the histogram, linearly inside its 1 m bins: they are within 1 m of those of
    the cells. The hypsometric integral is (mean − min) / (max − min), equal to the area under the
    hypsometric curve: Pike and Wilson (1971), *Geological Society of America Bulletin* 82, 1079-1084.
    """
    coverage = cover_zones(zones)
    known = coverage >= min_coverage_pct
    sloping = 100 * _divide(zones.slope_known_km2, zones.cells_km2) >= min_coverage_pct
    low, high = np.where(known, zones.low_m, np.nan), np.where(known, zones.high_m, np.nan)
    mean = np.where(known, _divide(zones.moment_km2_m, zones.known_km2), np.nan)
    p5, median, p95 = np.where(known, find_quantiles(zones, (0.05, 0.5, 0.95)), np.nan)
    return ReliefStatistics(
        coverage_pct=coverage,
        min_m=low,
        p5_m=p5,
        mean_m=mean,
        median_m=median,
        p95_m=p95,
        max_m=high,
        range_m=high - low,
        hypsometric_integral=_divide(mean - low, high - low),
        slope_mean_deg=np.where(
            sloping, _divide(zones.slope_km2_deg, zones.slope_known_km2), np.nan
        ),
        steep_share_pct=np.where(
            sloping, 100 * _divide(zones.steep_km2, zones.slope_known_km2), np.nan
        ),
    )


def cover_zones(zones: Zones) -> Floats:
    """Compute the share of each zone's cells that have a value (%), shape (n,)."""
    return 100 * _divide(zones.known_km2, zones.cells_km2)


def find_quantiles(zones: Zones, shares: tuple[float, ...]) -> Floats:
    """Find the altitudes (m) under which given shares of the known area lie.

    Parameters
    ----------
    zones
        What was measured.
    shares
        Between 0 and 1.

    Returns
    -------
    ndarray
        Shape (shares, n); NaN where nothing is known.
    """
    cumulated = np.cumsum(zones.histogram_km2, axis=1)
    found = np.full((len(shares), len(zones)), np.nan)
    # a whole number stands for what rounds to it, half a metre on either side
    shift = 0.5 if zones.whole_metres else 0.0
    for row in np.flatnonzero(zones.known_km2 > 0):
        for rank, share in enumerate(shares):
            wanted = share * cumulated[row, -1]
            k = int(np.searchsorted(cumulated[row], wanted))
            before = cumulated[row, k - 1] if k else 0.0
            inside = (wanted - before) / zones.histogram_km2[row, k]
            altitude = zones.base_m + k + inside - shift
            # the cells of the first and of the last bin do not fill it
            found[rank, row] = np.clip(altitude, zones.low_m[row], zones.high_m[row])
    return found


def share_above(
    zones: Zones, threshold_m: float, min_coverage_pct: float = MIN_COVERAGE_PCT
) -> Floats:
    """Compute the share of the known area at or above an altitude (%).

    Parameters
    ----------
    zones
        What was measured.
    threshold_m
        An altitude; inside a bin of the histogram, its area is taken as evenly spread.
    min_coverage_pct
        Share of a zone's cells that must have a value.

    Returns
    -------
    ndarray
        Shape (n,); NaN under the minimum.
    """
    above = _divide(_measure_above(zones, threshold_m), zones.histogram_km2.sum(axis=1))
    return np.where(cover_zones(zones) >= min_coverage_pct, 100 * above, np.nan)


def area_by_band(zones: Zones, step_m: int = 100) -> tuple[NDArray[np.int64], Floats]:
    """Measure the known area by band of altitude (km²).

    Parameters
    ----------
    zones
        What was measured.
    step_m
        Height of a band; bands start at its multiples and hold their lower edge.

    Returns
    -------
    edges
        Altitudes that bound the bands, shape (bands + 1,).
    area_km2
        Shape (n, bands).

    Raises
    ------
    ValueError
        The step is not a positive whole number of metres.
    """
    if step_m < 1 or step_m != int(step_m):
        raise ValueError(
            f"Le pas des tranches d'altitude est un nombre entier de mètres : {step_m}."
        )
    bins = zones.histogram_km2.shape[1]
    first = zones.base_m // step_m * step_m
    last = -(-(zones.base_m + bins) // step_m) * step_m
    edges = np.arange(first, last + step_m, step_m)
    starts = np.maximum(edges[:-1] - zones.base_m, 0)
    if not bins:
        return edges, np.zeros((len(zones), len(edges) - 1))
    return edges, np.add.reduceat(zones.histogram_km2, starts, axis=1)


def hypsometric_curve(zones: Zones, row: int) -> tuple[Floats, Floats]:
    """Compute the hypsometric curve of one zone: the share of its known area above each altitude (%).

    Parameters
    ----------
    zones
        What was measured.
    row
        The zone.

    Returns
    -------
    altitude_m
        From its lowest cell to its highest, a point a metre; empty where nothing is known.
    share_above_pct
        From 100 to 0.
    """
    low, high = zones.low_m[row], zones.high_m[row]
    if np.isnan(low):
        return np.zeros(0), np.zeros(0)
    inner = np.arange(np.floor(low) + 1, np.ceil(high))
    total = zones.histogram_km2[row].sum()
    cumulated = np.concatenate([[0.0], np.cumsum(zones.histogram_km2[row])])
    above = 100 * (1 - cumulated[(inner - zones.base_m).astype(int)] / total)
    return np.concatenate([[low], inner, [high]]), np.concatenate([[100.0], above, [0.0]])


def find_vertical_step(zones: Zones) -> float:
    """Find the usual gap between altitudes in use (m): 1 on a fine model, more on one in coarse steps.

    Returns
    -------
    float
        The median gap between bins in use, over all the zones; NaN under ten of them.
    """
    used = np.flatnonzero(zones.histogram_km2.any(axis=0))
    return float(np.median(np.diff(used))) if len(used) >= 10 else np.nan


def _measure_above(zones: Zones, threshold_m: float) -> Floats:
    place = threshold_m - zones.base_m
    if zones.whole_metres:
        place = np.ceil(place)
    bins = zones.histogram_km2.shape[1]
    k = int(np.clip(np.floor(place), 0, bins))
    above: Floats = zones.histogram_km2[:, k:].sum(axis=1)
    if k < place and k < bins:
        above -= zones.histogram_km2[:, k] * (place - k)
    return above


def _divide(numerator: Floats, denominator: Floats) -> Floats:
    """Divide, giving NaN where the denominator is zero."""
    quotient: Floats = np.full(np.shape(denominator), np.nan)
    np.divide(numerator, denominator, out=quotient, where=denominator != 0)
    return quotient
