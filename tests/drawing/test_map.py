import dataclasses
import re

import numpy as np
import pytest
import shapely

from drawing.cases import NAMES, PNG, country, squares
from drawing.reading import elements, parse, texts, words
from terrdiag.drawing import (
    Caption,
    DrawingError,
    Fill,
    Legend,
    MapLabel,
    MapLine,
    MapShape,
    Raster,
    draw_map,
    label_place,
    view_bounds,
)
from terrdiag.drawing.furniture import round_length, word_length
from terrdiag.drawing.ground import FLATTEST, MARGIN, TALLEST, Ground, write_outlines
from terrdiag.drawing.place import Box

CAPTION = Caption("carte", "Titre")

OWN = tuple(MapShape(place) for place in squares())


def read_path(data):
    """Give the rings of a path as lists of points, from its relative moves."""
    rings = []
    for ring in re.findall(r"M[^M]*", data):
        numbers = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", ring)]
        steps = np.array(numbers).reshape(-1, 2)
        rings.append(np.cumsum(steps, axis=0))
    return rings


def area_of(markup, class_):
    paths = elements(markup, "path", class_)
    return sum(shapely.Polygon(ring).area for path in paths for ring in read_path(path.get("d")))


@pytest.mark.parametrize(
    ("geometries", "data"),
    [
        ([], ""),
        ([shapely.box(1, 1, 2, 3)], "M2 1l0 2-1 0 0-2z"),
        ([shapely.LineString([(0, 0), (0.04, 0), (10.25, -3)])], "M0 0l10.3-3"),  # 0.04 is nothing
        ([shapely.box(5, 5, 5.01, 5.01)], "M5 5l0.5 0 0 0.5z"),  # too small, still marked
        ([shapely.MultiPolygon()], ""),
    ],
)
def test_outlines(geometries, data):
    assert write_outlines(geometries) == data


def test_a_hole_is_a_ring_of_its_own():
    ring = shapely.box(0, 0, 9, 9).difference(shapely.box(3, 3, 6, 6))
    assert write_outlines([ring]).count("M") == 2


def test_roundings_do_not_add_up():
    xs = np.linspace(0, 100, 977)
    line = shapely.LineString(np.column_stack([xs, np.sin(xs)]))
    (points,) = read_path(write_outlines([line]))
    assert points[-1] == pytest.approx([100, np.sin(100)], abs=0.06)


@pytest.mark.parametrize(
    ("most", "length", "words_"),
    [
        (7300, 5000, "5\u00a0km"),
        (1999, 1000, "1\u00a0km"),
        (999, 500, "500\u00a0m"),
        (2.4, 2, "2\u00a0m"),
    ],
)
def test_scale_bar_is_round(most, length, words_):
    assert round_length(most) == length
    assert word_length(length) == words_


def test_scale_bar_has_the_length_it_says():
    markup = draw_map(CAPTION, OWN).svg
    (bar,) = elements(markup, "rect", "tdd-scale")
    west, _, east, _ = view_bounds(OWN)
    assert "2\u00a0km" in words(markup)
    assert float(bar.get("width")) == pytest.approx(2000 / (east - west) * 719, abs=0.1)


def test_areas_are_in_the_ratio_of_the_ground():
    shapes = [MapShape(place, own=rank != 4) for rank, place in enumerate(squares())]
    markup = draw_map(CAPTION, shapes).svg
    assert area_of(markup, "tdd-commune") == pytest.approx(
        8 * area_of(markup, "tdd-away"), rel=0.01
    )


def test_the_perimeter_is_the_outline_of_the_territory_alone():
    left = [MapShape(place, own=rank % 3 == 0) for rank, place in enumerate(squares())]
    (path,) = elements(draw_map(CAPTION, left).svg, "path", "tdd-perimeter")
    (ring,) = read_path(path.get("d"))
    # three communes of 5 km on top of each other
    width, height = np.ptp(ring, axis=0)
    assert height == pytest.approx(3 * width, abs=0.3)


