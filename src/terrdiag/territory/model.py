"""What the territory room hands over: groups of communes, a perimeter, comparators."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Final

from terrdiag.wording import NBSP

FRANCE_CODE: Final = "00FR"

MAX_DEPARTEMENTS: Final = 6
"""Beyond this many départements around a territory, they are not compared one by one."""

KIND_LABELS: Final = {
    "commune": "commune",
    "epci": "EPCI",
    "ept": "EPT",
    "ti": "Territoire d'industrie",
    "ti2023": "Territoire d'industrie 2023-2027",
    "petr": "PETR",
    "ze": "zone d'emploi",
    "aav": "aire d'attraction",
    "bv": "bassin de vie",
    "uu": "unité urbaine",
    "arr": "arrondissement",
    "cv": "canton",
    "departement": "département",
    "region": "région",
    "ensemble": "ensemble de communes",
    "france": "France",
    "perimetre": "périmètre d'une autre date",
}
"""Kinds of territories, in a sentence."""


SCOPES: Final = {
    "ti": "périmètre du programme, génération 2018-2022",
    "ti2023": "périmètre du programme, génération 2023-2027",
    "petr": "EPCI du contrat de ruralité de 2018",
    "ze": "zonage d'étude de l'INSEE",
    "aav": "zonage d'étude de l'INSEE",
    "bv": "zonage d'étude de l'INSEE",
    "uu": "zonage d'étude de l'INSEE",
    "france": "outre-mer compris",
}
"""What a reader must know of the extent of a kind of territory."""

CURRENT_PETR: Final = "membres selon BANATIC"
"""The same of a PETR that bears its SIREN; one of a contract of 2018 bears the identifier of the contract."""


@dataclass(frozen=True)
class Group:
    """A named set of communes at a date.

    Attributes
    ----------
    kind
        ``commune``, ``epci``, ``ept``, ``ti``, ``ti2023``, ``petr``, ``ze``, ``aav``, ``bv``, ``uu``, ``arr``,
        ``cv``, ``departement``, ``region``, ``france``;
        ``ensemble`` for a union or a difference of these, and for a commune, an EPCI or an EPT that
        is compared with; ``perimetre`` for the territory on the perimeter of another date.
    code, name
        Its code at that date, and its name.
    communes
        Codes of the edition's COG, sorted.
    """

    kind: str
    code: str
    name: str
    communes: tuple[str, ...]


def scope_of(group: Group) -> str:
    """Say what a reader must know of the extent of a group; nothing when its kind says it all.

    Examples
    --------
    >>> scope_of(Group("petr", "CR0289", "Pays", ())), scope_of(Group("petr", "200053981", "PETR", ()))
    ('EPCI du contrat de ruralité de 2018', 'membres selon BANATIC')
    >>> scope_of(Group("region", "76", "Occitanie", ()))
    ''
    """
    if group.kind == "petr" and group.code.isdecimal():
        return CURRENT_PETR
    return SCOPES.get(group.kind, "")


@dataclass(frozen=True)
class CommuneChange:
    """What happened to communes on a date.

    Attributes
    ----------
    date
        The day it took effect.
    what
        ``merger``, ``split``, ``rename`` or ``recode``.
    before, after
        Communes before and after: code → name.
    """

    date: dt.date
    what: str
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Move:
    """A commune that a perimeter holds at one of two dates only.

    Attributes
    ----------
    code, name
        The commune, in the edition's COG.
    is_entry
        Whether it came in between the two dates (it went out when not).
    date
        The day it took effect when the study states it, else that of the first list that shows it.
    other
        SIREN and name of the EPCI it came from, or went to; empty when it is not known or there
        was none.
    source
        What the study gives as proof; empty when the lists of members show the move.
    """

    code: str
    name: str
    is_entry: bool
    date: dt.date
    other: tuple[str, str] = ("", "")
    source: str = ""


@dataclass(frozen=True)
class Renumbering:
    """A group that bears another code at one of two dates.

    Attributes
    ----------
    before, after
        The group at the earlier and at the later date.
    date
        First day of the later code.
    """

    before: Group
    after: Group
    date: dt.date


@dataclass(frozen=True)
class Changes:
    """What differs between two dates of a perimeter, told from the earlier to the later.

    Attributes
    ----------
    start, end
        The two dates.
    moves
        Communes that came in, then those that went out, each by date and code.
    renumbered
        Groups that changed their code.
    communes
        Mergers, splits and renamings of communes inside the perimeter.
    """

    start: dt.date
    end: dt.date
    moves: tuple[Move, ...] = ()
    renumbered: tuple[Renumbering, ...] = ()
    communes: tuple[CommuneChange, ...] = ()


@dataclass(frozen=True)
class DatedPerimeter:
    """What the territory was, or will be, at a date.

    Attributes
    ----------
    date
        The date.
    parts
        What it was declared as, under the codes and names of that date.
    communes
        Their union, in codes of the edition's COG, sorted.
    members
        Code and name of each of its communes at that date, sorted.
    stated
        Whether it rests on the history that the study states, and not on lists of members alone.
    remark
        When it is stated: what exactly is stated and assumed, in French.
    changes
        What differs from the perimeter of the study (nothing for that perimeter itself).
    """

    date: dt.date
    parts: tuple[Group, ...]
    communes: tuple[str, ...]
    members: tuple[tuple[str, str], ...]
    stated: bool = False
    remark: str = ""
    changes: Changes | None = None


@dataclass(frozen=True)
class Perimeter:
    """The territory of a diagnostic.

    Attributes
    ----------
    id
        Name of the folder of results: the study's, or the code.
    name
        Name of the territory.
    date
        Date at which the parts were taken.
    parts
        What it was declared as, at that date.
    communes
        Their union, in codes of the edition's COG, sorted.
    epci, departements, regions
        What it touches at the edition's date, each with **all** its communes.
    without_epci
        Its communes that belong to no EPCI (islands).
    notice
        Sentences in French: what it holds, what has changed, the dates of the sources.
    warnings
        What a user must see in the summary.
    others
        The territory at the other dates that the study names, in their order.
    """

    id: str
    name: str
    date: dt.date
    parts: tuple[Group, ...]
    communes: tuple[str, ...]
    epci: tuple[Group, ...]
    departements: tuple[Group, ...]
    regions: tuple[Group, ...]
    without_epci: tuple[str, ...]
    notice: tuple[str, ...]
    warnings: tuple[str, ...]
    others: tuple[DatedPerimeter, ...] = ()


@dataclass(frozen=True)
class Comparator:
    """What a territory is compared with: the sum of its communes.

    Attributes
    ----------
    group
        The group.
    scope
        What it covers, in French.
    warnings
        What a user must see of how it was made.
    same_as
        Kind and code of the single commune, EPCI or EPT that an ``ensemble`` is, whose published
        figures are its own.
    """

    group: Group
    scope: str
    warnings: tuple[str, ...] = ()
    same_as: tuple[str, str] | None = None


MONTHS: Final = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)


def format_date(date: dt.date) -> str:
    r"""Word a date in French.

    Examples
    --------
    >>> format_date(dt.date(2026, 1, 1))
    '1er\xa0janvier\xa02026'
    """
    day = "1er" if date.day == 1 else str(date.day)
    return f"{day}{NBSP}{MONTHS[date.month - 1]}{NBSP}{date.year}"
