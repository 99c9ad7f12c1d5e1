"""What is not the expected file is refused, whatever it calls itself."""

import gzip
import io
import json
import sqlite3
import struct
import sys
import zipfile
import zlib

import openpyxl
import pyarrow as pa
import pytest
from pyarrow import parquet

from terrdiag.catalogue.models import SourceFile
from terrdiag.errors import SourceFormatError, SourceUnavailableError
from terrdiag.sources.download.checks import check_ending, check_file

PAGE = b"\n<!DOCTYPE html><html><head><title>Page non trouv&eacute;e</title></head></html>"
CSV = "CODGEO;LIBGEO;C22_EMPLT\r\n" + "".join(f"0100{i};Élan {i};1.5\r\n" for i in range(5))
COLUMNS = ("CODGEO", "C22_EMPLT")


def expect(content, **fields):
    return SourceFile(
        **{"path": f"x/a.{content}", "content": content, "columns": COLUMNS, "separator": ";"}
        | fields
    )


def zipped(**members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_csv", ".csv").replace("_xlsx", ".xlsx"), data)
    return buffer.getvalue()


def workbook(header=("CODGEO", "LIBGEO", "C22_EMPLT"), blank=5, rows=5):
    """Notes above the header, a sheet before the good one: as INSEE does."""
    book = openpyxl.Workbook()
    book.active.title = "Notice"
    sheet = book.create_sheet("COM")
    for _ in range(blank):
        sheet.append(["Recensement"])
    sheet.append(list(header))
    for i in range(rows):
        sheet.append([f"0100{i}", "nom", 1.5])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def geojson(count=5, **properties):
    features = [
        {"type": "Feature", "properties": {"code": str(i), **properties}, "geometry": None}
        for i in range(count)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@pytest.fixture
def check(tmp_path):
    def write_and_check(data, file):
        path = tmp_path / "fichier"
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        check_file(path, file)

    return write_and_check


@pytest.mark.parametrize(
    "content",
    [
        "csv",
        "json",
        "geojson",
        "geojson.gz",
        "csv.gz",
        "zip",
        "xlsx",
        "parquet",
        "gpkg",
        "7z",
        "tif",
    ],
)
class TestAnyContent:
    def test_page(self, check, content):
        with pytest.raises(SourceFormatError, match=r"page HTML .*« Page non trouvée »"):
            check(PAGE, expect(content))

    def test_xml_error(self, check, content):
        xml = b"<?xml version='1.0'?><ServiceExceptionReport><ServiceException>Layer"
        with pytest.raises(SourceFormatError, match="HTML ou XML"):
            check(xml, expect(content))

    @pytest.mark.parametrize("data", [b"", b" \r\n"])
    def test_empty(self, check, content, data):
        with pytest.raises(SourceFormatError, match="fichier vide"):
            check(data, expect(content))

    def test_another_kind(self, check, content):
        with pytest.raises(SourceFormatError, match=r"attendu|tronqué"):
            check(b"%PDF-1.7 \x00\x01 rien de tel", expect(content))

    def test_absent(self, tmp_path, content):
        with pytest.raises(SourceUnavailableError, match="absent"):
            check_file(tmp_path / "rien", expect(content))

    def test_too_big(self, check, content):
        with pytest.raises(SourceFormatError, match="plus que les 1 Mo"):
            check(b"PK\x03\x04" + bytes(1_100_000), expect(content, max_megabytes=1))


class TestCsv:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
    def test_good(self, check, encoding):
        check(CSV.encode(encoding), expect("csv", min_rows=5))

    def test_quoted_header_on_another_line(self, check):
        check('Notes\n\n"CODGEO";"C22_EMPLT"\n1;2\n', expect("csv", header_row=3, min_rows=1))

    def test_missing_column(self, check):
        with pytest.raises(
            SourceFormatError, match=r"absente : C22_EMPLT\. .* : CODGEO, C21_EMPLT"
        ):
            check("CODGEO;C21_EMPLT\n1;2\n", expect("csv"))

    def test_other_separator(self, check):
        with pytest.raises(SourceFormatError, match="colonne absente"):
            check(CSV.replace(";", ","), expect("csv"))

    def test_too_few_rows(self, check):
        with pytest.raises(SourceFormatError, match=r"5\xa0lignes, au moins 34\u202f000"):
            check(CSV, expect("csv", min_rows=34_000))

    def test_one_row_in_french(self, check):
        with pytest.raises(SourceFormatError, match=r"0\xa0ligne,"):
            check("CODGEO;C22_EMPLT", expect("csv", min_rows=3))

    def test_last_row_without_its_end(self, check):
        check(CSV.rstrip(), expect("csv", min_rows=5))

    def test_last_row_cut_short(self, check):
        with pytest.raises(SourceFormatError, match=r"dernière ligne a 2\xa0cellules au lieu de 3"):
            check(CSV[:-7], expect("csv", min_rows=4))

    def test_json_error(self, check):
        with pytest.raises(SourceFormatError, match="colonne absente"):
            check('{"message": "Too many requests"}', expect("csv"))

    def test_binary(self, check):
        with pytest.raises(SourceFormatError, match="octets binaires"):
            check(b"CODGEO;C22_EMPLT\n\x00\x01", expect("csv"))

    def test_unfinished_without_a_length(self, tmp_path):
        path = tmp_path / "a.csv"
        path.write_text(CSV)
        check_ending(path, expect("csv"))
        path.write_text(CSV.rstrip())
        with pytest.raises(SourceFormatError, match="n'est pas finie"):
            check_ending(path, expect("csv"))


class TestZip:
    def test_good(self, check):
        data = zipped(base_csv=CSV, meta_csv="a;b\n")
        check(data, expect("zip", member="base*.csv", min_rows=5))

    def test_workbook_inside(self, check):
        data = zipped(table_xlsx=workbook())
        check(data, expect("zip", member="*.xlsx", header_row=6, min_rows=5))

    def test_member_of_another_year(self, check):
        with pytest.raises(SourceFormatError, match=r"« base-2022\.csv » n'est pas"):
            check(zipped(base_csv=CSV), expect("zip", member="base-2022.csv"))

    def test_columns_of_the_member(self, check):
        with pytest.raises(
            SourceFormatError, match=r"fichier, base\.csv : colonne absente : CODGEO"
        ):
            check(zipped(base_csv="a;b\n1;2\n"), expect("zip", member="*.csv"))

    def test_truncated(self, check):
        with pytest.raises(SourceFormatError, match="zip tronquée"):
            check(zipped(base_csv=CSV)[:-30], expect("zip", member="*.csv"))


class TestWorkbook:
    @pytest.fixture(params=["calamine", "openpyxl"], autouse=True)
    def _library(self, request, monkeypatch):
        if request.param == "openpyxl":
            monkeypatch.setitem(sys.modules, "python_calamine", None)
            monkeypatch.setattr("terrdiag.sources.download.tabular.find_spec", lambda _name: None)
        else:
            pytest.importorskip("python_calamine")

    def test_good(self, check):
        check(workbook(), expect("xlsx", header_row=6, min_rows=5))

    def test_missing_column(self, check):
        with pytest.raises(
            SourceFormatError, match=r"ligne 6 : colonne absente : C22_EMPLT\. .* CODGEO"
        ):
            check(workbook(header=["CODGEO", "LIBGEO"]), expect("xlsx", header_row=6))

    def test_header_elsewhere(self, check):
        with pytest.raises(SourceFormatError, match="colonne absente"):
            check(workbook(blank=4), expect("xlsx", header_row=6))

    def test_too_few_rows(self, check):
        with pytest.raises(SourceFormatError, match=r"5\xa0lignes, au moins 6"):
            check(workbook(), expect("xlsx", header_row=6, min_rows=6))

    def test_archive_that_is_no_workbook(self, check):
        with pytest.raises(SourceFormatError, match=r"xl/workbook\.xml"):
            check(zipped(base_csv=CSV), expect("xlsx"))

    def test_damaged_sheet(self, check):
        buffer = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(workbook())) as good, zipfile.ZipFile(buffer, "w") as bad:
            for name in good.namelist():
                data = good.read(name)
                bad.writestr(name, data[: len(data) // 2] if "workbook.xml" in name else data)
        with pytest.raises(SourceFormatError, match=r"tronqué ou abîmé|colonne absente"):
            check(buffer.getvalue(), expect("xlsx", header_row=6))


class TestJson:
    def test_good(self, check):
        check(geojson(code="1"), expect("geojson", columns=("code",), min_rows=5))
        check(b'[{"code": "1"}]', expect("json", columns=("code",), min_rows=1))
        check(b'{"version": 6}', expect("json", columns=()))

    @pytest.mark.parametrize("size", [1, 30_000])
    def test_truncated(self, check, size):
        with pytest.raises(SourceFormatError, match="JSON"):
            check(geojson(size)[:-20], expect("geojson", columns=()))

    def test_big_is_counted(self, check):
        check(geojson(30_000, nom="é"), expect("geojson", columns=("nom",), min_rows=30_000))
        with pytest.raises(SourceFormatError, match="au moins 30\u202f001"):
            check(geojson(30_000), expect("geojson", columns=(), min_rows=30_001))
        with pytest.raises(SourceFormatError, match="absente : nom"):
            check(geojson(30_000), expect("geojson", columns=("nom",)))

    def test_error_of_an_api(self, check):
        with pytest.raises(SourceFormatError, match="« Quota exceeded »"):
            check(b'{"message": "Quota exceeded"}', expect("geojson", columns=()))

    @pytest.mark.parametrize("data", [b"[" * 100_000, b"[" + b"9" * 10_000 + b"]"])
    def test_hostile(self, check, data):
        with pytest.raises(SourceFormatError, match="JSON illisible"):
            check(data, expect("json", columns=()))


class TestGzip:
    def test_good(self, check):
        check(gzip.compress(CSV.encode()), expect("csv.gz", min_rows=5))
        check(gzip.compress(geojson()), expect("geojson.gz", columns=("code",), min_rows=5))

    @pytest.mark.parametrize("end", [-1, -9, 40])
    def test_truncated(self, check, end):
        with pytest.raises(SourceFormatError, match="gzip tronquée"):
            check(gzip.compress(CSV.encode() * 50)[:end], expect("csv.gz"))

    def test_damaged(self, check):
        data = bytearray(gzip.compress(CSV.encode() * 50))
        data[-5] ^= 1
        with pytest.raises(SourceFormatError, match="gzip tronquée ou abîmée"):
            check(data, expect("csv.gz"))

    def test_page_inside(self, check):
        with pytest.raises(SourceFormatError, match="« Page non trouvée »"):
            check(gzip.compress(PAGE), expect("geojson.gz"))


class TestParquet:
    @pytest.fixture
    def data(self):
        buffer = io.BytesIO()
        parquet.write_table(pa.table({"CODGEO": ["1", "2"], "C22_EMPLT": [1.0, 2.0]}), buffer)
        return buffer.getvalue()

    def test_good(self, check, data):
        check(data, expect("parquet", min_rows=2))

    def test_truncated(self, check, data):
        with pytest.raises(SourceFormatError, match="Parquet tronqué"):
            check(data[:-10], expect("parquet"))

    def test_others(self, check, data):
        with pytest.raises(SourceFormatError, match="absente : nom"):
            check(data, expect("parquet", columns=("nom",)))
        with pytest.raises(SourceFormatError, match=r"2\xa0lignes"):
            check(data, expect("parquet", min_rows=3))


class TestGeopackage:
    @pytest.fixture
    def data(self, tmp_path):
        path = tmp_path / "a.gpkg"
        base = sqlite3.connect(path)
        base.executescript(
            "CREATE TABLE gpkg_contents (table_name TEXT); INSERT INTO gpkg_contents VALUES ('la ''commune');"
            'CREATE TABLE "la \'commune" (code_insee TEXT, nom_officiel TEXT);'
            "INSERT INTO \"la 'commune\" VALUES ('01001', 'a'), ('01002', 'b');"
        )
        base.close()
        return path.read_bytes()

    def test_good(self, check, data):
        check(data, expect("gpkg", columns=("code_insee",), min_rows=2))

    def test_old_names_of_columns(self, check, data):
        with pytest.raises(SourceFormatError, match="absente : INSEE_COM"):
            check(data, expect("gpkg", columns=("INSEE_COM",)))

    @pytest.mark.parametrize("end", [60, 5000])
    def test_truncated(self, check, data, end):
        with pytest.raises(SourceFormatError, match="GeoPackage tronqué"):
            check(data[:end], expect("gpkg", columns=()))


class Test7z:
    def make(self, missing=0):
        tail = struct.pack("<QQI", 10, 5, 0)
        head = b"7z\xbc\xaf\x27\x1c\x00\x04" + struct.pack("<I", zlib.crc32(tail)) + tail
        return head + bytes(15 - missing)

    def test_good(self, check):
        check(self.make(), expect("7z"))

    def test_truncated(self, check):
        with pytest.raises(SourceFormatError, match="7z tronquée"):
            check(self.make(missing=1), expect("7z"))

    @pytest.mark.parametrize(
        "data", [b"7z\xbc\xaf\x27\x1c\x00\x04", b"7z\xbc\xaf\x27\x1c" + bytes(60)]
    )
    def test_damaged(self, check, data):
        with pytest.raises(SourceFormatError, match="7z abîmée"):
            check(data, expect("7z"))
