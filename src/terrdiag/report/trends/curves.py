"""Indexed curves: their charts, their small multiples, their table."""

import math
from dataclasses import dataclass, replace
from typing import Final

from terrdiag.analyses.cells import Cell as Found
from terrdiag.analyses.trends import Trend
from terrdiag.analyses.trends.indices import Curve
from terrdiag.catalogue import load_sources
from terrdiag.drawing import (
    Axis,
    Caption,
    Drawing,
    Mark,
    Panel,
    Reference,
    Series,
    draw_lines,
    draw_multiples,
    draw_widths,
)
from terrdiag.report.blocks import Grid
from terrdiag.report.charts import note_coverage
from terrdiag.report.comparison import Cell, Place, cell_mark
from terrdiag.report.sentences import pick_main
from terrdiag.values import ESTIMATE, STATUS_WORDS
from terrdiag.wording import NBSP, format_number, join_words

MAX_DRAWN: Final = 6
"""How many comparators a chart holds."""

MAX_PANELS: Final = {"epci": 12, "commune": 6}
"""How many small charts are drawn."""

INNER_FR: Final = {"epci": ("EPCI", "plus peuplés"), "commune": ("communes", "plus peuplées")}
"""What the small charts are about, and how the largest are said."""


@dataclass(frozen=True)
class CensusChange:
    """What changed in the way the census is taken: the first survey that shows it, a label, a sentence."""

    year: int
    label: str
    sentence: str


CENSUS_CHANGES: Final = (
    CensusChange(
        2018,
        "nouveau questionnaire",
        "Le questionnaire a changé en 2018 (INSEE, « Recensement : changement de questionnaire 2018 »).",
    ),
    CensusChange(
        2021,
        "enquête reportée",
        "L'enquête de 2021 a été reportée en 2022, et les calculs adaptés (INSEE, communiqué du 27 novembre 2020).",
    ),
)
"""Marked on the curves, which they do not cut: a census adds up five years of surveys, the change is gradual."""


def draw_curves(trend: Trend, name: str, what: str) -> Drawing:
    """Draw the curve of the territory beside those of its comparators.

    Parameters
    ----------
    trend
        The curves.
    name
        File stem.
    what
        What is counted, opening the title.

    Returns
    -------
    Drawing
        Two years that do not come from the same file are never joined.
    """
    others = [(to_place(one), one) for one in trend.others if _is_drawn(trend, one)]
    main = pick_main([(p, to_cell(one, trend.base)) for p, one in others], MAX_DRAWN)
    kept = {place for place, _ in main}
    drawn = [(to_place(trend.territory), trend.territory)]
    drawn += [(place, one) for place, one in others if place in kept]
    bare = [make_series(trend, one, p.short, own=one is trend.territory) for p, one in drawn]
    series = [replace(one, text=_word_last(one)) for one in bare]
    pairs = [(place, to_cell(one, last_joined(trend))) for place, one in drawn]
    estimates = [place.short for place, cell in pairs if cell.status == ESTIMATE]
    notes = [note_coverage(pair for pair in pairs if pair[1].known)]
    notes += [f"Estimation{NBSP}: {join_words(estimates)}."] if estimates else []
    caption = Caption(
        name,
        f"{what}, base 100 en {trend.base}, de {trend.drawn[0]} à {trend.drawn[-1]}",
        note=" ".join(note for note in notes if note),
        alt=" ; ".join(f"{one.label} {one.text}" for one in series),
    )
    x, y = _axes(trend)
    marks = [Mark(float(change.year), change.label) for change in list_changes(trend)]
    return draw_widths(
        lambda one: draw_lines(one, series, x, y, reference=Reference(100.0), marks=marks), caption
    )


def draw_panels(trend: Trend, name: str, what: str) -> tuple[Drawing, ...]:
    """Draw one small chart an EPCI, or a commune; the largest ones where they are many.

    Parameters
    ----------
    trend
        The curves.
    name
        File stem.
    what
        What is counted, opening the title.

    Returns
    -------
    tuple of Drawing
        None where there are fewer than two curves to draw.
    """
    curves = trend.epci if len(trend.epci) > 1 else trend.communes
    known = [one for one in curves if _is_drawn(trend, one)]
    if len(known) < 2:
        return ()
    known.sort(key=lambda one: (-one.points[trend.base].denominator, one.place.code))
    many, largest = INNER_FR[known[0].place.level]
    shown = known[: MAX_PANELS[known[0].place.level]]
    territory = to_place(trend.territory).short
    panels = [
        Panel(
            to_place(one).short,
            (
                make_series(trend, one, "Lieu nommé au-dessus", own=True),
                make_series(trend, trend.territory, territory, own=False),
            ),
        )
        for one in shown
    ]
    which = f"les {len(shown)} {many} les {largest}" if len(shown) < len(curves) else f"ses {many}"
    rest = f"Sur {len(curves)} {many}." if len(shown) < len(curves) else ""
    alt = " ; ".join(f"{panel.title} {_word_last(panel.series[0])}" for panel in panels)
    title = f"{what}, base 100 en {trend.base}{NBSP}: {which}"
    caption = Caption(name, title, note=rest, alt=alt)
    x, y = _axes(trend)
    return (
        draw_widths(
            lambda one: draw_multiples(one, panels, x, y, reference=Reference(100.0)), caption
        ),
    )


