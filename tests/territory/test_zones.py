"""Zones as territories: found when they are asked for, out of the way of the towns whose names they bear."""

import datetime as dt

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from terrdiag.edition import open_edition
from terrdiag.edition.schema import TABLES
from terrdiag.errors import AmbiguousTerritoryError, PerimeterError
from terrdiag.study import study_for_code
from terrdiag.territory import (
    find_territories,
    resolve_comparators,
    resolve_expression,
    resolve_perimeter,
    resolve_target,
)
from terrdiag.territory.target import explain_announced
from terrdiag.territory.zones import announce, rank_zones
from territory.country import plain, write_mini

AULNE_ZONE = ("65001", "65002", "65003", "65004", "65005")
ZONES = [
    ("ze", "6501", "Zone d'emploi d'Aulne", AULNE_ZONE),
    ("aav", "065", "Aire d'attraction d'Aulne", AULNE_ZONE[:3]),
    # the code of a living area is that of a commune, of a canton may be that of an employment zone
    ("bv", "65001", "Bassin de vie d'Aulne", AULNE_ZONE[:4]),
    ("uu", "65501", "Unité urbaine d'Aulne", AULNE_ZONE[:2]),
    ("arr", "651", "Arrondissement d'Aulne", AULNE_ZONE),
    ("cv", "6501", "Canton du Val-d'Aulne", AULNE_ZONE[1:3]),
    ("cv", "6502", "Canton de Piémont", AULNE_ZONE[3:]),
    # the other generation, of other communes under the same identifier and the same name
    ("ti2023", "ti-7505", "Aulne - Gave (2023-2027)", ("65001", "64001")),
    ("ti2023", "ti-8418", "Deux Monts (2023-2027)", ("65002", "65003")),
]


@pytest.fixture(scope="module")
def zoned(tmp_path_factory):
    """The made-up country, with zones."""
    root = tmp_path_factory.mktemp("zoned")
    write_mini(root)
    path = root / "memberships.parquet"
    rows = [
        (kind, code, name, commune, dt.date(2023, 1, 1) if kind == "ti2023" else None, None, "x")
        for kind, code, name, communes in ZONES
        for commune in communes
    ]
    more = pd.DataFrame(rows, columns=TABLES["memberships"].names)
    added = pa.Table.from_pandas(more, schema=TABLES["memberships"], preserve_index=False)
    pq.write_table(pa.concat_tables([pq.read_table(path).cast(TABLES["memberships"]), added]), path)
    return open_edition(root)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Zone d'emploi d'Aulne", ("ze", "aulne")),
        ("ZE Aulne", ("ze", "aulne")),
        ("aire d'attraction des villes d'Aulne", ("aav", "aulne")),
        ("bassins de vie", ("bv", "")),
        ("unité urbaine de Saint-Aubin", ("uu", "saint aubin")),
        ("canton du Val", ("cv", "val")),
        ("TI 2023 Aulne", ("ti2023", "aulne")),
        ("Territoire d'industrie 2023-2027 Aulne", ("ti2023", "aulne")),
        ("Zemmour", (None, "zemmour")),
        ("Aulne", (None, "aulne")),
    ],
)
def test_what_a_query_announces(query, expected):
    assert announce(query) == expected


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("zone d'emploi d'aulne", ("ze", "6501")),
        ("ze aulne", ("ze", "6501")),
        ("aire d'attraction d'aulne", ("aav", "065")),
        ("bassin de vie d'aulne", ("bv", "65001")),
        ("unité urbaine d'aulne", ("uu", "65501")),
        ("arrondissement d'aulne", ("arr", "651")),
        ("canton du val d'aulne", ("cv", "6501")),
        ("canton val", ("cv", "6501")),
        ("ti 2023 aulne gave", ("ti2023", "ti-7505")),
        ("ze:6501", ("ze", "6501")),
        ("bv:65001", ("bv", "65001")),
        ("cantons:6501", ("cv", "6501")),
        ("ti2023:ti-7505", ("ti2023", "ti-7505")),
        # nothing else bears that name
        ("piémont", ("cv", "6502")),
        ("territoire d'industrie deux monts", ("ti2023", "ti-8418")),
    ],
)
def test_zones_are_found(zoned, query, first):
    found = find_territories(query, zoned)
    assert (found[0].kind, found[0].code) == first
    assert [t.kind for t in found[1:] if t.rank <= found[0].rank] == []


def test_the_town_comes_before_its_zones(zoned):
    found = [(t.kind, t.code) for t in find_territories("aulne", zoned, limit=20)]
    assert found[:3] == [("commune", "65001"), ("epci", "246500001"), ("petr", "CR0001")]
    # those that bear the very name, before what only begins so
    last = found.index(("ti", "ti-7505"))
    assert {kind for kind, _ in found[3:last]} == {"ze", "aav", "bv", "uu", "arr"}
    assert found.index(("cv", "6501")) > last


def test_without_zones_the_answers_are_the_same(zoned, mini):
    for query in (
        "aulne",
        "gave",
        "saint aubin",
        "65001",
        "75",
        "ti-7505",
        "brise le haut",
        "introuvable",
    ):
        ours = [
            t
            for t in find_territories(query, zoned, limit=50)
            if t.kind not in dict.fromkeys(z[0] for z in ZONES)
        ]
        assert ours == list(find_territories(query, mini, limit=50))


