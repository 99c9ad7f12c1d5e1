"""What a refresh could not bring: sources, why, and the indicators that the edition lacks for want of them."""

from typing import Final

import pandas as pd

from terrdiag.catalogue import Indicator, Source, load_indicators, load_sources
from terrdiag.edition.bench import Workbench
from terrdiag.edition.schema import AbsentSource

MADE: Final = frozenset({"communes", "area_km2"})
"""Inputs of indicators that come from the communes themselves, not from the figures."""


def describe_absences(bench: Workbench, figures: pd.DataFrame) -> tuple[AbsentSource, ...]:
    """Describe every source of the register that brings nothing new to an edition.

    Parameters
    ----------
    bench
        The workbench, once everything has been made.
    figures
        The ``figures`` table.

    Returns
    -------
    tuple of AbsentSource
        In the order of the register; empty for a build without a base edition, which does without nothing.
    """
    if bench.base is None:
        return ()
    variables = MADE | set(figures["variable"])
    return tuple(
        AbsentSource(
            id=source.id,
            title=source.title,
            why=bench.absent[source.id],
            landing_page=source.landing_page,
            carried=source.id in bench.carried,
            indicators=tuple(
                one.id for one in load_indicators().values() if _lacks(one, source, variables)
            ),
        )
        for source in load_sources().values()
        if source.id in bench.absent
    )


def _lacks(indicator: Indicator, source: Source, variables: frozenset[str]) -> bool:
    """Tell whether an indicator that a source would give cannot be made of the figures there are."""
    inputs = {name.partition(":")[0] for name in indicator.inputs}
    return source.id in indicator.source and not inputs <= variables
