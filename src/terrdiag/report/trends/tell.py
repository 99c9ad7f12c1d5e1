"""Trends: where the change of population comes from, and the indexed curves of population and jobs."""

from typing import Final

from terrdiag.analyses.trends import Trend, TrendsFindings
from terrdiag.report.blocks import Block
from terrdiag.report.comparison import Cell, Figures, cell_mark
from terrdiag.report.sentences import SAID_COVERAGE_PCT, pick_main
from terrdiag.report.trends.balances import tell_balances
from terrdiag.report.trends.curves import (
    draw_curves,
    draw_panels,
    last_joined,
    list_changes,
    tabulate_curves,
    to_cell,
    to_place,
)
from terrdiag.values import ESTIMATE, STATUS_WORDS
from terrdiag.wording import NBSP, format_number, join_words

MEASURE_FR: Final = "Une évolution qui enjambe ces années mêle réalité et mesure."

INDEX_FR: Final = (
    "Un indice donne des évolutions, pas des niveaux. Il rapporte chaque année à l'année de base sur les communes "
    "connues aux deux dates ; une année inconnue reste un vide."
)

BREAK_FR: Final = (
    "« // » marque un changement de fichier : la courbe n'y est pas reliée, et l'écart ne se lit pas comme une "
    "évolution."
)

HIDDEN_FR: Final = (
    "{years} : autre fichier, dans le tableau seulement. Deux recensements distants de moins de cinq ans ont des "
    "enquêtes en commun et ne se comparent pas."
)


SERIES_FR: Final = (
    "Taux publiés et effectifs sont deux séries, qui ne se mêlent pas. Les effectifs d'années venues de fichiers "
    "différents, ou distantes de moins de cinq ans, ne se comparent pas."
)


def tell_population_trends(findings: TrendsFindings, figures: Figures) -> tuple[Block, ...]:
    """Tell where the change of population comes from, and draw its index beside the comparators.

    Parameters
    ----------
    findings
        The indexed curves.
    figures
        The territory and its comparators.

    Returns
    -------
    tuple of Block
        For the section « Population »; none when nothing is known.
    """
    trend = findings.population
    blocks = tell_balances(figures)
    if trend is None or len(trend.drawn) < 2:
        return blocks
    what = "Population municipale"
    block = Block(
        theme="population",
        title=f"Population, base 100 en {trend.base}",
        sentences=(f"P{_say(trend, 'habitants')[1:]}",),
        drawings=(
            draw_curves(trend, "indice-population", what),
            *draw_panels(trend, "indice-population-detail", what),
        ),
        grids=(tabulate_curves(trend, what),),
        notes=_note(trend),
        definitions=(trend.indicator,),
    )
    return (*blocks, block)


def tell_jobs_trends(findings: TrendsFindings) -> tuple[Block, ...]:
    """Draw the index of jobs beside the comparators: from the published rates where they are known.

    The index of counts is tabulated beside it, and drawn where there is no other: never both in one line.

    Parameters
    ----------
    findings
        The indexed curves.

    Returns
    -------
    tuple of Block
        For the section « Emploi »; none when nothing is known.
    """
    published = (findings.jobs_published, "indice-emploi-publie", "les taux publiés")
    counts = (findings.jobs, "indice-emploi", "les effectifs du recensement")
    known = [
        (trend, name, origin)
        for trend, name, origin in (published, counts)
        if trend is not None and len(trend.drawn) > 1
    ]
    if not known:
        return ()
    first, name, origin = known[0]
    notes = list(_note(first))
    if len(known) > 1:
        notes.append(SERIES_FR)
    return (
        Block(
            theme="emploi",
            title=f"Emplois, base 100 en {first.base}",
            sentences=tuple(
                f"D'après {one}, {_say(trend, 'emplois au lieu de travail')}"
                for trend, _, one in known
            ),
            drawings=(draw_curves(first, name, f"Emplois d'après {origin}"),),
            grids=tuple(
                tabulate_curves(trend, f"Emplois d'après {one}") for trend, _, one in known
            ),
            notes=tuple(notes),
            definitions=tuple(trend.indicator for trend, _, _ in known),
        ),
    )


def _say(trend: Trend, unit: str) -> str:
    """Word the last year joined to the first: « pour 100 habitants en 2011, le territoire en compte 95,2 en 2022… »."""
    year = last_joined(trend)
    own = to_cell(trend.territory, year)
    known = [(to_place(one), to_cell(one, year)) for one in trend.others if one.known(year)]
    beside = [
        f"{format_number(cell.value, 1)} {place.where}{_bracket(_said_mark(cell))}"
        for place, cell in pick_main(known)
    ]
    words = (
        f"pour 100{NBSP}{unit} en {trend.base}, le territoire en compte "
        f"{format_number(own.value, 1)} en {year}{_bracket(cell_mark(own))}"
    )
    return f"{words}, contre {join_words(beside)}." if beside else f"{words}."


def _note(trend: Trend) -> tuple[str, ...]:
    notes = [INDEX_FR, BREAK_FR] if trend.breaks else [INDEX_FR]
    hidden = [str(year) for year in trend.years if year not in trend.drawn]
    if hidden:
        notes.append(HIDDEN_FR.format(years=join_words(hidden)))
    changes = [change.sentence for change in list_changes(trend)]
    if changes:
        notes.append(" ".join([*changes, MEASURE_FR]))
    return tuple(notes)


def _said_mark(cell: Cell) -> str:
    """Leave the coverage of what is nearly whole to the picture and to the table."""
    if cell.coverage < SAID_COVERAGE_PCT:
        return cell_mark(cell)
    return STATUS_WORDS[ESTIMATE] if cell.status == ESTIMATE else ""


def _bracket(mark: str) -> str:
    return f" ({mark})" if mark else ""
