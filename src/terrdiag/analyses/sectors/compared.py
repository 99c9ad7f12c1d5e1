"""Who is compared with whom: the territory and its EPCI on one side, the comparators on the other."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from terrdiag.indicators.places import Place, Places

NOT_COMPARATORS: Final = ("perimetre", "tranche_altitude", "epci_comparable")
"""Places that may follow the territory without being what its sectors are compared with: nobody is specialised
beside the same territory on the perimeter of another date."""


@dataclass(frozen=True)
class Compared:
    """The places of an analysis.

    Attributes
    ----------
    territory
        The territory.
    epci
        Its EPCI.
    references
        Its comparators by the word that names them in an identifier (``region:76``, ``france``), in the order
        of the study.
    """

    territory: Place
    epci: tuple[Place, ...]
    references: Mapping[str, Place]

    @property
    def own(self) -> tuple[Place, ...]:
        """The territory, then its EPCI."""
        return (self.territory, *self.epci)

    @property
    def every(self) -> tuple[Place, ...]:
        """The territory, its EPCI and its comparators, each once."""
        places = {(place.level, place.code): place for place in self.own}
        places |= {(place.level, place.code): place for place in self.references.values()}
        return tuple(places.values())

    def references_of(self, place: Place) -> tuple[tuple[str, Place], ...]:
        """Give what a place is compared with: the comparators that are not itself."""
        return tuple(
            (word, reference)
            for word, reference in self.references.items()
            if reference.communes != place.communes
        )


def split_places(places: Places) -> Compared:
    """Tell the territory, its EPCI and its comparators apart.

    Parameters
    ----------
    places
        Places of a diagnostic: its EPCI, the territory, then the comparators.

    Returns
    -------
    Compared
        The same places, by what they are.

    Examples
    --------
    >>> holders = [
    ...     Place("epci", "200000001", "CC du Val", ("01001", "01002")),
    ...     Place("territoire", "val", "Val", ("01001", "01002")),
    ...     Place("region", "84", "Auvergne-Rhône-Alpes", ("01001", "01002", "01003")),
    ... ]
    >>> found = split_places(Places((), tuple(holders)))
    >>> found.territory.code, list(found.references)
    ('val', ['region:84'])
    """
    levels = [place.level for place in places.holders]
    rank = levels.index("territoire")
    after = [place for place in places.holders[rank + 1 :] if place.level not in NOT_COMPARATORS]
    return Compared(
        places.holders[rank],
        tuple(place for place in places.holders[:rank] if place.level == "epci"),
        {name_reference(place): place for place in after},
    )


def name_reference(place: Place) -> str:
    """Name a comparator for an identifier: its level and its code, France alone.

    Examples
    --------
    >>> name_reference(Place("france", "00FR", "France", ()))
    'france'
    >>> name_reference(Place("ensemble", "region:76 - epci:243100518", "Occitanie hors…", ()))
    'ensemble:region:76 hors epci:243100518'
    """
    # signs are lost in an identifier: a union and a difference must not become the same one
    code = place.code.replace(" - ", " hors ").replace(" + ", " et ")
    return place.level if place.level == "france" else f"{place.level}:{code}"
