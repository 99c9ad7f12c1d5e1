"""Check codes and numbers, and make the table of figures and the extract a reader hands over."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from terrdiag.catalogue.load import load_sources
from terrdiag.errors import SourceFormatError
from terrdiag.sources.extract import FIGURE_COLUMNS, Dropped, Extract
from terrdiag.values import MISSING, OK, SECRET

# not \d, which the figures of every other script match too
COMMUNE_PATTERN: Final = r"(?:[0-9]{2}|2[AB])[0-9]{3}"
"""An INSEE commune code: five characters, Corsica in 2A and 2B."""

SIREN_PATTERN: Final = r"[0-9]{9}"

Figure = tuple[str, int, pd.Series, pd.Series]
"""A variable, its reference year, its values and their statuses."""

SUM_TOLERANCE: Final = 0.5
"""Half a job, a post, a dwelling by which parts may miss their total: more than rounding, less than one.

Figures of the census are weighted, and no weight is under one.
"""

MAX_CONTRADICTORY: Final = 0.01
"""Beyond this share of the communes, a total that is not that of its parts is a fault of the file."""

SECRECY_MARK: Final = "s"
"""What INSEE writes in the place of a figure under statistical secrecy."""


def check_codes(codes: pd.Series, pattern: str, path: Path) -> None:
    """Refuse codes of a bad form, such as a commune code that lost its zero in a spreadsheet.

    Raises
    ------
    SourceFormatError
        The first bad codes, with their lines.
    """
    bad = ~codes.astype(str).str.fullmatch(pattern)
    if bad.any():
        first = [f"« {_cut(codes.iloc[i])} » (ligne {i + 2})" for i in np.flatnonzero(bad)[:3]]
        raise SourceFormatError(
            f"{path}, colonne {codes.name} : {int(bad.sum())} code(s) mal formé(s) : "
            f"{', '.join(first)}. "
            "Un tableur retire les zéros de tête : reprenez le fichier du producteur, tel quel."
        )


def parse_numbers(
    table: pd.DataFrame, column: str, path: Path, *, low: float = 0.0, high: float = 1e9
) -> tuple[pd.Series, pd.Series]:
    """Parse a column of numbers, with a decimal comma or point.

    Parameters
    ----------
    table
        A table read as text.
    column
        The column.
    path
        The file, as named in errors.
    low, high
        Range in which a number is plausible, bounds included.

    Returns
    -------
    Series, Series
        The values (NaN where unknown) and their statuses: ``ok``, ``secret`` (``s``) or
        ``missing`` (empty).

    Raises
    ------
    SourceFormatError
        A cell is not a number, or is out of the plausible range; line and column are given.
    """
    text = table[column].str.strip()
    values = pd.to_numeric(text.str.replace(",", ".", regex=False), errors="coerce").astype(
        "float64"
    )
    status = pd.Series(OK, index=table.index, dtype="str")
    status[text == SECRECY_MARK] = SECRET
    status[text == ""] = MISSING
    known = status == OK
    bad = known & ~(values.between(low, high))
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        why = (
            "n'est pas un nombre"
            if pd.isna(values.iloc[row])
            else f"est hors de [{low:g} ; {high:g}]"
        )
        raise SourceFormatError(
            f"{path}, ligne {row + 2}, colonne {column} : « {_cut(text.iloc[row])} » {why} "
            f"({int(bad.sum())} cellule(s) en tout). "
            "Vérifiez que le fichier est celui du producteur."
        )
    return values.where(known), status


def _cut(cell: object) -> str:
    """Give what a cell says, in a length that can be read (a damaged file has cells of a whole page)."""
    text = str(cell)
    return text if len(text) <= 40 else f"{text[:40]}…"


def make_figures(level: str, codes: pd.Series, parts: Iterable[Figure]) -> pd.DataFrame:
    """Stack figures, one block a variable and a year, into a table of figures.

    Parameters
    ----------
    level
        Level of the places.
    codes
        Codes of the places, aligned with the values of every part.
    parts
        ``(variable, ref_year, values, statuses)``.

    Returns
    -------
    DataFrame
        With :data:`~terrdiag.sources.extract.FIGURE_COLUMNS`; NaN if and only if not ``ok``.
    """
    blocks = [
        pd.DataFrame(
            {
                "level": level,
                "code": codes.to_numpy(),
                "variable": variable,
                "ref_year": ref_year,
                "value": values.to_numpy(),
                "status": status.to_numpy(),
            }
        )
        for variable, ref_year, values, status in parts
    ]
    return pd.concat(blocks, ignore_index=True)[list(FIGURE_COLUMNS)]


def name_dropped(reason: str, codes: Iterable[str]) -> tuple[Dropped, ...]:
    """Name what was left out (nothing when nothing was).

    Examples
    --------
    >>> name_dropped("altitude nulle", ["65326", "65111"])
    (Dropped(reason='altitude nulle', count=2, examples=('65111', '65326')),)
    >>> name_dropped("altitude nulle", [])
    ()
    """
    named = sorted(codes)
    return (Dropped(reason, len(named), tuple(named[:5])),) if named else ()


def check_contradictory(wrong: pd.Series, codes: pd.Series, what: str, where: object) -> None:
    """Refuse a file where too many communes (over 1 %) have parts that contradict their total.

    Parameters
    ----------
    wrong
        Whether those of a commune do.
    codes
        Its code; same index.
    what
        Which parts, of which total, in French.
    where
        What was read, as named in errors.

    Raises
    ------
    SourceFormatError
        The first of these communes: the file is not what it says, and nothing in it can be trusted.
    """
    if wrong.sum() > MAX_CONTRADICTORY * len(codes):
        raise SourceFormatError(
            f"{where} : {what} pour {int(wrong.sum())} commune(s) sur {len(codes)} : "
            f"{', '.join(codes[wrong].head(5))}. Vérifiez que le fichier est celui du producteur."
        )


def make_extract(
    source_id: str,
    table: pd.DataFrame,
    files: Sequence[Path],
    dropped: tuple[Dropped, ...] = (),
    intervals: tuple[tuple[int, int], ...] = (),
    cog_year: int | None = None,
) -> Extract:
    """Make an extract, its geography being the one of the register of sources unless given."""
    year = load_sources()[source_id].cog_year if cog_year is None else cog_year
    return Extract(source_id, table.reset_index(drop=True), year, tuple(files), dropped, intervals)
