"""Try again, patiently but not for ever: backoff with jitter, Retry-After, hosts that are down."""

import datetime as dt
import email.utils
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from terrdiag.errors import QuotaError, SourceUnavailableError
from terrdiag.sources.download.problems import Again, HttpStatusError
from terrdiag.sources.download.settings import NetworkSettings
from terrdiag.sources.download.wire import Watch
from terrdiag.wording import format_number, plural

T = TypeVar("T")

TOO_MANY: Final = 429

_STRAINED_ATTEMPTS: Final = 2
"""Attempts granted to a host that has just failed all of them."""

_DOWN_AFTER: Final = 3
"""A host that could not be reached for as many requests in a row is not asked any more."""


@dataclass
class _Trouble:
    """How a host has failed lately."""

    failures: int = 0
    unreachable: int = 0
    why: str = ""


class Patience:
    """Run requests, trying again what is worth it.

    Parameters
    ----------
    settings
        Attempts and pauses.
    watch
        The deadline, pauses included.
    sleep, clock
        How time passes and is read, in seconds.
    """

    def __init__(
        self,
        settings: NetworkSettings,
        watch: Watch,
        sleep: Callable[[float], None],
        clock: Callable[[], float],
    ) -> None:
        self._settings = settings
        self._watch = watch
        self._sleep = sleep
        self._clock = clock
        self._troubles: dict[str, _Trouble] = {}

    def persist(
        self, url: str, host: str, attempt: Callable[[], T], advanced: Callable[[], bool]
    ) -> T:
        """Attempt until it succeeds or there is no reason to go on.

        Parameters
        ----------
        url
            What is asked for, as named in errors.
        host
            Whose failures are counted from one call to the next.
        attempt
            Raises :class:`Again` when it is worth another try.
        advanced
            Whether the last attempt brought something, though it failed: it does not count then.

        Raises
        ------
        QuotaError
            The server still refuses, or asks to wait too long.
        SourceUnavailableError
            All attempts failed (the last reason is given), or time is up.
        """
        trouble = self._troubles.get(host, _Trouble())
        if trouble.unreachable >= _DOWN_AFTER:
            raise SourceUnavailableError(
                f"{url} : serveur non joint ({trouble.why}, {trouble.unreachable} fois de suite), il n'a plus été "
                "appelé. Vérifiez la connexion à internet."
            )
        allowed = min(self._settings.attempts, _STRAINED_ATTEMPTS if trouble.failures else 10**6)
        failed = 0
        while True:
            try:
                result = attempt()
            except Again as again:
                failed = 1 if advanced() else failed + 1
                pause = self._choose_pause(again, failed)
                error = self._refuse(url, again, failed, allowed, pause)
                if error:
                    self._note(host, again)
                    raise error from again
                self._sleep(pause)
            else:
                self._troubles.pop(host, None)
                return result

    def _choose_pause(self, again: Again, failed: int) -> float:
        """Wait as long as the server says; else a random part of a time that doubles each time."""
        cap = self._settings.max_wait_s
        if again.wait_s is not None:
            return again.wait_s
        doubled = 2.0 ** min(failed - 1, 30)
        if again.status == TOO_MANY:  # a quota is refilled by waiting: never less than half
            high = min(cap, self._settings.quota_backoff_s * doubled)
            return random.uniform(high / 2, high)  # noqa: S311  # not a secret
        return random.uniform(0, min(cap, self._settings.backoff_s * doubled))  # noqa: S311

    def _refuse(
        self, url: str, again: Again, failed: int, allowed: int, pause: float
    ) -> SourceUnavailableError | None:
        """Say why there will be no other attempt, if so."""
        said = f" (« {again.text} »)" if again.text else ""
        if pause > self._settings.max_wait_s:
            return QuotaError(
                f"{url} : le serveur demande d'attendre {format_number(pause)} s avant de le rappeler, plus que "
                f"les {format_number(self._settings.max_wait_s)} s que terrdiag attend. "
                "Relancez la commande plus tard : ce qui est déjà téléchargé ne le sera pas de nouveau."
            )
        if failed >= allowed:
            tried = f"{again.why}{said}, après {plural(allowed, 'essai')}"
            if again.status == TOO_MANY:
                return QuotaError(
                    f"{url} : {tried}. Le producteur limite le nombre de demandes : relancez plus tard."
                )
            if again.status:
                return HttpStatusError(
                    f"{url} : {tried}. Relancez plus tard.", again.status, again.text
                )
            return SourceUnavailableError(
                f"{url} : {tried}. Vérifiez la connexion, ou relancez plus tard."
            )
        if self._clock() + pause > self._watch.deadline:
            return SourceUnavailableError(
                f"{url} : {again.why}, et le temps imparti est écoulé. Relancez la commande : un téléchargement "
                "interrompu reprend où il en était si le serveur le permet."
            )
        return None

    def _note(self, host: str, again: Again) -> None:
        trouble = self._troubles.setdefault(host, _Trouble())
        trouble.failures += 1
        trouble.unreachable = trouble.unreachable + 1 if again.unreachable else 0
        trouble.why = again.why


def parse_retry_after(value: str | None, now: dt.datetime) -> float | None:
    """Parse a Retry-After header, in seconds from now (None when there is none that can be read).

    Examples
    --------
    >>> now = dt.datetime(2026, 11, 22, 10, 0, 0, tzinfo=dt.UTC)
    >>> parse_retry_after("7", now), parse_retry_after("Sun, 22 Nov 2026 10:00:30 GMT", now)
    (7.0, 30.0)
    >>> parse_retry_after("Sun, 22 Nov 2026 09:00:00 GMT", now), parse_retry_after("soon", now)
    (0.0, None)
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])
    try:
        date = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=dt.UTC)
    return max(0.0, (date - now).total_seconds())
