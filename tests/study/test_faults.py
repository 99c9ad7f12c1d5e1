"""Lines of keys, and what is said of repeated tables, nested tables and lists of tables."""

import datetime as dt
import itertools
import json

import pytest

from terrdiag.errors import StudyFileError
from terrdiag.study import load_study
from terrdiag.study.lines import find_line, find_lines, word_place
from terrdiag.study.model import StudyFile


def test_lines_of_tables_and_keys():
    text = "\n".join(
        [
            "# commentaire = 1",
            "[study]  # x",
            'id = "x"',
            "",
            "[ perimeter ]",
            "communes = [",
            '  "65059",  # a = b',
            "]",
            'name="y"',
            "[[claims]]",
            "text = '''",
            "[expect]",
            "communes = 3",
            "'''",
            "[expect]",
            '"communes" = 3',
        ]
    )
    assert find_lines(text) == {
        ("study",): 2,
        ("study", "id"): 3,
        ("perimeter",): 5,
        ("perimeter", "communes"): 6,
        ("perimeter", "communes", "0"): 7,
        ("perimeter", "name"): 9,
        ("claims",): 10,
        ("claims", "0"): 10,
        ("claims", "0", "text"): 11,
        ("expect",): 15,
        ("expect", "communes"): 16,
    }


def test_lines_of_dotted_keys():
    assert find_lines('study.id = "x"\nstudy.title = "X"\n') == {
        ("study",): 1,
        ("study", "id"): 1,
        ("study", "title"): 2,
    }


REPEATED = """\
[perimeter]
epci = ["a", "b",
  "c"]
[[perimeter.history]]
date = 2018-01-01
[[perimeter.history]]
source = "x ] , [ # non"   # [[oui]]
[[claims]]
value = 1
[claims.more]
x = [[1, 2],
     [3, 4]
]
y = '''
z = [1,'''
[[claims]]
value = [ { a = 1, b = [1, 2] }, { a = 2 },
  { a = 3 } ]
[relief.transect]
points = [
  # [0, 0],
  [0.1, 43.2],
  [0.2, 43.1]
]
name = "fin"
"""


def test_lines_of_repeated_tables_and_of_items():
    assert find_lines(REPEATED) == {
        ("perimeter",): 1,
        ("perimeter", "epci"): 2,
        ("perimeter", "epci", "0"): 2,
        ("perimeter", "epci", "1"): 2,
        ("perimeter", "epci", "2"): 3,
        ("perimeter", "history"): 4,
        ("perimeter", "history", "0"): 4,
        ("perimeter", "history", "0", "date"): 5,
        ("perimeter", "history", "1"): 6,
        ("perimeter", "history", "1", "source"): 7,
        ("claims",): 8,
        ("claims", "0"): 8,
        ("claims", "0", "value"): 9,
        ("claims", "0", "more"): 10,
        ("claims", "0", "more", "x"): 11,
        ("claims", "0", "more", "x", "0"): 11,
        ("claims", "0", "more", "x", "1"): 12,
        ("claims", "0", "more", "y"): 14,
        ("claims", "1"): 16,
        ("claims", "1", "value"): 17,
        ("claims", "1", "value", "0"): 17,
        ("claims", "1", "value", "1"): 17,
        ("claims", "1", "value", "2"): 18,
        ("relief",): 19,
        ("relief", "transect"): 19,
        ("relief", "transect", "points"): 20,
        ("relief", "transect", "points", "0"): 22,
        ("relief", "transect", "points", "1"): 23,
        ("relief", "transect", "name"): 25,
    }


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("claims", 1, "value"), 17),
        (("claims", 1, "value", 2, "a"), 18),
        (("claims", 0, "document"), 8),
        (("claims", 7), 8),
        (("expect", "communes"), 0),
        ((), 0),
    ],
)
def test_the_line_of_what_is_absent_is_that_of_what_holds_it(path, line):
    assert find_line(path, find_lines(REPEATED)) == line


def test_a_place_is_named_as_the_file_writes_it():
    assert word_place(("perimeter", "history", 0, "date")) == "[[perimeter.history]] n° 1, date"
    assert word_place(("claims", 0)) == "[[claims]] n° 1"


@pytest.mark.parametrize("table", StudyFile.model_fields)
def test_each_table_is_described_for_editors(table):
    assert StudyFile.model_fields[table].description


HEAD = '[study]\nid = "x"\ntitle = "X"\n[perimeter]\nepci = ["246500482"]\n'
EVENT = '[[perimeter.history]]\ndate = 2018-01-01\ncommune = "65222"\n'
CLAIM = '[[claims]]\ntext = "T"\ndocument = "D"\nindicator = "jobs"\nvalue = 1\n'


@pytest.fixture
def fault_of(tmp_path):
    def read(text: str) -> str:
        path = tmp_path / "x.toml"
        path.write_text(HEAD + text, encoding="utf-8")
        with pytest.raises(StudyFileError) as caught:
            load_study(path)
        return str(caught.value).removeprefix(f"{path}, ")

    return read


