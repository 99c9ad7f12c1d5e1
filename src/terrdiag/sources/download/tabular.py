"""The header and the number of rows of a table, read as little as possible: CSV, JSON, XLSX, Parquet, GeoPackage."""

import contextlib
import csv
import io
import itertools
import json
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, Final

from terrdiag.catalogue.models import SourceFile
from terrdiag.errors import SourceFormatError
from terrdiag.sources.content import FETCH_AGAIN
from terrdiag.wording import format_number, plural

_CHUNK: Final = 1_000_000
_WHOLE_JSON: Final = 600_000_000
"""A bigger JSON, in bytes, is not held in memory, and refused."""

_BIG_GEOJSON: Final = 1_000_000
"""A bigger GeoJSON, in bytes, is not parsed only to be checked: its brackets and its features are counted."""

_FEATURE: Final = re.compile(rb'"type"\s*:\s*"Feature"')

_CALAMINE_BYTES: Final = 15_000_000
"""A bigger workbook is streamed: calamine would hold its sheets whole."""


def check_columns(found: Iterable[object], file: SourceFile, where: object) -> None:
    """Refuse a header that lacks a column of the register."""
    names = [str(name).strip() for name in found]
    missing = [name for name in file.columns if name not in names]
    if missing:
        raise SourceFormatError(
            f"{where} : colonne absente : {', '.join(missing)}. Colonnes trouvées : "
            f"{', '.join(names[:40])}{' …' if len(names) > 40 else ''}. "
            "Le format du producteur a peut-être changé, ou le fichier n'est pas celui attendu."
        )


def check_rows(count: int, file: SourceFile, where: object) -> None:
    """Refuse fewer rows than the register says."""
    if count < file.min_rows:
        raise SourceFormatError(
            f"{where} : {plural(count, 'ligne')}, au moins {format_number(file.min_rows)} attendues. "
            f"Le fichier est sans doute tronqué, ou n'est pas celui attendu. {FETCH_AGAIN}"
        )


def check_csv(stream: IO[bytes], file: SourceFile, where: object) -> None:
    """Check a CSV: its header, its number of rows, and that its last row is not cut short."""
    first = stream.read(_CHUNK)
    lines, last = first.count(b"\n"), first
    while chunk := stream.read(_CHUNK):
        lines += chunk.count(b"\n")
        last = last[-65_536:] + chunk
    header = _parse_line(first, file, where)
    check_columns(header, file, where)
    ended = last.endswith(b"\n")
    check_rows(lines + (not ended) - file.header_row, file, where)
    tail = _decode(last).rpartition("\n")[2]
    if not ended and lines >= file.header_row and '"' not in tail:
        cells = tail.count(file.separator) + 1
        if cells < len(header):
            raise SourceFormatError(
                f"{where} : la dernière ligne a {plural(cells, 'cellule')} au lieu de {len(header)}, "
                f"le fichier est sans doute tronqué. {FETCH_AGAIN}"
            )


def _parse_line(data: bytes, file: SourceFile, where: object) -> list[str]:
    """Parse the line of the header."""
    if b"\0" in data[:20_000]:
        raise SourceFormatError(
            f"{where} : csv attendu, des octets binaires trouvés. {FETCH_AGAIN}"
        )
    reader = csv.reader(io.StringIO(_decode(data), newline=""), delimiter=file.separator)
    try:
        for row in reader:
            if reader.line_num >= file.header_row:
                return row
    except csv.Error as error:
        raise SourceFormatError(f"{where} : CSV illisible ({error}). {FETCH_AGAIN}") from error
    raise SourceFormatError(
        f"{where} : l'en-tête attendu ligne {file.header_row} manque. {FETCH_AGAIN}"
    )


