"""The year at which each indicator is compared, the same on the page and on the standalone maps."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import pandas as pd

from terrdiag.catalogue import Indicator
from terrdiag.report.comparison import compare, gather_figures, name_places
from terrdiag.territory import Comparator, Perimeter

MAX_SHOWN: Final = 6
"""Years of an indicator that a table of the page shows: a series of thirty years is in the files of data."""

APART: Final = 5
"""Two censuses less than five years apart have surveys in common: they do not compare."""


def choose_years(
    values: pd.DataFrame,
    perimeter: Perimeter,
    comparators: Sequence[Comparator],
    indicators: Mapping[str, Indicator],
) -> dict[str, int]:
    """Choose the reference year of each indicator: the latest that the comparators share with the territory.

    Returns
    -------
    dict
        Year by indicator; an indicator without a figure for the territory is absent.
    """
    figures = gather_figures(values, *name_places(perimeter, comparators), indicators, ())
    compared = {name: compare(figures, name) for name in indicators}
    return {name: comparison.year for name, comparison in compared.items() if comparison}


def thin_years(years: Collection[int], starts: Mapping[int, int]) -> list[int]:
    """Choose the years that a table shows of a long series, back from the latest.

    Parameters
    ----------
    years
        Known years.
    starts
        Start of each interval between two censuses, by its end: the series goes from one to the other where it can,
        and otherwise by five years at least.

    Returns
    -------
    list of int
        Six at the most, in order; all of them when there are no more.

    Examples
    --------
    >>> thin_years([1990, 1999, 2007, 2012, 2013, 2016, 2017, 2018, 2022, 2023], {2023: 2017, 2017: 2012})
    [1990, 1999, 2007, 2012, 2017, 2023]
    >>> thin_years(range(2012, 2026), {})
    [2015, 2020, 2025]
    >>> thin_years([2011, 2013, 2016, 2018], {2016: 2011})
    [2011, 2013, 2016, 2018]
    """
    if len(years) <= MAX_SHOWN:
        return sorted(years)
    chosen = [max(years)]
    while len(chosen) < MAX_SHOWN:
        last = chosen[-1]
        before = starts.get(last)
        if before not in years:
            before = max((year for year in years if year <= last - APART), default=None)
        if before is None:
            break
        chosen.append(before)
    return chosen[::-1]
