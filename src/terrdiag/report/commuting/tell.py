"""Commuting: who works where they live, who leaves, who comes, with which places; no rank among small flows."""

from collections.abc import Sequence
from typing import Final

from terrdiag.analyses.commuting import CommutingFindings
from terrdiag.analyses.commuting.analyse import NO_FLOWS, Exchange
from terrdiag.analyses.commuting.flows import COUNTRY, FEW
from terrdiag.analyses.commuting.partners import Partner
from terrdiag.analyses.commuting.tally import Count
from terrdiag.report.blocks import Block
from terrdiag.report.commuting.drawings import draw_balance, draw_partners
from terrdiag.report.commuting.grids import tabulate_partners, tabulate_within
from terrdiag.report.commuting.words import (
    COMING,
    LEAVING,
    Side,
    name_partner,
    sort_partners,
    write_people,
    write_share,
)
from terrdiag.territory.model import format_date
from terrdiag.wording import NBSP, format_number, join_words, plural

TITLE: Final = "Navettes domicile-travail"

MOST_SAID: Final = 4
"""How many places a sentence names."""

GAPS_FR: Final = {
    NO_FLOWS: (
        "Les navettes domicile-travail ne sont pas dans cette édition : « terrdiag data update » les télécharge."
    ),
}

NOT_HERE_FR: Final = (
    "Les navettes domicile-travail ne sont pas connues pour toutes les communes du territoire : le fichier du "
    "recensement ne couvre pas l'un de ses départements."
)

FEW_FR: Final = (
    f"≈{NBSP}: moins de 200{NBSP}personnes, un ordre de grandeur. Ces chiffres viennent d'un sondage (exploitation "
    "complémentaire du recensement), arrondi après les sommes ; les lieux dont les deux flux sont sous ce seuil "
    "suivent les autres, par ordre alphabétique, sans rang."
)

ABROAD_FR: Final = (
    "Les personnes qui résident à l'étranger et travaillent ici ne sont pas dans le fichier : entrants et emplois sont "
    "ceux de résidents de France, et non les emplois au lieu de travail publiés par ailleurs."
)

LINK_FR: Final = (
    "Un flux lie la commune de résidence à celle du travail : ce n'est pas un déplacement de chaque jour (télétravail, "
    "semaine passée près du travail)."
)

SIZE_FR: Final = (
    "Plus un territoire est grand, plus la part de ceux qui y travaillent est forte : elle n'est pas comparée à celle "
    "des départements et régions."
)

ESTIMATE_FR: Final = (
    "Estimation : une commune s'est séparée depuis le recensement, ses flux sont partagés selon la "
    "population."
)


OPENING_FR: Final = {
    LEAVING: f"Où travaillent les sortants (EPCI ou pays d'au moins 200{NBSP}personnes)",
    COMING: f"D'où viennent les entrants (EPCI d'au moins 200{NBSP}personnes)",
}

NOBODY_FR: Final = {
    LEAVING: f"Aucun EPCI ni pays ne reçoit 200{NBSP}sortants ou plus.",
    COMING: f"Il ne vient d'aucun EPCI 200{NBSP}entrants ou plus.",
}


def tell_commuting(findings: CommutingFindings) -> tuple[Block, ...]:
    """Tell who works where they live, who leaves the territory and who comes to it.

    Parameters
    ----------
    findings
        What the analysis has found, or why it has found nothing.

    Returns
    -------
    tuple of Block
        One block for the section « Emploi », which says why when nothing is known.
    """
    exchange = findings.exchange
    if exchange is None:
        return (Block("navettes", TITLE, sentences=(GAPS_FR.get(findings.gap, NOT_HERE_FR),)),)
    grids = (
        tabulate_partners(
            exchange.by_epci,
            exchange,
            "EPCI ou pays",
            f"Sortants et entrants par EPCI (au {format_date(exchange.date)}) ou pays, {exchange.year}",
        ),
        tabulate_partners(
            exchange.by_commune,
            exchange,
            "Commune ou pays",
            f"Sortants et entrants par commune ou pays, {exchange.year}",
        ),
    )
    return (
        Block(
            theme="navettes",
            title=f"{TITLE}, {exchange.year}",
            sentences=_say(exchange),
            drawings=(
                draw_balance(exchange),
                *((draw_partners(exchange),) if exchange.by_epci else ()),
            ),
            grids=(
                *(grids if exchange.by_epci else ()),
                *tabulate_within(exchange.within, exchange.year),
            ),
            notes=tuple(_note(exchange)),
            definitions=tuple(findings.indicators.values()),
        ),
    )


