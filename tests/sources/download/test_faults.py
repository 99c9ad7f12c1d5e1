"""What the network does wrong, and what an update makes of it (docs/reseau.md names these tests)."""

import datetime as dt
import re

import pytest

from faultserver import FAULTS, FaultServer, faults
from faultserver.bench import (
    ARCHIVE,
    CSV,
    CSV_FILE,
    NEWER_ARCHIVE,
    NEWER_CSV,
    ZIP_FILE,
    Bench,
    make_bench,
    make_source,
)

URL, ZIP_URL = CSV_FILE.address, ZIP_FILE.address


@pytest.fixture
def bench(tmp_path, monkeypatch):
    (tmp_path / "serveur").mkdir()
    with FaultServer(tmp_path / "serveur") as server:
        yield make_bench(server, tmp_path, monkeypatch)


def asked(bench: Bench, url: str = URL):
    return bench.server.requests_to(url)


def publish(bench: Bench, file, content: bytes) -> None:
    """The producer publishes another content at the same address."""
    (bench.server.folder / file.path).write_bytes(content)


def check_came(bench: Bench, outcome, content: bytes = CSV, file=CSV_FILE) -> None:
    """The file came whole, and the lock says so."""
    assert outcome.state == "new", outcome.why
    assert bench.bytes_of(file) == content
    bench.check_lock()
    entry = bench.entry_of(file)
    assert entry.source_id == "insee-essai"
    assert entry.retrieved == entry.checked == dt.date(2026, 11, 22)


def check_refused(bench: Bench, outcome, *words: str, file=CSV_FILE) -> None:
    """Nothing came; the message says what and where, and the advice what to do."""
    assert outcome.state == "failed", outcome.why
    assert bench.bytes_of(file) is None
    assert bench.entry_of(file) is None
    bench.check_lock()
    plain = re.sub(r"\s", " ", outcome.why)
    for word in words:
        assert re.search(word, plain), plain
    assert bench.server.host in outcome.why
    assert ".part" not in outcome.why
    assert "https://www.insee.fr/fr/information/1" in outcome.advice
    assert "data/raw/inbox/" in outcome.advice


class TestPatience:
    def test_waits_as_long_as_asked(self, bench):
        bench.server.plan(URL, faults.throttled(7))
        check_came(bench, bench.update(CSV_FILE))
        assert bench.pauses == [7.0]
        assert len(asked(bench)) == 2

    def test_waits_until_the_date(self, bench):
        bench.server.plan(URL, faults.throttled_until(20))
        check_came(bench, bench.update(CSV_FILE))
        assert 15 < bench.pauses[0] <= 20

    def test_gives_up_when_asked_to_wait_too_long(self, bench):
        bench.server.always(URL, faults.throttled_absurdly())
        check_refused(bench, bench.update(CSV_FILE), "demande d'attendre", "plus tard")
        assert len(asked(bench)) == 1
        assert bench.pauses == []

    @pytest.mark.parametrize("value", ["demain", "-5", "", "1e9", "Mon, 99 Foo 2026"])
    def test_unreadable_delay_is_no_delay(self, bench, value):
        bench.server.plan(URL, faults.throttled_absurdly(value))
        check_came(bench, bench.update(CSV_FILE))
        assert len(asked(bench)) == 2
        assert 0 <= bench.pauses[0] <= 120

    def test_quota_without_a_delay(self, bench):
        bench.server.always(URL, faults.throttled_silently())
        check_refused(bench, bench.update(CSV_FILE), "429", "limite le nombre de demandes")
        assert len(asked(bench)) == 5
        assert len(bench.pauses) == 4

    def test_unavailable_then_back(self, bench):
        bench.server.plan(URL, faults.unavailable(), faults.unavailable())
        check_came(bench, bench.update(CSV_FILE))
        assert len(asked(bench)) == 3
        # backoff with jitter: at most 1 s, then at most 2 s
        assert len(bench.pauses) == 2
        assert all(pause <= bound for pause, bound in zip(bench.pauses, (1, 2), strict=True))

    def test_unavailable_for_long(self, bench):
        bench.server.always(URL, faults.unavailable())
        check_refused(bench, bench.update(CSV_FILE), "503", "5 essais")
        assert len(asked(bench)) == 5

    def test_pauses_are_not_the_same_each_time(self, bench):
        bench.server.always(URL, faults.unavailable())
        bench.update(CSV_FILE)
        first = list(bench.pauses)
        bench.pauses.clear()
        bench.update(CSV_FILE)
        assert bench.pauses != first

    def test_failure_in_text(self, bench):
        bench.server.always(URL, faults.broken())
        check_refused(bench, bench.update(CSV_FILE), "500", "Internal server error")

    @pytest.mark.parametrize(
        ("fault", "words"),
        [
            (faults.not_found(), ["404", "morte"]),
            (faults.gone(), ["410", "morte"]),
            (faults.forbidden(), ["403", "refuse", "« Acces refuse »"]),
        ],
    )
    def test_final_refusals_are_not_tried_again(self, bench, fault, words):
        bench.server.always(URL, fault)
        check_refused(bench, bench.update(CSV_FILE), *words)
        assert len(asked(bench)) == 1

    def test_another_address_is_tried(self, bench):
        other = "https://archives.insee.fr/communes.csv"
        bench.server.always(URL, faults.not_found())
        outcome = bench.update(CSV_FILE.model_copy(update={"alternatives": (other,)}))
        check_came(bench, outcome)
        assert bench.entry_of(CSV_FILE).address == bench.server.at(other)
        assert "404" in outcome.why

    def test_rate_of_a_host(self, bench):
        bench.tune(rates={bench.server.host: 0.5})
        bench.update(CSV_FILE, ZIP_FILE)
        assert bench.pauses == [pytest.approx(2.0, abs=0.5)]


