"""The user's own data in an edition: figures, a source, an indicator like any other."""

import datetime as dt
import functools
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pandas as pd

from terrdiag.catalogue import Indicator, MapSpec
from terrdiag.edition.crosswalk import bring_forward, communes_at
from terrdiag.edition.harmonise import harmonise
from terrdiag.edition.moves import Moves, gather_moves
from terrdiag.edition.provenance import record_file, word_dropped
from terrdiag.edition.schema import FIGURES, AbsentSource, SourceRecord
from terrdiag.errors import SourceError, SourceFormatError
from terrdiag.sources.extract import Dropped
from terrdiag.sources.own import (
    Geography,
    OwnReading,
    Sidecar,
    Stored,
    find_own,
    load_sidecar,
    read_own,
)
from terrdiag.wording import format_number

SOURCE_PREFIX: Final = "own-"
"""Sources of the user's own data begin so, and no other."""

KEYS: Final = ["level", "code", "variable", "ref_year"]


@dataclass(frozen=True)
class Country:
    """What own data are brought to: the communes of an edition, and what happened to them.

    Attributes
    ----------
    events
        Events of the edition.
    population
        Municipal population by commune of the edition, all of them.
    arrondissements
        ``code_arrondissement, code_commune``.
    cog_year
        COG year of the edition.
    """

    events: pd.DataFrame
    population: pd.Series
    arrondissements: pd.DataFrame
    cog_year: int

    @functools.cached_property
    def geography(self) -> Geography:
        """What the codes of a file are matched with."""
        events, codes = self.events, self.population.index

        @functools.cache
        def at(year: int) -> frozenset[str]:
            return frozenset(communes_at(dt.date(year, 1, 1), codes, events))

        def heirs(some: Collection[str], start: int, end: int) -> Mapping[str, set[str]]:
            pairs = bring_forward(some, dt.date(start, 1, 1), events, dt.date(end, 1, 1))
            found: dict[str, set[str]] = {code: set() for code in some}
            for before, after in pairs.itertuples(index=False):
                found[before].add(after)
            return found

        return Geography(
            self.cog_year,
            at,
            heirs,
            frozenset({*codes, *events["code_before"], *events["code_after"]}),
            dict(
                zip(
                    *(self.arrondissements[c] for c in ("code_arrondissement", "code_commune")),
                    strict=True,
                )
            ),
        )


@dataclass(frozen=True)
class OwnPart:
    """What own data are in an edition.

    Attributes
    ----------
    figures
        Rows of the ``figures`` table.
    record
        Their source.
    indicator
        Their indicator.
    """

    figures: pd.DataFrame
    record: SourceRecord
    indicator: Indicator


@dataclass(frozen=True)
class OwnData:
    """Own data, brought to an edition.

    Attributes
    ----------
    reading
        What was read.
    part
        What they are in the edition.
    """

    reading: OwnReading
    part: OwnPart


