"""An edition with the census employment base: the industrial-employment share of every commune, and of what they make.

The base is synthetic (``synthetic_jobs``): its counts are invented, its columns are the producer's.
"""

import datetime as dt
import json
import math
import re
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from find_browser import find_browser
from indicators.conftest import run_study
from indicators.example import aggregate, make_figures
from minifrance import numbers
from minifrance.tables import read_rows
from synthetic_jobs import YEARS, count_jobs, write_jobs_base
from terrdiag.analyses.peers.country import survey_country
from terrdiag.catalogue import load_indicators
from terrdiag.diagnostic import run_diagnostic
from terrdiag.edition import open_edition, read_figures
from terrdiag.edition.build import build_edition
from terrdiag.indicators import find_caveats, find_fragile
from terrdiag.study import study_for_code
from terrdiag.values import MISSING, OK, PARTIAL, TOO_SMALL

DAY = dt.date(2026, 11, 22)
BASE = "insee-base-emploi-2022"
PUBLISHED = "insee-rp-secteurs-2022"
FILE = "insee/rp-emploi/base-cc-emploi-pop-active-2022_csv.zip"

SECTORS = {
    "agriculture": "AGRI",
    "industry": "INDUS",
    "construction": "CONST",
    "trade_services": "CTS",
    "administration": "APESAS",
}
SHARES = [f"{sector}_jobs_share_pct" for sector in SECTORS]
INDUSTRY = "industry_jobs_share_pct"

PEOPLE = {row["COM"]: float(row["PMUN"]) for row in read_rows(numbers.REFERENCE_2023)}
PEOPLE = {code: size for code, size in PEOPLE.items() if code not in numbers.ARRONDISSEMENTS}
PEOPLE["75056"] = 10_300.0

UPPER, PLAIN = "200100001", "240300002"
MEMBERS = {
    UPPER: ("01001", "01002", "01003", "03003"),
    PLAIN: ("01004", "01014", "03001", "03002", "03004"),
}


def build(raw, folder, people=PEOPLE, years=YEARS):
    """The edition of the mini-France, and the employment base beside its files."""
    shutil.copytree(raw, folder / "raw")
    write_jobs_base(folder / "raw" / FILE, people, numbers.ARRONDISSEMENTS, years)
    build_edition(folder / "raw", folder / "edition", DAY)
    return open_edition(folder / "edition")


@pytest.fixture(scope="session")
def edition(minifrance_raw, tmp_path_factory):
    return build(minifrance_raw, tmp_path_factory.mktemp("emploi"))


@pytest.fixture(scope="session")
def values(edition):
    """Values of a territory of two EPCI, its communes, its comparators."""
    return run(edition).values


def run(edition):
    study = study_for_code("epci", PLAIN, "Essai")
    perimeter = type(study.perimeter)(epci=(PLAIN, UPPER))
    return run_study(replace(study, id="essai", perimeter=perimeter), edition)


def rows_of(values, level, indicator=INDUSTRY, year=2022):
    rows = values[(values["level"] == level) & (values["indicator"] == indicator)]
    return rows[rows["ref_year"] == year].set_index("code")


def expected(codes, column, year):
    return sum(count_jobs(code, PEOPLE[code], year)[column] for code in codes)


# --- The figures --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("sector", SECTORS)
def test_the_share_of_an_epci_is_that_of_the_sums_of_its_communes(values, sector, year):
    column = f"EMPLT_{SECTORS[sector]}"
    name = f"{sector}_jobs_share_pct"
    communes, epci = rows_of(values, "commune", name, year), rows_of(values, "epci", name, year)
    assert set(communes.index) == {code for codes in MEMBERS.values() for code in codes}
    for code, members in MEMBERS.items():
        part, whole = epci.loc[code, ["numerator", "denominator"]]
        # the counts of the file, then those of the table of values
        assert part == pytest.approx(expected(members, column, year), rel=1e-12)
        assert whole == pytest.approx(expected(members, "EMPLT", year), rel=1e-12)
        inside = communes.loc[list(members)]
        assert part == pytest.approx(math.fsum(inside["numerator"]), rel=1e-15)
        assert whole == pytest.approx(math.fsum(inside["denominator"]), rel=1e-15)
        assert epci.loc[code, "value"] == pytest.approx(100 * part / whole, rel=1e-15)
    territory = rows_of(values, "territoire", name, year).iloc[0]
    assert territory["numerator"] == pytest.approx(math.fsum(epci["numerator"]), rel=1e-15)
    assert (territory["status"], territory["source_id"]) == (OK, BASE)


def test_the_five_shares_make_the_whole(values):
    kept = values[values["indicator"].isin(SHARES) & values["value"].notna()]
    sums = kept.groupby(["level", "code", "ref_year"])["value"].agg(["sum", "size"])
    assert (sums["size"] == 5).all()
    assert sums["sum"].to_numpy() == pytest.approx(np.full(len(sums), 100.0), abs=1e-6)


