"""Bring official files from the producers' servers, and never take an error page for data.

One thing a module: how the network is used (``settings``), at which pace (``pace``), what is watched on the wire
(``wire``), what is tried again (``retry``), one request and its redirects (``exchange``), one file and its resumption
(``transfer``), the door of it all (``client``); what a file must be (``checks``), what is recorded of it (``lock``),
where else it may come from (``mirror``, ``inbox``), and the update of the raw folder (``fetch``).
"""

from terrdiag.sources.download.fetch import fetch_sources
from terrdiag.sources.download.lock import LockEntry, read_lock
from terrdiag.sources.download.outcome import FileOutcome, Outcome
from terrdiag.sources.download.settings import NetworkSettings

__all__ = [
    "FileOutcome",
    "LockEntry",
    "NetworkSettings",
    "Outcome",
    "fetch_sources",
    "read_lock",
]
