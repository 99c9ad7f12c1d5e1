"""Text grids of IGN (.asc): a header of six lines, then rows from north to south, and no projection."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rasterio.transform import Affine

from terrdiag.errors import SourceFormatError
from terrdiag.sources.dem.rasters import Altitudes, hide_unknown
from terrdiag.wording import NBSP, format_number

MOST_CELLS: Final = 9_000_000

_HEADER: Final = {
    "ncols",
    "nrows",
    "xllcorner",
    "xllcenter",
    "yllcorner",
    "yllcenter",
    "cellsize",
    "nodata_value",
}


@dataclass(frozen=True)
class TextGrid:
    """A grid as read.

    Attributes
    ----------
    altitude
        Rows from north to south, the unknown being that of :mod:`.rasters`.
    transform
        From cells to the coordinates of a projection that the file does not say.
    """

    altitude: Altitudes
    transform: Affine


def read_grid(path: Path) -> TextGrid:
    """Read a grid.

    Raises
    ------
    SourceFormatError
        The header is incomplete, or cells lack.
    """
    content = path.read_bytes()
    header, start = _read_header(content)
    try:
        columns, rows, cell = _read_size(header, path)
        left, bottom = _find_corner(header, "x", cell), _find_corner(header, "y", cell)
    except KeyError as error:
        raise _wrong(path, f"en-tête sans {error}") from error
    if not (math.isfinite(left + columns * cell) and math.isfinite(bottom + rows * cell)):
        raise _wrong(path, f"coin {left:g} {bottom:g}")
    words = content[start:].split()
    if len(words) != columns * rows:
        raise _wrong(
            path, f"{format_number(len(words))} valeurs sur {format_number(columns * rows)}"
        )
    try:
        altitude = _narrow(np.array(words, dtype=np.float64))
    except ValueError as error:
        raise _wrong(path, str(error)[:200]) from error
    altitude[altitude == _narrow(np.array(header.get("nodata_value", np.nan)))] = np.nan
    if np.isinf(altitude).any():
        raise _wrong(path, "altitude infinie")
    transform = Affine(cell, 0, left, 0, -cell, bottom + rows * cell)
    return TextGrid(hide_unknown(altitude.reshape(rows, columns)), transform)


def _read_header(content: bytes) -> tuple[dict[str, float], int]:
    """Read the lines that start by a known word; say where the rest starts."""
    header: dict[str, float] = {}
    start = 0
    while True:
        end = content.find(b"\n", start)
        words = content[start : end if end >= 0 else len(content)].decode("latin-1").split()
        if len(words) != 2 or words[0].lower() not in _HEADER or end < 0:
            return header, start
        try:
            header[words[0].lower()] = float(words[1])
        except ValueError:
            return header, start
        start = end + 1


def _read_size(header: dict[str, float], path: Path) -> tuple[int, int, float]:
    """Read columns, rows and the side of a cell, of a grid that can be held."""
    columns, rows, cell = header["ncols"], header["nrows"], header["cellsize"]
    whole = columns.is_integer() and rows.is_integer()  # neither infinite nor not a number
    if not (whole and columns > 0 and 0 < columns * rows <= MOST_CELLS and 0 < cell < math.inf):
        raise _wrong(path, f"{columns:g} colonnes, {rows:g} lignes, pas de {cell:g}")
    return int(columns), int(rows), cell


def _narrow(values: NDArray[np.float64]) -> Altitudes:
    """Halve the digits, what is too big becoming infinite."""
    with np.errstate(over="ignore"):
        return values.astype(np.float32)


def _find_corner(header: dict[str, float], axis: str, cell: float) -> float:
    """Find the left or lower edge of the first cell."""
    if f"{axis}llcenter" in header:
        return header[f"{axis}llcenter"] - cell / 2
    return header[f"{axis}llcorner"]


def _wrong(path: Path, what: str) -> SourceFormatError:
    return SourceFormatError(
        f"{path.name}{NBSP}: grille d'altitudes incomplète ou illisible ({what}). Relancez la commande."
    )
