"""The EPCI of near profile: on a country of seven EPCI written by hand, and on the embedded edition."""

import math
import statistics

import numpy as np
import pandas as pd
import pytest

from analyses.six_epci import AULNE, BOIS, CIME, SECTORS, make_perimeter, write_six
from terrdiag.analyses.peers import analyse_peers
from terrdiag.analyses.peers.analyse import find_class
from terrdiag.edition import open_edition, read_commune_list, read_figures, read_memberships
from terrdiag.indicators import Place, Places, compute_values
from terrdiag.values import ESTIMATE, OK, VALUE_DTYPES

COMMUNES_OF = {
    AULNE: ("01001", "01002"),
    BOIS: ("01003",),
    CIME: ("01004",),
    "200000004": ("02001",),
    "200000005": ("02002",),
    "200000006": ("02003",),
    "200000007": ("97101",),
}

AULNE_PERIMETER = make_perimeter("epci", AULNE, COMMUNES_OF[AULNE], [AULNE])


def find_peers(edition, perimeter=AULNE_PERIMETER, count=10):
    """Go through the table of values, as a diagnostic does."""
    only = perimeter.parts[0]
    same_as = (only.kind, only.code) if only.kind == "epci" else None
    place = Place("territoire", perimeter.id, perimeter.name, perimeter.communes, same_as)
    values, _ = compute_values(edition, Places((), (place,)))
    return analyse_peers(edition, perimeter, values, count=count)


@pytest.fixture(scope="module")
def six(tmp_path_factory):
    return write_six(tmp_path_factory.mktemp("six"))


@pytest.fixture(scope="module")
def findings(six):
    return find_peers(six)


# --- The hand-made country ----------------------------------------------------------------------------------


# population 2018, area, sectors, growth 2013-2018, % of mountain communes, % of second homes: from the tables
PROFILES = {
    AULNE: (10_000, 250, (20, 10, 10, 30, 30), 10_000 / 10_000, 100, 100 * 1000 / 6000),
    BOIS: (9_000, 240, (22, 9, 9, 31, 29), 1, 100, 15),
    CIME: (60_000, 120, (8, 1, 6, 52, 33), 60 / 58, 0, 2),
    "200000004": (11_400, 400, (12, 25, 12, 25, 26), 11.4 / 12, 0, 100 * 500 / 7000),
    "200000005": (15_600, 300, (30, 4, 8, 28, 30), 15.6 / 15, 0, 100 * 450 / 8000),
    "200000006": (19_000, 700, (15, 15, 7, 33, 30), 19 / 20, 100, 100 * 2500 / 12_000),
}


def distances_by_hand():
    """Distances to Aulne: quartiles of the six, in plain Python."""
    columns = {
        code: [
            math.log(people),
            math.log(people / area),
            *mix,
            ((ratio) ** (1 / 5) - 1) * 100,
            mountain,
            second,
        ]
        for code, (people, area, mix, ratio, mountain, second) in PROFILES.items()
    }
    scales = []
    for column in zip(*columns.values(), strict=True):
        low, _, high = statistics.quantiles(column, n=4, method="inclusive")
        scales.append((high - low) / 1.349)
    found = {}
    for code, column in columns.items():
        gaps = [
            ((there - here) / scale) ** 2
            for there, here, scale in zip(column, columns[AULNE], scales, strict=True)
        ]
        size, density, *mix, growth, mountain, second = gaps
        found[code] = math.sqrt((size + density + sum(mix) / 5 + growth + mountain + second) / 6)
    return found


def test_distances_by_hand(findings):
    expected = distances_by_hand()
    del expected[AULNE]
    order = sorted(expected, key=expected.__getitem__)
    assert [peer.code for peer in findings.nearest] == order
    assert [peer.rank for peer in findings.nearest] == [1, 2, 3, 4, 5]
    found = {peer.code: peer.distance for peer in findings.nearest}
    assert found == pytest.approx(expected)


def test_bois_is_the_nearest_and_why(findings):
    first = findings.nearest[0]
    assert (first.code, first.name, first.departement) == (BOIS, "CC du Bois", "01")
    assert first.distance < findings.nearest[1].distance / 2
    ordered = [trait.feature.id for trait in first.from_near_to_far]
    # same growth (zero) and same mountain, in the order of the profile
    assert ordered[:2] == ["growth", "mountain"]
    assert [trait.gap for trait in first.from_near_to_far[:2]] == [0, 0]


