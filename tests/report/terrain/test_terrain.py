"""The section « Relief »: with a model, without one, and when little can be said."""

import dataclasses
import re
import xml.etree.ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from analyses.terrain.example import by_commune, make_altitudes, make_values
from analyses.terrain.run import prepare
from terrdiag.analyses.terrain import TerrainFindings, analyse_terrain
from terrdiag.analyses.terrain.bands import BandFindings, set_in_bands
from terrdiag.analyses.terrain.gradients import analyse_gradients
from terrdiag.catalogue import load_indicators
from terrdiag.indicators import Place as Whole
from terrdiag.report.comparison import Place, gather_figures
from terrdiag.report.terrain import tell_terrain
from terrdiag.report.terrain.hypsometry import pick_step, word_share
from terrdiag.report.terrain.relief_map import keep_one_part, list_shapes, veil_rest
from terrdiag.report.terrain.transect import thin_profile
from terrdiag.study.relief import ReliefTable, TransectTable
from terrdiag.values import empty_values

INTERVALS = ((2011, 2016), (2013, 2018), (2016, 2022))
CCHB = "246500482"
LINE = TransectTable(
    name="De Montgaillard au Tourmalet",
    points=((0.11, 43.12), (0.145, 42.908)),
    start="Montgaillard",
    end="Col",
)
TERRITORY = Place("territoire", "val", "Val-d'Exemple")


def make_figures(place=TERRITORY):
    return gather_figures(empty_values(), place, (), load_indicators(), INTERVALS)


class Told:
    """The blocks of a territory, and all that they say."""

    def __init__(self, findings, frame=None, place=TERRITORY):
        self.blocks = tell_terrain(findings, make_figures(place), frame, "terrdiag diagnostic val")
        self.by_title = {block.title: block for block in self.blocks}
        self.drawings = {one.name: one for block in self.blocks for one in block.drawings}
        self.words = "\n".join(
            text for block in self.blocks for text in (*block.sentences, *block.notes)
        )

    def grid(self, start):
        [found] = [
            grid for block in self.blocks for grid in block.grids if grid.caption.startswith(start)
        ]
        return found


def tell_real(target, *files, **relief):
    args = prepare(target, *files, **relief)
    perimeter, frame = args[3], args[4]
    findings = analyse_terrain(*args)
    return Told(findings, frame, Place("territoire", perimeter.id, perimeter.name))


@pytest.fixture(scope="module")
def plain():
    return tell_real(CCHB, transect=LINE)


@pytest.fixture(scope="module")
def measured(mirror):
    return tell_real(CCHB, mirror / "elevation" / "de15_cchb_clip.tif", transect=LINE)


def check_grids(told):
    for block in told.blocks:
        for grid in block.grids:
            assert {len(row) for row in grid.rows} == {len(grid.heads)}
            assert not any("nan" in cell for row in grid.rows for cell in row)


# --- without a model ---------------------------------------------------------------------------------------------


def test_without_a_model(plain):
    assert list(plain.by_title) == [
        "Les communes par tranche d'altitude",
        "Ce qui change avec l'altitude des communes",
        "Coupe : De Montgaillard au Tourmalet",
        "Mesurer le relief",
    ]
    assert "« terrdiag data dem val » télécharge un modèle libre" in plain.words
    assert "« terrdiag diagnostic val --dem FICHIER.tif »" in plain.words
    assert 'dem = ["dem/*.tif"]' in plain.words
    assert "BD ALTI" in plain.words
    assert "carte-du-relief" not in plain.drawings
    check_grids(plain)


