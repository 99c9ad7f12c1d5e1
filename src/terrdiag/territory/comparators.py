"""What a territory is compared with: each comparator is the sum of its communes."""

import dataclasses
from typing import Final

from terrdiag.edition import Edition
from terrdiag.errors import PerimeterError
from terrdiag.study import Expression, Study, parse_expression
from terrdiag.study.model import NamedComparator
from terrdiag.territory.dated_notice import name_dated
from terrdiag.territory.expressions import UNION_KIND, combine, find_terms, word_scope
from terrdiag.territory.groups import find_france, groups_around
from terrdiag.territory.model import (
    KIND_LABELS,
    MAX_DEPARTEMENTS,
    Comparator,
    DatedPerimeter,
    Group,
    Perimeter,
    format_date,
)
from terrdiag.wording import NBSP, plural

INNER_KINDS: Final = ("commune", "epci", "ept")
"""Kinds whose level, in the tables, is that of what lies in the territory or touches it."""

DATED_KIND: Final = "perimetre"
"""Kind of the territory on the perimeter of another date."""

PROGRAMMES: Final = ("ti", "petr")
"""Kinds that are compared when the territory lies in one."""


def resolve_comparators(
    study: Study, perimeter: Perimeter, edition: Edition
) -> tuple[Comparator, ...]:
    """Resolve what the territory is compared with.

    Without ``[comparators]``: the Territoire d'industrie and the PETR that hold the whole
    territory, the départements it touches (unless they are more than six), the régions, France;
    never the territory itself, nor what lies inside it. The territory on the perimeter of the other
    dates that the study names comes last, where it does not hold the same communes.

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
        In the order of the file, or from the smallest to France; then the other perimeters, in
        the order of their dates in the file.

    Raises
    ------
    PerimeterError
        A comparator is unknown, cannot be made, or is the territory itself.
    """
    if study.comparators.include is None:
        chosen = [
            Comparator(group, word_scope(group, edition.date))
            for group in _choose_groups(perimeter, edition)
        ]
    else:
        chosen = _find_included(study, perimeter, edition)
    return (*chosen, *_add_dated(perimeter, edition))


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


def _find_included(study: Study, perimeter: Perimeter, edition: Edition) -> list[Comparator]:
    """Find what the file lists; gather the faults."""
    included = dict.fromkeys(study.comparators.include or ())
    named = [
        (item.of, item.name) if isinstance(item, NamedComparator) else (item, "")
        for item in included
    ]
    expressions = [parse_expression(text) for text, _ in named]
    found = find_terms(expressions, edition, edition.date)
    comparators: dict[tuple[str, str], Comparator] = {}
    faults = []
    for expression, (_, name) in zip(expressions, named, strict=True):
        try:
            one = combine(expression, found, edition, edition.date, name)
        except PerimeterError as error:
            faults += str(error).splitlines()
            continue
        one = _set_apart(one, expression)
        key = (one.group.kind, one.group.code)
        if one.group.communes == perimeter.communes:
            faults.append(
                f'"{expression.text}" ({one.group.name}) est le territoire lui-même : ôtez-le.'
            )
        if key in comparators:
            faults.append(f'"{expression.text}" est donné deux fois : ôtez-en un.')
        elif one.group.name in {other.group.name for other in comparators.values()}:
            faults.append(
                f'"{expression.text}" porte le nom d\'un autre comparateur, « {one.group.name} » : '
                'donnez-lui le sien, { name = "…", of = "…" }.'
            )
        comparators[key] = one
    if faults:
        where = study.where("comparators", "include")
        raise PerimeterError("\n".join(f"{where} : {fault}" for fault in faults))
    return list(comparators.values())


def _set_apart(one: Comparator, expression: Expression) -> Comparator:
    """Set a commune, an EPCI or an EPT apart from those of the territory, which bear the same level."""
    group = one.group
    if group.kind not in INNER_KINDS:
        return one
    apart = dataclasses.replace(group, kind=UNION_KIND, code=expression.code)
    # a commune says what it is in its scope
    label = "" if group.kind == "commune" else f"{KIND_LABELS[group.kind]}, "
    return Comparator(apart, f"{label}{one.scope}", one.warnings, (group.kind, group.code))


def _add_dated(perimeter: Perimeter, edition: Edition) -> list[Comparator]:
    """Set the territory beside itself on its other perimeters, where they differ."""
    dated = []
    for other in perimeter.others:
        if other.communes != perimeter.communes:
            name = name_dated(perimeter.name, format_date(other.date))
            code = f"{perimeter.id}-{other.date.isoformat()}"
            group = Group(DATED_KIND, code, name, other.communes)
            dated.append(Comparator(group, _word_dated(other, edition)))
    return dated


def _word_dated(other: DatedPerimeter, edition: Edition) -> str:
    count = plural(len(other.members), "commune")
    stated = ", selon l'étude" if other.stated else ""
    scope = f"le territoire au {format_date(other.date)}{stated}{NBSP}: {count}"
    if other.date == edition.date:
        return scope
    now = plural(len(other.communes), "commune")
    return f"{scope}, portées aux {now} du {format_date(edition.date)}"
