"""How figures change with the altitude of the communes: guarded sentences, scatters, a table."""

from typing import Final

from terrdiag.analyses.terrain.altitudes import CommuneAltitudes
from terrdiag.analyses.terrain.findings import TerrainFindings
from terrdiag.analyses.terrain.gradients import (
    MIN_COMMUNES,
    MIN_EXTENT_M,
    MIN_RHO,
    STEP_M,
    Gradient,
    GradientFindings,
    list_variants,
)
from terrdiag.drawing import Axis, Caption, Drawing, Slope, Spot, draw_points, draw_widths
from terrdiag.report.blocks import Block, Grid, name_sources
from terrdiag.report.comparison import Figures
from terrdiag.wording import NBSP, format_number, format_value, join_words, plural, round_half_away

MOST_SPOTS: Final = 300
"""Beyond, a scatter is a cloud that weighs a page: the bands show the same."""

DRAWN: Final = 2
"""Scatters on the page: those whose correlation is strongest among the clear ones."""

NO_CAUSE_FR: Final = (
    "Une association entre communes n'est pas une cause : l'altitude va avec l'éloignement, la pente, le tourisme, "
    "l'histoire. Chaque commune compte pour une, quelle que soit sa population."
)

METHOD_FR: Final = (
    "Corrélation de rang de Spearman (1904), de −1 à +1 ; pente médiane de Theil (1950) et Sen (1968) et son "
    "intervalle à 95 %, peu sensibles à une commune hors norme. Des communes voisines se ressemblent : l'intervalle "
    "est un peu étroit. Sur plusieurs indicateurs, un intervalle peut exclure 0 par hasard (une fois sur vingt)."
)

NOT_WHERE_PEOPLE_LIVE_FR: Final = (
    "L'altitude d'une commune n'est pas celle de ses habitants : un bourg de vallée peut avoir un vaste territoire "
    "d'altitude."
)


def tell_gradients(findings: TerrainFindings, figures: Figures) -> tuple[Block, ...]:
    """Tell how the figures of the communes change with their altitude.

    Parameters
    ----------
    findings
        The analysis.
    figures
        The territory, and the words of the years.

    Returns
    -------
    tuple of Block
        One block, which says why when there are too few communes; none when no altitude is known.
    """
    found = findings.gradients
    if found is None or len(findings.communes) < 2:
        return ()
    title = "Ce qui change avec l'altitude des communes"
    given = [gradient for gradient in found.gradients if gradient.is_given]
    if not given:
        return (
            Block(
                "gradients",
                title,
                sentences=(_say_why_not(found),),
            ),
        )
    return (
        Block(
            "gradients",
            title,
            sentences=_say(found, figures),
            drawings=_draw(findings, found, figures),
            grids=(_tabulate(found, figures),),
            notes=_note(found),
            sources=name_sources(found.values),
        ),
    )


def _say_why_not(found: GradientFindings) -> str:
    """Say why nothing can be said: too few communes, or all at about the same altitude."""
    known = found.altitudes.known
    extent = float(known.max() - known.min())
    if len(known) >= MIN_COMMUNES and extent < MIN_EXTENT_M:
        return (
            f"Les communes sont toutes à peu près à la même altitude ({found.altitudes.short} : "
            f"{format_value(extent, 'm')} d'écart) : on ne cherche pas comment les chiffres changent avec elle."
        )
    return (
        "Trop peu de communes dont l'altitude et les chiffres sont connus pour dire comment ils changent avec "
        f"l'altitude : il en faut au moins {MIN_COMMUNES}."
    )


def _say(found: GradientFindings, figures: Figures) -> tuple[str, ...]:
    """Say each clear gradient, then in one sentence those that are not, then those that cannot be judged."""
    given = [gradient for gradient in found.gradients if gradient.is_given]
    clear = [gradient for gradient in given if gradient.is_clear]
    unclear = [gradient for gradient in given if not gradient.is_clear]
    few = [gradient for gradient in found.gradients if not gradient.is_given]
    sentences = [_say_clear(gradient, found.altitudes, figures) for gradient in clear]
    if unclear:
        labels = join_words(f"« {gradient.indicator.short_fr} »" for gradient in unclear)
        sentences.append(
            f"Pas de tendance nette avec l'altitude pour {labels} : l'intervalle de la pente contient 0, ou la "
            f"corrélation est très faible (moins de {format_number(MIN_RHO, 1)}) ou de l'autre sens."
        )
    if few:
        labels = join_words(
            f"« {gradient.indicator.short_fr} » ({plural(len(gradient.codes), 'commune')})"
            for gradient in few
        )
        sentences.append(f"Trop peu de communes comparables pour juger de {labels}.")
    return tuple(sentences)


def _say_clear(gradient: Gradient, altitudes: CommuneAltitudes, figures: Figures) -> str:
    indicator = list_variants(gradient.indicator, altitudes)["altitude_slope"]
    unit = word_change(gradient.slope.slope, indicator.unit, indicator.decimals)
    slope, low, high = (
        format_number(value, indicator.decimals, signed=True)
        for value in (gradient.slope.slope, gradient.slope.low, gradient.slope.high)
    )
    side = "plus élevé" if gradient.slope.slope > 0 else "plus faible"
    label = gradient.indicator.label_fr
    year = figures.year_label(gradient.indicator, gradient.year)
    rho = format_number(gradient.rho, 2, signed=True)
    return (
        f"Parmi {plural(len(gradient.codes), 'commune')}, l'indicateur « {label[:1].lower()}{label[1:]} » ({year}) "
        f"tend à être {side} dans les communes plus hautes : {slope}{NBSP}{unit} pour {STEP_M}{NBSP}m de plus "
        f"(intervalle à 95 % : {low} à {high}{NBSP}; corrélation de rang {rho})."
    )