def _say(exchange: Exchange) -> tuple[str, ...]:
    return (
        _say_residents(exchange),
        _say_jobs(exchange),
        _say_balance(exchange),
        _say_side(exchange.by_epci, LEAVING, exchange.leaving),
        _say_side(exchange.by_epci, COMING, exchange.coming),
    )


def _say_residents(exchange: Exchange) -> str:
    residents, inside = exchange.residents, exchange.inside
    count = _people(residents, "actif occupé réside", "actifs occupés résident")
    return (
        f"En {exchange.year}, {count} dans le territoire{NBSP}: {write_people(inside)} y travaillent"
        f"{_share(inside, residents)}, {write_people(exchange.leaving)} travaillent ailleurs"
        f"{_say_abroad(exchange)}."
    )


def _say_jobs(exchange: Exchange) -> str:
    jobs, inside = exchange.jobs, exchange.inside
    count = _people(jobs, "emploi du territoire est occupé", "emplois du territoire sont occupés")
    return (
        f"{count} par des résidents de France{NBSP}: {write_people(inside)} par ses habitants"
        f"{_share(inside, jobs)}, {write_people(exchange.coming)} par des entrants."
    )


def _people(count: Count, one: str, many: str) -> str:
    noun = one if count.people < 2 else many
    return f"{write_people(count)}{NBSP}{noun}"


def _share(part: Count, whole: Count) -> str:
    return "" if whole.is_few else f" ({write_share(part, whole)}{NBSP}%)"


def _say_abroad(exchange: Exchange) -> str:
    if not exchange.abroad.people:
        return ""
    countries = [one for one in exchange.by_epci if one.kind == COUNTRY]
    named = [
        name_partner(one) if len(countries) == 1 else f"{name_partner(one)} {write_people(count)}"
        for one in sort_partners(countries, LEAVING)
        if not (count := LEAVING(one)).is_few
    ]
    which = f" ({', '.join(named[:MOST_SAID])})" if named else ""
    return f", dont {write_people(exchange.abroad)} à l'étranger{which}"


def _say_balance(exchange: Exchange) -> str:
    """Say the balance; within an order of magnitude, its sign itself may come from the sample."""
    balance = exchange.coming.people - exchange.leaving.people
    if abs(balance) < FEW:
        return (
            f"Entrants et sortants sont du même ordre{NBSP}: leur écart est de moins de "
            f"200{NBSP}personnes."
        )
    way = "il entre plus de travailleurs qu'il n'en sort"
    if balance < 0:
        way = "il sort plus de travailleurs qu'il n'en entre"
    number = format_number(balance, signed=True)
    return f"Le solde des navettes est de {number}{NBSP}: {way}."


def _say_side(partners: Sequence[Partner], side: Side, whole: Count) -> str:
    """Name the places that enough people go to or come from; nothing tells the others apart."""
    large = [one for one in sort_partners(partners, side) if not side(one).is_few]
    if not large:
        return NOBODY_FR[side]
    named = [
        f"{name_partner(one)} ({write_people(side(one))}, soit {write_share(side(one), whole)}{NBSP}%)"
        for one in large[:MOST_SAID]
    ]
    rest = len(large) - len(named)
    if rest:
        named.append(plural(rest, "autre", "autres"))
    return f"{OPENING_FR[side]}{NBSP}: {join_words(named)}."


def _note(exchange: Exchange) -> list[str]:
    notes = [FEW_FR, ABROAD_FR, LINK_FR, SIZE_FR]
    own = (exchange.residents, exchange.jobs, exchange.inside)
    shown = (*exchange.by_epci, *exchange.by_commune)
    partners = (count for one in shown for count in (one.leaving, one.coming))
    if any(count.is_estimate for count in (*own, *partners)):
        notes.append(ESTIMATE_FR)
    return notes
