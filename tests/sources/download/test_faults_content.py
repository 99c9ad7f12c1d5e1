"""What comes and is not the file; what was there before; where else a file may come from (docs/reseau.md)."""

import hashlib
import re
import socket

import pytest

from faultserver import FaultServer, faults
from faultserver.bench import (
    ARCHIVE,
    CSV,
    CSV_FILE,
    NEWER_ARCHIVE,
    NEWER_CSV,
    ZIP_FILE,
    make_bench,
    make_source,
)
from terrdiag.errors import OfflineError, SourceFormatError
from terrdiag.sources.download.lock import LOCK
from terrdiag.sources.download.settings import name_user_agent

URL, ZIP_URL = CSV_FILE.address, ZIP_FILE.address


@pytest.fixture
def bench(tmp_path, monkeypatch):
    (tmp_path / "serveur").mkdir()
    with FaultServer(tmp_path / "serveur") as server:
        yield make_bench(server, tmp_path, monkeypatch)


def publish(bench, file, content: bytes) -> None:
    (bench.server.folder / file.path).write_bytes(content)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


WRONG = [
    ("html", CSV_FILE, faults.web_page(), ["page HTML", "« Maintenance en cours »"]),
    ("html", ZIP_FILE, faults.web_page(), ["page HTML", "« Maintenance en cours »"]),
    ("xml", CSV_FILE, faults.xml_error(), ["XML", "« Service saturé »"]),
    ("xml", ZIP_FILE, faults.xml_error(), ["XML", "« Service saturé »"]),
    ("vide", CSV_FILE, faults.empty(), ["vide"]),
    ("vide", ZIP_FILE, faults.empty(), ["vide"]),
    ("zip-tronque", ZIP_FILE, faults.zip_truncated(), ["tronquée ou abîmée"]),
    ("zip-crc", ZIP_FILE, faults.zip_crc(), ["base.csv", "tronquée ou abîmée"]),
    ("zip-bombe", ZIP_FILE, faults.zip_bomb(), ["piégée"]),
    ("zip-evasion", ZIP_FILE, faults.zip_escape(), ["evil.csv", "sortirait du dossier"]),
    ("zip-sans-membre", ZIP_FILE, faults.zip_without_member(), ["base\\*.csv", "autre_0.txt"]),
    ("colonne-absente", CSV_FILE, faults.column_missing(), ["colonne absente : PMUN", "LIBELLE"]),
    ("une-ligne", CSV_FILE, faults.single_row(), ["1 ligne, au moins 50 attendues"]),
    ("autre", CSV_FILE, faults.changed(ARCHIVE), ["csv attendu", "archive zip"]),
    ("autre", ZIP_FILE, faults.changed(CSV), ["zip attendu"]),
]


@pytest.mark.parametrize(
    ("file", "fault", "words"),
    [case[1:] for case in WRONG],
    ids=[f"{name}-{file.content}" for name, file, *_ in WRONG],
)
class TestWhatIsNotTheFile:
    def test_refused(self, bench, file, fault, words):
        bench.server.always(file.address, fault)
        outcome = bench.update(file)
        assert outcome.state == "failed"
        assert bench.bytes_of(file) is None
        plain = re.sub(r"\s", " ", outcome.why)
        assert all(re.search(word, plain) for word in words), plain
        assert bench.server.host in plain
        assert "https://www.insee.fr/fr/information/1" in outcome.advice
        bench.check_lock()

    def test_not_asked_again(self, bench, file, fault, words):
        bench.server.always(file.address, fault)
        bench.update(file)
        assert len(bench.server.requests_to(file.address)) == 1
        assert bench.pauses == []

    def test_previous_file_stays(self, bench, file, fault, words):
        assert bench.update(file).state == "new"
        before, entry = bench.bytes_of(file), bench.entry_of(file)
        bench.server.always(file.address, fault)
        outcome = bench.update(file, accept_new=True)
        assert outcome.state == "kept"
        assert "Le fichier précédent est gardé." in outcome.why
        assert bench.bytes_of(file) == before
        assert bench.entry_of(file) == entry
        bench.check_lock()

    def test_next_run_takes_the_right_one(self, bench, file, fault, words):
        bench.server.plan(file.address, fault)
        bench.update(file)
        assert bench.update(file).state == "new"
        bench.check_lock()