def _decode(data: bytes) -> str:
    """Decode enough to know names of columns: the reader says what is wrong with the rest."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # a character cut at the end of a chunk is not another encoding
        cut = error.start > len(data) - 4
        return data[: error.start].decode("utf-8-sig") if cut else data.decode("cp1252", "replace")


def check_json(stream: IO[bytes], file: SourceFile, where: object) -> None:
    """Check a JSON: that it is whole, and for a GeoJSON that it holds features."""
    data = stream.read(_WHOLE_JSON + 1)
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] not in {b"{", b"["}:
        raise SourceFormatError(
            f"{where} : {file.content} attendu, autre chose trouvé. {FETCH_AGAIN}"
        )
    if "geojson" in file.content and len(data) > _BIG_GEOJSON and _looks_whole(data, stream):
        rows: Sequence[Any] = _FEATURE.findall(data)
        first = _parse_first(data)
    elif len(data) > _WHOLE_JSON:
        raise SourceFormatError(
            f"{where} : JSON tronqué, ou de plus de {format_number(_WHOLE_JSON / 1e6)} Mo une fois décomprimé. "
            f"{FETCH_AGAIN}"
        )
    else:
        rows = _list_rows(_parse_json(data, where), file, where)
        first = rows[0] if rows else None
    check_rows(len(rows), file, where)
    if file.columns:
        named = first if isinstance(first, dict) else {}
        check_columns(named.get("properties") or named, file, where)


def _looks_whole(data: bytes, stream: IO[bytes]) -> bool:
    """Tell whether a GeoJSON too big to be parsed twice has all its brackets (else, parsing it says why)."""
    return (
        b'"FeatureCollection"' in data[:65_536]
        and data.rstrip().endswith(b"}")
        and data.count(b"{") == data.count(b"}")
        and data.count(b"[") == data.count(b"]")
        and not stream.read(1)
    )


def _parse_first(data: bytes) -> Any:
    """Parse the first feature of a GeoJSON."""
    found = re.search(rb'"features"\s*:\s*\[\s*', data)
    if not found:
        return None
    text = data[found.end() : found.end() + 5_000_000].decode("utf-8", errors="replace")
    try:
        return json.JSONDecoder().raw_decode(text)[0]
    except (ValueError, RecursionError):
        return None


def _parse_json(data: bytes, where: object) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise SourceFormatError(
            f"{where} : JSON illisible, le fichier est sans doute tronqué ({error}). {FETCH_AGAIN}"
        ) from error


def _list_rows(content: Any, file: SourceFile, where: object) -> Sequence[Any]:
    """List the rows of a JSON: its features, or the elements of its list (an object is one row)."""
    if not isinstance(content, dict):
        return content if isinstance(content, list) else []
    features = content.get("features")
    if isinstance(features, list):
        return features
    said = content.get("message") or content.get("error") or content.get("title")
    if "geojson" in file.content or (said and file.min_rows > 1):
        hint = f" (« {said[:200]} »)" if isinstance(said, str) else ""
        raise SourceFormatError(
            f"{where} : une réponse d'erreur au lieu des données{hint}. {FETCH_AGAIN}"
        )
    lists = [one for one in content.values() if isinstance(one, list)]
    return max(lists, key=len, default=[content])


def check_workbook(stream: IO[bytes], file: SourceFile, where: object) -> None:
    """Check that a sheet of a workbook has the header and the rows of the register."""
    if not file.columns and not file.min_rows:
        return
    headers: list[list[str]] = []
    counts: list[int] = []
    with _explained(where, "classeur XLSX"):
        for rows in _list_sheets(stream):
            head = list(itertools.islice(rows, file.header_row))
            full = len(head) == file.header_row
            header = [str(cell).strip() for cell in head[-1]] if full else []
            headers.append(header)
            if set(file.columns) <= set(header):
                filled = (1 for row in rows if any(cell not in {None, ""} for cell in row))
                counts.append(sum(itertools.islice(filled, file.min_rows)))
    if not counts:
        nearest = max(headers, key=lambda names: len(set(names) & set(file.columns)), default=[])
        check_columns(nearest, file, f"{where}, ligne {file.header_row}")
    check_rows(max(counts, default=0), file, where)


def _list_sheets(stream: IO[bytes]) -> Iterator[Iterator[Sequence[Any]]]:
    """Give the rows of each sheet, by calamine where it is installed and the workbook is not huge."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    if size <= _CALAMINE_BYTES and find_spec("python_calamine"):
        from python_calamine import CalamineWorkbook  # noqa: PLC0415  # only to check a workbook

        book = CalamineWorkbook.from_filelike(stream)
        for name in book.sheet_names:
            yield iter(book.get_sheet_by_name(name).to_python(skip_empty_area=False))
        return
    import openpyxl  # noqa: PLC0415  # idem

    workbook = openpyxl.load_workbook(stream, read_only=True, data_only=True)
    with contextlib.closing(workbook):
        for sheet in workbook.worksheets:
            sheet.reset_dimensions()  # some producers declare an area of one cell
            yield sheet.iter_rows(values_only=True)


