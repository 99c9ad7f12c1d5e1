"""The raw folder: what lies in it, what the lock says of it, and how a file takes its place."""

import datetime as dt
import gzip
import os
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from terrdiag.catalogue.models import SourceFile
from terrdiag.errors import ChecksumMismatchError, SourceFormatError
from terrdiag.sources.content import read_head
from terrdiag.sources.download.checks import check_ending, check_file
from terrdiag.sources.download.lock import (
    HIDDEN,
    LockEntry,
    clear_journal,
    heal_lock,
    write_journal,
    write_lock,
)
from terrdiag.sources.download.outcome import State
from terrdiag.sources.download.transfer import hash_file

ASIDE: Final = ".ecartes"
"""Folder, under the raw one, of files that are no longer used and that nobody but their owner may delete."""

IN_PLACE: Final = "sur place"
"""Address of a file that was put in its place by hand."""


@dataclass(frozen=True)
class Present:
    """What lies in the place of a file.

    Attributes
    ----------
    entry
        What the lock says of it.
    sha256
        Of what lies there (nothing when nothing does).
    moved_aside
        Where a file that was not the one of the lock has been put.
    """

    entry: LockEntry | None
    sha256: str
    moved_aside: Path | None = None

    @property
    def is_locked(self) -> bool:
        """Whether the file is there, and is the one of the lock."""
        return self.entry is not None and self.sha256 == self.entry.sha256


@dataclass(frozen=True)
class Arrival:
    """A file that has come and is to take its place.

    Attributes
    ----------
    part
        Where it is for now.
    address
        Where it comes from.
    etag, last_modified
        What the server said of it.
    proven
        Whether it is known to be whole.
    content_type
        What the server says that it is: named when it is not what it must be, never trusted.
    """

    part: Path
    address: str
    etag: str = ""
    last_modified: str = ""
    proven: bool = True
    content_type: str = ""