def test_figures_of_a_peer_are_those_of_the_table(findings):
    [size, density, sectors, growth, mountain, second] = findings.nearest[0].traits
    assert [trait.feature.id for trait in findings.own] == [
        *("size", "density", "sectors", "growth", "mountain", "second_homes")
    ]
    assert (size.figures[0].cell.value, size.figures[0].year) == (9_000, 2018)
    assert density.figures[0].cell.value == pytest.approx(37.5)
    assert [figure.cell.value for figure in sectors.figures] == [22, 9, 9, 31, 29]
    assert (growth.figures[0].cell.value, growth.figures[0].year) == (0, 2018)
    assert mountain.figures[0].cell.value == 100
    cell = second.figures[0].cell
    assert (cell.value, cell.numerator, cell.denominator) == (15, 900, 6_000)


def test_never_oneself_nor_overseas_which_is_named(findings):
    assert findings.compared == 5
    assert findings.overseas == ("CC de la Lagune",)
    assert findings.incomplete == ()
    assert AULNE not in {peer.code for peer in findings.nearest}


def test_an_incomplete_profile_is_left_out_and_named(tmp_path):
    found = find_peers(write_six(tmp_path, drop=[("02002", "second_homes")]), count=2)
    assert found.refusal.reason == "few_epci"
    copies = {"200000008": BOIS, "200000009": CIME}
    found = find_peers(write_six(tmp_path, drop=[("02002", "second_homes")], copies=copies))
    assert (found.compared, found.incomplete) == (6, ("CC d'Étang",))
    assert "200000005" not in set(found.values["code"])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_order_of_the_rows_changes_nothing(findings, tmp_path, seed):
    shuffled = find_peers(write_six(tmp_path, seed=seed))
    assert repr(shuffled.nearest) == repr(findings.nearest)
    pd.testing.assert_frame_equal(shuffled.values, findings.values)


@pytest.mark.parametrize("units", [{"people": 10.0}, {"share": 0.01}])
def test_units_change_nothing(findings, tmp_path, units):
    found = find_peers(write_six(tmp_path, **units))
    assert [peer.code for peer in found.nearest] == [peer.code for peer in findings.nearest]
    assert [peer.distance for peer in found.nearest] == pytest.approx(
        [peer.distance for peer in findings.nearest]
    )


def test_twice_the_same(six, findings):
    again = find_peers(six)
    # in words: a figure without a numerator is NaN, which is never equal to itself
    assert repr((again.nearest, again.same_size)) == repr((findings.nearest, findings.same_size))
    pd.testing.assert_frame_equal(again.values, findings.values)


def test_ties_are_ordered_by_code(tmp_path):
    # twins of Bois, before and after it in the order of the codes
    found = find_peers(write_six(tmp_path, copies={"200000009": BOIS, "100000001": BOIS}))
    first = found.nearest[:3]
    assert [peer.code for peer in first] == ["100000001", BOIS, "200000009"]
    assert [peer.rank for peer in first] == [1, 2, 3]
    assert len({round(peer.distance, 9) for peer in first}) == 1


def test_a_count_of_peers(six):
    assert len(find_peers(six, count=2).nearest) == 2


# --- Size, programmes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("population", "bounds"),
    [
        (120, (None, 5_000)),
        (5_000, (5_000, 15_000)),  # the lower bound is in
        (14_999, (5_000, 15_000)),
        (16_518, (15_000, 30_000)),
        (250_000, (250_000, None)),
    ],
)
def test_class_of_population(population, bounds):
    assert find_class(population) == bounds


def test_same_size(findings):
    # 10,000 inhabitants: Bois and Doux have 5,000 to 15,000; Étang and Faux more, the Lagune no profile
    size = findings.same_size
    assert (size.low, size.high, size.count) == (5_000, 15_000, 2)
    assert [peer.code for peer in size.nearest] == [BOIS, "200000004"]
    assert [peer.rank for peer in size.nearest] == [
        peer.rank for peer in findings.nearest if peer.code in {BOIS, "200000004"}
    ]


