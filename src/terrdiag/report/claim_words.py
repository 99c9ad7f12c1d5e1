"""The words of the claims checked: what is stated, what is found, why not, what another definition gives.

The page and the command line say the same thing. Whatever comes from the study file is plain text here: the templates
escape it, and the command line takes out what would drive a terminal.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from terrdiag.analyses.claims import (
    Candidate,
    CheckedClaim,
    ClaimsFindings,
    Ground,
    Joint,
    JointSearch,
    Search,
    Verdict,
    date_of,
)
from terrdiag.catalogue import Indicator
from terrdiag.report.claim_gaps import word_gap
from terrdiag.report.comparison import Cell, cell_mark
from terrdiag.report.prepositions import locate
from terrdiag.study.claims import TERRITORY, ClaimTable
from terrdiag.territory.model import format_date
from terrdiag.wording import NBSP, format_number, format_value, join_words, plural

VERDICT_WORDS: Final[dict[Verdict, str]] = {
    "confirmed": "confirmé",
    "differs": "diffère",
    "not_computable": "non calculable",
}

RELATION_WORDS: Final = {"=": "", ">": f"plus de{NBSP}", "<": f"moins de{NBSP}"}

MAX_SAID: Final = 3
"""How many hypotheses a reader is given; the count says how many there are."""

HERE: Final = "pour ce territoire"

SAME_UNITS: Final = {
    "hab.": ("habitant", "habitants"),
    "hab./km²": ("habitants par km²", "habitants au km²"),
    "m": ("mètre", "mètres"),
}
"""By unit of the catalogue, the words by which documents mean the same."""

POINTS: Final = "points"
"""Unit of a difference of two percentages."""

FAR: Final = 0.25
"""A definition whose figure is further, as a share of the value stated, explains nothing."""


class ClaimWords:
    """Words for the claims of a study.

    Parameters
    ----------
    findings
        The claims, checked.
    """

    def __init__(self, findings: ClaimsFindings) -> None:
        self.findings = findings

    def stated(self, claim: ClaimTable) -> str:
        """Write the value as the document states it: « plus de 500 000 habitants »."""
        indicator = self._indicator(claim.indicator)
        unit = claim.unit or word_unit(float(claim.value), indicator.unit if indicator else "")
        value = format_value(float(claim.value), unit, claim.decimals)
        return RELATION_WORDS[claim.relation] + value

    def value(self, one: Candidate, claim: ClaimTable, more: str = "") -> str:
        """Write a figure with its unit, and what must be known of it: « 12,39 % (estimation) »."""
        indicator = self.findings.indicators[one.indicator]
        digits = max(indicator.decimals, claim.decimals)
        text = format_value(
            one.cell.value,
            word_unit(one.cell.value, choose_unit(indicator.unit, claim)),
            digits,
            signed=indicator.signed,
        )
        mark = cell_mark(Cell(one.cell.value, one.cell.status, one.cell.coverage_pct))
        marks = ", ".join(words for words in (mark, more) if words)
        return f"{text} ({marks})" if marks else text

    def difference(self, one: Candidate, claim: ClaimTable) -> str:
        """Write the figure minus the value stated: « +760 hab. », « −0,28 point »."""
        indicator = self.findings.indicators[one.indicator]
        digits = max(indicator.decimals, claim.decimals)
        unit = POINTS if indicator.unit.startswith("%") else choose_unit(indicator.unit, claim)
        return format_value(one.gap, word_unit(one.gap, unit), digits, signed=True)

    def apart(self, one: Candidate, claim: ClaimTable) -> str:
        """Write a figure and how far it is from the one stated: « 7,65 % (écart −0,25 point) »."""
        within = "dans l'arrondi" if claim.tolerance is None else "dans l'écart admis"
        gap = within if one.fits else f"écart {self.difference(one, claim)}"
        return self.value(one, claim, gap)

    def definition(self, one: Candidate) -> str:
        """Say what a figure is: what is counted, when, where, in how many communes."""
        indicator = self.findings.indicators[one.indicator]
        parts = [f"« {indicator.label_fr} »", self.when(one), self.place(one.ground)]
        return ", ".join(part for part in parts if part)

    def sources(self, one: Candidate) -> str:
        """Name the sources of a figure."""
        names = (name for name in one.cell.source_id.split("+") if name)
        return " ; ".join(self.findings.sources.get(name, name) for name in names)

    def when(self, one: Candidate) -> str:
        """Say the year of a figure: « en 2018 », « fin 2018 », « de 2013 à 2018 »; nothing where it has none.

        A number of communes is that of a perimeter, which says its date.
        """
        indicator = self.findings.indicators[one.indicator]
        if not one.year:
            return ""
        if indicator.spans_interval and one.year in self.findings.intervals:
            return f"de {self.findings.intervals[one.year]} à {one.year}"
        if indicator.kind == "extent":
            return f"table de {one.year}"
        if indicator.kind == "analysis":
            return ""
        at_year_end = any(name.startswith("establishments_") for name in indicator.inputs)
        return f"{'fin' if at_year_end else 'en'} {one.year}"

    def place(self, ground: Ground) -> str:
        """Say where: the place, on which perimeter, in how many communes."""
        place = ground.place
        if place.level == TERRITORY:
            return f"périmètre du {format_date(ground.date)} ({self._communes(ground)})"
        if ground.change == "date" or place.level == "perimetre":
            return f"périmètre {self.period(ground)}"
        return locate(*_kind_and_name(ground))

    def period(self, ground: Ground) -> str:
        """Say over which time the communes were these: « du 1er janvier 2019 au 31 décembre 2021 (44 communes) »."""
        if ground.since and ground.until:
            span = f"du {format_date(ground.since)} au {format_date(ground.until)}"
        elif ground.until and ground.by_study:
            span = f"d'avant le {format_date(ground.until + dt.timedelta(days=1))}"
        elif ground.until:
            # the first list says nothing of the time before
            span = f"du {format_date(ground.date)} (ou d'avant) au {format_date(ground.until)}"
        else:
            span = f"du {format_date(ground.since or ground.date)}"
        marks = [self._communes(ground)]
        if ground.former:
            marks.append(f"alors {join_words(ground.former)}")
        if ground.by_study:
            marks.append("d'après l'étude")
        return f"{span} ({', '.join(marks)})"

    def gap(self, checked: CheckedClaim) -> str:
        """Say precisely what is missing to compute a figure."""
        claim, gap = checked.claim, checked.gap
        if gap is None:
            return ""
        if gap.kind == "stated":
            return _end(" ".join(str(claim.not_computable).split()))
        indicator = self._indicator(claim.indicator)
        assert indicator is not None  # noqa: S101  # only a stated gap has none
        where = self._where(checked) or "à cette date"
        return word_gap(gap, indicator, where, claim)

    def hypotheses(self, checked: CheckedClaim) -> tuple[str, ...]:
        """Say what the other definitions give, as hypotheses; the closest when none gives the value stated."""
        search = checked.search
        if search is None:
            return ()
        if search.fitting:
            return (*self._fitting(checked, search), *_word_chance(search))
        if not search.tried:
            return ("Aucune autre définition n'est connue de cette édition.",)
        return (self._nearest(checked, search),)

    def together(self, joint: JointSearch) -> str:
        """Say which definition gives all the figures of a sentence, or the closest one."""
        claims = [self.findings.checked[number - 1].claim for number in joint.numbers]
        figures = join_words(self.stated(claim) for claim in claims)
        count = plural(joint.tried, "définition essayée", "définitions essayées")
        if joint.fitting:
            first = self._joint(joint.fitting[0], claims)
            others = len(joint.fitting) - 1
            also = (
                f" ({plural(others, 'autre les donne', 'autres les donnent')} aussi)"
                if others
                else ""
            )
            return (
                f"Les chiffres de la phrase ensemble ({figures}) correspondent à {first}. "
                f"C'est une hypothèse, sur {count}{also}."
            )
        if not joint.near:
            return ""
        head = (
            f"Les chiffres de la phrase ensemble ({figures}){NBSP}: aucune définition ne les donne tous, "
            f"sur {count}"
        )
        if joint.is_said_nearest:
            return f"{head} ; celle de la phrase reste la plus proche."
        return f"{head}. La plus proche{NBSP}: {self._joint(joint.near[0], claims)}."

    def _joint(self, joint: Joint, claims: Sequence[ClaimTable]) -> str:
        labels = dict.fromkeys(
            f"« {self.findings.indicators[one.indicator].label_fr} »" for one in joint.candidates
        )
        first = joint.candidates[0]
        parts = [join_words(labels), self.when(first)]
        parts += [self.place(one.ground) for one in joint.candidates[:1] if one.ground.change]
        values = [
            self.apart(one, claim) for one, claim in zip(joint.candidates, claims, strict=True)
        ]
        places = [self._short_place(one.ground) for one in joint.candidates]
        if len(set(places)) == 1:
            told = f"{join_words(values)} {places[0]}"
        else:
            told = join_words(map(" ".join, zip(values, places, strict=True)))
        return f"{', '.join(part for part in parts if part)}{NBSP}: {told}"

    def _fitting(self, checked: CheckedClaim, search: Search) -> list[str]:
        claim = checked.claim
        said = [
            _end(
                f"La valeur citée correspond à {self.definition(one)}{NBSP}: {self.value(one, claim)}"
            )
            + f" C'est une hypothèse{self._instead(one, checked)}."
            for one in search.fitting[: 1 if search.is_weak else MAX_SAID]
        ]
        left = len(search.fitting) - len(said)
        also = (
            f"{plural(left, 'autre', 'autres')} la donnent aussi"
            if left > 1
            else (f"{plural(left, 'autre')} la donne aussi" if left else "aucune autre ne la donne")
        )
        tried = plural(search.tried, "définition essayée", "définitions essayées")
        return [*said, f"Sur {tried}, {also}."]

    def _nearest(self, checked: CheckedClaim, search: Search) -> str:
        claim = checked.claim
        stated = self.stated(claim)
        if search.tried == 1:
            head = _end(f"La seule autre définition connue ne donne pas {stated}")
        else:
            count = format_number(search.tried)
            head = _end(f"Aucune des {count} autres définitions essayées ne donne {stated}")
        if not search.near:
            return head
        limit = FAR * abs(float(claim.value))
        near = [one for one in search.near if abs(one.gap) <= limit] or search.near[:1]
        told = " ; ".join(f"{self.definition(one)}, {self.apart(one, claim)}" for one in near)
        found = checked.found
        own = found is not None and abs(found.gap) <= abs(near[0].gap)
        what = "Les plus proches" if len(near) > 1 else "La plus proche"
        if own:
            what = "La définition du catalogue reste la plus proche ; ensuite"
        return f"{head} {what}{NBSP}: {told}."

    def _instead(self, one: Candidate, checked: CheckedClaim) -> str:
        """Say what the definition contradicts, or completes, in what the document says."""
        claim = checked.claim
        words = []
        if "indicator" in one.changes:
            asked = self._indicator(claim.indicator)
            words.append(f"au lieu de « {asked.label_fr if asked else ''} »")
        if "year" in one.changes:
            words.append(f"et non {claim.year}" if claim.year else "le document ne dit pas l'année")
        if "date" in one.changes:
            day = date_of(claim)
            words.append(
                f"et non au {format_date(day)}" if day else "le document ne dit pas la date"
            )
        if "zoning" in one.changes and checked.ground:
            words.append(f"et non {self._where(checked)}")
        return f" ({f'{NBSP}; '.join(words)})" if words else ""

    def _where(self, checked: CheckedClaim) -> str:
        """Say where a claim is about: « pour ce territoire », « en Occitanie »; nothing where that is not known."""
        if checked.claim.place == TERRITORY:
            return HERE
        return locate(*_kind_and_name(checked.ground)) if checked.ground else ""

    def _short_place(self, ground: Ground) -> str:
        if ground.place.level in {TERRITORY, "perimetre"} and ground.change != "zoning":
            return HERE
        return locate(*_kind_and_name(ground))

    def _communes(self, ground: Ground) -> str:
        return plural(len(ground.members or ground.place.communes), "commune")

    def _indicator(self, name: str | None) -> Indicator | None:
        return self.findings.indicators[name] if name else None


def choose_unit(unit: str, claim: ClaimTable) -> str:
    """Choose the word of the document for a unit of the catalogue, where it means the same.

    Examples
    --------
    >>> claim = ClaimTable(text="x", document="d", indicator="population", value=1, unit="habitants")
    >>> choose_unit("hab.", claim), choose_unit("m", claim)
    ('habitants', 'm')
    """
    if claim.unit not in SAME_UNITS.get(unit, ()):
        return unit
    return claim.unit if claim.unit.endswith(("s", "²")) else f"{claim.unit}s"


def word_unit(value: float, unit: str) -> str:
    """Write a unit that is a noun in the singular under two.

    Examples
    --------
    >>> word_unit(-1, "communes"), word_unit(2, "communes"), word_unit(1.5, "hab./km²")
    ('commune', 'communes', 'hab./km²')
    """
    return unit[:-1] if abs(value) < 2 and unit.isalpha() and unit.endswith("s") else unit


def _kind_and_name(ground: Ground) -> tuple[str, str]:
    return ground.place.level, ground.place.name


def _end(sentence: str) -> str:
    """End a sentence: « hab. » ends one already."""
    return sentence if sentence.endswith(".") else f"{sentence}."


def _word_chance(search: Search) -> tuple[str, ...]:
    """Warn that a loosely rounded value matches easily."""
    if not search.is_weak:
        return ()
    near, tried = format_number(search.around), format_number(search.tried)
    said = (
        f"Coïncidence possible{NBSP}: la valeur est citée avec un arrondi large, et {near} des {tried} "
        "définitions essayées tombent à moins de dix fois cet arrondi."
    )
    return (said,)
