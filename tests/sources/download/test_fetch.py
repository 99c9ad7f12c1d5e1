"""The raw folder updated from servers: pinned, healed, one source never stopping another."""

import dataclasses
import datetime as dt
import errno
import gzip

import pytest

from sources.download.answers import say
from sources.download.minisource import DAY, GOOD, NEWER, PAGE, sha, source, visible
from terrdiag.errors import OutputError, SourceFormatError
from terrdiag.sources.download import fetch, read_lock, store
from terrdiag.workspace.locks import acquire, release


def test_new_then_unchanged(server, update, one, raw, monkeypatch):
    server.then(say(GOOD, ETag='"v1"', Last_Modified="Sun, 01 Nov 2026 10:00:00 GMT"))
    (outcome,) = update(one)
    assert (outcome.state, outcome.why, outcome.advice) == ("new", "", "")
    assert visible(raw) == {"a/b.csv", "LOCK.toml"}
    entry = read_lock(raw)["a/b.csv"]
    assert dataclasses.asdict(entry) == {
        "path": "a/b.csv",
        "address": f"{server.url}/b.csv",
        "sha256": sha(GOOD),
        "size": len(GOOD),
        "etag": '"v1"',
        "last_modified": "Sun, 01 Nov 2026 10:00:00 GMT",
        "retrieved": DAY,
        "checked": DAY,
        "source_id": "essai",
    }
    server.answers[:] = [say(b"", 304, length=-1)]
    monkeypatch.setattr(fetch, "today", lambda: DAY + dt.timedelta(days=30))
    assert update(one)[0].state == "unchanged"
    assert server.header("If-None-Match") == [None, '"v1"']
    entry = read_lock(raw)["a/b.csv"]
    assert (entry.retrieved, entry.checked) == (DAY, DAY + dt.timedelta(days=30))
    assert entry.etag == '"v1"'


def test_same_content_again(server, update, one, raw):
    server.then(say(GOOD), say(GOOD, ETag='"v2"'))
    update(one)
    assert update(one)[0].state == "unchanged"
    assert read_lock(raw)["a/b.csv"].etag == '"v2"'


class TestPinned:
    def test_changed_content_is_refused(self, server, update, one, raw):
        server.then(say(GOOD), say(NEWER))
        update(one)
        (outcome,) = update(one)
        assert outcome.state == "kept"
        assert sha(GOOD) in outcome.why
        assert sha(NEWER) in outcome.why
        assert "--accept-new" in outcome.advice
        assert (raw / "a/b.csv").read_bytes() == GOOD
        assert read_lock(raw)["a/b.csv"].sha256 == sha(GOOD)

    def test_accepted(self, server, update, one, raw):
        server.then(say(GOOD), say(NEWER))
        update(one)
        assert update(one, accept_new=True)[0].state == "changed"
        assert (raw / "a/b.csv").read_bytes() == NEWER
        assert read_lock(raw)["a/b.csv"].sha256 == sha(NEWER)
        assert update(one)[0].state == "unchanged"

    def test_by_the_register(self, server, update, raw):
        file = {"path": "a/b.csv", "address": f"{server.url}/b.csv", "sha256": sha(GOOD)}
        server.then(say(NEWER))
        (outcome,) = update(source(file))
        assert outcome.state == "failed"
        assert sha(GOOD) in outcome.why
        assert sha(NEWER) in outcome.why
        assert visible(raw) == {"LOCK.toml"}
        assert update(source(file), accept_new=True)[0].state == "new"
        assert update(source(file))[0].state == "unchanged"

    def test_lock_without_its_file(self, server, update, one, raw):
        """A colleague's lock: the same bytes, or none."""
        server.then(say(GOOD), say(NEWER), say(GOOD))
        update(one)
        (raw / "a/b.csv").unlink()
        (outcome,) = update(one)
        assert (outcome.state, visible(raw)) == ("failed", {"LOCK.toml"})
        assert "--accept-new" in outcome.advice
        assert update(one)[0].state == "new"
        assert (raw / "a/b.csv").read_bytes() == GOOD

    def test_another_address_still_has_it(self, server, update, one, raw):
        file = {
            "path": "a/b.csv",
            "address": f"{server.url}/b",
            "alternatives": [f"{server.url}/c"],
        }
        server.then(say(GOOD), say(NEWER), say(GOOD))
        update(source(file))
        (outcome,) = update(source(file))
        assert outcome.state == "unchanged"
        assert read_lock(raw)["a/b.csv"].address == f"{server.url}/c"


