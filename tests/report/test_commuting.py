"""What the page says of commuting: counts, orders of magnitude, no rank among small flows."""

import datetime as dt
import math
from dataclasses import replace
from xml.etree.ElementTree import fromstring

import numpy as np
import pandas as pd
import pytest

from analyses.commuting_example import HAUT_PAYS, make_edition
from terrdiag import diagnostic
from terrdiag.analyses.commuting import CommutingFindings
from terrdiag.analyses.commuting.analyse import NO_FLOWS, NOT_HERE, Exchange
from terrdiag.analyses.commuting.partners import Matrix, Partner
from terrdiag.analyses.commuting.table import make_indicators
from terrdiag.analyses.commuting.tally import Count
from terrdiag.indicators import Place
from terrdiag.report.commuting import tell_commuting
from terrdiag.report.commuting.words import LISTED, pick_partners
from terrdiag.territory import resolve_target
from terrdiag.values import empty_values

ABROAD = Count(math.nan)


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def partner(kind, code, name, leaving, coming=0.0):
    into = ABROAD if kind == "pays" else Count(float(coming))
    return Partner(kind, code, name, Count(float(leaving)), into)


PLAINE = partner("epci", "2", "Communauté d'agglomération de la Plaine", 1900, 420)
COAST = partner("epci", "3", "Communauté de communes de la Côte", 142, 260)
VALLEY = partner("epci", "4", "Val d'Aure", 30, 44)
DUCHY = partner("pays", "99137", "Luxembourg", 924)
SWISS = partner("pays", "99140", "Suisse", 4)
TOWN = partner("commune", "57463", "Metz", 1900, 420)

EXCHANGE = Exchange(
    year=2022,
    date=dt.date(2026, 1, 1),
    residents=Count(6480.4),
    jobs=Count(4204.0),
    inside=Count(3480.4),
    leaving=Count(3000.0),
    coming=Count(723.6),
    abroad=Count(928.0),
    by_epci=(VALLEY, COAST, PLAINE, DUCHY, SWISS),
    by_commune=(TOWN, DUCHY),
    within=None,
)


def tell(exchange=EXCHANGE):
    [block] = tell_commuting(CommutingFindings(empty_values(), make_indicators(), exchange))
    return block


def rows(grid):
    return [tuple(map(plain, row)) for row in grid.rows]


# --- Sentences ----------------------------------------------------------------------------------------------


def test_sentences():
    residents, jobs, balance, leaving, coming = map(plain, tell().sentences)
    assert residents == (
        "En 2022, 6 480 actifs occupés résident dans le territoire : 3 480 y travaillent (53,7 %), 3 000 travaillent "
        "ailleurs, dont 928 à l'étranger (Luxembourg 924)."
    )
    assert jobs == (
        "4 204 emplois du territoire sont occupés par des résidents de France : 3 480 par ses habitants (82,8 %), "
        "724 par des entrants."
    )
    assert (
        balance
        == "Le solde des navettes est de −2 276 : il sort plus de travailleurs qu'il n'en entre."
    )
    assert leaving == (
        "Où travaillent les sortants (EPCI ou pays d'au moins 200 personnes) : CA de la Plaine (1 900, soit 63,3 %) "
        "et Luxembourg (924, soit 30,8 %)."
    )
    assert coming == (
        "D'où viennent les entrants (EPCI d'au moins 200 personnes) : CA de la Plaine (420, soit 58,0 %) et CC de la "
        "Côte (260, soit 35,9 %)."
    )


@pytest.mark.parametrize(
    ("leaving", "coming", "expected"),
    [
        (500, 320, "du même ordre : leur écart est de moins de 200 personnes"),
        (320, 500, "du même ordre"),
        (300, 500, "de +200 : il entre plus de travailleurs qu'il n'en sort"),
    ],
)
def test_balance(leaving, coming, expected):
    block = tell(replace(EXCHANGE, leaving=Count(leaving), coming=Count(coming)))
    assert expected in plain(block.sentences[2])


def test_many_places_are_counted():
    many = tuple(partner("epci", str(n), f"EPCI {n}", 900 - n) for n in range(6))
    sentence = plain(tell(replace(EXCHANGE, by_epci=many)).sentences[3])
    assert "EPCI 3 (897, soit 29,9 %) et 2 autres." in sentence


