"""One diagnostic, from the study to the files a study office takes away."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from terrdiag import __version__
from terrdiag.analyses import Subject, run_analyses
from terrdiag.analyses.claims import record_claims
from terrdiag.catalogue import Indicator, load_themes
from terrdiag.edition import Edition
from terrdiag.edition.schema import SourceRecord
from terrdiag.elevation import StoredProvider
from terrdiag.indicators import (
    compute_values,
    find_caveats,
    list_places,
    load_known,
    populations_of,
)
from terrdiag.maps import build_scene, build_views, map_assets, render_maps
from terrdiag.report import (
    PageContent,
    choose_years,
    read_populations,
    render_drawings,
    render_page,
    tell_analyses,
)
from terrdiag.sources.dem import Stored
from terrdiag.study import Study
from terrdiag.study.dem import resolve_dem
from terrdiag.tables import RunRecord, TableContext, write_manifest, write_tables
from terrdiag.territory import Perimeter, read_commune_frame, resolve_comparators, resolve_perimeter
from terrdiag.workspace import MANIFEST, staged, write_text

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Diagnostic:
    """What a run has found, for its summary.

    Attributes
    ----------
    content
        What the page says: perimeter, comparators, values, warnings.
    page, data_dir
        Where the page and the tables are.
    kept
        Files of the user that were in the way of new ones, under the names they were given.
    """

    content: PageContent
    page: Path
    data_dir: Path
    kept: tuple[str, ...] = ()


def run_diagnostic(
    study: Study,
    edition: Edition,
    out: Path,
    *,
    generated: dt.date,
    command: str,
    progress: Progress,
) -> Diagnostic:
    """Make the diagnostic of a territory: values, maps, tables, page, manifest.

    Parameters
    ----------
    study
        What to make it of.
    edition
        Where the figures come from.
    out
        Folder that receives ``maps/<id>`` and ``data/processed/<id>``.
    generated
        Day that the page bears.
    command
        The command that makes it again, printed on the page.
    progress
        Told each step.

    Returns
    -------
    Diagnostic
        What was found, and where it was written.

    Raises
    ------
    TerrdiagError
        Something a user can act on; the results of the previous run are intact.
    """
    progress("Périmètre et comparaisons")
    perimeter = resolve_perimeter(study, edition)
    comparators = resolve_comparators(study, perimeter, edition)
    frame = read_commune_frame(edition, perimeter)
    places = list_places(perimeter, comparators, frame, edition.date)

    with staged(out, perimeter.id) as work:
        progress("Indicateurs")
        known = load_known(edition)
        computed, around = compute_values(edition, places, known)

        progress("Analyses")
        dem = resolve_dem(study, study.dem, _find_stored(study, frame))
        subject = Subject(study, perimeter, edition, known, frame, places, dem)
        findings = run_analyses(subject, computed)
        edition = edition.with_sources(findings.sources.values())
        values = pd.concat([computed, findings.values], ignore_index=True)
        caveats = (
            *(warning for comparator in comparators for warning in comparator.warnings),
            *findings.warnings,
            *find_caveats(computed, edition.indicators),
        )
        context = describe_run(study, perimeter, edition, findings.indicators, caveats)

        progress("Cartes")
        scene = build_scene(frame, populations_of(values))
        views = build_views(pd.concat([values, around]), scene, context)
        years = choose_years(values, perimeter, comparators, context.indicators)
        for name, html in render_maps(scene, views, years, perimeter.name, generated):
            write_text(work.maps_dir / f"{name}.html", html)

        progress("Tableaux")
        write_tables(values, frame, context, work.data_dir)

        progress("Page")
        content = PageContent(
            perimeter=perimeter,
            comparators=comparators,
            values=values,
            indicators=context.indicators,
            themes=context.themes,
            edition=edition.info,
            scene_json=scene.to_json(),
            views_json=f"[{','.join(view.to_json() for view in views)}]",
            assets=map_assets(),
            warnings=context.warnings,
            command=command,
            generated=generated,
            version=__version__,
            title=study.title if study.path else "",
            author=study.author,
        )
        content = tell_analyses(content, findings, frame, read_populations(edition, perimeter))
        write_text(work.maps_dir / "index.html", render_page(content))
        for name, svg in render_drawings(content, context.word_source):
            write_text(work.maps_dir / f"{name}.svg", svg)
        record = RunRecord(
            perimeter,
            comparators,
            edition.info,
            study.path,
            work.outputs(),
            context.warnings,
            generated,
            tuple(record_claims(findings.claims)),
            (*own_sources(edition), *findings.sources.values()),
        )
        write_manifest(record, work.data_dir / MANIFEST)

    data_dir = out / "data" / "processed" / perimeter.id
    return Diagnostic(
        content, out / "maps" / perimeter.id / "index.html", data_dir, tuple(work.kept)
    )


def _find_stored(study: Study, frame: gpd.GeoDataFrame) -> Stored | None:
    """Find the elevation model fetched before for the territory, unless the user names another."""
    if study.dem_folder is None or study.dem or study.relief.dem:
        return None
    west, south, east, north = map(float, frame[frame["inside"]].total_bounds)
    return StoredProvider(study.dem_folder).find((west, south, east, north))


def own_sources(edition: Edition) -> tuple[SourceRecord, ...]:
    """Give the sources of the user's own data, which the manifest describes as those that the run adds."""
    named = {source for one in edition.info.indicators for source in one.source}
    return tuple(edition.sources[name] for name in sorted(named))


def describe_run(
    study: Study,
    perimeter: Perimeter,
    edition: Edition,
    made: Mapping[str, Indicator],
    caveats: Sequence[str],
) -> TableContext:
    """Gather the words that every output bears: catalogue, sources, notice, warnings."""
    return TableContext(
        territory=perimeter.id,
        name=perimeter.name,
        date=edition.info.built_at,
        indicators={**edition.indicators, **made},
        themes=load_themes(),
        sources=edition.sources,
        intervals=edition.info.intervals,
        notice=perimeter.notice,
        warnings=tuple(dict.fromkeys((*study.remarks, *perimeter.warnings, *caveats))),
    )
