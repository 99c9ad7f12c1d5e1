import itertools
import re

import pytest

from drawing.cases import NAN, YEARS, make_series
from drawing.reading import SVG, elements, parse, texts, words
from terrdiag.drawing import (
    Axis,
    Caption,
    DrawingError,
    Mark,
    Panel,
    Reference,
    Series,
    draw_lines,
    draw_multiples,
)

CAPTION = Caption("essai", "Titre")

NARROW = Caption("essai", "Titre", width=360)


def points_of(markup, class_):
    """Coordinates of the curves of a class, each with as many points as its run."""
    return [
        [tuple(map(float, pair.split(","))) for pair in e.get("points").split()]
        for e in elements(markup, "polyline", class_)
    ]


def draw(*series, caption=CAPTION, **kwargs):
    return draw_lines(caption, series, Axis(), Axis(), **kwargs).svg


def test_values_are_where_the_scale_says():
    markup = draw(Series("", ((0, 0), (5, 10), (10, 20)), own=True))
    ((one, middle, last),) = points_of(markup, "tdd-thick")
    # halfway along both axes
    assert middle[0] == pytest.approx((one[0] + last[0]) / 2, abs=0.1)
    assert middle[1] == pytest.approx((one[1] + last[1]) / 2, abs=0.1)
    assert one[1] > last[1]  # upwards on the page is downwards in SVG
    labels = {written.text: written.box for written in texts(markup)}
    assert (labels["20"].top + labels["20"].bottom) / 2 == pytest.approx(last[1], abs=1.5)
    assert (labels["0"].top + labels["0"].bottom) / 2 == pytest.approx(one[1], abs=25)


def test_a_missing_value_interrupts_the_curve_without_a_mark():
    markup = draw(Series("a", ((1, 1), (2, 2), (3, NAN), (4, 4), (5, 5))))
    assert [len(run) for run in points_of(markup, "tdd-line")] == [2, 2]
    assert elements(markup, "line", "tdd-break") == []
    assert "rupture de série" not in words(markup)


def test_a_break_is_an_interruption_with_its_mark_between_and_its_words():
    markup = draw(Series("a", ((1, 1), (2, 2), (4, 4), (5, 5)), breaks=(3,)))
    before, after = points_of(markup, "tdd-line")
    assert (len(before), len(after)) == (2, 2)
    slashes = elements(markup, "line", "tdd-break")
    assert len(slashes) == 4  # two strokes on the curve, two in the key
    middle = (float(slashes[0].get("x1")) + float(slashes[1].get("x2"))) / 2
    assert middle == pytest.approx((before[-1][0] + after[0][0]) / 2, abs=0.2)
    assert "rupture de série" in words(markup)


@pytest.mark.parametrize("at", [0.5, 5, 9])
def test_a_break_beyond_the_points_is_not_drawn(at):
    markup = draw(Series("a", ((1, 1), (2, 2), (4, 4), (5, 5)), breaks=(at,)))
    assert len(points_of(markup, "tdd-line")) == 1
    assert "rupture de série" not in words(markup)


def test_a_break_at_a_point_ends_there():
    markup = draw(Series("a", ((1, 1), (2, 2), (4, 4)), breaks=(2,)))
    assert [len(run) for run in points_of(markup, "tdd-line")] == [2]  # the last point stands alone
    assert len(elements(markup, "polygon", "tdd-mark1")) == 3 + 1  # three points, and the key


def test_the_territory_is_drawn_last_and_thick():
    markup = draw(Series("own", ((1, 1), (2, 2)), own=True), Series("b", ((1, 2), (2, 1))))
    assert markup.index("tdd-thick") > markup.index("tdd-line")


def test_curves_differ_beyond_their_colour():
    series = [Series(str(rank), ((1, rank), (2, rank + 1))) for rank in range(24)]
    markup = draw(*series, caption=NARROW)
    looks = [e.get("class") for e in elements(markup, "polyline", "tdd-line")]
    assert len(looks) == len(set(looks)) == 24
    greys = [re.sub(r"tdd-ink\d", "", look) for look in looks[:4]]
    assert len(set(greys)) == 4


def test_names_are_at_the_ends_in_the_order_of_the_curves():
    markup = draw_lines(CAPTION, make_series(["A", "B", "C", "D"]), Axis(years=True), Axis()).svg
    at = {written.text[0]: written.box for written in texts(markup) if "95,5" in written.text}
    assert sorted(at, key=lambda name: at[name].top) == ["C", "D", "B", "A"]
    assert len({box.left for box in at.values()}) == 1


