"""Requests, redirects, attempts and pauses, on a small server and a clock that only pauses advance."""

import dataclasses
import datetime as dt
import email.utils
import gzip
import socket

import pytest

from sources.download.answers import cut, say
from terrdiag.errors import (
    OfflineError,
    QuotaError,
    SourceFormatError,
    SourceUnavailableError,
)
from terrdiag.sources.download.client import Client, HttpStatusError
from terrdiag.sources.download.settings import NetworkSettings, name_user_agent

BODY = bytes(range(256)) * 40


def test_answer(server, client):
    server.then(say(b'{"a": 1}', Content_Type="application/json"))
    answer = client.get(f"{server.url}/x", params={"GEO": ["COM-65059", "EPCI-246500482*COM"]})
    assert (answer.status, answer.body) == (200, b'{"a": 1}')
    assert answer.headers["content-type"] == "application/json"
    assert answer.url == f"{server.url}/x?GEO=COM-65059&GEO=EPCI-246500482%2ACOM"


def test_names_itself(server, client, settings, monkeypatch, time):
    server.then(say(b"x"))
    client.get(server.url)
    assert server.header("User-Agent")[0].startswith("terrdiag/")
    monkeypatch.setenv("TERRDIAG_USER_AGENT", "essai/1")
    with Client(dataclasses.replace(settings, user_agent=name_user_agent())) as other:
        other.get(server.url)
    assert server.header("User-Agent")[1] == "essai/1"


def test_passwords_of_netrc_stay_home(server, client, tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login moi password secret")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    server.then(say(b"x"))
    client.get(server.url)
    assert server.header("Authorization") == [None]


def test_proxy_of_the_environment(server, time, monkeypatch):
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    settings = NetworkSettings(allow_http=frozenset({"exemple.invalid"}))
    server.then(say(b"par le proxy"))
    with Client(settings, time.sleep, time.clock) as client:
        assert client.get("http://exemple.invalid/a").body == b"par le proxy"
    assert server.asked[0].path == "http://exemple.invalid/a"


class TestOffline:
    def test_no_socket(self, monkeypatch):
        def refuse(*args, **kwargs):
            pytest.fail("une prise réseau a été ouverte")

        monkeypatch.setattr(socket, "socket", refuse)
        monkeypatch.setattr(socket, "getaddrinfo", refuse)
        with (
            Client(NetworkSettings(offline=True)) as client,
            pytest.raises(OfflineError, match=r"insee\.fr/a : hors ligne"),
        ):
            client.get("https://insee.fr/a")


class TestStatuses:
    @pytest.mark.parametrize(
        ("status", "words"),
        [
            (404, "adresse est morte"),
            (410, "adresse est morte"),
            (403, "refuse l'accès"),
            (400, "n'est pas celle"),
        ],
    )
    def test_refusals_are_not_tried_again(self, server, client, time, status, words):
        server.then(say(b"<html><title>Rien ici</title>", status))
        with pytest.raises(
            HttpStatusError, match=f"{words}.*{status} \\(« Rien ici »\\)"
        ) as caught:
            client.get(server.url)
        assert (caught.value.status, caught.value.text) == (status, "Rien ici")
        assert (len(server.asked), time.pauses) == (1, [])

    @pytest.mark.parametrize("status", [500, 502, 503, 504, 408, 425])
    def test_passing_troubles_are_tried_again(self, server, client, time, status):
        server.then(say(b"", status), say(b"", status), say(b"enfin"))
        assert client.get(server.url).body == b"enfin"
        assert len(time.pauses) == 2
        assert 0 <= time.pauses[0] <= 1
        assert 0 <= time.pauses[1] <= 2

    def test_attempts_are_counted(self, server, client):
        server.then(say("Le serveur a rencontré une erreur inattendue.".encode(), 500))
        with pytest.raises(
            HttpStatusError, match=r"répond 500 \(« Le serveur a .*5\xa0essais"
        ) as caught:
            client.get(server.url)
        assert caught.value.status == 500
        assert len(server.asked) == 5

    def test_a_host_that_has_just_failed_has_less_patience(self, server, client):
        server.then(say(b"", 500))
        for expected in (5, 7):
            with pytest.raises(HttpStatusError):
                client.get(server.url)
            assert len(server.asked) == expected
        server.answers[:] = [
            say(b"", 503),
            say(b"mieux"),
            say(b"", 503),
            say(b"", 503),
            say(b"mieux"),
        ]
        assert client.get(server.url).body == b"mieux"
        assert client.get(server.url).body == b"mieux"


class TestQuota:
    def test_seconds(self, server, client, time):
        server.then(say(b"", 429, Retry_After="7"), say(b"x"))
        client.get(server.url)
        assert time.pauses == [7.0]

    def test_date(self, server, client, time):
        date = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=50)
        server.then(
            say(b"", 503, Retry_After=email.utils.format_datetime(date, usegmt=True)), say(b"x")
        )
        client.get(server.url)
        assert time.pauses == [pytest.approx(50, abs=3)]

    def test_too_long(self, server, client, time):
        server.then(say(b"", 429, Retry_After="86400"))
        with pytest.raises(QuotaError, match=r"attendre 86\u202f400 s .* plus que les 120 s"):
            client.get(server.url)
        assert time.pauses == []

    def test_without_a_time_waits_longer_and_longer(self, server, client, time):
        server.then(say(b"", 429))
        with pytest.raises(QuotaError, match="Le producteur limite"):
            client.get(server.url)
        lows = [7.5, 15, 30, 60]
        assert all(low <= pause <= 2 * low for low, pause in zip(lows, time.pauses, strict=True))

    def test_rate_of_a_host(self, server, settings, time):
        server.then(say(b"x"))
        rated = dataclasses.replace(settings, rates={"127.0.0.1": 0.5})
        with Client(rated, time.sleep, time.clock) as client:
            for _ in range(3):
                client.get(server.url)
        assert time.pauses == [2.0, 2.0]

    def test_deadline(self, server, settings, time):
        server.then(say(b"", 429, Retry_After="100"))
        with (
            Client(
                dataclasses.replace(settings, deadline_s=250, attempts=9), time.sleep, time.clock
            ) as client,
            pytest.raises(SourceUnavailableError, match="temps imparti"),
        ):
            client.get(server.url)
        assert time.pauses == [100.0, 100.0]


