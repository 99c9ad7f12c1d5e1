"""What a territory is compared with."""

import dataclasses

import pytest

from terrdiag.errors import PerimeterError
from terrdiag.study import Study, study_for_code
from terrdiag.study.model import ComparatorsTable
from terrdiag.study.perimeter import PerimeterTable
from terrdiag.territory import resolve_comparators, resolve_perimeter
from terrdiag.territory.model import MAX_DEPARTEMENTS, Group
from terrdiag.territory.notice import describe_comparison
from territory.country import AULNE, GAVE, PARIS, plain


def compared(mini, study: Study) -> list[tuple[str, str]]:
    found = resolve_comparators(study, resolve_perimeter(study, mini), mini)
    return [(comparator.group.kind, comparator.group.code) for comparator in found]


def including(*texts: str | dict[str, str], kind="epci", code=AULNE) -> Study:
    table = ComparatorsTable.model_validate({"include": list(texts)})
    return dataclasses.replace(study_for_code(kind, code), comparators=table)


@pytest.mark.parametrize(
    ("kind", "code", "expected"),
    [
        # the PETR is the EPCI itself: not compared with
        ("epci", AULNE, ["ti:ti-7505", "departement:65", "region:76", "france:00FR"]),
        # lies in a TI that is larger; over two départements and two régions
        (
            "epci",
            GAVE,
            # département 64 and région 75 hold the same communes: the larger level
            [
                "ti:ti-7505",
                "departement:65",
                "region:75",
                "region:76",
                "france:00FR",
            ],
        ),
        ("ti", "ti-7505", ["region:75", "region:76", "france:00FR"]),
        (
            "commune",
            "65001",
            ["ti:ti-7505", "petr:CR0001", "departement:65", "region:76", "france:00FR"],
        ),
        # its région holds the same communes: it is the territory itself
        ("departement", "64", ["france:00FR"]),
        ("departement", "2A", ["france:00FR"]),
        ("departement", "65", ["ti:ti-7505", "region:76", "france:00FR"]),
        ("region", "76", ["france:00FR"]),
        ("commune", "75056", ["france:00FR"]),
        ("epci", PARIS, ["france:00FR"]),
    ],
)
def test_by_default(mini, kind, code, expected):
    found = compared(mini, study_for_code(kind, code))
    assert [f"{kind}:{code}" for kind, code in found] == expected


def test_the_order_of_the_file_is_kept_and_repeats_dropped(mini):
    study = including("france", "region:76", "ti:ti-7505", "france", "departement:75")
    assert compared(mini, study) == [
        ("france", "00FR"),
        ("region", "76"),
        ("ti", "ti-7505"),
        ("departement", "75"),
    ]


def test_nothing_at_all_may_be_asked_for(mini):
    assert compared(mini, including()) == []


def test_each_is_the_sum_of_its_communes_and_says_so(mini):
    study = including("departement:65", "ti:ti-7505", "petr:CR0001", "france", code=GAVE)
    found = resolve_comparators(study, resolve_perimeter(study, mini), mini)
    assert [len(comparator.group.communes) for comparator in found] == [7, 11, 6, 15]
    assert [plain(comparator.scope) for comparator in found] == [
        "somme de ses 7 communes au 1er janvier 2026",
        (
            "somme de ses 11 communes au 1er janvier 2026, "
            "périmètre du programme, génération 2018-2022"
        ),
        "somme de ses 6 communes au 1er janvier 2026, EPCI du contrat de ruralité de 2018",
        "somme de ses 15 communes au 1er janvier 2026, outre-mer compris",
    ]


def test_unknown_comparators_are_all_named(mini):
    with pytest.raises(PerimeterError) as caught:
        compared(mini, including("region:65", "departement:66", "france"))
    first, second = str(caught.value).splitlines()
    assert '"65" n\'est pas une région, mais un département' in first
    assert second.endswith('"66" est inconnu. Codes proches : "65" (Hautes-Vallées), "64" (Gaves).')


def test_the_territory_itself_is_not_a_comparator(mini):
    with pytest.raises(PerimeterError, match=r'"petr:CR0001" .* est le territoire lui-même'):
        compared(mini, including("petr:CR0001"))


@pytest.mark.parametrize(
    ("include", "fault"),
    [
        # two communes of one name
        (("commune:64012", "commune:65010"), ("commune:65010", "Saint-Aubin")),
        (
            ("region:76", {"name": "Occident", "of": "region:76 + region:75"}),
            ("region:76 + region:75", "Occident"),
        ),
        (
            ({"name": "Ailleurs", "of": "region:75"}, {"name": "Ailleurs", "of": "region:94"}),
            ("region:94", "Ailleurs"),
        ),
    ],
)
def test_two_comparators_of_one_name_are_refused(mini, include, fault):
    with pytest.raises(PerimeterError) as caught:
        compared(mini, including(*include))
    assert str(caught.value).endswith(
        f'"{fault[0]}" porte le nom d\'un autre comparateur, « {fault[1]} » : '
        'donnez-lui le sien, { name = "…", of = "…" }.'
    )
    assert len(str(caught.value).splitlines()) == 1


def test_a_name_of_its_own_tells_homonyms_apart(mini):
    named = {"name": "Saint-Aubin (65)", "of": "commune:65010"}
    assert len(compared(mini, including("commune:64012", named))) == 2


def test_many_departements_are_not_compared_one_by_one():
    around = [Group("departement", f"{n:02}", "", (f"{n:02}001", f"{n:02}002")) for n in range(7)]
    touched = [group.communes[0] for group in around]
    assert len(around) == MAX_DEPARTEMENTS + 1
    assert [plain(text) for text in describe_comparison(around, touched)] == [
        (
            "Le territoire touche 7 départements : "
            "il est comparé aux régions et à la France, pas à chacun d'eux."
        )
    ]
    assert describe_comparison(around[1:], touched) == []
    # what lies inside is not around
    assert describe_comparison(around, [*touched, around[0].communes[1]]) == []


def test_a_perimeter_over_every_departement_is_compared_with_france(mini):
    study = Study("x", "X", PerimeterTable.model_validate({"departements": ["64", "65", "32"]}))
    assert compared(mini, study) == [("france", "00FR")]