class TestEditedByHand:
    def test_healed(self, server, update, one, raw):
        server.then(say(GOOD, ETag='"v1"'))
        update(one)
        (raw / "a/b.csv").write_bytes(NEWER)
        (outcome,) = update(one)
        assert server.header("If-None-Match") == [None, None]
        assert outcome.state == "changed"
        assert "n'était plus celui de LOCK.toml" in outcome.why
        assert (raw / "a/b.csv").read_bytes() == GOOD
        aside = raw / ".ecartes" / "a" / f"{sha(NEWER)[:8]}-b.csv"
        assert aside.read_bytes() == NEWER

    def test_never_used(self, server, update, one, raw):
        server.then(say(GOOD), say(b"", 404))
        update(one)
        (raw / "a/b.csv").write_bytes(NEWER)
        (outcome,) = update(one)
        assert outcome.state == "failed"
        assert "n'était plus celui de LOCK.toml" in outcome.why
        assert visible(raw) == {"LOCK.toml"}


class TestPutInItsPlace:
    @pytest.fixture(autouse=True)
    def _put(self, raw):
        (raw / "a").mkdir(parents=True)
        (raw / "a/b.csv").write_bytes(GOOD)

    def test_same_as_the_producer(self, server, update, one, raw):
        server.then(say(GOOD))
        update(one)
        assert read_lock(raw)["a/b.csv"].address == f"{server.url}/b.csv"

    def test_the_producer_has_another(self, server, update, one, raw):
        server.then(say(NEWER))
        assert update(one)[0].state == "changed"
        assert (raw / "a/b.csv").read_bytes() == NEWER
        assert (raw / f".ecartes/a/{sha(GOOD)[:8]}-b.csv").read_bytes() == GOOD

    def test_the_producer_is_dead(self, server, update, one, raw):
        server.then(say(b"", 404))
        (outcome,) = update(one)
        assert outcome.state == "kept"
        assert "vérifié et noté" in outcome.why
        assert read_lock(raw)["a/b.csv"].address == "sur place"

    def test_without_an_address(self, update, raw):
        assert update(source({"path": "a/b.csv"}))[0].state == "new"
        assert update(source({"path": "a/b.csv"}))[0].state == "unchanged"

    def test_not_the_expected_file(self, update, raw):
        (raw / "a/b.csv").write_bytes(PAGE)
        (outcome,) = update(source({"path": "a/b.csv"}))
        assert outcome.state == "failed"
        assert "« Maintenance »" in outcome.why
        assert read_lock(raw) == {}


