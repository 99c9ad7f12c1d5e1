"""The territories of the six reference studies, in the embedded edition.

Sources: COG of 1 January 2026 (INSEE), composition of EPCI 2019-2025 (DGCL), Territoires
d'industrie and PETR (ANCT).
"""

import datetime as dt
from pathlib import Path

import pytest

from terrdiag.edition import Edition, read_events, read_memberships
from terrdiag.edition.crosswalk import bring_back
from terrdiag.edition.store import read_commune_list
from terrdiag.errors import AmbiguousTerritoryError, PerimeterError
from terrdiag.study import Study, list_studies, load_study, study_for_code
from terrdiag.study.perimeter import PerimeterTable
from terrdiag.territory import (
    NotThenError,
    find_territories,
    read_commune_frame,
    resolve_comparators,
    resolve_dated,
    resolve_perimeter,
    resolve_target,
)
from terrdiag.territory.groups import find_groups
from terrdiag.territory.names import fold_names
from terrdiag.wording import fold
from territory.country import plain

PIPELINES = Path(__file__).parents[2] / "pipelines"

PETR_PORTES = ["200023620", "200034726", "200042372", "243200391", "243200599"]
PETR_GARONNE = ["200040418", "200066322", "200066652", "248200016", "248200065", "200067122"]


def perimeter_of(real: Edition, **keys):
    return resolve_perimeter(Study("x", "X", PerimeterTable.model_validate(keys)), real)


@pytest.mark.parametrize("path", list_studies(PIPELINES), ids=lambda path: path.stem)
def test_each_study_finds_what_it_expects(real, path):
    study = load_study(path)
    perimeter = resolve_perimeter(study, real)
    assert perimeter.id == path.stem
    # what the study states, and what lies partly in the région, are told
    assert perimeter.warnings == () or path.stem in {"cchb", "nouvelle-aquitaine"}
    kinds = [one.group.kind for one in resolve_comparators(study, perimeter, real)]
    assert [kind for kind in kinds if kind != "perimetre"][-1] == "france"


@pytest.mark.parametrize(
    ("siren", "date", "count"),
    [
        ("246500482", "2026-01-01", 25),
        ("246500482", "2019-01-01", 25),
        ("245900410", "2019-01-01", 90),
        ("245900410", "2020-12-31", 90),
        ("200093201", "2021-01-01", 95),
        ("200093201", "2026-01-01", 95),
        ("200039865", "2021-01-01", 44),
        ("200039865", "2022-01-01", 45),
        ("200039865", "2023-01-01", 46),
        ("200039865", "2026-01-01", 46),
        ("200054781", "2026-01-01", 130),
    ],
)
def test_communes_of_an_epci_over_time(real, siren, date, count):
    found = perimeter_of(real, epci=[siren], date=date)
    assert len(found.communes) == count


def test_fontenilles_left_in_2024(real):
    before = perimeter_of(real, epci=["200023620"], date="2023-01-01").communes
    after = perimeter_of(real, epci=["200023620"], date="2024-01-01").communes
    assert set(before) - set(after) == {"31188"}
    assert set(after) <= set(before)
    notice = resolve_perimeter(study_for_code("epci", "200023620"), real).notice
    assert any("(sortie : Fontenilles (31188))" in plain(text) for text in notice)


def test_the_territoire_d_industrie_is_the_union_of_both_petr(real):
    by_ti = perimeter_of(real, ti=["ti-7606"])
    by_epci = perimeter_of(real, epci=PETR_PORTES + PETR_GARONNE)
    by_petr = perimeter_of(real, petr=["CR0289", "CR0285"])
    assert len(by_ti.communes) == 298
    assert len(by_ti.epci) == 11
    assert by_ti.communes == by_epci.communes
    # Lafrançaise is in the TI; the contract of 2018 tells which EPCI each PETR had
    assert set(by_petr.communes) <= set(by_ti.communes)


