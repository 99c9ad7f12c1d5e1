"""What is said of a file, and what is wrong with one."""

import gzip
import hashlib
import subprocess
import sys

import numpy as np
import pytest
import rasterio
from rasterio.enums import ColorInterp

import terrdiag.elevation
from elevation.rasters import CELL_M, NINE, SQUARE, cells, measure, open_raster, write_raster
from terrdiag.elevation import FileProvider, describe_zones, open_elevation
from terrdiag.errors import ElevationError

ASC = """ncols 3
nrows 3
xllcorner 700000
yllcorner 6322275
cellsize 25
NODATA_value -99999
100 200 300
400 500 600
700 800 -99999
"""


def test_tile(tmp_path):
    path = write_raster(tmp_path / "dem.tif", NINE, nodata=-9999)
    model = open_elevation([path])
    tile = model.tiles[0]
    assert (tile.name, tile.crs, tile.nodata, tile.dtype) == (
        "dem.tif",
        "EPSG:2154",
        -9999,
        "float32",
    )
    assert (tile.width, tile.height) == (3, 3)
    assert tile.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert tile.cell_m == pytest.approx((CELL_M, CELL_M), rel=1e-6)
    assert model.resolution_m == pytest.approx(CELL_M, rel=1e-6)
    assert model.paths == (path,)
    assert model.bounds == pytest.approx((3.0, 43.9995, 3.0009, 44.0002), abs=1e-4)
    assert (model.remarks, model.vertical_datum) == ((), "")


@pytest.mark.parametrize(
    ("crs", "corner", "cell", "size_m"),
    [
        # a second of arc there: 22.65 m eastwards, 30.86 m northwards
        ("EPSG:4326", (0.1, 43.0), 1 / 3600, (22.65, 30.86)),
        # Mercator enlarges by 1 / cos(43°)
        ("EPSG:3857", (11_000.0, 5_311_000.0), 100, (73.2, 73.0)),
        # in the middle of its two parallels, Lambert-93 shrinks by a thousandth
        ("EPSG:2154", (700_000, 6_600_000), 1000, (1001, 1001)),
    ],
)
def test_resolution_is_that_of_the_ground(tmp_path, crs, corner, cell, size_m):
    model = open_raster(tmp_path, NINE, crs=crs, corner=corner, cell=cell)
    assert model.tiles[0].cell_m == pytest.approx(size_m, rel=1e-3)


def test_vertical_datum_is_kept(tmp_path):
    model = open_raster(tmp_path, NINE, crs="EPSG:5698", GEOTIFF_VERSION="1.1")
    assert model.vertical_datum == "NGF-IGN69 height"
    assert model.crs == "EPSG:2154"


def test_raster_without_projection(tmp_path):
    path = tmp_path / "BDALTI.asc"
    path.write_text(ASC)
    with pytest.raises(ElevationError, match=r"BDALTI.asc n'indique pas sa projection.*EPSG:2154"):
        open_elevation([path])
    model = open_elevation([path], assumed_crs="EPSG:2154")
    assert model.crs == "EPSG:2154"
    assert "EPSG:2154, comme demandé" in model.remarks[0]
    zones = measure(
        model,
        cells(0, -3, 3, 0, corner=(700_000, 6_322_275)),
        cells(0, 0, 3, 3, corner=(700_000, 6_322_350)),
    )
    assert describe_zones(zones, 80).mean_m == pytest.approx([450, 450])


def test_stated_projection_is_kept(tmp_path):
    path = write_raster(tmp_path / "dem.tif", NINE)
    model = open_elevation([path], assumed_crs="EPSG:3857")
    assert (model.crs, model.remarks) == ("EPSG:2154", ())


@pytest.mark.parametrize(
    ("assumed", "message"),
    [("EPSG:999999", "projection inconnue"), ("EPSG:4326", "n'existent pas dans la projection")],
)
def test_wrong_assumption(tmp_path, assumed, message):
    path = tmp_path / "BDALTI.asc"
    path.write_text(ASC)
    with pytest.raises(ElevationError, match=message):
        open_elevation([path], assumed_crs=assumed)


def test_first_band_of_several(tmp_path):
    model = open_raster(tmp_path, np.array([NINE, np.zeros((3, 3))]))
    assert model.remarks == ("«\xa0dem.tif\xa0» a 2\xa0bandes\xa0: la première donne l'altitude.",)
    assert describe_zones(measure(model, cells(*SQUARE))).mean_m[0] == pytest.approx(500)


def test_no_file():
    with pytest.raises(ElevationError, match="Aucun fichier"):
        open_elevation([])