class TestConnection:
    def test_reset_is_resumed(self, bench):
        bench.server.plan(URL, faults.reset(at=300))
        check_came(bench, bench.update(CSV_FILE))
        first, second = asked(bench)
        assert first.range == ""
        assert second.range == "bytes=300-"
        assert second.headers["if-range"].startswith('"')

    def test_resets_that_advance_are_not_counted(self, bench):
        cuts = [faults.reset(at=100 * n) for n in range(1, 9)]
        bench.server.plan(URL, *cuts)
        check_came(bench, bench.update(CSV_FILE))

    @pytest.mark.parametrize("make", [faults.reset_at_once, faults.close_at_once])
    def test_lost_before_any_answer(self, bench, make):
        bench.server.plan(URL, make(), make())
        check_came(bench, bench.update(CSV_FILE))
        assert len(asked(bench)) == 3

    def test_lost_each_time(self, bench):
        bench.server.always(URL, faults.reset_at_once())
        check_refused(bench, bench.update(CSV_FILE), "connexion", "5 essais")

    def test_silence_is_cut(self, bench):
        bench.server.plan(URL, faults.hang())
        check_came(bench, bench.update(CSV_FILE))
        assert len(asked(bench)) == 2

    def test_silence_each_time(self, bench):
        bench.tune(attempts=2)
        bench.server.always(URL, faults.hang())
        check_refused(bench, bench.update(CSV_FILE), "cessé de répondre", "2 essais")

    def test_silence_half_way_is_resumed(self, bench):
        bench.server.plan(URL, faults.stall(at=200))
        check_came(bench, bench.update(CSV_FILE))
        assert asked(bench)[1].range == "bytes=200-"

    def test_drip_is_cut_and_resumed(self, bench):
        bench.server.plan(URL, faults.drip(size=10, pause=0.02))
        check_came(bench, bench.update(CSV_FILE))
        assert re.fullmatch(r"bytes=[1-9]\d*-", asked(bench)[1].range)

    def test_drip_without_end(self, bench):
        bench.tune(attempts=2)
        publish(bench, CSV_FILE, CSV * 200)
        bench.server.always(URL, faults.drip(size=2, pause=0.02))
        check_refused(bench, bench.update(CSV_FILE), "débit trop faible")

    def test_time_is_bounded(self, bench):
        bench.tune(deadline_s=60, attempts=10_000, backoff_s=30)
        bench.server.always(URL, faults.unavailable())
        check_refused(bench, bench.update(CSV_FILE), "temps imparti")
        assert sum(bench.pauses) <= 60

    def test_nobody_at_that_address(self, bench):
        with FaultServer(bench.server.folder) as gone:
            nobody = gone.host
        file = CSV_FILE.model_copy(update={"address": f"http://{nobody}/a.csv"})
        bench.tune(allow_http=frozenset({"127.0.0.1"}))
        bench.server.adapt = lambda source: source
        outcome = bench.update(file)
        assert outcome.state == "failed"
        assert "connexion refusée" in outcome.why

    def test_one_dead_source_does_not_stop_the_others(self, bench):
        bench.server.always(URL, faults.reset_at_once())
        dead, alive = bench.update_all(
            make_source(CSV_FILE, identifier="morte"), make_source(ZIP_FILE, identifier="vivante")
        )
        assert (dead.state, alive.state) == ("failed", "new")
        assert bench.bytes_of(ZIP_FILE) == ARCHIVE
        bench.check_lock()

    def test_part_of_an_earlier_run_is_resumed(self, bench):
        bench.tune(attempts=1)
        bench.server.plan(URL, faults.reset(at=500))
        check_refused(bench, bench.update(CSV_FILE))
        check_came(bench, bench.update(CSV_FILE))
        assert asked(bench)[1].range == "bytes=500-"


