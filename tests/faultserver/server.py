"""The server: producers' hosts and paths over a folder of raw files, on the loopback."""

import socketserver
import threading
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from faultserver.exchange import Exchange, Received
from faultserver.faults import Act
from terrdiag.catalogue import Source
from terrdiag.catalogue.models import SourceFile


def host_and_path(address: str) -> str:
    """Give where an address lies in a mirror laid out by host and path, its query included.

    Examples
    --------
    >>> host_and_path("https://geo.api.gouv.fr/departements/65/communes?format=geojson")
    'geo.api.gouv.fr/departements/65/communes?format=geojson'
    """
    parts = urlsplit(address)
    return parts.netloc + unquote(parts.path) + (f"?{parts.query}" if parts.query else "")


class FaultServer:
    """Serve a folder laid out as the mirror, under its own paths and under those of the producers.

    Each request to a path takes the next step planned for it; with none left, the answer is honest.

    Attributes
    ----------
    received
        Every request, in order.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.received: list[Received] = []
        self.closing = threading.Event()
        self._routes: dict[str, str] = {}
        self._contents: dict[str, bytes] = {}
        self._plans: dict[str, list[Act]] = {}
        self._always: dict[str, Act] = {}
        self._lock = threading.Lock()
        self._server = Loopback(("127.0.0.1", 0), Handler)
        self._server.faults = self
        # the default of half a second is what closing would last
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def host(self) -> str:
        """Host and port, as ``NetworkSettings.allow_http`` names them."""
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def address(self) -> str:
        return f"http://{self.host}"

    def at(self, address: str) -> str:
        """Give the local address that stands for an official one."""
        return f"{self.address}/{host_and_path(address)}"

    def route(self, files: Iterable[SourceFile]) -> None:
        """Serve files of the register under the host and path of each of their addresses."""
        for file in files:
            for address in filter(None, (file.address, *file.alternatives)):
                self._routes[host_and_path(address)] = file.path

    def adapt(self, source: Source) -> Source:
        """Give a source whose addresses are those of this server, which now serves them."""
        self.route(source.every_file)
        files = tuple(
            file.model_copy(
                update={
                    "address": file.address and self.at(file.address),
                    "alternatives": tuple(self.at(other) for other in file.alternatives),
                }
            )
            for file in source.every_file
        )
        return source.model_copy(update={"files": files})

    def put(self, path: str, content: bytes) -> str:
        """Serve a content under a path; give its address."""
        self._contents[path] = content
        return f"{self.address}/{path}"

    def plan(self, path: str, *steps: Act) -> None:
        """Answer the next requests to a path (or official address) by these steps, one each, then honestly."""
        self._plans[host_and_path(path) if "//" in path else path] = list(steps)

    def always(self, path: str, step: Act) -> None:
        """Answer every request to a path (or official address) by a step."""
        self._always[host_and_path(path) if "//" in path else path] = step

    def requests_to(self, path: str) -> list[Received]:
        """Give the requests received for a path (or official address), in order."""
        wanted = (host_and_path(path) if "//" in path else path).partition("?")[0]
        return [request for request in self.received if request.path == wanted]

    def next_step(self, request: Received) -> tuple[Act, bytes | None]:
        """Note a request; give what to do of it, and the content it asks for."""
        full = request.path + (f"?{request.query}" if request.query else "")
        with self._lock:
            self.received.append(request)
            for name in (full, request.path):
                if self._plans.get(name):
                    return self._plans[name].pop(0), self._find(full, request.path)
                if name in self._always:
                    return self._always[name], self._find(full, request.path)
            return Exchange.answer, self._find(full, request.path)

    def _find(self, *names: str) -> bytes | None:
        for name in names:
            if name in self._contents:
                return self._contents[name]
            path = self.folder / self._routes.get(name, name)
            if ".." not in path.parts and path.is_file():
                return path.read_bytes()
        return None


class Handler(BaseHTTPRequestHandler):
    """Hand each request to the server's plan. Connections are kept alive, as by the real ones."""

    protocol_version = "HTTP/1.1"
    timeout = 30
    server: "Loopback"

    def do_GET(self) -> None:
        faults = self.server.faults
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Received(self.command, unquote(parts.path).lstrip("/"), parts.query, headers)
        step, content = faults.next_step(request)
        exchange = Exchange(self, request, faults.address, content, faults.closing)
        try:
            step(exchange)
        except (ConnectionError, TimeoutError):
            self.close_connection = True  # the client has gone: what most of these tests are about
        if exchange.reset_wanted:
            self.server.rude.add(self.connection)

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: the requests are noted."""


class Loopback(ThreadingHTTPServer):
    """An HTTP server whose threads die with it, and which may close a connection rudely."""

    daemon_threads = True
    block_on_close = False
    faults: FaultServer

    def __init__(self, *args: object) -> None:
        self.rude: set[object] = set()
        super().__init__(*args)  # type: ignore[arg-type]

    def shutdown_request(self, request: object) -> None:
        if request in self.rude:
            self.rude.discard(request)
            self.close_request(request)  # type: ignore[arg-type]  # without FIN: the linger of 0 s makes a RST
        else:
            super().shutdown_request(request)  # type: ignore[arg-type]

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that left between two requests; anything else is a bug of the server."""
        import sys  # noqa: PLC0415

        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            socketserver.BaseServer.handle_error(self, request, client_address)  # type: ignore[arg-type]
