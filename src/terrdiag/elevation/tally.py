"""Add cells up by zone: area, histogram of altitudes, extremes, slope."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Self

import numpy as np

from terrdiag.elevation.grid import Block
from terrdiag.elevation.histogram import Histograms
from terrdiag.elevation.model import Floats, Zones
from terrdiag.elevation.reading import Altitudes, Mask
from terrdiag.elevation.scanline import Integers, Spans

_CHUNK_CELLS: Final = 2**17
"""Cells handled together: their arrays stay in the processor's cache, twice as fast."""


@dataclass(frozen=True)
class Runs:
    """Values of cells that follow one another by spans of a zone.

    Attributes
    ----------
    values
        All the cells, span after span, shape (cells,).
    zone, cell_km2, length
        Zone, area of a cell and number of cells of each span, shape (s,). Spans are sorted by zone;
        none is empty.
    """

    values: Altitudes
    zone: Integers
    cell_km2: Floats
    length: Integers

    @property
    def starts(self) -> Integers:
        """Where each span begins among the values."""
        return np.cumsum(self.length) - self.length

    @property
    def area_km2(self) -> Floats:
        """Area of each span."""
        return self.cell_km2 * self.length

    def find_zones(self) -> tuple[Integers, Integers]:
        """Find the zones, each once, and the rank of their first span."""
        first = np.flatnonzero(np.diff(self.zone, prepend=-1))
        return self.zone[first], first

    def keep_known(self) -> Self:
        """Leave out the cells that have no value, and the spans that are left with none."""
        known: Mask = ~np.isnan(self.values)
        if known.all():
            return self
        length = np.add.reduceat(known, self.starts, dtype=np.int64)
        kept = length > 0
        return type(self)(self.values[known], self.zone[kept], self.cell_km2[kept], length[kept])

    def sum_spans(self) -> Floats:
        """Sum the values of each span."""
        # few enough cells a span for float32 to hold the sum to a few millimetres a cell
        return np.add.reduceat(self.values, self.starts).astype(np.float64)


