"""The statistical profile of a territory and of every EPCI: which figures, of which years, on which scale."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from terrdiag.analyses.cells import Cell, Cells
from terrdiag.analyses.columns import Columns
from terrdiag.analyses.peers.country import Country
from terrdiag.analyses.peers.proximity import Feature
from terrdiag.catalogue import Indicator, load_indicators
from terrdiag.indicators.aggregate import MIN_COVERAGE_RATIO_PCT
from terrdiag.indicators.places import Place

SECTORS: Final = ("industry", "agriculture", "construction", "trade_services", "administration")

SIZE: Final = Feature("size", ("population",), is_log=True)

PROFILE: Final = (
    SIZE,
    Feature("density", ("population_density",), is_log=True),
    Feature("sectors", tuple(f"{sector}_jobs_share_pct" for sector in SECTORS)),
    Feature("growth", ("population_growth_pct",)),
    Feature("mountain", ("mountain_communes_share_pct",)),
    Feature("second_homes", ("second_homes_share_pct",)),
)
"""What is compared; every feature has the same weight, the mix of sectors counting for one."""

KNOWN_EPCI: Final = 0.95
"""Share of the EPCI for which a year is known when no later one is looked for: it would leave too many of them out."""


@dataclass(frozen=True)
class Measure:
    """A figure of the profile.

    Attributes
    ----------
    indicator, year
        Which.
    own
        The territory's.
    columns
        Every EPCI's, as columns of the table of values.
    """

    indicator: Indicator
    year: int
    own: Cell
    columns: Columns

    @property
    def values(self) -> NDArray[np.float64]:
        """Value by EPCI, NaN where it is not known or covers too little."""
        value = np.asarray(self.columns["value"], float)
        covered = np.asarray(self.columns["coverage_pct"], float) >= MIN_COVERAGE_RATIO_PCT
        return np.where(covered, value, np.nan)


@dataclass(frozen=True)
class Profile:
    """The profile of a territory beside every EPCI's.

    Attributes
    ----------
    features
        What is known of the territory.
    measures
        Their figures, in order.
    unknown
        Features that are not known of the territory: they are left out.
    """

    features: tuple[Feature, ...]
    measures: tuple[Measure, ...]
    unknown: tuple[Feature, ...]

    def table(self) -> NDArray[np.float64]:
        """Profiles of the EPCI, shape (n, c), in logarithms where these are compared."""
        columns = [measure.values for measure in self.measures]
        return np.stack([self._log(column, at) for at, column in enumerate(columns)], axis=1)

    def own(self) -> NDArray[np.float64]:
        """Profile of the territory, shape (c,)."""
        cells = [np.array([measure.own.value]) for measure in self.measures]
        return np.concatenate([self._log(cell, at) for at, cell in enumerate(cells)])

    def _log(self, column: NDArray[np.float64], at: int) -> NDArray[np.float64]:
        is_log = [feature.is_log for feature in self.features for _ in feature.indicators][at]
        if not is_log:
            return column
        # no logarithm of an empty place: its profile is incomplete
        return np.log(np.where(column > 0, column, np.nan))


def profile_indicators() -> tuple[Indicator, ...]:
    """List the indicators of the profile."""
    catalogue = load_indicators()
    return tuple(catalogue[name] for feature in PROFILE for name in feature.indicators)


def read_profile(cells: Cells, territory: Place, country: Country) -> Profile:
    """Read the profile of a territory and measure the same figures for every EPCI.

    The year of a figure is, of those known for the territory, the latest known for 95 % of the EPCI; where there is
    none, the one known for most of them.

    Parameters
    ----------
    cells
        Values of the territory.
    territory
        Its place.
    country
        Every EPCI.

    Returns
    -------
    Profile
        The features whose every figure has such a year.
    """
    found: dict[str, Measure] = {}
    for indicator in profile_indicators():
        known = {
            year: cell
            for year, cell in cells.years(territory, indicator.id).items()
            if cell.known and cell.coverage_pct >= MIN_COVERAGE_RATIO_PCT
        }
        measure = _choose(indicator, known, country)
        if measure:
            found[indicator.id] = measure
    complete = tuple(one for one in PROFILE if all(name in found for name in one.indicators))
    return Profile(
        complete,
        tuple(found[name] for feature in complete for name in feature.indicators),
        tuple(one for one in PROFILE if one not in complete),
    )


def _choose(indicator: Indicator, known: Mapping[int, Cell], country: Country) -> Measure | None:
    """Choose the latest year known for nearly every EPCI; that of most EPCI where there is none."""
    best, most = None, 0.0
    for year in country.years(indicator):
        if year in known:
            measure = Measure(indicator, year, known[year], country.measure(indicator, year))
            share = float(np.isfinite(measure.values).mean())
            if share >= KNOWN_EPCI:
                return measure
            if share > most:
                best, most = measure, share
    return best
