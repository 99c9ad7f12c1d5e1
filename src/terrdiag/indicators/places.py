"""Places that get values, and where their communes stand among the figures."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from terrdiag.indicators.figures import CommuneFigures
from terrdiag.territory import Comparator, Perimeter

ALONE: Final = ("epci", "departement", "region", "france")
"""Kinds of comparators that have their own published figures."""

PUBLISHED_KINDS: Final = ("epci", "departement", "region")
"""Kinds of places for which producers publish shares, besides France."""


@dataclass(frozen=True)
class Place:
    """A set of communes that gets values.

    Attributes
    ----------
    level, code, name
        As in the table of values.
    communes
        Codes of its communes.
    same_as
        Level and code of the place of the publishers that it is, if it is one (a territory that is
        an EPCI).
    """

    level: str
    code: str
    name: str
    communes: tuple[str, ...]
    same_as: tuple[str, str] | None = None


@dataclass(frozen=True)
class Members:
    """Places laid end to end, so that one pass sums over all of them.

    Attributes
    ----------
    places
        ``level``, ``code`` and ``name`` of each place, shape (p,).
    positions
        Positions of the members of each place in turn, shape (m,).
    starts
        Where each place starts in ``positions``, shape (p,).
    """

    places: dict[str, NDArray[np.object_]]
    positions: NDArray[np.intp]
    starts: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.starts)

    def add_up(self, array: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum over each place."""
        total: NDArray[np.float64] = self.reduce(np.add, array)
        return total

    def reduce(self, how: np.ufunc, array: NDArray[Any]) -> NDArray[Any]:
        """Reduce over each place, with any numpy ufunc."""
        reduced: NDArray[Any] = how.reduceat(array[self.positions], self.starts)
        return reduced


def lay_out(places: Sequence[Place], figures: CommuneFigures) -> Members:
    """Lay places out over the figures of their communes.

    Parameters
    ----------
    places
        Places, each with one commune at least.
    figures
        Figures of all of these communes.

    Returns
    -------
    Members
        The layout, in the order of the places.
    """
    positions = [figures.positions(place.communes) for place in places]
    sizes = np.array([len(part) for part in positions])
    table = {
        name: np.array([getattr(place, name) for place in places], dtype=object)
        for name in ("level", "code", "name")
    }
    return Members(table, np.concatenate(positions), np.concatenate([[0], sizes.cumsum()[:-1]]))


@dataclass(frozen=True)
class Places:
    """All that gets values in a run.

    Attributes
    ----------
    communes
        The communes of the territory, one place each.
    holders
        Its EPCI, the territory itself, the comparators.
    around
        The EPCI around the territory, which only the maps show.
    """

    communes: tuple[Place, ...]
    holders: tuple[Place, ...]
    around: tuple[Place, ...] = ()


def list_places(
    perimeter: Perimeter,
    comparators: Sequence[Comparator],
    frame: pd.DataFrame,
    edition_date: dt.date,
) -> Places:
    """List the places of a diagnostic.

    Parameters
    ----------
    perimeter
        The territory.
    comparators
        What it is compared with.
    frame
        Commune frame (``code, name, code_epci, name_epci, inside``), surroundings included.
    edition_date
        A territory taken at this date may be one that the producers publish.

    Returns
    -------
    Places
        Communes by code, then EPCI, territory and comparators, and the EPCI around.
    """
    inside = frame[frame["inside"]]
    communes = tuple(
        Place("commune", code, name, (code,))
        for code, name in zip(inside["code"], inside["name"], strict=True)
    )
    only = (
        perimeter.parts[0] if len(perimeter.parts) == 1 and perimeter.date == edition_date else None
    )
    same_as = (only.kind, only.code) if only and only.kind in PUBLISHED_KINDS else None
    # Paris is a commune and a département, a PETR may be one EPCI: what is published for the one holds for the other
    published = (*perimeter.regions, *perimeter.departements, *perimeter.epci)
    twins = {group.communes: (group.kind, group.code) for group in published}
    holders = (
        *(Place("epci", group.code, group.name, group.communes) for group in perimeter.epci),
        Place(
            "territoire",
            perimeter.id,
            perimeter.name,
            perimeter.communes,
            same_as or twins.get(perimeter.communes),
        ),
        *(
            Place(
                c.group.kind,
                c.group.code,
                c.group.name,
                c.group.communes,
                c.same_as or (None if c.group.kind in ALONE else twins.get(c.group.communes)),
            )
            for c in comparators
        ),
    )
    own = {group.code for group in perimeter.epci}
    beyond = frame[(frame["code_epci"] != "") & ~frame["code_epci"].isin(own)]
    around = tuple(
        Place("epci", str(code), str(group["name_epci"].iloc[0]), tuple(group["code"]))
        for code, group in beyond.groupby("code_epci")
    )
    return Places(communes, holders, around)


def populations_of(values: pd.DataFrame) -> pd.Series:
    """Give the latest population of every commune of a table of values, by code."""
    rows = values[(values["level"] == "commune") & (values["indicator"] == "population")].dropna(
        subset="value"
    )
    return (
        rows.sort_values("ref_year").drop_duplicates("code", keep="last").set_index("code")["value"]
    )