class Tally:
    """What has been added up so far.

    Parameters
    ----------
    zones
        How many there are.
    steep_deg
        From what slope ground is called steep.
    """

    def __init__(self, zones: int, steep_deg: float) -> None:
        self.steep_deg = steep_deg
        self.cells_km2 = np.zeros(zones)
        self.known_km2 = np.zeros(zones)
        self.moment_km2_m = np.zeros(zones)
        self.slope_known_km2 = np.zeros(zones)
        self.slope_km2_deg = np.zeros(zones)
        self.steep_km2 = np.zeros(zones)
        self.low_m = np.full(zones, np.inf)
        self.high_m = np.full(zones, -np.inf)
        self.whole_metres = True
        self._histograms = Histograms(zones)

    def count_cells(self, spans: Spans, cell_km2: Floats) -> None:
        """Add the area of cells, whether they have a value or not.

        Parameters
        ----------
        spans
            Where the zones are.
        cell_km2
            Area of a cell of each span.
        """
        area_km2 = cell_km2 * spans.lengths
        self.cells_km2 += np.bincount(spans.zone, weights=area_km2, minlength=len(self.cells_km2))

    def add(
        self,
        spans: Spans,
        cell_km2: Floats,
        block: Block,
        altitude: Altitudes,
        slope: Altitudes | None = None,
    ) -> None:
        """Add what was read of a block.

        Parameters
        ----------
        spans
            Where the zones are, inside the block.
        cell_km2
            Area of a cell of each span.
        block
            The block.
        altitude
            Altitudes (m) of the shape of the block.
        slope
            Slopes (degrees) of the same shape, unless they are not wanted.
        """
        first = (spans.row - block.top) * block.shape[1] + (spans.left - block.left)
        for chunk in split_chunks(spans.lengths):
            zone, area, length = spans.zone[chunk], cell_km2[chunk], spans.lengths[chunk]
            places = list_places(first[chunk], length)
            known = Runs(altitude.take(places, mode="clip"), zone, area, length).keep_known()
            if len(known.zone):
                self._add_altitudes(known)
            if slope is not None:
                known = Runs(slope.take(places, mode="clip"), zone, area, length).keep_known()
                if len(known.zone):
                    self._add_slopes(known)

    def _add_altitudes(self, runs: Runs) -> None:
        starts, zone, first = runs.starts, *runs.find_zones()
        low = np.minimum.reduceat(np.minimum.reduceat(runs.values, starts), first)
        high = np.maximum.reduceat(np.maximum.reduceat(runs.values, starts), first)
        self.low_m[zone] = np.minimum(self.low_m[zone], low)
        self.high_m[zone] = np.maximum(self.high_m[zone], high)
        area_km2 = np.add.reduceat(runs.area_km2, first)
        self.known_km2[zone] += area_km2
        self.moment_km2_m[zone] += np.add.reduceat(runs.sum_spans() * runs.cell_km2, first)
        # cells of one zone that were read together differ in area by less than a thousandth: they
        # share that of the zone, so that the histogram sums up to the known area
        cell_km2 = area_km2 / np.add.reduceat(runs.length, first)
        lowest, highest = np.floor(low).astype(int), np.floor(high).astype(int)
        base = int(lowest.min())
        cells = self._count_by_metre(runs, base, int(highest.max()) - base + 1)
        for row, counts, begin, end, each in zip(
            zone, cells, lowest - base, highest - base + 1, cell_km2, strict=True
        ):
            self._histograms.add(int(row), base + int(begin), counts[begin:end] * each)

    def _count_by_metre(self, runs: Runs, base: int, bins: int) -> Integers:
        """Count the cells of each zone by metre from a base, shape (zones of the runs, bins)."""
        zone, first = runs.find_zones()
        # casting drops decimals towards zero, which is down unless negative
        place = (runs.values if base >= 0 else np.floor(runs.values)).astype(np.int64)
        self.whole_metres = self.whole_metres and np.array_equal(place, runs.values)
        rank = np.repeat(np.arange(len(zone)), np.diff(first, append=len(runs.zone)))
        place += np.repeat(rank * bins - base, runs.length)
        return np.bincount(place, minlength=len(zone) * bins).reshape(len(zone), bins)

    def _add_slopes(self, runs: Runs) -> None:
        zone, first = runs.find_zones()
        steep = (runs.values > self.steep_deg).view(np.uint8)
        cells = np.add.reduceat(steep, runs.starts, dtype=np.uint16)
        self.slope_known_km2[zone] += np.add.reduceat(runs.area_km2, first)
        self.slope_km2_deg[zone] += np.add.reduceat(runs.sum_spans() * runs.cell_km2, first)
        self.steep_km2[zone] += np.add.reduceat(cells * runs.cell_km2, first)

    def finish(self, codes: tuple[str, ...], area_km2: Floats, remarks: tuple[str, ...]) -> Zones:
        """Give what was added up, with only the altitudes that were seen."""
        known = self.known_km2 > 0
        # the same areas were not summed in the same order
        complete = np.isclose(self.known_km2, self.cells_km2, rtol=1e-9, atol=0)
        first, histogram_km2 = self._histograms.align()
        return Zones(
            codes=codes,
            area_km2=area_km2,
            cells_km2=self.cells_km2,
            known_km2=np.where(complete, self.cells_km2, self.known_km2),
            base_m=first,
            histogram_km2=histogram_km2,
            whole_metres=self.whole_metres and bool(known.any()),
            low_m=np.where(known, self.low_m, np.nan),
            high_m=np.where(known, self.high_m, np.nan),
            moment_km2_m=self.moment_km2_m,
            slope_known_km2=self.slope_known_km2,
            slope_km2_deg=self.slope_km2_deg,
            steep_km2=self.steep_km2,
            steep_deg=self.steep_deg,
            remarks=remarks,
        )


def split_chunks(lengths: Integers) -> Iterator[slice]:
    """Split spans into runs of about as many cells.

    Parameters
    ----------
    lengths
        Cells of each span.
    """
    ends = np.cumsum(lengths)
    chunk = (ends - 1) // _CHUNK_CELLS
    bounds = np.concatenate([[0], np.flatnonzero(np.diff(chunk)) + 1, [len(lengths)]])
    for start, stop in pairwise(bounds):
        yield slice(int(start), int(stop))


def list_places(first: Integers, length: Integers) -> Integers:
    """List the places of the cells of spans in a flattened block.

    Examples
    --------
    >>> list_places(np.array([4, 9]), np.array([3, 1])).tolist()
    [4, 5, 6, 9]
    """
    ends = np.cumsum(length)
    places: Integers = np.repeat(first - (ends - length), length)
    places += np.arange(len(places))
    return places
