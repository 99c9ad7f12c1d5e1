"""Finding territories by name or code."""

import datetime as dt

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from terrdiag.territory import Territory, find_territories
from terrdiag.territory.names import (
    ALIKE,
    ALL_WORDS,
    BEGINS,
    NO_MATCH,
    SAME,
    SAME_BUT_ARTICLES,
    SAME_BUT_TYPE,
    count_letters,
    fold_names,
    rank_names,
)
from terrdiag.wording import fold
from territory.country import AULNE, ENDED, GAVE, OLD_GAVE, plain

NAMES = {
    "CC de la Haute-Bigorre": "epci",
    "Haute-Loire": "departement",
    "Bagnères-de-Bigorre": "commune",
    "Métropole de Lyon": "epci",
    "Lyon": "commune",
    "Le Mans": "commune",
    "CU Le Mans Métropole": "epci",
    "L'Haÿ-les-Roses": "commune",
    "Saint-Lô": "commune",
    "La Ville-aux-Bois": "commune",
    "Pays de la Loire": "region",
}


def ranks(query: str) -> dict[str, float]:
    found = rank_names(query, list(NAMES.values()), list(NAMES))
    return {name: rank for name, rank in zip(NAMES, found, strict=True) if rank < NO_MATCH}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("haute bigorre", {"CC de la Haute-Bigorre": SAME_BUT_TYPE}),
        ("HAUTE-BIGORRE", {"CC de la Haute-Bigorre": SAME_BUT_TYPE}),
        ("cc haute bigorre", {"CC de la Haute-Bigorre": SAME_BUT_ARTICLES}),
        (
            "Communauté de communes de la Haute-Bigorre",
            {"CC de la Haute-Bigorre": SAME_BUT_TYPE},
        ),
        ("bigorre bagnères", {"Bagnères-de-Bigorre": ALL_WORDS}),
        ("bagn", {"Bagnères-de-Bigorre": BEGINS}),
        ("lyon", {"Lyon": SAME, "Métropole de Lyon": SAME_BUT_TYPE}),
        ("métropole de lyon", {"Métropole de Lyon": SAME, "Lyon": BEGINS}),
        ("commune de Lyon", {"Lyon": SAME_BUT_TYPE, "Métropole de Lyon": BEGINS}),
        ("mans", {"Le Mans": SAME_BUT_ARTICLES, "CU Le Mans Métropole": BEGINS}),
        ("l’hay les roses", {"L'Haÿ-les-Roses": SAME}),
        ("st lo", {"Saint-Lô": SAME}),
        ("ville aux bois", {"La Ville-aux-Bois": SAME_BUT_ARTICLES}),
        ("région Pays de la Loire", {"Pays de la Loire": SAME_BUT_TYPE, "Haute-Loire": ALL_WORDS}),
        ("loire", {"Pays de la Loire": SAME_BUT_TYPE, "Haute-Loire": ALL_WORDS}),
        ("", {}),
        ("  -- ", {}),
        ("zzzz", {}),
        ("la", {"L'Haÿ-les-Roses": NO_MATCH}),
    ],
)
def test_rank_of_names(query, expected):
    found = ranks(query)
    expected = {name: rank for name, rank in expected.items() if rank < NO_MATCH}
    if query == "la":  # an article alone is a word like another
        assert set(found) <= set(NAMES)
    else:
        assert found == expected


def test_alike_only_when_nothing_is_better():
    found = ranks("haut bigore")
    assert min(found, key=found.get) == "CC de la Haute-Bigorre"
    assert set(found.values()) <= {rank for rank in found.values() if ALIKE <= rank < ALIKE + 1}
    # 2 × 11 common letters over 11 and 13 (space included): 22/24
    assert found["CC de la Haute-Bigorre"] == pytest.approx(ALIKE + 1 - 22 / 24)


