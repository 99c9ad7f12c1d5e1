"""The ground of every map of a territory: its communes, their neighbours, its EPCI, in a compact form."""

import itertools
import json
import re
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from terrdiag.maps.packing import Integers, pack_integers
from terrdiag.maps.surroundings import gather_surroundings
from terrdiag.maps.topology import Topology, build_topology

Objects = NDArray[np.object_]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Bounds = tuple[tuple[float, float], tuple[float, float]]
"""South-west and north-east corners, (latitude, longitude) in degrees."""

COMMUNE_CODE: Final = re.compile(r"..\d{3}")

MAINLAND: Final = "Hexagone et Corse"

OVERSEAS: Final = {
    "971": "Guadeloupe",
    "972": "Martinique",
    "973": "Guyane",
    "974": "La Réunion",
    "976": "Mayotte",
}
"""Parts of France, by the first characters of a commune code."""

STEPS_ACROSS: Final = 700
"""A territory is drawn in about as many steps as a map has pixels."""

EDITION_TOLERANCE_DEG: Final = 0.0013
"""Generalisation of the outlines of an edition: a finer one changes nothing."""

COARSEST_DEG: Final = 0.005
"""Generalisation of the largest territories: communes keep their shape when the map is enlarged."""

AROUND_STEPS: Final = 2.5
AROUND_DEG: Final = 0.002
"""How far the borders of the neighbours may stray: so many steps, and at the least so many degrees (220 m).
They only situate."""

MAIN_PLACES: Final = 60
"""How many names may be written at the most; the page leaves out those that would overlap."""


@dataclass(frozen=True)
class Layer:
    """Places of one level, in the order of the values of a view.

    Attributes
    ----------
    codes, names
        Of each place.
    inside
        Whether the place belongs to the territory (an EPCI: whether one of its communes does).
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    inside: tuple[bool, ...]


@dataclass(frozen=True)
class Scene:
    """What the maps of a territory share.

    Attributes
    ----------
    commune, epci
        The places.
    arcs, rings, epci_of
        Packed geometry: shared arcs, rings of the communes, rank of the EPCI of each commune (from 1; 0: none).
    frames
        Name and corners of the parts of the territory, when it lies on both sides of an ocean.
    bounds
        Corners of the territory, or of its first part.
    main
        Codes of the communes to name first.
    """

    commune: Layer
    epci: Layer
    arcs: str
    rings: str
    epci_of: str
    frames: tuple[tuple[str, Bounds], ...]
    bounds: Bounds
    main: tuple[str, ...]

    def to_json(self) -> str:
        """Write the scene as JSON, for ``terrdiagScene``; not escaped for HTML."""
        return json.dumps(
            {
                "commune": {**_pack_layer(self.commune), "epci": self.epci_of, "geom": self.rings},
                "epci": _pack_layer(self.epci),
                "arcs": self.arcs,
                "frames": [{"name": name, "bounds": bounds} for name, bounds in self.frames],
                "bounds": self.bounds,
                "main": self.main,
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )


def build_scene(frame: gpd.GeoDataFrame, population: "pd.Series[float] | None" = None) -> Scene:
    """Build the ground of the maps from the communes.

    Parameters
    ----------
    frame
        One row a commune of the territory and around, sorted by code: ``code, name, code_epci, name_epci,
        inside, area_km2, geometry`` (EPSG:4326; common borders have the same vertices).
    population
        Inhabitants by commune code, to choose which names to write; the area otherwise.

    Returns
    -------
    Scene
        Places in the order of ``frame`` (see :func:`gather_surroundings`); EPCI sorted by code.
    """
    frame = gather_surroundings(frame)
    codes, names, epci = (
        frame[name].to_numpy(dtype=object) for name in ("code", "name", "code_epci")
    )
    inside = frame["inside"].to_numpy(dtype=bool)
    outlines = frame.geometry.to_numpy()
    topology = _draw(outlines, inside)
    layer, epci_of = _group_by_epci(epci, frame["name_epci"].to_numpy(dtype=object), inside)
    frames = _frame_parts(codes, inside, outlines)
    return Scene(
        commune=Layer(tuple(codes.tolist()), tuple(names.tolist()), tuple(inside.tolist())),
        epci=layer,
        arcs=topology.pack_arcs(),
        rings=topology.pack_rings(),
        epci_of=pack_integers(epci_of),
        frames=frames if len(frames) > 1 else (),
        bounds=frames[0][1],
        main=_choose_main(codes, inside, frame["area_km2"].to_numpy(dtype=np.float64), population),
    )


def _group_by_epci(codes: Objects, names: Objects, inside: Flags) -> tuple[Layer, Integers]:
    """List the EPCI of communes, and give the rank of each commune's (from 1; 0: none)."""
    known = np.flatnonzero(codes != "")
    unique, first, rank = np.unique(
        codes[known].astype(str), return_index=True, return_inverse=True
    )
    ours = np.bincount(rank.reshape(-1), weights=inside[known], minlength=unique.size) > 0
    epci_of = np.zeros(codes.size, dtype=np.int64)
    epci_of[known] = rank.reshape(-1) + 1
    return Layer(
        tuple(unique.tolist()), tuple(names[known][first].tolist()), tuple(ours.tolist())
    ), epci_of


