"""What the interface of Melodi answers: observations as a table, and the way to the next page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from terrdiag.errors import SourceFormatError

MARKS: Final = ("OBS_STATUS", "CONF_STATUS")
"""Attributes of an observation that say what became of its value."""

PLACE: Final = re.compile(r"(?:(\d{4})-)?([A-Z][A-Z0-9]*)-(\w+)")
"""``2025-COM-65059``: geography, level, code; the geography is not always there."""


@dataclass(frozen=True)
class Data:
    """Observations that the interface gave.

    Attributes
    ----------
    table
        A row an observation: ``GEO`` (bare code), ``GEO_OBJECT``, ``COG_YEAR`` (0 when it is not said), the
        dimensions, ``OBS_STATUS``, ``CONF_STATUS``, ``OBS_VALUE``; all as text but ``COG_YEAR``.
    title
        What the data set is, in French.
    measure
        The name the service gives to the value (``OBS_VALUE_NIVEAU``, most often).
    reason
        Why the table is empty, when it is.
    """

    table: pd.DataFrame
    title: str
    measure: str
    reason: str = ""


def no_data(reason: str) -> Data:
    """Give no observation, and the reason why."""
    names = ("GEO", "GEO_OBJECT", "TIME_PERIOD", *MARKS, "OBS_VALUE")
    table = pd.DataFrame({name: pd.Series(dtype="str") for name in names})
    return Data(table.assign(COG_YEAR=pd.Series(dtype="int64")), "", "", reason)


def read_observations(content: Any, where: str) -> Data:
    """Read the observations of a page.

    Parameters
    ----------
    content
        The JSON of the answer.
    where
        Its address, as named in errors.

    Returns
    -------
    Data
        As published: a value that is not given is ``""``.

    Raises
    ------
    SourceFormatError
        The answer is not of the expected form, or holds several measures.
    """
    found = content.get("observations") if isinstance(content, dict) else None
    if not isinstance(found, list):
        raise SourceFormatError(f"{where} : la réponse n'a pas d'observations.")
    if not found:
        return no_data(f"{where} : aucune observation.")
    rows = [_flatten(item, where) for item in found]
    measures = {measure for _, measure in rows}
    if len(measures) > 1:
        raise SourceFormatError(
            f"{where} : plusieurs mesures dans la même réponse ({', '.join(sorted(measures))}). "
            "Filtrez sur l'une d'elles."
        )
    return Data(pd.DataFrame([row for row, _ in rows]), _read_title(content), measures.pop())


def read_paging(content: Any, where: str) -> Mapping[str, Any]:
    """Read how many observations there are (``count``), and the address of the next page (``next``).

    Raises
    ------
    SourceFormatError
        The answer does not say.
    """
    paging = content.get("paging") if isinstance(content, dict) else None
    if not isinstance(paging, dict):
        raise SourceFormatError(f"{where} : la réponse n'a pas de pagination.")
    return paging


def _read_title(content: Mapping[str, Any]) -> str:
    title = content.get("title")
    return str(title.get("fr", "")).strip() if isinstance(title, dict) else ""


def _flatten(item: Any, where: str) -> tuple[dict[str, Any], str]:
    """Make a row of an observation, and tell the name of its measure."""
    try:
        place = PLACE.fullmatch(item["dimensions"]["GEO"])
        [(measure, cell)] = item["measures"].items()
        value = cell.get("value")
        if place is None or not (value is None or isinstance(value, int | float)):
            raise ValueError("GEO ou valeur")  # noqa: TRY301  # told like the other faults
        row: dict[str, Any] = {name: str(code) for name, code in item["dimensions"].items()}
        marks = item.get("attributes") or {}
        row |= {name: str(marks.get(name) or "") for name in MARKS}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SourceFormatError(f"{where} : observation illisible : {str(item)[:300]}") from error
    year, level, code = place.groups()
    row |= {"GEO": code, "GEO_OBJECT": level, "COG_YEAR": int(year or 0)}
    row["OBS_VALUE"] = "" if value is None else repr(value)
    return row, measure
