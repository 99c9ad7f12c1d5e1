"""What a study states of the time before the first list of members, undone from that list."""

import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from terrdiag.edition import Edition, read_events, read_memberships
from terrdiag.edition.crosswalk import bring_back, bring_forward
from terrdiag.edition.store import read_commune_list
from terrdiag.errors import PerimeterError
from terrdiag.study import Study
from terrdiag.study.perimeter import HistoryTable
from terrdiag.territory.groups import valid_at
from terrdiag.territory.model import format_date
from terrdiag.territory.unknown import explain_unknown
from terrdiag.wording import NNBSP

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Part:
    """A part of a perimeter at the first list of members.

    Attributes
    ----------
    epci
        The EPCI that it is made of, whole.
    members
        Its communes, of the time.
    """

    epci: frozenset[str]
    members: frozenset[str]


@dataclass(frozen=True)
class Event:
    """A change as the study states it.

    Attributes
    ----------
    rank
        Its rank in the file, from 0.
    table
        What the file says.
    commune
        The commune under its code at the first list.
    name
        Its name.
    ways
        Where it goes from and to, in words.
    """

    rank: int
    table: HistoryTable
    commune: str
    name: str
    ways: str = ""


def undo_history(
    study: Study, edition: Edition, parts: Sequence[Part], date: dt.date, known_from: dt.date
) -> tuple[list[frozenset[str]], list[Event]]:
    """Undo what the study states, from the first list of members back to a date.

    Parameters
    ----------
    study
        The study.
    edition
        The edition.
    parts
        Parts of the perimeter at the first list.
    date
        The date wanted, its own changes included.
    known_from
        Date of the first list.

    Returns
    -------
    members : list of frozenset
        Communes of each part at ``date``, in codes of the first list.
    undone : list of Event
        What was undone, from the first to the last.

    Raises
    ------
    PerimeterError
        Something stated does not fit with the first list of members: every fault is named.
    """
    events = _read_events(study, edition, known_from)
    rows = read_memberships(
        edition, kinds=["epci"], communes={event.commune for event in events.values()}
    )
    rows = rows[valid_at(rows, known_from)]
    holders = dict(zip(rows["code_commune"], rows["code"], strict=True))
    names = dict(zip(rows["code"], rows["nom"], strict=True))
    members = [set(part.members) for part in parts]
    undone: list[Event] = []
    faults = []
    for rank, event in events.items():
        now, before = holders.get(event.commune, ""), event.table.out_of or ""
        if fault := _find_fault(event, now, names, parts, known_from):
            faults.append(f"{study.where('perimeter', 'history', rank)} : {fault}")
            continue
        holders[event.commune] = before
        if event.table.date > date:
            undone.append(dataclasses.replace(event, ways=_word_ways(event.table, names)))
            _move(event.commune, now, before, parts, members)
    if faults:
        raise PerimeterError("\n".join(faults))
    return [frozenset(one) for one in members], undone[::-1]


def word_stated(date: dt.date, known_from: dt.date, undone: Sequence[Event]) -> str:
    """Say what a perimeter stated by the study rests on, and what it assumes.

    Parameters
    ----------
    date
        The date of the perimeter.
    known_from
        Date of the first list of members.
    undone
        What was undone.
    """
    head = (
        f"Périmètre du {format_date(date)}, selon l'étude : celui du {format_date(known_from)}, "
        "première composition des EPCI que connaît l'édition"
    )
    if not undone:
        return f"{head} ; l'étude déclare que rien n'a changé entre ces deux dates."
    words = [_word_event(event) for event in undone]
    return (
        f"{head}, avant ces changements : {f'{NNBSP}; '.join(words)}. "
        "L'étude n'en déclare pas d'autre entre ces deux dates."
    )


def _word_event(event: Event) -> str:
    return (
        f"{event.name} ({event.commune}) {event.ways} le {format_date(event.table.date)} "
        f"(source : {event.table.source})"
    )


def _word_ways(table: HistoryTable, names: Mapping[str, str]) -> str:
    ways = [
        f"{verb} {f'{names[siren]} ({siren})' if siren in names else siren}"
        for verb, siren in (("quitte", table.out_of), ("entre dans", table.into))
        if siren
    ]
    return " et ".join(ways)


