"""Where labels go so that none lies over another."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

GAP: Final = 3.0
"""Pixels kept free between two labels."""


class Box(NamedTuple):
    """A rectangle, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Say whether two rectangles share ground (touching is not sharing)."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def within(self, other: "Box") -> bool:
        """Say whether the rectangle lies inside another."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.top >= other.top
            and self.bottom <= other.bottom
        )


@dataclass
class Crowd:
    """The ground of a picture and what already lies on it."""

    ground: Box
    taken: list[Box] = field(default_factory=list)

    def is_free(self, box: Box) -> bool:
        """Say whether a rectangle lies on the ground, over nothing."""
        return box.within(self.ground) and not any(box.meets(other) for other in self.taken)

    def take_first(self, boxes: Sequence[Box]) -> int | None:
        """Take the first rectangle that is free; give its rank, or None when none is."""
        for rank, box in enumerate(boxes):
            if self.is_free(box):
                self.taken.append(box)
                return rank
        return None


def spread_labels(
    wanted: Sequence[float], sizes: Sequence[float], low: float, high: float
) -> list[float]:
    """Move labels along a line as little as possible so that none lies over another.

    Parameters
    ----------
    wanted
        Where the middle of each label would best be.
    sizes
        Their extents along the line.
    low, high
        Ends of the line; when the labels are longer than it, they start at ``low`` and go beyond.

    Returns
    -------
    list of float
        Middles, in the order of ``wanted``. The order along the line is kept.

    Notes
    -----
    Least squares under the order (pool adjacent violators), then clamped to the ends.

    Examples
    --------
    >>> spread_labels([10, 10], [4, 4], 0, 100)
    [8.0, 12.0]
    """
    order = sorted(range(len(wanted)), key=lambda rank: (wanted[rank], rank))
    before, offsets = 0.0, []
    for rank in order:
        offsets.append(before + sizes[rank] / 2)
        before += sizes[rank]
    bases = _pool([wanted[rank] - offset for rank, offset in zip(order, offsets, strict=True)])
    top = max(low, high - before)
    placed = [0.0] * len(wanted)
    for rank, offset, base in zip(order, offsets, bases, strict=True):
        placed[rank] = min(max(base, low), top) + offset
    return placed


def thin_labels(centres: Sequence[float], widths: Sequence[float]) -> list[int]:
    """Choose the labels of an axis that fit side by side: the first, the last, then the others from the left.

    Parameters
    ----------
    centres
        Middles of the labels, increasing.
    widths
        Their widths.

    Returns
    -------
    list of int
        Ranks of those kept.

    Examples
    --------
    >>> thin_labels([0, 10, 20, 30], [15, 15, 15, 15])
    [0, 3]
    """
    boxes = [
        Box(centre - width / 2 - GAP / 2, 0, centre + width / 2 + GAP / 2, 1)
        for centre, width in zip(centres, widths, strict=True)
    ]
    kept: list[int] = []
    for rank in dict.fromkeys([0, len(boxes) - 1, *range(len(boxes))] if boxes else []):
        if not any(boxes[rank].meets(boxes[other]) for other in kept):
            kept.append(rank)
    return sorted(kept)


def _pool(values: Sequence[float]) -> list[float]:
    """Find the increasing sequence nearest to some values (each block takes its mean)."""
    blocks: list[tuple[float, int]] = []
    for value in values:
        total, count = float(value), 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / count:
            other_total, other_count = blocks.pop()
            total, count = total + other_total, count + other_count
        blocks.append((total, count))
    return [total / count for total, count in blocks for _ in range(count)]
