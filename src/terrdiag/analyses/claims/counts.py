"""What claims count beside the indicators of the catalogue: communes, EPCI, square kilometres."""

import datetime as dt
import functools
import itertools
import math
import operator
from collections.abc import Collection
from typing import Final

import pandas as pd

from terrdiag.analyses.cells import UNKNOWN, Cell
from terrdiag.analyses.claims.model import Ground
from terrdiag.catalogue import Indicator
from terrdiag.edition import Edition, read_commune_list, read_events, read_memberships
from terrdiag.edition.crosswalk import find_family
from terrdiag.territory.groups import valid_at
from terrdiag.values import OK

MADE: Final = {
    "communes": (
        "Nombre de communes",
        "communes",
        "Communes telles qu'elles étaient à la date dite : celles qui ont fusionné depuis comptent chacune.",
        "nombre de communes de l'époque",
    ),
    "communes_now": (
        "Nombre de communes, dans le découpage d'aujourd'hui",
        "communes",
        "Communes d'aujourd'hui qui composent le territoire de la date dite : une commune nouvelle compte pour une.",
        "nombre de communes du code officiel géographique de l'édition",
    ),
    "epci": (
        "Nombre d'EPCI",
        "EPCI",
        "EPCI à fiscalité propre dont une commune au moins est dans le territoire, à la date dite.",
        "nombre d'EPCI distincts des communes du territoire",
    ),
    "epci_whole": (
        "Nombre d'EPCI entiers",
        "EPCI",
        "EPCI à fiscalité propre dont toutes les communes sont dans le territoire, à la date dite.",
        "nombre d'EPCI du territoire, moins ceux qui ont une commune au dehors",
    ),
    "area_km2": (
        "Superficie",
        "km²",
        "Superficie mesurée sur les contours détaillés des communes.",
        "somme des superficies des communes",
    ),
}
"""Label, unit, definition, formula; a number comes under two definitions, which make a family."""

SOURCES: Final[dict[str, tuple[str, ...]]] = {
    "communes": ("insee-cog",),
    "epci": ("dgcl-epcicom",),
    "area_km2": ("etalab-geo-api",),
}
"""First letters of the sources of each number."""

MEMBERS: Final = ("dgcl-epcicom",)
"""Those of the members of what is made of EPCI."""

MADE_OF_COMMUNES: Final = ("commune", "departement", "region", "france")
"""Levels whose communes do not depend on the EPCI."""


def counted_indicators() -> dict[str, Indicator]:
    """Make the indicators that only claims use, under their identifiers in a study.

    Examples
    --------
    >>> counted_indicators()["communes"].label_fr
    'Nombre de communes'
    """
    return {
        name: Indicator(
            id=name,
            theme="claims",
            label_fr=label,
            label_en=label,
            short_fr=label,
            unit=unit,
            decimals=1 if name == "area_km2" else 0,
            kind="count",
            inputs=(),
            formula_fr=formula,
            definition_fr=definition,
            source=(),
        )
        for name, (label, unit, definition, formula) in MADE.items()
    }


class Counter:
    """Counts the communes, the EPCI and the square kilometres of places; the lists of members are read once.

    Parameters
    ----------
    edition
        The edition.
    """

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self._epci: dict[dt.date, dict[str, str]] = {}

    def count(self, name: str, ground: Ground) -> Cell:
        """Count something of a place at its date.

        Parameters
        ----------
        name
            One of ``MADE``.
        ground
            The place.

        Returns
        -------
        Cell
            Not known for EPCI at a date before the first list of their members.
        """
        value = self._measure(name, ground)
        if math.isnan(value):
            return UNKNOWN
        starts = SOURCES[name if name in SOURCES else name.partition("_")[0]]
        if ground.place.level not in MADE_OF_COMMUNES:
            starts += MEMBERS
        used = sorted(source for source in self.edition.sources if source.startswith(starts))
        return Cell(value, OK, source_id="+".join(used))

    def _measure(self, name: str, ground: Ground) -> float:
        if name == "area_km2":
            areas = read_commune_list(self.edition).set_index("code_commune")["area_km2"]
            return float(areas.reindex(list(ground.place.communes)).sum())
        if name == "communes_now":
            return float(len(ground.place.communes))
        own = communes_then(self.edition, ground)
        if name == "communes":
            return float(len(own))
        of_commune = self._read_epci(min(ground.date, self.edition.date))
        touched = {of_commune[code] for code in own if code in of_commune}
        if name == "epci_whole":
            touched -= {epci for code, epci in of_commune.items() if code not in own}
        return float(len(touched)) if of_commune else math.nan

    @functools.cached_property
    def _lists(self) -> pd.DataFrame:
        """Every list of members of EPCI."""
        return read_memberships(self.edition, kinds=["epci"])

    def _read_epci(self, date: dt.date) -> dict[str, str]:
        """Give the EPCI of each commune at a date; nothing where no list is so old."""
        if date not in self._epci:
            rows = self._lists[valid_at(self._lists, date)]
            self._epci[date] = dict(
                zip(rows["code_commune"].tolist(), rows["code"].tolist(), strict=True)
            )
        return self._epci[date]


def communes_then(edition: Edition, ground: Ground) -> frozenset[str]:
    """List the communes of a place as they were at its date, mergers and splits since then being undone."""
    if ground.members:
        return frozenset(ground.members)
    return communes_on(edition, ground.place.communes, [ground.date])[ground.date]


def communes_on(
    edition: Edition, communes: Collection[str], days: Collection[dt.date]
) -> dict[dt.date, frozenset[str]]:
    """List what some communes of today were on several days, going back through the events once.

    Parameters
    ----------
    edition
        The edition.
    communes
        Codes of the edition's COG.
    days
        The days, their own events included.

    Returns
    -------
    dict
        By day, the communes of then that lie wholly in these: one that was split is left out when a part of it
        went elsewhere.
    """
    found = set(communes)
    if min(days) >= edition.date:
        return dict.fromkeys(days, frozenset(found))
    events = read_events(edition)
    late = events[events["date"] > pd.Timestamp(min(days))]
    late = late[late["code_before"].isin(find_family(found, late))]
    columns = (late[name].tolist() for name in ("date", "code_before", "code_after"))
    waiting = sorted(days)
    states: dict[dt.date, frozenset[str]] = {}
    latest_first = sorted(zip(*columns, strict=True), reverse=True)
    for date, rows in itertools.groupby(latest_first, key=operator.itemgetter(0)):
        while waiting and waiting[-1] >= date.date():
            states[waiting.pop()] = frozenset(found)
        _undo({(before, after) for _, before, after in rows}, found)
    return states | dict.fromkeys(waiting, frozenset(found))


def _undo(pairs: set[tuple[str, str]], found: set[str]) -> None:
    """Undo what happened on a day: who became whom."""
    parts: dict[str, set[str]] = {}
    for before, after in pairs:
        parts.setdefault(before, set()).add(after)
    whole = {before for before, afters in parts.items() if afters <= found}
    found -= {after for _, after in pairs}
    found |= whole