@pytest.mark.parametrize(
    ("keys", "date", "communes", "code"),
    [
        ({"ti": ["ti-7606"]}, "2019-01-01", 299, "ti-7606"),
        ({"ti": ["ti-7606"]}, "2024-01-01", 298, "ti-7606"),
        ({"epci": ["200093201"]}, "2019-01-01", 90, "245900410"),
        ({"epci": ["200093201"]}, "2020-12-31", 90, "245900410"),
        ({"epci": ["200039865"]}, "2019-01-01", 44, "200039865"),
        ({"epci": ["200039865"]}, "2022-01-01", 45, "200039865"),
        # seen from its former identifier
        ({"epci": ["245900410"], "date": "2019-01-01"}, "2026-01-01", 95, "200093201"),
        # a merger around a main EPCI: more than half of both
        ({"epci": ["200096956"]}, "2019-01-01", 31, "200035459"),
    ],
)
def test_a_territory_at_another_date(real, keys, date, communes, code):
    study = Study("x", "X", PerimeterTable.model_validate(keys))
    found = resolve_dated(study, real, dt.date.fromisoformat(date))
    assert len(found.communes) == len(found.members) == communes
    assert [part.code for part in found.parts] == [code]


@pytest.mark.parametrize("siren", ["200090579", "200096642"])
def test_an_epci_made_of_others_has_no_former_perimeter(real, siren):
    # four EPCI merged, and one cut in two: none is the same territory before
    study = Study("x", "X", PerimeterTable.model_validate({"epci": [siren]}))
    with pytest.raises(NotThenError, match="n'existait pas encore : ses communes étaient dans"):
        resolve_dated(study, real, dt.date(2019, 1, 1))


def test_communes_of_then_in_a_region_of_today(real):
    study = study_for_code("region", "75")
    found = resolve_dated(study, real, dt.date(2014, 1, 1))
    assert len(found.communes) == 4293
    assert len(found.members) > 4293


@pytest.mark.parametrize(
    ("year", "count"),
    # communes of France as INSEE counts them on 1 January, Mayotte included
    [(2013, 36681), (2015, 36658), (2016, 35885), (2017, 35416), (2018, 35357), (2019, 34970)],
)
def test_communes_of_france_in_the_past(real, year, count):
    today = read_commune_list(real)["code_commune"]
    assert len(bring_back(today, dt.date(year, 1, 1), read_events(real))) == count


MOVES = {
    "cchb": [("65222", True, "2018-01-01", "")],
    "gers-tarn-et-garonne": [("31188", False, "2024-01-01", "243100781")],
    "mel": [
        (code, True, "2021-01-01", "245901061")
        for code in ("59005", "59011", "59052", "59133", "59477")
    ],
    "metz-metropole": [
        ("57593", True, "2022-01-01", "245701271"),
        ("57416", True, "2023-01-01", "200070738"),
    ],
}


@pytest.mark.parametrize(("name", "moves"), MOVES.items())
def test_what_came_in_and_went_out_in_the_studies(real, name, moves):
    study = load_study(PIPELINES / f"{name}.toml")
    perimeter = resolve_perimeter(study, real)
    (other,) = perimeter.others
    found = [
        (one.code, one.is_entry, one.date.isoformat(), one.other[0]) for one in other.changes.moves
    ]
    assert found == moves
    last = resolve_comparators(study, perimeter, real)[-1].group
    assert (last.kind, last.communes) == ("perimetre", other.communes)
    assert last.code == f"{name}-{other.date}"


def test_haute_bigorre_before_hitte_is_as_the_study_states(real):
    perimeter = resolve_perimeter(load_study(PIPELINES / "cchb.toml"), real)
    (other,) = perimeter.others
    assert (len(other.communes), other.stated) == (24, True)
    assert set(perimeter.communes) - set(other.communes) == {"65222"}
    sentence = (
        "Périmètre du 1er janvier 2017, selon l'étude : celui du 1er janvier 2019, première "
        "composition des EPCI que connaît l'édition, avant ces changements : Hitte (65222) entre dans "
        "CC de la Haute-Bigorre (246500482) le 1er janvier 2018"
    )
    for texts in (perimeter.notice, perimeter.warnings):
        assert any(plain(text).startswith(sentence) for text in texts)
    assert "le territoire comptait 24 communes, selon l'étude" in plain(" ".join(perimeter.notice))


def test_occitanie_without_toulouse(real):
    study = load_study(PIPELINES / "gers-tarn-et-garonne.toml")
    found = {
        one.group.code: one
        for one in resolve_comparators(study, resolve_perimeter(study, real), real)
    }
    one = found["region_76_moins_epci_243100518"]
    assert one.group.name == "Occitanie sans Toulouse Métropole"
    assert len(one.group.communes) == 4446 - 37
    assert "31555" not in one.group.communes
    assert one.warnings == ()
    assert plain(one.scope) == (
        "somme de 4 409 communes au 1er janvier 2026 : Occitanie (4 446 communes) moins "
        "Toulouse Métropole (37 communes)"
    )