class TestFailures:
    def test_one_dead_source_does_not_stop_the_others(self, server, update, raw):
        server.then(say(PAGE), say(GOOD))
        dead = source({"path": "a/x.csv", "address": f"{server.url}/x.csv"}, name="morte")
        alive = source({"path": "a/b.csv", "address": f"{server.url}/b.csv"}, name="vive")
        outcomes = update(dead, alive)
        assert [(one.source_id, one.state) for one in outcomes] == [
            ("morte", "failed"),
            ("vive", "new"),
        ]
        assert outcomes[0].why.startswith(f"{server.url}/x.csv : page HTML")
        assert "« Maintenance »" in outcomes[0].why
        assert "https://www.insee.fr/page" in outcomes[0].advice
        assert "data/raw/inbox/" in outcomes[0].advice

    def test_previous_file_stays(self, server, update, one, raw):
        server.then(say(GOOD), say(PAGE))
        update(one)
        (outcome,) = update(one, accept_new=True)
        assert outcome.state == "kept"
        assert outcome.why.endswith("Le fichier précédent est gardé.")
        assert (raw / "a/b.csv").read_bytes() == GOOD

    def test_alternatives_in_order(self, server, update, raw):
        places = [f"{server.url}/{name}" for name in "bcd"]
        file = {"path": "a/b.csv", "address": places[0], "alternatives": places[1:]}
        server.then(say(b"", 404), say(PAGE), say(GOOD))
        (outcome,) = update(source(file))
        assert outcome.state == "new"
        assert f"Pris à {places[2]}" in outcome.why
        assert "404" in outcome.why
        assert "Maintenance" in outcome.why
        assert read_lock(raw)["a/b.csv"].address == places[2]

    def test_family_in_part(self, server, update, raw):
        words = [f"{i:02d}" for i in range(1, 11)]
        family = source(
            {"path": "a/{each}.csv", "address": f"{server.url}/{{each}}", "for_each": words}
        )
        server.then(*[say(GOOD)] * 3, say(b"", 404), *[say(GOOD)] * 6)
        (outcome,) = update(family)
        assert outcome.state == "failed"
        assert outcome.why.startswith("9\xa0fichiers sur 10, sauf a/04.csv. ")
        assert "404" in outcome.why
        assert len(outcome.files) == 10
        assert len(read_lock(raw)) == 9

    def test_file_of_two_sources_is_asked_once(self, server, update):
        server.then(say(GOOD))
        file = {"path": "a/b.csv", "address": f"{server.url}/b.csv"}
        assert [one.state for one in update(source(file), source(file, name="autre"))] == [
            "new",
            "new",
        ]
        assert len(server.asked) == 1

    def test_full_disk(self, server, update, one, raw, monkeypatch):
        def fail(*_args, **_kwargs):
            raise OSError(errno.ENOSPC, "No space left on device")

        server.then(say(GOOD))
        monkeypatch.setattr(store, "write_journal", fail)
        (outcome,) = update(one)
        assert outcome.state == "failed"
        assert "le disque est plein" in outcome.why
        assert visible(raw) == {"LOCK.toml"}
        assert not list(raw.rglob("*.part"))

    def test_interrupted(self, server, update, one, raw, monkeypatch):
        server.then(say(GOOD))

        def interrupt(self, *_args):
            raise KeyboardInterrupt

        other = source({"path": "a/c.csv", "address": f"{server.url}/c.csv"}, name="autre")
        update(other)
        monkeypatch.setattr(store.Store, "take", interrupt)
        with pytest.raises(KeyboardInterrupt):
            update(one)
        monkeypatch.undo()
        assert visible(raw) == {"a/c.csv", "LOCK.toml"}
        assert list(read_lock(raw)) == ["a/c.csv"]

    def test_killed_between_the_file_and_the_lock(self, server, update, one, raw, monkeypatch):
        server.then(say(GOOD), say(NEWER))
        update(one)

        class Killed(BaseException):
            pass

        def die(*_args):
            raise Killed

        with monkeypatch.context() as patch:
            patch.setattr(store.Store, "save", die)
            with pytest.raises(Killed):
                update(one, accept_new=True)
        assert (raw / "a/b.csv").read_bytes() == NEWER
        assert read_lock(raw)["a/b.csv"].sha256 == sha(GOOD)  # this is what the journal heals
        (outcome,) = update(one)
        assert outcome.state == "unchanged"
        assert read_lock(raw)["a/b.csv"].sha256 == sha(NEWER)
        assert not (raw / ".ecartes").exists()


class TestGzipped:
    def test_compressed_here_to_the_same_bytes(self, server, update, raw):
        body = b'{"type": "FeatureCollection", "features": [1, 2]}'
        file = {
            "path": "a/65.geojson.gz",
            "address": f"{server.url}/65",
            "content": "geojson.gz",
            "columns": (),
        }
        server.then(say(body), say(body), say(gzip.compress(body), Content_Encoding="gzip"))
        assert update(source(file))[0].state == "new"
        assert gzip.decompress((raw / "a/65.geojson.gz").read_bytes()) == body
        assert [update(source(file))[0].state for _ in range(2)] == ["unchanged"] * 2

    def test_page(self, server, update):
        file = {"path": "a/b.csv.gz", "address": f"{server.url}/b", "content": "csv.gz"}
        server.then(say(PAGE))
        assert "« Maintenance »" in update(source(file))[0].why


class TestFolder:
    def test_two_updates_at_once(self, update, one, raw):
        path = raw / ".terrdiag" / "verrou"
        path.parent.mkdir(parents=True)
        held = acquire(path)
        with pytest.raises(OutputError, match="une autre mise à jour"):
            update(one)
        release(held, path)

    def test_broken_lock(self, update, one, raw):
        raw.mkdir(parents=True)
        (raw / "LOCK.toml").write_text("[")
        with pytest.raises(SourceFormatError, match="n'est pas tel que terrdiag l'écrit"):
            update(one)

    def test_not_a_folder(self, update, one, raw):
        raw.parent.mkdir()
        raw.write_text("un fichier")
        with pytest.raises(OutputError, match="écriture impossible"):
            update(one)


def test_progress_is_told_and_not_too_often(server, update, one):
    server.then(say(GOOD))
    told = []
    update(one, progress=told.append)
    assert told == ["Source essai", "Source essai\xa0: 0,0 sur 0,0\xa0Mo"]
