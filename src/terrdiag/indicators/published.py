"""Shares published without their counts: given where they are published, estimated over a union of EPCI."""

from collections.abc import Collection, Sequence
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


Published = dict[tuple[str, str], tuple[float, str]]
"""By level and code: the share, and its source."""


@dataclass(frozen=True)
class PublishedShares:
    """What is published above the commune.

    Attributes
    ----------
    figures
        By variable and year: the share and its source, by level and code.
    epci
        By EPCI code at the edition's date: its communes.
    """

    figures: dict[tuple[str, int], Published]
    epci: dict[str, tuple[str, ...]]


def load_published_shares(edition: Edition, communes: Collection[str]) -> PublishedShares:
    """Load what is published above the commune, and the EPCI of today that hold some communes."""
    rows = read_figures(edition, levels=PUBLISHED_LEVELS)
    rows = rows[rows["status"] == OK]
    figures: dict[tuple[str, int], Published] = {}
    columns = ("variable", "ref_year", "level", "code", "value", "source_id")
    for variable, year, *place, value, source in zip(
        *(rows[name] for name in columns), strict=True
    ):
        figures.setdefault((variable, year), {})[place[0], place[1]] = (value, source)
    touched = _open_memberships(read_memberships(edition, kinds=["epci"], communes=communes))
    now = _open_memberships(read_memberships(edition, kinds=["epci"], codes=set(touched["code"])))
    epci: dict[str, list[str]] = {}
    for code, commune in zip(now["code"], now["code_commune"], strict=True):
        epci.setdefault(code, []).append(commune)
    return PublishedShares(figures, {code: tuple(communes) for code, communes in epci.items()})


def _open_memberships(members: pd.DataFrame) -> pd.DataFrame:
    """Keep the memberships that hold at the edition's date."""
    return members[members["valid_to"].isna()]


def compute_published(
    indicator: Indicator, shares: PublishedShares, figures: CommuneFigures, places: Sequence[Place]
) -> pd.DataFrame:
    """Give a published share to places: as published, or estimated over the EPCI that make them.

    Over a union, the estimate is the mean of the shares of the EPCI that lie wholly inside, weighted by the
    catalogue's ``weights`` (jobs), and bears the status ``estimate``; its coverage is the share of the jobs that
    are in them, and its denominator these jobs.

    Returns
    -------
    DataFrame
        One row a place and year, columns of the table of values but ``cog_year``.
    """
    rows = []
    for (variable, year), published in sorted(shares.figures.items()):
        if variable != indicator.inputs[0]:
            continue
        for place in places:
            if place.level not in indicator.levels:
                continue
            found = published.get(place.same_as or (place.level, place.code))
            row = (
                (found[0], np.nan, 100.0, OK, found[1])
                if found
                else _estimate(indicator, place, published, shares, figures)
            )
            rows.append(
                (place.level, place.code, place.name, indicator.id, year, indicator.unit, *row)
            )
    columns = [
        *("level", "code", "name", "indicator", "ref_year", "unit"),
        *("value", "denominator", "coverage_pct", "status", "source_id"),
    ]
    return pd.DataFrame(rows, columns=columns).assign(numerator=np.nan)


def _estimate(
    indicator: Indicator,
    place: Place,
    published: Published,
    shares: PublishedShares,
    figures: CommuneFigures,
) -> tuple[float, float, float, str, str]:
    """Weigh the shares of the EPCI that lie wholly inside a place."""
    jobs = _weights(str(indicator.weights), figures)
    inside = set(place.communes)
    total = float(jobs.reindex(sorted(inside)).sum())
    weights = {
        code: float(jobs.reindex(communes).sum())
        for code, communes in shares.epci.items()
        if ("epci", code) in published and inside.issuperset(communes)
    }
    known = sum(weights.values())
    coverage = min(100.0, 100 * known / total) if total else 0.0
    if coverage < MIN_COVERAGE_RATIO_PCT:
        return np.nan, np.nan, coverage, MISSING, ""
    mean = sum(published["epci", code][0] * weight for code, weight in weights.items()) / known
    sources = {published["epci", code][1] for code in weights}
    return mean, known, coverage, ESTIMATE, "+".join(sorted(sources))


def _weights(variable: str, figures: CommuneFigures) -> pd.Series:
    """Give the weights of the latest year among those known for most communes."""
    known = {
        year: int(np.isfinite(figures.values[variable, year]).sum())
        for year in figures.years(variable)
    }
    if not known:
        return pd.Series(np.nan, index=figures.codes)
    year = max(known, key=lambda one: (known[one], one))
    return pd.Series(figures.values[variable, year], index=figures.codes)
