"""A file on a server, read by pieces: what GDAL asks for, and nothing more."""

import io
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from terrdiag.errors import TerrdiagError

HEAD_BYTES: Final = 16 * 1024
"""Asked for at once where GDAL reads a few bytes: the header of a cloud-optimised file is in it."""

GAP_BYTES: Final = 128 * 1024
"""Two pieces nearer than this are one request: less to wait than to ask again."""

GetRange = Callable[[int, int], bytes]
"""Gives the bytes of a file from a place to another, the latter excluded."""


class RangeFile(io.RawIOBase):
    """A file of a server, for ``rasterio.open(…, opener=…)``.

    Parameters
    ----------
    get_range
        Gives bytes of the file.
    size
        Bytes of the whole file.
    head
        Its first bytes, if they are known already.

    Attributes
    ----------
    is_whole
        Whether it was given whole at once.
    failure
        What stopped the reading: GDAL does not let an error through, so that who reads has to raise it.
    """

    def __init__(self, get_range: GetRange, size: int, head: bytes = b"") -> None:
        super().__init__()
        self._get_range = get_range
        self._size = size
        self._place = 0
        self._pieces: dict[int, bytes] = {0: head} if head else {}
        self.is_whole = len(head) == size > HEAD_BYTES
        self.failure: TerrdiagError | None = None

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def seekable(self) -> bool:
        """Say that it can be read from anywhere."""
        return True

    def tell(self) -> int:
        """Give the place it is read from."""
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        self._place = max(start + offset, 0)
        return self._place

    def read(self, size: int = -1, /) -> bytes:
        """Read bytes; none when they could not be had (see :attr:`failure`)."""
        stop = self._size if size < 0 else min(self._place + size, self._size)
        if stop <= self._place:
            return b""
        try:
            content = self._find(self._place, stop)
        except TerrdiagError as error:
            self.failure = error
            return b""
        self._place = stop
        return content

    def prefetch(self, pieces: Iterable[tuple[int, int]]) -> None:
        """Ask for pieces that will be read, near ones together.

        Parameters
        ----------
        pieces
            Start and end (excluded) of each, in bytes.

        Raises
        ------
        TerrdiagError
            A piece could not be had.
        """
        for start, stop in join_pieces(pieces):
            if self._held(start, stop) is None:
                self._pieces[start] = self._get_range(start, min(stop, self._size))

    def _find(self, start: int, stop: int) -> bytes:
        held = self._held(start, stop)
        if held is None:
            end = min(max(stop, start + HEAD_BYTES), self._size)
            self._pieces[start] = self._get_range(start, end)
            held = self._held(start, stop)
        assert held is not None  # noqa: S101  # a piece has the length that was asked for
        return held

    def _held(self, start: int, stop: int) -> bytes | None:
        for place, piece in self._pieces.items():
            if place <= start and stop <= place + len(piece):
                return piece[start - place : stop - place]
        return None


def join_pieces(
    pieces: Iterable[tuple[int, int]], gap: int = GAP_BYTES
) -> Iterator[tuple[int, int]]:
    """Join the pieces that are near each other.

    Examples
    --------
    >>> list(join_pieces([(100, 200), (0, 50), (190, 300), (900, 950)], gap=50))
    [(0, 300), (900, 950)]
    """
    current: tuple[int, int] | None = None
    for start, stop in sorted(pieces):
        if current is None:
            current = start, stop
        elif start - current[1] <= gap:
            current = current[0], max(current[1], stop)
        else:
            yield current
            current = start, stop
    if current is not None:
        yield current