def test_counts_win_and_a_place_has_one_row(values):
    keys = ["level", "code", "indicator", "ref_year"]
    assert not values.duplicated(keys).any()
    assert set(values.loc[values["indicator"].isin(SHARES), "source_id"]) == {BASE}


def test_upper_levels_are_sums_too(values):
    france = rows_of(values, "france").iloc[0]
    assert france["numerator"] == pytest.approx(expected(PEOPLE, "EMPLT_INDUS", 2022), rel=1e-12)
    # nobody counts the jobs of Mayotte
    assert france["status"] == PARTIAL
    codes = [code for code in PEOPLE if code[:2] in {"01", "03"}]
    assert france["coverage_pct"] == pytest.approx(100)
    inside = rows_of(values, "territoire").iloc[0]
    assert inside["denominator"] == pytest.approx(expected(codes, "EMPLT", 2022), rel=1e-12)


def test_small_communes_have_no_share_but_their_counts(values):
    communes = rows_of(values, "commune")
    small = communes[communes["denominator"] < 50]
    assert not small.empty
    assert set(small["status"]) == {TOO_SMALL}
    assert small["numerator"].notna().all()
    assert (communes.loc[communes["denominator"] >= 50, "status"] == OK).all()


def test_fragile_communes_are_marked(values):
    fragile = values[find_fragile(values, load_indicators())]
    assert set(fragile["indicator"]) == set(SHARES)
    # the largest commune has 4,800 inhabitants, the others less than 2,000, and so has the Haut-Pays as a whole
    known = rows_of(values, "commune")
    known = set(known.index[known["status"] == OK])
    assert set(fragile["code"]) == known - {"03001"} | {UPPER}
    [sentence] = [one for one in find_caveats(values, load_indicators()) if "fragiles" in one]
    assert f"pour {len(known) - 1} des 9\xa0communes et CC du Haut-Pays, de moins de" in sentence


def test_census_years_and_intervals(edition, values):
    assert {(2011, 2016), (2016, 2022)} <= set(edition.info.intervals)
    growth = values[(values["indicator"] == "jobs_growth_pct") & (values["level"] == "territoire")]
    assert {2016, 2022} <= set(growth["ref_year"])


def test_peers_are_measured_with_the_counts(edition):
    indicator = load_indicators()[INDUSTRY]
    country = survey_country(edition, [indicator])
    assert country.years(indicator)[:3] == [2022, 2016, 2011]
    measured = country.measure(indicator, 2022)
    by_code = dict(zip(country.codes, measured["value"], strict=True))
    members = MEMBERS[PLAIN]
    share = 100 * expected(members, "EMPLT_INDUS", 2022) / expected(members, "EMPLT", 2022)
    assert by_code[PLAIN] == pytest.approx(share, rel=1e-12)
    # the Lagune has no counts, and nothing is published of it
    assert math.isnan(by_code["200060473"])


# --- Where there are no counts ----------------------------------------------------------------------------


def test_years_without_counts_keep_the_published_share(minifrance_raw, tmp_path):
    edition = build(minifrance_raw, tmp_path, years=(2022,))
    values = run(edition).values
    name = "construction_jobs_share_pct"
    assert rows_of(values, "epci", name, 2016).loc[PLAIN, ["value", "source_id"]].tolist() == [
        8.5,
        PUBLISHED,
    ]
    assert rows_of(values, "commune", name, 2016).empty
    assert set(rows_of(values, "epci", name, 2022)["source_id"]) == {BASE}
    assert len(rows_of(values, "commune", name, 2022)) == 9


def test_places_without_counts_keep_the_published_share(minifrance_raw, tmp_path):
    known = {code: size for code, size in PEOPLE.items() if code not in MEMBERS[PLAIN]}
    edition = build(minifrance_raw, tmp_path, people=known)
    values = run(edition).values
    epci = rows_of(values, "epci")
    assert epci.loc[PLAIN, ["value", "source_id"]].tolist() == [10.0, PUBLISHED]
    assert epci.loc[UPPER, "source_id"] == BASE
    assert not values.duplicated(["level", "code", "indicator", "ref_year"]).any()
    assert set(rows_of(values, "commune").loc[list(MEMBERS[PLAIN]), "status"]) == {MISSING}
    indicator = load_indicators()[INDUSTRY]
    country = survey_country(edition, [indicator])
    columns = country.measure(indicator, 2022)
    at = country.codes.tolist().index(PLAIN)
    assert (columns["value"][at], columns["source_id"][at]) == (10.0, PUBLISHED)


def test_the_same_edition_without_the_base_is_as_before(minifrance_edition):
    figures = read_figures(minifrance_edition)
    assert not any(name.startswith("jobs_industry") for name in figures["variable"].cat.categories)
    values = run(minifrance_edition).values
    assert set(values.loc[values["indicator"] == INDUSTRY, "level"]) & {"commune"} == set()
    assert rows_of(values, "epci").loc[PLAIN, "value"] == 10.0


# --- The law --------------------------------------------------------------------------------------------------

COUNTS = st.floats(0, 1e5, allow_subnormal=False)


