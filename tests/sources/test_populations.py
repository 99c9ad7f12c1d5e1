import datetime as dt
import io
import zipfile

import numpy as np
import pandas as pd
import pytest

from terrdiag.catalogue import load_sources
from terrdiag.edition.crosswalk import communes_at
from terrdiag.errors import SourceFormatError
from terrdiag.sources import cog
from terrdiag.sources.comparateur import read_comparateur
from terrdiag.sources.populations import (
    read_census_populations,
    read_reference,
    read_reference_populations,
)

REFERENCE = (
    "REG;Région;DEP;CODARR;CODCAN;CODCOM;COM;Commune;PMUN;PCAP;PTOT\r\n"
    "76;Occitanie;65;2;04;059;65059;Bagnères-de-Bigorre;7114;261;7375\r\n"
    "11;Île-de-France;75;1;99;101;75101;Paris 1er;15000;100;15100\r\n"
    "11;Île-de-France;75;1;99;102;75102;Paris 2e;21000;50;21050\r\n"
    "84;ARA;69;1;99;381;69381;Lyon 1er;29000;0;29000\r\n"
    "84;ARA;69;1;99;382;69382;Lyon 2e;30500;0;30500\r\n"
)
CENSUSES = (
    "code_commune,P11_POP,P16_POP,P22_POP\n"
    "65059,7905.0,7404.0,7060.0\n"
    "01033,,,16000.0\n"
    "75101,17000.0,16000.0,15000.0\n"
    "75102,22000.0,20000.0,21000.0\n"
    "69381,28000.0,,29000.0\n"
    "69382,30000.0,31000.0,30500.0\n"
)


def as_list(table):
    return table[["code", "variable", "ref_year", "value", "status"]].to_numpy().tolist()


def test_reference_populations(write, arrondissements):
    extract = read_reference_populations(write("p.csv", REFERENCE), arrondissements)
    assert as_list(extract.table) == [
        ["65059", "population", 2023, 7114.0, "ok"],
        ["69123", "population", 2023, 59500.0, "ok"],
        ["75056", "population", 2023, 36000.0, "ok"],
        # PMUN + PCAP: 7114 + 261; Paris, 36000 + 100 + 50
        ["65059", "population_total", 2023, 7375.0, "ok"],
        ["69123", "population_total", 2023, 59500.0, "ok"],
        ["75056", "population_total", 2023, 36150.0, "ok"],
    ]
    assert extract.cog_year == 2025
    assert extract.dropped[0].count == 4


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ((";7375", ";7376"), "PMUN \\+ PCAP ≠ PTOT pour 1 commune.*65059"),
        ((";7114;", ";7 114;"), "ligne 2, colonne PMUN : « 7 114 »"),
        ((";7375", ";s.o."), "ligne 2, colonne PTOT : « s.o. »"),
        (("PTOT", "POP"), "colonne absente : PTOT"),
        ((";65059;", ";6559;"), "colonne COM : 1 code.*« 6559 »"),
        ((";65059;", ";75101;"), "en double .*75101"),
        (("75102;Paris 2e", "75103;Paris 3e"), "arrondissement.* absent.* : 75102"),
        ((";65059;", ";75056;"), "75056 et ses arrondissements"),
    ],
)
def test_reference_populations_refused(write, arrondissements, change, message):
    with pytest.raises(SourceFormatError, match=message):
        read_reference_populations(write("p.csv", REFERENCE.replace(*change)), arrondissements)


# The header of the editions before, with an overseas commune, and Paris and Lyon whole.
OLDER = (
    "CODREG;REG;CODDEP;CODARR;CODCAN;CODCOM;COM;PMUN;PCAP;PTOT\r\n"
    "76;Occitanie;65;2;04;059;Bagnères-de-Bigorre;7114;261;7375\r\n"
    "84;Auvergne-Rhône-Alpes;01;1;04;9;Andert-et-Condon;326;9;335\r\n"
    "01;Guadeloupe;971;2;;101;Les Abymes;51055;386;51441\r\n"
    "94;Corse;2A;1;99;004;Ajaccio;70000;10;70010\r\n"
    "11;Île-de-France;75;1;99;056;Paris;36000;150;36150\r\n"
    "84;Auvergne-Rhône-Alpes;69;1;99;123;Lyon;59500;0;59500\r\n"
)


