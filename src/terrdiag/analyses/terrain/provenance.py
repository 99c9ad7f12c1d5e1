"""Where the figures of an elevation model come from, and what a user must know before citing them."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from terrdiag.analyses.terrain.altitudes import Fit
from terrdiag.analyses.terrain.relief import Measures
from terrdiag.analyses.terrain.variants import MODEL_ID
from terrdiag.catalogue import load_sources
from terrdiag.edition.schema import FileRecord, SourceRecord
from terrdiag.elevation import Zones
from terrdiag.elevation.statistics import MIN_COVERAGE_PCT, cover_zones, find_vertical_step
from terrdiag.wording import NBSP, format_value, join_words, plural

OUTLINES_FR: Final = (
    "Mesuré sur les contours généralisés de l'édition (une centaine de mètres) : à la limite d'une commune, quelques "
    "cellules changent de côté."
)

SURFACE_FR: Final = (
    "Modèle de surface : canopée et bâtiments compris (la cime des arbres, les toits)."
)

COARSE_STEP_M: Final = 5.0
"""Beyond this, the step of the altitudes is said."""

STATISTIC_WORDS: Final = {
    "mean": "altitude moyenne",
    "max": "altitude maximale",
    "min": "altitude minimale",
}


def describe_model(
    measures: Measures, territory: Zones, fits: Sequence[Fit], cog_year: int
) -> SourceRecord:
    """Describe the elevation model as a source of the run.

    Parameters
    ----------
    measures
        The model and what was measured.
    territory
        The territory, as one zone.
    fits
        How far the model is from the official table.
    cog_year
        Year of the outlines.

    Returns
    -------
    SourceRecord
        Its files bear their names and digests, never a path of this machine.
    """
    model = measures.model
    return SourceRecord(
        id=MODEL_ID,
        **_describe_origin(measures),
        cog_year=cog_year,
        retrieved=measures.dem.retrieved,
        dropped=(*model.remarks, *measures.zones.remarks),
        note=" ".join((*word_limits(measures, territory, fits), *_quote_note(measures))),
        files=tuple(
            FileRecord(path=tile.name, sha256=tile.sha256, size=tile.path.stat().st_size)
            for tile in model.tiles
        ),
    )


def _describe_origin(measures: Measures) -> dict[str, Any]:
    """Say who made the model and under which licence: the register of a fetched model, the study of the others."""
    dem, model = measures.dem, measures.model
    names = [tile.name for tile in model.tiles]
    files = f"{plural(len(names), 'fichier')}, pas de {word_resolution(model.resolution_m)}, {model.crs}"
    if dem.source_id:
        source = load_sources()[dem.source_id]
        return {
            "producer": source.producer,
            "title": source.title,
            "vintage": f"{source.vintage} ; {files}",
            "landing_page": source.landing_page,
            "address": source.address,
            "licence": source.licence,
            "licence_url": source.licence_url,
            "attribution": source.attribution,
        }
    title = dem.title or f"Modèle d'altitude donné par l'étude ({_name_some(names)})"
    return {
        "producer": "Fichiers de l'étude",
        "title": title,
        "vintage": files,
        "landing_page": "",
        "address": "",
        "licence": dem.licence or "non indiquée par l'étude",
        "licence_url": "",
        "attribution": title,
    }


def _quote_note(measures: Measures) -> tuple[str, ...]:
    """Repeat what the register says of a fetched model."""
    source_id = measures.dem.source_id
    return (load_sources()[source_id].note,) if source_id else ()


def word_resolution(resolution_m: float) -> str:
    """Word the side of a cell: « 25 m », « 2,5 m »."""
    return format_value(resolution_m, "m", 0 if resolution_m >= 10 else 1)


def word_limits(measures: Measures, territory: Zones, fits: Sequence[Fit]) -> tuple[str, ...]:
    """Say what limits the model: its datum, what it measures, what it covers, its error, the outlines."""
    datum = measures.dem.datum or measures.model.vertical_datum
    covered = float(np.nan_to_num(cover_zones(territory))[0])
    stated = f"Altitudes : {datum}." if datum else "La référence des altitudes n'est pas indiquée."
    return (
        stated,
        *((SURFACE_FR,) if measures.dem.is_surface else ()),
        f"Le modèle couvre {word_coverage(covered)} du territoire.",
        *_word_step(find_vertical_step(territory)),
        *(word_fit(fit) for fit in fits),
        OUTLINES_FR,
    )


def _word_step(step_m: float) -> Iterator[str]:
    """Say that altitudes come in coarse steps, where they do."""
    if step_m > COARSE_STEP_M:
        step = format_value(step_m, "m")
        yield f"Ses altitudes vont par pas d'environ {step} : médianes et tranches n'ont pas d'autre finesse."


def word_coverage(coverage: float) -> str:
    """Word a coverage, rounded down: what is incomplete never reads 100 %."""
    whole = coverage > 100 - 1e-6
    return f"100{NBSP}%" if whole else format_value(np.floor(coverage * 10) / 10, "%", 1)


def word_fit(fit: Fit) -> str:
    """Say how far the model is from the official table."""
    return (
        f"Écart du modèle à la table officielle pour l'{STATISTIC_WORDS[fit.statistic]}, sur "
        f"{plural(fit.count, 'commune')} : {format_value(fit.bias_m, 'm', signed=True)} en moyenne, "
        f"{format_value(fit.rmse_m, 'm')} en moyenne quadratique."
    )


def find_warnings(
    measures: Measures, fits: Sequence[Fit], communes: pd.DataFrame
) -> tuple[str, ...]:
    """Say where the model disagrees with the official table, and where it has nothing.

    Parameters
    ----------
    measures
        The model and what was measured.
    fits
        How far the model is from the official table.
    communes
        By code: ``name``.

    Returns
    -------
    tuple of str
        French sentences. The means are judged; the summits only when no mean is published, a coarse model being
        bound to plane them.
    """
    judged = [fit for fit in fits if fit.statistic == "mean"] or [
        fit for fit in fits if fit.statistic == "max"
    ]
    sentences = [
        f"Le modèle d'altitude et la table officielle ne s'accordent pas. {word_fit(fit)} "
        "Vérifiez l'unité, la projection et la référence des altitudes du modèle."
        for fit in judged
        if not fit.agrees
    ]
    coverage = np.nan_to_num(measures.statistics.coverage_pct)
    short = [
        communes["name"].get(code, code)
        for code, share in zip(measures.zones.codes, coverage, strict=True)
        if share < MIN_COVERAGE_PCT
    ]
    if short:
        sentences.append(
            f"Le modèle d'altitude couvre moins de {format_value(MIN_COVERAGE_PCT, '%')} de "
            f"{plural(len(short), 'commune')} sur {len(coverage)} ({_name_some(short)}){NBSP}: leur relief "
            "n'est pas donné."
        )
    return tuple(sentences)


def _name_some(names: Sequence[str], limit: int = 4) -> str:
    """Name a few, and count the others."""
    if len(names) <= limit:
        return join_words(names)
    return f"{', '.join(names[:limit])} et {plural(len(names) - limit, 'autre')}"
