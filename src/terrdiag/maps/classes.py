"""Class breaks, their colours and their French labels.

Values are rounded to the decimals of the indicator first, as the reader sees them; classes are « [a ; b[ », the
last one closed. Counting, colouring and labelling use the same rounded breaks.
"""

import itertools
from dataclasses import dataclass
from typing import Final

import jenkspy
import numpy as np
from numpy.typing import NDArray

from terrdiag.catalogue.models import MapSpec
from terrdiag.maps.palettes import pick_colors, pick_diverging
from terrdiag.wording import NNBSP, format_number

Floats = NDArray[np.float64]

CLOSURE_FR: Final = (
    f"Borne inférieure comprise, borne supérieure exclue{NNBSP}; la dernière classe est fermée."
)

SIDE_COLORS: Final = 4
"""Colours of a diverging palette on each side of its centre, at the most."""

JENKS_SAMPLE: Final = 1500
"""Fisher-Jenks takes a time that grows with the square of the number of values: beyond this, it runs on as many
evenly ranked values, the smallest and the largest included."""


@dataclass(frozen=True)
class Classes:
    """Classes of a map.

    Attributes
    ----------
    breaks
        Bounds from the lowest to the highest, outer ones included (one more than classes; empty without value).
    colors, labels, counts
        For each class: ``#rrggbb``, French words, number of values.
    """

    breaks: tuple[float, ...]
    colors: tuple[str, ...]
    labels: tuple[str, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True)
class _Cut:
    """Bounds before the empty classes are merged."""

    bounds: Floats
    fixed: bool = False
    """Whether the catalogue gives them: the outer classes are then open."""
    single: bool = False
    """Whether each class holds one distinct value."""


def classify_values(values: Floats, spec: MapSpec, decimals: int) -> Classes:
    """Cut values into classes.

    Parameters
    ----------
    values
        Finite values, one a place; their order does not matter.
    spec
        Method, number of classes, palette and centre of the map.
    decimals
        Decimals of the indicator: values and breaks are rounded to them.

    Returns
    -------
    Classes
        No empty class; fewer classes than asked when there are few distinct values; none without value.

    Raises
    ------
    ValueError
        A value is infinite or NaN (a missing value is not a value: leave it out).
    CatalogueError
        The palette does not exist or has too few colours.

    Examples
    --------
    >>> spec = MapSpec(kind="choropleth", method="quantiles", classes=2)
    >>> classes = classify_values(np.array([1.0, 2.0, 3.0, 10.0]), spec, 1)
    >>> classes.labels, classes.counts
    (('1,0 à 2,5', '2,5 à 10,0'), (2, 2))
    """
    values = np.asarray(values, dtype=np.float64)
    if not np.isfinite(values).all():
        raise ValueError(
            "valeur infinie ou NaN parmi les valeurs à classer : n'y mettez que les valeurs connues"
        )
    if values.size == 0:
        return Classes((), (), (), ())
    rounded = np.sort(round_values(values, decimals))
    cut = _cut(rounded, spec, decimals)
    counts = np.bincount(find_classes(rounded, cut.bounds), minlength=cut.bounds.size - 1)
    kept = np.flatnonzero(counts)
    bounds = _merge(cut.bounds, kept, spec.diverging_at)
    # fixed breaks are coloured before merging: they keep their colours from one territory to the next
    colors = np.array(_color(cut.bounds, spec))[kept] if cut.fixed else _color(bounds, spec)
    return Classes(
        breaks=tuple(bounds.tolist()),
        colors=tuple(str(color) for color in colors),
        labels=_label(cut, bounds, counts, decimals),
        counts=tuple(counts[kept].tolist()),
    )


def round_values(values: Floats, decimals: int) -> Floats:
    """Round half away from zero, as :func:`terrdiag.wording.round_half_away` does, a whole array at once."""
    scale = 10.0**decimals
    magnitude = np.floor(np.abs(values) * scale + 0.5 + 1e-9) / scale
    rounded: Floats = np.copysign(magnitude, values) + 0.0  # + 0.0 turns −0 into 0
    return rounded


def find_classes(rounded: Floats, breaks: Floats | tuple[float, ...]) -> NDArray[np.int64]:
    """Find the class of values already rounded (« [a ; b[ », the last one closed).

    Examples
    --------
    >>> find_classes(np.array([0.0, 2.5, 5.0]), (0.0, 2.5, 5.0)).tolist()
    [0, 1, 1]
    """
    inner = np.asarray(breaks, dtype=np.float64)[1:-1]
    found: NDArray[np.int64] = np.searchsorted(inner, rounded, side="right").astype(np.int64)
    return found