def archive(name, text):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("donnees_departements.csv", "DEP;PMUN\r\n65;1\r\n")
        file.writestr(name, text)
    return buffer.getvalue()


@pytest.mark.parametrize("name", ["donnees_communes.csv", "ensemble/Communes.csv"])
def test_archive_of_the_producer(write, arrondissements, name):
    expected = read_reference_populations(write("p.csv", REFERENCE), arrondissements)
    whole = write("ensemble.zip", archive(name, REFERENCE))
    found = read_reference_populations(whole, arrondissements)
    pd.testing.assert_frame_equal(found.table, expected.table)
    assert found.files == (whole,)


def test_archive_without_the_communes(write, arrondissements):
    path = write("ensemble.zip", archive("donnees_cantons.csv", REFERENCE))
    with pytest.raises(SourceFormatError, match=r"« \*communes.csv » n'est pas dans l'archive"):
        read_reference_populations(path, arrondissements)


def test_older_header(write, arrondissements):
    extract = read_reference_populations(write("p.csv", OLDER), arrondissements)
    table = extract.table[extract.table["variable"] == "population"].set_index("code")
    assert table["value"].to_dict() == {
        "01009": 326,
        "2A004": 70000,
        "65059": 7114,
        "69123": 59500,
        "75056": 36000,
        "97101": 51055,
    }
    assert extract.dropped == ()


def test_a_city_half_given_is_refused(write, arrondissements):
    both = OLDER + "11;Île-de-France;75;1;99;101;Paris 1er;15000;0;15000\r\n"
    with pytest.raises(SourceFormatError, match=r"arrondissement.* absent.* : 75102"):
        read_reference_populations(write("p.csv", both), arrondissements)


def test_the_year_is_that_of_the_register_and_the_archive_wins(write, arrondissements, monkeypatch):
    alone = write("donnees_communes.csv", REFERENCE.replace("7114;261;7375", "7000;0;7000"))
    whole = write("ensemble.zip", archive("donnees_communes.csv", REFERENCE))
    source = "insee-populations-reference-2023"
    (extract,) = read_reference([alone, whole], source, arrondissements)
    assert extract.files == (whole,)
    assert extract.source_id == source
    older = load_sources()[source].model_copy(update={"ref_years": (2021,), "cog_year": 2023})
    monkeypatch.setitem(load_sources(), source, older)
    (extract,) = read_reference([alone], source, arrondissements)
    assert set(extract.table["ref_year"]) == {2021}
    assert extract.cog_year == 2023


def test_census_populations(write, arrondissements):
    p11, p16, p22 = read_census_populations(write("p.csv", CENSUSES), arrondissements)
    assert [extract.cog_year for extract in (p11, p16, p22)] == [2013, 2018, 2024]
    assert p11.intervals == ((2011, 2016), (2016, 2022))
    expected = pd.DataFrame(
        {
            "level": "commune",
            "code": ["01033", "65059", "69123", "75056"],
            "variable": "population",
            "ref_year": 2016,
            # Lyon 1er is not known in 2016: nor is Lyon, whatever Lyon 2e
            "value": [np.nan, 7404.0, np.nan, 36000.0],
            "status": ["missing", "ok", "missing", "ok"],
        }
    )
    pd.testing.assert_frame_equal(p16.table, expected, check_dtype=False)
    assert p11.table["value"].tolist()[1:] == [7905.0, 58000.0, 39000.0]
    assert p22.table["value"].tolist() == [16000.0, 7060.0, 59500.0, 36000.0]
    assert [left.examples for left in p16.dropped][1:] == [("01033", "69123")]


@pytest.fixture(scope="module")
def communes(mirror):
    return cog.read_communes(mirror / "insee/cog/v_commune_2026.csv").table


@pytest.fixture(scope="module")
def cities(mirror):
    return cog.read_arrondissements_municipaux(mirror / "insee/cog/v_commune_2026.csv").table


@pytest.fixture(scope="module")
def events(mirror):
    return cog.read_events(mirror / "insee/cog/v_mvt_commune_2026.csv").table


@pytest.fixture(scope="module")
def censuses(mirror, cities):
    path = mirror / "figures/rp_population_communes_2011_2016_2022.csv"
    return {e.table["ref_year"].iloc[0]: e for e in read_census_populations(path, cities)}


