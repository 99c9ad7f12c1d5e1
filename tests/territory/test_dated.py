"""A perimeter at other dates: members, codes and names of the time, worked out by hand."""

import datetime as dt

import pytest

from terrdiag.errors import PerimeterError
from terrdiag.study import Study, load_study
from terrdiag.study.perimeter import PerimeterTable
from terrdiag.territory import NotThenError, resolve_comparators, resolve_dated, resolve_perimeter
from territory.country import AULNE, ENDED, GAVE, OLD_GAVE, plain

TODAY = dt.date(2026, 1, 1)


def study_of(**keys) -> Study:
    return Study("essai", "Titre", PerimeterTable.model_validate(keys))


def joined(commune="65011", into=AULNE, date="2018-01-01", **keys) -> dict[str, str]:
    return {"date": date, "commune": commune, "into": into, "source": "arrêté"} | keys


@pytest.mark.parametrize(
    ("keys", "date", "parts", "communes", "members"),
    [
        (
            {"epci": [AULNE]},
            TODAY,
            [AULNE],
            "65001 65002 65003 65004 65005 65011",
            "65001 65002 65003 65004 65005 65011",
        ),
        # before the merger of Drin (65009), the split of Erval-Fontaine, the exit of Saint-Aubin
        (
            {"epci": [AULNE]},
            dt.date(2020, 1, 1),
            [AULNE],
            "65001 65002 65003 65004 65005 65010 65011",
            "65001 65002 65003 65004 65009 65010 65011",
        ),
        # followed to the identifier of then, and its commune to its code of then
        (
            {"epci": [GAVE]},
            dt.date(2020, 1, 1),
            [OLD_GAVE],
            "64001 64003 64010",
            "64001 64003 64011",
        ),
        # and to that of later
        (
            {"epci": [OLD_GAVE], "date": dt.date(2020, 1, 1)},
            TODAY,
            [GAVE],
            "64001 64003 64010 64012 65010",
            "64001 64003 64010 64012 65010",
        ),
        # a commune and a département are of the communes of today, under the codes of then
        (
            {"communes": ["65003"], "departements": ["2A"]},
            dt.date(2020, 1, 1),
            ["65003", "2A"],
            "2A004 65003",
            "2A004 65003 65009",
        ),
        (
            {"epci": [AULNE, GAVE], "communes": ["32001"]},
            dt.date(2020, 1, 1),
            ["32001", AULNE, OLD_GAVE],
            "32001 64001 64003 64010 65001 65002 65003 65004 65005 65010 65011",
            "32001 64001 64003 64011 65001 65002 65003 65004 65009 65010 65011",
        ),
    ],
)
def test_what_a_perimeter_was(mini, keys, date, parts, communes, members):
    found = resolve_dated(study_of(**keys), mini, date)
    assert [part.code for part in found.parts] == parts
    assert found.communes == tuple(communes.split())
    assert [code for code, _ in found.members] == members.split()
    assert not found.stated
    assert found.remark == ""


def test_members_bear_their_names_of_then(mini):
    found = resolve_dated(study_of(epci=[AULNE, GAVE]), mini, dt.date(2020, 1, 1))
    names = dict(found.members)
    assert names["65003"] == "Cernay"
    assert names["65004"] == "Erval-Fontaine"
    assert names["65009"] == "Drin"
    assert names["64003"] == "Haut-Val"
    assert names["65011"] == "L'Œuf-sur-Gave"


def test_a_small_part_of_a_larger_group_is_not_followed(mini):
    study = study_of(epci=[ENDED], date=dt.date(2020, 1, 1))
    with pytest.raises(NotThenError) as caught:
        resolve_dated(study, mini, TODAY)
    assert plain(str(caught.value)) == (
        f"Au 1er janvier 2026, CC de Saint-Aubin ({ENDED}) n'existe plus : ses communes sont dans "
        f"Métropole de Gave ({GAVE}, 1 commune sur 5). Le périmètre n'est donc pas décrit à cette date."
    )


