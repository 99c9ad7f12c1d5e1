"""Where things stand in a study file: the line of each table, key and item, and how to name a place."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

KeyPath = tuple[str, ...]
"""Names of tables and keys from the top; the rank of an item, from 0, is one of them, in digits."""

Lines = Mapping[KeyPath, int]

HEADER: Final = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
ASSIGNMENT: Final = re.compile(r"""^\s*([\w."' -]+?)\s*=""")
TOKEN: Final = re.compile(
    r'"""|\'\'\'|"(?:\\.|[^"\\])*"|\'[^\']*\'|#.*|[\[\]{},]|[^\s\[\]{},#"\']+|["\']'
)
LONG_QUOTES: Final = ('"""', "'''")


def find_lines(text: str) -> dict[KeyPath, int]:
    r"""Find the line of each table, key and item of a list, by a small scan.

    Parameters
    ----------
    text
        The file; it need not be TOML.

    Returns
    -------
    dict
        ``("perimeter",)``, ``("perimeter", "epci")``, ``("perimeter", "epci", "0")``,
        ``("claims", "2", "value")`` → line, from 1.

    Examples
    --------
    >>> find_lines('[study]\nid = "x"  # dossier\n[[claims]]\nvalue = 2\n')
    {('study',): 1, ('study', 'id'): 2, ('claims',): 3, ('claims', '0'): 3, ('claims', '0', 'value'): 4}
    """
    scan = _Scan()
    for number, line in enumerate(text.split("\n"), 1):
        scan.read(number, line)
    return scan.found


def find_line(path: Sequence[str | int], lines: Lines) -> int:
    """Give the line of a place, or of the nearest that holds it; 0 when it is not in the file.

    Examples
    --------
    >>> find_line(("study", "title"), {("study",): 3})
    3
    """
    names = tuple(map(str, path))
    known = (lines[names[:depth]] for depth in range(len(names), 0, -1) if names[:depth] in lines)
    return next(known, 0)


def word_place(path: Sequence[str | int]) -> str:
    """Name a table or a key as the file writes it.

    Examples
    --------
    >>> word_place(["perimeter"]), word_place(["perimeter", "epci"])
    ('[perimeter]', '[perimeter] epci')
    >>> word_place(["relief", "transect", "points"]), word_place(["claims", 2, "value"])
    ('[relief.transect] points', '[[claims]] n° 3, value')
    """
    rank = next((place for place, part in enumerate(path) if isinstance(part, int)), None)
    if rank is not None:
        head = f"[[{'.'.join(map(str, path[:rank]))}]] n° {int(path[rank]) + 1}"
        return ", ".join([head, *map(str, path[rank + 1 :])])
    *tables, key = map(str, path) if len(path) > 1 else (*map(str, path), "")
    return f"[{'.'.join(tables)}] {key}".rstrip()


class _Scan:
    """What is open at a point of the file: a table, a list, a long text."""

    def __init__(self) -> None:
        self.found: dict[KeyPath, int] = {}
        self.table: KeyPath = ()
        self.repeated: dict[KeyPath, int] = {}  # rank of the last table of each array
        self.key: KeyPath = ()
        self.depth = 0  # brackets open in the value of the key
        self.quote = ""  # delimiter of a text over several lines
        self.item: int | None = None  # rank of the item being read, when the value is a list
        self.is_fresh = False  # whether what comes next begins an item

    def read(self, number: int, line: str) -> None:
        """Read one line."""
        rest = line
        if not self.depth and not self.quote:
            if header := HEADER.match(line):
                self._open_table(_split(header[2]), number, repeated=header[1] == "[[")
                return
            assignment = ASSIGNMENT.match(line)
            if not assignment:
                return
            self.key = (*self.table, *_split(assignment[1]))
            self.item = None
            for depth in range(1, len(self.key) + 1):
                self.found.setdefault(self.key[:depth], number)
            rest = line[assignment.end() :]
        self._follow(number, rest)

    def _open_table(self, names: KeyPath, number: int, *, repeated: bool) -> None:
        path: KeyPath = ()
        for depth, name in enumerate(names, 1):
            path = (*path, name)
            if depth == len(names) and repeated:
                self.repeated[path] = self.repeated.get(path, -1) + 1
            self.found.setdefault(path, number)
            if path in self.repeated:
                path = (*path, str(self.repeated[path]))
                self.found.setdefault(path, number)
        self.table = path

    def _follow(self, number: int, rest: str) -> None:
        """Follow brackets and long texts over the rest of a line."""
        place = 0
        while place < len(rest):
            if self.quote:
                end = rest.find(self.quote, place)
                if end < 0:
                    return
                place, self.quote = end + 3, ""
                continue
            piece = TOKEN.search(rest, place)
            if not piece or piece[0].startswith("#"):
                return
            self._take(piece[0], number)
            place = piece.end()

    def _take(self, piece: str, number: int) -> None:
        if piece in "]}":
            self.depth = max(0, self.depth - 1)
        elif piece == ",":
            self.is_fresh = self.depth == 1
        else:
            self._begin_item(number)
            if piece in LONG_QUOTES:
                self.quote = piece
            elif piece in "[{":
                if not self.depth and piece == "[":
                    self.item, self.is_fresh = -1, True
                self.depth += 1

    def _begin_item(self, number: int) -> None:
        if self.item is not None and self.depth == 1 and self.is_fresh:
            self.item, self.is_fresh = self.item + 1, False
            self.found.setdefault((*self.key, str(self.item)), number)


def _split(key: str) -> KeyPath:
    return tuple(part.strip().strip("\"'") for part in key.split("."))
