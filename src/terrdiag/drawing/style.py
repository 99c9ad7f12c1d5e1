"""The look of the drawings: one accent for the territory, and lines that differ by dash and mark beyond colour."""

from typing import Final

from terrdiag.drawing.model import Point
from terrdiag.drawing.svg import polygon, rule, tag

ACCENT: Final = "#0f4c81"

INKS: Final = ("#0f4c81", "#5f6a73", "#b9500a", "#2678b2", "#1b1b1b", "#8a6d00", "#7a5195")
"""The territory, then the others: grey, burnt orange, sky blue, black, ochre, violet. All ≥ 3:1 on white."""

TINTS: Final = ("#0f4c81", "#a9b8c6", "#b9500a", "#9ccbe8", "#6d7881", "#ecd28a", "#7a5195")
"""The same for surfaces: dark, then light, so that parts side by side still differ in black and white."""

DARK: Final = frozenset({0, 2, 4, 6})
"""Ranks of the surfaces on which words are white."""

DASHES: Final = ("", "7 3", "2 3", "10 3 2 3")

MARKERS: Final = ("square", "triangle", "diamond", "circle", "cross")

FONTS: Final = '"Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", sans-serif'
"""Fonts of about the same width, which :mod:`terrdiag.drawing.text` measures."""

_INK_RULES: Final = "\n".join(
    f".tdd-ink{rank} {{ stroke: {ink}; }} .tdd-mark{rank} {{ fill: {ink}; }} "
    f".tdd-word{rank} {{ fill: {ink}; }} .tdd-fill{rank} {{ fill: {tint}; }}"
    for rank, (ink, tint) in enumerate(zip(INKS, TINTS, strict=True))
)

_DASH_RULES: Final = "\n".join(
    f".tdd-dash{rank} {{ stroke-dasharray: {dash}; }}" for rank, dash in enumerate(DASHES) if dash
)

