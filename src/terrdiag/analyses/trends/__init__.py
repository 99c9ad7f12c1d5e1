"""Indexed curves of population and jobs, cut where the figures change files."""

from terrdiag.analyses.trends.analyse import Trend, TrendsFindings, analyse_trends

__all__ = ["Trend", "TrendsFindings", "analyse_trends"]
