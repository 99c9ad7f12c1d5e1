import pytest

from report.example import make_values
from terrdiag.report.sections import build_sections
from terrdiag.report.tables import tabulate_indicators


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
def communes():
    values = make_values()
    return values[values["level"] == "commune"]


def rows(table):
    return [
        (group.indicator.id, row.year, [plain(cell.text) for cell in row.cells])
        for group in table.groups
        for row in group.rows
    ]


def test_a_row_is_one_year(figures):
    table = tabulate_indicators(figures, ["industry_establishments_share_pct"], "Industrie")
    assert table.heads == ("Val-d'Exemple", "Hautes-Pyrénées", "Occitanie", "France")
    assert rows(table) == [
        ("industry_establishments_share_pct", "2018", ["8,33", "7,10", "6,66", "5,90"])
    ]
    # the newer figure of the territory has a column of its own
    assert table.has_newer
    assert plain(table.groups[0].newer) == "9,08 % (2024)"


def test_counts_and_growths_are_given_at_every_compared_year(figures):
    table = tabulate_indicators(figures, ["population", "population_growth_pct"], "Population")
    assert [(name, year) for name, year, _ in rows(table)] == [
        ("population", "2016"),
        ("population", "2022"),
        ("population_growth_pct", "2011-2016"),
        ("population_growth_pct", "2016-2022"),
    ]
    assert not table.has_newer


def test_marks_of_estimates_and_coverages_are_in_the_table(figures):
    table = tabulate_indicators(figures, ["industry_jobs_share_pct", "altitude_max_m"], "")
    assert [plain(group.rows[0].cells[0].mark) for group in table.groups] == ["estimation", ""]
    assert plain(table.groups[1].rows[0].cells[1].mark) == "couv. 97,0 %"


def test_unknown_cells_are_words(figures):
    table = tabulate_indicators(figures, ["altitude_min_m"], "")
    cells = table.groups[0].rows[0].cells
    assert [cell.text for cell in cells] == ["180", "n.d.", "n.d.", "n.d."]
    assert [cell.known for cell in cells] == [True, False, False, False]


def test_indicators_unknown_for_the_territory_are_left_out(figures):
    assert tabulate_indicators(figures, ["jobs", "median_income_eur"], "").groups == ()


def test_sections_in_reading_order(figures, communes):
    sections = build_sections(figures, communes)
    assert [(section.number, section.title) for section in sections] == [
        (2, "Population"),
        (3, "Emploi et industrie"),
        (4, "Relief"),
    ]
    # of housing and jobs nothing is known: no empty block
    assert [block.theme for section in sections for block in section.blocks] == [
        "population",
        "industrie",
        "relief",
    ]


def test_sections_are_numbered_without_hole(figures, communes):
    del figures.cells["territoire", "val"]["industry_jobs_share_pct"]
    del figures.cells["territoire", "val"]["industry_establishments_share_pct"]
    assert [(s.number, s.title) for s in build_sections(figures, communes)] == [
        (2, "Population"),
        (3, "Relief"),
    ]


def test_growth_intervals_that_follow_one_another_share_a_scale(figures, communes):
    population = build_sections(figures, communes)[0].blocks[0]
    assert [plain(picture.title)[-9:] for picture in population.pictures] == [
        "2011-2016",
        "2016-2022",
    ]
    assert len({row.start for picture in population.pictures for row in picture.rows}) == 1


def test_overlapping_intervals_are_not_drawn_together(figures, communes):
    cells = figures.cells["territoire", "val"]["population_growth_pct"]
    cells[2018] = cells[2022]
    population = build_sections(figures, communes)[0].blocks[0]
    # 2013-2018 overlaps both of the others
    assert [plain(picture.title)[-9:] for picture in population.pictures] == [
        "2011-2016",
        "2016-2022",
    ]


def test_relief_names_an_extreme_only_when_it_is_alone(figures, communes):
    (relief,) = build_sections(figures, communes)[-1].blocks
    # 180 m is the lowest point of two communes, 1,204 m the highest of one
    assert plain(relief.sentences[0]) == (
        "Le territoire s'étend de 180 m à 1 204 m (Saint-Élan) d'altitude ; l'altitude moyenne est de 478 m."
    )
    assert [row.label for row in relief.pictures[0].rows] == [
        "Val-d'Exemple",
        "Saint-Élan",
        "Aubre",
        "L'Œuf",
        "Bézu",
    ]


def test_relief_with_the_highest_points_only(figures, communes):
    for name in ("min", "mean"):
        del figures.cells["territoire", "val"][f"altitude_{name}_m"]
    (relief,) = build_sections(figures, communes)[-1].blocks
    assert plain(relief.sentences[0]) == "Le point le plus haut est à 1 204 m (Saint-Élan)."
    assert [row.label for row in relief.pictures[0].rows] == [
        "Val-d'Exemple",
        "Hautes-Pyrénées",
        "Occitanie",
        "France",
    ]


def test_every_sentence_of_a_section_is_one(figures, communes):
    for section in build_sections(figures, communes):
        for block in section.blocks:
            assert block.sentences
            assert all(
                sentence[0].isupper() and sentence[-1] in ".)" for sentence in block.sentences
            )
