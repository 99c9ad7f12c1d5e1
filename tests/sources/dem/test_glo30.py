"""Copernicus GLO-30: windows of tiles over HTTP, and whatever a server may do instead."""

import numpy as np
import pytest
import rasterio

from faultserver import FaultServer, faults
from sources.dem.example import (
    CCHB,
    DAY,
    make_means,
    make_tile,
    path_of,
    sample,
    serve_tiles,
    slope_down,
    want,
)
from terrdiag.errors import OfflineError, SourceError, SourceFormatError, SourceUnavailableError
from terrdiag.sources.dem import find_stored
from terrdiag.sources.dem.glo30 import fetch_glo30
from terrdiag.sources.dem.ranges import HEAD_BYTES
from terrdiag.sources.dem.store import read_listing
from terrdiag.sources.dem.tiles import DegreeTile, list_tiles

SOUTH, NORTH = DegreeTile(42, 0), DegreeTile(43, 0)


@pytest.fixture
def server(tmp_path):
    with FaultServer(tmp_path) as server:
        yield server


@pytest.fixture
def both(server, tmp_path):
    serve_tiles(server, tmp_path, SOUTH, NORTH)
    return server


def test_every_cell_is_where_it_says(both, tmp_path):
    fetched = fetch_glo30(want(), make_means(both, tmp_path))
    assert [file.path.split("/")[1][22:34] for file in fetched.new] == [
        "N43_00_E000_",
        "N42_00_E000_",
    ]
    for file in fetched.new:
        with rasterio.open(tmp_path / "dem" / file.path) as dataset:
            found = dataset.read(1)
            expected = sample(slope_down, dataset.transform, *found.shape)
            np.testing.assert_allclose(found, expected, rtol=1e-6)
            assert dataset.crs.to_epsg() == 4326
            # north is above south, east right of west
            assert found[0, 0] < found[-1, 0]
            assert found[0, 0] < found[0, -1]
            assert file.bounds == pytest.approx(tuple(dataset.bounds))


def test_the_windows_cover_the_box_and_little_more(both, tmp_path):
    fetched = fetch_glo30(want(), make_means(both, tmp_path))
    west, south, east, north = (
        f([file.bounds[k] for file in fetched.new]) for k, f in enumerate((min, min, max, max))
    )
    cell = 1 / 240
    assert CCHB[0] - cell < west <= CCHB[0]
    assert CCHB[1] - cell < south <= CCHB[1]
    assert CCHB[2] <= east < CCHB[2] + cell
    assert CCHB[3] <= north < CCHB[3] + cell
    # the two windows touch, without a gap nor a shared row
    assert fetched.new[0].bounds[1] == pytest.approx(fetched.new[1].bounds[3], abs=1e-12)


def test_only_the_blocks_of_the_box_are_asked_for(server, tmp_path):
    rng = np.random.default_rng(1)
    content = make_tile(tmp_path, SOUTH, lambda x, y: rng.random(x.shape) * 1000, cells=1024)
    server.put(path_of(SOUTH), content)
    means = make_means(server, tmp_path)
    # one block of 128 x 128 cells out of 64, in the middle of the tile
    fetch_glo30(want((0.4, 42.4, 0.41, 42.41)), means)
    ranges = [request.range for request in server.requests_to(path_of(SOUTH))]
    assert ranges[0] == f"bytes=0-{HEAD_BYTES - 1}"
    assert len(ranges) == 2
    assert means.remote.asked == 2
    assert means.remote.received < len(content) / 20
    assert all(request.headers["accept-encoding"] == "identity" for request in server.received)


def test_a_tile_north_of_50_has_wider_cells(server, tmp_path):
    """2,400 columns: the window comes from the file, not from a rule."""
    tile = DegreeTile(50, 3)
    assert tile.bounds[0] == pytest.approx(3 - 0.5 / 2400)
    serve_tiles(server, tmp_path, tile, altitude=lambda x, y: 1000 * x - 2000 + y)
    [file] = fetch_glo30(want((3.01, 50.5, 3.2, 50.7)), make_means(server, tmp_path)).new
    with rasterio.open(tmp_path / "dem" / file.path) as dataset:
        expected = sample(lambda x, y: 1000 * x - 2000 + y, dataset.transform, *dataset.shape)
        np.testing.assert_allclose(dataset.read(1), expected, rtol=1e-6)


