"""The tiles as one raster: the first that has a value wins, the others are brought to the same grid."""

from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import numpy as np

from terrdiag.elevation.grid import Block, Grid
from terrdiag.elevation.layers import Layer, place_tile
from terrdiag.elevation.model import ElevationModel
from terrdiag.elevation.reading import Altitudes, OddCells, TileReader, limit_cache


@dataclass(frozen=True)
class Patch:
    """What was read of a block: altitudes (m), NaN where not known, and what was set aside."""

    altitude: Altitudes
    odd: tuple[OddCells, ...] = ()


class Mosaic:
    """The opened tiles of a model, read on the grid of its finest one.

    Parameters
    ----------
    model
        The model.
    """

    def __init__(self, model: ElevationModel) -> None:
        self.grid = Grid.of(model.reference)
        self._model = model
        self._stack = ExitStack()
        self._layers: list[Layer] = []

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(limit_cache())
            readers = [
                stack.enter_context(TileReader(tile, rank))
                for rank, tile in enumerate(self._model.tiles)
            ]
            self._layers = [place_tile(reader, self.grid) for reader in readers]
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    @property
    def stored_block(self) -> tuple[int, int]:
        """Rows and columns of the blocks of the finest tile."""
        rank = self._model.tiles.index(self._model.reference)
        return self._layers[rank].reader.stored_block

    def meets(self, block: Block) -> bool:
        """Say whether a tile has cells in a block."""
        return any(layer.extent.meets(block) for layer in self._layers)

    def read(self, block: Block) -> Patch:
        """Read a block of the grid that a tile meets.

        Parameters
        ----------
        block
            Cells of the grid; those beyond the tiles are not known.

        Returns
        -------
        Patch
            Altitudes of the shape of the block.
        """
        first, *others = [layer for layer in self._layers if layer.extent.meets(block)]
        altitude, odd = first.read(block)
        for layer in others:
            unknown = np.isnan(altitude)
            if not unknown.any():
                break
            below, set_aside = layer.read(block)
            np.copyto(altitude, below, where=unknown)
            odd += set_aside
        return Patch(altitude, tuple(odd))
