"""The EPCI of near profile, in words and in tables."""

from terrdiag.report.peers.tell import tell_peers

__all__ = ["tell_peers"]