def check_parquet(path: Path, file: SourceFile) -> None:
    """Check the columns and the number of rows that a Parquet file declares at its end."""
    from pyarrow import parquet  # noqa: PLC0415  # slow to import

    with _explained(path, "fichier Parquet"):
        metadata = parquet.read_metadata(path)
        names = metadata.schema.to_arrow_schema().names
    check_columns(names, file, path)
    check_rows(metadata.num_rows, file, path)


def check_geopackage(path: Path, file: SourceFile) -> None:
    """Check that a GeoPackage is whole, and that one of its layers has the columns and the rows."""
    with path.open("rb") as stream:
        head = stream.read(100)
    page = int.from_bytes(head[16:18], "big")
    declared = (65_536 if page == 1 else page) * int.from_bytes(head[28:32], "big")
    if len(head) < 100 or declared > path.stat().st_size:
        raise SourceFormatError(f"{path} : GeoPackage tronqué. {FETCH_AGAIN}")
    with _explained(path, "GeoPackage"):
        layers = _list_layers(path)
    if not layers:
        raise SourceFormatError(f"{path} : GeoPackage sans couche. {FETCH_AGAIN}")
    fitting = [count for names, count in layers if set(file.columns) <= set(names)]
    if not fitting:
        check_columns((name for names, _ in layers for name in names), file, path)
    check_rows(max(fitting, default=0), file, path)


def _list_layers(path: Path) -> list[tuple[list[str], int]]:
    """List the columns and the number of rows of each layer."""
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    with contextlib.closing(sqlite3.connect(address, uri=True)) as base:
        tables = [row[0] for row in base.execute("SELECT table_name FROM gpkg_contents")]
        quoted = ['"' + str(name).replace('"', '""') + '"' for name in tables]
        return [
            (
                [row[1] for row in base.execute(f"PRAGMA table_info({name})")],
                base.execute(f"SELECT count(*) FROM {name}").fetchone()[0],  # noqa: S608  # quoted
            )
            for name in quoted
        ]


@contextlib.contextmanager
def _explained(where: object, what: str) -> Iterator[None]:
    """Turn what a library says of a damaged file into an error that a person can act on."""
    try:
        yield
    except SourceFormatError:
        raise
    except _damaged() as error:
        raise SourceFormatError(
            f"{where} : {what} tronqué ou abîmé ({error}). {FETCH_AGAIN}"
        ) from error


_DAMAGED: Final[tuple[type[Exception], ...]] = (
    zipfile.BadZipFile,
    zlib.error,
    sqlite3.Error,
    SyntaxError,  # what xml.etree raises
    ValueError,  # also what pyarrow raises
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
    OSError,
)
"""What openpyxl, pyarrow and sqlite3 raise on a damaged file."""


def _damaged() -> tuple[type[Exception], ...]:
    if not find_spec("python_calamine"):
        return _DAMAGED
    from python_calamine import CalamineError  # noqa: PLC0415  # only to check a workbook

    return (*_DAMAGED, CalamineError)