NESTED = [
    # the n-th table, its keys, what it lacks
    (
        CLAIM + CLAIM + "colour = 3\n" + CLAIM,
        "ligne 16, [[claims]] n° 2, colour",
        "clé inconnue. Valeurs possibles : text, document,",
    ),
    (
        CLAIM + CLAIM.replace("text", "txt"),
        "ligne 12, [[claims]] n° 2, txt",
        "clé inconnue. Valeurs proches\xa0: text.",
    ),
    (
        CLAIM + '[[claims]]\ntext = "T"\n',
        "ligne 11, [[claims]] n° 2, document",
        "absent ; c'est obligatoire.",
    ),
    (
        CLAIM + 'relation = "~"\n',
        "ligne 11, [[claims]] n° 1, relation",
        'valeur inconnue : attendu "=", ">" ou "<", trouvé "~".',
    ),
    (CLAIM + "year = 18\n", "ligne 11, [[claims]] n° 1, year", "attendu un nombre supérieur ou égal à 1900"),
    (
        "[claims]\n",
        "ligne 6, [claims]",
        "attendu des tables répétées : une ligne « [[claims]] » avant chacune, puis une clé par ligne.",
    ),
    (
        'claims = "T"\n'.replace("claims", "history"),
        "ligne 6, [perimeter] history",
        "attendu des tables répétées : une ligne « [[perimeter.history]] » avant chacune",
    ),
    (
        'history = ["T"]\n',
        "ligne 6, [[perimeter.history]] n° 1",
        "attendu une table : une ligne « [perimeter.history] »",
    ),
    # history
    (EVENT + 'source = "S"\n', "ligne 6, [[perimeter.history]] n° 1", "indiquez into (EPCI d'arrivée), out_of"),
    (
        EVENT + 'source = "S"\ninto = "246500482"\nout_of = "246500482"\n',
        "ligne 6, [[perimeter.history]] n° 1",
        "into et out_of sont le même EPCI.",
    ),
    (
        EVENT + 'source = "S"\ninto = "246500482"\n' + EVENT.replace("65222", "6522"),
        "ligne 13, [[perimeter.history]] n° 2, commune",
        "\"6522\" a perdu ses zéros de gauche : écrivez \"06522\".",
    ),
    (
        (
            'history = [\n  { date = 2018-01-01, commune = "65222", into = "246500482", source = "S" },\n'
            '  { date = 2018-01-01, commune = "65222", into = "24650048", source = "S" },\n]\n'
        ),
        "ligne 8, [[perimeter.history]] n° 2, into",
        '"24650048" a perdu ses zéros de gauche : écrivez "024650048".',
    ),
    # other dates
    ("compare_dates = 2019-01-01\n", "ligne 6, [perimeter] compare_dates", "attendu une liste entre crochets"),
    (
        "compare_dates = [2019-01-01,\n 2019-01-01]\n",
        "ligne 6, [perimeter] compare_dates",
        "2019-01-01 est donné deux fois.",
    ),
    (
        "compare_dates = [2019-01-01,\n 2019]\n",
        "ligne 7, [perimeter] compare_dates",
        "attendu une date AAAA-MM-JJ, comme 2026-01-01.",
    ),
    # named comparators
    (
        '[comparators]\ninclude = [\n"france",\n{ nom = "A", of = "region:76" }]\n',
        "ligne 9, [comparators] include, name",
        "absent ; c'est obligatoire.",
    ),
    (
        '[comparators]\ninclude = ["france",\n{ name = "A", of = "region:7" }]\n',
        "ligne 8, [comparators] include, of",
        '"7" a perdu ses zéros de gauche : écrivez "07".',
    ),
    # nested tables
    (
        '[relief.transect]\nname = "N"\npoint = 3\npoints = [[0.1, 43.2], [0.2, 43.1]]\n',
        "ligne 8, [relief.transect] point",
        "clé inconnue. Valeurs proches\xa0: points.",
    ),
    (
        '[relief.transect]\nname = "N"\npoints = [\n[0.1, 43.2],\n[43.1, 0.2]]\n',
        "ligne 10, [relief.transect] points",
        "[43.1, 0.2] est hors de France",
    ),
    ("[relief]\ntransect = 3\n", "ligne 7, [relief] transect", "attendu une table : une ligne « [relief.transect] »"),
    ('[relief]\ndem_is_surface = "oui"\n', "ligne 7, [relief] dem_is_surface", "attendu true ou false"),
    ("[[expect]]\ncommunes = 3\n", "ligne 6, [expect]", "attendu une table : une ligne « [expect] »"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place", "message"), NESTED)
def test_what_is_wrong_in_a_nested_table_is_said_with_its_line(fault_of, text, place, message):
    assert f"{place} : {message}" in fault_of(text)


VALUES = {
    "text": '"é"',
    "number": "-1",
    "decimal": "1.5e9",
    "boolean": "true",
    "date": dt.date(2018, 1, 1).isoformat(),
    "list": "[[]]",
    "table": "{ x = 1 }",
}
TABLES = [
    *(((name,), False) for name in ("study", "perimeter", "comparators", "expect", "relief")),
    (("claims",), True),
    (("perimeter", "history"), True),
    (("relief", "transect"), False),
]


def keys_of(path) -> list[str]:
    schema = json.loads(json.dumps(StudyFile.model_json_schema()))
    table = schema
    for name in path:
        said = table["properties"][name]
        said = next(iter(said.get("anyOf", [said])))
        reference = said.get("$ref") or said["items"]["$ref"]
        table = schema["$defs"][reference.rpartition("/")[2]]
    return list(table["properties"])


CASES = [
    (path, repeated, key, value)
    for (path, repeated), value in itertools.product(TABLES, VALUES)
    for key in keys_of(path)
]


@pytest.mark.parametrize(("path", "repeated", "key", "value"), CASES)
def test_every_value_of_every_key_is_answered_in_french(tmp_path, path, repeated, key, value):
    header = f"[[{'.'.join(path)}]]" if repeated else f"[{'.'.join(path)}]"
    path_of_file = tmp_path / "x.toml"
    path_of_file.write_text(f"{header}\n{key} = {VALUES[value]}\n", encoding="utf-8")
    with pytest.raises(StudyFileError) as caught:
        load_study(path_of_file)
    said = str(caught.value)
    for english in ("Input", "should", "valid ", "type=", "valeur refusée", "None", "Decimal("):
        assert english not in said
