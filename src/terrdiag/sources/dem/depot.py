"""The folder that keeps the models, while files are added to it: each is whole, or is not listed."""

import contextlib
import dataclasses
import datetime as dt
import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import tomli_w

from terrdiag.errors import TerrdiagError
from terrdiag.sources.dem.kinds import Bounds
from terrdiag.sources.dem.store import (
    LOCK,
    AskedBox,
    Listing,
    StoredFile,
    cover_box,
    is_there,
    read_listing,
)
from terrdiag.workspace import output_error
from terrdiag.workspace.locks import alone

_HEAD: Final = "# Les modèles d'altitude que « terrdiag data dem » a téléchargés : à ne pas modifier à la main.\n"


class Depot:
    """The folder that keeps the models, while files are added to it.

    Parameters
    ----------
    folder
        ``data/raw/dem``.
    today
        The day that the files bear.
    """

    def __init__(self, folder: Path, today: dt.date) -> None:
        self.folder = folder
        self.today = today

    def find(self, kind: str, address: str) -> tuple[StoredFile, ...]:
        """List the files fetched from an address that are still there."""
        return tuple(file for file in self._list(kind, address) if is_there(self.folder, file))

    def find_all(self, kind: str, address: str) -> tuple[StoredFile, ...]:
        """List the files fetched from an address, none when one of them has gone."""
        files = self._list(kind, address)
        return files if all(is_there(self.folder, file) for file in files) else ()

    def _list(self, kind: str, address: str) -> tuple[StoredFile, ...]:
        files = read_listing(self.folder).files
        return tuple(file for file in files if (file.kind, file.address) == (kind, address))

    def part(self, path: str) -> Path:
        """Give the place where a file is written before it is kept."""
        place = self.folder / f"{path}.part"
        with self._explained():
            place.parent.mkdir(parents=True, exist_ok=True)
        return place

    def describe(
        self, path: str, kind: str, address: str, bounds: Bounds, datum: str
    ) -> StoredFile:
        """Describe a file written in its :meth:`part`."""
        part = self.part(path)
        with self._explained(), part.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        size = part.stat().st_size
        return StoredFile(path, kind, address, digest, size, self.today, bounds, datum)

    def keep(self, files: Sequence[StoredFile], *, instead_of: Iterable[StoredFile] = ()) -> None:
        """Move files in, then list them all at once; what they replace is removed last.

        Parameters
        ----------
        files
            Files that are in their :meth:`part`.
        instead_of
            Files of an older edition.
        """
        olds = {one.path: one for one in instead_of}
        with self._explained():
            for file in files:
                self.part(file.path).replace(self.folder / file.path)
            paths = {file.path for file in files}
            with self._alone():
                listing = read_listing(self.folder)
                others = (
                    one
                    for one in listing.files
                    # what somebody has deleted is no longer listed either
                    if one.path not in paths | olds.keys() and is_there(self.folder, one)
                )
                self._write(dataclasses.replace(listing, files=(*others, *files)))
            for path in olds.keys() - paths:
                (self.folder / path).unlink(missing_ok=True)

    def complete(self, kind: str, bounds: Bounds, empty: Sequence[str]) -> None:
        """Say that everything a producer has of a box is there."""
        box = AskedBox(kind, bounds, self.today, tuple(empty))
        with self._explained(), self._alone():
            listing = read_listing(self.folder)
            # a box that lies in the new one says nothing more
            others = (
                one
                for one in listing.boxes
                if one.kind != kind or cover_box([bounds], one.bounds) < 1
            )
            self._write(dataclasses.replace(listing, boxes=(*others, box)))

    def _alone(self) -> contextlib.AbstractContextManager[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        return alone(self.folder / ".lock")

    def _write(self, listing: Listing) -> None:
        part = self.folder / f"{LOCK}.part"
        with part.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(_word_listing(listing))
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(self.folder / LOCK)

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except TerrdiagError:
            raise
        except OSError as error:
            raise output_error(error, self.folder) from error


def _word_listing(listing: Listing) -> str:
    """Word the list as TOML, sorted so that the same content gives the same text."""
    files = sorted(listing.files, key=lambda file: file.path)
    boxes = sorted(listing.boxes, key=lambda box: (box.kind, box.bounds))
    tables = {
        "files": [dataclasses.asdict(file) for file in files],
        "boxes": [dataclasses.asdict(box) for box in boxes],
    }
    return f"{_HEAD}\n{tomli_w.dumps(tables)}"
