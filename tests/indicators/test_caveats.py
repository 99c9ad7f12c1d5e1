import pandas as pd
import pytest

from terrdiag.catalogue import load_indicators
from terrdiag.indicators import find_caveats
from terrdiag.values import ESTIMATE, MISSING, OK, PARTIAL, SECRET, TOO_SMALL

NAN = float("nan")

SHARE, JOBS, CONSTRUCTION = (
    "industry_establishments_share_pct",
    "industry_jobs_share_pct",
    "construction_jobs_share_pct",
)


def make_values(*rows):
    columns = ["level", "code", "name", "indicator", "ref_year", "status", "coverage_pct"]
    table = pd.DataFrame([row[:7] for row in rows], columns=columns)
    # a value, and the numerator of what is made of counts
    parts = [(*row[7:], NAN, NAN)[:2] for row in rows]
    return table.join(pd.DataFrame(parts, columns=["value", "numerator"], dtype=float))


def counted(code, value, people, level="commune"):
    """A share made of counts, 2022, and the population of the place."""
    name = f"Commune {code}"
    return [
        (level, code, name, JOBS, 2022, OK, 100.0, value, 10 * value),
        (level, code, name, "population", 2016, OK, 100.0, 9999.0),
        (level, code, name, "population", 2023, OK, 100.0, people),
    ]


def commune(code, status, indicator=SHARE, year=2018):
    return ("commune", code, f"Commune {code}", indicator, year, status, 100.0)


def above(status, indicator=JOBS, coverage=100.0, name="Val", level="territoire"):
    return (level, "val", name, indicator, 2022, status, coverage)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], []),
        ([commune("01", OK), commune("02", MISSING), above(OK)], []),
        (
            [commune("01", TOO_SMALL), commune("02", OK)],
            [
                ("Effectifs trop faibles : le taux n'est pas donné pour 1 des 2 communes "
                "(« établissements : industrie », 2018).")
            ],
        ),
        (
            # the year that loses most; the other indicator is only counted
            [
                commune("01", TOO_SMALL), commune("01", TOO_SMALL, year=2024),
                commune("02", TOO_SMALL, year=2024), commune("01", TOO_SMALL, "unemployment_rate_pct"),
            ],
            [
                ("Effectifs trop faibles : le taux n'est pas donné pour 2 des 2 communes "
                "(« établissements : industrie », 2024), et pour 1 autre indicateur au plus autant.")
            ],
        ),
        (
            [commune("01", SECRET, "median_income_eur", 2021), commune("02", OK)],
            [
                ("Secret statistique : la valeur n'est pas publiée pour 1 des 2 communes "
                "(« niveau de vie médian », 2021).")
            ],
        ),
        (
            [above(ESTIMATE), above(ESTIMATE, CONSTRUCTION)],
            [
                ("Estimations (valeurs publiées, pondérées par l'emploi) pour Val : "
                "« emplois : industrie » et « emplois : construction ».")
            ],
        ),
        (
            # France has one estimate, the territory all of them
            [
                *(
                    above(ESTIMATE, name=name, indicator="industry_salaried_jobs_share_pct")
                    for name in ("Val", "Occitanie", "France")
                ),
                above(ESTIMATE),
            ],
            [
                ("Estimations (valeurs publiées, pondérées par l'emploi) pour Val : "
                "« emplois salariés : industrie » et « emplois : industrie » ; "
                "pour Occitanie et France : « emplois salariés : industrie ».")
            ],
        ),
        (
            [above(PARTIAL, coverage=97.26, name="Occitanie"), above(PARTIAL, coverage=99.0)],
            [
                ("Couverture incomplète pour Occitanie et Val : au minimum 97,3 % des habitants "
                "(Occitanie, 2022).")
            ],
        ),
        # what an EPCI lacks is told by its territory
        ([above(PARTIAL, level="epci", coverage=90.0)], []),
    ],
)  # fmt: skip
def test_caveats(rows, expected):
    found = find_caveats(make_values(*rows), load_indicators())
    assert [" ".join(sentence.split()) for sentence in found] == expected


def test_most_serious_first():
    rows = [
        above(PARTIAL, coverage=90.0),
        above(ESTIMATE),
        commune("01", SECRET),
        commune("02", TOO_SMALL),
    ]
    found = find_caveats(make_values(*rows), load_indicators())
    assert [sentence.split()[0] for sentence in found] == [
        "Effectifs", "Secret", "Estimations", "Couverture",
    ]  # fmt: skip


def test_minifrance(run_mini):
    found = find_caveats(run_mini("epci", "200100001").values, load_indicators())
    assert [sentence.split("\xa0")[0] for sentence in found] == [
        "Effectifs trop faibles",
        "Secret statistique",
        "Estimations (valeurs publiées, pondérées par l'emploi) pour Auvergne-Rhône-Alpes et France",
        # from the most concerned: 2022 for the Ain and the région, 2024 for the territory, Mayotte
        "Couverture incomplète pour Ain, Auvergne-Rhône-Alpes, CC du Haut-Pays, Allier et France",
    ]


def test_fragile_shares_are_counted():
    rows = [*counted("01", 12.0, 1999), *counted("02", 30.0, 2000), *counted("03", 0.0, 150)]
    # published without counts: no sample of ours, whatever the size of the place
    rows += [
        ("epci", "A", "A", JOBS, 2022, OK, 100.0, 20.0),
        ("epci", "A", "A", "population", 2023, OK, 100.0, 9),
    ]
    found = find_caveats(make_values(*rows), load_indicators())
    assert [" ".join(sentence.split()) for sentence in found] == [
        (
            "Données fragiles : « emplois : industrie » pour 2 des 3 communes, de moins de 2 000 habitants "
            "(sondage du recensement : valeurs à ne pas commenter une à une)."
        )
    ]


def test_a_small_territory_is_named():
    rows = [*counted("01", 12.0, 800), *counted("val", 12.0, 800, level="territoire")]
    [sentence] = find_caveats(make_values(*rows), load_indicators())
    assert "« emplois : industrie » pour Commune val, de moins" in " ".join(sentence.split())