def test_a_group_without_a_list_of_then_is_not_followed(mini):
    with pytest.raises(NotThenError, match=r"Lutèce Est \(200057875\) n'existait pas encore\. Le"):
        resolve_dated(study_of(ept=["200057875"]), mini, dt.date(2024, 1, 1))


# --- Before the first list --------------------------------------------------------------------


@pytest.mark.parametrize("key", ["date", "compare_dates"])
def test_a_date_before_the_first_list_needs_a_stated_history(mini, key):
    value = dt.date(2017, 1, 1) if key == "date" else [dt.date(2017, 1, 1)]
    with pytest.raises(PerimeterError) as caught:
        resolve_perimeter(study_of(epci=[AULNE], **{key: value}), mini)
    assert plain(str(caught.value)) == (
        "territoire demandé : l'édition ne connaît la composition des EPCI qu'à partir du "
        "1er janvier 2019. Pour un périmètre du 1er janvier 2017, dites dans [[perimeter.history]] "
        "ce qui a changé entre ces deux dates, ou, si rien n'a changé, écrivez history = [] dans "
        "[perimeter]."
    )


@pytest.mark.parametrize("keys", [{"departements": ["65"]}, {"communes": ["65001"]}])
def test_what_has_no_list_needs_no_history(mini, keys):
    found = resolve_dated(study_of(**keys), mini, dt.date(2017, 6, 1))
    assert not found.stated
    # Vieux and Ancien, merged in 2018 into Neuf, itself merged into Aulne
    assert {"65001", "65098", "65099"} <= {code for code, _ in found.members}


@pytest.mark.parametrize(
    ("date", "communes", "members"),
    [
        # the day itself is in effect
        ("2018-01-01", "65001 65002 65003 65004 65005 65010 65011", 8),
        ("2017-12-31", "65001 65002 65003 65004 65005 65010", 8),
        ("2019-01-01", "65001 65002 65003 65004 65005 65010 65011", 7),
    ],
)
def test_an_entry_is_undone(mini, date, communes, members):
    # members of 2019: 65001 65002 65003 65004 65009 65010 65011; Neuf (65099) joins Aulne in June
    # 2018, and was Vieux (65098) and Ancien (65099) until January
    study = study_of(epci=[AULNE], history=[joined()])
    found = resolve_dated(study, mini, dt.date.fromisoformat(date))
    assert found.communes == tuple(communes.split())
    assert len(found.members) == members
    assert found.stated is (date != "2019-01-01")


def test_an_exit_and_a_double_move_are_undone(mini):
    # Isle was in the CC de l'Aulne until 2016; L'Œuf came in 2014, left in 2015, came back in 2018
    history = [
        {"date": "2016-01-01", "commune": "32001", "out_of": AULNE, "source": "a"},
        joined(date="2014-01-01"),
        {"date": "2015-01-01", "commune": "65011", "out_of": AULNE, "source": "b"},
        joined(),
    ]
    study = study_of(epci=[AULNE], history=history)
    inside = {
        year: {"32001", "65011"} & set(resolve_dated(study, mini, dt.date(year, 6, 1)).communes)
        for year in (2013, 2014, 2015, 2016, 2018)
    }
    assert inside == {
        2013: {"32001"},
        2014: {"32001", "65011"},
        2015: {"32001"},
        2016: set(),
        2018: {"65011"},
    }


def test_a_move_inside_a_programme_does_not_change_it(mini):
    # both EPCI are in the TI: only what comes from elsewhere changes it
    history = [joined(out_of=OLD_GAVE), joined("65010", date="2018-06-01")]
    found = resolve_dated(study_of(ti=["ti-7505"], history=history), mini, dt.date(2017, 1, 1))
    own = resolve_dated(study_of(petr=["CR0001"], history=history), mini, dt.date(2017, 1, 1))
    # in 2019 the TI of the small country is only the CC de l'Aulne: the métropole had its old SIREN
    assert {"65010", "65011"}.isdisjoint(found.communes)
    assert {"65010", "65011"}.isdisjoint(own.communes)