def test_the_bands_in_words(plain):
    sentences = plain.by_title["Les communes par tranche d'altitude"].sentences
    assert [re.sub(r"\s", " ", sentence) for sentence in sentences] == [
        "Les communes sont rangées par tranches de 200 m de leur altitude moyenne officielle.",
        (
            "15 des 25 communes sont dans la tranche de 400 à 600 m ; elles représentent 24,0 % de la superficie et "
            "33,2 % des habitants (2023)."
        ),
        (
            "Bagnères-de-Bigorre est la seule commune de 1 400 à 1 600 m ; elle représente 32,2 % de la superficie et "
            "43,1 % des habitants (2023)."
        ),
    ]
    assert "Sans aucune commune : 800 à 1\u202f000\xa0m." in plain.words
    assert "L'altitude d'une commune n'est pas celle de ses habitants" in plain.words


def test_the_table_of_bands(plain):
    grid = plain.grid("Les communes par tranche d'altitude")
    assert grid.heads[:4] == (
        "Tranche",
        "Superficie (km²)",
        "Population, 2023",
        "Densité (hab./km²), 2023",
    )
    assert "Évolution de la population (% par an), 2016-2022" in grid.heads
    assert grid.rows[0][:3] == (
        "1\u202f400\xa0à\xa01\u202f600\xa0m (Bagnères-de-Bigorre)",
        "126,1",
        "7\u202f114",
    )
    assert grid.rows[-1][0] == "400\xa0à\xa0600\xa0m (15\xa0communes)"


def test_gradients_never_claim_too_much(plain):
    sentences = plain.by_title["Ce qui change avec l'altitude des communes"].sentences
    clear, unclear, few = sentences
    assert (
        "tend à être plus élevé dans les communes plus hautes : +5,50\xa0points pour 100\xa0m"
        in clear
    )
    assert "intervalle à 95 % : +3,02 à +7,65" in clear
    assert unclear.startswith("Pas de tendance nette avec l'altitude pour « Densité »")
    assert (
        few
        == "Trop peu de communes comparables pour juger de « Évolution de l'emploi » (7\xa0communes)."
    )
    assert "n'est pas une cause" in plain.words
    readings = {row[0]: row[-1] for row in plain.grid("Les chiffres des communes").rows}
    assert readings["Densité"] == "pas de tendance nette"
    assert readings["Résidences secondaires"] == "plus élevé en altitude"
    assert readings["Évolution de l'emploi"] == "trop peu de communes"
    assert [name for name in plain.drawings if name.startswith("altitude-")] == [
        "altitude-second-homes-share-pct"
    ]


def test_the_transect_without_a_profile(plain):
    block = plain.by_title["Coupe : De Montgaillard au Tourmalet"]
    assert "6\xa0communes du territoire : Montgaillard" in block.sentences[0] or (
        "communes du territoire : Montgaillard" in block.sentences[0]
    )
    assert block.drawings == ()
    assert "Altitude à l'entrée (m)" not in block.grids[0].heads
    assert any("demande un modèle" in note for note in block.notes)
    assert block.grids[0].rows[0][0] == "Montgaillard"


# --- with a model ------------------------------------------------------------------------------------------------


@pytest.mark.mirror
def test_with_a_model(measured):
    assert next(iter(measured.by_title)) == "Le relief mesuré sur le modèle de terrain"
    assert "Mesurer le relief" not in measured.by_title
    assert list(measured.drawings) == [
        "carte-du-relief",
        "courbe-hypsometrique",
        "superficie-par-altitude",
        "communes-par-altitude",
        "repartition-par-altitude-du-sol",
        "altitude-second-homes-share-pct",
        "coupe",
    ]
    check_grids(measured)


@pytest.mark.mirror
def test_what_the_model_says(measured):
    sentences = measured.by_title["Le relief mesuré sur le modèle de terrain"].sentences
    assert sentences[0].startswith(
        "D'après le modèle de terrain, le sol s'étend de 362\xa0m à 2\u202f694\xa0m"
    )
    assert "la table officielle reste la référence" in sentences[0]
    assert re.search(r"49,\d\xa0% à 1\u202f000\xa0m ou plus", sentences[1])
    assert "cellules de 385\xa0m" in sentences[2]
    assert "sur 25\xa0communes : −8\xa0m en moyenne" in sentences[3]
    defined = [
        one.id for one in measured.by_title["Le relief mesuré sur le modèle de terrain"].definitions
    ]
    assert defined == [
        "altitude_min_dem_m",
        "altitude_mean_dem_m",
        "altitude_median_dem_m",
        "altitude_max_dem_m",
        "area_above_1000_pct",
        "slope_mean_dem_deg",
        "steep_ground_share_pct",
    ]
    for limit in ("contours généralisés", "Seules les communes du territoire sont mesurées"):
        assert limit in measured.words


