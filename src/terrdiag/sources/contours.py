"""Outlines of the communes of the whole country in one GeoJSON, read feature by feature (contours-administratifs)."""

import codecs
import contextlib
import gzip
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final, cast

import shapely

from terrdiag.errors import SourceFormatError
from terrdiag.sources.etalab import make_contours, make_shape, read_code
from terrdiag.sources.extract import Dropped, Extract
from terrdiag.sources.files import FETCH_AGAIN, check_content, read_head
from terrdiag.sources.tables import name_dropped

CHUNK: Final = 4 << 20

MAX_FEATURE: Final = 64 << 20
"""Characters that a feature may take, at the most: beyond, memory would fill."""

GZIP_MAGIC: Final = b"\x1f\x8b"

NOT_INSEE: Final = ("975", "977", "978", "98")
"""Starts of the codes of the collectivités d'outre-mer, which are drawn by OpenStreetMap (ODbL)."""

OVERSEAS: Final = "collectivités d'outre-mer écartées (contours d'OpenStreetMap, sous licence ODbL)"
CITIES: Final = "arrondissements de Paris, Lyon et Marseille, écartés"
BARE: Final = "communes sans contour dans le fichier"

_DAMAGED: Final = (OSError, EOFError, zlib.error, UnicodeDecodeError, RecursionError)


def read_layer(path: Path, source_id: str) -> Extract:
    """Read the outlines of all communes (``communes-5m.geojson.gz``), in bounded memory.

    Parameters
    ----------
    path
        A GeoJSON of communes, compressed or not.
    source_id
        The source, as in the register.

    Returns
    -------
    Extract
        As :func:`terrdiag.sources.etalab.read_contours` gives it. Arrondissements municipaux and collectivités
        d'outre-mer are left out; communes without an outline are named.

    Raises
    ------
    SourceFormatError
        The file is truncated or is not a GeoJSON of communes; an outline is a point; a commune stands twice.
    """
    codes: list[str] = []
    shapes: list[shapely.Geometry] = []
    left: dict[str, list[str]] = {OVERSEAS: [], CITIES: [], BARE: []}
    with _open(path) as stream:
        for feature in _iterate(stream, path):
            code = read_code(feature)
            if reason := _leave_out(feature, code):
                left[reason].append(code)
            else:
                codes.append(code)
                shapes.append(make_shape(feature, code, path))
    if not codes:
        raise SourceFormatError(f"{path} : aucun contour de commune. {FETCH_AGAIN}")
    dropped: tuple[Dropped, ...] = ()
    for reason, named in left.items():
        dropped += name_dropped(reason, named)
    return make_contours(codes, shapes, path, source_id, dropped)


def _leave_out(feature: Mapping[str, Any], code: str) -> str:
    """Say why a feature is left out; nothing when it is a commune with its outline."""
    properties = feature.get("properties")
    if code.startswith(NOT_INSEE):
        return OVERSEAS
    # an arrondissement names the commune that it is a part of
    if isinstance(properties, dict) and properties.get("commune") not in (None, "", code):
        return CITIES
    return "" if feature.get("geometry") else BARE


@contextlib.contextmanager
def _open(path: Path) -> Iterator[IO[bytes]]:
    """Open a file, compressed or not, saying what is wrong with it, also while it is read."""
    is_gzip = read_head(path).startswith(GZIP_MAGIC)
    try:
        with path.open("rb") as file:
            yield cast("IO[bytes]", gzip.GzipFile(fileobj=file)) if is_gzip else file
    except _DAMAGED as error:
        raise SourceFormatError(
            f"{path} : GeoJSON tronqué ou abîmé ({type(error).__name__}). {FETCH_AGAIN}"
        ) from error


def _iterate(stream: IO[bytes], path: Path) -> Iterator[dict[str, Any]]:
    """Give the features one by one, the whole never being in memory."""
    reader = _Reader(stream, path)
    reader.find_features()
    while (feature := reader.take()) is not None:
        yield feature
    reader.finish()


class _Reader:
    """A window that slides over the text of a GeoJSON."""

    def __init__(self, stream: IO[bytes], path: Path) -> None:
        self._stream, self._path = stream, path
        self._decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        self._json = json.JSONDecoder()
        self._text, self._at, self._is_over = "", 0, False

    def find_features(self) -> None:
        """Go to the first feature."""
        self._read()
        check_content(self._text[:4096].encode(), self._path)
        found = re.search(r'"features"\s*:\s*\[', self._text)
        if not found:
            raise SourceFormatError(
                f"{self._path} : ce n'est pas un GeoJSON de communes (« features » absent). {FETCH_AGAIN}"
            )
        self._at = found.end()

    def take(self) -> dict[str, Any] | None:
        """Take the next feature; nothing at the end of the list."""
        while True:
            self._skip()
            if self._text.startswith("]", self._at):
                return None
            try:
                feature, self._at = self._json.raw_decode(self._text, self._at)
            except json.JSONDecodeError:
                self._read_more()
                continue
            if not isinstance(feature, dict):
                raise self._truncated()
            return feature

    def finish(self) -> None:
        """Read to the end: that is where a compressed file says that it is whole."""
        while self._stream.read(CHUNK):
            pass

    def _skip(self) -> None:
        """Skip spaces and the comma between two features."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in " \t\r\n,":
                self._at += 1
            if self._at < len(self._text):
                return
            self._read_more()

    def _read_more(self) -> None:
        if self._is_over or len(self._text) - self._at > MAX_FEATURE:
            raise self._truncated()
        self._read()

    def _read(self) -> None:
        chunk = self._stream.read(CHUNK)
        self._is_over = not chunk
        self._text = self._text[self._at :] + self._decode(chunk, self._is_over)
        self._at = 0

    def _truncated(self) -> SourceFormatError:
        return SourceFormatError(
            f"{self._path} : GeoJSON illisible, le fichier est sans doute tronqué. {FETCH_AGAIN}"
        )
