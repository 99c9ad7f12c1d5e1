"""The transect of the study: the profile of the ground, and the communes on the way."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from terrdiag.analyses.terrain.findings import TerrainFindings
from terrdiag.analyses.terrain.provenance import word_resolution
from terrdiag.analyses.terrain.transect import Crossing, TransectFindings
from terrdiag.analyses.terrain.variants import MODEL_ID
from terrdiag.drawing import Axis, Caption, Drawing, Mark, Series, draw_lines, draw_widths
from terrdiag.report.blocks import Block, Grid
from terrdiag.wording import format_number, format_value, join_words, plural

NAMED_SHARE: Final = 0.025
"""A commune crossed on less than this share of the line is only in the table."""

MOST_POINTS: Final = 400
"""Points of the profile that a picture shows."""


def tell_transect(findings: TerrainFindings) -> tuple[Block, ...]:
    """Tell the transect of the study.

    Parameters
    ----------
    findings
        The analysis.

    Returns
    -------
    tuple of Block
        One block; none when the study has no transect.
    """
    found = findings.transect
    if found is None:
        return ()
    drawing = _draw(found)
    return (
        Block(
            "relief",
            f"Coupe : {found.table.name}",
            sentences=_say(found),
            drawings=(drawing,) if drawing else (),
            grids=(_tabulate(found),) if found.crossings else (),
            notes=_note(found),
            sources=(MODEL_ID,) if drawing else (),
        ),
    )


def _say(found: TransectFindings) -> tuple[str, ...]:
    length = format_value(found.length_km, "km", 1)
    own = list(dict.fromkeys(one.name for one in found.own))
    if not own:
        return (
            (
                f"La ligne de {length} ne traverse aucune commune du territoire : vérifiez ses points dans "
                "[relief.transect] (longitude d'abord, puis latitude)."
            ),
        )
    outside = found.length_km - found.inside_km
    beyond = (
        f" Elle est hors du territoire sur {format_value(outside, 'km', 1)}."
        if outside >= 0.05
        else ""
    )
    sentences = [
        f"La ligne de {length} traverse {plural(len(own), 'commune')} du territoire : {join_words(own)}.{beyond}"
    ]
    profile = found.profile
    if profile is not None and np.isfinite(profile.altitude_m).any():
        low, high = np.nanmin(profile.altitude_m), np.nanmax(profile.altitude_m)
        start, end = profile.altitude_m[0], profile.altitude_m[-1]
        ends = (
            f"Le sol est à {format_value(start, 'm')} au départ et à {format_value(end, 'm')} à l'arrivée, entre"
            if np.isfinite([start, end]).all()
            else "Là où le modèle le connaît, le sol est entre"
        )
        sentences.append(
            f"{ends} {format_number(low)} et {format_value(high, 'm')} le long de la ligne."
        )
    return tuple(sentences)


def _draw(found: TransectFindings) -> Drawing | None:
    """Draw the profile, the communes crossed above it."""
    profile = found.profile
    if profile is None or not np.isfinite(profile.altitude_m).any():
        return None
    kept = thin_profile(profile.altitude_m)
    points = tuple(
        zip(
            (profile.distance_m[kept] / 1000).tolist(),
            profile.altitude_m[kept].tolist(),
            strict=True,
        )
    )
    ends = [one for one in (found.table.start, found.table.end) if one]
    caption = Caption(
        "coupe",
        f"Profil du relief : {found.table.name}",
        note="Les communes traversées sont au-dessus du profil (les plus courtes traversées ne sont que dans le "
        "tableau) ; l'échelle des altitudes est exagérée."
        + (f" Départ : {ends[0]} ; arrivée : {ends[1]}." if len(ends) == 2 else ""),
    )
    shortest = NAMED_SHARE * found.length_km
    marks = [
        Mark(one.entry_km, one.name, one.exit_km)
        for one in found.crossings
        if one.exit_km - one.entry_km >= shortest
    ]
    series = [Series("", points, own=True, area=True)]
    x = Axis("Distance", "km", low=0, high=found.length_km)
    y = Axis("Altitude", "m")
    return draw_widths(lambda one: draw_lines(one, series, x, y, marks=marks), caption)


def thin_profile(altitude_m: NDArray[np.float64], most: int = MOST_POINTS) -> NDArray[np.int64]:
    """Thin a profile to about so many points, keeping its ridges, its valleys and its gaps.

    Parameters
    ----------
    altitude_m
        Altitudes at a regular distance; NaN where not known.
    most
        Points to keep: the lowest and the highest of each stretch. The first gap of each stretch is added.

    Returns
    -------
    array
        Ranks of the points kept, in order; both ends are among them.

    Examples
    --------
    >>> thin_profile(np.array([1.0, 2.0, 9.0, 3.0, 4.0, 0.0, 5.0, 6.0]), 4).tolist()
    [0, 2, 5, 7]
    """
    count = len(altitude_m)
    if count <= most:
        return np.arange(count)
    kept = {0, count - 1}
    for stretch in np.array_split(np.arange(count), most // 2):
        known = stretch[np.isfinite(altitude_m[stretch])]
        if len(known):
            kept |= {known[altitude_m[known].argmin()], known[altitude_m[known].argmax()]}
        kept |= set(stretch[np.isnan(altitude_m[stretch])][:1].tolist())
    return np.array(sorted(kept), dtype=np.int64)


def _tabulate(found: TransectFindings) -> Grid:
    with_profile = found.profile is not None
    people = f"Population ({found.population_year})" if found.population_year else "Population"
    altitudes = ("Altitude à l'entrée (m)", "Altitude à la sortie (m)") if with_profile else ()
    return Grid(
        caption=f"Communes traversées, {found.table.name}",
        heads=("Commune", "Entrée (km)", "Sortie (km)", *altitudes, "Point culminant (m)", people),
        rows=tuple(_row(one, with_profile=with_profile) for one in found.crossings),
        own=tuple(rank for rank, one in enumerate(found.crossings) if one.inside),
        note="Entrée et sortie : distance depuis le départ de la ligne, sur les contours généralisés. Point culminant "
        ": table officielle, pour les communes du territoire.",
    )


def _row(one: Crossing, *, with_profile: bool) -> tuple[str, ...]:
    name = one.name if one.inside else f"{one.name} (hors du territoire)"
    altitudes = (one.entry_m, one.exit_m) if with_profile else ()
    facts = (one.altitude_max_m, one.population)
    # what lies outside is not looked up: it is not unknown
    official = [format_number(fact) if one.inside else "–" for fact in facts]
    return (
        name,
        format_number(one.entry_km, 1),
        format_number(one.exit_km, 1),
        *(format_number(altitude) for altitude in altitudes),
        *official,
    )


def _note(found: TransectFindings) -> tuple[str, ...]:
    notes = []
    named = sum(one.exit_km - one.entry_km for one in found.crossings)
    if found.length_km - named >= 0.05:
        gap = format_value(found.length_km - named, "km", 1)
        notes.append(
            f"Sur {gap}, la ligne est hors des communes lues autour du territoire (plus loin, hors de France, en mer)."
        )
    if found.profile is None:
        notes.append(
            "Le profil du sol demande un modèle d'altitude (« terrdiag data dem », ou --dem FICHIER.tif)."
        )
    else:
        notes.append(
            f"Profil lu tous les {word_resolution(found.step_m)}, par interpolation entre les centres des cellules du "
            "modèle : les altitudes extrêmes sont celles de ces points, une crête étroite peut y manquer."
        )
        if np.isnan(found.profile.altitude_m).any():
            notes.append("Le modèle ne couvre pas toute la ligne : le profil s'y interrompt.")
    return tuple(notes)
