"""7z archives, opened by an optional library and within bounds."""

import fnmatch
import lzma
import zlib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any, Final

from terrdiag.errors import SourceError, SourceFormatError, TerrdiagError
from terrdiag.wording import NBSP, format_number

MAGIC: Final = b"7z\xbc\xaf\x27\x1c"

MOST_MEMBERS: Final = 20_000


def import_py7zr() -> Any:
    """Import what opens 7z archives.

    Raises
    ------
    SourceError
        It is not installed.
    """
    try:
        import py7zr  # noqa: PLC0415  # optional: only these archives need it
    except ImportError as error:
        raise SourceError(
            "Les archives de l'IGN sont au format 7z, que cette installation n'ouvre pas. Installez l'extra : "
            'pip install "terrdiag[dem]". Sans lui : --source glo30 ou --source wms.'
        ) from error
    return py7zr


def extract_members(archive: Path, pattern: str, folder: Path, most_megabytes: int) -> list[Path]:
    """Extract the members of an archive whose name matches a pattern, each under its own name.

    Parameters
    ----------
    archive
        The archive.
    pattern
        Pattern of file names, folders apart.
    folder
        Where they are extracted; what they would be anywhere else is refused.
    most_megabytes
        The most that they may hold together.

    Returns
    -------
    list of Path
        The files, sorted.

    Raises
    ------
    SourceFormatError
        The archive is damaged, holds no such member, or is not to be trusted.
    """
    py7zr = import_py7zr()
    with archive.open("rb") as stream:
        if stream.read(len(MAGIC)) != MAGIC:
            raise SourceFormatError(
                f"{archive.name} n'est pas une archive 7z. Relancez la commande."
            )
    try:
        with py7zr.SevenZipFile(archive) as opened:
            names = _choose(opened.list(), pattern, archive, most_megabytes)
            opened.extract(path=folder, targets=names)
    except TerrdiagError:
        raise
    except _failures(py7zr) as error:
        raise SourceFormatError(
            f"{archive.name}{NBSP}: archive tronquée ou abîmée ({str(error) or type(error).__name__}). "
            "Relancez la commande."
        ) from error
    return sorted(folder / name for name in names)


def _failures(py7zr: Any) -> tuple[type[Exception], ...]:
    """Name what py7zr raises on a damaged archive: its own errors, and those of whatever it reads with."""
    return (
        py7zr.exceptions.ArchiveError,
        lzma.LZMAError,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        OverflowError,
        MemoryError,
    )


def _choose(members: Sequence[Any], pattern: str, archive: Path, most_megabytes: int) -> list[str]:
    """Choose the members to extract; refuse what is too big, or would land elsewhere."""
    if len(members) > MOST_MEMBERS:
        raise _distrust(archive, f"{format_number(len(members))} fichiers")
    for member in members:
        path = PurePosixPath(str(member.filename).replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in str(path) or member.is_symlink:
            raise _distrust(archive, f"chemin {member.filename!r}")
    chosen = [
        member
        for member in members
        if not member.is_directory and fnmatch.fnmatch(Path(member.filename).name, pattern)
    ]
    if not chosen:
        raise SourceFormatError(f"{archive.name} ne contient aucun fichier {pattern}.")
    total = sum(int(member.uncompressed or 0) for member in chosen)
    if total > most_megabytes * 1_000_000:
        raise _distrust(archive, f"{format_number(total / 1e6)} Mo une fois décompressée")
    return [member.filename for member in chosen]


def _distrust(archive: Path, why: str) -> SourceFormatError:
    return SourceFormatError(f"{archive.name}{NBSP}: archive refusée ({why}).")
