"""Analyses: what is made of several values, or of the relief. Each gives rows of values, and its findings."""

from terrdiag.analyses.run import Findings, Subject, run_analyses

__all__ = ["Findings", "Subject", "run_analyses"]
