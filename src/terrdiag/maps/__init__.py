"""Classes and palettes, compact geometry, interactive maps. Where figures come from is not its business."""

from terrdiag.maps.assets import Assets, map_assets, safe_json
from terrdiag.maps.classes import Classes, classify_values
from terrdiag.maps.interactive import render_map, render_maps
from terrdiag.maps.scene import Scene, build_scene
from terrdiag.maps.view import View, build_view, build_views

__all__ = [
    "Assets",
    "Classes",
    "Scene",
    "View",
    "build_scene",
    "build_view",
    "build_views",
    "classify_values",
    "map_assets",
    "render_map",
    "render_maps",
    "safe_json",
]
