"""What the page says of the EPCI of near profile, on the country of seven EPCI written by hand."""

import dataclasses
import re

import pandas as pd
import pytest

from analyses.six_epci import AULNE, BOIS, make_perimeter, write_six
from terrdiag.analyses.peers import PeersFindings, analyse_peers
from terrdiag.analyses.peers.analyse import Refusal, SizeClass
from terrdiag.analyses.peers.profile import profile_indicators
from terrdiag.catalogue import load_indicators
from terrdiag.indicators import Place as Where
from terrdiag.indicators import Places, compute_values
from terrdiag.report.comparison import Place, gather_figures
from terrdiag.report.peers import tell_peers
from terrdiag.report.peers.words import FEATURES_FR, HEADS_FR, NEAR_GAP, word_near
from terrdiag.values import empty_values

OWN = Place("territoire", "essai", "Communauté de communes d'Aulne")


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def no_figures(rows=None):
    values = empty_values() if rows is None else rows
    return gather_figures(values, OWN, [], load_indicators(), [(2013, 2018)])


@pytest.fixture(scope="module")
def findings(tmp_path_factory):
    edition = write_six(tmp_path_factory.mktemp("six"))
    perimeter = make_perimeter("epci", AULNE, ["01001", "01002"], [AULNE])
    place = Where("territoire", "essai", "Aulne", perimeter.communes, ("epci", AULNE))
    values, _ = compute_values(edition, Places((), (place,)))
    return analyse_peers(edition, perimeter, values, count=3)


@pytest.fixture(scope="module")
def block(findings):
    [one] = tell_peers(findings, no_figures())
    return one


def test_the_nearest_are_named_with_their_departement(block):
    assert plain(block.sentences[0]) == (
        "Parmi 5 EPCI comparés, ceux dont le profil est le plus proche de celui du territoire sont CC du Bois (01), "
        "CC de Faux (02) et CC d'Étang (02) (le département est entre parenthèses)."
    )


def test_what_the_profile_is(block):
    assert plain(block.sentences[1]).startswith(
        "Le profil réunit 6 traits de même poids : population (2018), densité (2018), répartition des emplois entre "
        "cinq secteurs (2022), évolution de la population (2013-2018), part des communes de massif (2026) et part des "
        "résidences secondaires (2018)."
    )


def test_size_and_programme(block):
    words = [plain(sentence) for sentence in block.sentences]
    assert words[2].startswith(
        "Classe de taille : 2 autres EPCI comparés ont de 5 000 à moins de 15 000 habitants ; les plus proches sont "
        "CC du Bois (01), 1er et CC de Doux (02), "
    )
    assert words[3].startswith(
        "Dans le Territoire d'industrie Nord (génération 2018-2022), du plus proche au plus éloigné : CC du Bois (01), "
        "1er"
    )
    assert words[4].startswith(
        "Les plus proches parmi les EPCI d'un autre Territoire d'industrie : CC de Faux (02)"
    )


def test_every_figure_of_the_profile_has_a_head():
    assert set(HEADS_FR) == {one.id for one in profile_indicators()}


def test_table_of_the_profiles(block):
    profiles, sectors, _ = block.grids
    assert profiles.heads == (
        *("EPCI", "Distance", "Population", "Densité", "Évolution", "Massif", "Résid. second."),
    )
    for grid in (profiles, sectors):
        assert len(grid.rows) == 1 + 3
        assert grid.own == (0,)
        assert {len(row) for row in grid.rows} == {7}
    own, bois = ([plain(cell) for cell in row] for row in profiles.rows[:2])
    assert own[:3] == ["CC d'Aulne", "–", "10 000"]
    assert (bois[0], bois[2]) == ("1. CC du Bois (01)", "9 000")
    assert re.fullmatch(r"0,\d\d", bois[1])
    assert bois[-1] == "15,0"  # 900 second homes of 6,000
    assert plain(profiles.note).startswith(
        "Colonnes : population (hab.), 2018 ; densité (hab./km²), 2018 ; évolution de la population (% par an), 2013"
    )


def test_table_of_the_sectors(block):
    _, sectors, _ = block.grids
    assert sectors.heads[2:4] == ("Industrie", "Agriculture")
    assert [plain(cell) for cell in sectors.rows[0][2:]] == [
        *("20,00", "10,00", "10,00", "30,00", "30,00"),
    ]


