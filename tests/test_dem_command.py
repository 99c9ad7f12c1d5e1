"""``terrdiag data dem``: from the name of a territory to a relief measured and attributed."""

import re
from dataclasses import replace
from html import unescape

import pytest

from analyses.terrain.run import prepare
from faultserver import FaultServer
from sources.dem.example import DAY, path_of, serve_bil, serve_tiles
from terrdiag.analyses.terrain import analyse_terrain
from terrdiag.catalogue import load_sources
from terrdiag.dem_command import DemOptions, fetch_dem, word_report
from terrdiag.diagnostic import run_diagnostic
from terrdiag.edition import open_edition
from terrdiag.elevation import StoredProvider
from terrdiag.errors import OfflineError, PerimeterError, SourceError
from terrdiag.sources.dem import find_stored
from terrdiag.sources.dem.kinds import KINDS
from terrdiag.sources.dem.tiles import DegreeTile
from terrdiag.sources.download.settings import NetworkSettings
from terrdiag.study import study_for_code
from terrdiag.study.dem import resolve_dem

CCHB = "246500482"
TILES = (DegreeTile(42, 0), DegreeTile(43, 0))


@pytest.fixture
def server(tmp_path):
    with FaultServer(tmp_path) as server:
        serve_tiles(server, tmp_path, *TILES)
        yield server


def fetch(raw, server=None, target=CCHB, **options):
    settings = NetworkSettings(offline=server is None, attempts=2, backoff_s=0.0)
    made = DemOptions(
        mirror=server.address if server else None, settings=settings, today=DAY, **options
    )
    return fetch_dem(target, open_edition(), raw, made, lambda _: None)


def measure(raw, target=CCHB):
    """Analyse the relief of a territory on what its folder keeps."""
    study, _, edition, perimeter, frame, values = prepare(target)
    west, south, east, north = frame[frame["inside"]].total_bounds
    dem = resolve_dem(study, (), StoredProvider(raw / "dem").find((west, south, east, north)))
    return dem, analyse_terrain(study, dem, edition, perimeter, frame, values)


def test_what_was_fetched_is_measured_and_attributed(server, tmp_path):
    report = fetch(tmp_path, server)
    assert (len(report.fetched.new), report.share, report.left_out) == (2, pytest.approx(1), ())
    dem, findings = measure(tmp_path)
    assert (dem.is_surface, dem.datum, dem.source_id) == (True, "EGM2008", "copernicus-glo30")
    source = findings.sources["modele-altimetrique"]
    register = load_sources()["copernicus-glo30"]
    assert (source.producer, source.title) == (register.producer, register.title)
    assert (source.licence, source.attribution) == ("Licence Copernicus", register.attribution)
    assert (source.retrieved, source.landing_page) == (DAY, register.landing_page)
    assert "Altitudes : EGM2008." in source.note
    assert "Modèle de surface : canopée et bâtiments compris" in source.note
    assert "do not incur any liability" in source.note
    rows = findings.values.set_index(["level", "indicator"])
    share = rows.loc[("territoire", "altitude_mean_dem_m")]
    assert share["status"] == "ok"
    # the plane of these tiles: 1 m every 0.001° to the east, 10 m to the south
    assert share["value"] == pytest.approx(3000 + 1000 * 0.16 - 10_000 * (43.0 - 42.9), abs=300)
    assert findings.indicators["altitude_mean_dem_m"].label_fr.endswith("(modèle de surface)")


def test_the_report_says_what_to_run_next(server, tmp_path):
    text = word_report(fetch(tmp_path, server))
    assert "2\xa0fichiers nouveaux" in text
    assert "Mo reçus en" in text
    assert "100\xa0% de la boîte du territoire et de sa marge." in text
    assert "Modèle de surface : canopée et bâtiments compris." in text
    assert "produced using Copernicus WorldDEM-30 © DLR e.V. 2010-2014" in text
    assert f"Ensuite\xa0: terrdiag diagnostic {CCHB}" in text
    assert str(tmp_path / "dem" / "glo30") in text


def test_again_without_a_network(server, tmp_path):
    fetch(tmp_path, server)
    report = fetch(tmp_path)
    assert (report.fetched.new, report.asked) == ((), 0)
    assert "2\xa0fichiers déjà là" in word_report(report)
    # a smaller margin lies in what is there
    assert fetch(tmp_path, margin_km=0.5).asked == 0


def test_offline_and_nothing_there(tmp_path):
    with pytest.raises(OfflineError, match="n'est pas tout entier dans"):
        fetch(tmp_path)


def test_a_tile_in_the_sea(tmp_path):
    with FaultServer(tmp_path) as server:
        serve_tiles(server, tmp_path, TILES[1])
        report = fetch(tmp_path, server)
    text = word_report(report)
    assert (
        "1\xa0dalle absente du producteur, en mer (Copernicus_DSM_COG_10_N42_00_E000_00_DEM)"
        in text
    )
    assert "aucune altitude n'y est supposée" in text
    assert report.share < 0.6
    # the sea is made up here: communes of the south lie in it
    assert report.left_out
    assert "leur relief ne sera pas donné" in text
    _, findings = measure(tmp_path)
    rows = findings.values[findings.values["indicator"] == "altitude_mean_dem_m"]
    missing = rows[(rows["level"] == "commune") & (rows["status"] == "missing")]
    # no figure rather than an altitude of 0
    assert set(report.left_out) <= set(missing["name"])
    assert missing["value"].isna().all()
    assert rows[rows["level"] == "territoire"]["status"].tolist() == ["missing"]
    assert findings.warnings