def test_letters_are_counted():
    counts = count_letters(["aab 1", "", "zé"])
    assert counts.shape == (3, 36)
    assert (counts[0, 0], counts[0, 1], counts[0, 27]) == (2, 1, 1)
    assert counts[1].sum() == 0
    assert (counts[2, 25], counts[2].sum()) == (1, 1)


LETTERS = "aàâäbcçdeéèêëfghiîïjklmnoôöœpqrstuùûüvwxyÿzæ"


@given(st.lists(st.text(LETTERS + LETTERS.upper() + " '’-.,/()&0123456789"), min_size=1))
def test_many_names_fold_as_one(names):
    assert fold_names(names) == [fold(name) for name in names]


@given(st.text(max_size=20))
def test_any_query_is_answered(query):
    found = rank_names(query, list(NAMES.values()), list(NAMES))
    assert found.shape == (len(NAMES),)
    assert np.isfinite(found).all()


# --- In the made-up country -------------------------------------------------------------------


def found_codes(mini, query: str) -> list[tuple[str, str]]:
    return [(found.kind, found.code) for found in find_territories(query, mini)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        # the very name before what bears it among others; the large before the small
        ("aulne", [("commune", "65001"), ("epci", AULNE), ("petr", "CR0001"), ("ti", "ti-7505")]),
        ("saint aubin", [("commune", "64012"), ("commune", "65010"), ("epci", ENDED)]),
        # a group that changed its identifier is listed once
        (
            "gave",
            [
                ("commune", "64001"),
                ("epci", GAVE),
                ("departement", "64"),
                ("ti", "ti-7505"),
                ("commune", "65011"),
            ],
        ),
        ("oeuf sur gave", [("commune", "65011")]),
        # codes, of today and before
        (AULNE, [("epci", AULNE)]),
        (OLD_GAVE, [("epci", OLD_GAVE)]),
        ("75", [("region", "75"), ("departement", "75")]),
        ("region:75", [("region", "75")]),
        ("Département:75", [("departement", "75")]),
        ("departements:75", [("departement", "75")]),
        ("2a004", [("commune", "2A004")]),
        ("TI-7505", [("ti", "ti-7505")]),
        ("200057875", [("ept", "200057875")]),
        ("brise le haut", [("commune", "65002")]),
        ("introuvable", []),
    ],
)
def test_find(mini, query, expected):
    assert found_codes(mini, query) == expected


def test_the_limit_is_kept(mini):
    assert len(find_territories("gave", mini, limit=2)) == 2


def test_what_is_no_more_points_to_its_successor(mini):
    (found,) = find_territories(OLD_GAVE, mini)
    assert (found.until, found.communes) == (dt.date(2020, 12, 31), 3)
    assert found.successors == ((GAVE, "Métropole de Gave"),)
    assert plain(found.label) == (
        f"EPCI Métropole de Gave (3 communes), jusqu'au 31 décembre 2020 ; "
        f"aujourd'hui Métropole de Gave ({GAVE})"
    )


@pytest.mark.parametrize(
    ("query", "communes", "label"),
    [
        (AULNE, 6, "EPCI CC de l'Aulne (6 communes)"),
        (GAVE, 5, "EPCI Métropole de Gave (5 communes)"),
        ("ti-7505", 11, "Territoire d'industrie Aulne - Gave (11 communes)"),
        ("region:75", 5, "région Nouvelle-Vasconie (5 communes)"),
        ("departement:75", 1, "département Lutèce (1 commune)"),
        ("65011", 1, "commune L'Œuf-sur-Gave (65)"),
    ],
)
def test_label_and_size(mini, query, communes, label):
    (found,) = find_territories(query, mini)
    assert (found.communes, plain(found.label)) == (communes, label)


@pytest.mark.parametrize(
    ("kind", "code", "target"),
    [
        ("region", "75", "region:75"),
        ("departement", "2A", "departement:2A"),
        ("epci", AULNE, AULNE),
        ("commune", "65001", "65001"),
        ("ti", "ti-7505", "ti-7505"),
    ],
)
def test_how_to_write_it(kind, code, target):
    assert Territory(kind, code, "X", 1).target == target
