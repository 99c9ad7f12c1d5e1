import zipfile

import pytest

from sources.workbooks import save_workbook
from terrdiag.errors import SourceFormatError
from terrdiag.sources.zonings import name_zone, read_zonings

# The header of the producer, with an older vintage of BV beside the newer one.
HEADER = (
    "CODGEO", "LIBGEO", "DEP", "REG", "EPCI", "NATURE_EPCI", "ARR", "CV", "ZE2020", "UU2020",
    "TUU2017", "TDUU2017", "AAV2020", "TAAV2017", "TDAAV2017", "CATEAAV2020", "BV2012", "BV2022",
)  # fmt: skip


def row(
    code, *, arr="651", cv="6504", ze="7624", uu="65501", aav="115", bv="65059", epci="246500482"
):
    return (
        code, "Nom", code[:2], "76", epci, "CC", arr, cv, ze, uu,
        "3", "31", aav, "2", "20", "11", "65440", bv,
    )  # fmt: skip


COMMUNES = (
    row("65059"),
    row("65440", arr="653", cv="6517"),
    # an island: no EPCI; a rural commune out of the attraction of towns
    row("65222", uu="65000", aav="000", epci="ZZZZZZZZZ"),
    row("2A004", arr="2A1", cv="2A01", ze="9401", uu="2A401", aav="GEN", bv="2A004"),
)
ZONES = (
    ("NIVGEO", "CODGEO", "LIBGEO", "NB_COM"),
    ("ARR", "651", "Bagnères-de-Bigorre", "100"),
    ("ARR", "653", "Tarbes", "100"),
    ("ARR", "2A1", "Ajaccio", "80"),
    ("CV", "6504", "La Haute-Bigorre", "24"),
    ("CV", "6517", "Tarbes-1", "1"),
    ("CV", "2A01", "Ajaccio-1", "1"),
    ("ZE2020", "7624", "Tarbes-Lourdes", "300"),
    ("ZE2020", "9401", "Ajaccio", "80"),
    ("UU2020", "65501", "Bagnères-de-Bigorre", "5"),
    ("UU2020", "65000", "Communes hors unité urbaine", "400"),
    ("UU2020", "2A401", "Ajaccio", "3"),
    ("AAV2020", "115", "Tarbes", "200"),
    ("AAV2020", "000", "Commune hors attraction des villes", "9000"),
    ("AAV2020", "GEN", "Genève - Annemasse (partie française)", "200"),
    ("BV2022", "65059", "Bagnères-de-Bigorre", "30"),
    ("BV2022", "2A004", "Ajaccio", "60"),
    # the same code in another zoning: a code of a zone means nothing alone
    ("BV2012", "65059", "Ancien bassin", "30"),
)
NOTES = ("Note : la commune de Marsannay…", "Source : Insee, code officiel géographique")


@pytest.fixture
def table(tmp_path):
    def save(communes=COMMUNES, zones=ZONES, header=HEADER, name="appartenance-2026.zip", **more):
        sheets = {
            "COM": (header, *communes),
            "ARM": (header, row("75101")),
            "Zones_supra_communales": zones,
        }
        sheets["Variables"] = (("NIVGEO", "LIBELLE"), ("ZE2020", "Zone d'emploi 2020"))
        return save_workbook(tmp_path / name, sheets, notes=NOTES, **more)

    return save


def zones_of(extract, commune):
    rows = extract.table[extract.table["code_commune"] == commune]
    return {row.kind: (row.code, row.nom) for row in rows.itertuples()}


def test_zones_of_communes(table):
    extract = read_zonings(table())
    assert extract.cog_year == 2026
    assert zones_of(extract, "65059") == {
        "arr": ("651", "Arrondissement de Bagnères-de-Bigorre"),
        "cv": ("6504", "Canton de La Haute-Bigorre"),
        "ze": ("7624", "Zone d'emploi de Tarbes-Lourdes"),
        "uu": ("65501", "Unité urbaine de Bagnères-de-Bigorre"),
        "aav": ("115", "Aire d'attraction de Tarbes"),
        "bv": ("65059", "Bassin de vie de Bagnères-de-Bigorre"),
    }
    assert zones_of(extract, "2A004")["aav"] == (
        "GEN",
        "Aire d'attraction de Genève - Annemasse (partie française)",
    )
    assert zones_of(extract, "2A004")["bv"] == ("2A004", "Bassin de vie d'Ajaccio")


