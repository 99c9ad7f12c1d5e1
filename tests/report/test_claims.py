"""The section « Chiffres cités » and its words."""

import dataclasses
import datetime as dt
import re

import pytest

from analyses.claims_example import OLD, OWN, make_claim, make_findings, make_ground
from terrdiag.analyses.cells import Cell
from terrdiag.analyses.claims import Candidate, Gap
from terrdiag.analyses.claims.counts import counted_indicators
from terrdiag.report.claim_gaps import SENTENCES, word_gap
from terrdiag.report.claim_words import ClaimWords
from terrdiag.report.claims import explain_claim, summarise_claims, tell_claims

PAIR = (
    make_claim("industry_salaried_jobs_share_pct", "7.62"),
    make_claim("industry_salaried_jobs_share_pct", "6.66", place="region:76"),
)
LOOSE = (
    make_claim("industry_salaried_jobs_share_pct", "7.7"),
    make_claim("industry_salaried_jobs_share_pct", "7", place="region:76"),
)
UNKNOWN = make_claim(None, 28, not_computable="Un rang demande toutes les aires", unit="(rang)")


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def explain(*claims, number=1, text=None):
    findings = make_findings(*claims, **({"text": text} if text else {}))
    words = ClaimWords(findings)
    return [plain(one) for one in explain_claim(findings.checked[number - 1], words)]


def stated(claim):
    return plain(ClaimWords(make_findings()).stated(claim))


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (make_claim("population", 18112, unit="habitants"), "18 112 habitants"),
        (make_claim("population", 18112), "18 112 hab."),
        (make_claim("population", 500_000, relation=">"), "plus de 500 000 hab."),
        (make_claim("population", "4e2", relation="<"), "moins de 400 hab."),
        (make_claim("industry_jobs_share_pct", "7.90"), "7,90 %"),
        (make_claim("industry_jobs_share_pct", 7), "7 %"),
        (make_claim("communes", 1), "1 commune"),
        (make_claim("communes", 24), "24 communes"),
        (UNKNOWN, "28 (rang)"),
    ],
)
def test_a_value_as_it_is_written(claim, expected):
    assert stated(claim) == expected


def test_what_is_confirmed_needs_no_word():
    assert explain(make_claim("population", 1040)) == []


def test_a_hypothesis_says_what_it_changes():
    first, last = explain(make_claim("population", 950, year=2011))
    assert first == (
        "La valeur citée correspond à « Population municipale », en 2011, périmètre "
        "du 1er janvier 2026 (ou d'avant) au 31 décembre 2023 (1 commune) : 950 hab. "
        "C'est une hypothèse (le document ne dit pas la date)."
    )
    assert last == "Sur 6 définitions essayées, aucune autre ne la donne."


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        (make_claim("population", 1000, year=2018), ["en 2011", "(et non 2018)"]),
        (make_claim("population", 1000), ["en 2011", "le document ne dit pas l'année"]),
        (
            make_claim("population", 1100, year=2018),
            [
                "« Population totale",
                "en 2023",
                "au lieu de « Population municipale » ; et non 2018",
            ],
        ),
        (
            make_claim("population", 1030, year=2011),
            ["dans le PETR Lieu CR1", "et non pour ce territoire"],
        ),
        (
            make_claim("industry_jobs_share_pct", "7.62"),
            ["« Part des établissements industriels », fin 2018", "7,62 %"],
        ),
    ],
)
def test_each_change_is_worded(claim, words):
    first = explain(claim)[0]
    for word in ("correspond à", "C'est une hypothèse", *words):
        assert word in first


def test_the_nearest_are_told_as_such_and_not_as_a_match():
    [said] = explain(make_claim("population", 1060, year=2018))
    assert said.startswith("Aucune des 6 autres définitions essayées ne donne 1 060 hab. ")
    assert "correspond" not in said
    assert "1 000 hab. (écart −60 hab.)" in said
    assert "La définition du catalogue reste la plus proche ; ensuite" in said


def test_what_is_far_is_not_told():
    [said] = explain(make_claim("population", 9000, year=2018))
    assert "La plus proche : " in said
    assert said.count("écart") == 1


def test_a_loose_value_bears_a_warning_and_one_hypothesis():
    said = explain(make_claim("industry_salaried_jobs_share_pct", 8))
    assert sum("correspond à" in one for one in said) == 1
    assert said[-1].startswith("Coïncidence possible : ")
    assert re.search(r"\d+ des \d+ définitions essayées", said[-1])


