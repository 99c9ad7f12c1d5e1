from dataclasses import replace

import pandas as pd
import pytest

from report.example import INTERVALS, PLACES, make_values
from terrdiag.catalogue import load_indicators
from terrdiag.report.comparison import Place, gather_figures
from terrdiag.report.key_figures import CHOICES, MAX_FIGURES, choose_key_figures


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_key_figures_of_the_example(figures):
    found = choose_key_figures(figures)
    assert [(f.label, plain(f.number), f.unit, f.year, plain(f.mark)) for f in found] == [
        ("Population municipale", "1 683", "hab.", "2022", "couverture 98,2 %"),
        ("Densité de population", "24,0", "hab./km²", "2022", ""),
        ("Part de l'industrie dans l'emploi", "7,80", "%", "2022", "estimation"),
        ("Part des établissements industriels", "8,33", "%", "2018", ""),
    ]


def test_count_is_compared_by_its_growth(figures):
    population = choose_key_figures(figures)[0]
    assert plain(population.sentence).startswith(
        "De 2016 à 2022, la population augmente de 0,38 % par an"
    )
    assert plain(population.strip.title) == "Évolution annuelle moyenne de la population, 2016-2022"
    assert [(row.label, plain(row.text), row.is_territory) for row in population.strip.rows] == [
        ("Val-d'Exemple", "+0,38 %", True),
        ("Hautes-Pyrénées", "+0,15 %", False),
        ("Occitanie", "+0,82 %", False),
        ("France", "+0,35 %", False),
    ]


def test_newer_figure_is_beside_its_key_figure(figures):
    share = choose_key_figures(figures)[3]
    assert plain(share.newer) == "dernière valeur connue : 9,08 % (2024), sans comparaison possible"


def test_without_comparators_there_is_no_strip():
    figures = gather_figures(
        make_values(), Place("territoire", "val", "Val"), [], load_indicators(), INTERVALS
    )
    for figure in choose_key_figures(figures):
        assert figure.strip is None
        assert "contre" not in figure.sentence
    # nothing is newer than the comparison when there is no comparison
    assert [figure.newer for figure in choose_key_figures(figures)] == [""] * 4


def test_a_territory_without_values_has_no_key_figure():
    figures = gather_figures(
        make_values(), Place("territoire", "ailleurs", "Ailleurs"), [], load_indicators(), ()
    )
    assert choose_key_figures(figures) == ()


def test_six_figures_at_the_most():
    values = make_values()
    template = values[values["level"] == "territoire"].iloc[[0]]
    rows = [
        template.assign(
            level=level,
            code=code,
            indicator=choice.headline,
            ref_year=2018,
            value=12.0,
            status="ok",
        )
        for choice in CHOICES
        for level, code in PLACES
    ]
    territory, *others = (Place(level, code, name) for (level, code), name in PLACES.items())
    figures = gather_figures(pd.concat(rows), territory, others, load_indicators(), INTERVALS)
    assert len(choose_key_figures(figures)) == MAX_FIGURES


@pytest.mark.parametrize("choice", CHOICES)
def test_choices_are_in_the_catalogue_and_counts_are_compared_by_a_rate(choice):
    indicators = load_indicators()
    assert choice.headline in indicators
    assert indicators[choice.compared].kind != "count"


def test_long_nature_is_shortened_in_pictures(figures):
    long = replace(
        figures,
        territory=figures.territory._replace(name="Communauté de communes de la Haute-Bigorre"),
    )
    assert choose_key_figures(long)[0].strip.rows[0].label == "CC de la Haute-Bigorre"
