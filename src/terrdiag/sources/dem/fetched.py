"""What a fetch is asked, and what it brings."""

from collections.abc import Callable
from dataclasses import dataclass

from terrdiag.sources.dem.depot import Depot
from terrdiag.sources.dem.kinds import Bounds
from terrdiag.sources.dem.remote import Remote
from terrdiag.sources.dem.store import StoredFile

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Wanted:
    """Where altitudes are wanted.

    Attributes
    ----------
    bounds
        The box, margin included.
    departements
        Codes of the départements that meet it.
    epsg
        Legal projection there.
    datum
        Legal reference of altitudes there.
    """

    bounds: Bounds
    departements: tuple[str, ...]
    epsg: int
    datum: str


@dataclass(frozen=True)
class Means:
    """What a fetch works with.

    Attributes
    ----------
    remote
        Where it asks.
    depot
        Where it keeps.
    progress
        Told each step.
    """

    remote: Remote
    depot: Depot
    progress: Progress


@dataclass(frozen=True)
class Fetched:
    """What a fetch has brought.

    Attributes
    ----------
    new, kept
        Files fetched now, and those that were there already.
    empty
        Tiles that the producer does not have (sea).
    remarks
        What the user should know, in French.
    """

    new: tuple[StoredFile, ...] = ()
    kept: tuple[StoredFile, ...] = ()
    empty: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[StoredFile, ...]:
        """Every file that serves the box."""
        return (*self.new, *self.kept)
