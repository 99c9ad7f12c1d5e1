"""Study files: what is accepted, and what is said of what is not."""

import datetime as dt
from pathlib import Path

import pytest

from terrdiag.errors import StudyFileError
from terrdiag.study import list_studies, load_study, study_for_code

HEAD = '[study]\nid = "x"\ntitle = "X"\n'
PERIMETER = '[perimeter]\nepci = ["246500482"]\n'


@pytest.fixture
def write(tmp_path):
    def write_file(text: str, name: str = "x.toml") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write_file


def fault_of(path: Path) -> str:
    with pytest.raises(StudyFileError) as caught:
        load_study(path)
    return str(caught.value).removeprefix(str(path))


def test_a_full_study(write):
    study = load_study(
        write(
            HEAD
            + 'author = "A"\n[perimeter]\nname = "N"\nepci = ["246500482"]\ncommunes = ["2A004"]\n'
            + 'date = 2020-01-01\n[comparators]\ninclude = ["france", "region:76"]\n'
            + "[expect]\ncommunes = 25\narea_km2 = 391\n"
        )
    )
    assert (study.id, study.title, study.author) == ("x", "X", "A")
    assert study.perimeter.name == "N"
    assert study.perimeter.date == dt.date(2020, 1, 1)
    assert study.perimeter.codes["commune"] == ("2A004",)
    assert study.perimeter.codes["epci"] == ("246500482",)
    assert study.comparators.include == ("france", "region:76")
    assert (study.expect.communes, study.expect.area_km2) == (25, 391.0)
    assert study.expect.area_tolerance_km2 == 0.5


def test_what_is_left_out_has_a_default(write):
    study = load_study(write(HEAD + PERIMETER))
    assert study.comparators.include is None
    assert study.perimeter.date is None
    assert study.expect.communes is None


def test_a_file_from_windows_is_read(tmp_path):
    path = tmp_path / "x.toml"
    path.write_bytes(b"\xef\xbb\xbf" + (HEAD + PERIMETER).replace("\n", "\r\n").encode())
    assert load_study(path).id == "x"


def test_a_date_in_quotes_is_a_date(write):
    study = load_study(write(HEAD + PERIMETER + 'date = "2020-01-01"\n'))
    assert study.perimeter.date == dt.date(2020, 1, 1)


def test_a_study_is_frozen(write):
    study = load_study(write(HEAD + PERIMETER))
    with pytest.raises(AttributeError):
        study.id = "y"
    with pytest.raises(ValueError, match="frozen"):
        study.perimeter.name = "y"


EPCI_EXPECTED = 'attendu un SIREN de 9 chiffres, comme "246500482"'

