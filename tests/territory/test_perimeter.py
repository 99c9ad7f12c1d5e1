"""The perimeter of a study, what it expects, and what its notice says."""

import dataclasses
import datetime as dt

import pytest

from terrdiag.errors import PerimeterError, StudyFileError
from terrdiag.study import Study, load_study, study_for_code
from terrdiag.study.model import ExpectTable
from terrdiag.study.perimeter import PerimeterTable
from terrdiag.territory import resolve_perimeter
from territory.country import AULNE, ENDED, GAVE, OLD_GAVE, plain


def study_of(**keys) -> Study:
    lists = {key: list(value) if isinstance(value, tuple) else value for key, value in keys.items()}
    return Study("essai", "Titre", PerimeterTable.model_validate(lists))


def notice_of(mini, study) -> list[str]:
    return [plain(sentence) for sentence in resolve_perimeter(study, mini).notice]


def test_one_epci(mini):
    found = resolve_perimeter(study_for_code("epci", AULNE, "CC de l'Aulne"), mini)
    assert (found.id, found.name) == (AULNE, "CC de l'Aulne")
    assert found.date == dt.date(2026, 1, 1)
    assert found.communes == ("65001", "65002", "65003", "65004", "65005", "65011")
    assert [part.code for part in found.parts] == [AULNE]
    assert [group.code for group in found.epci] == [AULNE]
    assert [group.code for group in found.departements] == ["65"]
    assert [group.code for group in found.regions] == ["76"]
    assert len(found.departements[0].communes) == 7
    assert found.without_epci == found.warnings == ()


def test_the_union_counts_twice_listed_communes_once(mini):
    found = resolve_perimeter(
        study_of(epci=(AULNE, AULNE), communes=("65001", "65010"), petr=("CR0001",)), mini
    )
    assert found.communes == ("65001", "65002", "65003", "65004", "65005", "65010", "65011")
    assert [(part.kind, part.code) for part in found.parts] == [
        ("commune", "65001"),
        ("commune", "65010"),
        ("epci", AULNE),
        ("petr", "CR0001"),
    ]
    assert found.name == "Titre"


def test_the_name_of_the_study_wins(mini):
    assert resolve_perimeter(study_of(epci=(AULNE,), name="Pays"), mini).name == "Pays"
    assert resolve_perimeter(study_of(epci=(AULNE,)), mini).name == "CC de l'Aulne"


def test_a_former_perimeter_is_described_in_today_s_groups(mini):
    found = resolve_perimeter(study_of(epci=(OLD_GAVE,), date=dt.date(2020, 1, 1)), mini)
    assert found.communes == ("64001", "64003", "64010")
    assert found.date == dt.date(2020, 1, 1)
    assert [(part.code, part.name) for part in found.parts] == [(OLD_GAVE, "Métropole de Gave")]
    assert [group.code for group in found.epci] == [GAVE]
    assert [plain(text) for text in found.warnings] == [
        f"1 EPCI en partie : Métropole de Gave ({GAVE}), 3 communes sur 5."
    ]


def test_remarks_become_warnings(mini):
    study = dataclasses.replace(study_of(epci=(AULNE,)), remarks=("à savoir",))
    assert resolve_perimeter(study, mini).warnings == ("à savoir",)


