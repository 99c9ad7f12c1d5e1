"""The page and the documents, assembled from finished values and maps."""

from terrdiag.report.analysed import render_drawings, tell_analyses
from terrdiag.report.changes import read_populations
from terrdiag.report.page import PageContent, render_page
from terrdiag.report.summary import summarise
from terrdiag.report.years import choose_years

__all__ = [
    "PageContent",
    "choose_years",
    "read_populations",
    "render_drawings",
    "render_page",
    "summarise",
    "tell_analyses",
]
