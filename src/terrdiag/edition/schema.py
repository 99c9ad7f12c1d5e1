"""The tables of an edition: columns, types, order, and the description that travels with them."""

import datetime as dt
from typing import Final

import pyarrow as pa
from pydantic import BaseModel, ConfigDict

from terrdiag.catalogue import Indicator
from terrdiag.catalogue.licences import name_mark
from terrdiag.values import MISSING, NOT_APPLICABLE, OK, SECRET

ESTIMATED: Final = "estimated"
"""A figure shared between communes by population, because its producer published it for a commune since split; or
published for an EPCI whose perimeter has changed a little since."""

OWN_PREFIX: Final = "own_"
"""Variables of the user's own data begin so, and no other."""

FIGURE_STATUSES: Final = (OK, ESTIMATED, SECRET, MISSING, NOT_APPLICABLE)

MEMBERSHIP_KINDS: Final = (
    "epci",
    "ept",
    "ti",
    "ti2023",
    "petr",
    "ze",
    "aav",
    "bv",
    "uu",
    "arr",
    "cv",
    "departement",
    "region",
    "massif",
    "densite",
    "ruralite",
    "centralite",
)

LEGAL_EPSG: Final = {"971": 5490, "972": 5490, "973": 2972, "974": 2975, "976": 4471}
"""Legal projection by overseas département (décret 2000-1276, modified 2019); Lambert-93 elsewhere."""

LAMBERT_93: Final = 2154

TEXT = pa.string()

COMMUNES = pa.schema(
    [
        ("code_commune", TEXT),
        ("nom", TEXT),
        ("code_departement", TEXT),
        ("code_region", TEXT),
        ("area_km2", pa.float64()),
        ("contour_year", pa.int16()),
    ]
)
"""The geometry column (WKB, EPSG:4326) and its ``bbox`` covering come after these."""

MEMBERSHIPS = pa.schema(
    [
        ("kind", TEXT),
        ("code", TEXT),
        ("nom", TEXT),
        ("code_commune", TEXT),
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
        ("source_id", TEXT),
    ]
)
"""``valid_from`` included, ``valid_to`` excluded; null: not known to begin, still valid."""

FIGURES = pa.schema(
    [
        ("level", TEXT),
        ("code", TEXT),
        ("variable", TEXT),
        ("ref_year", pa.int16()),
        ("value", pa.float64()),
        ("status", TEXT),
        ("source_id", TEXT),
    ]
)

EVENTS = pa.schema(
    [
        ("date", pa.date32()),
        ("kind", pa.int16()),
        ("code_before", TEXT),
        ("nom_before", TEXT),
        ("code_after", TEXT),
        ("nom_after", TEXT),
    ]
)
"""A row a pair of communes (commune to commune), ``kind`` being INSEE's ``MOD``."""

FLOWS = pa.schema(
    [
        ("origin", TEXT),
        ("destination", TEXT),
        ("place", TEXT),
        ("ref_year", pa.int16()),
        ("value", pa.float64()),
        ("status", TEXT),
        ("source_id", TEXT),
    ]
)
"""A row a pair of places: commune of residence, commune of work. A destination that is not a commune of the edition (a
country, an overseas collectivity) has its name in ``place``, null elsewhere."""

TABLES: Final = {
    "communes": COMMUNES,
    "memberships": MEMBERSHIPS,
    "figures": FIGURES,
    "events": EVENTS,
}

OPTIONAL_TABLES: Final = {"flows": FLOWS}
"""What an edition may hold besides: the embedded one does not."""


class FileRecord(BaseModel):
    """An official file as it was read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    sha256: str
    size: int


class SourceRecord(BaseModel):
    """The provenance of what a source brought into an edition."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    producer: str
    title: str
    vintage: str
    landing_page: str
    address: str
    licence: str
    licence_url: str
    attribution: str
    cog_year: int
    ref_years: tuple[int, ...] = ()
    retrieved: dt.date | None = None
    note: str = ""
    dropped: tuple[str, ...] = ()
    """What was left out of the file, and why."""
    moved: tuple[str, ...] = ()
    """What moved when its figures were brought from the communes of its date to those of the edition."""
    files: tuple[FileRecord, ...] = ()
    carried_from: str = ""
    """The edition whose tables stand for this source, which could not be read again."""

    @property
    def cited(self) -> str:
        """How a figure names it: producer, title (vintage), and what its licence asks of those who reuse it."""
        mark = name_mark(self.licence)
        return f"{self.producer}, {self.title} ({self.vintage})" + (f" [{mark}]" if mark else "")


class AbsentSource(BaseModel):
    """A source of the register that brings nothing new to an edition."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    title: str
    why: str
    landing_page: str
    carried: bool
    """Whether the figures of an earlier edition stand for it."""
    indicators: tuple[str, ...] = ()
    """Indicators that the edition lacks for want of it."""


class EditionInfo(BaseModel):
    """``edition.toml``: what an edition is and where every figure of it comes from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    cog_year: int
    built_at: dt.date
    terrdiag_version: str
    intervals: tuple[tuple[int, int], ...]
    """Pairs of census years that the sources were made to compare."""
    notes: tuple[str, ...] = ()
    """Measured limits of the edition (seam between vintages, figures shared after a split…)."""
    tables: dict[str, FileRecord]
    sources: tuple[SourceRecord, ...]
    base: str = ""
    """The edition that stands for what a refresh could not read (local editions only: they are not given away)."""
    absent: tuple[AbsentSource, ...] = ()
    """What a refresh could not bring, and why (local editions only)."""
    indicators: tuple[Indicator, ...] = ()
    """Indicators of the user's own data, besides those of the catalogue (local editions only)."""
