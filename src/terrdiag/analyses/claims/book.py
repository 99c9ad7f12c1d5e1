"""The figures of many places at once: taken from the run where it has them, computed in one call otherwise."""

from collections.abc import Iterable, Mapping

import pandas as pd

from terrdiag.analyses.cells import UNKNOWN, Cell, Cells
from terrdiag.analyses.claims.counts import MADE, Counter
from terrdiag.analyses.claims.model import Ground
from terrdiag.catalogue import Indicator
from terrdiag.edition import Edition
from terrdiag.indicators import Known, Places, compute_values
from terrdiag.values import empty_values

NO_YEAR = 0
"""Year of what has none: a number of communes is that of a date."""


class FigureBook:
    """Figures by place, indicator and year.

    Parameters
    ----------
    edition
        Where the figures come from.
    indicators
        Every indicator a claim may be about, what only claims count included.
    values
        A table of values already computed, if there is one: its places are not computed again.
    known
        What the edition knows, if the run has loaded it: not read again for places made of its communes.
    """

    def __init__(
        self,
        edition: Edition,
        indicators: Mapping[str, Indicator],
        values: pd.DataFrame | None = None,
        known: Known | None = None,
    ) -> None:
        self.edition = edition
        self.indicators = indicators
        self._known = known
        table = empty_values() if values is None else values
        above = table[table["level"] != "commune"]
        self._tables = [Cells(above, indicators)]
        self._done = set(zip(above["level"], above["code"], strict=True))
        self._counter = Counter(edition)
        self._counts: dict[tuple[object, ...], Cell] = {}

    def load(self, grounds: Iterable[Ground]) -> None:
        """Compute the figures of places, all at once, those already known excepted."""
        wanted = {ground.key: ground.place for ground in grounds if ground.key not in self._done}
        if not wanted:
            return
        places = list(wanted.values())
        own = tuple(place for place in places if place.level == "commune")
        above = tuple(place for place in places if place.level != "commune")
        codes = {code for place in places for code in place.communes}
        has_all = self._known is not None and codes <= set(self._known.communes.codes)
        known = self._known if has_all else None
        values, _ = compute_values(self.edition, Places(own, above), known)
        self._done |= wanted.keys()
        self._tables.append(Cells(values, self.indicators))

    def years(self, ground: Ground, indicator: str) -> dict[int, Cell]:
        """Give the figures of an indicator for a place, by year, known or not."""
        if indicator in MADE:
            return {NO_YEAR: self._count(ground, indicator)}
        found = (table.years(ground.place, indicator) for table in self._tables)
        return dict(next((years for years in found if years), {}))

    def known(self, ground: Ground, indicator: str) -> dict[int, Cell]:
        """Give the figures that are known, in chronological order."""
        found = self.years(ground, indicator)
        return {year: found[year] for year in sorted(found) if found[year].known}

    def cell(self, ground: Ground, indicator: str, year: int) -> Cell:
        """Give one figure; a missing one when there is none."""
        return self.years(ground, indicator).get(year, UNKNOWN)

    def _count(self, ground: Ground, indicator: str) -> Cell:
        key = (*ground.key, ground.date, indicator)
        if key not in self._counts:
            self._counts[key] = self._counter.count(indicator, ground)
        return self._counts[key]
