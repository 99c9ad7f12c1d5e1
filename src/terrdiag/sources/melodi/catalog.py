"""The catalogue of Melodi: which data sets there are, in which geography, and where their bulk files lie."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from terrdiag.errors import SourceFormatError, SourceUnavailableError
from terrdiag.wording import suggest

HOST: Final = "https://api.insee.fr/"

FORMAT: Final = ("CSV", "FR")
"""Format and language of the bulk file that is read."""


@dataclass(frozen=True)
class BulkFile:
    """A bulk file of a data set.

    Attributes
    ----------
    id
        Its name, the vintage in it (``DS_FLORES_A5_2024_CSV_FR``).
    address
        Where it lies.
    megabytes
        Its size, as announced.
    modified
        When it was last published.
    """

    id: str
    address: str
    megabytes: float
    modified: dt.date


@dataclass(frozen=True)
class CatalogueEntry:
    """A data set, as the catalogue describes it.

    Attributes
    ----------
    id
        Its name (``DS_…``).
    title
        What it is, in French.
    observations
        How many it has, 0 when the catalogue does not say.
    cog_year
        The communes it is given for (1 January of that year), where the catalogue says.
    years
        First and last year it describes, where the catalogue says.
    bulk
        Its bulk file (CSV, in French), if it has one.
    """

    id: str
    title: str
    observations: int
    cog_year: int | None
    years: tuple[int, int] | None
    bulk: BulkFile | None


def parse_catalogue(content: Any, where: object) -> dict[str, CatalogueEntry]:
    """Read the whole catalogue.

    Parameters
    ----------
    content
        The JSON of ``catalog/all``.
    where
        Where it comes from, as named in errors.

    Returns
    -------
    dict
        The data sets, by name.

    Raises
    ------
    SourceUnavailableError
        The catalogue is empty, as it is while the service is being updated.
    SourceFormatError
        It is not a catalogue.
    """
    if not isinstance(content, list):
        raise SourceFormatError(f"{where} : le catalogue de Melodi n'est pas une liste.")
    if not content:
        raise SourceUnavailableError(
            f"{where} : le catalogue de Melodi est vide. Le service est sans doute en cours de mise à jour : "
            "réessayez plus tard."
        )
    entries = [parse_entry(item, where) for item in content]
    return {entry.id: entry for entry in entries}


def parse_entry(item: Any, where: object) -> CatalogueEntry:
    """Read the entry of one data set (the JSON of ``catalog/DS_…``).

    Raises
    ------
    SourceFormatError
        It has no name, or a part of it is not of the expected form.
    """
    try:
        years = item.get("temporal") or {}
        return CatalogueEntry(
            id=_text(item["identifier"]),
            title=_french(item.get("title") or []),
            observations=int(item.get("numObservations") or 0),
            cog_year=_year(item.get("spatialTemporal")),
            years=_span(_year(years.get("startPeriod")), _year(years.get("endPeriod"))),
            bulk=_newest(item.get("product") or []),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SourceFormatError(
            f"{where} : entrée du catalogue de Melodi illisible ({error!r})."
        ) from error


def describe_unknown(name: str, known: Iterable[str]) -> SourceUnavailableError:
    """Say that no data set bears a name, and give the nearest ones.

    Examples
    --------
    >>> str(describe_unknown("DS_FLORES_A6", ["DS_FLORES_A5", "DS_BPE"]))
    'DS_FLORES_A6 : jeu de données inconnu de Melodi. Valeurs proches\xa0: DS_FLORES_A5.'
    """
    return SourceUnavailableError(
        f"{name} : jeu de données inconnu de Melodi.{suggest(name, known)}"
    )


def find_bulk(entry: CatalogueEntry) -> BulkFile:
    """Give the bulk file of a data set.

    Raises
    ------
    SourceUnavailableError
        It has none.
    """
    if entry.bulk is None:
        raise SourceUnavailableError(
            f"{entry.id} : le catalogue de Melodi ne donne pas de fichier complet en CSV et en français."
        )
    return entry.bulk


def _newest(products: Iterable[Mapping[str, Any]]) -> BulkFile | None:
    """Find the bulk file, the last published where there are several vintages."""
    found = [
        BulkFile(
            _text(product["id"]),
            _check_address(product["accessURL"]),
            float(product.get("byteSize") or 0) / 1e6,
            dt.date.fromisoformat(str(product["modified"])[:10]),
        )
        for product in products
        if (product.get("format"), product.get("language")) == FORMAT
    ]
    return max(found, key=lambda file: (file.modified, file.id), default=None)


def _check_address(address: Any) -> str:
    if not isinstance(address, str) or not address.startswith(HOST):
        raise ValueError(f"adresse hors de {HOST} : {address!r}")
    return address


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"{value!r} n'est pas un nom")
    return value


def _french(texts: Iterable[Mapping[str, Any]]) -> str:
    """Choose the French text (an empty one when the producer left it out)."""
    return next(
        (str(text.get("content", "")).strip() for text in texts if text.get("lang") == "fr"), ""
    )


def _year(moment: Any) -> int | None:
    return int(str(moment)[:4]) if moment else None


def _span(first: int | None, last: int | None) -> tuple[int, int] | None:
    return (first, last) if first is not None and last is not None else None
