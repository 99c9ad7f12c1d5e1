import datetime as dt
import io
import zipfile

import numpy as np
import pandas as pd
import pytest

from terrdiag.edition.crosswalk import communes_at
from terrdiag.errors import SourceFormatError
from terrdiag.sources import cog
from terrdiag.sources.comparateur import ARRONDISSEMENTS, read_comparateur, read_current

# One row as published (figures rounded): header and cells side by side.
ROW = {
    "CODGEO": "65016",
    "P22_POP": "187",
    "P16_POP": "171",
    "SUPERF": "2.43",
    "NAIS1621": "8",
    "DECE1621": "5",
    "P22_MEN": "68.3",
    "P22_LOG": "78.9",
    "P22_RP": "68.3",
    "P22_RSECOCC": "8",
    "P22_LOGVAC": "2.6",
    "MED21": "24680",
    "P22_EMPLT": "5.8",
    "P22_EMPLT_SAL": "3.8",
    "P16_EMPLT": "8.5",
    "P22_POP1564": "107.8",
    "P22_CHOM1564": "4.9",
    "P22_ACT1564": "90.0",
    "ETTOT24": "4",
    "ETAZ24": "1",
    "ETBE24": "0",
    "ETFZ24": "0",
    "ETGU24": "2",
    "ETOQ24": "1",
}
NAMES, ANTIST = list(ROW), list(ROW.values())
EXPECTED = {
    "P22_POP": ("population", 2022),
    "P16_POP": ("population", 2016),
    "NAIS1621": ("births", 2022),
    "DECE1621": ("deaths", 2022),
    "P22_LOG": ("dwellings", 2022),
    "P22_RP": ("main_homes", 2022),
    "P22_RSECOCC": ("second_homes", 2022),
    "P22_LOGVAC": ("vacant_homes", 2022),
    "MED21": ("median_income_eur", 2021),
    "P22_EMPLT": ("jobs_total", 2022),
    "P22_EMPLT_SAL": ("jobs_salaried", 2022),
    "P16_EMPLT": ("jobs_total", 2016),
    "P22_POP1564": ("population_1564", 2022),
    "P22_CHOM1564": ("unemployed_1564", 2022),
    "P22_ACT1564": ("active_1564", 2022),
    "ETTOT24": ("establishments_total", 2024),
    "ETAZ24": ("establishments_agriculture", 2024),
    "ETBE24": ("establishments_industry", 2024),
    "ETFZ24": ("establishments_construction", 2024),
    "ETGU24": ("establishments_trade_services", 2024),
    "ETOQ24": ("establishments_administration", 2024),
}
SOURCE = "insee-comparateur-2022-haute-bigorre"


def make_csv(*rows, names=NAMES):
    return "\r\n".join(";".join(row) for row in (names, *rows)) + "\r\n"


def with_cells(**cells):
    return [cells.get(name, cell) for name, cell in zip(NAMES, ANTIST, strict=True)]


def read(write, *rows, names=NAMES):
    return read_comparateur(write("c.csv", make_csv(*rows, names=names)), SOURCE)


def test_every_variable_and_its_year(write):
    extract = read(write, ANTIST)
    got = {(row.variable, row.ref_year): row.value for row in extract.table.itertuples(index=False)}
    cells = dict(zip(NAMES, ANTIST, strict=True))
    assert got == {key: float(cells[column]) for column, key in EXPECTED.items()}
    assert extract.intervals == ((2016, 2022),)


def test_years_follow_the_names_of_the_columns(write):
    older = {"22": "18", "16": "13", "24": "18", "MED21": "MED19"}
    names = [
        name.replace("NAIS1621", "NAIS1318").replace("DECE1621", "DECE1318")
        if name[:4] in {"NAIS", "DECE"}
        else next((name.replace(new, old) for new, old in older.items() if new in name), name)
        for name in NAMES
    ]
    extract = read(write, ANTIST, names=names)
    years = extract.table.groupby("variable")["ref_year"].unique().map(sorted).to_dict()
    assert years["population"] == years["jobs_total"] == [2013, 2018]
    assert years["births"] == years["establishments_total"] == years["dwellings"] == [2018]
    assert years["median_income_eur"] == [2019]
    assert extract.intervals == ((2013, 2018),)


