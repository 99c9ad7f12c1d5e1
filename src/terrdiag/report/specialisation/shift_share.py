"""The blocks of the shift-share analysis: jobs (an estimate), establishments (counted), and what is missing."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from terrdiag.analyses.sectors import ShiftShare
from terrdiag.analyses.sectors.changes import Change
from terrdiag.analyses.sectors.decomposition import Numbers
from terrdiag.analyses.sectors.mix import Basis
from terrdiag.analyses.sectors.shift_share import EFFECTS
from terrdiag.analyses.sectors.structures import Interval
from terrdiag.drawing import Axis, Bars, Caption, Drawing, draw_bars, draw_widths
from terrdiag.report.blocks import Block, Grid, name_sources
from terrdiag.report.specialisation.gaps import explain_gaps
from terrdiag.report.specialisation.guides import CHANGE_LIMITS, NO_CAUSE, UNION
from terrdiag.report.specialisation.guides import EFFECTS as EFFECTS_GUIDE
from terrdiag.report.specialisation.words import (
    BRANCH_LABELS,
    COUNTED,
    choose_main,
    define,
    see,
    sort_references,
    write_range,
)
from terrdiag.values import STATUS_WORDS
from terrdiag.wording import NBSP, format_number, format_value, join_words, plural, round_half_away

TITLES: Final = {
    "jobs": "Analyse structurelle-résiduelle des emplois (estimation)",
    "establishments": "Analyse structurelle-résiduelle des établissements",
}

NAMES: Final = {"jobs": "effets-emplois", "establishments": "effets-etablissements"}

LABELS: Final = {
    "total": "Évolution",
    "national": "Effet de la référence",
    "structural": "Effet structurel",
    "local": "Effet local",
}

_ANY: Final = {
    "effect": "x",
    "effect_fr": "les trois effets",
    "effect_en": "effects",
    "reference": "x",
    "reference_name": "un comparateur",
}


def tell_shift_share(found: ShiftShare) -> tuple[Block, ...]:
    """Tell what the change of jobs and of establishments is made of, and say what is missing where it cannot be told.

    Parameters
    ----------
    found
        What the analysis has found.

    Returns
    -------
    tuple of Block
        Jobs, then establishments; what is missing is said at the end of the last.
    """
    own = [one for one in found.changes if one.place is found.compared.territory]
    blocks = []
    for basis in ("jobs", "establishments"):
        changes = [one for one in own if one.basis == basis]
        missing = explain_gaps([gap for gap in found.gaps if gap.basis == basis], basis)
        told = [one for one in changes if one.known]
        if told:
            blocks.append(replace(_tell(told, changes, missing), sources=_name(found, basis)))
        elif changes or missing:
            small = [_refuse(changes[0])] if changes else []
            blocks.append(Block("specialisation", TITLES[basis], sentences=(*small, *missing)))
    return tuple(blocks)


def _name(found: ShiftShare, basis: str) -> tuple[str, ...]:
    """Name the sources of the effects of the jobs, or of the establishments."""
    own = found.values[found.values["level"] == found.compared.territory.level]
    return name_sources(own, f"_{basis}_vs_")


def _tell(told: Sequence[Change], changes: Sequence[Change], missing: Sequence[str]) -> Block:
    basis = told[0].basis
    main = choose_main(one.reference for one in told)
    beside = [one for one in told if one.reference is main]
    latest = max(beside, key=lambda one: one.span)
    limits = [CHANGE_LIMITS[basis], *([UNION] if latest.is_union else []), *_say_fragile(latest)]
    return Block(
        theme="specialisation",
        title=TITLES[basis],
        sentences=_say(latest),
        drawings=(_draw(sorted(beside, key=lambda one: one.span)),),
        grids=(_tabulate(changes), _tabulate_branches(latest)),
        notes=(EFFECTS_GUIDE, NO_CAUSE, *limits, *missing),
        definitions=(define(f"shift_share_{basis}", **_ANY),),
    )


def _say_fragile(change: Change) -> list[str]:
    if not change.fragile_branches:
        return []
    names = join_words(BRANCH_LABELS[branch].lower() for branch in change.fragile_branches)
    return [f"Moins de 200 emplois (estimation){NBSP}: {names}. Leurs chiffres sont fragiles."]


def _refuse(change: Change) -> str:
    words = f"{COUNTED[change.basis]} de {change.span[0]} à {change.span[1]}"
    return f"L'évolution des {words} n'est pas décomposée{NBSP}: {STATUS_WORDS[change.status]}."


def _say(change: Change) -> tuple[str, ...]:
    """Say the change and its three parts; a part that rounding does not tell from zero is said so."""
    at = "fin " if change.basis == "establishments" else ""
    start, end = (f"{at}{year}" for year in change.span)
    bounds, where = change.bounds, see(change.reference).where
    sure = "" if change.basis == "establishments" else " (estimation)"
    opening = (
        f"De {start} à {end}, le nombre d'{COUNTED[change.basis]} du territoire "
        f"{_change(bounds['total'].value)}{sure}, contre {_signed(bounds['national'].value)} {where}."
    )
    parts = (
        f"La répartition par branche du territoire y compte pour {_points(bounds['structural'])} (effet structurel), "
        f"le reste, propre au territoire, pour {_points(bounds['local'])} (effet local)."
    )
    return (opening, parts, *_say_counts(change))


def _change(percent: float) -> str:
    text = format_value(abs(percent), "%", 1)
    if round_half_away(percent, 1) == 0:
        return f"est stable ({text})"
    return f"{'augmente' if percent > 0 else 'diminue'} de {text}"


def _signed(percent: float) -> str:
    return format_value(percent, "%", 1, signed=True)


def _points(effect: Interval) -> str:
    unit = "point" if abs(round_half_away(effect.value, 1)) < 2 else "points"
    text = format_value(effect.value, unit, 1, signed=True)
    if effect.low < effect.high and not effect.differs:
        return f"{text}, ce que l'arrondi ne distingue pas de zéro"
    return text


def _say_counts(change: Change) -> tuple[str, ...]:
    """Say the effects in jobs or establishments, where those of the start are known."""
    if math.isnan(change.initial):
        return ()
    numbers = [
        f"{LABELS[name].lower()} {format_number(change.bounds[name].value * change.initial / 100, signed=True)}"
        for name in EFFECTS
    ]
    count = round_half_away(change.initial, 0)
    one = "établissement" if change.basis == "establishments" else "emploi"
    return (
        f"En nombre, pour {plural(int(count), one)} en {change.span[0]}{NBSP}: {join_words(numbers)}.",
    )


def _draw(changes: Sequence[Change]) -> Drawing:
    first = changes[0]
    reference = see(first.reference).short
    caption = Caption(
        NAMES[first.basis],
        f"Évolution des {COUNTED[first.basis]} et ses trois effets, référence{NBSP}: {reference} (en % du début)",
        f"Évolution = effet de la référence + effet structurel + effet local.{_estimated(first.basis)}",
        ". ".join(
            f"{_span(one)}{NBSP}: "
            + ", ".join(f"{LABELS[n].lower()} {_signed(one.bounds[n].value)}" for n in EFFECTS)
            for one in changes
        ),
    )
    groups = [
        Bars(
            _span(one),
            tuple(one.bounds[name].value for name in EFFECTS),
            own=len(changes) == 1,
            texts=tuple(_signed(one.bounds[name].value) for name in EFFECTS),
        )
        for one in changes
    ]
    labels = [LABELS[name] for name in EFFECTS]
    axis = Axis(
        unit=f"% des {COUNTED[first.basis].split(' ', maxsplit=1)[0]} du début", signed=True
    )
    return draw_widths(lambda one: draw_bars(one, labels, groups, axis), caption)


def _estimated(basis: Basis) -> str:
    return " Estimation." if basis == "jobs" else ""


def _span(change: Change) -> str:
    return f"{change.span[0]}-{change.span[1]}"


def _tabulate(changes: Sequence[Change]) -> Grid:
    """Tabulate the effects against every comparator, over every interval."""
    order = [(place.level, place.code) for place in sort_references(c.reference for c in changes)]
    rows = sorted(
        changes, key=lambda one: (one.span, order.index((one.reference.level, one.reference.code)))
    )
    basis = changes[0].basis
    return Grid(
        f"Effets, en % des {COUNTED[basis]} du début",
        ("Référence", "Période", *(LABELS[name] for name in EFFECTS)),
        tuple(
            (see(one.reference).short, _span(one), *(_entry(one, name) for name in EFFECTS))
            for one in rows
        ),
        texts=(1,),
        note="Entre parenthèses, l'intervalle dû à l'arrondi des chiffres publiés."
        if basis == "jobs"
        else "",
    )


def _entry(change: Change, effect: str) -> str:
    if not change.known:
        return STATUS_WORDS[change.status]
    one = change.bounds[effect]
    text = format_number(one.value, 2, signed=True)
    if not one.low < one.high:
        return text
    return f"{text} ({write_range(one.low, one.high, 2, signed=True)})"


def _tabulate_branches(change: Change) -> Grid:
    """Tabulate the change branch by branch: where each effect comes from."""
    whole = change.here.sum(axis=1)
    rows = [
        _row(
            change,
            BRANCH_LABELS[branch],
            (change.here[:, rank], change.there[:, rank]),
            (change.effects.structural[rank], change.effects.local[rank]),
        )
        for rank, branch in enumerate(change.branches)
    ]
    total = (change.bounds["structural"].value, change.bounds["local"].value)
    sums = tuple(effect * whole[0] / 100 for effect in total)
    rows.append(_row(change, "Ensemble", (whole, change.there.sum(axis=1)), sums))
    reference = see(change.reference).short
    return Grid(
        f"Par branche, {COUNTED[change.basis]}, {_span(change)}, référence{NBSP}: {reference}",
        (
            "Branche",
            f"Part en {change.span[0]} (%)",
            "Évolution ici (%)",
            f"Évolution, {reference} (%)",
            "Effet structurel (points)",
            "Effet local (points)",
        ),
        tuple(rows),
        own=(len(rows) - 1,),
        note="Les effets sont en points d'évolution de l'ensemble du territoire.",
    )


def _row(
    change: Change,
    label: str,
    ends: Sequence[Numbers],
    effects: Sequence[float],
) -> tuple[str, ...]:
    whole = float(change.here[0].sum())
    growths = [100 * (end / start - 1) if start else math.nan for start, end in ends]
    return (
        label,
        format_number(100 * ends[0][0] / whole, 1),
        *(format_number(growth, 1, signed=True) for growth in growths),
        *(format_number(100 * effect / whole, 2, signed=True) for effect in effects),
    )
