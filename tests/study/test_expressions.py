"""Unions and differences of places, as a study writes them."""

import contextlib
import json
import re

import hypothesis.strategies as st
import pytest
from hypothesis import given

from terrdiag.study import parse_expression, study_schema
from terrdiag.study.codes import KINDS, WrongValueError
from terrdiag.study.expressions import PATTERN, check_comparator
from terrdiag.study.model import ComparatorsTable, NamedComparator

CODES = {
    "commune": "65059",
    "epci": "243100518",
    "ept": "200057875",
    "ti": "ti-7505",
    "ti2023": "ti-8418",
    "petr": "CR0289",
    "ze": "7604",
    "aav": "008",
    "bv": "65059",
    "uu": "65501",
    "arr": "651",
    "cv": "6504",
    "departement": "2A",
    "region": "76",
}


@pytest.mark.parametrize(
    ("text", "terms", "code"),
    [
        ("france", [("+", "france", "")], "france"),
        ("epci:243100518", [("+", "epci", "243100518")], "epci_243100518"),
        ("ti:ti-7505", [("+", "ti", "ti-7505")], "ti_7505"),
        ("petr:CR0289", [("+", "petr", "CR0289")], "petr_cr0289"),
        ("petr:200053981", [("+", "petr", "200053981")], "petr_200053981"),
        ("ze:7604", [("+", "ze", "7604")], "ze_7604"),
        ("aav:GEN", [("+", "aav", "GEN")], "aav_gen"),
        # both generations of a programme may be named together
        (
            "ti:ti-7505 - ti2023:ti-7505",
            [("+", "ti", "ti-7505"), ("-", "ti2023", "ti-7505")],
            "ti_7505_moins_ti2023_ti_7505",
        ),
        (
            "region:76 - epci:243100518",
            [("+", "region", "76"), ("-", "epci", "243100518")],
            "region_76_moins_epci_243100518",
        ),
        (
            "  departement:32 +  departement:82 - ti:ti-7606 ",
            [("+", "departement", "32"), ("+", "departement", "82"), ("-", "ti", "ti-7606")],
            "departement_32_plus_departement_82_moins_ti_7606",
        ),
        (
            "france - commune:75056",
            [("+", "france", ""), ("-", "commune", "75056")],
            "france_moins_commune_75056",
        ),
    ],
)
def test_what_an_expression_says(text, terms, code):
    expression = parse_expression(text)
    assert [(term.sign, term.kind, term.code) for term in expression.terms] == terms
    assert expression.code == code
    assert parse_expression(expression.text) == expression


BOTH = "un signe, « + » ou « - », s'écrit entre deux espaces"
LONE = "il manque un territoire avant ou après un signe"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("region:76-epci:243100518", BOTH),
        ("region:76 -epci:243100518", BOTH),
        ("region:76- epci:243100518", BOTH),
        ("region:76+region:75", BOTH),
        ("region:76-ti2023:ti-7505", BOTH),
        ("region:76 – epci:243100518", BOTH),
        ("region:76 − epci:243100518", BOTH),
        ("region:76 - ", LONE),
        ("- region:76", LONE),
        ("region:76 + - region:75", LONE),
        ("+", LONE),
        ("region:76 sans epci:243100518", "une différence avec « - »"),
        ("region:76 et region:75", "une réunion s'écrit avec « + »"),
        ("region:76 - 243100518", '"243100518" n\'est pas un comparateur (dans "region:76 - 243100518")'),
        ("regions:76", '"regions:76" n\'est pas un comparateur : attendu "departement:CODE"'),
        ("", '"" n\'est pas un comparateur'),
        ("region", '"region" n\'est pas un comparateur'),
        ("region:", "\"\" n'est pas le code d'une région"),
        ("france:00FR", "n'est pas un comparateur"),
        ("region:76 - departement:9", '"9" a perdu ses zéros de gauche : écrivez "09"'),
        ("ti:TI-7505", 'écrivez "ti-7505"'),
        ("ze:51", "\"51\" n'est pas le code d'une zone d'emploi : attendu un code comme \"7604\""),
        ("ze:051", 'écrivez "0051"'),
        (76, "un comparateur est un texte entre guillemets"),
        (None, "un comparateur est un texte entre guillemets"),
    ],
)  # fmt: skip
def test_what_is_not_an_expression_says_what_to_write(text, message):
    with pytest.raises(WrongValueError) as caught:
        parse_expression(text)
    assert message in str(caught.value)


ATOMS = st.sampled_from(["france", *(f"{kind}:{code}" for kind, code in CODES.items())])


@given(first=ATOMS, rest=st.lists(st.tuples(st.sampled_from("+-"), ATOMS), max_size=4))
def test_any_chain_of_places_is_an_expression(first, rest):
    text = first + "".join(f" {sign} {atom}" for sign, atom in rest)
    expression = parse_expression(text)
    assert expression.text == text
    assert len(expression.terms) == 1 + len(rest)
    assert re.fullmatch(PATTERN, text)
    assert re.fullmatch(r"[a-z0-9]+(?:_[a-z0-9]+)*", expression.code)


@given(st.text(st.sampled_from("france:75rgion +-–.[(é"), max_size=14))
def test_whatever_is_written_is_an_expression_or_a_fault(text):
    with contextlib.suppress(WrongValueError):
        assert re.fullmatch(PATTERN, check_comparator(text))


def test_every_kind_may_be_compared_with():
    assert set(CODES) == set(KINDS)


def test_editors_know_the_form_of_an_expression():
    schema = json.loads(study_schema())
    text, table = schema["$defs"]["ComparatorsTable"]["properties"]["include"]["items"]["oneOf"]
    assert re.search(text["pattern"], "region:76 - epci:243100518")
    assert not re.search(text["pattern"], "region:76 -epci:243100518")
    assert table == {"$ref": "#/$defs/NamedComparator"}


def test_a_comparator_may_bear_a_name_of_its_own():
    table = ComparatorsTable.model_validate(
        {"include": ["region:76", {"name": "Sans Toulouse", "of": "region:76  -  epci:243100518"}]}
    )
    assert table.include == (
        "region:76",
        NamedComparator(name="Sans Toulouse", of="region:76 - epci:243100518"),
    )
