"""Text in a drawing: how wide it is, where it folds, how it is written without harm.

The fonts of the reader are not known: widths are those of Arial and its metric twins, a little enlarged, which
Helvetica, Segoe UI and Roboto stay within.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Final

SIZE: Final = 13.0
"""Size of ordinary text, in pixels at :data:`terrdiag.drawing.model.WIDTH`."""

SMALL: Final = 12.0
"""Size of ticks and notes; nothing is smaller."""

LEADING: Final = 1.25
"""Height of a line of text, in its size."""

ASCENT: Final = 0.36
"""Half the height of a capital: from the middle of a line down to its baseline, in its size."""

_EM: Final = {
    char: width
    for width, chars in (
        (0.20, "'"),
        (0.23, "ijl’"),
        (0.28, " !,./:;I[\\]ft|\u00a0\u202f"),
        (0.34, "()-`r²³{}"),
        (0.40, '"*°•^'),
        (0.50, "Jcksvxyz"),
        (0.56, "#$0123456789?L_abdeghnopqu–«»€÷±≈≥≤"),
        (0.59, "+<=>~×−"),
        (0.62, "FTZß"),
        (0.67, "&ABEKPSVXY"),
        (0.73, "CDHNRUw"),
        (0.78, "GOQØø"),
        (0.84, "Mm"),
        (0.89, "%æ"),
        (0.95, "Wœ"),
        (1.02, "ŒÆ—…→@"),
    )
    for char in chars
}

_OTHER_EM: Final = 0.72
_WIDE_EM: Final = 1.02
_MARGIN: Final = 1.05
_BOLD: Final = 1.07

_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, even escaped."""

_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}

# a no-break space is a space for « \s »: the spaces where a line may fold are listed
_SPACES: Final = re.compile(r"[ \t\n\r]+")

_PIECES: Final = re.compile(r".+?(?:[/-]+(?=\D)|$)", re.DOTALL)


def escape_text(text: str) -> str:
    """Write plain text as XML, whatever it holds: markup escaped, forbidden characters shown as « \ufffd ».

    Examples
    --------
    >>> escape_text("L'<b> & \\x00")
    'L&#39;&lt;b&gt; &amp; \ufffd'
    """
    clean = _FORBIDDEN.sub("\ufffd", text)
    return re.sub("[&<>\"']", lambda found: _ENTITIES[found[0]], clean)


def isolate_text(text: str) -> str:
    """Keep a text written from right to left from reordering the figures that follow it."""
    is_rtl = any(unicodedata.bidirectional(char) in {"R", "AL"} for char in text)
    return f"\u2068{text}\u2069" if is_rtl else text


def measure_text(text: str, size: float = SIZE, *, bold: bool = False) -> float:
    """Estimate the width of a line of text, in pixels; rather too wide than too narrow.

    Examples
    --------
    >>> round(measure_text("Haute-Bigorre", 10))
    66
    """
    em = sum(_char_em(char) for char in text)
    return em * size * _MARGIN * (_BOLD if bold else 1.0)


def fold_text(text: str, width: float, size: float = SIZE, *, bold: bool = False) -> list[str]:
    """Fold a text into lines no wider than a width: at spaces; a word too long, after a hyphen, then anywhere.

    Nothing is cut off, so that there are as many lines as it takes.

    Examples
    --------
    >>> fold_text("Commerce, transports, services", 120)
    ['Commerce,', 'transports, services']
    >>> fold_text("CC de la Haute-Bigorre", 100), fold_text("Haute-Bigorre", 60)
    (['CC de la', 'Haute-Bigorre'], ['Haute-', 'Bigorre'])
    """

    def fits(line: str) -> bool:
        return measure_text(line, size, bold=bold) <= width

    lines = [""]
    for word in (word for word in _SPACES.split(text) if word):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if fits(joined):
            lines[-1] = joined
        else:
            lines += _split_word(word, fits)
    return lines[1:] if len(lines) > 1 and not lines[0] else lines


def fold_evenly(text: str, width: float, size: float = SIZE, *, bold: bool = False) -> list[str]:
    """Fold a text as :func:`fold_text` does, then even out its lines: as many lines, the narrowest that can be.

    Examples
    --------
    >>> fold_evenly("Administration, enseignement, santé, social", 230)
    ['Administration,', 'enseignement, santé, social']
    >>> fold_text("Administration, enseignement, santé, social", 230)
    ['Administration, enseignement, santé,', 'social']
    """
    lines = fold_text(text, width, size, bold=bold)
    low, high = 0.0, width
    while len(lines) > 1 and high - low > 1:
        middle = (low + high) / 2
        tried = fold_text(text, middle, size, bold=bold)
        low, high = (low, middle) if len(tried) <= len(lines) else (middle, high)
    return fold_text(text, high, size, bold=bold)


def _split_word(word: str, fits: Callable[[str], bool]) -> list[str]:
    """Split a word alone on its line into parts that fit: after its hyphens, then between any two characters."""
    parts = [""]
    for piece in _PIECES.findall(word):
        if fits(parts[-1] + piece):
            parts[-1] += piece
            continue
        parts.append("")
        for char in piece:
            if parts[-1] and not fits(parts[-1] + char):
                parts.append("")
            parts[-1] += char
    return [part for part in parts if part]


def _char_em(char: str) -> float:
    if char in _EM:
        return _EM[char]
    kind = unicodedata.category(char)
    if kind in {"Mn", "Me", "Cf"}:
        return 0.0
    bare = unicodedata.normalize("NFD", char)[0]
    if bare in _EM:
        return _EM[bare]
    return _WIDE_EM if unicodedata.east_asian_width(char) in {"W", "F"} else _OTHER_EM
