"""Standards of living: given where they are published, and nowhere else; two series that never meet."""

import pandas as pd

from terrdiag.catalogue import load_indicators, load_sources
from terrdiag.indicators import income
from terrdiag.sources.filosofi import FIRST_SERIES, SECOND_SERIES

INDICATORS = {
    name: one
    for name, one in load_indicators().items()
    if set(one.inputs) & {*FIRST_SERIES.values(), *SECOND_SERIES.values()}
}


def test_functions_give_what_is_published():
    for name in INDICATORS:
        parts = getattr(income, name)(pd.Series([22_650.0, float("nan")]))
        assert parts.numerator.tolist()[0] == 22_650
        assert pd.isna(parts.numerator.tolist()[1])
        assert parts.denominator is None


def test_nothing_is_estimated_over_a_union():
    assert len(INDICATORS) == 4
    for one in INDICATORS.values():
        assert one.kind == "published"
        assert one.weights is None
        assert "n'est pas donnée (n.d.) pour une autre réunion" in one.definition_fr


def test_no_indicator_joins_the_two_series():
    years = {name: load_sources()[name].ref_years for name in load_sources() if "filosofi" in name}
    assert years == {"insee-filosofi-2021": (2021,), "insee-filosofi-2023": (2023,)}
    for one in INDICATORS.values():
        assert len(one.source) == 1
        assert "ne se compare pas" in one.note_fr
        assert "n'est pas une évolution" in one.note_fr
