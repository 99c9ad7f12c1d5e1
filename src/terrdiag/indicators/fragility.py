"""Values that rest on too small a sample to be read one by one: given, and marked wherever they are shown."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from terrdiag.catalogue import Indicator
from terrdiag.wording import NBSP, format_number

FRAGILE: Final = "fragile"
"""A mark, not a status: the value is known, and the status of the table of values stays what it is."""


def find_fragile(values: pd.DataFrame, indicators: Mapping[str, Indicator]) -> NDArray[np.bool_]:
    """Find the values made of counts of a sample, for places of few inhabitants.

    The size of a place is its latest known population; one that is not known is not marked.

    Parameters
    ----------
    values
        The table of values: the populations of the places are among its rows.
    indicators
        The catalogue: ``fragile_below`` says for which indicators, and under how many inhabitants.

    Returns
    -------
    ndarray of bool
        One a row.

    Examples
    --------
    >>> from terrdiag.catalogue import load_indicators
    >>> table = {"level": "commune", "code": ["65059", "65016", "65059", "65016"], "ref_year": 2022}
    >>> table |= {"indicator": ["population"] * 2 + ["industry_jobs_share_pct"] * 2}
    >>> table |= {"value": [7109.0, 187.0, 11.4, 20.0], "numerator": [float("nan")] * 2 + [512.0, 12.0]}
    >>> find_fragile(pd.DataFrame(table), load_indicators()).tolist()
    [False, False, False, True]
    """
    found = np.zeros(len(values), bool)
    floors = {name: one.fragile_below for name, one in indicators.items() if one.fragile_below}
    at = np.flatnonzero(values["indicator"].isin(floors))
    if at.size:
        rows = values.iloc[at]
        # what is published without counts is no sample of ours
        at = at[(rows["value"].notna() & rows["numerator"].notna()).to_numpy()]
    if not at.size:
        return found
    rows = values.iloc[at]
    people = values[(values["indicator"] == "population") & values["value"].notna()]
    people = people.sort_values("ref_year").drop_duplicates(["level", "code"], keep="last")
    size = people.set_index(["level", "code"])["value"]
    inhabitants = size.reindex(pd.MultiIndex.from_frame(rows[["level", "code"]])).to_numpy()
    found[at] = inhabitants < rows["indicator"].map(floors).to_numpy(float)
    return found


def word_fragile(indicator: Indicator) -> str:
    """Word the mark of a fragile value of an indicator.

    Examples
    --------
    >>> from terrdiag.catalogue import load_indicators
    >>> word_fragile(load_indicators()["industry_jobs_share_pct"])
    'fragile\\xa0: moins de 2\\u202f000\\xa0habitants'
    """
    return f"fragile{NBSP}: moins de {format_number(indicator.fragile_below)}{NBSP}habitants"


def word_fragile_rows(
    values: pd.DataFrame, indicators: Mapping[str, Indicator]
) -> NDArray[np.object_]:
    """Word the mark of each row of a table of values: empty where there is none."""
    words = np.full(len(values), "", object)
    at = np.flatnonzero(find_fragile(values, indicators))
    words[at] = [word_fragile(indicators[name]) for name in values["indicator"].to_numpy()[at]]
    return words
