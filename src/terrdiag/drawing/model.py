"""What a picture is made of: what the callers say, and what they get.

Every value a caller gives is a number in its own unit, and every text is plain (it is escaped when it is written).
NaN always means « not known »: it is left out of a line, and written « n.d. » where a figure is expected.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from terrdiag.errors import TerrdiagError
from terrdiag.wording import NBSP

WIDTH: Final = 720
"""Width of a drawing on the page and on A4 paper, in pixels of its view box."""

NARROW_WIDTH: Final = 360
"""Width of the same drawing on a phone."""

NO_DATA_FR: Final = "Aucune donnée à dessiner."

Point = tuple[float, float]

Bounds = tuple[float, float, float, float]
"""West, south, east, north."""


class DrawingError(TerrdiagError, ValueError):
    """A picture whose parts do not fit together."""


@dataclass(frozen=True)
class Caption:
    """What every picture bears, whatever it shows.

    Attributes
    ----------
    name
        File stem (« courbe-hypsometrique »), unique in a page: the identifiers inside the picture derive from it.
    title
        What, where, when. Printed by the page and by the standalone file, not inside the drawing.
    note
        How to read it and what limits it; printed under the drawing.
    alt
        The picture in words, for those who do not see it; the title when empty.
    width
        Width of the view box, in pixels: :data:`WIDTH` or :data:`NARROW_WIDTH`.
    """

    name: str
    title: str
    note: str = ""
    alt: str = ""
    width: int = WIDTH

    def __post_init__(self) -> None:
        """Refuse a name that could not be a file's and an identifier's."""
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", self.name):
            raise DrawingError(
                f"nom de dessin «{NBSP}{self.name}{NBSP}» impossible{NBSP}: "
                "lettres minuscules sans accent, chiffres et tirets seulement."
            )

    @property
    def stem(self) -> str:
        """Beginning of the identifiers: those of a wide and of a narrow drawing in one page differ."""
        return f"tdd-{self.name}-{self.width}"

    @property
    def is_narrow(self) -> bool:
        """Whether it is drawn for a phone."""
        return self.width < 560


@dataclass(frozen=True)
class Axis:
    """A scale.

    Attributes
    ----------
    label, unit
        What is measured, and in what; written once, beside the axis.
    low, high
        Ends asked for; those of the values, rounded to the ticks, by default.
    zero
        Whether zero is on the axis even when no value is near it (bars always start there).
    years
        Whether the values are years: whole ticks, no thousands space.
    signed
        Whether positive ticks bear a « + ».
    """

    label: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None
    zero: bool = False
    years: bool = False
    signed: bool = False

    @property
    def heading(self) -> str:
        """The label and the unit, as written beside the axis."""
        return (
            f"{self.label} ({self.unit})" if self.label and self.unit else self.label or self.unit
        )


@dataclass(frozen=True)
class Series:
    """A curve.

    Attributes
    ----------
    label
        The place or the measure; written at the end of the curve, or in the key under it.
    points
        ``(x, y)``, x increasing; a NaN y interrupts the curve.
    breaks
        Values of x where a definition changes: the curve stops before and starts again after, with a « // » between.
    own
        Whether it is the territory's: accent colour, thick, drawn last.
    area
        Whether the ground under the curve is filled.
    text
        Figure written after the label, « 96,3 ».
    """

    label: str
    points: tuple[Point, ...]
    breaks: tuple[float, ...] = ()
    own: bool = False
    area: bool = False
    text: str = ""


@dataclass(frozen=True)
class Reference:
    """A value to compare with: a line across the plot, named in the key when it has a label."""

    value: float
    label: str = ""


@dataclass(frozen=True)
class Mark:
    """A place along the horizontal axis: a point, or the stretch from ``at`` to ``until`` (a commune crossed)."""

    at: float
    label: str
    until: float | None = None


@dataclass(frozen=True)
class Bars:
    """A group of bars: one value for each category.

    Attributes
    ----------
    label
        The place or the part; in the key when there are several groups.
    values
        One a category, in their order; NaN: no bar.
    own
        Whether the bars are the territory's (accent colour).
    texts
        What to write at the end of each bar; its value by default. An empty text writes nothing.
    strong
        Ranks of the categories to draw in the accent colour.
    """

    label: str
    values: tuple[float, ...]
    own: bool = False
    texts: tuple[str, ...] | None = None
    strong: tuple[int, ...] = ()


@dataclass(frozen=True)
class Spot:
    """A point of a scatter: its place, its name (written where it fits), and whether it matters most."""

    x: float
    y: float
    label: str = ""
    own: bool = False


@dataclass(frozen=True)
class Slope:
    """A straight line ``y = intercept + slope × x`` over a scatter, from ``low`` to ``high``."""

    slope: float
    intercept: float
    low: float
    high: float
    label: str = ""


@dataclass(frozen=True)
class Dot:
    """A value and its interval.

    Attributes
    ----------
    value
        NaN when not known: ``text`` says why.
    low, high
        Interval, when there is one.
    text
        The figure in words; made from the value by default.
    hollow
        Whether the value is fragile (small numbers): an empty circle.
    """

    value: float
    low: float | None = None
    high: float | None = None
    text: str = ""
    hollow: bool = False


@dataclass(frozen=True)
class DotRow:
    """A row of dots: one a column, in their order."""

    label: str
    dots: tuple[Dot, ...]


@dataclass(frozen=True)
class Panel:
    """One of several small charts that share their scales."""

    title: str
    series: tuple[Series, ...]
    own: bool = False


@dataclass(frozen=True)
class Fill:
    """A class of a map and its line in the legend.

    Attributes
    ----------
    label
        What it is: « 400 à 600 m », « effectif trop faible ».
    color
        ``#rrggbb``.
    count
        How many places, in words (« 8 communes »); nothing when empty.
    hatch
        Pattern drawn over the colour: ``""``, ``lines``, ``cross``, ``dots`` or ``dashes``.
    """

    label: str
    color: str
    count: str = ""
    hatch: str = ""


@dataclass(frozen=True)
class Legend:
    """The legend of a map: what the colours are, then the borders and the lines.

    Attributes
    ----------
    title
        What the classes measure, with its unit.
    fills
        Classes, in the order they are read.
    own, away
        Words for the perimeter and for the places around it; nothing when empty.
    notes
        Short lines under the classes (which bound is included).
    """

    title: str = ""
    fills: tuple[Fill, ...] = ()
    own: str = ""
    away: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class MapShape:
    """A place of a map.

    Attributes
    ----------
    geometry
        Polygon or MultiPolygon (shapely), in metres of a projection.
    own
        Whether it belongs to the territory; the others are drawn in light grey and only situate it.
    fill
        Rank of its class in the legend; None: bare.
    """

    geometry: Any
    own: bool = True
    fill: int | None = None


@dataclass(frozen=True)
class MapLine:
    """A line over a map, in metres: a transect (its ends are named), a former perimeter (dashed).

    Attributes
    ----------
    geometry
        LineString, MultiLineString, or polygons whose outline is drawn (shapely).
    label
        Its line in the legend; nothing when empty.
    start, end
        Names written at its ends; nothing when empty.
    dashed
        Whether it is dashed.
    """

    geometry: Any
    label: str = ""
    start: str = ""
    end: str = ""
    dashed: bool = False


@dataclass(frozen=True)
class MapLabel:
    """A name on a map, at a point in metres; the first ones have the best places, the others only if they fit."""

    text: str
    x: float
    y: float
    strong: bool = False


@dataclass(frozen=True)
class Raster:
    """A picture under a map: the bytes of a PNG file, and its bounds in metres of the same projection."""

    png: bytes
    bounds: Bounds


def check_lengths(what: str, expected: int, found: Sequence[object]) -> None:
    """Refuse a group that does not have one value for each category.

    Raises
    ------
    DrawingError
        The numbers differ.
    """
    if len(found) != expected:
        raise DrawingError(
            f"{what}{NBSP}: {len(found)} valeurs pour {expected} attendues. Donnez-en une par catégorie, "
            "NaN quand elle n'est pas connue."
        )