def test_small_territory():
    small = replace(
        EXCHANGE,
        residents=Count(120.0),
        jobs=Count(61.0),
        inside=Count(58.0),
        leaving=Count(62.0),
        coming=Count(3.0),
        abroad=Count(0.0),
        by_epci=(VALLEY,),
        by_commune=(),
    )
    words = list(map(plain, tell(small).sentences))
    assert words[0] == (
        "En 2022, ≈ 120 actifs occupés résident dans le territoire : ≈ 60 y travaillent, ≈ 60 travaillent ailleurs."
    )
    assert words[1].endswith("≈ 60 par ses habitants, moins de 10 par des entrants.")
    assert words[3] == "Aucun EPCI ni pays ne reçoit 200 sortants ou plus."
    assert words[4] == "Il ne vient d'aucun EPCI 200 entrants ou plus."
    assert rows(tell(small).grids[0])[0] == (
        *("Val d'Aure", "≈ 30", "effectif trop faible", "≈ 40", "effectif trop faible"),
    )


@pytest.mark.parametrize(
    ("gap", "expected"), [(NO_FLOWS, "terrdiag data update"), (NOT_HERE, "ne couvre pas")]
)
def test_what_is_missing(gap, expected):
    [block] = tell_commuting(CommutingFindings(empty_values(), {}, gap=gap))
    [sentence] = block.sentences
    assert expected in sentence
    assert (block.drawings, block.grids, block.notes, block.definitions) == ((), (), (), ())


def test_limits_are_said():
    words = plain(" ".join(tell().notes))
    for expected in (
        "≈ : moins de 200 personnes, un ordre de grandeur",
        "sans rang",
        "résident à l'étranger",
        "et non les emplois au lieu de travail",
        "pas un déplacement de chaque jour",
    ):
        assert expected in words
    assert "Estimation" not in words
    shared = replace(PLAINE, leaving=Count(300.0, is_estimate=True))
    block = tell(replace(EXCHANGE, by_epci=(shared,)))
    assert "300 (estimation)" in plain(block.grids[0].rows[0][1])
    assert "Estimation : une commune s'est séparée" in plain(" ".join(block.notes))


# --- Tables -------------------------------------------------------------------------------------------------


def test_partners():
    block = tell()
    assert plain(block.grids[0].caption) == (
        "Sortants et entrants par EPCI (au 1er janvier 2026) ou pays, 2022"
    )
    assert rows(block.grids[0]) == [
        ("CA de la Plaine", "1 900", "63,3", "420", "58,0"),
        ("Luxembourg", "924", "30,8", "non comptés", "non comptés"),
        ("CC de la Côte", "≈ 140", "≈ 5", "260", "35,9"),
        # small flows both ways: by name
        ("Suisse", "moins de 10", "moins de 1", "non comptés", "non comptés"),
        ("Val d'Aure", "≈ 30", "≈ 1", "≈ 40", "≈ 6"),
        ("Ensemble", "3 000", "100,0", "724", "100,0"),
    ]
    assert block.grids[0].own == (5,)
    assert rows(block.grids[1])[0][0] == "Metz (57)"


def test_the_first_places_are_listed_and_the_others_added_up():
    large = [partner("epci", f"L{n:02d}", f"L{n:02d}", 400 - n, 0) for n in range(14)]
    sources = [partner("epci", f"S{n:02d}", f"S{n:02d}", 0, 900 + n) for n in range(3)]
    small = [partner("epci", f"A{n:02d}", f"A{n:02d}", 5, 5) for n in range(4)]
    listed, others = pick_partners([*small, *large, *sources])
    assert [one.code for one in listed] == ["S02", "S01", "S00", *(f"L{n:02d}" for n in range(10))]
    assert {one.code for one in others} == {"L10", "L11", "L12", "L13", "A00", "A01", "A02", "A03"}
    grid = tell(replace(EXCHANGE, by_epci=(*small, *large, *sources))).grids[0]
    # 390 + 389 + 388 + 387 + 4 × 5; 4 × 5
    assert rows(grid)[-2] == ("Autres (8 lieux)", "1 574", "52,5", "≈ 20", "≈ 3")


