"""The flow of a refresh, on the mini-France: a mirror fetched, an edition built, used from then on."""

import datetime as dt
import shutil

import pandas as pd
import pytest

from terrdiag import refresh
from terrdiag.catalogue import load_sources
from terrdiag.edition import read_figures
from terrdiag.edition.local import find_edition, read_pointer
from terrdiag.errors import SourceError, TerrdiagError
from terrdiag.refresh import RefreshOrder, choose_sources, refresh_data, sign
from terrdiag.sources.download import NetworkSettings, read_lock


def small(source):
    """Give a source the mini-France's thresholds: its files have a dozen rows."""
    change = {"min_rows": 1, "sha256": ""}
    if source.id == "etalab-geo-api-2023":
        change["for_each"] = (
            "03",
        )  # the département of the mini-France that has no newer outlines
    files = tuple(file.model_copy(update=change) for file in source.files)
    return source.model_copy(update={"files": files})


@pytest.fixture(autouse=True)
def _small_files(monkeypatch):
    register = {name: small(source) for name, source in load_sources().items()}
    monkeypatch.setattr(refresh, "load_sources", lambda: register)


@pytest.fixture
def mirror(minifrance_raw, tmp_path):
    return shutil.copytree(minifrance_raw, tmp_path / "mirror")


@pytest.fixture
def update(tmp_path, mirror, minifrance_edition):
    def run(**more):
        order = RefreshOrder(
            folder=tmp_path / "work",
            mirror=more.pop("mirror", str(mirror)),
            settings=NetworkSettings(offline=True),
            today=dt.date(2026, 11, 22),
            base=minifrance_edition,
            **more,
        )
        return refresh_data(order, lambda _: None)

    return run


def figures(edition):
    frame = read_figures(edition)
    texts = frame.select_dtypes("category").columns
    return frame.astype(dict.fromkeys(texts, "object")).reset_index(drop=True)


def states(done):
    return {one.source_id: one.state for one in done.outcomes}


def test_the_same_figures_as_the_edition_built_by_hand(update, minifrance_edition, tmp_path):
    done = update()
    assert done.is_new
    pd.testing.assert_frame_equal(figures(done.edition), figures(minifrance_edition))
    assert find_edition(None, tmp_path / "work").root == done.edition.root
    found = states(done)
    embedded = {name for name, source in load_sources().items() if source.embedded}
    assert {name for name, state in found.items() if state == "new"} == embedded
    assert {state for name, state in found.items() if name not in embedded} == {"absent"}
    assert not any(source.feeds == "elevation" for source in map(load_sources().get, found))


def test_nothing_new_builds_nothing(update):
    first, second = update(), update()
    assert not second.is_new
    assert second.edition.root == first.edition.root
    assert set(states(second).values()) == {"unchanged", "absent"}


def test_days_of_download_reach_the_edition(update):
    done = update()
    assert done.edition.sources["anct-massifs"].retrieved == dt.date.today()  # noqa: DTZ011


def test_nothing_fetched_makes_no_edition(update, tmp_path):
    """It would be the embedded edition under another name, and hide the one of the next version."""
    (tmp_path / "vide").mkdir()
    with pytest.raises(SourceError, match=r"Aucun fichier officiel n'a pu être lu.*inbox"):
        update(mirror=str(tmp_path / "vide"))
    assert read_pointer(tmp_path / "work") is None


def test_a_file_edited_by_hand_is_told(update, mirror, tmp_path):
    update()
    path = tmp_path / "work/data/raw/anct/montagne.csv"
    path.write_bytes(path.read_bytes().replace(b"Massif", b"MASSIF"))
    (mirror / "anct/montagne.csv").unlink()
    done = update()
    assert states(done)["anct-massifs"] == "failed"
    [told] = done.failed
    assert "modifié à la main" in told.why
    assert done.edition.sources["anct-massifs"].carried_from == "2026.1"