def test_one_definition_for_a_whole_sentence_stands_for_those_of_each_figure():
    assert explain(*PAIR, number=1) == []
    [said] = explain(*PAIR, number=2)
    assert said == (
        "Les chiffres de la phrase ensemble (7,62 % et 6,66 %) correspondent à « Part des établissements "
        "industriels », fin 2018 : 7,62 % (dans l'arrondi) pour ce territoire et 6,66 % (dans l'arrondi) dans la "
        "région Lieu 76. C'est une hypothèse, sur 7 définitions essayées."
    )


def test_without_one_the_nearest_is_told():
    said = explain(*LOOSE, number=2)[-1]
    assert (
        "aucune définition ne les donne tous, sur 7 définitions essayées. La plus proche : " in said
    )
    assert "« Part des établissements industriels », fin 2018 : 7,62 % (écart −0,08 point)" in said
    assert "6,66 % (dans l'arrondi)" in said


def test_two_figures_of_one_place_say_it_once():
    both = (make_claim("population", 1000), make_claim("population", 1001))
    said = explain(*both, number=2)[-1]
    assert said.endswith(
        "en 2011 : 1 000 hab. (dans l'arrondi) et 1 000 hab. (écart −1 hab.) pour ce territoire."
    )


def test_a_tolerance_of_its_own_is_not_a_rounding():
    pair = (
        PAIR[0],
        make_claim("industry_salaried_jobs_share_pct", 7, tolerance=0.5, place="region:76"),
    )
    said = explain(*pair, number=2)[-1]
    assert "7,62 % (dans l'arrondi) pour ce territoire et 6,66 % (dans l'écart admis) dans" in said


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("habitants", ("18 112 habitants", "1 040 habitants", "−17 072 habitants")),
        ("habitant", ("18 112 habitant", "1 040 habitants", "−17 072 habitants")),
        ("âmes", ("18 112 âmes", "1 040 hab.", "−17 072 hab.")),
        ("", ("18 112 hab.", "1 040 hab.", "−17 072 hab.")),
    ],
)
def test_units_that_mean_the_same_are_written_the_same_in_a_row(unit, expected):
    [grid] = tell_claims(make_findings(make_claim("population", 18112, unit=unit)))[0].grids
    assert tuple(plain(cell) for cell in grid.rows[0][1:4]) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Un rang demande", "un rang demande"),
        ("La Rochelle n'y est pas", "La Rochelle n'y est pas"),
        ("INSEE ne le dit pas", "INSEE ne le dit pas"),
        ("Les aires n'y sont pas", "les aires n'y sont pas"),
    ],
)
def test_a_sentence_after_a_dash_has_no_capital(text, expected):
    unknown = make_claim(None, 28, not_computable=text, unit="(rang)")
    [said] = tell_claims(make_findings(unknown))[1].sentences
    assert plain(said) == f"1. 28 (rang) — {expected}."


def test_a_definition_and_its_formula_do_not_repeat_each_other():
    for one in counted_indicators().values():
        assert one.definition_fr.endswith(".")
        assert one.formula_fr not in one.definition_fr
        assert one.label_fr not in one.definition_fr or one.id == "area_km2"


def test_what_the_study_says_it_cannot_check():
    assert explain(UNKNOWN) == ["Un rang demande toutes les aires."]


@pytest.mark.parametrize(
    ("gap", "expected"),
    [
        (Gap("no_list", since=dt.date(2019, 1, 1)), "à partir du 1er janvier 2019."),
        (Gap("no_list"), "ne sont pas connues à la date du chiffre."),
        (Gap("not_then", detail="Elle n'existait pas encore."), "Elle n'existait pas encore."),
        (
            Gap("measured"),
            "seulement avec « terrdiag diagnostic », et un modèle téléchargé (« terrdiag data dem »)",
        ),
        (Gap("analysed"), "est le résultat d'une analyse, que ce calcul ne refait pas : cherchez"),
        (Gap("no_level"), "« Population municipale » n'existe pas en Occitanie."),
        (Gap("no_year", (2011, 2018)), "en Occitanie en 2009 ; années connues : 2011 et 2018."),
        (
            Gap("no_figure", (), 42.5),
            "n'est pas dans l'édition en Occitanie (connu pour 42,5 % seulement).",
        ),
        (Gap("partial", (), 97.0), "que pour 97,0 % des habitants : trop peu pour trancher."),
        (Gap("secret"), "n'est pas donné en Occitanie : secret statistique."),
        (Gap("too_small"), "effectif trop faible."),
        (Gap("not_applicable"), "sans objet."),
    ],
)
def test_what_is_missing_is_said_precisely(gap, expected):
    claim = make_claim("population", 1, year=2009)
    indicator = make_findings(claim).indicators["population"]
    assert expected in plain(word_gap(gap, indicator, "en Occitanie", claim))


