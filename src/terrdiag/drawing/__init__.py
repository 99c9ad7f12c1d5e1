"""The drawing room: static pictures as SVG, inline in the page and as standalone files.

It knows nothing but French typography: no territory, no indicator. Same input, same bytes.
"""

from terrdiag.drawing.bars import draw_bars
from terrdiag.drawing.cartography import draw_map
from terrdiag.drawing.dots import draw_dots
from terrdiag.drawing.ground import view_bounds
from terrdiag.drawing.lines import draw_lines
from terrdiag.drawing.maplabels import label_place
from terrdiag.drawing.model import (
    Axis,
    Bars,
    Caption,
    Dot,
    DotRow,
    DrawingError,
    Fill,
    Legend,
    MapLabel,
    MapLine,
    MapShape,
    Mark,
    Panel,
    Raster,
    Reference,
    Series,
    Slope,
    Spot,
)
from terrdiag.drawing.multiples import draw_multiples
from terrdiag.drawing.points import draw_points
from terrdiag.drawing.sheet import Drawing, draw_widths
from terrdiag.drawing.style import DRAWING_CSS

__all__ = [
    "DRAWING_CSS",
    "Axis",
    "Bars",
    "Caption",
    "Dot",
    "DotRow",
    "Drawing",
    "DrawingError",
    "Fill",
    "Legend",
    "MapLabel",
    "MapLine",
    "MapShape",
    "Mark",
    "Panel",
    "Raster",
    "Reference",
    "Series",
    "Slope",
    "Spot",
    "draw_bars",
    "draw_dots",
    "draw_lines",
    "draw_map",
    "draw_multiples",
    "draw_points",
    "draw_widths",
    "label_place",
    "view_bounds",
]
