"""From polygons to shared arcs: a border between two places is held once.

Nodes are the vertices where more or fewer than two borders meet; an arc runs from node to node. A border of a
group of places (an EPCI, the study perimeter) is made of whole arcs, which is why a page needs no other
geometry than this.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from terrdiag.maps.packing import Integers, pack_integers, zigzag

GRID: Final = 65536
"""Steps of a degree: outlines lie on a grid of 2^-16 degree (1.7 m at the most)."""


@dataclass(frozen=True)
class Topology:
    """Places as rings of shared arcs, on the grid.

    Attributes
    ----------
    points
        Vertices of all arcs, in grid steps, shape (n, 2): longitude, latitude.
    arc_ends
        Where each arc ends in ``points`` (excluded).
    refs
        Arcs of all rings in order: ``k`` for arc ``k``, ``-1 - k`` for arc ``k`` run backwards.
    ring_ends
        Where each ring ends in ``refs`` (excluded).
    place_ends
        Where each place ends among the rings (excluded).
    """

    points: Integers
    arc_ends: Integers
    refs: Integers
    ring_ends: Integers
    place_ends: Integers

    def faces(self) -> tuple[Integers, Integers]:
        """Give the place on the left and on the right of each arc (-1: none)."""
        place_of_ring = np.repeat(np.arange(self.place_ends.size), _sizes(self.place_ends))
        place_of_ref = np.repeat(place_of_ring, _sizes(self.ring_ends))
        left = np.full(self.arc_ends.size, -1, dtype=np.int64)
        right = left.copy()
        forward = self.refs >= 0
        left[self.refs[forward]] = place_of_ref[forward]
        right[-1 - self.refs[~forward]] = place_of_ref[~forward]
        return left, right

    def smooth(self, chosen: NDArray[np.bool_], tolerance_deg: float) -> "Topology":
        """Leave out the vertices of the chosen arcs that stray by less than a tolerance, in degrees; not their ends."""
        arc = np.repeat(np.arange(self.arc_ends.size), _sizes(self.arc_ends))
        ends = self.arc_ends - 1
        closed = (self.points[ends] == self.points[ends - _sizes(self.arc_ends) + 1]).all(axis=1)
        chosen = chosen & ~closed  # a place of one arc could vanish
        if not chosen.any():
            return self
        lines = shapely.linestrings(
            self.points[chosen[arc]], indices=np.unique(arc[chosen[arc]], return_inverse=True)[1]
        )
        simple = shapely.simplify(lines, tolerance_deg * GRID, preserve_topology=False)
        points, of_line = shapely.get_coordinates(simple, return_index=True)
        all_points = np.concatenate([self.points[~chosen[arc]], np.rint(points).astype(np.int64)])
        all_arcs = np.concatenate([arc[~chosen[arc]], np.flatnonzero(chosen)[of_line]])
        order = np.argsort(all_arcs, kind="stable")
        return replace(self, points=all_points[order], arc_ends=np.cumsum(np.bincount(all_arcs)))

    def pack_arcs(self) -> str:
        """Write the arcs as text: for each, how many vertices between its ends, then the steps from one to the next.

        An end that the rings give away is left out: an arc starts where the one before it in its ring ends, and
        ends where a known arc starts. Each node is thus written once or so.
        """
        starts = self.arc_ends - _sizes(self.arc_ends)
        gives_start, gives_end = self._ends_to_write()
        steps = zigzag(np.diff(self.points, axis=0, prepend=np.zeros((1, 2), dtype=np.int64)))
        steps[starts[~gives_start]] = -1
        steps[self.arc_ends[~gives_end] - 1] = -1
        # the number of vertices comes after the first end, before all others
        counts = np.full((len(self.points), 1), -1, dtype=np.int64)
        counts[starts, 0] = self.arc_ends - starts - 2
        flat = np.hstack([steps, counts]).ravel()
        return pack_integers(flat[flat >= 0])

    def _ends_to_write(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Tell, for each arc, whether its start and its end are to be written where it is first met."""
        arcs = self._arcs()
        first_use = np.unique(arcs, return_index=True)[1]
        rank = np.arange(arcs.size)
        ring = np.repeat(np.arange(self.ring_ends.size), _sizes(self.ring_ends))
        ring_start, ring_last = (
            (self.ring_ends - _sizes(self.ring_ends))[ring],
            (self.ring_ends - 1)[ring],
        )
        known_before_ring = first_use[arcs] < ring_start
        next_is_new = np.append(first_use[arcs[1:]] == rank[1:], [False])
        gives_start = (rank == ring_start) & ~known_before_ring[ring_last]
        gives_end = (rank != ring_last) & next_is_new
        return gives_start[first_use], gives_end[first_use]

    def _arcs(self) -> Integers:
        return np.where(self.refs >= 0, self.refs, -1 - self.refs)

    def pack_rings(self) -> str:
        """Write the rings as text: for each place its rings, for each ring its arcs.

        Arcs are numbered as they are first met, so that a new arc is always written 0; an arc met before is
        written ``1 + 2 × (how long ago it came) + (1 if run the same way)``.
        """
        arcs = self._arcs()
        met = np.maximum.accumulate(np.concatenate([[-1], arcs[:-1]]))
        again = 1 + 2 * (met - arcs) + (self.refs >= 0)
        refs = np.where(arcs > met, 0, again)
        ring_sizes = _sizes(self.ring_ends)
        ring_starts = self.ring_ends - ring_sizes
        first_rings = self.place_ends - _sizes(self.place_ends)
        rows = np.full((self.refs.size, 3), -1, dtype=np.int64)
        rows[:, 2] = refs
        rows[ring_starts, 1] = ring_sizes
        rows[ring_starts[first_rings], 0] = _sizes(self.place_ends)
        flat = rows.ravel()
        return pack_integers(flat[flat >= 0])


