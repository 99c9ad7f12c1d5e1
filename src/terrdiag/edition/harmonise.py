"""Figures of one COG year brought to another: counts summed when communes merge, shared when they split."""

import datetime as dt
from typing import Final

import pandas as pd

from terrdiag.edition.crosswalk import bring_forward, communes_at
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


def harmonise_figures(
    figures: pd.DataFrame, cog_year: int, events: pd.DataFrame, population: pd.Series
) -> tuple[pd.DataFrame, tuple[Dropped, ...]]:
    """Bring commune figures to the communes of the edition.

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

    Returns
    -------
    table : DataFrame
        The same columns for the communes of the edition. Merged counts are sums (secret or missing
        as soon as a part is); shared counts have the status ``estimated``; what is not a count is
        missing after a split, and after a merger but for an altitude extremum. Rows without a
        figure are left out, but for secrets.
    dropped : tuple of Dropped
        Codes that lead to no commune of the edition, or did not exist at the date of the file.
    """
    date = dt.date(cog_year, 1, 1)
    existing = communes_at(date, population.index, events)
    # communes without a row too: a merged commune is known only if all of its parts are
    crosswalk = bring_forward({*figures["code"], *existing}, date, events)
    known = crosswalk["code_after"].isin(population.index)
    orphans = set(crosswalk.loc[~known, "code_before"]) & set(figures["code"])
    # a later commune may have a row: empty, it says nothing; filled, nobody knows what it is part of
    later = set(figures.loc[figures["status"] != MISSING, "code"]) - existing - orphans
    crosswalk = crosswalk[known & crosswalk["code_before"].isin(existing)]
    moved = (
        (crosswalk["code_before"] != crosswalk["code_after"])
        | crosswalk.duplicated("code_before", keep=False)
        | crosswalk.duplicated("code_after", keep=False)
    )
    touched = set(crosswalk.loc[moved, "code_before"])
    same = figures[figures["code"].isin(existing - touched - orphans)]
    shared = _share_splits(figures[figures["code"].isin(touched)], crosswalk[moved], population)
    expected = crosswalk.groupby("code_after").size()
    table = pd.concat([same, _sum_mergers(shared, expected)], ignore_index=True)
    table = table.loc[(table["status"] != MISSING) | table["value"].notna(), list(figures.columns)]
    dropped = (
        *_name("code sans commune correspondante dans l'édition", orphans),
        *_name(f"commune qui n'existait pas au 1er janvier {cog_year}, date du fichier", later),
    )
    return table.sort_values(KEYS, ignore_index=True), dropped


def _name(reason: str, codes: set[str]) -> tuple[Dropped, ...]:
    return (Dropped(reason, len(codes), tuple(sorted(codes)[:10])),) if codes else ()


def _share_splits(
    figures: pd.DataFrame, crosswalk: pd.DataFrame, population: pd.Series
) -> pd.DataFrame:
    """Give each part of a split commune its share by population; what is not a count is lost."""
    weight = crosswalk["code_after"].map(population).astype(float)
    total = weight.groupby(crosswalk["code_before"]).transform("sum")
    parts = crosswalk.groupby("code_before")["code_after"].transform("size")
    links = crosswalk.assign(share=(weight / total).where(parts > 1, 1.0), is_split=parts > 1)
    rows = figures.merge(links, left_on="code", right_on="code_before")
    lost = rows["is_split"] & rows["variable"].isin(NOT_ADDITIVE)
    rows["value"] = (rows["value"] * rows["share"]).mask(lost)
    rows["status"] = (
        rows["status"]
        .mask(rows["is_split"] & (rows["status"] == OK), ESTIMATED)
        .mask(lost, MISSING)
    )
    rows["code"] = rows["code_after"]
    return rows


def _sum_mergers(rows: pd.DataFrame, expected: pd.Series) -> pd.DataFrame:
    """Sum the parts of a merged commune, known only if all of them are (``expected``: how many, by commune)."""
    if rows.empty:
        return rows
    merged = (
        rows.groupby(KEYS, sort=True)
        .agg(
            value=("value", lambda parts: parts.sum(skipna=False)),
            low=("value", "min"),
            high=("value", "max"),
            parts=("value", "size"),
            is_secret=("status", lambda parts: (parts == SECRET).any()),
            is_missing=("status", lambda parts: (parts == MISSING).any()),
            is_estimated=("status", lambda parts: (parts == ESTIMATED).any()),
        )
        .reset_index()
    )
    incomplete = merged["parts"] < merged["code"].map(expected)
    merged["is_missing"] |= incomplete
    merged.loc[incomplete, "value"] = float("nan")
    for variable, rule in NOT_ADDITIVE.items():
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
