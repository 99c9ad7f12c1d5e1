"""Ask the producers' servers: small answers in memory, byte ranges, files brought to the disk."""

import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self, TypeVar

import requests

from terrdiag.errors import SourceFormatError, SourceUnavailableError
from terrdiag.sources.download.exchange import Exchange, Params, read_body, split_address
from terrdiag.sources.download.problems import Again, HttpStatusError
from terrdiag.sources.download.retry import Patience
from terrdiag.sources.download.settings import NetworkSettings
from terrdiag.sources.download.transfer import (
    Known,
    PartTransfer,
    Transfer,
    announced_length,
    parse_content_range,
)
from terrdiag.sources.download.wire import Watch
from terrdiag.wording import format_number

T = TypeVar("T")

__all__ = ["Answer", "Client", "HttpStatusError", "Known", "Transfer"]

ANSWER_BYTES: Final = 64_000_000
"""Default bound of an answer held in memory, in bytes."""

_IGNORED_RANGE_BYTES: Final = 2_000_000
"""A server that ignores Range is read as far as this, no further."""


@dataclass(frozen=True)
class Answer:
    """A small answer, whole in memory and decoded.

    Attributes
    ----------
    status
        200, 206 or 304 (nothing else is an answer).
    headers
        As received; names in any case.
    body
        Its bytes.
    url
        The address that answered, after redirects.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


class Client:
    """What everything in terrdiag goes through to reach a server.

    Parameters
    ----------
    settings
        How the network is used.
    sleep, clock
        How time passes and is read, in seconds.
    """

    def __init__(
        self,
        settings: NetworkSettings | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings = settings or NetworkSettings()
        self._watch = Watch(self.settings, clock)
        self._exchange = Exchange(self.settings, self._watch, sleep, clock)
        self._patience = Patience(self.settings, self._watch, sleep, clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._exchange.close()

    def get(
        self,
        url: str,
        *,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = ANSWER_BYTES,
    ) -> Answer:
        """Get a small answer, of an API for instance.

        Its content is not judged: an XML error of status 200 is for the caller to refuse
        (:func:`terrdiag.sources.files.check_content`).

        Parameters
        ----------
        url
            The address.
        params
            Its parameters; a list gives as many.
        headers
            Beyond those of every request.
        max_bytes
            Refused beyond this, in bytes, on the wire as once decoded.

        Returns
        -------
        Answer
            Of status 200, 206 or 304.

        Raises
        ------
        HttpStatusError
            Another status; ``status`` and ``text`` say which and what was said (404, 400, 500 after all attempts…).
        SourceUnavailableError
            The server cannot be reached, or broke off each time (also ``OfflineError``, ``QuotaError``).
        SourceFormatError
            The answer is too big, or badly encoded.
        """
        full = self._exchange.full_url(url, params) if params else url
        asked = {"Accept-Encoding": "gzip", **(headers or {})}

        def attempt() -> Answer:
            with self._exchange.open(full, asked) as response:
                return self._read_answer(response, full, max_bytes)

        return self._persist(full, attempt)

    def get_range(self, url: str, start: int, end: int) -> bytes:
        """Get the bytes of a file from ``start`` to ``end`` (excluded), as ``data[start:end]`` would.

        Parameters
        ----------
        url
            The address.
        start, end
            Positions in the file; ``end`` is excluded.

        Returns
        -------
        bytes
            Fewer than asked only where the file ends before.

        Raises
        ------
        HttpStatusError
            404 where there is no such file, 416 when it ends before ``start``.
        SourceUnavailableError
            The server does not serve ranges, or others than those asked for.
        """
        asked = {"Accept-Encoding": "identity", "Range": f"bytes={start}-{end - 1}"}
        # a small file may be read whole and cut
        bound = max(end, _IGNORED_RANGE_BYTES) if start < _IGNORED_RANGE_BYTES else end - start

        def attempt() -> bytes:
            with self._exchange.open(url, asked) as response:
                if response.status_code == 206:
                    body = self._read_answer(response, url, end - start).body
                    _check_range(response, body, start, end)
                    return body
                _check_ignored_range(response, url, bound)
                return self._read_answer(response, url, bound).body[start:end]

        return self._persist(url, attempt)

    def stream_to(
        self,
        url: str,
        part: Path,
        *,
        known: Known | None = None,
        max_bytes: int,
        tell: Callable[[int, int], None] | None = None,
    ) -> Transfer:
        """Bring a file to the disk, going on with what an earlier attempt or run left of it.

        Parameters
        ----------
        url
            The address.
        part
            The file written, to be checked and moved in by the caller. A ``.json`` beside it says what it is the
            beginning of, as long as it is not whole.
        known
            What the server said of the version already there.
        max_bytes
            Refused beyond this, in bytes.
        tell
            Is told how many bytes came, of how many (0 when unknown).

        Returns
        -------
        Transfer
            ``not_modified`` when ``known`` is still current: nothing is written then.

        Raises
        ------
        HttpStatusError
            The address does not hold the file.
        SourceUnavailableError
            The server cannot be reached, or broke off each time (also ``OfflineError``, ``QuotaError``).
        SourceFormatError
            The file is too big, or encoded otherwise than asked.
        """
        transfer = PartTransfer(self._exchange, self._watch, url, part, max_bytes)
        if tell:
            transfer.tell = tell
        return self._persist(url, lambda: transfer.attempt(known), transfer.advanced)

    def _persist(
        self, url: str, attempt: Callable[[], T], advanced: Callable[[], bool] = lambda: False
    ) -> T:
        self._watch.start()
        return self._patience.persist(url, split_address(url).netloc, attempt, advanced)

    def _read_answer(self, response: requests.Response, url: str, max_bytes: int) -> Answer:
        chunks: list[bytes] = []
        size = 0
        for chunk in read_body(response, self._watch, url):
            size += len(chunk)
            _check_size(size, max_bytes, url)
            chunks.append(chunk)
        body = b"".join(chunks)
        if response.headers.get("Content-Encoding", "").strip().lower() in {"gzip", "x-gzip"}:
            body = _gunzip(body, max_bytes, url)
        return Answer(response.status_code, response.headers, body, response.url)


def _check_size(size: int, max_bytes: int, url: str) -> None:
    if size > max_bytes:
        raise SourceFormatError(
            f"{url} : réponse de plus de {format_number(max_bytes / 1e6, 1)} Mo, la taille admise. "
            "Ce n'est pas la réponse attendue."
        )


def _gunzip(data: bytes, max_bytes: int, url: str) -> bytes:
    """Decode a gzip answer, within the bound."""
    inflater = zlib.decompressobj(31)
    try:
        body = inflater.decompress(data, max_bytes + 1)
    except zlib.error as error:
        raise SourceFormatError(f"{url} : réponse gzip abîmée ({error}). Relancez.") from error
    _check_size(len(body), max_bytes, url)
    if not inflater.eof:
        raise SourceFormatError(f"{url} : réponse gzip tronquée. Relancez la commande.")
    return body


def _check_range(response: requests.Response, body: bytes, start: int, end: int) -> None:
    """Check that a partial answer is the one that was asked for."""
    found = parse_content_range(response)
    if found is None or found.start != start or found.stop != start + len(body):
        raise Again("le serveur n'a pas donné la partie demandée")
    if found.stop not in {end, found.total}:
        raise Again("le serveur a donné moins que la partie demandée")


def _check_ignored_range(response: requests.Response, url: str, bound: int) -> None:
    """Refuse to read a whole big file for a part of it."""
    length = announced_length(response)
    if response.status_code != 200 or length > bound:
        raise SourceUnavailableError(
            f"{url} : ce serveur ne donne pas les fichiers par parties, et celui-ci est gros. "
            "Téléchargez-le entier depuis la page du producteur."
        )
