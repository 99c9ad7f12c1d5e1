"""The furniture of a map: scale bar, north arrow, legend."""

import math
import re
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import shapely

from terrdiag.drawing.ground import Geometries, Ground, write_outlines
from terrdiag.drawing.keys import Key, rule_key, swatch_key
from terrdiag.drawing.model import DrawingError, Fill, Legend, MapLine
from terrdiag.drawing.place import Box
from terrdiag.drawing.svg import box, polygon, tag, write
from terrdiag.drawing.text import SMALL, measure_text
from terrdiag.wording import NBSP, format_value, plural

LONGEST_BAR: Final = 130.0
"""Length of the scale bar, in pixels, at the most."""

HATCH_STEP: Final = 7.0

SWATCH: Final = 22.0


def round_length(most_m: float) -> float:
    """Find the longest round length (1, 2 or 5 times a power of ten) within a length, in metres.

    Examples
    --------
    >>> round_length(7300), round_length(199), round_length(5000)
    (5000.0, 100.0, 5000.0)
    """
    power = 10.0 ** math.floor(math.log10(most_m))
    return max(
        factor * power for factor in (1.0, 2.0, 5.0) if factor * power <= most_m * (1 + 1e-9)
    )


def word_length(length_m: float) -> str:
    """Word a length, in km from 1,000 m on.

    Examples
    --------
    >>> word_length(5000.0), word_length(200.0)
    ('5\\xa0km', '200\\xa0m')
    """
    return format_value(length_m / 1000, "km") if length_m >= 1000 else format_value(length_m, "m")


def draw_scale_bar(ground: Ground, territory: Any) -> tuple[str, Box]:
    """Draw the scale bar in the lower corner where it hides least of the territory.

    Returns
    -------
    tuple
        Markup, and the ground taken.
    """
    frame = ground.frame
    room = min(LONGEST_BAR, (frame.right - frame.left) / 3)
    length = round_length(room / ground.px_per_m)
    width, words = length * ground.px_per_m, word_length(length)
    wide = width + measure_text(words, SMALL) + 26
    corners = [
        Box(frame.left + 1, frame.bottom - 27, frame.left + wide, frame.bottom - 1),
        Box(frame.right - wide, frame.bottom - 27, frame.right - 1, frame.bottom - 1),
    ]
    taken = _freest(corners, territory)
    left, top = taken.left + 10, taken.top + 10
    parts = [
        box(taken.left, taken.top, taken.right - taken.left, taken.bottom - taken.top, "tdd-plate"),
        box(left, top, width, 5, "tdd-scale"),
        box(left + width / 2, top + 1, width / 2 - 1, 3, "tdd-ground"),
        write(left + width + 6, top + 7, words, "tdd-small"),
    ]
    return "".join(parts), taken


def draw_north(ground: Ground, territory: Any) -> tuple[str, Box]:
    """Draw the north arrow in the upper corner where it hides least of the territory.

    Returns
    -------
    tuple
        Markup, and the ground taken.
    """
    frame = ground.frame
    corners = [
        Box(frame.right - 31, frame.top + 1, frame.right - 1, frame.top + 45),
        Box(frame.left + 1, frame.top + 1, frame.left + 31, frame.top + 45),
    ]
    taken = _freest(corners, territory)
    x, top = (taken.left + taken.right) / 2, taken.top
    arrow = [(x, top + 6), (x + 6, top + 24), (x, top + 20), (x - 6, top + 24)]
    parts = [
        box(taken.left, top, 30, 44, "tdd-plate"),
        polygon(arrow, "tdd-scale"),
        write(x, top + 38, "N", "tdd-small tdd-strong", "middle"),
    ]
    return "".join(parts), taken


