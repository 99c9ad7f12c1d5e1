"""The EPCI whose statistical profile is nearest to a territory's, all over the country.

The profile, its scale and its distance: ``profile.py`` and ``proximity.py``. Nothing depends on the order of the
rows, nor on the territory's own EPCI, which are never their own peers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from terrdiag.analyses.cells import Cell, Cells, Row, combine_sources, combine_status, lay_table
from terrdiag.analyses.peers.country import LEVEL, survey_country, tabulate
from terrdiag.analyses.peers.fellows import Programme, find_programmes
from terrdiag.analyses.peers.profile import SIZE, Profile, profile_indicators, read_profile
from terrdiag.analyses.peers.proximity import Feature
from terrdiag.analyses.peers.ranking import Peer, Ranking, Trait, rank_profiles
from terrdiag.catalogue import Indicator, load_analyses
from terrdiag.edition import Edition
from terrdiag.indicators.figures import CommuneFigures
from terrdiag.indicators.places import Place
from terrdiag.territory import Perimeter
from terrdiag.values import empty_values

COUNT: Final = 10
"""How many peers are given."""

FEW: Final = 5
"""How many of the same size class, or of the same programme, are given."""

MIN_FEATURES: Final = 4
"""A profile of fewer features is not compared."""

MIN_EPCI: Final = 5
"""Fewer EPCI than this have no quartiles worth the name."""

SIZE_CLASSES: Final = (5_000, 15_000, 30_000, 50_000, 100_000, 250_000)
"""Lower bounds of the classes of population but the first. 15,000, 50,000 and 250,000 are thresholds of the law."""

UPPER_LEVELS: Final = ("departement", "region", "france")


@dataclass(frozen=True)
class SizeClass:
    """The EPCI of the territory's class of population: bounds (None: open), how many, the nearest."""

    low: int | None
    high: int | None
    count: int
    nearest: tuple[Peer, ...]


@dataclass(frozen=True)
class Fellowship:
    """The EPCI of a programme of the territory.

    Attributes
    ----------
    kind, code, name
        The programme.
    members
        Its other EPCI, the nearest first.
    unknown
        Names of its other EPCI whose profile is incomplete.
    kin
        The nearest EPCI among those that lie in a programme of the same kind.
    """

    kind: str
    code: str
    name: str
    members: tuple[Peer, ...]
    unknown: tuple[str, ...]
    kin: tuple[Peer, ...]


@dataclass(frozen=True)
class Refusal:
    """Why a territory has no peers: ``upper_level``, ``thin_profile``, ``few_epci`` or ``out_of_range``.

    ``low``, ``high`` and ``found`` are populations for the last one, counts for the others.
    """

    reason: str
    found: float = 0.0
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True)
class PeersFindings:
    """What was found.

    Attributes
    ----------
    values, indicators
        Rows for the table of values, and their indicators that are not in the catalogue.
    refusal
        Why there is no peer, or None.
    own
        The profile of the territory.
    unknown
        Features that are not known of it.
    nearest
        Its peers, the nearest first.
    same_size, fellowships
        Others, on narrower grounds.
    compared
        How many EPCI were compared.
    overseas, incomplete
        Names of those left out, overseas or not.
    """

    values: pd.DataFrame
    indicators: dict[str, Indicator]
    refusal: Refusal | None = None
    own: tuple[Trait, ...] = ()
    unknown: tuple[Feature, ...] = ()
    nearest: tuple[Peer, ...] = ()
    same_size: SizeClass | None = None
    fellowships: tuple[Fellowship, ...] = ()
    compared: int = 0
    overseas: tuple[str, ...] = ()
    incomplete: tuple[str, ...] = ()


def analyse_peers(
    edition: Edition,
    perimeter: Perimeter,
    values: pd.DataFrame,
    figures: CommuneFigures | None = None,
    count: int = COUNT,
) -> PeersFindings:
    """Find the EPCI whose profile is nearest to a territory's.

    Parameters
    ----------
    edition
        The edition.
    perimeter
        The territory.
    values
        The table of values, where its own figures are.
    figures
        Figures of communes already loaded; read again unless they are those of the whole country.
    count
        How many peers to give.

    Returns
    -------
    PeersFindings
        Peers, or the reason why there is none.
    """
    if any(part.kind in UPPER_LEVELS for part in perimeter.parts):
        return _refuse(Refusal("upper_level"))
    country = survey_country(edition, profile_indicators(), figures)
    territory = Place("territoire", perimeter.id, perimeter.name, perimeter.communes)
    cells = Cells(values, [one.id for one in profile_indicators()])
    profile = read_profile(cells, territory, country)
    if SIZE not in profile.features or len(profile.features) < MIN_FEATURES:
        return _refuse(Refusal("thin_profile", len(profile.features)), profile)
    ranking = rank_profiles(profile, country, {group.code for group in perimeter.epci})
    refusal = _check_range(profile, ranking)
    if refusal:
        return _refuse(refusal, profile)
    programmes = find_programmes(edition, perimeter, country)
    return _gather(ranking, programmes, count)


