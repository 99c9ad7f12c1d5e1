"""One indicator for one year: which figures it takes, and its numerator and denominator by commune."""

import functools
import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from terrdiag.catalogue import Indicator
from terrdiag.catalogue.models import Kind
from terrdiag.indicators import (
    emissions,
    employment,
    energy,
    housing,
    income,
    population,
    posts,
    private_jobs,
    relief,
    sectors,
)
from terrdiag.indicators.figures import TIMELESS, CommuneFigures, Key
from terrdiag.indicators.own import find_own_function
from terrdiag.indicators.parts import Parts

MODULES: Final = (
    *(population, housing, income, employment, sectors, posts, private_jobs),
    *(energy, emissions, relief),
)
"""One a theme; every public function in them is that of an indicator of the same name."""


@dataclass(frozen=True)
class Slice:
    """One indicator for one year.

    Attributes
    ----------
    indicator, ref_year
        Which; for an interval, ``ref_year`` is its end.
    function
        The indicator's function, with its interval if it has one.
    inputs
        The figures it takes.
    years
        Length of the interval, 0 without one.
    """

    indicator: Indicator
    ref_year: int
    function: Callable[..., Parts]
    inputs: tuple[Key, ...]
    years: int

    @property
    def kind(self) -> Kind:
        """How it is aggregated: a published share that has counts is a ratio of sums like any other."""
        return "ratio_of_sums" if self.indicator.counts else self.indicator.kind

    def parts(self, figures: CommuneFigures) -> Parts:
        """Compute numerator and denominator commune by commune, NaN where a figure is not known."""
        return self.function(*(pd.Series(figures.values[key]) for key in self.inputs))


@functools.cache
def indicator_functions() -> dict[str, Callable[..., Parts]]:
    """List the functions of the indicators, by identifier.

    Examples
    --------
    >>> from terrdiag.catalogue import load_indicators
    >>> sorted(set(load_indicators()) ^ set(indicator_functions()))
    []
    """
    return {
        name: function
        for module in MODULES
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
    }


def make_slices(
    indicator: Indicator, figures: CommuneFigures, intervals: Iterable[tuple[int, int]]
) -> Iterator[Slice]:
    """Give an indicator its figures for every year, or every interval between censuses, they are known for.

    Parameters
    ----------
    indicator
        Catalogue entry; an input may be ``name:start`` or ``name:end`` of an interval. Of a published share that has
        counts, the slices are those of the counts: none where the edition has none.
    figures
        What is known.
    intervals
        Pairs of census years.

    Yields
    ------
    Slice
        In chronological order.
    """
    inputs = [(name, end) for name, _, end in (text.partition(":") for text in indicator.summed)]
    if any(end for _, end in inputs):
        for start, end in sorted(intervals, key=lambda pair: pair[::-1]):
            years = {"start": start, "end": end}
            keys = tuple((name, years[which]) for name, which in inputs)
            yield from _make(indicator, figures, keys, end, end - start)
        return
    dated = [name for name, _ in inputs if (name, TIMELESS) not in figures.values]
    for year in sorted(set.intersection(*(figures.years(name) for name in dated))):
        keys = tuple((name, year if name in dated else TIMELESS) for name, _ in inputs)
        yield from _make(indicator, figures, keys, year, 0)


def _make(
    indicator: Indicator, figures: CommuneFigures, keys: tuple[Key, ...], ref_year: int, years: int
) -> Iterator[Slice]:
    if all(key in figures.values for key in keys):
        function = find_own_function(indicator) or indicator_functions()[indicator.id]
        options: dict[str, Any] = (
            {"years": years} if "years" in inspect.signature(function).parameters else {}
        )
        yield Slice(indicator, ref_year, functools.partial(function, **options), keys, years)
