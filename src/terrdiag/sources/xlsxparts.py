"""Parsers of the XML of a workbook, fed by pieces: the rows of a sheet, the shared strings."""

import sys
from collections.abc import Callable, Collection
from typing import Final, Protocol
from xml.parsers import expat

Raw = str | int
"""A cell: its text, or the rank of its shared string."""

MAX_COLUMNS: Final = 16_384
"""What a sheet may have, at the most."""

MAX_ROWS: Final = 1_048_576
"""Idem."""

MAX_TOKEN: Final = 64 << 20
"""Bytes without an end to what they began: beyond, this is no workbook, and memory would fill."""

MAX_TEXT: Final = 32_768
"""Characters that a cell may hold, at the most; the rest is not read."""

_DIGITS: Final = "0123456789"


class Wanted(Protocol):
    """A parser that is fed until it has what it wants."""

    is_done: bool

    def feed(self, chunk: bytes) -> None:
        """Parse one more piece."""

    def close(self) -> None:
        """Say that there is no more."""


class _Parser:
    """An XML parser that refuses declarations of a document type (no workbook has one, bombs do)."""

    def __init__(
        self, start: Callable[[str, dict[str, str]], None], end: Callable[[str], None]
    ) -> None:
        self.is_done = False
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = start
        self._parser.EndElementHandler = end
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.buffer_text = True
        self._text: list[str] = []
        self._fed = 0

    def feed(self, chunk: bytes) -> None:
        """Parse one more piece."""
        self._parser.Parse(chunk, False)  # noqa: FBT003  # the last of expat
        self._fed += len(chunk)
        if self._fed - self._parser.CurrentByteIndex > MAX_TOKEN:
            raise expat.ExpatError("élément sans fin")

    def close(self) -> None:
        """Say that there is no more."""
        self._parser.Parse(b"", True)  # noqa: FBT003  # idem

    def _refuse(self, name: str, *_: object) -> None:
        raise expat.ExpatError(f"type de document « {name} » dans un classeur")

    def _listen(self) -> None:
        """Gather the text that comes."""
        self._parser.CharacterDataHandler = self._gather

    def _deafen(self) -> None:
        """Leave the text that comes: most of it is of no use, and costs a call each time."""
        self._parser.CharacterDataHandler = None

    def _gather(self, text: str) -> None:
        if sum(map(len, self._text)) < MAX_TEXT:
            self._text.append(text[:MAX_TEXT])


class SheetParser(_Parser):
    """The rows of a sheet.

    Parameters
    ----------
    places
        Ranks of the columns to keep, from 0; all when absent.
    limit
        How many rows to read; all when absent.
    """

    def __init__(self, places: Collection[int] | None, limit: int | None) -> None:
        super().__init__(self._start, self._end)
        self.rows: list[dict[int, Raw]] = []
        self._places, self._limit = places, limit
        self._ranks: dict[str, int] = {}
        self._place, self._type, self._is_kept = -1, "n", False

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        # called for every element of a sheet: the commonest first
        local = name.rpartition(":")[2] if ":" in name else name
        if local == "c":
            letters = attributes.get("r", "").rstrip(_DIGITS)
            self._place = self._rank(letters) if letters else self._place + 1
            self._is_kept = self._places is None or self._place in self._places
            if self._is_kept:
                self._type = attributes.get("t", "n")
        elif local == "row":
            if len(self.rows) >= MAX_ROWS:
                raise expat.ExpatError(f"plus de {MAX_ROWS} lignes")
            self.rows.append({})
            self._place, self._is_kept = -1, False
        elif self._is_kept and local in {"v", "t"}:
            self._listen()
        elif local == "rPh":
            # how a text is pronounced is not a part of it
            self._deafen()

    def _end(self, name: str) -> None:
        local = name.rpartition(":")[2] if ":" in name else name
        if local == "row":
            self.is_done = self._limit is not None and len(self.rows) >= self._limit
        elif not self._is_kept:
            return
        elif local in {"v", "t"}:
            self._deafen()
        elif local == "c":
            self._keep("".join(self._text))
            self._text.clear()

    def _keep(self, text: str) -> None:
        """Keep the text of a cell, the same text once."""
        if not text or not self.rows:
            return
        if self._type == "s":
            self.rows[-1][self._place] = int(text) if text.isdecimal() else ""
            return
        if self._type == "n":
            text = _word_number(text)
        self.rows[-1][self._place] = sys.intern(text.strip())

    def _rank(self, letters: str) -> int:
        """Give the rank of a column by its letters, from 0."""
        if letters not in self._ranks:
            rank = 0
            for letter in letters[:4]:
                rank = 26 * rank + ord(letter) - 64
            if not (letters.isascii() and letters.isupper() and rank <= MAX_COLUMNS):
                raise expat.ExpatError(f"cellule mal nommée : « {letters[:20]} »")
            self._ranks[letters] = rank - 1
        return self._ranks[letters]


class StringsParser(_Parser):
    """Some of the shared strings.

    Parameters
    ----------
    ranks
        Ranks of the strings to keep, from 0.
    """

    def __init__(self, ranks: Collection[int]) -> None:
        super().__init__(self._start, self._end)
        self.strings: dict[int, str] = {}
        self._ranks, self._last = ranks, max(ranks)
        self._rank, self._spoken = -1, 0

    def _start(self, name: str, _: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "si":
            self._rank += 1
        elif name == "rPh":
            self._spoken += 1
        elif name == "t" and self._rank in self._ranks and not self._spoken:
            self._listen()

    def _end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name == "t":
            self._deafen()
        elif name == "rPh":
            self._spoken -= 1
        elif name == "si" and self._rank in self._ranks:
            self.strings[self._rank] = "".join(self._text).strip()
            self._text.clear()
            self.is_done = self._rank >= self._last


def _word_number(text: str) -> str:
    """Write a whole number without its decimals or exponent.

    Examples
    --------
    >>> _word_number("2.46500482E8"), _word_number("12.0"), _word_number("0.5"), _word_number("nan")
    ('246500482', '12', '0.5', 'nan')
    """
    if text.isdecimal():
        return text
    try:
        number = float(text)
    except ValueError:
        return text
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else text
