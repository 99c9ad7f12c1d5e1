"""Where elevation files come from: given by the user, or fetched before for a box."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from terrdiag.elevation.model import Bounds
from terrdiag.sources.dem import Stored, find_stored


class ElevationProvider(Protocol):
    """Whatever can say which files cover a box."""

    def paths(self, bounds: Bounds) -> Sequence[Path]:
        """Give the files that cover a box, those that win where they overlap first.

        Parameters
        ----------
        bounds
            West, south, east, north, in degrees.
        """
        ...


@dataclass(frozen=True)
class FileProvider:
    """Files named by the user: they are all given, whatever the box; what they hold is checked at opening.

    Examples
    --------
    >>> FileProvider((Path("a.tif"),)).paths((0.0, 42.8, 0.4, 43.2))
    (PosixPath('a.tif'),)
    """

    files: tuple[Path, ...]

    def paths(self, bounds: Bounds) -> tuple[Path, ...]:  # noqa: ARG002  # part of the protocol
        """Give every file, in the order of the user."""
        return self.files


@dataclass(frozen=True)
class StoredProvider:
    """Files that ``terrdiag data dem`` has fetched: those of the preferred model that covers the box.

    Attributes
    ----------
    folder
        ``data/raw/dem``; nothing is given when it does not exist.

    Examples
    --------
    >>> StoredProvider(Path("absent")).paths((0.0, 42.8, 0.4, 43.2))
    ()
    """

    folder: Path

    def find(self, bounds: Bounds) -> Stored | None:
        """Find the model to use for a box, with what the register needs to describe it."""
        return find_stored(self.folder, bounds)

    def paths(self, bounds: Bounds) -> tuple[Path, ...]:
        """Give the files of that model, none when no model covers the box."""
        found = self.find(bounds)
        return found.paths if found else ()