def test_classes_take_the_colours_of_the_legend():
    shapes = [dataclasses.replace(shape, fill=rank % 2) for rank, shape in enumerate(OWN)]
    legend = Legend("Titre", (Fill("bas", "#ffffcc", "5\u00a0communes"), Fill("haut", "#2c7fb8")))
    markup = draw_map(CAPTION, shapes, legend=legend).svg
    assert [e.get("fill") for e in elements(markup, "path", "tdd-commune")] == [
        "#ffffcc",
        "#2c7fb8",
    ]
    assert [e.get("fill") for e in elements(markup, "path", "tdd-swatch")] == ["#ffffcc", "#2c7fb8"]
    assert {"bas (5\u00a0communes)", "haut", "Titre"} <= set(words(markup))


@pytest.mark.parametrize("hatch", ["lines", "cross", "dots", "dashes"])
def test_hatches_stay_inside_their_places(hatch):
    legend = Legend("", (Fill("n.d.", "#ffffff", hatch=hatch),))
    shapes = [dataclasses.replace(OWN[0], fill=0), *OWN[1:]]
    markup = draw_map(CAPTION, shapes, legend=legend).svg
    place, _ = elements(markup, "path", "tdd-commune")
    ground = shapely.Polygon(read_path(place.get("d"))[0]).buffer(0.2)
    strokes, _ = elements(markup, "path", "tdd-hatch")
    found = [shapely.LineString(ring) for ring in read_path(strokes.get("d"))]
    assert len(found) > 5
    assert all(ground.covers(stroke) for stroke in found)


def test_neighbours_are_cut_at_the_frame():
    around = shapely.box(0, 6_000_000, 900_000, 6_500_000).difference(shapely.union_all(squares()))
    markup = draw_map(CAPTION, [*OWN, MapShape(around, own=False)]).svg
    (path,) = elements(markup, "path", "tdd-away")
    points = np.concatenate(read_path(path.get("d")))
    assert points.min() >= 0
    assert points[:, 0].max() <= 720


def test_a_picture_is_inside_the_file_under_the_borders():
    markup = country(CAPTION, NAMES, Raster(PNG, (455_000, 6_195_000, 480_000, 6_220_000))).svg
    (image,) = (e for e in parse(markup).iter() if e.tag.endswith("image"))
    href = image.get("{http://www.w3.org/1999/xlink}href")
    assert href.startswith("data:image/png;base64,iVBORw0KGgp")
    assert markup.index("<image") < markup.index("tdd-veil") < markup.index("tdd-perimeter")
    assert 'tdd-away"' not in markup


def test_a_picture_lies_where_its_bounds_say():
    west, south, east, north = view_bounds(OWN)
    half = Raster(PNG, (west, south, (west + east) / 2, north))
    markup = draw_map(CAPTION, OWN, background=half).svg
    (image,) = (e for e in parse(markup).iter() if e.tag.endswith("image"))
    assert float(image.get("x")) == 0.5
    assert float(image.get("width")) == pytest.approx(719 / 2, abs=0.1)


def test_a_former_perimeter_is_under_the_present_one_and_a_transect_over():
    path = MapLine(
        shapely.LineString([(461_000, 6_201_000), (468_000, 6_209_000)]), "transect", "A", "B"
    )
    former = MapLine(squares()[0], "au 1er janvier 2017", dashed=True)
    markup = draw_map(CAPTION, OWN, lines=[path, former]).svg
    order = [
        markup.index(name) for name in ("tdd-path-dashed", "tdd-perimeter", 'class="tdd-path"')
    ]
    assert order == sorted(order)
    assert {"A", "B", "transect", "au 1er janvier 2017"} <= set(words(markup))
    assert len(elements(markup, "circle", "tdd-end")) == 2


def test_names_that_do_not_fit_are_said():
    labels = [MapLabel(f"Commune {n}", 467_500, 6_207_500) for n in range(40)]
    drawing = draw_map(CAPTION, OWN, labels=labels)
    assert 0 < len(drawing.unwritten) < 40
    assert "Commune 0" in words(drawing.svg)


def test_a_name_is_over_its_place():
    label = label_place("Centre", squares()[4])
    markup = draw_map(CAPTION, OWN, labels=[label]).svg
    (box,) = (written.box for written in texts(markup) if written.text == "Centre")
    root = parse(markup)
    middle = (box.left + box.right) / 2
    assert middle == pytest.approx(float(root.get("width")) / 2, abs=2)


