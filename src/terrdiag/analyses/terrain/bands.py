"""Figures of communes by band of their altitude."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from terrdiag.analyses.terrain.altitudes import CommuneAltitudes, join_sources
from terrdiag.edition import Edition
from terrdiag.indicators import Known, Place, Places, compute_values
from terrdiag.wording import NBSP, format_number

BAND_LEVEL: Final = "tranche_altitude"


@dataclass(frozen=True)
class Band:
    """Communes whose altitude lies from ``low_m`` (included) to ``high_m`` (excluded)."""

    low_m: int
    high_m: int
    communes: tuple[str, ...]

    @property
    def code(self) -> str:
        """Code of the band: ``0400-0600``."""
        return f"{self.low_m:04d}-{self.high_m:04d}"

    @property
    def words(self) -> str:
        """« 400 à 600 m »."""
        return f"{format_number(self.low_m)} à {format_number(self.high_m)}{NBSP}m"


@dataclass(frozen=True)
class BandFindings:
    """Figures of communes by band of their altitude.

    Attributes
    ----------
    values
        Rows of the table of values, of indicators that exist at other levels too; their sources name that of the
        altitudes, which chose the communes.
    altitudes
        Which altitude sets the communes in bands.
    bands
        From the lowest to the highest, those that hold a commune.
    empty
        Bands between them that hold none.
    step_m
        Height of a band.
    """

    values: pd.DataFrame
    altitudes: CommuneAltitudes
    bands: tuple[Band, ...]
    empty: tuple[tuple[int, int], ...]
    step_m: int

    @property
    def places(self) -> tuple[Place, ...]:
        """The bands, as they are named in the table of values."""
        return tuple(_as_place(band, self.altitudes) for band in self.bands)


def set_in_bands(altitudes: CommuneAltitudes, step_m: int) -> tuple[Band, ...]:
    """Set the communes in bands of their altitude, from the lowest to the highest; bands without one are left out.

    Parameters
    ----------
    altitudes
        Altitudes of the communes; those whose altitude is not known are in no band.
    step_m
        Height of a band; bands start at its multiples.
    """
    known = altitudes.known
    lows = np.floor(known.to_numpy() / step_m).astype(int) * step_m
    return tuple(
        Band(low, low + step_m, tuple(known.index[lows == low])) for low in np.unique(lows).tolist()
    )


def analyse_bands(
    edition: Edition,
    altitudes: CommuneAltitudes,
    bands: Sequence[Band],
    step_m: int,
    known: Known | None = None,
) -> BandFindings:
    """Compute every indicator over the communes of each band: ratios of sums, with their coverage.

    Parameters
    ----------
    edition
        Where the figures come from.
    altitudes
        What set the communes in bands.
    bands
        From :func:`set_in_bands`, one at least.
    step_m
        Height of a band.
    known
        What the edition knows, if it is loaded already.
    """
    places = tuple(_as_place(band, altitudes) for band in bands)
    values, _ = compute_values(edition, Places((), places), known)
    held = {band.low_m for band in bands}
    between = range(bands[0].low_m, bands[-1].high_m, step_m)
    return BandFindings(
        values=values.assign(source_id=_add_source(values["source_id"], altitudes.source_id)),
        altitudes=altitudes,
        bands=tuple(bands),
        empty=tuple((low, low + step_m) for low in between if low not in held),
        step_m=step_m,
    )


def _add_source(sources: "pd.Series[str]", added: str) -> "pd.Series[str]":
    """Add a source to those of each value; what has none is not known, and keeps none."""
    joined = {one: join_sources([one, added]) if one else one for one in sources.unique()}
    return sources.map(joined)


def _as_place(band: Band, altitudes: CommuneAltitudes) -> Place:
    return Place(BAND_LEVEL, band.code, f"{band.words} ({altitudes.short})", band.communes)
