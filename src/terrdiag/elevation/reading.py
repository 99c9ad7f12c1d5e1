"""Read one file: raw numbers become altitudes, and whatever is not one becomes NaN."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.enums import MaskFlags, Resampling
from rasterio.errors import RasterioError

from terrdiag.elevation.grid import Block
from terrdiag.elevation.model import HIGHEST_M, LOWEST_M, Tile
from terrdiag.errors import ElevationError
from terrdiag.wording import NBSP

Altitudes = NDArray[np.float32]
Mask = NDArray[np.bool_]

SENTINELS: Final = (-32768.0, -32767.0, -99999.0, -9999.0, -99.0)
"""What producers write where nothing is known, sometimes without declaring it."""

_CACHE_BYTES: Final = 192 * 2**20
"""Enough for a row of blocks of a wide raster."""

_HUGE: Final = 1e30
"""Beyond, a number is the largest of some type (±3.4e38), which also stands for the unknown."""


@dataclass(frozen=True)
class OddCells:
    """Cells of a tile that hold what is neither an altitude nor the declared nodata; arrays of shape (k,).

    Attributes
    ----------
    tile
        Rank of the tile in the model.
    row, column
        Where they are, in cells of the grid they were read on.
    value
        What they hold.
    is_sentinel
        Whether the value is known to stand for the unknown.
    """

    tile: int
    row: NDArray[np.int64]
    column: NDArray[np.int64]
    value: NDArray[np.float32]
    is_sentinel: Mask

    def place(self, row: NDArray[np.int64], column: NDArray[np.int64]) -> Self:
        """Give the same cells elsewhere."""
        return replace(self, row=row, column=column)


class TileReader:
    """An opened tile, read block by block.

    Parameters
    ----------
    tile
        The tile, as checked at opening.
    rank
        Its rank in the model.
    """

    def __init__(self, tile: Tile, rank: int = 0) -> None:
        self.tile = tile
        self.rank = rank
        with explain_failure(tile.path):
            self._dataset = rasterio.open(tile.path)
        self._scale, self._offset = self._dataset.scales[0], self._dataset.offsets[0]
        flags = self._dataset.mask_flag_enums[0]
        # a mask stored beside the values; one deduced from nodata costs more than comparing
        self._has_mask = MaskFlags.per_dataset in flags and MaskFlags.alpha not in flags
        nodata = np.float32(np.nan if tile.nodata is None else tile.nodata)
        self._nodata = nodata
        altitude = nodata * self._scale + self._offset
        self._nodata_passes = bool(LOWEST_M <= altitude <= HIGHEST_M)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._dataset.close()

    @property
    def extent(self) -> Block:
        """All of its cells."""
        return Block(0, 0, self.tile.height, self.tile.width)

    @property
    def stored_block(self) -> tuple[int, int]:
        """Rows and columns of the blocks the file is stored in: cells that are decoded together."""
        height, width = self._dataset.block_shapes[0]
        return height, width

    def read(
        self, block: Block, shape: tuple[int, int] | None = None
    ) -> tuple[Altitudes, OddCells | None]:
        """Read cells of the tile as altitudes (m).

        Parameters
        ----------
        block
            Cells, all inside the tile.
        shape
            Rows and columns wanted when fewer are enough (one cell out of several is taken).

        Returns
        -------
        altitude
            Shape of the block, NaN where not known.
        odd
            What had to be set aside without having been declared.
        """
        rows_columns = ((block.top, block.bottom), (block.left, block.right))
        with explain_failure(self.tile.path):
            raw = self._dataset.read(
                1,
                window=rows_columns,
                out_shape=shape,
                out_dtype="float32",
                resampling=Resampling.nearest,
            )
            mask = (
                self._dataset.read_masks(1, window=rows_columns, out_shape=shape) > 0
                if self._has_mask
                else None
            )
        # an infinity is no altitude, nor one that could be told: not known, like NaN
        raw[np.isinf(raw)] = np.nan
        return self._normalise(raw, mask, block)

    def _normalise(
        self, raw: Altitudes, mask: Mask | None, block: Block
    ) -> tuple[Altitudes, OddCells | None]:
        altitude = raw
        if (self._scale, self._offset) != (1.0, 0.0):
            altitude = raw * np.float32(self._scale) + np.float32(self._offset)
        fit = (altitude >= LOWEST_M) & (altitude <= HIGHEST_M)
        if self._nodata_passes:
            fit &= raw != self._nodata
        if mask is not None:
            fit &= mask
        if fit.all():
            return altitude, None
        odd = ~(fit | np.isnan(raw) | (raw == self._nodata))
        if mask is not None:
            odd &= mask
        cells = self._list_odd(odd, raw, altitude, block) if odd.any() else None
        altitude[~fit] = np.nan
        return altitude, cells

    def _list_odd(self, odd: Mask, raw: Altitudes, altitude: Altitudes, block: Block) -> OddCells:
        row, column = np.nonzero(odd)
        stored = raw[odd]
        is_sentinel = np.isin(stored, SENTINELS) | (np.abs(stored) > _HUGE)
        return OddCells(self.rank, row + block.top, column + block.left, altitude[odd], is_sentinel)


def limit_cache() -> rasterio.Env:
    """Bound the decoded blocks that GDAL keeps, which by default are a share of all the memory.

    GDAL takes the bound at its first reading of the process: every reading is done inside this.
    """
    return rasterio.Env(GDAL_CACHEMAX=_CACHE_BYTES)


@contextmanager
def explain_failure(path: Path) -> Iterator[None]:
    """Turn a failure to read into words."""
    try:
        yield
    except RasterioError as error:
        raise ElevationError(
            f"{path} ne se lit pas jusqu'au bout{NBSP}: le fichier est sans doute incomplet. "
            f"Téléchargez-le de nouveau. (GDAL{NBSP}: {error})"
        ) from error