def test_every_gap_has_its_words():
    assert not set(SENTENCES) - set(Gap.__dataclass_fields__["kind"].type.__args__)


@pytest.mark.parametrize(
    ("ground", "expected"),
    [
        (OWN, "périmètre du 1er janvier 2026 (2 communes)"),
        (
            dataclasses.replace(OLD, since=dt.date(2021, 1, 1)),
            "périmètre du 1er janvier 2021 au 31 décembre 2023 (1 commune)",
        ),
        (
            dataclasses.replace(OLD, by_study=True, until=dt.date(2017, 12, 31)),
            "périmètre d'avant le 1er janvier 2018 (1 commune, d'après l'étude)",
        ),
        (
            dataclasses.replace(OLD, former=("245900410",), members=("1", "2", "3")),
            "périmètre du 1er janvier 2026 (ou d'avant) au 31 décembre 2023 (3 communes, alors 245900410)",
        ),
        (
            make_ground("perimetre", "x", date=dt.date(2020, 1, 1)),
            "périmètre du 1er janvier 2020 (2 communes)",
        ),
        (make_ground("departement", "65", change="zoning"), "dans le département Lieu 65"),
    ],
)
def test_a_place_says_its_perimeter(ground, expected):
    assert plain(ClaimWords(make_findings()).place(ground)) == expected


def test_a_growth_bears_its_two_years_and_an_altitude_its_table():
    words = ClaimWords(make_findings())
    cell = Cell(1.0, "ok")
    assert words.when(Candidate("population_growth_pct", 2018, OWN, cell)) == "de 2013 à 2018"
    assert words.when(Candidate("altitude_max_m", 2025, OWN, cell)) == "table de 2025"
    assert words.when(Candidate("communes", 0, OWN, cell)) == ""


def test_the_summary_counts_each_verdict():
    claims = (
        make_claim("population", 1040),
        make_claim("population", 1, year=2011),
        UNKNOWN,
        make_claim("population", 2, year=2011),
    )
    assert plain(summarise_claims(make_findings(*claims))) == (
        "4 chiffres cités : 1 confirmé, 2 diffèrent et 1 n'est pas calculable."
    )
    assert plain(summarise_claims(make_findings(claims[0]))) == "1 chiffre cité : 1 confirmé."


def test_the_section_has_a_row_for_every_claim():
    claims = (
        *LOOSE,
        UNKNOWN,
        make_claim("population", 1040),
        make_claim("population", 1, relation=">"),
    )
    blocks = tell_claims(make_findings(*claims))
    assert [block.theme for block in blocks] == ["claims", "claims"]
    [grid] = blocks[0].grids
    assert len(grid.rows) == len(claims)
    assert all(len(row) == len(grid.heads) for row in grid.rows)
    assert [row[4] for row in grid.rows] == [
        *("diffère", "diffère", "non calculable", "confirmé", "confirmé")
    ]
    cells = [plain(cell) for cell in grid.rows[0]]
    assert cells[:4] == [
        "1. « la phrase » (le document)",
        "7,7 %",
        "14,6 % (estimation, couverture 90,0 %)",
        "+6,9 points",
    ]
    assert "INSEE, Recensement (RP 2018)" in cells[5]
    assert grid.rows[2][2:4] == ("n.d.", "")
    assert {one.id for one in blocks[0].definitions} == {
        "industry_salaried_jobs_share_pct",
        "population",
    }


def test_what_is_not_confirmed_is_explained_in_a_paragraph_each():
    blocks = tell_claims(make_findings(make_claim("population", 1040), UNKNOWN, *LOOSE))
    heads = [plain(sentence).partition(" — ")[0] for sentence in blocks[1].sentences]
    assert heads == ["2. 28 (rang)", "3. 7,7 %", "4. 7 %"]


def test_a_study_without_claims_has_no_section():
    assert tell_claims(make_findings()) == ()


def test_a_section_without_anything_to_explain_is_one_block():
    assert len(tell_claims(make_findings(make_claim("population", 1040)))) == 1


HOSTILE = '<script>alert("{0}")</script>\n{{ 7*7 }} %s {unknown} \u202e « » | ; ='


def test_hostile_texts_are_only_texts():
    """Braces, percents, ends of lines and marks of a file are words like others; templates escape them."""
    claims = (
        make_claim("population", 1, text=HOSTILE, document=HOSTILE, unit="{0} <b>"),
        make_claim(None, 2, text=HOSTILE, not_computable=HOSTILE),
    )
    blocks = tell_claims(make_findings(*claims))
    one_line = " ".join(HOSTILE.split())
    assert one_line in blocks[0].grids[0].rows[0][0]
    assert one_line in " ".join(blocks[1].sentences)