def test_nothing_stated_is_a_statement_too(mini):
    study = study_of(epci=[AULNE], date=dt.date(2018, 6, 1), history=[])
    found = resolve_perimeter(study, mini)
    assert len(found.communes) == 7
    remark = (
        "Périmètre du 1er juin 2018, selon l'étude : celui du 1er janvier 2019, première composition "
        "des EPCI que connaît l'édition ; l'étude déclare que rien n'a changé entre ces deux dates."
    )
    assert remark in [plain(text) for text in found.notice]
    assert [plain(text) for text in found.warnings][-1] == remark


def test_what_is_stated_is_said_as_stated(mini):
    study = study_of(epci=[AULNE], date=dt.date(2017, 12, 31), history=[joined()])
    found = resolve_perimeter(study, mini)
    assert "65011" not in found.communes
    assert [plain(text) for text in found.warnings] == [
        (
            f"2 EPCI en partie : Métropole de Gave ({GAVE}), 1 commune sur 5 ; "
            f"CC de l'Aulne ({AULNE}), 5 communes sur 6."
        ),
        (
            "Périmètre du 31 décembre 2017, selon l'étude : celui du 1er janvier 2019, première "
            "composition des EPCI que connaît l'édition, avant ces changements : L'Œuf-sur-Gave "
            f"(65011) entre dans CC de l'Aulne ({AULNE}) le 1er janvier 2018 (source : arrêté). "
            "L'étude n'en déclare pas d'autre entre ces deux dates."
        ),
    ]


@pytest.mark.parametrize(
    ("event", "message"),
    [
        # the edition knows better
        (
            joined(date="2019-06-01"),
            (
                "la composition des EPCI est connue depuis le 1er janvier 2019 : ôtez ce changement du "
                "1er juin 2019, l'édition le montre s'il a eu lieu."
            ),
        ),
        (
            joined("64001"),
            (
                f"après le 1er janvier 2018, Gave (64001) est dans Métropole de Gave ({OLD_GAVE}), "
                f"et non dans {AULNE}. Corrigez into."
            ),
        ),
        (
            joined("64002"),
            (
                "après le 1er janvier 2018, Île-du-Guet (64002) n'est dans aucun EPCI connu, "
                f"et non dans {AULNE}. Corrigez into."
            ),
        ),
        (
            {"date": "2018-01-01", "commune": "65011", "out_of": AULNE, "source": "s"},
            (
                "après le 1er janvier 2018, L'Œuf-sur-Gave (65011) est encore dans "
                f"CC de l'Aulne ({AULNE}). Corrigez out_of."
            ),
        ),
        (
            joined("64001", OLD_GAVE),
            (
                "ce changement ne touche aucun EPCI du périmètre (au 1er janvier 2019 : "
                f"{AULNE}). Ôtez-le."
            ),
        ),
        (joined("65012"), '"65012" est inconnu. Codes proches : "65011" (L\'Œuf-sur-Gave),'),
        # Vieux was merged in 2018 with Ancien: it cannot be told from it
        (
            joined("65098", date="2017-01-01"),
            (
                "65098 a fusionné ou s'est séparée avant le 1er janvier 2019 (devenue 65001) : ce "
                "changement ne se défait pas commune par commune. Listez plutôt les communes d'alors "
                "dans communes."
            ),
        ),
    ],
)
@pytest.mark.parametrize("is_needed", [True, False])
def test_what_does_not_fit_with_the_first_list_is_refused(
    mini, tmp_path, event, message, is_needed
):
    path = tmp_path / "x.toml"
    lines = ["[study]", 'id = "x"', 'title = "X"', "[perimeter]", f'epci = ["{AULNE}"]']
    lines += ["compare_dates = [2013-01-01]"] if is_needed else []
    lines += ["[[perimeter.history]]", "", *(f'{key} = "{value}"' for key, value in event.items())]
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(PerimeterError) as caught:
        resolve_perimeter(load_study(path), mini)
    place = f"{path}, ligne {7 if is_needed else 6}, [[perimeter.history]] n° 1 : "
    assert plain(str(caught.value)).startswith(place + message)


