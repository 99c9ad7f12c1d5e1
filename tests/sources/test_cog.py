import datetime as dt
import io
import zipfile

import pandas as pd
import pytest

from terrdiag.edition.crosswalk import communes_at
from terrdiag.errors import SourceFormatError, SourceUnavailableError
from terrdiag.sources import cog

HEADER = "TYPECOM,COM,REG,DEP,CTCD,ARR,TNCC,NCC,NCCENR,LIBELLE,CAN,COMPARENT\r\n"
COMMUNES = HEADER + (
    "COM,65059,76,65,65D,652,0,BAGNERES DE BIGORRE,Bagnères,Bagnères-de-Bigorre,6504,\r\n"
    "COM,2A004,94,2A,20R,2A1,1,AJACCIO,Ajaccio,Ajaccio,2A99,\r\n"
    "COM,01015,84,01,01D,011,0,ARBOYS EN BUGEY,Arboys en Bugey,Arboys en Bugey,0104,\r\n"
    "COMD,01015,,,,,1,ARBIGNIEU,Arbignieu,Arbignieu,,01015\r\n"
    "COMA,01120,,,,,0,CUZIEU,Cuzieu,Cuzieu,,01138\r\n"
    "ARM,13202,93,13,13D,133,0,MARSEILLE 02,Marseille 2e,Marseille 2e,1399,13055\r\n"
    "ARM,13201,93,13,13D,133,0,MARSEILLE 01,Marseille 1er,Marseille 1er,1399,13055\r\n"
)
EVENT_HEADER = (
    "MOD,DATE_EFF,TYPECOM_AV,COM_AV,TNCC_AV,NCC_AV,NCCENR_AV,LIBELLE_AV,"
    "TYPECOM_AP,COM_AP,TNCC_AP,NCC_AP,NCCENR_AP,LIBELLE_AP\r\n"
)


def event(kind, date, before, after, before_type="COM", after_type="COM"):
    return (
        f"{kind},{date},{before_type},{before},0,N,n,nom {before},"
        f"{after_type},{after},0,N,n,nom {after}\r\n"
    )


EVENTS = EVENT_HEADER + "".join(
    [
        # 2024: « Les Hauts-Talican » splits; one of its communes keeps the code
        event(21, "2024-01-01", "60054", "60054"),
        event(21, "2024-01-01", "60054", "60694"),
        event(21, "2024-01-01", "60694", "60694", before_type="COMD"),
        # 2019: 60694 had merged into 60054
        event(32, "2019-01-01", "60054", "60054"),
        event(32, "2019-01-01", "60694", "60054"),
        event(32, "2019-01-01", "60694", "60694", after_type="COMD"),
        # 2023: the seat, and so the code, moves
        event(50, "2023-01-01", "27058", "27676"),
        event(20, "2007-01-01", "", "97123", before_type=""),
        event(30, "2007-02-22", "97127", "", after_type=""),
    ]
)


def test_communes(write):
    extract = cog.read_communes(write("c.csv", COMMUNES))
    expected = pd.DataFrame(
        {
            "code_commune": ["01015", "2A004", "65059"],
            "nom": ["Arboys en Bugey", "Ajaccio", "Bagnères-de-Bigorre"],
            "code_departement": ["01", "2A", "65"],
            "code_region": ["84", "94", "76"],
        }
    )
    pd.testing.assert_frame_equal(extract.table, expected, check_dtype=False)
    assert extract.cog_year == 2026
    assert [(left.count, left.examples) for left in extract.dropped] == [
        (1, ("01015",)),
        (1, ("01120",)),
        (2, ("13201", "13202")),
    ]


def test_arrondissements(write):
    table = cog.read_arrondissements_municipaux(write("c.csv", COMMUNES)).table
    assert table["code_arrondissement"].tolist() == ["13201", "13202"]
    assert table["code_commune"].tolist() == ["13055", "13055"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("COM,2A004,", "COM,65059,"), "1 clé.* en double .*65059"),
        (("COM,01015,84", "COM,1015,84"), "mal formé.*« 1015 »"),
        (("COM,65059,76,65", "COM,65059,76,"), "sans département ou sans région : 65059"),
        (("COMA,", "COMX,"), "TYPECOM : valeur inconnue : COMX"),
    ],
)
def test_communes_refused(write, change, message):
    with pytest.raises(SourceFormatError, match=message):
        cog.read_communes(write("c.csv", COMMUNES.replace(*change)))


