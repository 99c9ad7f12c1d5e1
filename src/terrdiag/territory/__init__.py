"""Study perimeters at a date, their comparators, and the history of communes and EPCI."""

from terrdiag.territory.comparators import resolve_comparators
from terrdiag.territory.dated import NotThenError, resolve_dated
from terrdiag.territory.expressions import resolve_expression
from terrdiag.territory.frame import read_commune_frame
from terrdiag.territory.model import Comparator, DatedPerimeter, Group, Perimeter
from terrdiag.territory.perimeter import resolve_perimeter
from terrdiag.territory.search import Territory, find_territories
from terrdiag.territory.target import resolve_target

__all__ = [
    "Comparator",
    "DatedPerimeter",
    "Group",
    "NotThenError",
    "Perimeter",
    "Territory",
    "find_territories",
    "read_commune_frame",
    "resolve_comparators",
    "resolve_dated",
    "resolve_expression",
    "resolve_perimeter",
    "resolve_target",
]
