"""Bodies of a wrong length, of a wrong content, archives and tables that are not what they should be."""

import gzip

from faultserver import bodies
from faultserver.exchange import Exchange
from faultserver.faults.registry import Act, fault, replace

# --- the body --------------------------------------------------------------------------------------


@fault("tronque")
def truncated(keep: float = 0.5) -> Act:
    """Part of the body under its full length, then the end."""
    return lambda exchange: exchange.send_cut(
        exchange.body[: int(len(exchange.body) * keep)], len(exchange.body)
    )


@fault("longueur-trop-grande")
def length_too_long(by: int = 10) -> Act:
    """The whole body under a greater length."""
    return lambda exchange: exchange.send_cut(exchange.body, len(exchange.body) + by)


@fault("longueur-trop-petite")
def length_too_short(by: int = 10) -> Act:
    """The whole body under a smaller length: a client reads no further than it."""
    return lambda exchange: exchange.send_cut(exchange.body, len(exchange.body) - by)


@fault("longueur-illisible")
def length_not_a_number() -> Act:
    """A length that is not a number."""

    def act(exchange: Exchange) -> None:
        exchange.handler.close_connection = True
        exchange.send(200, exchange.body, {"Content-Length": "beaucoup"})

    return act


@fault("morceaux")
def chunked(size: int = 64, *, cut: bool = False) -> Act:
    """Chunks, without a length."""

    def act(exchange: Exchange) -> None:
        head = {"Content-Type": exchange.content_type, "Transfer-Encoding": "chunked"}
        exchange.send_head(200, {**head, "ETag": exchange.etag})
        body = exchange.body[: len(exchange.body) // 2] if cut else exchange.body
        for start in range(0, len(body), size):
            part = body[start : start + size]
            exchange.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
        if cut:
            exchange.handler.close_connection = True
        else:
            exchange.write(b"0\r\n\r\n")

    return act


@fault("morceaux-coupes")
def chunked_cut(size: int = 64) -> Act:
    """Chunks that stop before the last one."""
    return chunked(size, cut=True)


@fault("sans-longueur")
def unbounded(keep: float = 1.0) -> Act:
    """No length at all: the end of the connection is the end of the body."""

    def act(exchange: Exchange) -> None:
        exchange.handler.close_connection = True
        exchange.send_head(200, {"Content-Type": exchange.content_type, "Connection": "close"})
        exchange.write(exchange.body[: int(len(exchange.body) * keep)])

    return act


@fault("sans-fin")
def endless(block: bytes = b"0" * 65_536) -> Act:
    """A body that never ends, without a length."""

    def act(exchange: Exchange) -> None:
        exchange.handler.close_connection = True
        exchange.send_head(200, {"Content-Type": exchange.content_type, "Connection": "close"})
        while not exchange.closing.is_set():
            exchange.write(block)

    return act


@fault("vide")
def empty() -> Act:
    """Status 200 and nothing."""
    return replace(lambda _: b"")


@fault("html")
def web_page() -> Act:
    """A web page with status 200, under the type of the data."""
    return replace(lambda _: bodies.HTML)


@fault("xml")
def xml_error() -> Act:
    """An XML error with status 200, as the IGN's services do."""
    return replace(lambda _: bodies.XML)


@fault("contenu-change")
def changed(content: bytes) -> Act:
    """Another content under the same address."""

    def act(exchange: Exchange) -> None:
        exchange.content = content
        exchange.modified += 86_400
        exchange.answer()

    return act


@fault("gzip")
def gzipped(keep: float = 1.0) -> Act:
    """The body compressed, as Content-Encoding says, whatever the client accepts."""

    def act(exchange: Exchange) -> None:
        packed = gzip.compress(exchange.body, mtime=0)
        sent = packed[: int(len(packed) * keep)]
        exchange.send(200, sent, {**exchange.validators(), "Content-Encoding": "gzip"})

    return act


@fault("gzip-tronque")
def gzip_truncated() -> Act:
    """The same, cut, under the length of what is sent."""
    return gzipped(0.6)


@fault("gzip-bombe")
def gzip_bomb(megabytes: int = 30) -> Act:
    """A small compressed body that inflates without measure."""
    bomb = bodies.deflate_bomb(megabytes)
    return replace(lambda _: bomb, Content_Encoding="gzip")


# --- archives and tables ---------------------------------------------------------------------------


@fault("zip-tronque")
def zip_truncated() -> Act:
    """An archive cut by the producer: the length is that of what is sent."""
    return replace(lambda body: body[: len(body) * 2 // 3])


@fault("zip-crc")
def zip_crc() -> Act:
    """An archive whose checksum does not agree."""
    return replace(bodies.spoil_crc)


@fault("zip-bombe")
def zip_bomb(megabytes: int = 4_000) -> Act:
    """An archive that says it inflates without measure."""
    return replace(lambda body: bodies.make_bomb(body, megabytes))


@fault("zip-evasion")
def zip_escape() -> Act:
    """An archive whose members would be written outside."""
    return replace(bodies.escape)


@fault("zip-sans-membre")
def zip_without_member() -> Act:
    """An archive without the member expected."""
    return replace(bodies.rename_members)


@fault("colonne-absente")
def column_missing() -> Act:
    """A table without one of its columns."""
    return replace(bodies.drop_column)


@fault("une-ligne")
def single_row() -> Act:
    """A table of one row."""
    return replace(bodies.one_row)