def test_a_dead_source_does_not_stop_the_others(update, mirror):
    path = mirror / "insee/populations/donnees_communes.csv"
    path.write_text("<html><title>Maintenance</title></html>", encoding="utf-8")
    done = update()
    assert states(done)["insee-populations-reference-2023"] == "failed"
    assert [one.source_id for one in done.failed] == ["insee-populations-reference-2023"]
    [absent] = [one for one in done.edition.info.absent if one.carried]
    assert "Maintenance" in absent.why
    assert done.edition.sources["insee-populations-reference-2023"].carried_from == "2026.1"


def test_a_source_that_dies_later_keeps_its_file(update, mirror, tmp_path):
    first = update()
    path = mirror / "insee/populations/donnees_communes.csv"
    path.write_text("<html><title>Maintenance</title></html>", encoding="utf-8")
    second = update()
    assert states(second)["insee-populations-reference-2023"] == "kept"
    assert second.edition.root == first.edition.root
    assert not second.is_new


def test_changed_content_is_refused_then_accepted(update, mirror):
    update()
    path = mirror / "anct/densite.csv"
    text = path.read_text(encoding="utf-8-sig")
    path.write_text(
        text.replace("Grands centres urbains", "Centres urbains denses"), encoding="utf-8"
    )
    refused = update()
    assert states(refused)["anct-densite"] == "kept"
    assert not refused.is_new
    accepted = update(accept_new=True)
    assert states(accepted)["anct-densite"] == "changed"
    assert accepted.is_new


def test_only_the_named_sources(update, minifrance_edition):
    done = update(sources=("anct-densite",))
    assert list(states(done)) == ["anct-densite"]
    pd.testing.assert_frame_equal(figures(done.edition), figures(minifrance_edition))
    carried = {one.id for one in done.edition.info.absent if one.carried}
    assert "insee-cog-2026" in carried
    assert "anct-densite" not in carried


def test_an_unknown_source_is_told_with_near_ones():
    with pytest.raises(
        SourceError, match=r"« anct-densit ».*Peut-être : anct-densite.*sources list"
    ):
        choose_sources(["anct-densit"])


def test_an_elevation_model_is_fetched_otherwise():
    with pytest.raises(SourceError, match="terrdiag data dem"):
        choose_sources(["copernicus-glo30"])


def test_a_failed_build_leaves_the_edition_in_use(update, mirror, tmp_path, monkeypatch):
    first = update()
    before = read_lock(tmp_path / "work" / refresh.RAW)

    def fail(*args, **kwargs):
        raise TerrdiagError("disque plein")

    monkeypatch.setattr(refresh, "build_edition", fail)
    (mirror / "anct/densite.csv").write_bytes(
        (mirror / "anct/densite.csv").read_bytes().replace(b"Rural", b"rural")
    )
    with pytest.raises(TerrdiagError, match="disque plein"):
        update(accept_new=True)
    assert find_edition(None, tmp_path / "work").root == first.edition.root
    assert set(before) == set(read_lock(tmp_path / "work" / refresh.RAW))


def test_the_signature_is_that_of_what_an_edition_is_made_of(tmp_path):
    raw = tmp_path / "raw"
    (raw / "insee").mkdir(parents=True)
    (raw / "insee/a.csv").write_text("1", encoding="utf-8")
    first = sign(raw)
    for name in ("inbox/x.csv", "dem/y.tif", "LOCK.toml", "README.md", "insee/.a.csv.part"):
        path = raw / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("2", encoding="utf-8")
    assert sign(raw) == first
    (raw / "insee/a.csv").write_text("2", encoding="utf-8")
    assert sign(raw) != first


def test_the_pointer_bears_the_signature(update, tmp_path):
    update()
    work = tmp_path / "work"
    assert read_pointer(work).signature == sign(work / refresh.RAW)


def test_a_source_fetched_in_part_is_read_and_told(update, mirror):
    departements = mirror / "etalab/geo-api/departements"
    path = sorted(departements.glob("[0-9]*.geojson.gz"))[0]
    path.write_bytes(b"<html><title>Maintenance</title></html>")
    done = update()
    assert "etalab-geo-api-2026" in {one.source_id for one in done.failed}
    told = [note for note in done.edition.info.notes if "n'a pas pu être téléchargé" in note]
    absent = [one.id for one in done.edition.info.absent if one.why]
    assert bool(told) != ("etalab-geo-api-2026" in absent)
