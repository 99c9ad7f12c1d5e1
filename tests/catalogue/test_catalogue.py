"""The catalogue: coherent in itself, and with the code and the edition."""

import inspect
import re
import tomllib
from importlib import resources

import pandas as pd
import pytest

from indicators.test_functions import CASES
from terrdiag.catalogue import (
    Source,
    load,
    load_analyses,
    load_indicators,
    load_sources,
    load_themes,
)
from terrdiag.edition import open_edition, read_figures
from terrdiag.errors import CatalogueError
from terrdiag.indicators.slices import indicator_functions

# Identifiers are a contract: other people's scripts rely on them.
CONTRACT = """
population population_density population_growth_pct natural_change_pct second_homes_share_pct
vacant_homes_share_pct median_income_eur jobs jobs_growth_pct salaried_jobs_share_pct
employment_concentration unemployment_rate_pct establishments industry_establishments
industry_establishments_share_pct agriculture_establishments_share_pct
construction_establishments_share_pct trade_services_establishments_share_pct
administration_establishments_share_pct industry_jobs_share_pct agriculture_jobs_share_pct
construction_jobs_share_pct trade_services_jobs_share_pct administration_jobs_share_pct
altitude_min_m altitude_max_m altitude_mean_m altitude_range_m mountain_communes_share_pct
"""

TIMELESS = {"area_km2", "communes"}
"""Variables that every commune has, whatever the edition."""

LOCAL = re.compile(
    r"jobs_(total|salaried|sectors|agriculture|industry|construction|trade_services|administration)"
    r"|posts_[a-z_]+|private_jobs_[a-z_]+"
    r"|median_living_standard(_filosofi1)?_eur|poverty_rate(_filosofi1)?_pct"
    r"|energy_[a-z_]+_mwh|ghg_[a-z_]+_tco2e|commuters_[a-z_]+"
)
"""Variables of the sources that only « terrdiag data update » brings: the embedded edition may lack them."""


@pytest.fixture(scope="module")
def variables():
    figures = read_figures(open_edition())
    return set(figures["variable"].cat.categories) | TIMELESS


def test_identifiers_are_those_promised():
    assert set(CONTRACT.split()) <= set(load_indicators())


# --- What a new indicator needs ------------------------------------------------------------------------

TESTED = {function.__name__ for function, *_ in CASES}


def list_what_is_missing(indicator, functions, variables, tested):
    """Tell what is still to be done for an indicator of the catalogue, in the order to do it."""
    name, wanted = indicator.id, [text.partition(":")[0] for text in indicator.summed]
    inputs = [text.partition(":")[0] for text in indicator.inputs]
    unknown = [name for name in inputs if name not in variables and not LOCAL.fullmatch(name)]
    if unknown:
        yield f"{name} : l'édition n'a pas la variable {', '.join(unknown)} (inputs)"
    if name not in functions:
        yield f"{name} : écrivez la fonction {name}({', '.join(wanted)}) dans src/terrdiag/indicators/"
        return
    parameters = [p for p in inspect.signature(functions[name]).parameters if p != "years"]
    if len(parameters) != len(wanted):
        yield f"{name} : la fonction prend {len(parameters)} séries, inputs en donne {len(wanted)}"
    if not functions[name].__doc__:
        yield f"{name} : la fonction n'a pas de docstring (unité, formule, source)"
    if name not in tested:
        yield f"{name} : ajoutez un cas à CASES, dans tests/indicators/test_functions.py"


def test_every_indicator_is_complete(variables):
    missing = [
        line
        for indicator in load_indicators().values()
        for line in list_what_is_missing(indicator, indicator_functions(), variables, TESTED)
    ]
    assert missing == [], "\n".join(missing)


def test_every_function_is_in_the_catalogue():
    forgotten = set(indicator_functions()) - set(load_indicators())
    assert forgotten == set(), f"ajoutez à catalogue/indicators/ : {', '.join(sorted(forgotten))}"


def silent(series):
    return series


