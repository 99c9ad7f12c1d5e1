import pytest

from terrdiag.catalogue import load_indicators
from terrdiag.report.comparison import Cell, Comparison, Newer, Place, compare
from terrdiag.report.sentences import describe, describe_newer, pick_main, unique_extreme

HP = Place("departement", "65", "Hautes-Pyrénées")
OCCITANIE = Place("region", "76", "Occitanie")
FRANCE = Place("france", "00FR", "France")
TI = Place("ti", "ti-7505", "Lacq-Pau - Tarbes")


def plain(text):
    """The sentence with ordinary spaces, to be read in a test."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def comparison(
    indicator, value, others=(), *, year="2022", status="ok", coverage=100.0, newer=None
):
    pairs = tuple(
        (place, cell if isinstance(cell, Cell) else Cell(cell, "ok")) for place, cell in others
    )
    number = int(year[-4:])
    return Comparison(
        load_indicators()[indicator], number, year, Cell(value, status, coverage), pairs, newer
    )


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        (
            comparison("industry_jobs_share_pct", 11.4, [(OCCITANIE, 9.43), (FRANCE, 11.62)]),
            "En 2022, l'industrie représente 11,40 % des emplois, contre 9,43 % en Occitanie et 11,62 % en France.",
        ),
        (
            comparison("industry_jobs_share_pct", 7.8, [(FRANCE, 11.62)], status="estimate"),
            "En 2022, l'industrie représente 7,80 % des emplois (estimation), contre 11,62 % en France.",
        ),
        (
            comparison(
                "industry_jobs_share_pct", 11.4, [(TI, Cell(12.0, "estimate")), (FRANCE, 11.62)]
            ),
            (
                "En 2022, l'industrie représente 11,40 % des emplois, contre 12,00 % dans le Territoire d'industrie "
                "Lacq-Pau - Tarbes (estimation) et 11,62 % en France."
            ),
        ),
        # no comparator: nothing is said of it
        (
            comparison("industry_jobs_share_pct", 11.4),
            "En 2022, l'industrie représente 11,40 % des emplois.",
        ),
        # a tie once rounded is a tie
        (
            comparison("industry_jobs_share_pct", 11.6204, [(OCCITANIE, 9.43), (FRANCE, 11.6196)]),
            "En 2022, l'industrie représente 11,62 % des emplois, comme en France, contre 9,43 % en Occitanie.",
        ),
        (
            comparison(
                "industry_establishments_share_pct",
                49 / 559 * 100,
                [(OCCITANIE, 6.66)],
                year="2018",
            ),
            "Fin 2018, l'industrie représente 8,77 % des établissements actifs, contre 6,66 % en Occitanie.",
        ),
        (
            comparison(
                "population_growth_pct", -0.44, [(HP, -0.02), (FRANCE, 0.35)], year="2016-2022"
            ),
            (
                "De 2016 à 2022, la population diminue de 0,44 % par an en moyenne, contre −0,02 % dans les "
                "Hautes-Pyrénées et +0,35 % en France."
            ),
        ),
        (
            comparison("population_growth_pct", 0.444, [(FRANCE, 0.35)], year="2016-2022"),
            "De 2016 à 2022, la population augmente de 0,44 % par an en moyenne, contre +0,35 % en France.",
        ),
        # what rounds to zero neither grows nor shrinks
        (
            comparison("jobs_growth_pct", -0.004, [(FRANCE, 0.35)], year="2013-2018"),
            "De 2013 à 2018, le nombre d'emplois est stable (0,00 % par an en moyenne), contre +0,35 % en France.",
        ),
        (
            comparison("population_density", 42.2, [(FRANCE, 107.25)]),
            "En 2022, la densité est de 42,2 habitants par km², contre 107,3 en France.",
        ),
        (
            comparison("employment_concentration", 95.04, [(FRANCE, 98.0)], year="2018"),
            "En 2018, on compte 95,0 emplois pour 100 actifs occupés résidents, contre 98,0 en France.",
        ),
        # a count is not compared with that of a country
        (
            comparison("population", 16511.0, [(FRANCE, 67.0e6)]),
            "En 2022, le territoire compte 16 511 habitants.",
        ),
        (
            comparison("industry_establishments", 1.0),
            "Fin 2022, le territoire compte 1 établissement industriel.",
        ),
        (
            comparison("population", 16511.0, status="partial", coverage=98.26),
            "En 2022, le territoire compte 16 511 habitants (couverture 98,2 %).",
        ),
        (
            comparison(
                "unemployment_rate_pct", 12.1, [(FRANCE, Cell(13.0, "partial", 96.7))], year="2018"
            ),
            (
                "En 2018, le taux de chômage au sens du recensement est de 12,1 %, contre 13,0 % en France "
                "(couverture 96,7 %)."
            ),
        ),
        # what is nearly whole is said under the picture and in the table, not in the sentence
        (
            comparison(
                "unemployment_rate_pct", 12.1, [(FRANCE, Cell(13.0, "partial", 99.97))], year="2018"
            ),
            "En 2018, le taux de chômage au sens du recensement est de 12,1 %, contre 13,0 % en France.",
        ),
        # an indicator without a clause of its own still makes a true sentence
        (
            comparison("altitude_range_m", 2545.0, [(FRANCE, 4810.0)], year="2025"),
            "En 2025, dénivelé : 2 545 m, contre 4 810 m en France.",
        ),
    ],
)
def test_sentence(case, sentence):
    assert plain(describe(case)) == sentence


def test_every_indicator_of_the_catalogue_makes_a_sentence_with_its_figure():
    for name, indicator in load_indicators().items():
        sentence = plain(describe(comparison(name, 12.0, [(FRANCE, 15.0)], year="2018")))
        assert sentence.endswith(".")
        assert "12" in sentence, name
        assert "{" not in sentence, name
        assert ("15" in sentence) == (indicator.kind != "count"), name


@pytest.mark.parametrize(
    ("newer", "words"),
    [
        (None, ""),
        (
            Newer(2024, "2024", Cell(9.076, "ok"), alone=True),
            "dernière valeur connue : 9,08 % (2024), sans comparaison possible",
        ),
        (
            Newer(2024, "2024", Cell(9.076, "estimate"), alone=True),
            "dernière valeur connue : 9,08 % (2024, estimation), sans comparaison possible",
        ),
        (
            Newer(2024, "2024", Cell(9.076, "ok"), alone=False),
            "dernière valeur connue : 9,08 % (2024), avec une comparaison incomplète",
        ),
    ],
)
def test_newer_figure_is_told_apart(newer, words):
    assert (
        plain(describe_newer(comparison("industry_establishments_share_pct", 8.77, newer=newer)))
        == words
    )


def test_newer_figures_of_a_count_and_of_its_growth_are_told_together():
    jobs = comparison(
        "jobs", 5921.6, year="2018", newer=Newer(2022, "2022", Cell(6130.5, "ok"), alone=True)
    )
    growth = comparison(
        "jobs_growth_pct",
        -0.69,
        year="2013-2018",
        newer=Newer(2022, "2016-2022", Cell(0.5, "ok"), alone=True),
    )
    assert plain(describe_newer(jobs, growth)) == (
        "dernières valeurs connues : 6 131 emplois (2022) et +0,50 % par an (2016-2022), sans comparaison possible"
    )


def test_newer_figure_of_the_example(figures):
    found = compare(figures, "industry_establishments_share_pct")
    assert plain(describe(found)) == (
        "Fin 2018, l'industrie représente 8,33 % des établissements actifs, contre 7,10 % dans les Hautes-Pyrénées, "
        "6,66 % en Occitanie et 5,90 % en France."
    )
    assert plain(describe_newer(found)).startswith("dernière valeur connue : 9,08 % (2024)")


def departements(count):
    return [(Place("departement", str(n), f"D{n}"), Cell(1.0, "ok")) for n in range(count)]


@pytest.mark.parametrize(
    ("others", "kept"),
    [
        (
            [(FRANCE, 1), (OCCITANIE, 1), (HP, 1), (TI, 1)],
            {"France", "Occitanie", "Hautes-Pyrénées", "Lacq-Pau - Tarbes"},
        ),
        # twelve départements do not fit: none is chosen rather than some
        ([*departements(12), (OCCITANIE, 1), (FRANCE, 1)], {"Occitanie", "France"}),
        ([*departements(2), (OCCITANIE, 1), (FRANCE, 1)], {"D0", "D1", "Occitanie", "France"}),
        ([*departements(3), (OCCITANIE, 1), (FRANCE, 1)], {"Occitanie", "France"}),
        ([], set()),
    ],
)
def test_main_comparators_are_whole_kinds(others, kept):
    assert {place.name for place, _ in pick_main(others)} == kept


@pytest.mark.parametrize(
    ("named", "decimals", "largest", "name"),
    [
        ([("A", 1.0), ("B", 2.0)], 0, True, "B"),
        ([("A", 1.0), ("B", 2.0)], 0, False, "A"),
        ([("A", 2.0), ("B", 2.0)], 0, True, ""),
        ([("A", 2.4), ("B", 2.3)], 0, True, ""),
        ([("A", 2.4), ("B", float("nan"))], 0, True, ""),
        ([("A", 2.4)], 0, True, ""),
        ([], 0, True, ""),
    ],
)
def test_extreme_is_named_only_when_it_is_alone(named, decimals, largest, name):
    assert unique_extreme(named, decimals, largest=largest) == name
