"""Refuse what is not the expected file, whatever the server says of it, before it takes the place of another.

A status 200 proves nothing: producers answer by a web page, an XML error, the file of another year, half a file.
"""

import contextlib
import gzip
import io
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Final, cast

from terrdiag.catalogue.models import SourceFile
from terrdiag.errors import SourceFormatError
from terrdiag.sources.download.tabular import (
    check_csv,
    check_geopackage,
    check_json,
    check_parquet,
    check_workbook,
)
from terrdiag.sources.files import (
    FETCH_AGAIN,
    IN_MEMORY_MB,
    STREAMED_MB,
    check_archive,
    check_content,
    find_zip_member,
    open_zip_member,
    read_head,
)
from terrdiag.wording import format_number

MAGIC: Final[Mapping[str, tuple[bytes, ...]]] = {
    "zip": (b"PK\x03\x04",),
    "xlsx": (b"PK\x03\x04",),
    "parquet": (b"PAR1",),
    "gpkg": (b"SQLite format 3\x00",),
    "7z": (b"7z\xbc\xaf\x27\x1c",),
    "tif": (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"),
    "csv.gz": (b"\x1f\x8b",),
    "geojson.gz": (b"\x1f\x8b",),
}
"""First bytes of a file, by content."""

_WORDS: Final[Mapping[bytes, str]] = {
    b"PK\x03\x04": "une archive zip ou un classeur",
    b"\x1f\x8b": "une archive gzip",
    b"%PDF": "un document PDF",
    b"PAR1": "un fichier Parquet",
    b"SQLite": "une base SQLite",
    b"7z\xbc\xaf": "une archive 7z",
    b"\xd0\xcf\x11\xe0": "un classeur XLS ancien",
    b"{": "du JSON",
    b"[": "du JSON",
}


def check_file(path: Path, file: SourceFile) -> None:
    """Check that a file is what the register says: content, integrity, header, number of rows.

    Parameters
    ----------
    path
        Where it lies for now.
    file
        What it must be.

    Raises
    ------
    SourceFormatError
        It is not: a web page (its title is given), other bytes, a truncated archive, a member or a column that is
        absent, too few rows, too big.
    SourceUnavailableError
        It is not there.
    """
    head = read_head(path)
    _check_size(path, file)
    _check_magic(head, path, file.content)
    _CHECKS[file.content](path, file)


def check_ending(path: Path, file: SourceFile) -> None:
    """Refuse a text whose last line has no end, when nothing else says that the file is whole.

    Raises
    ------
    SourceFormatError
        It is such a text.
    """
    if file.content != "csv":
        return  # the others say where they end
    with path.open("rb") as stream:
        stream.seek(-1, io.SEEK_END)
        if stream.read(1) != b"\n":
            raise SourceFormatError(
                f"{path} : la dernière ligne n'est pas finie, et le serveur n'a pas annoncé de longueur : "
                f"le fichier est sans doute tronqué. {FETCH_AGAIN}"
            )


def _check_size(path: Path, file: SourceFile) -> None:
    size = path.stat().st_size
    if size > file.max_megabytes * 1e6:
        raise SourceFormatError(
            f"{path} : {format_number(size / 1e6)} Mo, plus que les {file.max_megabytes} Mo admis pour ce fichier. "
            "Ce n'est pas le fichier attendu, ou le producteur l'a beaucoup étendu."
        )


def _check_magic(head: bytes, path: Path, content: str) -> None:
    expected = MAGIC.get(content)
    if expected and not head.startswith(expected):
        found = next(
            (word for magic, word in _WORDS.items() if head.startswith(magic)), "autre chose"
        )
        raise SourceFormatError(f"{path} : {content} attendu, {found} trouvé. {FETCH_AGAIN}")
    others = [word for magic, word in _WORDS.items() if len(magic) > 1 and head.startswith(magic)]
    if not expected and others:
        raise SourceFormatError(f"{path} : {content} attendu, {others[0]} trouvé. {FETCH_AGAIN}")


def _check_csv(path: Path, file: SourceFile) -> None:
    with path.open("rb") as stream:
        check_csv(stream, file, path)


def _check_json(path: Path, file: SourceFile) -> None:
    with path.open("rb") as stream:
        check_json(stream, file, path)


def _check_gzip(path: Path, file: SourceFile) -> None:
    check = check_csv if file.content == "csv.gz" else check_json
    with open_gzip(path) as stream:
        check_content(stream.peek(4096), path)  # type: ignore[attr-defined]
        check(stream, file, path)


@contextlib.contextmanager
def open_gzip(path: Path) -> Iterator[IO[bytes]]:
    """Open a gzip file as a stream, saying what is wrong with it also while it is read."""
    try:
        with gzip.open(path, "rb") as stream:
            yield cast("IO[bytes]", stream)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise SourceFormatError(
            f"{path} : archive gzip tronquée ou abîmée ({error}). {FETCH_AGAIN}"
        ) from error


def _check_zip(path: Path, file: SourceFile) -> None:
    check_archive(path)
    if not file.member:
        return
    name = find_zip_member(path, file.member)
    where = f"{path}, {name}"
    suffix = name.casefold().rpartition(".")[2]
    bound = STREAMED_MB if suffix in {"csv", "txt"} else IN_MEMORY_MB
    with open_zip_member(path, name, max_megabytes=bound) as stream:
        if suffix in {"csv", "txt"}:
            check_csv(stream, file, where)
        elif suffix in {"json", "geojson"}:
            check_json(stream, file, where)
        elif suffix == "xlsx":
            check_workbook(io.BytesIO(stream.read()), file, where)


def _check_xlsx(path: Path, file: SourceFile) -> None:
    check_archive(path)
    find_zip_member(path, "xl/workbook.xml")
    with path.open("rb") as stream:
        check_workbook(stream, file, path)


def _check_7z(path: Path, _file: SourceFile) -> None:
    """Check that the end of the archive, where its table of contents is, came."""
    head = read_head(path, 32)
    whole = len(head) == 32
    start, size = struct.unpack("<QQ", head[12:28]) if whole else (0, 0)
    if not whole or zlib.crc32(head[12:32]) != int.from_bytes(head[8:12], "little"):
        raise SourceFormatError(f"{path} : archive 7z abîmée. {FETCH_AGAIN}")
    if 32 + start + size > path.stat().st_size:
        raise SourceFormatError(f"{path} : archive 7z tronquée. {FETCH_AGAIN}")


def _check_nothing_more(_path: Path, _file: SourceFile) -> None:
    """Trust the first bytes: what reads the file says the rest."""


_CHECKS: Final[Mapping[str, Callable[[Path, SourceFile], None]]] = {
    "csv": _check_csv,
    "json": _check_json,
    "geojson": _check_json,
    "csv.gz": _check_gzip,
    "geojson.gz": _check_gzip,
    "zip": _check_zip,
    "xlsx": _check_xlsx,
    "parquet": check_parquet,
    "gpkg": check_geopackage,
    "7z": _check_7z,
    "tif": _check_nothing_more,
}
