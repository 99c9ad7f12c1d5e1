"""Melodi, the data service of INSEE: its bulk files, its catalogue and its interface.

A data set of Melodi is a long table: a place (``GEO``, ``GEO_OBJECT``), dimensions, a year, a value
and what became of it. ``bulk`` reads the file of a whole data set, ``api`` asks for a part of one;
both hand over the same observations, which ``figures`` turns into figures as ``datasets`` says.
"""

from terrdiag.sources.melodi.readers import (
    read_census_series,
    read_jobs_by_sector,
    read_populations,
    read_posts_a5,
    read_posts_a17,
)

__all__ = [
    "read_census_series",
    "read_jobs_by_sector",
    "read_populations",
    "read_posts_a5",
    "read_posts_a17",
]
