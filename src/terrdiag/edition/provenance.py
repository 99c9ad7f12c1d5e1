"""Where the figures of an edition come from: files read, with their digests, and what was left out."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from terrdiag.catalogue import load_sources
from terrdiag.edition.schema import FileRecord, SourceRecord
from terrdiag.sources.extract import Dropped


@dataclass
class Provenance:
    """What was read of a source: files, rows left out, census intervals."""

    files: list[Path] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    intervals: set[tuple[int, int]] = field(default_factory=set)

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


def describe_source(source_id: str, provenance: Provenance, raw: Path) -> SourceRecord:
    """Join what the register says of a source and what was read of it."""
    source = load_sources()[source_id]
    shared = source.model_dump(include=set(SourceRecord.model_fields))
    return SourceRecord(
        **shared,
        dropped=tuple(_word_dropped(item) for item in provenance.dropped),
        files=tuple(record_file(path, raw) for path in sorted(provenance.files)),
    )


def _word_dropped(item: Dropped) -> str:
    examples = (
        f" ({', '.join(item.examples)}{', …' if item.count > len(item.examples) else ''})"
        if item.examples
        else ""
    )
    return f"{item.count} : {item.reason}{examples}"
