"""The mini-France, from its official files to its edition: every figure worked out by hand."""

import datetime as dt
import hashlib
import shutil
from pathlib import Path

import pandas as pd
import pyproj
import pytest
import shapely

from minifrance.tables import read_rows
from terrdiag.catalogue import load_sources
from terrdiag.edition import (
    open_edition,
    read_commune_list,
    read_communes,
    read_figures,
    read_memberships,
)
from terrdiag.edition.build import build_edition
from terrdiag.edition.schema import ESTIMATED
from terrdiag.errors import SourceUnavailableError
from terrdiag.values import OK, SECRET

DATE = dt.date(2026, 11, 22)

MARKS = {OK: "", ESTIMATED: "~", SECRET: "s"}

# Communes of 2026. A dot: no row (not known); s: secret; ~: shared between 01004 (400 inhabitants in
# 2023) and 01014 (200), that is two thirds and one third.
#
# 01002 is 01002 + 01012:   population 2013  200 + 100, 2018  180 + 120; 2011, 2016: 01012 is not in
#                           the file; 2016 is in the next comparateur, 305
# 03004 is 03004 + 03005:   population 2013  250 + 110, 2018  240 + 130; not known before its merger
#                           of 2025 in the re-published censuses, 2022 included
# 75056 is 75101 + 75102:   population 2011  3900 + 5900, 2022  4100 + 6100, 2023  4150 + 6150
# 01003:                    population 2022 is 38 in the censuses, 39 in the comparateur; census first
# 01001:                    altitude 900 in the table of altitudes, 905 in that of maxima; table first
# 03004:                    altitude max(220, 230)
EXPECTED = """
variable                year 01001 01002 01003 01004 01014 03001 03002 03003 03004 2A004 75056 97601
population              2011 950   .     .     300~  150~  5100  290   150   .     380   9800  .
population              2013 1000  300   60    320~  160~  5000  300   150   360   400   10000 .
population              2016 1050  305   50    360~  180~  4950  305   150   .     450   9900  .
population              2018 1100  300   40    400~  200~  4900  310   150   370   500   10000 .
population              2022 1150  310   38    420   210   4850  320   149   .     510   10200 .
population              2023 1160  315   37    400   200   4800  325   148   360   520   10300 .
population_total        2023 1170  320   37    400   200   4890  325   150   360   520   10400 .
births                  2018 50    10    0     20~   10~   250   10    6     12    15    600   .
deaths                  2018 60    15    4     12~   6~    300   15    6     10    20    400   .
births                  2022 60    9     0     .     .     .     .     7     .     .     .     .
dwellings               2018 600   230   60    200~  100~  2800  200   90    200   400   6000  .
main_homes              2018 500   130   20    160~  80~   2500  130   70    170   200   5000  .
second_homes            2018 60    70    35    20~   10~   100   50    10    15    180   400   .
vacant_homes            2018 40    30    5     20~   10~   200   20    10    15    20    600   .
median_income_eur       2019 21000 .     .     .     .     20500 19800 .     .     .     28000 .
median_income_eur       2021 23000 s     s     .     .     .     .     s     .     .     .     .
jobs_total              2013 380   75    8     140~  70~   3100  80    20    200   90    11500 .
jobs_total              2016 390   72    9     .     .     .     .     21    .     .     .     .
jobs_total              2018 400   70    10    140~  70~   2990  90    20    210   100   12000 .
jobs_total              2022 420   75    9     .     .     .     .     22    .     .     .     .
jobs_salaried           2018 320   40    0     100~  50~   2700  60    10    150   60    11000 .
population_1564         2018 700   180   20    260~  130~  3000  190   95    230   300   7000  .
unemployed_1564         2018 70    15    0     26~   13~   300   20    5     20    30    700   .
active_1564             2018 500   130   15    200~  100~  2200  150   70    170   200   5500  .
establishments_total    2018 100   16    3     40~   20~   400   20    0     20    30    1500  .
establishments_industry 2018 20    2     1     4~    2~    40    3     0     5     2     45    .
establishments_total    2024 110   18    4     .     .     .     .     2     .     .     .     .
establishments_industry 2024 25    2     s     .     .     .     .     1     .     .     .     .
altitude_min_m          2025 300   400   700   .     .     .     .     .     .     .     .     .
altitude_mean_m         2025 500   600   1100  .     .     .     .     .     .     .     .     .
altitude_max_m          2025 900   1000  1800  250   260   240   .     310   230   600   130   594
communes_mountain       2026 1     1     1     0     0     0     0     0     0     0     0     0
"""  # fmt: skip


def write_cell(row):
    number = "" if row.status == SECRET else f"{row.value:g}"
    return number + MARKS[row.status]


@pytest.fixture(scope="module")
def figures(minifrance_edition):
    return read_figures(minifrance_edition)


