"""What a reader hands over: a tidy table, what it left out and why, and what the file describes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from terrdiag.errors import SourceFormatError


@dataclass(frozen=True)
class Dropped:
    """Rows of an official file that a reader left out, named.

    Attributes
    ----------
    reason
        Why, in French, as it is printed in the build report.
    count
        How many rows.
    examples
        A few of the codes concerned.
    """

    reason: str
    count: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Extract:
    """A tidy table read from an official file.

    Attributes
    ----------
    source_id
        The source, as in ``sources.toml``.
    table
        The tidy table; its columns are those of the reader's docstring.
    cog_year
        The communes the codes belong to (1 January of that year).
    files
        The files read, for the provenance.
    dropped
        What was left out, and why.
    intervals
        The pairs of census years the file was made to compare, oldest first.
    rates
        Its variables that are not counts (a median, a rate): nothing is known of them once communes merge.
    """

    source_id: str
    table: pd.DataFrame
    cog_year: int
    files: tuple[Path, ...]
    dropped: tuple[Dropped, ...] = ()
    intervals: tuple[tuple[int, int], ...] = field(default=())
    rates: frozenset[str] = frozenset()


FIGURE_COLUMNS = ("level", "code", "variable", "ref_year", "value", "status")
"""Columns of a table of figures. Status: ``ok``, ``secret``, ``missing``, ``not_applicable``."""


def check_columns(table: pd.DataFrame, expected: Iterable[str], path: Path) -> None:
    """Refuse a file that lacks a column it must have, or has it twice.

    Raises
    ------
    SourceFormatError
        A column is missing or repeated; the message names it, the file and the columns found.
    """
    expected = tuple(expected)
    missing = [name for name in expected if name not in table.columns]
    if missing:
        raise SourceFormatError(
            f"{path} : colonne absente : {', '.join(missing)}. "
            f"Colonnes trouvées : {_name_first(map(str, table.columns))}. "
            "Le format du producteur a peut-être changé, ou le fichier n'est pas celui attendu."
        )
    names = list(map(str, table.columns))
    repeated = sorted({name for name in expected if names.count(name) > 1})
    if repeated:
        raise SourceFormatError(
            f"{path} : colonne en double : {', '.join(repeated)}. "
            "On ne peut pas savoir laquelle est la bonne : reprenez le fichier du producteur, tel quel."
        )


def _name_first(names: Iterable[str]) -> str:
    """Name columns, those of a file that has hundreds being cut short."""
    every = [name[:40] for name in names]
    more = f" et {len(every) - 60} autres" if len(every) > 60 else ""
    return ", ".join(every[:60]) + more


def check_unique(table: pd.DataFrame, keys: list[str], path: Path) -> None:
    """Refuse a table in which a key stands twice.

    Raises
    ------
    SourceFormatError
        Some key is repeated; the message gives the first ones.
    """
    repeated = table.loc[table.duplicated(keys), keys]
    if not repeated.empty:
        examples = "; ".join(
            " ".join(map(str, row)) for row in repeated.head(5).itertuples(index=False)
        )
        raise SourceFormatError(
            f"{path} : {len(repeated)} clé(s) en double ({', '.join(keys)}) : {examples}."
        )
