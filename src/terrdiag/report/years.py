"""The year at which each indicator is compared, the same on the page and on the standalone maps."""

from collections.abc import Mapping, Sequence

import pandas as pd

from terrdiag.catalogue import Indicator
from terrdiag.report.comparison import compare, gather_figures, name_places
from terrdiag.territory import Comparator, Perimeter


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
