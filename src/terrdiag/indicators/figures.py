"""The figures of communes as aligned arrays: one array a variable and year, one cell a commune."""

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
    source_ids: tuple[str, ...]
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
    communes = read_commune_list(edition).set_index("code_commune")
    index = pd.Index(sorted(codes), name="code_commune")
    whole = len(index) > len(communes) // 4
    rows = read_figures(
        edition, levels=["commune"], codes=None if whole else index, variables={*variables, WEIGHT}
    )
    values, statuses, sources, source_ids = _scatter(rows, index)
    contours = communes["contour_year"].reindex(index)
    for name, array, source in (
        (
            "area_km2",
            communes["area_km2"].reindex(index).to_numpy(float),
            "etalab-geo-api-" + contours.astype(str),
        ),
        (
            "communes",
            np.ones(len(index)),
            pd.Series(f"insee-cog-{edition.info.cog_year}", index=index),
        ),
    ):
        names = sorted(set(source))
        values[name, TIMELESS] = array
        statuses[name, TIMELESS] = np.full(len(index), FIGURE_STATUSES.index(OK), np.int8)
        sources[name, TIMELESS] = (
            len(source_ids) + pd.Index(names).get_indexer(pd.Index(source))
        ).astype(np.int16)
        source_ids = (*source_ids, *names)
    latest = max(year for name, year in values if name == WEIGHT)
    weight = np.nan_to_num(values[WEIGHT, latest])
    return CommuneFigures(
        index,
        values,
        statuses,
        sources,
        source_ids,
        weight,
        *_families(edition, index, min(year for _, year in values if year)),
    )


def _scatter(
    rows: pd.DataFrame, index: pd.Index
) -> tuple[
    dict[Key, NDArray[np.float64]],
    dict[Key, NDArray[np.int8]],
    dict[Key, NDArray[np.int16]],
    tuple[str, ...],
]:
    """Lay a long table out as arrays, by variable and year."""
    place = index.get_indexer(rows["code"].cat.categories)[rows["code"].cat.codes.to_numpy()]
    rows, place = rows[place >= 0], place[place >= 0]
    variables, years = rows["variable"].cat, rows["ref_year"].to_numpy(np.int64)
    first = int(years.min()) if len(years) else 0
    span = int(years.max()) - first + 1 if len(years) else 1
    number = variables.codes.to_numpy().astype(np.int64) * span + (years - first)
    # the few pairs that occur, numbered without sorting a million rows
    occurs = np.bincount(number, minlength=1) > 0
    line = (np.cumsum(occurs) - 1)[number]
    keys = [
        (str(variables.categories[int(pair) // span]), int(pair) % span + first)
        for pair in np.flatnonzero(occurs)
    ]
    shape = (len(keys), len(index))
    values = np.full(shape, np.nan)
    statuses = np.full(shape, FIGURE_STATUSES.index(MISSING), np.int8)
    sources = np.full(shape, -1, np.int16)
    known = [FIGURE_STATUSES.index(status) for status in rows["status"].cat.categories]
    values[line, place] = rows["value"].to_numpy()
    statuses[line, place] = np.array(known, np.int8)[rows["status"].cat.codes.to_numpy()]
    sources[line, place] = rows["source_id"].cat.codes.to_numpy()
    return (
        dict(zip(keys, values, strict=True)),
        dict(zip(keys, statuses, strict=True)),
        dict(zip(keys, sources, strict=True)),
        tuple(map(str, rows["source_id"].cat.categories)),
    )


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
