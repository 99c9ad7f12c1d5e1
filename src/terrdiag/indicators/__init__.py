"""The indicators: pure functions, one module a theme, and what makes values of them at every level."""

from terrdiag.indicators.caveats import find_caveats
from terrdiag.indicators.compute import compute_values
from terrdiag.indicators.places import Place, Places, list_places, populations_of

__all__ = ["Place", "Places", "compute_values", "find_caveats", "list_places", "populations_of"]
