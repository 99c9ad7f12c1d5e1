import itertools

import pytest

from drawing.cases import NAN
from drawing.reading import check_sheet, elements, texts, words
from terrdiag.drawing import Axis, Bars, Caption, DrawingError, draw_bars

CAPTION = Caption("essai", "Titre")

NAMES = ["Industrie", "Agriculture"]


def rectangles(markup, class_="tdd-part"):
    keys = ("x", "y", "width", "height")
    return [
        tuple(float(e.get(key)) for key in keys)
        for e in elements(markup, "rect", class_)
        if e.get("width") != "18"  # the swatches of the key
    ]


def draw(groups, categories=NAMES, axis=Axis(), **kwargs):  # noqa: B008
    return draw_bars(CAPTION, categories, groups, axis, **kwargs).svg


def test_lengths_are_in_the_ratio_of_the_values():
    (_, _, one, _), (_, _, other, _) = rectangles(draw([Bars("a", (10.0, 40.0))]))
    assert other == pytest.approx(4 * one, abs=0.5)


def test_lying_bars_start_at_zero_on_both_sides():
    (left, _, width, _), (right, _, _, _) = rectangles(draw([Bars("a", (-3.0, 6.0))]))
    assert left + width == pytest.approx(right, abs=0.1)


def test_standing_bars_stand_on_zero():
    one, other = rectangles(draw([Bars("a", (10.0, 40.0))], vertical=True))
    assert one[1] + one[3] == pytest.approx(other[1] + other[3], abs=0.1)
    assert other[3] == pytest.approx(4 * one[3], abs=0.5)


@pytest.mark.parametrize("vertical", [False, True])
def test_stacked_parts_follow_each_other(vertical):
    groups = [Bars("a", (10.0, 20.0)), Bars("b", (30.0, 20.0)), Bars("c", (60.0, 60.0))]
    found = rectangles(draw(groups, stacked=True, vertical=vertical))
    first = [found[0], found[2], found[4]]
    if vertical:
        assert first[0][1] == pytest.approx(first[1][1] + first[1][3], abs=0.2)
        assert first[1][1] == pytest.approx(first[2][1] + first[2][3], abs=0.2)
    else:
        assert first[1][0] == pytest.approx(first[0][0] + first[0][2], abs=0.2)
        assert first[2][0] == pytest.approx(first[1][0] + first[1][2], abs=0.2)


def test_stacked_parts_below_zero_go_the_other_way():
    groups = [Bars("a", (10.0,)), Bars("b", (-4.0,)), Bars("c", (-2.0,))]
    plus, minus, last = rectangles(draw(groups, categories=["x"], stacked=True))
    assert plus[0] == pytest.approx(minus[0] + minus[2], abs=0.1)
    assert minus[0] == pytest.approx(last[0] + last[2], abs=0.1)


@pytest.mark.parametrize("vertical", [False, True])
def test_unknown_and_zero_differ(vertical):
    markup = draw([Bars("a", (NAN, 0.0))], vertical=vertical)
    assert len(rectangles(markup)) == 1
    found = words(markup)
    assert "n.d." in found
    assert "0" in found


@pytest.mark.parametrize(
    ("values", "expected"),
    [((1234.0, 5.0), ["1\u202f234", "5"]), ((1.25, 5.0), ["1,3", "5,0"])],
)
def test_figures_are_french_with_the_same_decimals(values, expected):
    assert [word for word in words(draw([Bars("a", values)])) if word in expected] == expected


def test_texts_take_the_place_of_the_figures():
    markup = draw([Bars("a", (1.0, NAN), texts=("un", "effectif trop faible"))], vertical=True)
    assert {"un", "effectif trop faible"} <= set(words(markup))


def test_figures_of_standing_bars_are_written_only_when_all_fit():
    wide = [f"Tranche {n}" for n in range(3)]
    assert "1\u202f234" in words(draw([Bars("a", (1234.0,) * 3)], wide, vertical=True))
    bands = [str(n) for n in range(40)]
    assert "1\u202f234" not in words(draw([Bars("a", (1234.0,) * 40)], bands, vertical=True))


def test_bands_are_named_at_regular_steps_when_they_are_many():
    bands = [f"{low}-{low + 100}" for low in range(400, 2900, 100)]
    found = [
        word
        for word in words(draw([Bars("a", (1.0,) * 25)], bands, vertical=True))
        if word in bands
    ]
    ranks = [bands.index(word) for word in found]
    assert ranks[0] == 0
    assert len({other - one for one, other in itertools.pairwise(ranks)}) == 1


def test_strong_bars_and_the_territory_have_the_accent():
    markup = draw([Bars("a", (1.0, 2.0), strong=(1,)), Bars("b", (1.0, 2.0), own=True)])
    accents = [e for e in elements(markup, "rect", "tdd-fill0") if e.get("width") != "18"]
    assert len(accents) == 3


def test_a_single_group_needs_no_key():
    assert "groupe" not in words(draw([Bars("groupe", (1.0, 2.0))]))
    two = [Bars("groupe", (1.0, 2.0)), Bars("autre", (1.0, 2.0))]
    assert {"groupe", "autre"} <= set(words(draw(two)))


def test_unit_is_written_once():
    assert words(draw([Bars("a", (1.0, 2.0))], axis=Axis("Part", "%"))).count("Part (%)") == 1


def test_figures_stay_beside_their_bars():
    markup = draw([Bars("a", (10.0, -40.0))])
    at = {written.text: written.box for written in texts(markup)}
    (x1, _, width, _), (x2, _, _, _) = rectangles(markup)
    assert at["10"].left > x1 + width
    assert at["−40"].right < x2


@pytest.mark.parametrize(
    "bars", [Bars("a", (1.0,)), Bars("a", (1.0, 2.0), texts=("un",))], ids=["values", "texts"]
)
def test_one_value_a_category(bars):
    with pytest.raises(DrawingError, match="1 valeurs pour 2"):
        draw([bars])


@pytest.mark.parametrize("groups", [[], [Bars("a", (NAN, NAN))]], ids=["none", "unknown"])
def test_without_a_value_it_says_so(groups):
    assert words(draw(groups)) == ["Aucune donnée à dessiner."]


def test_words_wider_than_their_bar_climb_along_it():
    values = (NAN, *(1.0,) * 24)
    texts_ = ("effectif trop faible", *("1",) * 24)
    markup = draw([Bars("a", values, texts=texts_)], [str(n) for n in range(25)], vertical=True)
    (found,) = (one for one in texts(markup) if one.text == "effectif trop faible")
    assert found.box.bottom - found.box.top > 5 * (found.box.right - found.box.left)
    check_sheet(markup)
