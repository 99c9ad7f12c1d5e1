"""The blocks of the location quotients: one for establishments, one for jobs, never one for both."""

from collections.abc import Mapping, Sequence
from typing import Final

from terrdiag.analyses.sectors import Specialisation
from terrdiag.analyses.sectors.mix import BASES, SHARED_PCT, Basis
from terrdiag.analyses.sectors.quotients import DECIMALS, Quotient
from terrdiag.indicators.places import Place as Group
from terrdiag.report.blocks import Block, name_sources
from terrdiag.report.specialisation.guides import QUOTIENTS, UNKNOWN_SHARES
from terrdiag.report.specialisation.quotient_tables import (
    Quotients,
    draw_quotients,
    tabulate_quotients,
    write_interval,
    write_marks,
)
from terrdiag.report.specialisation.words import (
    COUNTED,
    THE_SECTOR,
    choose_main,
    define,
    keep_few,
    say_estimate,
    say_when,
    see,
    sort_references,
)
from terrdiag.values import STATUS_WORDS
from terrdiag.wording import NBSP, format_number, format_value, join_words

TITLES: Final = {
    "establishments": "Spécialisation en établissements",
    "jobs": "Spécialisation en emplois",
}

NEAR: Final = 0.05
"""A quotient so near to 1 is not said to be above or below: the sampling of the census, or the classing of a few
establishments, weigh as much."""

CLOSE: Final = {
    "establishments": "proche (moins de 5 % d'écart, ou sans différence à un établissement près)",
    "jobs": "proche (moins de 5 % d'écart)",
}

WITHIN: Final = {
    "establishments": "à un établissement près",
    "jobs": "compte tenu de l'arrondi des parts publiées",
}
"""What the interval allows for."""

_ANY: Final = {
    "sector": "x",
    "sector_fr": "d'un secteur",
    "sector_en": "a sector",
    "sector_short": "un secteur",
    "reference": "x",
    "reference_name": "un comparateur",
}


def tell_quotients(found: Specialisation) -> tuple[Block, ...]:
    """Tell the location quotients of the territory, establishments then jobs, or why they are not known.

    Parameters
    ----------
    found
        What the analysis has found.

    Returns
    -------
    tuple of Block
        A block for each of the two.
    """
    return tuple(_tell(found, basis) for basis in BASES)


def _tell(found: Specialisation, basis: Basis) -> Block:
    own = [
        one
        for one in found.quotients
        if one.basis == basis and one.place is found.compared.territory
    ]
    quotients: dict[tuple[str, str], dict[str, Quotient]] = {}
    for one in own:
        key = one.reference.level, one.reference.code
        quotients.setdefault(key, {})[one.sector] = one
    known = {(q.reference.level, q.reference.code): q.reference for q in own if q.cell.known}
    references = sort_references(known.values())
    main = choose_main(references)
    if main is None:
        return Block("specialisation", TITLES[basis], sentences=(UNKNOWN_SHARES[basis],))
    return Block(
        theme="specialisation",
        title=TITLES[basis],
        sentences=(
            *_say_industry(quotients, references, basis),
            _say_sectors(quotients[main.level, main.code], main, basis),
            *_say_shared(found, references, basis),
        ),
        drawings=(draw_quotients(quotients, keep_few(references) or [main], basis),),
        grids=(tabulate_quotients(quotients, references, basis),),
        notes=(*QUOTIENTS[basis], *_name_absent(found, references, basis)),
        definitions=(define(f"lq_{basis}", **_ANY),),
        sources=name_sources(found.values, f"_{basis}_vs_"),
    )


def _say_industry(
    quotients: Quotients, references: Sequence[Group], basis: Basis
) -> tuple[str, ...]:
    """Say how much industry weighs beside the comparators, and where nothing tells it apart."""
    industry = [
        quotients[place.level, place.code]["industry"]
        for place in keep_few(references) or references[-1:]
    ]
    years = sorted({one.year for one in industry}, reverse=True)
    said = (_say_year([one for one in industry if one.year == year], basis) for year in years)
    return tuple(sentence for sentence in said if sentence)


