"""Study perimeters at a date, their comparators, and the history of communes and EPCI."""

from terrdiag.territory.comparators import resolve_comparators
from terrdiag.territory.frame import read_commune_frame
from terrdiag.territory.model import Comparator, Group, Perimeter
from terrdiag.territory.perimeter import resolve_perimeter
from terrdiag.territory.search import Territory, find_territories
from terrdiag.territory.target import resolve_target

__all__ = [
    "Comparator",
    "Group",
    "Perimeter",
    "Territory",
    "find_territories",
    "read_commune_frame",
    "resolve_comparators",
    "resolve_perimeter",
    "resolve_target",
]
