"""Unions and differences of places, in communes worked out by hand."""

import dataclasses
import datetime as dt

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from terrdiag.errors import PerimeterError
from terrdiag.study import Study, load_study, study_for_code
from terrdiag.study.codes import WrongValueError
from terrdiag.study.model import ComparatorsTable
from terrdiag.territory import resolve_comparators, resolve_expression, resolve_perimeter
from territory.country import AULNE, ENDED, GAVE, OLD_GAVE, plain


@pytest.mark.parametrize(
    ("text", "kind", "code", "name", "communes"),
    [
        # a single place keeps its kind
        ("departement:64", "departement", "64", "Gaves", "64001 64002 64003 64010 64012"),
        ("commune:65010", "commune", "65010", "Saint-Aubin", "65010"),
        (
            f"epci:{AULNE}",
            "epci",
            AULNE,
            "CC de l'Aulne",
            "65001 65002 65003 65004 65005 65011",
        ),
        ("ept:200057875", "ept", "200057875", "Lutèce Est", "75056"),
        # unions and differences, from left to right
        (
            f"departement:65 - epci:{AULNE}",
            "ensemble",
            f"departement_65_moins_epci_{AULNE}",
            "Hautes-Vallées sans CC de l'Aulne",
            "65010",
        ),
        (
            "departement:32 + departement:75",
            "ensemble",
            "departement_32_plus_departement_75",
            "Isle et Lutèce",
            "32001 75056",
        ),
        (
            "departement:32 + departement:75 + region:94",
            "ensemble",
            "departement_32_plus_departement_75_plus_region_94",
            "Isle, Lutèce et Corse",
            "2A004 32001 75056",
        ),
        (
            "departement:64 + commune:32001 - commune:64001 - commune:64002",
            "ensemble",
            "departement_64_plus_commune_32001_moins_commune_64001_moins_commune_64002",
            "Gaves et Isle, sans Gave ni Île-du-Guet",
            "32001 64003 64010 64012",
        ),
        # taken away, then added again
        (
            "departement:64 - commune:64001 + commune:64001",
            "ensemble",
            "departement_64_moins_commune_64001_plus_commune_64001",
            "Gaves sans Gave, plus Gave",
            "64001 64002 64003 64010 64012",
        ),
        # overlapping parts count once: AULNE and the TI it is in
        (
            f"epci:{AULNE} + ti:ti-7505 - region:75",
            "ensemble",
            f"epci_{AULNE}_plus_ti_7505_moins_region_75",
            "CC de l'Aulne et Aulne - Gave, sans Nouvelle-Vasconie",
            "65001 65002 65003 65004 65005 65010 65011",
        ),
    ],
)
def test_what_an_expression_holds(mini, text, kind, code, name, communes):
    group = resolve_expression(text, mini).group
    assert (group.kind, group.code, group.name) == (kind, code, name)
    assert group.communes == tuple(communes.split())


