"""What a territory is compared with: each comparator is the sum of its communes."""

from typing import Final, cast

from terrdiag.edition import Edition
from terrdiag.errors import PerimeterError
from terrdiag.study import Kind, Study
from terrdiag.study.codes import FRANCE
from terrdiag.territory.groups import find_france, find_groups, groups_around
from terrdiag.territory.model import (
    MAX_DEPARTEMENTS,
    SCOPES,
    Comparator,
    Group,
    Perimeter,
    format_date,
)
from terrdiag.territory.unknown import explain_unknown
from terrdiag.wording import plural

PROGRAMMES: Final = ("ti", "petr")
"""Kinds that are compared when the territory lies in one."""


def resolve_comparators(
    study: Study, perimeter: Perimeter, edition: Edition
) -> tuple[Comparator, ...]:
    """Resolve what the territory is compared with.

    Without ``[comparators]``: the Territoire d'industrie and the PETR that hold the whole
    territory, the départements it touches (unless they are more than six), the régions, France;
    never the territory itself, nor what lies inside it.

    Parameters
    ----------
    study
        The study.
    perimeter
        Its perimeter.
    edition
        The edition.

    Returns
    -------
    tuple of Comparator
        In the order of the file, or from the smallest to France.

    Raises
    ------
    PerimeterError
        A comparator is unknown, or is the territory itself.
    """
    if study.comparators.include is None:
        groups = _choose_groups(perimeter, edition)
    else:
        groups = _find_included(study, perimeter, edition)
    return tuple(Comparator(group, _word_scope(group, edition)) for group in groups)


def _choose_groups(perimeter: Perimeter, edition: Edition) -> list[Group]:
    inside = set(perimeter.communes)
    around = [group for group in perimeter.departements if not set(group.communes) <= inside]
    near = groups_around(edition, PROGRAMMES, perimeter.communes)
    programmes = [g for kind in PROGRAMMES for g in near[kind] if inside < set(g.communes)]
    regions = [group for group in perimeter.regions if not set(group.communes) <= inside]
    departements = around if len(around) <= MAX_DEPARTEMENTS else []
    chosen = [*programmes, *departements, *regions, find_france(edition)]
    return [group for group in _without_twins(chosen) if set(group.communes) != inside]


def _without_twins(groups: list[Group]) -> list[Group]:
    """Keep the larger level of two that hold the same communes (a région of one département)."""
    return [
        group
        for place, group in enumerate(groups)
        if not any(group.communes == later.communes for later in groups[place + 1 :])
    ]


def _find_included(study: Study, perimeter: Perimeter, edition: Edition) -> list[Group]:
    included = list(dict.fromkeys(study.comparators.include or ()))
    keys = [_read_key(text) for text in included if text != FRANCE]
    found = find_groups(edition, keys, edition.date)
    faults = [explain_unknown(edition, *key, edition.date) for key in keys if key not in found]
    groups = [
        find_france(edition) if text == FRANCE else found[_read_key(text)]
        for text in included
        if text == FRANCE or _read_key(text) in found
    ]
    faults += [
        f'"{group.kind}:{group.code}" ({group.name}) est le territoire lui-même : ôtez-le.'
        for group in groups
        if group.communes == perimeter.communes
    ]
    if faults:
        where = study.where("comparators", "include")
        raise PerimeterError("\n".join(f"{where} : {fault}" for fault in faults))
    return groups


def _read_key(text: str) -> tuple[Kind, str]:
    kind, _, code = text.partition(":")
    return cast("Kind", kind), code


def _word_scope(group: Group, edition: Edition) -> str:
    count = plural(len(group.communes), "commune")
    scope = f"somme de ses {count} au {format_date(edition.date)}"
    return f"{scope}, {SCOPES[group.kind]}" if group.kind in SCOPES else scope