def test_no_arrondissement(write):
    text = "".join(line for line in COMMUNES.splitlines(True) if not line.startswith("ARM"))
    with pytest.raises(SourceFormatError, match="aucun arrondissement"):
        cog.read_arrondissements_municipaux(write("c.csv", text))


def test_upper_levels(write):
    text = "DEP,REG,CHEFLIEU,TNCC,NCC,NCCENR,LIBELLE\r\n2A,94,2A004,3,CORSE,Corse,Corse-du-Sud\r\n"
    departements = cog.read_departements(
        write("d.csv", text + "01,84,01053,5,AIN,Ain,Ain\r\n")
    ).table
    assert departements.to_numpy().tolist() == [["01", "Ain", "84"], ["2A", "Corse-du-Sud", "94"]]
    regions = cog.read_regions(
        write("r.csv", "REG,CHEFLIEU,TNCC,NCC,NCCENR,LIBELLE\n76,31555,1,OCCITANIE,O,Occitanie\n")
    ).table
    assert regions.to_numpy().tolist() == [["76", "Occitanie"]]


def test_events(write):
    extract = cog.read_events(write("e.csv", EVENTS))
    got = extract.table[["date", "kind", "code_before", "code_after"]]
    assert [(f"{d:%Y}", k, b, a) for d, k, b, a in got.itertuples(index=False)] == [
        ("2019", 32, "60054", "60054"),
        ("2019", 32, "60694", "60054"),
        ("2023", 50, "27058", "27676"),
        ("2024", 21, "60054", "60054"),
        ("2024", 21, "60054", "60694"),
    ]
    assert extract.table["nom_before"].iloc[1] == "nom 60694"
    assert [(left.count, left.examples) for left in extract.dropped] == [
        (1, ("97123",)),
        (1, ("97127",)),
        (2, ()),
    ]


def test_bad_kind(write):
    with pytest.raises(SourceFormatError, match="colonne MOD : 1 code"):
        cog.read_events(write("e.csv", EVENTS.replace("50,2023", "L,2023")))


@pytest.mark.parametrize("date", ["2019", "01/01/2019", ""])
def test_bad_date(write, date):
    with pytest.raises(SourceFormatError, match="DATE_EFF : date illisible"):
        cog.read_events(write("e.csv", EVENTS.replace("2019-01-01", date)))


@pytest.mark.parametrize(
    ("date", "codes"),
    [
        (dt.date(2018, 12, 31), {"60054", "60694", "27058"}),
        (dt.date(2019, 1, 1), {"60054", "27058"}),
        (dt.date(2023, 1, 1), {"60054", "27676"}),
        (dt.date(2024, 1, 1), {"60054", "60694", "27676"}),
    ],
)
def test_codes_at(write, date, codes):
    events = cog.read_events(write("e.csv", EVENTS)).table
    communes = pd.DataFrame({"code_commune": ["60054", "60694", "27676"]})
    assert communes_at(date, communes["code_commune"], events) == codes


UPPER = {
    "v_departement_2026.csv": "DEP,REG,CHEFLIEU,TNCC,NCC,NCCENR,LIBELLE\r\n01,84,01053,5,AIN,Ain,Ain\r\n",
    "v_region_2026.csv": "REG,CHEFLIEU,TNCC,NCC,NCCENR,LIBELLE\r\n76,31555,1,OCCITANIE,O,Occitanie\r\n",
}
MEMBERS = {
    "v_commune_2026.csv": COMMUNES,
    "v_mvt_commune_2026.csv": EVENTS,
    **UPPER,
    # two that resemble the communes of the year, and are not
    "v_commune_depuis_1943.csv": "COM\r\n01001\r\n",
    "v_commune_comer_2026.csv": "COM_COMER\r\n97501\r\n",
}
READERS = {
    "v_commune_2026.csv": cog.read_communes,
    "v_mvt_commune_2026.csv": cog.read_events,
    "v_departement_2026.csv": cog.read_departements,
    "v_region_2026.csv": cog.read_regions,
}


@pytest.fixture
def write_archive(write):
    def write_members(members, name="cog_ensemble_2026_csv.zip"):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for member, text in members.items():
                archive.writestr(member, text)
        return write(name, buffer.getvalue())

    return write_members


