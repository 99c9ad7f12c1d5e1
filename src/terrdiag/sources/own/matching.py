"""The codes of a user's file matched with communes: repaired where there is no doubt, told always, never guessed."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

FIRST_YEAR: Final = 2003
"""Communes are followed from then on."""


@dataclass(frozen=True)
class Geography:
    """What is known of communes through time.

    Attributes
    ----------
    last_year
        Year of the communes of the edition.
    at
        Gives the communes of 1 January of a year.
    heirs
        Gives, of communes of 1 January of a year, those that they lead to at another.
    born
        Codes that a commune has borne since 1943, those of the edition among them.
    arrondissements
        Of Paris, Lyon and Marseille: the commune of each.
    """

    last_year: int
    at: Callable[[int], Collection[str]]
    heirs: Callable[[Collection[str], int, int], Mapping[str, Collection[str]]]
    born: frozenset[str]
    arrondissements: Mapping[str, str]


@dataclass(frozen=True)
class Matches:
    """What became of the codes of a file.

    Attributes
    ----------
    cog_year
        The communes are those of 1 January of that year.
    codes
        The code of each row as it is used; empty for a row left out.
    years
        The year each row's code is taken of: ``cog_year``, but for delegated communes that are summed.
    matched
        How many codes are those of communes, or of arrondissements.
    repaired
        Code of the file → code used, where they differ by more than spaces around it.
    spaced
        How many codes had spaces around them, or small letters.
    former
        Codes that were communes before ``cog_year`` (delegated ones, most often), left out or summed.
    arrondissements
        Codes of arrondissements.
    unmatched
        Codes that are none of these.
    fitting
        The years that fit as well, when the year was found out of the codes.
    """

    cog_year: int
    codes: tuple[str, ...]
    years: tuple[int, ...]
    matched: int
    repaired: Mapping[str, str]
    spaced: int
    former: tuple[str, ...]
    arrondissements: tuple[str, ...]
    unmatched: tuple[str, ...]
    fitting: tuple[int, ...] = field(default=())

    @property
    def total(self) -> int:
        """How many different codes the file has."""
        left_out = set(self.former) - set(self.codes)
        return self.matched + len(left_out) + len(self.unmatched)


def match_codes(
    written: pd.Series, cog_year: int | None, geography: Geography, *, sums_former: bool = False
) -> Matches:
    """Match the codes of a file with the communes of a date.

    Parameters
    ----------
    written
        The code of each row, as it is written.
    cog_year
        Year of the codes; found out of them when it is not given.
    geography
        What is known of communes.
    sums_former
        Whether a code that was a commune before that year counts for the commune that it became part of (the rows of
        its family are then read as those of the last year it was one).
    """
    cleaned = {text: _clean(text) for text in written.unique()}
    repaired = {text: repair_code(code, geography.born) for text, code in cleaned.items()}
    used = set(repaired.values()) - {""}
    if cog_year is None:
        year, fitting = guess_year(used, geography)
    else:
        year, fitting = cog_year, ()
    existing = set(geography.at(year))
    cities = used & set(geography.arrondissements)
    known = (used & existing) | cities
    former = (used - known) & geography.born
    ages = _date_families(former, year, geography) if sums_former else {}
    kept = known | set(ages)
    told = known | former
    codes = tuple(code if (code := repaired[text]) in kept else "" for text in written)
    return Matches(
        cog_year=year,
        codes=codes,
        years=tuple(ages.get(code, year) for code in codes),
        matched=len(known | (set(ages) & used)),
        repaired={
            text.strip(): code
            for text, code in sorted(repaired.items())
            if code in kept and code != cleaned[text]
        },
        spaced=sum(cleaned[text] != text and repaired[text] in kept for text in cleaned),
        former=tuple(sorted(former)),
        arrondissements=tuple(sorted(cities)),
        unmatched=tuple(sorted({text for text in cleaned if repaired[text] not in told})),
        fitting=fitting,
    )


def _clean(text: str) -> str:
    """Remove spaces of every kind, and put the letter of Corsica in capitals."""
    return "".join(text.split()).upper()


def repair_code(code: str, born: Collection[str]) -> str:
    """Give a code its lost zero, or its letter of Corsica, if that makes it the code of one commune.

    Returns
    -------
    str
        The code, repaired or not; a code that cannot be that of a commune is given back as it is.

    Examples
    --------
    >>> born = {"01004", "2A004", "2B033", "20101", "2B101"}
    >>> repair_code("1004", born), repair_code("20004", born), repair_code("20033", born)
    ('01004', '2A004', '2B033')
    >>> repair_code("65059", born), repair_code("104", born)
    ('65059', '104')
    """
    if re.fullmatch("[0-9]{4}", code) and f"0{code}" in born:
        return f"0{code}"
    if re.fullmatch("20[0-9]{3}", code):
        # the three last figures are of one commune only: half of the island has the odd ones
        found = [
            f"{letters}{code[2:]}" for letters in ("2A", "2B") if f"{letters}{code[2:]}" in born
        ]
        return found[0] if len(found) == 1 else code
    return code


def guess_year(
    codes: Collection[str], geography: Geography, since: int = FIRST_YEAR
) -> tuple[int, tuple[int, ...]]:
    """Find the year whose communes the codes are: the fewest strangers, then the fewest absent of the same families.

    Returns
    -------
    year : int
        The latest of those that fit best.
    fitting : tuple of int
        All of these, in order.
    """
    wanted = set(codes) - set(geography.arrondissements)
    now = set(geography.at(geography.last_year))
    scores: dict[int, tuple[int, int]] = {}
    # a département of which most communes are there is taken as whole: the others are absent from it
    whole = _whole_departements(wanted, now)
    for year in range(since, geography.last_year + 1):
        existing = set(geography.at(year))
        absent = sum(code[:2] in whole for code in existing - wanted)
        scores[year] = (len(wanted - existing), absent)
    best = min(scores.values())
    fitting = tuple(year for year, score in scores.items() if score == best)
    return fitting[-1], fitting


def _whole_departements(codes: Collection[str], communes: Collection[str]) -> set[str]:
    there = pd.Series([code[:2] for code in codes], dtype="object").value_counts()
    every = pd.Series([code[:2] for code in communes], dtype="object").value_counts()
    share = there.reindex(every.index).fillna(0) / every
    return set(share.index[share >= 0.9])


def _date_families(former: Collection[str], year: int, geography: Geography) -> dict[str, int]:
    """Date the families of former codes: the last year at which all those of a family were communes.

    The commune that they became part of bears the code of one of them: with the others, its row is that one's.
    """
    ages = _date_former(former, year, geography)
    heirs = {
        code: heir
        for age in set(ages.values())
        for code, found in geography.heirs([c for c in ages if ages[c] == age], age, year).items()
        for heir in found
    }
    oldest: dict[str, int] = {}
    for code, heir in heirs.items():
        oldest[heir] = min(ages[code], oldest.get(heir, year))
    return oldest | {code: oldest[heirs[code]] for code in ages}


def _date_former(former: Collection[str], year: int, geography: Geography) -> dict[str, int]:
    """Find the last year at which each former code was a commune, back to 2003."""
    found: dict[str, int] = {}
    for one in range(year - 1, FIRST_YEAR - 1, -1):
        left = set(former) - set(found)
        if not left:
            break
        found |= dict.fromkeys(left & set(geography.at(one)), one)
    return found
