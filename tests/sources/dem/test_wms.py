"""RGE ALTI by WMS: bare numbers, whose order, count and place are proved; errors in XML with status 200."""

import numpy as np
import pytest
import rasterio

from faultserver import FaultServer, faults
from sources.dem.example import CCHB, make_means, sample, serve_bil, want
from terrdiag.errors import SourceError, SourceFormatError, SourceUnavailableError
from terrdiag.sources.dem import find_stored, wms

WMS = "https://data.geopf.fr/wms-r/wms"

BOX = (0.10, 43.00, 0.12, 43.02)


def slope_in_metres(x, y):
    """1 m every 100 m to the east, 10 m every 100 m to the south."""
    return 1500 + (x - 460_000) / 100 - (y - 6_215_000) / 10


@pytest.fixture
def server(tmp_path):
    with FaultServer(tmp_path) as server:
        yield server


def fetch(server, raw, **options):
    return wms.fetch_wms(want(**{"bounds": BOX, **options}), make_means(server, raw))


def read(raw, file):
    with rasterio.open(raw / "dem" / file.path) as dataset:
        return dataset.read(1), dataset.transform, dataset.crs.to_epsg(), dataset.nodata


def test_the_first_row_is_the_north(server, tmp_path):
    seen = []
    server.always(WMS, serve_bil(slope_in_metres, seen))
    [file] = fetch(server, tmp_path).new
    altitude, transform, epsg, nodata = read(tmp_path, file)
    assert (epsg, nodata) == (2154, -99999)
    assert (transform.a, transform.e) == (25, -25)
    # whole multiples of the step: two fetches are on one grid
    assert transform.c % 25 == transform.f % 25 == 0
    np.testing.assert_allclose(
        altitude, sample(slope_in_metres, transform, *altitude.shape), rtol=1e-6
    )
    assert altitude[0, 0] < altitude[-1, 0]
    assert altitude[0, 0] < altitude[0, -1]
    [asked] = seen
    assert asked["LAYERS"] == "RGEALTI-MNT_PYR-ZIP_FXX_LAMB93_WMS"
    assert (asked["CRS"], asked["FORMAT"]) == ("EPSG:2154", "image/x-bil;bits=32")
    assert (file.datum, find_stored(tmp_path / "dem", BOX).kind.id) == ("NGF-IGN69", "wms")


