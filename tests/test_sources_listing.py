"""What « terrdiag sources list, show, check » print."""

import datetime as dt
import hashlib
import re
from dataclasses import replace

import pytest

from terrdiag import sources_checking, sources_listing
from terrdiag.catalogue import SourceFile, load_analyses, load_indicators, load_sources
from terrdiag.errors import CatalogueError, OfflineError
from terrdiag.sources.download.lock import LockEntry, write_lock
from terrdiag.sources.download.settings import NetworkSettings
from terrdiag.sources.probe import FileProbe, SourceProbe
from terrdiag.sources_checking import check_sources
from terrdiag.sources_listing import list_sources, show_source
from terrdiag.sources_words import CONTENT_LABELS, FEED_LABELS, describe_content

CSV = b"code,nom\n65059,Bagn\xc3\xa8res-de-Bigorre\n65001,Adast\n"
DAY = dt.date(2026, 11, 20)


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def make_file(name, **more):
    return SourceFile(
        path=f"insee/{name}.csv",
        address=f"https://www.insee.fr/{name}.csv",
        content="csv",
        columns=("code", "nom"),
        min_rows=2,
        **more,
    )


def make_entry(path, content, source_id="alpha", retrieved=DAY):
    digest = hashlib.sha256(content).hexdigest()
    address = f"https://www.insee.fr/{path.removeprefix('insee/')}"
    return LockEntry(path, address, digest, len(content), "", "", retrieved, DAY, source_id)


@pytest.fixture
def register(monkeypatch):
    """A register of two sources of the INSEE, alpha (two files) and beta, and one of the DGCL without address."""
    model = load_sources()["insee-cog-2026"]
    sources = {
        "alpha": model.model_copy(
            update={
                "id": "alpha",
                "title": "Première source",
                "files": (make_file("a"), make_file("b")),
            }
        ),
        "beta": model.model_copy(
            update={
                "id": "beta",
                "title": "Deuxième source",
                "licence": "ODbL 1.0",
                "embeddable": False,
                "feeds": "figures",
                "files": (make_file("c"),),
            }
        ),
        "gamma": model.model_copy(
            update={
                "id": "gamma",
                "title": "Troisième source",
                "producer": "DGCL",
                "files": (
                    SourceFile(
                        path="dgcl/g.csv", content="csv", columns=("code",), names=("g*.csv",)
                    ),
                ),
            }
        ),
    }
    for module in (sources_listing, sources_checking):
        monkeypatch.setattr(module, "load_sources", lambda: sources)
    return sources


@pytest.fixture
def raw(tmp_path):
    """Give a raw folder: a.csv under lock, c.csv put there by hand."""
    (tmp_path / "insee").mkdir()
    for name in ("a", "c"):
        (tmp_path / f"insee/{name}.csv").write_bytes(CSV)
    write_lock(tmp_path, {"insee/a.csv": make_entry("insee/a.csv", CSV)})
    return tmp_path


# --- list ----------------------------------------------------------------------------------------------------


def test_list_tells_what_each_source_feeds_and_where_its_files_are(register, raw):
    lines = plain(list_sources(raw)).splitlines()
    assert lines[0].startswith("3 sources (« terrdiag sources show ID »")
    assert [line for line in lines if line and not line.startswith(" ")][1:] == ["INSEE", "DGCL"]
    rows = {
        line.split()[0]: " ".join(line.split()[1:]) for line in lines if re.match(r"  \w", line)
    }
    assert rows == {
        "alpha": ("code géographique Licence Ouverte 2.0 présente, du 20/11/2026, 1 fichier sur 2"),
        "beta": "chiffres ODbL 1.0 présente, posée à la main",
        "gamma": "code géographique Licence Ouverte 2.0 absente",
    }
    assert "      Première source ; annuel, en mars" in lines


def test_elevation_is_fetched_for_a_territory(tmp_path):
    service = next(one for one in load_sources().values() if one.feeds == "elevation")
    text = plain(show_source(service.id, tmp_path))
    assert "à la demande : « terrdiag data dem »" in text
    assert "À la main" not in text
    there = tmp_path / service.path.replace("*", "x")
    there.parent.mkdir(parents=True)
    there.write_bytes(b"II*")
    assert "présente, 1 fichier" in plain(show_source(service.id, tmp_path))


def test_list_of_the_real_register(tmp_path):
    text = plain(list_sources(tmp_path))
    for source in load_sources().values():
        assert f"  {source.id} " in text
        assert source.rhythm in " ".join(text.split())
    assert re.search(r"insee-comparateur-2018 .* embarquée seulement", text)
    assert max(map(len, text.splitlines())) <= 130


# --- show ----------------------------------------------------------------------------------------------------


