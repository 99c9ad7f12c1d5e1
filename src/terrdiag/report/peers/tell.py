"""The EPCI of near profile: which ones, why in words, and how the profile is made. A proximity, never a merit."""

from collections.abc import Sequence
from typing import Final

from terrdiag.analyses.peers.analyse import Fellowship, PeersFindings, Refusal, SizeClass
from terrdiag.analyses.peers.ranking import Trait
from terrdiag.report.blocks import Block, Grid
from terrdiag.report.comparison import Figures
from terrdiag.report.peers.words import (
    FEATURES_FR,
    HEADS_FR,
    name_epci,
    rank_words,
    word_class,
    word_distinct,
    word_near,
    write_figure,
)
from terrdiag.report.prepositions import locate
from terrdiag.wording import NBSP, format_number, join_words, plural

TITLE: Final = "EPCI de profil comparable"

PROGRAMMES_FR: Final = {
    "anct-territoires-industrie": ("Territoire d'industrie", "génération 2018-2022"),
    "anct-petr-2018": ("PETR", "contrats de ruralité de 2018"),
    "interieur-banatic": ("PETR", "membres selon BANATIC"),
}
"""What a source of members calls a group, and when they are its own."""

MAX_NAMED: Final = 8
"""How many EPCI of a programme are named in a sentence."""

NATURE_FR: Final = (
    "Une proximité statistique sur ces seuls traits : elle ne dit rien de ce qui va bien ou mal, et un autre choix de "
    "traits ou de poids donnerait d'autres voisins."
)

DISTANCE_FR: Final = (
    "Distance : moyenne quadratique des écarts, chaque trait étant mis à l'échelle par l'écart interquartile de tous "
    "les EPCI comparés (divisé par 1,349, pour se lire en écarts-types) ; population et densité en logarithme. 0 : "
    "profils identiques."
)

NEAR_FR: Final = "Un trait n'est dit proche que si son écart est d'un demi-écart-type au plus."


def tell_peers(findings: PeersFindings, figures: Figures) -> tuple[Block, ...]:
    """Tell which EPCI have a profile near that of the territory, and why.

    Parameters
    ----------
    findings
        The peers, or the reason why there is none.
    figures
        The territory and its comparators.

    Returns
    -------
    tuple of Block
        One block, which says why when there is no peer.
    """
    if findings.refusal:
        return (Block("comparables", TITLE, sentences=(_word_refusal(findings.refusal),)),)
    sentences = [
        _word_nearest(findings),
        _word_profile(findings.own, figures),
        *_word_unknown(findings),
    ]
    if findings.same_size:
        sentences.append(_word_size(findings.same_size))
    for fellowship in findings.fellowships:
        sentences += _word_fellows(fellowship)
    return (
        Block(
            theme="comparables",
            title=TITLE,
            sentences=tuple(sentences),
            grids=(*_tabulate_profiles(findings, figures), _tabulate_reasons(findings)),
            notes=(NATURE_FR, DISTANCE_FR, *_word_left_out(findings)),
            definitions=tuple(findings.indicators.values()),
            sources=tuple(_source_of(one) for one in findings.fellowships),
        ),
    )


def _source_of(fellowship: Fellowship) -> str:
    """Name the source of the members of a group: BANATIC gives a PETR its SIREN, the contracts of 2018 another code."""
    if fellowship.kind == "ti":
        return "anct-territoires-industrie"
    return "interieur-banatic" if fellowship.code.isdecimal() else "anct-petr-2018"


def _word_nearest(findings: PeersFindings) -> str:
    first = [name_epci(peer) for peer in findings.nearest[:3]]
    compared = plural(findings.compared, "EPCI comparé", "EPCI comparés")
    return (
        f"Parmi {compared}, ceux dont le profil est le plus proche de celui du territoire sont "
        f"{join_words(first)} (le département est entre parenthèses)."
    )


def _word_profile(own: Sequence[Trait], figures: Figures) -> str:
    parts = [f"{FEATURES_FR[trait.feature.id]} ({_period(trait, figures)})" for trait in own]
    return (
        f"Le profil réunit {len(own)} traits de même poids{NBSP}: {join_words(parts)}. C'est celui du territoire tel "
        "qu'il est délimité, comparé à celui des EPCI hors de lui."
    )


def _period(trait: Trait, figures: Figures) -> str:
    labels = dict.fromkeys(figures.year_label(one.indicator, one.year) for one in trait.figures)
    return ", ".join(labels)


def _word_unknown(findings: PeersFindings) -> list[str]:
    return [
        f"Le profil laisse de côté un trait qui n'est pas connu du territoire{NBSP}: {FEATURES_FR[feature.id]}."
        for feature in findings.unknown
    ]


def _word_size(size: SizeClass) -> str:
    named = [f"{name_epci(peer)}, {rank_words(peer.rank)}" for peer in size.nearest]
    count = plural(size.count, "autre EPCI comparé a", "autres EPCI comparés ont")
    words = f"{count} {word_class(size.low, size.high)}"
    if not named:
        return f"Classe de taille{NBSP}: {words}."
    return (
        f"Classe de taille{NBSP}: {words}{NBSP}; les plus proches sont {join_words(named)} "
        "(rang parmi tous les EPCI comparés)."
    )


