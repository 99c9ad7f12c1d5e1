import gzip
import io
import zipfile

import pandas as pd
import pytest

from terrdiag.errors import SourceFormatError, SourceUnavailableError
from terrdiag.sources.files import read_bytes, read_csv, read_gzip, read_json, read_zip_member

HTML = "<!DOCTYPE html>\n<html><head><title>Accès\n  refusé</title></head><body/></html>"
WFS = (
    '<?xml version="1.0"?><ows:ExceptionReport><ows:ExceptionText>Layer unknown</ows:ExceptionText>'
)


def make_zip(**members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def test_csv_cells_stay_text(write):
    path = write("a.csv", '\ufeffcode,nom,n\r\n01001,"Sault, Brénaz",NA\r\n2A004,,1.0\r\n')
    expected = pd.DataFrame(
        {"code": ["01001", "2A004"], "nom": ["Sault, Brénaz", ""], "n": ["NA", "1.0"]}
    )
    pd.testing.assert_frame_equal(read_csv(path, ["code"]), expected, check_dtype=False)


def test_absent_file(tmp_path):
    with pytest.raises(SourceUnavailableError, match=r"rien\.csv : fichier absent"):
        read_bytes(tmp_path / "rien.csv")


def test_folder_instead_of_file(tmp_path):
    with pytest.raises(SourceUnavailableError, match="illisible"):
        read_bytes(tmp_path)


@pytest.mark.parametrize("blank", ["", "\ufeff", " \r\n\n"])
def test_empty_file(write, blank):
    with pytest.raises(SourceFormatError, match="fichier vide"):
        read_bytes(write("a.csv", blank))


@pytest.mark.parametrize(
    ("page", "title"),
    [
        (HTML, "« Accès refusé »"),
        (WFS, "« Layer unknown »"),
        ("\n <html><body>", "données[.] C'est "),
    ],
)
def test_page_instead_of_data(write, page, title):
    with pytest.raises(SourceFormatError, match=title):
        read_csv(write("a.csv", page), ["code"])


def test_missing_column_names_those_found(write):
    with pytest.raises(SourceFormatError, match=r"absente : siren. .*trouvées : code, nom"):
        read_csv(write("a.csv", "code,nom\n1,a\n"), ["code", "siren"])


def test_other_separator_is_a_missing_column(write):
    with pytest.raises(SourceFormatError, match="absente : code"):
        read_csv(write("a.csv", "code;nom\n1;a\n"), ["code", "nom"])


def test_header_alone(write):
    with pytest.raises(SourceFormatError, match="aucune ligne sous l'en-tête"):
        read_csv(write("a.csv", "code,nom\n"), ["code", "nom"])


def test_row_cut_short(write):
    with pytest.raises(SourceFormatError, match=r"ligne 3 : 2 cellule.* au lieu de 3"):
        read_csv(write("a.csv", "code,nom,n\n1,a,2\n2,b"), ["code", "n"])


@pytest.mark.parametrize("rows", ["1,a,9,9\n", "1,a\n2,b,9\n"])
def test_row_too_long(write, rows):
    with pytest.raises(SourceFormatError, match=r"cellule\(s\) au lieu de 2"):
        read_csv(write("a.csv", "code,nom\n" + rows), ["code"])


def test_cut_inside_quotes(write):
    with pytest.raises(SourceFormatError, match="ligne 3 : CSV illisible"):
        read_csv(write("a.csv", 'code,nom\n1,a\n2,"b'), ["code"])


def test_latin1_names_the_line(write):
    with pytest.raises(SourceFormatError, match=r"ligne 3 : .* pas en UTF-8 \(octet 0xe9\)"):
        read_csv(write("a.csv", "code,nom\n1,a\n2,Asté\n".encode("latin-1")), ["code"])


@pytest.mark.parametrize("cut", [0.5, 0.9])
def test_truncated_gzip(write, cut):
    whole = gzip.compress(b"abc" * 1000)
    with pytest.raises(SourceFormatError, match="gzip tronquée"):
        read_gzip(write("a.gz", whole[: int(len(whole) * cut)]))


def test_not_gzip(write):
    with pytest.raises(SourceFormatError, match="gzip tronquée ou abîmée"):
        read_gzip(write("a.gz", '{"type":'))


def test_damaged_gzip(write):
    whole = bytearray(gzip.compress(bytes(range(256)) * 9))
    whole[40] ^= 0xFF
    with pytest.raises(SourceFormatError, match="gzip tronquée ou abîmée"):
        read_gzip(write("a.gz", bytes(whole)))


def test_page_inside_gzip(write):
    with pytest.raises(SourceFormatError, match="Accès refusé"):
        read_gzip(write("a.gz", gzip.compress(HTML.encode())))


def test_zip_member(write):
    path = write("a.zip", make_zip(a="1;2", b="3"))
    assert read_zip_member(path, "a") == b"1;2"
    with pytest.raises(SourceFormatError, match=r"« c » n'est pas .* : a, b"):
        read_zip_member(path, "c")


def test_truncated_zip(write):
    with pytest.raises(SourceFormatError, match="zip tronquée"):
        read_zip_member(write("a.zip", make_zip(a="x" * 9999)[:-30]), "a")


def test_damaged_zip_member(write):
    data = bytearray(make_zip(a="".join(map(str, range(500)))))
    data[60] ^= 0xFF
    with pytest.raises(SourceFormatError, match="zip tronquée ou abîmée"):
        read_zip_member(write("a.zip", bytes(data)), "a")


def test_truncated_json(write):
    with pytest.raises(SourceFormatError, match="JSON illisible"):
        read_json(write("a.json", '[{"code": "01001"'))
