"""Faults that fuzzing has found, kept as small cases."""

import gzip
import json
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from terrdiag.errors import SourceFormatError, StudyFileError
from terrdiag.sources import altitudes, anct, chunks, cog, comparateur, contours, etalab, geoapi
from terrdiag.sources.archives import open_zip_member
from terrdiag.sources.dem.store import read_listing
from terrdiag.sources.dem.textgrid import read_grid
from terrdiag.sources.download.lock import read_lock
from terrdiag.sources.extract import check_columns
from terrdiag.sources.files import read_json
from terrdiag.sources.tables import COMMUNE_PATTERN, check_codes, parse_numbers
from terrdiag.study import load_study

HERE = Path("a.csv")


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_column_that_stands_twice(tmp_path):
    """It gave a table in the place of a column: AttributeError."""
    text = "code_insee,altitude_maximale,altitude_maximale\n01001,100,200\n"
    with pytest.raises(SourceFormatError, match="colonne en double : altitude_maximale"):
        altitudes.read_altitude_max(write(tmp_path, text))
    text = "REG,LIBELLE,LIBELLE\n84,a,b\n"
    with pytest.raises(SourceFormatError, match="colonne en double : LIBELLE"):
        cog.read_regions(write(tmp_path, text))


@pytest.mark.parametrize("code", ["٠١٠٠١", "०१००१", "０１００１"])
def test_figures_of_other_scripts_are_no_code(code):
    r"""They match \d, and were taken for a commune that no table has."""
    with pytest.raises(SourceFormatError, match="mal formé"):
        check_codes(pd.Series([code], name="code"), COMMUNE_PATTERN, HERE)


def test_cells_of_a_page_are_cut_in_messages():
    """A damaged file made messages of 200,000 characters."""
    long = pd.Series(["x" * 100_000], name="code")
    with pytest.raises(SourceFormatError) as found:
        check_codes(long, COMMUNE_PATTERN, HERE)
    assert len(str(found.value)) < 400
    with pytest.raises(SourceFormatError) as found:
        parse_numbers(pd.DataFrame({"valeur": long}), "valeur", HERE)
    assert len(str(found.value)) < 400


def test_columns_of_a_wide_file_are_not_all_listed():
    table = pd.DataFrame(columns=[f"colonne_{n}" for n in range(5_000)])
    with pytest.raises(SourceFormatError, match="et 4940 autres") as found:
        check_columns(table, ["code"], HERE)
    assert len(str(found.value)) < 2_000


