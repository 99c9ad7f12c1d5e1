"""Where elevation files come from: given by the user, or, one day, fetched for a box."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from terrdiag.elevation.model import Bounds


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
