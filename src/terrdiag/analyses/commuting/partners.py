"""The places with which a territory exchanges workers, and the flows inside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from terrdiag.analyses.commuting.flows import Flows
from terrdiag.analyses.commuting.tally import (
    Count,
    Labels,
    add_up,
    find_cut,
    find_ends,
    mark_soft,
)
from terrdiag.indicators.figures import CommuneFigures
from terrdiag.indicators.places import Place

MOST_PLACES: Final = 30
"""Places beyond which the flows inside a territory are not set out one by one."""


Standing = Mapping[int, tuple[str, str, str]]
"""By position of a commune: kind, code and name of the place that stands for it."""


@dataclass(frozen=True)
class Partner:
    """A place outside the territory.

    Attributes
    ----------
    kind
        ``epci``, ``commune`` (alone: it belongs to no EPCI), ``pays``, ``outre-mer`` or ``inconnu``.
    code, name
        The place.
    leaving
        Those who live in the territory and work there.
    coming
        Those who live there and work in the territory.
    """

    kind: str
    code: str
    name: str
    leaving: Count
    coming: Count


@dataclass(frozen=True)
class Matrix:
    """Flows between the places of a territory.

    Attributes
    ----------
    places
        Its EPCI, each with its communes of the territory, and its communes of no EPCI; its communes when it has one
        EPCI at the most.
    people, is_estimate
        By place of residence (rows) and of work (columns).
    """

    places: tuple[Place, ...]
    people: NDArray[np.float64]
    is_estimate: NDArray[np.bool_]


def list_partners(
    flows: Flows, inside: NDArray[np.bool_], standing: Standing, figures: CommuneFigures
) -> tuple[Partner, ...]:
    """List the places outside the territory that flows go to or come from.

    Parameters
    ----------
    flows
        Flows that leave the territory or come to it.
    inside
        By commune of the edition, whether it is in the territory.
    standing
        The place that stands for each commune at one end of a flow.
    figures
        Figures of communes.

    Returns
    -------
    tuple of Partner
        By kind and code.
    """
    ranks = {place: rank for rank, place in enumerate(dict.fromkeys(standing.values()))}
    places = list(ranks)
    labels = np.full(len(inside), -1, np.intp)
    labels[list(standing)] = [ranks[place] for place in standing.values()]
    labels[inside] = -1
    home, work = find_ends(flows, labels)
    own = np.where(inside, 0, -1)
    at_home, at_work = find_ends(flows, own)
    cut, cut_own = find_cut(labels, figures), find_cut(own, figures)
    out = mark_soft(flows, cut_own, cut, figures)
    into = mark_soft(flows, cut, cut_own, figures)
    # places elsewhere stand after those of France; nobody is known to come from there
    away = np.where(flows.elsewhere >= 0, flows.elsewhere + len(places), work)
    count = len(places) + len(flows.beyond)
    leaving = add_up(flows, np.where(at_home == 0, away, -1), count, out[0] | out[1])
    coming = add_up(flows, np.where(at_work == 0, home, -1), count, into[0] | into[1])
    known = [*places, *((one.kind, one.code, one.name) for one in flows.beyond)]
    met = np.flatnonzero((leaving.people > 0) | (coming.people > 0)).tolist()
    nobody = Count(np.nan)
    partners = [
        Partner(kind, code, name, leaving.at(at), coming.at(at) if at < len(places) else nobody)
        for at in met
        for kind, code, name in (known[at],)
    ]
    return tuple(sorted(partners, key=lambda one: (one.kind, one.code)))


def cross_flows(flows: Flows, places: Sequence[Place], figures: CommuneFigures) -> Matrix | None:
    """Cross the flows inside a territory, place by place.

    Parameters
    ----------
    flows
        Flows that leave the territory or come to it.
    places
        Places that make the territory, each once.
    figures
        Figures of communes.

    Returns
    -------
    Matrix or None
        None for a place alone, or for too many of them.
    """
    count = len(places)
    if not 1 < count <= MOST_PLACES:
        return None
    labels = label_places(places, figures)
    home, work = find_ends(flows, labels)
    cut = find_cut(labels, figures)
    soft_home, soft_work = mark_soft(flows, cut, cut, figures)
    pairs = np.where((home >= 0) & (work >= 0), home * count + work, -1)
    counts = add_up(flows, pairs, count * count, soft_home | soft_work)
    shape = (count, count)
    return Matrix(tuple(places), counts.people.reshape(shape), counts.is_estimate.reshape(shape))


def label_places(places: Sequence[Place], figures: CommuneFigures) -> Labels:
    """Label each commune of the edition by the rank of its place."""
    labels = np.full(len(figures.codes), -1, np.intp)
    communes = [code for place in places for code in place.communes]
    sizes = [len(place.communes) for place in places]
    # one look-up for all the places
    labels[figures.codes.get_indexer(pd.Index(communes))] = np.repeat(np.arange(len(places)), sizes)
    return labels