WRONG = [
    # unknown keys and tables, with what comes near
    (
        HEAD + '[perimeter]\nepcis = ["246500482"]\nregions = ["76"]\n',
        "ligne 5, [perimeter] epcis",
        "clé inconnue. Valeurs proches\xa0: epci.",
    ),
    (
        HEAD + PERIMETER + "[xyz]\n",
        "ligne 6, [xyz]",
        "table inconnue. Valeurs possibles : study, perimeter, comparators, expect, relief, claims.",
    ),
    # codes
    (
        HEAD + '[perimeter]\ncommunes = [\n  "65059",\n  "1004",\n]\n',
        "ligne 7, [perimeter] communes",
        '"1004" a perdu ses zéros de gauche : écrivez "01004".',
    ),
    (
        HEAD + '[perimeter]\ncommunes = [\n  "65059",\n  65,\n]\n',
        "ligne 7, [perimeter] communes",
        'un code est un texte : écrivez "65" entre guillemets (et non 65).',
    ),
    (
        HEAD + "[perimeter]\ndepartements = [1]\n",
        "ligne 5, [perimeter] departements",
        'un code est un texte : écrivez "01" entre guillemets (et non 1).',
    ),
    (
        HEAD + '[perimeter]\ndepartements = ["2a"]\n',
        "ligne 5, [perimeter] departements",
        '"2a" n\'est pas écrit comme il faut : écrivez "2A".',
    ),
    (
        HEAD + '[perimeter]\nepci = ["Haute-Bigorre"]\n',
        "ligne 5, [perimeter] epci",
        (
            f"\"Haute-Bigorre\" n'est pas le code d'un EPCI : {EPCI_EXPECTED} ; "
            '« terrdiag find "Haute-Bigorre" » donne les codes.'
        ),
    ),
    (
        HEAD + '[perimeter]\nepci = "246500482"\n',
        "ligne 5, [perimeter] epci",
        'attendu une liste entre crochets : ["246500482"].',
    ),
    (
        HEAD + "[perimeter]\nepci = [true]\n",
        "ligne 5, [perimeter] epci",
        'un code est un texte entre guillemets : un SIREN de 9 chiffres, comme "246500482".',
    ),
    # nothing in the perimeter
    (
        HEAD + "[perimeter]\nepci = []\n",
        "ligne 4, [perimeter]",
        (
            "le périmètre est vide : indiquez au moins une liste parmi "
            "communes, epci, ept, ti, ti2023, petr, ze, aav, bv, uu, arrondissements, cantons, departements, "
            "regions."
        ),
    ),
    (HEAD, "[perimeter]", "absent ; c'est obligatoire."),
    # dates
    (
        HEAD + PERIMETER + 'date = "01/01/2026"\n',
        "ligne 6, [perimeter] date",
        '"01/01/2026" n\'est pas une date AAAA-MM-JJ, comme 2026-01-01.',
    ),
    (
        HEAD + PERIMETER + 'date = "2026-02-30"\n',
        "ligne 6, [perimeter] date",
        '"2026-02-30" n\'est pas une date AAAA-MM-JJ, comme 2026-01-01.',
    ),
    (
        HEAD + PERIMETER + "date = 2026\n",
        "ligne 6, [perimeter] date",
        "attendu une date AAAA-MM-JJ, comme 2026-01-01.",
    ),
    (
        HEAD + PERIMETER + "date = 2026-01-01T12:00:00\n",
        "ligne 6, [perimeter] date",
        "attendu une date AAAA-MM-JJ, comme 2026-01-01.",
    ),
    # comparators
    (
        HEAD + PERIMETER + '[comparators]\ninclude = ["regions:76"]\n',
        "ligne 7, [comparators] include",
        (
            '"regions:76" n\'est pas un comparateur : attendu "departement:CODE", "region:CODE", '
            '"ti:CODE", "ti2023:CODE", "petr:CODE", "ze:CODE", "aav:CODE", "bv:CODE", "uu:CODE", "arr:CODE", '
            '"cv:CODE", "epci:CODE", "ept:CODE", "commune:CODE" ou "france".'
        ),
    ),
    (
        HEAD + PERIMETER + '[comparators]\ninclude = ["region:6"]\n',
        "ligne 7, [comparators] include",
        '"6" a perdu ses zéros de gauche : écrivez "06".',
    ),
    (
        HEAD + PERIMETER + "[comparators]\ninclude = [76]\n",
        "ligne 7, [comparators] include",
        (
            'un comparateur est un texte entre guillemets : "departement:CODE", "region:CODE", '
            '"ti:CODE", "ti2023:CODE", "petr:CODE", "ze:CODE", "aav:CODE", "bv:CODE", "uu:CODE", "arr:CODE", '
            '"cv:CODE", "epci:CODE", "ept:CODE", "commune:CODE" ou "france".'
        ),
    ),
    # expectations
    (
        HEAD + PERIMETER + '[expect]\ncommunes = "25"\n',
        "ligne 7, [expect] communes",
        'attendu un nombre entier, trouvé "25".',
    ),
    (
        HEAD + PERIMETER + "[expect]\ncommunes = 0\n",
        "ligne 7, [expect] communes",
        "attendu un nombre supérieur ou égal à 1, trouvé 0.",
    ),
    (
        HEAD + PERIMETER + "[expect]\nepci = true\n",
        "ligne 7, [expect] epci",
        "attendu un nombre entier, trouvé true.",
    ),
    (
        HEAD + PERIMETER + "[expect]\narea_km2 = 0\n",
        "ligne 7, [expect] area_km2",
        "attendu un nombre supérieur à 0, trouvé 0.",
    ),
    (
        HEAD + PERIMETER + "[expect]\narea_km2 = inf\n",
        "ligne 7, [expect] area_km2",
        "attendu un nombre fini, trouvé inf.",
    ),
    (
        HEAD + PERIMETER + "[expect]\narea_tolerance_km2 = 1\n",
        "ligne 6, [expect]",
        "area_tolerance_km2 accompagne area_km2, qui est absent.",
    ),
    # the study itself
    (
        '[study]\nid = "x"\n' + PERIMETER,
        "ligne 1, [study] title",
        "absent ; c'est obligatoire.",
    ),
    (
        '[study]\nid = "x"\ntitle = ""\n' + PERIMETER,
        "ligne 3, [study] title",
        'attendu un texte qui ne soit pas vide, trouvé "".',
    ),
    (
        '[study]\nid = "x"\ntitle = 5\n' + PERIMETER,
        "ligne 3, [study] title",
        "attendu un texte entre guillemets, trouvé 5.",
    ),
    (
        'study = "x"\n' + PERIMETER,
        "ligne 1, [study]",
        'attendu une table : une ligne « [study] », puis une clé par ligne, trouvé "x".',
    ),
]


@pytest.mark.parametrize(("text", "place", "message"), WRONG)
def test_what_is_wrong_is_said_with_its_line(write, text, place, message):
    assert fault_of(write(text)) == f", {place} : {message}"


@pytest.mark.parametrize(
    "name",
    [
        "../x",
        "a/b",
        "a\\b",
        "",
        ".",
        "..",
        "-x",
        "x-",
        "a b",
        "É",
        "CON",
        "con",
        "nul",
        "com1",
        "x" * 65,
    ],
)
def test_an_id_is_a_safe_folder_name(write, name):
    message = fault_of(write(f"[study]\nid = '{name}'\ntitle = \"X\"\n{PERIMETER}"))
    assert message.startswith(f', ligne 2, [study] id : "{name}" ')


