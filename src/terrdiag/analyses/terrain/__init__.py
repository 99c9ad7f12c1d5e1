"""Relief: what an elevation model measures, and how the figures of communes change with altitude."""

from terrdiag.analyses.terrain.findings import TerrainFindings, analyse_terrain

__all__ = ["TerrainFindings", "analyse_terrain"]