class Store:
    """The raw folder during an update.

    Parameters
    ----------
    raw
        The folder.
    accept_new
        Whether another content than the recorded one is taken.
    today
        The date recorded.
    """

    def __init__(self, raw: Path, *, accept_new: bool, today: dt.date) -> None:
        self.raw = raw
        self._accept_new = accept_new
        self._today = today
        self._entries = heal_lock(raw)

    def save(self) -> None:
        """Write the lock."""
        write_lock(self.raw, self._entries)

    def part_of(self, file: SourceFile) -> Path:
        """Name the part of a file, on the disk of the raw folder and out of the sight of readers."""
        return self.raw / HIDDEN / f"{file.path}.part"

    def look(self, file: SourceFile) -> Present:
        """Look at what lies in the place of a file; what was edited by hand is moved aside, never used."""
        entry = self._entries.get(file.path)
        path = self.raw / file.path
        if not path.is_file():
            return Present(entry, "")
        found = hash_file(path)
        if entry is None or found == entry.sha256:
            return Present(entry, found)
        return Present(entry, "", self._move_aside(path, found))

    def adopt(self, file: SourceFile, source_id: str, present: Present) -> None:
        """Record a file that was put in its place by hand.

        Raises
        ------
        SourceFormatError
            It is not the one that the register describes.
        ChecksumMismatchError
            The register says another digest.
        """
        path = self.raw / file.path
        check_file(path, file)
        self._check_pinned(file, present, Arrival(path, IN_PLACE), present.sha256)
        arrival = Arrival(path, IN_PLACE)
        self._entries[file.path] = self._entry(file, source_id, arrival, present.sha256)
        self.save()

    def confirm(self, file: SourceFile, address: str, etag: str, last_modified: str) -> None:
        """Record that a file is still the one of its origin; the lock is written at the end of the source."""
        entry = self._entries[file.path]
        self._entries[file.path] = replace(
            entry,
            address=address,
            etag=etag or entry.etag,
            last_modified=last_modified or entry.last_modified,
            checked=self._today,
        )

    def take(self, file: SourceFile, source_id: str, present: Present, arrival: Arrival) -> State:
        """Check a file that has come, and move it in.

        Parameters
        ----------
        file
            What it must be.
        source_id
            The source it belongs to.
        present
            What lies in its place.
        arrival
            The file; deleted if it is refused.

        Returns
        -------
        str
            ``new``, ``changed`` or ``unchanged``.

        Raises
        ------
        SourceFormatError
            It is not the file that the register describes.
        ChecksumMismatchError
            Its content is not the one that is recorded.
        """
        try:
            _check_arrival(arrival, file)
            found = hash_file(arrival.part)
            if present.is_locked and found == present.sha256:
                arrival.part.unlink()
                self._refresh(file, arrival)
                return "unchanged"
            self._check_pinned(file, present, arrival, found)
        except (SourceFormatError, ChecksumMismatchError):
            arrival.part.unlink(missing_ok=True)
            raise
        self._move_in(file, present, arrival, self._entry(file, source_id, arrival, found))
        return "changed" if present.sha256 or present.moved_aside else "new"

    def _refresh(self, file: SourceFile, arrival: Arrival) -> None:
        entry = self._entries[file.path]
        self._entries[file.path] = replace(
            entry,
            address=arrival.address,
            etag=arrival.etag,
            last_modified=arrival.last_modified,
            checked=self._today,
        )

    def _check_pinned(
        self, file: SourceFile, present: Present, arrival: Arrival, found: str
    ) -> None:
        """Refuse another content than the recorded one: the figures of a study would change in silence."""
        pinned = present.entry.sha256 if present.entry else file.sha256
        if not pinned or found == pinned or self._accept_new:
            return
        where = "LOCK.toml" if present.entry else "le registre des sources"
        raise ChecksumMismatchError(
            f"{arrival.address} : le contenu de {file.path} a changé. Empreinte sha256 attendue ({where}) : {pinned} ; "
            f"reçue : {found}. Le nouveau contenu n'est pas pris sans --accept-new."
        )

    def _move_in(
        self, file: SourceFile, present: Present, arrival: Arrival, entry: LockEntry
    ) -> None:
        """Move a file in and record it: a run killed in between is healed by the journal."""
        path = self.raw / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        if present.sha256 and present.entry is None and entry.sha256 != present.sha256:
            self._move_aside(path, present.sha256)
        write_journal(self.raw, entry)
        arrival.part.replace(path)
        self._entries[file.path] = entry
        self.save()
        clear_journal(self.raw)

    def _entry(self, file: SourceFile, source_id: str, arrival: Arrival, sha256: str) -> LockEntry:
        return LockEntry(
            path=file.path,
            address=arrival.address,
            sha256=sha256,
            size=arrival.part.stat().st_size,
            etag=arrival.etag,
            last_modified=arrival.last_modified,
            retrieved=self._today,
            checked=self._today,
            source_id=source_id,
        )

    def _move_aside(self, path: Path, sha256: str) -> Path:
        inside = path.relative_to(self.raw)
        aside = self.raw / ASIDE / inside.with_name(f"{sha256[:8]}-{inside.name}")
        aside.parent.mkdir(parents=True, exist_ok=True)
        path.replace(aside)
        return aside


def bring_copy(origin: Path, part: Path, file: SourceFile) -> None:
    """Copy a file of this machine to the part of a file, within its bound.

    Raises
    ------
    SourceFormatError
        It is empty, a web page, or too big.
    """
    read_head(origin)
    if origin.stat().st_size > file.max_megabytes * 1e6:
        raise SourceFormatError(
            f"{origin} : plus de {file.max_megabytes} Mo, la taille admise pour ce fichier. "
            "Ce n'est pas le fichier attendu."
        )
    part.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(origin, part)


def _check_arrival(arrival: Arrival, file: SourceFile) -> None:
    """Check what a file holds, whatever type its server announces: a refusal says which one."""
    try:
        _compress(arrival.part, file)
        check_file(arrival.part, file)
        if not arrival.proven:
            check_ending(arrival.part, file)
    except SourceFormatError as error:
        if not arrival.content_type:
            raise
        raise SourceFormatError(
            f"{error} Type annoncé par le serveur : « {arrival.content_type} »."
        ) from error


def _compress(part: Path, file: SourceFile) -> None:
    """Compress what came plain for a ``.gz`` file, to the same bytes each time."""
    if not file.path.endswith(".gz") or read_head(part).startswith(b"\x1f\x8b"):
        return
    compressed = part.with_name(f"{part.name}.gz")
    with part.open("rb") as source, compressed.open("wb") as target:
        # neither a name nor a date in the header
        with gzip.GzipFile("", "wb", 6, target, mtime=0) as stream:
            shutil.copyfileobj(source, stream)
        target.flush()
        os.fsync(target.fileno())
    compressed.replace(part)
