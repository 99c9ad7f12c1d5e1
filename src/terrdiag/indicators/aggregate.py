"""From communes to places: sums of what is known, ratios of sums, and what may be said of them."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from terrdiag.edition.schema import ESTIMATED, FIGURE_STATUSES
from terrdiag.indicators.figures import TIMELESS, CommuneFigures, Key
from terrdiag.indicators.parts import Parts, finish_growth, finish_ratio
from terrdiag.indicators.places import Members
from terrdiag.indicators.slices import Slice
from terrdiag.values import (
    ESTIMATE,
    MISSING,
    NOT_APPLICABLE,
    OK,
    PARTIAL,
    SECRET,
    STATUSES_WITH_VALUE,
    TOO_SMALL,
)

MIN_COVERAGE_PCT: Final = {"count": 95.0, "density": 95.0, "extent": 50.0, "published": 100.0}
"""Under this, a value is not given. A sum over fewer inhabitants would mislead, as would a density that leaves out the
emptiest or the densest part; an extremum of the communes known is still a bound, and says so."""

MIN_COVERAGE_RATIO_PCT: Final = 80.0
"""For a ratio, whose numerator and denominator are taken on the same communes."""

EXTREMA: Final = {"_min_m": np.fmin, "_max_m": np.fmax}
"""How the inputs of an ``extent`` are reduced, by the end of their name."""


@dataclass(frozen=True)
class Aggregate:
    """Sums over places, one cell a place, shape (p,)."""

    value: NDArray[np.float64]
    numerator: NDArray[np.float64]
    denominator: NDArray[np.float64]
    coverage_pct: NDArray[np.float64]


def aggregate_slice(piece: Slice, figures: CommuneFigures, members: Members) -> dict[str, Any]:
    """Compute one indicator for one year over places.

    Parameters
    ----------
    piece
        The indicator, its year, its figures.
    figures
        Figures of communes.
    members
        Places.

    Returns
    -------
    dict
        Columns of the table of values but ``cog_year``: an array with a cell a place, in their order,
        or a scalar for all of them (a table made of it at once would cost more than the sums). The
        value is NaN if and only if the status says why.
    """
    parts = piece.parts(figures)
    known = np.isfinite(parts.numerator.to_numpy())
    if parts.denominator is not None:
        known &= np.isfinite(parts.denominator.to_numpy())
    if piece.kind == "extent":
        result = _reduce_extent(piece, figures, members, known)
    else:
        result = _add_up(piece, parts, figures, members, known)
    status = _judge(piece, result, figures, members, known)
    given = np.isin(status, STATUSES_WITH_VALUE)
    # sums over too few communes say nothing: they would be read as the counts of the place
    unknown = np.isin(status, (MISSING, SECRET))
    return {
        **members.places,
        "indicator": piece.indicator.id,
        "ref_year": piece.ref_year,
        "value": np.where(given, result.value, np.nan),
        "unit": piece.indicator.unit,
        "numerator": np.where(unknown, np.nan, result.numerator),
        "denominator": np.where(unknown, np.nan, result.denominator),
        "coverage_pct": result.coverage_pct,
        "status": status,
        "source_id": name_sources(piece.inputs, figures, members),
    }


def _add_up(
    piece: Slice, parts: Parts, figures: CommuneFigures, members: Members, known: NDArray[np.bool_]
) -> Aggregate:
    total = members.add_up(np.where(known, parts.numerator, 0.0))
    coverage = cover(figures.weight, members, known)
    if piece.kind == "density":
        # Guyane has 0.4 % of the inhabitants of France and 13 % of its area
        area = figures.values["area_km2", TIMELESS]
        coverage = np.minimum(coverage, cover(area, members, known))
    nothing = np.full(len(members), np.nan)
    if parts.denominator is None:
        return Aggregate(np.where(coverage > 0, total, np.nan), nothing, nothing, coverage)
    below = members.add_up(np.where(known, parts.denominator, 0.0))
    sums = Parts(pd.Series(total), pd.Series(below), parts.scale)
    value = finish_growth(sums, piece.years) if piece.kind == "growth" else finish_ratio(sums)
    unknown = coverage == 0
    return Aggregate(
        value.to_numpy(),
        np.where(unknown, np.nan, total),
        np.where(unknown, np.nan, below),
        coverage,
    )


def _reduce_extent(
    piece: Slice, figures: CommuneFigures, members: Members, known: NDArray[np.bool_]
) -> Aggregate:
    """Reduce the inputs by minimum or maximum, then apply the function: a range of extrema, not of sums."""
    reduced = [
        members.reduce(EXTREMA[name[-6:]], np.where(known, figures.values[name, year], np.nan))
        for name, year in piece.inputs
    ]
    value = piece.function(*(pd.Series(array) for array in reduced)).numerator.to_numpy(float)
    nothing = np.full(len(members), np.nan)
    return Aggregate(value, nothing, nothing, cover(figures.weight, members, known))


def cover(
    weight: NDArray[np.float64], members: Members, known: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Share of each place's weight that is in communes for which the figure is known, in %.

    The weight is in inhabitants, theirs being the only count that is complete (for a density, in
    km² too). A commune that weighs nothing weighs one thousandth, so that a place made of such
    communes only has a coverage too.
    """
    weight = np.maximum(weight, 1e-3)
    share = members.add_up(np.where(known, weight, 0.0)) / members.add_up(weight)
    # exactly 100 when all communes are known, whatever the rounding of the sums
    all_known = members.reduce(np.logical_and, known)
    return np.where(all_known, 100.0, np.minimum(100 * share, 99.999999))


