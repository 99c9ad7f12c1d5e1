import pytest

from tables.example import make_context
from terrdiag.errors import EditionError


def test_a_year_is_worded_as_itself(context):
    assert context.word_period("rate", 2018) == "2018"
    assert context.word_label("rate", 2018) == "Part"


def test_what_spans_an_interval_says_so(context):
    assert context.word_period("growth", 2018) == "2013-2018"
    assert context.word_label("growth", 2016) == "Évolution (2011-2016)"


def test_the_shortest_interval_is_meant_when_two_end_together(context, values):
    both = make_context(intervals=((2011, 2022), (2016, 2022)))
    assert both.word_period("growth", 2022) == "2016-2022"


@pytest.mark.parametrize(
    ("source_id", "words"),
    [
        ("", ""),
        ("a", "INSEE, Fichier a (RP 2018)"),
        ("a+b", "INSEE, Fichier a (RP 2018) + DGCL, Fichier b (RP 2018)"),
    ],
)
def test_a_source_is_worded_by_producer_title_and_vintage(context, source_id, words):
    assert context.word_source(source_id) == words


def test_a_source_the_edition_does_not_describe_is_an_error(context):
    with pytest.raises(EditionError, match="« ghost »"):
        context.word_source("a+ghost")
