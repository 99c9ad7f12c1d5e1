"""What the territory room hands over: groups of communes, a perimeter, comparators."""

import datetime as dt
from dataclasses import dataclass
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
    "petr": "PETR",
    "departement": "département",
    "region": "région",
    "france": "France",
}
"""Kinds of territories, in a sentence."""


SCOPES: Final = {
    "ti": "périmètre du programme, génération 2018-2022",
    "petr": "EPCI du contrat de ruralité de 2018",
    "france": "outre-mer compris",
}
"""What a reader must know of the extent of a kind of territory."""


@dataclass(frozen=True)
class Group:
    """A named set of communes at a date.

    Attributes
    ----------
    kind
        ``commune``, ``epci``, ``ept``, ``ti``, ``petr``, ``departement``, ``region`` or ``france``.
    code, name
        Its code at that date, and its name.
    communes
        Codes of the edition's COG, sorted.
    """

    kind: str
    code: str
    name: str
    communes: tuple[str, ...]


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


@dataclass(frozen=True)
class Comparator:
    """What a territory is compared with: the sum of its communes.

    Attributes
    ----------
    group
        The group.
    scope
        What it covers, in French.
    """

    group: Group
    scope: str


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
