"""The raw folder updated from the inbox and from mirrors, with or without the network."""

import shutil

import pytest

from sources.download.answers import say
from sources.download.minisource import GOOD, NEWER, PAGE, source
from terrdiag.errors import OfflineError, SourceUnavailableError
from terrdiag.sources import resolve
from terrdiag.sources.download import read_lock
from terrdiag.sources.download.settings import NetworkSettings


class TestInbox:
    @pytest.fixture
    def put(self, raw):
        def put_file(name, data):
            path = raw / "inbox" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            return path

        return put_file

    def test_used_without_the_network(self, server, update, one, raw, put):
        path = put("b (1).csv", GOOD)
        (outcome,) = update(one)
        assert (outcome.state, server.asked) == ("new", [])
        assert read_lock(raw)["a/b.csv"].address == "inbox:b (1).csv"
        assert path.exists()
        assert update(one)[0].state == "unchanged"

    def test_other_than_the_lock(self, server, update, one, raw, put):
        server.then(say(GOOD))
        update(one)
        put("b.csv", NEWER)
        (outcome,) = update(one)
        assert outcome.state == "kept"
        assert "--accept-new" in outcome.advice
        assert update(one, accept_new=True)[0].state == "changed"
        assert (raw / "a/b.csv").read_bytes() == NEWER

    def test_wrong_file(self, server, update, one, put):
        put("b.csv", PAGE)
        server.then(say(GOOD))
        (outcome,) = update(one)
        assert outcome.state == "new"
        assert "inbox:b.csv : page HTML" in outcome.why

    def test_of_no_source(self, server, update, one, put):
        put("photo.jpg", b"\xff\xd8")
        server.then(say(GOOD))
        outcomes = update(one)
        assert [(one.source_id, one.state) for one in outcomes] == [
            ("essai", "new"),
            ("inbox", "failed"),
        ]
        assert "photo.jpg" in outcomes[1].why


class TestOffline:
    @pytest.fixture
    def settings(self):
        return NetworkSettings(offline=True)

    def test_nothing_is_asked(self, server, update, one, raw, monkeypatch):
        (outcome,) = update(one)
        assert outcome.state == "absent"
        assert outcome.why.startswith("Hors ligne")
        assert server.asked == []

    def test_what_is_there_is_verified(self, server, update, one, raw, tmp_path):
        (tmp_path / "miroir/a").mkdir(parents=True)
        (tmp_path / "miroir/a/b.csv").write_bytes(GOOD)
        assert update(one, mirror=str(tmp_path / "miroir"))[0].state == "new"
        assert update(one)[0].state == "unchanged"
        (raw / "a/b.csv").write_bytes(NEWER)
        (outcome,) = update(one)
        assert outcome.state == "failed"
        assert "n'était plus celui de LOCK.toml" in outcome.why

    def test_mirror_on_the_network(self, update, one):
        with pytest.raises(OfflineError, match="--offline l'interdit"):
            update(one, mirror="https://miroir.invalid/")


