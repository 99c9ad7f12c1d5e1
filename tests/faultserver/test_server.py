"""The server itself: it answers as the real ones do, and fails as asked."""

import gzip
import http.client
import io
import zipfile

import pytest
import requests

from faultserver import FAULTS, FaultServer, bodies, faults, host_and_path
from terrdiag.catalogue.models import SourceFile

CONTENT = b"code,valeur\r\n" + b"".join(b"%05d,%d\r\n" % (i, i) for i in range(40))
ADDRESS = "https://www.insee.fr/fr/fichier/1/communes.csv"


@pytest.fixture
def server(tmp_path):
    (tmp_path / "insee").mkdir()
    (tmp_path / "insee/communes.csv").write_bytes(CONTENT)
    with FaultServer(tmp_path) as running:
        running.route([SourceFile(path="insee/communes.csv", address=ADDRESS, content="csv")])
        yield running


def get(server, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with requests.Session() as session:
        return session.get(server.at(ADDRESS), headers=named, timeout=5, allow_redirects=False)


class TestHonestAnswers:
    def test_by_host_and_path_as_by_folder(self, server):
        with requests.Session() as session:
            mirrored = session.get(f"{server.address}/insee/communes.csv", timeout=5)
        assert get(server).content == mirrored.content == CONTENT

    def test_unknown_path(self, server):
        with requests.Session() as session:
            assert session.get(f"{server.address}/rien.csv", timeout=5).status_code == 404
            above = session.get(f"{server.address}/%2e%2e/%2e%2e/etc/passwd", timeout=5)
            assert above.status_code == 404

    def test_not_modified(self, server):
        first = get(server)
        assert get(server, If_None_Match=first.headers["ETag"]).status_code == 304
        assert get(server, If_Modified_Since=first.headers["Last-Modified"]).status_code == 304
        assert get(server, If_None_Match='"autre"').status_code == 200

    def test_range(self, server):
        part = get(server, Range="bytes=10-")
        assert part.status_code == 206
        assert part.content == CONTENT[10:]
        assert part.headers["Content-Range"] == f"bytes 10-{len(CONTENT) - 1}/{len(CONTENT)}"
        assert get(server, Range="bytes=10-12").content == CONTENT[10:13]
        assert get(server, Range="bytes=99999-").status_code == 416

    def test_if_range(self, server):
        tag = get(server).headers["ETag"]
        assert get(server, Range="bytes=10-", If_Range=tag).status_code == 206
        assert get(server, Range="bytes=10-", If_Range='"autre"').content == CONTENT

    def test_requests_are_noted(self, server):
        get(server, User_Agent="essai", Range="bytes=3-")
        (request,) = server.requests_to(ADDRESS)
        assert (request.method, request.headers["user-agent"], request.range) == (
            "GET",
            "essai",
            "bytes=3-",
        )


class TestFaults:
    def test_steps_are_taken_in_order_then_honest(self, server):
        server.plan(ADDRESS, faults.unavailable(), faults.throttled(3))
        answers = [get(server) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [503, 429, 200]
        assert answers[1].headers["Retry-After"] == "3"

    def test_reset_at_a_byte(self, server):
        server.plan(ADDRESS, faults.reset(at=25))
        connection = http.client.HTTPConnection(server.host, timeout=5)
        connection.request("GET", f"/{host_and_path(ADDRESS)}")
        answer = connection.getresponse()
        assert answer.read(25) == CONTENT[:25]
        with pytest.raises(ConnectionResetError):
            answer.read()
        connection.close()

    @pytest.mark.parametrize("make", [faults.reset_at_once, faults.close_at_once])
    def test_connection_lost_before_any_answer(self, server, make):
        server.plan(ADDRESS, make())
        with pytest.raises(requests.ConnectionError):
            get(server)

    def test_truncated(self, server):
        server.plan(ADDRESS, faults.truncated(0.5))
        connection = http.client.HTTPConnection(server.host, timeout=5)
        connection.request("GET", f"/{host_and_path(ADDRESS)}")
        with pytest.raises(http.client.IncompleteRead):
            connection.getresponse().read()
        connection.close()

    def test_chunked_then_cut(self, server):
        server.plan(ADDRESS, faults.chunked(), faults.chunked_cut())
        assert get(server).content == CONTENT
        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            get(server)

    def test_gzip_encoding(self, server):
        server.plan(ADDRESS, faults.gzipped())
        answer = get(server, Accept_Encoding="identity")
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.content == CONTENT

    def test_redirects(self, server):
        server.always(ADDRESS, faults.redirected(2))
        with requests.Session() as session:
            answer = session.get(server.at(ADDRESS), timeout=5)
        assert answer.content == CONTENT
        assert len(answer.history) == 2

    def test_hang_does_not_outlive_the_server(self, tmp_path):
        with FaultServer(tmp_path) as server:
            server.always("a.csv", faults.hang(600))
            with pytest.raises(requests.Timeout), requests.Session() as session:
                session.get(f"{server.address}/a.csv", timeout=0.1)

    @pytest.mark.parametrize("name", FAULTS)
    def test_every_fault_says_what_it_is(self, name):
        assert FAULTS[name].__doc__


class TestBodies:
    ARCHIVE = bodies.make_zip({"donnees.csv": CONTENT, "meta.csv": b"a;b\r\n"})

    def test_a_spoilt_archive_still_lists_its_members(self):
        with zipfile.ZipFile(io.BytesIO(bodies.spoil_crc(self.ARCHIVE))) as archive:
            assert archive.namelist() == ["donnees.csv", "meta.csv"]
            with pytest.raises(zipfile.BadZipFile, match="CRC"):
                archive.read("donnees.csv")

    def test_a_bomb_says_its_size(self):
        bomb = bodies.make_bomb(self.ARCHIVE, 4_000)
        assert len(bomb) < 20_000
        with zipfile.ZipFile(io.BytesIO(bomb)) as archive:
            assert archive.getinfo("donnees.csv").file_size == 4_000_000_000

    def test_tables(self):
        wide = b"a;b;c;d\r\n1;2;3;4\r\n5;6;7;8\r\n"
        assert bodies.drop_column(wide) == b"a;b;d\r\n1;2;4\r\n5;6;8\r\n"
        assert bodies.one_row(wide) == b"a;b;c;d\r\n1;2;3;4\r\n"

    def test_gzip_bomb_is_small(self):
        packed = bodies.deflate_bomb(2)
        assert len(packed) < 4_000
        assert len(gzip.decompress(packed)) == 2_000_000