@pytest.mark.parametrize(
    ("change", "functions", "tested", "message"),
    [
        (
            {"id": "wolves"},
            None,
            TESTED,
            "wolves : écrivez la fonction wolves(births, dwellings) dans",
        ),
        ({"inputs": ("wolves",)}, None, TESTED, "l'édition n'a pas la variable wolves"),
        ({"inputs": ("births",)}, None, TESTED, "prend 2 séries, inputs en donne 1"),
        (
            {"inputs": ("births",)},
            {"second_homes_share_pct": silent},
            TESTED,
            "n'a pas de docstring",
        ),
        ({}, None, set(), "ajoutez un cas à CASES"),
    ],
)
def test_a_newcomer_is_told_what_is_missing(change, functions, tested, message):
    entry = load_indicators()["second_homes_share_pct"]
    entry = entry.model_copy(update={"inputs": ("births", "dwellings"), **change})
    known = {"births", "dwellings"}
    lines = list_what_is_missing(entry, functions or indicator_functions(), known, tested)
    assert any(message in line for line in lines)


def test_a_share_that_has_counts_is_that_of_its_published_self():
    """Complementary exploitation for both, never the main one; by commune only where there are counts."""
    counted = {name: one for name, one in load_indicators().items() if one.counts}
    assert set(counted) == {
        f"{sector}_jobs_share_pct"
        for sector in (
            "industry",
            "agriculture",
            "construction",
            "trade_services",
            "administration",
        )
    }
    for name, one in counted.items():
        assert one.counts == (f"jobs_{name.removesuffix('_jobs_share_pct')}", "jobs_sectors")
        assert one.inputs == (name,)
        assert one.summed == one.counts
        assert one.variables == {name, *one.counts}
        assert "commune" not in one.levels
        assert (one.min_denominator, one.fragile_below) == (50, 2000)


def test_labels_are_there_and_distinct():
    indicators = load_indicators().values()
    for name in ("label_fr", "label_en", "short_fr"):
        labels = [getattr(indicator, name) for indicator in indicators]
        assert all(label.strip() == label != "" for label in labels)
        assert len(set(labels)) == len(labels)
    assert all(indicator.definition_fr.endswith(".") for indicator in indicators)


def test_rates_have_a_unit_and_a_floor_where_they_need_one():
    for indicator in load_indicators().values():
        is_share = indicator.kind in {"ratio_of_sums", "growth"} and "pct" in indicator.id
        assert not is_share or indicator.unit.startswith("%")
        on_counts = is_share and indicator.theme != "relief"
        assert not on_counts or indicator.min_denominator > 0, indicator.id


@pytest.mark.parametrize(
    ("name", "spans"),
    [
        ("population", False),
        ("industry_jobs_share_pct", False),
        ("population_growth_pct", True),
        ("natural_change_pct", True),
        # published as a rate: no input says that it has two years
        ("jobs_growth_published_pct", True),
    ],
)
def test_what_is_measured_between_two_years(name, spans):
    assert load_indicators()[name].spans_interval is spans


def test_indicators_are_grouped_by_theme_in_reading_order():
    order = [indicator.theme for indicator in load_indicators().values()]
    assert order == sorted(order, key=list(load_themes()).index)
    analysed = {analysis.theme for analysis in load_analyses().values()}
    assert set(load_themes()) == {*order, *analysed}


# --- Sources -----------------------------------------------------------------------------------------------


def test_the_embedded_edition_holds_only_what_its_licence_allows():
    records = open_edition().sources
    assert len(records) == 19
    for key, record in records.items():
        assert load_sources()[key].embeddable
        assert record.licence == load_sources()[key].licence == "Licence Ouverte 2.0"


def test_sources_of_the_figures_are_those_the_catalogue_names():
    edition = open_edition()
    figures = read_figures(edition)
    ends = {year for interval in edition.info.intervals for year in interval}
    by_variable = dict(iter(figures.groupby("variable", observed=True)))
    for indicator in load_indicators().values():
        inputs = [text.partition(":") for text in indicator.inputs]
        if any(LOCAL.fullmatch(name) and name not in by_variable for name, _, _ in inputs):
            continue  # not in the embedded edition
        tables = [by_variable[name] for name, _, _ in inputs if name not in TIMELESS]
        # a figure serves where the others are known too
        codes = set.intersection(*(set(table["code"]) for table in tables))
        rows = pd.concat([table[table["code"].isin(codes)] for table in tables])
        rows = rows[rows["ref_year"].isin(ends)] if any(end for _, _, end in inputs) else rows
        assert set(rows["source_id"]) <= set(indicator.source), indicator.id


# --- Entries that are not coherent --------------------------------------------------------------------------


