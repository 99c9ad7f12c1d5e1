"""Shares published without their counts: given where they are published, estimated over a union of EPCI."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from terrdiag.catalogue import Indicator
from terrdiag.edition import Edition, read_figures, read_memberships
from terrdiag.indicators.aggregate import MIN_COVERAGE_RATIO_PCT
from terrdiag.indicators.figures import CommuneFigures
from terrdiag.indicators.places import Place
from terrdiag.values import ESTIMATE, MISSING, OK

PUBLISHED_LEVELS = ("epci", "departement", "region", "france")


@dataclass(frozen=True)
class PublishedShares:
    """What is published above the commune.

    Attributes
    ----------
    figures
        ``value, source_id`` by (variable, ref_year, level, code).
    epci
        By EPCI code at the edition's date: its communes.
    """

    figures: pd.DataFrame
    epci: dict[str, tuple[str, ...]]


def load_published_shares(edition: Edition) -> PublishedShares:
    """Load the shares published by EPCI, département, région and for France, and today's EPCI."""
    figures = read_figures(edition, levels=PUBLISHED_LEVELS)
    table = figures.astype({name: str for name in ("level", "code", "variable", "source_id", "status")})
    table = table.set_index(["variable", "ref_year", "level", "code"]).sort_index()
    members = read_memberships(edition, kinds=["epci"])
    now = members[members["valid_to"].isna()]
    epci = now.groupby("code")["code_commune"].agg(tuple).to_dict()
    return PublishedShares(table, {str(code): communes for code, communes in epci.items()})


def compute_published(
    indicator: Indicator, shares: PublishedShares, figures: CommuneFigures, places: Sequence[Place]
) -> pd.DataFrame:
    """Give a published share to places: as published, or estimated over the EPCI that make them.

    Over a union, the estimate is the mean of the shares of the EPCI that lie wholly inside, weighted by the
    catalogue's ``weights`` (jobs), and bears the status ``estimate``; its coverage is the share of the jobs in them.

    Returns
    -------
    DataFrame
        One row a place and year, columns of the table of values but ``cog_year``.
    """
    variable = indicator.inputs[0]
    rows = []
    for year in sorted({int(year) for name, year, *_ in shares.figures.index if name == variable}):
        published = shares.figures.loc[(variable, year)]
        for place in places:
            if place.level in indicator.levels:
                key = place.same_as or (place.level, place.code)
                if key in published.index:
                    found = published.loc[key]
                    row = (found["value"], np.nan, 100.0, OK, found["source_id"])
                else:
                    row = _estimate(indicator, place, published, shares, figures)
                rows.append((place.level, place.code, place.name, indicator.id, year, indicator.unit, *row))
    columns = [
        "level", "code", "name", "indicator", "ref_year", "unit", "value", "denominator", "coverage_pct", "status",
        "source_id",
    ]
    return pd.DataFrame(rows, columns=columns).assign(numerator=np.nan)


def _estimate(
    indicator: Indicator, place: Place, published: pd.DataFrame, shares: PublishedShares, figures: CommuneFigures
) -> tuple[float, float, float, str, str]:
    """Weigh the shares of the EPCI that lie wholly inside a place."""
    inside = set(place.communes)
    whole = {code: set(communes) for code, communes in _epci_touched(inside, shares).items()}
    year = max(figures.years(str(indicator.weights)), key=lambda y: (np.isfinite(figures.values[str(indicator.weights), y]).sum(), y))
    jobs = pd.Series(figures.values[str(indicator.weights), year], index=figures.codes)
    total = float(jobs.reindex(sorted(inside)).sum())
    weights = {
        code: float(jobs.reindex(sorted(communes)).sum())
        for code, communes in whole.items()
        if communes <= inside and ("epci", code) in published.index
    }
    known = sum(weights.values())
    coverage = 100 * known / total if total else 0.0
    if coverage < MIN_COVERAGE_RATIO_PCT:
        return np.nan, np.nan, coverage, MISSING, ""
    values = {code: float(published.loc[("epci", code), "value"]) for code in weights}
    mean = sum(values[code] * weights[code] for code in weights) / known
    sources = {str(published.loc[("epci", code), "source_id"]) for code in weights}
    return mean, known, coverage, ESTIMATE, "+".join(sorted(sources))


def _epci_touched(communes: set[str], shares: PublishedShares) -> dict[str, tuple[str, ...]]:
    return {code: members for code, members in shares.epci.items() if not communes.isdisjoint(members)}
