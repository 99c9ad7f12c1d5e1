"""What the analyses add to each section of the page, and the files of their drawings."""

import dataclasses
from collections.abc import Callable, Iterator

import geopandas as gpd

from terrdiag.analyses import Findings
from terrdiag.drawing import Drawing
from terrdiag.report.blocks import Block
from terrdiag.report.changes import Populations, tell_changes
from terrdiag.report.claims import tell_claims
from terrdiag.report.commuting import tell_commuting
from terrdiag.report.comparison import gather_figures, name_places
from terrdiag.report.page import PageContent
from terrdiag.report.peers import tell_peers
from terrdiag.report.specialisation import tell_specialisation
from terrdiag.report.terrain import tell_terrain
from terrdiag.report.trends import tell_jobs_trends, tell_population_trends
from terrdiag.report.typography import set_spaces
from terrdiag.territory.model import format_date
from terrdiag.wording import NBSP


def tell_analyses(
    content: PageContent, findings: Findings, frame: gpd.GeoDataFrame, populations: Populations
) -> PageContent:
    """Add what the analyses say to the content of a page.

    Parameters
    ----------
    content
        What the page is made of.
    findings
        What the analyses have found.
    frame
        Outlines of the communes of the territory and of those around.
    populations
        Population by year and commune, of the communes that the territory holds at one date or another.

    Returns
    -------
    PageContent
        With the blocks of each section.
    """
    places = name_places(content.perimeter, content.comparators)
    figures = gather_figures(content.values, *places, content.indicators, content.edition.intervals)
    analysed: dict[str, tuple[Block, ...]] = {
        "territoire": tell_changes(content.perimeter, frame, populations),
        "comparables": tell_peers(findings.peers, figures),
        "population": tell_population_trends(findings.trends, figures),
        "emploi": (
            *tell_jobs_trends(findings.trends),
            *tell_commuting(findings.commuting),
            *tell_specialisation(
                findings.specialisation, findings.concentration, findings.shift_share
            ),
        ),
        "relief": tell_terrain(findings.terrain, figures, frame, content.command),
        "chiffres": tell_claims(findings.claims),
    }
    return dataclasses.replace(content, analysed=analysed)


def render_drawings(
    content: PageContent, word_source: Callable[[str], str]
) -> Iterator[tuple[str, str]]:
    """Render the drawings of a page as files of their own.

    Parameters
    ----------
    content
        The page.
    word_source
        Words source identifiers joined by « + ».

    Yields
    ------
    tuple of str
        Name of the file without its extension, and an SVG document that bears its title, its sources and its date.
    """
    sources = content.values.groupby("indicator", sort=False)["source_id"].unique()
    credit = (
        f"{content.perimeter.name} · terrdiag{NBSP}{content.version}, édition {content.edition.id}, "
        f"{format_date(content.generated)}"
    )
    name = content.perimeter.name
    known = {source.id for source in content.edition.sources}
    for blocks in content.analysed.values():
        for block in blocks:
            named = [sources[one.id] for one in block.definitions if one.id in sources.index]
            joined = block.sources or tuple(several for found in named for several in found)
            ids = dict.fromkeys(
                one for several in joined for one in several.split("+") if one in known
            )
            source = set_spaces(f"Sources : {word_source('+'.join(ids))}.") if ids else ""
            for drawing in block.drawings:
                yield drawing.name, _name_territory(drawing, name).standalone(source, credit)


def _name_territory(drawing: Drawing, name: str) -> Drawing:
    """Have the title of a drawing that leaves its page say where: what is shown is that of the territory."""
    if name in drawing.title:
        return drawing
    caption = dataclasses.replace(drawing.caption, title=f"{name}{NBSP}: {drawing.title}")
    return dataclasses.replace(drawing, caption=caption)
