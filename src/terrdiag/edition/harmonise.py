"""Figures of one COG year brought to another: counts summed when communes merge, shared when they split."""

from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

import pandas as pd

from terrdiag.edition.moves import Moves, find_lost, link_communes, sort_moves
from terrdiag.edition.schema import ESTIMATED
from terrdiag.sources.extract import Dropped
from terrdiag.values import MISSING, OK, SECRET

NOT_ADDITIVE: Final = {
    "median_income_eur": None,
    "altitude_mean_m": None,
    "altitude_min_m": "min",
    "altitude_max_m": "max",
}
"""Variables that are not counts, and what becomes of them when communes merge (None: nothing is known)."""

KEYS: Final = ["code", "variable", "ref_year"]

SAME_POPULATION: Final = 0.01
"""An EPCI whose population differs by no more than this, on its communes of today, is the same one.

Where nothing has changed the difference is under 0.0001 (rounding of the populations of communes).
"""

NEAR_POPULATION: Final = 0.1
"""Beyond this, it is another territory; below, what was published of it is an estimate."""


TOLD: Final = {"is_secret": SECRET, "is_missing": MISSING, "is_estimated": ESTIMATED}
"""What a part of a merger may be, that is told of the whole."""


class Harmonised(NamedTuple):
    """Figures brought to the communes of the edition.

    Attributes
    ----------
    table
        For the communes of the edition.
    dropped
        Codes left out.
    moves
        What moved, and what was lost by it.
    """

    table: pd.DataFrame
    dropped: tuple[Dropped, ...]
    moves: Moves


def harmonise_figures(
    figures: pd.DataFrame,
    cog_year: int,
    events: pd.DataFrame,
    population: pd.Series,
    *,
    rates: Collection[str] = (),
) -> tuple[pd.DataFrame, tuple[Dropped, ...]]:
    """Bring commune figures to the communes of the edition, without what moved (see :func:`harmonise`)."""
    table, dropped, _ = harmonise(figures, cog_year, events, population, rates=rates)
    return table, dropped


def harmonise(
    figures: pd.DataFrame,
    cog_year: int,
    events: pd.DataFrame,
    population: pd.Series,
    *,
    rates: Collection[str] = (),
) -> Harmonised:
    """Bring commune figures to the communes of the edition, and tell what moved.

    Parameters
    ----------
    figures
        ``code, variable, ref_year, value, status`` for the communes of 1 January ``cog_year``.
    cog_year
        COG year of the codes.
    events
        Events of the edition.
    population
        Municipal population by commune of the edition: its index says which communes exist, its
        values share the counts of a commune that has been split since.
    rates
        Variables that are not counts, besides :data:`NOT_ADDITIVE`: a merger or a split loses them.

    Returns
    -------
    table : DataFrame
        The same columns for the communes of the edition. Merged counts are sums (secret or missing
        as soon as a part is); shared counts have the status ``estimated``; what is not a count is
        missing after a split, and after a merger but for an altitude extremum. Rows without a
        figure are left out, but for secrets.
    dropped : tuple of Dropped
        Codes that lead to no commune of the edition, or did not exist at the date of the file.
    moves : Moves
        What moved. Of counts, what the file gives is what the table gives, what ``dropped`` names and what
        ``moves`` names as lost: nothing else.
    """
    links = link_communes(figures, cog_year, events, population.index)
    moved = links.moved
    touched = figures["code"].isin(set(moved["code_before"]))
    still = set(links.pairs["code_before"]) - set(moved["code_before"])
    rules = {**dict.fromkeys(rates), **NOT_ADDITIVE}
    shared = _share_splits(figures[touched], moved, population, rules)
    expected = links.pairs.groupby("code_after").size()
    brought = _sum_mergers(shared, expected, rules)
    table = pd.concat([figures[figures["code"].isin(still)], brought], ignore_index=True)
    table = table.loc[(table["status"] != MISSING) | table["value"].notna(), list(figures.columns)]
    dropped = (
        *_name("code sans commune correspondante dans l'édition", links.orphans),
        *_name(
            f"commune qui n'existait pas au 1er janvier {cog_year}, date du fichier", links.later
        ),
    )
    lost, rates_lost = find_lost(figures[touched], shared, brought, rules)
    moves = Moves(
        cog_year,
        **sort_moves(links, set(figures["code"])),
        left_out=tuple(sorted(links.orphans | links.later)),
        lost=lost,
        rates_lost=rates_lost,
    )
    return Harmonised(table.sort_values(KEYS, ignore_index=True), dropped, moves)


