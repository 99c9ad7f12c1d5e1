"""Flows in words: an order of magnitude says so, what is not counted too, and small flows are not ranked."""

import math
import operator
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from terrdiag.analyses.commuting.flows import FEW
from terrdiag.analyses.commuting.partners import Partner
from terrdiag.analyses.commuting.tally import Count
from terrdiag.report.comparison import Place
from terrdiag.values import ESTIMATE, STATUS_WORDS, TOO_SMALL
from terrdiag.wording import NBSP, fold, format_number, round_half_away

NOT_COUNTED: Final = "non comptés"
"""Those who live abroad."""

Side = Callable[[Partner], Count]
"""Those who leave for a place, or those who come from it."""

LEAVING: Final[Side] = operator.attrgetter("leaving")
COMING: Final[Side] = operator.attrgetter("coming")

LISTED: Final = 10
"""How many places are listed on each side at the most, and in all where their flows are small; the others are added
up."""


def write_people(count: Count, least: str = "moins de 10") -> str:
    """Write a number of people: « 2 345 », « ≈ 140 » for an order of magnitude (to ten), « non comptés ».

    Examples
    --------
    >>> print(write_people(Count(2345.4)).replace("\\u202f", " "))
    2 345
    >>> print(write_people(Count(142.6, is_estimate=True)).replace("\\xa0", " "))
    ≈ 140 (estimation)
    >>> write_people(Count(0.0)), write_people(Count(4.0)), write_people(Count(math.nan))
    ('0', 'moins de 10', 'non comptés')
    """
    if math.isnan(count.people):
        return NOT_COUNTED
    words = _round_few(count.people, least) if count.is_few else format_number(count.people)
    return f"{words} ({STATUS_WORDS[ESTIMATE]})" if count.is_estimate else words


def _round_few(people: float, least: str) -> str:
    if people < 10:
        return least if people > 0 else "0"
    return f"≈{NBSP}{format_number(round_half_away(people, -1))}"


def write_share(part: Count, whole: Count) -> str:
    """Write the share of a part, in % without its sign; one of few people has no decimal.

    Examples
    --------
    >>> write_share(Count(1000), Count(3000)), write_share(Count(140), Count(3000)).replace("\\xa0", " ")
    ('33,3', '≈ 5')
    >>> write_share(Count(100), Count(150)), write_share(Count(math.nan), Count(3000))
    ('effectif trop faible', 'non comptés')
    """
    if math.isnan(part.people):
        return NOT_COUNTED
    if whole.is_few:
        return STATUS_WORDS[TOO_SMALL]
    share = part.people / whole.people * 100
    if not part.is_few:
        return format_number(share, 1)
    rounded = round_half_away(share, 0)
    if not rounded:
        return "moins de 1" if part.people > 0 else "0"
    return f"≈{NBSP}{format_number(rounded)}"


def name_partner(partner: Partner) -> str:
    """Name a place for a row: « CA Tarbes-Lourdes-Pyrénées », « Tarbes (65) », « Luxembourg »."""
    if partner.kind == "commune":
        size = 3 if partner.code.startswith("97") else 2
        return f"{partner.name} ({partner.code[:size]})"
    return Place(partner.kind, partner.code, partner.name).short


def add_counts(counts: Iterable[Count]) -> Count:
    """Add counts up; those that are not known are left out.

    Examples
    --------
    >>> add_counts([Count(3.0), Count(math.nan), Count(2.0, is_estimate=True)])
    Count(people=5.0, is_estimate=True)
    """
    known = [count for count in counts if not math.isnan(count.people)]
    return Count(
        math.fsum(count.people for count in known), any(count.is_estimate for count in known)
    )


def pick_partners(partners: Sequence[Partner]) -> tuple[tuple[Partner, ...], tuple[Partner, ...]]:
    """Pick the first places on each side, and give the others.

    Parameters
    ----------
    partners
        Places outside the territory.

    Returns
    -------
    listed : tuple of Partner
        The first places of those to which enough people leave, and of those from which enough come, by number of
        people both ways; then, up to a number in all, those of smaller flows, by name: nothing ranks them.
    others : tuple of Partner
        The rest.
    """
    chosen: set[Partner] = set()
    for side in (LEAVING, COMING):
        large = [one for one in sort_partners(partners, side) if not side(one).is_few]
        chosen.update(large[:LISTED])
    small = sorted(filter(is_small, partners), key=lambda one: (-exchanged(one), one.code))
    chosen.update(small[: max(LISTED - len(chosen), 0)])
    listed = sorted(chosen, key=_rank)
    return tuple(listed), tuple(one for one in partners if one not in chosen)


def sort_partners(partners: Iterable[Partner], side: Side) -> list[Partner]:
    """Sort the places that have a flow on a side, the largest first, then by code."""
    known = [one for one in partners if side(one).people > 0]
    return sorted(known, key=lambda one: (-side(one).people, one.kind, one.code))


def exchanged(partner: Partner) -> float:
    """Count the people exchanged both ways."""
    return add_counts((partner.leaving, partner.coming)).people


def is_small(partner: Partner) -> bool:
    """Tell whether both flows are orders of magnitude."""
    return not (partner.leaving.people >= FEW or partner.coming.people >= FEW)


def _rank(partner: Partner) -> tuple[bool, float, str, str]:
    if is_small(partner):
        return True, 0.0, fold(name_partner(partner)), partner.code
    return False, -exchanged(partner), partner.kind, partner.code
