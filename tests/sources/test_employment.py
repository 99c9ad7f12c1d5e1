import io
import zipfile

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthetic_jobs import COMPLEMENTARY, MAIN, MEMBER, YEARS, name_columns, write_jobs_base
from terrdiag.errors import SourceFormatError, SourceUnavailableError
from terrdiag.sources.employment import read_employment

SOURCE = "insee-base-emploi-2022"
NAMES = name_columns()

# One commune by hand, 2022: 2.5 + 51.25 + 30 + 140.125 + 96.125 = 320 jobs of the complementary exploitation.
ROW = {
    **dict.fromkeys(NAMES, "1"),
    "CODGEO": "65016",
    "P22_POP1564": "107.8",
    "P22_ACT1564": "90.0",
    "P22_CHOM1564": "4.9",
    "P22_EMPLT": "318.402193",
    "P22_EMPLT_SAL": "250.5",
    "C22_EMPLT": "320",
    "C22_EMPLT_AGRI": "2.5",
    "C22_EMPLT_INDUS": "51.25",
    "C22_EMPLT_CONST": "30",
    "C22_EMPLT_CTS": "140.125",
    "C22_EMPLT_APESAS": "96.125",
    **{f"C{year}_EMPLT": "5" for year in (16, 11)},
}
EXPECTED = {
    "jobs_sectors": 320,
    "jobs_agriculture": 2.5,
    "jobs_industry": 51.25,
    "jobs_construction": 30,
    "jobs_trade_services": 140.125,
    "jobs_administration": 96.125,
    "jobs_total": 318.402193,
    "jobs_salaried": 250.5,
    "population_1564": 107.8,
    "active_1564": 90.0,
    "unemployed_1564": 4.9,
}


def make_csv(*rows, names=NAMES, end="\n"):
    lines = [names, *([row.get(name, "1") for name in names] for row in rows)]
    return end.join(";".join(line) for line in lines) + end


def with_cells(**cells):
    return ROW | cells


def read(write, cities, *rows, names=NAMES):
    path = write("base-cc-emploi-pop-active-2022.CSV", make_csv(*rows, names=names))
    [extract] = read_employment([path], SOURCE, cities)
    return extract


def figure(extract, variable, year=2022, code="65016"):
    rows = extract.table.set_index(["code", "variable", "ref_year"])
    return tuple(rows.loc[(code, variable, year), ["value", "status"]])


@pytest.fixture
def cities(arrondissements):
    return arrondissements


def test_every_variable_and_its_year(write, cities):
    extract = read(write, cities, ROW)
    rows = extract.table
    assert set(rows["ref_year"]) == {2011, 2016, 2022}
    assert set(rows["level"]) == {"commune"}
    latest = rows[rows["ref_year"] == 2022]
    assert dict(zip(latest["variable"], latest["value"], strict=True)) == EXPECTED
    # every census has the same variables
    assert rows.groupby("ref_year")["variable"].apply(set).tolist() == [set(EXPECTED)] * 3
    assert extract.intervals == ((2011, 2016), (2016, 2022))
    assert (extract.cog_year, extract.rates, extract.dropped) == (2025, frozenset(), ())


def test_years_are_those_of_the_columns(write, cities):
    names = [
        name.replace("22_", "21_").replace("16_", "15_").replace("11_", "10_") for name in NAMES
    ]
    row = dict(zip(names, ROW.values(), strict=True)) | {"CODGEO": "65016"}
    extract = read(write, cities, row, names=names)
    assert extract.intervals == ((2010, 2015), (2015, 2021))
    assert figure(extract, "jobs_industry", 2021) == (51.25, "ok")


def test_one_census_alone(write, cities):
    names = [name for name in NAMES if "11_" not in name and "16_" not in name]
    extract = read(write, cities, ROW, names=names)
    assert extract.intervals == ()
    assert set(extract.table["ref_year"]) == {2022}


def test_quotes_in_some_cells_only(write, cities):
    text = make_csv(ROW, with_cells(CODGEO="65059")).replace("65016", '"65016"')
    text = text.replace("CODGEO", '"CODGEO"')
    [extract] = read_employment([write("b.CSV", "\ufeff" + text)], SOURCE, cities)
    assert set(extract.table["code"]) == {"65016", "65059"}


