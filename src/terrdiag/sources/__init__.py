"""Readers: one module a producer, from the official file as published to a tidy table."""

from terrdiag.sources.extract import Dropped, Extract

__all__ = ["Dropped", "Extract"]
