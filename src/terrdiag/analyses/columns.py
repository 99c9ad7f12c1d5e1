"""What one pass of aggregation gives: columns of the table of values, one cell a place."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from terrdiag.analyses.cells import Cell

Columns = Mapping[str, Any]
"""By column of the table of values: an array, or a scalar for all the places."""


def read_cell(columns: Columns, at: int) -> Cell:
    """Read the cell of the place at a position.

    Examples
    --------
    >>> columns = {"value": np.array([9.5, 8.0]), "status": "ok", "coverage_pct": np.array([100.0, 99.0])}
    >>> columns |= {"numerator": np.nan, "denominator": np.nan, "source_id": ["insee", "ign"]}
    >>> read_cell(columns, 1)
    Cell(value=8.0, status='ok', coverage_pct=99.0, numerator=nan, denominator=nan, source_id='ign')
    """
    value, status, coverage, above, below, source = (
        one if np.ndim(one) == 0 else one[at] for one in map(columns.__getitem__, Cell._fields)
    )
    return Cell(float(value), str(status), float(coverage), float(above), float(below), str(source))
