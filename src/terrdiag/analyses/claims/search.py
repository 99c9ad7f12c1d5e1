"""A bounded search over definitions: which ones give the figure a document states."""

import math
from collections.abc import Iterator, Sequence
from typing import Final

from terrdiag.analyses.cells import Cell
from terrdiag.analyses.claims.book import NO_YEAR, FigureBook
from terrdiag.analyses.claims.counts import MADE
from terrdiag.analyses.claims.evaluate import fits
from terrdiag.analyses.claims.families import family_of
from terrdiag.analyses.claims.model import Candidate, Change, CheckedClaim, Ground, Search
from terrdiag.catalogue import Indicator
from terrdiag.study.claims import ClaimTable
from terrdiag.values import PARTIAL

MAX_TRIED: Final = 400
"""How many definitions a search tries at the most, those that change least first."""

MAX_NEAR: Final = 3
"""How many definitions are given when none fits."""

WIDE: Final = 10
"""How many roundings away a figure is still counted, to tell what chance would give."""


def search_claim(
    checked: CheckedClaim, year: int, grounds: Sequence[Ground], book: FigureBook
) -> Search:
    """Search the definitions that give the figure stated.

    Parameters
    ----------
    checked
        The claim and its figure, if there is one.
    year
        The year its figure was computed for.
    grounds
        Its own place first, then its perimeters of other dates and the other zonings.
    book
        The figures of all of them, loaded.

    Returns
    -------
    Search
        Those that fit, fewest changes first, then closest, places apart from the claim's last; otherwise the
        closest on its own place.
    """
    claim = checked.claim
    every = sorted(
        list_candidates(claim, year, grounds, book), key=lambda one: rank_candidate(one)[:3]
    )
    tried = every[:MAX_TRIED]
    fitting = sorted((one for one in tried if one.fits), key=rank_candidate)
    near = () if fitting else _find_near(tried, checked.found)
    limit = WIDE * claim.margin
    around = sum(abs(one.gap) <= limit for one in tried) if claim.relation == "=" else 0
    return Search(len(tried), len(every) > MAX_TRIED, tuple(fitting), near, around)


def _find_near(tried: Sequence[Candidate], found: Candidate | None) -> tuple[Candidate, ...]:
    """Find the closest on the place of the claim: one for each figure and year, none that says the same again."""
    own = [one for one in tried if "zoning" not in one.changes]
    own.sort(key=lambda one: (abs(one.gap), one.against, len(one.changes)))
    near: dict[tuple[str, int], Candidate] = {}
    for one in own:
        if found is None or one.gap != found.gap:
            near.setdefault((one.indicator, one.year), one)
    return tuple(near.values())[:MAX_NEAR]


def rank_candidate(one: Candidate) -> tuple[bool, int, int, float]:
    """Rank what fits: places apart last, what contradicts the document least, what changes least, the closest."""
    return one.ground.is_apart, one.against, len(one.changes), abs(one.gap)


def list_candidates(
    claim: ClaimTable, year: int, grounds: Sequence[Ground], book: FigureBook
) -> Iterator[Candidate]:
    """List the figures known under every other definition, each place once."""
    asked = book.indicators[str(claim.indicator)]
    is_counted = asked.id in MADE
    seen: set[tuple[object, ...]] = set()
    for ground in grounds:
        # what is counted depends on the date too: communes merge
        key = (ground.place.communes, ground.date if is_counted else None)
        if key in seen:
            continue
        seen.add(key)
        for name in family_of(asked, book.indicators):
            if is_counted and is_same_count(name, asked.id, ground, book):
                continue
            for when, cell in book.known(ground, name).items():
                one = make_candidate(claim, (name, when, ground), cell, year)
                if one.changes and is_whole(cell, book.indicators[name]):
                    yield one


def is_same_count(name: str, asked: str, ground: Ground, book: FigureBook) -> bool:
    """Tell whether two ways of counting agree at a place: without a merger, communes of today are those of then."""
    if name == asked:
        return False
    return book.cell(ground, name, NO_YEAR).value == book.cell(ground, asked, NO_YEAR).value


def make_candidate(
    claim: ClaimTable, definition: tuple[str, int, Ground], cell: Cell, year: int
) -> Candidate:
    """Say what a definition changes to that of the claim, and whether its figure fits."""
    name, when, ground = definition
    changes: list[Change] = []
    if name != claim.indicator:
        changes.append("indicator")
    if when != year:
        changes.append("year")
    if ground.change:
        changes.append(ground.change)
    said = {
        "indicator": True,
        "year": claim.year is not None,
        "date": claim.date is not None or (claim.indicator in MADE and claim.year is not None),
        "zoning": True,
    }
    gap = cell.value - float(claim.value)
    against = sum(said[change] for change in changes)
    return Candidate(
        name, when, ground, cell, tuple(changes), against, gap, fits(claim, cell.value)
    )


def is_whole(cell: Cell, indicator: Indicator) -> bool:
    """Tell whether a figure is not a sum that lacks communes: it would fit by accident."""
    return math.isfinite(cell.value) and not (cell.status == PARTIAL and indicator.kind == "count")
