"""What the perimeter was at the other dates a study names: words, a table, a map."""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from terrdiag.drawing import (
    Caption,
    Drawing,
    Fill,
    Legend,
    MapLabel,
    MapLine,
    MapShape,
    draw_map,
    draw_widths,
    label_place,
    view_bounds,
)
from terrdiag.edition import Edition, read_figures
from terrdiag.edition.schema import LAMBERT_93, LEGAL_EPSG
from terrdiag.report.blocks import Block, Grid
from terrdiag.territory import DatedPerimeter, Perimeter
from terrdiag.territory.dated_notice import describe_changes, word_move_date, word_other
from terrdiag.territory.model import Changes, Move, format_date
from terrdiag.territory.notice import EPCI_SOURCE
from terrdiag.values import STATUS_WORDS
from terrdiag.wording import NBSP, format_number, join_words, plural

Populations = Mapping[int, Mapping[str, float]]
"""Population by year, then by commune of the edition's COG."""

STAYED, ENTERED, LEFT = range(3)

CLASSES: Final = ("aux deux dates", "entrée entre les deux", "sortie entre les deux")

TINTS: Final = ("#dbe7f2", "#0f4c81", "#ffffff")
"""Light, dark, hatched: the three classes are told apart in black and white."""

NAMED_BESIDE: Final = 5
"""How many communes that did not move are named on the map, the most peopled first."""

SMALL_SHARE: Final = 0.08
"""A commune smaller than this share of the map is named under its outline."""

UNDER_SHARE: Final = 0.02

OUTLINE_SOURCE: Final = "etalab-geo-api-2026"

LISTED_DATES: Final = (
    "La composition des EPCI est celle de listes au 1er janvier : un changement est daté de la "
    "première liste qui le montre, et a pu prendre effet dans l'année qui précède."
)


def read_populations(edition: Edition, perimeter: Perimeter) -> Populations:
    """Read the population of every commune that the territory holds at one date or another.

    Parameters
    ----------
    edition
        The edition.
    perimeter
        The territory.

    Returns
    -------
    mapping
        Population in inhabitants, by year, then by code; empty when no other date is named.
    """
    if not perimeter.others:
        return {}
    codes = set(perimeter.communes).union(*(other.communes for other in perimeter.others))
    rows = read_figures(edition, levels=["commune"], codes=codes, variables=["population"])
    rows = rows[rows["value"].notna()]
    found: dict[int, dict[str, float]] = {}
    for year, code, value in zip(rows["ref_year"], rows["code"], rows["value"], strict=True):
        found.setdefault(int(year), {})[str(code)] = float(value)
    return found


def tell_changes(
    perimeter: Perimeter, frame: gpd.GeoDataFrame, populations: Populations
) -> tuple[Block, ...]:
    """Tell what the perimeter was at the other dates that the study names.

    Parameters
    ----------
    perimeter
        The territory.
    frame
        Communes: ``code, name, code_departement, inside, geometry`` (EPSG:4326), those of the
        other dates included.
    populations
        From :func:`read_populations`.

    Returns
    -------
    tuple of Block
        One a date, in the order of the study: sentences, and, where communes came or went, a map
        and a table.
    """
    return tuple(
        _tell(perimeter, other, frame, populations)
        for other in perimeter.others
        if other.changes is not None
    )


def _tell(
    perimeter: Perimeter, other: DatedPerimeter, frame: gpd.GeoDataFrame, populations: Populations
) -> Block:
    changes = other.changes or Changes(other.date, other.date)
    then = [format_date(date) for date in (changes.start, changes.end)]
    title = f"Le périmètre, du {then[0]} au {then[1]}"
    moves = changes.moves
    year = pick_year(moves, populations)
    notes = [other.remark] if other.remark else []
    if any(not move.source for move in moves) or changes.renumbered:
        notes.append(LISTED_DATES)
    return Block(
        theme="territoire",
        title=title,
        sentences=(*describe_changes(changes), *_tell_populations(moves, populations, year)),
        drawings=(draw_changes(perimeter, other, frame, populations),) if moves else (),
        grids=(tabulate_moves(perimeter, changes, populations, year),) if moves else (),
        notes=tuple(notes),
        sources=(EPCI_SOURCE, OUTLINE_SOURCE),
    )