@pytest.mark.mirror
def test_the_hypothesis_is_in_the_heads(measured):
    grid = measured.grid("Par tranche d'altitude du sol")
    assert all("si répartis uniformément (estimation)" in head for head in grid.heads[3:])
    assert not any("ensité" in head for head in grid.heads)
    assert "trop en altitude" in grid.note


@pytest.mark.mirror
def test_the_tables_of_the_model(measured):
    places = measured.grid("Relief du territoire et de ses communes")
    assert places.rows[0][0] == "CC de la Haute-Bigorre"
    assert places.rows[1][0] == "Bagnères-de-Bigorre"
    assert len(places.rows) == 21
    assert "Les 25\xa0communes sont dans les tableaux de données" in places.note
    fits = measured.grid("Le modèle comparé")
    assert [row[:2] for row in fits.rows] == [
        ("Altitude moyenne", "25"),
        ("Altitude maximale", "25"),
        ("Altitude minimale", "25"),
    ]


@pytest.mark.mirror
def test_drawings_are_whole_files(measured):
    for drawing in measured.drawings.values():
        root = ET.fromstring(drawing.standalone("source", "auteur"))  # noqa: S314  # our own file
        assert root.tag.endswith("svg")
        assert drawing.alt
    page_map = measured.drawings["carte-du-relief"]
    for words in (
        "moins de 600\xa0m",
        "2\u202f400\xa0m et plus",
        "Limite du territoire",
        "Montgaillard",
    ):
        assert words in page_map.svg
    assert page_map.svg.count("data:image/png;base64,") == 1


@pytest.mark.mirror
def test_the_profile(measured):
    block = measured.by_title["Coupe : De Montgaillard au Tourmalet"]
    assert "au départ et à" in block.sentences[1]
    assert "Altitude à l'entrée (m)" in block.grids[0].heads
    assert any(note.startswith("Profil lu tous les 48\xa0m") for note in block.notes)
    assert "Bagnères-de-Bigorre" in block.drawings[0].svg


@pytest.mark.mirror
def test_several_epci_are_tabulated_by_epci(mirror):
    told = tell_real("ti-7505", mirror / "elevation" / "de15_cchb_clip.tif")
    # the raster holds one EPCI of ten: the others, and the whole, are not given
    assert "ne couvre que" in told.blocks[0].sentences[0]
    grid = told.grid("Relief du territoire et de ses EPCI")
    assert grid.rows[0][1:] == ("n.d.",) * (len(grid.heads) - 1)
    known = [row[0] for row in grid.rows if row[2] != "n.d."]
    assert "CC de la Haute-Bigorre" in known
    assert 1 <= len(known) < len(grid.rows) - 1


# --- when little can be said -------------------------------------------------------------------------------------


def make_findings(altitudes, reference="official_mean", densities=None, step=200):
    """Findings of a territory whose communes have these altitudes, and densities."""
    known = make_altitudes(altitudes, reference)
    codes = list(known.altitude_m.index)
    communes = pd.DataFrame(
        {"name": [f"Commune {code}" for code in codes], "area_km2": 10.0, "population": 100.0},
        index=codes,
    )
    values = make_values(
        population_density={2022: by_commune(altitudes if densities is None else densities)}
    )
    bands = set_in_bands(known, step)
    return TerrainFindings(
        ReliefTable(),
        communes,
        bands=BandFindings(empty_values(), known, bands, (), step),
        gradients=analyse_gradients(known, values, Whole("territoire", "val", "V", ()), 2026),
    )


