"""Files brought to the disk: resumed, never mixed, within bounds."""

import dataclasses
import gzip
import hashlib
import json
import time as real_time
import zlib

import pytest

from sources.download.answers import cut, say
from terrdiag.errors import SourceFormatError, SourceUnavailableError
from terrdiag.sources.download.client import Client, Known

BODY = bytes(range(256)) * 400
OTHER = BODY[::-1]
ETAG = {"ETag": '"v1"'}
DATE = {"Last_Modified": "Sun, 01 Nov 2026 10:00:00 GMT"}
WEAK = {"ETag": 'W/"v1"'}


def rest(start, body=BODY, **headers):
    span = f"bytes {start}-{len(body) - 1}/{len(body)}"
    return say(body[start:], 206, **({"Content_Range": span} | ETAG | headers))


@pytest.fixture
def part(tmp_path):
    return tmp_path / "dossier" / "a.csv.part"


@pytest.fixture
def bring(client, server, part):
    def stream(max_bytes=10**6, known=None, **kwargs):
        return client.stream_to(
            f"{server.url}/a.csv", part, known=known, max_bytes=max_bytes, **kwargs
        )

    return stream


def test_whole(server, bring, part):
    server.then(say(BODY, **ETAG, **DATE))
    got = bring()
    assert part.read_bytes() == BODY
    assert got.sha256 == hashlib.sha256(BODY).hexdigest()
    assert (got.size, got.etag, got.last_modified) == (len(BODY), '"v1"', DATE["Last_Modified"])
    assert (got.not_modified, got.resumed) == (False, False)
    assert server.header("Accept-Encoding") == ["identity"]
    assert [path.name for path in part.parent.iterdir()] == ["a.csv.part"]


def test_progress_is_told(server, bring):
    server.then(say(BODY))
    told = []
    bring(tell=lambda done, total: told.append((done, total)))
    assert told[-1] == (len(BODY), len(BODY))


class TestConditional:
    KNOWN = Known('"v1"', "Sun, 01 Nov 2026 10:00:00 GMT")

    def test_not_modified(self, server, bring, part):
        server.then(say(b"", 304, length=-1, **ETAG))
        got = bring(known=self.KNOWN)
        assert (got.not_modified, got.etag) == (True, '"v1"')
        assert not part.exists()
        assert server.header("If-None-Match") == ['"v1"']
        assert server.header("If-Modified-Since") == [DATE["Last_Modified"]]

    def test_modified(self, server, bring, part):
        server.then(say(OTHER, ETag='"v2"'))
        assert bring(known=self.KNOWN).etag == '"v2"'
        assert part.read_bytes() == OTHER

    def test_not_modified_without_having_been_asked(self, server, bring):
        server.then(say(b"", 304, length=-1), say(BODY))
        assert bring().size == len(BODY)


