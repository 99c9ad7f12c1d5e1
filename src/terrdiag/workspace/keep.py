"""Tell the user's files from terrdiag's in a folder of results, and keep them.

A file is terrdiag's when the manifest of the previous run lists it *with the digest it still has*.
Everything else is the user's: notes put beside the results, and results somebody has worked in.
"""

import hashlib
import itertools
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

MANIFEST: Final = "manifest.json"

_SQLITE_COMPANIONS: Final = ("-wal", "-shm", "-journal")
"""Left by QGIS beside a GeoPackage; beside a new one they would damage it."""

_ANY_DIGEST: Final = ""


def sha256_of(path: Path) -> str:
    """Digest a file (SHA-256, hexadecimal)."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def previous_outputs(data_dir: Path, name: str) -> dict[str, str]:
    """Read the digest of every file that the previous run wrote.

    Parameters
    ----------
    data_dir
        The folder that holds the manifest.
    name
        Its name under the output folder.

    Returns
    -------
    dict
        Digest by name under the output folder; empty without a manifest that can be read.
    """
    try:
        listed = json.loads((data_dir / MANIFEST).read_bytes())["outputs"]
        digests = {output: str(record["sha256"]) for output, record in listed.items()}
    except (
        FileNotFoundError,
        NotADirectoryError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
    ):
        return {}
    return {**digests, f"{name}/{MANIFEST}": _ANY_DIGEST}


def carry_over(previous: Path, new: Path, name: str, ours: Mapping[str, str]) -> list[str]:
    """Lay the user's own files in a new folder of results.

    Parameters
    ----------
    previous
        The folder that the new one will replace; it may not exist.
    new
        The folder of the run.
    name
        Name of the folder under the output folder.
    ours
        What :func:`previous_outputs` found.

    Returns
    -------
    list
        New names of the files whose name is that of a new result (``indicators-modifie.xlsx``).
    """
    renamed = []
    for path in _entries(previous):
        inside = path.relative_to(previous)
        if _is_ours(path, f"{name}/{inside.as_posix()}", ours):
            continue
        place = new / inside
        if os.path.lexists(place):
            if path.is_file() and place.is_file() and sha256_of(path) == sha256_of(place):
                continue
            place = new / _free_name(inside, previous, new)
            renamed.append(f"{name}/{place.relative_to(new).as_posix()}")
        _lay(path, place)
    return renamed


def _is_ours(path: Path, name: str, ours: Mapping[str, str]) -> bool:
    if any(name.endswith(end) and name.removesuffix(end) in ours for end in _SQLITE_COMPANIONS):
        return True
    if name not in ours or path.is_symlink() or not path.is_file():
        return False
    return ours[name] in (_ANY_DIGEST, sha256_of(path))


def _entries(folder: Path) -> Iterator[Path]:
    """Walk the files, links and empty folders of a folder; links are not followed."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_dir() and not path.is_symlink():
            yield from list(_entries(path)) or [path]
        else:
            yield path


def _free_name(inside: Path, *folders: Path) -> Path:
    """Find a name that is taken in none of the folders."""
    ends = itertools.chain([""], (f"-{number}" for number in itertools.count(2)))
    names = (inside.with_name(f"{inside.stem}-modifie{end}{inside.suffix}") for end in ends)
    return next(n for n in names if not any(os.path.lexists(folder / n) for folder in folders))


def _lay(path: Path, place: Path) -> None:
    """Lay a file in the new folder, without copying it where the disk allows."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if path.is_symlink():
        place.symlink_to(path.readlink())
    elif path.is_dir():
        place.mkdir(exist_ok=True)
    else:
        try:
            place.hardlink_to(path)
        except OSError:  # FAT and some network disks have no hard links
            shutil.copy2(path, place)
