"""Find the files of the SDES (DiDo): their identifiers change, and only their list says which they are."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import quote

from terrdiag.errors import SourceFormatError
from terrdiag.sources.files import read_json
from terrdiag.wording import fold, join_words

DIDO: Final = "https://data.statistiques.developpement-durable.gouv.fr/dido/api/v1"

PAGE: Final = 100

MAX_PAGES: Final = 50


class Got(Protocol):
    """A small answer of a server."""

    @property
    def body(self) -> bytes:
        """Its content."""
        ...


class Getter(Protocol):
    """What :func:`find_energy_address` needs of a client of the network."""

    def get(self, url: str, /) -> Got:
        """Fetch a small answer."""
        ...


def find_energy_address(client: Getter, words: Sequence[str]) -> str:
    """Find the address of the newest vintage of a file of the SDES, whose identifier is not published anywhere else.

    Parameters
    ----------
    client
        What fetches small answers (the client of the downloader).
    words
        Words that the title of the file must have (« électricité », « commune »).

    Returns
    -------
    str
        Full address of its CSV.

    Raises
    ------
    SourceFormatError
        No file, or several, bear these words; the titles found are given.
    """
    wanted = [fold(word) for word in words]
    found: dict[str, tuple[str, str]] = {}
    for file in _list_files(client):
        title = str(file.get("title", ""))
        if all(word in fold(title) for word in wanted) and file.get("rid"):
            vintages = [str(one.get("millesime", "")) for one in file.get("millesimes", ())]
            found[str(file["rid"])] = (title, max(vintages, default=""))
    if len(found) != 1:
        titles = join_words(title for title, _ in found.values()) or "aucun"
        raise SourceFormatError(
            f"{DIDO}/datasets : un fichier attendu pour « {' '.join(words)} », trouvé : {titles}. "
            "Précisez les mots, ou prenez l'adresse sur la page du SDES."
        )
    [(rid, (_, vintage))] = found.items()
    options = "withColumnName=true&withColumnDescription=false&withColumnUnit=false"
    # words of a server: they name a file, they do not lead elsewhere
    chosen = f"millesime={quote(vintage, safe='')}&" if vintage else ""
    return f"{DIDO}/datafiles/{quote(rid, safe='')}/csv?{chosen}{options}"


def _list_files(client: Getter) -> Iterator[Mapping[str, Any]]:
    for page in range(1, MAX_PAGES + 1):
        address = f"{DIDO}/datasets?page={page}&pageSize={PAGE}"
        answer = read_json(Path(address), client.get(address).body)
        datasets = answer.get("data", ()) if isinstance(answer, dict) else answer
        if not isinstance(datasets, list) or not all(isinstance(one, dict) for one in datasets):
            raise SourceFormatError(
                f"{address} : la liste des jeux de données n'a pas la forme attendue."
            )
        for dataset in datasets:
            files = dataset.get("datafiles") or ()
            yield from (file for file in files if isinstance(file, dict))
        if len(datasets) < PAGE:
            return
