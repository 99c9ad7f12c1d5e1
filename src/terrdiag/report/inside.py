"""What is inside the territory: its communes and its EPCI, with their values."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from terrdiag.territory.model import Perimeter


@dataclass(frozen=True)
class Inside:
    """The places inside a territory.

    Attributes
    ----------
    perimeter
        The territory.
    communes, epci
        Rows of the table of values of each level.
    names
        Name of a commune by its code.
    """

    perimeter: Perimeter
    communes: pd.DataFrame
    epci: pd.DataFrame
    names: Mapping[str, str]

    def name(self, code: str) -> str:
        """Name a commune; its code when no value names it."""
        return self.names.get(code, code)


def look_inside(values: pd.DataFrame, perimeter: Perimeter) -> Inside:
    """Take the communes and the EPCI of a territory out of the table of values.

    Parameters
    ----------
    values
        The table of values.
    perimeter
        The territory.

    Returns
    -------
    Inside
        Its places.
    """
    communes = values[values["level"] == "commune"]
    communes = communes[communes["code"].isin(perimeter.communes)]
    named = communes.drop_duplicates("code")
    names = dict(zip(named["code"].tolist(), named["name"].tolist(), strict=True))
    return Inside(perimeter, communes, values[values["level"] == "epci"], names)