def _cut(rounded: Floats, spec: MapSpec, decimals: int) -> _Cut:
    """Choose bounds for sorted, rounded values."""
    low, high = rounded[[0, -1]]
    if spec.method == "breaks":
        inner = np.unique(round_values(np.array(spec.breaks), decimals))
        # the outer bounds only close the list: an open class is printed « moins de », « ou plus »
        outer = min(low, inner[0]), max(high, inner[-1])
        return _Cut(np.concatenate([outer[:1], inner, outer[1:]]), fixed=True)
    distinct = np.unique(rounded)
    if spec.diverging_at is not None:
        return _Cut(_diverge(rounded, spec, decimals))
    if distinct.size <= spec.classes:
        return _Cut(np.append(distinct, high), single=True)
    return _Cut(_bounds(rounded, spec.method, spec.classes, decimals))


def _diverge(rounded: Floats, spec: MapSpec, decimals: int) -> Floats:
    """Cut each side of the centre by itself, so that the centre is a bound."""
    centre = float(round_values(np.array([spec.diverging_at]), decimals)[0])
    below, above = rounded[rounded < centre], rounded[rounded >= centre]
    if below.size == 0 or above.size == 0:
        side = (spec.classes + 1) // 2
        return _bounds(rounded, spec.method, side, decimals)
    lower = int(np.clip(round(spec.classes * below.size / rounded.size), 1, spec.classes - 1))
    low_bounds = _bounds(below, spec.method, min(lower, SIDE_COLORS), decimals)[:-1]
    high_bounds = _bounds(above, spec.method, min(spec.classes - lower, SIDE_COLORS), decimals)[1:]
    return np.concatenate([low_bounds, [centre], high_bounds])


def _bounds(rounded: Floats, method: str, classes: int, decimals: int) -> Floats:
    """Cut sorted values by a statistical method: strictly increasing bounds (two equal ones when all are equal)."""
    low, high = rounded[[0, -1]]
    distinct = np.unique(rounded)
    if distinct.size == 1:
        return np.array([low, high])
    classes = min(classes, distinct.size)
    if method == "quantiles":
        inner = round_values(np.quantile(rounded, np.arange(1, classes) / classes), decimals)
    else:
        inner = _jenks(rounded, distinct, classes)
    inner = np.unique(inner)
    return np.concatenate([[low], inner[(inner > low) & (inner <= high)], [high]])


def _jenks(rounded: Floats, distinct: Floats, classes: int) -> Floats:
    """Find the Fisher-Jenks inner bounds, each the lowest value of its class."""
    if classes < 2:
        return np.array([])
    sample = rounded
    if rounded.size > JENKS_SAMPLE:
        sample = rounded[np.linspace(0, rounded.size - 1, JENKS_SAMPLE).round().astype(int)]
    classes = min(classes, np.unique(sample).size)
    tops = (
        np.array(jenkspy.jenks_breaks(sample, n_classes=classes)[1:-1])
        if classes > 1
        else np.array([])
    )
    # jenkspy gives the highest value of each class: the bound of « [a ; b[ » is the value that follows
    inner: Floats = distinct[
        np.minimum(np.searchsorted(distinct, tops, side="right"), distinct.size - 1)
    ]
    return inner


def _color(bounds: Floats, spec: MapSpec) -> tuple[str, ...]:
    if spec.diverging_at is None:
        return pick_colors(spec.palette, bounds.size - 1)
    is_above = bounds[:-1] >= spec.diverging_at
    is_below = (bounds[1:] <= spec.diverging_at) & ~is_above
    neutral = not (is_above | is_below).all()
    return pick_diverging(spec.palette, int(is_below.sum()), int(is_above.sum()), neutral=neutral)


def _merge(bounds: Floats, kept: NDArray[np.intp], centre: float | None) -> Floats:
    """Give the bounds of the classes kept: an empty class joins a neighbour, never across the centre."""
    merged = [bounds[kept[0]]]
    for one, other in itertools.pairwise(kept):
        gap = bounds[one + 1 : other + 1]
        if centre is None or gap[0] >= centre:
            merged.append(gap[-1])
        else:
            # below the centre, an empty class joins the one above: on both sides, the one nearer to the centre
            merged.append(gap[gap <= centre][-1] if gap[-1] > centre else gap[0])
    return np.array([*merged, bounds[kept[-1] + 1]])


def _label(cut: _Cut, bounds: Floats, counts: NDArray[np.intp], decimals: int) -> tuple[str, ...]:
    """Word the classes: « moins de b », « a à b », « b ou plus », or the value when there is only one."""
    words = [format_number(float(bound), decimals) for bound in bounds]
    if cut.single:
        return tuple(words[:-1])
    labels = [low if low == high else f"{low} à {high}" for low, high in itertools.pairwise(words)]
    if cut.fixed and counts[0]:
        labels[0] = f"moins de {words[1]}"
    if cut.fixed and counts[-1]:
        labels[-1] = f"{words[-2]} ou plus"
    return tuple(labels)
