"""Elevation models: opened, checked, and measured over zones.

Reading rasters takes rasterio, whose import is slow: the functions that need it are only loaded
when they are asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from terrdiag.elevation.model import (
    Bounds,
    ElevationModel,
    Picture,
    Profile,
    ReliefStatistics,
    Tile,
    Zones,
)
from terrdiag.elevation.providers import ElevationProvider, FileProvider, StoredProvider
from terrdiag.elevation.statistics import (
    area_by_band,
    describe_zones,
    hypsometric_curve,
    share_above,
)
from terrdiag.elevation.tints import pick_tints

if TYPE_CHECKING:
    from terrdiag.elevation.opening import open_elevation
    from terrdiag.elevation.picture import read_picture
    from terrdiag.elevation.profile import sample_profile
    from terrdiag.elevation.rendering import render_tint
    from terrdiag.elevation.zonal import measure_zones

_RASTER_FUNCTIONS = {
    "open_elevation": "opening",
    "measure_zones": "zonal",
    "sample_profile": "profile",
    "read_picture": "picture",
    "render_tint": "rendering",
}

__all__ = [
    "Bounds",
    "ElevationModel",
    "ElevationProvider",
    "FileProvider",
    "Picture",
    "Profile",
    "ReliefStatistics",
    "StoredProvider",
    "Tile",
    "Zones",
    "area_by_band",
    "describe_zones",
    "hypsometric_curve",
    "measure_zones",
    "open_elevation",
    "pick_tints",
    "read_picture",
    "render_tint",
    "sample_profile",
    "share_above",
]


def __getattr__(name: str) -> Any:
    if name not in _RASTER_FUNCTIONS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_RASTER_FUNCTIONS[name]}"), name)
