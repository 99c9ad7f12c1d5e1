"""What the page says of the change of population and of the indexed curves."""

import math
import re

import pandas as pd
import pytest

from report.example import INTERVALS
from terrdiag.analyses.cells import Cell as Found
from terrdiag.analyses.trends import Trend, TrendsFindings
from terrdiag.analyses.trends.indices import Curve
from terrdiag.catalogue import load_analyses, load_indicators
from terrdiag.indicators import Place as Where
from terrdiag.report.comparison import Place, gather_figures
from terrdiag.report.trends import tell_jobs_trends, tell_population_trends
from terrdiag.values import empty_values

OWN = Place("territoire", "val", "Communauté de communes du Val")
REGION = Place("region", "76", "Occitanie")
FRANCE = Place("france", "00FR", "France")

NOTHING = TrendsFindings(empty_values(), {}, None, None, None)

GROWTH = (
    "natural_balance",
    "migration_balance",
    "natural_change_pct",
    "migration_change_pct",
)


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def all_words(blocks):
    parts = []
    for block in blocks:
        parts += [*block.sentences, *block.notes]
        parts += [cell for grid in block.grids for row in grid.rows for cell in row]
        parts += [part for drawing in block.drawings for part in (drawing.title, drawing.note)]
    return " ".join(map(plain, parts))


def figures_of(rows):
    """Figures of ``(place, indicator, year, value[, status, coverage])``."""
    table = [
        {
            "level": place.level,
            "code": place.code,
            "indicator": indicator,
            "ref_year": year,
            "value": value,
            "status": (*rest, "ok", 100.0)[0],
            "coverage_pct": (*rest, "ok", 100.0)[1] if rest else 100.0,
            "numerator": math.nan,
            "denominator": math.nan,
        }
        for place, indicator, year, value, *rest in rows
    ]
    return gather_figures(pd.DataFrame(table), OWN, [FRANCE, REGION], load_indicators(), INTERVALS)


def growth(place, year, cells):
    return [(place, name, year, value) for name, value in zip(GROWTH, cells, strict=True)]


ROWS = [
    (OWN, "population", 2013, 17_086.0),
    (OWN, "population", 2018, 16_640.0),
    *growth(OWN, 2018, [-638.0, 192.0, -0.757, 0.228]),
    *growth(REGION, 2018, [23_001.0, 178_617.0, 0.08, 0.62]),
    (FRANCE, "natural_balance", 2018, math.nan, "missing", 90.0),
    (FRANCE, "natural_change_pct", 2018, 0.31, "partial", 90.0),
    (FRANCE, "migration_change_pct", 2018, 0.04, "partial", 90.0),
]


# --- Natural balance and the rest -----------------------------------------------------------------------------


def test_change_in_persons():
    [block] = tell_population_trends(NOTHING, figures_of(ROWS))
    assert block.theme == "population"
    assert plain(block.sentences[0]) == (
        "De 2013 à 2018, la population passe de 17 086 à 16 640 habitants (−446 habitants) : −638 par le solde "
        "naturel (naissances moins décès), +192 par le solde apparent des entrées et des sorties."
    )


def test_rates_beside_the_comparators():
    [block] = tell_population_trends(NOTHING, figures_of(ROWS))
    assert plain(block.sentences[1]) == (
        "De 2013 à 2018, la variation de population due au solde naturel est de −0,76 % par an en moyenne, contre "
        "+0,08 % en Occitanie et +0,31 % en France (couverture 90,0 %)."
    )
    assert "+0,23 %" in plain(block.sentences[2])
    assert "contre +0,62 % en Occitanie" in plain(block.sentences[2])


def test_table_of_the_balances():
    [block] = tell_population_trends(NOTHING, figures_of(ROWS))
    [grid] = block.grids
    assert [tuple(map(plain, row)) for row in grid.rows] == [
        ("CC du Val", "−446", "−638", "+192", "−0,53", "−0,76", "+0,23"),
        ("Occitanie", "+201 618", "+23 001", "+178 617", "+0,70", "+0,08", "+0,62"),
        # too few communes known for a count, enough for a rate
        ("France (couverture 90,0 %)", "n.d.", "n.d.", "n.d.", "+0,35", "+0,31", "+0,04"),
    ]
    assert grid.own == (0,)


