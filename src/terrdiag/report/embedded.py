"""The data that let the table of the page follow its map."""

import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from terrdiag.indicators import FRAGILE
from terrdiag.report.comparison import Figures
from terrdiag.report.inside import Inside
from terrdiag.report.views import View
from terrdiag.values import LEVEL_LABELS, OK, STATUS_CODES_FR, STATUS_WORDS
from terrdiag.wording import round_half_away

PART_DECIMALS: Final = 1
"""Decimals of numerators and denominators: rounded once, to what the table shows."""


def pack_data(
    views: tuple[View, ...],
    default: View | None,
    reference: Mapping[str, int],
    figures: Figures,
    inside: Inside,
) -> dict[str, Any]:
    """Pack what the script of the page needs besides the scene and the views.

    Parameters
    ----------
    views, default
        The maps, and the first one shown.
    reference
        Reference year by indicator.
    figures
        The territory and its comparators.
    inside
        The places of the territory.

    Returns
    -------
    dict
        Ready for JSON: pinned places and their cells by view, group of each commune, numerators and denominators.
    """
    perimeter = inside.perimeter
    group_of = {
        code: number for number, group in enumerate(perimeter.epci) for code in group.communes
    }
    indicators = {view.indicator: figures.indicators[view.indicator] for view in views}
    return {
        "default": default.key if default else None,
        "territory": {"id": perimeter.id, "name": perimeter.name},
        "places": [
            [place.level, LEVEL_LABELS[place.level], place.code, place.name]
            for place in figures.places
        ],
        "pinned": {view.key: _pin(view, figures) for view in views},
        "communes": {
            "codes": list(perimeter.communes),
            "group": [group_of.get(c, -1) for c in perimeter.communes],
        },
        "groups": [group.name for group in perimeter.epci],
        "reference": dict(reference),
        "parts": _pack_parts(views, inside),
        "indicators": {
            name: {
                "label": indicator.label_fr,
                "definition": indicator.definition_fr,
                "formula": indicator.formula_fr,
                "note": indicator.note_fr,
            }
            for name, indicator in indicators.items()
        },
        "words": STATUS_WORDS,
        "statusCodes": STATUS_CODES_FR | {FRAGILE: STATUS_CODES_FR[OK]},
    }


def _pin(view: View, figures: Figures) -> list[list[Any]]:
    """Cells of the territory and of its comparators: value, status, coverage, numerator, denominator."""
    decimals = figures.indicators[view.indicator].decimals
    pinned: list[list[Any]] = []
    for place in figures.places:
        cell = figures.cell(place, view.indicator, view.year)
        value = shorten(cell.value, decimals) if cell.known else None
        # rounded down: what is incomplete never reads 100 %
        coverage = (
            None if math.isnan(cell.coverage) else shorten(math.floor(cell.coverage * 100) / 100)
        )
        parts = (shorten(part, PART_DECIMALS) for part in (cell.numerator, cell.denominator))
        status = FRAGILE if cell.fragile and cell.status == OK else cell.status
        pinned.append([value, status, coverage, *parts])
    return pinned


def _pack_parts(
    views: tuple[View, ...], inside: Inside
) -> dict[str, dict[str, list[float | None]]]:
    """Numerators and denominators of the communes, aligned on the codes of the territory, by view."""
    index = pd.Index(inside.perimeter.communes)
    with_parts = inside.communes[inside.communes["denominator"].notna()]
    at = index.get_indexer(pd.Index(with_parts["code"]))
    columns = {name: with_parts[name].to_numpy(float) for name in ("numerator", "denominator")}
    groups = with_parts.groupby(["indicator", "ref_year"], observed=True, sort=False).indices
    packed = {}
    for view in views:
        rows = groups.get((view.indicator, view.year))
        if rows is not None and view.level == "commune":
            packed[view.key] = {
                name: _align(values[rows], at[rows], len(index)) for name, values in columns.items()
            }
    return packed


def _align(values: NDArray[np.float64], at: NDArray[np.intp], size: int) -> list[float | None]:
    aligned: list[float | None] = [None] * size
    for position, value in zip(at.tolist(), values.tolist(), strict=True):
        aligned[position] = shorten(value, PART_DECIMALS)
    return aligned


def shorten(value: float, decimals: int = 2) -> float | None:
    """Shorten a number for JSON: few decimals, no « .0 », null for NaN.

    Examples
    --------
    >>> shorten(12.0), shorten(5921.637), shorten(float("nan"))
    (12, 5921.64, None)
    """
    if math.isnan(value):
        return None
    rounded = round_half_away(value, decimals)
    return int(rounded) if rounded == int(rounded) else rounded
