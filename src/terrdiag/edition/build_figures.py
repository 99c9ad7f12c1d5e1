"""The ``figures`` table: every variable at the level its producer publishes it, in the edition's COG."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from terrdiag.catalogue import Source, load_sources
from terrdiag.edition.bench import Workbench, load_reader, sources_feeding
from terrdiag.edition.harmonise import (
    Harmonised,
    harmonise,
    harmonise_figures,
    keep_same_groups,
)
from terrdiag.edition.moves import word_moves
from terrdiag.edition.schema import FIGURES
from terrdiag.errors import SourceFormatError
from terrdiag.sources import altitudes, comparateur, observatoire, populations, sectors
from terrdiag.sources.extract import Extract
from terrdiag.values import OK

KEYS: Final = ["level", "code", "variable", "ref_year"]

REFERENCE: Final = "insee-populations-reference-2023"
"""The populations that share the counts of a commune split since."""

SAME_GROUPS: Final = "anct-observatoire-epci-2018"
"""The source whose EPCI are those of an earlier date, told to be the same by their population."""

Read = Callable[[Sequence[Path], str, pd.DataFrame], tuple[Extract, ...]]
"""A reader of figures: files of the source, its identifier, arrondissements of Paris, Lyon and Marseille."""

LEVEL_FILES: Final = {
    level: f"rp_emploi_secteurs_{level}.csv" for level in ("epci", "departement", "region")
}

READERS: Final[dict[str, Read]] = {
    "populations:read_census_populations": lambda paths, _, cities: tuple(
        populations.read_census_populations(paths[0], cities)
    ),
    "comparateur:read_comparateur": lambda paths, source_id, _: (
        comparateur.read_comparateur(paths[0], source_id),
    ),
    "altitudes:read_altitudes": lambda paths, *_: (altitudes.read_altitudes(paths[0]),),
    "altitudes:read_altitude_max": lambda paths, *_: (altitudes.read_altitude_max(paths[0]),),
    "sectors:read_sector_shares": lambda paths, *_: (
        sectors.read_sector_shares(
            {level: paths[0].parent / name for level, name in LEVEL_FILES.items()}
        ),
    ),
    "observatoire:read_epci_2018": lambda paths, *_: (observatoire.read_epci_2018(paths[0]),),
}
"""The readers of one file, or of files with a role; the others have the signature of :data:`Read`."""


def build_figures(
    bench: Workbench,
    arrondissements: pd.DataFrame,
    communes: pd.DataFrame,
    events: pd.DataFrame,
    membership: pd.DataFrame,
    cog_year: int,
) -> pd.DataFrame:
    """Make the ``figures`` table from every registered source of figures that is there.

    Where two sources give the same figure, the one of the higher priority is kept, then the first of the register.

    Parameters
    ----------
    bench
        The workbench.
    arrondissements
        ``code_arrondissement, code_commune``.
    communes, events, membership
        Tables of the edition.
    cog_year
        Its COG year.

    Returns
    -------
    DataFrame
        Sorted by level, code, variable, year.
    """
    codes = pd.Index(communes["code_commune"])
    population = _weigh_communes(bench, arrondissements, codes, events)
    steps = Steps(bench, arrondissements, events, population)
    tables = [
        steps.read(source) for source in sources_feeding("figures") if source.id != SAME_GROUPS
    ]
    tables = [table for table in tables if len(table)]
    tables.append(_mountain_flags(codes, membership, cog_year))
    for source in sources_feeding("figures"):
        if source.id == SAME_GROUPS:
            tables.append(steps.read_same_groups(source, pd.concat(tables), membership))
    table = pd.concat(tables, ignore_index=True)[list(FIGURES.names)]
    return table.drop_duplicates(KEYS).sort_values(KEYS, ignore_index=True)


@dataclass(frozen=True)
class Steps:
    """The reading of sources one after the other: what they share."""

    bench: Workbench
    cities: pd.DataFrame
    events: pd.DataFrame
    population: pd.Series

    def read(self, source: Source) -> pd.DataFrame:
        """Read a source and bring its figures to the communes of the edition.

        A build from nothing takes what it may give away, and refuses to do without what the embedded edition has:
        figures would vanish without a word.
        """
        bench = self.bench
        if bench.is_replaced(source):
            return _no_figures()
        can_do_without = bench.base is None and not source.embedded
        if can_do_without and not (source.embeddable and any(bench.raw.glob(source.path))):
            return _no_figures()
        return bench.attempt(
            source.id,
            lambda: self._harmonise(source),
            lambda: bench.carry_figures(source.id),
        )

    def read_same_groups(
        self, source: Source, known: pd.DataFrame, membership: pd.DataFrame
    ) -> pd.DataFrame:
        """Read figures of EPCI of an earlier date, keeping those that are the same today."""

        def make() -> pd.DataFrame:
            (extract,) = read_source(source, self.bench.find(source), self.cities)
            kept, changed = keep_same_groups(extract.table, known, membership)
            self.bench.take(extract, changed)
            return kept.assign(source_id=source.id)

        return self.bench.attempt(source.id, make, lambda: self.bench.carry_figures(source.id))

    def _harmonise(self, source: Source) -> pd.DataFrame:
        tables = []
        for extract in read_source(source, self.bench.find(source), self.cities):
            brought = bring_to_edition(extract, self.events, self.population)
            self.bench.take(extract, brought.dropped)
            self.bench.provenance[source.id].moved += word_moves(brought.moves)
            tables.append(brought.table.assign(source_id=source.id))
        return pd.concat(tables, ignore_index=True)


def read_source(source: Source, paths: Sequence[Path], cities: pd.DataFrame) -> tuple[Extract, ...]:
    """Read the files of a source of figures with the reader that the register names.

    Raises
    ------
    SourceError
        A file is not what it should be.
    """
    if source.reader in READERS:
        return READERS[source.reader](paths, source.id, cities)
    read: Read = load_reader(source)
    return read(paths, source.id, cities)


def bring_to_edition(extract: Extract, events: pd.DataFrame, population: pd.Series) -> Harmonised:
    """Bring the figures of communes to the edition's COG; those of other levels stay as published.

    Raises
    ------
    SourceFormatError
        The codes are those of a geography that the edition does not know yet.
    """
    table = extract.table
    last = int(events["date"].max().year) if len(events) else extract.cog_year
    if extract.cog_year > last + 1:
        raise SourceFormatError(
            f"{extract.source_id} : communes de {extract.cog_year}, alors que l'édition s'arrête à {last}. "
            "Mettez terrdiag à jour."
        )
    at_commune = table["level"] == "commune"
    brought = harmonise(
        table[at_commune].drop(columns="level"),
        extract.cog_year,
        events,
        population,
        rates=extract.rates,
    )
    kept = [brought.table.assign(level="commune"), table[~at_commune]]
    every = pd.concat([part for part in kept if len(part)] or kept[:1], ignore_index=True)
    return brought._replace(table=every)


def _weigh_communes(
    bench: Workbench, arrondissements: pd.DataFrame, codes: pd.Index, events: pd.DataFrame
) -> pd.Series:
    """Give the municipal population that shares the counts of a commune split since (0 where it is not known)."""

    def make() -> pd.DataFrame:
        paths = bench.find(load_sources()[REFERENCE])
        (reference,) = populations.read_reference(paths, REFERENCE, arrondissements)
        # no commune has been split since the reference populations: nothing is shared in this pass
        table, _ = harmonise_figures(
            reference.table.drop(columns="level"),
            reference.cog_year,
            events,
            pd.Series(1.0, index=codes),
        )
        return table

    table = bench.attempt(REFERENCE, make, lambda: bench.carry_figures(REFERENCE))
    municipal = table[(table["variable"] == "population") & table["code"].isin(codes)]
    return municipal.set_index("code")["value"].reindex(codes).fillna(0.0)


def latest_population(figures: pd.DataFrame, codes: Iterable[str]) -> pd.Series:
    """Give the latest municipal population of every commune (0 where it is not known)."""
    rows = figures[(figures["level"] == "commune") & (figures["variable"] == "population")]
    latest = rows.sort_values("ref_year").drop_duplicates("code", keep="last")
    return latest.set_index("code")["value"].reindex(pd.Index(codes)).fillna(0.0)


def _mountain_flags(codes: pd.Index, membership: pd.DataFrame, cog_year: int) -> pd.DataFrame:
    """One where a commune lies in a massif, zero elsewhere: a count that sums to communes of a massif."""
    inside = codes.isin(membership.loc[membership["kind"] == "massif", "code_commune"])
    return pd.DataFrame(
        {
            "level": "commune",
            "code": codes,
            "variable": "communes_mountain",
            "ref_year": cog_year,
            "value": inside.astype(float),
            "status": OK,
            "source_id": "anct-massifs",
        }
    )


def _no_figures() -> pd.DataFrame:
    return pd.DataFrame(columns=list(FIGURES.names))
