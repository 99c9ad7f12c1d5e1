"""Some columns of a workbook too large to be opened: its XML is read as a stream, in bounded memory.

A sheet of BANATIC inflates beyond 500 MB, mostly in columns that nobody asks for. Only the cells of the columns
asked for are kept; of the shared strings, only those that these cells name.
"""

import contextlib
import datetime as dt
import re
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import IO, Final
from xml.parsers import expat

import pandas as pd

from terrdiag.errors import SourceFormatError
from terrdiag.sources.files import FETCH_AGAIN, STREAMED_MB, check_member, read_head
from terrdiag.sources.xlsxparts import Raw, SheetParser, StringsParser, Wanted
from terrdiag.wording import fold

SHEET: Final = "xl/worksheets/sheet1.xml"
STRINGS: Final = "xl/sharedStrings.xml"
PROPERTIES: Final = "docProps/core.xml"

HEADER_WITHIN: Final = 20
"""The header is looked for in so many rows."""

CHUNK: Final = 1 << 20

EPOCH: Final = dt.date(1899, 12, 30)
"""Day 0 of the serials of a spreadsheet."""

_DAMAGED: Final = (
    zipfile.BadZipFile,
    NotImplementedError,
    struct.error,
    zlib.error,
    EOFError,
    ValueError,
    OverflowError,
    OSError,
)


def read_columns(
    path: Path, columns: Mapping[str, str], optional: Collection[str] = ()
) -> pd.DataFrame:
    """Read some columns of the first sheet of a workbook.

    Parameters
    ----------
    path
        The workbook.
    columns
        Name to give to each column, by its header (accents, case and punctuation do not matter).
    optional
        Names of the columns that may lack: their cells are then empty.

    Returns
    -------
    DataFrame
        The rows that have something in these columns, as text (``""`` for an empty cell, no ``.0`` on a code).

    Raises
    ------
    SourceFormatError
        The workbook is damaged, or a column is missing; the columns found are listed.
    """
    wanted = {fold(label): name for label, name in columns.items()}
    head = _resolve(path, _read_rows(path, None, HEADER_WITHIN))
    at, places = _find_header(head, wanted, set(wanted.values()) - set(optional))
    if at < 0:
        missing = [
            label for label, name in columns.items() if name not in {*places.values(), *optional}
        ]
        raise _lacking(head, missing, path)
    # the rows above the header have been numbered as the others are
    rows = _read_rows(path, set(places), None)[at + 1 :]
    cells = [[row.get(place, "") for place in places] for row in _resolve(path, rows) if row]
    table = pd.DataFrame(cells, columns=pd.Index(list(places.values())), dtype="str")
    return table.reindex(columns=list(columns.values()), fill_value="")


def _find_header(
    head: list[dict[int, str]], wanted: Mapping[str, str], needed: Collection[str]
) -> tuple[int, dict[int, str]]:
    """Find the row of the header, and the place of each column; row -1, with the nearest one, when there is none."""
    best: dict[int, str] = {}
    for at, row in enumerate(head):
        places: dict[int, str] = {}
        for place, text in row.items():
            name = wanted.get(fold(text))
            if name and name not in places.values():
                places[place] = name
        if set(needed) <= set(places.values()):
            return at, places
        best = max(best, places, key=len)
    return -1, best


def _lacking(head: list[dict[int, str]], missing: list[str], path: Path) -> SourceFormatError:
    found = next((row for row in head if len(row) > 1), {})
    return SourceFormatError(
        f"{path} : colonne absente : {', '.join(missing)}. Colonnes trouvées : "
        f"{', '.join(list(found.values())[:30])}. "
        "Le format du producteur a peut-être changé, ou le fichier n'est pas celui attendu."
    )


def _read_rows(
    path: Path, places: Collection[int] | None, limit: int | None
) -> list[dict[int, Raw]]:
    """Read rows of the sheet: the cells of some columns (all when absent), up to so many rows."""
    parser = SheetParser(places, limit)
    _feed(path, SHEET, parser)
    return parser.rows


