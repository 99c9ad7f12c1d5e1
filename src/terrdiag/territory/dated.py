"""A perimeter at any date: what the study declares, under the codes and with the members of then."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final

import pandas as pd
import pyarrow.compute as pc

from terrdiag.edition import Edition, read_events, read_memberships
from terrdiag.edition.crosswalk import bring_back, find_family
from terrdiag.errors import PerimeterError
from terrdiag.study import KINDS, Study
from terrdiag.territory.groups import bring_to_edition, find_groups, valid_at
from terrdiag.territory.model import DatedPerimeter, Group, format_date
from terrdiag.territory.stated import Part, name_communes, undo_history, word_stated
from terrdiag.territory.unknown import explain_unknown
from terrdiag.wording import join_words, plural

LISTED_KINDS: Final = ("epci", "ti", "petr")
"""Kinds whose members are known from the first list of members of EPCI on."""

DATED_KINDS: Final = (*LISTED_KINDS, "ept", "ti2023")
"""Kinds whose members depend on the date; the others are of the communes of today."""


class NotThenError(PerimeterError):
    """A perimeter whose groups did not exist, or exist no more, at a date."""


def resolve_dated(study: Study, edition: Edition, date: dt.date) -> DatedPerimeter:
    """Resolve the perimeter of a study at a date, its own or another.

    A group that bore another code then is the one that shares most of its communes with it, both
    ways. Before the first list of members, what the study states in ``[[perimeter.history]]`` is
    undone from that list.

    Parameters
    ----------
    study
        The study.
    edition
        The edition, whose COG the communes are brought to.
    date
        The date.

    Returns
    -------
    DatedPerimeter
        Its parts in the order of the study, its communes, and its members at that date.

    Raises
    ------
    NotThenError
        One of its groups did not exist then.
    PerimeterError
        A code is unknown; the date is after the edition, or before the first list of members and
        the study states nothing of that time; what it states does not fit with the list.
    """
    key = "date" if date == study.perimeter.date else "compare_dates"
    if date > edition.date:
        raise PerimeterError(
            f"{study.where('perimeter', key)} : {date} est après l'édition {edition.info.id}, "
            f"qui s'arrête au {format_date(edition.date)}. Ôtez la date, ou changez d'édition."
        )
    keys = [(kind, code) for kind, codes in study.perimeter.codes.items() for code in codes]
    kinds = {kind for kind, _ in keys}
    known_from = find_first_list(edition) if kinds & set(LISTED_KINDS) else None
    own = study.perimeter.date or edition.date
    start, listed = ((max(day, known_from) if known_from else day) for day in (own, date))
    parts = _find_declared(study, edition, start)
    if known_from and date < known_from and study.perimeter.history is None:
        raise PerimeterError(_word_no_history(study, key, date, known_from))
    if listed != start:
        parts = tuple(_follow(edition, part, start, listed) for part in parts)
    if known_from and date < known_from:
        return _undo(study, edition, parts, date, known_from)
    return _assemble(edition, parts, date)


def check_stated(study: Study, edition: Edition) -> None:
    """Check what the study states of the past, even when none of its dates needs it.

    Raises
    ------
    PerimeterError
        It does not fit with the first list of members, or changes nothing of the perimeter.
    """
    first = find_first_list(edition)
    listed = [code for kind in LISTED_KINDS for code in study.perimeter.codes[kind]]
    if not listed or first is None:
        raise PerimeterError(
            f"{study.where('perimeter', 'history')} : history ne change rien à ce périmètre, qui ne "
            "liste ni EPCI, ni Territoire d'industrie, ni PETR. Ôtez cette table."
        )
    dates = [table.date for table in study.perimeter.history or ()]
    resolve_dated(study, edition, min(first, *dates) - dt.timedelta(days=1))


def find_first_list(edition: Edition) -> dt.date | None:
    """Give the date of the first list of members of EPCI; None when the edition dates none."""
    table = edition.memberships
    of_epci = table.filter(pc.field("kind") == "epci")["valid_from"]
    first: dt.date | None = pc.min(of_epci).as_py()
    return first


def _find_declared(study: Study, edition: Edition, date: dt.date) -> tuple[Group, ...]:
    """Find what the study lists, at its own date."""
    keys = [(kind, code) for kind, codes in study.perimeter.codes.items() for code in codes]
    found = find_groups(edition, keys, date)
    faults = []
    for kind, code in dict.fromkeys(keys):
        if (kind, code) not in found:
            where = study.where("perimeter", KINDS[kind].key)
            faults.append(f"{where} : {explain_unknown(edition, kind, code, date)}")
    if faults:
        raise PerimeterError("\n".join(faults))
    return tuple(found.values())


def _word_no_history(study: Study, key: str, date: dt.date, known_from: dt.date) -> str:
    first, then = format_date(known_from), format_date(date)
    return (
        f"{study.where('perimeter', key)} : l'édition ne connaît la composition des EPCI qu'à "
        f"partir du {first}. Pour un périmètre du {then}, dites dans [[perimeter.history]] ce "
        "qui a changé entre ces deux dates, ou, si rien n'a changé, écrivez history = [] dans "
        "[perimeter]."
    )


def _follow(edition: Edition, part: Group, start: dt.date, date: dt.date) -> Group:
    """Find what a group was, or became, at another date."""
    if part.kind not in DATED_KINDS:
        return part
    key = (part.kind, part.code)
    if found := find_groups(edition, [key], date).get(key):
        return found
    near = _groups_at(edition, part, date)
    mine = set(part.communes)
    for group in near:
        common = len(mine.intersection(group.communes))
        if 2 * common > max(len(mine), len(group.communes)):
            return group
    raise NotThenError(_word_not_then(part, near, start, date))


def _groups_at(edition: Edition, part: Group, date: dt.date) -> list[Group]:
    """List the groups of the same kind that held its communes at a date, the main one first."""
    events = read_events(edition)
    family = find_family(part.communes, events[events["date"] > pd.Timestamp(date)])
    rows = read_memberships(edition, kinds=[part.kind], communes=family)
    keys = [(part.kind, str(code)) for code in rows.loc[valid_at(rows, date), "code"].unique()]
    mine = set(part.communes)
    shares = [
        (len(mine.intersection(group.communes)), group)
        for group in find_groups(edition, keys, date).values()
    ]
    ranked = sorted(shares, key=lambda share: (-share[0], share[1].code))
    return [group for count, group in ranked if count]


def _word_not_then(part: Group, near: Sequence[Group], start: dt.date, date: dt.date) -> str:
    verb = "n'existait pas encore" if date < start else "n'existe plus"
    held = "étaient" if date < start else "sont"
    mine = set(part.communes)
    shares = [
        f"{group.name} ({group.code}, "
        f"{plural(len(mine.intersection(group.communes)), 'commune')} sur {len(group.communes)})"
        for group in near
    ]
    where = f" : ses communes {held} dans {join_words(shares)}" if shares else ""
    return (
        f"Au {format_date(date)}, {part.name} ({part.code}) {verb}{where}. "
        "Le périmètre n'est donc pas décrit à cette date."
    )


def _assemble(edition: Edition, parts: tuple[Group, ...], date: dt.date) -> DatedPerimeter:
    then = {code for part in parts for code in _read_members(edition, part, date)}
    return DatedPerimeter(date, parts, _unite(parts), name_communes(edition, then, date))


def _undo(
    study: Study, edition: Edition, parts: tuple[Group, ...], date: dt.date, first: dt.date
) -> DatedPerimeter:
    """Undo what the study states, from the first list of members."""
    dated = [part for part in parts if part.kind in LISTED_KINDS]
    at_first = [frozenset(_read_members(edition, part, first)) for part in dated]
    described = [
        Part(_find_epci(edition, part, members, first), members)
        for part, members in zip(dated, at_first, strict=True)
    ]
    undone, stated = undo_history(study, edition, described, date, first)
    before = dict(zip(dated, undone, strict=True))
    events = read_events(edition)
    then: set[str] = set()
    found = []
    for part in parts:
        if part in before:
            now = bring_to_edition(edition, before[part], first)["code_after"]
            found.append(dataclasses.replace(part, communes=tuple(sorted(set(now)))))
            then |= bring_back(before[part], date, events, first)
        else:
            found.append(part)
            then |= bring_back(part.communes, date, events)
    if not then:
        raise PerimeterError(
            f"{study.where('perimeter', 'history')} : au {format_date(date)}, il ne reste aucune "
            "commune dans le périmètre."
        )
    members = name_communes(edition, then, date)
    remark = word_stated(date, first, stated)
    return DatedPerimeter(date, tuple(found), _unite(found), members, stated=True, remark=remark)


def _find_epci(
    edition: Edition, part: Group, members: frozenset[str], date: dt.date
) -> frozenset[str]:
    """List the EPCI that lie wholly in a part at a date."""
    if part.kind == "epci":
        return frozenset({part.code})
    near = read_memberships(edition, kinds=["epci"], communes=members)
    codes = set(near.loc[valid_at(near, date), "code"])
    rows = read_memberships(edition, kinds=["epci"], codes=codes)
    held = rows[valid_at(rows, date)].groupby("code")["code_commune"].agg(set)
    return frozenset(str(code) for code, communes in held.items() if communes <= members)


def _read_members(edition: Edition, part: Group, date: dt.date) -> Iterable[str]:
    """List the communes of a part, under the codes of a date."""
    if part.kind in DATED_KINDS:
        rows = read_memberships(edition, kinds=[part.kind], codes=[part.code])
        return [str(code) for code in rows.loc[valid_at(rows, date), "code_commune"]]
    return bring_back(part.communes, date, read_events(edition))


def _unite(parts: Iterable[Group]) -> tuple[str, ...]:
    return tuple(sorted({code for part in parts for code in part.communes}))
