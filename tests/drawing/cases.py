"""One drawing of each kind, around labels that the tests choose."""

import functools
from collections.abc import Callable, Sequence

import shapely

from terrdiag.drawing import (
    Axis,
    Bars,
    Caption,
    Dot,
    DotRow,
    Drawing,
    Fill,
    Legend,
    MapLine,
    MapShape,
    Mark,
    Panel,
    Raster,
    Reference,
    Series,
    Slope,
    Spot,
    draw_bars,
    draw_dots,
    draw_lines,
    draw_map,
    draw_multiples,
    draw_points,
    label_place,
)

NAN = float("nan")

YEARS = (2011.0, 2013.0, 2016.0, 2018.0, 2022.0, 2023.0)

INDEXES = (
    (100.0, 99.1, 98.2, 97.8, 95.7, 95.5),
    (100.0, 99.6, 99.2, 98.8, 97.5, 97.3),
    (100.0, 101.1, 102.0, 104.0, 108.9, 110.3),
    (100.0, 101.0, 102.2, NAN, 104.4, 104.9),
)

PNG = b"\x89PNG\r\n\x1a\n" + b"not read by the drawing"

NAMES = ("Haute-Bigorre", "PETR Coteaux et Vallées", "Occitanie", "France")

Draw = Callable[[Caption, Sequence[str]], Drawing]


def make_series(labels: Sequence[str]) -> list[Series]:
    return [
        Series(
            label,
            tuple(zip(YEARS, INDEXES[rank % 4], strict=True)),
            breaks=(2017.0,) if rank == 1 else (),
            own=rank == 0,
            text="95,5",
        )
        for rank, label in enumerate(labels)
    ]


def lines(caption: Caption, labels: Sequence[str]) -> Drawing:
    y = Axis(labels[0], "indice")
    reference = Reference(100, labels[0])
    return draw_lines(caption, make_series(labels), Axis(years=True), y, reference=reference)


def transect(caption: Caption, labels: Sequence[str]) -> Drawing:
    edges = [0, 1.5, 3, 9, 10, 20]
    marks = [
        Mark(edges[rank % 5], label, edges[rank % 5 + 1])
        for rank, label in enumerate(sorted(labels))
    ]
    profile = Series("", tuple((float(x), 500.0 + 90 * x) for x in range(21)), own=True, area=True)
    return draw_lines(
        caption, [profile], Axis("Distance", "km"), Axis("Altitude", "m"), marks=marks
    )


def bars(
    caption: Caption, labels: Sequence[str], *, vertical: bool = False, stacked: bool = False
) -> Drawing:
    groups = [
        Bars(labels[0], (14.2, 3.9, NAN, 38.0), own=True),
        Bars(labels[-1], (9.1, 3.6 if stacked else -3.6, 6.4, 41.2), texts=("9,1", "", "6,4", "x")),
    ]
    four = [labels[rank % len(labels)] for rank in range(4)]
    axis = Axis(labels[0], "%")
    return draw_bars(caption, four, groups, axis, vertical=vertical, stacked=stacked)


def points(caption: Caption, labels: Sequence[str]) -> Drawing:
    spots = [
        Spot(
            500.0 + 37 * (rank * 7 % 25),
            -8.0 + rank * 13 % 17,
            labels[rank % len(labels)],
            rank == 3,
        )
        for rank in range(25)
    ]
    slope = Slope(-0.005, 8, 500, 1400, labels[0])
    return draw_points(caption, [*spots, Spot(1, NAN)], Axis("x", "m"), Axis("y"), slope=slope)


def dots(caption: Caption, labels: Sequence[str]) -> Drawing:
    row = (Dot(1.2, 1.1, 1.3), Dot(0.7, 0.6, 0.8, hollow=True), Dot(NAN, text="secret"), Dot(1.0))
    rows = [DotRow(label, row) for label in labels]
    columns = [labels[rank % len(labels)] for rank in range(4)]
    return draw_dots(caption, columns, rows, Axis(labels[0]), reference=Reference(1, labels[0]))


def multiples(caption: Caption, labels: Sequence[str]) -> Drawing:
    series = make_series(NAMES)
    panels = [
        Panel(label, (series[3], series[rank % 3]), own=rank == 0)
        for rank, label in enumerate([*labels, *labels])
    ]
    reference = Reference(100, labels[0])
    return draw_multiples(caption, panels, Axis(years=True), Axis("Indice"), reference=reference)


def squares() -> list[shapely.Polygon]:
    """Nine communes of 5 km; the middle one and those at its left are the territory's."""
    return [
        shapely.box(x, y, x + 5000, y + 5000)
        for y in (6_200_000, 6_205_000, 6_210_000)
        for x in (460_000, 465_000, 470_000)
    ]


def country(caption: Caption, labels: Sequence[str], raster: Raster | None = None) -> Drawing:
    own = [True, True, False, True, True, False, True, False, False]
    shapes = [
        MapShape(place, is_own, rank % 3 if is_own else None)
        for rank, (place, is_own) in enumerate(zip(squares(), own, strict=True))
    ]
    names = [
        label_place(labels[rank % len(labels)], place, strong=rank == 0)
        for rank, place in enumerate(squares())
    ]
    path = shapely.LineString([(461_000, 6_201_000), (468_000, 6_209_000)])
    return draw_map(
        caption,
        shapes,
        background=raster,
        lines=[MapLine(path, labels[0], labels[0], labels[-1]), MapLine(squares()[2], dashed=True)],
        labels=names,
        legend=Legend(
            labels[0],
            (
                Fill("a", "#ffffcc", "2\u00a0communes"),
                Fill(labels[-1], "#2c7fb8"),
                Fill("n", "#ffffff", hatch="lines"),
            ),
            "périmètre",
            "voisines",
            (labels[0],),
        ),
    )


EVERY_KIND: dict[str, Draw] = {
    "lines": lines,
    "transect": transect,
    "bars": bars,
    "stacked": functools.partial(bars, stacked=True),
    "standing": functools.partial(bars, vertical=True),
    "standing-stacked": functools.partial(bars, vertical=True, stacked=True),
    "points": points,
    "dots": dots,
    "multiples": multiples,
    "map": country,
    "relief": functools.partial(
        country, raster=Raster(PNG, (440_000, 6_190_000, 490_000, 6_230_000))
    ),
}
