"""Lay the figures of communes out, check what must add up, and prove the zeros that have no row."""

from collections.abc import Iterable

import pandas as pd

from terrdiag.sources.extract import Dropped
from terrdiag.sources.melodi.datasets import Dataset
from terrdiag.sources.tables import SUM_TOLERANCE, check_contradictory, name_dropped
from terrdiag.values import MISSING, OK, SECRET


class Findings:
    """What is told of the communes of a file, once for all its years."""

    def __init__(self) -> None:
        self._codes: dict[str, set[str]] = {}

    def add(self, reason: str, codes: Iterable[str]) -> None:
        """Note a reason, and the communes it concerns (none: nothing is noted)."""
        self._codes.setdefault(reason, set()).update(codes)

    def words(self) -> tuple[Dropped, ...]:
        """Word what was noted."""
        return tuple(
            word for reason, codes in self._codes.items() for word in name_dropped(reason, codes)
        )


def lay_out(
    rows: pd.DataFrame, dataset: Dataset, where: object, found: Findings
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Lay the observations of a year out, a row a commune; an absent row is zero where it is proven.

    Parameters
    ----------
    rows
        ``code, variable, value, status``.
    dataset
        Which parts make which totals.
    where
        What was read, as named in errors.
    found
        Told of the communes that have absent rows, or parts that contradict their total.

    Returns
    -------
    values, statuses : DataFrame
        A column a variable. A variable that no commune has in the year keeps no status.

    Raises
    ------
    SourceFormatError
        Parts do not sum to their total in more than 1 % of the communes.
    """
    names = list(dataset.variables.values())
    # pivot_table would leave out the communes of which nothing is known
    values = rows.pivot(index="code", columns="variable", values="value")  # noqa: PD010
    statuses = rows.pivot(index="code", columns="variable", values="status")  # noqa: PD010
    values = values.reindex(columns=names).astype("float64")
    # a column that no row names would be one of numbers
    statuses = statuses.reindex(columns=names).astype(object)
    for total, parts in dataset.parts.items():
        contradictory = _leave_contradictory(values, statuses, (total, *parts), where)
        found.add(
            f"communes dont {total} n'est pas la somme de ses parts, données comme inconnues",
            contradictory,
        )
        zeros = _prove_zeros(values, statuses, (total, *parts))
        found.add(
            f"communes dont une part de {total} n'a pas de ligne, et se lit zéro : les autres font le total",
            zeros,
        )
    absent = statuses.isna() & statuses.notna().any()
    found.add(
        "communes dont une combinaison n'a pas de ligne, sans que leur total prouve un zéro (valeur manquante)",
        absent.index[absent.any(axis=1)],
    )
    return values, statuses.mask(absent, MISSING)


def _gap(
    values: pd.DataFrame, statuses: pd.DataFrame, total: str, parts: list[str]
) -> tuple[pd.Series, pd.Series]:
    """Give what the parts lack of their total, where it is known; and where every part is known.

    A part that is hidden is somewhere in the total: nothing can be told of the others.
    """
    is_open = (statuses[parts].isna() | (statuses[parts] == OK)).all(axis=1)
    known = is_open & (statuses[total] == OK)
    gap = (values[total] - values[parts].sum(axis=1)).where(known)
    return gap, (statuses[parts] == OK).all(axis=1)


def _leave_contradictory(
    values: pd.DataFrame, statuses: pd.DataFrame, names: tuple[str, ...], where: object
) -> pd.Index:
    """Take out (in place) parts that do not sum to their total; tell of which communes.

    They may also go beyond it when one is absent. Nobody knows which of the figures is wrong.
    """
    total, *parts = names
    gap, complete = _gap(values, statuses, total, parts)
    wrong = (gap < -SUM_TOLERANCE) | (complete & (gap > SUM_TOLERANCE))
    codes = wrong.index.to_series()
    check_contradictory(wrong, codes, f"{total} n'est pas la somme de {', '.join(parts)}", where)
    for name in names:
        # what has no row keeps no status: the data set may not give it for the year
        given = wrong & statuses[name].notna()
        values.loc[given, name], statuses.loc[given, name] = float("nan"), MISSING
    return wrong.index[wrong]


def _prove_zeros(values: pd.DataFrame, statuses: pd.DataFrame, names: tuple[str, ...]) -> pd.Index:
    """Put a zero (in place) where a part has no row and the others make the total; tell of which communes."""
    total, *parts = names
    gap, complete = _gap(values, statuses, total, parts)
    proven = ~complete & (gap <= SUM_TOLERANCE)
    for part in parts:
        zero = proven & statuses[part].isna()
        values.loc[zero, part], statuses.loc[zero, part] = 0.0, OK
    return proven.index[proven]


def sum_parts(values: pd.DataFrame, statuses: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Sum variables: known where all are, secret where one is, without a status where none has one."""
    absent = statuses.isna()
    status = pd.Series(OK, index=values.index, dtype=object)
    status[absent.any(axis=1) | (statuses == MISSING).any(axis=1)] = MISSING
    status[(statuses == SECRET).any(axis=1)] = SECRET
    return values.sum(axis=1, skipna=False), status.mask(absent.all(axis=1))
