"""Commuting: worked out by hand on the mini-France, and by law."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyses.commuting_example import (
    HAUT_PAYS,
    LAGUNE,
    PLAINE,
    lay_ground,
    make_edition,
    make_table,
)
from indicators.example import make_figures
from terrdiag.analyses.commuting.analyse import NO_FLOWS, NOT_HERE
from terrdiag.analyses.commuting.flows import FEW, align_flows, name_elsewhere
from terrdiag.analyses.commuting.partners import cross_flows, label_places, list_partners
from terrdiag.analyses.commuting.table import IDS, tabulate_flows
from terrdiag.analyses.commuting.tally import Count, tally_flows
from terrdiag.catalogue import load_analyses
from terrdiag.edition import open_edition, read_flows
from terrdiag.indicators import Place
from terrdiag.values import (
    ESTIMATE,
    MISSING,
    NOT_APPLICABLE,
    OK,
    STATUSES_WITH_VALUE,
    TOO_SMALL,
    VALUE_DTYPES,
)

NAN = math.nan


@pytest.fixture(scope="module")
def edition(minifrance_raw, tmp_path_factory):
    return make_edition(minifrance_raw, tmp_path_factory.mktemp("commuting"))


@pytest.fixture(scope="module")
def haut_pays(edition, tmp_path_factory):
    return lay_ground(edition, HAUT_PAYS, tmp_path_factory.mktemp("studies")).analyse()


def cells(findings, level, code):
    rows = findings.values
    rows = rows[(rows["level"] == level) & (rows["code"] == code)]
    return {row.indicator.removeprefix("commuting_"): row for row in rows.itertuples()}


def people(count):
    return pytest.approx(count.people, nan_ok=True)


# --- By hand ----------------------------------------------------------------------------------------------


def test_territory(haut_pays):
    found = {name: cell.value for name, cell in cells(haut_pays, "territoire", HAUT_PAYS).items()}
    assert found == pytest.approx(
        {
            "residents": 822,  # 572 + 180 + 10 + 60
            "jobs_held": 800,
            "inside": 530,  # 300 + 50 + 60 + 90 + 10 + 20
            "leaving": 292,  # 210 + 30 + 40, and 12 in Switzerland
            "abroad": 12,
            "coming": 270,  # 220 + 35 + 5 + 7 + 3
            "balance": -22,
            "inside_share_pct": 530 / 822 * 100,
            "jobs_held_by_residents_pct": 66.25,
        }
    )


def test_rows_of_the_table_of_values(haut_pays):
    values = haut_pays.values
    assert list(values.columns) == list(VALUE_DTYPES)
    assert set(values["level"]) == {"commune", "epci", "territoire"}
    assert list(dict.fromkeys(values["indicator"])) == list(IDS) == list(haut_pays.indicators)
    assert not values.duplicated(["level", "code", "indicator", "ref_year"]).any()
    assert set(values["ref_year"]) == {2022}
    assert set(values["source_id"]) == {"insee-flux-2022"}
    known = values["status"].isin(STATUSES_WITH_VALUE)
    assert (known == values["value"].notna()).all()
    share = cells(haut_pays, "epci", HAUT_PAYS)["inside_share_pct"]
    assert (share.numerator, share.denominator, share.unit) == (530, 822, "%")


def test_a_share_of_few_people_is_not_given(haut_pays):
    first = cells(haut_pays, "commune", "01001")
    assert (first["residents"].value, first["inside"].value) == (572, 300)
    assert first["inside_share_pct"].value == pytest.approx(300 / 572 * 100)
    second = cells(haut_pays, "commune", "01002")
    assert (second["residents"].value, second["residents"].status) == (180, OK)
    share = second["inside_share_pct"]
    assert (share.status, share.numerator, share.denominator) == (TOO_SMALL, 60, 180)
    # nobody works in Charme: zero is a count, and there is no share of it
    third = cells(haut_pays, "commune", "01003")
    assert (third["jobs_held"].value, third["jobs_held"].status) == (0, OK)
    assert third["jobs_held_by_residents_pct"].status == NOT_APPLICABLE


def test_partners(haut_pays):
    exchange = haut_pays.exchange
    assert (exchange.year, exchange.inside.people) == (2022, 530)
    found = {
        (one.kind, one.code): (one.leaving.people, one.coming.people) for one in exchange.by_epci
    }
    assert found == {
        ("commune", "2A004"): (0, 3),  # in no EPCI
        ("epci", "200054781"): (0, 7),  # the arrondissement is in its city
        ("epci", PLAINE): (280, 260),
        ("pays", "99140"): (12, pytest.approx(NAN, nan_ok=True)),  # who lives abroad is not counted
    }
    by_commune = {one.code: (one.leaving.people, one.coming.people) for one in exchange.by_commune}
    assert by_commune["03001"] == (280, 220)
    assert by_commune["03002"] == (0, 35)
    names = {one.code: one.name for one in (*exchange.by_epci, *exchange.by_commune)}
    assert (names[PLAINE], names["03001"], names["99140"]) == (
        "CA de la Plaine",
        "Frêne-la-Ville",
        "Suisse",
    )


def test_flows_inside(haut_pays):
    within = haut_pays.exchange.within
    assert [place.code for place in within.places] == ["01001", "01002", "01003", "03003"]
    assert within.people.tolist() == [
        [300, 50, 0, 0],
        [90, 60, 0, 0],
        [10, 0, 0, 0],
        [0, 0, 0, 20],
    ]


def test_an_epci_counts_all_its_communes_even_for_a_part_of_it(edition, tmp_path):
    found = lay_ground(edition, "commune:01001", tmp_path).analyse()
    assert cells(found, "territoire", "01001")["residents"].value == 572
    assert cells(found, "epci", HAUT_PAYS)["residents"].value == 822
    assert found.exchange.within is None


def test_an_edition_without_flows(minifrance_edition, tmp_path):
    found = lay_ground(minifrance_edition, HAUT_PAYS, tmp_path).analyse()
    assert (found.gap, found.exchange, found.indicators, len(found.values)) == (
        NO_FLOWS,
        None,
        {},
        0,
    )


def test_communes_that_are_not_surveyed(edition, tmp_path):
    found = lay_ground(edition, LAGUNE, tmp_path).analyse()
    assert (found.gap, found.exchange, len(found.values)) == (NOT_HERE, None, 0)


def test_a_territory_surveyed_in_part_is_missing(edition, tmp_path):
    study = tmp_path / "deux.toml"
    study.write_text(
        f'[study]\nid = "deux"\ntitle = "Deux"\n[perimeter]\nepci = ["{HAUT_PAYS}", "{LAGUNE}"]\n'
    )
    found = lay_ground(edition, "deux", tmp_path).analyse()
    assert found.gap == NOT_HERE
    assert {cell.status for cell in cells(found, "territoire", "deux").values()} == {MISSING}
    assert {cell.status for cell in cells(found, "commune", "97601").values()} == {MISSING}
    assert cells(found, "epci", HAUT_PAYS)["residents"].value == 822


def test_the_embedded_edition_has_none():
    assert not open_edition().has_table("flows")
    assert read_flows(open_edition()).empty


# --- Places of work elsewhere --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "place", "kind", "name"),
    [
        ("99140", "Suisse", "pays", "Suisse"),
        ("99999", "", "pays", "Étranger, pays non précisé"),
        ("BE021", "Mouscron", "pays", "Belgique"),
        ("SU6621", "Genève", "pays", "Suisse"),
        ("98818", "Nouméa", "outre-mer", "Nouméa"),
        ("97701", "Saint-Barthélemy", "outre-mer", "Saint-Barthélemy"),
        ("01999", "Commune disparue", "inconnu", "Commune disparue"),
        ("ZZ", "", "inconnu", "Lieu non précisé"),
    ],
)
def test_elsewhere(code, place, kind, name):
    found = name_elsewhere(code, place)
    assert (found.kind, found.name) == (kind, name)


def test_communes_of_one_country_are_one_place():
    table = make_table([("01", "LU001", 30.0, "ok", "Esch"), ("01", "LU002", 12.0, "ok", "Mamer")])
    flows = align_flows(table, pd.Index(["01"]))
    assert [place.name for place in flows.beyond] == ["Luxembourg"]
    tally = tally_flows(flows, np.zeros(1, np.intp), 1, make_figures("code people\n01 10"))
    assert (tally.abroad.people.tolist(), tally.leaving.people.tolist()) == ([42], [42])


# --- Flows shared after a split ---------------------------------------------------------------------------

FAMILY = make_figures("code people\n01 10\n02 10\n03 10", families=({"01", "02"}, 2))
SHARED = make_table(
    [("01", "03", 20.0, "estimated"), ("02", "03", 10.0, "estimated"), ("03", "03", 5.0)]
)


def tally(labels, table=SHARED, figures=FAMILY):
    flows = align_flows(table, figures.codes)
    return tally_flows(flows, np.array(labels, np.intp), max(labels) + 1, figures)


def test_a_part_of_a_split_commune_is_an_estimate_and_the_whole_is_not():
    apart = tally([0, 1, 2])
    assert apart.residents.people.tolist() == [20, 10, 5]
    assert apart.residents.is_estimate.tolist() == [True, True, False]
    assert apart.jobs.people.tolist() == [0, 0, 35]
    assert apart.jobs.is_estimate.tolist() == [False, False, False]  # 20 + 10 is known
    together = tally([0, 0, 1])
    assert together.residents.people.tolist() == [30, 5]
    assert together.residents.is_estimate.tolist() == [False, False]
    assert tally([0, -1, -1]).residents.is_estimate.tolist() == [True]


def test_a_share_whose_family_is_not_known_is_an_estimate_everywhere():
    blind = make_figures("code people\n01 10\n02 10\n03 10")
    found = tally([0, 0, 0], figures=blind)
    assert found.inside.is_estimate.tolist() == [True]


def test_status_of_an_estimate():
    places = [Place("commune", code, code, (code,)) for code in ("01", "02", "03")]
    table = make_table([("01", "03", 250.0, "estimated"), ("02", "02", 250.0, "estimated")])
    part = (places, tally([0, 1, 2], table), np.array([True, True, True]))
    values = tabulate_flows([part], 2022, "insee-flux-2022", 2026)
    shares = values[values["indicator"] == "commuting_inside_share_pct"]
    assert shares["status"].tolist() == [ESTIMATE, ESTIMATE, NOT_APPLICABLE]
    assert shares["value"].tolist() == pytest.approx([0, 100, NAN], nan_ok=True)


# --- Laws -------------------------------------------------------------------------------------------------

CODES = tuple(f"{n:02d}" for n in range(8))
WORLD = make_figures("\n".join(["code people", *(f"{code} 10" for code in CODES)]))

pairs = st.lists(
    st.tuples(
        st.sampled_from(CODES),
        st.sampled_from([*CODES, "99140", "98818", "ZZZ"]),
        st.floats(0.5, 3000),
    ),
    min_size=1,
    max_size=40,
    unique_by=lambda pair: pair[:2],
)


@given(pairs, st.lists(st.integers(-1, 2), min_size=8, max_size=8))
def test_what_stays_and_what_leaves_make_the_residents(rows, labels):
    flows = align_flows(make_table(rows), WORLD.codes)
    groups = np.array(labels, np.intp)
    found = tally_flows(flows, groups, 3, WORLD)
    assert found.inside.people + found.leaving.people == pytest.approx(found.residents.people)
    assert found.inside.people + found.coming.people == pytest.approx(found.jobs.people)
    assert (found.abroad.people <= found.leaving.people + 1e-6).all()
    # communes add up to their place, for what has one end
    communes = tally_flows(flows, np.arange(8), 8, WORLD)
    for name in ("residents", "jobs", "abroad"):
        whole, parts = getattr(found, name).people, getattr(communes, name).people
        sums = np.bincount(groups[groups >= 0], parts[groups >= 0], 3)
        assert whole == pytest.approx(sums)
    # and for what stays, the place holds its communes and more
    stays = np.bincount(groups[groups >= 0], communes.inside.people[groups >= 0], 3)
    assert (found.inside.people >= stays - 1e-6).all()


@given(pairs, st.sets(st.sampled_from(CODES), min_size=1), st.randoms(use_true_random=False))
def test_partners_add_up_to_what_leaves_and_comes(rows, own, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    inside = np.isin(CODES, list(own))
    standing = {at: ("epci", f"E{at % 3}", f"EPCI {at % 3}") for at in range(8)}
    lists = [
        list_partners(align_flows(make_table(some), WORLD.codes), inside, standing, WORLD)
        for some in (rows, shuffled)
    ]
    flows = align_flows(make_table(rows), WORLD.codes)
    whole = tally_flows(flows, np.where(inside, 0, -1), 1, WORLD)
    first = lists[0]
    assert math.fsum(one.leaving.people for one in first) == people(whole.leaving.at(0))
    known = [one.coming.people for one in first if not math.isnan(one.coming.people)]
    assert math.fsum(known) == people(whole.coming.at(0))
    # whatever the order of the rows
    assert [(one.kind, one.code) for one in first] == [(one.kind, one.code) for one in lists[1]]
    assert [one.leaving.people for one in first] == pytest.approx(
        [one.leaving.people for one in lists[1]]
    )


@given(pairs)
def test_the_flows_inside_add_up_to_what_stays(rows):
    flows = align_flows(make_table(rows), WORLD.codes)
    places = [Place("epci", str(n), str(n), CODES[n * 2 : n * 2 + 2]) for n in range(3)]
    matrix = cross_flows(flows, places, WORLD)
    labels = label_places(places, WORLD)
    apart = tally_flows(flows, labels, 3, WORLD)
    assert np.diag(matrix.people) == pytest.approx(apart.inside.people)
    together = tally_flows(flows, np.where(labels >= 0, 0, -1), 1, WORLD)
    assert matrix.people.sum() == people(together.inside.at(0))


def test_too_many_places_are_not_crossed():
    table = make_table([("00", "01", 3.0)])
    flows = align_flows(table, WORLD.codes)
    assert cross_flows(flows, [Place("commune", "00", "a", ("00",))], WORLD) is None
    many = [Place("commune", str(n), "a", ("00",)) for n in range(31)]
    assert cross_flows(flows, many, WORLD) is None


# --- The catalogue ----------------------------------------------------------------------------------------


def test_limits_are_said():
    for name in IDS:
        entry = load_analyses()[name]
        assert entry.theme == "emploi"
        assert "200" in entry.limits_fr or name in {"commuting_inside_share_pct"}
        assert "2383243" in entry.reference_fr
    assert FEW == 200
    assert Count(199.9).is_few
    assert not Count(200.0).is_few
    assert not Count(NAN).is_few
