"""What the page says of industry and specialisation: sentences and tables of small cases, and what is missing."""

import pytest

from analyses.sectors_example import (
    AIN,
    BAS,
    COMMUNES,
    FRANCE,
    HAUT,
    PLACES,
    TERRITORY,
    communes,
    establishments,
    five,
    job_shares,
    row,
    run_embedded,
    table,
    three,
)
from terrdiag.analyses.sectors import (
    analyse_concentration,
    analyse_shift_share,
    analyse_specialisation,
)
from terrdiag.indicators.places import Place, Places
from terrdiag.report.specialisation import tell_specialisation
from terrdiag.report.specialisation.words import keep_few, sort_references, write_range

INTERVALS = ((2011, 2016), (2016, 2022))

# industry, agriculture, construction, trade and services, administration
HERE = (20, 10, 10, 51, 9)
THERE = (100, 100, 100, 500, 200)


def tell(*groups, places=PLACES):
    """Blocks of a table, by title."""
    values = table(*groups)
    blocks = tell_specialisation(
        analyse_specialisation(values, places),
        analyse_concentration(values, places),
        analyse_shift_share(values, places, INTERVALS),
    )
    return {block.title: block for block in blocks}


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def prose(block):
    return plain(" ".join(block.sentences))


def test_industry_is_said_beside_each_comparator():
    block = tell(
        establishments(TERRITORY, 2018, HERE),
        establishments(AIN, 2018, (200, 200, 200, 200, 200)),
        establishments(FRANCE, 2018, THERE),
    )["Spécialisation en établissements"]
    # 20 % of 100, against 20 % and 10 %: one establishment is 0.05 and 0.1
    assert plain(block.sentences[0]) == (
        "Fin 2018, la part de l'industrie dans les établissements actifs est 2,00 fois ce qu'elle est en France "
        "(1,90 à 2,10) ; elle ne se distingue pas, à un établissement près, de ce qu'elle est dans l'Ain "
        "(1,00, de 0,95 à 1,05)."
    )


def test_sectors_are_said_without_claiming_more_than_the_figures():
    block = tell(
        establishments(TERRITORY, 2018, (20, 4, 10, 57, 9)), establishments(FRANCE, 2018, THERE)
    )["Spécialisation en établissements"]
    # 20 / 10, 4 establishments, 10 / 10, 57 / 50, 9 / 20
    assert plain(block.sentences[1]) == (
        "Comparée à ce qu'elle est en France, la part du secteur est plus élevée pour l'industrie (2,00) et le "
        "commerce, les transports et les services (1,14) ; plus faible pour l'administration, l'enseignement, la "
        "santé et l'action sociale (0,45) ; proche (moins de 5 % d'écart, ou sans différence à un établissement "
        "près) pour la construction (1,00) ; non donnée pour l'agriculture (effectif trop faible)."
    )


def test_a_quotient_near_one_is_not_said_to_be_above_or_below():
    block = tell(
        job_shares(TERRITORY, 2022, five(9.8, 10, 10, 60.2, 10)),
        job_shares(FRANCE, 2022, five(10, 10, 10, 60, 10)),
    )["Spécialisation en emplois"]
    # rounding leaves no doubt that 9.8 is less than 10, the sampling of the census does
    assert "plus faible" not in prose(block)
    assert "plus élevée" not in prose(block)
    assert "proche (moins de 5 % d'écart) pour l'industrie (0,98)" in prose(block)


def test_few_jobs_are_said_to_be_fragile():
    block = tell(
        [row(TERRITORY, "jobs", 2018, 1500.0)],
        job_shares(TERRITORY, 2022, five(20, 10, 20, 30, 20), "estimate"),
        job_shares(FRANCE, 2022, five(10, 20, 10, 40, 20)),
    )["Spécialisation en emplois"]
    assert "fragile (moins de 200 emplois du secteur) pour l'agriculture (0,50)" in prose(block)
    assert "en France (estimation), la part du secteur" in prose(block)
    [grid] = block.grids
    cells = {cells[0]: plain(cells[2]) for cells in grid.rows}
    assert cells["Agriculture"] == "0,50 (estimation, fragile)"
    assert cells["Industrie"] == "2,00 (estimation)"


