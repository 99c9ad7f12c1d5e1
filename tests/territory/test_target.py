"""What the command line was given → a study."""

import pytest

from terrdiag.errors import AmbiguousTerritoryError, PerimeterError, StudyFileError
from terrdiag.territory import resolve_target
from territory.country import AULNE, ENDED, GAVE, OLD_GAVE, plain

STUDY = '[study]\nid = "{id}"\ntitle = "T"\n[perimeter]\nepci = ["246500001"]\n'


@pytest.fixture
def studies(tmp_path):
    folder = tmp_path / "pipelines"
    folder.mkdir()
    for name, identifier in (("aulne-gave", "aulne-gave"), ("copie", "aulne-gave")):
        (folder / f"{name}.toml").write_text(STUDY.format(id=identifier), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("CC de l'Aulne", AULNE),
        ("cc aulne", AULNE),
        ("pays de l'aulne", "cr0001"),
        ("Aulne", "65001"),
        ("metropole de gave", GAVE),
        (AULNE, AULNE),
        ("region:75", "region-75"),
        ("departement:75", "departement-75"),
        ("64", "departement-64"),
        ("2a", "departement-2a"),
        ("ti-7505", "ti-7505"),
        # the same commune as a département and as a commune: the largest level
        ("Lutèce", "departement-75"),
        ("  65011 ", "65011"),
    ],
)
def test_a_name_or_a_code(mini, text, identifier):
    study = resolve_target(text, mini)
    assert study.id == identifier
    assert study.remarks == ()
    assert study.path is None


def test_a_file(mini, studies):
    study = resolve_target(str(studies / "aulne-gave.toml"), mini)
    assert (study.id, study.path) == ("aulne-gave", studies / "aulne-gave.toml")


def test_a_study_of_the_folder_comes_before_a_territory(mini, studies):
    assert resolve_target("Aulne-Gave", mini, studies).title == "T"
    assert resolve_target("Aulne-Gave", mini).id == "ti-7505"


def test_a_copied_study_that_kept_its_id_is_refused(mini, studies):
    with pytest.raises(StudyFileError) as caught:
        resolve_target("copie", mini, studies)
    assert str(caught.value) == (
        f'{studies / "copie.toml"}, ligne 2, [study] id : "aulne-gave" est déjà pris par '
        'aulne-gave.toml, dont les résultats seraient écrasés : écrivez id = "copie".'
    )


def test_an_absent_file(mini, studies):
    with pytest.raises(StudyFileError, match=r"n'existe pas.*aulne-gave\.toml"):
        resolve_target(str(studies / "aulne-gaves.toml"), mini, studies)


def test_no_folder_of_studies(mini, tmp_path):
    assert resolve_target(AULNE, mini, tmp_path / "absent").id == AULNE


def test_a_former_code_leads_to_its_successor(mini):
    study = resolve_target(OLD_GAVE, mini)
    assert study.id == GAVE
    assert [plain(remark) for remark in study.remarks] == [
        (
            f"{OLD_GAVE} (Métropole de Gave) a pris fin le 31 décembre 2020 : "
            f"le diagnostic porte sur {GAVE} (Métropole de Gave)."
        )
    ]


def test_a_small_part_does_not_lead_to_the_whole(mini):
    with pytest.raises(PerimeterError) as caught:
        resolve_target(ENDED, mini)
    assert plain(str(caught.value)) == (
        "EPCI CC de Saint-Aubin (1 commune), jusqu'au 31 décembre 2020 ; aujourd'hui "
        f"Métropole de Gave ({GAVE}). Écrivez {GAVE}, ou, pour le périmètre d'alors, une étude "
        f'avec epci = ["{ENDED}"] et date = 2020-12-31.'
    )


def message_of(error, text, mini, studies=None) -> str:
    with pytest.raises(error) as caught:
        resolve_target(text, mini, studies)
    return plain(str(caught.value))


def test_a_code_of_two_levels_is_ambiguous(mini):
    assert message_of(AmbiguousTerritoryError, "75", mini).splitlines() == [
        "« 75 » désigne plusieurs territoires :",
        "  région Nouvelle-Vasconie (5 communes) : écrivez region:75",
        "  département Lutèce (1 commune) : écrivez departement:75",
    ]


def test_a_name_that_two_communes_bear_is_ambiguous(mini):
    assert message_of(AmbiguousTerritoryError, "Saint-Aubin", mini).splitlines() == [
        "« Saint-Aubin » désigne plusieurs territoires :",
        "  commune Saint-Aubin (64) : écrivez 64012",
        "  commune Saint-Aubin (65) : écrivez 65010",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("65009", ('"65009" (Drin) n\'est plus une commune depuis le 1er janvier 2023 : '
         'écrivez "65003" (Cernay-en-Val).')),
        ("region:65", ('"65" n\'est pas une région, mais un département (Hautes-Vallées) : '
         "sa clé est departements.")),
        ("7505", '"7505" n\'est pas un code : écrivez "ti-7505" (Aulne - Gave).'),
        ("246 500 001", '"246 500 001" n\'est pas un code : écrivez "246500001" (CC de l\'Aulne).'),
        ("xyzw", ("« xyzw » n'est le nom ni le code d'aucun territoire de cette édition. "
         "« terrdiag find MOTS » cherche par mots.")),
        ("", "Indiquez un territoire : un nom, un code, ou un fichier .toml."),
    ],
)  # fmt: skip
def test_what_is_unknown_says_what_is_near(mini, text, message):
    assert message_of(PerimeterError, text, mini) == message


def test_the_nearest_comes_first(mini):
    lines = message_of(PerimeterError, "brise", mini).splitlines()
    assert lines[1:3] == ["Les plus proches :", "  commune Brize-le-Haut (65) : écrivez 65002"]


def test_three_at_the_most_are_near(mini):
    message = message_of(PerimeterError, "gav", mini)
    assert message.count("écrivez") == 3


def test_studies_of_the_folder_may_be_near(mini, studies):
    message = message_of(PerimeterError, "aulne-ga", mini, studies)
    assert message.splitlines()[-1] == "  l'étude aulne-gave"
