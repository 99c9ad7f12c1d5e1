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
        before, after = set(day["code_before"]), set(day["code_after"])
        kept = set(day.loc[day["code_before"] == day["code_after"], "code_before"])
        # a code borne between two events of one day (transferred, then merged) was nobody's the day before
        passing = (before & after) - kept - existing
        existing = (existing - after) | (before - passing)
    return existing


def find_family(codes: Iterable[str], events: pd.DataFrame) -> set[str]:
    """List the communes that events bind to some communes, these included.

    Examples
    --------
    >>> events = pd.DataFrame({
    ...     "code_before": ["01002", "01001", "01001", "02001"],
    ...     "code_after": ["01001", "01001", "01009", "02002"],
    ... })
    >>> sorted(find_family(["01002", "03001"], events))
    ['01001', '01002', '01009', '03001']
    """
    family = set(codes)
    while True:
        near = events["code_before"].isin(family) | events["code_after"].isin(family)
        wider = family | set(events.loc[near, "code_before"]) | set(events.loc[near, "code_after"])
        if wider == family:
            return family
        family = wider


def bring_back(
    codes: Iterable[str], to_date: dt.date, events: pd.DataFrame, from_date: dt.date | None = None
) -> set[str]:
    """Follow communes from a date back to an earlier one.

    Parameters
    ----------
    codes
        Codes of communes as of ``from_date``.
    to_date
        The earlier date, its own events included.
    events
        ``date, kind, code_before, code_after``, as in the edition.
    from_date
        Date of the codes, its own events included (after all events when absent).

    Returns
    -------
    set of str
        Communes of the earlier date that lie wholly in the communes given: one that was split is
        left out when a part of it went elsewhere.

    Examples
    --------
    >>> events = pd.DataFrame({
    ...     "date": pd.to_datetime(["2020-01-01", "2020-01-01", "2022-01-01", "2022-01-01"]),
    ...     "kind": [32, 32, 21, 21],
    ...     "code_before": ["01002", "01001", "01001", "01001"],
    ...     "code_after": ["01001", "01001", "01001", "01009"],
    ... })
    >>> sorted(bring_back(["01001", "01009", "01003"], dt.date(2019, 1, 1), events))
    ['01001', '01002', '01003']
    >>> sorted(bring_back(["01009", "01003"], dt.date(2019, 1, 1), events))
    ['01003']
    """
    wanted = set(codes)
    late = events["date"] > pd.Timestamp(to_date)
    if from_date is not None:
        late &= events["date"] <= pd.Timestamp(from_date)
    events = events[late]
    family = find_family(wanted, events)
    near = events[events["code_before"].isin(family)]
    existing = (wanted | set(near["code_before"])) - _born(near)
    moved = bring_forward(existing, to_date, near, from_date)
    beyond = set(moved.loc[~moved["code_after"].isin(wanted), "code_before"])
    return existing - beyond


def _born(events: pd.DataFrame) -> set[str]:
    """List the codes that events create: on the first day they name them, these come from another code."""
    first: dict[str, tuple[pd.Timestamp, set[str]]] = {}
    columns = ("date", "code_before", "code_after")
    for day, before, after in zip(*(events.sort_values("date")[c] for c in columns), strict=True):
        first.setdefault(before, (day, set()))
        held, origins = first.setdefault(after, (day, set()))
        if held == day:
            origins.add(before)
    # a commune that goes on under its code is one of its own origins; one that comes and goes on a day is not
    return {code for code, (_, origins) in first.items() if origins and code not in origins}
