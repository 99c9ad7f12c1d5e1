"""The legend of a map: its classes or its circles, then what has no class, each with how many places it holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from terrdiag.catalogue.models import Indicator, MapSpec
from terrdiag.errors import CatalogueError
from terrdiag.indicators import FRAGILE
from terrdiag.maps.classes import CLOSURE_FR, Classes, find_classes
from terrdiag.maps.palettes import LOOKS
from terrdiag.values import ESTIMATE, MISSING, OK, PARTIAL, STATUS_WORDS
from terrdiag.wording import NBSP, NNBSP, format_value, plural

MAX_RADIUS_PX: Final = 32
"""Radius of the largest circle of a map, at every zoom."""

PLACE_WORDS: Final = {"commune": ("commune", "communes"), "epci": ("EPCI", "EPCI")}

STATUS_ROWS: Final = {
    status: STATUS_WORDS[status].capitalize() for status in LOOKS if status in STATUS_WORDS
} | {
    MISSING: "Non disponible (n.d.)",
    ESTIMATE: "dont estimation",
    PARTIAL: "dont valeur partielle",
}
"""How a status is called in the legend; « dont »: it has a value, so that its places are counted in a class too."""


@dataclass(frozen=True)
class LegendRow:
    """A line of the legend.

    Attributes
    ----------
    label, count, count_text
        What it is, how many places it holds, the same in words.
    color
        ``#rrggbb`` of a class, ``circle``, or None.
    pattern, status
        Look and status of what has no class, or None.
    """

    label: str
    count: int
    count_text: str
    color: str | None = None
    pattern: str | None = None
    status: str | None = None

    def to_plain(self) -> dict[str, object]:
        """Give the line under the names that the page knows."""
        return {
            "label": self.label,
            "count": self.count,
            "countText": self.count_text,
            "color": self.color,
            "pattern": self.pattern,
            "status": self.status,
        }


@dataclass(frozen=True)
class Circles:
    """The circles of a map.

    Attributes
    ----------
    top
        Value of the largest circle, whose radius is :data:`MAX_RADIUS_PX`.
    references
        Value and words of the circles of the legend, the largest first.
    """

    top: float
    references: tuple[tuple[float, str], ...]


def measure_circles(values: NDArray[np.float64], indicator: Indicator) -> Circles:
    """Set the size of the circles of an indicator: their area is proportional to the value.

    Parameters
    ----------
    values
        Known values of all the years to be shown.
    indicator
        What they measure.

    Returns
    -------
    Circles
        Without reference when no value is above zero.

    Raises
    ------
    CatalogueError
        A value is negative.
    """
    top = float(values.max()) if values.size else 0.0
    if values.size and values.min() < 0:
        raise CatalogueError(
            f"indicateur {indicator.id}{NBSP}: valeur négative ({values.min():g}), que la surface d'un cercle ne "
            "peut pas représenter. Choisissez map.kind = « choropleth » dans le catalogue."
        )
    decimals = indicator.decimals
    return Circles(
        top,
        tuple(
            (value, format_value(value, indicator.unit, 0 if value.is_integer() else decimals))
            for value in choose_references(top, decimals)
        ),
    )


def choose_references(top: float, decimals: int) -> tuple[float, ...]:
    """Choose up to three round values for the circles of the legend, the largest first.

    Examples
    --------
    >>> choose_references(7163.0, 0), choose_references(3.0, 0), choose_references(0.0, 0)
    ((5000.0, 1000.0, 200.0), (2.0,), ())
    """
    chosen: list[float] = []
    for share in (1.0, 0.25, 0.05):
        part = top * share
        if part >= 10.0**-decimals:
            power = 10.0 ** np.floor(np.log10(part))
            chosen += [
                round(float(m * power), decimals)
                for m in (5, 2, 1)
                if m * power <= part * (1 + 1e-9)
            ][:1]
    return tuple(dict.fromkeys(chosen))


def list_classes(
    shown: NDArray[np.float64], classes: Classes, spec: MapSpec
) -> tuple[LegendRow, ...]:
    """List the classes, the highest first.

    Parameters
    ----------
    shown
        Values of the map, rounded; NaN where not known.
    classes
        Classes of the indicator, for all its years.
    spec
        How it is drawn.
    """
    counts = np.bincount(
        find_classes(shown[~np.isnan(shown)], classes.breaks), minlength=len(classes.colors)
    )
    rows = zip(classes.labels, counts.tolist(), classes.colors, strict=True)
    return tuple(_row(label, count, spec, color=color) for label, count, color in rows)[::-1]


def list_circles(shown: NDArray[np.float64], spec: MapSpec) -> tuple[LegendRow, ...]:
    """List what is drawn as a circle, and the zeros, which are not."""
    drawn = _row("Avec un cercle", int((shown > 0).sum()), spec, color="circle", status=OK)
    zeros = int((shown == 0).sum())
    return (drawn, _row("Valeur nulle, sans cercle", zeros, spec)) if zeros else (drawn,)


def list_statuses(
    statuses: Sequence[str], spec: MapSpec, fragile: str = FRAGILE
) -> tuple[LegendRow, ...]:
    """List the statuses that are present, but ``ok``; ``fragile`` words the mark of a fragile value."""
    words = {**STATUS_ROWS, FRAGILE: f"dont {fragile}"}
    circles = spec.kind == "circles"
    return tuple(
        _row(
            words[status],
            statuses.count(status),
            spec,
            color="circle" if circles and status in {ESTIMATE, PARTIAL, FRAGILE} else None,
            pattern=status,
            status=status,
        )
        for status in LOOKS
        if status in statuses
    )


def note_classes(classes: Classes) -> tuple[str, ...]:
    """Say on which side a bound belongs, where there is one."""
    return (CLOSURE_FR,) if len(classes.colors) > 1 else ()


def note_circles(circles: Circles, indicator: Indicator) -> tuple[str, ...]:
    """Say what the area of a circle is worth."""
    if not circles.top:
        return ()
    top = format_value(circles.top, indicator.unit, indicator.decimals)
    size = f"rayon du plus grand{NBSP}: {MAX_RADIUS_PX}{NBSP}pixels pour {top}, à toute échelle"
    return (f"Surface du cercle proportionnelle à la valeur{NNBSP}; {size}.",)


def _row(
    label: str,
    count: int,
    spec: MapSpec,
    *,
    color: str | None = None,
    pattern: str | None = None,
    status: str | None = None,
) -> LegendRow:
    return LegendRow(label, count, plural(count, *PLACE_WORDS[spec.level]), color, pattern, status)
