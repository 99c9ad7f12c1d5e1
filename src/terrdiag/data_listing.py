"""What ``terrdiag data`` tells: a line a source, what the edition gains, what it lacks."""

from collections.abc import Iterable
from typing import Final

from terrdiag.edition import Edition
from terrdiag.refresh import Refresh
from terrdiag.sources.download import Outcome
from terrdiag.wording import NBSP, plural

STATES: Final = {
    "new": "nouveau",
    "changed": "changé",
    "unchanged": "inchangé",
    "kept": "échec",
    "failed": "échec",
    "absent": "absent",
}
"""State of a source → the word for it."""


USE: Final = (
    "« terrdiag diagnostic » la lit désormais dans ce dossier "
    "(« --edition embarquée » pour l'édition embarquée)."
)


def summarise_refresh(refresh: Refresh) -> str:
    """Word what a refresh has done: a line a source, then the edition and what it lacks."""
    return "\n".join(
        [*_list_outcomes(refresh.outcomes), "", *_describe(refresh.edition, is_new=refresh.is_new)]
    )


def _list_outcomes(outcomes: Iterable[Outcome]) -> list[str]:
    """Word the sources: those without a file are counted, not listed one by one."""
    lines, absent = [], []
    for one in outcomes:
        if one.state == "absent":
            absent.append(one)
            continue
        lines.append(f"{STATES[one.state]:<9} {one.source_id:<38} {one.title}")
        indent = " " * 10
        lines += [f"{indent}{text}" for text in (one.why, one.advice) if text]
    if absent:
        listed = ", ".join(one.source_id for one in absent)
        lines.append(
            f"{STATES['absent']:<9} {plural(len(absent), 'source')} dont aucun fichier n'a été trouvé{NBSP}: {listed}"
        )
    return lines


def _describe(edition: Edition, *, is_new: bool) -> list[str]:
    """Word the edition in use, and what it lacks."""
    info = edition.info
    lines = [
        f"Édition {info.id} {'construite' if is_new else 'déjà à jour'}{NBSP}: {edition.root}",
        USE,
    ]
    carried = [one for one in info.absent if one.carried]
    if carried:
        lines.append(
            f"Repris de l'édition {info.base} (rien de nouveau n'a été lu){NBSP}: "
            f"{', '.join(one.id for one in carried)}."
        )
    lacking = [one for one in info.absent if one.indicators]
    if lacking:
        lines.append("Indicateurs absents, faute de leur source :")
        lines += [f"  {one.id:<38} {', '.join(one.indicators)}" for one in lacking]
        lines.append("Adresses, et fichier à déposer à la main : « terrdiag sources show SOURCE ».")
    return lines
