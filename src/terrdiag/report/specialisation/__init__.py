"""What the page says of industry and specialisation: quotients, sector mix, concentration, shift-share."""

from terrdiag.analyses.sectors import Concentration, ShiftShare, Specialisation
from terrdiag.report.blocks import Block
from terrdiag.report.specialisation.mixes import tell_mixes
from terrdiag.report.specialisation.quotients import tell_quotients
from terrdiag.report.specialisation.shift_share import tell_shift_share
from terrdiag.report.specialisation.spreads import tell_concentration

__all__ = ["tell_specialisation"]


def tell_specialisation(
    specialisation: Specialisation, concentration: Concentration, shift_share: ShiftShare
) -> tuple[Block, ...]:
    """Tell the specialisation of a territory, for the section « Emploi et industrie ».

    Parameters
    ----------
    specialisation, concentration, shift_share
        What the three analyses have found.

    Returns
    -------
    tuple of Block
        Location quotients of establishments then of jobs, sector mix, concentration between communes, shift-share;
        a part of which nothing is known is left out, or says what is missing.
    """
    blocks = (
        *tell_quotients(specialisation),
        tell_mixes(specialisation),
        tell_concentration(concentration),
        *tell_shift_share(shift_share),
    )
    return tuple(block for block in blocks if block)