class TestRedirects:
    def test_followed(self, server, client):
        server.then(say(b"", 302, Location="/b"), say(b"", 307, Location="c?d=1#e"), say(b"ici"))
        answer = client.get(f"{server.url}/a")
        assert (answer.body, answer.url) == (b"ici", f"{server.url}/c?d=1")

    def test_chain_too_long(self, server, client):
        server.then(*(say(b"", 301, Location=f"/{i}") for i in range(7)))
        with pytest.raises(SourceUnavailableError, match="plus de 5 redirections"):
            client.get(f"{server.url}/a")
        assert len(server.asked) == 6

    def test_loop(self, server, client):
        server.then(say(b"", 302, Location="/b"), say(b"", 302, Location="/a"))
        with pytest.raises(SourceUnavailableError, match="tournent en rond"):
            client.get(f"{server.url}/a")
        assert len(server.asked) == 2

    @pytest.mark.parametrize(
        "target", ["http://exemple.invalid/x", "file:///etc/passwd", "ftp://exemple.invalid/x"]
    )
    def test_to_another_scheme(self, server, client, target):
        server.then(say(b"", 302, Location=target))
        with pytest.raises(SourceUnavailableError, match="n'est pas en https"):
            client.get(f"{server.url}/a")

    def test_plain_http_is_refused_before_any_socket(self, client):
        with pytest.raises(SourceUnavailableError, match="n'est pas en https"):
            client.get("http://exemple.invalid/x")


