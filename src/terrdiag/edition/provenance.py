"""Where the figures of an edition come from: files read, with their digests, and what was left out."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from terrdiag.catalogue import load_sources
from terrdiag.edition.schema import FileRecord, SourceRecord
from terrdiag.sources.extract import Dropped


@dataclass
class Provenance:
    """What was read of a source: files, rows left out (counted, or worded already), census intervals, moves."""

    files: list[Path] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    intervals: set[tuple[int, int]] = field(default_factory=set)
    worded: tuple[str, ...] = ()
    moved: list[str] = field(default_factory=list)

    def add(
        self,
        files: Iterable[Path],
        dropped: Iterable[Dropped],
        intervals: Iterable[tuple[int, int]],
    ) -> None:
        """Add what one more extract brings."""
        self.files += [path for path in files if path not in self.files]
        self.dropped += [item for item in dropped if item not in self.dropped]
        self.intervals |= set(intervals)


def record_file(path: Path, root: Path) -> FileRecord:
    """Record a file: its path under a folder, its sha256, its size in bytes."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    relative = path.relative_to(root) if path.is_relative_to(root) else Path(path.name)
    return FileRecord(path=relative.as_posix(), sha256=digest, size=path.stat().st_size)


def describe_source(
    source_id: str, provenance: Provenance, raw: Path, retrieved: Mapping[str, dt.date]
) -> SourceRecord:
    """Join what the register says of a source and what was read of it.

    Parameters
    ----------
    source_id
        The source.
    provenance
        What was read of it.
    raw
        Folder of the official files.
    retrieved
        Day a file was downloaded, by path under the raw folder, where it is known.
    """
    source = load_sources()[source_id]
    shared = source.model_dump(include=set(SourceRecord.model_fields) - {"files", "moved"})
    files = tuple(record_file(path, raw) for path in sorted(provenance.files))
    days = [retrieved[file.path] for file in files if file.path in retrieved]
    return SourceRecord(
        **shared,
        retrieved=max(days, default=None),
        dropped=(*provenance.worded, *(word_dropped(item) for item in provenance.dropped)),
        moved=tuple(dict.fromkeys(provenance.moved)),
        files=files,
    )


def word_dropped(item: Dropped) -> str:
    """Word what was left out: how many, why, the first ones."""
    examples = (
        f" ({', '.join(item.examples)}{', …' if item.count > len(item.examples) else ''})"
        if item.examples
        else ""
    )
    return f"{item.count} : {item.reason}{examples}"
