"""Who lives where and works where: what stays, leaves and comes, and with which places."""

from terrdiag.analyses.commuting.analyse import CommutingFindings, analyse_commuting

__all__ = ["CommutingFindings", "analyse_commuting"]