def test_same_programme(findings):
    [fellowship] = findings.fellowships
    assert (fellowship.kind, fellowship.code, fellowship.name) == ("ti", "ti-0001", "Nord")
    assert {peer.code for peer in fellowship.members} == {BOIS, CIME}
    assert fellowship.members[0].code == BOIS
    # those of the other Territoire d'industrie
    assert {peer.code for peer in fellowship.kin} == {"200000004", "200000006"}
    assert fellowship.unknown == ()


def test_a_territory_that_is_its_programme_has_no_fellows(six):
    members = [AULNE, BOIS, CIME]
    communes = [code for one in members for code in COMMUNES_OF[one]]
    refused = find_peers(six, make_perimeter("ti", "ti-0001", communes, members))
    assert refused.refusal.reason == "few_epci"
    assert refused.refusal.found == 3


# --- Territories that are not an EPCI ---------------------------------------------------------------------------


def test_a_union_is_compared_as_it_is(tmp_path):
    edition = write_six(tmp_path, copies={"200000008": BOIS, "200000009": CIME})
    communes = [*COMMUNES_OF[AULNE], *COMMUNES_OF[BOIS]]
    found = find_peers(edition, make_perimeter("ti", "ti-0009", communes, [AULNE, BOIS]))
    [size, _, sectors, *_] = found.own
    assert size.figures[0].cell.value == 19_000
    # an estimate: 20 % of 3,000 jobs and 22 % of 1,000
    assert (sectors.figures[0].cell.value, sectors.figures[0].cell.status) == (20.5, ESTIMATE)
    assert found.compared == 6
    assert not {AULNE, BOIS} & {peer.code for peer in found.nearest}
    # the copy of Bois is not Bois, and its distance rests on the estimate
    distances = found.values[found.values["indicator"] == "peer_distance"]
    assert set(distances["status"]) == {ESTIMATE}


def test_communes_are_compared_without_the_sectors(six):
    # one of the two communes of Aulne, and Bois: the shares of Aulne are not theirs
    found = find_peers(six, make_perimeter("commune", "01001", ["01001", "01003"], [AULNE, BOIS]))
    assert [feature.id for feature in found.unknown] == ["sectors"]
    assert len(found.own) == 5
    # without the sectors, the profile of the overseas EPCI is complete
    assert (found.compared, found.overseas) == (5, ())
    assert not {AULNE, BOIS} & {peer.code for peer in found.nearest}


@pytest.mark.parametrize("kind", ["departement", "region"])
def test_an_upper_level_has_no_peers(six, kind):
    communes = [code for one in COMMUNES_OF.values() for code in one]
    found = find_peers(six, make_perimeter(kind, "01", communes, COMMUNES_OF))
    assert found.refusal.reason == "upper_level"
    assert found.values.empty
    assert list(found.values.columns) == list(VALUE_DTYPES)


def test_a_population_outside_the_range_has_no_peers(six):
    found = find_peers(six, make_perimeter("commune", "01002", ["01002"], [AULNE]))
    refusal = found.refusal
    # 3,900 inhabitants; the smallest EPCI is Bois, the largest Cime
    assert (refusal.reason, refusal.found) == ("out_of_range", 3_900)
    assert (refusal.low, refusal.high) == (9_000, 60_000)


def test_a_thin_profile_has_no_peers(tmp_path):
    drop = [("97101", "population"), ("97101", "second_homes")]
    found = find_peers(
        write_six(tmp_path, drop=drop),
        make_perimeter("epci", "200000007", ["97101"], ["200000007"]),
    )
    assert found.refusal.reason == "thin_profile"


# --- The table of values ---------------------------------------------------------------------------------------


def test_rows_of_the_table(findings):
    values = findings.values
    assert dict(values.dtypes.astype(str)) == VALUE_DTYPES
    assert set(values["level"]) == {"epci_comparable"}
    assert not values.duplicated(["code", "indicator", "ref_year"]).any()
    # five peers, ten figures, a distance and a rank
    assert len(values) == 5 * 12
    bois = values[values["code"] == BOIS].set_index("indicator")
    rank, distance = bois.loc["peer_rank"], bois.loc["peer_distance"]
    assert (rank["value"], rank["ref_year"], rank["status"]) == (1, 2026, OK)
    assert distance["value"] == findings.nearest[0].distance
    assert distance["source_id"] == "etalab-geo-api-2026+insee+insee-cog-2026+rp"
    homes = bois.loc["second_homes_share_pct"]
    assert (homes["value"], homes["numerator"], homes["denominator"]) == (15, 900, 6_000)
    assert set(findings.indicators) == {"peer_distance", "peer_rank"}