def test_nothing_known_at_all():
    told = Told(TerrainFindings(ReliefTable(), pd.DataFrame()))
    assert list(told.by_title) == ["Mesurer le relief"]


def test_a_single_commune_has_no_bands():
    told = Told(make_findings([500.0]))
    assert list(told.by_title) == ["Mesurer le relief"]


def test_a_single_band():
    told = Told(make_findings([20.0, 45.0, np.nan]))
    block = told.by_title["Les communes par tranche d'altitude"]
    assert "altitude moyenne de 0 à 200\xa0m" in block.sentences[0]
    assert (block.grids, block.drawings) == ((), ())
    assert "Commune 01003 : altitude inconnue, hors des tranches." in told.words


def test_few_communes():
    told = Told(make_findings([100.0, 900.0, 1500.0]))
    block = told.by_title["Ce qui change avec l'altitude des communes"]
    assert "il en faut au moins 10" in block.sentences[0]
    assert block.grids == ()


def test_a_plain():
    told = Told(make_findings(np.arange(12.0) + 20))
    block = told.by_title["Ce qui change avec l'altitude des communes"]
    assert (
        "toutes à peu près à la même altitude (altitude moyenne : 11\xa0m d'écart)"
        in block.sentences[0]
    )


def test_the_highest_point_ranks_for_want_of_a_mean():
    told = Told(make_findings(np.arange(12.0) * 100, "official_max"))
    assert "faute d'altitude moyenne" in told.words
    assert (
        "une commune de vallée dont le territoire monte à un sommet est classée haut" in told.words
    )


def test_none_is_clear():
    wave = np.where(np.arange(12) % 2, 10.0, -10.0)
    told = Told(make_findings(np.arange(12.0) * 100, densities=wave))
    [sentence] = told.by_title["Ce qui change avec l'altitude des communes"].sentences
    assert sentence.startswith("Pas de tendance nette avec l'altitude pour « Densité »")
    # a cloud without a slope
    assert "Pente de Theil" not in told.drawings["altitude-population-density"].svg


def test_a_clear_gradient_that_cannot_be_drawn_is_not_replaced():
    altitudes = np.arange(12.0) * 100
    known = make_altitudes(altitudes)
    values = make_values(
        population_density={2022: by_commune(np.where(np.arange(12) % 2, 10.0, -10.0))},
        jobs={2022: by_commune(altitudes)},
    )
    found = analyse_gradients(known, values, Whole("territoire", "val", "V", ()), 2026)
    assert [one.is_clear for one in found.gradients] == [False, True]
    told = Told(dataclasses.replace(make_findings(altitudes), gradients=found))
    # jobs are a count: the density, which has no trend, does not stand for them
    assert [name for name in told.drawings if name.startswith("altitude-")] == []


@pytest.mark.parametrize(("count", "drawn"), [(300, 1), (301, 0)])
def test_a_cloud_of_too_many_communes_is_not_drawn(count, drawn):
    told = Told(make_findings(np.arange(float(count)) * 4, step=2000))
    assert len([name for name in told.drawings if name.startswith("altitude-")]) == drawn


@pytest.mark.parametrize(
    ("fall", "words"),
    [
        (1.0, "−1,000\xa0point par an"),
        (1.994, "−1,994\xa0point par an"),
        (1.9999, "−2,000\xa0points par an"),
    ],
)
def test_the_plural_is_from_two_on(fall, words):
    rows = by_commune(50 - fall * np.arange(12.0))
    values = make_values(population_growth_pct={2022: rows})
    altitudes = np.arange(12.0) * 100
    found = analyse_gradients(
        make_altitudes(altitudes), values, Whole("territoire", "val", "V", ()), 2026
    )
    told = Told(dataclasses.replace(make_findings(altitudes), gradients=found))
    [sentence] = told.by_title["Ce qui change avec l'altitude des communes"].sentences
    assert f": {words} pour 100\xa0m" in sentence
    [row] = told.grid("Les chiffres des communes").rows
    assert row[4] == words


