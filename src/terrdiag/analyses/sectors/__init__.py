"""Industry and specialisation: what the sectors of a territory say beside those of its comparators.

Establishments (counted by commune) and jobs (shares published by EPCI and above) are never mixed.
"""

from terrdiag.analyses.sectors.concentration import Concentration, analyse_concentration
from terrdiag.analyses.sectors.shift_share import ShiftShare, analyse_shift_share
from terrdiag.analyses.sectors.specialisation import Specialisation, analyse_specialisation

__all__ = [
    "Concentration",
    "ShiftShare",
    "Specialisation",
    "analyse_concentration",
    "analyse_shift_share",
    "analyse_specialisation",
]