def build_topology(geometries: NDArray[np.object_]) -> Topology:
    """Cut the outlines of places into shared arcs.

    Parameters
    ----------
    geometries
        Polygons or multipolygons in degrees, whose common borders have the same vertices. Vertices off the
        grid are moved to it.

    Returns
    -------
    Topology
        Exact: its rings are those of the input, up to the vertex they start from.

    Raises
    ------
    ValueError
        A place has no outline left on the grid.
    """
    xy, ring_ends, place_ends = _grid_rings(geometries)
    keys = xy[:, 0] << 32 | xy[:, 1] + (1 << 31)
    vertex = np.unique(keys, return_inverse=True)[1].reshape(-1)
    after = _next_in_ring(vertex, ring_ends)
    edges = _edge_ids(vertex, after)
    nodes = _find_nodes(vertex, after, edges, ring_ends)
    turned = _turn_to_nodes(nodes[vertex], ring_ends)
    vertex, after, edges, xy = vertex[turned], after[turned], edges[turned], xy[turned]
    runs = np.flatnonzero(nodes[vertex])
    run_ends = np.concatenate([runs[1:], [vertex.size]])
    # a border belongs to one arc only, hence the smallest border number names the arc
    names = np.minimum.reduceat(edges, runs)
    _, first, same = np.unique(names, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size)
    arc = rank[same.reshape(-1)]
    chosen = first[order]
    model = runs[chosen]
    forward = (vertex[runs] == vertex[model][arc]) & (after[runs] == after[model][arc])
    points, arc_ends = _arc_points(xy, ring_ends, model, run_ends[chosen])
    return Topology(
        points=points,
        arc_ends=arc_ends,
        refs=np.where(forward, arc, -1 - arc),
        ring_ends=np.searchsorted(runs, ring_ends),
        place_ends=place_ends,
    )


def _sizes(ends: Integers) -> Integers:
    return np.diff(ends, prepend=0)


