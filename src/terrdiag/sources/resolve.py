"""Find the address of the day of a file in the catalogue of its producer, once those of the register are dead."""

import re
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import urlsplit

from terrdiag.catalogue.models import SourceFile
from terrdiag.errors import SourceUnavailableError
from terrdiag.sources.download.client import Client
from terrdiag.sources.melodi.api import Melodi
from terrdiag.sources.sdes import find_energy_address

_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def resolve_address(client: Client, file: SourceFile) -> str:
    """Find where a file lies today, in the catalogue that the register names for it.

    Parameters
    ----------
    client
        What asks the network.
    file
        A file of the register, with its ``catalogue``.

    Returns
    -------
    str
        Full address; empty when the register names no catalogue.

    Raises
    ------
    SourceError
        The catalogue does not answer, does not know the file, or has another vintage of it only: other figures than
        those that the register describes are not taken in their place.
    """
    service, _, name = file.catalogue.partition(":")
    if service == "melodi":
        return _find_melodi(Melodi(client), name, file)
    return find_energy_address(client, name.split()) if service == "dido" else ""


def _find_melodi(melodi: Melodi, dataset: str, file: SourceFile) -> str:
    """Find the bulk file of a data set of Melodi, of the vintage that the register describes."""
    bulk = melodi.find_bulk(dataset)
    expected = PurePosixPath(urlsplit(file.address).path).name
    if _YEAR.findall(bulk.id) != _YEAR.findall(expected):
        raise SourceUnavailableError(
            f"{dataset} : le catalogue de Melodi donne maintenant {bulk.id}, d'un autre millésime que celui du "
            f"registre ({expected}) : il n'est pas pris à sa place. Mettez terrdiag à jour."
        )
    return bulk.address