@dataclass(frozen=True)
class OwnTables:
    """All the own data of an edition.

    Attributes
    ----------
    figures
        Rows of the ``figures`` table.
    records, indicators
        Their sources and indicators.
    absent
        Those that could not be read.
    """

    figures: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(FIGURES.names)))
    records: tuple[SourceRecord, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    absent: tuple[AbsentSource, ...] = field(default=())


def bring_own(path: Path, sidecar_path: Path, raw: Path, country: Country) -> OwnData:
    """Read own data and bring them to the communes of an edition.

    Parameters
    ----------
    path, sidecar_path
        The file, and what it holds.
    raw
        The raw folder: the source names the files relative to it.
    country
        The communes of the edition.

    Raises
    ------
    SourceError
        The file or its sidecar is faulty.
    """
    sidecar = load_sidecar(sidecar_path)
    reading = read_own(path, sidecar, country.geography)
    brought = [
        harmonise(
            extract.table.drop(columns="level"),
            extract.cog_year,
            country.events,
            country.population,
            rates=extract.rates,
        )
        for extract in reading.extracts
    ]
    figures = pd.concat([one.table for one in brought], ignore_index=True)
    figures = figures.assign(level="commune", source_id=sidecar.source_id)[list(FIGURES.names)]
    if figures.duplicated(KEYS).any():
        codes = ", ".join(sorted(set(figures.loc[figures.duplicated(KEYS), "code"]))[:5])
        raise SourceFormatError(
            f"{path} : des lignes de dates différentes mènent aux mêmes communes ({codes}) : elles seraient comptées "
            "deux fois. Retirez les communes déléguées ou la commune qu'elles forment."
        )
    moves = tuple(one.moves for one in brought)
    record = _describe_source(reading, (path, sidecar_path), raw, moves)
    dropped = [word_dropped(item) for item in _own_dropped(reading, brought)]
    record = record.model_copy(update={"dropped": tuple(dropped)})
    return OwnData(reading, OwnPart(figures, record, make_indicator(sidecar)))


def _own_dropped(
    reading: OwnReading, brought: Iterable[tuple[pd.DataFrame, tuple[Dropped, ...], Moves]]
) -> list[Dropped]:
    later = [item for _, dropped, _ in brought for item in dropped]
    return [*reading.dropped, *later]


def build_own(
    raw: Path, country: Country, ready: Callable[[Stored], OwnPart | None] = lambda _: None
) -> OwnTables:
    """Read all the own data that are kept under a raw folder.

    Faulty ones do not stop the others: they are named.

    Parameters
    ----------
    raw
        The raw folder.
    country
        The communes of the edition.
    ready
        Gives what is known already of own data, which are then not read again.

    Returns
    -------
    OwnTables
        By identifier.
    """
    found: list[OwnPart] = []
    absent: list[AbsentSource] = []
    for stored in find_own(raw):
        try:
            part = ready(stored) or bring_own(stored.path, stored.sidecar, raw, country).part
            found.append(part)
        except SourceError as error:
            absent.append(_name_absent(stored, error))
    tables = [one.figures for one in found] or [OwnTables().figures]
    return OwnTables(
        pd.concat(tables, ignore_index=True).sort_values(KEYS, ignore_index=True),
        tuple(one.record for one in found),
        tuple(one.indicator for one in found),
        tuple(absent),
    )


def stack_own(figures: pd.DataFrame, own: OwnTables) -> pd.DataFrame:
    """Add own data to the ``figures`` table, sorted as it is."""
    if own.figures.empty:
        return figures
    every = pd.concat([figures, own.figures], ignore_index=True)
    return every.sort_values(KEYS, ignore_index=True)


def _name_absent(stored: Stored, error: SourceError) -> AbsentSource:
    return AbsentSource(
        id=f"{SOURCE_PREFIX}{stored.id}".replace("_", "-"),
        title=f"Données ajoutées : {stored.id}",
        why=str(error),
        landing_page="",
        carried=False,
        indicators=(stored.id,),
    )


def make_indicator(sidecar: Sidecar) -> Indicator:
    """Make the indicator of own data.

    A count is drawn in circles, a ratio or a rate in classes; a rate, whose counts are not known, is given to communes
    only.
    """
    one, data = sidecar.indicator, sidecar.data
    scale = "" if one.scale == 1 else f" × {format_number(one.scale, 0 if one.scale >= 1 else 4)}"
    formulas = {
        "count": f"{data.value}, additionné sur les communes",
        "ratio": f"somme de {data.numerator} / somme de {data.denominator}{scale}",
        "rate": f"{data.value}, tel que donné pour chaque commune",
    }
    shared: dict[str, Any] = {
        "id": one.id,
        "theme": one.theme,
        "label_fr": one.label,
        "label_en": one.label,
        "short_fr": one.short or one.label,
        "unit": one.unit,
        "decimals": one.decimals,
        "inputs": tuple(sidecar.variables),
        "formula_fr": formulas[one.kind],
        "definition_fr": one.definition,
        "source": (sidecar.source_id,),
        "note_fr": " ".join(filter(None, (one.note, OWN_NOTE))),
    }
    classes = MapSpec(kind="choropleth")
    if one.kind == "count":
        return Indicator(**shared, kind="count", map=MapSpec(kind="circles"))
    if one.kind == "ratio":
        return Indicator(
            **shared,
            kind="ratio_of_sums",
            scale=one.scale,
            min_denominator=one.min_denominator,
            map=classes,
        )
    return Indicator(**shared, kind="published", levels=("commune",), map=classes)


OWN_NOTE: Final = "Donnée ajoutée par l'auteur du diagnostic, sous sa responsabilité."


def _describe_source(
    reading: OwnReading, paths: tuple[Path, Path], raw: Path, moves: tuple[Moves, ...]
) -> SourceRecord:
    source = reading.sidecar.source
    return SourceRecord(
        id=reading.sidecar.source_id,
        producer=source.producer,
        title=source.title,
        vintage=source.vintage,
        landing_page=source.landing_page,
        address="",
        licence=source.licence,
        licence_url=source.licence_url,
        attribution=source.attribution,
        cog_year=reading.matches.cog_year,
        ref_years=reading.years,
        note=source.note,
        files=tuple(record_file(path, raw) for path in paths),
        moved=gather_moves(moves),
    )
