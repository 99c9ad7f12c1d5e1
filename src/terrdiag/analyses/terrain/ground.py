"""Counts spread over the altitude of the ground: an estimate, under a hypothesis that is printed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from terrdiag.analyses.terrain.altitudes import join_sources, latest_by_commune
from terrdiag.analyses.terrain.relief import Measures
from terrdiag.analyses.terrain.variants import MODEL_ID, name_bounds
from terrdiag.catalogue import Indicator, load_analyses, load_indicators
from terrdiag.elevation import area_by_band
from terrdiag.elevation.statistics import MIN_COVERAGE_PCT
from terrdiag.indicators import Place
from terrdiag.values import ESTIMATE, build_values

Floats = NDArray[np.float64]

SPREAD: Final = ("population", "jobs", "establishments")
"""Counts that are spread over the ground of each commune."""


@dataclass(frozen=True)
class Spread:
    """A count spread over the altitude of the ground: an estimate.

    Attributes
    ----------
    indicator
        What is counted, and at which year.
    year
        Its year.
    by_band
        Estimate by band of ground, in the order of the findings.
    coverage_pct
        Share of the count that lies in communes the model covers.
    """

    indicator: Indicator
    year: int
    by_band: tuple[float, ...]
    coverage_pct: float


@dataclass(frozen=True)
class GroundFindings:
    """Counts by altitude of the ground.

    Attributes
    ----------
    values, indicators
        Rows of the table of values, all of status ``estimate``, and their indicators.
    bands
        Bounds of the bands of ground, in metres.
    area_km2
        Area of the ground in each.
    spreads
        One a count that could be spread.
    left_out
        Counts that could not: not known for every commune, or in communes that the model does not cover.
    """

    values: pd.DataFrame
    indicators: dict[str, Indicator]
    bands: tuple[tuple[int, int], ...]
    area_km2: tuple[float, ...]
    spreads: tuple[Spread, ...]
    left_out: tuple[Indicator, ...] = ()


def spread_over_ground(
    measures: Measures, values: pd.DataFrame, step_m: int, territory: Place, cog_year: int
) -> GroundFindings:
    """Spread counts over the altitude of the ground, uniformly inside each commune (areal weighting).

    Formula: sum over communes of count × share of the commune's area in the band. Densities are not given
    this way: people live in the valleys.

    Parameters
    ----------
    measures
        What was measured of the communes.
    values
        The table of values: counts of the communes.
    step_m
        Height of a band of ground.
    territory
        Whose ground it is.
    cog_year
        Geography of the values.

    Returns
    -------
    GroundFindings
        Without a count that lies for less than 95 % in communes the model covers.
    """
    edges, areas = area_by_band(measures.zones, step_m)
    filled = np.flatnonzero(areas.sum(axis=0))
    kept = slice(filled[0], filled[-1] + 1) if len(filled) else slice(0, 0)
    bands = tuple(zip(edges[:-1][kept].tolist(), edges[1:][kept].tolist(), strict=True))
    share = _share_ground(measures, areas)[:, kept]
    codes = list(measures.zones.codes)
    spreads, left_out, rows, indicators = [], [], [], {}
    for name in SPREAD:
        counts = latest_by_commune(values, name)
        spread = _spread(load_indicators()[name], counts, share, codes)
        if spread is None:
            left_out.append(load_indicators()[name])
            continue
        spreads.append(spread)
        source = join_sources([MODEL_ID, *counts["source_id"]])
        for made, row in _tabulate(spread, bands, measures.word):
            indicators[made.id] = made
            rows.append({**row, "source_id": source, "cog_year": cog_year})
    common = {"level": territory.level, "code": territory.code, "name": territory.name}
    return GroundFindings(
        values=build_values({**row, **common} for row in rows),
        indicators=indicators,
        bands=bands,
        area_km2=tuple(areas.sum(axis=0)[kept].tolist()),
        spreads=tuple(spreads),
        left_out=tuple(left_out),
    )


def _share_ground(measures: Measures, areas: Floats) -> Floats:
    """Share of each commune's known ground in each band; nothing for a commune the model covers too little of."""
    covered = np.nan_to_num(measures.statistics.coverage_pct) >= MIN_COVERAGE_PCT
    total = areas.sum(axis=1, keepdims=True)
    share: Floats = np.zeros_like(areas)
    np.divide(areas, total, out=share, where=covered[:, None] & (total > 0))
    return share


def _spread(
    indicator: Indicator, rows: pd.DataFrame, share: Floats, codes: list[str]
) -> Spread | None:
    """Spread a count; None when it is not known for every commune, or lies too much out of the model."""
    counts = rows["value"].reindex(codes).to_numpy(float)
    whole = float(counts.sum())
    by_band = counts @ share
    # an unknown count makes all of these NaN
    if not by_band.sum() >= whole * MIN_COVERAGE_PCT / 100 or whole == 0:
        return None
    coverage = 100 * float(by_band.sum()) / whole
    return Spread(
        indicator,
        int(rows["ref_year"].iloc[0]),
        tuple(by_band.tolist()),
        100.0 if coverage > 100 - 1e-6 else coverage,
    )


def _tabulate(
    spread: Spread, bands: Sequence[tuple[int, int]], word: str
) -> Iterator[tuple[Indicator, dict[str, object]]]:
    """Make the indicator and the row of each band."""
    base = spread.indicator
    for bounds, value in zip(bands, spread.by_band, strict=True):
        made = (
            load_analyses()["count_by_ground"]
            .as_indicator(
                indicator=base.id,
                label=base.label_fr,
                short=base.short_fr,
                model=word,
                **name_bounds(*bounds),
            )
            .model_copy(update={"unit": base.unit, "source": (*base.source, MODEL_ID)})
        )
        yield (
            made,
            {
                "indicator": made.id,
                "ref_year": spread.year,
                "value": value,
                "unit": made.unit,
                "coverage_pct": spread.coverage_pct,
                "status": ESTIMATE,
            },
        )