def _judge(
    piece: Slice,
    result: Aggregate,
    figures: CommuneFigures,
    members: Members,
    known: NDArray[np.bool_],
) -> NDArray[np.str_]:
    """Say what may be said of each value."""
    indicator = piece.indicator
    is_ratio = piece.kind in {"ratio_of_sums", "density", "growth"}
    floor = MIN_COVERAGE_PCT.get(piece.kind, MIN_COVERAGE_RATIO_PCT)
    single = members.reduce(np.add, np.ones(len(known))) == 1
    secret = members.reduce(np.logical_or, _any_status(piece.inputs, figures, SECRET))
    status = np.full(len(members), OK, dtype="U16")
    status[_cuts_a_family(piece.inputs, figures, members)] = ESTIMATE
    status[result.coverage_pct < 100] = PARTIAL
    if is_ratio:
        status[result.denominator < indicator.min_denominator] = TOO_SMALL
        status[result.denominator == 0] = NOT_APPLICABLE
    status[np.isnan(result.value) & (status != TOO_SMALL) & (status != NOT_APPLICABLE)] = MISSING
    too_little = result.coverage_pct < floor
    status[too_little] = MISSING
    status[too_little & secret & single] = SECRET
    return status


def _any_status(keys: tuple[Key, ...], figures: CommuneFigures, status: str) -> NDArray[np.bool_]:
    code = FIGURE_STATUSES.index(status)
    found: NDArray[np.bool_] = np.logical_or.reduce([figures.statuses[key] == code for key in keys])
    return found


def _cuts_a_family(
    keys: tuple[Key, ...], figures: CommuneFigures, members: Members
) -> NDArray[np.bool_]:
    """Find the places that hold some communes of a split family but not all: their share is an estimate."""
    shared = _any_status(keys, figures, ESTIMATED)
    # a share that has gone into a commune of no family is never made whole
    cut: NDArray[np.bool_] = members.reduce(np.logical_or, shared & (figures.families < 0))
    for family in np.unique(figures.families[shared & (figures.families >= 0)]):
        inside = members.add_up((figures.families == family).astype(float))
        cut |= (inside > 0) & (inside < figures.family_sizes[family])
    return cut


def name_sources(keys: tuple[Key, ...], figures: CommuneFigures, members: Members) -> list[str]:
    """Name the sources of the figures of each place, joined by ``+``."""
    bits = np.zeros(len(figures.codes), np.int64)
    for key in keys:
        known = figures.sources[key] >= 0
        bits |= np.where(
            known, np.int64(1) << np.maximum(figures.sources[key], 0).astype(np.int64), 0
        )
    masks = members.reduce(np.bitwise_or, bits)
    words = {
        mask: "+".join(
            sorted(name for bit, name in enumerate(figures.source_ids) if mask >> bit & 1)
        )
        for mask in {int(mask) for mask in masks}
    }
    return [words[int(mask)] for mask in masks]
