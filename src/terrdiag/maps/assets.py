"""The style sheets and programs that a page inlines: Leaflet and the map of terrdiag, never an address."""

import functools
import json
import re
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Final

from xstatic.pkg import leaflet

from terrdiag.maps.palettes import COLORS, LOOKS
from terrdiag.maps.shorten import shorten_css, shorten_js

PROGRAMS: Final = ("scene", "ground", "svg", "canvas", "reader", "map", "legend")
"""Parts of the map, in the order they are read; ``canvas`` is for scenes of thousands of places."""


@dataclass(frozen=True)
class Assets:
    """What a page puts in its ``<style>`` and its ``<script>``."""

    css: str
    js: str


@functools.cache
def map_assets(*, many: bool = True) -> Assets:
    """Read Leaflet and the map of terrdiag, ready to be inlined.

    Parameters
    ----------
    many
        Whether a scene may have more than 1,500 places (the canvas painter is then included).

    Returns
    -------
    Assets
        Style sheet and program; neither holds ``</script``, nor any address to fetch.
    """
    own = resources.files("terrdiag.maps") / "assets"
    base = Path(leaflet.BASE_DIR)
    library = re.sub(
        r"//# sourceMappingURL=\S+", "", (base / "leaflet.js").read_text(encoding="utf-8")
    )
    constants = f"terrdiag.LOOKS={_json({k: v._asdict() for k, v in LOOKS.items()})};terrdiag.COLORS={_json(COLORS)};"
    parts = [library.strip()]
    for name in PROGRAMS:
        if name == "canvas" and not many:
            continue
        parts.append(shorten_js((own / f"terrdiag-{name}.js").read_text(encoding="utf-8")))
        if name == "scene":
            parts.append(constants)
    css = shorten_css(
        (own / "leaflet-layout.css").read_text() + (own / "terrdiag-map.css").read_text()
    )
    return Assets(css, "\n".join(parts))


@functools.cache
def page_assets() -> Assets:
    """Read what only the page of a standalone map has."""
    own = resources.files("terrdiag.maps") / "assets"
    return Assets(
        shorten_css((own / "terrdiag-page.css").read_text(encoding="utf-8")),
        shorten_js((own / "terrdiag-page.js").read_text(encoding="utf-8")),
    )


def read_shell() -> str:
    """Read what every standalone map is made on, as folium renders it, with holes for what differs."""
    path = resources.files("terrdiag.maps") / "assets" / "shell.html"
    return path.read_text(encoding="utf-8")


def safe_json(text: str) -> str:
    """Make a JSON text inert inside a ``<script type="application/json">``.

    Examples
    --------
    >>> safe_json('["</script>"]')
    '["\\\\u003c/script\\\\u003e"]'
    """
    for character in "<>&\u2028\u2029":
        if character in text:
            text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