class TestParts:
    def test_range_ignored(self, bench):
        bench.server.plan(URL, faults.reset(at=300), faults.range_ignored())
        check_came(bench, bench.update(CSV_FILE))

    @pytest.mark.parametrize("make", [faults.range_wrong, faults.range_unnamed])
    def test_another_part_than_asked(self, bench, make):
        bench.server.plan(URL, faults.reset(at=300), make())
        check_came(bench, bench.update(CSV_FILE))
        assert [request.range for request in asked(bench)] == ["", "bytes=300-", ""]

    def test_content_that_changed_meanwhile_is_not_mixed(self, bench):
        bench.server.plan(URL, faults.reset(at=300), faults.changed(NEWER_CSV))
        check_came(bench, bench.update(CSV_FILE), NEWER_CSV)

    def test_part_of_an_earlier_version_is_not_mixed(self, bench):
        bench.tune(attempts=1)
        bench.server.plan(URL, faults.reset(at=300))
        bench.update(CSV_FILE)
        publish(bench, CSV_FILE, NEWER_CSV)
        check_came(bench, bench.update(CSV_FILE), NEWER_CSV)

    def test_not_modified_without_having_anything(self, bench):
        bench.server.plan(URL, faults.not_modified())
        check_came(bench, bench.update(CSV_FILE))

    def test_no_content(self, bench):
        bench.server.always(URL, faults.no_content())
        check_refused(bench, bench.update(CSV_FILE), "204")


class TestWrongLengths:
    def test_truncated_then_whole(self, bench):
        bench.server.plan(URL, faults.truncated(0.5))
        check_came(bench, bench.update(CSV_FILE))
        assert asked(bench)[1].range == f"bytes={len(CSV) // 2}-"

    def test_truncated_each_time(self, bench):
        bench.server.always(URL, faults.truncated(0.5))
        check_refused(bench, bench.update(CSV_FILE), "incomplète|interrompue", "essais")

    def test_length_too_long_then_true(self, bench):
        bench.server.plan(URL, faults.length_too_long())
        check_came(bench, bench.update(CSV_FILE))

    def test_length_too_long_does_not_block_the_next_run(self, bench):
        bench.tune(attempts=1)
        bench.server.plan(URL, faults.length_too_long())
        bench.update(CSV_FILE)
        bench.tune(attempts=5)
        check_came(bench, bench.update(CSV_FILE))

    def test_length_too_long_each_time(self, bench):
        bench.server.always(URL, faults.length_too_long())
        check_refused(bench, bench.update(CSV_FILE), "incomplète|interrompue")

    @pytest.mark.parametrize(("file", "url"), [(CSV_FILE, URL), (ZIP_FILE, ZIP_URL)])
    def test_length_too_short(self, bench, file, url):
        bench.server.always(url, faults.length_too_short(by=30))
        outcome = bench.update(file)
        check_refused(bench, outcome, "plus d'octets|tronqué", file=file)

    def test_length_that_is_no_number(self, bench):
        bench.server.always(URL, faults.length_not_a_number())
        outcome = bench.update(CSV_FILE)
        assert bench.bytes_of(CSV_FILE) in {None, CSV}
        assert outcome.state in {"new", "failed"}
        bench.check_lock()

    def test_chunks(self, bench):
        bench.server.plan(URL, faults.chunked())
        check_came(bench, bench.update(CSV_FILE))

    def test_chunks_cut(self, bench):
        bench.server.plan(URL, faults.chunked_cut())
        check_came(bench, bench.update(CSV_FILE))

    def test_chunks_cut_each_time(self, bench):
        bench.server.always(URL, faults.chunked_cut())
        check_refused(bench, bench.update(CSV_FILE), "incomplète|interrompue", "essais")

    def test_without_length(self, bench):
        bench.server.plan(URL, faults.unbounded())
        check_came(bench, bench.update(CSV_FILE))

    @pytest.mark.parametrize(
        ("file", "url", "keep"),
        [(CSV_FILE, URL, 0.985), (CSV_FILE, URL, 0.5), (ZIP_FILE, ZIP_URL, 0.9)],
    )
    def test_without_length_and_cut(self, bench, file, url, keep):
        bench.server.always(url, faults.unbounded(keep))
        check_refused(bench, bench.update(file), "tronqué", file=file)

    def test_endless(self, bench):
        bench.server.always(URL, faults.endless())
        check_refused(bench, bench.update(CSV_FILE), "1 Mo", "taille admise")


