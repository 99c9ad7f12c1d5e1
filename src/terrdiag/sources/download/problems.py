"""What goes wrong on a network, in words that a person can act on."""

import ssl
from collections.abc import Iterator

import requests
from urllib3 import exceptions as u3

from terrdiag.errors import SourceUnavailableError
from terrdiag.sources.download.wire import TooLongError, TooSlowError


class HttpStatusError(SourceUnavailableError):
    """A status that means that the address does not hold what was asked for.

    Attributes
    ----------
    status
        The status (404, 400…).
    text
        What the server said, in short: the title of its page, or the start of its text.
    """

    def __init__(self, message: str, status: int, text: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.text = text


class Again(Exception):  # noqa: N818  # a request to try again, never shown as such
    """A failure worth another attempt.

    Attributes
    ----------
    why
        In French, without a capital nor a full stop.
    wait_s
        How long the server asks to wait, when it says so.
    status
        Its status (0 when it did not answer).
    unreachable
        Whether the server could not even be reached.
    text
        What the server said, in short.
    """

    def __init__(
        self,
        why: str,
        *,
        wait_s: float | None = None,
        status: int = 0,
        unreachable: bool = False,
        text: str = "",
    ) -> None:
        super().__init__(why)
        self.why = why
        self.wait_s = wait_s
        self.status = status
        self.unreachable = unreachable
        self.text = text


NETWORK_ERRORS = (requests.RequestException, u3.HTTPError, TooSlowError, TooLongError, OSError)
"""What a request or the reading of its body may raise."""

_REASONS: tuple[tuple[type[BaseException], str, bool], ...] = (
    (TooSlowError, "débit trop faible", False),
    (u3.NameResolutionError, "nom de serveur introuvable, ou pas de connexion à internet", True),
    (requests.exceptions.ProxyError, "le proxy a refusé ou n'a pas répondu", True),
    (u3.ProxyError, "le proxy a refusé ou n'a pas répondu", True),
    (ConnectionRefusedError, "connexion refusée par le serveur", True),
    (u3.NewConnectionError, "connexion impossible", True),
    (u3.ConnectTimeoutError, "le serveur ne répond pas", True),
    (u3.ReadTimeoutError, "le serveur a cessé de répondre", False),
    (requests.exceptions.ReadTimeout, "le serveur a cessé de répondre", False),
    (u3.IncompleteRead, "réponse incomplète", False),
    (ssl.SSLError, "échange chiffré interrompu", False),
    (ConnectionResetError, "connexion coupée par le serveur", False),
)


def explain(error: Exception, url: str) -> Exception:
    """Turn a failure of the network into another attempt, or into an error that says why there is none.

    Parameters
    ----------
    error
        One of :data:`NETWORK_ERRORS`.
    url
        What was asked for.

    Returns
    -------
    Exception
        :class:`Again`, or a ``SourceUnavailableError``; to be raised.
    """
    causes = list(_unfold(error))
    if any(isinstance(cause, TooLongError) for cause in causes):
        return SourceUnavailableError(
            f"{url} : la réponse n'est pas arrivée entière dans le temps imparti. Relancez la commande : "
            "un téléchargement interrompu reprend où il en était si le serveur le permet."
        )
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return SourceUnavailableError(
                f"{url} : certificat refusé ({cause.verify_message}). Vérifiez la date de cette machine ; derrière "
                "un proxy d'entreprise, indiquez son certificat dans REQUESTS_CA_BUNDLE."
            )
    if any(isinstance(cause, _HOPELESS) for cause in causes):
        return SourceUnavailableError(f"{url} : adresse ou réponse mal formée ({error}).")
    for kind, why, unreachable in _REASONS:
        if any(isinstance(cause, kind) for cause in causes):
            return Again(why, unreachable=unreachable)
    return Again("connexion interrompue")


_HOPELESS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidHeader,
    requests.exceptions.InvalidProxyURL,
    u3.LocationParseError,
    UnicodeError,
)


def _unfold(error: BaseException) -> Iterator[BaseException]:
    """List an exception and those it wraps, as requests and urllib3 nest them."""
    pending: list[BaseException] = [error]
    seen: set[int] = set()
    while pending:
        one = pending.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        nested = [*one.args, getattr(one, "reason", None), one.__cause__, one.__context__]
        pending.extend(inner for inner in nested if isinstance(inner, BaseException))
