"""``data/raw/LOCK.toml``: which bytes each official file is made of, from where, since when.

Every file of the lock is pinned by its digest: the figures of a study are not to change because a producer
rewrote a file in place. Moving a file in and writing the lock are two steps; between them stands a journal,
which tells the next run what a killed one was about to write.
"""

import datetime as dt
import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import tomli_w

from terrdiag.errors import SourceFormatError
from terrdiag.sources.download.transfer import hash_file

LOCK: Final = "LOCK.toml"
HIDDEN: Final = ".terrdiag"
"""Folder under the raw one: parts of files, the journal, the lock between processes."""

_JOURNAL: Final = "journal.toml"

_HEAD: Final = """\
# Écrit par « terrdiag data update » : l'empreinte de chaque fichier officiel de ce dossier, d'où il vient et quand.
# Un fichier dont le contenu change est refusé, sauf avec --accept-new. À garder avec l'étude, à ne pas modifier.

"""


@dataclass(frozen=True)
class LockEntry:
    """What is known of a file of the raw folder.

    Attributes
    ----------
    path
        Where it lies under the raw folder.
    address
        Address that gave it; ``inbox:NAME`` when it was put there by hand, ``miroir:PATH`` from a mirror in a folder,
        ``sur place`` when it was already there.
    sha256, size
        Of the file as it lies.
    etag, last_modified
        What the server said of it, for conditional requests.
    retrieved, checked
        When these bytes came, and when they were last compared with their origin.
    source_id
        The source it belongs to.
    """

    path: str
    address: str
    sha256: str
    size: int
    etag: str
    last_modified: str
    retrieved: dt.date
    checked: dt.date
    source_id: str


def read_lock(raw: Path) -> dict[str, LockEntry]:
    """Read the lock of a raw folder, by path of file, sorted (empty without a lock).

    Raises
    ------
    SourceFormatError
        The file is not one that terrdiag wrote.
    """
    return _read(raw / LOCK)


def write_lock(raw: Path, entries: Mapping[str, LockEntry]) -> None:
    """Write the lock of a raw folder, whole or not at all."""
    _write(raw / LOCK, entries.values())


def write_journal(raw: Path, entry: LockEntry) -> None:
    """Note the entry of a file that is about to be moved in."""
    _write(raw / HIDDEN / _JOURNAL, [entry])


def clear_journal(raw: Path) -> None:
    """Forget the journal: the lock knows."""
    (raw / HIDDEN / _JOURNAL).unlink(missing_ok=True)


def heal_lock(raw: Path) -> dict[str, LockEntry]:
    """Read the lock, having finished what a killed run had begun.

    Returns
    -------
    dict
        As :func:`read_lock` gives it: if the file that the journal announces is in its place, the lock knows it.
    """
    entries = read_lock(raw)
    journal = raw / HIDDEN / _JOURNAL
    for path, entry in _read(journal).items():
        if (raw / path).is_file() and hash_file(raw / path) == entry.sha256:
            entries[path] = entry
            write_lock(raw, entries)
    clear_journal(raw)
    return entries


def _read(path: Path) -> dict[str, LockEntry]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise SourceFormatError(f"{path} : illisible ({error}). {_WHAT_TO_DO}") from error
    try:
        tables = tomllib.loads(text)["files"]
        entries = {name: LockEntry(path=name, **tables[name]) for name in sorted(tables)}
    except (
        ValueError,  # not TOML, or numbers of thousands of digits
        RecursionError,
        KeyError,
        TypeError,
        AttributeError,
    ) as error:
        raise SourceFormatError(
            f"{path} : ce fichier n'est pas tel que terrdiag l'écrit ({error}). {_WHAT_TO_DO}"
        ) from error
    for name, entry in entries.items():
        _check_entry(path, name, entry)
    return entries


_WHAT_TO_DO: Final = (
    "Reprenez-en une copie, ou supprimez-le : les fichiers seront comparés de nouveau à ceux "
    "des producteurs."
)


def _check_entry(path: Path, name: str, entry: LockEntry) -> None:
    """Refuse an entry written by another hand: its path could lead out of the folder."""
    dates = type(entry.retrieved) is dt.date and type(entry.checked) is dt.date
    texts = all(
        isinstance(text, str)
        for text in (
            entry.address,
            entry.sha256,
            entry.etag,
            entry.last_modified,
            entry.source_id,
        )
    )
    inside = not name.startswith("/") and ".." not in Path(name).parts
    if not (dates and texts and inside and isinstance(entry.size, int)):
        raise SourceFormatError(
            f"{path}, « {name} » : entrée mal formée, ce fichier a été modifié. {_WHAT_TO_DO}"
        )


def _write(path: Path, entries: Iterable[LockEntry]) -> None:
    tables: dict[str, dict[str, Any]] = {}
    for entry in sorted(entries, key=lambda entry: entry.path):
        fields = asdict(entry)
        tables[fields.pop("path")] = fields
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.parent / f".{path.name}.tmp"
    with temporary.open("wb") as file:
        file.write((_HEAD + tomli_w.dumps({"files": tables})).encode())
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