def test_windows_are_assembled_without_a_seam(server, tmp_path, monkeypatch):
    monkeypatch.setattr(wms, "SIDE", 30)
    seen = []
    server.always(WMS, serve_bil(slope_in_metres, seen))
    [file] = fetch(server, tmp_path).new
    altitude, transform, *_ = read(tmp_path, file)
    assert len(seen) == -(-altitude.shape[0] // 30) * -(-altitude.shape[1] // 30) > 4
    np.testing.assert_allclose(
        altitude, sample(slope_in_metres, transform, *altitude.shape), rtol=1e-6
    )
    assert all(int(one["WIDTH"]) <= 30 and int(one["HEIGHT"]) <= 30 for one in seen)


def test_the_box_is_inside_the_raster(server, tmp_path):
    server.always(WMS, serve_bil(slope_in_metres))
    [file] = fetch(server, tmp_path).new
    west, south, east, north = file.bounds
    assert west <= BOX[0]
    assert south <= BOX[1]
    assert east >= BOX[2]
    assert north >= BOX[3]


@pytest.mark.parametrize("unknown", [-9999.0, -99999.0, -99.0])
def test_what_is_not_known(server, tmp_path, unknown):
    frame = wms.make_frame(want(BOX))
    middle = (frame.bottom + frame.top) / 2
    server.always(WMS, serve_bil(lambda x, y: np.where(y > middle, unknown, 12.5)))
    fetched = fetch(server, tmp_path)
    altitude, transform, *_ = read(tmp_path, fetched.new[0])
    north = sample(lambda x, y: y > middle, transform, *altitude.shape)
    assert set(altitude[north]) == {np.float32(-99999)}
    assert set(altitude[~north]) == {np.float32(12.5)}
    assert "ne connaît que" in fetched.remarks[0]


def test_nothing_is_known(server, tmp_path):
    server.always(WMS, serve_bil(lambda x, y: np.full(x.shape, -99999.0)))
    with pytest.raises(SourceUnavailableError, match="aucune altitude ici"):
        fetch(server, tmp_path)
    assert find_stored(tmp_path / "dem", BOX) is None


REPORT = b"""<?xml version="1.0"?><ServiceExceptionReport version="1.3.0">
<ServiceException code="LayerNotDefined">Layer RGEALTI unknown</ServiceException></ServiceExceptionReport>"""


@pytest.mark.parametrize(
    ("fault", "error", "message"),
    [
        (faults.replace(lambda _: REPORT), SourceFormatError, "Layer RGEALTI unknown"),
        (faults.replace(lambda _: b"\0" * 400), SourceFormatError, "400 octets au lieu de"),
        (faults.empty(), SourceFormatError, "0 octets au lieu de"),
        (faults.replace(lambda _: b"\0" * 2_000_000), SourceFormatError, "réponse de plus de"),
        (
            faults.replace(lambda _: b"<html><title>Maintenance</title>"),
            SourceFormatError,
            "Maintenance",
        ),
        (faults.unavailable(), SourceUnavailableError, "503"),
        (faults.not_found(), SourceUnavailableError, "rien à cette adresse"),
    ],
)
def test_faults(server, tmp_path, fault, error, message):
    server.put("data.geopf.fr/wms-r/wms", b"-")
    server.always(WMS, fault)
    with pytest.raises(error, match=message):
        fetch(server, tmp_path)
    assert find_stored(tmp_path / "dem", BOX) is None


def test_an_error_as_long_as_the_numbers(server, tmp_path):
    server.always(WMS, lambda exchange: exchange.send(200, REPORT.ljust(_length(exchange))))
    with pytest.raises(SourceFormatError, match="Layer RGEALTI unknown"):
        fetch(server, tmp_path)


def _length(exchange):
    words = dict(word.split("=") for word in exchange.request.query.split("&"))
    return int(words["WIDTH"]) * int(words["HEIGHT"]) * 4


def test_overseas(server, tmp_path):
    """La Réunion, in its legal projection."""
    seen = []
    server.always(WMS, serve_bil(lambda x, y: y / 10_000, seen))
    box = (55.45, -21.15, 55.47, -21.13)
    [file] = fetch(
        server, tmp_path, bounds=box, departements=("974",), epsg=2975, datum="IGN 1989"
    ).new
    assert (seen[0]["CRS"], seen[0]["LAYERS"]) == ("EPSG:2975", wms.ELSEWHERE)
    assert file.bounds[0] < 55.46 < file.bounds[2]
    assert -21.2 < file.bounds[1] < -21.14 < file.bounds[3] < -21.1


def test_what_is_there_is_not_asked_again(server, tmp_path):
    server.always(WMS, serve_bil(slope_in_metres))
    first = fetch(server, tmp_path)
    count = len(server.received)
    again = fetch(server, tmp_path)
    assert (again.new, again.kept) == ((), first.new)
    assert len(server.received) == count


def test_a_folder_is_no_service(tmp_path):
    with pytest.raises(SourceUnavailableError, match="ne peut pas tenir lieu"):
        wms.fetch_wms(want(), make_means(None, tmp_path, mirror=str(tmp_path)))


def test_too_many_windows(tmp_path):
    with pytest.raises(SourceError, match="--source bdalti"):
        wms.fetch_wms(want((-4, 42, 8, 51)), make_means(None, tmp_path))


def test_the_windows_of_a_territory():
    frame = wms.make_frame(want(CCHB))
    windows = frame.list_windows()
    assert sum(window.width * window.height for window in windows) == frame.rows * frame.columns
    assert max(window.width for window in windows) <= 1000
    last = frame.bound_window(windows[-1])
    assert (last[2], last[1]) == (frame.right, frame.bottom)
