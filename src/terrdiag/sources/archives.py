"""Read zip archives without trusting them: by member, as streams, within bounds."""

import contextlib
import fnmatch
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Final

from terrdiag.errors import SourceFormatError
from terrdiag.sources.content import FETCH_AGAIN, check_content, read_head, word_unreadable
from terrdiag.wording import format_number

IN_MEMORY_MB: Final = 1_000
"""A member read whole may not inflate beyond this, in MB."""

STREAMED_MB: Final = 8_000
"""A member read as a stream may not inflate beyond this, in MB."""

_SUSPECT_MB: Final = 100
_SUSPECT_RATIO: Final = 400
"""A big member may not inflate by more than this: tables of figures do by 10 to 50."""

_BAD_ARCHIVE: Final = (
    zipfile.BadZipFile,
    NotImplementedError,  # a version or a compression that no producer uses
    struct.error,
    EOFError,
    ValueError,  # names that are not text, offsets before the file
    OverflowError,
)


def read_zip_member(path: Path, name: str) -> bytes:
    """Read one member of a zip archive whole (see :func:`open_zip_member`).

    Raises
    ------
    SourceFormatError
        The archive is truncated, or does not hold that member (its members are listed).
    """
    with open_zip_member(path, name, max_megabytes=IN_MEMORY_MB) as stream:
        return stream.read()


def find_zip_member(path: Path, glob: str) -> str:
    """Find the member of a zip archive that a pattern designates, whatever its case.

    Parameters
    ----------
    path
        The archive.
    glob
        Pattern of the name, with or without the folder it lies in (``*_data.csv``).

    Returns
    -------
    str
        Its full name, for :func:`open_zip_member`.

    Raises
    ------
    SourceFormatError
        The archive is truncated, no member bears such a name (its members are listed), or several do.
    """
    with _opened(path) as archive:
        names = list_members(archive)
    wanted = glob.casefold()
    found = [
        name
        for name in names
        if fnmatch.fnmatchcase(name.casefold(), wanted)
        or fnmatch.fnmatchcase(name.casefold().rpartition("/")[2], wanted)
    ]
    if len(found) > 1 and glob in found:
        found = [glob]
    if len(found) != 1:
        what = "désigne plusieurs fichiers" if found else "n'est pas dans l'archive"
        raise SourceFormatError(
            f"{path} : « {glob} » {what}. Contenu trouvé : {_name_first(found or names)}. "
            "Le producteur a peut-être renommé le fichier."
        )
    return found[0]


@contextlib.contextmanager
def open_zip_member(
    path: Path, name: str, *, max_megabytes: float = STREAMED_MB
) -> Iterator[IO[bytes]]:
    """Open one member of a zip archive as a stream of bytes, never inflated to the disk or held whole.

    Parameters
    ----------
    path
        The archive.
    name
        Full name of the member, as :func:`find_zip_member` gives it.
    max_megabytes
        Beyond this inflated size, the member is refused before it is read.

    Yields
    ------
    file
        To be read forwards; its checksum is verified when its end is reached.

    Raises
    ------
    SourceFormatError
        The archive is truncated or damaged (also while it is read in the block), encrypted, inflates beyond
        the bound, lacks that member, or holds a web page in its place.
    """
    with _opened(path) as archive:
        if name not in archive.namelist():
            raise SourceFormatError(
                f"{path} : « {name} » n'est pas dans l'archive. Contenu trouvé : "
                f"{_name_first(archive.namelist())}. "
                "Le producteur a peut-être renommé le fichier."
            )
        info = archive.getinfo(name)
        check_member(info, path, max_megabytes)
        try:
            stream = archive.open(info)
        except (*_BAD_ARCHIVE, OSError) as error:  # the system refuses an offset before the file
            raise _damaged(path, error) from error
        try:
            with stream:
                # a size that lies is caught by zipfile, which reads no further than it and checks the sum
                check_content(stream.peek(20_000), f"{path}, {name}")  # type: ignore[attr-defined]
                yield stream
        except (zipfile.BadZipFile, EOFError, zlib.error) as error:
            raise _damaged(path, error) from error