def test_member_that_starts_before_the_archive(tmp_path):
    """A negative offset gave OSError: [Errno 22] Invalid argument."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "a;b\n1;2\n" * 100)
    data = path.read_bytes()
    # the directory counts from the start: the member seems to start before it
    path.write_bytes(data[100:])
    with (
        pytest.raises(SourceFormatError, match="archive zip tronquée ou abîmée"),
        open_zip_member(path, "a.csv"),
    ):
        pass


LONG = "9" * 5_000
DEEP = "[" * 100_000


@pytest.mark.parametrize("value", [LONG, DEEP])
def test_toml_that_python_refuses_to_read(tmp_path, value):
    """Numbers of thousands of digits gave ValueError, endless nesting RecursionError."""
    for name in ("LOCK.toml", "etude.toml"):
        write(tmp_path, f"a = {value}\n").rename(tmp_path / name)
    with pytest.raises(SourceFormatError, match="n'est pas tel que terrdiag l'écrit"):
        read_lock(tmp_path)
    with pytest.raises(SourceFormatError, match="est illisible"):
        read_listing(tmp_path)
    with pytest.raises(StudyFileError, match=r"etude\.toml : .*4 300 chiffres"):
        load_study(tmp_path / "etude.toml")


@pytest.mark.parametrize("odd", ["1" + "0" * 400, "nan", "inf"])
def test_section_from_a_point_that_is_nowhere(tmp_path, odd):
    """An integer of 400 digits gave OverflowError."""
    text = f'[study]\ntitle = "a"\n[relief.transect]\nname = "b"\npoints = [[{odd}, 43.0], [0.1, 43.0]]\n'
    with pytest.raises(StudyFileError, match=r"attendu \[longitude, latitude\] en degrés"):
        load_study(write(tmp_path, text))


def test_hexadecimal_number_of_thousands_of_digits(tmp_path):
    """TOML reads it, and no message could be made of it: ValueError."""
    with pytest.raises(StudyFileError, match="trouvé un nombre démesuré"):
        load_study(write(tmp_path, f"[study]\ntitle = 0x{'f' * 6000}\n"))


def test_box_of_elevation_too_big_for_a_float(tmp_path):
    """It gave OverflowError."""
    text = f'[[boxes]]\nkind = "a"\nbounds = [0, 0, 1{"0" * 400}, 1]\nretrieved = 2026-11-22\nempty = []\n'
    write(tmp_path, text).rename(tmp_path / "LOCK.toml")
    with pytest.raises(SourceFormatError, match="est illisible"):
        read_listing(tmp_path)


def test_carriage_return_alone_in_a_header(tmp_path):
    """It gave csv.Error, the header being read apart from the rows."""
    path = write(tmp_path, "code;va\rleur\n01001;1\n")
    with pytest.raises(SourceFormatError, match=r"a\.csv, ligne 1 : CSV illisible"):
        list(chunks.stream_csv(path, lambda header, _: dict.fromkeys(header, "x")))


def test_comparateur_with_a_column_twice(tmp_path):
    """It gave a table in the place of a column: AttributeError."""
    path = write(tmp_path, "CODGEO;P22_POP;ETTOT24;ETTOT24\n01001;700;1;2\n")
    with pytest.raises(SourceFormatError, match="colonne en double : ETTOT24"):
        comparateur.read_current(
            [path], "insee-comparateur", pd.DataFrame({"code_arrondissement": ["75101"]})
        )


@pytest.mark.parametrize("code", ["", "7510", "75 101"])
def test_arrondissement_without_a_code(tmp_path, code):
    """It was read, under the code as it stood."""
    head = "TYPECOM,COM,REG,DEP,LIBELLE,COMPARENT\n"
    path = write(tmp_path, f"{head}ARM,{code},,,Paris 1er,75056\n")
    with pytest.raises(SourceFormatError, match="colonne COM : 1 code"):
        cog.read_arrondissements_municipaux(path)


@pytest.mark.parametrize("text", [b'["\\ud800"]', b'["a\\uDC00b"]', b'["\xed\xa0\x80"]'])
def test_half_characters_of_json(tmp_path, text):
    """Half a pair of UTF-16 is text for Python and for nothing else: UnicodeEncodeError, far from the file."""
    path = tmp_path / "a.json"
    path.write_bytes(text)
    with pytest.raises(SourceFormatError, match=r"UTF-8|demi-caractère"):
        read_json(path)
    path.write_bytes(b'["\\ud83d\\ude00", "\\\\ud800"]')
    assert read_json(path) == ["\U0001f600", "\\ud800"]


def test_half_characters_of_a_code(tmp_path):
    """The readers of outlines that read their own JSON gave UnicodeEncodeError."""
    feature = {"properties": {"code": "\ud800"}, "geometry": {"type": "Polygon"}}
    assert etalab.read_code(feature) == "?"
    feature["geometry"]["coordinates"] = [[[2, 46], [3, 46], [3, 47], [2, 46]]]
    body = json.dumps({"type": "FeatureCollection", "features": [feature]})
    for read in (
        contours.read_layer,
        lambda path, _: geoapi.parse_answer(path.read_bytes(), "a", etalab.CONTOURS_2026),
    ):
        with pytest.raises(SourceFormatError, match=r"« \? »"):
            read(write(tmp_path, body), etalab.CONTOURS_2026)


def outline(tmp_path: Path, geometry: object, code: str = "01001") -> Path:
    feature = {"type": "Feature", "properties": {"code": code}, "geometry": geometry}
    path = tmp_path / "01.geojson.gz"
    path.write_bytes(gzip.compress(json.dumps({"features": [feature]}).encode()))
    return path


@pytest.mark.parametrize("bad", [1e308, -1e308, np.inf, np.nan, 181.0])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_coordinates_that_are_not_degrees(tmp_path, bad, place):
    """They went to GEOS, which warned of overflow; one that is not a number was read."""
    ring = [[2, 46], [3, 46], [3, 47], [2, 46]]
    ring[place] = [bad, 46]
    path = outline(tmp_path, {"type": "Polygon", "coordinates": [ring]})
    with pytest.raises(SourceFormatError, match=r"commune 01001.* (hors des degrés|nombre fini)"):
        etalab.read_contours(path)


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        ({"type": "x" * 200_000}, "01001"),
        (None, "0" * 200_000),
        ({"type": "Point"}, "0" * 200_000),
        ({"type": "Polygon", "coordinates": [[["x" * 200_000, 1]] * 4]}, "01001"),
    ],
)
def test_words_of_a_damaged_outline_are_cut(tmp_path, geometry, code):
    with pytest.raises(SourceFormatError) as found:
        etalab.read_contours(outline(tmp_path, geometry, code))
    assert len(str(found.value)) < 1_000


@pytest.mark.parametrize("code", [-1, float("nan"), "0100", None])
def test_commune_whose_code_is_a_number(tmp_path, code):
    """It was read, under « -1 » or « nan »."""
    rows = [{"code": code, "type": "commune-actuelle", "siren": "210100011"}]
    with pytest.raises(SourceFormatError, match="colonne code_commune : 1 code"):
        etalab.read_commune_sirens(write(tmp_path, json.dumps(rows)))


@pytest.mark.parametrize("odd", [12, None, ["ti-0001"]])
def test_territoire_industrie_whose_name_is_no_text(tmp_path, odd):
    """Sorting numbers with texts gave TypeError."""
    table = write(tmp_path, "id_ti,lib_ti,siren\nti-0001,Un,200000001\n")
    polygons = tmp_path / "ti.geojson"
    properties = {"id_ti": "ti-0001", "lib_ti": odd, "siren_groupement": "200000001"}
    polygons.write_text(json.dumps({"features": [{"properties": properties}]}), encoding="utf-8")
    with pytest.raises(SourceFormatError, match=r"ti\.geojson : .*lib_ti"):
        anct.read_territoires_industrie(table, polygons)


@pytest.mark.parametrize("cells", [",3,0.5", "1,,0.5", "1,2,", "0,0,0.5"])
def test_petr_with_a_count_missing(tmp_path, cells):
    """An empty cell gave IntCastingNaNError."""
    head = "id,lib,siren_epci,nb_com_in,nb_com_epci,share\n"
    with pytest.raises(SourceFormatError, match="nb_com_in / nb_com_epci, par exemple a et 2000"):
        anct.read_petr(write(tmp_path, f"{head}a,Un,200000001,{cells}\n"))


def test_petr_without_an_identifier(tmp_path):
    """It was read, under an empty code."""
    head = "id,lib,siren_epci,nb_com_in,nb_com_epci,share\n"
    with pytest.raises(SourceFormatError, match="colonne id : 1 code"):
        anct.read_petr(write(tmp_path, f"{head},Un,200000001,1,2,0.5\n"))


def test_typology_of_no_commune(tmp_path):
    """A column without a label gave a warning of pandas."""
    with pytest.raises(SourceFormatError, match="aucune commune classée"):
        anct.read_typology(write(tmp_path, "insee_com,niveau_montagne\n01001,\n"), "montagne")


def test_labels_of_several_lines(tmp_path):
    """None was read, and a warning of pandas was given."""
    text = 'insee_com,niveau_montagne\n01001,"Alpes\ndu Nord"\n'
    table = anct.read_typology(write(tmp_path, text), "montagne").table
    assert table["code"].tolist() == ["alpes-du-nord"]


@pytest.mark.parametrize("label", ["°", "--", "!"])
def test_label_of_which_no_code_can_be_made(tmp_path, label):
    """It was read, under an empty code."""
    path = write(tmp_path, f"insee_com,niveau_montagne\n01001,{label}\n01002,Alpes\n")
    with pytest.raises(SourceFormatError, match=rf"« {label} » \(ligne 2\)"):
        anct.read_typology(path, "montagne")


HEADER = {"ncols": "2", "nrows": "1", "xllcorner": "0", "yllcorner": "0", "cellsize": "25"}


def grid(tmp_path: Path, cells: str, **header: str) -> Path:
    lines = (f"{name} {value}" for name, value in (HEADER | header).items())
    return write(tmp_path, "\n".join([*lines, cells, ""]))


@pytest.mark.parametrize("name", list(HEADER))
@pytest.mark.parametrize("value", ["inf", "-inf", "nan", "1e999"])
def test_grid_whose_header_is_not_finite(tmp_path, name, value):
    """It gave OverflowError, ValueError, or a grid that lies nowhere."""
    with pytest.raises(SourceFormatError, match="grille d'altitudes incomplète ou illisible"):
        read_grid(grid(tmp_path, "1 2", **{name: value}))


def test_grid_with_fractions_of_columns(tmp_path):
    with pytest.raises(SourceFormatError, match=r"2\.5 colonnes"):
        read_grid(grid(tmp_path, "1 2", ncols="2.5"))


def test_altitudes_beyond_what_is_kept(tmp_path):
    """Their conversion warned of overflow."""
    read = read_grid(grid(tmp_path, "-1e300 12.5", nodata_value="-1e300"))
    assert read.altitude.tolist() == [[-99999.0, 12.5]]
    with pytest.raises(SourceFormatError, match="altitude infinie"):
        read_grid(grid(tmp_path, "1e300 12.5"))
