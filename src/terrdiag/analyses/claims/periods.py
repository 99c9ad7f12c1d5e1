"""The territory on its perimeters of other dates: one period for each set of communes."""

import datetime as dt
import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from terrdiag.analyses.claims.counts import communes_on
from terrdiag.analyses.claims.model import Ground
from terrdiag.edition import Edition, read_events, read_memberships
from terrdiag.edition.crosswalk import find_family
from terrdiag.study import Study
from terrdiag.territory import DatedPerimeter, NotThenError, Perimeter, resolve_dated
from terrdiag.territory.dated import DATED_KINDS, LISTED_KINDS, find_first_list

MAX_PERIODS: Final = 24
"""How many perimeters of other dates are tried, the latest first."""

DAY: Final = dt.timedelta(days=1)


def list_dated(
    study: Study, perimeter: Perimeter, edition: Edition, own: Ground, asked: Collection[str]
) -> tuple[Ground, ...]:
    """List the territory on its perimeters of other dates, the latest first.

    Parameters
    ----------
    study, perimeter, edition
        The study and its perimeter.
    own
        The territory at the date of the study.
    asked
        What is looked for: where communes or EPCI are counted, every date at which their number may change is
        one more perimeter.

    Returns
    -------
    tuple of Ground
        One for each period with the same communes, that of the study's own date excepted; dates at which the
        territory did not exist are left out.
    """
    cuts = _list_cuts(perimeter, edition, asked)
    days = _list_days(study, perimeter, edition, own)
    if not days:
        # the same communes at any date: only their number changes
        first = min([own.date, *cuts[-MAX_PERIODS:]])
        grounds = [replace(own, date=first, since=None, change="date")]
    else:
        grounds = list(_find_periods(study, perimeter, edition, own, days))
    parts = [part for ground in grounds for part in split_period(edition, ground, cuts)]
    return tuple(part for part in reversed(parts) if not _holds(part, own.date))[:MAX_PERIODS]


def split_period(edition: Edition, ground: Ground, cuts: Sequence[dt.date]) -> list[Ground]:
    """Cut a period at the dates at which a number of communes or of EPCI may change.

    Parameters
    ----------
    edition
        The edition.
    ground
        The same communes over a period.
    cuts
        Dates, sorted.

    Returns
    -------
    list of Ground
        The parts in order, each with its communes of that time.
    """
    last = ground.until or edition.date
    inside = [day for day in cuts if ground.date < day <= last]
    if not inside:
        return [ground]
    starts = [ground.date, *inside]
    ends = [*(day - DAY for day in inside), ground.until]
    then = communes_on(edition, ground.place.communes, starts)
    if ground.members:
        then[ground.date] = frozenset(ground.members)
    return [
        replace(
            ground,
            date=start,
            since=ground.since if start == ground.date else start,
            until=end,
            members=tuple(sorted(then[start])),
        )
        for start, end in zip(starts, ends, strict=True)
    ]


def _find_periods(
    study: Study, perimeter: Perimeter, edition: Edition, own: Ground, days: Sequence[dt.date]
) -> Iterator[Ground]:
    """Find the communes of the territory on each day, and gather the days on which they are the same."""
    found = [
        (day, own if day == own.date else _resolve(study, perimeter, edition, own, day))
        for day in days
    ]
    there = [(day, ground) for day, ground in found if ground]
    groups = itertools.groupby(there, key=lambda pair: pair[1].place.communes)
    periods = [next(group) for _, group in groups]
    ends = [*(day - DAY for day, _ in periods[1:]), None]
    known_from = find_first_list(edition)
    for rank, ((day, ground), until) in enumerate(zip(periods, ends, strict=True)):
        # a first list, or what the study states before it, says nothing of its beginning
        is_open = rank == 0 and (ground.by_study or day == known_from)
        since = None if is_open else day
        yield replace(ground, date=day, since=since, until=until, change="date")


def _holds(ground: Ground, day: dt.date) -> bool:
    return ground.date <= day and not (ground.until and ground.until < day)


def _list_days(study: Study, perimeter: Perimeter, edition: Edition, own: Ground) -> list[dt.date]:
    """List the days on which the communes of a territory may have changed; none where they cannot."""
    kinds = {kind for kind, codes in study.perimeter.codes.items() if codes}
    if not kinds & set(DATED_KINDS):
        return []
    stated = study.perimeter.history or ()
    days = _list_bounds(edition, perimeter.communes, {part.code for part in perimeter.parts})
    days |= {own.date, edition.date}
    days |= {day for table in stated for day in (table.date - DAY, table.date)}
    first = find_first_list(edition)
    oldest = min((table.date - DAY for table in stated), default=first)
    return sorted(day for day in days if (not oldest or oldest <= day) and day <= edition.date)


def _list_bounds(
    edition: Edition, communes: Iterable[str], codes: Collection[str] = ()
) -> set[dt.date]:
    """List the dates of the lists of members at which the EPCI of communes, and some groups, changed."""
    family = find_family(communes, read_events(edition))
    # those they have today, those they left, and those that left with the groups
    near = read_memberships(edition, kinds=["epci"], communes=family)
    rows = read_memberships(edition, kinds=LISTED_KINDS, codes={*codes, *near["code"]})
    bounds = pd.concat([rows["valid_from"], rows["valid_to"]]).dropna().unique()
    return {pd.Timestamp(bound).date() for bound in bounds}


def _list_cuts(perimeter: Perimeter, edition: Edition, asked: Collection[str]) -> list[dt.date]:
    """List the dates at which a number of communes, or of EPCI, may change, if it is looked for."""
    cuts: set[dt.date] = set()
    if "communes" in asked:
        events = read_events(edition)
        family = find_family(perimeter.communes, events)
        dates = events.loc[events["code_after"].isin(family), "date"].unique()
        cuts |= {pd.Timestamp(date).date() for date in dates}
    if "epci" in asked:
        cuts |= _list_bounds(edition, perimeter.communes)
    return [day for day in sorted(cuts) if day <= edition.date]


def _resolve(
    study: Study, perimeter: Perimeter, edition: Edition, own: Ground, day: dt.date
) -> Ground | None:
    try:
        return make_dated(resolve_dated(study, edition, day), perimeter, own)
    except NotThenError:
        return None  # the territory was not there: no perimeter to try


def make_dated(dated: DatedPerimeter, perimeter: Perimeter, own: Ground) -> Ground:
    """Give the territory as it was resolved at a date; under its own name where its communes are the same."""
    codes = {part.code for part in perimeter.parts}
    is_own = dated.communes == own.place.communes
    # the same communes are the same place, whose figures may be published
    place = (
        own.place
        if is_own
        else replace(
            own.place,
            level="perimetre",
            code=f"{perimeter.id}-{dated.date.isoformat()}",
            communes=dated.communes,
            same_as=None,
        )
    )
    return Ground(
        place,
        dated.date,
        members=tuple(code for code, _ in dated.members),
        by_study=dated.stated,
        former=tuple(part.code for part in dated.parts if part.code not in codes),
    )
