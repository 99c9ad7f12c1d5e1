"""Values of every indicator at every level: a commune, an EPCI, the territory, each comparator."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from terrdiag.edition import Edition, read_commune_list
from terrdiag.indicators.aggregate import aggregate_slice
from terrdiag.indicators.figures import CommuneFigures, load_commune_figures
from terrdiag.indicators.places import Members, Places, lay_out
from terrdiag.indicators.published import PublishedShares, compute_published, load_published_shares
from terrdiag.indicators.slices import make_slices
from terrdiag.values import MISSING, VALUE_DTYPES, empty_values


@dataclass(frozen=True)
class Known:
    """What an edition knows, laid out once for all the places of a run.

    Attributes
    ----------
    communes
        Figures of communes.
    published
        What is published above the commune.
    """

    communes: CommuneFigures
    published: PublishedShares


def load_known(edition: Edition, codes: Collection[str] | None = None) -> Known:
    """Load what an edition knows of some communes, and what is published above them.

    Parameters
    ----------
    edition
        The edition.
    codes
        Communes of the edition (all when absent).

    Returns
    -------
    Known
        For :func:`compute_values`; the places must be made of these communes.
    """
    indicators = edition.indicators.values()
    variables = {name for one in indicators for name in one.variables}
    codes = read_commune_list(edition)["code_commune"] if codes is None else codes
    return Known(load_commune_figures(edition, codes, variables), load_published_shares(edition))


def compute_values(
    edition: Edition, places: Places, known: Known | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compute every indicator for the communes of a territory and for the places that hold or surround them.

    Parameters
    ----------
    edition
        The edition.
    places
        The communes, the places that hold them, the EPCI around.
    known
        What the edition knows, if it is loaded already.

    Returns
    -------
    values : DataFrame
        The table of values (columns of ``VALUE_DTYPES``), in the order of the catalogue, by year,
        then place.
    surroundings : DataFrame
        The same for the EPCI around, published shares only (a commune map does not show them).
    """
    indicators = edition.indicators
    if known is None:
        every = (*places.communes, *places.holders)
        known = load_known(edition, {code for place in every for code in place.communes})
    figures, shares = known.communes, known.published
    # what is published by commune is given to communes only: there may be none
    own = lay_out(places.communes, figures) if places.communes else None
    everywhere = lay_out((*places.communes, *places.holders), figures)
    tables: list[Columns] = []
    surroundings: list[Columns] = []
    for indicator in indicators.values():
        if "commune" in indicator.levels:
            members = own if indicator.kind == "published" else everywhere
            tables += [
                aggregate_slice(piece, figures, members)
                for piece in make_slices(indicator, figures, edition.info.intervals)
                if members is not None
            ]
            if indicator.kind == "published" and len(indicator.levels) > 1:
                # a median is given where its producer publishes it, above the commune too
                tables.append(compute_published(indicator, shares, figures, places.holders))
                surroundings.append(compute_published(indicator, shares, figures, places.around))
        else:
            published = compute_published(indicator, shares, figures, places.holders)
            pieces = (
                make_slices(indicator, figures, edition.info.intervals) if indicator.counts else ()
            )
            counted = [aggregate_slice(piece, figures, everywhere) for piece in pieces]
            tables.append(prefer_counts(counted, published, everywhere))
            surroundings.append(compute_published(indicator, shares, figures, places.around))
    return _finish(tables, edition), _finish(surroundings, edition)


def prefer_counts(
    counted: Sequence[Mapping[str, Any]], published: pd.DataFrame, members: Members
) -> pd.DataFrame:
    """Join a share made of counts and the same share as published: one row a place and year, counts first.

    Parameters
    ----------
    counted
        What :func:`aggregate_slice` gives for each year that has counts.
    published
        What :func:`compute_published` gives.
    members
        The places, in their order.

    Returns
    -------
    DataFrame
        Columns of the table of values but ``cog_year``, by year, then place. The published share serves a place whose
        counts are not known well enough; a share on too small a denominator is not replaced.
    """
    if not counted:
        return published
    made = pd.concat([pd.DataFrame(one) for one in counted], ignore_index=True)
    keys = ["level", "code", "ref_year"]
    unknown = (made["status"] == MISSING).to_numpy()
    known = pd.MultiIndex.from_frame(made.loc[~unknown, keys])
    serving = published[~pd.MultiIndex.from_frame(published[keys]).isin(known)]
    replaced = pd.MultiIndex.from_frame(made[keys]).isin(pd.MultiIndex.from_frame(serving[keys]))
    table = pd.concat([made[~(unknown & replaced)], serving], ignore_index=True)
    rank = pd.MultiIndex.from_arrays([members.places["level"], members.places["code"]])
    place = rank.unique().get_indexer(pd.MultiIndex.from_frame(table[["level", "code"]]))
    return table.iloc[np.lexsort((place, table["ref_year"].to_numpy()))]


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
