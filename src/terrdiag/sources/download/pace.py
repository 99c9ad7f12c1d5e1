"""Never ask a server more often than it allows: one token bucket a host."""

import math
from collections.abc import Callable

from terrdiag.sources.download.settings import HOST_RATES, NetworkSettings

__all__ = ["HOST_RATES", "Pace"]


class Pace:
    """Space the requests to each host.

    A bucket holds one token only: no window of a minute ever holds more than a minute's worth of requests and one.

    Parameters
    ----------
    settings
        Rates by host; the hosts of ``allow_http`` are not limited unless a rate names them.
    sleep, clock
        How time passes and is read, in seconds.

    Examples
    --------
    >>> pauses = []
    >>> pace = Pace(NetworkSettings(rates={"a.fr": 0.5}), pauses.append, lambda: 100.0)
    >>> pace.wait("a.fr"), pace.wait("a.fr"), pauses
    (None, None, [2.0])
    """

    def __init__(
        self, settings: NetworkSettings, sleep: Callable[[float], None], clock: Callable[[], float]
    ) -> None:
        self._settings = settings
        self._sleep = sleep
        self._clock = clock
        self._free_at: dict[str, float] = {}

    def wait(self, host: str) -> None:
        """Wait until a host (``name`` or ``name:port``) may be asked again, and count the request."""
        rate = self._rate(host)
        now = self._clock()
        free_at = max(self._free_at.get(host, now), now)
        self._free_at[host] = free_at + 1 / rate
        if free_at > now:
            self._sleep(free_at - now)

    def _rate(self, host: str) -> float:
        name = host.partition(":")[0]
        local = not self._settings.allow_http.isdisjoint({host, name})
        default = math.inf if local else self._settings.default_rate
        return self._settings.rates.get(host, self._settings.rates.get(name, default))