def test_secret_and_missing_are_two_things(write, cities):
    extract = read(write, cities, with_cells(C22_EMPLT_INDUS="s", C22_EMPLT_CTS="", P16_EMPLT=""))
    value, status = figure(extract, "jobs_industry")
    assert (pd.isna(value), status) == (True, "secret")
    assert figure(extract, "jobs_trade_services")[1] == "missing"
    # what is known stays: nobody can tell whether the parts make the total
    assert figure(extract, "jobs_sectors") == (320, "ok")
    assert [left.reason for left in extract.dropped] == [
        "valeurs non renseignées : jobs_total 2016, jobs_trade_services 2022",
        "valeurs sous secret statistique : jobs_industry 2022",
    ]


def test_arrondissements_are_left_out(write, cities):
    rows = [with_cells(CODGEO=code) for code in ("75101", "75102", "75056", "65016")]
    extract = read(write, cities, *rows)
    assert set(extract.table["code"]) == {"65016", "75056"}
    [left] = extract.dropped
    assert (left.count, left.examples) == (2, ("75101", "75102"))


def test_arrondissements_without_their_commune(write, cities):
    with pytest.raises(SourceFormatError, match="arrondissements de 75056 sans la ligne"):
        read(write, cities, with_cells(CODGEO="75101"), ROW)


def test_sectors_that_do_not_make_their_total(write, cities):
    """One commune of 200: its sectors of that year are not known, the others are as they were."""
    rows = [with_cells(CODGEO=f"65{number:03}") for number in range(1, 200)]
    extract = read(write, cities, with_cells(CODGEO="65999", C22_EMPLT="330"), *rows)
    for variable in EXPECTED:
        is_sector = variable.startswith("jobs_") and variable not in {"jobs_total", "jobs_salaried"}
        assert (figure(extract, variable, code="65999")[1] == "missing") is is_sector
        assert figure(extract, variable, 2016, "65999")[1] == "ok"
        assert figure(extract, variable, code="65001")[1] == "ok"
    first, _ = extract.dropped
    assert first.reason.startswith("emplois par secteur de 2022 contradictoires")
    assert "10,0 emplois" in first.reason
    assert first.examples == ("65999",)


def test_rounding_is_no_contradiction(write, cities):
    assert figure(read(write, cities, with_cells(C22_EMPLT="320.5")), "jobs_sectors")[1] == "ok"


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"CODGEO": "1001"}, "colonne CODGEO.*« 1001 »"),
        ({"C22_EMPLT_INDUS": "51 25"}, "ligne 2, colonne C22_EMPLT_INDUS : « 51 25 » n'est pas un nombre"),
        ({"P11_EMPLT": "-3"}, "colonne P11_EMPLT : « -3 » est hors"),
        # all of the file: it is not what it says
        ({"C16_EMPLT": "50"}, r"en 2016, la somme des cinq secteurs n'est pas leur total \(C16_EMPLT\) pour 1"),
    ],
)  # fmt: skip
def test_refused(write, cities, cells, message):
    with pytest.raises(SourceFormatError, match=message):
        read(write, cities, with_cells(**cells))


def test_same_commune_twice(write, cities):
    with pytest.raises(SourceFormatError, match=r"en double .*65016"):
        read(write, cities, ROW, ROW)


@pytest.mark.parametrize(
    ("gone", "message"),
    [
        (lambda name: name == "C22_EMPLT_INDUS", "colonne absente : C22_EMPLT_INDUS"),
        (lambda name: name == "C11_EMPLT", "colonne absente : C11_EMPLT"),
        (lambda name: name == "P16_EMPLT", "colonne absente : P16_EMPLT"),
        (lambda name: name == "P22_CHOM1564", "colonne absente : P22_CHOM1564"),
        (lambda name: name.startswith("C") and name != "CODGEO", "aucune colonne de l'exploitation complémentaire"),
        (lambda name: name == "CODGEO", "colonne CODGEO absente"),
    ],
)  # fmt: skip
def test_changed_header(write, cities, gone, message):
    names = [name for name in NAMES if not gone(name)]
    with pytest.raises(SourceFormatError, match=message):
        read(write, cities, ROW, names=names)


def test_a_column_that_only_the_latest_census_needs(write, cities):
    names = [name for name in NAMES if name != "P11_CHOM1564"]
    extract = read(write, cities, ROW, names=names)
    years = extract.table.loc[extract.table["variable"] == "unemployed_1564", "ref_year"]
    assert sorted(years) == [2016, 2022]


def test_a_column_twice(write, cities):
    with pytest.raises(SourceFormatError, match="colonne répétée"):
        read(write, cities, ROW, names=[*NAMES, "C22_EMPLT_INDUS"])


# --- The file itself ------------------------------------------------------------------------------------------