class TestMirror:
    def test_folder(self, server, update, one, raw, tmp_path):
        mirror = tmp_path / "miroir"
        (mirror / "a").mkdir(parents=True)
        (mirror / "a/b.csv").write_bytes(GOOD)
        assert update(one, mirror=str(mirror))[0].state == "new"
        assert read_lock(raw)["a/b.csv"].address == "miroir:a/b.csv"
        assert update(one, mirror=str(mirror))[0].state == "unchanged"
        shutil.rmtree(mirror / "a")
        (outcome,) = update(one, mirror=str(mirror))
        assert (outcome.state, server.asked) == ("unchanged", [])
        assert outcome.why == ""  # it is there, whole: nothing has to be said

    def test_by_host_and_path(self, server, update, one, raw, tmp_path):
        folder = tmp_path / "miroir" / f"127.0.0.1:{server.port}"
        folder.mkdir(parents=True)
        (folder / "b.csv").write_bytes(GOOD)
        assert update(one, mirror=str(tmp_path / "miroir"))[0].state == "new"

    def test_absent(self, update, one, tmp_path):
        (outcome,) = update(one, mirror=str(tmp_path))
        assert (outcome.state, outcome.why) == (
            "absent",
            "Absent du miroir : il n'est pas dans data/raw.",
        )

    def test_page_in_a_folder(self, update, one, tmp_path):
        (tmp_path / "miroir/a").mkdir(parents=True)
        (tmp_path / "miroir/a/b.csv").write_bytes(PAGE)
        (outcome,) = update(one, mirror=str(tmp_path / "miroir"))
        assert outcome.state == "failed"
        assert "« Maintenance »" in outcome.why

    def test_link_of_who_keeps_the_mirror_is_followed(self, update, one, raw, tmp_path):
        (tmp_path / "miroir/a").mkdir(parents=True)
        (tmp_path / "b.csv").write_bytes(GOOD)
        (tmp_path / "miroir/a/b.csv").symlink_to(tmp_path / "b.csv")
        assert update(one, mirror=str(tmp_path / "miroir"))[0].state == "new"
        assert (raw / "a/b.csv").read_bytes() == GOOD
        assert not (raw / "a/b.csv").is_symlink()

    def test_a_file_is_no_mirror(self, update, one, tmp_path):
        (tmp_path / "a.csv").write_bytes(GOOD)
        with pytest.raises(
            SourceUnavailableError, match=r"ce miroir est un fichier\. Donnez un dossier"
        ):
            update(one, mirror=str(tmp_path / "a.csv"))

    def test_no_such_folder(self, update, one, tmp_path):
        with pytest.raises(SourceUnavailableError, match="ce miroir n'existe pas"):
            update(one, mirror=str(tmp_path / "rien"))

    def test_address(self, server, update, raw):
        site = source({"path": "a/b.csv", "address": "https://www.insee.fr/x/b%20c.csv?d=1"})
        server.then(say(b"", 404), say(b"", 404), say(GOOD))
        assert update(site, mirror=server.url, settings=NetworkSettings())[0].state == "new"
        assert [one.path for one in server.asked] == [
            "/a/b.csv",
            "/www.insee.fr/x/b%20c.csv%3Fd%3D1",
            "/www.insee.fr/x/b%20c.csv",
        ]
        server.answers[:] = [say(b"", 404)]
        other = source({"path": "a/c.csv", "address": "https://www.insee.fr/c.csv"})
        assert update(other, mirror=server.url)[0].state == "absent"

    def test_plain_http_of_another_machine(self, update, one):
        (outcome,) = update(one, mirror="http://miroir.invalid")
        assert outcome.state == "failed"
        assert "n'est pas en https" in outcome.why


class TestCatalogue:
    @pytest.fixture
    def dead(self, server):
        """A source whose registered address is dead, and that has a catalogue."""
        file = {"path": "a/b.csv", "address": f"{server.url}/mort.csv"}
        return source(file | {"catalogue": "dido:essai"})

    def test_the_address_of_the_day(self, server, update, dead, raw, monkeypatch):
        monkeypatch.setattr(resolve, "resolve_address", lambda *_: f"{server.url}/jour.csv")
        server.then(say(b"non", 404), say(GOOD))
        (outcome,) = update(dead)
        assert outcome.state == "new"
        assert "cette adresse est morte" in outcome.files[0].why
        assert read_lock(raw)["a/b.csv"].address == f"{server.url}/jour.csv"

    def test_not_asked_where_the_content_is_refused(self, server, update, dead, monkeypatch):
        server.then(say(GOOD), say(NEWER))
        update(dead)
        monkeypatch.setattr(resolve, "resolve_address", lambda *_: pytest.fail("asked"))
        assert update(dead)[0].state == "kept"

    def test_a_catalogue_that_fails_is_told(self, server, update, dead, monkeypatch):
        def fail(*_):
            raise SourceUnavailableError("le catalogue ne répond pas.")

        monkeypatch.setattr(resolve, "resolve_address", fail)
        server.then(say(b"non", 404))
        (outcome,) = update(dead)
        assert outcome.state == "failed"
        assert "est morte" in outcome.why
        assert "le catalogue ne répond pas" in outcome.why
