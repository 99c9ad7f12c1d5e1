"""The EPCI that share a programme with a territory (Territoire d'industrie, PETR)."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from terrdiag.analyses.peers.country import Country
from terrdiag.edition import Edition, read_memberships
from terrdiag.territory import Perimeter
from terrdiag.territory.groups import valid_at

KINDS: Final = ("ti", "petr")
"""Programmes whose perimeter is known."""

MIN_SHARE: Final = 0.5
"""An EPCI lies in a programme when at least half of its communes do."""


@dataclass(frozen=True)
class Programme:
    """A programme that holds the whole territory.

    Attributes
    ----------
    kind, code, name
        Which.
    members
        Whether each EPCI lies in it, shape (n,).
    kin
        Whether each EPCI lies in a programme of this kind, shape (n,).
    """

    kind: str
    code: str
    name: str
    members: NDArray[np.bool_]
    kin: NDArray[np.bool_]


def find_programmes(
    edition: Edition, perimeter: Perimeter, country: Country
) -> tuple[Programme, ...]:
    """Find the programmes that hold the whole of a territory, and the EPCI that lie in them.

    Parameters
    ----------
    edition
        The edition.
    perimeter
        The territory; it may be the programme itself.
    country
        Every EPCI.

    Returns
    -------
    tuple of Programme
        Territoires d'industrie first, each kind by code.
    """
    rows = read_memberships(edition, kinds=KINDS)
    rows = rows[valid_at(rows, edition.date)]
    kinds, codes, names = (rows[name].to_numpy(object) for name in ("kind", "code", "nom"))
    at = country.locate(rows["code_commune"].to_numpy(object))
    is_own = np.zeros(len(country.figures.codes), bool)
    is_own[country.locate(perimeter.communes)] = True
    found = []
    for kind in KINDS:
        of_kind = kinds == kind
        inside = Counter(codes[of_kind & is_own[at]])
        whole = [code for code, count in inside.items() if count == len(perimeter.communes)]
        for code in sorted(whole):
            chosen = of_kind & (codes == code)
            found.append(
                Programme(
                    kind,
                    code,
                    str(names[chosen][0]),
                    country.share_of(at[chosen]) >= MIN_SHARE,
                    country.share_of(at[of_kind]) >= MIN_SHARE,
                )
            )
    return tuple(found)