def test_legend_is_beside_a_high_map_and_under_a_flat_one():
    legend = Legend(own="périmètre")
    flat = [MapShape(shapely.box(0, 6_200_000, 40_000, 6_210_000))]
    for shapes, beside in ((OWN, True), (flat, False)):
        (box,) = (
            w.box
            for w in texts(draw_map(CAPTION, shapes, legend=legend).svg)
            if w.text == "périmètre"
        )
        assert (box.left > 500) is beside
    narrow = draw_map(Caption("carte", "T", width=360), OWN, legend=legend).svg
    (box,) = (w.box for w in texts(narrow) if w.text == "périmètre")
    assert box.left < 100


@pytest.mark.parametrize(
    ("box", "ratio"),
    [
        ((0, 1e6, 1e4, 1.01e6), 1.0),
        ((0, 1e6, 1e5, 1.01e6), FLATTEST),
        ((0, 1e6, 1e4, 1.1e6), TALLEST),
    ],
)
def test_the_ground_shown_is_neither_flat_nor_tall(box, ratio):
    west, south, east, north = view_bounds([MapShape(shapely.box(*box))])
    assert (north - south) / (east - west) == pytest.approx(ratio)
    assert west <= box[0] - MARGIN * 1e4
    assert (west + east) / 2 == pytest.approx((box[0] + box[2]) / 2)


def test_the_ground_holds_the_lines_but_not_the_neighbours():
    far = MapShape(shapely.box(0, 0, 1e6, 1e6), own=False)
    line = MapLine(shapely.LineString([(470_000, 6_205_000), (500_000, 6_205_000)]))
    assert view_bounds([*OWN, far]) == view_bounds(OWN)
    assert view_bounds(OWN, [line])[2] > 500_000


def test_points_are_placed_upside_down_and_in_proportion():
    ground = Ground((0, 0, 1000, 500), Box(10, 20, 210, 120))
    assert ground.at(0, 500) == (10, 20)
    assert ground.at(1000, 0) == (210, 120)
    assert ground.at(500, 250) == (110, 70)


def test_places_without_outline_are_counted():
    shapes = [*OWN, MapShape(None), MapShape(shapely.Polygon())]
    said = " ".join(words(draw_map(CAPTION, shapes).svg))
    assert "2\u00a0lieux sans contour connu, non dessinés" in said


def test_without_an_outline_it_says_so():
    assert words(draw_map(CAPTION, [MapShape(None)]).svg) == ["Aucune donnée à dessiner."]
    with pytest.raises(DrawingError, match="étendue"):
        view_bounds([])


@pytest.mark.parametrize(
    ("shapes", "legend", "message"),
    [
        ([MapShape(shapely.box(0, 42, 1, 43))], Legend(), "degrés"),
        ([dataclasses.replace(OWN[0], fill=1)], Legend(fills=(Fill("a", "#ffffff"),)), "classe 1"),
        ([dataclasses.replace(OWN[0], fill=0)], Legend(fills=(Fill("a", 'red" x="'),)), "#rrggbb"),
        (
            [dataclasses.replace(OWN[0], fill=0)],
            Legend(fills=(Fill("a", "#ffffff", hatch="x"),)),
            "motif",
        ),
    ],
    ids=["degrees", "class", "colour", "hatch"],
)
def test_parts_that_do_not_fit(shapes, legend, message):
    with pytest.raises(DrawingError, match=message):
        draw_map(CAPTION, shapes, legend=legend)


def test_a_picture_is_a_png():
    with pytest.raises(DrawingError, match="PNG"):
        draw_map(CAPTION, OWN, background=Raster(b"<svg/>", view_bounds(OWN)))


def test_borders_of_many_communes_are_hair_lines():
    grid = [
        MapShape(shapely.box(x, 6_200_000 + y, x + 100, 6_200_100 + y))
        for x in range(0, 2100, 100)
        for y in range(0, 2000, 100)
    ]
    assert elements(draw_map(CAPTION, grid).svg, "path", "tdd-fine")
    assert not elements(draw_map(CAPTION, grid[:50]).svg, "path", "tdd-fine")


def test_a_map_of_neighbours_alone_has_no_perimeter():
    markup = draw_map(CAPTION, [MapShape(place, own=False) for place in squares()]).svg
    assert elements(markup, "path", "tdd-away")
    assert not elements(markup, "path", "tdd-perimeter")


def test_coordinates_are_numbers():
    torn = shapely.LineString([(460_000, float("inf")), (470_000, 6_200_000)])
    with pytest.raises(DrawingError, match="pas des nombres"):
        view_bounds(OWN, [MapLine(torn)])