def pick_year(moves: Iterable[Move], populations: Populations) -> int | None:
    """Pick the latest year at which the population of most of the communes that moved is known.

    Examples
    --------
    >>> pick_year([], {2022: {}})
    """
    codes = {move.code for move in moves}
    known = {year: len(codes & of_year.keys()) for year, of_year in populations.items()}
    best = max(known, key=lambda year: (known[year], year), default=None)
    return best if best is not None and known[best] else None


def tabulate_moves(
    perimeter: Perimeter, changes: Changes, populations: Populations, year: int | None
) -> Grid:
    """Tabulate the communes that came in or went out.

    Parameters
    ----------
    perimeter
        The territory.
    changes
        What differs between two of its dates.
    populations, year
        Population of communes, and the year shown.
    """
    start, end = format_date(changes.start), format_date(changes.end)
    rows = tuple(
        (
            move.name,
            move.code,
            "entrée" if move.is_entry else "sortie",
            word_move_date(move),
            word_other(move) or "non connu",
            _word_population(populations, year, move.code),
        )
        for move in changes.moves
    )
    head = f"Population municipale ({year})" if year else "Population municipale"
    return Grid(
        f"{perimeter.name} : communes entrées et sorties entre le {start} et le {end}",
        ("Commune", "Code", "Mouvement", "Date", "EPCI quitté ou rejoint", head),
        rows,
        texts=(0, 1, 2, 3, 4),
    )


def draw_changes(
    perimeter: Perimeter,
    other: DatedPerimeter,
    frame: gpd.GeoDataFrame,
    populations: Populations,
) -> Drawing:
    """Draw the communes that stayed, came in and went out between two dates.

    Parameters
    ----------
    perimeter
        The territory, whose perimeter is drawn strong.
    other
        The same at another date, drawn dashed.
    frame, populations
        As for :func:`tell_changes`.

    Returns
    -------
    Drawing
        In the legal projection of most of the communes.
    """
    changes = other.changes or Changes(other.date, other.date)
    classes = _classify(perimeter, other, changes)
    ranks = {one: rank for rank, one in enumerate(sorted(set(classes.values())))}
    projected, is_apart = _project(frame, classes)
    codes, outlines = projected["code"].tolist(), projected.geometry.to_numpy()
    own = set(perimeter.communes)
    shapes = [
        MapShape(outline, own=code in own, fill=ranks.get(classes.get(code, -1)))
        for code, outline in zip(codes, outlines, strict=True)
    ]
    then = set(other.communes)
    former = shapely.coverage_union_all(
        [o for c, o in zip(codes, outlines, strict=True) if c in then]
    )
    line = MapLine(former, label=f"Périmètre du {format_date(other.date)}", dashed=True)
    caption = _caption(perimeter, changes, is_apart=is_apart)
    labels = _name_communes(projected, changes, classes, populations)
    legend = _legend(perimeter, classes)
    return draw_widths(
        lambda one: draw_map(one, shapes, lines=[line], labels=labels, legend=legend), caption
    )


def _classify(perimeter: Perimeter, other: DatedPerimeter, changes: Changes) -> dict[str, int]:
    """Give its class to each commune of one date or the other."""
    classes = dict.fromkeys({*perimeter.communes, *other.communes}, STAYED)
    moved = {move.code: ENTERED if move.is_entry else LEFT for move in changes.moves}
    return classes | moved


def _project(frame: gpd.GeoDataFrame, classes: Mapping[str, int]) -> tuple[gpd.GeoDataFrame, bool]:
    """Keep what one legal projection can show, where most of the communes are."""
    epsg = frame["code_departement"].map(LEGAL_EPSG).fillna(LAMBERT_93).astype(int)
    concerned = epsg[frame["code"].isin(list(classes))]
    chosen = int(concerned.value_counts().sort_index().idxmax())
    projected = frame[epsg == chosen].to_crs(chosen)
    shown = projected[projected["code"].isin(list(classes))]
    west, south, east, north = view_bounds([MapShape(outline) for outline in shown.geometry])
    # the frame holds whole EPCI all around, far beyond what the map shows
    return projected.cx[west:east, south:north], bool((concerned != chosen).any())