# --- What is not found ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (
            {"epci": (OLD_GAVE,)},
            (
                f'"{OLD_GAVE}" (Métropole de Gave) n\'existe plus : il est connu du 1er janvier 2019 au '
                f'31 décembre 2020. Aujourd\'hui : "{GAVE}" (Métropole de Gave). '
                "Pour le périmètre d'alors, ajoutez date = 2020-12-31."
            ),
        ),
        (
            {"epci": (GAVE,), "date": dt.date(2020, 1, 1)},
            (
                f"\"{GAVE}\" (Métropole de Gave) n'est connu dans cette édition qu'à partir du "
                "1er janvier 2021 : avancez la date, ou listez ses communes."
            ),
        ),
        (
            {"epci": ("246500002",)},
            (
                f'"246500002" est inconnu. Codes proches : "{AULNE}" (CC de l\'Aulne), '
                f'"243200001" (CC d\'Isle), "242000001" (CA d\'Ajax).'
            ),
        ),
        (
            {"ept": ("200057875",), "date": dt.date(2018, 1, 1)},
            (
                "\"200057875\" (Lutèce Est) n'est connu dans cette édition qu'à partir du "
                "1er janvier 2025 : avancez la date, ou listez ses communes."
            ),
        ),
        (
            {"ept": ("111111111",), "date": dt.date(2018, 1, 1)},
            (
                '"111111111" est inconnu. Cette édition ne connaît ce niveau (EPT) '
                "qu'à partir du 1er janvier 2025."
            ),
        ),
        (
            {"regions": ("65",)},
            (
                '"65" n\'est pas une région, mais un département (Hautes-Vallées) : '
                "sa clé est departements."
            ),
        ),
        (
            {"departements": ("66",)},
            '"66" est inconnu. Codes proches : "65" (Hautes-Vallées), "64" (Gaves).',
        ),
        (
            {"communes": ("65009",)},
            (
                '"65009" (Drin) n\'est plus une commune depuis le 1er janvier 2023 : '
                'écrivez "65003" (Cernay-en-Val).'
            ),
        ),
        (
            {"communes": ("65098",)},
            (
                '"65098" (Vieux) n\'est plus une commune depuis le 1er janvier 2018 : '
                'écrivez "65001" (Aulne).'
            ),
        ),
        (
            {"communes": ("75101",)},
            '"75101" est un arrondissement municipal : écrivez "75056", la commune entière.',
        ),
        (
            {"communes": ("65012",)},
            (
                '"65012" est inconnu. Codes proches : "65011" (L\'Œuf-sur-Gave), '
                '"65010" (Saint-Aubin), "65002" (Brize-le-Haut).'
            ),
        ),
    ],
)
def test_an_unknown_code_says_what_to_write(mini, keys, message):
    with pytest.raises(PerimeterError) as caught:
        resolve_perimeter(study_of(**keys), mini)
    assert plain(str(caught.value)) == f"territoire demandé : {message}"


def test_every_unknown_code_is_said_with_its_line(mini, tmp_path):
    path = tmp_path / "x.toml"
    path.write_text(
        '[study]\nid = "x"\ntitle = "X"\n[perimeter]\ncommunes = ["65009"]\nregions = ["99"]\n',
        encoding="utf-8",
    )
    with pytest.raises(PerimeterError) as caught:
        resolve_perimeter(load_study(path), mini)
    first, second = str(caught.value).splitlines()
    assert first.startswith(f'{path}, ligne 5, [perimeter] communes : "65009" (Drin)')
    assert second.startswith(f'{path}, ligne 6, [perimeter] regions : "99" est inconnu.')


def test_a_date_after_the_edition_is_refused(mini):
    with pytest.raises(PerimeterError, match="2026-01-02 est après l'édition mini"):
        resolve_perimeter(study_of(epci=(AULNE,), date=dt.date(2026, 1, 2)), mini)


# --- What is expected -------------------------------------------------------------------------


def expecting(**keys) -> Study:
    return dataclasses.replace(study_of(epci=(AULNE,)), expect=ExpectTable.model_validate(keys))


def test_expectations_that_hold(mini):
    study = expecting(
        communes=6, epci=1, departements=1, regions=1, area_km2=47.5, area_tolerance_km2=0.5
    )
    assert len(resolve_perimeter(study, mini).communes) == 6


@pytest.mark.parametrize(
    ("area", "tolerance"), [(47.0, 0.5), (48.0, 0.5), (40.0, 7.5), (47.0, None)]
)
def test_the_area_may_differ_by_its_tolerance(mini, area, tolerance):
    # 10 + 12.5 + 8 + 9.5 + 3 + 4 = 47 km²
    keys = {"area_km2": area} | ({} if tolerance is None else {"area_tolerance_km2": tolerance})
    if abs(area - 47.0) <= (tolerance or 0.5):
        resolve_perimeter(expecting(**keys), mini)
    else:
        with pytest.raises(StudyFileError):
            resolve_perimeter(expecting(**keys), mini)


def test_expectations_that_fail_say_expected_and_found(mini, tmp_path):
    path = tmp_path / "x.toml"
    path.write_text(
        f'[study]\nid = "x"\ntitle = "X"\n[perimeter]\nepci = ["{AULNE}"]\n[expect]\n'
        "communes = 7\nepci = 2\ndepartements = 2\nregions = 2\narea_km2 = 46\n",
        encoding="utf-8",
    )
    with pytest.raises(StudyFileError) as caught:
        resolve_perimeter(load_study(path), mini)
    assert plain(str(caught.value)).splitlines() == [
        f"{path}, ligne 7, [expect] communes : 7 attendu, 6 trouvé.",
        f"{path}, ligne 8, [expect] epci : 2 attendu, 1 trouvé.",
        f"{path}, ligne 9, [expect] departements : 2 attendu, 1 trouvé.",
        f"{path}, ligne 10, [expect] regions : 2 attendu, 1 trouvé.",
        f"{path}, ligne 11, [expect] area_km2 : 46,00 km² attendus à 0,50 près, 47,00 trouvés.",
        "Corrigez le périmètre, sa date, ou cette attente.",
    ]


