"""Read an official file, check what it is, and say precisely what is wrong with it.

Every reader of this room goes through these functions, so that a truncated download, a web page
saved in place of the data or a renamed column end in one sentence that a person can act on.
"""

import csv
import gzip
import io
import json
import re
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from terrdiag.errors import SourceFormatError, SourceUnavailableError
from terrdiag.sources.extract import check_columns

FETCH_AGAIN: Final = "Téléchargez-le de nouveau depuis la page du producteur (voir « sources »)."


def read_bytes(path: Path) -> bytes:
    """Read a file whole, refusing one that is absent, empty or a web page.

    Raises
    ------
    SourceUnavailableError
        The file is not there or cannot be read.
    SourceFormatError
        The file is empty, or holds HTML or XML (the title of the page is given).
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceUnavailableError(
            f"{path} : fichier absent ou illisible ({error.strerror}). {FETCH_AGAIN}"
        ) from error
    check_content(data, path)
    return data


def check_content(data: bytes, where: object) -> None:
    """Refuse content that is empty, or a web page or an XML error in the place of data."""
    head = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head:
        raise SourceFormatError(f"{where} : fichier vide. {FETCH_AGAIN}")
    if head.startswith(b"<"):
        text = data[:20_000].decode("utf-8", errors="replace")
        found = re.search(
            r"<(title|[\w:]*ExceptionText|[\w:]*Message)[^>]*>(.*?)</", text, re.S | re.I
        )
        title = f" (« {' '.join(found[2].split())} »)" if found else ""
        raise SourceFormatError(
            f"{where} : page HTML ou XML au lieu des données{title}. "
            f"Le serveur du producteur a répondu par une page d'erreur. {FETCH_AGAIN}"
        )


def read_gzip(path: Path) -> bytes:
    """Read a gzip file whole.

    Raises
    ------
    SourceFormatError
        The file is truncated, or is not gzip.
    """
    data = read_bytes(path)
    try:
        content = gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise SourceFormatError(
            f"{path} : archive gzip tronquée ou abîmée ({error}). {FETCH_AGAIN}"
        ) from error
    check_content(content, path)
    return content


def read_zip_member(path: Path, name: str) -> bytes:
    """Read one member of a zip archive.

    Raises
    ------
    SourceFormatError
        The archive is truncated, or does not hold that member (its members are listed).
    """
    data = read_bytes(path)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if name not in archive.namelist():
                raise SourceFormatError(
                    f"{path} : « {name} » n'est pas dans l'archive. Contenu trouvé : "
                    f"{', '.join(archive.namelist())}. "
                    "Le producteur a peut-être renommé le fichier."
                )
            content = archive.read(name)
    except (zipfile.BadZipFile, EOFError, zlib.error) as error:
        raise SourceFormatError(
            f"{path} : archive zip tronquée ou abîmée ({error}). {FETCH_AGAIN}"
        ) from error
    check_content(content, f"{path}, {name}")
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
        The content is not JSON (truncated, most often).
    """
    content = read_bytes(path) if data is None else data
    try:
        return json.loads(content)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise SourceFormatError(
            f"{path} : JSON illisible, le fichier est sans doute tronqué ({error}). {FETCH_AGAIN}"
        ) from error
