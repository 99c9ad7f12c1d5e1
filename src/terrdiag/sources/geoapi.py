"""Outlines of communes asked of geo.api.gouv.fr: the queries, and what its answers may hide.

The API answers « 200 » to a question it did not understand: it then gives points in the place of outlines, or the
default format. What it gives is checked before it is kept.
"""

import gzip
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Protocol

from terrdiag.errors import SourceFormatError, SourceUnavailableError
from terrdiag.sources.download.exchange import Params
from terrdiag.sources.download.problems import HttpStatusError
from terrdiag.sources.etalab import list_features, make_contours, make_shape, read_code
from terrdiag.sources.extract import Extract
from terrdiag.sources.files import check_content
from terrdiag.sources.tables import SIREN_PATTERN, name_dropped

BASE: Final = "https://geo.api.gouv.fr"

OUTLINES: Final[Mapping[str, str]] = {"format": "geojson", "geometry": "contour"}
"""Both are needed: ``fields=contour`` alone gives the point of the town hall."""

FIELDS: Final = "nom,code,siren,codeEpci,codeDepartement,codeRegion,population"

DEPARTEMENT_PATTERN: Final = r"\d\d|2[AB]|97\d"

MAX_BYTES: Final = 60 << 20
"""A département in full detail is 10 MB, at the most."""


class Answer(Protocol):
    """What a server answered."""

    @property
    def body(self) -> bytes:
        """Content, decompressed."""


class Asker(Protocol):
    """Who asks: the client of the downloader, or a made-up one."""

    def get(self, url: str, *, params: Params | None = None, max_bytes: int = MAX_BYTES) -> Answer:
        """Get a small answer."""


def ask_departement(client: Asker, code: str, source_id: str) -> tuple[bytes, Extract]:
    """Ask for the outlines of the communes of a département.

    Parameters
    ----------
    client
        Who asks.
    code
        Code of the département.
    source_id
        The source that these outlines are of.

    Returns
    -------
    body : bytes
        The answer, as it may be kept (see :func:`keep_answer`).
    contours : Extract
        What it holds, as :func:`terrdiag.sources.etalab.read_contours` gives it; communes without an outline are
        named.

    Raises
    ------
    SourceUnavailableError
        There is no such département, or the API does not answer.
    SourceFormatError
        The answer is not made of outlines.
    """
    _check(code, DEPARTEMENT_PATTERN, "département")
    url = f"{BASE}/departements/{code}/communes"
    return _ask(client, url, OUTLINES, f"geo.api.gouv.fr, département {code}", source_id)


def ask_epci(client: Asker, siren: str, source_id: str) -> tuple[bytes, Extract]:
    """Ask for the outlines of the communes of an EPCI, by its SIREN; as :func:`ask_departement`."""
    _check(siren, SIREN_PATTERN, "EPCI")
    params = {"codeEpci": siren, **OUTLINES, "fields": FIELDS}
    return _ask(client, f"{BASE}/communes", params, f"geo.api.gouv.fr, EPCI {siren}", source_id)


def keep_answer(path: Path, body: bytes) -> None:
    """Keep an answer as a file that :func:`terrdiag.sources.etalab.read_contours` reads (same answer: same bytes)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(body, mtime=0))


def parse_answer(body: bytes, where: str, source_id: str) -> Extract:
    """Parse the outlines of an answer.

    Parameters
    ----------
    body
        A GeoJSON of communes.
    where
        What was asked, as named in errors.
    source_id
        The source.

    Returns
    -------
    Extract
        As :func:`terrdiag.sources.etalab.read_contours` gives it; a commune without an outline (a feature without
        ``geometry``) is named.

    Raises
    ------
    SourceFormatError
        The answer is not made of outlines, or is empty.
    """
    check_content(body, where)
    path = Path(where)
    features = list_features(_parse_json(body, where), path)
    codes = [read_code(feature) for feature in features]
    bare = [code for code, one in zip(codes, features, strict=True) if not one.get("geometry")]
    if len(bare) == len(features):
        raise SourceFormatError(f"{where} : aucune des {len(features)} communes n'a de contour.")
    drawn = [(c, one) for c, one in zip(codes, features, strict=True) if one.get("geometry")]
    shapes = [make_shape(feature, code, path) for code, feature in drawn]
    left = name_dropped("communes sans contour dans la réponse", bare)
    return make_contours([code for code, _ in drawn], shapes, path, source_id, left)


def _ask(
    client: Asker, url: str, params: Params, where: str, source_id: str
) -> tuple[bytes, Extract]:
    try:
        answer = client.get(url, params=params, max_bytes=MAX_BYTES)
    except HttpStatusError as error:
        if error.status == 404:
            raise SourceUnavailableError(
                f"{where} : l'API ne connaît pas ce code (404). Vérifiez-le avec « terrdiag find »."
            ) from error
        said = f" (« {error.text} »)" if error.text else ""
        raise SourceUnavailableError(
            f"{where} : l'API a répondu {error.status}{said}. Réessayez plus tard, ou prenez les contours d'une "
            "autre source (« terrdiag sources list »)."
        ) from error
    extract = parse_answer(answer.body, where, source_id)
    return answer.body, Extract(
        extract.source_id, extract.table, extract.cog_year, (), extract.dropped
    )


def _parse_json(body: bytes, where: str) -> Any:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        start = body[:60].decode("utf-8", "replace")
        raise SourceFormatError(
            f"{where} : réponse illisible (« {start} »), un GeoJSON était attendu."
        ) from error
    if isinstance(content, list) or (isinstance(content, dict) and content.get("features") == []):
        what = "du JSON au lieu de GeoJSON" if content and isinstance(content, list) else "vide"
        raise SourceFormatError(
            f"{where} : réponse {what}. Le code est peut-être inconnu, ou l'API n'a pas compris la demande."
        )
    return content


def _check(code: str, pattern: str, what: str) -> None:
    """Refuse a code that is not one: the API would answer for the whole country, or for something else."""
    if not re.fullmatch(pattern, code):
        raise SourceUnavailableError(
            f"« {code} » n'est pas le code d'un {what} : rien n'a été demandé à geo.api.gouv.fr."
        )
