"""The page ``maps/<territory>/index.html``: one file, no request, readable on paper, on a phone, on a screen."""

import base64
import datetime as dt
import functools
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any, Final

import jinja2
import pandas as pd
from markupsafe import Markup

from terrdiag.catalogue.models import Indicator, Theme
from terrdiag.drawing import DRAWING_CSS
from terrdiag.edition.schema import EditionInfo
from terrdiag.maps.assets import Assets, safe_json
from terrdiag.maps.shorten import shorten_css
from terrdiag.report.charts import SECTOR_LABELS, SECTORS, draw_population
from terrdiag.report.communes import tabulate_communes
from terrdiag.report.comparison import Figures, compare, gather_figures, name_places
from terrdiag.report.embedded import pack_data
from terrdiag.report.inside import Inside, look_inside
from terrdiag.report.key_figures import choose_key_figures
from terrdiag.report.provenance import list_gaps, list_lacks, list_sources
from terrdiag.report.sections import Analysed, build_sections
from terrdiag.report.typography import set_spaces
from terrdiag.report.views import View, choose_default, read_views
from terrdiag.report.years import choose_years
from terrdiag.territory.model import KIND_LABELS, Comparator, Perimeter, format_date
from terrdiag.wording import NBSP, fold, format_number, format_value, plural


@dataclass(frozen=True)
class PageContent:
    """Everything the page is made of.

    Attributes
    ----------
    perimeter, comparators
        The territory and what it is compared with.
    values
        The table of values: communes, EPCI, territory, comparators.
    indicators, themes
        The catalogue, in reading order.
    edition
        What ``edition.toml`` says.
    scene_json, views_json
        The geometry of the maps, and the JSON list of their views.
    assets
        Style and script of the map component.
    warnings
        What a reader must see, in French.
    command
        The command that makes this page again.
    generated
        Day of the run.
    version
        Version of terrdiag.
    title, author
        Of the study, where it has them.
    analysed
        What the analyses say, by anchor of the section they belong to.
    """

    perimeter: Perimeter
    comparators: tuple[Comparator, ...]
    values: pd.DataFrame
    indicators: Mapping[str, Indicator]
    themes: Mapping[str, Theme]
    edition: EditionInfo
    scene_json: str
    views_json: str
    assets: Assets
    warnings: tuple[str, ...]
    command: str
    generated: dt.date
    version: str
    title: str = ""
    author: str = ""
    analysed: Analysed = field(default_factory=dict)


def render_page(content: PageContent) -> str:
    """Render the page of a territory.

    Parameters
    ----------
    content
        What the page is made of.

    Returns
    -------
    str
        A whole HTML document, with its style, its script and its data; it makes no request.
    """
    perimeter = content.perimeter
    places = name_places(perimeter, content.comparators)
    figures = gather_figures(content.values, *places, content.indicators, content.edition.intervals)
    inside = look_inside(content.values, perimeter)
    communes = inside.communes
    views, views_json = read_views(content.views_json, content.indicators)
    reference = choose_years(content.values, perimeter, content.comparators, content.indicators)
    default = choose_default(views, reference, len(perimeter.communes))
    data = pack_data(views, default, reference, figures, inside)
    used, others = list_sources(content.edition, content.values, _kinds(content), _cited(content))
    context: dict[str, Any] = {
        "content": content,
        "perimeter": perimeter,
        "facts": _facts(content, figures),
        "key_figures": choose_key_figures(figures),
        "selector": _selector(content, views),
        "default": default,
        "default_indicator": content.indicators[default.indicator] if default else None,
        "table": tabulate_communes(default, figures, inside) if default else None,
        "population_picture": draw_population(communes) if len(perimeter.communes) > 1 else None,
        "commune_lists": _commune_lists(inside),
        "changes": content.analysed.get("territoire", ()),
        "peers": content.analysed.get("comparables", ()),
        "sections": build_sections(figures, communes, content.analysed),
        "sources": used,
        "other_sources": others,
        "gaps": list_gaps(figures, communes),
        "lacks": list_lacks(
            content.edition, {name: one.short_fr for name, one in content.indicators.items()}
        ),
        "scripts": _Scripts(content, views_json, data),
        "style": _style(content.assets),
    }
    return _environment().get_template("page.html.j2").render(context)


def _style(assets: Assets) -> Markup:
    sheets = (assets.css, shorten_css(_asset("page.css")), shorten_css(DRAWING_CSS))
    return Markup("\n".join(sheets))  # noqa: S704  # our own files