def test_show_tells_everything_of_a_source(tmp_path):
    source = load_sources()["dgcl-epcicom"]
    text = plain(" ".join(show_source("dgcl-epcicom", tmp_path).split()))
    for said in (
        source.title,
        source.vintage,
        source.attribution,
        source.landing_page,
        source.note,
    ):
        assert " ".join(plain(said).split()) in text
    for file in source.files:
        assert f"{file.path} Adresse {file.address}" in text
    assert "8 fichiers sous" in text
    assert "classeur XLSX ; 34 000 lignes au moins ; 30 Mo au plus ; colonnes siren," in text
    assert f"{tmp_path / 'inbox'}" in text
    assert "epcicom2019.xlsx" in text


def test_show_tells_a_family_once(tmp_path):
    text = show_source("etalab-geo-api-2026", tmp_path)
    assert text.count("https://geo.api.gouv.fr/departements/{each}/communes") == 1
    assert "971, 972, 973, 974, 976 (101)" in plain(" ".join(text.split()))
    assert re.search(r"État +absent", text)
    assert "(01.geojson.gz, … 976.geojson.gz)" in plain(" ".join(text.split()))


def test_show_tells_where_a_file_lies_and_how_to_put_it_by_hand(register, raw):
    text = plain(" ".join(show_source("alpha", raw).split()))
    digest = hashlib.sha256(CSV).hexdigest()
    assert f"présent, du 20/11/2026 (0,0 Mo, sha256 {digest})" in text
    assert "insee/b.csv Adresse https://www.insee.fr/b.csv Attendu CSV ; 2 lignes au moins" in text
    assert "à son nom (a.csv, b.csv) ou à son en-tête." in text
    assert "Aucun indicateur ne la cite" in text


@pytest.mark.parametrize("origin", ["inbox:a (1).csv", "miroir:insee/a.csv"])
def test_show_tells_where_a_file_came_from(register, raw, origin):
    entry = replace(make_entry("insee/a.csv", CSV), address=origin)
    write_lock(raw, {"insee/a.csv": entry})
    text = plain(" ".join(show_source("alpha", raw).split()))
    assert f"présent, du 20/11/2026, venu de {origin} (0,0 Mo" in text


def test_show_a_file_without_address(register, raw):
    text = plain(" ".join(show_source("gamma", raw).split()))
    assert "Adresse aucune qui soit stable : d'un miroir, ou à la main" in text
    assert "(g.csv, g*.csv)" in text


def test_show_a_source_that_is_not_embedded(register, raw):
    text = plain(" ".join(show_source("beta", raw).split()))
    assert (
        "ODbL 1.0 (https://www.etalab.gouv.fr/licence-ouverte-open-licence/) ; n'entre pas dans"
        in text
    )
    assert "présent, posé à la main, hors du verrou" in text


def test_show_lists_the_indicators_that_depend_on_a_source(tmp_path):
    key = "insee-comparateur-2018"
    named = [one for one in load_indicators().values() if key in one.source]
    text = show_source(key, tmp_path)
    assert len(named) > 5
    for one in named:
        assert re.search(rf"^  {one.id} +{re.escape(one.label_fr)}$", plain(text), re.M)


def test_show_names_an_analysis_without_its_words_in_braces():
    keys = {key for one in load_analyses().values() for key in one.source}
    assert keys
    for key in keys:
        assert "{" not in show_source(key).split("qui la citent")[1]


def test_an_unknown_source_is_told_with_its_neighbours(tmp_path):
    with pytest.raises(CatalogueError, match=r"insee-cog-2025.*n'est pas une source") as raised:
        show_source("insee-cog-2025", tmp_path)
    assert "insee-cog-2026" in str(raised.value)
    assert "terrdiag sources list" in str(raised.value)


# --- check ---------------------------------------------------------------------------------------------------


def test_check_of_good_files(register, raw):
    text, code = check_sources(raw)
    assert code == 0
    assert plain(text).splitlines() == [
        "bon    alpha : 1 conforme au verrou, 1 absent (sur 2 fichiers)",
        "bon    beta : 1 bon, hors du verrou (sur 1 fichier)",
        f"1 source sans fichier sous {raw} ; 0 source en faute.",
    ]


def test_check_of_nothing(register, tmp_path):
    text, code = check_sources(tmp_path)
    assert (plain(text), code) == (
        f"3 sources sans fichier sous {tmp_path} ; 0 source en faute.",
        0,
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (CSV + b"65002,Adervielle\n", "n'est pas le fichier que dit LOCK.toml (sha256 "),
        (None, "n'est plus là, alors que LOCK.toml le connaît"),
    ],
)
def test_check_of_a_file_that_is_not_the_one_of_the_lock(register, raw, content, said):
    path = raw / "insee/a.csv"
    path.write_bytes(content) if content else path.unlink()
    text, code = check_sources(raw)
    assert code == 3
    assert said in plain(" ".join(text.split()))
    assert "FAUTE  alpha" in text
    assert plain(text).endswith("1 source en faute.")
    if content:
        for digest in (CSV, content):
            assert hashlib.sha256(digest).hexdigest() in text
        assert "--accept-new" in text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html><head><title>Site en maintenance</title></head></html>", "Site en maintenance"),
        (b"code,libelle\n1,a\n2,b\n", "nom"),
        (b"code,nom\n65059,Bagneres\n", "1"),
        (b"", "vide"),
    ],
)
def test_check_of_a_file_put_by_hand_that_is_not_the_right_one(register, raw, content, said):
    (raw / "insee/c.csv").write_bytes(content)
    text, code = check_sources(raw)
    assert code == 3
    assert "FAUTE  beta" in text
    assert said in text.split("FAUTE")[1]


