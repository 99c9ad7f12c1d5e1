"""The maps that the page can show, and the one it shows first."""

import json
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Final

PREFERRED: Final = ("population_density", "population_growth_pct", "population")
"""What the map shows first, when it can be drawn."""

SAID_ELSEWHERE: Final = ("references", "definition", "note")
"""What a view repeats of the pinned places and of the catalogue."""

MANY_COMMUNES: Final = 1500
"""From so many communes on, a territory is first shown by EPCI."""


@dataclass(frozen=True)
class View:
    """What the page needs to know of a map before it is drawn."""

    key: str
    indicator: str
    year: int
    year_label: str
    level: str


def read_views(views_json: str, indicators: Container[str]) -> tuple[tuple[View, ...], str]:
    """Read which maps there are, and write them again without what the page says elsewhere.

    Parameters
    ----------
    views_json
        JSON list of views.
    indicators
        The indicators to keep.

    Returns
    -------
    tuple
        The maps, in the order of the list, and their JSON.
    """
    views = [view for view in json.loads(views_json) if view["indicator"] in indicators]
    for view in views:
        for key in SAID_ELSEWHERE:
            view.pop(key, None)
    read = tuple(
        View(
            view["key"],
            view["indicator"],
            int(view["year"]),
            str(view["yearLabel"]),
            view["level"],
        )
        for view in views
    )
    return read, json.dumps(views, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def choose_default(
    views: tuple[View, ...], reference: Mapping[str, int], communes: int
) -> View | None:
    """Choose what the page shows first: a preferred indicator at its reference year.

    Parameters
    ----------
    views
        The maps there are.
    reference
        Reference year by indicator.
    communes
        How many communes the territory has: a large one is shown by EPCI.

    Returns
    -------
    View or None
        None when there is no map.
    """
    level = "epci" if communes >= MANY_COMMUNES else "commune"
    first = [view for view in views if view.level == level] or list(views)
    names = [*PREFERRED, *(view.indicator for view in first)]
    of_name = next(
        (found for name in names if (found := [v for v in first if v.indicator == name])), None
    )
    if of_name is None:
        return None
    wanted = reference.get(of_name[0].indicator)
    return next(
        (view for view in of_name if view.year == wanted), max(of_name, key=lambda view: view.year)
    )