def test_by_wms(server, tmp_path):
    server.always(
        "https://data.geopf.fr/wms-r/wms", serve_bil(lambda x, y: 100 + (6_240_000 - y) / 20)
    )
    report = fetch(tmp_path, server, source="wms")
    dem, findings = measure(tmp_path)
    assert (dem.is_surface, dem.datum, dem.source_id) == (False, "NGF-IGN69", "ign-rgealti-wms")
    assert findings.source.attribution == "IGN, RGE ALTI"
    assert "liability" not in findings.source.note
    assert f"{tmp_path}" not in findings.source.model_dump_json()
    assert "Modèle de surface" not in word_report(report)
    # the ground is preferred to the surface, whichever came last
    assert "lira plutôt RGE ALTI" in word_report(fetch(tmp_path, server))
    assert find_stored(tmp_path / "dem", report.bounds).kind.id == "wms"


def test_archives_are_those_of_the_departements_of_the_box(server, tmp_path):
    with pytest.raises(SourceError, match=r"rien à cette adresse|7z"):
        fetch(tmp_path, server, source="bdalti")


def test_a_margin(server, tmp_path):
    near, far = fetch(tmp_path, server, margin_km=0), fetch(tmp_path, server, margin_km=5)
    assert far.bounds[0] < near.bounds[0]
    assert far.bounds[1] == pytest.approx(near.bounds[1] - 5 / 111.195, abs=1e-6)


def test_a_name_as_for_a_diagnostic(server, tmp_path):
    assert fetch(tmp_path, server, target="haute bigorre").name.endswith("Haute-Bigorre")
    with pytest.raises(PerimeterError):
        fetch(tmp_path, server, target="nulle part du tout")


def test_the_order_of_the_models(tmp_path, server):
    fetch(tmp_path, server)
    stored = find_stored(tmp_path / "dem", (0.1, 43.0, 0.2, 43.1))
    study = study_for_code("epci", CCHB)
    assert resolve_dem(study) is None
    assert resolve_dem(study, (), stored).paths == stored.paths
    given = tmp_path / "a.tif"
    # files of the user come first, and bear nothing of the register
    dem = resolve_dem(study, [given], stored)
    assert (dem.paths, dem.source_id, dem.is_surface) == ((given,), "", False)
    (tmp_path / "b.tif").touch()
    own = replace(
        study,
        path=tmp_path / "etude.toml",
        relief=study.relief.model_copy(update={"dem": ("b.tif",)}),
    )
    assert resolve_dem(own, (), stored).paths == (tmp_path / "b.tif",)
    # what the study says of files it does not list does not hold for fetched ones
    described = replace(study, relief=study.relief.model_copy(update={"dem_title": "À moi"}))
    assert resolve_dem(described, (), stored).title.startswith("Copernicus DEM GLO-30")


def test_every_kind_is_in_the_register():
    for kind in KINDS.values():
        source = load_sources()[kind.source_id]
        assert source.feeds == "elevation"
        assert source.path.startswith(f"dem/{kind.id}/")
        assert ("surface" in source.title) == kind.is_surface


def test_tiles_are_served_where_the_register_says():
    assert path_of(TILES[0]) == load_sources()["copernicus-glo30"].address.removeprefix("https://")


def test_the_page_is_made_of_what_was_fetched(server, tmp_path):
    """From the fetch to the page: the model is found in the folder, measured, named and attributed."""
    fetch(tmp_path / "raw", server)
    edition = open_edition()
    study = replace(study_for_code("epci", CCHB), dem_folder=tmp_path / "raw" / "dem")
    done = run_diagnostic(
        study,
        edition,
        tmp_path,
        generated=DAY,
        command=f"terrdiag diagnostic {CCHB}",
        progress=lambda _: None,
    )
    page = re.sub(r"\s", " ", unescape(done.page.read_text(encoding="utf-8")))
    assert "produced using Copernicus WorldDEM-30 © DLR e.V. 2010-2014 and © Airbus" in page
    assert "Modèle de surface : canopée et bâtiments compris" in page
    assert "Altitudes : EGM2008." in page
    assert "obtenu le 22 novembre 2026" in page
    assert "Mesurer le relief" not in page
    # without it, the page names the command that fetches it
    bare = replace(study, dem_folder=tmp_path / "nothing")
    again = run_diagnostic(
        bare,
        edition,
        tmp_path / "bare",
        generated=DAY,
        command=f"terrdiag diagnostic {CCHB}",
        progress=lambda _: None,
    )
    text = re.sub(r"\s", " ", unescape(again.page.read_text(encoding="utf-8")))
    assert f"« terrdiag data dem {CCHB} » télécharge un modèle libre" in text
