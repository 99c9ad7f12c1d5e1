"""What a claim may be about: the territory, at its date or another, and the places around it."""

import datetime as dt
from typing import Final

from terrdiag.analyses.claims.counts import MADE
from terrdiag.analyses.claims.model import Gap, Ground
from terrdiag.analyses.claims.periods import make_dated
from terrdiag.edition import Edition
from terrdiag.errors import PerimeterError
from terrdiag.indicators import Place
from terrdiag.indicators.places import PUBLISHED_KINDS
from terrdiag.study import Study
from terrdiag.study.claims import TERRITORY, ClaimTable
from terrdiag.territory import (
    Group,
    NotThenError,
    Perimeter,
    resolve_comparators,
    resolve_dated,
    resolve_expression,
)
from terrdiag.territory.comparators import DATED_KIND
from terrdiag.territory.dated import DATED_KINDS, LISTED_KINDS, find_first_list
from terrdiag.territory.groups import find_france, groups_around

PROGRAMMES: Final = ("petr", "ti")

ZONINGS: Final = (*PROGRAMMES, "epci", "departement", "region")
"""Kinds of places around a territory that a document may have taken instead, before France."""

MAX_PER_KIND: Final = 12
"""A kind of more places than this is left out as a whole: choosing among them would be arbitrary."""


def make_territory(perimeter: Perimeter, edition: Edition) -> Ground:
    """Give the territory of a study at its own date."""
    only = perimeter.parts[0] if len(perimeter.parts) == 1 else None
    is_published = only and only.kind in PUBLISHED_KINDS and perimeter.date == edition.date
    same_as = (only.kind, only.code) if only and is_published else None
    place = Place(TERRITORY, perimeter.id, perimeter.name, perimeter.communes, same_as)
    return Ground(place, perimeter.date)


def find_place(
    study: Study, perimeter: Perimeter, edition: Edition, rank: int, own: Ground
) -> Ground | Gap:
    """Find what a claim is about, at the date it says.

    Parameters
    ----------
    study, perimeter, edition
        The study and its perimeter.
    rank
        Rank of the claim, from 0.
    own
        The territory at the date of the study.

    Returns
    -------
    Ground or Gap
        The place, or why its communes are not known at that date.

    Raises
    ------
    PerimeterError
        The edition knows no such place, or what the study states of its history does not fit with the lists.
    """
    claim = study.claims[rank]
    date = date_of(claim)
    if claim.place not in list_names(study):
        return find_other_place(study, edition, rank, date or own.date)
    if date is None or date == own.date:
        return own
    if date > edition.date or not _is_listed(study, edition, date):
        return _no_list(edition, date)
    try:
        dated = resolve_dated(study, edition, date)
    except NotThenError as error:
        return Gap("not_then", detail=str(error))
    return make_dated(dated, perimeter, own)


def list_names(study: Study) -> frozenset[str]:
    """List what a claim may call the territory: by that word, or as the EPCI, the TI or the PETR that it is.

    What the study states of its history then holds. Other kinds have none, and a commune has figures that are
    published for communes only: they stay places like others.
    """
    listed = {
        f"{kind}:{code}": kind for kind, codes in study.perimeter.codes.items() for code in codes
    }
    is_one = len(listed) == 1 and set(LISTED_KINDS).issuperset(listed.values())
    return frozenset({TERRITORY, *listed} if is_one else {TERRITORY})


def _is_listed(study: Study, edition: Edition, date: dt.date) -> bool:
    """Tell whether the communes of a territory are known at a date: from lists of members, or from the study."""
    first = find_first_list(edition)
    needs = any(study.perimeter.codes[kind] for kind in LISTED_KINDS)
    return not needs or first is None or date >= first or study.perimeter.history is not None


def date_of(claim: ClaimTable) -> dt.date | None:
    """Give the date at which a claim takes its communes; that of its year when communes are counted."""
    if claim.date is None and claim.indicator in MADE and claim.year:
        return dt.date(claim.year, 1, 1)
    return claim.date