def test_establishments_and_jobs_are_never_in_the_same_block():
    blocks = tell(
        establishments(TERRITORY, 2018, HERE),
        establishments(FRANCE, 2018, THERE),
        job_shares(TERRITORY, 2022, five(20, 10, 10, 50, 10)),
        job_shares(FRANCE, 2022, five(10, 10, 10, 60, 10)),
    )
    for title, other in (
        ("Spécialisation en établissements", "emplois"),
        ("Spécialisation en emplois", "établissements"),
    ):
        block = blocks[title]
        words = [
            *block.sentences,
            *(grid.caption for grid in block.grids),
            *(drawing.title for drawing in block.drawings),
        ]
        assert words
        assert not [text for text in words if other in text]


def test_what_the_territory_makes_of_its_comparator_is_said():
    block = tell(
        communes("establishments", 2018, [50, 20, 10, 10, 6, 4])[:-1],
        establishments(TERRITORY, 2018, HERE),
        establishments(AIN, 2018, (80, 80, 80, 80, 80)),
        establishments(FRANCE, 2018, (800, 800, 800, 800, 800)),
    )["Spécialisation en établissements"]
    assert (
        "une grande part des établissements actifs de ce à quoi il est comparé (25 % dans l'Ain)"
        in prose(block)
    )


def test_comparators_of_two_years_bear_them():
    block = tell(
        establishments(TERRITORY, 2018, HERE),
        establishments(TERRITORY, 2024, (30, 10, 10, 41, 9)),
        establishments(AIN, 2024, THERE),
        establishments(FRANCE, 2018, THERE),
    )["Spécialisation en établissements"]
    assert [sentence[:8] for sentence in block.sentences[:2]] == ["Fin 2024", "Fin 2018"]
    assert block.grids[0].heads == (
        "Secteur",
        "Part dans le territoire (fin 2018)",
        "Ain (fin 2024)",
        "France (fin 2018)",
    )


def test_comparator_without_figures_is_named():
    block = tell(
        job_shares(TERRITORY, 2022, five(20, 10, 10, 50, 10)),
        job_shares(FRANCE, 2022, five(10, 10, 10, 60, 10)),
    )["Spécialisation en emplois"]
    assert plain(block.notes[-1]) == (
        "Parts par secteur non connues (emplois au lieu de travail) : Ain."
    )


def test_shares_that_are_not_published_are_explained():
    blocks = tell(establishments(TERRITORY, 2018, HERE), establishments(FRANCE, 2018, THERE))
    assert "aucun quotient n'est calculé en emplois" in prose(blocks["Spécialisation en emplois"])
    assert not blocks["Spécialisation en emplois"].grids


def test_sector_mix():
    block = tell(
        establishments(TERRITORY, 2018, (20, 10, 10, 50, 10)),
        establishments(FRANCE, 2018, (100, 100, 100, 600, 100)),
    )["Répartition par secteur"]
    assert prose(block) == (
        "Fin 2018, les établissements actifs se répartissent comme s'il y avait 3,13 secteurs de même taille, contre "
        "2,50 en France. Pour retrouver la répartition observée en France, 10,0 % d'entre eux devraient être d'un "
        "autre secteur (indice de Krugman : 0,200)."
    )
    [grid] = block.grids
    assert grid.rows == (
        ("Val-d'Exemple", "2018", "0,320", "3,13", "–"),
        ("France", "2018", "0,400", "2,50", "0,200"),
    )


def test_concentration():
    block = tell(
        communes("jobs", 2022, [600, 200, 100, 50, 30, 20]),
        communes("population", 2023, [900, 500, 300, 150, 100, 50]),
    )["Concentration entre communes"]
    assert prose(block) == (
        "En 2022, Commune 1 réunit 60,0 % des emplois au lieu de travail du territoire et 45,0 % de la population "
        "municipale (2023). Entre les 6 communes, l'indice de Gini est de 0,69 pour les emplois et 0,56 pour la "
        "population."
    )


