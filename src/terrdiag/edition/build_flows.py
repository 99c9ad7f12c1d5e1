"""The ``flows`` table: who lives where and works where, both ends brought to the edition's communes."""

import datetime as dt
from functools import partial
from typing import Final

import pandas as pd

from terrdiag.catalogue import Source
from terrdiag.edition.bench import Workbench, sources_feeding
from terrdiag.edition.build_figures import read_source
from terrdiag.edition.crosswalk import bring_forward
from terrdiag.edition.schema import ESTIMATED, FLOWS
from terrdiag.edition.store import read_flows
from terrdiag.sources.extract import Dropped, Extract
from terrdiag.sources.tables import name_dropped
from terrdiag.values import OK

KEYS: Final = ["ref_year", "origin", "destination"]


def build_flows(
    bench: Workbench, arrondissements: pd.DataFrame, events: pd.DataFrame, population: pd.Series
) -> pd.DataFrame:
    """Make the ``flows`` table; of two sources of the same year, the first of the register is kept.

    Parameters
    ----------
    bench
        The workbench.
    arrondissements
        ``code_arrondissement, code_commune``.
    events
        Events of the edition.
    population
        Municipal population by commune of the edition: shares the flows of a commune split since.

    Returns
    -------
    DataFrame
        With the columns of ``FLOWS``; empty when no file is there.
    """
    tables = [pd.DataFrame(columns=list(FLOWS.names))]
    for source in sources_feeding("flows"):
        there = bench.base is not None or any(bench.raw.glob(source.path))
        if there and not bench.is_replaced(source):
            make = partial(_make, bench, source, (arrondissements, events, population))
            tables.append(bench.attempt(source.id, make, partial(_carry, bench, source.id)))
    known = [table for table in tables if len(table)] or tables[:1]
    flows = pd.concat(known, ignore_index=True)[list(FLOWS.names)]
    return flows.drop_duplicates(KEYS).sort_values(KEYS, ignore_index=True)


def _make(
    bench: Workbench, source: Source, known: tuple[pd.DataFrame, pd.DataFrame, pd.Series]
) -> pd.DataFrame:
    """Read a source of flows, and bring it to the edition's communes."""
    arrondissements, events, population = known
    parts = []
    for extract in read_source(source, bench.find(source), arrondissements):
        table, lost = harmonise_flows(extract, events, population)
        bench.take(extract, lost)
        parts.append(table.assign(source_id=source.id))
    return pd.concat(parts, ignore_index=True)


def _carry(bench: Workbench, source_id: str) -> pd.DataFrame:
    assert bench.base is not None  # noqa: S101  # nothing is carried without a base
    table = read_flows(bench.base)
    return table[table["source_id"] == source_id]


def harmonise_flows(
    extract: Extract, events: pd.DataFrame, population: pd.Series
) -> tuple[pd.DataFrame, tuple[Dropped, ...]]:
    """Bring both ends of flows to the communes of the edition: summed when communes merge, shared when they split.

    Parameters
    ----------
    extract
        ``origin, destination, place, ref_year, value``.
    events
        Events of the edition.
    population
        Municipal population by commune of the edition.

    Returns
    -------
    table : DataFrame
        ``origin, destination, place, ref_year, value, status``. ``place`` names a destination that is not a commune
        of the edition (a country, an overseas collectivity), and is null otherwise. What was shared between the
        parts of a commune has the status ``estimated``.
    dropped : tuple of Dropped
        Communes of residence that lead to no commune of the edition.
    """
    flows = extract.table
    date = dt.date(extract.cog_year, 1, 1)
    ends = sorted({*flows["origin"], *flows["destination"]})
    links = bring_forward(ends, date, events)
    links = links[links["code_after"].isin(population.index)]
    parts = links.groupby("code_before")["code_after"].transform("size")
    links = links.assign(share=_share(links, population), is_split=parts > 1)
    lost = sorted(set(flows["origin"]) - set(links["code_before"]))
    moved = _follow(flows[~flows["origin"].isin(lost)], links, "origin")
    known = moved["destination"].isin(links["code_before"])
    inside = _follow(moved[known], links, "destination").assign(place=None)
    table = pd.concat([inside, moved[~known]], ignore_index=True)
    summed = table.groupby([*KEYS[1:], "ref_year"], as_index=False, sort=True).agg(
        place=("place", "first"), value=("value", "sum"), is_split=("is_split", "any")
    )
    summed["status"] = summed.pop("is_split").map({True: ESTIMATED, False: OK})
    people = flows.loc[flows["origin"].isin(lost), "value"].sum()
    reason = f"communes de résidence sans correspondance dans l'édition ({people:.0f} personnes)"
    return summed, name_dropped(reason, lost)


def _share(links: pd.DataFrame, population: pd.Series) -> pd.Series:
    """Share each commune between its parts, by population; equally when that of none is known."""
    before = links["code_before"]
    weight = links["code_after"].map(population).astype("float64").fillna(0.0)
    # 0 / 0 would be no share at all, and the people would vanish from the sum
    weight = weight.where(weight.groupby(before).transform("sum") > 0, 1.0)
    return weight / weight.groupby(before).transform("sum")


def _follow(flows: pd.DataFrame, links: pd.DataFrame, end: str) -> pd.DataFrame:
    """Follow one end of flows to the communes of the edition."""
    rows = flows.merge(links, left_on=end, right_on="code_before", suffixes=("", "_link"))
    split = (
        rows["is_split_link"] | rows["is_split"] if "is_split_link" in rows else rows["is_split"]
    )
    rows = rows.assign(value=rows["value"] * rows["share"], is_split=split)
    rows[end] = rows["code_after"]
    return rows[["origin", "destination", "place", "ref_year", "value", "is_split"]]