def test_an_unsafe_id_is_given_a_safe_form(write):
    message = fault_of(write(f'[study]\nid = "Haute Bigorre"\ntitle = "X"\n{PERIMETER}'))
    assert message.endswith('par exemple "haute-bigorre".')


NOT_TOML = [
    (
        "[study]\nid = cchb\n",
        "ligne 2, colonne 6",
        "valeur illisible : un texte ou un code s'écrit entre guillemets droits",
    ),
    (
        '[study]\nid = "cchb\n',
        "ligne 2, colonne 11",
        "caractère interdit : il manque sans doute le guillemet de fin",
    ),
    ('[study]\nid "a"\n', "ligne 2, colonne 4", "il manque le signe = après le nom de la clé"),
    (
        '[study]\nid = "a"\nid = "b"\n',
        "ligne 3, colonne 9",
        "cette clé est déjà donnée plus haut",
    ),
    ("[study]\n[study]\n", "ligne 2, colonne 7", "cette table est déjà donnée plus haut"),
    ("[study\n", "ligne 1, colonne 7", "il manque le crochet de fin du nom de la table"),
    (
        "[perimeter]\nepci = [“246500482”]\n",
        "ligne 2, colonne 9",
        'guillemets “ ” ou « » : écrivez des guillemets droits "…"',
    ),
    (
        "[perimeter]\ncommunes = [01004]\n",
        "ligne 2, colonne 14",
        'un code s\'écrit entre guillemets : écrivez "01004"',
    ),
    (
        "[expect]\narea_km2 = 391,2\n",
        "ligne 2, colonne 15",
        "la décimale s'écrit avec un point : écrivez 391.2",
    ),
]


@pytest.mark.parametrize(("text", "place", "message"), NOT_TOML)
def test_a_syntax_fault_shows_the_line_and_what_to_write(write, text, place, message):
    line = text.splitlines()[int(place.split(",")[0].removeprefix("ligne ")) - 1]
    assert fault_of(write(text)) == f", {place} : {message}.\n  {line}"


def test_every_fault_of_a_file_is_said_at_once(write):
    head = '[study]\nid = "x"\ntitel = "X"\n'
    path = write(head + '[perimeter]\nepci = ["12"]\n[expect]\ncommunes = 1.5\n')
    assert fault_of(path).splitlines() == [
        " : 4\xa0fautes.",
        "- ligne 1, [study] title : absent ; c'est obligatoire.",
        "- ligne 3, [study] titel : clé inconnue. Valeurs proches\xa0: title.",
        f"- ligne 5, [perimeter] epci : \"12\" n'est pas le code d'un EPCI : {EPCI_EXPECTED}.",
        "- ligne 7, [expect] communes : attendu un nombre entier, trouvé 1.5.",
    ]


def test_a_file_in_another_encoding_is_named(tmp_path):
    path = tmp_path / "x.toml"
    path.write_bytes('[study]\ntitle = "Évaluation"\n'.encode("latin-1"))
    assert "ligne 2 : le fichier n'est pas en UTF-8" in fault_of(path)


def test_an_absent_file_names_its_neighbours(write):
    path = write(HEAD + PERIMETER, "cchb.toml")
    message = fault_of(path.with_name("cchp.toml"))
    assert message == " : ce fichier d'étude n'existe pas. Valeurs proches\xa0: cchb.toml."


def test_a_folder_is_not_a_study(tmp_path):
    assert "est illisible" in fault_of(tmp_path)


def test_studies_are_listed_by_name(write, tmp_path):
    write("", "b.toml")
    write("", "a.toml")
    write("", "c.txt")
    assert [path.name for path in list_studies(tmp_path)] == ["a.toml", "b.toml"]
    assert list_studies(tmp_path / "absent") == ()


@pytest.mark.parametrize(
    ("kind", "code", "folder"),
    [
        ("epci", "246500482", "246500482"),
        ("region", "75", "region-75"),
        ("departement", "2A", "departement-2a"),
        ("petr", "CR0289", "cr0289"),
        ("ti", "ti-7505", "ti-7505"),
        # the code of a living area is that of a commune
        ("bv", "65059", "bv-65059"),
        ("ti2023", "ti-7505", "ti2023-ti-7505"),
        ("commune", "2A004", "2a004"),
    ],
)
def test_a_code_alone_makes_a_study(kind, code, folder):
    study = study_for_code(kind, code, "Nom")
    assert (study.id, study.title) == (folder, "Nom")
    assert study.perimeter.codes[kind] == (code,)
    assert study.where("perimeter", "epci") == "territoire demandé"


def test_a_malformed_code_alone_is_refused():
    with pytest.raises(
        StudyFileError, match=r'^territoire demandé, \[perimeter\] epci : "12" n\'est pas le code'
    ):
        study_for_code("epci", "12")
