"""Files put by hand are recognised by their name, else by what they hold."""

import io
import zipfile

import pytest

from terrdiag.catalogue.load import load_sources
from terrdiag.catalogue.models import SourceFile
from terrdiag.sources.download.inbox import find_in_inbox


def expect(path, columns=("code", "n"), **fields):
    return SourceFile(**{"path": path, "content": "csv", "columns": columns} | fields)


COMMUNES = expect(
    "insee/cog/v_commune_2026.csv",
    ("COM", "NCC"),
    address="https://www.insee.fr/fichier/1/communes%202026.csv",
    alternatives=("https://archive.fr/copie.csv?d=1",),
    names=("cog*communes*.csv",),
)
DEPARTEMENTS = expect("insee/cog/v_departement_2026.csv", ("DEP", "REG"))
ARRONDISSEMENTS = expect("insee/cog/v_arrondissement_2026.csv", ("ARR", "DEP", "REG"))
REGISTER = [COMMUNES, DEPARTEMENTS, ARRONDISSEMENTS]


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()

    def put(name, text="a,b\n1,2\n"):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    put.folder = folder
    return put


def find(inbox, files=REGISTER):
    return find_in_inbox(inbox.folder, files)


def test_no_inbox(tmp_path):
    assert find_in_inbox(tmp_path / "inbox", REGISTER).found == {}


@pytest.mark.parametrize(
    "name",
    [
        "v_commune_2026.csv",
        "V_COMMUNE_2026.CSV",
        "v_commune_2026 (1).csv",
        "communes 2026.csv",
        "copie.csv",
        "cog-2026-communes-v2.csv",
        "téléchargé/v_commune_2026.csv",
    ],
)
def test_by_name(inbox, name):
    path = inbox(name)
    assert find(inbox).found == {COMMUNES.path: path}


@pytest.mark.parametrize(
    "name",
    [
        "ADE-COG-CARTO_4-0_GPKG_WGS84G_FRA-ED2026-01-01.gpkg",
        "ADMIN-EXPRESS-COG-CARTO_4-0.gpkg",
        "commune (1).gpkg",
    ],
)
def test_geopackage_of_admin_express(inbox, name):
    path = inbox(name, b"SQLite format 3\x00")
    register = [file for one in load_sources().values() for file in one.every_file]
    assert find(inbox, register).found == {"ign/admin-express-cog-carto-2026/commune.gpkg": path}


def test_by_header(inbox):
    path = inbox("n'importe quoi.csv", "COM,NCC\n1,a\n")
    assert find(inbox).found == {COMMUNES.path: path}


def test_the_most_telling_header(inbox):
    """An arrondissement has all the columns of a département, and one more."""
    path = inbox("x.csv", "ARR,DEP,REG\n651,65,76\n")
    assert find(inbox).found == {ARRONDISSEMENTS.path: path}
    other = inbox("y.csv", "DEP,REG\n65,76\n")
    assert find(inbox).found == {ARRONDISSEMENTS.path: path, DEPARTEMENTS.path: other}


def test_by_member_of_an_archive(inbox):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("base-2022.csv", "code,n\n1,2\n")
    path = inbox("telechargement.zip", buffer.getvalue())
    file = expect("a/base_2022.zip", content="zip", member="base-2022*")
    other = expect("a/base_2021.zip", content="zip", member="base-2021*")
    assert find(inbox, [other, file]).found == {"a/base_2022.zip": path}


def test_same_name_for_two_vintages(inbox):
    """The producer rewrites the same address: the columns tell which edition it is."""
    address = "https://www.insee.fr/fichier/2521169/base.csv"
    editions = [
        expect(f"insee/base_{year}.csv", ("CODGEO", f"P{year}_POP"), address=address)
        for year in (18, 22)
    ]
    path = inbox("base.csv", "CODGEO,P22_POP\n01001,12\n")
    assert find(inbox, editions).found == {"insee/base_22.csv": path}


def test_several_files_of_the_register(inbox):
    inbox("x.csv", "code,n\n1,2\n")
    found = find(inbox, [expect("a/un.csv"), expect("a/deux.csv")])
    assert found.found == {}
    assert "a/un.csv ou a/deux.csv" in found.refused["x.csv"]


def test_two_for_one(inbox):
    inbox("v_commune_2026.csv", "COM,NCC\n1,a\n")
    inbox("v_commune_2026 (1).csv", "COM,NCC\n1,b\n")
    found = find(inbox)
    assert found.found == {}
    assert len(found.refused) == 2
    assert "n'en gardez qu'un" in found.refused["v_commune_2026.csv"]
    inbox("v_commune_2026 (1).csv", "COM,NCC\n1,a\n")  # twice the same: no doubt
    assert find(inbox).found


@pytest.mark.parametrize("name", ["photo.jpg", "communes"])
def test_unknown(inbox, name):
    """« communes » is the last word of an address that names no file."""
    api = expect("a/communes.csv", address="https://geo.api.gouv.fr/communes?format=csv")
    inbox(name, b"\x00\x01")
    found = find(inbox, [*REGISTER, api])
    assert found.found == {}
    assert "n'est reconnu ni à son nom" in found.refused[name]


def test_nothing_to_recognise_by(inbox):
    inbox("x.csv")
    assert "x.csv" in find(inbox, [expect("a/b.csv", columns=())]).refused


def test_ignored(inbox):
    inbox(".gitkeep")
    inbox("README.md", "bonjour")
    assert find(inbox).refused == {}
