"""Sentences of several figures (« 7,9 % contre 7 % »): one definition must explain them all."""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from terrdiag.analyses.claims.book import FigureBook
from terrdiag.analyses.claims.families import family_of, split_name
from terrdiag.analyses.claims.model import (
    Candidate,
    CheckedClaim,
    Ground,
    Joint,
    JointSearch,
)
from terrdiag.analyses.claims.search import is_whole, make_candidate
from terrdiag.study.claims import TERRITORY

MAX_NEAR: Final = 2

Definition = tuple[frozenset[str], int]
"""The words of an identifier that tell a definition from another, and the year."""


@dataclass(frozen=True)
class Member:
    """A claim of a sentence: its number, the year its figure was computed for, the places it may be about."""

    checked: CheckedClaim
    year: int
    grounds: Sequence[Ground]


def group_sentences(checked: Sequence[CheckedClaim], book: FigureBook) -> list[list[CheckedClaim]]:
    """Group the claims of one sentence whose figures are of one kind: same theme, same unit."""
    groups: dict[tuple[str, ...], list[CheckedClaim]] = {}
    for one in checked:
        claim = one.claim
        if claim.indicator and one.ground and claim.relation == "=":
            indicator = book.indicators[claim.indicator]
            key = (claim.document, claim.text, indicator.theme, indicator.unit)
            groups.setdefault(key, []).append(one)
    return [group for group in groups.values() if len(group) > 1]


def search_together(members: Sequence[Member], book: FigureBook) -> JointSearch:
    """Search one definition that gives every figure of a sentence.

    What is counted and the year are the same for all; the place of the territory changes for all the figures
    about it at once, and a comparator stays the one the sentence names.

    Parameters
    ----------
    members
        The claims of the sentence.
    book
        The figures of their places, loaded.

    Returns
    -------
    JointSearch
        Those that give them all, fewest changes first; otherwise the closest on the places of the sentence: the
        fewest figures out of their rounding, then the smallest relative difference.
    """
    every = list(_list_joints(members, book))
    tried = [joint for joint in every if joint.changes]
    fitting = sorted((joint for joint in tried if joint.fits), key=_rank)
    said = next((joint for joint in every if not joint.changes), None)
    own = [
        joint
        for joint in tried
        if "zoning" not in joint.changes and not (said and _gaps(joint) == _gaps(said))
    ]
    near = [] if fitting else sorted(own, key=lambda joint: (*_distance(joint), *_rank(joint)))
    numbers = tuple(member.checked.number for member in members)
    is_said_nearest = bool(said and near and _distance(said) <= _distance(near[0]))
    return JointSearch(numbers, len(tried), tuple(fitting), tuple(near[:MAX_NEAR]), is_said_nearest)


def _list_joints(members: Sequence[Member], book: FigureBook) -> Iterator[Joint]:
    seen: set[tuple[tuple[str, ...], ...]] = set()
    for grounds in _list_places(members):
        communes = tuple(ground.place.communes for ground in grounds)
        if communes in seen:
            continue
        seen.add(communes)
        figures = [_list_figures(m, g, book) for m, g in zip(members, grounds, strict=True)]
        shared = set.intersection(*(set(one) for one in figures))
        for definition in sorted(shared, key=lambda one: (one[1], sorted(one[0]))):
            yield _join([one[definition] for one in figures])


def _list_places(members: Sequence[Member]) -> Iterator[tuple[Ground, ...]]:
    """Move the territory, for every claim about it at once; the other places stay."""
    moving = [member for member in members if member.checked.claim.place == TERRITORY]
    # claims on two dates of the territory have no place to move to together
    together = len({tuple(ground.key for ground in m.grounds) for m in moving}) == 1
    for rank in range(len(moving[0].grounds) if together else 1):
        yield tuple(m.grounds[rank if together and m in moving else 0] for m in members)


def _list_figures(
    member: Member, ground: Ground, book: FigureBook
) -> Mapping[Definition, Candidate]:
    claim = member.checked.claim
    asked = book.indicators[str(claim.indicator)]
    found: dict[Definition, Candidate] = {}
    for name in family_of(asked, book.indicators):
        for year, cell in book.known(ground, name).items():
            if is_whole(cell, book.indicators[name]):
                key = (split_name(name)[1], year)
                found[key] = make_candidate(claim, (name, year, ground), cell, member.year)
    return found


def _join(candidates: Sequence[Candidate]) -> Joint:
    changes = tuple(dict.fromkeys(itertools.chain(*(one.changes for one in candidates))))
    return Joint(tuple(candidates), changes, max(one.against for one in candidates))


def _rank(joint: Joint) -> tuple[bool, int, int, float]:
    is_apart = any(one.ground.is_apart for one in joint.candidates)
    gaps = sum(abs(one.gap) for one in joint.candidates)
    return is_apart, joint.against, len(joint.changes), gaps


def _gaps(joint: Joint) -> list[float]:
    return [one.gap for one in joint.candidates]


def _distance(joint: Joint) -> tuple[int, float]:
    """Count the figures out of their rounding, and give their largest relative difference."""
    out = [one for one in joint.candidates if not one.fits]
    stated = (abs(one.cell.value - one.gap) for one in out)
    ratios = (
        abs(one.gap) / value if value else math.inf for one, value in zip(out, stated, strict=True)
    )
    return len(out), max(ratios, default=0.0)
