"""Peers in words: what a feature is called, how two places compare on it, what brings them near."""

from collections.abc import Sequence
from typing import Final

from terrdiag.analyses.peers.ranking import Figure, Peer, Trait
from terrdiag.report.comparison import Cell, Place, cell_mark
from terrdiag.values import STATUS_WORDS
from terrdiag.wording import NBSP, format_number, format_value, join_words

FEATURES_FR: Final = {
    "size": "population",
    "density": "densité",
    "sectors": "répartition des emplois entre cinq secteurs",
    "growth": "évolution de la population",
    "mountain": "part des communes de massif",
    "second_homes": "part des résidences secondaires",
}

HEADS_FR: Final = {
    "population": "Population",
    "population_density": "Densité",
    "industry_jobs_share_pct": "Industrie",
    "agriculture_jobs_share_pct": "Agriculture",
    "construction_jobs_share_pct": "Construction",
    "trade_services_jobs_share_pct": "Commerce, services",
    "administration_jobs_share_pct": "Administration",
    "population_growth_pct": "Évolution",
    "mountain_communes_share_pct": "Massif",
    "second_homes_share_pct": "Résid. second.",
}
"""Heads of columns, short enough for a sheet of paper; the note under the table says the rest."""

NEAR_GAP: Final = 0.5
"""Half a standard deviation: a feature nearer than this is near in the plain sense."""

MOST_NEAR: Final = 3
"""How many features are said to be near at the most, if they are."""


def name_epci(peer: Peer) -> str:
    """Name an EPCI and its département: « CC du Pays Viganais (30) »."""
    return f"{Place('epci', peer.code, peer.name).short} ({peer.departement})"


def rank_words(rank: int) -> str:
    """Word a rank.

    Examples
    --------
    >>> rank_words(1), rank_words(21)
    ('1er', '21e')
    """
    return "1er" if rank == 1 else f"{format_number(rank)}e"


def word_class(low: int | None, high: int | None) -> str:
    """Word a class of population.

    Examples
    --------
    >>> print(word_class(15_000, 30_000).replace("\\u202f", " ").replace("\\xa0", " "))
    de 15 000 à moins de 30 000 habitants
    """
    if low is None:
        return f"moins de {format_number(high or 0)}{NBSP}habitants"
    if high is None:
        return f"{format_number(low)}{NBSP}habitants ou plus"
    return f"de {format_number(low)} à moins de {format_number(high)}{NBSP}habitants"


def word_near(peer: Peer, own: Sequence[Trait]) -> str:
    """Word the features, three at the most, on which an EPCI differs least from the territory.

    Parameters
    ----------
    peer
        The EPCI.
    own
        The features of the territory.

    Returns
    -------
    str
        « part des communes de massif (100,0 % contre 96,0 %) et densité (26,5 hab./km² contre 42,2 hab./km²) »;
        « aucun de vraiment proche » where they all differ by more than half a standard deviation.
    """
    ordered = peer.from_near_to_far[:-1]
    near = [trait for trait in ordered[:MOST_NEAR] if trait.gap <= NEAR_GAP]
    if not near:
        return "aucun de vraiment proche"
    return join_words(_word_trait(trait, own, whole=True) for trait in near)


def word_distinct(peer: Peer, own: Sequence[Trait]) -> str:
    """Word the feature on which an EPCI differs most from the territory: of the sectors, the one that differs most."""
    return _word_trait(peer.from_near_to_far[-1], own, whole=False)


def write_figure(figure: Figure) -> str:
    """Write a figure of a profile without its unit, with its mark: « 42,2 », « 9,9 (estimation) »."""
    if not figure.cell.known:
        return STATUS_WORDS[figure.cell.status]
    one = figure.indicator
    number = format_number(figure.cell.value, one.decimals, signed=one.signed)
    mark = cell_mark(Cell(figure.cell.value, figure.cell.status, figure.cell.coverage_pct))
    return f"{number} ({mark})" if mark else number


def _word_trait(trait: Trait, own: Sequence[Trait], *, whole: bool) -> str:
    [beside] = [one for one in own if one.feature == trait.feature]
    label = FEATURES_FR[trait.feature.id]
    if len(trait.figures) == 1:
        return f"{label} ({_word_pair(trait.figures[0], beside.figures[0])})"
    if whole:
        return label
    pairs = list(zip(trait.figures, beside.figures, strict=True))
    there, here = max(pairs, key=lambda pair: round(abs(pair[0].gap), 9))
    return f"{there.indicator.short_fr[:1].lower()}{there.indicator.short_fr[1:]} ({_word_pair(there, here)})"


def _word_pair(there: Figure, here: Figure) -> str:
    one = there.indicator
    first, last = (
        format_value(figure.cell.value, one.unit, one.decimals, signed=one.signed)
        for figure in (there, here)
    )
    return f"{first} contre {last}"
