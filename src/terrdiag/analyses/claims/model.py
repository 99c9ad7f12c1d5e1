"""What checking a claim hands over: typed facts, no sentence."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import pandas as pd

from terrdiag.analyses.cells import Cell
from terrdiag.catalogue import Indicator
from terrdiag.indicators import Place
from terrdiag.study.claims import ClaimTable

Verdict = Literal["confirmed", "differs", "not_computable"]

VERDICTS: Final[tuple[Verdict, ...]] = ("confirmed", "differs", "not_computable")

Change = Literal["indicator", "year", "date", "zoning"]
"""What a definition changes to that of the claim: what is counted, the year, the date of the perimeter, the place."""

GapKind = Literal[
    "stated",
    "measured",
    "analysed",
    "no_list",
    "not_then",
    "no_level",
    "no_year",
    "no_figure",
    "partial",
    "secret",
    "too_small",
    "not_applicable",
]
"""What is missing: the study says it; a figure of an elevation model, or of another analysis; the communes at that
date; the territory, which was not there then; the indicator at that level; its year; its place; a part of its communes;
a figure under secrecy; a rate on too little; on nothing."""


@dataclass(frozen=True)
class Ground:
    """A set of communes that a figure may be about, at a date.

    Attributes
    ----------
    place
        The communes, under the level and code that the table of values gives them.
    date
        The day the communes are taken at.
    change
        What it changes to the place of a claim about the territory: nothing, its date, or the zoning.
    since, until
        First and last day with these communes (nothing: not known to begin, still so).
    members
        Codes of its communes of that time, where it was resolved at its date.
    by_study
        Whether the study states it, no official list being as old.
    former
        Codes that the territory then bore, when it bears others now.
    is_apart
        Whether it neither holds nor nearly is the place of the claim it is tried for.
    """

    place: Place
    date: dt.date
    change: Literal["", "date", "zoning"] = ""
    since: dt.date | None = None
    until: dt.date | None = None
    members: tuple[str, ...] = ()
    by_study: bool = False
    former: tuple[str, ...] = ()
    is_apart: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """Level and code in the table of values."""
        return self.place.level, self.place.code


@dataclass(frozen=True)
class Candidate:
    """A figure under one definition.

    Attributes
    ----------
    indicator, year, ground
        The definition; year 0 for what has none (a number of communes).
    cell
        The figure, known, with its status and sources.
    changes
        What it changes to the definition of the claim.
    against
        How many of the changes contradict what the document says; the others say what it leaves open.
    gap
        The figure minus the value stated.
    fits
        Whether it gives the value stated, within its rounding.
    """

    indicator: str
    year: int
    ground: Ground
    cell: Cell
    changes: tuple[Change, ...] = ()
    against: int = 0
    gap: float = 0.0
    fits: bool = False


@dataclass(frozen=True)
class Gap:
    """Why a figure cannot be computed.

    Attributes
    ----------
    kind
        What is missing.
    years
        Years the figure is known for at that place.
    coverage_pct
        What is known of the place.
    since
        First date the communes are known at, when that of the claim is older.
    detail
        What the territory was then, in French.
    """

    kind: GapKind
    years: tuple[int, ...] = ()
    coverage_pct: float = 0.0
    since: dt.date | None = None
    detail: str = ""


@dataclass(frozen=True)
class Search:
    """What the other definitions give for one claim.

    Attributes
    ----------
    tried
        How many definitions were tried, that of the claim excepted.
    cut
        Whether there were more than a search tries.
    fitting
        Those that give the value stated, as they rank.
    near
        When none does, those that come closest on the place of the claim.
    around
        How many come within ten times the rounding: what chance alone would give.
    """

    tried: int
    cut: bool
    fitting: tuple[Candidate, ...]
    near: tuple[Candidate, ...]
    around: int

    @property
    def is_weak(self) -> bool:
        """Whether chance alone could well give a match: half a definition or more falls into such a rounding."""
        return self.around >= 5


@dataclass(frozen=True)
class Joint:
    """One definition for all the figures of a sentence.

    Attributes
    ----------
    candidates
        The figure of each claim of the sentence, in their order.
    against, changes
        Changes of the definition, each counted once.
    """

    candidates: tuple[Candidate, ...]
    changes: tuple[Change, ...]
    against: int

    @property
    def fits(self) -> bool:
        """Whether it gives every figure of the sentence."""
        return all(one.fits for one in self.candidates)


@dataclass(frozen=True)
class JointSearch:
    """What one definition gives for all the figures of a sentence.

    Attributes
    ----------
    numbers
        Numbers of the claims of the sentence, from 1.
    tried
        How many definitions were tried.
    fitting
        Those that give every figure.
    near
        When none does, the closest.
    is_said_nearest
        Whether the definition of the sentence is closer still.
    """

    numbers: tuple[int, ...]
    tried: int
    fitting: tuple[Joint, ...]
    near: tuple[Joint, ...]
    is_said_nearest: bool = False


@dataclass(frozen=True)
class CheckedClaim:
    """A claim and what was found of it.

    Attributes
    ----------
    number
        Its rank in the study, from 1.
    claim
        As the study states it.
    ground
        What it is about; nothing where that is not known.
    verdict
        What is to be said of it.
    found
        The figure by the rules of the catalogue.
    gap
        Why there is none.
    search
        What the other definitions give, where it is not confirmed.
    """

    number: int
    claim: ClaimTable
    verdict: Verdict
    ground: Ground | None = None
    found: Candidate | None = None
    gap: Gap | None = None
    search: Search | None = None


@dataclass(frozen=True)
class ClaimsFindings:
    """The claims of a study, checked.

    Attributes
    ----------
    checked
        The claims, in the order of the study.
    joints
        Searches over the sentences of several figures.
    indicators
        The catalogue and what claims may count beside it, for labels and units.
    intervals
        Start of an interval between censuses by its end.
    sources
        Title of each source used, by identifier.
    territory
        What the claims without a place are about.
    values
        No row: claims add nothing to the table of values.
    """

    checked: tuple[CheckedClaim, ...]
    joints: tuple[JointSearch, ...]
    indicators: Mapping[str, Indicator]
    intervals: Mapping[int, int]
    sources: Mapping[str, str]
    territory: Ground
    values: pd.DataFrame = field(compare=False)

    def count(self, verdict: Verdict) -> int:
        """Count the claims of a verdict."""
        return sum(one.verdict == verdict for one in self.checked)

    def joint_of(self, number: int) -> JointSearch | None:
        """Give the search over the sentence of a claim, if it states several figures."""
        return next((joint for joint in self.joints if number in joint.numbers), None)