def _grid_rings(geometries: NDArray[np.object_]) -> tuple[Integers, Integers, Integers]:
    """Read rings without their closing vertex, moved to the grid, outer rings anticlockwise."""
    _, degrees, offsets = shapely.to_ragged_array(shapely.orient_polygons(geometries))
    if len(offsets) == 2:
        rings_at, places_at = offsets
    else:
        rings_at, parts_at, parts_of = offsets
        places_at = parts_at[parts_of]
    xy = np.rint(degrees[:, :2] * GRID).astype(np.int64)
    ring = np.repeat(np.arange(rings_at.size - 1), np.diff(rings_at))
    closing = np.zeros(len(xy), dtype=bool)
    closing[rings_at[1:] - 1] = True
    # consecutive vertices that fall on the same point of the grid count once
    repeated = np.concatenate([(xy[1:] == xy[:-1]).all(axis=1) & (ring[1:] == ring[:-1]), [False]])
    keep = ~closing & ~repeated
    counts = np.bincount(ring[keep], minlength=rings_at.size - 1)
    keep &= (counts >= 3)[ring]
    place = np.repeat(np.arange(places_at.size - 1), np.diff(places_at))
    lost = np.setdiff1d(np.arange(places_at.size - 1), place[counts >= 3])
    if lost.size:
        raise ValueError(
            f"contour vide ou réduit à un point pour le lieu n° {lost[0]} (sur {lost.size})"
        )
    ring_counts = counts[counts >= 3]
    place_counts = np.bincount(place[counts >= 3], minlength=places_at.size - 1)
    return xy[keep], np.cumsum(ring_counts), np.cumsum(place_counts)


def _next_in_ring(values: Integers, ring_ends: Integers) -> Integers:
    """Give the value that follows each one in its ring."""
    after = np.roll(values, -1, axis=0)
    after[ring_ends - 1] = values[ring_ends - _sizes(ring_ends)]
    return after


def _edge_ids(vertex: Integers, after: Integers) -> Integers:
    low, high = np.minimum(vertex, after), np.maximum(vertex, after)
    ids: Integers = np.unique(low << 32 | high, return_inverse=True)[1].reshape(-1)
    return ids


def _find_nodes(
    vertex: Integers, after: Integers, edges: Integers, ring_ends: Integers
) -> NDArray[np.bool_]:
    """Tell which vertices are nodes; a ring that meets no other has its smallest vertex as a node."""
    _, one = np.unique(edges, return_index=True)
    degree = np.bincount(np.concatenate([vertex[one], after[one]]))
    nodes: NDArray[np.bool_] = degree != 2
    starts = ring_ends - _sizes(ring_ends)
    lonely = ~np.logical_or.reduceat(nodes[vertex], starts)
    nodes[np.minimum.reduceat(vertex, starts)[lonely]] = True
    return nodes


def _turn_to_nodes(is_node: NDArray[np.bool_], ring_ends: Integers) -> Integers:
    """Give the order of vertices in which every ring starts at its first node."""
    sizes = _sizes(ring_ends)
    starts = ring_ends - sizes
    within = np.arange(is_node.size) - np.repeat(starts, sizes)
    shift = np.minimum.reduceat(np.where(is_node, within, is_node.size), starts)
    turned: Integers = np.repeat(starts, sizes) + (within + np.repeat(shift, sizes)) % np.repeat(
        sizes, sizes
    )
    return turned


def _arc_points(
    xy: Integers, ring_ends: Integers, starts: Integers, ends: Integers
) -> tuple[Integers, Integers]:
    """Collect the vertices of runs, each with the vertex that closes it."""
    sizes = ends - starts
    arc_ends = np.cumsum(sizes + 1)
    within = np.arange(arc_ends[-1]) - np.repeat(arc_ends - sizes - 1, sizes + 1)
    source = np.repeat(starts, sizes + 1) + within
    last = arc_ends - 1
    points = xy[np.minimum(source, len(xy) - 1)]
    points[last] = _next_in_ring(xy, ring_ends)[ends - 1]
    return points, arc_ends
