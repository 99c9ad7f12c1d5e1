"""The file that is pasted in a report: everything in it, nothing asked from outside."""

from dataclasses import dataclass
from typing import Final

from terrdiag.drawing.style import DRAWING_CSS
from terrdiag.drawing.svg import NAMESPACES, box, px, tag, write_lines
from terrdiag.drawing.text import LEADING, SMALL, escape_text, fold_text

PADDING: Final = 20.0

TITLE_SIZE: Final = 17.0

TITLE_BASELINE: Final = PADDING + TITLE_SIZE * 0.8

FOOT_LEADING: Final = SMALL * 1.35

FONTS: Final = "Arial, 'Liberation Sans', Helvetica, sans-serif"
"""Word, QGIS and Inkscape take the first one they have."""

_STYLE: Final = (
    DRAWING_CSS[DRAWING_CSS.index(".tdd-text") :]
    + f".tdd-sheet-title {{ font-size: {TITLE_SIZE:g}px; font-weight: 700; }}\n"
)
"""Without the rules of the page: the fonts are on the root, and nothing depends on a screen."""


@dataclass(frozen=True)
class SheetWords:
    """What is written around a drawing in its file."""

    title: str
    alt: str
    note: str
    source: str
    credit: str


def write_file(stem: str, body: str, size: tuple[float, float], words: SheetWords) -> str:
    """Write a drawing as a whole SVG file on a white ground.

    Parameters
    ----------
    stem
        Beginning of the identifiers.
    body
        What is drawn.
    size
        Width and height of the drawing, in pixels.
    words
        Title above; note, source and credit under.

    Returns
    -------
    str
        An XML document.
    """
    width, height = size
    # the reader's software may have none of the fonts: lines that fill the width leave some room
    room = width * 0.93
    title = fold_text(words.title, room, TITLE_SIZE, bold=True)
    top = PADDING + len(title) * TITLE_SIZE * LEADING + 10
    said = [text for text in (words.note, words.source, words.credit) if text]
    foot = [line for text in said for line in fold_text(text, room, SMALL)]
    foot_top = top + height + 14
    total = px(width + 2 * PADDING), px(foot_top + len(foot) * FOOT_LEADING + PADDING)
    parts = [
        tag("title", escape_text(words.title), id=f"{stem}-titre"),
        tag("desc", escape_text(words.alt), id=f"{stem}-texte"),
        f"<style>\n{_STYLE}</style>",
        tag("rect", class_="tdd-ground", width=total[0], height=total[1]),
        tag("g", body, transform=f"translate({px(PADDING)} {px(top)})"),
        write_lines(PADDING, TITLE_BASELINE, title, TITLE_SIZE * LEADING, "tdd-sheet-title"),
        box(PADDING, foot_top - 8, width, 0.6, "tdd-foot-rule"),
        write_lines(PADDING, foot_top + SMALL, foot, FOOT_LEADING, "tdd-small"),
    ]
    labelled = f'role="img" aria-labelledby="{stem}-titre {stem}-texte" font-family="{FONTS}"'
    extent = f'viewBox="0 0 {total[0]} {total[1]}" width="{total[0]}" height="{total[1]}"'
    content = "\n".join(part for part in parts if part)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<svg {NAMESPACES} {labelled} {extent}>{content}</svg>\n'
