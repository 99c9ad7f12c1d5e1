"""Values of every indicator at every level: a commune, an EPCI, the territory, each comparator."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from terrdiag.catalogue import load_indicators
from terrdiag.edition import Edition
from terrdiag.indicators.aggregate import aggregate_slice
from terrdiag.indicators.figures import load_commune_figures
from terrdiag.indicators.places import Places, lay_out
from terrdiag.indicators.published import compute_published, load_published_shares
from terrdiag.indicators.slices import make_slices
from terrdiag.values import MISSING, VALUE_DTYPES, empty_values

UNIONS: Final = ("territoire", "ti", "petr")
"""Levels for which no producer publishes: what is published by EPCI is estimated there."""


def compute_values(edition: Edition, places: Places) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compute every indicator for the communes of a territory and for the places that hold or surround them.

    Parameters
    ----------
    edition
        The edition.
    places
        The communes, the places that hold them, the EPCI around.

    Returns
    -------
    values : DataFrame
        The table of values (columns of ``VALUE_DTYPES``), in the order of the catalogue, by year,
        then place.
    surroundings : DataFrame
        The same for the EPCI around, published shares only.
    """
    indicators = load_indicators()
    variables = {
        name.partition(":")[0] for indicator in indicators.values() for name in indicator.inputs
    }
    needed = {code for place in (*places.communes, *places.holders) for code in place.communes}
    figures = load_commune_figures(edition, needed, variables)
    unions = [place for place in places.holders if place.level in UNIONS and not place.same_as]
    shares = load_published_shares(edition, {code for place in unions for code in place.communes})
    own = lay_out(places.communes, figures)
    everywhere = lay_out((*places.communes, *places.holders), figures)
    tables: list[Columns] = []
    surroundings: list[Columns] = []
    for indicator in indicators.values():
        if "commune" in indicator.levels:
            members = own if indicator.kind == "published" else everywhere
            tables += [
                aggregate_slice(piece, figures, members)
                for piece in make_slices(indicator, figures, edition.info.intervals)
            ]
        else:
            tables.append(compute_published(indicator, shares, figures, places.holders))
            surroundings.append(compute_published(indicator, shares, figures, places.around))
    return _finish(tables, edition), _finish(surroundings, edition)


Columns = Mapping[str, Any] | pd.DataFrame
"""Columns of a part of the table of values: arrays, or scalars for all the rows."""


def _finish(parts: Sequence[Columns], edition: Edition) -> pd.DataFrame:
    """Make one table of the parts, columns in order and typed, without what is known of no place."""
    filled = [part for part in parts if (np.asarray(part["status"]) != MISSING).any()]
    if not filled:
        return empty_values()
    columns: dict[str, Any] = {"cog_year": edition.info.cog_year}
    for name, dtype in VALUE_DTYPES.items():
        if name != "cog_year":
            kind = object if dtype == "str" else np.float64
            columns[name] = np.concatenate(
                [
                    np.broadcast_to(np.asarray(part[name], kind), len(part["code"]))
                    for part in filled
                ]
            )
    return pd.DataFrame(columns)[list(VALUE_DTYPES)].astype(VALUE_DTYPES)
