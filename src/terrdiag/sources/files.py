"""Read an official file, check what it is, and say precisely what is wrong with it.

Every reader of this room goes through these functions, so that a truncated download, a web page
saved in place of the data or a renamed column end in one sentence that a person can act on.
"""

import csv
import gzip
import io
import json
import re
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from terrdiag.errors import SourceFormatError
from terrdiag.sources.archives import (
    IN_MEMORY_MB,
    STREAMED_MB,
    check_archive,
    check_member,
    find_zip_member,
    open_zip_member,
    read_zip_member,
)
from terrdiag.sources.content import (
    FETCH_AGAIN,
    check_content,
    find_page_title,
    read_bytes,
    read_head,
)
from terrdiag.sources.extract import check_columns
from terrdiag.wording import format_number

__all__ = [
    "FETCH_AGAIN",
    "IN_MEMORY_MB",
    "STREAMED_MB",
    "check_archive",
    "check_content",
    "check_member",
    "decode_text",
    "find_page_title",
    "find_zip_member",
    "open_zip_member",
    "read_bytes",
    "read_csv",
    "read_gzip",
    "read_head",
    "read_json",
    "read_zip_member",
]


_HALF: Final = re.compile(r"\\u[dD][89a-fA-F]")
"""Half a pair of UTF-16, as JSON writes it."""


def read_gzip(path: Path) -> bytes:
    """Read a gzip file whole.

    Raises
    ------
    SourceFormatError
        The file is truncated, is not gzip, or inflates beyond what memory should hold.
    """
    data = read_bytes(path)
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            content = stream.read(IN_MEMORY_MB * 1_000_000 + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise SourceFormatError(
            f"{path} : archive gzip tronquée ou abîmée ({error}). {FETCH_AGAIN}"
        ) from error
    if len(content) > IN_MEMORY_MB * 1_000_000:
        raise SourceFormatError(
            f"{path} : plus de {format_number(IN_MEMORY_MB)} Mo une fois décomprimé. "
            "Ce n'est pas le fichier attendu, ou l'archive est piégée."
        )
    check_content(content, path)
    return content


def decode_text(data: bytes, where: object) -> str:
    """Decode UTF-8 text, with or without its byte order mark.

    Raises
    ------
    SourceFormatError
        The text is not UTF-8; the line of the first bad byte is given.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise SourceFormatError(
            f"{where}, ligne {line} : le texte n'est pas en UTF-8 "
            f"(octet {error.object[error.start]:#04x}). "
            "Le fichier a sans doute été réenregistré par un tableur : "
            "reprenez celui du producteur, tel quel."
        ) from error


def read_csv(
    path: Path, columns: Sequence[str], *, sep: str = ",", data: bytes | None = None
) -> pd.DataFrame:
    """Read a CSV file as text: no number is guessed, no code loses its zero.

    Parameters
    ----------
    path
        The file, as named in errors.
    columns
        Columns that must be there.
    sep
        Separator.
    data
        Its content when it was taken out of an archive.

    Returns
    -------
    DataFrame
        Every column as text, an empty cell being ``""``.

    Raises
    ------
    SourceFormatError
        The file is not the one expected, or holds no row.
    """
    text = decode_text(read_bytes(path) if data is None else data, path)
    header, rows = _parse_rows(text, sep, path)
    table = pd.DataFrame(rows, columns=pd.Index(header), dtype="str")
    check_columns(table, columns, path)
    if table.empty:
        raise SourceFormatError(f"{path} : aucune ligne sous l'en-tête. {FETCH_AGAIN}")
    return table


def _parse_rows(text: str, sep: str, path: Path) -> tuple[list[str], list[list[str]]]:
    """Split a CSV text, refusing rows that do not have the width of the header.

    pandas would complete a row cut short with empty cells, which read as unknown figures.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sep, strict=True)
    rows: list[list[str]] = []
    try:
        header = next(reader)
        for row in reader:
            if row and len(row) != len(header):
                raise SourceFormatError(
                    f"{path}, ligne {reader.line_num} : {len(row)} cellule(s) au lieu de "
                    f"{len(header)}, le fichier est sans doute tronqué. {FETCH_AGAIN}"
                )
            rows.append(row)
    except csv.Error as error:
        raise SourceFormatError(
            f"{path}, ligne {reader.line_num} : CSV illisible ({error}), "
            f"le fichier est sans doute tronqué. {FETCH_AGAIN}"
        ) from error
    return header, [row for row in rows if row]


def read_json(path: Path, data: bytes | None = None) -> Any:
    """Read a JSON file.

    Raises
    ------
    SourceFormatError
        The content is not JSON (truncated, most often), or has half a character.
    """
    text = decode_text(read_bytes(path) if data is None else data, path)
    try:
        content = json.loads(text)
    except (
        ValueError,
        RecursionError,
    ) as error:  # also numbers of thousands of digits, endless nesting
        raise SourceFormatError(
            f"{path} : JSON illisible, le fichier est sans doute tronqué ({error}). {FETCH_AGAIN}"
        ) from error
    if _HALF.search(text):
        _refuse_halves(content, path)
    return content


def _refuse_halves(content: Any, path: Path) -> None:
    """Refuse half a pair of UTF-16 alone: text for Python, and for nothing else."""
    try:
        json.dumps(content, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise SourceFormatError(
            f"{path} : JSON abîmé, un demi-caractère ({error.object[error.start]!a}) ne dit rien seul. {FETCH_AGAIN}"
        ) from error
