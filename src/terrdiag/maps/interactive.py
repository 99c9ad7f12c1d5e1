"""A standalone map: one HTML file that asks nothing of any network, made on a folium map."""

import base64
import datetime as dt
import functools
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Final

from terrdiag.maps.assets import Assets, map_assets, page_assets, read_shell, safe_json
from terrdiag.maps.scene import Layer, Scene
from terrdiag.maps.view import View
from terrdiag.territory.model import format_date
from terrdiag.wording import NBSP, NNBSP, fold

ATTRIBUTION_FR: Final = (
    "Contours des communes : IGN, Admin Express ; Etalab, API Découpage administratif"
)

MANY_PLACES: Final = 1500
"""Beyond, the map is drawn on a canvas, and its table is written when the reader opens it."""

HOLE: Final = re.compile(r"@@(\w+)@@")
"""Where the shell takes the content of a map."""


def render_map(
    scene: Scene, view: View, *, territory: str, attribution: str, generated: dt.date
) -> str:
    """Write one map as a standalone page, embeddable by ``<iframe>``.

    Parameters
    ----------
    scene, view
        Ground and content.
    territory
        Name of the territory.
    attribution
        Who made the outlines.
    generated
        Day that the page bears.

    Returns
    -------
    str
        HTML; opened from a file, it makes no request, and its own policy forbids any.
    """
    many = len(scene.commune.codes) > MANY_PLACES
    return _fill(_shell(many=many), _words(scene, view, territory) | {
        "credit": escape(f"{_set_spaces(attribution)}. Carte{NBSP}: terrdiag, {format_date(generated)}."),
        "scene": _scene_json(scene),
    })  # fmt: skip


def render_maps(
    scene: Scene,
    views: Iterable[View],
    years: Mapping[str, int],
    territory: str,
    generated: dt.date,
) -> Iterator[tuple[str, str]]:
    """Write one standalone map an indicator.

    Parameters
    ----------
    scene, views
        Ground and contents.
    years
        Year to show, by indicator; the latest of an indicator that is not there.
    territory, generated
        As for :func:`render_map`.

    Yields
    ------
    tuple of str
        Identifier of the indicator, HTML.
    """
    by_indicator: dict[str, dict[int, View]] = {}
    for view in views:
        by_indicator.setdefault(view.indicator.id, {})[view.year] = view
    for name, by_year in by_indicator.items():
        chosen = by_year.get(years.get(name, 0)) or by_year[max(by_year)]
        yield (
            name,
            render_map(
                scene, chosen, territory=territory, attribution=ATTRIBUTION_FR, generated=generated
            ),
        )


@functools.cache
def _shell(*, many: bool) -> tuple[str, ...]:
    """Render what all maps share, once: texts, and between them the names of the holes left."""
    assets = map_assets(many=many)
    page = page_assets()
    shell = _fill(
        tuple(HOLE.split(read_shell())),
        {"js": assets.js + page.js, "css": assets.css + page.css},
        keep=True,
    )
    program = shell[shell.rindex("<script>") + len("<script>") : shell.rindex("</script>")]
    digest = base64.b64encode(hashlib.sha256(program.encode()).digest()).decode("ascii")
    policy = f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:"
    return tuple(HOLE.split(_fill(tuple(HOLE.split(shell)), {"policy": policy}, keep=True)))


def _fill(shell: tuple[str, ...], texts: Mapping[str, str], *, keep: bool = False) -> str:
    """Put texts in the holes, in one pass: a text that looks like a hole stays a text."""
    parts = list(shell)
    for at in range(1, len(parts), 2):
        name = parts[at]
        parts[at] = texts[name] if name in texts or not keep else f"@@{name}@@"
    return "".join(parts)


def _words(scene: Scene, view: View, territory: str) -> dict[str, str]:
    indicator = view.indicator
    layer = scene.commune if view.spec.level == "commune" else scene.epci
    by = "par commune" if view.spec.level == "commune" else "par EPCI, territoire et alentours"
    heading = f"{indicator.label_fr}, {view.year_label}"
    note = f" {indicator.note_fr}" if indicator.note_fr else ""
    return {
        "title": escape(f"{heading} – {territory}"),
        "heading": escape(heading),
        "where": escape(f"{territory}, {by}"),
        "definition": escape(_set_spaces(indicator.definition_fr + note)),
        "table": "" if sum(map(bool, view.statuses)) > MANY_PLACES else write_table(layer, view),
        "view": safe_json(view.to_json(alone=True)),
    }


def write_table(layer: Layer, view: View) -> str:
    """Write the figures of a map as an HTML table, places by name, references at the bottom.

    Parameters
    ----------
    layer
        The places of the map.
    view
        Its figures.

    Returns
    -------
    str
        ``<table>``; every name is escaped.
    """
    places = [place for place, status in enumerate(view.statuses) if status]
    places.sort(key=lambda place: fold(layer.names[place]))
    rows = [
        f'<tr><th scope="row">{escape(layer.names[place])}<td>{escape(view.word(place))}'
        for place in places
    ]
    foot = [
        f'<tr><th scope="row">{escape(name)}<td>{escape(text)}' for name, text in view.references
    ]
    head = "Commune" if view.spec.level == "commune" else "EPCI"
    return (
        f'<table><caption>{escape(view.legend_title)}</caption><thead><tr><th scope="col">{head}'
        f'<th scope="col">Valeur<tbody>{"".join(rows)}'
        + (f"<tfoot>{''.join(foot)}" if foot else "")
        + "</table>"
    )


def _set_spaces(text: str) -> str:
    """Tie the signs of punctuation that French sets apart to the word before them."""
    return re.sub(
        " ([;!?])", rf"{NNBSP}\1", re.sub(" ([:%»])", rf"{NBSP}\1", text.replace("« ", f"«{NBSP}"))
    )


@functools.lru_cache(maxsize=2)
def _scene_json(scene: Scene) -> str:
    return safe_json(scene.to_json())


__all__ = ["ATTRIBUTION_FR", "Assets", "map_assets", "render_map", "render_maps", "safe_json"]