def test_a_history_of_what_has_no_list_is_refused(mini):
    study = study_of(departements=["65"], history=[joined()])
    with pytest.raises(PerimeterError) as caught:
        resolve_perimeter(study, mini)
    assert str(caught.value) == (
        "territoire demandé : history ne change rien à ce périmètre, qui ne liste ni EPCI, ni "
        "Territoire d'industrie, ni PETR. Ôtez cette table."
    )


def test_two_changes_on_a_day_are_refused(mini):
    study = study_of(epci=[AULNE], date=dt.date(2017, 1, 1), history=[joined(), joined()])
    with pytest.raises(PerimeterError, match=r"65011 change deux fois le 1er.janvier.2018"):
        resolve_perimeter(study, mini)


def test_a_perimeter_that_loses_everything_is_refused(mini):
    history = [joined("2A004", "242000001")]
    study = study_of(epci=["242000001"], date=dt.date(2017, 1, 1), history=history)
    with pytest.raises(PerimeterError, match="il ne reste aucune commune"):
        resolve_perimeter(study, mini)


def test_a_commune_may_be_written_under_its_code_of_then(mini):
    # Lande (64011 until March 2021) joined the métropole in 2018
    history = [joined("64011", OLD_GAVE)]
    found = resolve_dated(study_of(epci=[GAVE], history=history), mini, dt.date(2017, 1, 1))
    assert found.communes == ("64001", "64003")


# --- Changes between two dates ----------------------------------------------------------------


def changes_of(mini, **keys):
    (other,) = resolve_perimeter(study_of(**keys), mini).others
    return other.changes


def moves_of(changes):
    return [
        (one.code, one.is_entry, one.date.isoformat(), one.other[0], one.source)
        for one in changes.moves
    ]


def test_changes_of_an_epci_that_changed_its_identifier(mini):
    changes = changes_of(mini, epci=[GAVE], compare_dates=[dt.date(2019, 1, 1)])
    assert (changes.start, changes.end) == (dt.date(2019, 1, 1), TODAY)
    assert moves_of(changes) == [
        ("64012", True, "2021-01-01", ENDED, ""),
        ("65010", True, "2024-01-01", AULNE, ""),
    ]
    (renumbered,) = changes.renumbered
    assert (renumbered.before.code, renumbered.after.code) == (OLD_GAVE, GAVE)
    assert renumbered.date == dt.date(2021, 1, 1)
    assert [(one.what, one.date.isoformat()) for one in changes.communes] == [
        ("recode", "2021-03-01"),
        ("rename", "2022-01-01"),
    ]


def test_the_same_changes_seen_from_the_past(mini):
    past = dt.date(2019, 1, 1)
    forth = changes_of(mini, epci=[GAVE], compare_dates=[past])
    back = changes_of(mini, epci=[OLD_GAVE], date=past, compare_dates=[TODAY])
    assert back == forth


def test_changes_between_two_past_dates(mini):
    dates = {"date": dt.date(2023, 1, 1), "compare_dates": [dt.date(2022, 6, 1)]}
    changes = changes_of(mini, epci=[AULNE], **dates)
    assert changes.moves == changes.renumbered == ()
    assert [(one.what, sorted(one.before)) for one in changes.communes] == [
        ("merger", ["65003", "65009"])
    ]


def test_an_exit(mini):
    changes = changes_of(mini, epci=[AULNE], compare_dates=[dt.date(2023, 1, 1)])
    assert moves_of(changes) == [("65010", False, "2024-01-01", GAVE, "")]
    assert [one.what for one in changes.communes] == ["split"]


def test_a_stated_entry_bears_its_day_and_its_source(mini):
    changes = changes_of(
        mini,
        epci=[AULNE],
        compare_dates=[dt.date(2017, 1, 1)],
        history=[joined(out_of="111111111")],
    )
    assert moves_of(changes) == [
        ("65011", True, "2018-01-01", "111111111", "arrêté"),
        ("65010", False, "2024-01-01", GAVE, ""),
    ]


def test_a_stated_move_after_which_the_lists_show_another(mini):
    # 65010 came in 2018 and went out in 2024: seen from 2017, it is out at both dates
    keys = {"epci": [AULNE], "compare_dates": [dt.date(2017, 1, 1)]}
    assert changes_of(mini, **keys, history=[joined("65010")]).moves == ()