def test_small_places_fill_the_list_and_follow_by_name():
    small = [partner("epci", str(n), f"{'ZYXWVUTSRQPO'[n]}-place", 10 + n, 0) for n in range(12)]
    listed, others = pick_partners(small)
    assert len(listed) == LISTED
    assert [one.name for one in listed] == sorted(one.name for one in listed)
    assert {one.code for one in others} == {"0", "1"}  # the smallest
    assert pick_partners(small[::-1])[0] == listed


def matrix(size, values):
    places = tuple(Place("commune", str(n), f"Commune {n}", (str(n),)) for n in range(size))
    people = np.zeros((size, size))
    for home, work, count in values:
        people[home, work] = count
    return Matrix(places, people, np.zeros((size, size), bool))


def test_flows_inside_of_a_few_places():
    grid = tell(replace(EXCHANGE, within=matrix(2, [(0, 0, 1500), (0, 1, 40), (1, 0, 4)]))).grids[
        -1
    ]
    assert grid.heads == ("Résidence", "1", "2")
    assert rows(grid) == [("1. Commune 0", "1 500", "≈ 40"), ("2. Commune 1", "< 10", "0")]


def test_flows_inside_of_many_places():
    inside = matrix(20, [(0, 0, 1500), (3, 1, 240), (1, 3, 310), (2, 1, 199)])
    grid = tell(replace(EXCHANGE, within=inside)).grids[-1]
    assert rows(grid) == [
        ("Commune 1", "Commune 3", "310"),
        ("Commune 3", "Commune 1", "240"),
    ]
    assert len(tell(replace(EXCHANGE, within=matrix(20, [(2, 1, 199)]))).grids) == 2


# --- Drawings -----------------------------------------------------------------------------------------------


def test_drawings():
    bars, partners = tell().drawings
    assert (bars.name, partners.name) == ("navettes-bilan", "navettes-epci")
    assert plain(bars.alt) == "Y résident et y travaillent 3 480 ; sortants 3 000 ; entrants 724."
    assert "CA de la Plaine sortants 1 900, entrants 420" in plain(partners.alt)
    assert "Luxembourg sortants 924 ;" in plain(partners.alt)
    assert "non comptés" in plain(partners.svg)
    for drawing in (bars, partners):
        fromstring(drawing.standalone("Sources : INSEE.", "terrdiag"))  # noqa: S314


def test_nobody_leaves_or_comes():
    alone = replace(
        EXCHANGE,
        leaving=Count(0.0),
        coming=Count(0.0),
        abroad=Count(0.0),
        by_epci=(),
        by_commune=(),
    )
    block = tell(alone)
    assert [drawing.name for drawing in block.drawings] == ["navettes-bilan"]
    assert block.grids == ()


# --- On a whole diagnostic ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def outputs(minifrance_raw, tmp_path_factory):
    folder = tmp_path_factory.mktemp("commuting")
    edition = make_edition(minifrance_raw, folder)
    diagnostic.run_diagnostic(
        resolve_target(HAUT_PAYS, edition, folder),
        edition,
        folder,
        generated=dt.date(2026, 11, 22),
        command="terrdiag diagnostic",
        progress=lambda _: None,
    )
    return folder


def test_page_files_and_tables(outputs):
    maps = outputs / "maps" / HAUT_PAYS
    page = plain((maps / "index.html").read_text(encoding="utf-8"))
    assert "822 actifs occupés résident dans le territoire" in page
    assert "Flux de mobilité domicile-travail" in page  # its source
    svg = plain((maps / "navettes-epci.svg").read_text(encoding="utf-8"))
    assert "CA de la Plaine" in svg
    assert "RP 2022" in svg
    folder = outputs / "data/processed" / HAUT_PAYS
    values = pd.read_parquet(folder / "indicators.parquet")
    rows = values[values["indicator"] == "commuting_inside"].set_index(["level", "code"])["value"]
    assert rows["territoire", HAUT_PAYS] == 530
    assert "Solde des navettes" in (folder / "indicators.csv").read_text(encoding="utf-8")
