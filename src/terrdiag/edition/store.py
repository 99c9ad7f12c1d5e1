"""Open an edition and read just what one territory needs."""

import contextlib
import datetime as dt
import functools
import operator
import tomllib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pydantic import ValidationError

from terrdiag.edition.schema import TABLES, EditionInfo, SourceRecord
from terrdiag.errors import EditionError

EMBEDDED = Path(__file__).parent / "embedded"


@dataclass(frozen=True)
class Edition:
    """An opened edition: its folder and its description. Tables are read on demand.

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

    def table(self, name: str) -> Path:
        """Path of one table."""
        return self.root / f"{name}.parquet"


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
    except FileNotFoundError:
        raise EditionError(
            f"{root} n'est pas une édition : edition.toml est absent. "
            "Indiquez un dossier produit par « terrdiag edition build », ou aucun pour l'édition embarquée."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
        raise EditionError(f"{path} est illisible : {error}. Reconstruisez l'édition.") from error
    absent = [name for name in TABLES if not (root / f"{name}.parquet").is_file()]
    if absent:
        raise EditionError(f"{root} : table(s) absente(s) : {', '.join(absent)}. Reconstruisez l'édition.")
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
        ``code_commune, nom, code_departement, code_region, area_km2`` (full detail), ``contour_year`` and
        ``geometry`` (EPSG:4326, generalised), sorted by code. Never measure an area on this outline.
    """
    filters = None
    if codes is not None:
        filters = pc.field("code_commune").isin(sorted(codes))
    with _reading(edition, "communes"):
        frame = gpd.read_parquet(edition.table("communes"), filters=filters, bbox=bbox)
    return frame.drop(columns="bbox", errors="ignore").sort_values("code_commune", ignore_index=True)


def read_commune_list(edition: Edition) -> pd.DataFrame:
    """Read every commune without its outline.

    Returns
    -------
    DataFrame
        ``code_commune, nom, code_departement, code_region, area_km2, contour_year``, sorted by code.
    """
    return _read(edition, "communes", list(TABLES["communes"].names))


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
        ``kind, code, nom, code_commune, valid_from, valid_to, source_id``. ``code_commune`` is the code of the
        time; dates are ``datetime64``, NaT where not known to begin or still valid (``valid_to`` is excluded).
    """
    frame = _read(edition, "memberships", filters=_filters(kind=kinds, code=codes, code_commune=communes))
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
        ``level, code, variable, ref_year, value, status, source_id``; texts are categories. ``value`` is NaN
        if and only if ``status`` is neither ``ok`` nor ``estimated``.
    """
    table = _read_arrow(edition, "figures", filters=_filters(level=levels, code=codes, variable=variables))
    frame: pd.DataFrame = table.to_pandas()
    return frame


def read_events(edition: Edition) -> pd.DataFrame:
    """Read the events between communes: ``date, kind, code_before, nom_before, code_after, nom_after``."""
    frame = _read(edition, "events")
    frame["date"] = pd.to_datetime(frame["date"])
    return frame


def _read(
    edition: Edition, name: str, columns: list[str] | None = None, filters: pc.Expression | None = None
) -> pd.DataFrame:
    frame: pd.DataFrame = _read_arrow(edition, name, columns, filters).to_pandas()
    return frame


def _read_arrow(
    edition: Edition, name: str, columns: list[str] | None = None, filters: pc.Expression | None = None
) -> pa.Table:
    dictionary = [field.name for field in TABLES[name] if field.type == pa.string()] if name == "figures" else None
    with _reading(edition, name):
        return pq.read_table(edition.table(name), columns=columns, filters=filters, read_dictionary=dictionary)


def _filters(**kept: Collection[str] | None) -> pc.Expression | None:
    """Combine « this column is one of these » conditions; None keeps everything."""
    parts = [pc.field(name).isin(sorted(values)) for name, values in kept.items() if values is not None]
    return functools.reduce(operator.and_, parts) if parts else None


@contextlib.contextmanager
def _reading(edition: Edition, name: str) -> Iterator[None]:
    """Turn what a damaged table raises into an error the user can act on."""
    try:
        yield
    except (pa.ArrowException, ValueError, KeyError, OSError) as error:
        raise EditionError(
            f"{edition.table(name)} est illisible ({type(error).__name__}) : fichier tronqué ou d'un autre format. "
            "Reconstruisez l'édition avec « terrdiag edition build », ou réinstallez terrdiag."
        ) from error
