"""``[relief]``: what it may say, and the files it names."""

import pytest

from terrdiag.errors import StudyFileError
from terrdiag.study import load_study, study_for_code
from terrdiag.study.dem import resolve_dem
from terrdiag.study.relief import THRESHOLDS_M, ReliefTable, TransectTable

HEAD = '[study]\nid = "x"\ntitle = "X"\n[perimeter]\nregions = ["76"]\n'
LINE = "[relief.transect]\nname = 'Du lac au col'\npoints = "


def load(tmp_path, text):
    path = tmp_path / "etude.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return load_study(path)


def test_without_a_table():
    table = ReliefTable()
    assert table.dem == ()
    assert table.thresholds_m == THRESHOLDS_M
    assert (table.steep_deg, table.band_m, table.dem_is_surface) == (15.0, 200, False)
    assert table.transect is None


def test_a_whole_table(tmp_path):
    relief = load(
        tmp_path,
        "[relief]\nthresholds_m = [1500, 0, 800]\nsteep_deg = 20\nband_m = 100\ndem_is_surface = true\n"
        f"{LINE}[[0.1, 43], [0.2, 42.9]]\nstart = 'Lac'",
    ).relief
    assert relief.thresholds_m == (0, 800, 1500)
    assert (relief.steep_deg, relief.band_m, relief.dem_is_surface) == (20.0, 100, True)
    assert relief.transect == TransectTable(
        name="Du lac au col", points=((0.1, 43.0), (0.2, 42.9)), start="Lac"
    )


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ('[relief]\ndem = "a.tif"', 7, 'attendu une liste entre crochets : ["a.tif"]'),
        ("[relief]\nthresholds_m = [500, 500]", 7, "500 est donné deux fois"),
        ("[relief]\nthresholds_m = [5000]", 7, "de 0 à 4810 m, trouvé 5000"),
        ("[relief]\nthresholds_m = [-10]", 7, "de 0 à 4810 m, trouvé -10"),
        ("[relief]\nsteep_deg = 0", 7, "supérieur à 0"),
        ("[relief]\nsteep_deg = 90", 7, "inférieur à 90"),
        ("[relief]\nband_m = 5", 7, "supérieur ou égal à 10"),
        ("[relief]\nband_m = 250.0", 7, "un nombre entier"),
        ('[relief]\ndem_is_surface = "oui"', 7, "true ou false"),
        (f"{LINE}[[0.1, 43.1]]", 8, "deux points au moins"),
        (f"{LINE}[[43.1, 0.1], [0.1, 43.0]]", 8, "écrivez [0.1, 43.1]"),
        (f"{LINE}[[0.1, 43.1], [-70, 43]]", 8, "[-70, 43] est hors de France"),
        (f"{LINE}[[0.1, 43.1], [0.1, 43.1]]", 8, "donné deux fois de suite"),
        (f"{LINE}[[0.1, 43.1], [55.5, -21.1]]", 8, "à La Réunion"),
        (f"{LINE}[[0.1, 43.1, 3], [0.1, 43]]", 8, "attendu [longitude, latitude]"),
        (f"{LINE}[[0.1, true], [0.1, 43]]", 8, "attendu [longitude, latitude]"),
        ("[relief.transect]\npoints = [[0.1, 43], [0.2, 43]]", 6, "name"),
    ],
)
def test_what_is_refused(tmp_path, text, line, expected):
    with pytest.raises(StudyFileError) as caught:
        load(tmp_path, text)
    assert f"ligne {line}, " in str(caught.value)
    assert expected in str(caught.value)


def test_no_model(tmp_path):
    assert resolve_dem(load(tmp_path, "")) is None
    assert resolve_dem(study_for_code("epci", "246500482")) is None


def test_patterns_start_from_the_folder_of_the_study(tmp_path, monkeypatch):
    monkeypatch.chdir("/")
    for name in ("dem/b.tif", "dem/a.tif", "autre/c.asc", "crochet[1].tif"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    (tmp_path / "dem" / "sous.tif").mkdir()
    study = load(
        tmp_path,
        '[relief]\ndem = ["autre/c.asc", "dem/*.tif", "dem/a.tif", "crochet[1].tif"]\n'
        'dem_crs = "EPSG:2154"\ndem_title = "BD ALTI"\ndem_licence = "LO 2.0"\ndem_datum = "NGF-IGN69"',
    )
    dem = resolve_dem(study)
    names = [path.relative_to(tmp_path).as_posix() for path in dem.paths]
    # each file once, in the order of the list, sorted inside a pattern
    assert names == ["autre/c.asc", "dem/a.tif", "dem/b.tif", "crochet[1].tif"]
    assert (dem.crs, dem.title, dem.licence, dem.datum) == (
        "EPSG:2154",
        "BD ALTI",
        "LO 2.0",
        "NGF-IGN69",
    )
    assert "ligne 7, [relief] dem" in dem.where


def test_an_absolute_pattern(tmp_path):
    (tmp_path / "dem").mkdir()
    (tmp_path / "dem" / "a.tif").touch()
    study = load(tmp_path, f'[relief]\ndem = ["{(tmp_path / "dem").as_posix()}/*.tif"]')
    assert resolve_dem(study).paths == (tmp_path / "dem" / "a.tif",)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("dem/*.tif", "ne correspond à aucun fichier"),
        ("absent.tif", "n'existe pas"),
        ("dossier", 'est un dossier : nommez ses fichiers, comme "dossier/*.tif"'),
    ],
)
def test_a_pattern_that_finds_nothing(tmp_path, written, expected):
    (tmp_path / "dossier").mkdir()
    study = load(tmp_path, f'[relief]\n\ndem = ["{written}"]')
    with pytest.raises(StudyFileError) as caught:
        resolve_dem(study)
    assert f'etude.toml, ligne 8, [relief] dem : "{written}" {expected}' in str(caught.value)


def test_every_fault_is_said(tmp_path):
    study = load(tmp_path, '[relief]\ndem = ["a.tif", "b.tif"]')
    with pytest.raises(StudyFileError, match=r"(?s)a\.tif.*b\.tif"):
        resolve_dem(study)


def test_the_command_line_comes_first(tmp_path):
    described = load(tmp_path, '[relief]\ndem_title = "BD ALTI"\ndem_crs = "EPSG:2154"')
    given = tmp_path / "x.tif"
    dem = resolve_dem(described, [given])
    assert (dem.paths, dem.title, dem.crs, dem.where) == ((given,), "BD ALTI", "EPSG:2154", "--dem")


def test_the_words_of_the_study_are_those_of_its_own_files(tmp_path):
    study = load(tmp_path, '[relief]\ndem = ["absent.tif"]\ndem_title = "BD ALTI"')
    dem = resolve_dem(study, [tmp_path / "x.tif"])
    # the files of the study are not even looked for, and its title is not that of another model
    assert (dem.paths, dem.title) == ((tmp_path / "x.tif",), "")


def test_a_study_made_from_a_code_takes_the_command_line(tmp_path):
    study = study_for_code("epci", "246500482")
    assert resolve_dem(study, [tmp_path / "x.tif"]).paths == (tmp_path / "x.tif",)
