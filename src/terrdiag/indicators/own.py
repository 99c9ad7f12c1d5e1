"""The user's own data: one function a kind, whatever the indicator (the sidecar says the rest)."""

import functools
from collections.abc import Callable

import pandas as pd

from terrdiag.catalogue import Indicator
from terrdiag.edition.schema import OWN_PREFIX
from terrdiag.indicators.parts import Parts


def find_own_function(indicator: Indicator) -> Callable[..., Parts] | None:
    """Find the function of an indicator of own data; nothing for one of the catalogue.

    Parameters
    ----------
    indicator
        Any indicator: those of own data are told by their variables.

    Returns
    -------
    callable or None
        Takes a series a variable, commune by commune, like those of the catalogue.
    """
    if not any(name.startswith(OWN_PREFIX) for name in indicator.inputs):
        return None
    if indicator.kind == "ratio_of_sums":
        return functools.partial(own_ratio, scale=indicator.scale)
    return own_value


def own_value(value: pd.Series) -> Parts:
    """Own count or rate, in its unit.

    A count is summed over places; a rate exists for communes only, each being its own sum.
    """
    return Parts(value)


def own_ratio(numerator: pd.Series, denominator: pd.Series, scale: float) -> Parts:
    """Own ratio, in its unit: sum of the numerators over sum of the denominators, times the scale of the sidecar."""
    return Parts(numerator, denominator, scale)
