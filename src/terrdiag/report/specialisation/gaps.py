"""Say precisely why a change is not decomposed: which figures are known here, which there."""

from collections.abc import Sequence
from typing import Final

from terrdiag.analyses.sectors.mix import Basis
from terrdiag.analyses.sectors.shift_share import Gap
from terrdiag.report.specialisation.words import see, sort_references
from terrdiag.wording import NBSP, join_words

NOT_PUBLISHED: Final = (
    "L'évolution des emplois n'est pas décomposée par branche : les parts des secteurs et le taux d'évolution des "
    "emplois sont publiés par EPCI, département et région de métropole. Ils ne le sont pas pour ce territoire, qui "
    "n'est pas non plus fait d'EPCI entiers pour lesquels ils le soient."
)

Known = tuple[tuple[int, ...], ...]


def explain_gaps(gaps: Sequence[Gap], basis: Basis) -> tuple[str, ...]:
    """Say what is missing against each comparator.

    Parameters
    ----------
    gaps
        Comparators against which no change of the territory could be decomposed.
    basis
        Establishments or jobs.

    Returns
    -------
    tuple of str
        One sentence at the most for each thing that is missing.
    """
    if not gaps:
        return ()
    return _explain_jobs(gaps) if basis == "jobs" else _explain_counts(gaps)


def _explain_counts(gaps: Sequence[Gap]) -> tuple[str, ...]:
    here = gaps[0].here
    need = f"Décomposer l'évolution des établissements demande leur nombre par secteur à deux dates{NBSP}: l'édition"
    if not here:
        return (f"{need} ne l'a pas pour ce territoire.",)
    if len(here) == 1:
        return (f"{need} ne l'a que pour {_years(here)} dans le territoire.",)
    by_years: dict[Known, list[str]] = {}
    places = {(gap.reference.level, gap.reference.code): gap for gap in gaps}
    for place in sort_references(gap.reference for gap in gaps):
        there = places[place.level, place.code].there
        by_years.setdefault(there, []).append(see(place).where)
    limits = [
        f"{f'que pour {_years(there)}' if there else 'pour aucune date'} {join_words(names)}"
        for there, names in sorted(by_years.items(), key=lambda one: not one[0])
    ]
    known = f"{need} l'a pour {_years(here)} dans le territoire, mais ne l'a "
    return (f"{known}{join_words(limits)}.",)


def _years(known: Known) -> str:
    return join_words(f"fin {year}" for (year,) in known)


def _explain_jobs(gaps: Sequence[Gap]) -> tuple[str, ...]:
    if not gaps[0].here:
        return (NOT_PUBLISHED,)
    names = [see(place).where for place in sort_references(gap.reference for gap in gaps)]
    sentence = (
        f"L'évolution des emplois n'est pas décomposée par rapport à ce qu'elle est {join_words(names)}{NBSP}: ni "
        "parts ni taux d'évolution n'y sont publiés, et des moyennes pondérées par l'emploi d'une seule année n'y "
        "suffisent pas."
    )
    return (sentence,)
