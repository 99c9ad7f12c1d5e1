"""The block of the sector mix: how evenly it is shared, how far it is from the comparators."""

from collections.abc import Sequence

from terrdiag.analyses.cells import UNKNOWN, Cell
from terrdiag.analyses.sectors import Specialisation
from terrdiag.analyses.sectors.indices import Distance
from terrdiag.analyses.sectors.mix import BASES, Basis
from terrdiag.indicators.places import Place as Group
from terrdiag.report.blocks import Block, Grid
from terrdiag.report.specialisation.guides import COARSE, INDICES
from terrdiag.report.specialisation.words import (
    COUNTED,
    choose_main,
    define,
    say_estimate,
    say_when,
    see,
    sort_references,
    write_cell,
)
from terrdiag.wording import NBSP, format_number, format_value


def tell_mixes(found: Specialisation) -> Block | None:
    """Tell how the sectors of the territory are shared, beside its comparators.

    Parameters
    ----------
    found
        What the analysis has found.

    Returns
    -------
    Block or None
        None when no sector mix is known.
    """
    sentences, grids, definitions = [], [], []
    for basis in BASES:
        own = _distances(found, basis)
        references = sort_references(one.reference for one in own)
        main = choose_main(references)
        if main is None:
            continue
        nearest = {one.reference.level + one.reference.code: one for one in own}
        sentences.append(_say(found, basis, nearest[main.level + main.code]))
        grids.append(_tabulate(found, basis, own))
        definitions += [
            define(f"krugman_{basis}", reference="x", reference_name="un comparateur"),
            define(f"herfindahl_{basis}"),
            define(f"effective_sectors_{basis}"),
        ]
    if not grids:
        return None
    return Block(
        theme="specialisation",
        title="Répartition par secteur",
        sentences=tuple(sentence for sentence in sentences if sentence),
        grids=tuple(grids),
        notes=(INDICES, COARSE),
        definitions=tuple(definitions),
    )


def _distances(found: Specialisation, basis: Basis) -> list[Distance]:
    territory = found.compared.territory
    own = [one for one in found.distances if one.basis == basis and one.place is territory]
    order = {
        place: rank for rank, place in enumerate(_codes(sort_references(o.reference for o in own)))
    }
    return sorted(own, key=lambda one: order[one.reference.level, one.reference.code])


def _codes(places: Sequence[Group]) -> list[tuple[str, str]]:
    return [(place.level, place.code) for place in places]


def _say(found: Specialisation, basis: Basis, main: Distance) -> str:
    """Say how many sectors of equal size the mix is worth, and how much of it would have to change."""
    here, there = (
        _effective(found, place, basis, main.year) for place in (main.place, main.reference)
    )
    if not (main.krugman.known and here.known and there.known):
        return ""
    where = see(main.reference).where
    moved = format_value(50 * main.krugman.value, "%", 1)
    return (
        f"{say_when(basis, main.year)}, les {COUNTED[basis]} se répartissent comme s'il y avait "
        f"{format_number(here.value, 2)} {'secteurs' if here.value >= 2 else 'secteur'} de même taille, contre "
        f"{format_number(there.value, 2)} {where}{say_estimate([here, there])}. Pour retrouver la répartition "
        f"observée {where}, {moved} d'entre eux devraient être d'un autre secteur "
        f"(indice de Krugman{NBSP}: {format_number(main.krugman.value, 3)})."
    )


def _effective(found: Specialisation, place: Group, basis: Basis, year: int) -> Cell:
    return next(
        (
            one.effective
            for one in found.mixes
            if (one.place.level, one.place.code) == (place.level, place.code)
            and (one.basis, one.year) == (basis, year)
        ),
        UNKNOWN,
    )


def _tabulate(found: Specialisation, basis: Basis, distances: Sequence[Distance]) -> Grid:
    territory = found.compared.territory
    widest = distances[-1].year
    pairs = [
        (territory, widest, None),
        *((one.reference, one.year, one.krugman) for one in distances),
    ]
    rows = tuple(_row(found, basis, *pair) for pair in pairs)
    return Grid(
        f"Répartition par secteur, {COUNTED[basis]}",
        (
            "Lieu",
            "Année",
            "Indice de Herfindahl",
            "Secteurs effectifs",
            "Écart au territoire (Krugman)",
        ),
        rows,
        own=(0,),
    )


def _row(
    found: Specialisation, basis: Basis, place: Group, year: int, krugman: Cell | None
) -> tuple[str, ...]:
    effective = _effective(found, place, basis, year)
    inverse = effective._replace(value=1 / effective.value) if effective.known else effective
    return (
        see(place).short,
        str(year),
        write_cell(inverse, 3),
        write_cell(effective, 2),
        "–" if krugman is None else write_cell(krugman, 3),
    )