def _resolve(path: Path, rows: list[dict[int, Raw]]) -> list[dict[int, str]]:
    """Put the shared strings in the cells that name them."""
    ranks = {cell for row in rows for cell in row.values() if isinstance(cell, int)}
    strings: dict[int, str] = {}
    if ranks:
        parser = StringsParser(ranks)
        _feed(path, STRINGS, parser)
        strings = parser.strings
    lost = sorted(ranks - strings.keys())
    if lost:
        raise SourceFormatError(
            f"{path} : texte partagé absent du classeur (n° {lost[0]}). {FETCH_AGAIN}"
        )
    resolved = (
        {place: strings[cell] if isinstance(cell, int) else cell for place, cell in row.items()}
        for row in rows
    )
    return [{place: text for place, text in row.items() if text} for row in resolved]


def _feed(path: Path, member: str, wanted: Wanted) -> None:
    """Feed a parser with a member of the workbook, until its end or until the parser has what it wants."""
    try:
        with _open_archive(path) as archive, _open_member(archive, member, path) as stream:
            while not wanted.is_done and (chunk := stream.read(CHUNK)):
                wanted.feed(chunk)
            if not wanted.is_done:
                wanted.close()
    except expat.ExpatError as error:
        raise SourceFormatError(
            f"{path}, {member} : XML tronqué ou abîmé ({error}). {FETCH_AGAIN}"
        ) from error


@contextlib.contextmanager
def _open_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a workbook, saying what is wrong with it, also while it is read."""
    read_head(path)
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except SourceFormatError:
        raise
    except _DAMAGED as error:
        raise SourceFormatError(
            f"{path} : classeur XLSX tronqué ou abîmé ({error}). {FETCH_AGAIN}"
        ) from error


def _open_member(archive: zipfile.ZipFile, name: str, path: Path) -> IO[bytes]:
    """Open a member of a workbook (not as the others are: it begins as a web page does, being XML)."""
    if name not in archive.namelist():
        raise SourceFormatError(
            f"{path} : « {name} » n'est pas dans le fichier : ce n'est pas un classeur XLSX. {FETCH_AGAIN}"
        )
    info = archive.getinfo(name)
    check_member(info, path, STREAMED_MB)
    return archive.open(info)


def read_export_date(path: Path) -> dt.date | None:
    """Read the day a workbook was made, from its properties; nothing when they do not say."""
    with _open_archive(path) as archive:
        if PROPERTIES not in archive.namelist():
            return None
        with _open_member(archive, PROPERTIES, path) as stream:
            text = stream.read(100_000).decode("utf-8", errors="replace")
    found = re.search(r"<dcterms:(?:modified|created)[^>]*>([^<]*)", text)
    return parse_serial(found[1]) if found else None


def parse_serial(text: str) -> dt.date | None:
    """Parse a date of a spreadsheet: a serial number, ``2016-12-14`` or ``14/12/2016``; nothing when it is none.

    Examples
    --------
    >>> parse_serial("42718"), parse_serial("14/12/2016"), parse_serial("2016-12-14T00:00:00Z")
    (datetime.date(2016, 12, 14), datetime.date(2016, 12, 14), datetime.date(2016, 12, 14))
    >>> parse_serial(""), parse_serial("inconnue"), parse_serial("31/02/2016"), parse_serial("1e300")
    (None, None, None, None)
    """
    text = text.strip()
    try:
        if found := re.match(r"(\d{4})-(\d\d)-(\d\d)", text):
            return dt.date(int(found[1]), int(found[2]), int(found[3]))
        if found := re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", text):
            return dt.date(int(found[3]), int(found[2]), int(found[1]))
        return EPOCH + dt.timedelta(days=int(float(text))) if text else None
    except (ValueError, OverflowError):
        return None