_SCRIPTS: Final = ("page-words.js", "page-table.js", "page.js")


class _Scripts:
    """The data and the code of the page, escaped, and the fingerprint by which the browser knows the code."""

    def __init__(self, content: PageContent, views_json: str, data: Mapping[str, Any]) -> None:
        self.scene = embed_json(content.scene_json)
        self.views = embed_json(views_json)
        self.data = embed_json(
            json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        )
        code = "\n".join((content.assets.js, *(_trim(_asset(name)) for name in _SCRIPTS)))
        # inside a string or a pattern of JavaScript, « <\/ » is the same as « </ »
        code = code.replace("</script", "<\\/script").replace("<!--", "<\\!--")
        self.code = Markup(code)  # noqa: S704  # our own files
        # a browser hashes the text after it has unified the ends of lines
        digest = hashlib.sha256(code.replace("\r\n", "\n").encode()).digest()
        self.policy = f"'sha256-{base64.b64encode(digest).decode()}'"


def embed_json(text: str) -> Markup:
    """Make a JSON text safe inside a ``<script type="application/json">``.

    Examples
    --------
    >>> print(embed_json('["</script>&"]'))
    ["\\u003c/script\\u003e\\u0026"]
    """
    return Markup(safe_json(text))  # noqa: S704  # nothing is left that HTML could read


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("terrdiag.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        typo=set_spaces, number=format_number, plural=plural, date=format_date
    )
    environment.globals.update(
        sectors=[(name, SECTOR_LABELS[name]) for name in SECTORS], kind_labels=KIND_LABELS
    )
    return environment


@functools.cache
def _asset(name: str) -> str:
    return resources.files("terrdiag.report").joinpath("assets", name).read_text(encoding="utf-8")


def _trim(code: str) -> str:
    """Take comments and indentation out of a script of the page (it has neither « /* » nor lines in its strings)."""
    lines = (line.strip() for line in re.sub(r"/\*.*?\*/", "", code, flags=re.DOTALL).splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _kinds(content: PageContent) -> set[str]:
    return {
        group.kind for group in (*content.perimeter.parts, *(c.group for c in content.comparators))
    }


def _cited(content: PageContent) -> set[str]:
    """Gather the sources that blocks name, beside those of the values."""
    return {
        source
        for blocks in content.analysed.values()
        for block in blocks
        for source in block.sources
    }


def _facts(content: PageContent, figures: Figures) -> list[str]:
    """Say the territory in a line: communes, area, population and its year, edition, date."""
    facts = [plural(len(content.perimeter.communes), "commune")]
    density = compare(figures, "population_density")
    if density and density.cell.denominator == density.cell.denominator:
        area = density.cell.denominator
        facts.append(format_value(area, "km²", 0 if area >= 100 else 1))
    population = compare(figures, "population")
    if population:
        facts.append(f"{format_number(population.cell.value)} habitants ({population.year_label})")
    facts += [f"édition {content.edition.id}", format_date(content.generated)]
    return [fact.replace(" hab", f"{NBSP}hab") for fact in facts]


def _selector(
    content: PageContent, views: tuple[View, ...]
) -> list[tuple[str, list[tuple[Indicator, list[View]]]]]:
    """Group the maps by theme, then by indicator, for the two selectors."""
    by_indicator: dict[str, list[View]] = {}
    for view in views:
        by_indicator.setdefault(view.indicator, []).append(view)
    groups = []
    for theme in content.themes.values():
        of_theme = [
            (indicator, sorted(by_indicator[name], key=lambda view: -view.year))
            for name, indicator in content.indicators.items()
            if indicator.theme == theme.id and name in by_indicator
        ]
        if of_theme:
            groups.append((theme.label_fr, of_theme))
    return groups


def _commune_lists(inside: Inside) -> list[dict[str, Any]]:
    """List the communes of the territory by EPCI, with what the EPCI counts in all."""
    perimeter = inside.perimeter
    own = set(perimeter.communes)
    groups = [(group.name, group.code, group.communes) for group in perimeter.epci]
    if perimeter.without_epci:
        groups.append(("Sans EPCI", "", perimeter.without_epci))
    return [
        {
            "name": name,
            "code": code,
            "total": len(members),
            "communes": sorted(
                (inside.name(member) for member in members if member in own), key=fold
            ),
        }
        for name, code, members in groups
    ]
