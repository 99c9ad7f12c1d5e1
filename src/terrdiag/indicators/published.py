"""Shares published without their counts: given where they are published, estimated over a union of EPCI."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from terrdiag.catalogue import Indicator
from terrdiag.edition import Edition, read_figures, read_memberships
from terrdiag.edition.schema import ESTIMATED
from terrdiag.indicators.aggregate import MIN_COVERAGE_RATIO_PCT
from terrdiag.indicators.figures import CommuneFigures
from terrdiag.indicators.places import Place
from terrdiag.values import ESTIMATE, MISSING, OK

PUBLISHED_LEVELS = ("epci", "departement", "region", "france")


Published = dict[tuple[str, str], tuple[float, str, str]]
"""By level and code: the share, its source, and its status (``ok``, ``estimate`` where the perimeter has changed)."""


@dataclass(frozen=True)
class PublishedShares:
    """What is published above the commune.

    Attributes
    ----------
    figures
        By variable and year: the share, its source and its status, by level and code.
    epci
        By EPCI code at the edition's date: its communes.
    """

    figures: dict[tuple[str, int], Published]
    epci: dict[str, tuple[str, ...]]


def load_published_shares(edition: Edition) -> PublishedShares:
    """Load what is published above the commune, and the EPCI of today."""
    rows = read_figures(edition, levels=PUBLISHED_LEVELS)
    rows = rows[rows["status"].isin([OK, ESTIMATED])]
    figures: dict[tuple[str, int], Published] = {}
    columns = ("variable", "ref_year", "level", "code", "value", "source_id", "status")
    for variable, year, level, code, value, source, status in zip(
        *(rows[name].tolist() for name in columns), strict=True
    ):
        known = OK if status == OK else ESTIMATE
        figures.setdefault((variable, year), {})[level, code] = (value, source, known)
    # all of them: quicker than choosing, and a share may be published for no wider place
    members = read_memberships(edition, kinds=["epci"])
    now = members[members["valid_to"].isna()].astype({"code": "str", "code_commune": "str"})
    epci: dict[str, list[str]] = {}
    for code, commune in zip(now["code"].tolist(), now["code_commune"].tolist(), strict=True):
        epci.setdefault(code, []).append(commune)
    return PublishedShares(figures, {code: tuple(communes) for code, communes in epci.items()})


def compute_published(
    indicator: Indicator, shares: PublishedShares, figures: CommuneFigures, places: Sequence[Place]
) -> pd.DataFrame:
    """Give a published share or rate to places: as published, or estimated over the EPCI that make them.

    Over a union, or any place that nothing is published for, the estimate is the mean of the shares of the EPCI that
    lie wholly inside, weighted by the catalogue's ``weights`` (jobs), and bears the status ``estimate``; its coverage
    is the share of the jobs that are in them, and its denominator these jobs. A mean of growth rates is not exactly
    the growth of the whole: measured on the départements made of whole EPCI, it is 0.01 to 0.02 points off, 0.11 at
    the most.

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
                (found[0], np.nan, 100.0, found[2], found[1])
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
    if indicator.weights is None:
        return np.nan, np.nan, 0.0, MISSING, ""
    of_commune = _weigh(indicator.weights, place, figures)
    weights = {
        code: sum(of_commune[commune] for commune in communes)
        for code, communes in shares.epci.items()
        if ("epci", code) in published and of_commune.keys() >= set(communes)
    }
    # exact sums, whatever their order: a place made of whole EPCI is covered to 100 %, not to 99.999…
    total = math.fsum(of_commune.values())
    known = math.fsum(of_commune[commune] for code in weights for commune in shares.epci[code])
    coverage = min(100.0, 100 * known / total) if total else 0.0
    if coverage < MIN_COVERAGE_RATIO_PCT:
        return np.nan, np.nan, coverage, MISSING, ""
    mean = sum(published["epci", code][0] * weight for code, weight in weights.items()) / known
    sources = {published["epci", code][1] for code in weights}
    return mean, known, coverage, ESTIMATE, "+".join(sorted(sources))


def _weigh(variable: str, place: Place, figures: CommuneFigures) -> dict[str, float]:
    """Give the weight of each commune of a place: the latest year among those known for most communes.

    A commune whose weight is not known weighs nothing.
    """
    known = {
        year: int(np.isfinite(figures.values[variable, year]).sum())
        for year in figures.years(variable)
    }
    if not known:
        return dict.fromkeys(place.communes, 0.0)
    year = max(known, key=lambda one: (known[one], one))
    at = figures.codes.get_indexer(pd.Index(place.communes))
    weights = np.where(at >= 0, figures.values[variable, year][at], 0.0)
    return dict(zip(place.communes, np.nan_to_num(weights).tolist(), strict=True))
