"""Commune codes of one date brought to a later one through the events of the COG (table de passage)."""

import datetime as dt
from collections.abc import Container, Iterable

import pandas as pd


def bring_forward(
    codes: Iterable[str], from_date: dt.date, events: pd.DataFrame, to_date: dt.date | None = None
) -> pd.DataFrame:
    """Follow communes from one date to a later one.

    Parameters
    ----------
    codes
        Codes of communes as of ``from_date``.
    from_date
        Date of the codes; events of that very day are already in them.
    events
        ``date, kind, code_before, code_after``: one row a pair of communes, as in the edition. A
        commune that goes on under its code has a row to itself, one that is split has a row a part.
    to_date
        Date of the codes wanted, its own events included (all events when absent).

    Returns
    -------
    DataFrame
        ``code_before, code_after``, sorted. A code stands twice on the left when the commune was
        split, twice on the right when communes merged. A code without event is given back as it is.

    Examples
    --------
    >>> events = pd.DataFrame({
    ...     "date": pd.to_datetime(["2020-01-01", "2020-01-01", "2022-01-01", "2022-01-01"]),
    ...     "kind": [32, 32, 21, 21],
    ...     "code_before": ["01002", "01001", "01001", "01001"],
    ...     "code_after": ["01001", "01001", "01001", "01009"],
    ... })
    >>> bring_forward(["01002", "01003"], dt.date(2019, 1, 1), events).to_numpy().tolist()
    [['01002', '01001'], ['01002', '01009'], ['01003', '01003']]
    """
    current: dict[str, set[str]] = {code: {code} for code in codes}
    holders: dict[str, set[str]] = {code: {code} for code in current}
    late = events["date"] > pd.Timestamp(from_date)
    if to_date is not None:
        late &= events["date"] <= pd.Timestamp(to_date)
    for _, day in events[late].groupby("date", sort=True):
        moves = _moves_of_the_day(day, holders)
        moved = {before: holders.pop(before) for before in moves}
        for before, origins in moved.items():
            for origin in origins:
                current[origin] = (current[origin] - {before}) | moves[before]
            for after in moves[before]:
                holders.setdefault(after, set()).update(origins)
    pairs = sorted((origin, code) for origin, now in current.items() for code in now)
    return pd.DataFrame(pairs, columns=["code_before", "code_after"], dtype="str")


def _moves_of_the_day(day: pd.DataFrame, held: Container[str]) -> dict[str, set[str]]:
    """List where the codes held at the start of a day lead at its end."""
    steps: dict[str, set[str]] = {}
    for before, after in zip(day["code_before"], day["code_after"], strict=True):
        steps.setdefault(before, set()).add(after)

    def follow(code: str, seen: frozenset[str]) -> set[str]:
        # a code that moves on the same day it is reached (merged, then the seat transferred) is gone by evening
        onward = steps.get(code, {code})
        if code in onward or code in seen:
            return {code}
        return set().union(*(follow(one, seen | {code}) for one in onward))

    return {
        before: set().union(
            *({one} if one == before else follow(one, frozenset({before})) for one in after)
        )
        for before, after in steps.items()
        if before in held
    }


def communes_at(date: dt.date, communes: Iterable[str], events: pd.DataFrame) -> set[str]:
    """List the communes of an earlier date.

    Parameters
    ----------
    date
        The earlier date, its own events included.
    communes
        Communes of the later date, at which the events stop.
    events
        ``date, kind, code_before, code_after``.

    Returns
    -------
    set of str
        Codes of the communes that existed at ``date``. Communes born or gone without a named
        origin are not undone: there is none since 2012.

    Examples
    --------
    >>> events = pd.DataFrame({
    ...     "date": pd.to_datetime(["2020-01-01", "2020-01-01", "2022-01-01", "2022-01-01"]),
    ...     "code_before": ["01002", "01001", "01001", "01001"],
    ...     "code_after": ["01001", "01001", "01001", "01009"],
    ... })
    >>> sorted(communes_at(dt.date(2019, 1, 1), ["01001", "01003", "01009"], events))
    ['01001', '01002', '01003']
    """
    existing = set(communes)
    late = events[events["date"] > pd.Timestamp(date)]
    for _, day in sorted(late.groupby("date"), reverse=True):
        existing = (existing - set(day["code_after"])) | set(day["code_before"])
    return existing
