"""Open an edition and read just what one territory needs."""

import contextlib
import dataclasses
import datetime as dt
import functools
import operator
import tomllib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely
from pydantic import ValidationError

from terrdiag.catalogue import Indicator, load_indicators
from terrdiag.edition.schema import OPTIONAL_TABLES, TABLES, EditionInfo, SourceRecord
from terrdiag.errors import EditionError

EMBEDDED = Path(__file__).parent / "embedded"

OUTLINE_COLUMNS = {"communes": ("geometry", "bbox")}
"""Columns of the tables that hold outlines, after those of their schema."""


@dataclass(frozen=True)
class Edition:
    """An opened edition: its folder and its description. Tables are read on demand, the small ones once.

    Attributes
    ----------
    root
        Folder of the tables.
    info
        What ``edition.toml`` says.
    """

    root: Path
    info: EditionInfo

    @property
    def date(self) -> dt.date:
        """The date its communes are those of: 1 January of its COG year."""
        return dt.date(self.info.cog_year, 1, 1)

    @cached_property
    def sources(self) -> dict[str, SourceRecord]:
        """Provenance by source identifier."""
        return {source.id: source for source in self.info.sources}

    @cached_property
    def memberships(self) -> pa.Table:
        """The whole table of memberships, read once (see :func:`read_memberships`)."""
        return _read_arrow(self, "memberships")

    @cached_property
    def commune_list(self) -> pd.DataFrame:
        """Every commune without its outline, read once (see :func:`read_commune_list`)."""
        return _read(self, "communes", list(TABLES["communes"].names))

    @cached_property
    def events(self) -> pd.DataFrame:
        """Every event, read once (see :func:`read_events`)."""
        frame = _read(self, "events")
        frame["date"] = pd.to_datetime(frame["date"])
        return frame

    def table(self, name: str) -> Path:
        """Path of one table."""
        return self.root / f"{name}.parquet"

    def has_table(self, name: str) -> bool:
        """Tell whether it holds one of the tables that not every edition has."""
        return name in self.info.tables

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """The indicators of the catalogue, then those of the user's own data."""
        return load_indicators() | {one.id: one for one in self.info.indicators}

    def with_sources(self, sources: Iterable[SourceRecord]) -> "Edition":
        """Give the edition as a run sees it, with the sources that the run adds (an elevation model)."""
        every = (*self.info.sources, *sources)
        return dataclasses.replace(self, info=self.info.model_copy(update={"sources": every}))


