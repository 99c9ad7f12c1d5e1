"""Read a drawing as a reader sees it: its texts and the ground each takes."""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass

from terrdiag.drawing import DRAWING_CSS
from terrdiag.drawing.place import Box
from terrdiag.drawing.text import measure_text

SVG = "{http://www.w3.org/2000/svg}"

SIZES = {"tdd-small": 12.0, "tdd-heading": 12.5, "tdd-sheet-title": 17.0}

BOLD = {"tdd-strong", "tdd-own", "tdd-sheet-title"}

ONE_PIXEL = 1.0
"""Coordinates are rounded, and the ink of a letter does not fill its line."""


@dataclass(frozen=True)
class Written:
    text: str
    box: Box
    classes: frozenset[str]


def parse(markup: str) -> ET.Element:
    return ET.fromstring(markup)  # noqa: S314 - our own drawing


def texts(markup: str) -> list[Written]:
    """Give what is written, without the white edges under the names."""
    found: list[Written] = []
    _gather(parse(markup), (0.0, 0.0), found)
    return found


def words(markup: str) -> list[str]:
    return [written.text for written in texts(markup)]


def elements(markup: str, name: str, class_: str) -> list[ET.Element]:
    return [e for e in parse(markup).iter(f"{SVG}{name}") if class_ in e.get("class", "").split()]


def overlaps(markup: str) -> list[tuple[str, str]]:
    """Give the pairs of texts of which one lies over the other."""
    found = texts(markup)
    return [
        (one.text, other.text)
        for rank, one in enumerate(found)
        for other in found[rank + 1 :]
        if one.box.meets(other.box)
    ]


def outside(markup: str) -> list[str]:
    """Give the texts that the edge of the drawing cuts."""
    _, _, width, height = map(float, parse(markup).get("viewBox", "").split())
    sheet = Box(-ONE_PIXEL, -ONE_PIXEL, width + ONE_PIXEL, height + ONE_PIXEL)
    return [written.text for written in texts(markup) if not written.box.within(sheet)]


def check_sheet(markup: str) -> None:
    """Check what every drawing keeps, whatever it shows."""
    root = parse(markup)
    assert root.get("role") == "img"
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    assert all(one.startswith("tdd-") for one in ids)
    named = {e.get("id"): e for e in root.iter() if e.get("id")}
    assert all(named[one].text for one in root.get("aria-labelledby", "").split())
    used = {name for e in root.iter() for name in e.get("class", "").split()}
    assert all(name.startswith("tdd") for name in used)
    styled = set(re.findall(r"\.(tdd[\w-]*)", DRAWING_CSS + markup))
    assert used <= styled | {"tdd-line", "tdd"}
    assert not {e.tag for e in root.iter()} & {f"{SVG}script", f"{SVG}foreignObject"}
    for element in root.iter():
        for key, value in element.attrib.items():
            assert "http" not in value, (key, value)
            assert not key.startswith("on")
    assert overlaps(markup) == []
    assert outside(markup) == []


def _gather(parent: ET.Element, corner: tuple[float, float], found: list[Written]) -> None:
    moved = re.match(r"translate\(([\d.]+) ([\d.]+)\)", parent.get("transform", ""))
    dx, dy = map(float, moved.groups()) if moved else (0.0, 0.0)
    corner = corner[0] + dx, corner[1] + dy
    for element in parent:
        classes = frozenset(element.get("class", "").split())
        if element.tag == f"{SVG}text" and "tdd-halo" not in classes:
            box = _box(element, classes)
            moved_box = Box(*(side + corner[rank % 2] for rank, side in enumerate(box)))
            found.append(Written(element.text or "", moved_box, classes))
        _gather(element, corner, found)


def _box(element: ET.Element, classes: frozenset[str]) -> Box:
    size = next((SIZES[name] for name in classes if name in SIZES), 13.0)
    x, y = float(element.get("x", "0")), float(element.get("y", "0"))
    # what is estimated is rather too wide: a pixel is taken off each end for the roundings
    width = measure_text(element.text or "", size, bold=bool(classes & BOLD)) - 2 * ONE_PIXEL
    anchor = element.get("text-anchor", "start")
    left = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
    if anchor == "start":
        left += ONE_PIXEL
    if "rotate" in element.get("transform", ""):
        return Box(x - 0.72 * size, y - width, x + 0.15 * size, y)
    return Box(left, y - 0.72 * size, left + width, y + 0.15 * size)
