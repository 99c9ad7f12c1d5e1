"""What differs between the perimeter of a study and the same at another date."""

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

import pandas as pd

from terrdiag.edition import Edition, read_events, read_memberships
from terrdiag.edition.crosswalk import find_family
from terrdiag.study import Study
from terrdiag.territory.dated import find_first_list
from terrdiag.territory.history import find_commune_changes
from terrdiag.territory.model import Changes, DatedPerimeter, Move, Renumbering
from terrdiag.territory.stated import name_communes

DAY: Final = dt.timedelta(days=1)


def add_changes(
    study: Study, edition: Edition, own: DatedPerimeter, other: DatedPerimeter
) -> DatedPerimeter:
    """Add to a perimeter of another date what differs from that of the study.

    Parameters
    ----------
    study
        The study, whose stated history dates the moves before the first list of members.
    edition
        The edition.
    own
        The perimeter of the study.
    other
        The same at another date.

    Returns
    -------
    DatedPerimeter
        The other one, with its changes told from the earlier date to the later.
    """
    early, late = sorted((own, other), key=lambda one: one.date)
    events = read_events(edition)
    between = (events["date"] > pd.Timestamp(early.date)) & (
        events["date"] <= pd.Timestamp(late.date)
    )
    communes = set(early.communes) | set(late.communes)
    events = events[between]
    family = find_family(communes, events)
    events = events[events["code_after"].isin(family)]
    changes = Changes(
        early.date,
        late.date,
        _find_moves(study, edition, early, late),
        tuple(_find_renumbered(edition, early, late)),
        tuple(find_commune_changes(events, communes, early.date)),
    )
    return dataclasses.replace(other, changes=changes)


def _find_moves(
    study: Study, edition: Edition, early: DatedPerimeter, late: DatedPerimeter
) -> tuple[Move, ...]:
    """Find the communes that one of two perimeters holds, and when they came or went."""
    entered = set(late.communes) - set(early.communes)
    left = set(early.communes) - set(late.communes)
    if not entered and not left:
        return ()
    finder = _MoveFinder(study, edition, early, late)
    moves = [
        *(finder.find(code, is_entry=True) for code in entered),
        *(finder.find(code, is_entry=False) for code in left),
    ]
    return tuple(sorted(moves, key=lambda move: (not move.is_entry, move.date, move.code)))


class _Membership(NamedTuple):
    """A commune in a group, from a day (included) to another (excluded)."""

    key: tuple[str, str]
    name: str
    start: dt.date
    end: dt.date

    def holds(self, day: dt.date) -> bool:
        """Whether it is in force on a day."""
        return self.start <= day < self.end


class _MoveFinder:
    """Dates the moves of communes by the lists of members, or by what the study states."""

    def __init__(
        self, study: Study, edition: Edition, early: DatedPerimeter, late: DatedPerimeter
    ) -> None:
        self.edition = edition
        self.start, self.end = early.date, late.date
        # the first list has nothing before it to be compared with
        self.listed = max(early.date, find_first_list(edition) or early.date)
        self.own = {(part.kind, part.code) for part in (*early.parts, *late.parts)}
        self.history = (study.perimeter.history or ()) if early.stated else ()
        moved = set(early.communes) ^ set(late.communes)
        self.names = dict(name_communes(edition, moved, edition.date))
        events = read_events(edition)
        events = events[events["date"] > pd.Timestamp(early.date)]
        family = find_family(moved, events)
        self.events = events[events["code_after"].isin(family)]
        self.memberships = self._read(family)

    def find(self, code: str, *, is_entry: bool) -> Move:
        """Find when a commune came in or went out, and from or to which EPCI."""
        name, family = self.names[code], find_family([code], self.events)
        # the commune whose code it bears first: of those it is made of, the one that went on
        ordered = sorted(family, key=lambda one: (one != code, one))
        every = [one for commune in ordered for one in self.memberships.get(commune, ())]
        inside = [one for one in every if one.key in self.own]
        elsewhere = [one for one in every if one.key not in self.own and one.key[0] == "epci"]
        for day in self._days(inside):
            before = day - DAY
            if _holder(inside, day) and not _holder(inside, before) and is_entry:
                return Move(code, name, is_entry, day, _describe(_holder(elsewhere, before)))
            if _holder(inside, before) and not _holder(inside, day) and not is_entry:
                return Move(code, name, is_entry, day, _describe(_holder(elsewhere, day)))
        stated = [one for one in self.history if one.commune in family and one.date > self.start]
        if stated:
            last = max(stated, key=lambda table: table.date)
            siren = (last.out_of if is_entry else last.into) or ""
            return Move(code, name, is_entry, last.date, self._name_epci(siren), last.source)
        # the group bore a third code in between: only the two ends are known
        return Move(code, name, is_entry, self.end)

    def _read(self, communes: Collection[str]) -> dict[str, list[_Membership]]:
        """Read the dated memberships of communes, by commune."""
        kinds = {kind for kind, _ in self.own} | {"epci"}
        rows = read_memberships(self.edition, kinds=kinds, communes=communes)
        found: dict[str, list[_Membership]] = {}
        columns = ("code_commune", "kind", "code", "nom", "valid_from", "valid_to")
        for commune, *key, name, start, end in zip(
            *(rows[c].tolist() for c in columns), strict=True
        ):
            first = dt.date.min if pd.isna(start) else start.date()
            last = dt.date.max if pd.isna(end) else end.date()
            one = _Membership((key[0], key[1]), name, first, last)
            found.setdefault(commune, []).append(one)
        return found

    def _days(self, memberships: Iterable[_Membership]) -> list[dt.date]:
        """List the days when the lists show that members changed, from the latest."""
        days = {day for one in memberships for day in (one.start, one.end)}
        return sorted((day for day in days if self.listed < day <= self.end), reverse=True)

    def _name_epci(self, siren: str) -> tuple[str, str]:
        rows = read_memberships(self.edition, kinds=["epci"], codes=[siren] if siren else [])
        return siren, (str(rows["nom"].iloc[-1]) if len(rows) else "")


def _holder(memberships: Iterable[_Membership], day: dt.date) -> _Membership | None:
    """Give what holds a commune on a day, if anything does."""
    return next((one for one in memberships if one.holds(day)), None)


def _describe(holder: _Membership | None) -> tuple[str, str]:
    return (holder.key[1], holder.name) if holder else ("", "")


def _find_renumbered(
    edition: Edition, early: DatedPerimeter, late: DatedPerimeter
) -> Iterable[Renumbering]:
    for before, after in zip(early.parts, late.parts, strict=True):
        if before.code != after.code:
            rows = read_memberships(edition, kinds=[after.kind], codes=[after.code])
            yield Renumbering(before, after, _first_day(rows, early.date))


def _first_day(rows: pd.DataFrame, start: dt.date) -> dt.date:
    return max(pd.Timestamp(rows["valid_from"].min()).date(), start)