class TestRedirects:
    def test_followed(self, bench):
        bench.server.always(URL, faults.redirected(3))
        check_came(bench, bench.update(CSV_FILE))

    @pytest.mark.parametrize("status", [301, 303, 307, 308])
    def test_of_every_kind(self, bench, status):
        bench.server.always(URL, faults.redirected(1, status))
        check_came(bench, bench.update(CSV_FILE))

    def test_too_many(self, bench):
        bench.server.always(URL, faults.redirected(30))
        check_refused(bench, bench.update(CSV_FILE), "5 redirections")
        assert len(asked(bench)) == 6

    def test_loop(self, bench):
        bench.server.always(URL, faults.loop())
        check_refused(bench, bench.update(CSV_FILE), "tournent en rond")
        assert len(asked(bench)) == 1

    def test_to_plain_http_is_not_followed(self, bench):
        port = bench.server.host.rpartition(":")[2]
        bench.server.always(URL, faults.downgraded(f"localhost:{port}"))
        check_refused(bench, bench.update(CSV_FILE), "pas en https")
        assert len(asked(bench)) == 1

    @pytest.mark.parametrize("place", ["file:///etc/passwd", "ftp://127.0.0.1/a", "http://[", "//"])
    def test_to_what_is_not_the_web(self, bench, place):
        bench.server.always(URL, faults.elsewhere(place))
        check_refused(bench, bench.update(CSV_FILE))

    def test_to_the_home_page(self, bench):
        bench.server.always(URL, faults.redirected_to_page())
        check_refused(bench, bench.update(CSV_FILE), "« Maintenance en cours »")


class TestEncodings:
    def test_gzip_is_decoded(self, bench):
        bench.server.plan(URL, faults.gzipped())
        check_came(bench, bench.update(CSV_FILE))
        assert asked(bench)[0].headers["accept-encoding"] == "identity"

    def test_gzip_truncated(self, bench):
        bench.server.always(URL, faults.gzip_truncated())
        check_refused(bench, bench.update(CSV_FILE), "gzip")

    def test_gzip_bomb(self, bench):
        bench.server.always(URL, faults.gzip_bomb(30))
        check_refused(bench, bench.update(CSV_FILE), "1 Mo", "taille admise")


ONLY_FOR = {name: "zip" for name in FAULTS if name.startswith("zip-")} | {
    "colonne-absente": "csv",
    "une-ligne": "csv",
}
"""Faults of a content, that make no sense of another."""


def test_every_fault_leaves_the_previous_file_or_brings_the_new_one(bench):
    """The law of all: whatever happens, a file is one of the producer's, whole, and the lock agrees."""
    bench.tune(attempts=2)
    newer = {CSV_FILE: NEWER_CSV, ZIP_FILE: NEWER_ARCHIVE}
    before = {CSV_FILE: CSV, ZIP_FILE: ARCHIVE}
    for name, make in FAULTS.items():
        fault = make(NEWER_CSV) if name == "contenu-change" else make()
        for file, old in before.items():
            if name in ONLY_FOR and file.content != ONLY_FOR[name]:
                continue
            publish(bench, file, old)
            bench.server._always.clear()
            assert bench.update(file, accept_new=True).state in {"new", "changed", "unchanged"}
            publish(bench, file, newer[file])
            bench.server.always(file.address, fault)
            try:
                outcome = bench.update(file, accept_new=True)
            except Exception as error:
                error.add_note(f"faute {name}, {file.path}")
                raise
            kept = bench.bytes_of(file) == old
            assert kept or bench.bytes_of(file) == newer[file], name
            if name == "304-non-demande":  # here it is an answer to what the client said it has
                continue
            assert outcome.state == ("kept" if kept else "changed"), (name, outcome)
            assert not kept or (outcome.why.rstrip().endswith(".") and outcome.advice), name
            bench.check_lock()
