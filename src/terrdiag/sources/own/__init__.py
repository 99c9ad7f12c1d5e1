"""The user's own data: a file of figures by commune, told by a sidecar, made an indicator like any other."""

from terrdiag.sources.own.matching import Geography, Matches
from terrdiag.sources.own.reader import OwnReading, read_own
from terrdiag.sources.own.sidecar import SIDECAR, Sidecar, load_sidecar
from terrdiag.sources.own.store import (
    Stored,
    find_own,
    heal_own,
    remove_own,
    restore_own,
    store_own,
)

__all__ = [
    "SIDECAR",
    "Geography",
    "Matches",
    "OwnReading",
    "Sidecar",
    "Stored",
    "find_own",
    "heal_own",
    "load_sidecar",
    "read_own",
    "remove_own",
    "restore_own",
    "store_own",
]
