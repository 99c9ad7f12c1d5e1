"""Ask whether the addresses of the register still answer, without downloading the files."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, Self
from urllib.parse import urlsplit

from terrdiag.catalogue import Source, SourceFile
from terrdiag.errors import OfflineError, QuotaError, SourceError, SourceFormatError
from terrdiag.sources.download.checks import MAGIC
from terrdiag.sources.download.exchange import Exchange, read_body
from terrdiag.sources.download.lock import LockEntry
from terrdiag.sources.download.retry import Patience
from terrdiag.sources.download.settings import NetworkSettings
from terrdiag.sources.download.transfer import announced_length, parse_content_range
from terrdiag.sources.download.wire import Watch
from terrdiag.sources.files import check_content
from terrdiag.wording import format_number

ProbeState = Literal["alive", "moved", "changed", "dead", "unchecked", "no_address"]
"""``changed``: the file is not the one of the lock any more; ``unchecked``: the producer limits the requests."""

SEVERITY: Final[tuple[ProbeState, ...]] = (
    "no_address",
    "alive",
    "unchecked",
    "changed",
    "moved",
    "dead",
)
"""What a source is: the worst of its files."""

HEAD_BYTES: Final = 2_048
"""Enough to tell a page from a file, and to read the title of the page."""

SAMPLE: Final = 3
"""Files asked for of a family that has more: the first, the middle one and the last."""

ATTEMPTS: Final = 2
ADDRESS_DEADLINE_S: Final = 60.0

STABLE_REDIRECTS: Final = "/api/1/datasets/r/"
"""Addresses of data.gouv.fr that are made to redirect to the current file."""


@dataclass(frozen=True)
class Glimpse:
    """The start of what an address holds.

    Attributes
    ----------
    url
        The address that answered, after redirects.
    etag, last_modified
        What the server says of the version.
    size
        Of the whole file, in bytes; 0 when the server does not say.
    head
        The first bytes.
    """

    url: str
    etag: str
    last_modified: str
    size: int
    head: bytes


class Prober:
    """Look at the start of files, through the exchanges of the downloader (pace, redirects, patience).

    A short GET is asked for, rather than HEAD: several producers refuse HEAD, and only the first bytes tell a file
    from a page of status 200.

    Parameters
    ----------
    settings
        How the network is used; fewer attempts and less time are granted than to a download.
    sleep, clock
        How time passes and is read, in seconds.
    """

    def __init__(
        self,
        settings: NetworkSettings,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        settings = replace(
            settings,
            attempts=min(settings.attempts, ATTEMPTS),
            deadline_s=min(settings.deadline_s, ADDRESS_DEADLINE_S),
        )
        self._watch = Watch(settings, clock)
        self._exchange = Exchange(settings, self._watch, sleep, clock)
        self._patience = Patience(settings, self._watch, sleep, clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._exchange.close()

    def glimpse(self, url: str) -> Glimpse:
        """Look at the start of a file.

        Raises
        ------
        SourceUnavailableError
            The address does not answer, or answers that it does not hold the file.
        """
        self._watch.start()
        return self._patience.persist(
            url, urlsplit(url).netloc, lambda: self._attempt(url), lambda: False
        )

    def _attempt(self, url: str) -> Glimpse:
        asked = {"Accept-Encoding": "identity", "Range": f"bytes=0-{HEAD_BYTES - 1}"}
        with self._exchange.open(url, asked) as response:
            head = b""
            for chunk in read_body(response, self._watch, url):
                head += chunk
                if len(head) >= HEAD_BYTES:
                    break
            part = parse_content_range(response)
            size = (part.total or 0) if part else announced_length(response)
            headers = response.headers
            return Glimpse(
                response.url,
                headers.get("ETag", ""),
                headers.get("Last-Modified", ""),
                max(size, 0),
                head[:HEAD_BYTES],
            )


@dataclass(frozen=True)
class FileProbe:
    """What came of the address of a file.

    Attributes
    ----------
    path
        The file, under the raw folder.
    state
        What became of it.
    why
        A sentence, for a state that is not ``alive``.
    """

    path: str
    state: ProbeState
    why: str = ""


@dataclass(frozen=True)
class SourceProbe:
    """What came of the addresses of a source: the state is the worst of those of its files."""

    source_id: str
    files: tuple[FileProbe, ...]

    @property
    def state(self) -> ProbeState:
        """The worst state of its files."""
        return max((file.state for file in self.files), key=SEVERITY.index, default="no_address")


def probe_source(source: Source, prober: Prober, lock: Mapping[str, LockEntry]) -> SourceProbe:
    """Try the addresses of a source: three of a family, all the others.

    Parameters
    ----------
    source
        A source of the register.
    prober
        Looks at the start of files.
    lock
        What was downloaded, by path under the raw folder.
    """
    if not source.files:  # a service, asked for a territory at a time
        return SourceProbe(source.id, (probe_service(source, prober),))
    files = [one for file in source.files for one in sample_family(file)]
    return SourceProbe(
        source.id, tuple(probe_file(file, prober, lock.get(file.path)) for file in files)
    )


def probe_service(source: Source, prober: Prober) -> FileProbe:
    """Try the address of a service of elevation, that answers in XML or by a file, but not by a web page."""
    try:
        found = prober.glimpse(source.address)
        if found.head.lstrip().lower().startswith((b"<!doctype html", b"<html")):
            check_content(found.head, source.address)
    except OfflineError:
        raise
    except QuotaError as error:
        return FileProbe(source.path, "unchecked", str(error))
    except SourceError as error:
        return FileProbe(source.path, "dead", str(error))
    if not _is_same_address(source.address, found.url):
        return FileProbe(source.path, "moved", f"{source.address} mène à {found.url}")
    return FileProbe(source.path, "alive")


def sample_family(file: SourceFile) -> tuple[SourceFile, ...]:
    """Take three files of a family, first, middle and last, or the file itself."""
    family = file.expand()
    if len(family) <= SAMPLE:
        return family
    return family[0], family[len(family) // 2], family[-1]


def probe_file(file: SourceFile, prober: Prober, entry: LockEntry | None) -> FileProbe:
    """Try the address of a file, then its other addresses when it is dead.

    Parameters
    ----------
    file
        A file of the register.
    prober
        Looks at the start of files.
    entry
        What the lock says of the version already there.
    """
    if not file.address:
        return FileProbe(file.path, "no_address")
    try:
        found = _look(file, file.address, prober)
    except OfflineError:
        raise
    except QuotaError as error:
        return FileProbe(file.path, "unchecked", str(error))
    except SourceError as error:
        return _try_others(file, prober, str(error))
    if not _is_same_address(file.address, found.url):
        return FileProbe(file.path, "moved", f"{file.address} mène à {found.url}")
    change = _find_change(file, found, entry)
    return FileProbe(file.path, "changed" if change else "alive", change)


def _look(file: SourceFile, address: str, prober: Prober) -> Glimpse:
    """Look at the start of a file, refusing what is not of its kind."""
    found = prober.glimpse(address)
    check_content(found.head, address)
    # what lies compressed here may come as plain text
    magic = () if file.content.endswith(".gz") else MAGIC.get(file.content, ())
    if magic and not found.head.startswith(magic):
        raise SourceFormatError(f"{address} : {file.content} attendu, autre chose trouvé.")
    return found


def _try_others(file: SourceFile, prober: Prober, why: str) -> FileProbe:
    for address in file.alternatives:
        try:
            _look(file, address, prober)
        except SourceError as error:
            why = f"{why} {error}"
        else:
            return FileProbe(file.path, "moved", f"{why} L'autre adresse répond : {address}")
    return FileProbe(file.path, "dead", why)


def _is_same_address(asked: str, answered: str) -> bool:
    if STABLE_REDIRECTS in asked:
        return True
    first, last = urlsplit(asked), urlsplit(answered)
    return (first.netloc.lower(), first.path.rstrip("/"), first.query) == (
        last.netloc.lower(),
        last.path.rstrip("/"),
        last.query,
    )


def _find_change(file: SourceFile, found: Glimpse, entry: LockEntry | None) -> str:
    """Say in what a file differs from the one of the lock, if so, by what the server says of both."""
    if entry is None or entry.address != file.address:
        return ""
    since = f"depuis le téléchargement du {entry.retrieved:%d/%m/%Y}"
    if entry.etag and found.etag:
        same = entry.etag.removeprefix("W/") == found.etag.removeprefix("W/")
        return "" if same else f"le producteur a remplacé le fichier {since} (ETag différent)"
    if entry.last_modified and found.last_modified:
        same = entry.last_modified == found.last_modified
        return "" if same else f"modifié par le producteur {since} : {found.last_modified}"
    # an answer that is compressed once here has not the size that the server announces
    if found.size and entry.size and not file.content.endswith(".gz") and found.size != entry.size:
        sizes = f"{format_number(entry.size)} octets, {format_number(found.size)} maintenant"
        return f"la taille a changé {since} : {sizes}"
    return ""
