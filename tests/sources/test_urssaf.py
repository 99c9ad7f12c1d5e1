"""Private jobs: a column a year, rows summed by sector, nothing made up for a commune without an employer."""

import csv
import datetime as dt

import pandas as pd
import pytest

from terrdiag.edition.crosswalk import communes_at
from terrdiag.errors import SourceFormatError
from terrdiag.sources import cog
from terrdiag.sources.urssaf import read_private_jobs

HEADER = (
    "code_commune;intitule_commune;code_departement;code_ape;secteur_na88;grand_secteur_d_activite;"
    "effectifs_salaries_2023;nombre_d_etablissements_2023;effectifs_salaries_2024;nombre_d_etablissements_2024"
)

ROWS = """\
1004;1004 Ambérieu;1;2511Z;25 Fabrication;GS1 Industrie;30;2;40;2
01004;01004 Ambérieu;01;2562B;25 Fabrication;GS1 Industrie;10;1;;
01004;01004 Ambérieu;01;4711D;47 Commerce;GS3 Commerce;20;4;25;4
01004;01004 Ambérieu;01;7820Z;78 Intérim;GS6 Intérim;5;1;5;1
65016;65016 Antist;65;4711D;47 Commerce;GS3 Commerce;2;1;;
65059;65059 Bagnères;65;2511Z;25 Fabrication;GS1 Industrie;;1;7;1
65059;65059 Bagnères;65;4711D;47 Commerce;GS3 Commerce;3;1;0;1
75056;75056 Paris;75;4711D;47 Commerce;GS3 Commerce;7;1;7;1
75101;75101 Paris 1er;75;4711D;47 Commerce;GS3 Commerce;600;9;610;9
75102;75102 Paris 2e;75;4711D;47 Commerce;GS3 Commerce;400;9;410;9
"""

SOURCE = "urssaf-effectifs"


def read(write, arrondissements, text=ROWS, header=HEADER):
    content = f"\ufeff{header}\n{text}"
    [extract] = read_private_jobs([write("u.csv", content)], SOURCE, arrondissements)
    return extract


def at(extract, code, variable, year):
    rows = extract.table
    chosen = (rows["code"] == code) & (rows["variable"] == variable) & (rows["ref_year"] == year)
    [(value, status)] = rows.loc[chosen, ["value", "status"]].itertuples(index=False)
    return value if status == "ok" else status


@pytest.mark.parametrize(
    ("code", "variable", "year", "expected"),
    [
        ("01004", "private_jobs_total", 2023, 65),  # 30 + 10 + 20 + 5
        ("01004", "private_jobs_industry", 2023, 40),
        ("01004", "private_jobs_industry", 2024, 40),  # the second employer is gone
        ("01004", "private_jobs_total", 2024, 70),
        ("01004", "private_jobs_construction", 2024, 0),  # rows, none of them of that sector
        ("01004", "private_jobs_temporary_work", 2024, 5),
        ("65016", "private_jobs_total", 2023, 2),
        ("65016", "private_jobs_total", 2024, "missing"),  # no cell: not zero
        ("65016", "private_jobs_industry", 2024, "missing"),
        ("65059", "private_jobs_industry", 2023, "missing"),  # an employer whose jobs are not given
        ("65059", "private_jobs_total", 2023, "missing"),
        ("65059", "private_jobs_trade", 2024, 0),  # a zero of the producer is a zero
        ("65059", "private_jobs_total", 2024, 7),
        (
            "75056",
            "private_jobs_total",
            2024,
            1027,
        ),  # arrondissements, and what could not be located
    ],
)
def test_figures(write, arrondissements, code, variable, year, expected):
    assert at(read(write, arrondissements), code, variable, year) == expected


def test_every_sum_is_that_of_its_sectors(write, arrondissements):
    rows = read(write, arrondissements).table
    sectors = rows[~rows["variable"].isin(["private_jobs_total", "private_jobs_industry"])]
    assert set(sectors["ref_year"]) == {2024}  # the latest year only
    rows = rows[rows["ref_year"] == 2024]
    wide = rows.pivot_table(index=["code", "ref_year"], columns="variable", values="value")
    whole = wide.dropna(subset=["private_jobs_total"])
    parts = whole.drop(columns="private_jobs_total").sum(axis=1)
    assert (parts == whole["private_jobs_total"]).all()


def test_what_is_repaired_or_not_known_is_named(write, arrondissements):
    extract = read(write, arrondissements)
    reasons = {one.reason: one for one in extract.dropped}
    assert any(
        "zéro initial" in reason and one.examples == ("01004",) for reason, one in reasons.items()
    )
    [absent] = [one for reason, one in reasons.items() if "sans employeur déclaré" in reason]
    assert (absent.count, absent.examples) == (1, ("65016",))
    [unseen] = [one for reason, one in reasons.items() if "n'a pas d'effectif" in reason]
    assert unseen.examples == ("65059",)
    assert "75101" not in set(extract.table["code"])
    assert (extract.table["value"].isna() == (extract.table["status"] != "ok")).all()


