"""The commuting flows of one census, aligned on the communes of the edition."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from terrdiag.edition import Edition, read_flows
from terrdiag.edition.schema import ESTIMATED

FEW: Final = 200.0
"""Fewer people than this is an order of magnitude (INSEE, « Mobilités professionnelles », conseils d'utilisation): a
flow is marked, a share of so few is not given."""

COUNTRY: Final = "pays"
OVERSEAS: Final = "outre-mer"
UNKNOWN_PLACE: Final = "inconnu"

NEIGHBOURS: Final = {
    "AL": "Allemagne",
    "BE": "Belgique",
    "LU": "Luxembourg",
    "MO": "Monaco",
    "SU": "Suisse",
}
"""Letters that open the code of a commune of a neighbouring country, where the census names it."""

BEYOND: Final = re.compile("97[5678]|98")
"""Collectivities overseas, which are not in the list of communes."""


@dataclass(frozen=True)
class Elsewhere:
    """A place of work that is not a commune of the edition: ``pays``, ``outre-mer`` or ``inconnu``."""

    kind: str
    code: str
    name: str


@dataclass(frozen=True)
class Flows:
    """Flows of one census, one a pair of places.

    Attributes
    ----------
    year, source_id
        The census, and its source.
    origin, destination
        Positions among the communes of the edition; −1 for a destination elsewhere.
    elsewhere
        Position in ``beyond`` of a destination elsewhere, −1 for the others.
    people
        Employed persons, weighted.
    is_shared
        Whether the flow was shared between the parts of a commune that has split.
    beyond
        Destinations elsewhere.
    """

    year: int
    source_id: str
    origin: NDArray[np.intp]
    destination: NDArray[np.intp]
    elsewhere: NDArray[np.intp]
    people: NDArray[np.float64]
    is_shared: NDArray[np.bool_]
    beyond: tuple[Elsewhere, ...]


def load_flows(edition: Edition, communes: Collection[str], codes: pd.Index) -> Flows | None:
    """Load the flows that leave communes or come to them, of the latest census that has some.

    Two censuses one year apart share most of their surveys: only one is used.

    Parameters
    ----------
    edition
        The edition.
    communes
        Communes of the edition.
    codes
        Every commune of the edition, in the order that the positions refer to.

    Returns
    -------
    Flows or None
        None when the edition has no flow of these communes.
    """
    table = read_flows(edition, communes)
    if table.empty:
        return None
    year = int(table["ref_year"].max())
    return align_flows(table[table["ref_year"] == year], codes)


def align_flows(table: pd.DataFrame, codes: pd.Index) -> Flows:
    """Align flows of one census on the communes of the edition.

    Parameters
    ----------
    table
        ``origin, destination, place, ref_year, value, status, source_id``.
    codes
        Every commune of the edition.
    """
    origin = codes.get_indexer(pd.Index(table["origin"].astype("str")))
    destination = codes.get_indexer(pd.Index(table["destination"].astype("str")))
    elsewhere = np.full(len(table), -1, np.intp)
    away = table[destination < 0]
    found = [
        name_elsewhere(str(code), "" if pd.isna(place) else str(place))
        for code, place in zip(away["destination"], away["place"], strict=True)
    ]
    beyond = {place: rank for rank, place in enumerate(dict.fromkeys(found))}
    elsewhere[destination < 0] = [beyond[place] for place in found]
    return Flows(
        int(table["ref_year"].iloc[0]),
        "+".join(sorted({str(one) for one in table["source_id"].unique()})),
        origin,
        destination,
        elsewhere,
        table["value"].to_numpy(float),
        (table["status"] == ESTIMATED).to_numpy(bool),
        tuple(beyond),
    )


def name_elsewhere(code: str, place: str) -> Elsewhere:
    """Name a place of work that is not a commune of the edition; those of one country are one place.

    Parameters
    ----------
    code
        Code of the file: a country (« 99… »), a commune of a neighbouring country (« LU… »), a collectivity overseas.
    place
        Its name as published, empty when there is none.

    Examples
    --------
    >>> name_elsewhere("99140", "Suisse")
    Elsewhere(kind='pays', code='99140', name='Suisse')
    >>> name_elsewhere("LU001", "Luxembourg-Ville").name, name_elsewhere("97801", "Saint-Martin").kind
    ('Luxembourg', 'outre-mer')
    >>> name_elsewhere("99999", "").name, name_elsewhere("ZZZZZ", "").name
    ('Étranger, pays non précisé', 'Lieu non précisé')
    """
    if re.match(r"[A-Z]{2}\d", code) and code[:2] in NEIGHBOURS:
        return Elsewhere(COUNTRY, code[:2], NEIGHBOURS[code[:2]])
    if code.startswith("99"):
        return Elsewhere(COUNTRY, code, place or "Étranger, pays non précisé")
    if BEYOND.match(code):
        return Elsewhere(OVERSEAS, code, place or f"Collectivité d'outre-mer {code}")
    return Elsewhere(UNKNOWN_PLACE, code if place else "", place or "Lieu non précisé")