def test_later_years_known_for_the_territory_only():
    later = [
        (OWN, "population", 2016, 16_955.0),
        (OWN, "population", 2022, 16_511.0),
        *growth(OWN, 2022, [-834.0, 390.0, -0.83, 0.39]),
    ]
    [block] = tell_population_trends(NOTHING, figures_of([*ROWS, *later]))
    assert plain(block.sentences[-1]).startswith(
        "De 2016 à 2022, la population passe de 16 955 à 16 511 habitants (−444 habitants) : −834"
    )
    assert block.sentences[-1].endswith("Ces années ne sont connues que pour le territoire.")
    assert block.grids[0].own == (0, 3)
    assert plain(block.grids[0].rows[3][0]) == "CC du Val, 2016-2022"


def test_populations_of_other_communes_are_not_said():
    # the balances are those of 98 % of the inhabitants: their sum is not the difference of the populations
    rows = [
        (OWN, "population", 2013, 17_086.0),
        (OWN, "population", 2018, 16_640.0),
        (OWN, "natural_balance", 2018, -630.0, "partial", 98.0),
        (OWN, "migration_balance", 2018, 190.0, "partial", 98.0),
        (OWN, "natural_change_pct", 2018, -0.75, "partial", 98.0),
        (OWN, "migration_change_pct", 2018, 0.23, "partial", 98.0),
    ]
    [block] = tell_population_trends(NOTHING, figures_of(rows))
    assert plain(block.sentences[0]).startswith(
        "De 2013 à 2018, la population varie de −440 habitants (couverture 98,0 %) : −630 par"
    )


@pytest.mark.parametrize("missing", GROWTH[2:])
def test_nothing_to_say_without_births(missing):
    rows = [row for row in ROWS if row[0] == OWN and row[1] != missing]
    assert tell_population_trends(NOTHING, figures_of(rows)) == ()


def test_what_is_apparent_and_what_is_compound_is_said():
    [block] = tell_population_trends(NOTHING, figures_of(ROWS))
    words = " ".join(block.notes)
    assert "imprécision des deux recensements" in words
    assert "0,005 point à 1 %" in words
    assert {one.id for one in block.definitions} == set(GROWTH)


# --- Curves -------------------------------------------------------------------------------------------------------


FILES = {2011: "insee-rp-populations", 2013: "insee-comparateur-2018", 2016: "insee-rp-populations"}
FILES |= {2022: "insee-rp-populations", 2023: "insee-populations-reference-2023"}


def make_curve(place, values, status="ok", coverage=100.0):
    points = {
        year: Found(math.nan, "missing", 0.0)
        if value is None
        else Found(value, status, coverage, value * 10, 1000.0)
        for year, value in zip(FILES, values, strict=True)
    }
    return Curve(Where(place.level, place.code, place.name, ()), points)


def make_trend(others=None, epci=(), communes=(), name="population_index"):
    others = others or (
        make_curve(REGION, [100, 102, 104.2, 109.2, 110]),
        make_curve(FRANCE, [100, 101, None, 104.4, 104.9], "partial", 91.0),
    )
    indicator = load_analyses()[name].as_indicator(base="2011")
    own = make_curve(OWN, [100, 98.5, 97.7, 95.15, 95.2])
    return Trend(indicator, 2011, FILES, own, epci, others, communes)


def tell(**parts):
    return tell_population_trends(
        TrendsFindings(
            empty_values(), {}, **{"population": None, "jobs": None, "jobs_published": None} | parts
        ),
        figures_of([(OWN, "population", 2018, 16_640.0)]),
    )


def test_curve_in_words():
    [block] = tell(population=make_trend())
    assert plain(block.sentences[0]) == (
        "Pour 100 habitants en 2011, le territoire en compte 95,2 en 2022, contre 109,2 en Occitanie et 104,4 en "
        "France (couverture 91,0 %)."
    )
    assert block.title == "Population, base 100 en 2011"


def test_every_year_is_in_the_table_with_its_file():
    [block] = tell(population=make_trend())
    [grid] = block.grids
    assert grid.heads == ("Lieu", "2011", "2013", "2016", "2022", "2023")
    assert tuple(map(plain, grid.rows[0])) == (
        *("CC du Val", "100,0", "98,5", "97,7", "95,2", "95,2"),
    )
    assert tuple(map(plain, grid.rows[2]))[:4] == (
        *("France (couverture 91,0 %)", "100,0", "101,0", "n.d."),
    )
    note = plain(grid.note)
    assert note.startswith(
        "2011, 2016 et 2022 : INSEE, recensements de la population 2011, 2016 et 2022"
    )
    assert "2023 : INSEE, populations de référence 2023" in note


