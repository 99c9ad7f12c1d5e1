"""The perimeter notice: what the territory holds and what has changed, in French sentences."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

import pandas as pd

from terrdiag.edition import Edition
from terrdiag.territory.history import EpciChange, History
from terrdiag.territory.model import (
    KIND_LABELS,
    MAX_DEPARTEMENTS,
    CommuneChange,
    Group,
    format_date,
    scope_of,
)
from terrdiag.wording import NBSP, NNBSP, fold, format_number, format_value, join_words, plural

SEMICOLON: Final = f"{NNBSP}; "

MAX_NAMED: Final = 12
"""Beyond this many things, a sentence counts them instead of naming each."""

MAX_CHANGES: Final = 8
"""Beyond this many changes, they are counted."""

EPCI_SOURCE: Final = "dgcl-epcicom"


def describe_communes(communes: pd.DataFrame, cog_date: dt.date) -> str:
    """Say how many communes, on how many km²."""
    area = format_value(float(communes["area_km2"].sum()), "km²", 1)
    return f"{plural(len(communes), 'commune')} au {format_date(cog_date)}, sur {area}."


def describe_date(parts: Sequence[Group], date: dt.date, cog_date: dt.date) -> list[str]:
    """Say at which date the perimeter was taken, when it is not the edition's."""
    if date == cog_date:
        return []
    names = name_some([group.name for group in parts])
    then, now = format_date(date), format_date(cog_date)
    return [f"Périmètre du {then} ({names}), porté aux communes du {now}."]


def describe_whole_epci(epci: Sequence[Group], communes: Sequence[str]) -> list[str]:
    """Say which EPCI lie wholly in the territory."""
    whole = [group for group in epci if set(group.communes) <= set(communes)]
    if not whole:
        return []
    names = name_some([f"{group.name} ({group.code})" for group in whole])
    return [f"{plural(len(whole), 'EPCI entier', 'EPCI entiers')}{NBSP}: {names}."]


def describe_partial_epci(epci: Sequence[Group], communes: Sequence[str]) -> list[str]:
    """Say which EPCI lie partly in the territory, and how much of them."""
    inside = set(communes)
    partial = [group for group in epci if not set(group.communes) <= inside]
    if not partial:
        return []
    if len(inside) == 1:
        (group,) = partial
        count = plural(len(group.communes), "commune")
        return [f"EPCI{NBSP}: {group.name} ({group.code}), {count} dont celle-ci."]
    names = name_some([_word_part(group, inside) for group in partial], SEMICOLON)
    return [f"{plural(len(partial), 'EPCI', 'EPCI')} en partie{NBSP}: {names}."]


def describe_upper(
    departements: Sequence[Group], regions: Sequence[Group], communes: Sequence[str]
) -> str:
    """Say which départements and régions are touched, with the number of communes in each."""
    inside = set(communes)
    words = []
    for groups, label in ((departements, "département"), (regions, "région")):
        names = [f"{group.name} ({group.code})" for group in groups]
        if len(groups) > 1:
            counts = [len(inside.intersection(group.communes)) for group in groups]
            names = [f"{n}, {plural(c, 'commune')}" for n, c in zip(names, counts, strict=True)]
        count = "" if len(groups) == 1 else f"{len(groups)}{NBSP}"
        plural_mark = "" if len(groups) == 1 else "s"
        words.append(f"{count}{label}{plural_mark}{NBSP}: {name_some(names, SEMICOLON)}")
    text = ". ".join(word[0].upper() + word[1:] for word in words)
    return f"{text}."


def describe_islands(names: Sequence[str]) -> list[str]:
    """Say which communes are in no EPCI."""
    if not names:
        return []
    verb = "n'appartient" if len(names) == 1 else "n'appartiennent"
    return [f"{name_some(names)} {verb} à aucun EPCI à fiscalité propre (île)."]


def describe_history(history: History, names: "pd.Series[str]") -> list[str]:
    """Say what has changed in the EPCI touched and in the communes since the first list known.

    Parameters
    ----------
    history
        The changes.
    names
        Name of each commune of the edition.
    """
    if history.since is None:
        return []
    since = f"Depuis le {format_date(history.since)}"
    if not history.epci and not history.communes:
        return [f"{since}, ni les EPCI ni les communes n'ont changé."]
    return [
        *_word_epci_changes(history.epci, names, since),
        *_word_commune_changes(history.communes, since),
    ]


def describe_sources(edition: Edition, parts: Sequence[Group], communes: pd.DataFrame) -> list[str]:
    """Say of which date are the memberships and the outlines.

    Parameters
    ----------
    edition
        The edition.
    parts
        What the territory is made of.
    communes
        Communes of the territory, with ``contour_year``.
    """
    scopes = sorted({(part.kind, scope) for part in parts if (scope := scope_of(part))})
    labels = [(KIND_LABELS[kind], scope) for kind, scope in scopes]
    sentences = [f"{label[0].upper()}{label[1:]}{NBSP}: {scope}." for label, scope in labels]
    source = edition.sources.get(EPCI_SOURCE)
    if source and source.cog_year < edition.info.cog_year:
        published = format_date(dt.date(source.cog_year, 1, 1))
        sentences.append(
            f"Composition des EPCI{NBSP}: {source.producer}, {published}, "
            f"portée aux communes du {format_date(edition.date)}."
        )
    older = communes[communes["contour_year"] < edition.info.cog_year]
    if not older.empty:
        years = join_words(str(year) for year in sorted(older["contour_year"].unique()))
        which = (
            "Les contours"
            if len(older) == len(communes)
            else f"Les contours de {plural(len(older), 'commune')}"
        )
        sentences.append(
            f"{which} sont du millésime {years}, moins détaillé, portés aux communes actuelles."
        )
    return sentences


