"""EPCI whose statistical profile is near that of a territory."""

from terrdiag.analyses.peers.analyse import PeersFindings, analyse_peers

__all__ = ["PeersFindings", "analyse_peers"]
