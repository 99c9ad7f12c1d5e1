"""What the project knows by declaration: indicators, analyses and sources, in TOML, checked by their models."""

from terrdiag.catalogue.load import load_analyses, load_indicators, load_sources, load_themes
from terrdiag.catalogue.models import Analysis, Indicator, MapSpec, Source, SourceFile, Theme

__all__ = [
    "Analysis",
    "Indicator",
    "MapSpec",
    "Source",
    "SourceFile",
    "Theme",
    "load_analyses",
    "load_indicators",
    "load_sources",
    "load_themes",
]