def _word_fellows(fellowship: Fellowship) -> list[str]:
    kind, when = PROGRAMMES_FR[_source_of(fellowship)]
    named = [f"{name_epci(p)}, {rank_words(p.rank)}" for p in fellowship.members[:MAX_NAMED]]
    rest = len(fellowship.members) - len(named)
    if rest:
        named.append(plural(rest, "autre EPCI", "autres EPCI"))
    place = f"D{locate(fellowship.kind, fellowship.name)[1:]} ({when})"
    words = (
        f"{place}, du plus proche au plus éloigné{NBSP}: {join_words(named)}"
        if named
        else f"{place}, aucun EPCI hors du territoire n'est à comparer"
    )
    if fellowship.unknown:
        words += f"{NBSP}; profil incomplet{NBSP}: {join_words(fellowship.unknown)}"
    if not fellowship.kin:
        return [f"{words}."]
    kin = join_words(name_epci(peer) for peer in fellowship.kin)
    return [f"{words}.", f"Les plus proches parmi les EPCI d'un autre {kind}{NBSP}: {kin}."]


def _word_left_out(findings: PeersFindings) -> list[str]:
    notes = []
    if findings.overseas:
        count = plural(len(findings.overseas), "EPCI d'outre-mer", "EPCI d'outre-mer")
        notes.append(
            f"Laissés de côté, un trait du profil n'y étant pas publié{NBSP}: {count} "
            f"({', '.join(findings.overseas)})."
        )
    if findings.incomplete:
        count = plural(len(findings.incomplete), "EPCI de métropole", "EPCI de métropole")
        shown = ", ".join(findings.incomplete[:MAX_NAMED])
        more = ", …" if len(findings.incomplete) > MAX_NAMED else ""
        notes.append(f"Laissés de côté, un chiffre manquant{NBSP}: {count} ({shown}{more}).")
    return notes


def _word_refusal(refusal: Refusal) -> str:
    if refusal.reason == "upper_level":
        return (
            "Un département ou une région n'est pas comparé à des EPCI, dont il réunit plusieurs. Pour des "
            "comparaisons de profil, faites le diagnostic d'un de ses EPCI."
        )
    if refusal.reason == "out_of_range":
        low, high, found = map(format_number, (refusal.low, refusal.high, refusal.found))
        return (
            f"Avec {found} habitants, le territoire est hors de l'étendue des EPCI comparés (de {low} à {high} "
            "habitants) : aucun n'est de sa taille. Faites le diagnostic d'un EPCI, ou d'une réunion d'EPCI."
        )
    if refusal.reason == "thin_profile":
        return (
            f"Pas d'EPCI comparables{NBSP}: de {len(FEATURES_FR)} traits du profil, {format_number(refusal.found)} "
            "sont connus de ce territoire, trop peu pour le comparer. Prenez une édition qui a sa population, ses "
            "logements et ses emplois."
        )
    found, needed = map(format_number, (refusal.found, refusal.low))
    return (
        f"Pas d'EPCI comparables{NBSP}: l'édition n'en a que {found} de profil complet hors du territoire, et il en "
        f"faut {needed} au moins pour une échelle. Prenez une édition nationale."
    )


def _tabulate_profiles(findings: PeersFindings, figures: Figures) -> tuple[Grid, ...]:
    """Tabulate the profiles: the traits of one figure, then the sectors: a sheet of paper would not hold both."""
    count = len(findings.nearest)
    captions = {
        False: f"Profil du territoire et des {count} EPCI les plus proches",
        True: f"Emplois par secteur dans le territoire et les {count} EPCI les plus proches",
    }
    grids = []
    for is_mix, caption in captions.items():
        kept = [n for n, one in enumerate(findings.own) if (len(one.figures) > 1) == is_mix]
        own = [findings.own[n] for n in kept]
        rows = [(figures.territory.short, "–", *_cells(own))]
        for peer in findings.nearest:
            cells = _cells([peer.traits[n] for n in kept])
            name = f"{peer.rank}. {name_epci(peer)}"
            rows.append((name, format_number(peer.distance, 2), *cells))
        heads = [HEADS_FR[one.indicator.id] for trait in own for one in trait.figures]
        note = f"{_word_columns(own, figures)}. Le département est entre parenthèses."
        if own:
            grids.append(Grid(caption, ("EPCI", "Distance", *heads), tuple(rows), (0,), note=note))
    return tuple(grids)


def _cells(traits: Sequence[Trait]) -> list[str]:
    return [write_figure(figure) for trait in traits for figure in trait.figures]


def _word_columns(traits: Sequence[Trait], figures: Figures) -> str:
    units = (
        f"{FEATURES_FR[trait.feature.id]} ({trait.figures[0].indicator.unit}), {_period(trait, figures)}"
        for trait in traits
    )
    return f"Colonnes{NBSP}: {' ; '.join(units)}"


def _tabulate_reasons(findings: PeersFindings) -> Grid:
    rows = [
        (name_epci(peer), word_near(peer, findings.own), word_distinct(peer, findings.own))
        for peer in findings.nearest
    ]
    return Grid(
        caption="Ce qui rapproche et ce qui distingue (valeur de l'EPCI, puis du territoire)",
        heads=("EPCI", "Traits les plus proches", "Trait le plus différent"),
        rows=tuple(rows),
        texts=(1, 2),
        note=NEAR_FR,
    )
