"""Which cells have their centre in which zone: spans of cells along rows, all zones at once.

A cell belongs to a zone when its centre does. Where two zones share a border, both compute the
same crossing of the same segment, and spans exclude their end: each centre is in exactly one of
them. Zones may also overlap: each keeps its own cells.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from terrdiag.elevation.grid import Block, Grid
from terrdiag.elevation.model import Floats

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Spans:
    """Runs of neighbouring cells of one zone in one row, sorted by zone then row; arrays of shape (s,)."""

    zone: Integers
    row: Integers
    left: Integers
    right: Integers

    def __len__(self) -> int:
        return len(self.zone)

    @property
    def lengths(self) -> Integers:
        """Cells of each span."""
        return self.right - self.left

    @property
    def block(self) -> Block:
        """The smallest block that holds them all."""
        return Block(
            int(self.row.min()),
            int(self.left.min()),
            int(self.row.max()) + 1,
            int(self.right.max()),
        )

    def cut(self, left: int, right: int) -> "Spans":
        """Keep what lies between two columns."""
        start, end = np.maximum(self.left, left), np.minimum(self.right, right)
        kept = end > start
        return Spans(self.zone[kept], self.row[kept], start[kept], end[kept])


@dataclass(frozen=True)
class Segments:
    """Sides of outlines in cells, shape (e,), each from its upper row to its lower; level ones left out."""

    zone: Integers
    column0: Floats
    row0: Floats
    column1: Floats
    row1: Floats

    def trace(self, top: int, bottom: int) -> Spans:
        """Trace the spans of all the zones in some rows.

        Parameters
        ----------
        top, bottom
            Rows, the last one excluded.
        """
        zone, row, column = self._cross(top, bottom)
        if not len(zone):
            return Spans(zone, row, column, column)
        # one number a crossing, so that sorting pairs each way in with the way out that follows it
        west, width = int(column.min()), int(column.max() - column.min()) + 1
        line = zone * (bottom - top) + (row - top)
        key = np.sort(line * width + (column - west))
        enter, leave = key[::2], key[1::2]
        kept = leave > enter
        enter, leave = enter[kept], leave[kept]
        zone, row = np.divmod(enter // width, bottom - top)
        return Spans(zone, row + top, enter % width + west, leave % width + west)

    def _cross(self, top: int, bottom: int) -> tuple[Integers, Integers, Integers]:
        """Find the first cell whose centre lies east of each side, for each row centre it crosses."""
        first = np.maximum(np.ceil(self.row0 - 0.5), top).astype(np.int64)
        last = np.minimum(np.ceil(self.row1 - 0.5), bottom).astype(np.int64)
        sides = np.flatnonzero(last > first)
        count = last[sides] - first[sides]
        side = np.repeat(sides, count)
        ends = np.cumsum(count)
        row = np.arange(len(side)) + np.repeat(first[sides] - (ends - count), count)
        rise = (row + 0.5 - self.row0[side]) / (self.row1[side] - self.row0[side])
        column = self.column0[side] + rise * (self.column1[side] - self.column0[side])
        return self.zone[side], row, np.ceil(column - 0.5).astype(np.int64)

    def split_rows(self, height: int) -> Iterator[tuple[int, int]]:
        """Split the rows that the outlines reach into bands that start at multiples of a height."""
        if len(self.zone):
            top, bottom = int(np.floor(self.row0.min())), int(np.ceil(self.row1.max()))
            for start in range(top // height * height, bottom, height):
                yield max(start, top), min(start + height, bottom)


def find_segments(outlines: NDArray[np.object_], grid: Grid) -> Segments:
    """Turn the outlines of zones into sides, in cells of a grid.

    Parameters
    ----------
    outlines
        Polygons or multipolygons in degrees, with or without holes, shape (n,).
    grid
        The grid.

    Returns
    -------
    Segments
        Every side of every ring.
    """
    polygons, owner = shapely.get_parts(outlines, return_index=True)
    rings, part = shapely.get_rings(polygons, return_index=True)
    counts = shapely.get_num_coordinates(rings)
    points = shapely.get_coordinates(rings)
    column, row = grid.from_degrees(points[:, 0], points[:, 1])
    is_last = np.zeros(len(points), dtype=bool)
    is_last[np.cumsum(counts) - 1] = True
    start = np.flatnonzero(~is_last)
    start = start[row[start] != row[start + 1]]
    downwards = row[start] < row[start + 1]
    # the same order whichever zone the side belongs to: a shared side is crossed at the same place
    upper, lower = np.where(downwards, start, start + 1), np.where(downwards, start + 1, start)
    zone = np.repeat(owner[part], counts)[start]
    return Segments(zone, column[upper], row[upper], column[lower], row[lower])