def test_reasons_in_words(block):
    reasons = block.grids[-1]
    bois = [plain(cell) for cell in reasons.rows[0]]
    assert bois[0] == "CC du Bois (01)"
    assert bois[1].startswith(
        "évolution de la population (0,00 % par an contre 0,00 % par an), part des communes de massif (100,0 % contre "
        "100,0 %)"
    )
    # the trait that differs most is not among those that differ least
    assert bois[2].split(" (")[0] not in bois[1]
    assert reasons.texts == (1, 2)


@pytest.mark.parametrize(
    ("gaps", "near"),
    [
        # in the order of the profile: population, density, sectors, growth, mountain, second homes
        ((0.1, 0.2, 0.3, 0.4, 0.5, 0.6), ["population", "densité", "répartition des emplois"]),
        ((3, 2, 0.4, 1, NEAR_GAP, 4), ["répartition des emplois", "part des communes de massif"]),
        # one is near: the second is not said to be
        ((3, 2, 1, 0.2, 0.51, 4), ["évolution de la population"]),
    ],
)
def test_only_what_is_near_is_said_to_be(findings, gaps, near):
    words = word_near(with_gaps(findings.nearest[0], gaps), findings.own)
    said = [label for label in FEATURES_FR.values() if re.search(rf"(^|, | et ){label}", words)]
    assert [label for label in said if not any(label.startswith(one) for one in near)] == []
    assert len(said) == len(near)


def test_an_epci_that_is_near_on_no_trait(findings):
    peer = with_gaps(findings.nearest[0], (0.51, 0.6, 0.7, 0.8, 0.9, 1))
    [block] = tell_peers(dataclasses.replace(findings, nearest=(peer,)), no_figures())
    reasons = block.grids[-1]
    [row] = reasons.rows
    assert row[1] == "aucun de vraiment proche"
    # the head and the note say of what, and what near is
    assert reasons.heads[1].startswith("Traits")
    assert "proche" in reasons.note
    assert "demi-écart-type" in reasons.note
    assert plain(row[2]).startswith("part des résidences secondaires (15,0")


def with_gaps(peer, gaps):
    """The same EPCI, its traits as far from the territory as is said."""
    traits = [
        dataclasses.replace(trait, gap=gap) for trait, gap in zip(peer.traits, gaps, strict=True)
    ]
    return dataclasses.replace(peer, traits=tuple(traits))


def test_who_is_left_out_is_named(block):
    assert any("1 EPCI d'outre-mer (CC de la Lagune)" in plain(note) for note in block.notes)


def test_a_proximity_is_not_a_merit(block):
    words = " ".join([*block.sentences, *block.notes]).lower()
    assert "proximité statistique" in words
    assert not re.search(r"\b(meilleur|pire|score|note sur|performan|classement)", words)
    assert [one.id for one in block.definitions] == ["peer_distance", "peer_rank"]


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (Refusal("upper_level"), "Un département ou une région n'est pas comparé à des EPCI"),
        (
            Refusal("out_of_range", 119, 3_888, 7_142_540),
            "Avec 119 habitants, le territoire est hors de l'étendue des EPCI comparés (de 3 888 à 7 142 540",
        ),
        (Refusal("thin_profile", 3), "de 6 traits du profil, 3 sont connus de ce territoire"),
        (
            Refusal("few_epci", 2, 5),
            "l'édition n'en a que 2 de profil complet hors du territoire, et il en faut 5",
        ),
    ],
)
def test_why_there_is_none(refusal, words):
    [block] = tell_peers(PeersFindings(empty_values(), {}, refusal), no_figures())
    [sentence] = block.sentences
    assert words in plain(sentence)
    # and what to do
    assert re.search(r"faites le diagnostic|Faites le diagnostic|Prenez une édition", sentence)
    assert block.grids == ()


def test_a_trait_that_is_not_known_is_said(tmp_path):
    edition = write_six(tmp_path)
    perimeter = make_perimeter("commune", "01001", ["01001", "01003"], [AULNE, BOIS])
    place = Where("territoire", "essai", "Communes", perimeter.communes)
    values, _ = compute_values(edition, Places((), (place,)))
    [block] = tell_peers(analyse_peers(edition, perimeter, values), no_figures())
    assert any(
        "un trait qui n'est pas connu du territoire : répartition des emplois" in plain(sentence)
        for sentence in block.sentences
    )
    # … and has no table
    assert len(block.grids) == 2


def test_nobody_of_the_same_size():
    size = SizeClass(250_000, None, 0, ())
    found = PeersFindings(empty_values(), {}, same_size=size)
    [block] = tell_peers(found, no_figures())
    assert any(
        plain(sentence) == "Classe de taille : 0 autre EPCI comparé a 250 000 habitants ou plus."
        for sentence in block.sentences
    )
    assert isinstance(found.values, pd.DataFrame)