def list_map_keys(legend: Legend, lines: Sequence[MapLine], missing: int) -> list[Key]:
    """List the classes, then the borders, the lines, and how many places have no outline."""
    keys = [_fill_key(fill) for fill in legend.fills]
    if legend.own:
        keys.append(rule_key(legend.own, "tdd-perimeter"))
    if legend.away:
        keys.append(swatch_key(legend.away, "tdd-away-swatch"))
    keys += [rule_key(line.label, line_class(line)) for line in lines if line.label]
    if missing:
        words = f"{plural(missing, 'lieu', 'lieux')} sans contour connu, non dessiné{'s' if missing > 1 else ''}"
        keys.append(Key(words, lambda _: "", "tdd-heading", 0))
    return keys


def line_class(line: MapLine) -> str:
    """Give the class of a line."""
    return "tdd-path-dashed" if line.dashed else "tdd-path"


def draw_fill(pixels: Geometries, fill: Fill, class_: str) -> str:
    """Draw places of a class, and its pattern as real lines: software that ignores SVG patterns shows them too."""
    check_color(fill)
    drawn = tag("path", class_=class_, fill=fill.color, d=write_outlines(pixels))
    return drawn + draw_hatch(pixels, fill.hatch)


def draw_hatch(pixels: Geometries, hatch: str) -> str:
    """Draw a pattern over places.

    Raises
    ------
    DrawingError
        The pattern is not known.
    """
    if not hatch:
        return ""
    if hatch not in _SLANTS:
        raise DrawingError(
            f"motif inconnu{NBSP}: «{NBSP}{hatch}{NBSP}». Motifs possibles{NBSP}: {', '.join(_SLANTS)}."
        )
    strokes = [_strokes(shapely.total_bounds(pixels), slant) for slant in _SLANTS[hatch]]
    # one place at a time: neighbours of the same class need not make a valid union
    cut = [shapely.intersection(lines, place) for lines in strokes for place in pixels]
    kept = [part for part in shapely.get_parts(cut) if part.geom_type == "LineString"]
    class_ = "tdd-hatch tdd-hatch-dots" if hatch == "dots" else "tdd-hatch"
    return tag("path", class_=class_, d=write_outlines(kept)) if kept else ""


def check_color(fill: Fill) -> None:
    """Refuse a colour that is not ``#rrggbb``.

    Raises
    ------
    DrawingError
        It is something else.
    """
    if not re.fullmatch("#[0-9a-fA-F]{6}", fill.color):
        raise DrawingError(
            f"couleur «{NBSP}{fill.color}{NBSP}» de la classe «{NBSP}{fill.label}{NBSP}»{NBSP}: écrivez #rrggbb."
        )


_SLANTS: Final = {"lines": (1.0,), "cross": (1.0, -1.0), "dots": (0.0,), "dashes": (0.0,)}
"""Pattern: slants of its strokes."""


def _strokes(bounds: Any, slant: float) -> Any:
    """Rule parallel strokes over a box; they run on from one place to the next."""
    west, south, east, north = (float(bound) for bound in bounds)
    step = HATCH_STEP * math.hypot(1, slant)
    # y = slant × x + a multiple of the step, whatever the box: places drawn apart have their strokes in line
    slopes = slant * west, slant * east
    first, last = math.floor((south - max(slopes)) / step), math.ceil((north - min(slopes)) / step)
    offsets = np.arange(first, last + 1) * step
    ends = [[(x, slant * x + offset) for x in (west, east)] for offset in offsets]
    return shapely.multilinestrings(shapely.linestrings(ends))


def _fill_key(fill: Fill) -> Key:
    label = f"{fill.label} ({fill.count})" if fill.count else fill.label

    def draw(at: tuple[float, float]) -> str:
        square = np.array([shapely.box(at[0], at[1] - 7, at[0] + SWATCH, at[1] + 7)], dtype=object)
        return draw_fill(square, fill, "tdd-swatch")

    return Key(label, draw, width=SWATCH)


def _freest(corners: Sequence[Box], territory: Any) -> Box:
    """Choose the corner where the least of the territory lies; the first one when they are equal."""
    return min(corners, key=lambda corner: round(shapely.box(*corner).intersection(territory).area))
