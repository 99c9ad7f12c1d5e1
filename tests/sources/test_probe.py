"""« sources check --online »: what a server answers, on the loopback, and what it means for a source."""

import datetime as dt
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest

from terrdiag.catalogue import SourceFile, load_sources
from terrdiag.errors import OfflineError
from terrdiag.sources.download.lock import LockEntry
from terrdiag.sources.download.settings import NetworkSettings
from terrdiag.sources.probe import FileProbe, Prober, SourceProbe, probe_source, sample_family

CSV = b"TYPECOM,COM,REG\nCOM,65059,76\n" + b"COM,65001,76\n" * 1000
PAGE = b"<!DOCTYPE html><html><head><title>Maintenance en cours</title></head></html>"
MONDAY, TUESDAY = "Mon, 02 Mar 2026 08:00:00 GMT", "Tue, 03 Mar 2026 08:00:00 GMT"


class Producer(BaseHTTPRequestHandler):
    """Answers by path; ``Range`` is honoured under ``/range`` only."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_GET(self):
        self.server.asked.append(self.path)
        status, headers, body = self.server.answers.get(self.path, (404, {}, b"Not Found"))
        wanted = self.headers.get("Range")
        if wanted and self.path.startswith("/range") and status == 200:
            first, last = map(int, wanted.removeprefix("bytes=").split("-"))
            total, body = len(body), body[first : last + 1]
            headers = {**headers, "Content-Range": f"bytes {first}-{first + len(body) - 1}/{total}"}
            status = 206
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """A client that has seen enough of a big file closes: nothing to say of it."""


@pytest.fixture
def producer():
    """Serve on the loopback: ``answers`` by path, and the paths ``asked``."""
    server = Server(("127.0.0.1", 0), Producer)
    server.answers, server.asked = {}, []
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield SimpleNamespace(
        answers=server.answers, asked=server.asked, url=f"http://127.0.0.1:{server.server_port}"
    )
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def prober():
    settings = NetworkSettings(allow_http=frozenset({"127.0.0.1"}), backoff_s=0.001)
    with Prober(settings, sleep=lambda _: None) as made:
        yield made


def make_source(*files):
    return load_sources()["insee-cog-2026"].model_copy(update={"files": files})


def make_file(address, *, path="insee/cog/v.csv", **more):
    return SourceFile(path=path, address=address, content="csv", **more)


def make_entry(address, *, etag="", last_modified="", size=13_029):
    return LockEntry(
        path="insee/cog/v.csv",
        address=address,
        sha256="0" * 64,
        size=size,
        etag=etag,
        last_modified=last_modified,
        retrieved=dt.date(2026, 3, 5),
        checked=dt.date(2026, 3, 5),
        source_id="insee-cog-2026",
    )


def probe(prober, *files, lock=None):
    return probe_source(make_source(*files), prober, lock or {})


@pytest.mark.parametrize("path", ["/range/v.csv", "/v.csv"])
def test_alive(producer, prober, path):
    producer.answers[path] = (200, {}, CSV)
    found = probe(prober, make_file(producer.url + path))
    assert found.files == (FileProbe("insee/cog/v.csv", "alive"),)
    assert found.state == "alive"


def test_a_glimpse_is_the_start_and_the_size_of_the_whole(producer, prober):
    for path in ("/range/v.csv", "/v.csv"):
        producer.answers[path] = (200, {"ETag": '"a"', "Last-Modified": MONDAY}, CSV)
        seen = prober.glimpse(producer.url + path)
        assert seen.head == CSV[:2048]
        assert (seen.size, seen.etag, seen.last_modified) == (len(CSV), '"a"', MONDAY)


def test_a_big_file_is_not_read_whole(producer, prober):
    producer.answers["/v.csv"] = (200, {}, b"x" * 50_000_000)
    assert prober.glimpse(f"{producer.url}/v.csv").size == 50_000_000


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (404, b"Not Found", "cette adresse est morte, le serveur répond 404"),
        (403, PAGE, "le serveur refuse l'accès, le serveur répond 403 (« Maintenance en cours »)"),
        (500, b"Erreur", "le serveur répond 500 (« Erreur »), après 2"),
        (200, PAGE, "page HTML ou XML au lieu des données (« Maintenance en cours »)"),
        (200, b"<?xml version='1.0'?><Error><Message>AccessDenied</Message></Error>", "AccessDenied"),
        (200, b"", "fichier vide"),
    ],
)  # fmt: skip
def test_dead(producer, prober, status, body, said):
    producer.answers["/v.csv"] = (status, {}, body)
    found = probe(prober, make_file(f"{producer.url}/v.csv"))
    assert found.state == "dead"
    assert said in found.files[0].why


def test_dead_server(prober):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    # nobody listens any more
    found = probe(prober, make_file(f"http://127.0.0.1:{port}/v.csv"))
    assert found.state == "dead"
    assert "après 2" in found.files[0].why


def test_moved(producer, prober):
    producer.answers["/v.csv"] = (301, {"Location": "/2027/v.csv"}, b"")
    producer.answers["/2027/v.csv"] = (200, {}, CSV)
    found = probe(prober, make_file(f"{producer.url}/v.csv"))
    assert found.state == "moved"
    assert found.files[0].why == f"{producer.url}/v.csv mène à {producer.url}/2027/v.csv"


def test_moved_to_the_home_page_is_dead(producer, prober):
    producer.answers["/v.csv"] = (302, {"Location": "/"}, b"")
    producer.answers["/"] = (200, {}, PAGE)
    assert probe(prober, make_file(f"{producer.url}/v.csv")).state == "dead"


def test_the_stable_addresses_of_data_gouv_are_made_to_redirect(producer, prober):
    address = "/api/1/datasets/r/a1aca2c0"
    producer.answers[address] = (302, {"Location": "/static/liste-20240704.csv"}, b"")
    producer.answers["/static/liste-20240704.csv"] = (200, {}, CSV)
    assert probe(prober, make_file(producer.url + address)).state == "alive"


def test_another_address_that_answers(producer, prober):
    producer.answers["/other.csv"] = (200, {}, CSV)
    others = (f"{producer.url}/none.csv", f"{producer.url}/other.csv")
    found = probe(prober, make_file(f"{producer.url}/v.csv", alternatives=others))
    assert found.state == "moved"
    assert found.files[0].why.endswith(f"L'autre adresse répond : {producer.url}/other.csv")


def test_no_other_address_answers(producer, prober):
    others = (f"{producer.url}/none.csv",)
    found = probe(prober, make_file(f"{producer.url}/v.csv", alternatives=others))
    assert found.state == "dead"
    assert found.files[0].why.count("répond 404") == 2


@pytest.mark.parametrize(
    ("known", "said", "state"),
    [
        ({"etag": '"a"'}, {"ETag": '"a"'}, "alive"),
        ({"etag": '"a"'}, {"ETag": 'W/"a"'}, "alive"),
        ({"etag": '"a"'}, {"ETag": '"b"'}, "changed"),
        # the ETag decides where there are both
        ({"etag": '"a"', "last_modified": MONDAY}, {"ETag": '"a"', "Last-Modified": TUESDAY}, "alive"),
        ({"last_modified": MONDAY}, {"Last-Modified": MONDAY}, "alive"),
        ({"last_modified": MONDAY}, {"Last-Modified": TUESDAY}, "changed"),
        ({"size": len(CSV)}, {}, "alive"),
        ({"size": len(CSV) - 1}, {}, "changed"),
        # a server that says an ETag and one that did not: the size decides
        ({"etag": '"a"', "size": 12}, {"Last-Modified": MONDAY}, "changed"),
    ],
)  # fmt: skip
def test_changed_since_the_lock(producer, prober, known, said, state):
    producer.answers["/range/v.csv"] = (200, said, CSV)
    address = f"{producer.url}/range/v.csv"
    lock = {"insee/cog/v.csv": make_entry(address, **known)}
    found = probe(prober, make_file(address), lock=lock)
    assert found.state == state
    assert ("depuis le téléchargement du 05/03/2026" in found.files[0].why) == (state == "changed")


def test_a_file_that_came_from_elsewhere_is_not_compared(producer, prober):
    producer.answers["/v.csv"] = (200, {"ETag": '"b"'}, CSV)
    lock = {"insee/cog/v.csv": make_entry("https://www.insee.fr/v.csv", etag='"a"')}
    assert probe(prober, make_file(f"{producer.url}/v.csv"), lock=lock).state == "alive"


def test_an_answer_compressed_here_has_another_size(producer, prober):
    producer.answers["/65"] = (200, {}, b'{"features": []}')
    address = f"{producer.url}/65"
    file = SourceFile(path="insee/cog/v.csv", address=address, content="geojson.gz")
    assert probe(prober, file, lock={file.path: make_entry(address, size=3)}).state == "alive"


@pytest.mark.parametrize(("body", "state"), [(b"PK\x03\x04...", "alive"), (b"Bonjour", "dead")])
def test_another_kind_of_file_is_dead(producer, prober, body, state):
    producer.answers["/v.zip"] = (200, {}, body)
    file = SourceFile(path="v.zip", address=f"{producer.url}/v.zip", content="zip", member="*.csv")
    found = probe(prober, file)
    assert found.state == state
    assert ("zip attendu, autre chose trouvé" in found.files[0].why) == (state == "dead")


def test_a_producer_that_limits_requests_is_not_dead(producer, prober):
    producer.answers["/v.csv"] = (429, {"Retry-After": "4000"}, b"")
    found = probe(prober, make_file(f"{producer.url}/v.csv"))
    assert found.state == "unchecked"
    assert len(producer.asked) == 1


def test_a_file_without_address_is_not_asked_for(producer, prober):
    found = probe(prober, make_file(""))
    assert found.state == "no_address"
    assert producer.asked == []


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (b"<?xml version='1.0'?><feed><title>BDALTI</title></feed>", "alive"),
        (b"II*\x00", "alive"),
        (PAGE, "dead"),
        (None, "dead"),
    ],
)
def test_a_service_may_answer_in_xml(producer, prober, body, state):
    if body:
        producer.answers["/resource/BDALTI"] = (200, {}, body)
    source = make_source().model_copy(update={"address": f"{producer.url}/resource/BDALTI"})
    assert probe_source(source, prober, {}).state == state


def test_three_of_a_family(producer, prober):
    each = tuple(f"{number:02}" for number in range(1, 10))
    family = SourceFile(
        path="geo/{each}.csv", address=f"{producer.url}/{{each}}", content="csv", for_each=each
    )
    producer.answers["/01"] = producer.answers["/05"] = (200, {}, CSV)
    found = probe(prober, family)
    assert [(file.path, file.state) for file in found.files] == [
        ("geo/01.csv", "alive"),
        ("geo/05.csv", "alive"),
        ("geo/09.csv", "dead"),
    ]
    assert set(producer.asked) == {"/01", "/05", "/09"}


@pytest.mark.parametrize(("count", "expected"), [(1, "a"), (2, "ab"), (3, "abc"), (4, "acd")])
def test_sample(count, expected):
    words = tuple("abcd"[:count])
    family = SourceFile(path="{each}.csv", content="csv", for_each=words)
    assert [file.path for file in sample_family(family)] == [f"{word}.csv" for word in expected]


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([], "no_address"),
        (["no_address", "alive"], "alive"),
        (["alive", "changed", "alive"], "changed"),
        (["moved", "changed"], "moved"),
        (["unchecked", "alive"], "unchecked"),
        (["dead", "moved", "alive"], "dead"),
    ],
)
def test_a_source_is_what_its_worst_file_is(states, expected):
    assert SourceProbe("x", tuple(FileProbe("p", state) for state in states)).state == expected


def test_offline_opens_no_socket(producer):
    with Prober(NetworkSettings(offline=True)) as offline, pytest.raises(OfflineError):
        offline.glimpse(f"{producer.url}/v.csv")
    assert producer.asked == []
