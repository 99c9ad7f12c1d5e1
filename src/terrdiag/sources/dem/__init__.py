"""Elevation models fetched for a box, and the folder that keeps them (``data/raw/dem``).

The register of what is kept (:mod:`.store`) is read by every diagnostic and needs no raster library; what fetches
(:mod:`.glo30`, :mod:`.archives`, :mod:`.wms`) is imported by the command that fetches.
"""

from terrdiag.sources.dem.kinds import KINDS, Kind
from terrdiag.sources.dem.store import Stored, StoredFile, find_stored

__all__ = ["KINDS", "Kind", "Stored", "StoredFile", "find_stored"]