def test_a_tile_that_is_not_there_is_sea_and_nothing_is_made_up(server, tmp_path):
    serve_tiles(server, tmp_path, NORTH)
    fetched = fetch_glo30(want(), make_means(server, tmp_path))
    assert fetched.empty == (SOUTH.name,)
    assert len(fetched.new) == 1
    # the box is answered all the same: what lacks is not land
    assert find_stored(tmp_path / "dem", CCHB).files == fetched.new
    assert read_listing(tmp_path / "dem").boxes[0].empty == (SOUTH.name,)


def test_no_tile_at_all_is_not_a_sea(server, tmp_path):
    with pytest.raises(SourceUnavailableError, match="aucune dalle à ces adresses"):
        fetch_glo30(want(), make_means(server, tmp_path))
    assert find_stored(tmp_path / "dem", CCHB) is None


def test_a_server_without_ranges_gives_the_tile_whole(both, tmp_path):
    for tile in (SOUTH, NORTH):
        both.always(path_of(tile), faults.range_ignored())
    wide = CCHB[0], 42.05, 0.95, CCHB[3]
    fetched = fetch_glo30(want(wide), make_means(both, tmp_path))
    assert len(fetched.new) == 2
    if any(len(make_tile(tmp_path, tile)) > HEAD_BYTES for tile in (SOUTH, NORTH)):
        assert "Le serveur n'a pas donné de morceaux" in fetched.remarks[0]
    assert len(both.requests_to(path_of(NORTH))) == 1


def test_a_big_file_is_not_downloaded_whole(both, tmp_path, monkeypatch):
    monkeypatch.setattr("terrdiag.sources.dem.remote.WHOLE_MB", 0.001)
    both.always(path_of(NORTH), faults.range_ignored())
    with pytest.raises(SourceFormatError, match="Mo"):
        fetch_glo30(want(), make_means(both, tmp_path))


@pytest.mark.parametrize(
    ("fault", "error", "message"),
    [
        (faults.web_page(), SourceFormatError, "page HTML ou XML"),
        (faults.xml_error(), SourceFormatError, "page HTML ou XML"),
        (faults.empty(), SourceFormatError, "vide"),
        (faults.unavailable(), SourceUnavailableError, "503"),
        (faults.truncated(), SourceUnavailableError, "réponse incomplète"),
        (faults.range_unnamed(), SourceFormatError, "partie demandée"),
        (
            faults.replace(lambda body: b"II*\0" + b"\0" * 500),
            SourceFormatError,
            "pas une dalle lisible",
        ),
        (faults.replace(lambda body: body[:900]), SourceFormatError, "pas une dalle lisible"),
        (faults.forbidden(), SourceUnavailableError, "403"),
    ],
)
def test_faults_of_the_first_request(both, tmp_path, fault, error, message):
    both.always(path_of(NORTH), fault)
    with pytest.raises(error, match=message):
        fetch_glo30(want(), make_means(both, tmp_path))
    assert find_stored(tmp_path / "dem", CCHB) is None
    assert not list((tmp_path / "dem").rglob("*.part"))


@pytest.mark.parametrize(
    "fault", [faults.unavailable(), faults.range_wrong(), faults.not_found(), faults.truncated(0.3)]
)
def test_faults_on_the_way_are_those_of_the_network(server, tmp_path, fault):
    """GDAL asks for the blocks: what it meets is told as it is, and not as a broken file."""
    rng = np.random.default_rng(1)
    server.put(
        path_of(NORTH), make_tile(tmp_path, NORTH, lambda x, y: rng.random(x.shape), cells=512)
    )
    serve_tiles(server, tmp_path, SOUTH)
    server.plan(path_of(NORTH), lambda exchange: exchange.answer(), fault, fault, fault)
    with pytest.raises(SourceError) as caught:
        fetch_glo30(want(), make_means(server, tmp_path))
    assert "dalle lisible" not in str(caught.value)
    assert find_stored(tmp_path / "dem", CCHB) is None


