"""The interface of Melodi: its catalogue, and a part of a data set (the communes of one EPCI).

No key is needed; 30 requests a minute, which the pace of the downloader keeps. A bulk file is one request
for the whole of France: the interface is for a refresh of a few communes, or of a few figures.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, Protocol
from urllib.parse import urlencode

import pandas as pd

from terrdiag.errors import (
    OfflineError,
    QuotaError,
    SourceError,
    SourceFormatError,
    SourceUnavailableError,
)
from terrdiag.sources.download.problems import HttpStatusError
from terrdiag.sources.files import FETCH_AGAIN, check_content
from terrdiag.sources.melodi import catalog
from terrdiag.sources.melodi.answers import Data, no_data, read_observations, read_paging
from terrdiag.sources.melodi.catalog import BulkFile, CatalogueEntry
from terrdiag.wording import format_number

BASE: Final = "https://api.insee.fr/melodi"

MAX_RESULT: Final = 100_000
"""Most observations that the service gives at once."""

MAX_BYTES: Final = 100_000_000
"""100,000 observations are some 25 MB."""

MAX_PAGES: Final = 1_000

BAD_REQUEST: Final = 400

Filters = Iterable[tuple[str, str]]
"""Dimension and code; a dimension may stand several times (either of its codes)."""


class Answer(Protocol):
    """What a request gives back."""

    @property
    def body(self) -> bytes:
        """Its content."""
        ...


class Getter(Protocol):
    """What asks the network (the client of the downloader): it keeps the pace, waits and tries again."""

    def get(self, url: str, *, max_bytes: int = ...) -> Answer:
        """Ask for an address; anything but a success is an error of the tree of terrdiag."""
        ...


class Melodi:
    """A client of the interface.

    Parameters
    ----------
    client
        What asks the network.
    base
        Where the service lies.
    """

    def __init__(self, client: Getter, base: str = BASE) -> None:
        self._client, self._base = client, base.rstrip("/")
        self._entries: dict[str, CatalogueEntry] = {}

    def read_catalogue(self) -> dict[str, CatalogueEntry]:
        """Read the catalogue (once: it is kept)."""
        if not self._entries:
            address = f"{self._base}/catalog/all"
            self._entries = catalog.parse_catalogue(self._get(address), address)
        return self._entries

    def read_entry(self, dataset: str) -> CatalogueEntry:
        """Read what the catalogue says of one data set.

        Raises
        ------
        SourceUnavailableError
            The data set is unknown (near names are given), or the service does not answer.
        """
        address = f"{self._base}/catalog/{dataset}"
        return catalog.parse_entry(self._ask(address, dataset), address)

    def find_bulk(self, dataset: str) -> BulkFile:
        """Find where the bulk file of a data set lies today: its address changes with each vintage."""
        return catalog.find_bulk(self.read_entry(dataset))

    def read_code_list(self, name: str) -> dict[str, str]:
        """Read a list of codes (``CL_AGE``): the French label of each."""
        address = f"{self._base}/rmes/listeCode/{name}"
        content = self._get(address)
        try:
            return {
                entry["code"]: next(
                    (text["contenu"] for text in entry["label"] if text["langue"] == "fr"), ""
                )
                for entry in content["codes"]
            }
        except (KeyError, TypeError) as error:
            raise SourceFormatError(f"{address} : liste de codes illisible ({error!r}).") from error

    def count(self, dataset: str, filters: Filters = ()) -> int:
        """Count the observations that a request would give."""
        address = self._address(dataset, filters, totalCount="TRUE", maxResult="0")
        count = read_paging(self._ask(address, dataset), address).get("count")
        if not isinstance(count, int) or count < 0:
            raise SourceFormatError(
                f"{address} : la réponse ne dit pas combien il y a d'observations."
            )
        return count

    def read_data(self, dataset: str, filters: Filters = (), *, limit: int = MAX_RESULT) -> Data:
        """Read observations, all of them: they are counted first, then asked for page after page.

        Parameters
        ----------
        dataset
            Its name (``DS_…``).
        filters
            Dimensions and codes; ``("GEO", "EPCI-246500482*COM")`` is every commune of an EPCI.
        limit
            More observations than this are not asked for.

        Returns
        -------
        Data
            With the reason when nothing answers the filters: that is not an error.

        Raises
        ------
        QuotaError
            The service still refuses requests (30 a minute) once it has been waited for.
        SourceUnavailableError
            The data set or a dimension is unknown, or the service does not answer.
        SourceError
            There are more observations than the limit.
        SourceFormatError
            The answer is not of the expected form, or lacks observations.
        """
        asked = tuple(filters)
        count = self.count(dataset, asked)
        if count > limit:
            raise SourceError(
                f"{dataset} : {format_number(count)} observations répondent à cette demande, plus que les "
                f"{format_number(limit)} admises. Ajoutez un filtre, ou prenez le fichier complet."
            )
        if not count:
            words = ", ".join(f"{name} = {code}" for name, code in asked) or "aucun filtre"
            return no_data(f"{dataset} n'a aucune observation pour {words}.")
        address = self._address(
            dataset, asked, idTerritoire="TRUE", maxResult=str(min(limit, MAX_RESULT))
        )
        return self._read_pages(address, dataset, count)

    def _read_pages(self, address: str, dataset: str, count: int) -> Data:
        pages: list[Data] = []
        seen, following = set[str](), address
        while following and len(seen) < MAX_PAGES:
            seen.add(following)
            content = self._ask(following, dataset)
            pages.append(read_observations(content, following))
            following = self._next(read_paging(content, following), seen, following)
        table = pd.concat([page.table for page in pages], ignore_index=True)
        if len(table) != count:
            raise SourceFormatError(
                f"{address} : {format_number(len(table))} observations reçues sur {format_number(count)} annoncées. "
                "La réponse est incomplète : réessayez."
            )
        measures = {page.measure for page in pages if page.measure}
        if len(measures) > 1:
            raise SourceFormatError(
                f"{address} : plusieurs mesures dans la même réponse ({', '.join(sorted(measures))}). "
                "Filtrez sur l'une d'elles."
            )
        return Data(table.fillna(""), pages[0].title, measures.pop())

    def _next(self, paging: Mapping[str, Any], seen: set[str], where: str) -> str:
        """Give the address of the next page (none after the last), refusing one that goes elsewhere or round."""
        following = paging.get("next") or ""
        if not following:
            return ""
        if not str(following).startswith(f"{self._base}/") or following in seen:
            raise SourceFormatError(
                f"{where} : la page suivante annoncée n'en est pas une ({str(following)[:200]})."
            )
        return str(following).replace("*", "%2A")

    def _address(self, dataset: str, filters: Filters, **more: str) -> str:
        return f"{self._base}/data/{dataset}?{urlencode([*filters, *more.items()])}"

    def _ask(self, address: str, dataset: str) -> Any:
        """Ask about a data set; when that fails, tell whether the data set or a dimension is unknown.

        The service answers 500, in plain text, to a name it does not know.
        """
        try:
            return self._get(address)
        except (OfflineError, QuotaError):
            raise
        except SourceUnavailableError as error:
            told = self._explain(error, address, dataset)
            if told is None:
                raise
            raise told from error

    def _explain(
        self, error: SourceUnavailableError, address: str, dataset: str
    ) -> SourceUnavailableError | None:
        try:
            entries = self.read_catalogue()
        except SourceError:
            # nothing answers: the first failure says it
            return None
        if dataset not in entries:
            return catalog.describe_unknown(dataset, entries)
        if isinstance(error, HttpStatusError) and error.status == BAD_REQUEST:
            said = f" Réponse : {error.text}." if error.text else ""
            return SourceUnavailableError(
                f"{dataset} : Melodi refuse la demande (400) : une dimension ou un code est sans doute inconnu.{said} "
                f"Demande : {address}"
            )
        return None

    def _get(self, address: str) -> Any:
        body = self._client.get(address, max_bytes=MAX_BYTES).body
        check_content(body, address)
        try:
            return json.loads(body)
        except (ValueError, RecursionError) as error:
            raise SourceFormatError(
                f"{address} : réponse illisible ({error}), sans doute tronquée. {FETCH_AGAIN}"
            ) from error
