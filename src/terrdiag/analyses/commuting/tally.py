"""Count what stays, leaves and comes, for many places at once."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from terrdiag.analyses.commuting.flows import COUNTRY, FEW, Flows
from terrdiag.indicators.figures import CommuneFigures

Labels = NDArray[np.intp]
"""By commune of the edition: rank of the place that holds it, −1 when none does."""

Marks = NDArray[np.bool_]


class Count(NamedTuple):
    """A number of people; NaN where the census does not count them (those who live abroad)."""

    people: float
    is_estimate: bool = False

    @property
    def is_few(self) -> bool:
        """Whether it is an order of magnitude."""
        return self.people < FEW


@dataclass(frozen=True)
class Counts:
    """People by place, and whether a flow shared after a split of communes makes the count an estimate."""

    people: NDArray[np.float64]
    is_estimate: Marks

    def at(self, rank: int) -> Count:
        """Give the count of one place."""
        return Count(float(self.people[rank]), bool(self.is_estimate[rank]))

    def __sub__(self, other: "Counts") -> "Counts":
        """Take a part away from a whole; what is left is never negative."""
        rest = np.maximum(self.people - other.people, 0.0)
        return Counts(rest, self.is_estimate | other.is_estimate)


@dataclass(frozen=True)
class Tally:
    """What is counted of places.

    Attributes
    ----------
    residents
        Employed persons who live there, wherever they work.
    jobs
        Employed persons who work there and live in France.
    inside
        Those who live and work there.
    abroad
        Those who live there and work in another country.
    """

    residents: Counts
    jobs: Counts
    inside: Counts
    abroad: Counts

    @property
    def leaving(self) -> Counts:
        """Those who live there and work elsewhere."""
        return self.residents - self.inside

    @property
    def coming(self) -> Counts:
        """Those who work there and live elsewhere in France."""
        return self.jobs - self.inside


def tally_flows(flows: Flows, labels: Labels, places: int, figures: CommuneFigures) -> Tally:
    """Count what stays in places, leaves them and comes to them.

    Parameters
    ----------
    flows
        Every flow that leaves the communes of the places or comes to them.
    labels
        The place of each commune: places do not overlap.
    places
        How many places there are.
    figures
        Figures of communes, whose families of split communes say what is an estimate.

    Returns
    -------
    Tally
        In the order of the places.
    """
    home, work = find_ends(flows, labels)
    cut = find_cut(labels, figures)
    soft_home, soft_work = mark_soft(flows, cut, cut, figures)
    soft = soft_home | soft_work
    stays = np.where(home == work, home, -1)
    kinds = np.array([place.kind == COUNTRY for place in flows.beyond] + [False], bool)
    leaves_france = np.where(kinds[flows.elsewhere], home, -1)
    return Tally(
        add_up(flows, home, places, soft_home),
        add_up(flows, work, places, soft_work),
        add_up(flows, stays, places, soft),
        add_up(flows, leaves_france, places, soft_home),
    )


def find_ends(flows: Flows, labels: Labels) -> tuple[Labels, Labels]:
    """Find the place at each end of each flow, −1 where there is none."""
    work = np.where(flows.destination >= 0, labels[flows.destination], -1)
    return labels[flows.origin], work


def add_up(flows: Flows, at: Labels, places: int, soft: Marks) -> Counts:
    """Add up flows by place (−1: left out), and tell where a soft one is among them."""
    kept = at >= 0
    people = np.bincount(at[kept], flows.people[kept], places).astype(float)
    return Counts(people, np.bincount(at[kept & soft], minlength=places) > 0)


def find_cut(labels: Labels, figures: CommuneFigures) -> Marks:
    """Find the communes once one with others that are not all in the same place: what was shared stays so.

    Parameters
    ----------
    labels
        The place of each commune.
    figures
        Figures of communes.

    Returns
    -------
    ndarray of bool
        One a commune.
    """
    members = np.flatnonzero(figures.families >= 0)
    family, found = figures.families[members], labels[members]
    sizes = figures.family_sizes
    low, high = np.full(len(sizes), len(labels)), np.full(len(sizes), -1)
    np.minimum.at(low, family, found)
    np.maximum.at(high, family, found)
    is_cut = (low != high) | (np.bincount(family, minlength=len(sizes)) < sizes)
    cut = np.zeros(len(labels), bool)
    cut[members] = is_cut[family]
    return cut


def mark_soft(
    flows: Flows, cut_home: Marks, cut_work: Marks, figures: CommuneFigures
) -> tuple[Marks, Marks]:
    """Mark the flows whose share is an estimate as seen from each end.

    A flow that was shared, and neither end of which belongs to a known family, is one from both.
    """
    families = np.append(figures.families, -1)
    blind = flows.is_shared & (families[flows.origin] < 0) & (families[flows.destination] < 0)
    at_home = flows.is_shared & cut_home[flows.origin]
    at_work = flows.is_shared & np.append(cut_work, False)[flows.destination]
    return at_home | blind, at_work | blind