def _caption(perimeter: Perimeter, changes: Changes, *, is_apart: bool) -> Caption:
    start, end = format_date(changes.start), format_date(changes.end)
    away = (
        f"{NBSP}; une partie du territoire, outre-mer, n'est pas sur la carte" if is_apart else ""
    )
    entered = [move.name for move in changes.moves if move.is_entry]
    left = [move.name for move in changes.moves if not move.is_entry]
    words = [
        f"{what}{NBSP}: {join_words(names)}"
        for what, names in (("Communes entrées", entered), ("Communes sorties", left))
        if names
    ]
    return Caption(
        f"perimetre-{changes.start.isoformat()}-{changes.end.isoformat()}",
        f"{perimeter.name} : communes entrées et sorties du {start} au {end}",
        note=f"Communes d'aujourd'hui, contours généralisés{away}.",
        alt=f"Carte des changements de périmètre. {'. '.join(words)}.",
    )


def _legend(perimeter: Perimeter, classes: Mapping[str, int]) -> Legend:
    """List the classes that hold communes, with how many."""
    found = list(classes.values())
    fills = tuple(
        Fill(
            CLASSES[one],
            TINTS[one],
            plural(found.count(one), "commune"),
            "lines" if one == LEFT else "",
        )
        for one in sorted(set(found))
    )
    return Legend(
        "Communes du périmètre",
        fills,
        own=f"Périmètre du {format_date(perimeter.date)}",
        away="Autour",
    )


def _name_communes(
    projected: gpd.GeoDataFrame,
    changes: Changes,
    classes: Mapping[str, int],
    populations: Populations,
) -> list[MapLabel]:
    """Name the communes that moved, then the most peopled of the others."""
    outlines = dict(zip(projected["code"], projected.geometry, strict=True))
    names = dict(zip(projected["code"], projected["name"], strict=True))
    moved = [move.code for move in changes.moves if move.code in outlines]
    latest = populations.get(max(populations, default=0), {})
    stayed = [code for code in outlines if classes.get(code) == STAYED and code in latest]
    beside = sorted(stayed, key=lambda code: (-latest[code], code))[:NAMED_BESIDE]
    west, south, east, north = shapely.total_bounds(
        [outlines[code] for code in classes if code in outlines]
    )
    extent = max(east - west, north - south)
    return [
        *(_label_moved(names[code], outlines[code], extent) for code in moved),
        *(label_place(names[code], outlines[code]) for code in beside),
    ]


def _label_moved(name: str, outline: Any, extent: float) -> MapLabel:
    """Name a commune that moved; under its outline when the name would hide it."""
    label = label_place(name, outline, strong=True)
    west, south, east, north = outline.bounds
    if max(east - west, north - south) > SMALL_SHARE * extent:
        return label
    return dataclasses.replace(label, y=south - UNDER_SHARE * extent)


def _tell_populations(
    moves: Iterable[Move], populations: Populations, year: int | None
) -> list[str]:
    """Say how many inhabitants the communes that came in or went out have."""
    sentences = []
    of_year = populations.get(year, {}) if year else {}
    for is_entry, one, many in (
        (True, "La commune qui est entrée compte", "Les communes qui sont entrées comptent"),
        (False, "La commune qui est sortie compte", "Les communes qui sont sorties comptent"),
    ):
        codes = [move.code for move in moves if move.is_entry is is_entry]
        if codes and all(code in of_year for code in codes):
            total = format_number(sum(of_year[code] for code in codes))
            head = one if len(codes) == 1 else many
            sentences.append(f"{head} {total}{NBSP}habitants ({year}).")
    return sentences


def _word_population(populations: Populations, year: int | None, code: str) -> str:
    value = populations.get(year, {}).get(code) if year else None
    return STATUS_WORDS["missing"] if value is None or pd.isna(value) else format_number(value)
