"""One request and its answer, honest or not."""

import email.utils
import hashlib
import os
import re
import socket
import struct
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

MODIFIED = 1_766_000_000
"""When every file was last modified, in seconds since 1970 (17 December 2025)."""

TYPES = {
    "csv": "text/csv",
    "gz": "application/gzip",
    "json": "application/json",
    "geojson": "application/geo+json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


@dataclass(frozen=True)
class Received:
    """A request as it was received."""

    method: str
    path: str
    """Host and path, without the first bar: ``www.insee.fr/fr/statistiques/fichier/…``."""
    query: str
    headers: Mapping[str, str]
    """By name in lower case."""

    @property
    def range(self) -> str:
        return self.headers.get("range", "")


@dataclass
class Exchange:
    """A request being answered: what was asked, what is there, how to send it."""

    handler: BaseHTTPRequestHandler
    request: Received
    base: str
    """Address of the server, without a bar at the end."""
    content: bytes | None
    """The file asked for; None when there is none."""
    closing: threading.Event
    modified: int = MODIFIED
    reset_wanted: bool = field(default=False, init=False)

    @property
    def body(self) -> bytes:
        """The file; a fault is asked for on a file that is there."""
        assert self.content is not None, f"{self.request.path} : aucun fichier à cette adresse"
        return self.content

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.content or b"").hexdigest()[:16]}"'

    @property
    def content_type(self) -> str:
        return TYPES.get(self.request.path.rpartition(".")[2].lower(), "application/octet-stream")

    @property
    def date(self) -> str:
        return email.utils.formatdate(self.modified, usegmt=True)

    def validators(self) -> dict[str, str]:
        return {"ETag": self.etag, "Last-Modified": self.date, "Accept-Ranges": "bytes"}

    def send_head(self, status: int, headers: Mapping[str, str]) -> None:
        self.handler.send_response(status)
        for name, value in headers.items():
            self.handler.send_header(name, value)
        self.handler.end_headers()

    def send(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        """Send a whole answer, its length included."""
        given = {"Content-Type": self.content_type, "Content-Length": str(len(body))}
        self.send_head(status, {**given, **(headers or {})})
        self.write(body)

    def send_cut(self, body: bytes, declared: int, status: int = 200, **headers: str) -> None:
        """Send fewer or more bytes than declared, and close."""
        self.handler.close_connection = True
        given = {"Content-Type": self.content_type, "Content-Length": str(declared)}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.send_head(status, {**given, **self.validators(), **named})
        self.write(body)

    def write(self, data: bytes) -> None:
        if self.request.method != "HEAD":
            self.handler.wfile.write(data)
            self.handler.wfile.flush()

    def wait(self, seconds: float) -> bool:
        """Wait; whether the server is still there afterwards."""
        return not self.closing.wait(seconds)

    def reset(self) -> None:
        """Close the connection rudely (RST), once what was sent has been received."""
        sock = self.handler.connection
        for _ in range(200):
            if unsent(sock) == 0 or not self.wait(0.005):
                break
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.handler.close_connection = True
        self.reset_wanted = True

    def answer(self) -> None:
        """Answer as the producers' servers do: 404, 304, 206, 416 or 200."""
        if self.content is None:
            self.send(404, b"Not Found", {"Content-Type": "text/plain; charset=utf-8"})
        elif self.is_known():
            self.send_head(304, self.validators())
        elif self.request.range and self.still_the_same():
            self.answer_range()
        else:
            self.send(200, self.content, self.validators())

    def is_known(self) -> bool:
        """Whether the client has this very content already (If-None-Match first, as RFC 9110 says)."""
        tags = self.request.headers.get("if-none-match")
        if tags is not None:
            return self.etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
        since = self.request.headers.get("if-modified-since", "")
        try:
            return email.utils.parsedate_to_datetime(since).timestamp() >= self.modified
        except ValueError:
            return False

    def still_the_same(self) -> bool:
        """Whether the part asked for is that of the content that the client began (If-Range)."""
        begun = self.request.headers.get("if-range")
        return begun is None or begun in (self.etag, self.date)

    def answer_range(self) -> None:
        body = self.body
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.request.range)
        start = int(asked[1]) if asked else 0
        if not asked or start >= len(body):
            self.send(416, b"", {"Content-Range": f"bytes */{len(body)}"})
            return
        stop = min(int(asked[2]) + 1 if asked[2] else len(body), len(body))
        where = f"bytes {start}-{stop - 1}/{len(body)}"
        self.send(206, body[start:stop], {**self.validators(), "Content-Range": where})


def unsent(sock: socket.socket) -> int:
    """How many bytes the other end has not acknowledged (0 where the system does not say)."""
    if os.name != "posix":
        return 0
    import fcntl  # noqa: PLC0415
    import termios  # noqa: PLC0415

    try:
        return int(struct.unpack("i", fcntl.ioctl(sock, termios.TIOCOUTQ, b"\0\0\0\0"))[0])
    except OSError:
        return 0