class TestAnnouncedType:
    """The Content-Type is not trusted: the content decides, and a refusal says what was announced."""

    @pytest.mark.parametrize(
        "announced", ["text/html", "application/xml", "application/problem+json"]
    )
    @pytest.mark.parametrize(("file", "data"), [(CSV_FILE, CSV), (ZIP_FILE, ARCHIVE)])
    def test_wrong_type_on_the_right_content(self, bench, file, data, announced):
        bench.server.always(file.address, faults.replace(bytes, Content_Type=announced))
        assert bench.update(file).state == "new"
        assert bench.bytes_of(file) == data
        bench.check_lock()

    @pytest.mark.parametrize(
        ("file", "announced"), [(CSV_FILE, "text/csv"), (ZIP_FILE, "application/zip")]
    )
    def test_right_type_on_the_wrong_content(self, bench, file, announced):
        bench.server.always(file.address, faults.web_page())
        outcome = bench.update(file)
        assert outcome.state == "failed"
        assert "page HTML" in outcome.why
        assert f"Type annoncé par le serveur : « {announced} »." in outcome.why

    def test_announced_type_is_kept_with_a_part(self, bench):
        publish(bench, CSV_FILE, CSV.replace(b"PMUN", b"PTOT"))
        bench.server.plan(URL, faults.reset())
        outcome = bench.update(CSV_FILE)
        assert bench.server.requests_to(URL)[-1].range
        assert "colonne absente : PMUN" in outcome.why
        assert "Type annoncé par le serveur : « text/csv »." in outcome.why


class TestWhatWasThere:
    def test_not_asked_for_again_when_unchanged(self, bench):
        bench.update(CSV_FILE)
        outcome = bench.update(CSV_FILE)
        assert outcome.state == "unchanged"
        first, second = bench.server.requests_to(URL)
        assert "if-none-match" not in first.headers
        assert second.headers["if-none-match"].startswith('"')
        assert second.headers["if-modified-since"].endswith("GMT")

    def test_another_tag_on_the_same_bytes_is_unchanged(self, bench):
        bench.update(CSV_FILE)
        bench.server.always(URL, faults.range_ignored())
        assert bench.update(CSV_FILE).state == "unchanged"
        assert bench.entry_of(CSV_FILE).sha256 == digest(CSV)

    @pytest.mark.parametrize(
        ("file", "old", "new"), [(CSV_FILE, CSV, NEWER_CSV), (ZIP_FILE, ARCHIVE, NEWER_ARCHIVE)]
    )
    def test_changed_content_is_refused_with_both_digests(self, bench, file, old, new):
        bench.update(file)
        publish(bench, file, new)
        outcome = bench.update(file)
        assert outcome.state == "kept"
        assert digest(old) in outcome.why
        assert digest(new) in outcome.why
        assert "--accept-new" in outcome.advice
        assert bench.bytes_of(file) == old
        assert bench.entry_of(file).sha256 == digest(old)

    def test_changed_content_is_taken_when_accepted(self, bench):
        bench.update(CSV_FILE)
        publish(bench, CSV_FILE, NEWER_CSV)
        assert bench.update(CSV_FILE, accept_new=True).state == "changed"
        assert bench.bytes_of(CSV_FILE) == NEWER_CSV
        assert bench.entry_of(CSV_FILE).sha256 == digest(NEWER_CSV)
        assert bench.update(CSV_FILE).state == "unchanged"

    def test_refused_content_can_be_accepted_later(self, bench):
        bench.update(CSV_FILE)
        publish(bench, CSV_FILE, NEWER_CSV)
        bench.update(CSV_FILE)
        assert bench.update(CSV_FILE, accept_new=True).state == "changed"
        assert bench.bytes_of(CSV_FILE) == NEWER_CSV

    def test_digest_of_the_register(self, bench):
        pinned = CSV_FILE.model_copy(update={"sha256": digest(NEWER_CSV)})
        outcome = bench.update(pinned)
        assert outcome.state == "failed"
        assert digest(CSV) in outcome.why
        assert digest(NEWER_CSV) in outcome.why
        assert bench.bytes_of(CSV_FILE) is None
        publish(bench, CSV_FILE, NEWER_CSV)
        assert bench.update(pinned).state == "new"

    def test_file_edited_by_hand_is_put_aside(self, bench):
        bench.update(CSV_FILE)
        (bench.raw / CSV_FILE.path).write_bytes(b"mes notes")
        outcome = bench.update(CSV_FILE)
        assert bench.bytes_of(CSV_FILE) == CSV
        assert "mis de côté" in outcome.why
        kept = [path for path in (bench.raw / ".ecartes").rglob("*") if path.is_file()]
        assert [path.read_bytes() for path in kept] == [b"mes notes"]

    def test_file_deleted_by_hand_comes_back(self, bench):
        bench.update(CSV_FILE)
        (bench.raw / CSV_FILE.path).unlink()
        bench.update(CSV_FILE)
        assert bench.bytes_of(CSV_FILE) == CSV
        bench.check_lock()

    @pytest.mark.parametrize(
        "text", [b"\xff\xfe", b"files = 3", b"[files]\nx = 1", b"[[files]]", b'[files."../../a"]']
    )
    def test_damaged_lock_is_told(self, bench, text):
        bench.update(CSV_FILE)
        (bench.raw / LOCK).write_bytes(text)
        with pytest.raises(SourceFormatError, match=r"LOCK\.toml"):
            bench.update(CSV_FILE)
        assert bench.bytes_of(CSV_FILE) == CSV