def find_class(population: float) -> tuple[int | None, int | None]:
    """Find the class of population: lower bound included, upper bound excluded.

    Examples
    --------
    >>> find_class(16_518), find_class(4_999.9), find_class(250_000)
    ((15000, 30000), (None, 5000), (250000, None))
    """
    low = max((bound for bound in SIZE_CLASSES if bound <= population), default=None)
    return low, min((bound for bound in SIZE_CLASSES if bound > population), default=None)


def _check_range(profile: Profile, ranking: Ranking) -> Refusal | None:
    if len(ranking.order) < MIN_EPCI:
        return Refusal("few_epci", len(ranking.order), MIN_EPCI)
    found = profile.measures[0].own.value
    # the smallest and the largest EPCI are in the range of EPCI, even as territories
    populations = ranking.populations[ranking.is_complete]
    low, high = float(populations.min()), float(populations.max())
    return None if low <= found <= high else Refusal("out_of_range", found, low, high)


def _gather(ranking: Ranking, programmes: tuple[Programme, ...], count: int) -> PeersFindings:
    everyone = np.ones(len(ranking.is_own), bool)
    nearest = ranking.nearest(everyone, count)
    low, high = find_class(ranking.profile.measures[0].own.value)
    populations = ranking.populations
    inside = populations >= (low or 0)
    inside &= populations < (np.inf if high is None else high)
    others = inside & ranking.is_complete & ~ranking.is_own
    same_size = SizeClass(low, high, int(others.sum()), ranking.nearest(inside, FEW))
    fellowships = tuple(_gather_fellows(ranking, programme) for programme in programmes)
    listed = [*nearest, *same_size.nearest]
    for fellowship in fellowships:
        listed += [*fellowship.members, *fellowship.kin]
    peers = sorted({peer.code: peer for peer in listed}.values(), key=lambda peer: peer.rank)
    values, indicators = _tabulate(ranking, peers)
    left_out = np.flatnonzero(~ranking.is_complete & ~ranking.is_own)
    is_overseas = {at: ranking.country.departement(int(at)).startswith("97") for at in left_out}
    names = ranking.country.names
    return PeersFindings(
        values,
        indicators,
        None,
        ranking.traits(),
        ranking.profile.unknown,
        nearest,
        same_size,
        fellowships,
        len(ranking.order),
        tuple(str(names[at]) for at in left_out if is_overseas[at]),
        tuple(str(names[at]) for at in left_out if not is_overseas[at]),
    )


def _gather_fellows(ranking: Ranking, programme: Programme) -> Fellowship:
    unknown = programme.members & ~ranking.is_complete & ~ranking.is_own
    return Fellowship(
        programme.kind,
        programme.code,
        programme.name,
        ranking.nearest(programme.members),
        tuple(str(name) for name in ranking.country.names[unknown]),
        ranking.nearest(programme.kin & ~programme.members, FEW),
    )


def _tabulate(ranking: Ranking, peers: Iterable[Peer]) -> tuple[pd.DataFrame, dict[str, Indicator]]:
    """Lay the peers as rows of the table of values: their profile, their distance, their rank."""
    peers = list(peers)
    codes = list(ranking.country.codes)
    kept = np.array([codes.index(peer.code) for peer in peers], np.intp)
    measures = ranking.profile.measures
    profiles = tabulate(ranking.country, [measure.columns for measure in measures], kept)
    distance, rank = (
        load_analyses()[name].as_indicator() for name in ("peer_distance", "peer_rank")
    )
    year = max(measure.year for measure in measures)
    rows: list[Row] = []
    for peer in peers:
        cells = [figure.cell for trait in peer.traits for figure in trait.figures]
        cells += [measure.own for measure in measures]
        common = Cell(
            peer.distance,
            combine_status(cell.status for cell in cells),
            min(cell.coverage_pct for cell in cells),
            source_id=combine_sources(cell.source_id for cell in cells),
        )
        place = Place(LEVEL, peer.code, peer.name, ())
        rows.append((place, distance, year, common))
        rows.append((place, rank, year, common._replace(value=float(peer.rank))))
    results, indicators = lay_table(rows, ranking.country.cog_year)
    return pd.concat([profiles, results], ignore_index=True), indicators


def _refuse(refusal: Refusal, profile: Profile | None = None) -> PeersFindings:
    unknown = profile.unknown if profile else ()
    return PeersFindings(empty_values(), {}, refusal, unknown=unknown)
