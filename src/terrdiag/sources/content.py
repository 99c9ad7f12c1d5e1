"""Is it data at all? Refuse what is absent, empty, or a web page saved in the place of data."""

import html
import re
from pathlib import Path
from typing import Final

from terrdiag.errors import SourceFormatError, SourceUnavailableError

FETCH_AGAIN: Final = (
    "Téléchargez-le de nouveau depuis la page du producteur (« terrdiag sources show »)."
)

_TITLE: Final = re.compile(
    r"<(title|h1|[\w:]*ExceptionText|[\w:]*ServiceException|[\w:]*Message)\b[^>]*>(.*?)</",
    re.S | re.I,
)


def read_bytes(path: Path) -> bytes:
    """Read a file whole, refusing one that is absent, empty or a web page.

    Raises
    ------
    SourceUnavailableError
        The file is not there or cannot be read.
    SourceFormatError
        The file is empty, or holds HTML or XML (the title of the page is given).
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise word_unreadable(path, error) from error
    check_content(data, path)
    return data


def check_content(data: bytes, where: object) -> None:
    """Refuse content that is empty, or a web page or an XML error in the place of data."""
    head = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head:
        raise SourceFormatError(f"{where} : fichier vide. {FETCH_AGAIN}")
    if head.startswith(b"<"):
        title = find_page_title(data[:20_000])
        raise SourceFormatError(
            f"{where} : page HTML ou XML au lieu des données{f' (« {title} »)' if title else ''}. "
            f"C'est sans doute la page d'erreur d'un serveur, à la place du fichier. {FETCH_AGAIN}"
        )


def find_page_title(data: bytes) -> str:
    """Find what a web page or an XML error says of itself (nothing when it says nothing).

    Examples
    --------
    >>> find_page_title("<html><title>Acc&egrave;s\\n refusé</title>".encode())
    'Accès refusé'
    """
    found = _TITLE.search(data.decode("utf-8", errors="replace"))
    if not found:
        return ""
    text = re.sub(r"<!\[CDATA\[|\]\]>|<[^>]*>", "", html.unescape(found[2]))
    # a page is not to write what it likes on a terminal
    return "".join(c for c in " ".join(text.split()) if c.isprintable())[:200]


def read_head(path: Path, size: int = 20_000) -> bytes:
    """Read the first bytes of a file, refusing one that is absent, empty or a web page.

    Raises
    ------
    SourceUnavailableError
        The file is not there or cannot be read.
    SourceFormatError
        The file is empty, or holds HTML or XML (the title of the page is given).
    """
    try:
        with path.open("rb") as file:
            head = file.read(size)
    except OSError as error:
        raise word_unreadable(path, error) from error
    check_content(head, path)
    return head


def word_unreadable(path: Path, error: OSError) -> SourceUnavailableError:
    """Word what the system says of a file that cannot be read."""
    return SourceUnavailableError(
        f"{path} : fichier absent ou illisible ({error.strerror or error}). {FETCH_AGAIN}"
    )