def test_at_a_past_date(mini):
    past = dt.date(2020, 1, 1)
    text = f"epci:{OLD_GAVE} + epci:{ENDED} - commune:64003"
    found = resolve_expression(text, mini, past)
    assert found.group.communes == ("64001", "64010", "64012")
    assert found.group.name == "Métropole de Gave et CC de Saint-Aubin, sans Hautval"
    assert plain(found.scope) == (
        "somme de 3 communes au 1er janvier 2020 : Métropole de Gave (3 communes) plus "
        "CC de Saint-Aubin (1 commune) moins Hautval (1 commune)"
    )
    with pytest.raises(PerimeterError, match="n'existe plus"):
        resolve_expression(text, mini)


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("commune:65010", "la commune au 1er janvier 2026"),
        (f"epci:{AULNE}", "somme de ses 6 communes au 1er janvier 2026"),
        ("france", "somme de ses 15 communes au 1er janvier 2026, outre-mer compris"),
        (
            f"departement:65 - epci:{AULNE}",
            (
                "somme de 1 commune au 1er janvier 2026 : Hautes-Vallées (7 communes) moins "
                "CC de l'Aulne (6 communes)"
            ),
        ),
        (
            "france - ti:ti-7505",
            (
                "somme de 4 communes au 1er janvier 2026 : France (15 communes) moins Aulne - Gave "
                "(11 communes), outre-mer compris, périmètre du programme, génération 2018-2022"
            ),
        ),
    ],
)
def test_the_scope_says_how_many_communes_and_of_what(mini, text, scope):
    assert plain(resolve_expression(text, mini).scope) == scope


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        (f"departement:65 - epci:{AULNE}", None),
        # of the five communes of the métropole, only 65010 is in the département
        (
            f"departement:65 - epci:{GAVE}",
            (
                "Hautes-Vallées sans Métropole de Gave : Métropole de Gave n'est qu'en partie dans "
                "Hautes-Vallées : 4 communes sur 5 n'y étaient pas, Gave (64001), Hautval (64003), "
                "Lande (64010) et Saint-Aubin (64012)."
            ),
        ),
        (
            f"departement:65 + epci:{AULNE}",
            (
                "Hautes-Vallées et CC de l'Aulne : CC de l'Aulne est déjà dans Hautes-Vallées, "
                "et n'y ajoute rien."
            ),
        ),
        (f"departement:65 + epci:{GAVE}", None),
    ],
)
def test_what_comes_out_otherwise_than_one_thinks_is_said(mini, text, warning):
    found = [plain(one) for one in resolve_expression(text, mini).warnings]
    assert found == ([warning] if warning else [])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            f"region:94 - epci:{AULNE}",
            (
                f"\"epci:{AULNE}\" (CC de l'Aulne) n'a aucune commune dans Corse : "
                "il n'y a rien à en ôter."
            ),
        ),
        # what was just taken away is no more there
        (
            "departement:64 - commune:64001 - commune:64001",
            (
                '"commune:64001" (Gave) n\'a aucune commune dans Gaves sans Gave : '
                "il n'y a rien à en ôter."
            ),
        ),
        (
            "departement:64 - region:75",
            '"departement:64 - region:75" : il ne reste aucune commune.',
        ),
        (
            "region:65 - departement:66",
            (
                '"65" n\'est pas une région, mais un département (Hautes-Vallées) : sa clé est '
                'departements.\n"66" est inconnu. Codes proches : "65" (Hautes-Vallées), "64" (Gaves).'
            ),
        ),
    ],
)
def test_what_cannot_be_made_says_why(mini, text, message):
    with pytest.raises(PerimeterError) as caught:
        resolve_expression(text, mini)
    assert plain(str(caught.value)) == message


def test_what_is_badly_written_is_not_looked_for(mini):
    with pytest.raises(WrongValueError, match="entre deux espaces"):
        resolve_expression("region:76-region:75", mini)


# --- Laws -------------------------------------------------------------------------------------

PLACES = ("france", "departement:64", "departement:65", "region:75", "region:76", "ti:ti-7505",
          "petr:CR0001", f"epci:{AULNE}", f"epci:{GAVE}", "commune:65010", "commune:64002")  # fmt: skip
ATOMS = st.sampled_from(PLACES)
NO_CHECK = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def communes_of(mini, text: str) -> set[str]:
    try:
        return set(resolve_expression(text, mini).group.communes)
    except PerimeterError:
        return set()  # nothing is left, or there was nothing to take away


@NO_CHECK
@given(one=ATOMS, other=ATOMS)
def test_what_is_added_then_taken_away_leaves_a_part_of_the_first(mini, one, other):
    assert communes_of(mini, f"{one} + {other} - {other}") <= communes_of(mini, one)


@NO_CHECK
@given(terms=st.lists(ATOMS, min_size=1, max_size=4), data=st.data())
def test_the_order_of_a_union_does_not_matter(mini, terms, data):
    shuffled = data.draw(st.permutations(terms))
    assert communes_of(mini, " + ".join(terms)) == communes_of(mini, " + ".join(shuffled))


