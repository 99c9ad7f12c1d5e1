"""Dated memberships: which commune belongs to which group, and when."""

import datetime as dt
from collections.abc import Iterable
from typing import Final

import numpy as np
import pandas as pd

from terrdiag.edition.crosswalk import bring_forward
from terrdiag.edition.schema import MEMBERSHIPS
from terrdiag.sources.extract import Dropped

COLUMNS: Final = list(MEMBERSHIPS.names)

NO_DATE: Final = np.datetime64("NaT", "s")
"""Not known to begin, or still valid."""

PETR_MIN_SHARE: Final = 0.5
"""A PETR is made of whole EPCI (art. L5741-1 CGCT); the published share comes from laying its outline over the
communes, so an EPCI belongs to it when at least half of its communes are inside."""


def date_memberships(
    yearly: pd.DataFrame, events: pd.DataFrame, edition_date: dt.date
) -> pd.DataFrame:
    """Turn yearly lists of members into periods, brought to the communes of the edition at the end.

    Parameters
    ----------
    yearly
        ``year, code, code_commune``: members on 1 January of each year, in the COG of that year.
    events
        Events of the edition.
    edition_date
        1 January of the edition's COG year.

    Returns
    -------
    DataFrame
        ``code, code_commune, valid_from, valid_to``. A period still open bears NaT; at the
        edition's date the communes are exactly those of its COG.
    """
    years = sorted(yearly["year"].unique())
    rank = {year: number for number, year in enumerate(years)}
    table = yearly.assign(rank=yearly["year"].map(rank)).sort_values(
        ["code", "code_commune", "rank"]
    )
    keys = [table["code"], table["code_commune"]]
    # a gap of a year starts a new period
    period = (table["rank"].groupby(keys).diff() != 1).cumsum()
    spans = table.groupby(period).agg(
        code=("code", "first"),
        code_commune=("code_commune", "first"),
        first=("rank", "min"),
        last=("rank", "max"),
    )
    starts = pd.Series([pd.Timestamp(year, 1, 1) for year in years])
    spans["valid_from"] = spans["first"].map(starts)
    spans["valid_to"] = (spans["last"] + 1).map(starts)  # NaT for the last year
    return _carry_to_edition(
        spans[["code", "code_commune", "valid_from", "valid_to"]],
        int(years[-1]),
        events,
        edition_date,
    )


def _carry_to_edition(
    spans: pd.DataFrame, last_year: int, events: pd.DataFrame, edition_date: dt.date
) -> pd.DataFrame:
    """Carry the members of the last list over the events up to the edition's date."""
    still = spans["valid_to"].isna()
    members = spans[still]
    crosswalk = bring_forward(
        members["code_commune"], dt.date(last_year, 1, 1), events, edition_date
    )
    carried = members.merge(crosswalk, left_on="code_commune", right_on="code_before")
    # of the groups a merged commune comes from, the one of its seat (whose code it bears) goes on
    carried["is_seat"] = carried["code_before"] == carried["code_after"]
    carried = carried.sort_values(
        ["code_after", "is_seat"], ascending=[True, False]
    ).drop_duplicates("code_after")
    kept = set(
        zip(
            carried.loc[carried["is_seat"], "code"],
            carried.loc[carried["is_seat"], "code_before"],
            strict=True,
        )
    )
    gone = still & ~pd.Series(
        [pair in kept for pair in zip(spans["code"], spans["code_commune"], strict=True)],
        index=spans.index,
    )
    closed = spans.assign(valid_to=spans["valid_to"].mask(gone, pd.Timestamp(edition_date)))
    new = carried[~carried["is_seat"]].assign(
        code_commune=lambda t: t["code_after"],
        valid_from=pd.Timestamp(edition_date),
        valid_to=NO_DATE,
    )
    return pd.concat([closed, new[closed.columns]], ignore_index=True)


def derive_from_epci(links: pd.DataFrame, epci: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Give the communes of a group of EPCI over time: those of its EPCI.

    Parameters
    ----------
    links
        ``code, nom, siren``: the groupements of each group.
    epci
        ``code, code_commune, valid_from, valid_to``: dated members of the EPCI (and EPT).

    Returns
    -------
    table : DataFrame
        ``code, nom, code_commune, valid_from, valid_to``.
    unknown : list of str
        Groupements without a known member.
    """
    members = epci.rename(columns={"code": "siren"})
    table = links.merge(members, on="siren")
    unknown = sorted(set(links["siren"]) - set(members["siren"]))
    return table[
        ["code", "nom", "code_commune", "valid_from", "valid_to"]
    ].drop_duplicates(), unknown


def undated(kind: str, table: pd.DataFrame, source_id: str) -> pd.DataFrame:
    """Give a membership that has no dates its rows (``code, nom, code_commune`` in)."""
    return table.assign(kind=kind, valid_from=NO_DATE, valid_to=NO_DATE, source_id=source_id)[
        COLUMNS
    ]


def describe_unknown(what: str, codes: Iterable[str]) -> tuple[Dropped, ...]:
    """Word the groupements that were left out, if any."""
    codes = list(codes)
    return (Dropped(what, len(codes), tuple(codes[:10])),) if codes else ()
