"""How readers are called."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from fuzz.runner import Call
from terrdiag.sources.extract import Extract

CITIES = pd.DataFrame({"code_arrondissement": ["75101", "75102"], "code_commune": ["75056"] * 2})
"""The only arrondissements of the mini-France."""


def one(read: Callable[[Path], object]) -> Call:
    """Call a reader of one file."""
    return lambda paths: read(paths[0])


def figures(
    read: Callable[[Sequence[Path], str, pd.DataFrame], tuple[Extract, ...]], source_id: str
) -> Call:
    """Call a reader of figures, as the build does."""
    return lambda paths: read(sorted(paths), source_id, CITIES)