# --- The notice -------------------------------------------------------------------------------

SOURCE = "Composition des EPCI : DGCL, 1er janvier 2025, portée aux communes du 1er janvier 2026."
MERGER = "Cernay (65003) et Drin (65009) fusionnent en Cernay-en-Val (65003) (1er janvier 2023)"
SPLIT = "Erval-Fontaine (65004) se sépare en Erval (65004) et Fontaine (65005) (1er janvier 2024)"


def test_notice_of_an_epci(mini):
    assert notice_of(mini, study_for_code("epci", AULNE)) == [
        "6 communes au 1er janvier 2026, sur 47,0 km².",
        f"1 EPCI entier : CC de l'Aulne ({AULNE}).",
        "Département : Hautes-Vallées (65). Région : Occident (76).",
        "CC de l'Aulne : 6 communes jusqu'en 2023, 6 depuis 2024 (sortie : Saint-Aubin (65010)).",
        f"Depuis le 1er janvier 2019, pour les communes : {MERGER} ; {SPLIT}.",
        SOURCE,
    ]


def test_notice_of_an_epci_that_changed_its_siren(mini):
    notice = notice_of(mini, study_for_code("epci", GAVE))
    assert notice[3:6] == [
        (
            f"Métropole de Gave : SIREN {OLD_GAVE} (3 communes) jusqu'en 2020, {GAVE} (4 communes) "
            "depuis 2021 ; s'y ajoute CC de Saint-Aubin (1 commune)."
        ),
        (
            "Métropole de Gave : 4 communes jusqu'en 2023, 5 depuis 2024 "
            "(entrée : Saint-Aubin (65010))."
        ),
        (
            "Depuis le 1er janvier 2019, pour les communes : Lande (64011) devient Lande (64010) "
            "(1er mars 2021) ; Haut-Val devient Hautval (1er janvier 2022)."
        ),
    ]
    assert notice[2] == (
        "2 départements : Gaves (64), 4 communes ; Hautes-Vallées (65), 1 commune. "
        "2 régions : Nouvelle-Vasconie (75), 4 communes ; Occident (76), 1 commune."
    )
    assert notice[-1] == (
        "Les contours de 4 communes sont du millésime 2023, moins détaillé, "
        "portés aux communes actuelles."
    )


def test_notice_of_a_territory_with_an_island(mini):
    notice = notice_of(mini, study_for_code("departement", "64"))
    assert f"1 EPCI en partie : Métropole de Gave ({GAVE}), 4 communes sur 5." in notice
    assert "Île-du-Guet n'appartient à aucun EPCI à fiscalité propre (île)." in notice
    assert not any("entier" in sentence for sentence in notice)


def test_notice_of_an_island(mini):
    found = resolve_perimeter(study_for_code("commune", "64002"), mini)
    assert found.without_epci == ("64002",)
    assert found.epci == ()


def test_notice_of_a_commune(mini):
    found = resolve_perimeter(study_for_code("commune", "65003"), mini)
    notice = [plain(sentence) for sentence in found.notice]
    assert f"EPCI : CC de l'Aulne ({AULNE}), 6 communes dont celle-ci." in notice
    assert f"Depuis le 1er janvier 2019, pour les communes : {MERGER}." in notice
    assert found.warnings == ()


def test_notice_of_what_has_not_changed(mini):
    notice = notice_of(mini, study_for_code("commune", "2A004"))
    assert "Depuis le 1er janvier 2019, ni les EPCI ni les communes n'ont changé." in notice


def test_notice_of_programmes(mini):
    notice = notice_of(mini, study_of(petr=("CR0001",), ti=("ti-7505",)))
    assert notice[-4:-2] == [
        "PETR : EPCI du contrat de ruralité de 2018.",
        "Territoire d'industrie : périmètre du programme, génération 2018-2022.",
    ]


def test_notice_of_a_former_perimeter(mini):
    notice = notice_of(mini, study_of(epci=(OLD_GAVE, ENDED), date=dt.date(2020, 1, 1)))
    assert notice[1] == (
        "Périmètre du 1er janvier 2020 (Métropole de Gave et CC de Saint-Aubin), "
        "porté aux communes du 1er janvier 2026."
    )