def zip_of(**members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return buffer.getvalue()


@pytest.mark.parametrize("name", [MEMBER, MEMBER.lower(), f"2022/{MEMBER}"])
def test_archive_of_the_producer(write, cities, name):
    meta = {"meta_base-cc-emploi-pop-active-2022.CSV": "COD_VAR;LIB_VAR\n"}
    path = write("base.zip", zip_of(**{name: make_csv(ROW, end="\r\n")}, **meta))
    [extract] = read_employment([path], SOURCE, cities)
    pd.testing.assert_frame_equal(extract.table, read(write, cities, ROW).table)
    # without its description, it is the same file
    alone = write("alone.zip", zip_of(**{name: make_csv(ROW)}))
    assert read_employment([alone], SOURCE, cities)[0].table.equals(extract.table)


def test_damaged_archives(write, cities):
    whole = zip_of(**{MEMBER: make_csv(*[with_cells(CODGEO=f"65{n:03}") for n in range(500)])})
    for data, message in (
        (whole[:-30], "zip tronquée ou abîmée"),
        (zip_of(**{"meta_base-cc-emploi-pop-active-2022.CSV": "x"}), "n'est pas dans l'archive"),
        (zip_of(**{MEMBER: "<html><title>Page introuvable</title>"}), "Page introuvable"),
    ):
        with pytest.raises(SourceFormatError, match=message):
            read_employment([write("base.zip", data)], SOURCE, cities)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<html><title>Erreur 500</title></html>", "page HTML ou XML au lieu des données .*Erreur 500"),
        ("", "fichier vide"),
        (make_csv(), "aucune ligne sous l'en-tête"),
        (make_csv(ROW)[:-20], "ligne 2 : .* au lieu de"),
        (make_csv(ROW).replace("65016", '"65016'), "ligne .* CSV illisible"),
        (make_csv(ROW).encode().replace(b"65016", b"6501\xe9"), "CSV illisible"),
    ],
)  # fmt: skip
def test_not_the_data(write, cities, content, message):
    with pytest.raises(SourceFormatError, match=message):
        read_employment([write("base.CSV", content)], SOURCE, cities)


def test_which_file(write, cities, tmp_path):
    with pytest.raises(SourceUnavailableError):
        read_employment([tmp_path / "absent.zip"], SOURCE, cities)
    two = [write(name, make_csv(ROW)) for name in ("a.CSV", "b.CSV")]
    with pytest.raises(SourceFormatError, match="plusieurs fichiers"):
        read_employment(two, SOURCE, cities)


@given(
    data=st.one_of(
        st.binary(max_size=300),
        st.text(max_size=200).map(lambda text: (make_csv(ROW) + text).encode()),
        st.tuples(st.integers(0, 1200), st.binary(min_size=1, max_size=6)).map(
            lambda cut: make_csv(ROW).encode()[: cut[0]] + cut[1] + make_csv(ROW).encode()[cut[0] :]
        ),
        st.integers(0, 1500).map(lambda at: zip_of(**{MEMBER: make_csv(ROW)})[:at]),
    )
)
def test_any_bytes_are_read_or_refused(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("fuzz") / "base.zip"
    path.write_bytes(data)
    cities = pd.DataFrame({"code_arrondissement": ["75101"], "code_commune": ["75056"]})
    try:
        [extract] = read_employment([path], SOURCE, cities)
    except (SourceFormatError, SourceUnavailableError):
        return
    assert (extract.table["value"].isna() == (extract.table["status"] != "ok")).all()


@given(
    people=st.dictionaries(
        st.from_regex(r"0[1-9][0-9]{3}", fullmatch=True), st.floats(0, 1e5), min_size=1, max_size=9
    )
)
def test_what_is_written_is_read(tmp_path_factory, people):
    """The synthetic file is read back as the counts it was made of: sectors sum to their total, everywhere."""
    path = write_jobs_base(tmp_path_factory.mktemp("base") / "b.zip", people, {})
    cities = pd.DataFrame({"code_arrondissement": [], "code_commune": []}, dtype=str)
    [extract] = read_employment([path], SOURCE, cities)
    table = extract.table.pivot_table(
        index=["code", "ref_year"], columns="variable", values="value"
    )
    sectors = ["agriculture", "industry", "construction", "trade_services", "administration"]
    parts = table[[f"jobs_{name}" for name in sectors]].sum(axis=1)
    assert (parts - table["jobs_sectors"]).abs().max() < 1e-6
    assert set(table.index) == {(code, year) for code in people for year in YEARS}
    assert len(MAIN) + len(COMPLEMENTARY) == (len(NAMES) - 1) / len(YEARS)
