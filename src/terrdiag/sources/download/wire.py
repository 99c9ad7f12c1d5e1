"""Watch what comes through the sockets: time, throughput, and bytes sent beyond the announced length.

Timeouts of sockets bound the silence between two bytes only: a server that sends one byte a second
would hold a download for ever. All bytes, those of headers included, go through :class:`Watch`.
"""

import contextlib
import functools
import http.client
import io
import socket
import ssl
from collections.abc import Callable
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from terrdiag.sources.download.settings import NetworkSettings


class TooSlowError(Exception):
    """A transfer under the minimum throughput."""


class TooLongError(Exception):
    """An answer that did not come whole within its deadline."""


class Watch:
    """The clock of one answer or file at a time.

    Attributes
    ----------
    deadline
        When it must be whole, on the injected clock.
    leftover
        Whether the last response was followed by bytes that nobody announced.
    """

    def __init__(self, settings: NetworkSettings, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._clock = clock
        self._window: tuple[float, int] | None = None
        self.deadline = clock() + settings.deadline_s
        self.leftover = False

    def start(self) -> None:
        """Start the time allowed for one answer, attempts and pauses included."""
        self.deadline = self._clock() + self._settings.deadline_s

    def begin_response(self) -> None:
        """Forget the throughput of the response before; a server may think before its first byte."""
        self._window = None
        self.leftover = False

    def check_time(self) -> None:
        """Refuse to go on after the deadline."""
        if self._clock() > self.deadline:
            raise TooLongError

    def count(self, size: int) -> None:
        """Count bytes received; refuse a throughput too low over a window."""
        now = self._clock()
        if self._window is None:
            self._window = now, size
            return
        start, received = self._window
        elapsed = now - start
        if elapsed < self._settings.slow_window_s:
            self._window = start, received + size
        elif received + size < self._settings.min_bytes_per_s * elapsed:
            raise TooSlowError
        else:
            self._window = now, 0


class WatchedAdapter(HTTPAdapter):
    """The transport of requests, with every byte watched and no retry of its own."""

    def __init__(self, watch: Watch) -> None:
        self._pools = _make_pools(watch)
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools of direct connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Make the pools of connections through a proxy (a SOCKS one has its own, watched by timeouts only)."""
        manager = super().proxy_manager_for(proxy, **kwargs)
        if not proxy.lower().startswith("socks"):
            manager.pool_classes_by_scheme = self._pools
        return manager


def _make_pools(watch: Watch) -> dict[str, type[HTTPConnectionPool]]:
    response = functools.partial(_Response, watch)

    class Plain(HTTPConnection):
        response_class = response  # type: ignore[assignment]  # a callable is all that http.client needs

    class Encrypted(HTTPSConnection):
        response_class = response  # type: ignore[assignment]

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class EncryptedPool(HTTPSConnectionPool):
        ConnectionCls = Encrypted

    return {"http": PlainPool, "https": EncryptedPool}


class _Response(http.client.HTTPResponse):
    """A response read through a watched stream."""

    def __init__(self, watch: Watch, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        watch.begin_response()
        self.fp = _Reader(_Wire(self.fp.detach(), sock, watch))


class _Wire(io.RawIOBase):
    """The bytes of a socket, watched."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, watch: Watch) -> None:
        self._raw = raw
        self._sock = sock
        self._watch = watch
        self._ending = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self._ending:
            return self._peep(buffer)
        self._watch.check_time()
        size = self._raw.readinto(buffer)
        self._watch.count(size or 0)
        return int(size or 0)

    def look_beyond(self, reader: "_Reader") -> None:
        """Note whether bytes follow the end of a response, without waiting for any."""
        self._ending = True
        with contextlib.suppress(OSError, ValueError):
            self._watch.leftover = bool(reader.peek(1))
            if self._watch.leftover:  # they would be read as the next response
                self._sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._raw.close()
        super().close()

    def _peep(self, buffer: Any) -> int | None:
        timeout = self._sock.gettimeout()
        self._sock.settimeout(0)
        try:
            return self._sock.recv_into(buffer) or None
        except (BlockingIOError, ssl.SSLWantReadError):
            return None
        finally:
            self._sock.settimeout(timeout)


class _Reader(io.BufferedReader):
    """A buffered stream that looks whether something is left in it when it is closed."""

    raw: _Wire

    def close(self) -> None:
        if not self.closed:
            self.raw.look_beyond(self)
        super().close()
