"""What is not an altitude inside the zones: set aside and said, or refused."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from terrdiag.elevation.grid import Block
from terrdiag.elevation.model import HIGHEST_M, LOWEST_M, ElevationModel
from terrdiag.elevation.reading import Mask, OddCells
from terrdiag.elevation.scanline import Spans
from terrdiag.errors import ElevationError
from terrdiag.wording import NBSP, format_number, format_value, plural


@dataclass
class _Refused:
    """Impossible altitudes of a tile."""

    cells: int = 0
    lowest: float = np.inf
    highest: float = -np.inf


@dataclass
class Findings:
    """What was found in the zones, by tile."""

    sentinels: Counter[tuple[int, float]] = field(default_factory=Counter)
    refused: dict[int, _Refused] = field(default_factory=dict)

    def record(self, odd: tuple[OddCells, ...], spans: Spans, parts: int = 1) -> None:
        """Record the odd cells that lie in a zone.

        Parameters
        ----------
        odd
            Odd cells, some of them in the zones or none.
        spans
            Where the zones are.
        parts
            Parts of a cell, along a side, that the spans count.
        """
        if not odd:
            return
        block = spans.block
        covered = paint(spans, block)
        height, width = block.shape
        for cells in odd:
            # the part in the middle stands for the cell
            row = cells.row * parts + parts // 2 - block.top
            column = cells.column * parts + parts // 2 - block.left
            near = (row >= 0) & (row < height) & (column >= 0) & (column < width)
            inside = np.zeros(len(row), dtype=bool)
            inside[near] = covered[row[near], column[near]]
            self._count_sentinels(cells, inside & cells.is_sentinel)
            self._count_refused(cells, inside & ~cells.is_sentinel)

    def _count_sentinels(self, cells: OddCells, chosen: Mask) -> None:
        for value, count in zip(*np.unique(cells.value[chosen], return_counts=True), strict=True):
            self.sentinels[cells.tile, float(value)] += int(count)

    def _count_refused(self, cells: OddCells, chosen: Mask) -> None:
        if chosen.any():
            refused = self.refused.setdefault(cells.tile, _Refused())
            values = cells.value[chosen]
            refused.cells += len(values)
            refused.lowest = min(refused.lowest, float(values.min()))
            refused.highest = max(refused.highest, float(values.max()))

    def word_sentinels(self, model: ElevationModel) -> tuple[str, ...]:
        """Say which cells were taken as unknown without the file saying so."""
        return tuple(
            f"«{NBSP}{model.tiles[rank].name}{NBSP}»{NBSP}: {plural(count, 'cellule')} du territoire à "
            f"{_word_altitude(value)}, prises pour inconnues (valeur non déclarée par le fichier)."
            for (rank, value), count in sorted(self.sentinels.items())
        )

    def check(self, model: ElevationModel) -> None:
        """Refuse impossible altitudes.

        Raises
        ------
        ElevationError
            There are some in the zones.
        """
        if not self.refused:
            return
        words = [
            f"«{NBSP}{model.tiles[rank].path}{NBSP}» a {plural(found.cells, 'cellule')} du territoire entre "
            f"{_word_altitude(found.lowest)} et {_word_altitude(found.highest)}"
            for rank, found in sorted(self.refused.items())
        ]
        raise ElevationError(
            f"Altitudes impossibles en France ({_word_altitude(LOWEST_M)} à {_word_altitude(HIGHEST_M)}){NBSP}: "
            f"{f'{NBSP}; '.join(words)}. Si cette valeur veut dire «{NBSP}inconnu{NBSP}», déclarez-la dans le "
            f"fichier (gdal_edit.py -a_nodata VALEUR FICHIER){NBSP}; si les altitudes ne sont pas en "
            f"mètres, convertissez-les."
        )


def paint(spans: Spans, block: Block) -> Mask:
    """Give the cells of a block that lie in a zone, shape of the block."""
    height, width = block.shape
    steps = np.zeros((height, width + 1), dtype=np.int32)
    np.add.at(steps, (spans.row - block.top, spans.left - block.left), 1)
    np.add.at(steps, (spans.row - block.top, spans.right - block.left), -1)
    covered: Mask = np.cumsum(steps, axis=1)[:, :width] > 0
    return covered


def _word_altitude(value: float) -> str:
    # ±3.4e38 in full would take forty figures
    return (
        format_value(value, "m")
        if abs(value) < 1e9
        else f"{format_number(value / 1e38, 1)}·10³⁸{NBSP}m"
    )