def test_the_frame_holds_what_left_the_territory(real):
    perimeter = resolve_perimeter(load_study(PIPELINES / "gers-tarn-et-garonne.toml"), real)
    frame = read_commune_frame(real, perimeter).set_index("code")
    assert not frame.loc["31188", "inside"]
    assert frame["inside"].sum() == 298


def test_comparators_of_haute_bigorre(real):
    study = study_for_code("epci", "246500482")
    found = resolve_comparators(study, resolve_perimeter(study, real), real)
    assert [(c.group.kind, c.group.code, len(c.group.communes)) for c in found] == [
        ("ti", "ti-7505", 489),
        ("departement", "65", 469),
        ("region", "76", 4446),
        ("france", "00FR", 34875),
    ]


def test_france_has_no_arrondissement(real):
    study = study_for_code("region", "11")
    perimeter = resolve_perimeter(study, real)
    assert len(perimeter.communes) == 1266
    france = resolve_comparators(study, perimeter, real)[-1].group
    assert {"75056", "69123", "13055"} <= set(france.communes)
    assert not {"75101", "69381", "13201"} & set(france.communes)


def test_notice_of_mel(real):
    notice = [plain(s) for s in resolve_perimeter(study_for_code("epci", "200093201"), real).notice]
    assert (
        "Métropole Européenne de Lille : SIREN 245900410 (90 communes) jusqu'en 2020, "
        "200093201 (95 communes) depuis 2021 ; s'y ajoute CC de la Haute Deûle (5 communes)."
    ) in notice


def test_notice_of_metz(real):
    notice = [plain(s) for s in resolve_perimeter(study_for_code("epci", "200039865"), real).notice]
    assert notice[3:5] == [
        "Metz Métropole : 44 communes jusqu'en 2021, 45 depuis 2022 (entrée : Roncourt (57593)).",
        (
            "Metz Métropole : 45 communes jusqu'en 2022, 46 depuis 2023 "
            "(entrée : Lorry-Mardigny (57416))."
        ),
    ]


def test_notice_of_haute_bigorre(real):
    notice = [plain(s) for s in resolve_perimeter(study_for_code("epci", "246500482"), real).notice]
    assert notice[0].startswith("25 communes au 1er janvier 2026, sur 391,")
    assert notice[1:] == [
        "1 EPCI entier : CC de la Haute-Bigorre (246500482).",
        "Département : Hautes-Pyrénées (65). Région : Occitanie (76).",
        "Depuis le 1er janvier 2019, ni les EPCI ni les communes n'ont changé.",
        (
            "Composition des EPCI : Direction générale des collectivités locales (DGCL), "
            "1er janvier 2025, portée aux communes du 1er janvier 2026."
        ),
    ]


def test_four_islands_are_in_no_epci(real):
    members = read_memberships(real, kinds=["epci"])
    members = set(members.loc[members["valid_to"].isna(), "code_commune"])
    islands = set(read_commune_list(real)["code_commune"]) - members
    assert islands == {"22016", "29083", "29155", "85113"}  # Bréhat, Sein, Ouessant, L'Île-d'Yeu
    found = perimeter_of(real, departements=["29"])
    assert found.without_epci == ("29083", "29155")
    sentence = "Île-de-Sein et Ouessant n'appartiennent à aucun EPCI à fiscalité propre (île)."
    assert sentence in map(plain, found.notice)


def test_a_territory_over_many_departements_says_so(real):
    territory = ["64102", "40088", "33063", "47001", "32013", "31555", "65440"]
    study = Study("x", "X", PerimeterTable.model_validate({"communes": territory}))
    perimeter = resolve_perimeter(study, real)
    assert plain(perimeter.notice[-1]).startswith("Le territoire touche 7 départements : il est")
    kinds = [c.group.kind for c in resolve_comparators(study, perimeter, real)]
    assert kinds == ["region", "region", "france"]


