"""The local edition of a working folder: made by a refresh, used from then on, replaced in one stroke.

Editions lie side by side in ``data/edition``, each in a folder of its own, and a small file names the one in use. That
file is replaced by one system call: whatever kills a refresh, what it names is a whole edition that has been checked.
"""

import contextlib
import os
import shutil
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Final

from terrdiag.edition.check import check_tables
from terrdiag.edition.provenance import record_file
from terrdiag.edition.store import Edition, open_edition
from terrdiag.errors import EditionError
from terrdiag.workspace.locks import acquire, release
from terrdiag.workspace.refusals import explained

LOCAL: Final = Path("data", "edition")
"""Where local editions are, under the working folder."""

POINTER: Final = "COURANTE.toml"

EMBEDDED_NAMES: Final = ("embarquée", "embarquee")
"""What asks for the embedded edition where a local one is in use."""


@dataclass(frozen=True)
class Pointer:
    """Which local edition is in use.

    Attributes
    ----------
    folder
        Its folder.
    signature
        What it was made of: the same signature, the same edition.
    """

    folder: Path
    signature: str


def find_edition(asked: Path | None, folder: Path) -> Edition:
    """Open the edition that a command asks for, else the local one, else the embedded one.

    Parameters
    ----------
    asked
        Folder of an edition, « embarquée », or nothing.
    folder
        The working folder.

    Returns
    -------
    Edition
        The opened edition.

    Raises
    ------
    EditionError
        It cannot be opened; nothing stands for a local edition that is damaged.
    """
    if asked is not None:
        embedded = str(asked).casefold() in EMBEDDED_NAMES and not asked.exists()
        return open_edition(None if embedded else asked)
    pointer = read_pointer(folder)
    if pointer is None:
        return open_edition()
    try:
        edition = open_edition(pointer.folder)
        check_tables(edition)
    except EditionError as error:
        raise EditionError(
            f"L'édition locale est abîmée. {error} Refaites-la avec « terrdiag data update », ou effacez "
            f"{folder / LOCAL} pour revenir à l'édition embarquée."
        ) from error
    return edition


def read_pointer(folder: Path) -> Pointer | None:
    """Read which local edition a working folder uses; none if it has none.

    Raises
    ------
    EditionError
        The file that names it is unreadable.
    """
    path = folder / LOCAL / POINTER
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        return Pointer(path.parent / str(content["dossier"]), str(content["empreinte"]))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError) as error:
        raise EditionError(
            f"{path} est illisible : {error}. Effacez-le pour revenir à l'édition embarquée, "
            "ou lancez « terrdiag data update »."
        ) from error


@contextlib.contextmanager
def refreshing(folder: Path) -> Iterator[None]:
    """Hold the right to change the data of a working folder, and clean up what a killed refresh has left.

    Raises
    ------
    EditionError
        Another refresh is under way there.
    """
    home = folder / LOCAL
    with explained(home, ", ou lancez la commande d'un autre dossier"):
        home.mkdir(parents=True, exist_ok=True)
        path = home / ".verrou"
        lock = acquire(path, wait=False)
        if lock is None:
            raise EditionError(
                f"Une autre mise à jour est en cours dans {folder.resolve()} : attendez qu'elle finisse."
            )
        try:
            for left in home.glob(".*-en-cours*"):
                shutil.rmtree(left, ignore_errors=True)
            yield
        finally:
            release(lock, path)


def find_made(folder: Path, signature: str) -> Edition | None:
    """Give the local edition in use if it was made of the same things and is whole; nothing if it is to be made.

    Parameters
    ----------
    folder
        The working folder.
    signature
        What an edition would be made of.
    """
    try:
        pointer = read_pointer(folder)
        if pointer is None or pointer.signature != signature:
            return None
        edition = open_edition(pointer.folder)
        check_tables(edition)
    except EditionError:
        return None
    return edition


def install_edition(folder: Path, signature: str, make: Callable[[Path], None]) -> Edition:
    """Make an edition beside the one in use, then use it.

    Parameters
    ----------
    folder
        The working folder, held by :func:`refreshing`.
    signature
        What it is made of.
    make
        Writes a whole edition, checked, in the folder it is given.

    Returns
    -------
    Edition
        The edition now in use.
    """
    home = folder / LOCAL
    draft = home / ".edition-en-cours"
    make(draft)
    info = open_edition(draft).info
    digest = record_file(draft / "edition.toml", draft).sha256[:8]
    # never in the place of another, which may be the one in use: the same edition again has a name of its own
    suffixes = chain([""], (f"-{number}" for number in count(2)))
    names = (f"{info.id}-{digest}{suffix}" for suffix in suffixes)
    target = next(home / name for name in names if not (home / name).exists())
    draft.rename(target)
    previous = _find_previous(folder)
    write_pointer(home, target.name, signature)
    _forget_others(home, {target, *previous})
    return open_edition(target)


def _find_previous(folder: Path) -> set[Path]:
    """Find the edition in use until now, if its name can be read."""
    with contextlib.suppress(EditionError):
        pointer = read_pointer(folder)
        return {pointer.folder} if pointer else set()
    return set()


def write_pointer(home: Path, name: str, signature: str) -> None:
    """Name the edition in use, in one stroke."""
    text = (
        "# L'édition locale en service : « terrdiag diagnostic » la lit. Effacez ce fichier pour revenir à l'édition\n"
        "# embarquée.\n"
        f'dossier = "{name}"\nempreinte = "{signature}"\n'
    )
    draft = home / f".{POINTER}-en-cours"
    with draft.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(home / POINTER)


def _forget_others(home: Path, kept: set[Path]) -> None:
    """Delete the editions of before: a diagnostic may be reading the previous one, not those."""
    for one in home.iterdir():
        if one.is_dir() and one not in kept and not one.name.startswith("."):
            shutil.rmtree(one, ignore_errors=True)