@NO_CHECK
@given(one=ATOMS, other=ATOMS)
def test_a_difference_and_what_was_taken_make_the_union(mini, one, other):
    union = communes_of(mini, f"{one} + {other}")
    assert communes_of(mini, one) | communes_of(mini, other) == union
    left = communes_of(mini, f"{one} - {other}")
    assert not left & communes_of(mini, other)
    if left:
        assert left | communes_of(mini, other) == union


# --- In a study -------------------------------------------------------------------------------


def including(*items, code=AULNE) -> Study:
    table = ComparatorsTable.model_validate({"include": list(items)})
    return dataclasses.replace(study_for_code("epci", code), comparators=table)


def compared(mini, study):
    return resolve_comparators(study, resolve_perimeter(study, mini), mini)


def test_expressions_stand_among_the_others_in_the_order_of_the_file(mini):
    study = including(
        "france",
        "region:76 - commune:32001",
        {"name": "Le gave", "of": f"epci:{GAVE}"},
        {"name": "Deux régions", "of": "region:75 + region:76"},
        "commune:65010",
    )
    found = compared(mini, study)
    assert [(one.group.kind, one.group.code, one.group.name, one.same_as) for one in found] == [
        ("france", "00FR", "France", None),
        ("ensemble", "region_76_moins_commune_32001", "Occident sans Isle", None),
        ("ensemble", f"epci_{GAVE}", "Le gave", ("epci", GAVE)),
        ("ensemble", "region_75_plus_region_76", "Deux régions", None),
        ("ensemble", "commune_65010", "Saint-Aubin", ("commune", "65010")),
    ]
    assert len(found[3].group.communes) == 13
    assert [plain(one.scope) for one in found[2::2]] == [
        "EPCI, somme de ses 5 communes au 1er janvier 2026",
        "la commune au 1er janvier 2026",
    ]


def test_a_commune_of_the_territory_may_be_compared_with_it(mini):
    # under a level of its own: the communes and the EPCI of the territory are told apart by theirs
    (one,) = compared(mini, including("commune:65001"))
    assert (one.group.kind, one.group.communes) == ("ensemble", ("65001",))


def test_warnings_travel_with_the_comparator(mini):
    (found,) = compared(mini, including(f"departement:64 - epci:{GAVE}"))
    assert [plain(one) for one in found.warnings] == [
        (
            "Gaves sans Métropole de Gave : Métropole de Gave n'est qu'en partie dans Gaves : "
            "1 commune sur 5 n'y était pas, Saint-Aubin (65010)."
        )
    ]


def test_every_fault_of_the_list_is_said_with_its_place(mini, tmp_path):
    path = tmp_path / "x.toml"
    path.write_text(
        f'[study]\nid = "x"\ntitle = "X"\n[perimeter]\nepci = ["{AULNE}"]\n[comparators]\n'
        f'include = ["region:99", "region:94 - region:75", "departement:65 - epci:{GAVE}",\n'
        '  "region:76", { name = "Encore", of = "region:76" }]\n',
        encoding="utf-8",
    )
    with pytest.raises(PerimeterError) as caught:
        compared(mini, load_study(path))
    place = f"{path}, ligne 7, [comparators] include : "
    assert [plain(line).removeprefix(place) for line in str(caught.value).splitlines()] == [
        '"99" est inconnu. Codes proches : "94" (Corse).',
        (
            '"region:75" (Nouvelle-Vasconie) n\'a aucune commune dans Corse : '
            "il n'y a rien à en ôter."
        ),
        (
            f'"departement:65 - epci:{GAVE}" (Hautes-Vallées sans Métropole de Gave) est le '
            "territoire lui-même : ôtez-le."
        ),
        '"region:76" est donné deux fois : ôtez-en un.',
    ]