def test_check_of_a_file_that_the_register_pins(register, raw):
    (file,) = register["beta"].files
    pinned = file.model_copy(update={"sha256": "0" * 64})
    register["beta"] = register["beta"].model_copy(update={"files": (pinned,)})
    text, code = check_sources(raw)
    assert code == 3
    assert "n'est pas le fichier que dit le registre des sources (sha256 0000" in plain(
        " ".join(text.split())
    )


def test_check_names_what_the_register_does_not_know(register, raw):
    entries = {path: make_entry(path, CSV) for path in ("insee/a.csv", "insee/old.csv")}
    write_lock(raw, entries)
    text, _ = check_sources(raw)
    assert "insee/old.csv : dans LOCK.toml, et d'aucune source du registre" in plain(text)


def test_progress_is_told(register, raw):
    told = []
    check_sources(raw, progress=told.append)
    assert told == ["Première source", "Deuxième source", "Troisième source"]


def test_check_online_needs_the_network(register, raw):
    with pytest.raises(OfflineError, match="--offline"):
        check_sources(raw, online=True, settings=NetworkSettings(offline=True))


@pytest.fixture
def answers(monkeypatch):
    """Choose what becomes of the file of each source."""
    states = {}

    def probe(source, prober, lock):
        files = (FileProbe(one.path, *states[source.id]) for one in source.files[:1])
        return SourceProbe(source.id, tuple(files))

    monkeypatch.setattr(sources_checking, "probe_source", probe)
    return states


def test_check_online(register, raw, answers):
    answers |= {
        "alpha": ("dead", "https://www.insee.fr/a.csv : cette adresse est morte."),
        "beta": ("alive", ""),
        "gamma": ("no_address", ""),
    }
    text, code = check_sources(raw, online=True)
    assert code == 3
    assert plain(text).splitlines() == [
        "morte         alpha",
        "                insee/a.csv : https://www.insee.fr/a.csv : cette adresse est morte.",
        "                page à ouvrir : https://www.insee.fr/fr/information/8740222",
        "vivante       beta",
        "sans adresse  gamma",
        "                page à ouvrir : https://www.insee.fr/fr/information/8740222",
        "3 sources : 1 vivante, 1 morte, 1 sans adresse.",
    ]


@pytest.mark.parametrize(
    ("state", "label"),
    [("moved", "déplacée"), ("changed", "changée"), ("unchecked", "non essayée")],
)
def test_what_is_not_dead_is_told_and_is_no_failure(register, raw, answers, state, label):
    answers |= dict.fromkeys(register, ("alive", "")) | {"beta": (state, "ce qui est arrivé")}
    text, code = check_sources(raw, online=True)
    assert code == 0
    assert f"{label}" in text
    assert "insee/c.csv : ce qui est arrivé" in plain(text)


def test_what_a_server_says_does_not_drive_the_terminal(register, raw, answers):
    answers |= dict.fromkeys(register, ("dead", "« \x1b[31mMaintenance\u202e »"))
    text, _ = check_sources(raw, online=True)
    assert "« [31mMaintenance »" in plain(text)


def test_everything_dead_may_be_the_connection(register, raw, answers):
    answers |= dict.fromkeys(register, ("dead", "le serveur ne répond pas."))
    text, code = check_sources(raw, online=True)
    assert code == 3
    assert "Vérifiez d'abord la connexion à internet" in plain(text)


# --- Words ---------------------------------------------------------------------------------------------------


def test_every_feed_and_content_of_the_register_has_its_words():
    sources = load_sources().values()
    assert {one.feeds for one in sources} <= set(FEED_LABELS)
    assert {file.content for one in sources for file in one.files} <= set(CONTENT_LABELS)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"content": "json"}, "JSON ; 200 Mo au plus"),
        (
            {"content": "zip", "member": "*.CSV", "columns": ("A", "B"), "min_rows": 34_000},
            "archive zip ; membre « *.CSV » ; 34 000 lignes au moins ; 200 Mo au plus ; colonnes A, B",
        ),
        (
            {"content": "xlsx", "columns": ("A",), "header_row": 6, "max_megabytes": 5},
            "classeur XLSX ; 5 Mo au plus ; colonnes (ligne 6) A",
        ),
    ],
)
def test_what_a_file_must_be(more, expected):
    assert plain(describe_content(SourceFile(path="x", **more))) == expected
