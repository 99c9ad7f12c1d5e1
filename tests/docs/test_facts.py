"""What the README says of Haute-Bigorre, of the version and of the licence is so."""

import re
import tomllib
from pathlib import Path

import pandas as pd
import pytest

import terrdiag
from docs.markdown import read, section
from terrdiag.analyses.claims import analyse_claims
from terrdiag.analyses.peers import analyse_peers
from terrdiag.analyses.sectors import analyse_concentration, analyse_specialisation
from terrdiag.catalogue import load_analyses, load_indicators
from terrdiag.edition import open_edition
from terrdiag.indicators import Places, compute_values, list_places
from terrdiag.study import load_study
from terrdiag.territory import read_commune_frame, resolve_comparators, resolve_perimeter
from terrdiag.wording import format_number, format_value

ROOT = Path(__file__).parents[2]
README = read(ROOT / "README.md")
GIVES = re.sub(r"[ \n]+", " ", section(README, "Ce que vous obtenez"))
"""The part of the README that gives figures, its lines joined."""


@pytest.fixture(scope="module")
def places() -> Places:
    edition = open_edition()
    study = load_study(ROOT / "pipelines/cchb.toml")
    perimeter = resolve_perimeter(study, edition)
    comparators = resolve_comparators(study, perimeter, edition)
    frame = read_commune_frame(edition, perimeter)
    return list_places(perimeter, comparators, frame, edition.date)


@pytest.fixture(scope="module")
def values(places) -> pd.DataFrame:
    return compute_values(open_edition(), places)[0]


@pytest.mark.parametrize(
    ("indicator", "year", "level"),
    [
        ("altitude_min_m", 2025, "territoire"),
        ("altitude_max_m", 2025, "territoire"),
        ("population", 2023, "territoire"),
        ("population", 2022, "territoire"),
        ("population_growth_pct", 2022, "territoire"),
        ("population_growth_pct", 2022, "region"),
        ("jobs", 2018, "territoire"),
        ("jobs", 2022, "territoire"),
        ("jobs_growth_pct", 2018, "territoire"),
        ("jobs_growth_pct", 2018, "region"),
        ("industry_jobs_share_pct", 2022, "territoire"),
        ("industry_jobs_share_pct", 2022, "region"),
        ("industry_jobs_share_pct", 2022, "france"),
        ("industry_establishments", 2018, "territoire"),
        ("industry_establishments", 2024, "territoire"),
        ("establishments", 2018, "territoire"),
        ("establishments", 2024, "territoire"),
        ("industry_establishments_share_pct", 2018, "territoire"),
        ("industry_establishments_share_pct", 2018, "region"),
        ("industry_establishments_share_pct", 2024, "territoire"),
        ("second_homes_share_pct", 2018, "territoire"),
        ("second_homes_share_pct", 2018, "region"),
    ],
)
def test_figures_of_the_readme(values, indicator, year, level):
    rows = values[(values["indicator"] == indicator) & (values["ref_year"] == year)]
    value = float(rows.loc[rows["level"] == level, "value"].iloc[0])
    one = load_indicators()[indicator]
    unit = one.unit[:1] if one.unit.startswith("%") else one.unit if one.unit == "m" else ""
    said = format_value(value, unit, one.decimals, signed=one.signed)
    assert said in GIVES


def test_the_territory_of_the_readme(values):
    perimeter = resolve_perimeter(load_study(ROOT / "pipelines/cchb.toml"), open_edition())
    assert "391,4 km²" in perimeter.notice[0].replace("\u00a0", " ")
    assert "25 communes, 391,4\u00a0km²" in README
    flags = values[
        (values["indicator"] == "mountain_communes_share_pct") & (values["value"] == 100)
    ]
    assert f"{(flags['level'] == 'commune').sum()} communes sur 25 dans un massif" in README


def find(found, indicator: str) -> float:
    """The value of the territory; the latest year where there are several."""
    rows = found.values[(found.values["indicator"] == indicator)]
    rows = rows[rows["level"] == "territoire"].sort_values("ref_year")
    return float(rows["value"].iloc[-1])


