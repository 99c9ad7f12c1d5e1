"""Laws of aggregation, on invented communes."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.example import aggregate, aggregate_one, make_figures
from terrdiag.values import OK, STATUSES, STATUSES_WITH_VALUE

SHARE = "industry_establishments_share_pct"
COUNT = "establishments"
GROWTH = "population_growth_pct"

HEADER = "code people establishments_industry@2018 establishments_total@2018 population@2013 population@2018"


def write_cell(number):
    return "." if number is None else str(number)


def figures_of(communes):
    rows = (f"{code} {' '.join(map(write_cell, cells))}" for code, cells in communes.items())
    return make_figures("\n".join([HEADER, *rows]))


@st.composite
def known_communes(draw):
    """Two to eight communes without anything unknown or too small."""
    communes = {}
    for number in range(draw(st.integers(2, 8))):
        total = draw(st.integers(5, 2000))
        cells = (draw(st.integers(1, 5000)), draw(st.integers(0, total)), total)
        communes[f"{number:02d}"] = (*cells, *draw(st.tuples(*[st.integers(50, 5000)] * 2)))
    return communes


cell = st.one_of(st.none(), st.just("s"), st.integers(0, 300))
any_communes = st.dictionaries(
    st.integers(1, 9).map("{:02d}".format),
    st.tuples(st.one_of(st.none(), st.integers(0, 500)), cell, cell, cell, cell),
    min_size=1,
)


def everywhere(communes):
    return " ".join(communes)


@pytest.mark.parametrize("indicator", [SHARE, GROWTH])
@given(communes=known_communes())
def test_ratio_of_sums_lies_between_its_parts(indicator, communes):
    figures = figures_of(communes)
    parts = [aggregate_one(indicator, figures, code)["value"] for code in communes]
    whole = aggregate_one(indicator, figures, everywhere(communes))["value"]
    assert min(parts) - 1e-9 <= whole <= max(parts) + 1e-9


@given(known_communes(), st.data())
def test_sums_do_not_depend_on_the_partition(communes, data):
    side = {code: data.draw(st.booleans()) for code in communes}
    parts = [
        part
        for chosen in (True, False)
        if (part := everywhere(code for code in communes if side[code] is chosen))
    ]
    figures = figures_of(communes)
    whole = aggregate_one(COUNT, figures, everywhere(communes))["value"]
    assert sum(aggregate_one(COUNT, figures, part)["value"] for part in parts) == whole
    ratios = [aggregate_one(SHARE, figures, part) for part in parts]
    total = aggregate_one(SHARE, figures, everywhere(communes))
    for side_of_ratio in ("numerator", "denominator"):
        assert sum(row[side_of_ratio] for row in ratios) == total[side_of_ratio]


@pytest.mark.parametrize("indicator", [SHARE, COUNT, GROWTH])
@given(communes=known_communes())
def test_merging_two_communes_commutes_with_aggregation(indicator, communes):
    first, second, *others = communes
    merged = {code: communes[code] for code in others}
    merged[first] = tuple(a + b for a, b in zip(communes[first], communes[second], strict=True))
    apart = aggregate_one(indicator, figures_of(communes), everywhere(communes))
    together = aggregate_one(indicator, figures_of(merged), everywhere(merged))
    assert together == pytest.approx(apart, nan_ok=True)


@pytest.mark.parametrize("indicator", [SHARE, COUNT, GROWTH])
@given(communes=any_communes, random=st.randoms())
def test_order_of_rows_changes_nothing(indicator, communes, random):
    shuffled = dict(random.sample(list(communes.items()), len(communes)))
    rows = [
        aggregate_one(indicator, figures_of(order), everywhere(order))
        for order in (communes, shuffled)
    ]
    assert rows[0] == pytest.approx(rows[1], nan_ok=True)


@pytest.mark.parametrize("indicator", [SHARE, COUNT, GROWTH])
@given(communes=any_communes)
def test_value_is_known_if_and_only_if_its_status_says_so(indicator, communes):
    places = {code: code for code in communes} | {"all": everywhere(communes)}
    rows = aggregate(indicator, figures_of(communes), places)
    for row in rows.itertuples():
        assert row.status in STATUSES
        assert math.isnan(row.value) is (row.status not in STATUSES_WITH_VALUE)
        assert 0 <= row.coverage_pct <= 100
        assert row.status != OK or row.coverage_pct == 100


@given(any_communes)
def test_what_is_not_known_is_not_zero(communes):
    """A count over a place is the sum of those of its communes that have one."""
    figures = figures_of(communes)
    known = [aggregate_one(COUNT, figures, code)["value"] for code in communes]
    whole = aggregate_one(COUNT, figures, everywhere(communes))
    expected = sum(value for value in known if not math.isnan(value))
    assert math.isnan(whole["value"]) or whole["value"] == expected
