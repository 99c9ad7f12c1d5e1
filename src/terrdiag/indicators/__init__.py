"""The indicators: pure functions, one module a theme, and what makes values of them at every level."""

from terrdiag.indicators.caveats import find_caveats
from terrdiag.indicators.compute import Known, compute_values, load_known
from terrdiag.indicators.fragility import (
    FRAGILE,
    find_fragile,
    word_fragile,
    word_fragile_rows,
)
from terrdiag.indicators.places import Place, Places, list_places, populations_of

__all__ = [
    "FRAGILE",
    "Known",
    "Place",
    "Places",
    "compute_values",
    "find_caveats",
    "find_fragile",
    "list_places",
    "load_known",
    "populations_of",
    "word_fragile",
    "word_fragile_rows",
]
