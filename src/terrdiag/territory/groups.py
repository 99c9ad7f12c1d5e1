"""Which communes make a group at a date, in codes of the edition's COG."""

import datetime as dt
import itertools
import operator
from collections.abc import Collection, Iterable, Sequence

import pandas as pd

from terrdiag.edition import Edition, read_events, read_memberships
from terrdiag.edition.crosswalk import bring_forward
from terrdiag.edition.store import read_commune_list
from terrdiag.territory.model import FRANCE_CODE, Group

Key = tuple[str, str]
"""Kind and code of a group."""


def find_groups(edition: Edition, keys: Iterable[Key], date: dt.date) -> dict[Key, Group]:
    """Find the communes of groups at a date.

    Parameters
    ----------
    edition
        The edition.
    keys
        Kinds (``commune`` or a kind of membership) and codes at that date.
    date
        The date; the communes of that time are brought to the edition's COG.

    Returns
    -------
    dict
        The groups, in the order asked for; what did not exist then is left out.
    """
    keys = list(dict.fromkeys(keys))
    single = [code for kind, code in keys if kind == "commune"]
    others = [key for key in keys if key[0] != "commune"]
    found = _find_communes(edition, single, date) if single else {}
    if others:
        kinds, codes = ({key[part] for key in others} for part in (0, 1))
        rows = read_memberships(edition, kinds=kinds, codes=codes)
        members = carry_members(edition, rows[valid_at(rows, date)], date)
        for kind in kinds:
            groups = make_groups(kind, members[members["kind"] == kind])
            found |= {(kind, group.code): group for group in groups}
    # a département and a région may bear the same code: only what was asked for
    return {key: found[key] for key in keys if key in found}


def groups_around(
    edition: Edition, kinds: Sequence[str], communes: Collection[str]
) -> dict[str, tuple[Group, ...]]:
    """Find the groups that hold some of the communes at the edition's date, each whole.

    Parameters
    ----------
    edition
        The edition.
    kinds
        Kinds of membership.
    communes
        Codes of the edition's COG.

    Returns
    -------
    dict
        The groups of each kind, sorted by code.
    """
    near = read_memberships(edition, kinds=kinds, communes=communes)
    near = near.loc[valid_at(near, edition.date), ["kind", "code"]].drop_duplicates()
    if near.empty:
        return dict.fromkeys(kinds, ())
    rows = read_memberships(edition, kinds=kinds, codes=set(near["code"]))
    # a département and a région may bear the same code
    rows = rows[valid_at(rows, edition.date)].merge(near, on=["kind", "code"])
    return {kind: make_groups(kind, rows[rows["kind"] == kind]) for kind in kinds}


def find_france(edition: Edition) -> Group:
    """Give France: every commune of the edition, overseas included."""
    return Group(
        "france",
        FRANCE_CODE,
        "France",
        tuple(read_commune_list(edition)["code_commune"].to_numpy(dtype=object)),
    )


def valid_at(rows: pd.DataFrame, date: dt.date) -> "pd.Series[bool]":
    """Tell which memberships hold at a date (first day included, last day excluded)."""
    day = pd.Timestamp(date)
    begun = rows["valid_from"].isna() | (rows["valid_from"] <= day)
    return begun & (rows["valid_to"].isna() | (rows["valid_to"] > day))


def carry_members(edition: Edition, rows: pd.DataFrame, date: dt.date) -> pd.DataFrame:
    """Bring memberships that hold at a date to the communes of the edition.

    Parameters
    ----------
    edition
        The edition.
    rows
        Memberships that hold at ``date``; the codes of the dated ones are those of the time.
    date
        The date.

    Returns
    -------
    DataFrame
        The same columns, ``code_commune`` being codes of the edition's COG; no pair stands twice.
    """
    if date < edition.date:
        dated = rows["valid_from"].notna()
        moved = bring_to_edition(edition, rows.loc[dated, "code_commune"], date)
        carried = rows[dated].merge(moved, left_on="code_commune", right_on="code_before")
        carried = carried.assign(code_commune=carried["code_after"])[list(rows.columns)]
        rows = pd.concat([rows[~dated], carried]) if not dated.all() else carried
    return rows.drop_duplicates(["code", "code_commune"], ignore_index=True)


def bring_to_edition(edition: Edition, codes: Iterable[str], date: dt.date) -> pd.DataFrame:
    """Bring codes of communes of a date to the edition's COG: ``code_before, code_after``.

    Lists of members are those of 1 January: what happened later in the year is still ahead of them.
    """
    events = read_events(edition)
    return bring_forward(set(codes), dt.date(date.year, 1, 1), events, edition.date)


def make_groups(kind: str, members: pd.DataFrame) -> tuple[Group, ...]:
    """Make groups of a table of members (``code, nom, code_commune``), sorted by code."""
    table = members.sort_values(["code", "code_commune"])
    # arrays of objects: far quicker to go through than a column
    columns = (table[name].to_numpy(dtype=object) for name in ("code", "nom", "code_commune"))
    rows = itertools.groupby(zip(*columns, strict=True), key=operator.itemgetter(0))
    found = ((code, list(group)) for code, group in rows)
    return tuple(Group(kind, c, rows[0][1], tuple(row[2] for row in rows)) for c, rows in found)


def _find_communes(edition: Edition, codes: Sequence[str], date: dt.date) -> dict[Key, Group]:
    names = read_commune_list(edition).set_index("code_commune")["nom"]
    moved = bring_to_edition(edition, codes, min(date, edition.date))
    after = moved.groupby("code_before")["code_after"]
    found = {}
    for code, table in after:
        communes = tuple(sorted(table))
        if set(communes) <= set(names.index):
            name = ", ".join(names[list(communes)])
            found["commune", str(code)] = Group("commune", str(code), name, communes)
    return found
