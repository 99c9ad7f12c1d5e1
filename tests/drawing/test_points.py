import numpy as np
import pytest

from drawing.cases import NAN, dots
from drawing.reading import elements, texts, words
from terrdiag.drawing import (
    Axis,
    Caption,
    Dot,
    DotRow,
    DrawingError,
    Reference,
    Slope,
    Spot,
    draw_dots,
    draw_points,
)

CAPTION = Caption("essai", "Titre")


def centres(markup, class_):
    return [(float(e.get("cx")), float(e.get("cy"))) for e in elements(markup, "circle", class_)]


def draw(spots, slope=None):
    return draw_points(CAPTION, spots, Axis(), Axis(), slope=slope)


def test_a_slope_goes_through_the_points_that_lie_on_it():
    spots = [Spot(0, 1), Spot(10, 6)]
    markup = draw(spots, Slope(0.5, 1, 0, 10, "pente")).svg
    line = elements(markup, "line", "tdd-ink2")[0]
    ends = [(float(line.get(f"x{n}")), float(line.get(f"y{n}"))) for n in (1, 2)]
    assert np.array(ends) == pytest.approx(np.array(centres(markup, "tdd-spot")))
    assert "pente" in words(markup)


def test_a_slope_that_is_not_known_is_not_drawn():
    markup = draw([Spot(0, 1), Spot(10, 6)], Slope(NAN, NAN, 0, 10)).svg
    assert elements(markup, "line", "tdd-ink2") == []


def test_the_territory_is_over_the_others_and_named_first():
    # so near that only one of the two names fits on each side
    drawing = draw(
        [Spot(5, 5, "Autre"), Spot(5, 5, "Territoire", own=True), Spot(0, 0), Spot(9, 9)]
    )
    assert drawing.svg.index("tdd-spot") < drawing.svg.index("tdd-dot")
    assert "Territoire" in words(drawing.svg)


def test_names_without_room_are_said():
    spots = [Spot(5, 5, f"Nom très long de la commune {n}") for n in range(30)]
    drawing = draw([*spots, Spot(0, 0), Spot(10, 10)])
    written = [word for word in words(drawing.svg) if word.startswith("Nom")]
    assert 0 < len(written) < 30
    assert len(drawing.unwritten) == 30 - len(written)
    assert f"{len(drawing.unwritten)}\u00a0noms non écrits" in drawing.alt


def test_few_names_without_room_are_said_one_by_one():
    # a point at the middle of a plot that is narrower than the name
    long = "Un nom bien plus long que la moitié de la largeur du graphique, " * 2
    drawing = draw([Spot(0, 0), Spot(5, 5, long), Spot(10, 10)])
    assert drawing.unwritten == (long,)
    assert long in drawing.alt


def test_places_not_drawn_are_counted():
    found = words(draw([Spot(1, 1), Spot(2, 2), Spot(NAN, 1), Spot(1, NAN)]).svg)
    assert "2\u00a0lieux non dessinés (valeur non disponible)" in found


def test_without_a_point_it_says_so():
    assert words(draw([Spot(NAN, 1)]).svg) == ["Aucune donnée à dessiner."]


def test_infinite_point_is_an_error():
    with pytest.raises(DrawingError, match="infinie"):
        draw([Spot(1, float("inf"))])


def draw_table(*rows, columns=("Gers", "France")):
    reference = Reference(1, "1 = pareil")
    return draw_dots(CAPTION, columns, rows, Axis("Indice"), reference=reference).svg


def test_a_value_at_the_reference_is_on_its_line():
    markup = draw_table(DotRow("Industrie", (Dot(1.0), Dot(2.0))))
    line = elements(markup, "line", "tdd-reference")[0]
    assert centres(markup, "tdd-dot")[0][0] == pytest.approx(float(line.get("x1")), abs=0.1)


def test_an_interval_goes_from_end_to_end_and_is_named():
    markup = draw_table(DotRow("Industrie", (Dot(1.2, 1.0, 1.4), Dot(1.0))))
    line = elements(markup, "line", "tdd-interval")[0]
    x = centres(markup, "tdd-dot")[0][0]
    assert float(line.get("x1")) < x < float(line.get("x2"))
    assert x - float(line.get("x1")) == pytest.approx(float(line.get("x2")) - x, abs=0.2)
    assert "intervalle" in words(markup)
    assert "intervalle" not in words(draw_table(DotRow("Industrie", (Dot(1.2), Dot(1.0)))))


def test_an_unknown_value_has_its_words_and_no_dot():
    markup = draw_table(
        DotRow("Industrie", (Dot(NAN, text="secret"), Dot(NAN))), DotRow("B", (Dot(1), Dot(2)))
    )
    assert len(centres(markup, "tdd-dot")) == 2
    assert {"secret", "n.d.", "1,00", "2,00"} <= set(words(markup))


def test_a_fragile_value_is_hollow_and_explained():
    markup = draw_table(DotRow("Industrie", (Dot(1.2, hollow=True), Dot(1.0))))
    assert len(centres(markup, "tdd-hollow")) == 2
    assert "cercle vide\u00a0: valeur fragile" in words(markup)


def test_columns_that_do_not_fit_go_under():
    wide, narrow = (dots(Caption("a", "T", width=width), ("A", "B")).svg for width in (720, 360))
    tops = [
        {round(w.box.top) for w in texts(markup) if "tdd-strong" in w.classes}
        for markup in (wide, narrow)
    ]
    assert [len(found) for found in tops] == [1, 2]


def test_a_row_has_one_dot_a_column():
    with pytest.raises(DrawingError, match="1 valeurs pour 2"):
        draw_table(DotRow("Industrie", (Dot(1.0),)))


@pytest.mark.parametrize(
    "rows", [(), (DotRow("A", (Dot(NAN), Dot(NAN))),)], ids=["none", "unknown"]
)
def test_without_a_value_the_table_says_so(rows):
    assert words(draw_table(*rows)) == ["Aucune donnée à dessiner."]
