"""Commuting in words, bars and tables."""

from terrdiag.report.commuting.tell import tell_commuting

__all__ = ["tell_commuting"]
