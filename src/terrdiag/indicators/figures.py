"""The figures of communes as aligned arrays: one array a variable and year, one cell a commune."""

import dataclasses
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from terrdiag.edition import Edition, read_commune_list, read_events, read_figures
from terrdiag.edition.schema import FIGURE_STATUSES
from terrdiag.values import MISSING, OK

TIMELESS: Final = 0
"""Year under which what has no year is kept: the area, and one for every commune."""

WEIGHT: Final = "population"
"""Coverage is measured in inhabitants: the only count known for every commune."""

MANY_COMMUNES: Final = 9_000
"""From about a quarter of the communes on, reading all of them is quicker."""

SPLIT_EVENT: Final = 21
"""INSEE's ``MOD`` of a commune re-established out of another."""

Key = tuple[str, int]


@dataclass(frozen=True)
class CommuneFigures:
    """Figures of communes, aligned.

    Attributes
    ----------
    codes
        Commune codes, sorted.
    values
        By (variable, year): float array aligned on ``codes``, NaN where not known.
    statuses
        By (variable, year): index into ``FIGURE_STATUSES``.
    sources
        By (variable, year): index into ``source_ids``, −1 where there is no row.
    source_ids
        Source identifiers.
    weight
        Municipal population of the latest year, for coverages.
    families
        By commune: number of the family of communes that were one until a split, −1 for the others.
    family_sizes
        By family: how many communes it has.
    """

    codes: pd.Index
    values: dict[Key, NDArray[np.float64]]
    statuses: dict[Key, NDArray[np.int8]]
    sources: dict[Key, NDArray[np.int16]]
    source_ids: list[str]
    weight: NDArray[np.float64]
    families: NDArray[np.int32]
    family_sizes: NDArray[np.int32]

    def years(self, variable: str) -> set[int]:
        """Years for which some commune has a figure."""
        return {year for name, year in self.values if name == variable}

    def positions(self, codes: Collection[str]) -> NDArray[np.intp]:
        """Positions of communes; every code must be known."""
        found = self.codes.get_indexer(pd.Index(sorted(codes)))
        assert (found >= 0).all(), "commune hors de l'édition"  # noqa: S101  # perimeters are made of its communes
        return found


def load_commune_figures(
    edition: Edition, codes: Collection[str], variables: Collection[str]
) -> CommuneFigures:
    """Load the figures of some communes, aligned on their sorted codes.

    Parameters
    ----------
    edition
        The edition.
    codes
        Communes of the edition.
    variables
        Variables to load; ``area_km2`` and ``communes`` (one for each) are always there.

    Returns
    -------
    CommuneFigures
        Aligned arrays.
    """
    index = pd.Index(sorted(codes), name="code_commune")
    communes = read_commune_list(edition).set_index("code_commune").reindex(index)
    if len(index) > MANY_COMMUNES:
        # the table as a whole, what is not asked for being left out on the way: quicker than choosing
        rows = read_figures(edition)
    else:
        rows = read_figures(edition, levels=["commune"], codes=index)
    table = _scatter(rows, index, {*variables, WEIGHT})
    _add_timeless(table, communes, edition.info.cog_year)
    years = [year for _, year in table.values if year != TIMELESS]
    counted = table.years(WEIGHT)  # none in Mayotte alone
    weight = np.nan_to_num(table.values[WEIGHT, max(counted)]) if counted else np.zeros(len(index))
    families, sizes = _families(edition, index, min(years))
    return dataclasses.replace(table, weight=weight, families=families, family_sizes=sizes)


def _scatter(rows: pd.DataFrame, index: pd.Index, variables: Collection[str]) -> CommuneFigures:
    """Lay a long table out as arrays, by variable and year."""
    names, years = rows["variable"].cat, rows["ref_year"].to_numpy(np.int64)
    wanted = names.categories.isin(list(variables))[names.codes.to_numpy()]
    place = index.get_indexer(rows["code"].cat.categories)[rows["code"].cat.codes.to_numpy()]
    kept = np.flatnonzero(wanted & (place >= 0))
    place, years = place[kept], years[kept]
    first = int(years.min())
    span = int(years.max()) - first + 1
    number = names.codes.to_numpy()[kept].astype(np.int64) * span + (years - first)
    # the few pairs that occur, numbered without sorting a million rows
    occurs = np.bincount(number) > 0
    line = (np.cumsum(occurs) - 1)[number]
    keys = [
        (str(names.categories[int(pair) // span]), int(pair) % span + first)
        for pair in np.flatnonzero(occurs)
    ]
    shape = (len(keys), len(index))
    values = np.full(shape, np.nan)
    statuses = np.full(shape, FIGURE_STATUSES.index(MISSING), np.int8)
    sources = np.full(shape, -1, np.int16)
    known = [FIGURE_STATUSES.index(status) for status in rows["status"].cat.categories]
    values[line, place] = rows["value"].to_numpy()[kept]
    statuses[line, place] = np.array(known, np.int8)[rows["status"].cat.codes.to_numpy()[kept]]
    sources[line, place] = rows["source_id"].cat.codes.to_numpy()[kept]
    nothing = np.zeros(0, np.int32)
    return CommuneFigures(
        index,
        dict(zip(keys, values, strict=True)),
        dict(zip(keys, statuses, strict=True)),
        dict(zip(keys, sources, strict=True)),
        list(map(str, rows["source_id"].cat.categories)),
        np.zeros(0),
        nothing,
        nothing,
    )


def _add_timeless(table: CommuneFigures, communes: pd.DataFrame, cog_year: int) -> None:
    """Add what has no year: the area of each commune, and one for each commune."""
    years = communes["contour_year"].to_numpy(int)
    vintages = np.unique(years)
    for name, array, sources, bearer in (
        (
            "area_km2",
            communes["area_km2"].to_numpy(float),
            [f"etalab-geo-api-{year}" for year in vintages],
            np.searchsorted(vintages, years),
        ),
        ("communes", np.ones(len(years)), [f"insee-cog-{cog_year}"], np.zeros(len(years), int)),
    ):
        table.values[name, TIMELESS] = array
        table.statuses[name, TIMELESS] = np.full(len(years), FIGURE_STATUSES.index(OK), np.int8)
        table.sources[name, TIMELESS] = (len(table.source_ids) + bearer).astype(np.int16)
        table.source_ids.extend(sources)


def _families(
    edition: Edition, index: pd.Index, since: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Give each family of communes that were one until a split its number, and its size."""
    events = read_events(edition)
    splits = events[(events["kind"] == SPLIT_EVENT) & (events["date"] >= pd.Timestamp(since, 1, 1))]
    family = np.full(len(index), -1, np.int32)
    sizes = []
    for number, (_, pieces) in enumerate(splits.groupby(["date", "code_before"])):
        at = index.get_indexer(pd.Index(pieces["code_after"]))
        family[at[at >= 0]] = number
        sizes.append(pieces["code_after"].nunique())
    return family, np.array(sizes, np.int32)