def make_series(trend: Trend, curve: Curve, label: str, *, own: bool) -> Series:
    """Make a curve ready to be drawn: a year that is not known interrupts it, a change of file breaks it."""
    points = tuple((float(year), to_cell(curve, year).value) for year in trend.drawn)
    return Series(label, points, breaks=trend.breaks, own=own)


def _word_last(series: Series) -> str:
    """Word the last known value of a curve."""
    return next((format_number(y, 1) for _, y in reversed(series.points) if not math.isnan(y)), "")


def tabulate_curves(trend: Trend, what: str) -> Grid:
    """Tabulate every year of the index, those that are not drawn too; the note names the file of each.

    Parameters
    ----------
    trend
        The curves.
    what
        What is counted, opening the caption.

    Returns
    -------
    Grid
        The territory, its EPCI when it has several, its comparators.
    """
    curves = [trend.territory, *(trend.epci if len(trend.epci) > 1 else ()), *trend.others]
    years = [year for year in trend.files if any(one.known(year) for one in curves)]
    files: dict[str, list[int]] = {}
    for year in years:
        files.setdefault(trend.files[year], []).append(year)
    words = [
        f"{join_words(map(str, found))}{NBSP}: {_name_file(file)}" for file, found in files.items()
    ]
    return Grid(
        caption=f"{what}, base 100 en {trend.base}",
        heads=("Lieu", *map(str, years)),
        rows=tuple(
            (_name_row(one), *(_text(one.points.get(year)) for year in years)) for one in curves
        ),
        own=(0,),
        note=f"{' ; '.join(words)}.",
    )


def last_joined(trend: Trend) -> int:
    """Give the last year joined to the base year; the last one of all where none is."""
    joined = [year for year in trend.drawn if trend.files[year] == trend.files[trend.base]]
    return joined[-1] if len(joined) > 1 else trend.drawn[-1]


def list_changes(trend: Trend) -> tuple[CensusChange, ...]:
    """List the changes of the census between the first and the last year drawn."""
    first, last = trend.drawn[0], trend.drawn[-1]
    return tuple(change for change in CENSUS_CHANGES if first < change.year <= last)


def to_place(curve: Curve) -> Place:
    """Name the place of a curve as the reader sees it."""
    return Place(curve.place.level, curve.place.code, curve.place.name)


def to_cell(curve: Curve, year: int) -> Cell:
    """Give the index of a year; a missing cell where it is not known."""
    found = curve.points.get(year)
    return _as_cell(found) if found and found.known else Cell(math.nan, "missing", 0.0)


def _axes(trend: Trend) -> tuple[Axis, Axis]:
    return Axis(years=True), Axis("Indice", f"base 100 en {trend.base}")


def _is_drawn(trend: Trend, curve: Curve) -> bool:
    return curve.known(trend.base) and sum(curve.known(year) for year in trend.drawn) > 1


def _name_row(curve: Curve) -> str:
    """Name a place, with what must be known of its figures."""
    known = [_as_cell(cell) for cell in curve.points.values() if cell.known]
    marks = dict.fromkeys(mark for cell in known if (mark := cell_mark(cell)))
    name = to_place(curve).short
    return f"{name} ({', '.join(marks)})" if marks else name


def _name_file(file: str) -> str:
    """Name a file by what its producer asks to cite."""
    sources = load_sources()
    names = (sources[name].attribution if name in sources else name for name in file.split("+"))
    return " ; ".join(names)


def _text(cell: Found | None) -> str:
    if cell is None or not cell.known:
        return STATUS_WORDS[cell.status if cell else "missing"]
    return format_number(cell.value, 1)


def _as_cell(found: Found) -> Cell:
    return Cell(found.value, found.status, found.coverage_pct)
