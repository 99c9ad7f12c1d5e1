"""What the notice says of a perimeter of the past, and of the other dates a study names."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from terrdiag.territory.model import Changes, DatedPerimeter, Group, Move, Renumbering, format_date
from terrdiag.territory.notice import name_some, word_commune_change
from terrdiag.wording import NBSP, NNBSP, fold, join_words, plural

SEMICOLON: Final = f"{NNBSP}; "

UNDATED: Final = (
    ("ze", "zones d'emploi"),
    ("aav", "aires d'attraction"),
    ("bv", "bassins de vie"),
    ("uu", "unités urbaines"),
    ("arr", "arrondissements"),
    ("cv", "cantons"),
    ("departement", "départements"),
    ("region", "régions"),
)
"""Kinds whose members the edition only knows at its own date."""

MAX_CHANGES: Final = 8
"""Beyond this many changes of communes, they are counted."""


def name_dated(name: str, date_words: str) -> str:
    r"""Name the territory on the perimeter of another date, with plain spaces (it goes into tables).

    Examples
    --------
    >>> name_dated("CC de l'Aulne", "1er\xa0janvier\xa02017")
    "CC de l'Aulne, périmètre du 1er janvier 2017"
    """
    return f"{name}, périmètre du {date_words}".replace(NBSP, " ")


def describe_others(own: DatedPerimeter, others: Sequence[DatedPerimeter]) -> list[str]:
    """Say what the perimeter was at other dates, and which perimeter each figure is of.

    Parameters
    ----------
    own
        The perimeter of the study.
    others
        The same at other dates, with their changes.
    """
    sentences = [_describe_other(own, other) for other in others]
    different = [other for other in others if other.communes != own.communes]
    if different:
        then = join_words(f"du {format_date(other.date)}" for other in different)
        which = "celui" if len(different) == 1 else "ceux"
        sentences.append(
            f"Les chiffres du territoire, de toutes les années, sont ceux du périmètre du "
            f"{format_date(own.date)}{SEMICOLON}ils sont donnés aussi, pour toutes les années, "
            f"sur {which} {then}, parmi les comparateurs."
        )
    return sentences


def describe_undated(dated: Sequence[DatedPerimeter], cog_date: dt.date) -> list[str]:
    """Say that départements and régions are those of today, whatever the date asked for.

    Parameters
    ----------
    dated
        The perimeter of the study and the others.
    cog_date
        Date of the edition.
    """
    kinds = {part.kind for one in dated if one.date != cog_date for part in one.parts}
    names = [name for kind, name in UNDATED if kind in kinds]
    if not names:
        return []
    words, today = join_words(names), format_date(cog_date)
    head = f"{words[0].upper()}{words[1:]}{NBSP}: leur composition est celle du {today}"
    return [f"{head}, à toute date."]


def _describe_other(own: DatedPerimeter, other: DatedPerimeter) -> str:
    verb = "comptait" if other.date < own.date else "compte"
    stated = ", selon l'étude" if other.stated else ""
    count = plural(len(other.members), "commune")
    head = f"Au {format_date(other.date)}, le territoire {verb} {count}{stated}"
    if other.communes == own.communes:
        codes = [[code for code, _ in one.members] for one in (own, other)]
        same = "les mêmes" if codes[0] == codes[1] else "du même contour"
        return f"{head}, {same} qu'au {format_date(own.date)} : ses chiffres ne sont pas répétés."
    changes = other.changes
    words = describe_moves(changes) if changes else []
    return ". ".join([head, *words]) + "."


def describe_changes(changes: Changes) -> list[str]:
    """Say what differs between two dates: entries, exits, codes, communes; one sentence each.

    Parameters
    ----------
    changes
        What differs, from the earlier date to the later.
    """
    start, end = format_date(changes.start), format_date(changes.end)
    sentences = [f"{words}." for words in describe_moves(changes)]
    if not sentences:
        sentences = [f"Entre le {start} et le {end}, aucune commune n'est entrée ni sortie."]
    sentences += [_word_renumbering(one) for one in changes.renumbered]
    if changes.communes:
        sentences.append(_word_communes(changes))
    return sentences


def describe_moves(changes: Changes) -> list[str]:
    """Say which communes came in and which went out, without the final stop."""
    words = []
    for is_entry, one, many in ((True, "Entrée", "Entrées"), (False, "Sortie", "Sorties")):
        moves = [move for move in changes.moves if move.is_entry is is_entry]
        if moves:
            named = name_some(_word_moves(moves), SEMICOLON)
            head = one if len(moves) == 1 else f"{many} ({len(moves)} communes)"
            words.append(f"{head}{NBSP}: {named}")
    return words


def word_move_date(move: Move) -> str:
    """Word when a commune moved: the day stated, or that of the first list that shows it."""
    if move.source:
        return f"le {format_date(move.date)}, selon l'étude"
    return f"au {format_date(move.date)}"


def word_other(move: Move) -> str:
    """Word the EPCI that a commune came from or went to; nothing when it is not known."""
    siren, name = move.other
    return f"{name} ({siren})" if name else siren


def _word_moves(moves: Sequence[Move]) -> list[str]:
    """Word moves, those of a same day and a same EPCI together."""
    together: dict[tuple[str, str], list[str]] = {}
    for move in moves:
        together.setdefault((word_move_date(move), word_other(move)), []).append(
            f"{move.name} ({move.code})"
        )
    way = "depuis" if moves[0].is_entry else "vers"
    return [
        f"{name_some(names)}, {date}{f', {way} {other}' if other else ''}"
        for (date, other), names in together.items()
    ]


def _word_renumbering(one: Renumbering) -> str:
    before, after = one.before, one.after
    what = "SIREN" if before.kind in {"epci", "ept"} else "code"
    names = (
        after.name
        if fold(before.name) == fold(after.name)
        else f"{before.name}, devenue {after.name}"
    )
    return (
        f"{names}{NBSP}: {what} {before.code} ({_count(before)}) avant le {format_date(one.date)}, "
        f"{after.code} ({_count(after)}) depuis."
    )


def _count(group: Group) -> str:
    return plural(len(group.communes), "commune d'aujourd'hui", "communes d'aujourd'hui")


def _word_communes(changes: Changes) -> str:
    if len(changes.communes) > MAX_CHANGES:
        count = plural(len(changes.communes), "changement")
        return f"Les communes elles-mêmes ont connu {count} (fusions, séparations, noms)."
    words = [word_commune_change(change) for change in changes.communes]
    return f"Communes{NBSP}: {SEMICOLON.join(words)}."
