"""Unions and differences of places, resolved into communes: « Occitanie sans Toulouse Métropole »."""

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Final

import pandas as pd

from terrdiag.edition import Edition
from terrdiag.edition.store import read_commune_list
from terrdiag.errors import PerimeterError
from terrdiag.study.expressions import FRANCE, Expression, Term, parse_expression
from terrdiag.territory.groups import Key, find_france, find_groups
from terrdiag.territory.model import Comparator, Group, format_date, scope_of
from terrdiag.territory.notice import name_some
from terrdiag.territory.unknown import explain_unknown
from terrdiag.wording import NBSP, join_words, plural

UNION_KIND: Final = "ensemble"
"""Kind of a group made by a union or a difference."""


def resolve_expression(
    text: str, edition: Edition, date: dt.date | None = None, name: str = ""
) -> Comparator:
    """Resolve a place, a union or a difference of places, into communes.

    Parameters
    ----------
    text
        ``france``, ``region:76``, ``region:76 - epci:243100518``: terms from left to right.
    edition
        The edition, whose COG the communes are brought to.
    date
        Date at which the groups are taken (that of the edition when absent).
    name
        Its own name, instead of « Occitanie sans Toulouse Métropole ».

    Returns
    -------
    Comparator
        The group, what it covers, and what must be known of it: what is taken away without being
        all inside, what is added without bringing anything.

    Raises
    ------
    WrongValueError
        It is not written as an expression.
    PerimeterError
        A code designates nothing at the date; what is taken away has no commune in what comes
        before it; nothing is left.
    """
    expression = parse_expression(text)
    date = date or edition.date
    return combine(expression, find_terms([expression], edition, date), edition, date, name)


def find_terms(
    expressions: Iterable[Expression], edition: Edition, date: dt.date
) -> dict[Key, Group]:
    """Find all the places that expressions name, in one reading; what does not exist is left out."""
    terms = [term for expression in expressions for term in expression.terms]
    keys = [(term.kind, term.code) for term in terms if term.kind != FRANCE]
    found = find_groups(edition, keys, date) if keys else {}
    if any(term.kind == FRANCE for term in terms):
        found[FRANCE, ""] = find_france(edition)
    return found


def combine(
    expression: Expression,
    found: Mapping[Key, Group],
    edition: Edition,
    date: dt.date,
    name: str = "",
) -> Comparator:
    """Add and take away the places of an expression, from left to right.

    Parameters
    ----------
    expression
        The expression.
    found
        Places by kind and code, from :func:`find_terms`.
    edition, date
        Where and when the places were found.
    name
        Its own name.

    Returns
    -------
    Comparator
        As :func:`resolve_expression` gives it.

    Raises
    ------
    PerimeterError
        As :func:`resolve_expression`; one fault a line.
    """
    unknown = [
        explain_unknown(edition, term.kind, term.code, date)
        for term in expression.terms
        if term.kind != FRANCE and (term.kind, term.code) not in found
    ]
    if unknown:
        raise PerimeterError("\n".join(dict.fromkeys(unknown)))
    pairs = [(term, found[term.kind, term.code]) for term in expression.terms]
    communes, warnings = _add_up(pairs, read_names(edition))
    if len(pairs) == 1:
        group = pairs[0][1]
        named = Group(group.kind, group.code, name or group.name, group.communes)
        return Comparator(named, word_scope(group, date))
    title = name or _name(pairs)
    if not communes:
        raise PerimeterError(f'"{expression.text}" : il ne reste aucune commune.')
    group = Group(UNION_KIND, expression.code, title, tuple(sorted(communes)))
    said = tuple(f"{title}{NBSP}: {warning}" for warning in warnings)
    return Comparator(group, _word_union(pairs, len(communes), date), said)


def word_scope(group: Group, date: dt.date) -> str:
    """Say what a single place covers: how many communes, at which date, of which programme."""
    if group.kind == "commune" and len(group.communes) == 1:
        return f"la commune au {format_date(date)}"
    count = plural(len(group.communes), "commune")
    scope = f"somme de ses {count} au {format_date(date)}"
    precise = scope_of(group)
    return f"{scope}, {precise}" if precise else scope


def read_names(edition: Edition) -> "pd.Series[str]":
    """Read the name of each commune of the edition."""
    return read_commune_list(edition).set_index("code_commune")["nom"]


def _add_up(pairs: list[tuple[Term, Group]], names: "pd.Series[str]") -> tuple[set[str], list[str]]:
    """Add and take away, and say what does not come out as one would think."""
    communes = set(pairs[0][1].communes)
    warnings = []
    for rank, (term, group) in enumerate(pairs[1:], 1):
        before = _name(pairs[:rank])
        own = set(group.communes)
        common = own & communes
        if term.sign == "+":
            if common == own:
                warnings.append(f"{group.name} est déjà dans {before}, et n'y ajoute rien.")
            communes |= own
            continue
        if not common:
            raise PerimeterError(
                f'"{term.text}" ({group.name}) n\'a aucune commune dans {before} : '
                "il n'y a rien à en ôter."
            )
        if beyond := sorted(own - common):
            listed = name_some([f"{names[code]} ({code})" for code in beyond])
            verb = "n'y était" if len(beyond) == 1 else "n'y étaient"
            warnings.append(
                f"{group.name} n'est qu'en partie dans {before}{NBSP}: "
                f"{plural(len(beyond), 'commune')} sur {len(own)} {verb} pas, {listed}."
            )
        communes -= own
    return communes, warnings


def _name(pairs: list[tuple[Term, Group]]) -> str:
    """Name a union or a difference: « Gers et Tarn-et-Garonne, sans Montauban »."""
    words = ""
    for sign, run in groupby(pairs, key=lambda pair: pair[0].sign):
        names = [group.name for _, group in run]
        if not words:
            words = join_words(names)
            comma = "," if len(names) > 1 else ""
        elif sign == "-":
            words += f"{comma} sans {join_words(names, 'ni')}"
        else:
            words += f", plus {join_words(names)}"
            comma = ","
    return words


def _word_union(pairs: list[tuple[Term, Group]], count: int, date: dt.date) -> str:
    """Say how many communes, and of what."""
    words = ""
    for rank, (term, group) in enumerate(pairs):
        joint = {"+": " plus ", "-": " moins "}[term.sign] if rank else ""
        words += f"{joint}{group.name} ({plural(len(group.communes), 'commune')})"
    scopes = {scope for _, group in pairs if (scope := scope_of(group))}
    precise = "".join(f", {scope}" for scope in sorted(scopes))
    total = plural(count, "commune")
    return f"somme de {total} au {format_date(date)}{NBSP}: {words}{precise}"
