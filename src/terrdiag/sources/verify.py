"""Compare the official files of the raw folder with the register and with what the lock says of them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from terrdiag.catalogue import Source, SourceFile
from terrdiag.errors import SourceError
from terrdiag.sources.download.checks import check_file
from terrdiag.sources.download.lock import LockEntry
from terrdiag.sources.download.transfer import hash_file

FileState = Literal["locked", "by_hand", "absent", "faulty"]

ACCEPT_NEW: Final = (
    "Si le changement est voulu : « terrdiag data update --accept-new » ; sinon supprimez le fichier "
    "et relancez « terrdiag data update »."
)


@dataclass(frozen=True)
class Held:
    """What the raw folder holds of a file of the register.

    Attributes
    ----------
    file
        The file, as in the register.
    path
        Where it lies.
    entry
        What the lock says of it.
    size
        In bytes; nothing when it is not there.
    """

    file: SourceFile
    path: Path
    entry: LockEntry | None
    size: int | None

    @property
    def is_there(self) -> bool:
        """Whether the file lies in the raw folder."""
        return self.size is not None


@dataclass(frozen=True)
class Verdict:
    """What was found of a file.

    Attributes
    ----------
    held
        The file.
    state
        ``locked``: as the lock says; ``by_hand``: good, and not in the lock; ``absent``; ``faulty``.
    why
        Of a faulty file: a complete sentence, with what to do.
    """

    held: Held
    state: FileState
    why: str = ""


def find_held(source: Source, raw: Path, lock: Mapping[str, LockEntry]) -> tuple[Held, ...]:
    """Find the files of a source in the raw folder, families expanded.

    Parameters
    ----------
    source
        A source of the register.
    raw
        Folder of the official files.
    lock
        Entries of the lock, by path.
    """
    held = []
    for file in source.every_file:
        path = raw / file.path
        size = path.stat().st_size if path.is_file() else None
        held.append(Held(file, path, lock.get(file.path), size))
    return tuple(held)


def last_retrieved(held: tuple[Held, ...]) -> dt.date | None:
    """Give the latest day on which one of these files, still there, was retrieved (none without a lock)."""
    days = [one.entry.retrieved for one in held if one.entry and one.is_there]
    return max(days, default=None)


def verify_file(held: Held) -> Verdict:
    """Compare a file with its digest in the lock, with the one of the register, and with what it must hold."""
    if not held.is_there:
        if held.entry is None:
            return Verdict(held, "absent")
        why = f"{held.path} n'est plus là, alors que LOCK.toml le connaît. Relancez « terrdiag data update »."
        return Verdict(held, "faulty", why)
    found = hash_file(held.path)
    for origin, expected in (
        ("LOCK.toml", held.entry.sha256 if held.entry else ""),
        ("le registre des sources", held.file.sha256),
    ):
        if expected and expected != found:
            why = f"{held.path} n'est pas le fichier que dit {origin} (sha256 {expected} attendu, {found} trouvé)."
            return Verdict(held, "faulty", f"{why} {ACCEPT_NEW}")
    try:
        check_file(held.path, held.file)
    except SourceError as error:
        return Verdict(held, "faulty", str(error))
    return Verdict(held, "locked" if held.entry else "by_hand")