def test_secret_and_missing(write):
    extract = read(write, with_cells(MED21="s", P16_EMPLT="", P22_LOGVAC="2,6"))
    rows = extract.table.set_index(["variable", "ref_year"])
    assert rows.loc[("median_income_eur", 2021), "status"] == "secret"
    assert rows.loc[("jobs_total", 2016), "status"] == "missing"
    assert rows.loc[("vacant_homes", 2022), ["value", "status"]].tolist() == [2.6, "ok"]
    assert (rows["value"].isna() == (rows["status"] != "ok")).all()
    assert [(left.reason, left.examples) for left in extract.dropped] == [
        ("valeurs non renseignées : jobs_total 2016", ("65016",)),
        ("valeurs sous secret statistique : median_income_eur 2021", ("65016",)),
    ]


def test_arrondissements_are_left_out(write):
    extract = read(write, with_cells(CODGEO="75101"), with_cells(CODGEO="75056"))
    assert set(extract.table["code"]) == {"75056"}
    assert extract.dropped[0].examples == ("75101",)


def test_zip_of_the_producer(write):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("base_cc_comparateur.CSV", make_csv(ANTIST))
        archive.writestr("meta_base_cc_comparateur.CSV", "COD_VAR;LIB_VAR\r\n")
    path = write("c.zip", buffer.getvalue())
    expected = read(write, ANTIST).table
    pd.testing.assert_frame_equal(read_comparateur(path, SOURCE).table, expected)
    with pytest.raises(SourceFormatError, match="zip tronquée"):
        read_comparateur(write("c.zip", buffer.getvalue()[:-9]), SOURCE)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"CODGEO": "6516"}, "colonne CODGEO.*« 6516 »"),
        ({"P22_LOG": "78 9"}, "ligne 2, colonne P22_LOG : « 78 9 »"),
        ({"ETTOT24": "-1"}, "colonne ETTOT24 : « -1 » est hors"),
        ({"ETTOT24": "6"}, "establishments_total n'est pas la somme .* 65016"),
        ({"P22_RP": "60"}, "dwellings n'est pas la somme"),
    ],
)
def test_refused(write, cells, message):
    with pytest.raises(SourceFormatError, match=message):
        read(write, with_cells(**cells))


def test_parts_that_do_not_make_their_total(write):
    """One commune of 200: its homes are not known, the rest is as it was."""
    rows = [with_cells(CODGEO=f"65{number:03}") for number in range(1, 200)]
    extract = read(write, with_cells(CODGEO="65999", P22_RP="60"), *rows)
    homes = {"dwellings", "main_homes", "second_homes", "vacant_homes"}
    statuses = extract.table.set_index(["code", "variable"])["status"]
    assert {name for name, one in statuses["65999"].items() if one == "missing"} == homes
    assert set(statuses["65001"]) == {"ok"}
    assert extract.dropped[0].reason.startswith("communes dont dwellings n'est pas la somme de ses")
    assert extract.dropped[0].examples == ("65999",)


def test_same_commune_twice(write):
    with pytest.raises(SourceFormatError, match=r"en double .*65016"):
        read(write, ANTIST, ANTIST)


def test_unknown_part_does_not_break_the_total(write):
    rows = read(write, with_cells(ETAZ24="s", ETTOT24="9")).table.set_index("variable")
    assert rows.loc["establishments_total", "value"] == 9


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("ETBE24", "ETXX24", "aucune colonne pour establishments_industry"),
        ("P16_POP", "P16_PEOPLE", "deux colonnes Pnn_POP attendues .* 1 trouvée"),
        ("NAIS1621", "NAIS1620", "NAIS1620 : la période ne couvre pas .* 2016-2022"),
        ("DECE1621", "DECE1722", "DECE1722 : la période ne couvre pas"),
    ],
)
def test_changed_header(write, old, new, message):
    names = [new if name == old else name for name in NAMES]
    with pytest.raises(SourceFormatError, match=message):
        read(write, ANTIST, names=names)


