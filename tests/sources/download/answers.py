"""Answers of a small server, written in the test, and a clock that only pauses advance."""

import contextlib
import http.server
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Request:
    path: str
    headers: dict[str, str]


@dataclass
class Server:
    """Answers each request by the next function of its list; the last one stays."""

    port: int = 0
    answers: list[Callable] = field(default_factory=list)
    asked: list[Request] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def then(self, *answers: Callable) -> None:
        self.answers.extend(answers)

    def header(self, name: str) -> list[str | None]:
        """Give a header of every request received."""
        return [request.headers.get(name.lower()) for request in self.asked]


def say(
    body: bytes = b"", status: int = 200, length: int | None = None, **headers: str
) -> Callable[[http.server.BaseHTTPRequestHandler], None]:
    """Make an answer; ``length`` is what it announces (-1: nothing), ``etag="…"`` and others its headers."""

    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        announced = len(body) if length is None else length
        if announced >= 0:
            handler.send_header("Content-Length", str(announced))
        handler.end_headers()
        with contextlib.suppress(OSError):
            handler.wfile.write(body)
        handler.close_connection = announced != len(body)

    return answer


def cut(body: bytes, at: int, **headers: str) -> Callable:
    """Announce a whole body, send its first bytes, and hang up."""
    return say(body[:at], length=len(body), **headers)


@dataclass
class Time:
    """A clock that only pauses advance."""

    now: float = 1000.0
    pauses: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds

    def clock(self) -> float:
        return self.now
