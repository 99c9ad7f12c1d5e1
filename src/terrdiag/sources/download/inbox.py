"""Files put by hand in ``data/raw/inbox/``, recognised by their name, else by what they hold."""

import fnmatch
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from terrdiag.catalogue.models import SourceFile
from terrdiag.errors import SourceError
from terrdiag.sources.archives import find_zip_member
from terrdiag.sources.download.checks import check_file
from terrdiag.sources.download.transfer import hash_file

INBOX: Final = "inbox"

_COPY: Final = re.compile(r" ?\(\d+\)(?=\.[^.]*$|$)")
"""What a browser adds to the name of a file downloaded twice."""

_NOT_DATA: Final = frozenset({"README.md", "Thumbs.db", "desktop.ini"})
"""What a folder may hold that nobody put there."""


@dataclass(frozen=True)
class Inbox:
    """What was found in the inbox.

    Attributes
    ----------
    found
        Path of the register → the file that was put there for it.
    refused
        Name of a file → why it is not used, in French.
    """

    found: dict[str, Path] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


def find_in_inbox(inbox: Path, files: Sequence[SourceFile]) -> Inbox:
    """Recognise the files of the inbox.

    Parameters
    ----------
    inbox
        The folder; nothing is found when it is not there.
    files
        Files of the register.

    Returns
    -------
    Inbox
        Which file stands for which; those that are of none, or of several, are refused and named.
    """
    claims: defaultdict[str, list[Path]] = defaultdict(list)
    refused: dict[str, str] = {}
    for path in _list_files(inbox):
        fitting = _recognise(path, files)
        if len(fitting) == 1:
            claims[fitting[0].path].append(path)
        elif fitting:
            refused[path.name] = (
                f"inbox/{path.name} peut être plusieurs fichiers du registre : "
                f"{' ou '.join(file.path for file in fitting[:4])}. Donnez-lui le nom de l'un d'eux."
            )
        else:
            refused[path.name] = (
                f"inbox/{path.name} n'est reconnu ni à son nom ni à ses colonnes : il n'est pas utilisé. "
                "Donnez-lui le nom qu'il a chez le producteur (« terrdiag sources show SOURCE »)."
            )
    found = {}
    for place, paths in claims.items():
        if len({hash_file(path) for path in paths}) == 1:
            found[place] = paths[0]
            continue
        names = " et ".join(f"inbox/{path.name}" for path in paths)
        refused |= {
            path.name: f"{names} sont deux fichiers différents pour {place} : n'en gardez qu'un."
            for path in paths
        }
    return Inbox(found, refused)


def _list_files(inbox: Path) -> list[Path]:
    if not inbox.is_dir():
        return []
    return sorted(
        path
        for path in inbox.rglob("*")
        if path.is_file() and not path.name.startswith((".", "~$")) and path.name not in _NOT_DATA
    )


def _recognise(path: Path, files: Sequence[SourceFile]) -> list[SourceFile]:
    """List the files of the register that a file may be."""
    named = [file for file in files if _bears_name(path.name, file)]
    if len(named) == 1:
        return named
    fitting = [file for file in named or files if _holds(path, file, by_name=bool(named))]
    # a header that another one contains says less: the most telling is kept
    return [
        file
        for file in fitting
        if not any(set(file.columns) < set(other.columns) for other in fitting)
    ]


def _bears_name(name: str, file: SourceFile) -> bool:
    plain = {name.casefold(), _COPY.sub("", name).casefold()}
    patterns = (one.casefold() for one in (*_list_names(file), *file.names))
    return any(fnmatch.fnmatchcase(one, pattern) for pattern in patterns for one in plain)


def _list_names(file: SourceFile) -> Iterable[str]:
    """List the names a file has, as patterns: under the raw folder, and at its addresses."""
    yield _escape(Path(file.path).name)
    for address in (file.address, *file.alternatives):
        name = unquote(urlsplit(address).path).rpartition("/")[2]
        if "." in name:  # else the last word of a path, such as « communes »
            yield _escape(name)


def _escape(name: str) -> str:
    return re.sub(r"([*?[])", r"[\1]", name)


def _holds(path: Path, file: SourceFile, *, by_name: bool) -> bool:
    """Tell whether a file holds what the register says, when the register says enough to tell."""
    if not by_name and not file.columns:
        return False
    try:
        if file.content == "zip" and file.member:
            find_zip_member(path, file.member)  # quick, before the whole archive is read
        check_file(path, file)
    except SourceError:
        return False
    return True
