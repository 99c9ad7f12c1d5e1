"""What moved when figures of one COG year are brought to another: codes changed, mergers, splits, figures lost."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from terrdiag.edition.crosswalk import bring_forward, communes_at
from terrdiag.values import MISSING
from terrdiag.wording import NBSP, join_words, plural

EXAMPLES: Final = 3
"""How many changes are named of each kind."""

Change = tuple[tuple[str, ...], tuple[str, ...]]
"""Communes of the file, communes of the edition that they lead to."""


@dataclass(frozen=True)
class Links:
    """Where the communes of a file lead.

    Attributes
    ----------
    pairs
        ``code_before, code_after``: communes of the date of the file, communes of the edition.
    orphans
        Codes of the file that lead to no commune of the edition.
    later
        Codes of the file that bear a figure and were not communes at its date.
    """

    pairs: pd.DataFrame
    orphans: frozenset[str]
    later: frozenset[str]

    @property
    def moved(self) -> pd.DataFrame:
        """The pairs whose code changes, or that belong to a merger or to a split."""
        pairs = self.pairs
        return pairs[
            (pairs["code_before"] != pairs["code_after"])
            | pairs.duplicated("code_before", keep=False)
            | pairs.duplicated("code_after", keep=False)
        ]


@dataclass(frozen=True)
class Lost:
    """Counts of a variable that could not be brought along.

    Attributes
    ----------
    variable, ref_year
        Which.
    codes
        Communes of the file whose figure is lost, wholly or for a part.
    total
        What is lost of it.
    """

    variable: str
    ref_year: int
    codes: tuple[str, ...]
    total: float


@dataclass(frozen=True)
class Moves:
    """What moved between the date of a file and the edition, for the communes that the file speaks of.

    Attributes
    ----------
    cog_year
        Of the file.
    renamed, merged, split
        Communes that changed code, became one, became several.
    left_out
        Codes that have no commune in the edition, or were not communes at the date of the file.
    lost
        Counts lost: a merger of which a part is not known, a split between communes of no known population.
    rates_lost
        Communes of the edition for which a rate or a median is not known any more.
    """

    cog_year: int
    renamed: tuple[Change, ...] = ()
    merged: tuple[Change, ...] = ()
    split: tuple[Change, ...] = ()
    left_out: tuple[str, ...] = ()
    lost: tuple[Lost, ...] = ()
    rates_lost: tuple[str, ...] = field(default=())

    @property
    def is_still(self) -> bool:
        """Whether nothing moved."""
        return not any(
            (self.renamed, self.merged, self.split, self.left_out, self.lost, self.rates_lost)
        )


def link_communes(
    figures: pd.DataFrame, cog_year: int, events: pd.DataFrame, communes: Iterable[str]
) -> Links:
    """Follow the communes of a date, those that have no figure too: a merger is known if all of its parts are.

    Parameters
    ----------
    figures
        ``code, status``.
    cog_year
        The codes are those of 1 January of that year.
    events
        Events of the edition.
    communes
        Its communes.
    """
    date = dt.date(cog_year, 1, 1)
    there = pd.Index(communes)
    existing = communes_at(date, there, events)
    pairs = bring_forward({*figures["code"], *existing}, date, events)
    known = pairs["code_after"].isin(there)
    orphans = set(pairs.loc[~known, "code_before"]) & set(figures["code"])
    # a later commune may have a row: empty, it says nothing; filled, nobody knows what it is part of
    later = set(figures.loc[figures["status"] != MISSING, "code"]) - existing - orphans
    kept = pairs[known & pairs["code_before"].isin(existing)]
    return Links(kept, frozenset(orphans), frozenset(later))


def sort_moves(links: Links, codes: Collection[str]) -> dict[str, tuple[Change, ...]]:
    """Sort the changes that bear on some codes: ``renamed``, ``merged``, ``split``.

    A commune that was split, one part of which then merged with another, is in both. The others of the merger are
    named too, as it takes all of them to know its figure.

    Examples
    --------
    >>> pairs = pd.DataFrame(
    ...     [("01002", "01001"), ("01001", "01001"), ("01004", "01009")], columns=["code_before", "code_after"]
    ... )
    >>> sort_moves(Links(pairs, frozenset(), frozenset()), {"01002", "01004"})
    {'renamed': ((('01004',), ('01009',)),), 'merged': ((('01001', '01002'), ('01001',)),), 'split': ()}
    """
    after, before = defaultdict(set), defaultdict(set)
    for old, new in links.moved[["code_before", "code_after"]].itertuples(index=False):
        after[old].add(new)
        before[new].add(old)
    wanted = set(codes)
    touched = [old for old in after if old in wanted]
    renamed = [
        ((old,), (new,))
        for old in touched
        for new in after[old]
        if len(after[old]) == 1 and len(before[new]) == 1
    ]
    merged = {
        (tuple(sorted(before[new])), (new,))
        for old in touched
        for new in after[old]
        if len(before[new]) > 1
    }
    split = [((old,), tuple(sorted(after[old]))) for old in touched if len(after[old]) > 1]
    found = {"renamed": renamed, "merged": merged, "split": split}
    return {kind: tuple(sorted(changes)) for kind, changes in found.items()}


def find_lost(
    figures: pd.DataFrame, shares: pd.DataFrame, kept: pd.DataFrame, rates: Collection[str]
) -> tuple[tuple[Lost, ...], tuple[str, ...]]:
    """Find the figures that were known, and that nothing of the result holds.

    Parameters
    ----------
    figures
        ``code, variable, ref_year, value`` of the communes that moved.
    shares
        ``code_before, code, variable, ref_year, value``: what goes of each to each commune of the edition.
    kept
        ``code, variable, ref_year, value``: the result.
    rates
        Variables that are not counts.

    Returns
    -------
    lost : tuple of Lost
        The counts, by variable and year.
    rates_lost : tuple of str
        Communes of the edition that lost a rate.
    """
    keys = ["variable", "ref_year"]
    given = figures.loc[figures["value"].notna(), ["code", *keys, "value"]]
    given = given.rename(columns={"code": "code_before", "value": "whole"})
    rows = shares.merge(given, on=["code_before", *keys])
    result = kept.loc[kept["value"].notna(), ["code", *keys]].assign(is_kept=True)
    rows = rows.merge(result, on=["code", *keys], how="left")
    rows = rows[rows["is_kept"].isna()]
    is_rate = rows["variable"].isin(list(rates))
    # shared between communes of no known population: the whole of it, divided among its parts
    parts = rows.groupby(["code_before", *keys])["code"].transform("size")
    counts = rows.assign(value=rows["value"].fillna(rows["whole"] / parts))[~is_rate]
    lost = tuple(
        Lost(
            str(variable),
            int(str(year)),
            tuple(sorted(set(part["code_before"]))),
            part["value"].sum(),
        )
        for (variable, year), part in counts.groupby(keys, sort=True)
    )
    return lost, tuple(sorted(set(rows.loc[is_rate, "code"])))


def word_moves(moves: Moves) -> tuple[str, ...]:
    """Word what moved: one sentence a kind of change, none when nothing moved.

    Examples
    --------
    >>> for text in word_moves(Moves(2018, merged=((("01002", "01012"), ("01002",)),), left_out=("01998",))):
    ...     print(text.replace(NBSP, " "))
    communes de 2018 : 2 communes fusionnées en 1 (01002 et 01012 → 01002)
    communes de 2018 : 1 code laissé de côté, sans commune de l'édition qui lui réponde (01998)
    """
    head = f"communes de {moves.cog_year}{NBSP}: "
    sentences = [
        _word_changes("{} changé de code", "a", "ont", moves.renamed),
        _word_merged(moves.merged),
        _word_split(moves.split),
        _word_codes(
            moves.left_out,
            ("code laissé", "codes laissés"),
            "de côté, sans commune de l'édition qui lui réponde",
        ),
        _word_lost(moves.lost),
        _word_codes(
            moves.rates_lost,
            ("commune", "communes"),
            "dont un taux ou une médiane n'est plus connu, après une fusion ou une séparation",
        ),
    ]
    return tuple(f"{head}{text}" for text in sentences if text)


def _word_changes(text: str, one: str, many: str, changes: tuple[Change, ...]) -> str:
    if not changes:
        return ""
    verb = text.format(one if len(changes) == 1 else many)
    return f"{plural(len(changes), 'commune')} {verb} ({_name(changes)})"


def _word_merged(changes: tuple[Change, ...]) -> str:
    if not changes:
        return ""
    before = len({code for old, _ in changes for code in old})
    return f"{plural(before, 'commune')} fusionnées en {len(changes)} ({_name(changes)})"


def _word_split(changes: tuple[Change, ...]) -> str:
    if not changes:
        return ""
    word = plural(len(changes), "commune séparée", "communes séparées")
    return f"{word}, effectifs partagés selon la population et marqués estimés ({_name(changes)})"


def _word_lost(lost: tuple[Lost, ...]) -> str:
    codes = tuple(sorted({code for one in lost for code in one.codes}))
    return _word_codes(
        codes,
        ("commune", "communes"),
        "dont un effectif est perdu, faute de connaître toutes les parties d'une fusion, ou de quoi partager "
        "une séparation",
    )


def _word_codes(codes: tuple[str, ...], words: tuple[str, str], text: str) -> str:
    if not codes:
        return ""
    if len(codes) > 1:
        text = text.replace("lui réponde", "leur réponde")
    more = ", …" if len(codes) > EXAMPLES else ""
    return f"{plural(len(codes), *words)} {text} ({', '.join(codes[:EXAMPLES])}{more})"


def _name(changes: tuple[Change, ...]) -> str:
    """Name the first changes: ``01002 et 01012 → 01002``."""
    named = [f"{join_words(before)} → {join_words(after)}" for before, after in changes[:EXAMPLES]]
    return "; ".join(named) + ("; …" if len(changes) > EXAMPLES else "")


def gather_moves(moves: Iterable[Moves]) -> tuple[str, ...]:
    """Word the moves of the files of a source, each sentence once."""
    return tuple(dict.fromkeys(text for one in moves for text in word_moves(one)))