def test_first_communes_on_a_tie_are_not_named():
    block = tell(communes("jobs", 2022, [400, 400, 100, 50, 30, 20]))[
        "Concentration entre communes"
    ]
    assert "plusieurs communes sont à égalité" in prose(block)
    assert "Commune 1" not in prose(block)


def test_unknown_communes_are_named():
    rows = communes("jobs", 2022, [600, 200, 100, 50, 30, "secret"])
    rows[-1] |= {"coverage_pct": 98.0}
    block = tell(rows)["Concentration entre communes"]
    assert plain(block.notes[-1]) == (
        "Emplois au lieu de travail, 2022 : non connus pour Commune 6 ; couverture 98,0 %."
    )


def test_one_commune():
    alone = Place("territoire", "seule", "Commune 1", ("01001",))
    blocks = tell(
        [row(COMMUNES[0], "jobs", 2022, 500.0), row(alone, "jobs", 2022, 500.0)],
        places=Places(COMMUNES[:1], (alone,)),
    )
    assert "sans objet" in prose(blocks["Concentration entre communes"])


def jobs_of(place, growth, start, end):
    return [
        *job_shares(place, 2016, three(*start)),
        *job_shares(place, 2022, three(*end), growth=growth),
    ]


def test_shift_share_of_jobs():
    block = tell(
        jobs_of(TERRITORY, 1.0, (10, 50, 20), (10, 45, 20)),
        jobs_of(FRANCE, 2.0, (10, 60, 20), (10, 60, 20)),
        [row(TERRITORY, "jobs", 2016, 2000.0)],
    )["Analyse structurelle-résiduelle des emplois (estimation)"]
    # 1.01^6 = 1.0615, 1.02^6 = 1.1262
    assert prose(block) == (
        "De 2016 à 2022, le nombre d'emplois au lieu de travail du territoire augmente de 6,2 % (estimation), contre "
        "+12,6 % en France. La répartition par branche du territoire y compte pour 0,0 point, ce que l'arrondi ne "
        "distingue pas de zéro (effet structurel), le reste, propre au territoire, pour −6,5 points (effet local). "
        "En nombre, pour 2 000 emplois en 2016 : évolution +123, effet de la référence +252, effet structurel 0 et "
        "effet local −129."
    )
    assert any("aucune cause" in note for note in block.notes)
    assert any(note.startswith("Comment lire") for note in block.notes)
    branches = block.grids[1]
    assert branches.rows[-1] == ("Ensemble", "100,0", "+6,2", "+12,6", "0,00", "−6,46")
    # the rows sum to the last one
    assert [cells[1] for cells in branches.rows[:-1]] == ["20,0", "10,0", "50,0", "20,0"]


def test_shift_share_of_a_union_says_so():
    block = tell(
        jobs_of(HAUT, 1.0, (10, 50, 20), (10, 50, 20)),
        jobs_of(BAS, -1.0, (20, 40, 30), (10, 50, 30)),
        [row(HAUT, "jobs", 2018, 1000.0), row(BAS, "jobs", 2018, 3000.0)],
        jobs_of(FRANCE, 2.0, (10, 60, 20), (10, 60, 20)),
    )["Analyse structurelle-résiduelle des emplois (estimation)"]
    assert any("réunit plusieurs EPCI" in note for note in block.notes)
    assert "En nombre" not in prose(block)


def test_shift_share_of_establishments():
    block = tell(
        establishments(TERRITORY, 2018, (50, 20, 10, 15, 5)),
        establishments(TERRITORY, 2024, (60, 20, 10, 15, 5)),
        establishments(FRANCE, 2018, (100, 100, 100, 100, 100)),
        establishments(FRANCE, 2024, (100, 100, 100, 150, 150)),
    )["Analyse structurelle-résiduelle des établissements"]
    assert prose(block) == (
        "De fin 2018 à fin 2024, le nombre d'établissements actifs du territoire augmente de 10,0 %, contre +20,0 % en "
        "France. La répartition par branche du territoire y compte pour −10,0 points (effet structurel), le reste, "
        "propre au territoire, pour 0,0 point (effet local). En nombre, pour 100 établissements en 2018 : évolution "
        "+10, effet de la référence +20, effet structurel −10 et effet local 0."
    )
    assert any("deux éditions du comparateur" in note for note in block.notes)