def test_names_are_in_a_key_on_a_phone_or_when_they_are_many():
    narrow = draw_lines(NARROW, make_series(["A", "B"]), Axis(years=True), Axis()).svg
    assert max(box.box.left for box in texts(narrow)) < 360
    many = draw_lines(
        CAPTION, make_series([f"Nom {n}" for n in range(20)]), Axis(years=True), Axis()
    )
    lefts = {written.box.left for written in texts(many.svg) if "Nom" in written.text}
    assert len(lefts) > 1


def test_years_are_those_of_the_points():
    found = words(draw_lines(CAPTION, make_series(["A"]), Axis(years=True), Axis()).svg)
    assert [str(int(year)) for year in YEARS] == [
        word for word in found if word in map(str, map(int, YEARS))
    ]


def test_reference_is_a_line_with_its_words_and_is_on_the_axis():
    series = Series("a", ((1, 110.0), (2, 120.0)))
    markup = draw(series, reference=Reference(100, "100 = 2011"))
    assert len(elements(markup, "line", "tdd-reference")) == 2
    assert {"100", "100 = 2011"} <= set(words(markup))


def test_marks_have_a_border_at_each_end_and_a_name():
    marks = [Mark(0, "Pouzac", 4), Mark(4, "Gerde", 10)]
    markup = draw(Series("", ((0, 1), (10, 2)), area=True), marks=marks)
    assert len(elements(markup, "line", "tdd-border")) == 3  # the border between is drawn once
    assert {"Pouzac", "Gerde"} <= set(words(markup))
    assert len(elements(markup, "polygon", "tdd-area")) == 1


def test_marks_too_close_for_their_names_have_numbers_and_a_key():
    marks = [Mark(rank, f"Commune numéro {rank % 7}", rank + 1) for rank in range(12)]
    found = words(draw(Series("", ((0, 1), (12, 2))), marks=marks, caption=NARROW))
    assert [found.count(f"Commune numéro {rank}") for rank in range(7)] == [1] * 7
    assert found.count("5") >= 2  # over its two stretches, and in the key


@pytest.mark.parametrize(
    "series",
    [[], [Series("a", ())], [Series("a", ((1, NAN), (NAN, 2)))]],
    ids=["none", "empty", "nan"],
)
def test_without_a_point_it_says_so(series):
    drawing = draw_lines(CAPTION, series, Axis(), Axis())
    assert words(drawing.svg) == ["Aucune donnée à dessiner."]
    assert drawing.alt == "Aucune donnée à dessiner."


def test_infinite_value_is_an_error():
    with pytest.raises(DrawingError, match="infinie"):
        draw(Series("a", ((1, float("inf")),)))


def test_a_single_point_is_still_seen():
    markup = draw(Series("a", ((2022, 3.5),), own=True))
    assert len(elements(markup, "circle", "tdd-mark0")) == 2


def panels():
    france = Series("France", ((2011, 100), (2022, 104)))
    return [
        Panel("CC", (france, Series("lieu", ((2011, 100), (2022, 96)), own=True)), own=True),
        Panel("Gers", (france, Series("lieu", ((2011, 100), (2022, NAN)), own=True))),
        Panel("Lot", (france, Series("lieu", ((2011, NAN),), own=True))),
    ]


def test_panels_share_their_scales():
    markup = draw_multiples(CAPTION, panels(), Axis(years=True), Axis()).svg
    runs = points_of(markup, "tdd-line")
    assert len(runs) == 3
    assert len({run[0][1] for run in runs}) == len({run[1][1] for run in runs}) == 1
    steps = {round(other[0][0] - one[0][0], 0) for one, other in itertools.pairwise(runs)}
    assert len(steps) == 1


def test_a_panel_without_its_place_says_so_and_the_key_names_each_look_once():
    found = words(draw_multiples(CAPTION, panels(), Axis(years=True), Axis()).svg)
    assert found.count("aucune donnée") == 1
    assert found.count("France") == found.count("lieu") == 1
    assert found.count("2011") == 3


def test_panels_are_balanced_over_the_rows():
    five = [Panel(f"P{n}", make_series(["A"])[:1]) for n in range(5)]
    markup = draw_multiples(CAPTION, five, Axis(years=True), Axis()).svg
    tops = [round(w.box.top) for w in texts(markup) if w.text.startswith("P")]
    assert [tops.count(top) for top in sorted(set(tops))] == [3, 2]


def test_drawing_is_about_paper_sized():
    root = parse(draw(Series("a", ((1, 1), (2, 2)))))
    assert root.get("width") == "720"
    assert 300 <= float(root.get("height")) <= 400
    assert root.find(f"{SVG}title") is not None


def test_panels_without_any_value_say_so_once():
    empty = [Panel("CC", (Series("lieu", ((2011, NAN),)),)), Panel("Gers", ())]
    found = words(draw_multiples(CAPTION, empty, Axis(years=True), Axis()).svg)
    assert found == ["Aucune donnée à dessiner."]