@pytest.mark.parametrize(("name", "what"), [("absent.tif", "introuvable"), (".", "est un dossier")])
def test_absent_file(tmp_path, name, what):
    with pytest.raises(ElevationError, match=what):
        open_elevation([tmp_path / name])


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\n<!DOCTYPE html><html><body>404</body></html>", "page web"),
        (b'<?xml version="1.0"?><ServiceException/>', "page web ou un message d'erreur en XML"),
        (b"7z\xbc\xaf\x27\x1c", "archive 7z"),
        (b"PK\x03\x04", "archive zip"),
        (gzip.compress(b"II*"), "gzip"),
        (b"", "il est vide"),
        (b"code,altitude\n1,2\n", "format inconnu"),
    ],
)
def test_not_a_raster(tmp_path, content, what):
    path = tmp_path / "dem.tif"
    path.write_bytes(content)
    with pytest.raises(ElevationError, match=f"n'est pas un raster lisible.*{what}") as caught:
        open_elevation([path])
    assert str(path) in str(caught.value)


def test_interrupted_download(tmp_path):
    values = np.random.default_rng(0).uniform(100, 200, (600, 600))
    path = write_raster(tmp_path / "dem.tif", values, compress="deflate")
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(ElevationError, match="incomplet"):
        open_elevation([path])


def test_damage_in_the_middle_is_found_while_reading(tmp_path):
    values = np.random.default_rng(0).uniform(100, 200, (600, 600))
    path = write_raster(tmp_path / "dem.tif", values, compress="deflate")
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 5000] = bytes(5000)
    path.write_bytes(content)
    model = open_elevation([path])
    with pytest.raises(ElevationError, match=r"dem.tif ne se lit pas jusqu'au bout"):
        measure(model, cells(0, 0, 600, 600))


def test_file_deleted_since(tmp_path):
    model = open_raster(tmp_path, NINE)
    model.paths[0].unlink()
    with pytest.raises(ElevationError, match=r"dem.tif"):
        measure(model, cells(*SQUARE))


def test_raster_that_is_nowhere(tmp_path):
    path = tmp_path / "dem.png"
    with (
        pytest.warns(rasterio.errors.NotGeoreferencedWarning),
        rasterio.open(
            path, "w", driver="PNG", width=3, height=3, count=1, dtype="uint8"
        ) as dataset,
    ):
        dataset.write(np.full((1, 3, 3), 7, dtype="uint8"))
    with pytest.raises(ElevationError, match="n'est pas géoréférencé"):
        open_elevation([path])


def test_local_system(tmp_path):
    local = 'LOCAL_CS["Chantier",UNIT["metre",1],AXIS["E",EAST],AXIS["N",NORTH]]'
    with pytest.raises(ElevationError, match="repère local"):
        open_raster(tmp_path, NINE, crs=local)


def test_colour_picture(tmp_path):
    path = write_raster(
        tmp_path / "dem.tif", np.full((3, 3, 3), 7), dtype="uint8", photometric="RGB"
    )
    with rasterio.open(path) as dataset:
        assert dataset.colorinterp[0] == ColorInterp.red
    with pytest.raises(ElevationError, match="image en couleurs"):
        open_elevation([path])


def test_feet(tmp_path):
    path = write_raster(tmp_path / "dem.tif", NINE)
    with rasterio.open(path, "r+") as dataset:
        dataset.units = ["ft"]
    with pytest.raises(ElevationError, match="en «\xa0ft\xa0», pas en mètres"):
        open_elevation([path])


def test_no_band(tmp_path):
    path = tmp_path / "sets.gpkg"
    for table, options in (("a", {}), ("b", {"APPEND_SUBDATASET": "YES"})):
        write_raster(
            path,
            NINE,
            driver="GPKG",
            RASTER_TABLE=table,
            dtype="float32",
            TILE_FORMAT="TIFF",
            **options,
        )
    with pytest.raises(ElevationError, match="aucune bande"):
        open_elevation([path])


def test_complex_numbers(tmp_path):
    with pytest.raises(ElevationError, match="nombres complexes"):
        open_raster(tmp_path, NINE, dtype="complex64")


def test_files_of_the_user(tmp_path):
    path = write_raster(tmp_path / "dem.tif", NINE)
    provider = FileProvider((path,))
    assert open_elevation(provider.paths((0.0, 42.8, 0.4, 43.2))).paths == (path,)


def test_rasterio_is_only_imported_to_read():
    program = "import sys, terrdiag.elevation as e; e.Zones, e.describe_zones; print('rasterio' in sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "False"


def test_unknown_name_of_the_room():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        terrdiag.elevation.nothing  # noqa: B018


def test_a_text_grid_cut_in_the_middle_is_refused_at_once(tmp_path):
    # GDAL looks for the missing rows without end
    head = "ncols 3\nnrows 3\nxllcorner 400000\nyllcorner 6200000\ncellsize 25\n"
    whole = tmp_path / "tout.asc"
    whole.write_text(f"{head}1 2 3\n4 5 6\n7 8 9\n")
    assert open_elevation([whole], assumed_crs="EPSG:2154").resolution_m == pytest.approx(
        25, rel=1e-2
    )
    cut = tmp_path / "moitie.asc"
    cut.write_text(f"{head}1 2 3\n4 5")
    with pytest.raises(ElevationError, match="5 valeurs sur 9"):
        open_elevation([cut], assumed_crs="EPSG:2154")
