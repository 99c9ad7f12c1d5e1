"""A mirror that stands for the producers: a folder, or an address."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from terrdiag.catalogue.models import SourceFile
from terrdiag.errors import SourceUnavailableError

_LOCAL: Final = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class Mirror:
    """Where the same files are, laid out as the register says or by host and path.

    Attributes
    ----------
    base
        The folder, or the address without its last slash.
    """

    base: Path | str

    @classmethod
    def at(cls, place: str) -> "Mirror":
        """Make the mirror of a folder or of an address.

        Raises
        ------
        SourceUnavailableError
            The folder is not there.
        """
        if urlsplit(place).scheme in {"http", "https"}:
            return cls(place.rstrip("/"))
        folder = Path(place)
        if not folder.is_dir():
            what = "ce miroir est un fichier" if folder.exists() else "ce miroir n'existe pas"
            raise SourceUnavailableError(
                f"{place} : {what}. Donnez un dossier, ou une adresse en https."
            )
        return cls(folder)

    @property
    def plain_host(self) -> frozenset[str]:
        """The host to ask without encryption: this machine only."""
        if isinstance(self.base, Path):
            return frozenset()
        parts = urlsplit(self.base)
        local = parts.scheme == "http" and parts.hostname in _LOCAL
        return frozenset({parts.netloc}) if local else frozenset()

    def find(self, file: SourceFile) -> Path | None:
        """Find a file in a mirror that is a folder."""
        if not isinstance(self.base, Path):
            return None
        for place in list_places(file):
            # the paths are those of the register; a link of the person who keeps the mirror is followed
            path = self.base / place
            if ".." not in path.relative_to(self.base).parts and path.is_file():
                return path
        return None

    def list_addresses(self, file: SourceFile) -> tuple[str, ...]:
        """List where a file may be, in a mirror that is an address."""
        if isinstance(self.base, Path):
            return ()
        return tuple(f"{self.base}/{quote(place)}" for place in list_places(file))


def list_places(file: SourceFile) -> tuple[str, ...]:
    """List where a mirror may have a file: its path in the register, then its addresses by host and path.

    Examples
    --------
    >>> from terrdiag.catalogue.models import SourceFile
    >>> list_places(SourceFile(path="a/b.csv", address="https://insee.fr/x/b%20c.csv?d=1", content="csv"))
    ('a/b.csv', 'insee.fr/x/b c.csv?d=1', 'insee.fr/x/b c.csv')
    """
    places = [file.path]
    for address in (file.address, *file.alternatives):
        parts = urlsplit(address)
        place = f"{parts.netloc}{unquote(parts.path)}".strip("/")
        if parts.query:
            places.append(f"{place}?{parts.query}")
        places.append(place)
    return tuple(dict.fromkeys(place for place in places if place))
