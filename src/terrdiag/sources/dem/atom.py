"""The Atom feeds of the Géoplateforme: the editions of a product, the files of an edition."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from terrdiag.errors import SourceFormatError
from terrdiag.sources.dem.remote import Remote, word_format
from terrdiag.sources.files import find_page_title

BASE: Final = "https://data.geopf.fr/telechargement"

PAGE_BYTES: Final = 4_000_000
MOST_PAGES: Final = 100
PER_PAGE: Final = 50

_ATOM: Final = "{http://www.w3.org/2005/Atom}"


@dataclass(frozen=True)
class Entry:
    """An entry of a feed.

    Attributes
    ----------
    title
        Name of an edition or of a file.
    address
        Where its link leads.
    md5
        Digest of the file, where the feed gives it.
    """

    title: str
    address: str
    md5: str = ""


def list_entries(remote: Remote, address: str, **words: str) -> Iterator[Entry]:
    """List the entries of a feed, page after page.

    Parameters
    ----------
    remote
        Where to ask.
    address
        The feed.
    **words
        What narrows it (``zone="D065"``).

    Yields
    ------
    Entry
        In the order of the feed.

    Raises
    ------
    SourceFormatError
        A page is not one of an Atom feed, or their number is absurd.
    """
    page, count = 1, 1
    while page <= count:
        params = {**words, "page": str(page), "limit": str(PER_PAGE)}
        feed = parse_feed(remote.get(address, PAGE_BYTES, params), address)
        count = _count_pages(feed, address)
        yield from (_read_entry(entry) for entry in feed.iter(f"{_ATOM}entry"))
        page += 1


def parse_feed(content: bytes, address: str) -> ET.Element:
    """Parse a page of a feed.

    Raises
    ------
    SourceFormatError
        It is not XML, it is an error page, or it declares entities (a few bytes can make them grow without end).
    """
    try:
        # as text: an encoding that the page declares could hide what is looked for below
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise word_format(address, "flux illisible (il n'est pas en UTF-8)") from error
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        title = find_page_title(content[:20_000])
        raise word_format(
            address, f"une page web au lieu du flux{f' (« {title} »)' if title else ''}"
        )
    try:
        root = ET.fromstring(text)  # noqa: S314  # without a DTD nothing can be expanded, and the size is bounded
    except (ET.ParseError, ValueError) as error:
        raise word_format(address, f"flux illisible ({error})") from error
    if root.tag != f"{_ATOM}feed":
        title = find_page_title(content[:20_000])
        raise word_format(
            address, f"une erreur au lieu du flux{f' (« {title} »)' if title else ''}"
        )
    return root


def check_address(address: str) -> str:
    """Refuse a link of a feed that leaves the producer's server.

    Raises
    ------
    SourceFormatError
        The link leads elsewhere.

    Examples
    --------
    >>> check_address("https://data.geopf.fr/telechargement/download/BDALTI/a/a.7z")[-5:]
    '/a.7z'
    """
    if not address.startswith(f"{BASE}/") or ".." in urlsplit(address).path:
        raise SourceFormatError(
            f"{address} : ce lien du flux de l'IGN ne mène pas à {BASE}. Il n'est pas suivi."
        )
    return address


def _count_pages(feed: ET.Element, address: str) -> int:
    """Read the number of pages, an attribute of a namespace that has varied."""
    found = [text for name, text in feed.attrib.items() if name.rpartition("}")[2] == "pagecount"]
    if not found:
        return 1
    if not found[0].isdecimal() or not 0 <= int(found[0]) <= MOST_PAGES:
        raise word_format(address, f"flux de {found[0][:20]} pages")
    return int(found[0])


def _read_entry(entry: ET.Element) -> Entry:
    links = [link.get("href", "") for link in entry.iter(f"{_ATOM}link")]
    content = (entry.findtext(f"{_ATOM}content") or "").strip().lower()
    return Entry(
        (entry.findtext(f"{_ATOM}title") or "").strip(),
        next(filter(None, links), ""),
        content if re.fullmatch(r"[0-9a-f]{32}", content) else "",
    )