def list_zonings(
    study: Study, perimeter: Perimeter, edition: Edition, own: Ground
) -> tuple[Ground, ...]:
    """List the places around a territory, then what its study compares it with, each set of communes once.

    Parameters
    ----------
    study, perimeter, edition
        The study and its perimeter.
    own
        The territory at the date of the study.

    Returns
    -------
    tuple of Ground
        From the smallest kind to France: places that a document could take for the territory, which hold half of
        it at least, or have half of themselves in it. Then the comparators that are none of them, in the order
        of the study; the territory at another date is not one of these places.

    Raises
    ------
    PerimeterError
        A comparator of the study cannot be made.
    """
    groups = [*_find_around(perimeter, edition), find_france(edition)]
    places = [Place(one.kind, one.code, one.name, one.communes) for one in groups]
    # of two kinds that hold the same communes, the smaller: its name is the one that is used
    found = {place.communes: place for place in reversed(places)}
    places = list(reversed(found.values()))
    for one in resolve_comparators(study, perimeter, edition):
        group = one.group
        if group.kind != DATED_KIND and group.communes not in found:
            place = Place(group.kind, group.code, group.name, group.communes, one.same_as)
            found[group.communes] = place
            places.append(place)
    tried = (place for place in places if place.communes != own.place.communes)
    return tuple(Ground(place, edition.date, "zoning") for place in tried)


def _find_around(perimeter: Perimeter, edition: Edition) -> list[Group]:
    """Find the places around a territory that a document may have taken instead, from the smallest kind."""
    inside = set(perimeter.communes)
    around = groups_around(edition, PROGRAMMES, perimeter.communes)
    around |= {
        "epci": perimeter.epci,
        "departement": perimeter.departements,
        "region": perimeter.regions,
    }
    kept: list[Group] = []
    for kind in ZONINGS:
        shares = [(len(inside.intersection(group.communes)), group) for group in around[kind]]
        near = [pair for pair in shares if 2 * pair[0] >= min(len(inside), len(pair[1].communes))]
        if len(near) <= MAX_PER_KIND:
            ranked = sorted(near, key=lambda pair: (-pair[0], pair[1].code))
            kept += [group for _, group in ranked]
    return kept


def is_apart(place: Place, said: Place) -> bool:
    """Tell whether a place neither holds the one a document says nor nearly is it: half of what both cover.

    Examples
    --------
    >>> said = Place("region", "76", "Occitanie", ("1", "2", "3"))
    >>> is_apart(Place("ensemble", "x", "Sans 3", ("1", "2")), said)
    False
    >>> is_apart(Place("departement", "32", "Gers", ("1",)), said)
    True
    """
    ours, theirs = set(place.communes), set(said.communes)
    return not theirs <= ours and 2 * len(ours & theirs) < len(ours | theirs)


def find_other_place(study: Study, edition: Edition, rank: int, date: dt.date) -> Ground | Gap:
    """Find the place of a claim that is not about the territory, at a date.

    Parameters
    ----------
    study, edition
        The study and the edition.
    rank
        Rank of the claim, from 0.
    date
        The date.

    Returns
    -------
    Ground or Gap
        The place, or the date being out of what is known of it.

    Raises
    ------
    PerimeterError
        The edition knows no such place, at any date.
    """
    if date > edition.date:
        return _no_list(edition, date)
    text = study.claims[rank].place
    try:
        group = resolve_expression(text, edition, date).group
    except PerimeterError as error:
        if date != edition.date and _exists(text, edition):
            return _no_list(edition, date)
        where = study.where("claims", rank, "place")
        raise PerimeterError(f"{where} : {error}") from None
    level, code = group.kind, group.code
    if date != edition.date and group.kind in {*DATED_KINDS, "ensemble"}:
        # what is published is published for the members of today
        level, code = "perimetre", f"{code}-{date.isoformat()}"
    return Ground(Place(level, code, group.name, group.communes), date)


def _no_list(edition: Edition, date: dt.date) -> Gap:
    first = find_first_list(edition)
    return Gap("no_list", since=first if first and date < first else None)


def _exists(text: str, edition: Edition) -> bool:
    try:
        resolve_expression(text, edition)
    except PerimeterError:
        return False
    return True