def test_summed_export(write, arrondissements):
    header = "code_commune;grand_secteur_d_activite;sum(effectifs_salaries_2024);sum(nombre_d_etablissements_2024)"
    extract = read(
        write, arrondissements, "1004;GS1 Industrie;40;3\n1004;GS3 Commerce;25;4\n", header
    )
    assert at(extract, "01004", "private_jobs_total", 2024) == 65
    assert set(extract.table["ref_year"]) == {2024}


def test_pieces_give_the_same_figures(write, arrondissements, monkeypatch):
    whole = read(write, arrondissements).table
    monkeypatch.setattr("terrdiag.sources.chunks.CHUNK_ROWS", 1)
    pd.testing.assert_frame_equal(read(write, arrondissements).table, whole)


@pytest.mark.parametrize(
    ("text", "header", "message"),
    [
        (
            ROWS,
            HEADER.replace("effectifs_salaries", "effectifs"),
            "colonnes effectifs_salaries_AAAA absentes",
        ),
        (ROWS, HEADER.replace("_2024", "_2023"), "présente deux fois"),
        (ROWS, HEADER.replace("code_commune", "commune"), "colonne absente : code_commune"),
        (ROWS.replace("GS6", "GS9"), HEADER, "grand secteur inconnu : GS9 Intérim"),
        (
            ROWS.replace(";610;", ";6I0;"),
            HEADER,
            "ligne 10, colonne effectifs_salaries_2024 : « 6I0 »",
        ),
        (ROWS.replace("65016;", "650160;", 1), HEADER, "n'est pas un code de commune"),
        (ROWS.replace(";7;1;7;1", ";1000;1;1010;1"), HEADER, "75056 .* deux fois"),
        (ROWS[:-12], HEADER, "cellule"),
        ("", HEADER, "aucune ligne"),
    ],
)
def test_refused(write, arrondissements, text, header, message):
    with pytest.raises(SourceFormatError, match=message):
        read(write, arrondissements, text, header)


def test_web_page(write, arrondissements):
    path = write("u.csv", "<html><title>Too Many Requests</title></html>")
    with pytest.raises(SourceFormatError, match="« Too Many Requests »"):
        read_private_jobs([path], SOURCE, arrondissements)


@pytest.fixture(scope="module")
def published(mirror):
    path = mirror / "figures/urssaf_effectifs_communes_2014_2024.csv"
    return pd.read_csv(path, dtype="str", keep_default_na=False)


@pytest.fixture(scope="module")
def extract(mirror, published, tmp_path_factory):
    cities = cog.read_arrondissements_municipaux(mirror / "insee/cog/v_commune_2026.csv").table
    path = tmp_path_factory.mktemp("urssaf") / "export.csv"
    dressed = published.assign(
        grand_secteur_d_activite="GS5 Autres services marchands hors intérim"
    )
    dressed["code_commune"] = dressed["code_commune"].str.replace(r"^0", "", regex=True)
    dressed.to_csv(path, index=False, sep=";", quoting=csv.QUOTE_MINIMAL)
    [extract] = read_private_jobs([path], SOURCE, cities)
    return extract


@pytest.mark.mirror
class TestMirror:
    """The totals by commune of a public extract, dressed as an export: eleven years, all codes, real gaps."""

    def test_totals_of_the_country(self, published, extract):
        rows = extract.table[extract.table["variable"] == "private_jobs_total"]
        assert sorted(rows["ref_year"].unique()) == list(range(2014, 2025))
        for year, part in rows.groupby("ref_year"):
            numbers = pd.to_numeric(published[f"effectifs_salaries_{year}"])
            assert part["value"].sum() == numbers.sum()
        assert rows.loc[rows["ref_year"] == 2024, "value"].sum() == 19_995_376

    def test_bagneres_and_paris(self, extract):
        assert at(extract, "65059", "private_jobs_total", 2024) == 2378
        assert at(extract, "75056", "private_jobs_total", 2024) > 1_000_000
        assert (
            extract.table["code"].nunique() == 32_936 - 45 + 2
        )  # Lyon and Marseille had no row of their own

    def test_no_jump_in_2023(self, extract):
        rows = extract.table[extract.table["variable"] == "private_jobs_total"]
        totals = rows.groupby("ref_year")["value"].sum()
        assert totals[2023] / totals[2022] - 1 == pytest.approx(0.005, abs=0.0005)

    def test_geography(self, mirror, extract):
        events = cog.read_events(mirror / "insee/cog/v_mvt_commune_2026.csv").table
        communes = cog.read_communes(mirror / "insee/cog/v_commune_2026.csv").table["code_commune"]
        codes = set(extract.table["code"])
        assert codes <= communes_at(dt.date(extract.cog_year, 1, 1), communes, events)
        assert not codes <= communes_at(dt.date(extract.cog_year + 1, 1, 1), communes, events)
