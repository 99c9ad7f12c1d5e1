"""What has changed since the first date the edition knows: communes, and members of EPCI."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from terrdiag.edition import Edition, read_events, read_memberships
from terrdiag.edition.crosswalk import bring_forward
from terrdiag.territory.groups import make_groups, valid_at
from terrdiag.territory.model import CommuneChange, Group


@dataclass(frozen=True)
class EpciChange:
    """What an EPCI became on a date.

    Attributes
    ----------
    code, name
        The EPCI.
    date
        Date of the first list that shows the change.
    before, after
        Number of its communes, of the time (0 before: the identifier is new).
    entered, left
        Communes of the edition's COG that came in or went out.
    origins
        When the identifier is new: the EPCI its communes come from, with the number of communes
        that came, the main one first.
    """

    code: str
    name: str
    date: dt.date
    before: int
    after: int
    entered: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    origins: tuple[tuple[str, str, int], ...] = ()


@dataclass(frozen=True)
class History:
    """What has changed in a territory.

    Attributes
    ----------
    since
        Date of the first list of members the edition knows (nothing when it knows none).
    epci, communes
        The changes, of EPCI and of communes.
    """

    since: dt.date | None
    epci: tuple[EpciChange, ...] = ()
    communes: tuple[CommuneChange, ...] = ()


@dataclass(frozen=True)
class _Members:
    """Members of an EPCI on a day: how many communes of the time, which of the edition's COG."""

    name: str
    count: int
    communes: frozenset[str]


def find_history(edition: Edition, epci: tuple[Group, ...], communes: Collection[str]) -> History:
    """Find what has changed since the first list of members of EPCI.

    Parameters
    ----------
    edition
        The edition.
    epci
        EPCI that exist at the edition's date.
    communes
        Communes of the territory.

    Returns
    -------
    History
        The changes. A merger of communes inside an EPCI does not change its members.
    """
    if not epci:
        return History(None)
    events = read_events(edition)
    own = read_memberships(edition, kinds=["epci"], codes=[group.code for group in epci])
    rows = _add_former_epci(edition, own, events)
    since = rows["valid_from"].min()
    if pd.isna(since):
        return History(None)
    events = events[events["date"] > since]
    moved = own.loc[(own["valid_from"] > since) | own["valid_to"].notna(), "code"]
    changed = tuple(group for group in epci if group.code in set(moved))
    return History(
        since.date(),
        tuple(_find_epci_changes(rows, changed, events)),
        tuple(find_commune_changes(events, communes, since.date())),
    )


def _add_former_epci(edition: Edition, own: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Add every EPCI that the members of these have belonged to."""
    communes = set(own["code_commune"])
    former = set(events.loc[events["code_after"].isin(communes), "code_before"])
    around = read_memberships(edition, kinds=["epci"], communes=communes | former)
    return pd.concat([own, around]).drop_duplicates(["code", "code_commune", "valid_from"])


def _find_epci_changes(
    rows: pd.DataFrame, epci: tuple[Group, ...], events: pd.DataFrame
) -> list[EpciChange]:
    changes: list[EpciChange] = []
    bounds = pd.concat([rows["valid_from"], rows["valid_to"]]).dropna()
    # the first list has nothing before it to be compared with
    for day in sorted(bounds.unique())[1:]:
        old = _members_on(rows, (day - pd.Timedelta(days=1)).date(), events)
        new = _members_on(rows, day.date(), events)
        found = (_compare(group, day.date(), old, new) for group in epci)
        changes += [change for change in found if change]
    return sorted(changes, key=lambda change: (change.code, change.date))


def _members_on(rows: pd.DataFrame, day: dt.date, events: pd.DataFrame) -> dict[str, _Members]:
    groups = make_groups("epci", rows[valid_at(rows, day)])
    every = {code for group in groups for code in group.communes}
    moved = bring_forward(every & set(events["code_before"]), dt.date(day.year, 1, 1), events)
    now: dict[str, set[str]] = {}
    for before, after in moved.to_numpy(dtype=object):
        now.setdefault(before, set()).add(after)
    return {
        group.code: _Members(
            group.name,
            len(group.communes),
            frozenset(after for code in group.communes for after in now.get(code, (code,))),
        )
        for group in groups
    }


def _compare(
    group: Group, day: dt.date, old: dict[str, _Members], new: dict[str, _Members]
) -> EpciChange | None:
    after, before = new.get(group.code), old.get(group.code)
    if after is None or (before and before.communes == after.communes):
        return None
    if before is None:
        shares = ((code, was.name, len(was.communes & after.communes)) for code, was in old.items())
        origins = sorted((share for share in shares if share[2]), key=lambda s: (-s[2], s[0]))
        return EpciChange(group.code, group.name, day, 0, after.count, origins=tuple(origins))
    entered = tuple(sorted(after.communes - before.communes))
    left = tuple(sorted(before.communes - after.communes))
    return EpciChange(group.code, group.name, day, before.count, after.count, entered, left)


def find_commune_changes(
    events: pd.DataFrame, communes: Collection[str], since: dt.date
) -> list[CommuneChange]:
    """Find what happened to communes, by date.

    Parameters
    ----------
    events
        Events after ``since``.
    communes
        Communes at the end.
    since
        Where to start.

    Returns
    -------
    list of CommuneChange
        Mergers, splits, renamings and changes of code of what has become these communes.
    """
    moved = bring_forward(set(events["code_after"]), since, events)
    kept = set(moved.loc[moved["code_after"].isin(communes), "code_before"])
    changes: list[CommuneChange] = []
    for day, table in events[events["code_after"].isin(kept)].groupby("date", sort=True):
        changes += _read_changes(pd.Timestamp(str(day)).date(), table)
    return changes


def _read_changes(day: dt.date, table: pd.DataFrame) -> list[CommuneChange]:
    """Read what happened on a day in the pairs of communes before and after."""
    names_before = dict(zip(table["code_before"], table["nom_before"], strict=True))
    names_after = dict(zip(table["code_after"], table["nom_after"], strict=True))
    pairs = set(zip(table["code_before"], table["code_after"], strict=True))
    parts = {b: {a for before, a in pairs if before == b} for b in names_before}
    origins = {a: {b for b, after in pairs if after == a} for a in names_after}
    changes = [
        CommuneChange(
            day, "split", {b: names_before[b]}, {a: names_after[a] for a in sorted(afters)}
        )
        for b, afters in sorted(parts.items())
        if len(afters) > 1
    ]
    for code, befores in sorted(origins.items()):
        before = {b: names_before[b] for b in sorted(befores)}
        alone = next(iter(befores)) if len(befores) == 1 else ""
        if alone and (len(parts[alone]) > 1 or before == {code: names_after[code]}):
            continue  # a part of a split, or a commune that goes on as it was
        what = "merger" if not alone else "rename" if alone == code else "recode"
        changes.append(CommuneChange(day, what, before, {code: names_after[code]}))
    return changes
