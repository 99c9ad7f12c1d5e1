"""Tables of commuting: partners of the territory, flows inside it."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from terrdiag.analyses.commuting.analyse import Exchange
from terrdiag.analyses.commuting.partners import Matrix, Partner
from terrdiag.analyses.commuting.tally import Count
from terrdiag.report.blocks import Grid
from terrdiag.report.commuting.words import (
    COMING,
    LEAVING,
    add_counts,
    name_partner,
    pick_partners,
    write_people,
    write_share,
)
from terrdiag.report.comparison import Place
from terrdiag.wording import NBSP, plural

MOST_COLUMNS: Final = 12
"""Places beyond which a table of the flows inside would not fit a sheet of paper: pairs are listed instead."""

MOST_PAIRS: Final = 15

HEADS: Final = ("Sortants", "Part des sortants (%)", "Entrants", "Part des entrants (%)")


def tabulate_partners(
    partners: Sequence[Partner], exchange: Exchange, head: str, caption: str
) -> Grid:
    """Tabulate the first places outside the territory, the sum of the others, and the whole.

    Parameters
    ----------
    partners
        Places outside.
    exchange
        What the territory exchanges.
    head, caption
        Head of the names, and title.
    """
    listed, others = pick_partners(partners)
    rows = [_row(name_partner(one), one.leaving, one.coming, exchange) for one in listed]
    if others:
        leaving, coming = (add_counts(map(side, others)) for side in (LEAVING, COMING))
        rows.append(
            _row(f"Autres ({plural(len(others), 'lieu', 'lieux')})", leaving, coming, exchange)
        )
    rows.append(_row("Ensemble", exchange.leaving, exchange.coming, exchange))
    return Grid(caption, (head, *HEADS), tuple(rows), own=(len(rows) - 1,))


def _row(name: str, leaving: Count, coming: Count, exchange: Exchange) -> tuple[str, ...]:
    return (
        name,
        write_people(leaving),
        write_share(leaving, exchange.leaving),
        write_people(coming),
        write_share(coming, exchange.coming),
    )


def tabulate_within(matrix: Matrix | None, year: int) -> tuple[Grid, ...]:
    """Tabulate the flows inside the territory: all of them for a few places, the largest pairs for more.

    Parameters
    ----------
    matrix
        Flows, place by place.
    year
        The census.

    Returns
    -------
    tuple of Grid
        None for a territory of one place, of too many, or none of whose pairs reaches 200 people.
    """
    if matrix is None:
        return ()
    if len(matrix.places) <= MOST_COLUMNS:
        return (_tabulate_matrix(matrix, year),)
    pairs = _list_pairs(matrix)
    if not pairs:
        return ()
    return (
        Grid(
            f"Flux d'au moins 200{NBSP}personnes entre deux lieux du territoire, {year}",
            ("De (résidence)", "Vers (travail)", "Personnes"),
            tuple(pairs[:MOST_PAIRS]),
            texts=(1,),
            note=f"Les {MOST_PAIRS} premiers, sur {len(pairs)}." if len(pairs) > MOST_PAIRS else "",
        ),
    )


def _tabulate_matrix(matrix: Matrix, year: int) -> Grid:
    rows = []
    for rank in range(len(matrix.places)):
        cells = zip(matrix.people[rank], matrix.is_estimate[rank], strict=True)
        texts = (
            write_people(Count(float(people), bool(soft)), f"<{NBSP}10") for people, soft in cells
        )
        rows.append((f"{rank + 1}. {_short(matrix, rank)}", *texts))
    return Grid(
        f"Qui travaille où dans le territoire, {year} : résidence en ligne, travail en colonne",
        ("Résidence", *(str(rank + 1) for rank in range(len(matrix.places)))),
        tuple(rows),
        note="Les colonnes portent le numéro des lignes. Un EPCI y compte pour ses communes du territoire.",
    )


def _list_pairs(matrix: Matrix) -> list[tuple[str, str, str]]:
    """List the flows between two places that are more than an order of magnitude, the largest first."""
    order = np.argsort(-matrix.people, axis=None, kind="stable")
    found = []
    for flat in order.tolist():
        home, work = divmod(flat, len(matrix.places))
        count = Count(float(matrix.people[home, work]), bool(matrix.is_estimate[home, work]))
        if home != work and not count.is_few:
            found.append((_short(matrix, home), _short(matrix, work), write_people(count)))
    return found


def _short(matrix: Matrix, rank: int) -> str:
    place = matrix.places[rank]
    return Place(place.level, place.code, place.name).short