def list_members(archive: zipfile.ZipFile) -> list[str]:
    """List the files of an archive, without its folders and what some systems add to it."""
    return [
        name
        for name in archive.namelist()
        if not name.endswith("/") and not name.startswith("__MACOSX/")
    ]


def check_member(info: zipfile.ZipInfo, where: object, max_megabytes: float) -> None:
    """Refuse a member that is encrypted, oddly compressed, or inflates beyond a bound in MB.

    Raises
    ------
    SourceFormatError
        The member is named, with what is wrong with it.
    """
    if info.flag_bits & 0x1:
        raise SourceFormatError(
            f"{where} : « {info.filename} » est chiffré. Un fichier officiel ne l'est jamais. {FETCH_AGAIN}"
        )
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise SourceFormatError(
            f"{where} : « {info.filename} » est comprimé d'une façon que terrdiag ne lit pas "
            f"(méthode {info.compress_type}). Recomprimez l'archive en zip ordinaire."
        )
    _check_inflated(info.file_size, f"{where} : « {info.filename} »", max_megabytes)
    if info.file_size > _SUSPECT_MB * 1e6 and info.file_size > _SUSPECT_RATIO * info.compress_size:
        raise SourceFormatError(
            f"{where} : « {info.filename} » serait {_SUSPECT_RATIO} fois plus gros une fois décomprimé, "
            "ce qu'aucun fichier officiel n'est : l'archive est piégée. Supprimez-la."
        )


def _check_inflated(size: int, what: str, max_megabytes: float) -> None:
    if size > max_megabytes * 1e6:
        raise SourceFormatError(
            f"{what} : {format_number(size / 1e6)} Mo une fois décomprimé, plus que les "
            f"{format_number(max_megabytes)} Mo admis. Ce n'est pas le fichier attendu, ou l'archive est piégée."
        )


def check_archive(path: Path, *, max_megabytes: float = STREAMED_MB) -> None:
    """Check an archive whole: every member is read, and its checksum verified.

    Parameters
    ----------
    path
        The archive.
    max_megabytes
        Beyond this size of all its members inflated, in MB, it is refused before any is read.

    Raises
    ------
    SourceFormatError
        It is truncated, damaged, encrypted, empty, too big once inflated, or has members whose names lead out of
        the folder where it would be extracted.
    """
    with _opened(path) as archive:
        members = archive.infolist()
        if not list_members(archive):
            raise SourceFormatError(f"{path} : archive vide. {FETCH_AGAIN}")
        _check_inflated(sum(info.file_size for info in members), str(path), max_megabytes)
        for info in members:
            check_member(info, path, max_megabytes)
            if _leads_out(info.filename):
                raise SourceFormatError(
                    f"{path} : « {info.filename} » sortirait du dossier où l'archive serait extraite. "
                    "Aucune archive officielle n'a de tels noms : supprimez-la."
                )
        try:
            broken = archive.testzip()
        except (*_BAD_ARCHIVE, OSError, zlib.error) as error:
            raise _damaged(path, error) from error
    if broken:
        raise _damaged(path, f"« {broken} » n'a pas sa somme de contrôle")


def _leads_out(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return parts[0] == "" or ".." in parts or parts[0].endswith(":")


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive, saying what is wrong with it."""
    read_head(path)
    try:
        archive = zipfile.ZipFile(path)
    except _BAD_ARCHIVE as error:
        raise _damaged(path, error) from error
    except OSError as error:
        raise word_unreadable(path, error) from error
    with archive:
        yield archive


def _damaged(path: Path, error: object) -> SourceFormatError:
    return SourceFormatError(f"{path} : archive zip tronquée ou abîmée ({error}). {FETCH_AGAIN}")


def _name_first(names: Sequence[str]) -> str:
    more = f" et {len(names) - 12} autres" if len(names) > 12 else ""
    return ", ".join(names[:12]) + more if names else "rien"