class TestCurrent:
    """The edition at the address that is rewritten: its years are those of its columns."""

    SOURCE = "insee-comparateur"

    def read(self, write, cities, *rows, names=NAMES):
        (extract,) = read_current(
            [write("c.csv", make_csv(*rows, names=names))], self.SOURCE, cities
        )
        return extract

    def test_same_figures_as_a_named_edition(self, write, arrondissements):
        extract = self.read(write, arrondissements, ANTIST)
        pd.testing.assert_frame_equal(extract.table, read(write, ANTIST).table)
        assert extract.source_id == self.SOURCE
        assert extract.intervals == ((2016, 2022),)

    def test_an_edition_to_come(self, write, arrondissements):
        # the census of 2023 is compared with that of 2017
        later = {"P22": "P23", "P16": "P17", "24": "25", "MED21": "MED23", "1621": "1722"}
        names = [
            next((name.replace(old, new) for old, new in later.items() if old in name), name)
            for name in NAMES
        ]
        extract = self.read(write, arrondissements, ANTIST, names=names)
        years = extract.table.groupby("variable")["ref_year"].unique().map(sorted).to_dict()
        assert years["population"] == [2017, 2023]
        assert years["births"] == years["dwellings"] == [2023]
        assert years["establishments_total"] == [2025]
        assert extract.intervals == ((2017, 2023),)
        assert extract.dropped == ()

    def test_what_an_edition_no_longer_has_is_named(self, write, arrondissements):
        names = [name if name not in {"ETBE24", "P16_POP"} else "AUTRE" + name for name in NAMES]
        extract = self.read(write, arrondissements, ANTIST, names=names)
        lacking = {left.reason.partition(" : ")[2] for left in extract.dropped}
        # without a second census, nothing tells the period of births and deaths
        assert lacking == {"establishments_industry", "births", "deaths"}
        assert extract.intervals == ()
        variables = set(extract.table["variable"])
        assert "establishments_total" in variables
        assert not lacking & variables

    def test_nothing_recognised(self, write, arrondissements):
        with pytest.raises(
            SourceFormatError, match=r"aucune colonne du comparateur .* trouvées : CODGEO, X"
        ):
            self.read(write, arrondissements, ["65016", "1"], names=["CODGEO", "X"])

    @pytest.mark.parametrize(
        ("cells", "message"),
        [
            ({"ETTOT24": "6"}, "establishments_total n'est pas la somme"),
            ({"P22_LOG": "x"}, "ligne 2, colonne P22_LOG"),
        ],
    )
    def test_refused(self, write, arrondissements, cells, message):
        with pytest.raises(SourceFormatError, match=message):
            self.read(write, arrondissements, with_cells(**cells))

    def test_arrondissements_are_left_out(self, write, arrondissements):
        rows = [with_cells(CODGEO=code) for code in ("75056", "75101", "75102")]
        extract = self.read(write, arrondissements, *rows)
        assert set(extract.table["code"]) == {"75056"}
        assert extract.dropped[0].examples == ("75101", "75102")

    @pytest.mark.parametrize(
        ("communes", "year"),
        [(34_935, 2024), (34_965, 2021), (34_875, 2025), (25, 2025)],
    )
    def test_geography_is_told_by_the_number_of_communes(
        self, write, arrondissements, communes, year
    ):
        departements = [f"{number:02d}" for number in range(1, 96) if number != 20]
        codes = [f"{part}{number:03d}" for part in departements for number in range(1, 400)]
        codes = [code for code in codes if code not in {"75101", "75102", "69381", "69382"}]
        text = "CODGEO;P22_POP\r\n" + "".join(f"{code};1\r\n" for code in codes[:communes])
        (extract,) = read_current([write("c.csv", text)], self.SOURCE, arrondissements)
        assert extract.table["code"].nunique() == communes
        assert extract.cog_year == year


