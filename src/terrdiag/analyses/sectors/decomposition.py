"""The classical shift-share identity: what a change owes to the reference, to the mix of branches, and to neither."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Effects:
    """The parts of a change, branch by branch, in the unit of the counts; shape (branches,).

    Attributes
    ----------
    national
        What the place would have gained had each branch grown as the whole of the reference.
    structural
        What it gains more because its branches are those that grow, in the reference, faster than the whole.
    local
        What it gains more because its branches grow faster than the same branches in the reference.
    """

    national: Numbers
    structural: Numbers
    local: Numbers

    @property
    def total(self) -> Numbers:
        """The change: the sum of the three."""
        return self.national + self.structural + self.local


def decompose_change(
    start: ArrayLike, end: ArrayLike, reference_start: ArrayLike, reference_end: ArrayLike
) -> Effects:
    """Decompose a change into its national, structural and local parts.

    Formula, for a branch i: national ``e_i G``, structural ``e_i (G_i − G)``, local ``e_i (g_i − G_i)``, where ``e_i``
    is the count here at the start, ``g_i`` its growth, ``G_i`` the growth of the branch in the reference and ``G``
    that of the whole.

    Parameters
    ----------
    start, end
        Counts of the place by branch, shape (branches,).
    reference_start, reference_end
        Counts of the reference, in any unit of their own.

    Returns
    -------
    Effects
        NaN for a branch that the place has at the start and the reference has not; everywhere when the reference is
        empty at the start.

    Notes
    -----
    Dunn (1960); « analyse structurelle-résiduelle » at INSEE (Kubrak, 2018). A branch that is empty at the start has
    no growth rate: all that it gains is local.

    Examples
    --------
    >>> effects = decompose_change([50, 50], [60, 50], [100, 100], [110, 130])
    >>> [one.round(6).tolist() for one in (effects.national, effects.structural, effects.local)]
    [[10.0, 10.0], [-5.0, 5.0], [5.0, -15.0]]
    """
    here, then = np.asarray(start, float), np.asarray(end, float)
    there, after = np.asarray(reference_start, float), np.asarray(reference_end, float)
    whole = float(after.sum() / there.sum()) if there.sum() else np.nan
    # the growth of a branch that neither has at the start changes nothing: it is multiplied by zero
    absent = np.where(here == 0, whole, np.nan)
    factor = np.divide(after, there, out=absent, where=there != 0)
    return Effects(here * (whole - 1), here * (factor - whole), then - here * factor)
