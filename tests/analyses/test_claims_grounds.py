"""What a claim may be about: the territory at every date it had other communes, and the places around."""

import dataclasses
import datetime as dt

import pytest

from terrdiag.analyses.claims.counts import MADE, Counter, communes_on
from terrdiag.analyses.claims.grounds import (
    find_place,
    list_names,
    list_zonings,
    make_territory,
)
from terrdiag.analyses.claims.model import Gap, Ground
from terrdiag.analyses.claims.periods import list_dated
from terrdiag.edition import open_edition, read_commune_list, read_events
from terrdiag.edition.crosswalk import bring_back
from terrdiag.errors import PerimeterError
from terrdiag.indicators import Place
from terrdiag.study import study_for_code
from terrdiag.study.claims import TERRITORY, ClaimTable
from terrdiag.study.perimeter import HistoryTable
from terrdiag.territory import resolve_perimeter
from territory.country import AULNE, ENDED, GAVE, OLD_GAVE, write_mini


@pytest.fixture(scope="session")
def edition(tmp_path_factory):
    root = tmp_path_factory.mktemp("claims-mini")
    write_mini(root)
    return open_edition(root)


def make_study(code=AULNE, kind="epci", history=None, **claim):
    study = study_for_code(kind, code, "Essai")
    claim = {"text": "x", "document": "d", "indicator": "communes", "value": 1} | claim
    perimeter = study.perimeter.model_copy(update={"history": history})
    return dataclasses.replace(study, perimeter=perimeter, claims=(ClaimTable(**claim),))


def dated(edition, study, *asked):
    perimeter = resolve_perimeter(study, edition)
    own = make_territory(perimeter, edition)
    return list_dated(study, perimeter, edition, own, asked)


def count_ground(edition, name, ground):
    return Counter(edition).count(name, ground)


def place_of(edition, study):
    perimeter = resolve_perimeter(study, edition)
    return find_place(study, perimeter, edition, 0, make_territory(perimeter, edition))


def span(ground):
    return (
        ground.since.year if ground.since else None,
        ground.until and ground.until.isoformat(),
        len(ground.members),
    )


def test_a_territory_on_its_former_perimeters(edition):
    # 65010 went away in 2024; 65009 merged into a member in 2023, which changes a number, not the ground
    assert [span(one) for one in dated(edition, make_study())] == [(None, "2023-12-31", 7)]
    assert [span(one) for one in dated(edition, make_study(), "communes")] == [
        (2023, "2023-12-31", 6),
        (None, "2022-12-31", 7),
    ]


def test_a_territory_under_its_former_identifier(edition):
    grounds = dated(edition, make_study(GAVE))
    assert [one.former for one in grounds] == [(), (OLD_GAVE,)]
    oldest = grounds[-1]
    assert (oldest.since, oldest.until) == (None, dt.date(2020, 12, 31))
    assert oldest.place.level == "perimetre"
    assert oldest.change == "date"


def test_what_the_study_states_of_the_time_before(edition):
    entry = HistoryTable(
        date=dt.date(2018, 1, 1), commune="65011", into=AULNE, out_of=None, source="arrêté"
    )
    oldest = dated(edition, make_study(history=(entry,)))[-1]
    assert oldest.by_study
    assert (oldest.since, oldest.until) == (None, dt.date(2017, 12, 31))
    assert "65011" not in oldest.members


def test_what_has_no_date_has_no_other_perimeter(edition):
    assert dated(edition, make_study("65", "departement")) == ()


def test_mergers_are_dates_when_communes_are_counted(edition):
    counts = [
        len(one.members) for one in dated(edition, make_study("65", "departement"), "communes")
    ]
    assert counts[:2] == [6, 7]  # today 7: Fontaine left Erval in 2024, Drin had merged in 2023


def test_a_claim_without_a_date_is_about_the_territory_of_the_study(edition):
    ground = place_of(edition, make_study())
    assert ground.place.level == "territoire"
    assert ground.place.same_as == ("epci", AULNE)  # what is published for it holds


