"""What the project knows by declaration: indicators and sources, in TOML, checked by their models."""

from terrdiag.catalogue.load import load_indicators, load_sources, load_themes
from terrdiag.catalogue.models import Indicator, MapSpec, Source, Theme

__all__ = [
    "Indicator",
    "MapSpec",
    "Source",
    "Theme",
    "load_indicators",
    "load_sources",
    "load_themes",
]
