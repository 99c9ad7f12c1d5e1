"""Analyse the relief of a real territory, on the embedded edition."""

import dataclasses
from pathlib import Path

from terrdiag.analyses.terrain import TerrainFindings, analyse_terrain
from terrdiag.edition import open_edition
from terrdiag.indicators import compute_values, list_places
from terrdiag.study.dem import resolve_dem
from terrdiag.territory import read_commune_frame, resolve_perimeter, resolve_target

PIPELINES = Path(__file__).parents[3] / "pipelines"


def prepare(target, *files, **relief):
    """Everything that the analysis asks for; ``relief`` changes keys of the study's table."""
    edition = open_edition()
    study = resolve_target(target, edition, PIPELINES)
    study = dataclasses.replace(study, relief=study.relief.model_copy(update=relief))
    perimeter = resolve_perimeter(study, edition)
    frame = read_commune_frame(edition, perimeter)
    values, _ = compute_values(edition, list_places(perimeter, (), frame, edition.date))
    return study, resolve_dem(study, files), edition, perimeter, frame, values


def analyse(target, *files, **relief) -> TerrainFindings:
    """Analyse a territory, without comparators."""
    return analyse_terrain(*prepare(target, *files, **relief))