@pytest.fixture(scope="module")
def reference(mirror, cities):
    return read_reference_populations(mirror / "insee/populations/donnees_communes.csv", cities)


@pytest.mark.mirror
class TestMirror:
    def test_reference_is_every_commune_of_2025_but_mayotte(self, reference, communes, events):
        codes = communes_at(dt.date(2025, 1, 1), communes["code_commune"], events)
        absent = codes ^ set(reference.table["code"])
        assert len(absent) == 17
        assert all(code.startswith("976") for code in absent)

    def test_reference_has_the_names_of_before_2026(self, mirror, events):
        raw = pd.read_csv(mirror / "insee/populations/donnees_communes.csv", sep=";", dtype=str)
        names = raw.set_index("COM")["Commune"]
        renamed = events[(events["date"] == "2026-01-01") & (events["kind"] == 10)]
        assert len(renamed) == 12
        assert (names[renamed["code_before"]].to_numpy() == renamed["nom_before"]).all()

    def test_reference_figures(self, reference):
        figures = reference.table.pivot_table(index="code", columns="variable", values="value")
        assert len(figures) == 34_858
        # PMUN and PTOT of the file
        assert figures.loc["65059"].to_dict() == {"population": 7114, "population_total": 7375}
        assert figures.loc["75056", "population"] == 2_103_778
        assert figures.sum().to_dict() == {"population": 68_094_280, "population_total": 69_294_105}

    @pytest.mark.parametrize(
        ("year", "bigorre", "missing"),
        [(2011, 17_352, 81 + 1), (2016, None, 36), (2022, 16_511, 0)],
    )
    def test_census_figures(self, mirror, censuses, year, bigorre, missing):
        table = censuses[year].table.set_index("code")
        assert len(table) == 34_738
        assert (table["status"] == "missing").sum() == missing
        codes = pd.read_csv(mirror / "figures/altitudes_communes_cchb.csv", dtype=str)["code_insee"]
        if bigorre is not None:
            assert table.loc[codes, "value"].sum() == bigorre

    # Where communes merged, the column of a census is either the whole of them (the merger was
    # already in its geography) or the commune that kept its code, alone.
    @pytest.mark.parametrize(
        ("ref_year", "merger", "whole"),
        [
            (2011, "2013-01-01", True),
            (2011, "2015-01-01", False),
            (2011, "2016-01-01", False),
            (2016, "2016-01-01", True),
            (2016, "2018-01-01", True),
            (2016, "2019-01-01", False),
            (2022, "2019-01-01", True),
            (2022, "2024-01-01", True),
            (2022, "2025-01-01", False),
        ],
    )
    def test_each_census_is_in_its_own_geography(
        self, mirror, censuses, reference, events, ref_year, merger, whole
    ):
        municipal = reference.table["variable"] == "population"
        bench = reference.table[municipal].set_index("code")["value"]
        if ref_year < 2022:
            full = read_comparateur(
                mirror / "insee/comparateur/base_cc_comparateur_csv.zip", "insee-comparateur-2018"
            ).table
            bench_year = {2011: 2013, 2016: 2018}[ref_year]
            rows = full[(full["variable"] == "population") & (full["ref_year"] == bench_year)]
            bench = rows.set_index("code")["value"]
        day = events[(events["date"] == merger) & (events["kind"] == 32)]
        merged = day.loc[day["code_before"] != day["code_after"], "code_after"].unique()
        population = censuses[ref_year].table.set_index("code")["value"]
        ratio = (population.reindex(merged) / bench.reindex(merged)).median()
        assert ratio == (pytest.approx(1, abs=0.02) if whole else pytest.approx(0.65, abs=0.05))


def test_a_part_given_for_a_whole_is_missing(write, arrondissements):
    # Bois-Guillaume alone, in a column whose geography has it with Bihorel
    path = write("p.csv", CENSUSES + "76108,12754.0,13562.0,14498.0\n")
    eleven, sixteen, _ = read_census_populations(path, arrondissements)
    assert eleven.table.set_index("code").loc["76108", "status"] == "missing"
    assert any("Bihorel" in left.reason for left in eleven.dropped)
    assert sixteen.table.set_index("code").loc["76108", "value"] == 13562