def _read_events(study: Study, edition: Edition, known_from: dt.date) -> dict[int, Event]:
    """Read what the study states, from the latest to the earliest; each commune at the first list."""
    tables = list(enumerate(study.perimeter.history or ()))
    events: dict[int, Event] = {}
    faults = []
    for rank, table in sorted(tables, key=lambda pair: pair[1].date, reverse=True):
        code, fault = _find_commune(table, edition, known_from)
        if any(e.commune == code and e.table.date == table.date for e in events.values()):
            fault = f"{table.commune} change deux fois le {format_date(table.date)}"
        if fault:
            faults.append(f"{study.where('perimeter', 'history', rank)} : {fault}")
        else:
            events[rank] = Event(
                rank, table, code, name_communes(edition, [code], known_from)[0][1]
            )
    if faults:
        raise PerimeterError("\n".join(faults))
    return events


def _find_commune(table: HistoryTable, edition: Edition, known_from: dt.date) -> tuple[str, str]:
    """Find the code that a commune bears at the first list, or say why there is none."""
    if table.date > known_from:
        return "", (
            f"la composition des EPCI est connue depuis le {format_date(known_from)} : "
            f"ôtez ce changement du {format_date(table.date)}, l'édition le montre s'il a eu lieu."
        )
    events = read_events(edition)
    known = (read_commune_list(edition)["code_commune"], events["code_before"])
    if not any((codes == table.commune).any() for codes in known):
        return "", explain_unknown(edition, "commune", table.commune, edition.date)
    moved = bring_forward([table.commune], table.date - DAY, events, known_from)
    after = moved["code_after"].tolist()
    same = bring_back(after, table.date - DAY, events, known_from)
    if len(after) == 1 and (after == [table.commune] or len(same) == 1):
        return after[0], ""
    now = " et ".join(after)
    return "", (
        f"{table.commune} a fusionné ou s'est séparée avant le {format_date(known_from)} "
        f"(devenue {now}) : ce changement ne se défait pas commune par commune. "
        "Listez plutôt les communes d'alors dans communes."
    )


def name_communes(
    edition: Edition, codes: Collection[str], date: dt.date
) -> tuple[tuple[str, str], ...]:
    """Name communes as they were called at a date: code and name, by code.

    Parameters
    ----------
    edition
        The edition.
    codes
        Codes of that date.
    date
        The date.
    """
    names = read_commune_list(edition).set_index("code_commune")["nom"]
    events = read_events(edition)
    later = events[events["code_before"].isin(codes) & (events["date"] > pd.Timestamp(date))]
    former = later.sort_values("date", kind="stable").drop_duplicates("code_before")
    called = names[names.index.isin(codes)].to_dict() | dict(
        zip(former["code_before"], former["nom_before"], strict=True)
    )
    return tuple((code, str(called.get(code, code))) for code in sorted(codes))


def _find_fault(
    event: Event,
    now: str,
    names: dict[str, str],
    parts: Sequence[Part],
    known_from: dt.date,
) -> str:
    """Say what does not fit with what is known after an event; nothing when all does."""
    table = event.table
    concerned = set().union(*(part.epci for part in parts))
    if not {table.into, table.out_of} & concerned:
        listed = ", ".join(sorted(concerned)) or "aucun"
        return (
            "ce changement ne touche aucun EPCI du périmètre "
            f"(au {format_date(known_from)} : {listed}). Ôtez-le."
        )
    after = f"après le {format_date(table.date)}, {event.name} ({event.commune})"
    place = f"dans {names.get(now, now)} ({now})"
    if table.into and now != table.into:
        where = f"est {place}" if now else "n'est dans aucun EPCI connu"
        return f"{after} {where}, et non dans {table.into}. Corrigez into."
    if not table.into and now == table.out_of:
        return f"{after} est encore {place}. Corrigez out_of."
    return ""


def _move(
    commune: str, now: str, before: str, parts: Sequence[Part], members: Sequence[set[str]]
) -> None:
    """Move a commune from the EPCI it is in to that where it was before."""
    for part, communes in zip(parts, members, strict=True):
        was_in, is_in = before in part.epci, now in part.epci
        if was_in and not is_in:
            communes.add(commune)
        elif is_in and not was_in:
            communes.discard(commune)
