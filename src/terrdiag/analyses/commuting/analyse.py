"""Commuting: what stays in a territory, leaves it and comes to it, and with which places it exchanges workers.

A flow joins the commune where a person lives to the one where the same person works: a link, not a daily journey.
"""

import datetime as dt
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
import pandas as pd

from terrdiag.analyses.commuting.flows import Flows, load_flows
from terrdiag.analyses.commuting.partners import (
    Matrix,
    Partner,
    Standing,
    cross_flows,
    label_places,
    list_partners,
)
from terrdiag.analyses.commuting.table import Part, make_indicators, tabulate_flows
from terrdiag.analyses.commuting.tally import Count, tally_flows
from terrdiag.catalogue import Indicator
from terrdiag.edition import Edition, read_memberships
from terrdiag.indicators.figures import CommuneFigures
from terrdiag.indicators.places import Place, Places
from terrdiag.territory.groups import valid_at
from terrdiag.values import empty_values

NO_FLOWS = "no_flows"
NOT_HERE = "not_here"


@dataclass(frozen=True)
class Exchange:
    """What the territory exchanges.

    Attributes
    ----------
    year, date
        The census, and the day whose EPCI are those of the places.
    residents, jobs, inside, leaving, coming, abroad
        As in the table of values: ``jobs`` and ``coming`` leave out those who live abroad.
    by_epci, by_commune
        Places outside, one an EPCI (or a commune of no EPCI), one a commune; countries in both.
    within
        Flows inside the territory, or None.
    """

    year: int
    date: dt.date
    residents: Count
    jobs: Count
    inside: Count
    leaving: Count
    coming: Count
    abroad: Count
    by_epci: tuple[Partner, ...]
    by_commune: tuple[Partner, ...]
    within: Matrix | None


@dataclass(frozen=True)
class CommutingFindings:
    """What was found.

    Attributes
    ----------
    values, indicators
        Rows for the table of values (communes, EPCI, territory), and their indicators.
    exchange
        What the territory exchanges, or None.
    gap
        Why there is none: ``no_flows`` (the edition has none), ``not_here`` (the census of these communes is not in
        them); empty when there is.
    """

    values: pd.DataFrame
    indicators: dict[str, Indicator]
    exchange: Exchange | None = None
    gap: str = ""


def analyse_commuting(
    edition: Edition, places: Places, figures: CommuneFigures
) -> CommutingFindings:
    """Count who lives and works in the territory, leaves it and comes to it.

    Parameters
    ----------
    edition
        The edition.
    places
        Places of the diagnostic; comparators are left out: the share of those who work where they live grows with the
        size of a place.
    figures
        Figures of every commune of the edition.

    Returns
    -------
    CommutingFindings
        Counts, partners and rows, or why there is none.
    """
    if not edition.has_table("flows"):
        return CommutingFindings(empty_values(), {}, gap=NO_FLOWS)
    epci = tuple(place for place in places.holders if place.level == "epci")
    [territory] = [place for place in places.holders if place.level == "territoire"]
    communes = set(territory.communes).union(*(place.communes for place in epci))
    flows = load_flows(edition, communes, figures.codes)
    if flows is None:
        return CommutingFindings(empty_values(), {}, gap=NOT_HERE)
    # a département where nobody at all is known to live was not surveyed
    covered = set(map(_find_departement, figures.codes[np.unique(flows.origin)]))
    parts = [_tally(one, flows, figures, covered) for one in (places.communes, epci, (territory,))]
    values = tabulate_flows(parts, flows.year, flows.source_id, edition.info.cog_year)
    if not parts[-1][2].all():
        return CommutingFindings(values, make_indicators(), gap=NOT_HERE)
    exchange = _exchange(edition, flows, (territory, epci, places.communes), parts[-1], figures)
    return CommutingFindings(values, make_indicators(), exchange)


def _find_departement(code: str) -> str:
    return code[:3] if code.startswith("97") else code[:2]


def _tally(
    places: Sequence[Place], flows: Flows, figures: CommuneFigures, covered: AbstractSet[str]
) -> Part:
    """Count the flows of places; a place is known when the départements of all its communes are covered."""
    known = [covered >= set(map(_find_departement, place.communes)) for place in places]
    tally = tally_flows(flows, label_places(places, figures), len(places), figures)
    return places, tally, np.array(known, bool)


def _exchange(
    edition: Edition,
    flows: Flows,
    own: tuple[Place, tuple[Place, ...], tuple[Place, ...]],
    part: Part,
    figures: CommuneFigures,
) -> Exchange:
    territory, epci, communes = own
    tally = part[1]
    inside = np.zeros(len(figures.codes), bool)
    inside[figures.positions(territory.communes)] = True
    by_commune, by_epci = _find_standing(edition, flows, figures)
    return Exchange(
        year=flows.year,
        date=edition.date,
        residents=tally.residents.at(0),
        jobs=tally.jobs.at(0),
        inside=tally.inside.at(0),
        leaving=tally.leaving.at(0),
        coming=tally.coming.at(0),
        abroad=tally.abroad.at(0),
        by_epci=list_partners(flows, inside, by_epci, figures),
        by_commune=list_partners(flows, inside, by_commune, figures),
        within=cross_flows(flows, _split(territory, epci, communes), figures),
    )


def _split(
    territory: Place, epci: tuple[Place, ...], communes: tuple[Place, ...]
) -> tuple[Place, ...]:
    """Split the territory into its EPCI and its communes of none; into its communes when it has one EPCI."""
    own = set(territory.communes)
    cut = [
        Place(one.level, one.code, one.name, tuple(code for code in one.communes if code in own))
        for one in epci
    ]
    held = {code for one in cut for code in one.communes}
    alone = [one for one in communes if one.code not in held]
    return (*cut, *alone) if len(cut) + len(alone) > 1 else communes


def _find_standing(
    edition: Edition, flows: Flows, figures: CommuneFigures
) -> tuple[Standing, Standing]:
    """Find the place that stands for each commune met: itself, then its EPCI at the edition's date, if it has one."""
    met = np.unique(np.concatenate([flows.origin, flows.destination[flows.destination >= 0]]))
    codes = figures.codes[met].tolist()
    table = edition.commune_list
    table = table[table["code_commune"].isin(codes)]
    names = dict(zip(table["code_commune"].tolist(), table["nom"].tolist(), strict=True))
    rows = read_memberships(edition, kinds=["epci"], communes=codes)
    rows = rows[valid_at(rows, edition.date)]
    epci = {
        code: ("epci", siren, name)
        for code, siren, name in zip(
            rows["code_commune"].tolist(), rows["code"].tolist(), rows["nom"].tolist(), strict=True
        )
    }
    itself = {code: ("commune", code, names[code]) for code in codes}
    at = dict(zip(codes, met.tolist(), strict=True))
    return (
        {at[code]: place for code, place in itself.items()},
        {at[code]: epci.get(code, place) for code, place in itself.items()},
    )
