"""Paris, Lyon and Marseille, which files give by arrondissement, as a commune, or both ways."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from terrdiag.errors import SourceFormatError
from terrdiag.sources.extract import Dropped
from terrdiag.sources.tables import name_dropped

RESIDUE: Final = 0.05
"""A row of the city beside its arrondissements is what could not be located if it is under 5 % of them; more, and the
city would be counted twice."""


def join_arrondissements(
    rows: pd.DataFrame, cities: pd.DataFrame, keys: Sequence[str], path: Path
) -> tuple[pd.DataFrame, tuple[Dropped, ...]]:
    """Give the rows of arrondissements the code of their commune, for the caller to sum.

    Parameters
    ----------
    rows
        ``code`` and ``value`` (what is not known being NaN or zero), with other columns.
    cities
        ``code_arrondissement, code_commune``.
    keys
        Columns that tell two figures of a commune apart, ``code`` among them.
    path
        The file, as named in errors.

    Returns
    -------
    rows : DataFrame
        The same rows, the arrondissements bearing the code of their commune.
    dropped : tuple of Dropped
        The arrondissements, named.

    Raises
    ------
    SourceFormatError
        A city and its arrondissements are both in the file, for the same figure: it would be counted twice.
    """
    parents = cities.set_index("code_arrondissement")["code_commune"]
    inside = rows["code"].isin(parents.index)
    if not inside.any():
        return rows, ()
    others = [key for key in keys if key != "code"]
    parent = rows["code"].map(parents)
    summed = rows[inside].groupby([parent[inside].rename("city"), *others])["value"].sum()
    whole = rows["code"].isin(set(parents)) & (rows["value"] > 0)
    for city, *rest, value in rows.loc[whole, ["code", *others, "value"]].itertuples(index=False):
        parts = summed.get((city, *rest) if rest else city, 0.0)
        if parts and value > RESIDUE * parts:
            raise SourceFormatError(
                f"{path} : {city} et ses arrondissements sont tous deux dans le fichier : "
                "la ville serait comptée deux fois."
            )
    named = name_dropped(
        "arrondissements additionnés en leur commune (Paris, Lyon, Marseille)",
        set(rows.loc[inside, "code"]),
    )
    return rows.assign(code=parent.where(inside, rows["code"])), named
