"""The elevation models that can be fetched, from the one that is preferred to the last resort."""

from dataclasses import dataclass
from typing import Final

Bounds = tuple[float, float, float, float]
"""West, south, east, north, in degrees."""

METROPOLITAN_DATUM: Final = "NGF-IGN69"

DATUMS: Final = {
    "2A": "NGF-IGN78 (Corse)",
    "2B": "NGF-IGN78 (Corse)",
    "971": "IGN 1988 (Guadeloupe)",
    "972": "IGN 1987 (Martinique)",
    "973": "NGG 1977 (Guyane)",
    "974": "IGN 1989 (La Réunion)",
    "976": "SHOM 1953 (Mayotte)",
}
"""Legal reference of altitudes by département; :data:`METROPOLITAN_DATUM` elsewhere."""


@dataclass(frozen=True)
class Kind:
    """A model that ``terrdiag data dem`` fetches.

    Attributes
    ----------
    id
        Word of the command line, and folder under ``data/raw/dem``.
    source_id
        Its entry in the register of sources.
    is_surface
        Whether tree tops and roofs are part of the altitudes.
    """

    id: str
    source_id: str
    is_surface: bool = False


KINDS: Final = {
    kind.id: kind
    for kind in (
        Kind("rgealti", "ign-rgealti-5m"),
        Kind("bdalti", "ign-bdalti-25m"),
        Kind("wms", "ign-rgealti-wms"),
        Kind("glo30", "copernicus-glo30", is_surface=True),
    )
}
"""By identifier; where several cover a territory, the first one is used."""


def name_datum(departements: tuple[str, ...]) -> str:
    """Name the reference of altitudes of some départements.

    Examples
    --------
    >>> name_datum(("65", "31"))
    'NGF-IGN69'
    >>> name_datum(("974",))
    'IGN 1989 (La Réunion)'
    """
    return " ; ".join(
        dict.fromkeys(DATUMS.get(code, METROPOLITAN_DATUM) for code in sorted(departements))
    )
