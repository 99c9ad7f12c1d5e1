"""A finished drawing: inline in the page, or a file that stands by itself."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from terrdiag.drawing.model import NARROW_WIDTH, NO_DATA_FR, WIDTH, Caption
from terrdiag.drawing.standalone import SheetWords, write_file
from terrdiag.drawing.svg import NAMESPACES, box, px, tag, write
from terrdiag.drawing.text import escape_text
from terrdiag.wording import NBSP, plural

MOST_SAID: Final = 12
"""Names left out that the description says one by one; beyond, it counts them."""


@dataclass(frozen=True)
class Drawing:
    """A picture ready to be shown.

    Attributes
    ----------
    caption
        Its name, title, note and words.
    body
        What is drawn, as SVG elements.
    height
        Height of the view box, in pixels; its width is the caption's.
    unwritten
        Names left out for want of room, said in the description.
    narrow
        The same drawn for a phone, when there is one.
    """

    caption: Caption
    body: str
    height: float
    unwritten: tuple[str, ...] = ()
    narrow: "Drawing | None" = None

    @property
    def name(self) -> str:
        """File stem."""
        return self.caption.name

    @property
    def title(self) -> str:
        """What, where, when."""
        return self.caption.title

    @property
    def note(self) -> str:
        """How to read it."""
        return self.caption.note

    @property
    def alt(self) -> str:
        """The picture in words, with the names that had no room."""
        words = self.caption.alt or self.caption.title
        count = len(self.unwritten)
        if not count:
            return words
        names = f"{NBSP}: {', '.join(self.unwritten)}" if count <= MOST_SAID else ""
        left = plural(count, "nom non écrit", "noms non écrits")
        return f"{words} ({left} faute de place{names}.)"

    @property
    def svg(self) -> str:
        """The drawing as an ``<svg>`` element for a page that holds :data:`terrdiag.drawing.DRAWING_CSS`."""
        return self._element("tdd tdd-wide" if self.narrow else "tdd tdd-alone")

    @property
    def inline(self) -> str:
        """The drawing for the page, with the narrow one for phones: the style shows the one that fits."""
        narrow = self.narrow._element("tdd tdd-narrow") if self.narrow else ""  # noqa: SLF001
        return f'<div class="tdd-frame">{self.svg}{narrow}</div>'

    def __html__(self) -> str:
        """Let a template that escapes what it writes know that this is markup already: ``{{ drawing }}``."""
        return self.inline

    def standalone(self, source: str, credit: str) -> str:
        """Give the drawing as a file of its own: title, drawing, note, source and credit on a white ground.

        Parameters
        ----------
        source
            Producers, titles and vintages.
        credit
            Author and date.

        Returns
        -------
        str
            A whole SVG file, with no reference to anything outside it.
        """
        size = float(self.caption.width), self.height
        words = SheetWords(self.title, self.alt, self.note, source, credit)
        return write_file(self.caption.stem, self.body, size, words)

    def _element(self, class_: str) -> str:
        stem = self.caption.stem
        width, height = px(self.caption.width), px(self.height)
        head = tag("title", escape_text(self.title), id=f"{stem}-titre")
        head += tag("desc", escape_text(self.alt), id=f"{stem}-texte")
        return (
            f'<svg {NAMESPACES} class="{class_}" role="img" aria-labelledby="{stem}-titre {stem}-texte" '
            f'viewBox="0 0 {width} {height}" width="{width}" height="{height}">{head}{self.body}</svg>'
        )


def draw_widths(draw: Callable[[Caption], Drawing], caption: Caption) -> Drawing:
    """Draw the same thing for paper and screens, then for phones.

    Parameters
    ----------
    draw
        Makes the drawing from its caption: ``lambda caption: draw_lines(caption, series, x, y)``.
    caption
        The caption; its width is set here.

    Returns
    -------
    Drawing
        The wide one, which holds the narrow one.
    """
    wide = draw(replace(caption, width=WIDTH))
    return replace(wide, narrow=draw(replace(caption, width=NARROW_WIDTH)))


def draw_nothing(caption: Caption) -> Drawing:
    """Say that there is nothing to draw, rather than show empty axes."""
    height = 64.0
    ground = box(0.5, 0.5, caption.width - 1, height - 1, "tdd-neat")
    words = write(caption.width / 2, height / 2 + 5, NO_DATA_FR, "tdd-heading", "middle")
    return Drawing(replace(caption, alt=NO_DATA_FR), ground + words, height)
