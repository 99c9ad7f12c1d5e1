"""How well the name of a zone answers a query: zones bear the names of towns, and step aside for them.

« Tarbes » is the commune; « zone d'emploi de Tarbes », « bassin de vie de Tarbes » are the zones.
"""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from terrdiag.study.codes import Kind
from terrdiag.territory.names import (
    ALL_WORDS,
    ARTICLES,
    BEGINS,
    KIND_WORDS,
    NO_MATCH,
    SAINTS,
    SAME,
    fold_names,
)

STEP_ASIDE: Final = 0.5
"""What a zone that was not asked for by its kind comes after, in ranks."""

SAME_ZONE: Final = 2.5
"""The very name of a zone whose kind was not said: after every other territory of that name."""

WORDS: Final[dict[Kind, str]] = {
    "ti2023": r"ti ?2023(?: 2027)?|territoires? industrie 2023(?: 2027)?",
    "ze": r"zones? emploi|ze",
    "aav": r"aires? attraction(?: villes?)?|aav",
    "bv": r"bassins? vie|bv",
    "uu": r"unites? urbaines?|uu",
    "arr": r"arrondissements?",
    "cv": r"cantons?",
}
"""What a zone of each kind is called, without articles: in a query, and before its name."""

PROGRAMME: Final = re.compile(r"(?:ti|territoires? industrie) (?=\S)")
"""A Territoire d'industrie of no said generation."""

GENERATION: Final = re.compile(r" 2023 2027$")


def announce(query: str) -> tuple[Kind | None, str]:
    """Split a query into the kind of zone that it announces, and a name (folded, without articles).

    Examples
    --------
    >>> announce("Zone d'emploi d'Auch"), announce("bassin de vie du Puy"), announce("Tarbes")
    (('ze', 'auch'), ('bv', 'puy'), (None, 'tarbes'))
    """
    bare = _strip(SAINTS.sub(r"sain\1", fold_names([query])[0]))
    for kind, words in WORDS.items():
        if found := re.match(rf"(?:{words})(?: |$)", bare):
            return kind, bare[found.end() :]
    return None, bare


def rank_zones(query: str, kinds: Sequence[str], names: Sequence[str]) -> NDArray[np.float64]:
    """Rank how well each zone answers a query.

    Parameters
    ----------
    query
        What was typed.
    kinds, names
        The zones: « Zone d'emploi d'Auch ».

    Returns
    -------
    array
        One of the ranks of :mod:`terrdiag.territory.names` by zone when the query announces its kind; half a rank
        more when it announces none, ``NO_MATCH`` when it announces another.
    """
    ranks = np.full(len(names), NO_MATCH)
    kind, asked = announce(query)
    own, is_said = kind, kind is not None
    if kind is None and (programme := PROGRAMME.match(asked)):
        # a generation that is not said is the first; the other answers when the first does not
        own, asked = "ti2023", asked[programme.end() :]
    elif kind is None and asked.partition(" ")[0] in KIND_WORDS and " " in asked:
        return ranks
    words = [f" {word}" for word in asked.split()]
    if not words or not names:
        return ranks
    for place, (found, name) in enumerate(zip(kinds, fold_names(names), strict=True)):
        if own in {None, found}:
            rank = _rank(asked, words, _core(found, name))
            ranks[place] = rank if is_said else max(rank + STEP_ASIDE, SAME_ZONE)
    return ranks.clip(max=NO_MATCH)


def _rank(asked: str, words: Sequence[str], core: str) -> float:
    if core == asked:
        return SAME
    if core.startswith(asked):
        return BEGINS
    return ALL_WORDS if all(word in f" {core}" for word in words) else NO_MATCH


def _core(kind: str, name: str) -> str:
    """Give the folded name of a zone without what it is."""
    words = next(text for known, text in WORDS.items() if known == kind)
    return re.sub(rf"^(?:{words}) ", "", GENERATION.sub("", _strip(name)))


def _strip(folded: str) -> str:
    return ARTICLES.sub("", folded).rstrip() or folded