@given(
    communes=st.lists(st.tuples(COUNTS, COUNTS, st.integers(0, 3)), min_size=1, max_size=12),
    year=st.sampled_from([2011, 2022]),
)
def test_any_partition_of_any_communes(communes, year):
    """Numerators and denominators of places sum to those of their union; its share lies between theirs."""
    lines = [f"code people jobs_industry@{year} jobs_sectors@{year}"]
    groups: dict[str, list[str]] = {}
    for at, (industry, others, group) in enumerate(communes):
        lines.append(f"{at:02} 100 {industry!r} {industry + others!r}")
        groups.setdefault(f"G{group}", []).append(f"{at:02}")
    places = {name: " ".join(codes) for name, codes in groups.items()}
    everything = " ".join(f"{at:02}" for at in range(len(communes)))
    found = aggregate(INDUSTRY, make_figures("\n".join(lines)), places | {"all": everything})
    whole = found.loc[("all", year)]
    parts = found.drop(("all", year))
    for name, at in (("numerator", 0), ("denominator", None)):
        hand = math.fsum(row[0] if at == 0 else row[0] + row[1] for row in communes)
        assert whole[name] == pytest.approx(hand, rel=1e-12)
        assert whole[name] == pytest.approx(math.fsum(parts[name]), rel=1e-12)
    given_parts = parts["value"].dropna()
    if whole["denominator"] >= 50 and len(given_parts) == len(parts):
        assert given_parts.min() - 1e-9 <= whole["value"] <= given_parts.max() + 1e-9


# --- What a reader gets ---------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def written(edition, tmp_path_factory):
    out = tmp_path_factory.mktemp("diagnostic")
    study = study_for_code("epci", PLAIN, "CA de la Plaine")
    run_diagnostic(
        replace(study, id="plaine"),
        edition,
        out,
        generated=DAY,
        command="terrdiag diagnostic 240300002",
        progress=lambda _: None,
    )
    return out


def read_view(path):
    text = path.read_text(encoding="utf-8")
    return json.loads(re.search(r'<script[^>]*id="vue"[^>]*>(.*?)</script>', text, re.S)[1])


def test_the_map_is_by_commune(written):
    view = read_view(written / "maps/plaine/industry_jobs_share_pct.html")
    assert (view["level"], view["year"]) == ("commune", 2022)
    assert view["fragile"] == "fragile\xa0: moins de 2\u202f000\xa0habitants"
    assert "fragile" in view["marks"]
    labels = [row["label"] for row in view["legend"]]
    assert labels[-1] == "dont fragile\xa0: moins de 2\u202f000\xa0habitants"
    assert "emplois au lieu de travail par secteur et par commune" in view["source"]


def test_without_the_base_the_map_is_by_epci(minifrance_edition, tmp_path):
    study = replace(study_for_code("epci", PLAIN, "CA de la Plaine"), id="plaine")
    run_diagnostic(
        study, minifrance_edition, tmp_path, generated=DAY, command="x", progress=lambda _: None
    )
    view = read_view(tmp_path / "maps/plaine/industry_jobs_share_pct.html")
    assert view["level"] == "epci"
    assert "fragile" not in view


def test_the_tables_hold_no_new_column_and_no_new_status(written):
    table = pd.read_csv(written / "data/processed/plaine/indicators.csv", sep=";", decimal=",")
    rows = table[(table["indicateur"] == INDUSTRY) & (table["niveau"] == "commune")]
    assert len(rows) == 3 * 5
    assert set(rows["statut"]) == {"ok"}
    assert "fragile" not in " ".join(table.columns)


def test_the_page_says_it(written):
    page = (written / "maps/plaine/index.html").read_text(encoding="utf-8")
    assert "Données fragiles" in page
    views = json.loads(re.search(r'<script[^>]*id="td-views"[^>]*>(.*?)</script>', page, re.S)[1])
    levels = {view["year"]: view["level"] for view in views if view["indicator"] == INDUSTRY}
    assert levels == dict.fromkeys(YEARS, "commune")


@pytest.mark.browser
def test_a_reader_sees_the_mark(written, tmp_path):
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright n'est pas installé")
    path = find_browser()
    if path is None:
        pytest.skip("NAVIGATEUR ABSENT : la page n'est pas ouverte dans Chromium")
    faults = []
    with playwright.sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        address = (written / "maps/plaine/index.html").as_uri()
        page.goto(f"{address}#indicator={INDUSTRY}&year=2022")
        cells = page.locator("#communes tbody tr").all_inner_texts()
        legend = page.locator("#carte .td-legend").inner_text()
        page.locator("#communes tbody tr", has_text="Douves").locator("button").click()
        panel = page.locator("#carte").inner_text()
        browser.close()
    by_name = {" ".join(cell.split()).split(" 0")[0]: " ".join(cell.split()) for cell in cells}
    assert "fragile : moins de 2 000 habitants" in by_name["Douves"]
    assert "fragile" not in by_name["Frêne-la-Ville"]
    assert "dont fragile" in legend
    assert "fragile : moins de 2 000 habitants" in " ".join(panel.split())
    assert faults == []
