"""The figure of a claim by the rules of the catalogue, and what is to be said of the one stated."""

import math
from typing import Final

from terrdiag.analyses.cells import Cell
from terrdiag.analyses.claims.book import NO_YEAR, FigureBook
from terrdiag.analyses.claims.counts import MADE
from terrdiag.analyses.claims.model import Candidate, CheckedClaim, Gap, GapKind, Ground, Verdict
from terrdiag.catalogue import Indicator
from terrdiag.study.claims import ClaimTable
from terrdiag.values import NOT_APPLICABLE, PARTIAL, SECRET, TOO_SMALL

RELIEF: Final = "relief"
"""Theme of the analyses that are measured on an elevation model."""

GAPS: Final[dict[str, GapKind]] = {
    SECRET: "secret",
    TOO_SMALL: "too_small",
    NOT_APPLICABLE: "not_applicable",
}
"""Status of a figure that is not known → what is missing."""


def fits(claim: ClaimTable, value: float) -> bool:
    """Tell whether a figure is the one stated, within its rounding, or on the side it says.

    Examples
    --------
    >>> claim = ClaimTable(text="x", document="d", indicator="jobs", value=12.9)
    >>> fits(claim, 12.85), fits(claim, 12.84), fits(claim, 12.95)
    (True, False, True)
    >>> fits(claim.model_copy(update={"relation": ">"}), 12.9)
    False
    """
    stated = float(claim.value)
    if claim.relation == ">":
        return value > stated
    if claim.relation == "<":
        return value < stated
    # half of a last digit is seldom a whole number of bits
    return abs(value - stated) <= claim.margin * (1 + 1e-8) + abs(stated) * 1e-13


def judge_claim(
    number: int, claim: ClaimTable, ground: Ground | Gap, book: FigureBook, year: int
) -> CheckedClaim:
    """Compute the figure of a claim and compare it with the one stated.

    Parameters
    ----------
    number
        Rank of the claim, from 1.
    claim
        The claim; it has an indicator.
    ground
        What it is about, or why that is not known.
    book
        The figures, those of ``ground`` loaded.
    year
        The year to take where the claim says none (see :func:`choose_year`).

    Returns
    -------
    CheckedClaim
        Without a search.
    """
    if isinstance(ground, Gap):
        return CheckedClaim(number, claim, "not_computable", gap=ground)
    indicator = book.indicators[str(claim.indicator)]
    cells = book.years(ground, indicator.id)
    wanted = NO_YEAR if indicator.id in MADE else claim.year or year
    gap = _find_gap(indicator, ground, cells, wanted)
    if gap:
        return CheckedClaim(number, claim, "not_computable", ground, gap=gap)
    cell = cells[wanted]
    difference = cell.value - float(claim.value)
    found = Candidate(
        indicator.id, wanted, ground, cell, (), 0, difference, fits(claim, cell.value)
    )
    verdict = _compare(claim, cell, indicator)
    gap = Gap("partial", (), cell.coverage_pct) if verdict == "not_computable" else None
    return CheckedClaim(number, claim, verdict, ground, found, gap)


def choose_year(book: FigureBook, indicator: str, grounds: list[Ground]) -> int:
    """Choose the year at which figures of a sentence that says none are compared.

    The latest of the years known for most of its places; 0 when none is.
    """
    known = [set(book.known(ground, indicator)) for ground in grounds]
    years = set().union(*known) if known else set()
    return max(years, key=lambda year: (sum(year in one for one in known), year), default=NO_YEAR)


def _find_gap(
    indicator: Indicator, ground: Ground, cells: dict[int, Cell], year: int
) -> Gap | None:
    """Say why there is no figure; nothing when there is one."""
    known = tuple(sorted(one for one, cell in cells.items() if cell.known))
    if not cells and indicator.kind == "analysis":
        return Gap("measured" if indicator.theme == RELIEF else "analysed")
    if not cells and ground.place.level not in indicator.levels and indicator.id not in MADE:
        return Gap("no_level")
    if year not in cells:
        return Gap("no_year", known) if known else _gap_of(cells.get(max(cells, default=0)), known)
    cell = cells[year]
    return None if cell.known else _gap_of(cell, known)


def _gap_of(cell: Cell | None, known: tuple[int, ...]) -> Gap:
    if cell is None:
        return Gap("no_figure", known)
    return Gap(GAPS.get(cell.status, "no_figure"), known, cell.coverage_pct)


def _compare(claim: ClaimTable, cell: Cell, indicator: Indicator) -> Verdict:
    """Compare, where a figure may be higher than what is known of it (or lower), with all it may be."""
    low, high = _bounds(cell, indicator)
    if claim.relation == "=":
        is_sum = indicator.kind == "count"
        if fits(claim, low if is_sum else cell.value) and (not is_sum or fits(claim, high)):
            return "confirmed"
        is_possible = low - claim.margin <= float(claim.value) <= high + claim.margin
        return "not_computable" if low < high and is_possible else "differs"
    sides = {fits(claim, low), fits(claim, high)}
    return "not_computable" if len(sides) > 1 else "confirmed" if True in sides else "differs"


def _bounds(cell: Cell, indicator: Indicator) -> tuple[float, float]:
    """Give what a figure may be at the least and at the most, once the communes not known are counted."""
    value = cell.value
    if cell.status != PARTIAL or not cell.coverage_pct:
        return value, value
    if indicator.kind == "count" and value >= 0:
        return value, value * 100 / cell.coverage_pct
    if indicator.kind == "extent":
        return (-math.inf, value) if "_min_" in indicator.id else (value, math.inf)
    return value, value