def test_a_short_trouble_is_waited_out(both, tmp_path):
    both.plan(path_of(NORTH), faults.throttled(1))
    assert len(fetch_glo30(want(), make_means(both, tmp_path)).new) == 2


def test_another_tile_under_the_address(server, tmp_path):
    serve_tiles(server, tmp_path, SOUTH)
    server.put(path_of(NORTH), make_tile(tmp_path, DegreeTile(44, 0)))
    with pytest.raises(SourceFormatError, match="n'est pas cette dalle"):
        fetch_glo30(want(), make_means(server, tmp_path))


def test_what_is_there_is_not_asked_again(both, tmp_path):
    first = fetch_glo30(want(), make_means(both, tmp_path))
    count = len(both.received)
    smaller = 0.1, 42.9, 0.2, 43.1
    again = fetch_glo30(want(smaller), make_means(both, tmp_path))
    assert again.new == ()
    assert set(again.kept) == set(first.new)
    assert len(both.received) == count


def test_a_wider_box_asks_for_what_lacks(both, tmp_path):
    fetch_glo30(want((0.1, 43.1, 0.2, 43.2)), make_means(both, tmp_path))
    fetched = fetch_glo30(want((0.1, 43.1, 0.5, 43.2)), make_means(both, tmp_path))
    assert len(fetched.new) == 1
    assert fetched.new[0].retrieved == DAY


def test_an_interrupted_fetch_covers_nothing_but_is_not_lost(both, tmp_path):
    both.always(path_of(SOUTH), faults.unavailable())
    with pytest.raises(SourceUnavailableError):
        fetch_glo30(want(), make_means(both, tmp_path))
    assert find_stored(tmp_path / "dem", CCHB) is None
    assert len(read_listing(tmp_path / "dem").files) == 1
    both.always(path_of(SOUTH), lambda exchange: exchange.answer())
    fetched = fetch_glo30(want(), make_means(both, tmp_path))
    assert (len(fetched.new), len(fetched.kept)) == (1, 1)


def test_offline_opens_no_socket(tmp_path):
    with pytest.raises(OfflineError):
        fetch_glo30(want(), make_means(None, tmp_path))


def test_a_mirror_that_is_a_folder(tmp_path):
    mirror = tmp_path / "mirror"
    place = mirror / path_of(NORTH)
    place.parent.mkdir(parents=True)
    place.write_bytes(make_tile(tmp_path, NORTH))
    fetched = fetch_glo30(want(), make_means(None, tmp_path, mirror=str(mirror)))
    assert len(fetched.new) == 1
    assert fetched.empty == (SOUTH.name,)


def test_a_country_is_too_wide(tmp_path):
    with pytest.raises(SourceError, match="ses parties une à une"):
        fetch_glo30(want((-5, 42, 8, 51)), make_means(None, tmp_path))


@pytest.mark.parametrize(
    ("bounds", "names"),
    [
        # from the card of the source: CCHB, Gers and Tarn-et-Garonne, west of Pau
        (CCHB, {"N42_00_E000", "N43_00_E000"}),
        ((0.1, 43.5, 1.5, 44.3), {"N43_00_E000", "N43_00_E001", "N44_00_E000", "N44_00_E001"}),
        ((-0.5, 43.2, -0.3, 43.4), {"N43_00_W001"}),
        ((55.2, -21.4, 55.9, -20.85), {"S22_00_E055", "S21_00_E055"}),
        # the northern row of a tile is half a cell north of the degree
        ((0.1, 43.0001, 0.2, 43.1), {"N42_00_E000", "N43_00_E000"}),
        ((0.1, 43.0002, 0.2, 43.1), {"N43_00_E000"}),
        # the western column of a tile is half a cell west of it
        ((0.5, 43.5, 0.99990, 43.6), {"N43_00_E000", "N43_00_E001"}),
        ((0.5, 43.5, 0.99985, 43.6), {"N43_00_E000"}),
    ],
)
def test_the_tiles_of_a_box(bounds, names):
    assert {tile.name[22:33] for tile in list_tiles(bounds)} == names