def keep_same_groups(
    figures: pd.DataFrame, known: pd.DataFrame, members: pd.DataFrame
) -> tuple[pd.DataFrame, tuple[Dropped, ...]]:
    """Keep the figures of the EPCI of an earlier date that still exist, on the same perimeter or nearly.

    Nothing tells how a share would have changed with the communes: an EPCI is told to be the same by its population,
    which the file gives too and which can be summed over its communes of today.

    Parameters
    ----------
    figures
        ``code, variable, ref_year, value, status`` of EPCI, their ``population`` among them.
    known
        Figures of communes of the edition, ``population`` among them.
    members
        The ``memberships`` table.

    Returns
    -------
    table : DataFrame
        The figures but the population; ``estimated`` where it differs by more than 1 %.
    dropped : tuple of Dropped
        The EPCI left out or estimated, all of them named.
    """
    stated = figures[figures["variable"] == "population"].set_index("code")
    [year] = stated["ref_year"].unique()
    today = members[(members["kind"] == "epci") & members["valid_to"].isna()]
    population = today["code_commune"].map(_population_of(known, int(year)))
    summed = population.groupby(today["code"]).agg(lambda parts: parts.sum(skipna=False))
    gone = set(figures["code"]) - set(summed.index)
    gap = (summed.reindex(stated.index) / stated["value"] - 1).abs()
    other = set(stated.index[~(gap <= NEAR_POPULATION)]) - gone
    near = set(stated.index[gap > SAME_POPULATION]) - gone - other
    kept = figures[~figures["code"].isin(gone | other) & (figures["variable"] != "population")]
    estimated = kept["code"].isin(near) & (kept["status"] == OK)
    kept = kept.assign(status=kept["status"].mask(estimated, ESTIMATED))
    what = f"EPCI dont la population de {year}, sur leurs communes d'aujourd'hui, n'est pas celle du fichier"
    reasons = {
        "EPCI qui n'existent plus sous cet identifiant": gone,
        f"{what} à {100 * NEAR_POPULATION:g} % près (autre périmètre) : écartés": other,
        f"{what} à {100 * SAME_POPULATION:g} % près (périmètre changé, ou qui n'est pas sûr) : estimations": near,
    }
    return kept, tuple(
        Dropped(reason, len(codes), tuple(sorted(codes)))
        for reason, codes in reasons.items()
        if codes
    )


def _population_of(known: pd.DataFrame, year: int) -> pd.Series:
    """Give the population of communes one year, interpolated between the censuses around where it is not known."""
    rows = known[(known["level"] == "commune") & (known["variable"] == "population")]
    # several sources may give one; they differ by an inhabitant or two
    table = rows.pivot_table(index="code", columns="ref_year", values="value", aggfunc="first")
    return table.interpolate(axis=1, method="index", limit_area="inside")[year]


def _name(reason: str, codes: Collection[str]) -> tuple[Dropped, ...]:
    return (Dropped(reason, len(codes), tuple(sorted(codes)[:10])),) if codes else ()


Rules = Mapping[str, str | None]
"""Variables that are not counts, and what becomes of them when communes merge."""


def _share_splits(
    figures: pd.DataFrame, crosswalk: pd.DataFrame, population: pd.Series, rules: Rules
) -> pd.DataFrame:
    """Give each part of a split commune its share by population; what is not a count is lost."""
    weight = crosswalk["code_after"].map(population).astype(float)
    total = weight.groupby(crosswalk["code_before"]).transform("sum")
    parts = crosswalk.groupby("code_before")["code_after"].transform("size")
    links = crosswalk.assign(share=(weight / total).where(parts > 1, 1.0), is_split=parts > 1)
    rows = figures.merge(links, left_on="code", right_on="code_before")
    lost = rows["is_split"] & rows["variable"].isin(list(rules))
    rows["value"] = (rows["value"] * rows["share"]).mask(lost)
    rows["status"] = (
        rows["status"]
        .mask(rows["is_split"] & (rows["status"] == OK), ESTIMATED)
        .mask(lost, MISSING)
    )
    rows["code"] = rows["code_after"]
    return rows


def _sum_mergers(rows: pd.DataFrame, expected: pd.Series, rules: Rules) -> pd.DataFrame:
    """Sum the parts of a merged commune, known only if all of them are (``expected``: how many, by commune)."""
    if rows.empty:
        return rows
    told = {name: rows["status"] == status for name, status in TOLD.items()}
    merged = (
        rows.assign(**told)
        .groupby(KEYS, sort=True)
        .agg(
            value=("value", lambda parts: parts.sum(skipna=False)),
            low=("value", "min"),
            high=("value", "max"),
            parts=("value", "size"),
            **{name: (name, "any") for name in TOLD},
        )
        .reset_index()
    )
    incomplete = merged["parts"] < merged["code"].map(expected)
    merged["is_missing"] |= incomplete
    merged.loc[incomplete, "value"] = float("nan")
    for variable, rule in rules.items():
        here = (merged["variable"] == variable) & (merged["parts"] > 1)
        merged.loc[here, "value"] = (
            merged.loc[here, "low" if rule == "min" else "high"] if rule else float("nan")
        )
        merged.loc[here & (merged["is_missing"] | merged["is_secret"]), "value"] = float("nan")
    merged["status"] = OK
    merged.loc[merged["is_estimated"], "status"] = ESTIMATED
    merged.loc[merged["value"].isna(), "status"] = MISSING
    merged.loc[merged["is_secret"], "status"] = SECRET
    return merged
