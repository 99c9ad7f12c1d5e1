"""One request: redirects followed by hand, statuses turned into answers, other attempts or errors."""

import contextlib
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

import requests

from terrdiag.errors import OfflineError, SourceUnavailableError
from terrdiag.sources.download.pace import Pace
from terrdiag.sources.download.problems import NETWORK_ERRORS, Again, HttpStatusError, explain
from terrdiag.sources.download.retry import TOO_MANY, parse_retry_after
from terrdiag.sources.download.settings import NetworkSettings
from terrdiag.sources.download.wire import Watch, WatchedAdapter
from terrdiag.sources.files import find_page_title

Params = Mapping[str, str | int | float | Iterable[str | int | float]]
"""Parameters of an address; a list of values gives as many."""

CHUNK: Final = 256 * 1024

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_WORTH_ANOTHER: Final = frozenset({408, 425, TOO_MANY})
_GONE: Final = frozenset({404, 410})


class Exchange:
    """The session: who asks, through which proxies, at which pace, and where it may be led.

    Parameters
    ----------
    settings
        How the network is used.
    watch
        Watches every byte.
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
        self._pace = Pace(settings, sleep, clock)
        self._session = requests.Session()
        self._session.headers["User-Agent"] = settings.user_agent
        # without this, passwords of ~/.netrc would be sent to whoever is asked
        self._session.auth = lambda request: request
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, WatchedAdapter(watch))

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def full_url(self, url: str, params: Params) -> str:
        """Write an address with its parameters."""
        return str(requests.Request("GET", url, params=dict(params)).prepare().url)

    @contextlib.contextmanager
    def open(self, url: str, headers: Mapping[str, str]) -> Iterator[requests.Response]:
        """Ask for an address and follow redirects.

        Parameters
        ----------
        url
            The address.
        headers
            Beyond those of every request.

        Yields
        ------
        Response
            Of status 200, 206 or 304, its body not read.

        Raises
        ------
        OfflineError
            The network may not be used.
        HttpStatusError
            The address does not hold what is asked for.
        SourceUnavailableError
            It leads to an address that may not be followed.
        Again
            Another attempt may succeed.
        """
        if self._settings.offline:
            raise OfflineError(
                f"{url} : hors ligne (--offline), rien n'est téléchargé. "
                "Relancez sans cette option, ou déposez le fichier dans data/raw/inbox/."
            )
        with self._follow(url, headers) as response:
            self._check_status(response, url)
            yield response

    @contextlib.contextmanager
    def _follow(self, url: str, headers: Mapping[str, str]) -> Iterator[requests.Response]:
        asked = [url.partition("#")[0]]
        while True:
            self._check_allowed(asked)
            response = self._ask(asked[-1], headers)
            target = self._session.get_redirect_target(response)
            if response.status_code not in _REDIRECTS or not target:
                break
            response.close()
            asked.append(_join(asked[-1], target))
        with contextlib.closing(response):
            yield response

    def _check_allowed(self, asked: list[str]) -> None:
        """Refuse an address that is not encrypted, a loop, a chain too long."""
        url, origin = asked[-1], asked[0]
        led = f", où mène {origin}" if url != origin else ""
        parts = split_address(url)
        trusted = not self._settings.allow_http.isdisjoint({parts.netloc, parts.hostname or ""})
        if parts.scheme != "https" and not (parts.scheme == "http" and trusted):
            raise SourceUnavailableError(
                f"{url}{led} : cette adresse n'est pas en https, elle n'est pas suivie. "
                "Ouvrez la page du producteur pour trouver la nouvelle adresse."
            )
        if url in asked[:-1]:
            raise SourceUnavailableError(
                f"{origin} : les redirections tournent en rond (par {url}). "
                "Ouvrez la page du producteur pour trouver la nouvelle adresse."
            )
        if len(asked) > self._settings.max_redirects + 1:
            raise SourceUnavailableError(
                f"{origin} : plus de {self._settings.max_redirects} redirections. "
                "Ouvrez la page du producteur pour trouver la nouvelle adresse."
            )

    def _ask(self, url: str, headers: Mapping[str, str]) -> requests.Response:
        self._pace.wait(split_address(url).netloc)
        settings = self._settings
        try:
            self._watch.check_time()
            return self._session.get(
                url,
                headers=dict(headers),
                stream=True,
                allow_redirects=False,
                timeout=(settings.connect_timeout_s, settings.read_timeout_s),
            )
        except NETWORK_ERRORS as error:
            raise explain(error, url) from error
        except (
            ValueError
        ) as error:  # requests parses where a redirect leads, even when it is not to follow it
            raise SourceUnavailableError(
                f"{url} : mène à une adresse mal formée ({error}). "
                "Ouvrez la page du producteur pour trouver la nouvelle adresse."
            ) from error

    def _check_status(self, response: requests.Response, url: str) -> None:
        status = response.status_code
        if status in {200, 206, 304}:
            return
        text = self._read_reason(response)
        if status >= 500 or status in _WORTH_ANOTHER:
            wait = parse_retry_after(response.headers.get("Retry-After"), dt.datetime.now(dt.UTC))
            raise Again(f"le serveur répond {status}", wait_s=wait, status=status, text=text)
        said = f" (« {text} »)" if text else ""
        what = (
            "cette adresse est morte"
            if status in _GONE
            else "le serveur refuse l'accès"
            if status in {401, 403, 451}
            else "la réponse n'est pas celle attendue"
        )
        raise HttpStatusError(
            f"{url} : {what}, le serveur répond {status}{said}. "
            "Ouvrez la page du producteur pour trouver le fichier.",
            status,
            text,
        )

    def _read_reason(self, response: requests.Response) -> str:
        """Read what a server says of its refusal, in short."""
        data = b""
        try:
            while len(data) < 20_000 and (chunk := response.raw.read1(20_000, decode_content=True)):
                data += chunk
        except NETWORK_ERRORS:
            pass  # the status says enough
        if data.lstrip().startswith(b"<"):
            return find_page_title(data)
        text = " ".join(data.decode("utf-8", errors="replace").split())
        return "".join(c for c in text if c.isprintable())[:200]


def split_address(url: str) -> SplitResult:
    """Split an address into its parts.

    Raises
    ------
    SourceUnavailableError
        It is not one.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port  # checked when it is read only
    except ValueError as error:
        raise SourceUnavailableError(
            f"{url} : adresse mal formée ({error}). Ouvrez la page du producteur pour trouver la bonne."
        ) from error
    return parts


def _join(url: str, target: str) -> str:
    """Give the address where a redirect leads."""
    split_address(target)
    return urljoin(url, target).partition("#")[0]


def read_body(response: requests.Response, watch: Watch, url: str) -> Iterator[bytes]:
    """Read a body as it comes, encoded as it is on the wire.

    Raises
    ------
    Again
        It broke off.
    SourceUnavailableError
        More bytes follow than the announced length, or time is up.
    """
    try:
        while chunk := response.raw.read1(CHUNK, decode_content=False):
            yield chunk
    except NETWORK_ERRORS as error:
        raise explain(error, url) from error
    if watch.leftover and "Content-Length" in response.headers:
        raise SourceUnavailableError(
            f"{url} : le serveur envoie plus d'octets que la longueur qu'il annonce. "
            "Le fichier serait tronqué : il est refusé. Relancez plus tard."
        )