def describe_comparison(departements: Sequence[Group], communes: Sequence[str]) -> list[str]:
    """Say that départements are not compared one by one when there are too many."""
    around = [group for group in departements if not set(group.communes) <= set(communes)]
    if len(around) <= MAX_DEPARTEMENTS:
        return []
    count = f"Le territoire touche {len(around)} départements"
    return [f"{count}{NBSP}: il est comparé aux régions et à la France, pas à chacun d'eux."]


def _word_epci_changes(
    changes: Sequence[EpciChange], names: "pd.Series[str]", since: str
) -> list[str]:
    if len(changes) <= MAX_CHANGES:
        return [_word_epci_change(change, names) for change in changes]
    new = {change.code for change in changes if not change.before}
    moved = {change.code for change in changes} - new
    parts = [
        f"{plural(count, 'EPCI a', 'EPCI ont')} {what}"
        for count, what in (
            (len(moved), "changé de périmètre"),
            (len(new), "été créés ou changé de SIREN"),
        )
        if count
    ]
    return [f"{since}, {join_words(parts)}."]


def _word_epci_change(change: EpciChange, names: "pd.Series[str]") -> str:
    year = change.date.year
    if change.origins:
        return _word_new_epci(change)
    counts = f"{plural(change.before, 'commune')} jusqu'en {year - 1}, {change.after} depuis {year}"
    words = [f"{change.name}{NBSP}: {counts}"]
    for codes, what in ((change.entered, "entrée"), (change.left, "sortie")):
        if codes:
            words.append(
                f"{what}{NBSP}: {name_some([f'{names[code]} ({code})' for code in codes])}"
            )
    return f"{words[0]} ({SEMICOLON.join(words[1:])})."


def _word_new_epci(change: EpciChange) -> str:
    """Word a new identifier: the same EPCI renumbered, or one made of others."""
    year, (code, name, count) = change.date.year, change.origins[0]
    now = f"{change.code} ({plural(change.after, 'commune')}) depuis {year}"
    others = [f"{other} ({plural(n, 'commune')})" for _, other, n in change.origins[1:]]
    if fold(name) == fold(change.name):
        joined = f"{SEMICOLON}s'y ajoute {name_some(others)}" if others else ""
        was = f"{code} ({plural(count, 'commune')}) jusqu'en {year - 1}"
        return f"{change.name}{NBSP}: SIREN {was}, {now}{joined}."
    origins = [f"{name} ({plural(count, 'commune')})", *others]
    return f"{change.name}{NBSP}: SIREN {now}{SEMICOLON}auparavant {name_some(origins)}."


COMMUNE_WORDS: Final = {
    "merger": ("{before} fusionnent en {after}", "fusion", "fusions"),
    "split": ("{before} se sépare en {after}", "séparation", "séparations"),
    "rename": ("{before} devient {after}", "changement de nom", "changements de nom"),
    "recode": ("{before} devient {after}", "changement de code", "changements de code"),
}
"""A change of communes in a sentence, and how to count several."""


def _word_commune_changes(changes: Sequence[CommuneChange], since: str) -> list[str]:
    if not changes:
        return []
    if len(changes) <= MAX_CHANGES:
        words = [word_commune_change(change) for change in changes]
        return [f"{since}, pour les communes{NBSP}: {SEMICOLON.join(words)}."]
    counts = [
        plural(sum(change.what == what for change in changes), one, many)
        for what, (_, one, many) in COMMUNE_WORDS.items()
        if any(change.what == what for change in changes)
    ]
    return [f"{since}, les communes ont connu {join_words(counts)}."]


def word_commune_change(change: CommuneChange) -> str:
    """Word what happened to communes, with its date."""
    with_code = change.what != "rename"
    sides = [
        name_some([f"{name} ({code})" if with_code else name for code, name in side.items()])
        for side in (change.before, change.after)
    ]
    sentence = COMMUNE_WORDS[change.what][0].format(before=sides[0], after=sides[1])
    return f"{sentence} ({format_date(change.date)})"


def _word_part(group: Group, inside: set[str]) -> str:
    count = plural(len(inside.intersection(group.communes)), "commune")
    return f"{group.name} ({group.code}), {count} sur {format_number(len(group.communes))}"


def name_some(words: Sequence[str], separator: str = ", ") -> str:
    """Name things, the first ones only when there are many."""
    if len(words) > MAX_NAMED:
        shown = separator.join(words[: MAX_NAMED - 2])
        return f"{shown} et {len(words) - MAX_NAMED + 2} autres"
    return join_words(words) if separator == ", " else separator.join(words)
