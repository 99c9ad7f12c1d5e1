"""What a fault is, and the list of them all: ``docs/reseau.md`` must tell what happens of each."""

from collections.abc import Callable

from faultserver.exchange import Exchange

Act = Callable[[Exchange], None]
"""What is done of one request."""

FAULTS: dict[str, Callable[..., Act]] = {}
"""Every fault by its name in the documents."""


def fault(name: str) -> Callable[[Callable[..., Act]], Callable[..., Act]]:
    def register(make: Callable[..., Act]) -> Callable[..., Act]:
        FAULTS[name] = make
        return make

    return register


def refuse(status: int, body: bytes = b"", **headers: str) -> Act:
    """Answer by a status, in plain text."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda exchange: exchange.send(status, body, {"Content-Type": "text/plain", **given})


def replace(make: Callable[[bytes], bytes], **headers: str) -> Act:
    """Answer by 200, with a content made from the real one."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda exchange: exchange.send(200, make(exchange.body), named)