def test_departement_and_region_of_the_same_code_are_two_references():
    departement = Place("departement", "84", "Vaucluse", ())
    region = Place("region", "84", "Auvergne-Rhône-Alpes", ("01009",))
    block = tell(
        jobs_of(TERRITORY, 1.0, (10, 50, 20), (10, 50, 20)),
        jobs_of(departement, 0.0, (10, 60, 20), (10, 60, 20)),
        jobs_of(region, 2.0, (10, 60, 20), (10, 60, 20)),
        places=Places(COMMUNES, (TERRITORY, departement, region)),
    )["Analyse structurelle-résiduelle des emplois (estimation)"]
    assert "contre +12,6 % en Auvergne-Rhône-Alpes" in prose(block)
    assert len(block.drawings) == 1
    assert len(block.grids[0].rows) == 2


def test_too_few_establishments_to_decompose():
    block = tell(
        establishments(TERRITORY, 2018, (5, 5, 5, 5, 4)),
        establishments(TERRITORY, 2024, (5, 5, 5, 5, 4)),
        establishments(FRANCE, 2018, THERE),
        establishments(FRANCE, 2024, THERE),
    )["Analyse structurelle-résiduelle des établissements"]
    assert "n'est pas décomposée : effectif trop faible" in prose(block)


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        (
            [
                establishments(TERRITORY, 2018, HERE),
                establishments(TERRITORY, 2024, HERE),
                establishments(FRANCE, 2018, THERE),
            ],
            "dans le territoire, mais ne l'a que pour fin 2018 en France et pour aucune date dans l'Ain.",
        ),
        (
            [establishments(TERRITORY, 2018, HERE), establishments(FRANCE, 2018, THERE)],
            "l'édition ne l'a que pour fin 2018 dans le territoire.",
        ),
        ([establishments(FRANCE, 2018, THERE)], "l'édition ne l'a pas pour ce territoire."),
    ],
)
def test_missing_establishments_are_said(groups, said):
    block = tell(*groups)["Analyse structurelle-résiduelle des établissements"]
    assert prose(block).endswith(said)


def test_missing_jobs_are_said():
    here = tell(jobs_of(FRANCE, 2.0, (10, 60, 20), (10, 60, 20)))
    block = here["Analyse structurelle-résiduelle des emplois (estimation)"]
    assert "Ils ne le sont pas pour ce territoire" in prose(block)
    there = tell(jobs_of(TERRITORY, 2.0, (10, 60, 20), (10, 60, 20)))
    block = there["Analyse structurelle-résiduelle des emplois (estimation)"]
    assert "par rapport à ce qu'elle est dans l'Ain et en France" in prose(block)


def test_nothing_is_known():
    for block in tell().values():
        assert block.sentences
        assert not block.grids
        assert not block.drawings


def test_keep_few_takes_whole_kinds():
    departements = [Place("departement", f"0{rank}", f"D{rank}", ()) for rank in range(1, 6)]
    region = Place("region", "84", "Région", ())
    kept = keep_few(sort_references([FRANCE, *departements, region]))
    assert [place.level for place in kept] == ["region", "france"]
    kept = keep_few(sort_references([FRANCE, *departements[:2], region]))
    assert [place.code for place in kept] == ["01", "02", "84", "00FR"]


def test_ranges_are_in_french():
    assert write_range(-0.021, 0.034, 2, signed=True) == "−0,02 à +0,03"


@pytest.mark.parametrize("target", ["cchb", "65059", "gers-tarn-et-garonne"])
def test_real_territories(target):
    values, places, intervals = run_embedded(target)
    blocks = tell_specialisation(
        analyse_specialisation(values, places),
        analyse_concentration(values, places),
        analyse_shift_share(values, places, intervals),
    )
    names = [drawing.name for block in blocks for drawing in block.drawings]
    assert len(names) == len(set(names))
    for block in blocks:
        assert block.sentences
        for text in (*block.sentences, *block.notes):
            assert "nan" not in text.lower().split()
            assert "{" not in text
        for grid in block.grids:
            assert {len(cells) for cells in grid.rows} == {len(grid.heads)}
