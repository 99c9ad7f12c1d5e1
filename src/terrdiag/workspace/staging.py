"""Build results beside their place, then move them in, all or nothing.

A run builds ``data/processed/<id>`` and ``maps/<id>`` in two hidden folders next to them (same
disk, unique names): until the last moment nothing of what was there has changed. Then the previous
folder is renamed aside, the new one renamed in, the previous one deleted; all of it is undone if
any step fails.

A run that was killed leaves its hidden folders, and a lock file that nobody holds any more: the
next run puts back what the dead one had moved aside, and cleans up.
"""

import contextlib
import errno
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from terrdiag.errors import OutputError
from terrdiag.workspace.keep import carry_over, previous_outputs
from terrdiag.workspace.locks import acquire, alone, release
from terrdiag.workspace.refusals import HIDDEN, explained

DATA: Final = Path("data", "processed")
MAPS: Final = Path("maps")

_SWAPPING: Final = b"s"
_DONE: Final = b"d"
"""Written one after the other in the lock file of a run; it is empty as long as the run builds."""


@dataclass(frozen=True)
class Staged:
    """The folders of a run that is being built.

    Attributes
    ----------
    data_dir
        Where tables and the manifest are written for now.
    maps_dir
        Where the page and the maps are written for now.
    names
        Names of the two folders under the output folder, once in their place.
    kept
        After the move: files of the user that were in the way of new ones, under their new names.
    """

    data_dir: Path
    maps_dir: Path
    names: tuple[str, str]
    kept: list[str] = field(default_factory=list)

    def outputs(self) -> dict[str, Path]:
        """List the files written so far.

        Returns
        -------
        dict
            By name under the output folder (``maps/cchb/index.html``): where the file is for now.
        """
        folders = zip(self.names, (self.data_dir, self.maps_dir), strict=True)
        return {
            f"{name}/{path.relative_to(folder).as_posix()}": path
            for name, folder in folders
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }


@contextlib.contextmanager
def staged(out_root: Path, territory_id: str) -> Iterator[Staged]:
    """Give a run the folders it writes in, and move them to their place if it succeeds.

    Parameters
    ----------
    out_root
        Folder under which ``data/processed/<id>`` and ``maps/<id>`` are; made if need be. A link
        is followed: what it leads to receives the results, the link stays.
    territory_id
        Name of the two folders.

    Yields
    ------
    Staged
        The folders to write in. When the block ends they are moved in, with the files of the user
        that were there (see :mod:`terrdiag.workspace.keep`); when it raises, they are deleted and
        the previous results have not been touched.

    Raises
    ------
    OutputError
        Something cannot be written: what, where, what to do.
    """
    if not re.fullmatch(r"\w(?:[\w.-]*\w)?", territory_id):
        raise OutputError(
            f"« {territory_id} » ne peut pas nommer un dossier de résultats. "
            "Choisissez un identifiant fait de lettres, de chiffres et de tirets."
        )
    with explained(out_root), _parents(out_root):
        _recover(out_root)
        run = _Run.at(out_root, territory_id, secrets.token_hex(4))
        with _building(run) as lock:
            data, maps = run.places
            stage = Staged(data.staging, maps.staging, (data.name, maps.name))
            yield stage
            with alone(run.territory_lock):
                stage.kept.extend(_move_in(run, lock))


def write_text(path: Path, text: str) -> None:
    """Write a text, in UTF-8 and with the same line ends on every system."""
    path.write_bytes(text.encode())


@dataclass(frozen=True)
class _Place:
    """A folder of results: where it goes, where it is built, where the previous one waits."""

    name: str
    target: Path
    staging: Path
    old: Path


@dataclass(frozen=True)
class _Run:
    """The two places of a run, its own lock file and the one of its territory."""

    places: tuple[_Place, _Place]
    lock: Path
    territory_lock: Path

    @classmethod
    def at(cls, out_root: Path, territory_id: str, token: str) -> "_Run":
        """Name everything from what a lock file is called."""
        hidden = f".{territory_id}.{token}"

        def place(base: Path) -> _Place:
            target = Path(os.path.realpath(out_root / base / territory_id))
            return _Place(
                (base / territory_id).as_posix(),
                target,
                target.with_name(f"{hidden}.tmp"),
                target.with_name(f"{hidden}.old"),
            )

        folder = out_root / DATA
        territory_lock = folder / f".{territory_id}.commit"
        return cls((place(DATA), place(MAPS)), folder / f"{hidden}.lock", territory_lock)


@contextlib.contextmanager
def _parents(out_root: Path) -> Iterator[None]:
    """Make the folders above the results; on failure, take away those made here."""
    wanted = [out_root / DATA, out_root / MAPS]
    made = {p for folder in wanted for p in (folder, *folder.parents) if not p.exists()}
    try:
        for folder in wanted:
            folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for folder in sorted(made, reverse=True):
            with contextlib.suppress(OSError):  # another run has put something there
                folder.rmdir()
        raise


@contextlib.contextmanager
def _building(run: _Run) -> Iterator[IO[bytes]]:
    """Hold the lock of a run and its two hidden folders; leave none of them behind."""
    lock = acquire(run.lock)
    assert lock is not None  # noqa: S101  # only who does not wait is refused
    try:
        for place in run.places:
            if place.target.exists() and not place.target.is_dir():
                raise FileExistsError(errno.EEXIST, "", str(place.target))
            place.staging.mkdir(parents=True)
        yield lock
    finally:
        _clean_up(run, lock)


def _move_in(run: _Run, lock: IO[bytes]) -> list[str]:
    """Swap the new folders with the previous ones, both or neither."""
    data = run.places[0]
    ours = previous_outputs(data.target, data.name)
    kept = [
        name
        for place in run.places
        for name in carry_over(place.target, place.staging, place.name, ours)
    ]
    _write_state(lock, _SWAPPING)
    try:
        for place in run.places:
            if place.target.exists():
                shutil.copymode(place.target, place.staging)
                place.target.rename(place.old)
            place.staging.rename(place.target)
        _write_state(lock, _DONE)
    except BaseException:
        _undo(run, lock)
        raise
    return kept


def _undo(run: _Run, lock: IO[bytes]) -> None:
    """Put the previous folders back; what exists tells how far the swap had gone."""
    for place in run.places:
        if not place.staging.exists() and place.target.exists():
            place.target.rename(place.staging)
        if place.old.exists():
            place.old.rename(place.target)
    lock.truncate(0)


def _clean_up(run: _Run, lock: IO[bytes]) -> None:
    """Delete what a run leaves, unless the previous results could not be put back."""
    if _state(lock) == _SWAPPING:
        lock.close()  # the next run will try again
        return
    folders = [folder for place in run.places for folder in (place.staging, place.old)]
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    if any(folder.exists() for folder in folders):
        lock.close()  # idem: a file is open in there
    else:
        release(lock, run.lock)


def _recover(out_root: Path) -> None:
    """Put back and clean up what killed runs have left; those alive hold their lock."""
    for path in sorted((out_root / DATA).glob(".*.lock")):
        match = HIDDEN.fullmatch(path.name)
        lock = acquire(path, wait=False) if match else None
        if match and lock:
            run = _Run.at(out_root, match["id"], match["token"])
            with alone(run.territory_lock):
                if _state(lock) == _SWAPPING:
                    _undo(run, lock)
            _clean_up(run, lock)


def _state(lock: IO[bytes]) -> bytes:
    lock.seek(0)
    return lock.read()[-1:]


def _write_state(lock: IO[bytes], state: bytes) -> None:
    lock.write(state)