def open_edition(root: Path | None = None) -> Edition:
    """Open an edition, the embedded one by default.

    Parameters
    ----------
    root
        Folder that holds ``edition.toml`` and the tables.

    Returns
    -------
    Edition
        The opened edition; no table is read yet.

    Raises
    ------
    EditionError
        The folder is not an edition, or a table is absent.
    """
    root = EMBEDDED if root is None else root
    path = root / "edition.toml"
    try:
        info = EditionInfo.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError):
        raise EditionError(
            f"{root} n'est pas une édition : edition.toml est absent. "
            "Indiquez un dossier produit par « terrdiag edition build », ou aucun pour l'édition embarquée."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
        raise EditionError(f"{path} est illisible : {error}. Reconstruisez l'édition.") from error
    absent = [name for name in TABLES if not (root / f"{name}.parquet").is_file()]
    if absent:
        raise EditionError(
            f"{root} : table(s) absente(s) : {', '.join(absent)}. Reconstruisez l'édition."
        )
    return Edition(root, info)


def read_communes(
    edition: Edition,
    codes: Collection[str] | None = None,
    bbox: Sequence[float] | None = None,
) -> gpd.GeoDataFrame:
    """Read communes with their generalised outline.

    Parameters
    ----------
    edition
        The edition.
    codes
        Commune codes to keep (all when absent).
    bbox
        ``(west, south, east, north)`` in degrees: communes whose own box meets it.

    Returns
    -------
    GeoDataFrame
        ``code_commune, nom, code_departement, code_region, area_km2`` (full detail),
        ``contour_year`` and ``geometry`` (EPSG:4326, generalised), sorted by code. Never measure
        an area on this outline.
    """
    table = _read_arrow(edition, "communes", filters=_place_filter(codes, bbox))
    frame = table.drop_columns(["geometry", "bbox"]).to_pandas()
    with _reading(edition, "communes"):
        # not through geopandas.read_parquet, which is three times as long for a few hundred communes
        geometry = shapely.from_wkb(table["geometry"].to_numpy())
    located = gpd.GeoDataFrame(frame, geometry=geometry, crs=4326)
    return located.sort_values("code_commune", ignore_index=True)


def read_bounds(edition: Edition, codes: Collection[str]) -> tuple[float, float, float, float]:
    """Read the box around some communes: west, south, east, north, in degrees."""
    boxes = _read_arrow(edition, "communes", ["bbox"], _place_filter(codes, None))[
        "bbox"
    ].combine_chunks()
    west, south = (pc.min(boxes.field(name)).as_py() for name in ("xmin", "ymin"))
    east, north = (pc.max(boxes.field(name)).as_py() for name in ("xmax", "ymax"))
    return west, south, east, north


def _place_filter(
    codes: Collection[str] | None, bbox: Sequence[float] | None
) -> pc.Expression | None:
    """Filter the communes by code, or by the boxes that meet a box."""
    parts = [] if codes is None else [_is_one_of("code_commune", codes)]
    if bbox is not None:
        west, south, east, north = bbox
        parts += [
            pc.field("bbox", "xmin") <= east,
            pc.field("bbox", "xmax") >= west,
            pc.field("bbox", "ymin") <= north,
            pc.field("bbox", "ymax") >= south,
        ]
    return functools.reduce(operator.and_, parts) if parts else None


def read_commune_list(edition: Edition) -> pd.DataFrame:
    """Read every commune without its outline.

    Returns
    -------
    DataFrame
        ``code_commune, nom, code_departement, code_region, area_km2, contour_year``, sorted by
        code.
    """
    return edition.commune_list.copy()


def read_memberships(
    edition: Edition,
    kinds: Collection[str] | None = None,
    codes: Collection[str] | None = None,
    communes: Collection[str] | None = None,
) -> pd.DataFrame:
    """Read which commune belongs to which group, and when.

    Parameters
    ----------
    edition
        The edition.
    kinds, codes, communes
        What to keep (all when absent).

    Returns
    -------
    DataFrame
        ``kind, code, nom, code_commune, valid_from, valid_to, source_id``. ``code_commune`` is the
        code of the time; dates are ``datetime64``, NaT where not known to begin or still valid
        (``valid_to`` is excluded).
    """
    condition = _filters(kind=kinds, code=codes, code_commune=communes)
    table = edition.memberships if condition is None else edition.memberships.filter(condition)
    frame: pd.DataFrame = table.to_pandas()
    for column in ("valid_from", "valid_to"):
        frame[column] = pd.to_datetime(frame[column])
    return frame


def read_figures(
    edition: Edition,
    levels: Collection[str] | None = None,
    codes: Collection[str] | None = None,
    variables: Collection[str] | None = None,
) -> pd.DataFrame:
    """Read figures.

    Returns
    -------
    DataFrame
        ``level, code, variable, ref_year, value, status, source_id``; texts are categories.
        ``value`` is NaN if and only if ``status`` is neither ``ok`` nor ``estimated``.
    """
    kept = {"level": levels, "code": codes, "variable": variables}
    if codes is None and (levels is None or "commune" in levels):
        # nearly the whole table: decoded once a dictionary, then masked
        frame: pd.DataFrame = _read_arrow(edition, "figures", dictionary=True).to_pandas()
        masks = [
            frame[name].isin(list(values)) for name, values in kept.items() if values is not None
        ]
        return frame[functools.reduce(operator.and_, masks)] if masks else frame
    # a few places: plain text, by whose bounds the groups of rows of the others are skipped
    table = _read_arrow(edition, "figures", filters=_filters(**kept))
    texts = [field.name for field in table.schema if field.type == pa.string()]
    encoded = [
        table[name].dictionary_encode() if name in texts else table[name]
        for name in table.column_names
    ]
    few: pd.DataFrame = pa.table(encoded, names=table.column_names).to_pandas()
    return few


def read_flows(edition: Edition, communes: Collection[str] | None = None) -> pd.DataFrame:
    """Read the commuting flows that leave communes or come to them.

    Parameters
    ----------
    edition
        The edition.
    communes
        Communes (all flows when absent).

    Returns
    -------
    DataFrame
        ``origin, destination, place, ref_year, value`` (employed persons), ``status, source_id``; empty when the
        edition has no flows.
    """
    if not edition.has_table("flows"):
        return pd.DataFrame(columns=list(OPTIONAL_TABLES["flows"].names))
    encoded = [field.name for field in OPTIONAL_TABLES["flows"] if field.type == pa.string()]
    with _reading(edition, "flows"):
        table = pq.read_table(edition.table("flows"), read_dictionary=encoded)
        if communes is not None:
            wanted = pa.array(sorted(communes), pa.string())
            ends = (_holds(table[end], wanted) for end in ("origin", "destination"))
            table = table.filter(pc.or_(*ends))
        frame: pd.DataFrame = table.cast(OPTIONAL_TABLES["flows"]).to_pandas()
    return frame


def _holds(column: pa.ChunkedArray, wanted: pa.Array) -> pa.ChunkedArray:
    """Tell which rows of an encoded column hold a wanted word: looked up once a word, not once a row."""
    parts = [
        pc.take(pc.is_in(chunk.dictionary, value_set=wanted), chunk.indices)
        for chunk in column.chunks
    ]
    return pa.chunked_array(parts, pa.bool_())


def read_events(edition: Edition) -> pd.DataFrame:
    """Read the events between communes: ``date, kind, code_before, nom_before, code_after, nom_after``."""
    return edition.events.copy()


def _read(edition: Edition, name: str, columns: list[str] | None = None) -> pd.DataFrame:
    frame: pd.DataFrame = _read_arrow(edition, name, columns).to_pandas()
    return frame


def _read_arrow(
    edition: Edition,
    name: str,
    columns: list[str] | None = None,
    filters: pc.Expression | None = None,
    *,
    dictionary: bool = False,
) -> pa.Table:
    encoded = (
        [field.name for field in TABLES[name] if field.type == pa.string()] if dictionary else None
    )
    with _reading(edition, name):
        table = pq.read_table(
            edition.table(name), columns=columns, filters=filters, read_dictionary=encoded
        )
        schema = {**TABLES, **OPTIONAL_TABLES}[name]
        # a KeyError when a column is absent
        return table.select(columns or [*schema.names, *OUTLINE_COLUMNS.get(name, ())])


def _filters(**kept: Collection[str] | None) -> pc.Expression | None:
    """Combine « this column is one of these » conditions; None keeps everything."""
    parts = [_is_one_of(name, values) for name, values in kept.items() if values is not None]
    return functools.reduce(operator.and_, parts) if parts else None


def _is_one_of(name: str, values: Collection[str]) -> pc.Expression:
    # typed, as the type of an empty list cannot be guessed
    return pc.field(name).isin(pa.array(sorted(values), pa.string()))


@contextlib.contextmanager
def _reading(edition: Edition, name: str) -> Iterator[None]:
    """Turn what a damaged table raises into an error the user can act on."""
    try:
        yield
    except (pa.ArrowException, ValueError, KeyError, OSError) as error:
        raise EditionError(
            f"{edition.table(name)} est illisible ({type(error).__name__}) : fichier tronqué ou d'un autre format. "
            "Reconstruisez l'édition avec « terrdiag data update » (édition locale) ou « terrdiag edition build », "
            "ou réinstallez terrdiag (édition embarquée)."
        ) from error
