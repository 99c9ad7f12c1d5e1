"""The relief in the page: what the model measures, the bands of altitude, the gradients, the transect."""

from terrdiag.report.terrain.tell import tell_terrain

__all__ = ["tell_terrain"]
