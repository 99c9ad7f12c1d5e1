"""Spoil a JSON file: types, keys, lists, and the shapes of a GeoJSON."""

import json
from typing import Any

VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    10**400,
    1e308,
    float("nan"),
    float("inf"),
    "",
    "x",
    "01001",
    "1001",
    "200100001",
    "\x00",
    "\ud800",
    [],
    {},
    [[]],
    [None],
    {"code": None},
    [1, [2, "x"]],
    ["01001", "01001"],
)

SHAPES: tuple[Any, ...] = (
    None,
    {},
    [],
    "POINT (0 0)",
    {"type": "Point", "coordinates": [0, 45]},
    {"type": "Polygon"},
    {"type": "Polygon", "coordinates": []},
    {"type": "Polygon", "coordinates": [[]]},
    {"type": "Polygon", "coordinates": [[[0, 45]]]},
    {"type": "Polygon", "coordinates": [[[0, 45], [0, 45], [0, 45], [0, 45]]]},
    {"type": "Polygon", "coordinates": [[[0, 45], [1, 45], [0, 46]]]},
    {"type": "Polygon", "coordinates": [[[0, 45], [1, 46], [1, 45], [0, 46], [0, 45]]]},
    {"type": "Polygon", "coordinates": [[[0, 45, 9], [1, 45, 9], [0, 46, 9], [0, 45, 9]]]},
    {"type": "Polygon", "coordinates": [[["0", "45"], [1, 45], [0, 46], ["0", "45"]]]},
    {"type": "Polygon", "coordinates": [[[6e5, 6e6], [7e5, 6e6], [6e5, 7e6], [6e5, 6e6]]]},
    {"type": "Polygon", "coordinates": [[[0, None], [1, 45], [0, 46], [0, None]]]},
    {
        "type": "Polygon",
        "coordinates": [[[0, float("nan")], [1, 45], [0, 46], [0, float("nan")]]],
    },
    {"type": "Polygon", "coordinates": [[[0, 1e308], [1, 1e308], [0, -1e308], [0, 1e308]]]},
    {"type": "MultiPolygon", "coordinates": []},
    {"type": "MultiPolygon", "coordinates": [[[[0, 45], [1, 45], [0, 46], [0, 45]]]] * 2},
    {"type": "MultiPolygon", "coordinates": [[0, 45], [1, 46]]},
    {"type": "MultiPolygon", "coordinates": {"a": 1}},
    {"type": "GeometryCollection", "geometries": []},
    {"type": ["Polygon"], "coordinates": 4},
)


def places(node: Any, found: list[tuple[Any, Any]] | None = None) -> list[tuple[Any, Any]]:
    """List every place of a document: the holder, and the key or index."""
    found = [] if found is None else found
    keys = node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    for key in keys:
        found.append((node, key))
        if len(found) < 20_000:
            places(node[key], found)
    return found


def load(data: bytes) -> Any:
    return json.loads(data)


def dump(document: Any) -> bytes:
    # escaped, so that a lone surrogate can be written
    return json.dumps(document).encode("ascii")


def pick(document: Any, where: float) -> tuple[Any, Any]:
    every = places(document)
    return every[min(int(where * len(every)), len(every) - 1)]


def replace(data: bytes, where: float, what: int) -> bytes:
    document = load(data)
    holder, key = pick(document, where)
    holder[key] = VALUES[what % len(VALUES)]
    return dump(document)


def replace_named(data: bytes, where: float, what: int) -> bytes:
    """Replace the value of a key: in a GeoJSON, most places are coordinates."""
    document = load(data)
    named = [place for place in places(document) if isinstance(place[1], str)]
    holder, key = named[min(int(where * len(named)), len(named) - 1)]
    holder[key] = VALUES[what % len(VALUES)]
    return dump(document)


def remove(data: bytes, where: float, what: int) -> bytes:
    document = load(data)
    holder, key = pick(document, where)
    del holder[key]
    return dump(document)


def rename(data: bytes, where: float, what: int) -> bytes:
    document = load(data)
    named = [place for place in places(document) if isinstance(place[1], str)]
    holder, key = named[min(int(where * len(named)), len(named) - 1)]
    holder[f"{key}_2"] = holder.pop(key)
    return dump(document)


def repeat(data: bytes, where: float, what: int) -> bytes:
    document = load(data)
    lists = [place for place in places(document) if isinstance(place[0], list)]
    holder, index = lists[min(int(where * len(lists)), len(lists) - 1)]
    holder.insert(index, holder[index])
    return dump(document)


def whole(data: bytes, where: float, what: int) -> bytes:
    """Put the document in another, or another in its place."""
    document = load(data)
    holders = (
        [document],
        {"results": document},
        {"error": "quota exceeded"},
        list(document.values()) if isinstance(document, dict) else dict(enumerate(document)),
        *VALUES,
    )
    return dump(holders[what % len(holders)])


def reshape(data: bytes, where: float, what: int) -> bytes:
    """Give a feature another geometry."""
    document = load(data)
    features = document["features"]
    feature = features[min(int(where * len(features)), len(features) - 1)]
    feature["geometry"] = SHAPES[what % len(SHAPES)]
    return dump(document)


def nest(data: bytes, where: float, what: int) -> bytes:
    """Nest lists deeper than a parser goes."""
    depth = (50, 1_000, 100_000)[what % 3]
    at = int(where * len(data))
    return data[:at] + b"[" * depth + b"]" * depth + data[at:]


ALL = (replace, replace_named, remove, rename, repeat, whole, reshape, nest)