class TestArchive:
    @pytest.mark.parametrize("member", READERS)
    def test_same_as_the_file_alone(self, write, write_archive, member):
        expected = READERS[member](write(member, MEMBERS[member]))
        found = READERS[member](write_archive(MEMBERS))
        pd.testing.assert_frame_equal(found.table, expected.table)
        assert found.dropped == expected.dropped
        assert found.files[0].name == "cog_ensemble_2026_csv.zip"

    def test_arrondissements(self, write_archive):
        table = cog.read_arrondissements_municipaux(write_archive(MEMBERS)).table
        assert table["code_arrondissement"].tolist() == ["13201", "13202"]

    def test_without_its_member(self, write_archive):
        path = write_archive({"v_region_2026.csv": UPPER["v_region_2026.csv"]})
        with pytest.raises(SourceFormatError, match=r"v_commune.* n'est pas dans l'archive"):
            cog.read_communes(path)

    def test_of_another_year(self, write_archive):
        path = write_archive({"v_commune_2025.csv": COMMUNES}, "cog_ensemble_2025_csv.zip")
        with pytest.raises(
            SourceFormatError, match=r"officiel géographique de 2025 .* 2026 est attendu"
        ):
            cog.read_communes(path)


def test_the_file_of_a_kind_wins_over_the_archive(tmp_path):
    names = ["cog_ensemble_2026_csv.zip", "v_mvt_commune_2026.csv", "v_commune_2026.csv"]
    paths = [tmp_path / name for name in names]
    found = {kind: cog.find_file(paths, kind).name for kind in ("commune", "mvt_commune", "region")}
    assert found == {
        "commune": "v_commune_2026.csv",
        "mvt_commune": "v_mvt_commune_2026.csv",
        "region": "cog_ensemble_2026_csv.zip",
    }
    with pytest.raises(SourceUnavailableError, match=r"v_commune_AAAA\.csv est absent.*rien"):
        cog.find_file([], "commune")


@pytest.mark.parametrize(
    ("reader", "name", "text"),
    [
        (cog.read_communes, "v_commune_2025.csv", COMMUNES),
        (cog.read_events, "v_mvt_commune_2027.csv", EVENTS),
        (cog.read_regions, "v_region_2024.csv", UPPER["v_region_2026.csv"]),
    ],
)
def test_another_year_is_refused(write, reader, name, text):
    with pytest.raises(SourceFormatError, match=rf"de {name[-8:-4]} .* celui de 2026 est attendu"):
        reader(write(name, text))


def test_an_event_of_a_later_file_is_refused(write):
    text = EVENTS + event(32, "2027-01-01", "65059", "65016")
    with pytest.raises(SourceFormatError, match=r"événement du 01/01/2027 est postérieur"):
        cog.read_events(write("e.csv", text))


@pytest.fixture(scope="module")
def communes(mirror):
    return cog.read_communes(mirror / "insee/cog/v_commune_2026.csv")


@pytest.fixture(scope="module")
def events(mirror):
    return cog.read_events(mirror / "insee/cog/v_mvt_commune_2026.csv").table


@pytest.mark.mirror
class TestMirror:
    def test_counts(self, mirror, communes):
        assert len(communes.table) == 34_875
        assert [left.count for left in communes.dropped] == [2105, 471, 45]
        cities = cog.read_arrondissements_municipaux(communes.files[0]).table
        assert cities["code_commune"].value_counts().to_dict() == {
            "75056": 20,
            "13055": 16,
            "69123": 9,
        }
        assert len(cog.read_departements(mirror / "insee/cog/v_departement_2026.csv").table) == 101
        assert len(cog.read_regions(mirror / "insee/cog/v_region_2026.csv").table) == 18

    # Counts published by INSEE for each 1 January.
    @pytest.mark.parametrize(
        ("year", "count"),
        [(2018, 35_357), (2019, 34_970), (2020, 34_968), (2021, 34_965), (2022, 34_955),
         (2023, 34_945), (2024, 34_935), (2025, 34_875), (2026, 34_875)],
    )  # fmt: skip
    def test_events_lead_back_to_the_published_counts(self, communes, events, year, count):
        assert (
            len(communes_at(dt.date(year, 1, 1), communes.table["code_commune"], events)) == count
        )
