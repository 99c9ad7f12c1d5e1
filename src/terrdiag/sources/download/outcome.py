"""What an update tells of each source and of each of its files."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from terrdiag.catalogue.models import Source
from terrdiag.wording import NBSP, format_number, join_words, plural

State = Literal["new", "changed", "unchanged", "kept", "failed", "absent"]
"""``kept``: it failed, the previous file stays; ``absent``: it is nowhere, and nothing was to be expected."""

_WORST_FIRST: Final[tuple[State, ...]] = ("failed", "kept", "changed", "new", "unchanged", "absent")


@dataclass(frozen=True)
class FileOutcome:
    """What became of a file.

    Attributes
    ----------
    path
        Where it lies under the raw folder.
    state
        What became of it.
    why
        In French, complete sentences (nothing when there is nothing to say).
    address
        Where it came from (nothing when it did not come).
    refused
        Whether another content was refused, that ``--accept-new`` would take.
    """

    path: str
    state: State
    why: str = ""
    address: str = ""
    refused: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of a source.

    Attributes
    ----------
    source_id, title
        The source (``inbox`` for a file put there by hand that belongs to none).
    state
        The worst of its files.
    files
        Each of them.
    why
        In French, complete sentences.
    advice
        In French, what to do (nothing when there is nothing to do).
    """

    source_id: str
    title: str
    state: State
    files: tuple[FileOutcome, ...]
    why: str = ""
    advice: str = ""


def conclude(source: Source, files: Sequence[FileOutcome]) -> Outcome:
    """Sum up what became of the files of a source."""
    if not files:
        return Outcome(source.id, source.title, "absent", (), *_word_no_file(source))
    files = _leave_out_stand_ins(source, files)
    counts = Counter(file.state for file in files)
    state: State = next((one for one in _WORST_FIRST if counts[one]), "absent")
    return Outcome(
        source.id,
        source.title,
        state,
        tuple(files),
        _explain(files, counts),
        _advise(source, files, state),
    )


def _leave_out_stand_ins(source: Source, files: Sequence[FileOutcome]) -> Sequence[FileOutcome]:
    """Leave out the files that could not be had and that others stand for: an archive, or what it holds."""
    there = {file.path for file in files if file.state not in {"absent", "failed"}}
    needless: set[str] = set()
    for one in source.every_file:
        held = set(one.stands_for)
        if one.path in there:
            needless |= held - there
        elif held and held <= there:
            needless.add(one.path)
    return [file for file in files if file.path not in needless]


def _word_no_file(source: Source) -> tuple[str, str]:
    """Say why nothing is fetched of a source, and what to do."""
    if source.feeds == "elevation":
        return (
            "Les altitudes ne sont téléchargées que pour un territoire.",
            "Lancez « terrdiag data dem TERRITOIRE ».",
        )
    return "Le registre ne dit aucun fichier à télécharger.", f"La page : {source.landing_page}"


def _explain(files: Sequence[FileOutcome], counts: Counter[State]) -> str:
    """Say how many files there are, and the first reasons."""
    if len(files) == 1:
        return files[0].why
    lacking = [file for file in files if file.state in {"failed", "kept"}]
    said = lacking or [file for file in files if file.state != "unchanged" and file.why]
    reasons = " ".join(dict.fromkeys(file.why for file in said[:2] if file.why))
    there = len(files) - counts["failed"] - counts["absent"]
    if not lacking and not counts["absent"]:
        return reasons
    named = join_words(
        [file.path for file in files if file.state in {"failed", "kept", "absent"}][:3]
    )
    rest = len(files) - there
    kept = f", dont {plural(counts['kept'], 'gardé')} d'avant" if counts["kept"] else ""
    count = f"{plural(there, 'fichier')} sur {format_number(len(files))}{kept}"
    more = " …" if rest + counts["kept"] > 3 else ""
    return f"{count}, sauf {named}{more}. {reasons}".strip()


def _advise(source: Source, files: Sequence[FileOutcome], state: State) -> str:
    """Say what a person can do."""
    if any(file.refused for file in files):
        return (
            "Si ce nouveau contenu est voulu (une nouvelle édition du producteur), relancez avec --accept-new : "
            f"il sera pris et noté dans LOCK.toml. La page du producteur : {source.landing_page}"
        )
    if state in {"failed", "kept", "absent"}:
        return (
            f"Ouvrez {source.landing_page}, téléchargez le fichier et déposez-le dans data/raw/inbox/, puis relancez "
            "« terrdiag data update »."
        )
    return ""


class Teller:
    """Tell the progress in a few words, at most four times a second.

    Parameters
    ----------
    progress
        Takes a few words.
    clock
        Reads the time, in seconds.
    """

    def __init__(self, progress: Callable[[str], None], clock: Callable[[], float]) -> None:
        self._progress = progress
        self._clock = clock
        self._last = float("-inf")
        self._title = ""

    def begin(self, title: str) -> None:
        """Tell what is under way."""
        self._title = title
        self._last = float("-inf")
        self._progress(title)

    def tell_bytes(self, done: int, total: int) -> None:
        """Tell how much came, of how much (0 when unknown)."""
        now = self._clock()
        if now - self._last < 0.25:
            return
        self._last = now
        of = f" sur {format_number(total / 1e6, 1)}" if total else ""
        self._progress(f"{self._title}{NBSP}: {format_number(done / 1e6, 1)}{of}{NBSP}Mo")
