"""The indicators that an elevation model gives: one a statistic, one a threshold, one a band of ground."""

from collections.abc import Sequence
from typing import Final

from terrdiag.catalogue import Indicator, load_analyses
from terrdiag.study.relief import ReliefTable
from terrdiag.wording import format_number

MODEL_ID: Final = "modele-altimetrique"
"""Identifier of the elevation model among the sources of a run."""

STATISTICS: Final = ("min", "p5", "mean", "median", "p95", "max", "range")


def list_indicators(
    relief: ReliefTable, bands: Sequence[tuple[int, int]], word: str
) -> dict[str, Indicator]:
    """List the indicators of a run, in reading order: one for each threshold, one for each band of ground.

    Examples
    --------
    >>> made = list_indicators(ReliefTable(thresholds_m=(500,)), [(400, 500)], "modèle de terrain")
    >>> [*made][7:9], [*made][-1]
    (['area_above_500_pct', 'hypsometric_integral_dem'], 'area_400_500_dem_km2')
    """
    analyses = load_analyses()
    words = {"model": word, "degrees": _plain(relief.steep_deg)}
    made = [
        *(analyses[f"altitude_{name}_dem_m"].as_indicator(**words) for name in STATISTICS),
        *(
            analyses["area_above_pct"].as_indicator(m=str(m), threshold=format_number(m), **words)
            for m in relief.thresholds_m
        ),
        *(
            analyses[name].as_indicator(**words)
            for name in ("hypsometric_integral_dem", "slope_mean_dem_deg", "steep_ground_share_pct")
        ),
        *(
            analyses["area_band_dem_km2"].as_indicator(**name_bounds(low, high), **words)
            for low, high in bands
        ),
    ]
    return {
        indicator.id: indicator.model_copy(update={"source": (MODEL_ID,)}) for indicator in made
    }


def name_bounds(low: int, high: int) -> dict[str, str]:
    """Word the bounds of a band, for an identifier and for a reader.

    Examples
    --------
    >>> name_bounds(-100, 0)["low"], name_bounds(900, 1000)["to_m"]
    ('moins100', '1\\u202f000')
    """
    return {
        "low": str(low) if low >= 0 else f"moins{-low}",
        "high": str(high) if high >= 0 else f"moins{-high}",
        "from_m": format_number(low),
        "to_m": format_number(high),
    }


def _plain(number: float) -> str:
    return format_number(number, 0 if number == int(number) else 1)