@pytest.mark.parametrize(
    ("kind", "code"), [("departement", "974"), ("region", "04"), ("departement", "976")]
)
def test_overseas(real, kind, code):
    study = study_for_code(kind, code)
    perimeter = resolve_perimeter(study, real)
    assert len(perimeter.communes) in {24, 17}
    assert [c.group.kind for c in resolve_comparators(study, perimeter, real)] == ["france"]


def test_every_epci_of_today_is_made_of_communes_of_today(real):
    members = read_memberships(real, kinds=["epci"])
    today = members[members["valid_to"].isna()]
    codes = today["code"].unique()
    assert len(codes) == 1255
    found = find_groups(real, [("epci", code) for code in codes], real.date)
    communes = [code for group in found.values() for code in group.communes]
    assert len(communes) == len(set(communes)) == 34875 - 4


@pytest.mark.parametrize("year", range(2019, 2026))
def test_every_epci_of_a_date_leads_to_communes_of_today(real, year):
    date = dt.date(year, 1, 1)
    members = read_memberships(real, kinds=["epci"])
    codes = sorted(set(members["code"]))
    found = find_groups(real, [("epci", code) for code in codes], date)
    reached = {code for group in found.values() for code in group.communes}
    assert len(reached) == 34875 - 4
    assert len(found) == {2019: 1259, 2020: 1255, 2021: 1254}.get(year, 1255)


# --- Search -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("haute bigorre", "246500482"),
        ("Communauté de communes de la Haute-Bigorre", "246500482"),
        ("METZ METROPOLE", "200039865"),
        ("métropole européenne de lille", "200093201"),
        ("lille", "59350"),
        ("occitanie", "region:76"),
        ("Nouvelle Aquitaine", "region:75"),
        ("hautes pyrenees", "departement:65"),
        ("gascogne toulousaine", "200023620"),
        ("l'île d'yeu", "85113"),
        ("lacq pau tarbes", "ti-7505"),
        ("portes de gascogne", "CR0289"),
        ("est ensemble", "200057875"),
        ("haut bigore", "246500482"),
        ("bagneres de bigore", "65059"),
        ("st-germain-en-laye", "78551"),
        ("Œting", "57521"),
    ],
)
def test_find_puts_first(real, query, first):
    assert find_territories(query, real)[0].target == first


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("Paris", "departement-75"),
        ("Martinique", "region-02"),
        ("Mayotte", "region-06"),
        ("Lyon", "69123"),
        ("Métropole de Lyon", "200046977"),
        ("245900410", "200093201"),
        ("Le Mans", "72181"),
        ("Gers", "departement-32"),
        ("Corse", "region-94"),
    ],
)
def test_what_a_name_resolves_to(real, text, identifier):
    assert resolve_target(text, real).id == identifier


@pytest.mark.parametrize("text", ["75", "76", "saint-denis", "01", "Sainte-Colombe"])
def test_what_is_ambiguous(real, text):
    with pytest.raises(AmbiguousTerritoryError, match="désigne plusieurs territoires"):
        resolve_target(text, real)


def test_a_long_list_of_candidates_is_cut(real):
    with pytest.raises(AmbiguousTerritoryError) as caught:
        resolve_target("Sainte-Colombe", real)
    lines = str(caught.value).splitlines()
    assert len(lines) == 1 + 10 + 1
    assert lines[-1] == '  et 2 autres, que liste « terrdiag find "Sainte-Colombe" --limit 12 »'


def test_the_same_communes_are_listed_once(real):
    with pytest.raises(AmbiguousTerritoryError) as caught:
        resolve_target("La Réunion", real)
    assert [line.split(" : ")[-1] for line in str(caught.value).splitlines()[1:]] == [
        "écrivez region:04",
        "écrivez 47222",  # in Lot-et-Garonne
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("75101", 'écrivez "75056"'),
        ("69123001", "n'est le nom ni le code"),
        ("1004", 'écrivez "01004" (Ambérieu-en-Bugey)'),
        ("69152", 'écrivez "69149" (Oullins-Pierre-Bénite)'),
        ("245901061", "Métropole Européenne de Lille (200093201)"),
        ("999999999", "est inconnu"),
    ],
)
def test_what_is_unknown(real, text, message):
    with pytest.raises(PerimeterError) as caught:
        resolve_target(text, real)
    assert message in plain(str(caught.value))


def test_names_of_the_whole_country_fold_as_one(real):
    names = read_commune_list(real)["nom"].tolist()
    assert fold_names(names) == [fold(name) for name in names]
