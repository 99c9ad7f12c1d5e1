"""Where the user's own data are kept: a folder each under ``data/raw/own``, the file as it is beside its sidecar."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from terrdiag.errors import OutputError, SourceError, SourceUnavailableError
from terrdiag.sources.own.sidecar import SIDECAR
from terrdiag.wording import suggest

OWN: Final = "own"
"""Folder under the raw folder."""


@dataclass(frozen=True)
class Stored:
    """Own data that are kept.

    Attributes
    ----------
    id
        Identifier of the indicator.
    path, sidecar
        The file, and what it holds.
    """

    id: str
    path: Path
    sidecar: Path


def find_own(raw: Path) -> tuple[Stored, ...]:
    """Find the own data that are kept under a raw folder, by identifier.

    A folder that lacks its file is given all the same, with the file it should have: reading it tells what is wrong.
    """
    found = []
    for folder in sorted((raw / OWN).glob("*/")):
        if folder.name.startswith(".") or not folder.is_dir():
            continue
        files = [one for one in sorted(folder.iterdir()) if one.is_file() and one.name != SIDECAR]
        found.append(
            Stored(folder.name, files[0] if files else folder / "donnees", folder / SIDECAR)
        )
    return tuple(found)


def store_own(raw: Path, name: str, file: Path, sidecar: Path) -> Path:
    """Keep a file and its sidecar, in the place of those of the same identifier.

    Parameters
    ----------
    raw
        The raw folder.
    name
        Identifier of the indicator.
    file, sidecar
        What is kept, byte for byte.

    Returns
    -------
    Path
        What was there before, aside, to be deleted or put back (:func:`restore_own`); it may not exist.

    Raises
    ------
    OutputError
        The folder cannot be written.
    """
    home, target, aside = _places(raw, name)
    draft = home / f".{name}-en-cours"
    try:
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        kept = "donnees.toml" if file.name == SIDECAR else file.name.lstrip(".") or "donnees"
        shutil.copyfile(file, draft / kept)
        shutil.copyfile(sidecar, draft / SIDECAR)
        shutil.rmtree(aside, ignore_errors=True)
        if target.exists():
            target.rename(aside)
        draft.rename(target)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        if aside.exists() and not target.exists():
            aside.rename(target)
        raise OutputError(f"{home} : écriture impossible ({error.strerror}).") from error
    return aside


def heal_own(raw: Path) -> None:
    """Clean up what a killed command has left: what it had set aside is put back if nothing stands in its place."""
    for aside in (raw / OWN).glob(".*-ancien"):
        target = aside.with_name(aside.name.removeprefix(".").removesuffix("-ancien"))
        if target.exists():
            shutil.rmtree(aside, ignore_errors=True)
        else:
            aside.rename(target)
    for draft in (raw / OWN).glob(".*-en-cours"):
        shutil.rmtree(draft, ignore_errors=True)


def remove_own(raw: Path, name: str) -> Path:
    """Set own data aside, to be deleted or put back (:func:`restore_own`).

    Raises
    ------
    SourceUnavailableError
        There are none of that identifier; the nearest are given.
    """
    _, target, aside = _places(raw, name)
    known = [one.id for one in find_own(raw)]
    if name not in known:
        listed = (
            f" Données ajoutées : {', '.join(known)}."
            if known
            else " Aucune donnée n'a été ajoutée."
        )
        raise SourceUnavailableError(
            f"« {name} » n'est pas une donnée ajoutée.{suggest(name, known)}{listed}"
        )
    shutil.rmtree(aside, ignore_errors=True)
    target.rename(aside)
    return aside


def restore_own(raw: Path, name: str) -> None:
    """Put back what was there before a change that could not be carried through."""
    _, target, aside = _places(raw, name)
    shutil.rmtree(target, ignore_errors=True)
    if aside.exists():
        aside.rename(target)


def _places(raw: Path, name: str) -> tuple[Path, Path, Path]:
    if not re.fullmatch("[a-z][a-z0-9_]*", name):
        raise SourceError(f"« {name} » n'est pas un identifiant de donnée ajoutée.")
    home = raw / OWN
    return home, home / name, home / f".{name}-ancien"
