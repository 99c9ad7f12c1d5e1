import datetime as dt

import pandas as pd
import pytest

from indicators.example import make_figures
from terrdiag.indicators.places import Place, lay_out, list_places
from terrdiag.territory import Comparator
from terrdiag.territory.model import Group, Perimeter

TODAY = dt.date(2026, 1, 1)
HIGH = Group("epci", "200000001", "CC du Haut", ("01", "02"))
FRAME = pd.DataFrame(
    {
        "code": ["01", "02", "03", "04"],
        "name": ["Un", "Deux", "Trois", "Île"],
        "code_epci": ["200000001", "200000001", "200000002", ""],
        "name_epci": ["CC du Haut", "CC du Haut", "CC du Bas", ""],
        "inside": [True, False, False, False],
    }
)


def make_perimeter(parts, communes, date=TODAY, epci=(HIGH,)):
    return Perimeter("essai", "Essai", date, parts, communes, epci, (), (), (), (), ())


def group(kind, code, *communes):
    return Group(kind, code, "Groupe", communes)


def test_places():
    france = Comparator(group("france", "00FR", "01", "02", "03", "04"), "somme")
    commune = group("commune", "01", "01")
    places = list_places(make_perimeter((commune,), ("01",)), [france], FRAME, TODAY)
    assert [(p.level, p.code, p.name, p.communes) for p in places.communes] == [
        ("commune", "01", "Un", ("01",))
    ]
    assert [(p.level, p.code, p.communes) for p in places.holders] == [
        ("epci", "200000001", ("01", "02")),
        ("territoire", "essai", ("01",)),
        ("france", "00FR", ("01", "02", "03", "04")),
    ]
    # neither the EPCI of the territory nor the island
    assert [(p.code, p.name, p.communes) for p in places.around] == [
        ("200000002", "CC du Bas", ("03",))
    ]


@pytest.mark.parametrize(
    ("parts", "communes", "date", "same_as"),
    [
        ((HIGH,), ("01", "02"), TODAY, ("epci", "200000001")),
        ((group("departement", "65", "01"),), ("01",), TODAY, ("departement", "65")),
        ((group("region", "76", "01"),), ("01",), TODAY, ("region", "76")),
        # the EPCI of another time, which had other communes
        ((HIGH,), ("01",), dt.date(2023, 1, 1), None),
        # nobody publishes for these
        ((group("ti", "ti-7505", "01"),), ("01",), TODAY, None),
        ((group("commune", "01", "01"),), ("01",), TODAY, None),
        ((HIGH, group("commune", "03", "03")), ("01", "02", "03"), TODAY, None),
        # but they may be, commune for commune, what is published under another name
        ((group("petr", "CR0286", "01", "02"),), ("01", "02"), TODAY, ("epci", "200000001")),
    ],
)
def test_territory_that_producers_publish(parts, communes, date, same_as):
    perimeter = make_perimeter(parts, communes, date)
    places = list_places(perimeter, [], FRAME, TODAY)
    [territory] = [place for place in places.holders if place.level == "territoire"]
    assert territory.same_as == same_as


def test_layout_sums_over_each_place():
    figures = make_figures("code people jobs_total@2018\n01 1 10\n02 1 20\n03 1 40")
    members = lay_out([Place("x", "a", "A", ("03", "01")), Place("x", "b", "B", ("02",))], figures)
    assert len(members) == 2
    assert members.add_up(figures.values["jobs_total", 2018]).tolist() == [50, 20]