@pytest.fixture(scope="module")
def rp2018(mirror):
    path = mirror / "insee/comparateur/base_cc_comparateur_csv.zip"
    return read_comparateur(path, "insee-comparateur-2018")


@pytest.fixture(scope="module")
def rp2022(mirror):
    path = mirror / "insee/comparateur/base_cc_comparateur_2022_haute_bigorre.csv"
    return read_comparateur(path, SOURCE)


@pytest.mark.mirror
class TestMirror:
    def total(self, extract, codes, variable, year):
        rows = extract.table
        rows = rows[(rows["variable"] == variable) & (rows["ref_year"] == year)]
        return rows.loc[rows["code"].isin(codes), "value"].sum()

    def test_communes_are_those_of_2021(self, mirror, rp2018):
        communes = cog.read_communes(mirror / "insee/cog/v_commune_2026.csv").table
        events = cog.read_events(mirror / "insee/cog/v_mvt_commune_2026.csv").table
        codes = set(rp2018.table["code"])
        assert rp2018.cog_year == 2021
        assert codes == communes_at(dt.date(2021, 1, 1), communes["code_commune"], events)
        assert codes != communes_at(dt.date(2020, 1, 1), communes["code_commune"], events)
        assert codes != communes_at(dt.date(2022, 1, 1), communes["code_commune"], events)
        assert len(codes) == 34_965

    def test_arrondissements_are_those_of_the_cog(self, mirror):
        cities = cog.read_arrondissements_municipaux(mirror / "insee/cog/v_commune_2026.csv").table
        assert set(ARRONDISSEMENTS) == set(cities["code_arrondissement"])

    def test_haute_bigorre(self, rp2018, rp2022):
        codes = set(rp2022.table["code"])
        assert len(codes) == 25
        for extract, variable, year, expected in [
            (rp2018, "jobs_total", 2013, 6129.4),
            (rp2018, "jobs_total", 2018, 5921.6),
            (rp2022, "jobs_total", 2022, 6130.5),
            (rp2018, "establishments_industry", 2018, 49),
            (rp2018, "establishments_total", 2018, 559),
            (rp2022, "establishments_industry", 2024, 55),
            (rp2022, "establishments_total", 2024, 606),
            (rp2022, "population", 2022, 16_510),
        ]:
            assert self.total(extract, codes, variable, year) == pytest.approx(expected, abs=0.05)

    def test_no_arrondissement_counted_twice(self, rp2018):
        population = self.total(rp2018, set(rp2018.table["code"]), "population", 2018)
        assert population == pytest.approx(66.73e6, abs=0.01e6)

    def test_both_periods_of_deaths_are_whole_intervals(self, rp2018, rp2022):
        # 741 in five years, 909 in six: 148 and 152 a year; 909 in five would be 182
        deaths = [
            self.total(rp2018, {"65059"}, "deaths", 2018),
            self.total(rp2022, {"65059"}, "deaths", 2022),
        ]
        assert deaths == [741, 909]
        per_year = np.array(deaths) / [5, 6]
        assert per_year[1] / per_year[0] == pytest.approx(1, abs=0.03)

    def test_the_edition_of_2018_read_as_the_current_one(self, mirror, rp2018):
        path = mirror / "insee/comparateur/base_cc_comparateur_csv.zip"
        cities = cog.read_arrondissements_municipaux(mirror / "insee/cog/v_commune_2026.csv").table
        (extract,) = read_current([path], "insee-comparateur", cities)
        pd.testing.assert_frame_equal(extract.table, rp2018.table)
        assert extract.dropped == rp2018.dropped
        # 34,965 communes: those of 2021, whatever the register says of the edition to be fetched
        assert extract.cog_year == 2021

    def test_secret_incomes(self, rp2022):
        rows = rp2022.table
        assert set(rows.loc[rows["status"] == "secret", "variable"]) == {"median_income_eur"}
        assert (rows["status"] == "secret").sum() == 8