@pytest.mark.parametrize(
    "line", read_rows(EXPECTED), ids=lambda line: f"{line['variable']} {line['year']}"
)
def test_figures(figures, line):
    variable, year = line.pop("variable"), int(line.pop("year"))
    rows = figures[(figures["variable"] == variable) & (figures["ref_year"] == year)]
    found = {row.code: write_cell(row) for row in rows.itertuples()}
    assert found == {code: cell for code, cell in line.items() if cell}


def test_every_variable_of_a_year(figures):
    communes = figures[figures["level"] == "commune"]
    counts = communes.groupby("ref_year")["variable"].nunique().to_dict()
    # 2016: population, jobs; 2018: 11 of people, 4 of jobs, 6 of establishments; 2022: 11 and 4
    assert counts == {
        2011: 1, 2013: 2, 2016: 2, 2018: 18, 2019: 1, 2021: 1, 2022: 12, 2023: 2, 2024: 6, 2025: 3,
        2026: 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("code", "variable", "year", "source"),
    [
        ("01001", "population", 2016, "insee-rp-populations"),
        ("01002", "population", 2016, "insee-comparateur-2022-haute-bigorre"),
        ("01003", "population", 2022, "insee-rp-populations"),
        ("01001", "population", 2018, "insee-comparateur-2018"),
        ("01001", "population", 2023, "insee-populations-reference-2023"),
        ("01001", "jobs_total", 2022, "insee-comparateur-2022-haute-bigorre"),
        ("01001", "altitude_max_m", 2025, "communes-france-altitudes-cchb"),
        ("03003", "altitude_max_m", 2025, "communes-france-altitude-max"),
        ("01001", "communes_mountain", 2026, "anct-massifs"),
        ("01001", "population_total", 2023, "insee-populations-reference-2023"),
        ("200100001", "industry_jobs_share_pct", 2022, "insee-rp-secteurs-2022"),
        ("200100001", "jobs_growth_published_pct", 2016, "insee-rp-secteurs-2022"),
        ("200054781", "industry_salaried_jobs_share_pct", 2016, "anct-observatoire-epci-2018"),
    ],
)
def test_source_of_a_figure(figures, code, variable, year, source):
    rows = figures[(figures["code"] == code) & (figures["variable"] == variable)]
    assert rows.loc[rows["ref_year"] == year, "source_id"].tolist() == [source]


def test_published_shares(figures):
    rows = figures[
        (figures["level"] != "commune") & (figures["variable"] == "industry_jobs_share_pct")
    ]
    assert dict(zip(zip(rows["level"], rows["code"], strict=True), rows["value"], strict=True)) == {
        ("departement", "01"): 20.0, ("departement", "03"): 12.0, ("departement", "2A"): 5.0,
        ("departement", "75"): 3.9, ("epci", "200054781"): 3.9, ("epci", "200057867"): 3.9,
        ("epci", "200100001"): 25.0, ("epci", "240300002"): 10.0, ("france", "00FR"): 6.0,
        ("region", "11"): 3.9, ("region", "84"): 14.0, ("region", "94"): 5.0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("variable", "years"),
    [
        # agriculture and industry are not in the file before 2022: no row, rather than a zero
        ("agriculture_jobs_share_pct", {2022: 10.0}),
        ("industry_jobs_share_pct", {2022: 25.0}),
        ("construction_jobs_share_pct", {2011: 12.0, 2016: 11.0, 2022: 10.0}),
        ("trade_services_jobs_share_pct", {2011: 30.0, 2016: 33.0, 2022: 35.0}),
        ("administration_jobs_share_pct", {2011: 18.0, 2016: 19.0, 2022: 20.0}),
        ("jobs_growth_published_pct", {2016: -1.0, 2022: 1.12}),
    ],
)
def test_published_over_the_years(figures, variable, years):
    rows = figures[(figures["code"] == "200100001") & (figures["variable"] == variable)]
    assert dict(zip(rows["ref_year"], rows["value"], strict=True)) == years


def test_epci_of_2018(figures):
    rows = figures[figures["variable"] == "industry_salaried_jobs_share_pct"]
    columns = ["level", "code", "ref_year", "value", "status"]
    # the Plaine has lost 2.4 % of its inhabitants of then; the population is not a figure of the edition
    assert rows[columns].astype(object).to_numpy().tolist() == [
        ["epci", "200054781", 2016, 4.2, OK],
        ["epci", "240300002", 2016, 11.0, ESTIMATED],
    ]
    assert not ((figures["level"] == "epci") & (figures["variable"] == "population")).any()


# --- Communes ------------------------------------------------------------------------------------------