LOADERS = {"indicators": load_indicators, "analyses": load_analyses, "sources": load_sources}


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """Give a copy of the catalogue that a test may change."""
    shipped = resources.files("terrdiag.catalogue")
    for name in LOADERS:
        (tmp_path / name).mkdir()
        for entry in shipped.joinpath(name).iterdir():
            if entry.name.endswith(".toml"):
                (tmp_path / name / entry.name).write_bytes(entry.read_bytes())
    monkeypatch.setattr(load.resources, "files", lambda package: tmp_path)
    return tmp_path


@pytest.fixture
def altered(folder):
    """Load a folder of the catalogue with one of its files changed."""

    def load_altered(file, old, new):
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        text = text.replace(old, new, 1)
        tomllib.loads(text)
        (folder / file).write_text(text, encoding="utf-8")
        return LOADERS[file.partition("/")[0]].__wrapped__()

    return load_altered


BASE, INSEE = "indicators/base.toml", "sources/insee.toml"
DENSITY = "[indicators.population_density]\n"
POPULATION = "[indicators.population]\n"
RP = "[sources.insee-rp-populations]\n"


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (BASE, DENSITY, f'{DENSITY}couleur = "rouge"\n', "population_density, couleur : "),
        (BASE, 'unit = "hab."\n', "", "population, unit : Field required"),
        (BASE, 'kind = "density"', 'kind = "mean"', "population_density, kind : "),
        (BASE, "decimals = 1", "decimals = 9", "population_density, decimals : "),
        (BASE, 'theme = "population"', 'theme = "loisirs"', "thème ou source inconnus : loisirs"),
        (BASE, '"insee-rp-populations"', '"ouï-dire"', "thème ou source inconnus : ouï-dire"),
        (BASE, 'map = { kind = "circles" }', 'map = { kind = "choropleth" }', "cercles proportionnels"),
        (BASE, POPULATION, f'{POPULATION}weights = "jobs_total"\n', "weights ne concerne que"),
        (BASE, POPULATION, f"{POPULATION}interval = true\n", "interval ne concerne que"),
        (BASE, "breaks = [-1.0, -0.5,", "breaks = [-0.5, -1.0,", "strictement croissant"),
        (BASE, "breaks = [-1.0, -0.5,", "breaks = [-1.0, -1.0,", "strictement croissant"),
        (BASE, "breaks = [-1.0, -0.5, 0.0, 0.5, 1.0], ", "", "demande map.breaks"),
        (BASE, "classes = 5", "classes = 12", "map.classes"),
        (INSEE, RP, f"{RP}prix = 3\n", "insee-rp-populations, prix : "),
        (INSEE, "cog_year = 2026", 'cog_year = "hier"', "sources.insee-cog-2026, cog_year"),
        (INSEE, 'content = "csv"', 'content = "docx"', "insee-cog-2026, files.0.content"),
        (INSEE, "min_rows = 37000", "lines = 37000", "insee-cog-2026, files.0.lines"),
    ],
)  # fmt: skip
def test_incoherent_entry(altered, file, old, new, message):
    with pytest.raises(CatalogueError, match=f"^{file}") as raised:
        altered(file, old, new)
    assert message in str(raised.value)


@pytest.mark.parametrize("name", LOADERS)
def test_unaltered_catalogue(folder, name):
    assert LOADERS[name].__wrapped__() == LOADERS[name]()


def test_an_analysis_does_not_bear_the_name_of_an_indicator(altered):
    with pytest.raises(
        CatalogueError, match=r"^analyses, population : cet identifiant est celui d'un"
    ):
        altered("analyses/peers.toml", "[analyses.peer_distance]", "[analyses.population]")


def test_an_identifier_stands_in_one_file(folder):
    text = (folder / "sources" / "relief.toml").read_text(encoding="utf-8")
    (folder / "sources" / "relief_bis.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"^sources/relief_bis\.toml, .* est déjà pris\.$"):
        load_sources.__wrapped__()


def test_what_is_not_a_catalogue_is_not_read(folder):
    (folder / "sources" / "README.md").write_text("# Le registre", encoding="utf-8")
    assert load_sources.__wrapped__() == load_sources()


def test_entries_are_frozen():
    source = next(iter(load_sources().values()))
    assert isinstance(source, Source)
    with pytest.raises(ValueError, match="frozen"):
        source.licence = "ODbL"