class TestBodies:
    def test_gzip(self, server, client):
        server.then(say(gzip.compress(BODY), Content_Encoding="gzip"))
        assert client.get(server.url).body == BODY

    @pytest.mark.parametrize("data", [gzip.compress(BODY)[:-9], b"pas du gzip"])
    def test_bad_gzip(self, server, client, data):
        server.then(say(data, Content_Encoding="gzip"))
        with pytest.raises(SourceFormatError, match=r"gzip (tronquée|abîmée)"):
            client.get(server.url)

    def test_bomb(self, server, client):
        server.then(say(gzip.compress(b"0" * 10_000_000), Content_Encoding="gzip"))
        with pytest.raises(SourceFormatError, match="plus de 1,0 Mo"):
            client.get(server.url, max_bytes=1_000_000)

    def test_too_big(self, server, client):
        server.then(say(BODY))
        with pytest.raises(SourceFormatError, match="taille admise"):
            client.get(server.url, max_bytes=len(BODY) - 1)

    def test_incomplete_is_tried_again(self, server, client):
        server.then(cut(BODY, 100), say(BODY))
        assert client.get(server.url).body == BODY

    def test_incomplete_each_time(self, server, client):
        server.then(cut(BODY, 100))
        with pytest.raises(SourceUnavailableError, match=r"réponse incomplète, après 5\xa0essais"):
            client.get(server.url)

    @pytest.mark.parametrize("size", [100, 9_000])
    def test_more_than_announced(self, server, client, size):
        server.then(say(BODY, length=size))
        with pytest.raises(SourceUnavailableError, match="plus d'octets que la longueur"):
            client.get(server.url)


class TestRanges:
    def test_exact(self, server, client):
        server.then(say(BODY[10:30], 206, Content_Range=f"bytes 10-29/{len(BODY)}"))
        assert client.get_range(server.url, 10, 30) == BODY[10:30]
        assert server.header("Range") == ["bytes=10-29"]

    def test_end_of_the_file(self, server, client):
        server.then(
            say(BODY[-5:], 206, Content_Range=f"bytes {len(BODY) - 5}-{len(BODY) - 1}/{len(BODY)}")
        )
        assert client.get_range(server.url, len(BODY) - 5, len(BODY) + 100) == BODY[-5:]

    @pytest.mark.parametrize(
        "found",
        ["bytes 0-19/99999", "bytes 10-28/99999", "bytes 10-30/99999", "rien", "bytes 29-10/99999"],
    )
    def test_other_than_asked(self, server, client, found):
        server.then(say(BODY[10:30], 206, Content_Range=found))
        with pytest.raises(SourceUnavailableError, match="partie demandée"):
            client.get_range(server.url, 10, 30)

    def test_ignored_on_a_small_file(self, server, client):
        server.then(say(BODY))
        assert client.get_range(server.url, 10, 30) == BODY[10:30]

    def test_ignored_on_a_big_file(self, server, client):
        server.then(say(BODY, length=5_000_000))
        with pytest.raises(SourceUnavailableError, match="par parties"):
            client.get_range(server.url, 10, 30)

    def test_after_the_end(self, server, client):
        server.then(say(b"", 416))
        with pytest.raises(HttpStatusError) as caught:
            client.get_range(server.url, 10**9, 10**9 + 1)
        assert caught.value.status == 416


class TestUnreachable:
    def test_closed_port(self, time):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        settings = NetworkSettings(allow_http=frozenset({"127.0.0.1"}))
        with Client(settings, time.sleep, time.clock) as client:
            for count in (4, 5, 6):
                with pytest.raises(SourceUnavailableError, match="connexion refusée"):
                    client.get(f"http://127.0.0.1:{port}/")
                assert len(time.pauses) == count
            with pytest.raises(SourceUnavailableError, match="n'a plus été appelé"):
                client.get(f"http://127.0.0.1:{port}/")
            assert len(time.pauses) == 6

    def test_silence(self, server, settings, time):
        server.then(lambda handler: __import__("time").sleep(0.5))
        with (
            Client(
                dataclasses.replace(settings, read_timeout_s=0.05, attempts=2),
                time.sleep,
                time.clock,
            ) as client,
            pytest.raises(SourceUnavailableError, match=r"cessé de répondre, après 2\xa0essais"),
        ):
            client.get(server.url)