def test_what_is_not_drawn_and_why_is_said():
    [block] = tell(population=make_trend())
    words = " ".join(block.notes)
    assert "2013 : autre fichier, dans le tableau seulement" in words
    assert "« // » marque un changement de fichier" in words
    assert "Recensement : changement de questionnaire 2018" in words
    assert "reportée en 2022" in words


def lines(drawing):
    """Numbers of points of the curves' lines, the leaders to the names left out."""
    tags = re.findall(r"<polyline[^>]*>", drawing.svg)
    points = [re.search(r'points="([^"]*)"', tag)[1] for tag in tags if "tdd-leader" not in tag]
    return sorted(len(one.split()) for one in points)


def test_a_break_is_not_joined_and_a_gap_is_a_gap():
    [block] = tell(population=make_trend())
    drawing = block.drawings[0]
    assert drawing.name == "indice-population"
    # 2011, 2016 and 2022 of the territory and of the région, never 2023; France lacks 2016: its points stay alone
    assert lines(drawing) == [3, 3]
    assert "rupture de série" in drawing.svg
    assert "nouveau questionnaire" in drawing.svg


def test_estimates_are_named():
    others = (make_curve(REGION, [100, 102, 104, 109, 110], "estimate"),)
    [block] = tell(population=make_trend(others))
    assert "109,0 en Occitanie (estimation)" in plain(block.sentences[0])
    assert plain(block.drawings[0].note) == "Estimation : Occitanie."


def test_small_charts_of_the_epci():
    epci = tuple(
        make_curve(
            Place("epci", f"20000000{n}", f"Communauté de communes {n}"), [100, 99, 98, 97, 96]
        )
        for n in range(3)
    )
    [block] = tell(population=make_trend(epci=epci))
    small = block.drawings[1]
    assert small.name == "indice-population-detail"
    assert plain(small.title).endswith(": ses EPCI")
    assert "CC 0 96,0" in plain(small.alt)
    # each EPCI is in the table too
    assert len(block.grids[0].rows) == 1 + 3 + 2


def test_small_charts_of_the_main_communes():
    communes = tuple(
        make_curve(Place("commune", f"0100{n}", f"Commune {n}"), [100, 99, 98, 97, 96])
        for n in range(9)
    )
    alone = (make_curve(Place("epci", "200000001", "CC"), [100, 99, 98, 97, 96]),)
    [block] = tell(population=make_trend(epci=alone, communes=communes))
    small = block.drawings[1]
    assert plain(small.title).endswith(": les 6 communes les plus peuplées")
    assert small.note == "Sur 9 communes."
    # the communes are drawn, not tabulated
    assert len(block.grids[0].rows) == 3


def test_one_year_is_not_a_curve():
    trend = make_trend()
    own = make_curve(OWN, [100, None, None, None, None])
    alone = Trend(trend.indicator, 2011, FILES, own, (), ())
    assert tell(population=alone) == ()


# --- Jobs -----------------------------------------------------------------------------------------------------------


def tell_jobs(counts=None, published=None):
    return tell_jobs_trends(TrendsFindings(empty_values(), {}, None, counts, published))


def test_jobs_are_drawn_from_the_published_rates_first():
    counts, published = make_trend(name="jobs_index"), make_trend(name="jobs_index_published")
    [block] = tell_jobs(counts, published)
    assert block.theme == "emploi"
    # two series, two tables, one drawing: never both in one line
    assert [drawing.name for drawing in block.drawings] == ["indice-emploi-publie"]
    assert len(block.grids) == 2
    assert [plain(sentence).split(",")[0] for sentence in block.sentences] == [
        "D'après les taux publiés",
        "D'après les effectifs du recensement",
    ]
    assert any("deux séries" in note for note in block.notes)


def test_jobs_are_drawn_from_the_counts_where_no_rate_is_published():
    [block] = tell_jobs(make_trend(name="jobs_index"))
    assert [drawing.name for drawing in block.drawings] == ["indice-emploi"]
    assert not any("deux séries" in note for note in block.notes)


def test_no_jobs_no_block():
    assert tell_jobs() == ()


def test_no_merit_no_cause():
    blocks = (*tell_population_trends(NOTHING, figures_of(ROWS)), *tell(population=make_trend()))
    words = all_words(blocks).lower()
    assert not re.search(r"\b(meilleur|pire|dynamique|attracti|grâce à|à cause|score)", words)
