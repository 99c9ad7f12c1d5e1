"""Every EPCI measured against a territory, and ordered by the distance of its profile."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from terrdiag.analyses.cells import Cell
from terrdiag.analyses.columns import read_cell
from terrdiag.analyses.peers.country import Country
from terrdiag.analyses.peers.profile import Profile
from terrdiag.analyses.peers.proximity import Feature, Gaps, measure_gaps, scale_robustly
from terrdiag.catalogue import Indicator


@dataclass(frozen=True)
class Figure:
    """A figure of a profile: an indicator, its year, its cell, its standardised difference."""

    indicator: Indicator
    year: int
    cell: Cell
    gap: float = 0.0


@dataclass(frozen=True)
class Trait:
    """A feature of a peer: its figures, and how far it is from the territory's."""

    feature: Feature
    figures: tuple[Figure, ...]
    gap: float = 0.0


@dataclass(frozen=True)
class Peer:
    """An EPCI compared with the territory.

    Attributes
    ----------
    code, name, departement
        Which.
    rank, distance
        Its place among all the EPCI compared, and its distance.
    traits
        Its features, in the order of the profile.
    """

    code: str
    name: str
    departement: str
    rank: int
    distance: float
    traits: tuple[Trait, ...]

    @property
    def from_near_to_far(self) -> tuple[Trait, ...]:
        """Its features, those that differ least first (in the order of the profile on a tie)."""
        return tuple(sorted(self.traits, key=lambda trait: round(trait.gap, 9)))


@dataclass(frozen=True)
class Ranking:
    """Every EPCI, measured against the territory.

    Attributes
    ----------
    profile, country
        What is compared.
    gaps
        Differences of all the EPCI (NaN where the profile is incomplete).
    is_own
        Whether an EPCI is one of the territory's, shape (n,).
    is_complete
        Whether its profile is complete, shape (n,).
    order
        Positions of the EPCI compared, the nearest first, by code on a tie.
    """

    profile: Profile
    country: Country
    gaps: Gaps
    is_own: NDArray[np.bool_]
    is_complete: NDArray[np.bool_]
    order: NDArray[np.intp]

    @property
    def populations(self) -> NDArray[np.float64]:
        """Population by EPCI."""
        return self.profile.measures[0].values

    def nearest(self, kept: NDArray[np.bool_], count: int | None = None) -> tuple[Peer, ...]:
        """Give the nearest EPCI among some of them."""
        ranks = [rank for rank, at in enumerate(self.order) if kept[at]]
        return tuple(self._peer(rank) for rank in ranks[:count])

    def _peer(self, rank: int) -> Peer:
        at = int(self.order[rank])
        return Peer(
            str(self.country.codes[at]),
            str(self.country.names[at]),
            self.country.departement(at),
            rank + 1,
            float(self.gaps.distances[at]),
            self.traits(at),
        )

    def traits(self, at: int | None = None) -> tuple[Trait, ...]:
        """Give the features of an EPCI; of the territory by default."""
        traits, column = [], 0
        for number, feature in enumerate(self.profile.features):
            figures = []
            for measure in self.profile.measures[column : column + len(feature.indicators)]:
                cell = measure.own if at is None else read_cell(measure.columns, at)
                gap = 0.0 if at is None else float(self.gaps.columns[at, column])
                figures.append(Figure(measure.indicator, measure.year, cell, gap))
                column += 1
            gap = 0.0 if at is None else float(self.gaps.features[at, number])
            traits.append(Trait(feature, tuple(figures), gap))
        return tuple(traits)


def rank_profiles(profile: Profile, country: Country, own: Iterable[str]) -> Ranking:
    """Rank every EPCI of complete profile by its distance to a territory.

    Parameters
    ----------
    profile
        Profiles of the territory and of the EPCI.
    country
        The EPCI.
    own
        Codes of the EPCI of the territory: they give the scales as the others do, but are not ranked.

    Returns
    -------
    Ranking
        All of them, measured and ordered.
    """
    table = profile.table()
    is_complete: NDArray[np.bool_] = np.asarray(np.isfinite(table).all(axis=1))
    codes = set(own)
    is_own = np.array([code in codes for code in country.codes])
    scales = (
        scale_robustly(table[is_complete]) if is_complete.any() else np.full(table.shape[1], np.nan)
    )
    gaps = measure_gaps(table, profile.own(), scales, profile.features)
    compared = np.flatnonzero(is_complete & ~is_own)
    # rounded, so that equal profiles tie whatever the rounding of their sums; the EPCI are sorted by code
    order = compared[np.argsort(np.round(gaps.distances[compared], 9), kind="stable")]
    return Ranking(profile, country, gaps, is_own, is_complete, order)
