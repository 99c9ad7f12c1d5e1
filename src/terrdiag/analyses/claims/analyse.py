"""Check the claims of a study, from the sentences to the verdicts and the hypotheses."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from string import Formatter

import pandas as pd

from terrdiag.analyses.claims.book import FigureBook
from terrdiag.analyses.claims.counts import MADE, counted_indicators
from terrdiag.analyses.claims.evaluate import choose_year, judge_claim
from terrdiag.analyses.claims.grounds import (
    find_place,
    is_apart,
    list_names,
    list_zonings,
    make_territory,
)
from terrdiag.analyses.claims.joint import Member, group_sentences, search_together
from terrdiag.analyses.claims.model import CheckedClaim, ClaimsFindings, Gap, Ground, JointSearch
from terrdiag.analyses.claims.periods import list_dated
from terrdiag.analyses.claims.search import search_claim
from terrdiag.catalogue import Analysis, Indicator, load_analyses, load_indicators
from terrdiag.edition import Edition
from terrdiag.indicators import Known
from terrdiag.study import Study
from terrdiag.study.claims import TERRITORY
from terrdiag.territory import Perimeter
from terrdiag.values import empty_values

WITH_OTHER_DEFINITIONS = (
    "no_list",
    "not_then",
    "no_level",
    "no_year",
    "no_figure",
    "partial",
    "measured",
)
"""What may be missing of a figure that another definition could give."""


def analyse_claims(
    study: Study,
    perimeter: Perimeter,
    edition: Edition,
    values: pd.DataFrame | None = None,
    measured: Mapping[str, Indicator] | None = None,
    known: Known | None = None,
) -> ClaimsFindings:
    """Check every claim of a study against the edition.

    Parameters
    ----------
    study, perimeter, edition
        The study, its perimeter, where the figures come from.
    values
        The table of values of the run, if there is one; what it holds is not computed again.
    measured
        Indicators that the run made beside the catalogue (on an elevation model), by identifier.
    known
        What the run has loaded of the edition.

    Returns
    -------
    ClaimsFindings
        A verdict for each claim; where it is not confirmed, what the other definitions give.

    Raises
    ------
    PerimeterError
        A claim is about a place that the edition does not know, or a comparator of the study is.
    """
    book = FigureBook(edition, _gather_indicators(study, measured or {}), values, known)
    own = make_territory(perimeter, edition)
    places = [
        find_place(study, perimeter, edition, rank, own) if claim.indicator else Gap("stated")
        for rank, claim in enumerate(study.claims)
    ]
    asked = [
        place
        for place, claim in zip(places, study.claims, strict=True)
        if isinstance(place, Ground) and claim.indicator not in MADE
    ]
    # without the figures of a run, all that a search may need is computed with the rest: one reading of the edition
    tried = None if values is not None else _list_tried(study, perimeter, edition, own)
    book.load([*asked, *tried.places] if asked and tried else asked)
    years = _choose_years(study, places, book)
    checked = [
        judge_claim(rank + 1, claim, place, book, years[rank])
        for rank, (claim, place) in enumerate(zip(study.claims, places, strict=True))
    ]
    searching = [one for one in checked if _needs_search(one)]
    tried = tried or (_list_tried(study, perimeter, edition, own) if searching else Tried(own))
    if any(one.claim.indicator not in MADE for one in searching):
        book.load(tried.places)
    searched, joints = search_all(checked, years, tried, book)
    return ClaimsFindings(
        searched,
        joints,
        book.indicators,
        {end: start for start, end in sorted(edition.info.intervals)},
        {name: one.cited for name, one in edition.sources.items()},
        own,
        empty_values(),
    )


def _gather_indicators(study: Study, measured: Mapping[str, Indicator]) -> dict[str, Indicator]:
    """Gather the catalogue, what only claims count, what the run measured, and the rest that claims name."""
    every = load_indicators() | counted_indicators() | dict(measured)
    asked = {claim.indicator for claim in study.claims if claim.indicator} - set(every)
    return every | {name: _name_analysis(load_analyses()[name]) for name in sorted(asked)}


def _name_analysis(analysis: Analysis) -> Indicator:
    """Make the indicator of an analysis that this run has not made: its words are not known."""
    texts = (value for value in analysis.model_dump().values() if isinstance(value, str))
    fields = {field for text in texts for _, field, _, _ in Formatter().parse(text) if field}
    return analysis.as_indicator(**(dict.fromkeys(fields, "…") | {"model": "modèle de terrain"}))


def _choose_years(study: Study, places: Sequence[Ground | Gap], book: FigureBook) -> list[int]:
    """Give each claim its year: the one it says, or the latest that its whole sentence has."""
    sentences: dict[tuple[str, ...], list[Ground]] = {}
    for claim, place in zip(study.claims, places, strict=True):
        if isinstance(place, Ground) and claim.indicator not in MADE:
            key = (claim.document, claim.text, str(claim.indicator))
            sentences.setdefault(key, []).append(place)
    years = {key: choose_year(book, key[2], grounds) for key, grounds in sentences.items()}
    return [
        claim.year
        if claim.year and claim.indicator not in MADE
        else years.get((claim.document, claim.text, str(claim.indicator)), 0)
        for claim in study.claims
    ]


def _needs_search(checked: CheckedClaim) -> bool:
    if checked.verdict == "differs":
        return True
    return checked.gap is not None and checked.gap.kind in WITH_OTHER_DEFINITIONS


@dataclass(frozen=True)
class Tried:
    """Places to try beside a claim's own: the territory, its perimeters of other dates, the other places.

    ``names`` is what a claim may call the territory.
    """

    own: Ground
    dated: tuple[Ground, ...] = ()
    zonings: tuple[Ground, ...] = ()
    names: frozenset[str] = frozenset({TERRITORY})

    @property
    def places(self) -> tuple[Ground, ...]:
        """All of them."""
        return (self.own, *self.dated, *self.zonings)

    def of(self, checked: CheckedClaim) -> tuple[Ground, ...]:
        """List the place of a claim, then those to try; « more than » fits too many places to try them."""
        is_own = checked.claim.place in self.names
        zonings = self.zonings if checked.claim.relation == "=" else ()
        places = [checked.ground] if checked.ground else []
        said = checked.ground or (self.own if is_own else None)
        if said:
            zonings = _set_apart(zonings, said)
        if is_own:
            now = () if checked.ground == self.own else (replace(self.own, change="date"),)
            return (*places, *now, *self.dated, *zonings)
        own = (replace(self.own, change="zoning"),)
        return (*places, *(_set_apart(own, said) if said else own), *zonings)


def _set_apart(zonings: Iterable[Ground], said: Ground) -> tuple[Ground, ...]:
    """Mark the places that have little to do with the one a claim is about."""
    return tuple(replace(one, is_apart=is_apart(one.place, said.place)) for one in zonings)


def _list_tried(study: Study, perimeter: Perimeter, edition: Edition, own: Ground) -> Tried:
    """List the places that a search tries, if the study has a figure to look for."""
    asked = {claim.indicator for claim in study.claims if claim.indicator}
    if not asked:
        return Tried(own)
    dated = list_dated(study, perimeter, edition, own, asked)
    zonings = list_zonings(study, perimeter, edition, own)
    return Tried(own, dated, zonings, list_names(study))


def search_all(
    checked: Iterable[CheckedClaim], years: Sequence[int], tried: Tried, book: FigureBook
) -> tuple[tuple[CheckedClaim, ...], tuple[JointSearch, ...]]:
    """Search what explains the claims that are not confirmed, each alone, then each sentence of several figures.

    Parameters
    ----------
    checked
        The claims and their verdicts.
    years
        Year of the figure of each.
    tried
        Places to try, their figures known.
    book
        The figures.

    Returns
    -------
    checked : tuple of CheckedClaim
        The same with their searches.
    joints : tuple of JointSearch
        The searches over sentences.
    """
    searched = tuple(
        replace(one, search=search_claim(one, years[one.number - 1], tried.of(one), book))
        if _needs_search(one)
        else one
        for one in checked
    )
    joints = tuple(
        search_together([Member(one, years[one.number - 1], tried.of(one)) for one in group], book)
        for group in group_sentences(searched, book)
        if any(one.search for one in group)
    )
    return searched, joints
