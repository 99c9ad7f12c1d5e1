"""The page and the documents, assembled from finished values and maps."""

from terrdiag.report.page import PageContent, render_page
from terrdiag.report.summary import summarise
from terrdiag.report.years import choose_years

__all__ = ["PageContent", "choose_years", "render_page", "summarise"]
