"""Where elevation comes from: the producers' servers, or a mirror laid out by host and path."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlencode, urlsplit

from terrdiag.errors import SourceFormatError, SourceUnavailableError
from terrdiag.sources.dem.ranges import HEAD_BYTES, RangeFile
from terrdiag.sources.download.client import Client
from terrdiag.sources.download.mirror import Mirror
from terrdiag.sources.download.problems import HttpStatusError
from terrdiag.sources.files import check_content

ABSENT: Final = (404, 410)

WHOLE_MB: Final = 80
"""A file that a server does not give by pieces is fetched whole up to this: a tile has 40 MB."""

_FIRST_PIECE: Final = {"Range": f"bytes=0-{HEAD_BYTES - 1}", "Accept-Encoding": "identity"}


class AbsentFileError(SourceUnavailableError):
    """A file that the producer, or the mirror, does not have."""


@dataclass
class Remote:
    """The servers of the producers, or what stands for them.

    Attributes
    ----------
    client
        What asks them: pace, retries, proxies and ``--offline`` are its own.
    mirror
        Folder or address of a mirror.
    received
        Bytes received so far.
    asked
        Requests made so far.
    """

    client: Client
    mirror: str | None = None
    received: int = field(default=0, init=False)
    asked: int = field(default=0, init=False)

    @property
    def folder(self) -> Path | None:
        """The mirror, when it is a folder."""
        return None if self.mirror is None or is_address(self.mirror) else Path(self.mirror)

    def find_local(self, address: str) -> Path:
        """Give the place of a file in a mirror that is a folder.

        Raises
        ------
        AbsentFileError
            The mirror does not have it.
        """
        assert self.folder is not None  # noqa: S101  # asked of folders only
        parts = urlsplit(address)
        path = self.folder / parts.netloc / unquote(parts.path).lstrip("/")
        if not path.is_file():
            raise AbsentFileError(f"{path} : ce fichier n'est pas dans le miroir.")
        return path

    def locate(self, address: str) -> str:
        """Give the address to ask: the producer's own, or the mirror's."""
        if self.mirror is None:
            return address
        parts = urlsplit(address)
        query = f"?{parts.query}" if parts.query else ""
        return f"{self.mirror.rstrip('/')}/{parts.netloc}{parts.path}{query}"

    def get(self, address: str, max_bytes: int, params: Mapping[str, str] | None = None) -> bytes:
        """Get a small answer whole."""
        full = f"{address}?{urlencode(params, safe=':,;/')}" if params else address
        with _Absence(address):
            answer = self.client.get(self.locate(full), max_bytes=max_bytes)
        self._count(len(answer.body))
        return answer.body

    def download(self, address: str, part: Path, max_megabytes: int) -> None:
        """Fetch a file whole, resumed where it was if the server allows."""
        with _Absence(address):
            self.client.stream_to(self.locate(address), part, max_bytes=max_megabytes * 1_000_000)
        self._count(part.stat().st_size)

    def open_pieces(self, address: str) -> RangeFile:
        """Open a file to read it by pieces.

        Returns
        -------
        RangeFile
            Held whole when the server ignores what piece it is asked for, as long as the file is not too big.

        Raises
        ------
        AbsentFileError
            The producer does not have it.
        SourceFormatError
            The server answers by a page.
        """
        url = self.locate(address)
        with _Absence(address):
            answer = self.client.get(url, headers=_FIRST_PIECE, max_bytes=WHOLE_MB * 1_000_000)
        self._count(len(answer.body))
        check_content(answer.body, address)

        def get_range(start: int, stop: int) -> bytes:
            piece = self.client.get_range(url, start, stop)
            self._count(len(piece))
            return piece

        is_piece = answer.status == 206
        size = _read_size(answer.headers) if is_piece else len(answer.body)
        if size is None or (is_piece and len(answer.body) != min(size, HEAD_BYTES)):
            raise word_format(address, "le serveur n'a pas donné la partie demandée")
        return RangeFile(get_range, size, answer.body)

    def _count(self, size: int) -> None:
        self.received += size
        self.asked += 1


class _Absence:
    """Tell a file that is not there from a server that fails."""

    def __init__(self, address: str) -> None:
        self._address = address

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, HttpStatusError) and error.status in ABSENT:
            raise AbsentFileError(
                f"{self._address} : rien à cette adresse ({error.status}). Ouvrez la page du producteur "
                "(« terrdiag list sources »), ou choisissez un autre modèle (--source)."
            ) from error


def _read_size(headers: Mapping[str, str]) -> int | None:
    """Read the size of the whole file in the answer to a request for a piece."""
    found = re.fullmatch(r"bytes 0-\d+/(\d+)", headers.get("Content-Range", "").strip())
    return int(found[1]) if found else None


def is_address(mirror: str) -> bool:
    """Say whether a mirror is an address, and not a folder."""
    return mirror.startswith(("http://", "https://"))


def host_of(mirror: str | None) -> frozenset[str]:
    """Name the host that may be asked without encryption: that of a mirror on this machine, as for the other files.

    Examples
    --------
    >>> host_of("http://127.0.0.1:8000/x"), host_of("https://miroir.fr"), host_of(None)
    (frozenset({'127.0.0.1:8000'}), frozenset(), frozenset())
    >>> host_of("http://miroir.fr")
    frozenset()
    """
    return Mirror(mirror).plain_host if mirror and is_address(mirror) else frozenset()


def word_format(address: str, what: str) -> SourceFormatError:
    """Word what is wrong with an answer of a server."""
    return SourceFormatError(
        f"{address} : {what}. Recommencez plus tard, ou choisissez un autre modèle (--source)."
    )