# Cells of the grid; 03002 lacks its strip of 0.016 cell, 03004 has as much more on its row.
CELLS = {
    "01001": 1, "01002": 2, "01003": 1, "01004": 1, "01014": 1, "03001": 2, "03002": 0.984, "03003": 1,
    "03004": 2.016,
}  # fmt: skip


def test_areas(minifrance_edition):
    areas = read_commune_list(minifrance_edition).set_index("code_commune")["area_km2"]
    ellipsoid = pyproj.Geod(ellps="GRS80")
    cell = (
        abs(ellipsoid.geometry_area_perimeter(shapely.box(2, 46.59375, 2.0625, 46.65625))[0]) / 1e6
    )
    assert cell == pytest.approx(33.26, abs=0.01)
    expected = {code: cells * cell for code, cells in CELLS.items()}
    # a row of the grid is 0.1 % narrower than the next one to the south
    assert areas[list(CELLS)].to_dict() == pytest.approx(expected, rel=0.004)


def test_outlines_fill_the_grid(minifrance_edition):
    grid = read_communes(minifrance_edition, codes=CELLS).geometry.to_numpy()
    assert shapely.coverage_is_valid(grid)
    assert shapely.union_all(grid).equals(shapely.box(2, 46.5, 2.25, 46.6875))
    assert shapely.area(grid).sum() == pytest.approx(12 / 256)
    # what no neighbour disputes comes out as it went in
    assert grid[0].equals(shapely.box(2, 46.625, 2.0625, 46.6875))


def test_seam_is_stated(minifrance_edition):
    # 0.001° x 0.0625° at 46.6° N: 0.0765 km x 6.95 km
    [note] = minifrance_edition.info.notes
    assert "8\u00a0communes du millésime 2026 et 4 du millésime 2023" in note
    assert "0,5 km² de vides et 0,5 km² de recouvrements" in note


def test_communes(minifrance_edition):
    communes = read_commune_list(minifrance_edition).set_index("code_commune")
    assert communes.loc["01014", ["nom", "code_departement", "code_region"]].tolist() == [
        "Érable",
        "01",
        "84",
    ]
    assert communes.loc["97601", ["nom", "code_departement", "code_region"]].tolist() == [
        "Lagune",
        "976",
        "06",
    ]
    older = communes.index[communes["contour_year"] == 2023]
    assert older.tolist() == ["03001", "03002", "03003", "03004"]


# --- Memberships ---------------------------------------------------------------------------------------

MEMBERS = """
kind  code       communes                      from  to
epci  200054781  75056                         2019  .
epci  200060473  97601                         2019  .
epci  200100001  01001,01002,01003             2021  .
epci  200100001  01012                         2021  2022
epci  200100001  03003                         2024  .
epci  240100001  01001,01002,01003,01012       2019  2021
epci  240300002  01004,03001,03002,03004       2019  .
epci  240300002  01014                         2024  .
epci  240300002  03003                         2019  2024
epci  240300002  03005                         2019  2025
ept   200057867  75056                         2025  .
ti    ti-8401    01001                         .     .
ti    ti-8401    01004,03001,03002,03004       2019  .
ti    ti-8401    01014                         2024  .
ti    ti-8401    03003                         2019  2024
ti    ti-8401    03005                         2019  2025
petr  CR0001     01001,01002,01003             2021  .
petr  CR0001     01012                         2021  2022
petr  CR0001     03003                         2024  .
"""


def test_dated_memberships(minifrance_edition):
    expected = {
        (row["kind"], row["code"], commune, row["from"], row["to"])
        for row in read_rows(MEMBERS)
        for commune in row["communes"].split(",")
    }
    table = read_memberships(minifrance_edition, kinds=["epci", "ept", "ti", "petr"])
    years = [table[name].dt.strftime("%Y").fillna("") for name in ("valid_from", "valid_to")]
    rows = zip(table["kind"], table["code"], table["code_commune"], *years, strict=True)
    assert sorted(rows) == sorted(expected)
    dates = pd.concat([table["valid_from"], table["valid_to"]]).dropna()
    assert set(dates.dt.strftime("%d-%m")) == {"01-01"}


def test_undated_memberships(minifrance_edition):
    table = read_memberships(minifrance_edition)
    counts = table.groupby(["kind", "nom"]).size()
    assert counts["departement"].to_dict() == {
        "Ain": 5, "Allier": 4, "Corse-du-Sud": 1, "Mayotte": 1, "Paris": 1,
    }  # fmt: skip
    assert counts["region"].to_dict() == {
        "Auvergne-Rhône-Alpes": 9, "Corse": 1, "Mayotte": 1, "Île-de-France": 1,
    }  # fmt: skip
    assert counts["massif"].to_dict() == {"Massif central": 3}
    assert counts["densite"].to_dict() == {
        "Grands centres urbains": 1,
        "Rural à habitat dispersé": 11,
    }
    assert counts["ruralite"].to_dict() == {"Les ruralités résidentielles aisées": 12}
    # 01014 is not classified
    assert counts["centralite"].to_dict() == {"Communes non centre": 11}
    codes = table.groupby("kind")["code"].unique()
    assert sorted(codes["densite"]) == ["grands-centres-urbains", "rural-a-habitat-disperse"]
    assert codes["massif"].tolist() == ["03"]


