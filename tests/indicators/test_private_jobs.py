"""Private jobs: ratios of sums, the field they cover, and the licence that follows them."""

import pandas as pd
import pytest

from terrdiag.catalogue import load_indicators, load_sources
from terrdiag.catalogue.licences import ODBL_MARK, name_mark
from terrdiag.indicators import private_jobs
from terrdiag.indicators.parts import Parts, finish_ratio


@pytest.mark.parametrize(
    ("industry", "total", "expected"),
    [
        ([40.0, 0.0], [70.0, 30.0], 40.0),  # 40 / 100, and not the mean of 57 and 0
        ([0.0], [12.0], 0.0),
        ([0.0], [0.0], float("nan")),
    ],
)
def test_share(industry, total, expected):
    parts = private_jobs.industry_private_jobs_share_pct(pd.Series(industry), pd.Series(total))
    sums = Parts(
        pd.Series([parts.numerator.sum()]), pd.Series([parts.denominator.sum()]), parts.scale
    )
    assert finish_ratio(sums).item() == pytest.approx(expected, nan_ok=True)


def test_jobs_are_a_count():
    assert private_jobs.private_jobs(pd.Series([70.0])).denominator is None


def test_the_field_and_the_licence_are_said():
    for name in ("private_jobs", "industry_private_jobs_share_pct"):
        one = load_indicators()[name]
        assert "(Urssaf)" in one.label_fr
        for word in ("privé", "agents publics", "MSA", "là où ils travaillent|lieu de travail"):
            assert any(choice in one.definition_fr for choice in word.split("|"))
        assert "pprentis" in one.note_fr
        assert ODBL_MARK in one.note_fr
        assert [name_mark(load_sources()[source].licence) for source in one.source] == [ODBL_MARK]


def test_it_is_never_embedded():
    assert not load_sources()["urssaf-effectifs"].embeddable