DRAWING_CSS: Final = f"""/* drawings */
.tdd {{ display: block; max-width: 100%; height: auto; font-family: {FONTS}; font-variant-numeric: tabular-nums; }}
.tdd-narrow {{ display: none; }}
@media screen and (max-width: 640px) {{
  .tdd-wide {{ display: none; }}
  .tdd-narrow {{ display: block; }}
  .tdd-frame {{ overflow-x: auto; }}
  .tdd-alone {{ min-width: 600px; }}
}}
.tdd-text {{ font-size: 13px; fill: #1b1b1b; }}
.tdd-small {{ font-size: 12px; fill: #444; }}
.tdd-heading {{ font-size: 12.5px; fill: #444; }}
.tdd-name {{ fill: #1b1b1b; }}
.tdd-strong {{ font-weight: 700; }}
.tdd-own {{ fill: {ACCENT}; font-weight: 700; }}
.tdd-foot-rule {{ fill: #c8c8c8; }}
.tdd-inverse {{ fill: #fff; }}
.tdd-halo {{ fill: #fff; stroke: #fff; stroke-width: 3px; stroke-linejoin: round; }}
.tdd-grid {{ stroke: #e3e3e3; stroke-width: 1; }}
.tdd-axis {{ stroke: #767676; stroke-width: 1; }}
.tdd-reference {{ stroke: #767676; stroke-width: 1.6; }}
.tdd-leader {{ stroke: #8c8c8c; stroke-width: 0.8; fill: none; }}
.tdd-border {{ stroke: #8c8c8c; stroke-width: 0.8; stroke-dasharray: 2 2; }}
.tdd-break {{ stroke: #1b1b1b; stroke-width: 1.4; }}
.tdd-line {{ fill: none; stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: butt; }}
.tdd-thick {{ fill: none; stroke-width: 3.2; stroke-linejoin: round; stroke-linecap: round; }}
.tdd-marker {{ stroke: #fff; stroke-width: 1; }}
.tdd-area {{ fill: #dbe7f2; }}
.tdd-part {{ stroke: #fff; stroke-width: 1; }}
.tdd-interval {{ stroke: #6d7881; stroke-width: 2; }}
.tdd-spot {{ fill: #6d7881; stroke: #fff; stroke-width: 1; }}
.tdd-dot {{ fill: {ACCENT}; stroke: #fff; stroke-width: 1; }}
.tdd-hollow {{ fill: #fff; stroke: {ACCENT}; stroke-width: 2; }}
{_INK_RULES}
{_DASH_RULES}
.tdd-ground {{ fill: #fff; }}
.tdd-sea {{ fill: #f7f8f9; }}
.tdd-away {{ fill: #ececec; stroke: #fff; stroke-width: 0.8; stroke-linejoin: round; }}
.tdd-veil {{ fill: #fff; fill-opacity: 0.55; stroke: #fff; stroke-width: 0.6; stroke-linejoin: round; }}
.tdd-commune {{ stroke: #6a6a6a; stroke-width: 0.7; stroke-linejoin: round; }}
.tdd-fine {{ stroke-width: 0.25; }}
.tdd-bare {{ fill: #fbfbf8; }}
.tdd-clear {{ fill: none; }}
.tdd-hatch {{ fill: none; stroke: #4a4a4a; stroke-width: 1.1; }}
.tdd-hatch-dots {{ stroke-width: 1.8; stroke-dasharray: 1.8 5.2; }}
.tdd-perimeter {{ fill: none; stroke: #1b1b1b; stroke-width: 2.4; stroke-linejoin: round; }}
.tdd-casing {{ fill: none; stroke: #fff; stroke-width: 5; stroke-linejoin: round; stroke-linecap: round; }}
.tdd-path {{ fill: none; stroke: #a8071a; stroke-width: 2.4; stroke-linejoin: round; stroke-linecap: round; }}
.tdd-path-dashed {{ fill: none; stroke: #a8071a; stroke-width: 2.2; stroke-dasharray: 6 4; stroke-linejoin: round; }}
.tdd-end {{ fill: #a8071a; stroke: #fff; stroke-width: 1.5; }}
.tdd-neat {{ fill: none; stroke: #9a9a9a; stroke-width: 1; }}
.tdd-scale {{ fill: #1b1b1b; stroke: #fff; stroke-width: 0.6; }}
.tdd-plate {{ fill: #fff; fill-opacity: 0.82; }}
.tdd-swatch {{ stroke: #6a6a6a; stroke-width: 0.8; }}
.tdd-away-swatch {{ fill: #ececec; stroke: #bdbdbd; stroke-width: 0.8; }}
"""
"""Style of every drawing, given once to a page and embedded in each standalone file. Plain selectors of one class:
word processors and map software understand nothing else."""


def ink_rank(rank: int) -> int:
    """Give the colour of the n-th place that is not the territory; colours come back after six."""
    return 1 + rank % (len(INKS) - 1)


def line_class(rank: int | None) -> str:
    """Give the classes of a curve: the territory's when ``rank`` is None, else those of the n-th other place."""
    if rank is None:
        return "tdd-thick tdd-ink0"
    # the dash moves on when the colours come back: twenty-four curves stay different
    dash = (rank + rank // (len(INKS) - 1)) % len(DASHES)
    return f"tdd-line tdd-ink{ink_rank(rank)}{f' tdd-dash{dash}' if dash else ''}"


def draw_marker(rank: int | None, at: Point) -> str:
    """Draw the mark of a curve at a point: a disc for the territory, else a shape of its own."""
    x, y = at
    if rank is None:
        return tag("circle", class_="tdd-marker tdd-mark0", cx=x, cy=y, r=4.2)
    class_ = f"tdd-marker tdd-mark{ink_rank(rank)}"
    shape = MARKERS[rank % len(MARKERS)]
    if shape == "circle":
        return tag("circle", class_=class_, cx=x, cy=y, r=3.4)
    if shape == "cross":
        ink = f"tdd-line tdd-ink{ink_rank(rank)}"
        return rule(x - 3, y - 3, x + 3, y + 3, ink) + rule(x - 3, y + 3, x + 3, y - 3, ink)
    corners = {
        "square": ((-3.2, -3.2), (3.2, -3.2), (3.2, 3.2), (-3.2, 3.2)),
        "triangle": ((0, -4.2), (4, 3), (-4, 3)),
        "diamond": ((0, -4.4), (4.4, 0), (0, 4.4), (-4.4, 0)),
    }[shape]
    return polygon([(x + dx, y + dy) for dx, dy in corners], class_)