@pytest.mark.parametrize(
    ("text", "study"),
    [
        ("aulne", "65001"),
        ("65001", "65001"),
        ("ti-7505", "ti-7505"),
        ("Aulne - Gave", "ti-7505"),
        ("zone d'emploi d'Aulne", "ze-6501"),
        ("ze:6501", "ze-6501"),
        ("bv:65001", "bv-65001"),
        ("651", "arr-651"),
        ("ti2023:ti-7505", "ti2023-ti-7505"),
        ("ti-8418", "ti2023-ti-8418"),
        ("piémont", "cv-6502"),
    ],
)
def test_target(zoned, text, study):
    assert resolve_target(text, zoned).id == study


def test_a_code_of_two_zones_is_ambiguous(zoned):
    with pytest.raises(AmbiguousTerritoryError) as caught:
        resolve_target("6501", zoned)
    words = plain(str(caught.value))
    assert "Zone d'emploi d'Aulne (5 communes) : écrivez ze:6501" in words
    assert "Canton du Val-d'Aulne (2 communes) : écrivez cv:6501" in words


def test_perimeter(zoned):
    perimeter = resolve_perimeter(study_for_code("ze", "6501"), zoned)
    assert (perimeter.name, perimeter.communes) == ("Zone d'emploi d'Aulne", AULNE_ZONE)
    assert "Zone d'emploi : zonage d'étude de l'INSEE." in [plain(one) for one in perimeter.notice]
    comparators = resolve_comparators(study_for_code("ze", "6501"), perimeter, zoned)
    assert [one.group.kind for one in comparators] == [
        "ti",
        "petr",
        "departement",
        "region",
        "france",
    ]


def test_comparator(zoned):
    one = resolve_expression("ze:6501 - bv:65001", zoned)
    assert one.group.name == "Zone d'emploi d'Aulne sans Bassin de vie d'Aulne"
    assert one.group.communes == ("65005",)
    alone = resolve_expression("ze:6501", zoned)
    assert (
        plain(alone.scope)
        == "somme de ses 5 communes au 1er janvier 2026, zonage d'étude de l'INSEE"
    )


def test_a_generation_is_dated(zoned):
    assert resolve_expression("ti2023:ti-7505", zoned).group.communes == ("64001", "65001")
    with pytest.raises(
        PerimeterError, match=r"n'est connu dans cette édition qu'à partir du 1er.janvier.2023"
    ):
        resolve_expression("ti2023:ti-7505", zoned, dt.date(2020, 1, 1))


def test_zones_of_another_date_are_those_of_today(zoned, tmp_path):
    path = tmp_path / "x.toml"
    path.write_text(
        '[study]\nid = "x"\ntitle = "X"\n[perimeter]\nze = ["6501"]\ncompare_dates = [2020-01-01]\n',
        encoding="utf-8",
    )
    perimeter = resolve_perimeter(resolve_target(str(path), zoned), zoned)
    assert any(
        "Zones d'emploi : leur composition est celle du 1er janvier 2026" in plain(one)
        for one in perimeter.notice
    )


# --- an edition without them ---------------------------------------------------------------------

ABSENT = (
    "les zones d'emploi ne sont pas dans cette édition ; « terrdiag data update » les télécharge"
)


@pytest.mark.parametrize("text", ["ze:7604", "zone d'emploi d'Auch", "ZE Tarbes"])
def test_an_edition_without_zones_says_so(mini, text):
    with pytest.raises(PerimeterError) as caught:
        resolve_target(text, mini)
    assert ABSENT in plain(str(caught.value)).replace("Les zones", "les zones")


def test_a_comparator_or_a_perimeter_without_zones_says_so(mini):
    with pytest.raises(PerimeterError) as caught:
        resolve_expression("region:76 - ze:7604", mini)
    assert plain(str(caught.value)) == f'"7604" est inconnu : {ABSENT}.'
    with pytest.raises(PerimeterError) as caught:
        resolve_perimeter(study_for_code("ze", "7604"), mini)
    assert plain(str(caught.value)).endswith(f'territoire demandé : "7604" est inconnu : {ABSENT}.')


def test_what_is_announced_and_absent(mini, zoned):
    assert plain(explain_announced("bassin de vie de Luz", mini)) == (
        "Les bassins de vie ne sont pas dans cette édition ; « terrdiag data update » les télécharge."
    )
    assert explain_announced("bassin de vie de Luz", zoned) == ""
    assert explain_announced("Luz", mini) == ""


def test_an_unknown_zone_of_an_edition_that_has_some(zoned):
    with pytest.raises(PerimeterError, match=r'"6599" est inconnu\. Codes proches : "6501"'):
        resolve_target("ze:6599", zoned)


def test_ranks_of_nothing():
    assert rank_zones("auch", [], []).tolist() == []
    assert rank_zones("", ["ze"], ["Zone d'emploi d'Auch"]).tolist() == [9.0]
    assert rank_zones("cc aulne", ["ze"], ["Zone d'emploi d'Aulne"]).tolist() == [9.0]