def _say_year(industry: Sequence[Quotient], basis: Basis) -> str:
    when = say_when(basis, industry[0].year)
    subject = f"la part de l'industrie dans les {COUNTED[basis]}"
    far = [
        f"{format_number(one.cell.value, 2)} fois ce qu'elle est {see(one.reference).where}{_bracket(one)}"
        for one in industry
        if one.differs
    ]
    near = [
        f"{see(one.reference).where}{_bracket(one)}"
        for one in industry
        if one.cell.known and not one.differs
    ]
    same = f"ne se distingue pas, {WITHIN[basis]}, de ce qu'elle est {join_words(near)}"
    if not far:
        return f"{when}, {subject} {same}." if near else ""
    clause = f"{when}, {subject} est {join_words(far)}"
    return f"{clause}{NBSP}; elle {same}." if near else f"{clause}."


def _bracket(quotient: Quotient) -> str:
    """« (1,27 à 1,32) », or « (1,01, de 0,99 à 1,03) » where the value has not been said; nothing to add: empty."""
    interval = write_interval(quotient)
    words = [interval, *write_marks(quotient)]
    if not quotient.differs:
        figure = format_number(quotient.cell.value, DECIMALS)
        words = [figure, f"de {interval}" if interval else "", *write_marks(quotient)]
    said = ", ".join(word for word in words if word)
    return f" ({said})" if said else ""


def _say_sectors(sectors: Mapping[str, Quotient], main: Group, basis: Basis) -> str:
    """Say which sectors weigh more and less than in the main comparator; a fragile one is only named as such."""
    known = [one for one in sectors.values() if one.cell.known]
    firm = [one for one in known if not one.fragile]
    far = [one for one in firm if one.differs and abs(one.cell.value - 1) > NEAR]
    groups = {
        "plus élevée": [one for one in far if one.cell.value > 1],
        "plus faible": [one for one in far if one.cell.value < 1],
        CLOSE[basis]: [one for one in firm if one not in far],
        "fragile (moins de 200 emplois du secteur)": [one for one in known if one.fragile],
        "non donnée": [one for one in sectors.values() if not one.cell.known],
    }
    parts = [
        f"{words} pour {join_words(_name(one) for one in found)}"
        for words, found in groups.items()
        if found
    ]
    estimate = say_estimate(one.cell for one in known)
    clause = f"Comparée à ce qu'elle est {see(main).where}{estimate}, la part du secteur est "
    return clause + f"{NBSP}; ".join(parts) + "."


def _name(quotient: Quotient) -> str:
    cell = quotient.cell
    figure = format_number(cell.value, 2) if cell.known else STATUS_WORDS[cell.status]
    return f"{THE_SECTOR[quotient.sector]} ({figure})"


def _say_shared(
    found: Specialisation, references: Sequence[Group], basis: Basis
) -> tuple[str, ...]:
    """Say of which comparators the territory is a large part: it is then compared with itself, partly."""
    shares = {
        (place.level, place.code): found.shared_pct[basis, word]
        for word, place in found.compared.references.items()
    }
    large = [
        f"{format_value(share, '%')} {see(place).where}"
        for place in references
        if (share := shares[place.level, place.code]) > SHARED_PCT
    ]
    sentence = (
        f"Le territoire fait une grande part des {COUNTED[basis]} de ce à quoi il est comparé "
        f"({join_words(large)}){NBSP}: il l'est alors en partie à lui-même, ce qui rapproche le quotient de 1."
    )
    return (sentence,) if large else ()


def _name_absent(
    found: Specialisation, references: Sequence[Group], basis: Basis
) -> tuple[str, ...]:
    """Name the comparators for which the sectors are not known."""
    told = {(place.level, place.code) for place in references}
    absent = [
        see(place).short
        for place in found.compared.references.values()
        if (place.level, place.code) not in told
    ]
    words = f"Parts par secteur non connues ({COUNTED[basis]}){NBSP}: {join_words(absent)}."
    return (words,) if absent else ()