def test_what_is_in_no_zone_is_left_out_and_counted(table):
    extract = read_zonings(table())
    assert set(zones_of(extract, "65222")) == {"arr", "cv", "ze", "bv"}
    assert {(one.reason, one.count, one.examples) for one in extract.dropped} == {
        ("zonages d'un millésime plus ancien, présents à côté du plus récent", 1, ("BV2012",)),
        ("UU2020 : communes hors zonage", 1, ("65222",)),
        ("AAV2020 : communes hors zonage", 1, ("65222",)),
    }


def test_arrondissements_of_paris_are_not_read(table):
    assert "75101" not in set(read_zonings(table()).table["code_commune"])


def test_a_later_vintage_is_found_by_its_prefix(table):
    later = {"ZE2020": "ZE2030", "CV": "CANOV"}
    header = [later.get(name, name) for name in HEADER]
    zones = [[later.get(name, name) for name in line] for line in ZONES]
    found = zones_of(read_zonings(table(header=header, zones=zones)), "65059")
    assert found["ze"] == ("7624", "Zone d'emploi de Tarbes-Lourdes")
    assert found["cv"] == ("6504", "Canton de La Haute-Bigorre")


def test_a_zoning_that_lacks_is_named(table):
    header = ["AUTRE" if name == "CV" else name for name in HEADER]
    extract = read_zonings(table(header=header))
    assert "cv" not in set(extract.table["kind"])
    assert ("zonages absents du fichier", ("cv",)) in {
        (d.reason, d.examples) for d in extract.dropped
    }


def test_a_zone_without_a_name_is_named(table):
    extract = read_zonings(table(zones=[line for line in ZONES if line[1] != "7624"]))
    assert zones_of(extract, "65059").keys() == {"arr", "cv", "uu", "aav", "bv"}
    reasons = {d.reason: d.examples for d in extract.dropped}
    assert reasons["ZE2020 : zones sans nom dans Zones_supra_communales"] == ("7624",)


@pytest.mark.parametrize(
    ("name", "stated", "year"),
    [
        ("appartenance-2026.xlsx", "Géographie au 1er janvier 2025", 2025),
        ("table-appartenance-geo-communes-2024.zip", "Communes", 2024),
    ],
)
def test_year(table, name, stated, year):
    assert read_zonings(table(name=name, stated=stated)).cog_year == year


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"communes": (row("1004"),)}, "colonne CODGEO : 1 code.*« 1004 »"),
        ({"communes": (row("01004", ze="51"),)}, "colonne ZE2020 : 1 code.*« 51 »"),
        ({"communes": (row("65059"), row("65059"))}, "en double .*65059"),
        ({"communes": ()}, "feuille COM : aucune ligne"),
        (
            {"zones": (("NIVEAU", "CODGEO", "LIBGEO"), ("ZE2020", "1", "A"))},
            "colonne absente : NIVGEO",
        ),
        ({"header": ["CODGEO", *(f"X{n}" for n in range(17))]}, "aucun zonage"),
        ({"header": ["CODE", *HEADER[1:]]}, "aucune ligne d'en-tête avec « CODGEO »"),
        ({"name": "sans-annee.xlsx", "stated": "Communes"}, "l'année du découpage"),
    ],
)
def test_refused(table, change, message):
    with pytest.raises(SourceFormatError, match=message):
        read_zonings(table(**change))


def test_another_workbook(tmp_path):
    path = save_workbook(
        tmp_path / "autre-2026.xlsx", {"Feuil1": (("CODGEO", "X"), ("65059", "1"))}
    )
    with pytest.raises(SourceFormatError, match=r"feuille absente : COM, .*trouvées : Feuil1"):
        read_zonings(path)


def test_truncated(table):
    path = table(name="appartenance-2026.xlsx")
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(SourceFormatError, match="tronqué ou abîmé"):
        read_zonings(path)


def test_archive_without_a_workbook(tmp_path):
    path = tmp_path / "a-2026.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("lisez-moi.txt", "rien")
    with pytest.raises(SourceFormatError, match=r"lisez-moi\.txt"):
        read_zonings(path)


def test_page_instead_of_archive(write):
    with pytest.raises(SourceFormatError, match=r"page HTML.*« Erreur 404 »"):
        read_zonings(write("a-2026.zip", "<html><title>Erreur 404</title>"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Évreux", "Zone d'emploi d'Évreux"),
        ("Œting", "Zone d'emploi d'Œting"),
        ("Les Sables-d'Olonne", "Zone d'emploi des Sables-d'Olonne"),
        ("Le Puy-en-Velay", "Zone d'emploi du Puy-en-Velay"),
        ("Lens", "Zone d'emploi de Lens"),
        ("L'Isle-Adam", "Zone d'emploi de L'Isle-Adam"),
    ],
)
def test_names(name, expected):
    assert name_zone("Zone d'emploi", name) == expected
