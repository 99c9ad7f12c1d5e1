"""Redirects, and parts of files."""

from typing import Any

from faultserver import bodies
from faultserver.exchange import Exchange
from faultserver.faults.registry import Act, fault

# --- redirects -------------------------------------------------------------------------------------


@fault("redirections")
def redirected(times: int = 2, status: int = 302) -> Act:
    """So many redirects before the file."""

    def act(exchange: Exchange) -> None:
        done = int(exchange.request.query.partition("saut=")[2] or 0)
        if done >= times:
            exchange.answer()
        else:
            place = f"{exchange.base}/{exchange.request.path}?saut={done + 1}"
            exchange.send(status, b"", {"Location": place})

    return act


@fault("boucle")
def loop() -> Act:
    """A redirect to itself."""
    return redirect_to("{base}/{path}")


@fault("redirection-http")
def downgraded(host: str = "localhost") -> Act:
    """A redirect to an address in plain http."""
    return redirect_to(f"http://{host}/{{path}}")


@fault("redirection-autre-protocole")
def elsewhere(place: str = "file:///etc/passwd") -> Act:
    """A redirect to what is not the web."""
    return redirect_to(place)


@fault("redirection-vers-page")
def redirected_to_page() -> Act:
    """A redirect to the home page, which answers 200."""

    def act(exchange: Exchange) -> None:
        if "accueil" in exchange.request.query:
            exchange.send(200, bodies.HTML, {"Content-Type": "text/html; charset=utf-8"})
        else:
            place = f"{exchange.base}/{exchange.request.path}?accueil=1"
            exchange.send(302, b"", {"Location": place})

    return act


def redirect_to(place: str) -> Act:
    """Redirect to an address, where ``{base}`` and ``{path}`` are those of the request."""

    def act(exchange: Exchange) -> None:
        words: dict[str, Any] = {"base": exchange.base, "path": exchange.request.path}
        exchange.send(302, b"", {"Location": place.format(**words)})

    return act


# --- parts of files --------------------------------------------------------------------------------


@fault("range-ignore")
def range_ignored() -> Act:
    """The whole file, whatever part is asked for."""
    return lambda exchange: exchange.send(200, exchange.body, exchange.validators())


@fault("range-faux")
def range_wrong(shift: int = 5) -> Act:
    """Another part than the one asked for, and its Content-Range says so."""

    def act(exchange: Exchange) -> None:
        body = exchange.body
        start = int(exchange.request.range.partition("=")[2].partition("-")[0] or 0)
        start = max(0, start - shift)
        where = f"bytes {start}-{len(body) - 1}/{len(body)}"
        exchange.send(206, body[start:], {**exchange.validators(), "Content-Range": where})

    return act


@fault("range-sans-entete")
def range_unnamed() -> Act:
    """Status 206 without Content-Range."""
    return lambda exchange: exchange.send(206, exchange.body, exchange.validators())


@fault("304-non-demande")
def not_modified() -> Act:
    """Not modified, to a client that has nothing."""
    return lambda exchange: exchange.send_head(304, exchange.validators())


@fault("204")
def no_content() -> Act:
    """Success, and no content."""
    return lambda exchange: exchange.send_head(204, {})
