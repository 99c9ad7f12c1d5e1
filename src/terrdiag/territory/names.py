"""How well a name answers what somebody typed."""

import difflib
import re
import string
import unicodedata
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

SAME: Final = 0.0
SAME_BUT_ARTICLES: Final = 1.0
SAME_BUT_TYPE: Final = 2.0
"""« Haute-Bigorre » for « CC de la Haute-Bigorre »."""
BEGINS: Final = 3.0
ALL_WORDS: Final = 4.0
ALIKE: Final = 5.0
"""From 5 (identical) to 6 (nothing in common)."""
NO_MATCH: Final = 9.0

MIN_LIKENESS: Final = 0.6
PART_OF_NAME: Final = 0.05
"""A name that is like only by its first words is a little less like."""

MAX_COMPARED: Final = 60
"""How many names are compared letter by letter, after a first sort by the letters they hold."""

ARTICLES: Final = re.compile(r"(?m)(?<!\S)(?:l|le|la|les|d|de|du|des)(?: |$)")
SAINTS: Final = re.compile(r"(?<!\S)s(te?)(?= )")
TYPES: Final = re.compile(
    r"(?m)^(?:(?:cc|ca|cu|communaute (?:communes|agglomeration|urbaine)|(?:euro)?metropole|petr"
    r"|pole equilibre territorial et rural|pays|territoire industrie|ti|departement|region"
    r"|commune|ville|epci|ept) )+(?=\S)"
)
"""What a territory is, before what it is called (articles already removed)."""

SPELT_OUT: Final = {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"} | dict.fromkeys("’‘–—«»", " ")
BARE_BYTES: Final = bytes(
    ord(char.lower()) if char.isalnum() or char == "\n" else ord(" ")
    for char in map(chr, range(128))
) + bytes(128)
"""Upper case → lower, all that is not a letter, a digit or the end of a line → space."""
LETTERS: Final = 36

KIND_WORDS: Final = {
    "commune": "commune",
    "ville": "commune",
    "departement": "departement",
    "region": "region",
    "petr": "petr",
    "ti": "ti",
    "territoire": "ti",
    "epci": "epci",
    "cc": "epci",
    "ca": "epci",
    "cu": "epci",
    "communaute": "epci",
    "metropole": "epci",
}
"""First word of a query → the kind it announces."""


def rank_names(query: str, kinds: Sequence[str], names: Sequence[str]) -> NDArray[np.float64]:
    """Rank how well each name answers a query.

    Parameters
    ----------
    query
        What was typed.
    kinds, names
        The territories.

    Returns
    -------
    array
        One of the ranks of this module by name; ``NO_MATCH`` where nothing brings them together.
        Names are only said to be alike when none answers better.
    """
    asked = _Spellings([SAINTS.sub(r"sain\1", fold_names([query])[0])])
    folded, bare, core = asked.folded[0], asked.bare[0], asked.core[0]
    ranks = np.full(len(names), NO_MATCH)
    if not folded:
        return ranks
    every = fold_names(names)
    words = [f" {word}" for word in core.split()]
    # what bears none of the words needs no closer look, and that is nearly everything
    places = [place for place, name in enumerate(every) if words[0] in f" {name}"]
    known = _Spellings([every[place] for place in places])
    announced = KIND_WORDS.get(bare.split(" ")[0]) if core != bare else None
    for row, place in enumerate(places):
        name = known.core[row]
        if known.folded[row] == folded:
            ranks[place] = SAME
        elif known.bare[row] == bare:
            ranks[place] = SAME_BUT_ARTICLES
        elif name == core and announced in {None, kinds[place]}:
            ranks[place] = SAME_BUT_TYPE
        elif name.startswith(core) or known.bare[row].startswith(bare):
            ranks[place] = BEGINS
        elif all(word in f" {name}" for word in words):
            ranks[place] = ALL_WORDS
    return ranks if (ranks < NO_MATCH).any() else _rank_alike(core, _Spellings(every).core)


class _Spellings:
    """Folded names as they are compared: whole, without articles, without what they are."""

    def __init__(self, folded: Sequence[str]) -> None:
        self.folded = folded
        # a name that is only an article stays
        pairs = zip(_remove(ARTICLES, folded), folded, strict=True)
        self.bare = [bare.rstrip() or whole for bare, whole in pairs]
        self.core = _remove(TYPES, self.bare)


def fold_names(names: Sequence[str]) -> list[str]:
    """Fold many names at once, as :func:`terrdiag.wording.fold` does.

    Examples
    --------
    >>> fold_names(["Hautes-Pyrénées", "L’Œuf"])
    ['hautes pyrenees', 'l oeuf']
    """
    text = "\n".join(name.replace("\n", " ") for name in names)
    for written, read in SPELT_OUT.items():
        text = text.replace(written, read)
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore")
    lines = letters.translate(BARE_BYTES).decode("ascii").split("\n")
    return [" ".join(line.split()) for line in lines]


def _remove(pattern: re.Pattern[str], names: Sequence[str]) -> list[str]:
    return pattern.sub("", "\n".join(names)).split("\n") if names else []


def _rank_alike(asked: str, names: Sequence[str]) -> NDArray[np.float64]:
    """Rank names by likeness: the whole name, or as many of its first words as were typed."""
    count = len(asked.split())
    starts = [" ".join(name.split(" ", count)[:count]) for name in names]
    likeness = np.maximum(_liken(asked, names), _liken(asked, starts) - PART_OF_NAME)
    return np.where(likeness >= MIN_LIKENESS, ALIKE + 1 - likeness, NO_MATCH)


def _liken(asked: str, names: Sequence[str]) -> NDArray[np.float64]:
    """Compare letter by letter (0 to 1) the names that hold about the same letters."""
    wanted, letters = count_letters([asked]), count_letters(names)
    common = np.minimum(letters, wanted).sum(axis=1)
    ratio = 2 * common / np.maximum(letters.sum(axis=1) + wanted.sum(), 1)
    likeness = np.zeros(len(names))
    matcher = difflib.SequenceMatcher(b=asked, autojunk=False)
    for place in np.argsort(-ratio, kind="stable")[:MAX_COMPARED]:
        matcher.set_seq1(names[place])
        likeness[place] = matcher.ratio()
    return likeness


def count_letters(names: Sequence[str]) -> NDArray[np.int64]:
    """Count the letters and digits of folded names: a row a name, a column a character."""
    codes = np.frombuffer("\n".join(names).encode("ascii", "replace"), dtype=np.uint8)
    row = np.cumsum(codes == ord("\n"))
    column = np.full(128, LETTERS, dtype=np.int64)
    column[[ord(letter) for letter in string.ascii_lowercase + string.digits]] = range(LETTERS)
    cells = row * (LETTERS + 1) + column[codes]
    counts = np.bincount(cells, minlength=len(names) * (LETTERS + 1))
    return counts.reshape(len(names), LETTERS + 1)[:, :LETTERS]