def test_a_thinned_profile_keeps_its_ridges_and_gaps():
    altitudes = np.tile([10.0, 11.0], 2000)
    altitudes[[777, 2221]] = 900.0, -5.0
    altitudes[3000] = np.nan
    kept = thin_profile(altitudes)
    assert {0, 777, 2221, 3000, 3999} <= set(kept.tolist())
    assert len(kept) <= 403
    assert thin_profile(np.full(1000, np.nan)).tolist()[-1] == 999


def test_a_fall_is_said_as_such():
    told = Told(make_findings(np.arange(12.0) * 100, densities=500 - np.arange(12.0)))
    [sentence] = told.by_title["Ce qui change avec l'altitude des communes"].sentences
    assert (
        "tend à être plus faible dans les communes plus hautes : −1,00\xa0hab./km² pour 100"
        in sentence
    )


def test_names_are_plain_text():
    findings = make_findings(np.arange(12.0) * 100)
    findings = dataclasses.replace(
        findings, communes=findings.communes.assign(name="<b>&\"Œuf'</b>")
    )
    told = Told(findings)
    for drawing in told.drawings.values():
        ET.fromstring(drawing.standalone("s", "c"))  # noqa: S314  # our own file
        assert "<b>" not in drawing.svg


def test_a_line_elsewhere():
    told = tell_real(
        CCHB, transect=TransectTable(name="Ailleurs", points=((2.0, 48.0), (2.1, 48.1)))
    )
    block = told.by_title["Coupe : Ailleurs"]
    assert "ne traverse aucune commune du territoire" in block.sentences[0]
    assert block.grids == ()


# --- helpers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "words"), [(0, "0,0\xa0%"), (0.049, "moins de 0,1\xa0%"), (0.05, "0,1\xa0%")]
)
def test_what_exists_never_reads_zero(share, words):
    assert word_share(share) == words


@pytest.mark.parametrize(
    ("extent", "most", "step"),
    [(0, 9, 10), (80, 9, 10), (81, 9, 20), (2332, 9, 300), (9000, 9, 1000)],
)
def test_a_step_makes_few_bands(extent, most, step):
    assert pick_step(extent, most) == step


def test_one_ocean_at_a_time():
    frame = pd.DataFrame(
        {"code": ["65059", "97401", "97402", "97101"], "inside": [True, True, True, False]}
    )
    epsg, part, apart = keep_one_part(frame)
    assert (epsg, part["code"].tolist(), apart) == (2975, ["97401", "97402"], True)
    epsg, part, apart = keep_one_part(frame[:1])
    assert (epsg, apart) == (2154, False)


def test_borders_of_the_epci():
    frame = gpd.GeoDataFrame(
        {
            "code": ["1", "2", "3", "4", "5"],
            "code_epci": ["A", "A", "B", "", "B"],
            "inside": [True, True, True, True, False],
        },
        geometry=[box(k, 0, k + 1, 1) for k in range(5)],
    )
    assert len(list_shapes(frame, by_epci=False)) == 5
    merged = list_shapes(frame, by_epci=True)
    # A whole, the part of B that is inside and the part that is not, the commune of no EPCI
    assert sorted((shape.geometry.area, shape.own) for shape in merged) == [
        (1, False),
        (1, True),
        (1, True),
        (2, True),
    ]


def test_what_no_commune_covers_is_veiled():
    frame = gpd.GeoDataFrame(
        {"code": ["1"], "code_epci": [""], "inside": [True]}, geometry=[box(0, 0, 2, 1)]
    )
    shapes = list_shapes(frame, by_epci=False)
    [rest] = veil_rest(shapes, (0, 0, 2, 2))
    assert (rest.own, rest.geometry.area) == (False, 2)
    assert veil_rest(shapes, (0, 0, 2, 1)) == []
