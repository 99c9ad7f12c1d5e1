"""What ``data/raw/dem`` keeps, and what it covers: written file after file, read by every diagnostic.

``LOCK.toml`` lists the files (address, digest, size, day, box) and the boxes that were asked for in full. A box is what
makes a model usable: within it, whatever the producer has is there, and what lacks is sea or abroad. A file that is
not listed, or that has another size, does not exist.
"""

import datetime as dt
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

import shapely

from terrdiag.errors import SourceFormatError
from terrdiag.sources.dem.kinds import KINDS, Bounds, Kind

LOCK: Final = "LOCK.toml"

COVERED: Final = 0.999
"""Share of a box from which it is covered: boxes are written with as many digits as they are read with."""


@dataclass(frozen=True)
class StoredFile:
    """A file of elevation as it was fetched.

    Attributes
    ----------
    path
        Where it lies, from the folder (``glo30/….tif``).
    kind
        Identifier of its kind.
    address
        Where it was fetched: a tile, an archive, a service.
    sha256, size
        Of the file that is kept.
    retrieved
        The day it was fetched.
    bounds
        Its box.
    datum
        Reference of its altitudes.
    """

    path: str
    kind: str
    address: str
    sha256: str
    size: int
    retrieved: dt.date
    bounds: Bounds
    datum: str = ""


@dataclass(frozen=True)
class AskedBox:
    """A box of which everything that a producer has was fetched.

    Attributes
    ----------
    kind
        Identifier of the kind.
    bounds
        The box.
    retrieved
        The day it was completed.
    empty
        Tiles that the producer does not have there (sea).
    """

    kind: str
    bounds: Bounds
    retrieved: dt.date
    empty: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stored:
    """The files to use for a box.

    Attributes
    ----------
    kind
        What they are.
    files
        In the order in which they win where they overlap: the last fetched first.
    folder
        What their paths start from.
    """

    kind: Kind
    files: tuple[StoredFile, ...]
    folder: Path

    @property
    def paths(self) -> tuple[Path, ...]:
        """Where the files are."""
        return tuple(self.folder / file.path for file in self.files)

    @property
    def datum(self) -> str:
        """Reference of the altitudes, in words."""
        return " ; ".join(sorted({file.datum for file in self.files} - {""}))

    @property
    def retrieved(self) -> dt.date:
        """The day of the oldest of the files."""
        return min(file.retrieved for file in self.files)


@dataclass(frozen=True)
class Listing:
    """The content of ``LOCK.toml``."""

    files: tuple[StoredFile, ...] = ()
    boxes: tuple[AskedBox, ...] = ()

    def find_covering(self, folder: Path, kind: str, bounds: Bounds) -> tuple[StoredFile, ...]:
        """List the files of a kind that meet a box, the last fetched first.

        None when the box does not lie in those that were asked for, or when one of the files has gone.
        """
        asked = (box.bounds for box in self.boxes if box.kind == kind)
        met = [file for file in self.files if file.kind == kind and meets(file.bounds, bounds)]
        if cover_box(asked, bounds) < COVERED or not all(is_there(folder, one) for one in met):
            return ()
        return tuple(sorted(met, key=lambda file: (-file.retrieved.toordinal(), file.path)))


def find_stored(folder: Path, bounds: Bounds) -> Stored | None:
    """Find the model to use for a box.

    Parameters
    ----------
    folder
        ``data/raw/dem``, which may not exist.
    bounds
        West, south, east, north, in degrees.

    Returns
    -------
    Stored or None
        The preferred model among those fetched for the whole box; None when there is none, or when one of its files
        has gone.

    Raises
    ------
    SourceFormatError
        ``LOCK.toml`` cannot be read.
    """
    listing = read_listing(folder)
    for name, kind in KINDS.items():
        files = listing.find_covering(folder, name, bounds)
        if files:
            return Stored(kind, files, folder)
    return None


def read_listing(folder: Path) -> Listing:
    """Read what a folder keeps (nothing when there is no list).

    Raises
    ------
    SourceFormatError
        The list cannot be read.
    """
    path = folder / LOCK
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        files = tuple(_read_file(entry) for entry in content.get("files", []))
        boxes = tuple(
            AskedBox(**{**entry, "bounds": _read_bounds(entry), "empty": tuple(entry["empty"])})
            for entry in content.get("boxes", [])
        )
    except (FileNotFoundError, NotADirectoryError):
        return Listing()
    except (
        OSError,
        ValueError,
        OverflowError,
        RecursionError,
        TypeError,
        KeyError,
        AttributeError,
    ) as error:
        raise SourceFormatError(
            f"{path} est illisible ({error}). Supprimez ce fichier, puis relancez « terrdiag data dem TERRITOIRE »."
        ) from error
    return Listing(files, boxes)


def is_there(folder: Path, file: StoredFile) -> bool:
    """Say whether a listed file is there, whole."""
    path = folder / file.path
    return path.is_file() and path.stat().st_size == file.size


def meets(one: Bounds, other: Bounds) -> bool:
    """Say whether two boxes share more than a side.

    Examples
    --------
    >>> meets((0, 0, 1, 1), (1, 0, 2, 1)), meets((0, 0, 1, 1), (0.5, 0.5, 2, 2))
    (False, True)
    """
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def cover_box(boxes: Iterable[Bounds], bounds: Bounds) -> float:
    """Measure the share of a box that others cover together, from 0 to 1.

    Examples
    --------
    >>> cover_box([(0, 0, 1, 1), (0.5, 0, 1, 2)], (0, 0, 2, 2))
    0.375
    """
    box = shapely.box(*bounds)
    union = shapely.union_all([shapely.box(*one) for one in boxes if meets(one, bounds)])
    return float(shapely.intersection(union, box).area / box.area)


def _read_file(entry: dict[str, Any]) -> StoredFile:
    path = PurePosixPath(entry["path"])
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(f"chemin hors du dossier : {path}")
    if not isinstance(entry["retrieved"], dt.date) or not isinstance(entry["size"], int):
        raise TypeError(f"{path} : « retrieved » est une date, « size » un nombre d'octets")
    return StoredFile(**{**entry, "bounds": _read_bounds(entry)})


def _read_bounds(entry: dict[str, Any]) -> Bounds:
    west, south, east, north = (float(side) for side in entry["bounds"])
    if not (west < east and south < north):
        raise ValueError("bounds : attendu ouest, sud, est, nord")
    return west, south, east, north
