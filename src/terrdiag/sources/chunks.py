"""Read long CSV files piece by piece: the memory taken does not grow with the file."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Final

import numpy as np
import pandas as pd

from terrdiag.errors import SourceFormatError
from terrdiag.sources.extract import Dropped
from terrdiag.sources.files import FETCH_AGAIN, find_zip_member, open_zip_member, read_head
from terrdiag.sources.tables import COMMUNE_PATTERN
from terrdiag.wording import fold

CHUNK_ROWS: Final = 20_000

LONGEST_LINE: Final = 1_000_000
"""No line of an official table is longer, in bytes: a file of one endless line would fill the memory."""

SEPARATORS: Final = ";,\t"

Picked = Mapping[str, str]
"""By name of a column in the header: the name the reader gives it."""


def stream_csv(
    path: Path, pick: Callable[[list[str], Path], Picked], *, member: str = ""
) -> Iterator[pd.DataFrame]:
    """Read some columns of a CSV file as text, twenty thousand rows at a time.

    The separator is that of the header (``;``, ``,`` or a tabulation): exports of a same portal have either.

    Parameters
    ----------
    path
        The file, or the zip archive that holds it.
    pick
        Given the header and the path: the columns to keep, and the names to give them.
    member
        Pattern of the member of the archive (none: the file is not an archive).

    Yields
    ------
    DataFrame
        Every column as text, an empty cell being ``""``; the index is the line of the file.

    Raises
    ------
    SourceUnavailableError
        The file is not there.
    SourceFormatError
        A web page in the place of the data, a row cut short, text that is not UTF-8, no column found.
    """
    if member:
        with open_zip_member(path, find_zip_member(path, member)) as stream:
            yield from _read(stream, path, pick)
        return
    read_head(path)
    with path.open("rb") as stream:
        yield from _read(stream, path, pick)


def _read(
    stream: IO[bytes], path: Path, pick: Callable[[list[str], Path], Picked]
) -> Iterator[pd.DataFrame]:
    lines = _decode(stream, path)
    first = next(lines)
    separator = max(SEPARATORS, key=first.count)
    header = _split_header(first, separator, path)
    picked = pick(header, path)
    twice = [name for name in picked if header.count(name) > 1]
    if twice:
        raise SourceFormatError(
            f"{path} : colonne présente deux fois dans l'en-tête : {', '.join(twice)}."
        )
    places = [header.index(name) for name in picked]
    rows: list[list[str]] = []
    numbers: list[int] = []
    for number, row in _split(lines, separator, len(header), path):
        rows.append([row[place].strip() for place in places])
        numbers.append(number)
        if len(rows) == CHUNK_ROWS:
            yield _lay(rows, numbers, picked)
            rows, numbers = [], []
    if rows:
        yield _lay(rows, numbers, picked)


def _split_header(line: str, separator: str, path: Path) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(line), delimiter=separator))
    except csv.Error as error:
        raise SourceFormatError(
            f"{path}, ligne 1 : CSV illisible ({error}). {FETCH_AGAIN}"
        ) from error


def _lay(rows: list[list[str]], numbers: list[int], picked: Picked) -> pd.DataFrame:
    index = pd.Index(numbers, name="line")
    return pd.DataFrame(rows, index=index, columns=pd.Index(picked.values()), dtype="str")


def _decode(stream: IO[bytes], path: Path) -> Iterator[str]:
    """Decode line by line, so that the line of a bad byte is known."""
    number = 0
    while line := stream.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE:
            raise SourceFormatError(
                f"{path}, ligne {number} : ligne de plus d'un million d'octets. Ce n'est pas le fichier attendu."
            )
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise SourceFormatError(
                f"{path}, ligne {number} : le texte n'est pas en UTF-8 (octet {line[error.start]:#04x}). "
                "Le fichier a sans doute été réenregistré par un tableur : reprenez celui du producteur, tel quel."
            ) from error


def _split(
    lines: Iterator[str], separator: str, width: int, path: Path
) -> Iterator[tuple[int, list[str]]]:
    """Split lines into cells, refusing a row that does not have the width of the header."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
    try:
        for row in reader:
            number = reader.line_num + 1
            if row and len(row) != width:
                raise SourceFormatError(
                    f"{path}, ligne {number} : {len(row)} cellule(s) au lieu de {width}, "
                    f"le fichier est sans doute tronqué. {FETCH_AGAIN}"
                )
            if row:
                yield number, row
    except csv.Error as error:
        raise SourceFormatError(
            f"{path}, ligne {reader.line_num + 1} : CSV illisible ({error}), "
            f"le fichier est sans doute tronqué. {FETCH_AGAIN}"
        ) from error


