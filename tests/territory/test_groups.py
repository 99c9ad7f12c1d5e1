"""Communes of a group at a date, in today's communes, worked out by hand."""

import datetime as dt

import pytest

from terrdiag.edition import read_memberships
from terrdiag.territory.groups import bring_to_edition, find_groups, groups_around, valid_at
from territory.country import AULNE, ENDED, GAVE, OLD_GAVE

TODAY = dt.date(2026, 1, 1)


@pytest.mark.parametrize(
    ("kind", "code", "date", "communes"),
    [
        # today
        ("epci", AULNE, TODAY, "65001 65002 65003 65004 65005 65011"),
        ("epci", GAVE, TODAY, "64001 64003 64010 64012 65010"),
        # before the merger (65009), before the split (65004), before 65010 left
        ("epci", AULNE, dt.date(2020, 1, 1), "65001 65002 65003 65004 65005 65010 65011"),
        ("epci", AULNE, dt.date(2023, 12, 31), "65001 65002 65003 65004 65005 65010 65011"),
        ("epci", AULNE, dt.date(2024, 1, 1), "65001 65002 65003 65004 65005 65011"),
        # a commune whose code changed between two lists
        ("epci", OLD_GAVE, dt.date(2020, 12, 31), "64001 64003 64010"),
        ("epci", GAVE, dt.date(2021, 1, 1), "64001 64003 64010 64012"),
        ("epci", GAVE, dt.date(2021, 6, 1), "64001 64003 64010 64012"),
        ("ti", "ti-7505", TODAY, "64001 64003 64010 64012 65001 65002 65003 65004 65005 65010 65011"),
        # 65010 went from one EPCI of the TI to another: still there
        ("ti", "ti-7505", dt.date(2019, 1, 1), "65001 65002 65003 65004 65005 65010 65011"),
        ("departement", "75", TODAY, "75056"),
        ("region", "75", TODAY, "64001 64002 64003 64010 64012"),
        # undated groups hold at any date, in today's codes
        ("departement", "65", dt.date(2019, 1, 1), "65001 65002 65003 65004 65005 65010 65011"),
        # communes of the time
        ("commune", "65009", dt.date(2020, 1, 1), "65003"),
        ("commune", "65004", dt.date(2020, 1, 1), "65004 65005"),
        ("commune", "65004", TODAY, "65004"),
        ("commune", "2A004", TODAY, "2A004"),
    ],
)  # fmt: skip
def test_communes_of_a_group(mini, kind, code, date, communes):
    found = find_groups(mini, [(kind, code)], date)[kind, code]
    assert found.communes == tuple(communes.split())


@pytest.mark.parametrize(
    ("kind", "code", "date"),
    [
        ("epci", GAVE, dt.date(2020, 12, 31)),
        ("epci", OLD_GAVE, dt.date(2021, 1, 1)),
        ("epci", ENDED, TODAY),
        ("epci", AULNE, dt.date(2018, 12, 31)),
        ("ept", "200057875", dt.date(2024, 12, 31)),
        ("commune", "65009", TODAY),
        ("commune", "99999", TODAY),
        ("departement", "76", TODAY),
    ],
)
def test_what_did_not_exist_is_left_out(mini, kind, code, date):
    assert find_groups(mini, [(kind, code)], date) == {}


def test_same_code_of_two_kinds(mini):
    found = find_groups(mini, [("region", "75"), ("departement", "75")], TODAY)
    assert list(found) == [("region", "75"), ("departement", "75")]
    assert found["departement", "75"].name == "Lutèce"
    assert find_groups(mini, [("region", "75"), ("departement", "64")], TODAY).keys() == {
        ("region", "75"),
        ("departement", "64"),
    }


def test_names_are_those_of_the_group(mini):
    found = find_groups(mini, [("epci", AULNE), ("commune", "65011")], TODAY)
    assert [group.name for group in found.values()] == ["CC de l'Aulne", "L'Œuf-sur-Gave"]


def test_groups_around_are_whole(mini):
    around = groups_around(mini, ("epci", "departement", "ti", "petr"), ["65010"])
    assert [group.code for group in around["epci"]] == [GAVE]
    assert len(around["epci"][0].communes) == 5
    assert [group.code for group in around["departement"]] == ["65"]
    assert [group.code for group in around["ti"]] == ["ti-7505"]
    assert around["petr"] == ()


def test_groups_around_an_island(mini):
    assert groups_around(mini, ("epci",), ["64002"]) == {"epci": ()}


def test_a_day_within_the_year_starts_from_the_list_of_january(mini):
    moved = bring_to_edition(mini, ["64011"], dt.date(2021, 12, 31))
    assert moved.to_numpy().tolist() == [["64011", "64010"]]


def test_first_day_included_last_day_excluded(mini):
    rows = read_memberships(mini, kinds=["epci"], codes=[OLD_GAVE])
    assert valid_at(rows, dt.date(2019, 1, 1)).all()
    assert valid_at(rows, dt.date(2020, 12, 31)).all()
    assert not valid_at(rows, dt.date(2021, 1, 1)).any()
    assert not valid_at(rows, dt.date(2018, 12, 31)).any()
