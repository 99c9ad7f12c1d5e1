"""The edition: national, frozen, tidy tables made from the official files, with their provenance."""

from terrdiag.edition.store import (
    Edition,
    open_edition,
    read_bounds,
    read_commune_list,
    read_communes,
    read_events,
    read_figures,
    read_flows,
    read_memberships,
)

__all__ = [
    "Edition",
    "open_edition",
    "read_bounds",
    "read_commune_list",
    "read_communes",
    "read_events",
    "read_figures",
    "read_flows",
    "read_memberships",
]
