"""Growth and its parts, and the indexed curves, in words, drawings and tables."""

from terrdiag.report.trends.tell import tell_jobs_trends, tell_population_trends

__all__ = ["tell_jobs_trends", "tell_population_trends"]