def test_specialisation_of_the_readme(values, places):
    quotients = analyse_specialisation(values, places)
    for reference in ("region_76", "france"):
        value = find(quotients, f"lq_industry_jobs_vs_{reference}")
        assert f"{format_number(value, 2)} fois celle" in GIVES
    top = find(analyse_concentration(values, places), "top_commune_jobs_share_pct")
    assert f"Bagnères-de-Bigorre réunit {format_value(top, '%', 1)} des emplois" in GIVES


def test_peers_of_the_readme(values):
    study, edition = load_study(ROOT / "pipelines/cchb.toml"), open_edition()
    found = analyse_peers(edition, resolve_perimeter(study, edition), values)
    assert f"parmi {format_number(found.compared)}" in GIVES
    (said,) = re.findall(r"parmi [\d\u202f]+\u00a0: ([^\u202f]*)\u202f;", GIVES)
    names = said.split(", ")
    assert len(names) == 3
    for peer, name in zip(found.nearest[:3], names, strict=True):
        assert peer.name.startswith(name)


def test_claims_of_the_readme():
    study, edition = load_study(ROOT / "pipelines/cchb.toml"), open_edition()
    found = analyse_claims(study, resolve_perimeter(study, edition), edition)
    counts = [found.count(verdict) for verdict in ("differs", "not_computable")]
    said = "sur {}, {} diffèrent des données et {} ne sont pas calculables"
    assert said.format(len(found.checked), *counts) in GIVES
    (match,) = found.checked[0].search.fitting
    assert (found.checked[0].claim.text, len(match.ground.place.communes)) == ("24 communes", 24)
    assert match.ground.by_study
    assert match.ground.until.year == 2017


@pytest.mark.parametrize("document", ["README.md", "CHANGELOG.md"])
def test_the_number_of_indicators_and_of_analyses(document):
    counts = f"{len(load_indicators())} indicateurs et {len(load_analyses())} analyses"
    assert counts in read(ROOT / document)


@pytest.mark.parametrize("document", ["README.md", "CHANGELOG.md"])
def test_the_number_of_those_that_only_a_local_edition_has(document, generate):
    edition = open_edition()
    known = generate.count_years(edition, load_indicators())
    local = sum(not one.table for one in known.values())
    analyses = sum(
        bool(one.source) and not set(one.source) & set(edition.sources)
        for one in load_analyses().values()
    )
    assert f"dont {local} et {analyses}" in read(ROOT / document)


def test_the_seam_of_the_method_is_that_of_the_edition():
    (note,) = (note for note in open_edition().info.notes if note.startswith("Contours"))
    gap, overlap = re.findall(r"([\d,]+) km²", note.replace("\u00a0", " "))
    text = read(ROOT / "docs/methode.md")
    assert f"{gap} km² de vides et {overlap} km² de" in text.replace("\u00a0", " ")


def test_the_number_of_communes_of_the_changelog():
    from terrdiag.edition import read_commune_list  # noqa: PLC0415

    assert format_number(len(read_commune_list(open_edition()))) in read(ROOT / "CHANGELOG.md")


def test_version_and_licence_agree():
    citation = dict(
        re.findall(r"^([a-z-]+): \"?([^\"\n]+)\"?$", read(ROOT / "CITATION.cff"), re.MULTILINE)
    )
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "type", "date-released"} <= set(citation)
    assert citation["version"] == terrdiag.__version__
    assert f"## [{terrdiag.__version__}] - {citation['date-released']}" in read(
        ROOT / "CHANGELOG.md"
    )
    project = tomllib.loads(read(ROOT / "pyproject.toml"))["project"]
    assert project["license"] == citation["license"] == "MIT"
    assert read(ROOT / "LICENSE").startswith(
        "MIT License\n\nCopyright (c) 2026 terrdiag contributors"
    )
    assert re.search(
        r"^authors:\n  - name: \"terrdiag contributors\"$",
        read(ROOT / "CITATION.cff"),
        re.MULTILINE,
    )
