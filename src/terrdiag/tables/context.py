"""What every table needs beside the values: the words of the catalogue and of the sources."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from terrdiag.catalogue.models import Indicator, Theme
from terrdiag.edition.schema import SourceRecord
from terrdiag.errors import EditionError


@dataclass(frozen=True)
class TableContext:
    """Whose values these are, and the words to write them with.

    Attributes
    ----------
    territory
        Identifier of the territory: the name of its folder (``cchb``).
    name
        Its name.
    date
        Date that the files bear where a format demands one (that of the edition, so that the same
        run gives the same bytes).
    indicators, themes
        The catalogue, in reading order.
    sources
        Provenance by source identifier.
    intervals
        Pairs of years between which growths are measured.
    notice
        Sentences on the perimeter.
    warnings
        What a reader must know.
    """

    territory: str
    name: str
    date: dt.date
    indicators: Mapping[str, Indicator]
    themes: Mapping[str, Theme]
    sources: Mapping[str, SourceRecord]
    intervals: tuple[tuple[int, int], ...] = ()
    notice: tuple[str, ...] = field(default=())
    warnings: tuple[str, ...] = field(default=())

    def word_period(self, indicator: str, ref_year: int) -> str:
        """Word what a value describes: a year, or the interval that ends with it.

        Returns
        -------
        str
            ``2018``, or ``2013-2018`` for what is measured between two years (the shortest interval
            that the edition has for this end).
        """
        if not self.spans_interval(indicator):
            return str(ref_year)
        starts = [start for start, end in self.intervals if end == ref_year]
        return f"{max(starts)}-{ref_year}" if starts else str(ref_year)

    def spans_interval(self, indicator: str) -> bool:
        """Tell whether an indicator is measured between two years."""
        return self.indicators[indicator].spans_interval

    def word_label(self, indicator: str, ref_year: int) -> str:
        """Word an indicator, with its interval if it is measured between two years."""
        label = self.indicators[indicator].label_fr
        if not self.spans_interval(indicator):
            return label
        return f"{label} ({self.word_period(indicator, ref_year)})"

    def word_source(self, source_id: str) -> str:
        """Word the sources of a value: producer, title (vintage).

        Parameters
        ----------
        source_id
            Identifiers joined by ``+``; empty where a value has no source.

        Raises
        ------
        EditionError
            The edition does not describe one of them.
        """
        words = []
        for key in filter(None, source_id.split("+")):
            if key not in self.sources:
                raise EditionError(
                    f"La source « {key} » d'une valeur n'est pas décrite par edition.toml. "
                    "Reconstruisez l'édition avec « terrdiag edition build »."
                )
            words.append(self.sources[key].cited)
        return " + ".join(words)