class TestWhoAsks:
    def test_names_terrdiag(self, bench):
        bench.update(CSV_FILE)
        (request,) = bench.server.requests_to(URL)
        assert re.match(r"terrdiag/\S+ \(\+https://", request.headers["user-agent"])

    def test_name_can_be_set(self, bench, monkeypatch):
        monkeypatch.setenv(
            "TERRDIAG_USER_AGENT", "Mairie de Bagnères".encode().decode("ascii", "ignore")
        )
        bench.tune(user_agent=name_user_agent())
        bench.update(CSV_FILE)
        assert bench.server.requests_to(URL)[0].headers["user-agent"].startswith("Mairie de Bagn")

    def test_proxy_of_the_environment(self, bench, monkeypatch):
        monkeypatch.setenv("http_proxy", bench.server.address)
        bench.tune(allow_http=frozenset({"www.insee.invalid"}))
        bench.server.adapt = lambda source: source
        bench.server.put("fichier/communes.csv", CSV)
        file = CSV_FILE.model_copy(
            update={"address": "http://www.insee.invalid/fichier/communes.csv"}
        )
        assert bench.update(file).state == "new"
        (request,) = bench.server.requests_to("fichier/communes.csv")
        assert request.headers["host"] == "www.insee.invalid"

    def test_password_files_are_not_read(self, bench, monkeypatch, tmp_path):
        (tmp_path / ".netrc").write_text("machine 127.0.0.1 login moi password secret")
        monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
        bench.update(CSV_FILE)
        assert "authorization" not in bench.server.requests_to(URL)[0].headers


