"""How the figures of communes change with their altitude: rank correlation and robust slope, never a cause."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from terrdiag.analyses.terrain.altitudes import CommuneAltitudes, join_sources, latest_by_commune
from terrdiag.analyses.terrain.robust import RobustSlope, fit_slope, spearman_rho
from terrdiag.catalogue import Indicator, load_analyses, load_indicators
from terrdiag.indicators import Place
from terrdiag.values import NOT_APPLICABLE, OK, PARTIAL, TOO_SMALL, build_values

Floats = NDArray[np.float64]

MIN_COMMUNES: Final = 10
"""Under this, no gradient: a few communes line up by chance."""

MIN_EXTENT_M: Final = 100.0
"""Nor when the communes lie within this: a change for 100 m would be told of altitudes that are not there."""

MIN_RHO: Final = 0.2
"""A weaker rank correlation is not told as a trend, however narrow the interval."""

FOLLOWED: Final = (
    "population_density",
    "population_growth_pct",
    "second_homes_share_pct",
    "jobs",
    "employment_concentration",
    "jobs_growth_pct",
    "establishments",
)
"""Indicators that are set beside the altitude of the communes, in reading order."""

_CHANGES: Final = {"%": "points", "% par an": "points par an"}
"""A difference between two percentages is in points."""

STEP_M: Final = 100
"""A slope is given for this difference of altitude."""


@dataclass(frozen=True)
class Gradient:
    """An indicator beside the altitude of the communes.

    Attributes
    ----------
    indicator
        The indicator.
    year
        The year known for most communes.
    codes
        Communes whose value and altitude are both known.
    altitude_m, values
        Theirs.
    rho
        Rank correlation; NaN under ten communes, within 100 m, or when all values are equal.
    slope
        Change for 100 m, in units of the indicator; NaN in the same cases but the last.
    """

    indicator: Indicator
    year: int
    codes: tuple[str, ...]
    altitude_m: Floats
    values: Floats
    rho: float
    slope: RobustSlope

    @property
    def is_given(self) -> bool:
        """Whether there are enough communes, and enough differences between them."""
        return not np.isnan(self.rho)

    @property
    def is_clear(self) -> bool:
        """Whether the interval of the slope leaves zero out, and the correlation is not negligible.

        With thousands of communes the interval leaves zero out for next to nothing.
        """
        same_side = self.slope.slope * self.rho > 0 and abs(self.rho) >= MIN_RHO
        return self.is_given and same_side and (self.slope.low > 0 or self.slope.high < 0)


@dataclass(frozen=True)
class GradientFindings:
    """How the figures of a territory change with altitude.

    Attributes
    ----------
    values, indicators
        Rows of the table of values, at the level of the territory, and their indicators.
    gradients
        One an indicator that some commune knows.
    altitudes
        Which altitude of the communes was used.
    """

    values: pd.DataFrame
    indicators: dict[str, Indicator]
    gradients: tuple[Gradient, ...]
    altitudes: CommuneAltitudes


def analyse_gradients(
    altitudes: CommuneAltitudes, values: pd.DataFrame, territory: Place, cog_year: int
) -> GradientFindings:
    """Set the figures of the communes beside their altitude.

    Parameters
    ----------
    altitudes
        Altitudes of the communes, all of the same kind.
    values
        The table of values: rows of the communes.
    territory
        Whose communes they are.
    cog_year
        Geography of the values.

    Returns
    -------
    GradientFindings
        With fewer than ten communes the status is ``too_small``. The denominator is their number, the coverage their
        share of all communes (each counts for one, whatever its population): under 100 % the status is ``partial``.
    """
    gradients, rows, indicators = [], [], {}
    for name in FOLLOWED:
        known = latest_by_commune(values, name)
        found = fit_gradient(load_indicators()[name], known, altitudes)
        if found is None:
            continue
        gradients.append(found)
        made = list_variants(found.indicator, altitudes)
        sources = join_sources([altitudes.source_id, *known["source_id"]])
        coverage = 100 * len(found.codes) / len(altitudes.altitude_m)
        for analysis, value in _results(found).items():
            indicator = made[analysis]
            indicators[indicator.id] = indicator
            rows.append(
                {
                    "level": territory.level,
                    "code": territory.code,
                    "name": territory.name,
                    "indicator": indicator.id,
                    "ref_year": found.year,
                    "value": value if np.isfinite(value) else np.nan,
                    "unit": indicator.unit,
                    "denominator": float(len(found.codes)),
                    "coverage_pct": coverage,
                    "status": _judge(found, value, coverage),
                    "source_id": sources,
                    "cog_year": cog_year,
                }
            )
    return GradientFindings(build_values(rows), indicators, tuple(gradients), altitudes)


def fit_gradient(
    indicator: Indicator, rows: pd.DataFrame, altitudes: CommuneAltitudes
) -> Gradient | None:
    """Fit one indicator of communes to their altitude.

    Parameters
    ----------
    indicator
        The indicator.
    rows
        By commune code: ``value, ref_year``, known values of one year.
    altitudes
        Altitudes of the communes.

    Returns
    -------
    Gradient or None
        None when no commune has both.
    """
    altitude = altitudes.known
    codes = altitude.index.intersection(rows.index).sort_values()
    if codes.empty:
        return None
    x: Floats = np.asarray(altitude.reindex(codes), dtype=np.float64)
    y: Floats = np.asarray(rows["value"].reindex(codes), dtype=np.float64)
    enough = len(codes) >= MIN_COMMUNES and float(np.ptp(x)) >= MIN_EXTENT_M
    nothing = np.zeros(0)
    return Gradient(
        indicator=indicator,
        year=int(rows["ref_year"].iloc[0]),
        codes=tuple(codes),
        altitude_m=x,
        values=y,
        rho=spearman_rho(x, y) if enough else float("nan"),
        slope=fit_slope(x / STEP_M, y) if enough else fit_slope(nothing, nothing),
    )


def list_variants(indicator: Indicator, altitudes: CommuneAltitudes) -> Mapping[str, Indicator]:
    """Make the four indicators of a gradient, by the identifier of their analysis."""
    words = {
        "indicator": indicator.id,
        "label": indicator.label_fr,
        "short": indicator.short_fr,
        "altitude": altitudes.words,
    }
    made = {}
    sources = dict.fromkeys((*indicator.source, *altitudes.source_id.split("+")))
    followed: dict[str, object] = {"source": tuple(filter(None, sources))}
    changing = followed | {
        "unit": f"{_CHANGES.get(indicator.unit, indicator.unit)} pour {STEP_M} m",
        "decimals": min(indicator.decimals + 1, 4),
    }
    for name in ("altitude_rho", "altitude_slope", "altitude_slope_low", "altitude_slope_high"):
        variant = load_analyses()[name].as_indicator(**words)
        change: dict[str, object] = followed if name == "altitude_rho" else changing
        made[name] = variant.model_copy(update=change)
    return made


def _results(found: Gradient) -> dict[str, float]:
    return {
        "altitude_rho": found.rho,
        "altitude_slope": found.slope.slope,
        "altitude_slope_low": found.slope.low,
        "altitude_slope_high": found.slope.high,
    }


def _judge(found: Gradient, value: float, coverage: float) -> str:
    """Say what may be said of a result: an end of the interval may not exist, when most altitudes are equal."""
    if len(found.codes) < MIN_COMMUNES:
        return TOO_SMALL
    if not np.isfinite(value):
        return NOT_APPLICABLE
    return OK if coverage == 100 else PARTIAL
