"""A small server on the loopback, a clock that only pauses advance, and a client of both."""

import http.server
import threading
from collections.abc import Iterator

import pytest

from sources.download.answers import Request, Server, Time
from sources.download.minisource import DAY, source
from terrdiag.sources.download import fetch
from terrdiag.sources.download.client import Client
from terrdiag.sources.download.fetch import fetch_sources
from terrdiag.sources.download.settings import NetworkSettings


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            state.asked.append(
                Request(self.path, {name.lower(): value for name, value in self.headers.items()})
            )
            answer = state.answers.pop(0) if len(state.answers) > 1 else state.answers[0]
            answer(self)

        def log_message(self, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        httpd.daemon_threads = True
        state.port = httpd.server_address[1]
        thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield state
        httpd.shutdown()
        thread.join()


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def settings(server: Server) -> NetworkSettings:
    return NetworkSettings(allow_http=frozenset({f"127.0.0.1:{server.port}"}), read_timeout_s=5)


@pytest.fixture
def client(settings: NetworkSettings, time: Time) -> Iterator[Client]:
    with Client(settings, time.sleep, time.clock) as made:
        yield made


@pytest.fixture
def raw(tmp_path):
    return tmp_path / "data" / "raw"


@pytest.fixture
def update(raw, settings, time, monkeypatch):
    """Update the raw folder, on a given day, by clients that never sleep for real."""
    monkeypatch.setattr(fetch, "today", lambda: DAY)
    monkeypatch.setattr(fetch, "Client", lambda given: Client(given, time.sleep, time.clock))

    def run(*sources, **options):
        return fetch_sources(sources, raw, **{"settings": settings} | options)

    return run


@pytest.fixture
def one(server):
    """A source of one file."""
    return source({"path": "a/b.csv", "address": f"{server.url}/b.csv"})
