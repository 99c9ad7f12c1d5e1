"""Measure zones on an elevation model, in one pass over the blocks that hold them."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from terrdiag.elevation.findings import Findings
from terrdiag.elevation.grid import measure_outlines
from terrdiag.elevation.model import DEFAULT_STEEP_DEG, ElevationModel, Floats, Zones
from terrdiag.elevation.mosaic import Mosaic
from terrdiag.elevation.reading import Altitudes
from terrdiag.elevation.scanline import Segments, Spans, find_segments
from terrdiag.elevation.slope import measure_slope
from terrdiag.elevation.tally import Tally
from terrdiag.errors import ElevationError
from terrdiag.wording import NBSP, format_number, join_words

_USUAL_SIDE: Final = 1024
_LONGEST_SIDE: Final = 2048
"""Cells handled at once along a side: enough to be quick, few enough for memory."""

_PART_M: Final = 25
_MOST_PARTS: Final = 16


def measure_zones(
    model: ElevationModel,
    codes: Sequence[str],
    outlines: NDArray[np.object_],
    *,
    steep_deg: float = DEFAULT_STEEP_DEG,
    with_slope: bool = True,
) -> Zones:
    """Measure altitudes (m), areas (km²) and slopes (degrees) of zones.

    A cell belongs to a zone when its centre does; coarse cells are counted by parts of about 25 m.
    Cells have their true area on the ground. A zone that holds no centre takes the altitude of the
    cell under it, for its own area.

    Parameters
    ----------
    model
        Elevation model.
    codes
        Names of the zones.
    outlines
        Polygons or multipolygons in degrees, shape (n,); they may touch or overlap.
    steep_deg
        From what slope ground is called steep.
    with_slope
        Whether slopes are wanted: they take about as long as all the rest but the decoding.

    Returns
    -------
    Zones
        A row a zone, in the order given.

    Raises
    ------
    ElevationError
        An outline is empty, no tile meets the zones, a file cannot be read to its end, or holds
        impossible altitudes in the zones.
    """
    outlines = np.asarray(outlines, dtype=object)
    check_outlines(codes, outlines)
    with Mosaic(model) as mosaic:
        tally = Tally(len(codes), steep_deg)
        survey = _Survey(mosaic, tally, count_parts(model.resolution_m), with_slope=with_slope)
        survey.measure_inside(outlines)
        area_km2 = measure_outlines(outlines)
        survey.measure_missed(outlines, area_km2)
    if not survey.is_met:
        raise ElevationError(word_absence(model, outlines))
    survey.findings.check(model)
    remarks = survey.findings.word_sentinels(model)
    return tally.finish(tuple(codes), area_km2, remarks)


class _Survey:
    """One pass over a model: reads each block once, and adds up what lies in the zones.

    Zones are traced on parts of cells: ``parts`` × ``parts`` to a cell of the model.
    """

    def __init__(self, mosaic: Mosaic, tally: Tally, parts: int, *, with_slope: bool) -> None:
        self.mosaic = mosaic
        self.tally = tally
        self.parts = parts
        self.grid = mosaic.grid.stretch(1 / parts, 1 / parts)
        self.with_slope = with_slope
        self.findings = Findings()
        self.is_met = False

    def measure_inside(self, outlines: NDArray[np.object_]) -> None:
        """Measure the cells whose centre lies in a zone."""
        height, width = (choose_side(self.parts * side) for side in self.mosaic.stored_block)
        for spans in split_spans(find_segments(outlines, self.grid), height, width):
            block = spans.block
            _, _, area_km2 = self.grid.size_cells(block)
            self._measure(spans, area_km2[spans.row - block.top])

    def measure_missed(self, outlines: NDArray[np.object_], area_km2: Floats) -> None:
        """Give the zones that hold no centre the cell under them."""
        missed = np.flatnonzero(self.tally.cells_km2 == 0)
        if not len(missed):
            return
        inside = shapely.point_on_surface(outlines[missed])
        places = self.grid.from_degrees(shapely.get_x(inside), shapely.get_y(inside))
        column, row = np.floor(places).astype(np.int64)
        for k, zone in enumerate(missed):
            one = slice(k, k + 1)
            spans = Spans(missed[one], row[one], column[one], column[one] + 1)
            self._measure(spans, area_km2[zone : zone + 1])

    def _measure(self, spans: Spans, cell_km2: Floats) -> None:
        self.tally.count_cells(spans, cell_km2)
        block = spans.block.coarsen(self.parts)
        if not self.mosaic.meets(block):
            return
        self.is_met = True
        # slopes need the neighbours of the outer cells
        block = block.grow(1 if self.with_slope else 0)
        patch = self.mosaic.read(block)
        self.findings.record(patch.odd, spans, self.parts)
        layers = [patch.altitude]
        if self.with_slope:
            width_m, height_m, _ = self.mosaic.grid.size_cells(block)
            layers.append(measure_slope(patch.altitude, width_m, height_m))
        self.tally.add(
            spans, cell_km2, block.refine(self.parts), *(split_cells(x, self.parts) for x in layers)
        )


def count_parts(resolution_m: float) -> int:
    """Count the parts a cell is counted by along each side: as many as make it about 25 m.

    A commune of 3 km² holds some twenty cells of 400 m: whole, they would follow its outline badly.

    Examples
    --------
    >>> [count_parts(resolution) for resolution in (1, 25, 30, 90, 385, 5000)]
    [1, 1, 1, 4, 15, 16]
    """
    return int(np.clip(round(resolution_m / _PART_M), 1, _MOST_PARTS))


def split_cells(values: Altitudes, parts: int) -> Altitudes:
    """Give each part of a cell the value of the cell."""
    return values if parts == 1 else values.repeat(parts, axis=0).repeat(parts, axis=1)


def split_spans(segments: Segments, height: int, width: int) -> Iterator[Spans]:
    """Trace the spans of the zones, block by block.

    Parameters
    ----------
    segments
        Sides of the zones.
    height, width
        Sides of the blocks, which start at their multiples.
    """
    for top, bottom in segments.split_rows(height):
        row_spans = segments.trace(top, bottom)
        if not len(row_spans):
            continue
        reach = row_spans.block
        for left in range(reach.left // width * width, reach.right, width):
            spans = row_spans.cut(left, left + width)
            if len(spans):
                yield spans


def choose_side(stored: int) -> int:
    """Choose how many cells to read at once along one side: a whole number of stored blocks if it can be.

    Examples
    --------
    >>> choose_side(1), choose_side(512), choose_side(1500), choose_side(100_000)
    (1024, 1024, 1500, 2048)
    """
    return min(max(_USUAL_SIDE // stored, 1) * stored, _LONGEST_SIDE)


def check_outlines(codes: Sequence[str], outlines: NDArray[np.object_]) -> None:
    """Check that each zone has an outline.

    Raises
    ------
    ElevationError
        One is absent or empty.
    """
    empty = [
        code
        for code, outline in zip(codes, outlines, strict=True)
        if outline is None or outline.is_empty
    ]
    if empty:
        raise ElevationError(
            f"Pas de contour pour {join_words(empty[:5])}{' …' if len(empty) > 5 else ''}{NBSP}: "
            "le relief ne peut y être mesuré. Vérifiez les codes, ou reconstruisez l'édition."
        )


def word_absence(model: ElevationModel, outlines: NDArray[np.object_]) -> str:
    """Say that the tiles are elsewhere, and where both are."""
    ours, theirs = (
        "longitude {} à {}, latitude {} à {}".format(
            *(format_number(box[rank], 2) for rank in (0, 2, 1, 3))
        )
        for box in (shapely.total_bounds(outlines), model.bounds)
    )
    names = join_words(f"«{NBSP}{tile.name}{NBSP}»" for tile in model.tiles[:5])
    return (
        f"Le modèle d'altitude ({names}{' …' if len(model.tiles) > 5 else ''}) ne touche pas le "
        f"territoire. Territoire{NBSP}: {ours}. Modèle{NBSP}: {theirs}. Donnez les dalles du "
        "territoire, ou vérifiez leur projection."
    )