def pick_columns(
    header: list[str],
    path: Path,
    wanted: Mapping[str, tuple[str, ...]],
    optional: tuple[str, ...] = (),
) -> Picked:
    """Find columns under any of the names a producer gives them, whatever the case and the accents.

    Parameters
    ----------
    header
        Names of the columns.
    path
        The file, as named in errors.
    wanted
        By name that the reader gives: the names it may bear.
    optional
        Names that may be absent.

    Returns
    -------
    mapping
        For :func:`stream_csv`.

    Raises
    ------
    SourceFormatError
        A column is missing, or two columns bear its names.

    Examples
    --------
    >>> pick_columns(["Année", "CONSO"], Path("a.csv"), {"year": ("annee",), "value": ("conso",)})
    {'Année': 'year', 'CONSO': 'value'}
    """
    found: dict[str, list[str]] = {
        key: [name for name in header if fold(name) in {fold(one) for one in names}]
        for key, names in wanted.items()
    }
    missing = [wanted[key][0] for key, names in found.items() if not names and key not in optional]
    if missing:
        raise SourceFormatError(
            f"{path} : colonne absente : {', '.join(missing)}. Colonnes trouvées : {', '.join(header[:60])}. "
            "Le format du producteur a peut-être changé, ou le fichier n'est pas celui attendu."
        )
    for key, names in found.items():
        if len(names) > 1:
            raise SourceFormatError(
                f"{path} : deux colonnes pour « {wanted[key][0]} » : {', '.join(names)}."
            )
    return {names[0]: key for key, names in found.items() if names}


def parse_cells(
    cells: pd.Series, path: Path, column: str, *, low: float = 0.0, high: float = 1e9
) -> pd.Series:
    """Parse numbers of a piece of a file, NaN where a cell is empty.

    Raises
    ------
    SourceFormatError
        A cell is not a number, or is out of the plausible range; its line is given.
    """
    values = pd.to_numeric(cells, errors="coerce").astype("float64")
    odd = values.isna() & (cells != "")
    if odd.any():
        text = cells[odd].str.replace(",", ".", regex=False)
        values[odd] = pd.to_numeric(text, errors="coerce").astype("float64")
    bad = (cells != "") & ~values.between(low, high)
    if bad.any():
        line = cells.index[int(np.argmax(bad.to_numpy()))]
        why = (
            "n'est pas un nombre" if pd.isna(values[line]) else f"est hors de [{low:g} ; {high:g}]"
        )
        raise SourceFormatError(
            f"{path}, ligne {line}, colonne {column} : « {cells[line]} » {why}. "
            "Vérifiez que le fichier est celui du producteur."
        )
    return values


def repair_codes(codes: pd.Series, path: Path, column: str) -> tuple[pd.Series, set[str]]:
    """Give back the zero that commune codes of the Ain to the Ariège lost in a spreadsheet.

    Parameters
    ----------
    codes
        Codes of communes as text, indexed by line.
    path, column
        As named in errors.

    Returns
    -------
    codes : Series
        Codes of five characters.
    repaired : set of str
        Those that were repaired.

    Raises
    ------
    SourceFormatError
        A code is not one of a commune, even with a zero; its line is given.

    Examples
    --------
    >>> repair_codes(pd.Series(["1004", "65059", "2A004"]), Path("a.csv"), "code")[0].tolist()
    ['01004', '65059', '2A004']
    """
    short = codes.str.fullmatch(r"\d{4}")
    whole = codes.mask(short, "0" + codes)
    bad = ~whole.str.fullmatch(COMMUNE_PATTERN)
    if bad.any():
        line = codes.index[int(np.argmax(bad.to_numpy()))]
        raise SourceFormatError(
            f"{path}, ligne {line}, colonne {column} : « {codes[line]} » n'est pas un code de commune."
        )
    return whole, set(whole[short])


def word_repaired(repaired: set[str]) -> tuple[Dropped, ...]:
    """Name the commune codes that were given their zero back (nothing when none was)."""
    reason = "codes de commune auxquels le zéro initial a été rendu (lignes gardées)"
    return (Dropped(reason, len(repaired), tuple(sorted(repaired)[:5])),) if repaired else ()