# --- The embedded edition -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real():
    return open_edition()


@pytest.fixture(scope="module")
def haute_bigorre(real):
    rows = read_memberships(real, kinds=["epci"], codes=["246500482"])
    communes = sorted(rows.loc[rows["valid_to"].isna(), "code_commune"])
    return find_peers(real, make_perimeter("epci", "246500482", communes, ["246500482"]))


def profile_of_every_epci(edition):
    """The profile of every EPCI, added up with pandas, from the figures alone."""
    rows = read_memberships(edition, kinds=["epci"])
    epci = rows[rows["valid_to"].isna()].astype(str).set_index("code_commune")["code"]
    figures = read_figures(edition).astype({"level": str, "code": str, "variable": str})
    shares = figures[(figures["level"] == "epci") & (figures["ref_year"] == 2022)]
    shares = shares.pivot_table(index="code", columns="variable", values="value")
    figures = figures[figures["level"] == "commune"]

    def add(variable, year):
        chosen = figures[(figures["variable"] == variable) & (figures["ref_year"] == year)]
        one = chosen.set_index("code")["value"].reindex(epci.index)
        return one.groupby(epci).sum(min_count=1)

    area = read_commune_list(edition).set_index("code_commune")["area_km2"].reindex(epci.index)
    people = add("population", 2023)
    table = pd.DataFrame(
        {
            "size": np.log(people),
            "density": np.log(people / area.groupby(epci).sum()),
            "growth": 100 * ((add("population", 2018) / add("population", 2013)) ** 0.2 - 1),
            "mountain": 100 * add("communes_mountain", 2026) / epci.groupby(epci).size(),
            "second": 100 * add("second_homes", 2018) / add("dwellings", 2018),
        }
    )
    return table.join(shares[[f"{sector}_jobs_share_pct" for sector in SECTORS]]).dropna()


def test_haute_bigorre(real, haute_bigorre):
    assert haute_bigorre.compared == 1_231
    assert len(haute_bigorre.overseas) == 23
    assert haute_bigorre.incomplete == ()
    table = profile_of_every_epci(real)
    assert len(table) == 1_232
    spread = (table.quantile(0.75) - table.quantile(0.25)) / 1.349
    gaps = ((table - table.loc["246500482"]) / spread) ** 2
    mix = gaps[[name for name in gaps if name.endswith("_pct")]].mean(axis=1)
    alone = gaps[["size", "density", "growth", "mountain", "second"]].sum(axis=1)
    distances = np.sqrt((mix + alone) / 6).drop("246500482").sort_values()
    assert [peer.code for peer in haute_bigorre.nearest] == list(distances.index[:10])
    assert [peer.distance for peer in haute_bigorre.nearest] == pytest.approx(
        distances.iloc[:10].tolist()
    )


def test_haute_bigorre_has_mountain_peers(haute_bigorre):
    assert all(peer.traits[4].figures[0].cell.value > 90 for peer in haute_bigorre.nearest)
    assert haute_bigorre.nearest[0].name == "CC du Pays Viganais"
    [industry, _] = haute_bigorre.fellowships
    assert industry.code == "ti-7505"
    assert len(industry.members) == 9  # ten EPCI, less itself


def test_haute_bigorre_is_one_of_its_peers_peers(real, haute_bigorre):
    # distances are symmetrical, as the scales are those of the whole country
    first = haute_bigorre.nearest[0]
    rows = read_memberships(real, kinds=["epci"], codes=[first.code])
    communes = sorted(rows.loc[rows["valid_to"].isna(), "code_commune"])
    back = find_peers(real, make_perimeter("epci", first.code, communes, [first.code]), count=200)
    [found] = [peer for peer in back.nearest if peer.code == "246500482"]
    assert found.distance == pytest.approx(first.distance)