# --- Provenance ------------------------------------------------------------------------------------------


def test_every_source_is_described_with_its_files(minifrance_edition, minifrance_raw):
    info = minifrance_edition.info
    embedded = sorted(source.id for source in load_sources().values() if source.embedded)
    assert [source.id for source in info.sources] == embedded
    assert info.intervals == ((2011, 2016), (2013, 2018), (2016, 2022))
    files = {file.path: file for source in info.sources for file in source.files}
    read = {
        path.relative_to(minifrance_raw).as_posix()
        for path in minifrance_raw.rglob("*.*")
        if path.is_file()
    }
    assert set(files) == read - {"etalab/geo-api/departements/plm-75.geojson.gz"}
    for path, file in files.items():
        data = (minifrance_raw / path).read_bytes()
        assert (file.size, file.sha256) == (len(data), hashlib.sha256(data).hexdigest())


EPCI_OF_2018 = "1 : EPCI dont la population de 2016, sur leurs communes d'aujourd'hui, n'est pas celle du fichier"
OTHER_EPCI = f"{EPCI_OF_2018} à 10 % près (autre périmètre) : écartés (200060473)"
NEAR_EPCI = (
    f"{EPCI_OF_2018} à 1 % près (périmètre changé, ou qui n'est pas sûr) : estimations (240300002)"
)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("insee-cog-2026", "1 : communes déléguées (elles répètent le code d'une commune) (01012)"),
        ("insee-comparateur-2018", "2 : arrondissements de Paris, Lyon et Marseille (déjà comptés dans leur commune)"),
        ("insee-populations-reference-2023", "2 : arrondissements additionnés en leur commune"),
        ("etalab-geo-api-2026", "1 : fichiers d'arrondissements municipaux"),
        ("anct-petr-2018", "1 : EPCI dont moins de la moitié des communes est dans le périmètre"),
        ("anct-centralite", "1 : communes non classées : undefined (01014)"),
        ("communes-france-altitude-max", "2 : altitudes à 0, lues comme manquantes (01002, 03002)"),
        ("insee-rp-secteurs-2022", "1 : Paris, donnée comme un EPCI"),
        ("anct-observatoire-epci-2018", "1 : EPCI qui n'existent plus sous cet identifiant (240100001)"),
        ("anct-observatoire-epci-2018", OTHER_EPCI),
        ("anct-observatoire-epci-2018", NEAR_EPCI),
    ],
)  # fmt: skip
def test_what_is_left_out_is_named(minifrance_edition, source, words):
    dropped = minifrance_edition.sources[source].dropped
    assert [line for line in dropped if line.startswith(words)]


def test_no_source_lost_a_commune(minifrance_edition):
    lost = [line for source in minifrance_edition.info.sources for line in source.dropped]
    assert [
        line for line in lost if "sans commune correspondante" in line or "n'existait pas" in line
    ] == []


# --- Building again, and not at all --------------------------------------------------------------------


def test_building_twice_gives_the_same_bytes(minifrance_edition, minifrance_raw, tmp_path):
    steps = []
    build_edition(minifrance_raw, tmp_path / "edition", DATE, steps.append)
    for path in minifrance_edition.root.iterdir():
        assert (tmp_path / "edition" / path.name).read_bytes() == path.read_bytes(), path.name
    assert steps == [
        "Code officiel géographique", "Contours : lecture et mesure", "Contours : généralisation",
        "Appartenances", "Chiffres", "Navettes", "Écriture",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "absent",
    [
        "insee/cog/v_commune_2026.csv",
        "insee/cog/v_departement_2026.csv",
        "dgcl/epcicom*.xlsx",
        "etalab/geo-api/departements/*.gz",
        "anct/montagne.csv",
        "insee/comparateur/base_cc_comparateur_csv.zip",
        "figures/rp_emploi_secteurs_region.csv",
    ],
)
def test_absent_file(minifrance_edition, minifrance_raw, tmp_path, absent):
    raw = Path(shutil.copytree(minifrance_raw, tmp_path / "raw"))
    out = Path(shutil.copytree(minifrance_edition.root, tmp_path / "edition"))
    for path in raw.glob(absent):
        path.unlink()
    name = Path(absent).stem.split(".")[0].replace("*", r"\w*").replace("2026", r"\w{4}")
    with pytest.raises(SourceUnavailableError, match=name):
        build_edition(raw, out, DATE)
    assert open_edition(out).info == minifrance_edition.info
