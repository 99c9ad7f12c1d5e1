"""Histograms of altitudes that grow as cells come, each no wider than its zone."""

import numpy as np

from terrdiag.elevation.model import Floats


class Histograms:
    """Area by metre of altitude, a histogram a zone.

    Parameters
    ----------
    zones
        How many there are.
    """

    def __init__(self, zones: int) -> None:
        self._first = [0] * zones
        self._area_km2: list[Floats] = [np.zeros(0)] * zones

    def add(self, zone: int, first: int, area_km2: Floats) -> None:
        """Add area to a zone.

        Parameters
        ----------
        zone
            The zone.
        first
            Altitude of the first metre.
        area_km2
            Area of each metre from there, at least one.
        """
        old, begin = self._area_km2[zone], self._first[zone]
        if not len(old):
            self._first[zone], self._area_km2[zone] = first, area_km2
            return
        end, last = begin + len(old), first + len(area_km2)
        if first < begin or last > end:
            wider = np.zeros(max(end, last) - min(begin, first))
            self._first[zone] = min(begin, first)
            wider[begin - self._first[zone] : end - self._first[zone]] = old
            self._area_km2[zone] = old = wider
        start = first - self._first[zone]
        old[start : start + len(area_km2)] += area_km2

    def align(self) -> tuple[int, Floats]:
        """Lay the histograms on the same metres.

        Returns
        -------
        first
            Altitude of the first metre that holds something, 0 when none does.
        area_km2
            Shape (zones, metres).
        """
        used = [zone for zone, area in enumerate(self._area_km2) if len(area)]
        first = min((self._first[zone] for zone in used), default=0)
        end = max((self._first[zone] + len(self._area_km2[zone]) for zone in used), default=first)
        aligned = np.zeros((len(self._first), end - first))
        for zone in used:
            start = self._first[zone] - first
            aligned[zone, start : start + len(self._area_km2[zone])] = self._area_km2[zone]
        return first, aligned
