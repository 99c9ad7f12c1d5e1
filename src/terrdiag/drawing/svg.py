"""The grammar of SVG: elements, attributes, coordinates rounded to 0.1 pixel."""

from collections.abc import Iterable, Sequence
from typing import Final

from terrdiag.drawing.model import Point
from terrdiag.drawing.text import escape_text

NAMESPACES: Final = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def px(value: float) -> str:
    """Write a coordinate, to 0.1 pixel.

    Examples
    --------
    >>> px(12.0), px(0.25), px(-0.04), px(-1.26)
    ('12', '0.3', '0', '-1.3')
    """
    tenths = int(value * 10 + (0.5 if value >= 0 else -0.5))
    whole, rest = divmod(abs(tenths), 10)
    sign = "-" if tenths < 0 else ""
    return f"{sign}{whole}.{rest}" if rest else f"{sign}{whole}"


def tag(name: str, content: str = "", **attributes: str | float) -> str:
    """Write an element; ``content`` is markup, attributes are escaped.

    Names of attributes: ``class_`` is ``class``, ``text_anchor`` is ``text-anchor``, ``xlink__href`` is
    ``xlink:href``. An empty attribute is left out.

    Examples
    --------
    >>> tag("line", class_="tdd-axis", x1=0.04, x2=10, id="a&b")
    '<line class="tdd-axis" x1="0" x2="10" id="a&amp;b"/>'
    """
    words = [name]
    for key, value in attributes.items():
        if value == "":
            continue
        text = escape_text(value) if isinstance(value, str) else px(value)
        name_ = key.rstrip("_").replace("__", ":").replace("_", "-")
        words.append(f'{name_}="{text}"')
    return f"<{' '.join(words)}>{content}</{name}>" if content else f"<{' '.join(words)}/>"


def write(x: float, y: float, text: str, class_: str = "", anchor: str = "") -> str:
    """Write a line of text; ``y`` is its baseline, ``anchor`` is ``middle``, ``end`` or empty."""
    if not text:
        return ""
    class_ = f"tdd-text {class_}".strip()
    return tag("text", escape_text(text), class_=class_, x=x, y=y, text_anchor=anchor)


def write_up(x: float, y: float, text: str, class_: str = "") -> str:
    """Write a line of text that climbs from a point, along its left."""
    turn = f"rotate(-90 {px(x)} {px(y)})"
    class_ = f"tdd-text {class_}".strip()
    return tag("text", escape_text(text), class_=class_, x=x, y=y, transform=turn)


def write_lines(
    x: float, y: float, lines: Sequence[str], leading: float, class_: str = "", anchor: str = ""
) -> str:
    """Write lines of text under each other; ``y`` is the baseline of the first."""
    return "".join(
        write(x, y + rank * leading, line, class_, anchor) for rank, line in enumerate(lines)
    )


def rule(x1: float, y1: float, x2: float, y2: float, class_: str) -> str:
    """Draw a straight line."""
    return tag("line", class_=class_, x1=x1, y1=y1, x2=x2, y2=y2)


def box(x: float, y: float, width: float, height: float, class_: str) -> str:
    """Draw a rectangle."""
    return tag("rect", class_=class_, x=x, y=y, width=width, height=height)


def polyline(points: Iterable[Point], class_: str) -> str:
    """Draw a broken line."""
    return tag("polyline", class_=class_, points=" ".join(f"{px(x)},{px(y)}" for x, y in points))


def polygon(points: Iterable[Point], class_: str) -> str:
    """Draw a closed, filled shape."""
    return tag("polygon", class_=class_, points=" ".join(f"{px(x)},{px(y)}" for x, y in points))