class TestOtherPlaces:
    def test_mirror_by_path_of_the_register(self, bench):
        outcome = bench.update(CSV_FILE, mirror=bench.server.address)
        assert outcome.state == "new"
        assert bench.server.received[0].path == CSV_FILE.path
        assert bench.bytes_of(CSV_FILE) == CSV

    def test_mirror_by_host_and_path(self, bench, tmp_path):
        with FaultServer(tmp_path) as mirror:
            mirror.put("www.insee.fr/fr/statistiques/fichier/1/communes.csv", NEWER_CSV)
            bench.server.adapt = lambda source: source
            assert bench.update(CSV_FILE, mirror=mirror.address).state == "new"
        assert bench.bytes_of(CSV_FILE) == NEWER_CSV
        assert bench.server.received == []

    def test_absent_from_the_mirror_is_no_failure(self, bench):
        (bench.server.folder / ZIP_FILE.path).unlink()
        present, absent = bench.update_all(
            make_source(CSV_FILE),
            make_source(ZIP_FILE, identifier="absente"),
            mirror=bench.server.address,
        )
        assert (present.state, absent.state) == ("new", "absent")
        assert "Absent du miroir" in absent.why

    def test_mirror_that_is_a_folder(self, bench):
        bench.tune(offline=True)
        assert bench.update(CSV_FILE, mirror=str(bench.server.folder)).state == "new"
        assert bench.bytes_of(CSV_FILE) == CSV
        assert bench.server.received == []

    @pytest.mark.parametrize("fault", [faults.web_page(), faults.zip_crc()])
    def test_mirror_is_not_trusted_either(self, bench, fault):
        bench.server.always(ZIP_FILE.path, fault)
        outcome = bench.update(ZIP_FILE, mirror=bench.server.address)
        assert outcome.state == "failed"
        assert bench.bytes_of(ZIP_FILE) is None

    def test_inbox_by_name(self, bench):
        inbox = bench.raw / "inbox"
        inbox.mkdir(parents=True)
        (inbox / "communes (1).csv").write_bytes(CSV)
        bench.server.always(URL, faults.not_found())
        assert bench.update(CSV_FILE).state == "new"
        assert bench.bytes_of(CSV_FILE) == CSV
        assert bench.server.received == []
        assert bench.entry_of(CSV_FILE).address == "inbox:communes (1).csv"

    @pytest.mark.parametrize(("file", "data"), [(CSV_FILE, CSV), (ZIP_FILE, ARCHIVE)])
    def test_inbox_by_header(self, bench, file, data):
        inbox = bench.raw / "inbox"
        inbox.mkdir(parents=True)
        (inbox / "téléchargement").write_bytes(data)
        assert bench.update(file).state == "new"
        assert bench.bytes_of(file) == data
        assert bench.server.received == []

    def test_inbox_that_fits_nothing_is_told(self, bench):
        inbox = bench.raw / "inbox"
        inbox.mkdir(parents=True)
        (inbox / "photo.csv").write_bytes(b"a;b\r\n1;2\r\n")
        outcomes = bench.update_all(make_source(CSV_FILE))
        assert outcomes[0].state == "new"
        assert "photo.csv" in outcomes[-1].why
        assert (inbox / "photo.csv").exists()

    def test_inbox_that_fits_two_files_names_both(self, bench):
        twin = CSV_FILE.model_copy(update={"path": "insee/jumelles.csv", "address": ""})
        inbox = bench.raw / "inbox"
        inbox.mkdir(parents=True)
        (inbox / "export.csv").write_bytes(CSV)
        outcome = bench.update_all(make_source(CSV_FILE), make_source(twin, identifier="b"))[-1]
        assert CSV_FILE.path in outcome.why
        assert twin.path in outcome.why

    def test_offline_opens_no_socket(self, bench, monkeypatch):
        bench.update(CSV_FILE)
        bench.tune(offline=True)
        seen = len(bench.server.received)

        def refuse(*args, **kwargs):
            pytest.fail("une prise réseau a été ouverte hors ligne")

        monkeypatch.setattr(socket, "socket", refuse)
        monkeypatch.setattr(socket, "getaddrinfo", refuse)
        kept, lacking = bench.update_all(
            make_source(CSV_FILE), make_source(ZIP_FILE, identifier="zip")
        )
        monkeypatch.undo()
        assert kept.state == "unchanged"
        assert lacking.state == "absent"
        assert "Hors ligne" in lacking.why
        assert len(bench.server.received) == seen

    def test_offline_refuses_a_mirror_on_the_network(self, bench):
        bench.tune(offline=True)
        with pytest.raises(OfflineError, match="--offline"):
            bench.update(CSV_FILE, mirror=bench.server.address)
        assert bench.server.received == []
