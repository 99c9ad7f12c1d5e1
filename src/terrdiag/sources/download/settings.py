"""How the network is used: patience, bounds, rates, and what is never allowed."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from terrdiag import __version__

USER_AGENT_VARIABLE: Final = "TERRDIAG_USER_AGENT"

HOST_RATES: Final[Mapping[str, float]] = MappingProxyType(
    {
        "api.insee.fr": 29 / 60,  # Melodi refuses the 31st request of a minute
        "data.geopf.fr": 5.0,  # 10 allowed for the downloads, 30 to 40 for the services
        "geo.api.gouv.fr": 20.0,
    }
)
"""Requests per second, by host; half or less of what the producer allows where it says so."""

DEFAULT_RATE: Final = 5.0
"""Requests per second to any other host."""


def name_user_agent() -> str:
    """Name terrdiag to the servers, unless ``TERRDIAG_USER_AGENT`` says otherwise."""
    default = f"terrdiag/{__version__} (+https://github.com/terrdiag/terrdiag)"
    return os.environ.get(USER_AGENT_VARIABLE, "").strip() or default


@dataclass(frozen=True)
class NetworkSettings:
    """How the network is used.

    Attributes
    ----------
    offline
        Whether no socket may be opened.
    user_agent
        What terrdiag says it is.
    connect_timeout_s, read_timeout_s
        Longest silence while connecting, then between two bytes.
    attempts
        How often a request is tried, failures that made the transfer advance not counted.
    max_redirects
        Longest chain of redirects.
    allow_http
        Hosts (``127.0.0.1`` or ``127.0.0.1:8000``) that may be asked without encryption: test servers and local
        mirrors, whose rate is not limited either.
    backoff_s
        First pause between two attempts; it doubles each time, and a random part of it is waited.
    quota_backoff_s
        The same after a 429 that does not say how long to wait.
    max_wait_s
        Longest pause; a server that asks for more is given up at once.
    deadline_s
        Longest time for one answer or file, attempts and pauses included.
    min_bytes_per_s, slow_window_s
        A transfer slower than this over such a time is cut, then resumed.
    rates, default_rate
        Requests per second, by host and for any other.
    """

    offline: bool = False
    user_agent: str = field(default_factory=name_user_agent)
    connect_timeout_s: float = 10.0
    read_timeout_s: float = 60.0
    attempts: int = 5
    max_redirects: int = 5
    allow_http: frozenset[str] = frozenset()
    backoff_s: float = 1.0
    quota_backoff_s: float = 15.0
    max_wait_s: float = 120.0
    deadline_s: float = 3600.0
    min_bytes_per_s: float = 1_000.0
    slow_window_s: float = 30.0
    rates: Mapping[str, float] = field(default_factory=lambda: HOST_RATES)
    default_rate: float = DEFAULT_RATE
