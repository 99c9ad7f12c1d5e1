"""Rows of the table of values: what stays, leaves and comes, by place."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from terrdiag.analyses.commuting.flows import FEW
from terrdiag.analyses.commuting.tally import Counts, Tally
from terrdiag.catalogue import Indicator, load_analyses
from terrdiag.indicators.places import Place
from terrdiag.values import (
    ESTIMATE,
    MISSING,
    NOT_APPLICABLE,
    OK,
    TOO_SMALL,
    VALUE_DTYPES,
)

IDS: Final = (
    "commuting_residents",
    "commuting_jobs_held",
    "commuting_inside",
    "commuting_leaving",
    "commuting_abroad",
    "commuting_coming",
    "commuting_balance",
    "commuting_inside_share_pct",
    "commuting_jobs_held_by_residents_pct",
)
"""Indicators, in reading order."""

Part = tuple[Sequence[Place], Tally, NDArray[np.bool_]]
"""Places, what is counted of them, and whether the source covers them."""


def make_indicators() -> dict[str, Indicator]:
    """Make the indicators of commuting, by identifier."""
    analyses = load_analyses()
    return {name: analyses[name].as_indicator() for name in IDS}


def tabulate_flows(parts: Sequence[Part], year: int, source_id: str, cog_year: int) -> pd.DataFrame:
    """Lay what is counted as rows of the table of values.

    Parameters
    ----------
    parts
        Communes, EPCI, territory.
    year, source_id, cog_year
        Of the flows.

    Returns
    -------
    DataFrame
        Columns of ``VALUE_DTYPES``, in the order of the indicators, then of the parts.
    """
    columns: dict[str, list[Any]] = {name: [] for name in VALUE_DTYPES}
    for name, indicator in make_indicators().items():
        for places, tally, known in parts:
            count = len(places)
            columns["level"] += [place.level for place in places]
            columns["code"] += [place.code for place in places]
            columns["name"] += [place.name for place in places]
            columns["indicator"] += [name] * count
            columns["unit"] += [indicator.unit] * count
            columns["source_id"] += np.where(known, source_id, "").tolist()
            columns["coverage_pct"] += np.where(known, 100.0, 0.0).tolist()
            for column, cells in _measure(name, tally, known).items():
                columns[column] += cells.tolist()
    rows = len(columns["level"])
    columns |= {"ref_year": [year] * rows, "cog_year": [cog_year] * rows}
    return pd.DataFrame(columns).astype(VALUE_DTYPES)


def _measure(name: str, tally: Tally, known: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
    """Give value, status, numerator and denominator of an indicator."""
    if name == "commuting_inside_share_pct":
        return _share(tally.inside, tally.residents, known)
    if name == "commuting_jobs_held_by_residents_pct":
        return _share(tally.inside, tally.jobs, known)
    if name == "commuting_balance":
        people = tally.jobs.people - tally.residents.people
        return _count(people, tally.jobs.is_estimate | tally.residents.is_estimate, known)
    counts = {
        "commuting_residents": tally.residents,
        "commuting_jobs_held": tally.jobs,
        "commuting_inside": tally.inside,
        "commuting_leaving": tally.leaving,
        "commuting_abroad": tally.abroad,
        "commuting_coming": tally.coming,
    }[name]
    return _count(counts.people, counts.is_estimate, known)


def _count(
    people: NDArray[np.float64], is_estimate: NDArray[np.bool_], known: NDArray[np.bool_]
) -> dict[str, NDArray[Any]]:
    return {
        "value": np.where(known, people, np.nan),
        "status": np.where(known, np.where(is_estimate, ESTIMATE, OK), MISSING),
        "numerator": np.full(len(known), np.nan),
        "denominator": np.full(len(known), np.nan),
    }


def _share(part: Counts, whole: Counts, known: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
    """Relate a part to its whole, in %; not given on fewer people than an order of magnitude is made of."""
    enough = known & (whole.people >= FEW)
    value = np.full(len(known), np.nan)
    value[enough] = part.people[enough] / whole.people[enough] * 100
    status = np.where(part.is_estimate | whole.is_estimate, ESTIMATE, OK)
    status = np.where(enough, status, np.where(whole.people > 0, TOO_SMALL, NOT_APPLICABLE))
    return {
        "value": value,
        "status": np.where(known, status, MISSING),
        "numerator": np.where(known, part.people, np.nan),
        "denominator": np.where(known, whole.people, np.nan),
    }
