"""What a refresh could not bring: sources, why, and the indicators that the edition lacks for want of them."""

from collections.abc import Iterator
from typing import Final

import pandas as pd

from terrdiag.catalogue import Source, load_indicators, load_sources
from terrdiag.edition.bench import Workbench
from terrdiag.edition.schema import AbsentSource

BY_COMMUNE: Final = " (par commune)"
"""Set after an indicator that is known above the commune only."""

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
            indicators=tuple(_list_lacking(source, variables)),
        )
        for source in load_sources().values()
        if source.id in bench.absent
    )


def _list_lacking(source: Source, variables: frozenset[str]) -> Iterator[str]:
    """List the indicators that a source would give, and that cannot be made of the figures there are.

    One that is published above the commune, and lacks the counts that would give it by commune, says so.
    """
    if source.on_demand:
        return  # another source brings them
    for one in load_indicators().values():
        if source.id not in one.source:
            continue
        if not {name.partition(":")[0] for name in one.inputs} <= variables:
            yield one.id
        elif not source.embedded and not set(one.counts) <= variables:
            yield f"{one.id}{BY_COMMUNE}"
