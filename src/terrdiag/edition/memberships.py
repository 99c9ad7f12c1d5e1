"""Dated memberships: which commune belongs to which group, and when."""

import datetime as dt
from collections.abc import Iterable
from typing import Final

import numpy as np
import pandas as pd

from terrdiag.edition.crosswalk import bring_forward
from terrdiag.edition.schema import MEMBERSHIPS
from terrdiag.errors import SourceFormatError
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
    last_year = int(yearly["year"].max())
    return _carry_to_edition(_make_spans(yearly), last_year, events, edition_date)


def _make_spans(yearly: pd.DataFrame) -> pd.DataFrame:
    """Turn yearly lists into periods; those of the last list are still open."""
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
    return spans[["code", "code_commune", "valid_from", "valid_to"]]


def date_list(
    listed: pd.DataFrame, cog_year: int, events: pd.DataFrame, edition_date: dt.date
) -> pd.DataFrame:
    """Turn a list of members made once into periods: its communes are followed year by year.

    Parameters
    ----------
    listed
        ``code, code_commune``: members in the COG of 1 January ``cog_year``, from which they hold.
    cog_year
        COG year of the list.
    events
        Events of the edition.
    edition_date
        1 January of the edition's COG year.

    Returns
    -------
    DataFrame
        ``code, code_commune, valid_from, valid_to``; at the edition's date, in its COG. A merged commune is in every
        group that one of its parts was in.

    Raises
    ------
    SourceFormatError
        The list is of a later COG than the edition.
    """
    _check_not_later(cog_year, edition_date)
    lists = [
        carry_list(listed, cog_year, events, dt.date(year, 1, 1)).assign(year=year)
        for year in range(cog_year, edition_date.year + 1)
    ]
    return _make_spans(pd.concat(lists, ignore_index=True)).reset_index(drop=True)


def carry_list(
    listed: pd.DataFrame, cog_year: int, events: pd.DataFrame, to_date: dt.date
) -> pd.DataFrame:
    """Carry a list of members (``code, code_commune``, in the COG of a year) to the COG of a later date."""
    _check_not_later(cog_year, to_date)
    crosswalk = bring_forward(
        listed["code_commune"].unique(), dt.date(cog_year, 1, 1), events, to_date
    )
    carried = listed.merge(crosswalk, left_on="code_commune", right_on="code_before")
    carried = carried.assign(code_commune=carried["code_after"])[list(listed.columns)]
    return carried.drop_duplicates(["code", "code_commune"], ignore_index=True)


def _check_not_later(cog_year: int, to_date: dt.date) -> None:
    if cog_year > to_date.year:
        raise SourceFormatError(
            f"Une liste de communes de {cog_year} ne peut pas être ramenée à celles de {to_date.year} : "
            "prenez une liste plus ancienne, ou une édition plus récente."
        )


def find_straddling(carried: pd.DataFrame, listed: pd.DataFrame) -> list[str]:
    """List the communes that are in two groups of a kind once carried, and were in one (``code, code_commune``)."""
    before = set(listed.loc[listed.duplicated("code_commune"), "code_commune"])
    after = set(carried.loc[carried.duplicated("code_commune"), "code_commune"])
    return sorted(after - before)


def select_valid(table: pd.DataFrame, date: dt.date) -> pd.DataFrame:
    """Keep the memberships that hold at a date (``valid_from`` included, ``valid_to`` excluded)."""
    day = pd.Timestamp(date)
    begun = table["valid_from"].isna() | (table["valid_from"] <= day)
    return table[begun & (table["valid_to"].isna() | (table["valid_to"] > day))]


def close_at(table: pd.DataFrame, date: dt.date) -> pd.DataFrame:
    """End at a date the memberships that another source replaces from then on."""
    day = pd.Timestamp(date)
    begun = table[table["valid_from"].isna() | (table["valid_from"] < day)]
    goes_on = begun["valid_to"].isna() | (begun["valid_to"] > day)
    return begun.assign(valid_to=begun["valid_to"].mask(goes_on, day))


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
    dated = epci[["code", "code_commune", "valid_from", "valid_to"]]
    members = dated.rename(columns={"code": "siren"})
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
