"""Bring an address into a ``.part`` file: resumed when it broke off, never a byte of one version after another's."""

import hashlib
import json
import os
import re
import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import requests

from terrdiag.errors import SourceFormatError
from terrdiag.sources.download.exchange import Exchange, read_body
from terrdiag.sources.download.problems import Again, HttpStatusError
from terrdiag.sources.download.wire import Watch
from terrdiag.wording import format_number

_CONTENT_RANGE: Final = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)", re.I)
_WBITS: Final = {"gzip": 31, "x-gzip": 31, "deflate": 15}
_PLAIN: Final = frozenset({"", "identity"})


@dataclass(frozen=True)
class Known:
    """What a server said of the version that is already there, for a conditional request."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True)
class Transfer:
    """What came of a transfer.

    Attributes
    ----------
    url
        The address that answered in the end.
    not_modified
        Whether the version already there is still the one of the server; nothing is written then.
    size, sha256
        Of the file written, once decoded.
    etag, last_modified
        What the server says of it.
    resumed
        Whether a part came from an earlier attempt or run.
    proven
        Whether the server said where it ends; else nothing but its content tells whether it is whole.
    content_type
        What the server says that it is, in short; not to be trusted.
    """

    url: str
    not_modified: bool
    size: int = 0
    sha256: str = ""
    etag: str = ""
    last_modified: str = ""
    resumed: bool = False
    proven: bool = True
    content_type: str = ""


@dataclass(frozen=True)
class _Notes:
    """What must be known of a part to go on with it, kept beside it."""

    address: str
    etag: str = ""
    last_modified: str = ""
    total: int = 0
    encoding: str = ""
    proven: bool = True
    content_type: str = ""

    @property
    def validator(self) -> str:
        """What proves that the server still has the same bytes (nothing: start again)."""
        return self.etag if self.etag.startswith('"') else self.last_modified


class PartTransfer:
    """The transfer of one address to one part, over as many attempts as it takes.

    Parameters
    ----------
    exchange, watch
        The network.
    url
        The address.
    part
        The file to write.
    max_bytes
        Size beyond which it is refused, on the wire as once decoded.
    """

    def __init__(
        self, exchange: Exchange, watch: Watch, url: str, part: Path, max_bytes: int
    ) -> None:
        self._exchange = exchange
        self._watch = watch
        self._url = url
        self._part = part
        self._notes_path = part.with_name(f"{part.name}.json")
        self._max_bytes = max_bytes
        self._best = 0
        self._resumed = False
        self.tell: Callable[[int, int], None] = lambda _done, _total: None

    def attempt(self, known: Known | None) -> Transfer:
        """Make one attempt, going on with what an earlier one left.

        Raises
        ------
        Again
            It broke off.
        SourceFormatError
            Too big, or encoded in a way that was not asked for.
        """
        notes = self._load_notes()
        headers = {"Accept-Encoding": "identity", **self._ask_rest(notes)}
        if "Range" not in headers and known:
            headers |= _ask_if_changed(known)
        try:
            with self._exchange.open(self._url, headers) as response:
                if response.status_code == 304:
                    return self._not_modified(response, headers)
                start = self._begin(response, notes, headers)
                self._copy(response, start)
                url = response.url
        except HttpStatusError as error:
            if error.status == 416 and "Range" in headers:
                self.discard()  # the part is longer than the file: the length announced first was wrong
                raise Again("le serveur n'a pas la suite de ce qu'il a commencé") from error
            raise
        return self._finish(url)

    def advanced(self) -> bool:
        """Tell whether the last attempt brought a notable part of the file."""
        size = self._size()
        total = (self._load_notes() or _Notes("")).total
        notable = min(1_000_000, max(total // 20, 1))
        if size < self._best + notable:
            return False
        self._best = size
        return True

    def discard(self) -> None:
        """Forget the part."""
        self._notes_path.unlink(missing_ok=True)
        self._part.unlink(missing_ok=True)

    def _ask_rest(self, notes: _Notes | None) -> dict[str, str]:
        """Ask for what is lacking of the same version, if there is a part of it."""
        size = self._size()
        self._best = max(self._best, size)
        if not notes or not notes.validator or not size:
            return {}
        # a part that is whole but not yet moved in: its last byte proves it
        start = min(size, notes.total - 1) if notes.total else size
        return {"Range": f"bytes={start}-", "If-Range": notes.validator} if start > 0 else {}

    def _not_modified(self, response: requests.Response, headers: dict[str, str]) -> Transfer:
        if "If-None-Match" not in headers and "If-Modified-Since" not in headers:
            raise Again("le serveur répond « inchangé » à qui ne lui a rien dit")
        self.discard()
        etag, modified = (response.headers.get(name, "") for name in ("ETag", "Last-Modified"))
        return Transfer(response.url, not_modified=True, etag=etag, last_modified=modified)

    def _begin(
        self, response: requests.Response, notes: _Notes | None, headers: dict[str, str]
    ) -> int:
        """Prepare the part for the body that comes; give where in the file it starts."""
        if response.status_code == 206:
            if notes and "Range" in headers and self._continues(response, notes, headers["Range"]):
                self._resumed = True
                return int(headers["Range"].removeprefix("bytes=").removesuffix("-"))
            self.discard()
            raise Again("le serveur n'a pas repris où il était demandé")
        self.discard()  # the whole comes: a server that ignores Range, or another version
        self._resumed = False
        encoding = response.headers.get("Content-Encoding", "").strip().lower()
        if encoding not in _PLAIN and encoding not in _WBITS:
            raise SourceFormatError(
                f"{self._url} : le serveur répond dans un codage qui ne lui a pas été demandé (« {encoding} »). "
                "Téléchargez le fichier avec un navigateur et déposez-le dans data/raw/inbox/."
            )
        total = announced_length(response)
        self._check_size(total)
        found = _Notes(
            self._url,
            response.headers.get("ETag", ""),
            response.headers.get("Last-Modified", ""),
            total,
            "" if encoding in _PLAIN else encoding,
            bool(total) or is_chunked(response) or encoding not in _PLAIN,
            _announced_type(response),
        )
        self._part.parent.mkdir(parents=True, exist_ok=True)
        self._part.write_bytes(b"")
        self._notes_path.write_text(json.dumps(asdict(found)), encoding="utf-8")
        return 0

    def _continues(self, response: requests.Response, notes: _Notes, asked: str) -> bool:
        """Check that a partial body is the rest of the same version, from the byte that was asked for."""
        span = parse_content_range(response)
        etag = response.headers.get("ETag", notes.etag)
        encoding = response.headers.get("Content-Encoding", "").strip().lower()
        return (
            span is not None
            and f"bytes={span.start}-" == asked
            and (not span.total or not notes.total or span.total == notes.total)
            and (not notes.total or span.stop <= notes.total)
            and etag == notes.etag
            and encoding in (_PLAIN if not notes.encoding else {notes.encoding})
        )

    def _copy(self, response: requests.Response, start: int) -> None:
        """Write a body into the part, from a given byte."""
        notes = self._load_notes() or _Notes(self._url)
        done = start
        with self._part.open("r+b") as file:
            file.truncate(start)
            file.seek(start)
            for chunk in read_body(response, self._watch, self._url):
                done += len(chunk)
                self._check_size(done)
                file.write(chunk)
                self.tell(done, notes.total)
            file.flush()
            os.fsync(file.fileno())
        if notes.total and done < notes.total:
            raise Again(
                f"réponse incomplète, {format_number(done)} octets sur {format_number(notes.total)}"
            )

    def _finish(self, url: str) -> Transfer:
        """Decode what came encoded; the part is then the file."""
        notes = self._load_notes() or _Notes(self._url)
        if notes.encoding:
            decoded = self._part.with_name(f"{self._part.name}.decoded")
            try:
                self._inflate(notes.encoding, decoded)
            except SourceFormatError:
                decoded.unlink(missing_ok=True)
                self.discard()
                raise
            self._notes_path.unlink(missing_ok=True)
            decoded.replace(self._part)
        self._notes_path.unlink(missing_ok=True)
        return Transfer(
            url,
            not_modified=False,
            size=self._size(),
            sha256=hash_file(self._part),
            etag=notes.etag,
            last_modified=notes.last_modified,
            resumed=self._resumed,
            proven=notes.proven,
            content_type=notes.content_type,
        )

    def _inflate(self, encoding: str, target: Path) -> None:
        inflater = zlib.decompressobj(_WBITS[encoding])
        size = 0
        try:
            with self._part.open("rb") as source, target.open("wb") as file:
                while chunk := inflater.unconsumed_tail or source.read(65_536):
                    data = inflater.decompress(chunk, 1_048_576)
                    size += len(data)
                    self._check_size(size)
                    file.write(data)
        except zlib.error as error:
            raise self._badly_encoded() from error
        if not inflater.eof:
            raise self._badly_encoded()

    def _badly_encoded(self) -> SourceFormatError:
        return SourceFormatError(
            f"{self._url} : le serveur annonce une réponse comprimée (gzip) qui ne l'est pas, ou qui est abîmée. "
            "Relancez plus tard, ou déposez le fichier dans data/raw/inbox/."
        )

    def _check_size(self, size: int) -> None:
        if size <= self._max_bytes:
            return
        self.discard()
        raise SourceFormatError(
            f"{self._url} : plus de {format_number(self._max_bytes / 1e6)} Mo, la taille admise pour ce fichier. "
            "Ce n'est pas le fichier attendu, ou le producteur l'a beaucoup étendu."
        )

    def _size(self) -> int:
        return self._part.stat().st_size if self._part.exists() else 0

    def _load_notes(self) -> _Notes | None:
        """Read what is known of the part (nothing if it is of another address, or was not noted)."""
        try:
            notes = _Notes(**json.loads(self._notes_path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):  # killed while it was written: start again
            return None
        return notes if notes.address == self._url and self._part.exists() else None


def hash_file(path: Path) -> str:
    """Hash a file (SHA-256, in hexadecimal)."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _ask_if_changed(known: Known) -> dict[str, str]:
    headers = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in headers.items() if value}


def announced_length(response: requests.Response) -> int:
    """Read the announced length of a body, in bytes (0 when there is none)."""
    text = response.headers.get("Content-Length", "")
    return int(text) if text.isascii() and text.isdigit() and not is_chunked(response) else 0


def _announced_type(response: requests.Response) -> str:
    """Read the announced type of a body, without its parameters: what can be shown of it."""
    text = response.headers.get("Content-Type", "").partition(";")[0].strip()
    return "".join(c for c in text if c.isprintable())[:100]


def is_chunked(response: requests.Response) -> bool:
    """Tell whether a body comes in chunks, the last of which is marked."""
    return "chunked" in response.headers.get("Transfer-Encoding", "").lower()


@dataclass(frozen=True)
class Span:
    """The part of a file that a partial answer holds: ``start`` included, ``stop`` excluded."""

    start: int
    stop: int
    total: int
    """Size of the whole file (0 when it is not said)."""


def parse_content_range(response: requests.Response) -> Span | None:
    """Read which part of the file an answer holds (None when it does not say so properly)."""
    found = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", "").strip())
    if not found or int(found[2]) < int(found[1]):
        return None
    return Span(int(found[1]), int(found[2]) + 1, 0 if found[3] == "*" else int(found[3]))