@pytest.mark.parametrize("said", [{"date": dt.date(2021, 6, 1)}, {"year": 2021}])
def test_a_date_or_the_year_of_a_number_of_communes(edition, said):
    ground = place_of(edition, make_study(**said))
    assert len(ground.members) == 7
    assert count_ground(edition, "communes", ground).value == 7
    assert (
        count_ground(edition, "communes_now", ground).value == 7
    )  # Erval gave two, Drin is no more


def test_the_year_of_another_figure_is_not_a_date(edition):
    ground = place_of(edition, make_study(indicator="population", year=2018))
    assert ground.date == edition.date


def test_a_date_before_every_list(edition):
    gap = place_of(edition, make_study(date=dt.date(2015, 1, 1)))
    assert gap == Gap("no_list", since=dt.date(2019, 1, 1))


def test_a_departement_has_no_list_to_wait_for(edition):
    ground = place_of(edition, make_study("65", "departement", year=2015))
    assert count_ground(edition, "communes", ground).value == len(ground.members)


def test_a_history_that_does_not_fit_is_a_fault_of_the_study(edition):
    wrong = HistoryTable(
        date=dt.date(2018, 1, 1), commune="32001", into=AULNE, out_of=None, source="arrêté"
    )
    with pytest.raises(PerimeterError, match="Corrigez into"):
        dated(edition, make_study(history=(wrong,)))


def test_a_territory_that_was_not_there_yet(edition):
    gap = place_of(edition, make_study("64012", "commune", date=dt.date(2020, 1, 1)))
    assert isinstance(gap, Ground)
    gone = make_study(ENDED, date=dt.date(2025, 1, 1))
    perimeter = gone.perimeter.model_copy(update={"date": dt.date(2020, 1, 1)})
    found = place_of(edition, dataclasses.replace(gone, perimeter=perimeter))
    assert found.kind == "not_then"
    assert "n'existe plus" in found.detail


def test_a_date_after_the_edition(edition):
    assert place_of(edition, make_study(date=dt.date(2040, 1, 1))) == Gap("no_list")
    later = make_study(date=dt.date(2040, 1, 1), place="region:76")
    assert place_of(edition, later) == Gap("no_list")


def test_a_place_as_a_comparator(edition):
    ground = place_of(edition, make_study(place="departement:65 - commune:65001"))
    assert ground.place.level == "ensemble"
    assert len(ground.place.communes) == 6


def test_another_place_at_a_date(edition):
    ground = place_of(edition, make_study(place=f"epci:{OLD_GAVE}", date=dt.date(2020, 1, 1)))
    # what is published today under a code is not that of another date
    assert ground.place.level == "perimetre"
    known = make_study(place=f"epci:{GAVE}", date=dt.date(2020, 1, 1))
    assert place_of(edition, known) == Gap("no_list")


ENTRY = HistoryTable(
    date=dt.date(2018, 1, 1), commune="65011", into=AULNE, out_of=None, source="arrêté"
)


@pytest.mark.parametrize("kind", ["epci", "petr"])
def test_the_one_group_of_the_study_is_its_territory(edition, kind):
    code = {"epci": AULNE, "petr": "CR0001"}[kind]
    said = {"code": code, "kind": kind, "history": (ENTRY,), "date": dt.date(2017, 6, 1)}
    ground = place_of(edition, make_study(place=f"{kind}:{code}", **said))
    assert ground.by_study
    assert "65011" not in ground.members
    assert ground == place_of(edition, make_study(**said))
    # … under the code it then bore too
    former = make_study(GAVE, place=f"epci:{GAVE}", date=dt.date(2020, 1, 1))
    assert place_of(edition, former).former == (OLD_GAVE,)


def test_a_place_that_is_not_the_whole_territory_has_not_its_history(edition):
    study = make_study(place=f"epci:{AULNE}", history=(ENTRY,), date=dt.date(2017, 6, 1))
    both = study.perimeter.model_copy(update={"communes": ("64001",)})
    found = place_of(edition, dataclasses.replace(study, perimeter=both))
    assert found == Gap("no_list", since=dt.date(2019, 1, 1))