class TestResume:
    @pytest.mark.parametrize(
        ("headers", "validator"), [(ETAG, '"v1"'), (DATE, DATE["Last_Modified"])]
    )
    def test_goes_on(self, server, bring, part, headers, validator):
        server.then(cut(BODY, 5000, **headers))
        server.then(
            say(BODY[5000:], 206, Content_Range=f"bytes 5000-102399/{len(BODY)}", **headers)
        )
        assert bring().resumed
        assert part.read_bytes() == BODY
        assert server.header("Range") == [None, "bytes=5000-"]
        assert server.header("If-Range") == [None, validator]

    @pytest.mark.parametrize("headers", [{}, WEAK])
    def test_without_a_strong_validator_starts_again(self, server, bring, part, headers):
        server.then(cut(BODY, 5000, **headers), say(BODY, **headers))
        assert not bring().resumed
        assert part.read_bytes() == BODY
        assert server.header("Range") == [None, None]

    def test_range_ignored(self, server, bring, part):
        server.then(cut(BODY, 5000, **ETAG), say(BODY, **ETAG))
        assert not bring().resumed
        assert part.read_bytes() == BODY

    def test_another_version_meanwhile(self, server, bring, part):
        server.then(cut(BODY, 5000, **ETAG), say(OTHER, ETag='"v2"'))
        assert bring().etag == '"v2"'
        assert part.read_bytes() == OTHER

    @pytest.mark.parametrize(
        "headers",
        [
            {"Content_Range": "bytes 4000-102399/102400"},
            {"Content_Range": "bytes 5000-102399/999999"},
            {"Content_Range": "bytes 5000-102400/*"},
            {"Content_Range": "octets"},
            {"ETag": '"v2"'},
            {"Content_Encoding": "gzip"},
        ],
    )
    def test_rest_of_something_else(self, server, bring, part, headers):
        server.then(cut(BODY, 5000, **ETAG), rest(5000, **headers), say(BODY, **ETAG))
        assert not bring().resumed
        assert part.read_bytes() == BODY
        assert server.header("Range") == [None, "bytes=5000-", None]

    def test_partial_answer_that_was_not_asked(self, server, bring, part):
        server.then(rest(10), say(BODY))
        bring()
        assert part.read_bytes() == BODY

    def test_rest_in_two_times(self, server, bring, part):
        server.then(cut(BODY, 5000, **ETAG))
        server.then(say(BODY[5000:60000], 206, Content_Range="bytes 5000-59999/102400", **ETAG))
        server.then(rest(60000))
        bring()
        assert part.read_bytes() == BODY

    def test_advancing_attempts_are_not_counted(self, server, bring, part):
        steps = range(0, len(BODY), 10_000)
        server.then(cut(BODY, 10_000, **ETAG))
        for start in steps[1:]:
            span = f"bytes {start}-{len(BODY) - 1}/{len(BODY)}"
            body = BODY[start : start + 10_000]
            server.then(say(body, 206, length=len(BODY) - start, Content_Range=span, **ETAG))
        bring()
        assert part.read_bytes() == BODY
        assert len(server.asked) == len(steps) == 11

    def test_attempts_that_start_again_are_counted(self, server, bring):
        server.then(cut(BODY, 5000))
        with pytest.raises(SourceUnavailableError, match="réponse incomplète"):
            bring()
        assert len(server.asked) == 5


class TestResumeInAnotherRun:
    @pytest.fixture
    def left(self, server, part):
        """Leave what a killed run leaves."""

        def leave(content, **notes):
            part.parent.mkdir(exist_ok=True)
            part.write_bytes(content)
            known = {"address": f"{server.url}/a.csv", "etag": '"v1"', "total": len(BODY)} | notes
            part.with_name("a.csv.part.json").write_text(json.dumps(known))

        return leave

    def test_goes_on(self, server, bring, part, left):
        left(BODY[:700])
        server.then(rest(700))
        assert bring().resumed
        assert part.read_bytes() == BODY
        assert [path.name for path in part.parent.iterdir()] == ["a.csv.part"]

    def test_whole_but_not_moved_in(self, server, bring, part, left):
        left(BODY)
        server.then(rest(len(BODY) - 1))
        bring()
        assert part.read_bytes() == BODY

    def test_of_another_address(self, server, bring, part, left):
        left(OTHER[:700], address=f"{server.url}/b.csv")
        server.then(say(BODY))
        bring()
        assert part.read_bytes() == BODY
        assert server.header("Range") == [None]

    def test_longer_than_the_file(self, server, bring, part, left):
        left(BODY + b"autre chose")
        server.then(rest(len(BODY) - 1))
        bring()
        assert part.read_bytes() == BODY

    @pytest.mark.parametrize("notes", ["{", "[]", '{"a": 1}', ""])
    def test_notes_cut_short(self, server, bring, part, left, notes):
        left(OTHER[:700])
        part.with_name("a.csv.part.json").write_text(notes)
        server.then(say(BODY))
        bring()
        assert part.read_bytes() == BODY