def _frame_parts(
    codes: Objects, inside: Flags, outlines: Objects
) -> tuple[tuple[str, Bounds], ...]:
    """Frame the parts of the territory that no single map can show: mainland France first, then overseas."""
    part = np.array([OVERSEAS.get(code[:3], MAINLAND) for code in codes[inside].tolist()])
    own = outlines[inside]
    return tuple(
        (name, _corners(own[part == name]))
        for name in (MAINLAND, *OVERSEAS.values())
        if (part == name).any()
    )


def _corners(outlines: Objects) -> Bounds:
    west, south, east, north = shapely.total_bounds(outlines).tolist()
    return (south, west), (north, east)


def _draw(outlines: Objects, inside: Flags) -> Topology:
    """Cut the outlines into arcs, as finely as a map of this extent can show."""
    west, south, east, north = shapely.total_bounds(outlines[inside])
    step = max(east - west, north - south) / STEPS_ACROSS
    if step > EDITION_TOLERANCE_DEG:
        outlines = shapely.coverage_simplify(outlines, min(step, COARSEST_DEG))
    topology = build_topology(outlines)
    left, right = topology.faces()
    of_territory = np.append(inside, False)  # -1, no place, reads the last one
    return topology.smooth(
        ~(of_territory[left] | of_territory[right]), max(AROUND_STEPS * step, AROUND_DEG)
    )


def _choose_main(
    codes: Objects,
    inside: Flags,
    area_km2: Floats,
    population: "pd.Series[float] | None",
) -> tuple[str, ...]:
    """Choose the communes to name: the most peopled of the territory, then of those around that are known."""
    weight = area_km2 if population is None else _look_up(population, codes)
    order = np.lexsort((codes, -weight))
    ours = order[inside[order]][:MAIN_PLACES]
    around = order[~inside[order] & (weight[order] > 0)][
        : MAIN_PLACES // 4 if population is not None else 0
    ]
    return tuple(codes[np.concatenate([ours, around])].tolist())


def _look_up(population: "pd.Series[float]", codes: Objects) -> Floats:
    found: Floats = np.asarray(population.reindex(codes), dtype=np.float64)
    return np.nan_to_num(found)


def _pack_layer(layer: Layer) -> dict[str, object]:
    return {
        "codes": _pack_codes(layer.codes),
        "names": _pack_names(layer.names),
        "inside": _pack_flags(layer.inside),
    }


def _pack_codes(codes: tuple[str, ...]) -> list[str | list[str]]:
    """Write commune codes as runs (first two characters, then differences of the other three), others as such."""
    packed: list[str | list[str]] = []
    for head, run in itertools.groupby(
        codes, key=lambda code: code[:2] if COMMUNE_CODE.fullmatch(code) else ""
    ):
        group = list(run)
        ranks = [int(code[2:]) for code in group] if head else []
        packed += (
            [[head, pack_integers(np.diff(ranks, prepend=0))]]
            if head and ranks == sorted(ranks)
            else group
        )
    return packed


def _pack_names(names: tuple[str, ...]) -> str | list[str]:
    joined = "|".join(names)
    return joined if names and joined.count("|") == len(names) - 1 else list(names)


def _pack_flags(flags: tuple[bool, ...]) -> str:
    """Write flags as the ranks where they change."""
    return pack_integers(np.diff(np.flatnonzero(np.diff(flags, prepend=False)), prepend=0))
