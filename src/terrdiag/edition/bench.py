"""What the steps of a build share: where to read, whom to tell, what was read, what could not be."""

import importlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from terrdiag.catalogue import Source, load_sources
from terrdiag.edition.provenance import Provenance
from terrdiag.edition.schema import SourceRecord
from terrdiag.edition.store import Edition, read_figures, read_memberships
from terrdiag.errors import SourceError, SourceUnavailableError
from terrdiag.sources.extract import Dropped, Extract

T = TypeVar("T")

Report = Callable[[str], None]
"""Told what the build is doing, for people who wait."""


@dataclass
class Workbench:
    """What the steps of a build share.

    Attributes
    ----------
    raw
        Folder of the official files.
    report
        Told each step.
    base
        The edition whose tables stand for the sources that are not there or cannot be read; without it, every
        source of the embedded edition must be there.
    faults
        Why a source could not be fetched, by identifier.
    provenance
        What was read of each source.
    notes
        Measured limits of the edition.
    absent
        Why a source brings nothing new, by identifier.
    carried
        Sources whose tables are those of the base edition.
    """

    raw: Path
    report: Report
    base: Edition | None = None
    faults: Mapping[str, str] = field(default_factory=dict)
    provenance: dict[str, Provenance] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    absent: dict[str, str] = field(default_factory=dict)
    carried: set[str] = field(default_factory=set)

    def take(self, extract: Extract, more: Iterable[Dropped] = ()) -> pd.DataFrame:
        """Note where a table comes from, and give it."""
        record = self.provenance.setdefault(extract.source_id, Provenance())
        record.add(extract.files, (*extract.dropped, *more), extract.intervals)
        return extract.table

    def path(self, relative: str) -> Path:
        """Give a raw file that must be there."""
        path = self.raw / relative
        if not path.exists():
            raise SourceUnavailableError(
                f"{path} est absent. Placez-y le fichier officiel (adresses : « terrdiag sources list »)."
            )
        return path

    def find(self, source: Source) -> list[Path]:
        """Find the files of a source that are there, by name.

        Raises
        ------
        SourceUnavailableError
            There is none.
        """
        found = sorted(self.raw.glob(source.path))
        if not found:
            self.path(source.path)
        return found

    def is_replaced(self, source: Source) -> bool:
        """Tell whether the source that makes another of no use is there."""
        if not source.replaced_by:
            return False
        return any(self.raw.glob(load_sources()[source.replaced_by].path))

    def attempt(self, source_id: str, make: Callable[[], T], carry: Callable[[], T]) -> T:
        """Make a part of the edition from a source or, when it is not there or faulty, carry it from the base.

        Parameters
        ----------
        source_id
            The source.
        make
            Reads it.
        carry
            Gives what the base edition has in its place (nothing, if it has not).

        Raises
        ------
        SourceError
            The source cannot be read, and there is no base edition.
        """
        try:
            return make()
        except SourceError as error:
            if self.base is None:
                raise
            self.provenance.pop(source_id, None)
            self.absent[source_id] = self.faults.get(source_id, str(error))
            if source_id in self.base.sources:
                self.carried.add(source_id)
            return carry()

    def name_faults(self) -> tuple[str, ...]:
        """Word what could not be fetched of the sources that were read all the same, in part or as they were before."""
        register = load_sources()
        return tuple(
            f"{register[source_id].title} : tout n'a pas pu être téléchargé. {why}"
            for source_id, why in sorted(self.faults.items())
            if source_id in self.provenance and source_id not in self.absent
        )

    def carry_figures(self, source_id: str) -> pd.DataFrame:
        """Give the figures of a source in the base edition (none, if it has not got it)."""
        return self._base_figures[self._base_figures["source_id"] == source_id]

    def carry_memberships(self, kinds: Iterable[str], source_id: str) -> pd.DataFrame:
        """Give the memberships of a source in the base edition."""
        assert self.base is not None  # noqa: S101  # nothing is carried without a base
        table = read_memberships(self.base, list(kinds))
        return table[table["source_id"] == source_id]

    def carried_records(self) -> list[SourceRecord]:
        """Describe the sources carried from the base edition, as it describes them."""
        if self.base is None:
            return []
        name = self.base.info.id
        return [
            record.model_copy(update={"carried_from": record.carried_from or name})
            for key, record in sorted(self.base.sources.items())
            if key in self.carried
        ]

    @cached_property
    def _base_figures(self) -> pd.DataFrame:
        assert self.base is not None  # noqa: S101  # idem
        frame = read_figures(self.base)
        texts = frame.select_dtypes("category").columns
        return frame.astype(dict.fromkeys(texts, "str"))


def load_reader(source: Source) -> Callable[..., Any]:
    """Load the reader that the register names for a source."""
    module, _, name = source.reader.partition(":")
    reader: Callable[..., Any] = getattr(
        importlib.import_module(f"terrdiag.sources.{module}"), name
    )
    return reader


def sources_feeding(feeds: str) -> list[Source]:
    """List the sources that bring something to an edition, those that win over the others first."""
    found = [source for source in load_sources().values() if source.feeds == feeds]
    return sorted(found, key=lambda source: -source.priority)