class TestEncodings:
    PACKED = gzip.compress(BODY, mtime=0)

    @pytest.mark.parametrize(
        ("encoding", "packed"),
        [("gzip", PACKED), ("x-gzip", PACKED), ("deflate", zlib.compress(BODY))],
    )
    def test_decoded(self, server, bring, part, encoding, packed):
        server.then(say(packed, Content_Encoding=encoding, **ETAG))
        got = bring()
        assert part.read_bytes() == BODY
        assert got.sha256 == hashlib.sha256(BODY).hexdigest()
        assert [path.name for path in part.parent.iterdir()] == ["a.csv.part"]

    def test_resumed_as_encoded(self, server, bring, part):
        packed = {"Content_Encoding": "gzip"}
        server.then(cut(self.PACKED, 100, **ETAG, **packed), rest(100, self.PACKED, **packed))
        assert bring().resumed
        assert part.read_bytes() == BODY

    @pytest.mark.parametrize("body", [b"pas du gzip", PACKED[:-4]])
    def test_badly_encoded(self, server, bring, part, body):
        server.then(say(body, Content_Encoding="gzip"))
        with pytest.raises(SourceFormatError, match="qui ne l'est pas, ou qui est abîmée"):
            bring()
        assert list(part.parent.iterdir()) == []

    def test_bomb(self, server, bring, part):
        server.then(say(gzip.compress(bytes(30_000_000)), Content_Encoding="gzip"))
        with pytest.raises(SourceFormatError, match="plus de 1 Mo"):
            bring()
        assert list(part.parent.iterdir()) == []

    def test_unknown(self, server, bring):
        server.then(say(BODY, Content_Encoding="br"))
        with pytest.raises(SourceFormatError, match="codage qui ne lui a pas été demandé"):
            bring()


class TestBounds:
    def test_announced_too_big(self, server, bring, part):
        server.then(say(b"x", length=5_000_000_000))
        with pytest.raises(SourceFormatError, match="plus de 1 Mo"):
            bring()
        assert not part.exists()

    def test_not_announced_too_big(self, server, bring, part):
        server.then(say(BODY, length=-1))
        with pytest.raises(SourceFormatError, match="plus de 0 Mo"):
            bring(max_bytes=100_000)
        assert not part.exists()

    def test_more_than_announced(self, server, bring):
        server.then(say(BODY, length=90_000))
        with pytest.raises(SourceUnavailableError, match="plus d'octets que la longueur"):
            bring()

    def test_slow_drip(self, server, settings, part):
        def drip(handler):
            handler.send_response(200)
            handler.send_header("Content-Length", "1000")
            handler.end_headers()
            for _ in range(100):
                handler.wfile.write(b"x")
                real_time.sleep(0.02)

        server.then(drip)
        slow = dataclasses.replace(
            settings, min_bytes_per_s=10_000, slow_window_s=0.1, attempts=2, backoff_s=0
        )
        with (
            Client(slow) as client,
            pytest.raises(SourceUnavailableError, match="débit trop faible"),
        ):
            client.stream_to(server.url, part, max_bytes=10**6)

    def test_headers_in_a_slow_drip(self, server, settings, part):
        def drip(handler):
            for _ in range(100):
                handler.wfile.write(b"X")
                real_time.sleep(0.02)

        server.then(drip)
        slow = dataclasses.replace(settings, deadline_s=0.2)
        with (
            Client(slow) as client,
            pytest.raises(SourceUnavailableError, match="temps imparti"),
        ):
            client.stream_to(server.url, part, max_bytes=10**6)


def test_interruption_keeps_what_came(server, client, part):
    server.then(say(BODY, **ETAG))

    def interrupt(_done, _total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        client.stream_to(f"{server.url}/a.csv", part, max_bytes=10**6, tell=interrupt)
    came = part.stat().st_size
    assert 0 < came <= len(BODY)
    start = min(came, len(BODY) - 1)
    server.answers[:] = [rest(start)]
    assert client.stream_to(f"{server.url}/a.csv", part, max_bytes=10**6).resumed
    assert part.read_bytes() == BODY