@pytest.mark.parametrize(
    ("code", "kind", "others"),
    [
        (AULNE, "epci", {f"epci:{AULNE}"}),
        ("ti-7505", "ti", {"ti:ti-7505"}),
        # some figures are published for communes only, and a territory has none of these
        ("65001", "commune", set()),
        ("65", "departement", set()),
    ],
)
def test_what_a_claim_may_call_the_territory(code, kind, others):
    assert list_names(make_study(code, kind)) == {TERRITORY} | others


def test_a_figure_of_communes_only_is_known_of_the_one_commune_of_a_study(edition):
    ground = place_of(edition, make_study("65001", "commune", place="commune:65001"))
    assert ground.key == ("commune", "65001")


def test_an_unknown_place_is_a_fault_of_the_study(edition):
    with pytest.raises(PerimeterError, match="inconnu"):
        place_of(edition, make_study(place="epci:999999999"))


def test_the_places_around(edition):
    study = make_study()
    perimeter = resolve_perimeter(study, edition)
    own = make_territory(perimeter, edition)
    found = list_zonings(study, perimeter, edition, own)
    kinds = [one.place.level for one in found]
    assert kinds == sorted(
        kinds, key=["petr", "ti", "epci", "departement", "region", "france"].index
    )
    assert kinds[-1] == "france"
    assert all(one.change == "zoning" for one in found)
    sets = [one.place.communes for one in found]
    assert len(sets) == len(set(sets))
    assert own.place.communes not in sets


def count(edition, name, communes, date=dt.date(2026, 1, 1)):
    ground = Ground(Place("territoire", "x", "x", tuple(communes.split())), date)
    return count_ground(edition, name, ground).value


@pytest.mark.parametrize(
    ("name", "communes", "date", "expected"),
    [
        ("communes", "65001 65002 65003", dt.date(2026, 1, 1), 3),
        ("communes", "65001 65002 65003", dt.date(2022, 1, 1), 4),  # Drin, before it merged
        ("communes_now", "65001 65002 65003", dt.date(2022, 1, 1), 3),
        ("communes", "65004 65005", dt.date(2023, 1, 1), 1),  # one commune, before the split
        ("epci", "65001 32001", dt.date(2026, 1, 1), 2),
        ("epci_whole", "65001 32001", dt.date(2026, 1, 1), 1),  # Isle alone is whole
        ("epci", "64001 64012", dt.date(2020, 1, 1), 2),
        ("epci", "64001 64012", dt.date(2026, 1, 1), 1),
        ("area_km2", "65001 65002", dt.date(2026, 1, 1), 22.5),
    ],
)
def test_counts(edition, name, communes, date, expected):
    assert count(edition, name, communes, date) == expected


def test_epci_before_every_list_are_not_known(edition):
    ground = Ground(Place("territoire", "x", "x", ("65001",)), dt.date(2010, 1, 1))
    assert not count_ground(edition, "epci", ground).known


def test_counts_are_labelled():
    assert {"communes", "epci", "area_km2"} <= set(MADE)


@pytest.mark.parametrize("year", [2012, 2015, 2019, 2022, 2024])
@pytest.mark.parametrize("departement", ["49", "14", "65"])
def test_going_back_once_or_day_by_day_is_the_same(departement, year):
    """Over the départements that merged most of their communes since 2010."""
    real = open_edition()
    every = read_commune_list(real)
    communes = every.loc[every["code_departement"] == departement, "code_commune"]
    day = dt.date(year, 1, 1)
    found = communes_on(real, communes, [day, dt.date(2010, 1, 1), dt.date(2026, 1, 1)])
    assert found[day] == bring_back(communes, day, read_events(real))
    assert found[dt.date(2026, 1, 1)] == set(communes)


def test_what_was_split_is_left_out_when_a_part_is_elsewhere(edition):
    before = dt.date(2023, 6, 1)
    assert communes_on(edition, ["65005"], [before])[before] == set()
    assert communes_on(edition, ["65004", "65005"], [before])[before] == {"65004"}
