"""Refusals, and connections that break off, stall or crawl."""

import email.utils
import time

from faultserver.exchange import Exchange
from faultserver.faults.registry import Act, fault, refuse

# --- refusals --------------------------------------------------------------------------------------


@fault("429-secondes")
def throttled(seconds: int = 7) -> Act:
    """Too many requests, come back in so many seconds."""
    return refuse(429, b"Too Many Requests", Retry_After=str(seconds))


@fault("429-date")
def throttled_until(seconds: int = 20) -> Act:
    """Too many requests, come back at that date."""

    def act(exchange: Exchange) -> None:
        when = email.utils.formatdate(time.time() + seconds, usegmt=True)
        exchange.send(429, b"", {"Retry-After": when})

    return act


@fault("429-absurde")
def throttled_absurdly(value: str = "999999999") -> Act:
    """Too many requests, come back in thirty years, or « tomorrow »."""
    return refuse(429, Retry_After=value)


@fault("429-sans-delai")
def throttled_silently() -> Act:
    """Too many requests, without saying when to come back."""
    return refuse(429)


@fault("503")
def unavailable() -> Act:
    """Unavailable."""
    return refuse(503, b"Service Unavailable")


@fault("500-texte")
def broken() -> Act:
    """A failure told in plain text, as Melodi does of a set it does not know."""
    return refuse(500, b"Internal server error")


@fault("404")
def not_found() -> Act:
    """No file at this address any more."""
    return refuse(404, b"Not Found")


@fault("403")
def forbidden() -> Act:
    """Refused, as a producer does of a program it does not want."""
    return lambda exchange: exchange.send(
        403, b"<html><title>Acces refuse</title></html>", {"Content-Type": "text/html"}
    )


@fault("410")
def gone() -> Act:
    """Gone for ever."""
    return refuse(410, b"Gone")


# --- the connection --------------------------------------------------------------------------------


@fault("reinitialisation")
def reset(at: int = 40) -> Act:
    """The connection is reset at that byte of the body."""

    def act(exchange: Exchange) -> None:
        part = exchange.body[:at]
        exchange.send_cut(part, len(exchange.body))
        exchange.reset()

    return act


@fault("reinitialisation-immediate")
def reset_at_once() -> Act:
    """The connection is reset before any answer."""
    return Exchange.reset


@fault("fermeture-immediate")
def close_at_once() -> Act:
    """The connection is closed before any answer."""

    def act(exchange: Exchange) -> None:
        exchange.handler.close_connection = True

    return act


@fault("muet")
def hang(seconds: float = 30) -> Act:
    """Nothing comes, not even a status, until the client gives up."""

    def act(exchange: Exchange) -> None:
        exchange.handler.close_connection = True
        exchange.wait(seconds)

    return act


@fault("muet-en-route")
def stall(at: int = 40, seconds: float = 30) -> Act:
    """The body stops coming at that byte, without the connection being closed."""

    def act(exchange: Exchange) -> None:
        exchange.send_cut(exchange.body[:at], len(exchange.body))
        exchange.wait(seconds)

    return act


@fault("goutte-a-goutte")
def drip(size: int = 1, pause: float = 0.02) -> Act:
    """A few bytes at a time: never a timeout, never the end."""

    def act(exchange: Exchange) -> None:
        body = exchange.body
        exchange.send_cut(b"", len(body))
        for start in range(0, len(body), size):
            if not exchange.wait(pause):
                return
            exchange.write(body[start : start + size])

    return act