def word_change(value: float, unit: str, decimals: int) -> str:
    """Word the unit of a slope after its figure: in French a noun is plural from two on, as it is written.

    Parameters
    ----------
    value
        The slope.
    unit
        Of its indicator.
    decimals
        Those of the figure as written: 1.996 reads « 2,00 points ».

    Examples
    --------
    >>> word_change(0.15, "points par an pour 100 m", 2), word_change(-2.0, "points pour 100 m", 2)
    ('point par an', 'points')
    >>> word_change(0.23, "emplois pour 100 actifs occupés pour 100 m", 2)
    'emploi pour 100 actifs occupés'
    """
    noun, *rest = unit.removesuffix(f" pour {STEP_M} m").split(" ")
    if abs(round_half_away(value, decimals)) < 2 and noun.isalpha():
        noun = noun.removesuffix("s")
    return " ".join((noun, *rest))


def _draw(
    findings: TerrainFindings, found: GradientFindings, figures: Figures
) -> tuple[Drawing, ...]:
    """Draw the clearest gradients; only when none at all is clear, the first that can be drawn, without a slope.

    Counts are not drawn: a few towns would flatten all the others. Nor are clouds of too many communes. A clear
    gradient that cannot be drawn is not replaced by one that is not clear.
    """
    given = [one for one in found.gradients if one.is_given]
    clear = [one for one in given if one.is_clear]
    drawable = [
        one
        for one in clear or given
        if len(one.codes) <= MOST_SPOTS and one.indicator.kind != "count"
    ]
    if clear:
        drawable.sort(key=lambda one: (-abs(one.rho), one.indicator.id))
    return tuple(
        _draw_one(gradient, findings, found.altitudes, figures)
        for gradient in drawable[: DRAWN if clear else 1]
    )


def _draw_one(
    gradient: Gradient, findings: TerrainFindings, altitudes: CommuneAltitudes, figures: Figures
) -> Drawing:
    indicator, communes = gradient.indicator, findings.communes
    order = sorted(
        range(len(gradient.codes)),
        key=lambda k: (-_people(communes["population"].get(gradient.codes[k])), gradient.codes[k]),
    )
    spots = [
        Spot(
            float(gradient.altitude_m[k]),
            float(gradient.values[k]),
            communes["name"][gradient.codes[k]],
        )
        for k in order
    ]
    low, high = float(gradient.altitude_m.min()), float(gradient.altitude_m.max())
    slope = Slope(
        gradient.slope.slope / STEP_M,
        gradient.slope.intercept,
        low,
        high,
        "Pente de Theil et Sen",
    )
    year = figures.year_label(indicator, gradient.year)
    caption = Caption(
        f"altitude-{indicator.id.replace('_', '-')}",
        f"{indicator.label_fr} et altitude des communes, {figures.territory.name} ({year})",
        note=f"Un point par commune. Altitude : {altitudes.words}.",
    )
    x, y = Axis(altitudes.short.capitalize(), "m"), Axis(indicator.short_fr, indicator.unit)
    drawn = slope if gradient.is_clear else None
    return draw_widths(lambda one: draw_points(one, spots, x, y, slope=drawn), caption)


def _people(population: float | None) -> float:
    return population if population is not None and population == population else -1.0  # noqa: PLR0124  # NaN


def _tabulate(found: GradientFindings, figures: Figures) -> Grid:
    rows = []
    for gradient in found.gradients:
        label = gradient.indicator.short_fr
        year = figures.year_label(gradient.indicator, gradient.year)
        count = format_number(len(gradient.codes))
        if not gradient.is_given:
            reason = (
                "trop peu de communes"
                if len(gradient.codes) < MIN_COMMUNES
                else "chiffres tous égaux"
            )
            rows.append((label, year, count, "–", "–", "–", reason))
            continue
        slope = list_variants(gradient.indicator, found.altitudes)["altitude_slope"]
        ends = (gradient.slope.low, gradient.slope.high)
        interval = " à ".join(_word_end(end, slope.decimals) for end in ends)
        rows.append(
            (
                label,
                year,
                count,
                format_number(gradient.rho, 2, signed=True),
                format_value(
                    gradient.slope.slope,
                    word_change(gradient.slope.slope, slope.unit, slope.decimals),
                    slope.decimals,
                    signed=True,
                ),
                interval,
                _read(gradient),
            )
        )
    return Grid(
        caption=f"Les chiffres des communes et leur altitude ({found.altitudes.words})",
        heads=(
            "Indicateur",
            "Année",
            "Communes",
            "Corrélation de rang",
            f"Pour {STEP_M} m de plus",
            "Intervalle à 95 %",
            "Lecture",
        ),
        rows=tuple(rows),
        texts=(6,),
    )


def _word_end(end: float, decimals: int) -> str:
    return (
        "sans borne"
        if end in {float("inf"), float("-inf")}
        else format_number(end, decimals, signed=True)
    )


def _read(gradient: Gradient) -> str:
    if not gradient.is_clear:
        return "pas de tendance nette"
    return "plus élevé en altitude" if gradient.slope.slope > 0 else "plus faible en altitude"


def _note(found: GradientFindings) -> tuple[str, ...]:
    notes = [NOT_WHERE_PEOPLE_LIVE_FR, NO_CAUSE_FR, METHOD_FR]
    if any(not one.slope.complete for one in found.gradients if one.is_given):
        notes.append(
            "Au-delà de 3 000 communes, la pente vient de la méthode incomplète de Theil : chaque commune de la moitié "
            "basse est appariée à une de la moitié haute."
        )
    if found.altitudes.unknown:
        unknown = plural(len(found.altitudes.unknown), "commune")
        notes.append(f"Altitude inconnue, hors du calcul : {unknown}.")
    return tuple(notes)
