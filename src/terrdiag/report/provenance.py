"""Sources and limits: where each figure comes from, and what is missing."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from terrdiag.catalogue.licences import word_licence
from terrdiag.edition.schema import EditionInfo, SourceRecord
from terrdiag.report.comparison import TERRITORY_LEVEL, Figures, compare
from terrdiag.territory.model import format_date
from terrdiag.values import MISSING, NOT_APPLICABLE, SECRET, STATUS_WORDS, TOO_SMALL
from terrdiag.wording import NBSP, join_words, plural

_ALWAYS_USED: Final = ("insee-cog", "dgcl-", "etalab-")
"""Sources of the list of communes, of their groups and of their outlines: every page rests on them."""

_USED_BY_KIND: Final = {
    "ti": ("anct-territoires-industrie",),
    "ti2023": ("anct-territoires-industrie-2023",),
    "petr": ("anct-petr-2018", "interieur-banatic"),
    **dict.fromkeys(("ze", "aav", "bv", "uu", "arr", "cv"), ("insee-table-appartenance-2026",)),
}
"""Sources of the members of a group, by its kind."""


@dataclass(frozen=True)
class SourceRow:
    """A source as the page tells it."""

    producer: str
    title: str
    vintage: str
    geography: str
    licence: str
    licence_url: str
    landing_page: str
    retrieved: str
    attribution: str
    note: str


def list_sources(
    edition: EditionInfo, values: pd.DataFrame, kinds: Collection[str], cited: Collection[str] = ()
) -> tuple[tuple[SourceRow, ...], tuple[SourceRow, ...]]:
    """List the sources of a page, and the other sources of the edition.

    Parameters
    ----------
    edition
        The edition.
    values
        The table of values: its ``source_id`` says what is used (identifiers joined by « + »).
    kinds
        Kinds of the groups named on the page (``ti``, ``petr``…).
    cited
        Identifiers of sources that blocks of the page name.

    Returns
    -------
    tuple
        The sources used, and the others.
    """
    joined = (*values["source_id"].dropna().unique(), *cited)
    named = {part for ids in joined for part in str(ids).split("+")}
    named |= {source for kind in kinds for source in _USED_BY_KIND.get(kind, ())}
    used: list[SourceRow] = []
    others: list[SourceRow] = []
    for source in edition.sources:
        is_used = source.id in named or source.id.startswith(_ALWAYS_USED)
        (used if is_used else others).append(_source_row(source, edition.built_at))
    return tuple(used), tuple(others)


def list_gaps(figures: Figures, communes: pd.DataFrame) -> tuple[str, ...]:
    """Say what is missing: indicators without a figure, communes whose figure is not given, and why.

    Parameters
    ----------
    figures
        The territory and its comparators.
    communes
        Rows of the table of values at level ``commune``, territory only.

    Returns
    -------
    tuple of str
        French sentences.
    """
    sentences = []
    unknown = [
        indicator.short_fr
        for name, indicator in figures.indicators.items()
        if indicator.kind != "analysis"  # the analyses say themselves what they lack
        and TERRITORY_LEVEL in indicator.levels
        and compare(figures, name) is None
    ]
    if unknown:
        sentences.append(
            f"Sans valeur pour l'ensemble du territoire dans cette édition{NBSP}: {join_words(unknown)}."
        )
    return (*sentences, *_gaps_of_communes(figures, communes))


def list_lacks(edition: EditionInfo, labels: Mapping[str, str]) -> tuple[str, ...]:
    """Say which indicators a local edition lacks, for want of which sources.

    Parameters
    ----------
    edition
        The edition.
    labels
        Short labels of the indicators, by identifier.

    Returns
    -------
    tuple of str
        A sentence a source; nothing for the embedded edition, which lacks none of its sources.
    """
    return tuple(
        f"Pas dans cette édition, faute de la source « {one.title} »{NBSP}: "
        f"{join_words(_word_lacking(name, labels) for name in one.indicators)} (« terrdiag sources show {one.id} »)."
        for one in edition.absent
        if one.indicators
    )


def _word_lacking(name: str, labels: Mapping[str, str]) -> str:
    """Word an indicator that lacks, by commune only or everywhere."""
    identifier, space, where = name.partition(" ")
    return f"{labels.get(identifier, identifier)}{space}{where}"


def _gaps_of_communes(figures: Figures, communes: pd.DataFrame) -> Iterable[str]:
    """Count the communes without a value at the reference year; indicators with the same gaps share a sentence."""
    total = communes["code"].nunique()
    counts = (
        communes.groupby(["indicator", "ref_year", "status"], observed=True)["code"]
        .nunique()
        .to_dict()
    )
    latest = (
        communes[communes["value"].notna()]
        .groupby("indicator", observed=True)["ref_year"]
        .max()
        .to_dict()
    )
    labels: dict[tuple[str, str], list[str]] = {}
    for name, indicator in figures.indicators.items():
        comparison = compare(figures, name)
        year = comparison.year if comparison else latest.get(name)
        if year is None:
            continue
        parts = [
            f"{STATUS_WORDS[status]} pour {plural(count, 'commune')}"
            for status in (MISSING, SECRET, TOO_SMALL, NOT_APPLICABLE)
            if (count := counts.get((name, year, status), 0))
        ]
        if parts:
            key = (figures.year_label(indicator, int(year)), join_words(parts))
            labels.setdefault(key, []).append(indicator.short_fr)
    for (year_label, said), names in labels.items():
        yield f"{', '.join(names)} ({year_label}){NBSP}: {said} sur {total}."


def _source_row(source: SourceRecord, built_at: dt.date) -> SourceRow:
    return SourceRow(
        source.producer,
        source.title,
        source.vintage,
        format_date(dt.date(source.cog_year, 1, 1)),
        word_licence(source.licence),
        _link(source.licence_url),
        _link(source.landing_page),
        _word_day(source, built_at),
        source.attribution,
        source.note,
    )


def _word_day(source: SourceRecord, built_at: dt.date) -> str:
    """Say when a source was obtained; one put by hand bears no date of download: the day it was read is known."""
    if source.retrieved:
        return f"obtenu le {format_date(source.retrieved)}"
    if source.carried_from:
        return f"repris de l'édition {source.carried_from} : rien de nouveau n'a été lu"
    return f"lu le {format_date(built_at)}"


def _link(address: str) -> str:
    """Keep an address a person can open; anything but a web address is dropped."""
    return address if address.startswith(("https://", "http://")) else ""
