"""Bars of commuting: what stays, leaves and comes; with which places."""

import math
from typing import Final

from terrdiag.analyses.commuting.analyse import Exchange
from terrdiag.analyses.commuting.partners import Partner
from terrdiag.analyses.commuting.tally import Count
from terrdiag.drawing import Axis, Bars, Caption, Drawing, draw_bars, draw_widths
from terrdiag.report.commuting.words import exchanged, name_partner, pick_partners, write_people
from terrdiag.wording import NBSP, format_number

MOST_DRAWN: Final = 10

PEOPLE: Final = Axis(unit="personnes")


def draw_balance(exchange: Exchange) -> Drawing:
    """Draw those who stay beside those who leave and those who come.

    Parameters
    ----------
    exchange
        What the territory exchanges.

    Returns
    -------
    Drawing
        Two stacked bars: employed residents, then people who work in the territory.
    """
    inside, leaving, coming = (
        format_number(count.people)
        for count in (exchange.inside, exchange.leaving, exchange.coming)
    )
    categories = (
        f"Actifs occupés qui résident dans le territoire{NBSP}: {format_number(exchange.residents.people)}",
        f"Emplois du territoire occupés par des résidents de France{NBSP}: {format_number(exchange.jobs.people)}",
    )
    groups = (
        Bars(
            "Y résident et y travaillent",
            (exchange.inside.people,) * 2,
            own=True,
            texts=(inside,) * 2,
        ),
        Bars("Sortants", (exchange.leaving.people, 0.0), texts=(leaving, "")),
        Bars("Entrants", (0.0, exchange.coming.people), texts=("", coming)),
    )
    caption = Caption(
        "navettes-bilan",
        f"Résider et travailler dans le territoire, {exchange.year}",
        note="Les personnes qui résident à l'étranger et travaillent dans le territoire n'y sont pas.",
        alt=f"Y résident et y travaillent {inside} ; sortants {leaving} ; entrants {coming}.",
    )
    return draw_widths(
        lambda one: draw_bars(one, categories, groups, PEOPLE, stacked=True), caption
    )


def draw_partners(exchange: Exchange) -> Drawing:
    """Draw the people exchanged with the first EPCI and countries, both ways.

    Parameters
    ----------
    exchange
        What the territory exchanges.
    """
    listed = pick_partners(exchange.by_epci)[0]
    kept = {
        one.code for one in sorted(listed, key=lambda one: (-exchanged(one), one.code))[:MOST_DRAWN]
    }
    shown = [one for one in listed if one.code in kept]
    names = [name_partner(one) for one in shown]
    groups = (
        _bars("Sortants, qui y travaillent", [one.leaving for one in shown]),
        _bars("Entrants, qui en viennent", [one.coming for one in shown]),
    )
    caption = Caption(
        "navettes-epci",
        f"Sortants et entrants par EPCI ou pays, {exchange.year}",
        note=f"≈{NBSP}: ordre de grandeur, moins de 200{NBSP}personnes. Les autres lieux sont dans le tableau.",
        alt=" ; ".join(map(_describe, shown)),
    )
    return draw_widths(lambda one: draw_bars(one, names, groups, PEOPLE), caption)


def _bars(label: str, counts: list[Count]) -> Bars:
    values = tuple(count.people for count in counts)
    return Bars(label, values, texts=tuple(map(write_people, counts)))


def _describe(partner: Partner) -> str:
    words = f"{name_partner(partner)} sortants {write_people(partner.leaving)}"
    if math.isnan(partner.coming.people):
        return words
    return f"{words}, entrants {write_people(partner.coming)}"