# --- In the notice, and among the comparators -------------------------------------------------


def told(mini, **keys):
    study = study_of(**keys)
    found = resolve_perimeter(study, mini)
    return found, [plain(text) for text in found.notice], resolve_comparators(study, found, mini)


def test_the_notice_says_which_perimeter_each_figure_is_of(mini):
    dates = [dt.date(2020, 1, 1), dt.date(2022, 1, 1)]
    _, notice, _ = told(mini, epci=[AULNE], compare_dates=dates)
    assert notice[-3:] == [
        (
            "Au 1er janvier 2020, le territoire comptait 7 communes. Sortie : Saint-Aubin (65010), "
            f"au 1er janvier 2024, vers Métropole de Gave ({GAVE})."
        ),
        (
            "Au 1er janvier 2022, le territoire comptait 7 communes. Sortie : Saint-Aubin (65010), "
            f"au 1er janvier 2024, vers Métropole de Gave ({GAVE})."
        ),
        (
            "Les chiffres du territoire, de toutes les années, sont ceux du périmètre du 1er janvier "
            "2026 ; ils sont donnés aussi, pour toutes les années, sur ceux du 1er janvier 2020 et "
            "du 1er janvier 2022, parmi les comparateurs."
        ),
    ]


def test_the_other_perimeters_are_the_last_comparators(mini):
    found, _, comparators = told(mini, epci=[AULNE], compare_dates=[dt.date(2020, 1, 1)])
    *others, last = comparators
    assert [one.group.kind for one in others] == ["ti", "departement", "region", "france"]
    assert (last.group.kind, last.group.code) == ("perimetre", "essai-2020-01-01")
    assert last.group.name == "CC de l'Aulne, périmètre du 1er janvier 2020"
    assert last.group.communes == found.others[0].communes
    assert plain(last.scope) == (
        "le territoire au 1er janvier 2020 : 7 communes, portées aux 7 communes du 1er janvier 2026"
    )


def test_the_same_communes_are_not_repeated(mini):
    _, notice, comparators = told(mini, epci=[AULNE], compare_dates=[dt.date(2025, 1, 1)])
    assert notice[-1] == (
        "Au 1er janvier 2025, le territoire comptait 6 communes, les mêmes qu'au 1er janvier 2026 : "
        "ses chiffres ne sont pas répétés."
    )
    assert {one.group.kind for one in comparators} == {"ti", "departement", "region", "france"}


def test_the_same_ground_under_other_communes_is_not_repeated(mini):
    _, notice, _ = told(mini, departements=["65"], compare_dates=[dt.date(2020, 1, 1)])
    assert notice[-2:] == [
        (
            "Au 1er janvier 2020, le territoire comptait 7 communes, du même contour qu'au "
            "1er janvier 2026 : ses chiffres ne sont pas répétés."
        ),
        "Départements : leur composition est celle du 1er janvier 2026, à toute date.",
    ]


def test_what_did_not_exist_is_said_and_the_rest_stands(mini):
    found, notice, comparators = told(
        mini, epci=[ENDED], date=dt.date(2020, 1, 1), compare_dates=[TODAY, dt.date(2019, 1, 1)]
    )
    sentence = next(text for text in notice if "n'existe plus" in text)
    assert sentence in [plain(text) for text in found.warnings]
    assert [other.date for other in found.others] == [dt.date(2019, 1, 1)]
    assert all(one.group.kind != "perimetre" for one in comparators)


@pytest.mark.parametrize(
    ("dates", "message"),
    [
        ([TODAY], "2026-01-01 est la date du périmètre lui-même. Ôtez-la."),
        ([dt.date(2027, 1, 1)], "2027-01-01 est après l'édition mini"),
    ],
)
def test_dates_that_cannot_be_compared(mini, dates, message):
    with pytest.raises(PerimeterError, match=message):
        resolve_perimeter(study_of(epci=[AULNE], compare_dates=dates), mini)
