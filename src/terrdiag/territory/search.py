"""Find territories by name or by code, as people write them."""

import dataclasses
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from terrdiag.edition import Edition, read_memberships
from terrdiag.edition.store import read_commune_list
from terrdiag.study import KINDS, Kind
from terrdiag.study.codes import OPTIONAL_KINDS, QUALIFIED_KINDS
from terrdiag.territory.groups import valid_at
from terrdiag.territory.model import KIND_LABELS, format_date
from terrdiag.territory.names import ALIKE, NO_MATCH, SAME, SAME_BUT_ARTICLES, rank_names
from terrdiag.territory.unknown import find_successors
from terrdiag.territory.zones import rank_zones
from terrdiag.wording import NNBSP, fold, plural

LEVELS: Final[tuple[Kind, ...]] = (
    *("region", "departement", "epci", "petr", "ti", "ept"),
    *OPTIONAL_KINDS,
    "commune",
)
"""Which one comes first, or is kept, when nothing else tells two territories apart."""


@dataclass(frozen=True)
class Territory:
    """A territory that a name or a code may mean.

    Attributes
    ----------
    kind, code, name
        The territory.
    communes
        Number of its communes (at its last date when it is no more).
    rank
        How well it answers the query, see :mod:`terrdiag.territory.names`; 0 is the very name.
    until
        The day it ceased to exist, if it did.
    successors
        When it is no more: code and name of those that hold its communes, the main one first.
    """

    kind: Kind
    code: str
    name: str
    communes: int
    rank: float = 0.0
    until: dt.date | None = None
    successors: tuple[tuple[str, str], ...] = ()

    @property
    def target(self) -> str:
        """How to write it so that it means nothing else.

        Examples
        --------
        >>> Territory("region", "75", "Nouvelle-Aquitaine", 4300).target
        'region:75'
        """
        return f"{self.kind}:{self.code}" if self.kind in QUALIFIED_KINDS else self.code

    @property
    def label(self) -> str:
        """Its level, its name, its number of communes, and what became of it."""
        level = KIND_LABELS[self.kind]
        words = f"{level} {self.name}" if fold(level) not in fold(self.name) else self.name
        is_commune = self.kind == "commune"
        size = find_departement(self.code) if is_commune else plural(self.communes, "commune")
        if self.until is None:
            return f"{words} ({size})"
        now = ", ".join(f"{name} ({code})" for code, name in self.successors)
        return f"{words} ({size}), jusqu'au {format_date(self.until)}{NNBSP}; aujourd'hui {now}"


def find_departement(code_commune: str) -> str:
    """Give the département of a commune, by its code.

    Examples
    --------
    >>> find_departement("65059"), find_departement("2A004"), find_departement("97411")
    ('65', '2A', '974')
    """
    return code_commune[: 3 if code_commune.startswith("97") else 2]


def find_territories(query: str, edition: Edition, limit: int = 10) -> tuple[Territory, ...]:
    """Find the territories that a name or a code may mean.

    Parameters
    ----------
    query
        A name (accents, case, articles and hyphens do not matter), a code, or ``level:code``.
    edition
        The edition.
    limit
        How many to give at the most.

    Returns
    -------
    tuple of Territory
        The best first: the very name, then names that begin so, that hold all the words, that
        look alike; among equals, existing ones before former ones, larger ones first.
    """
    table = _read_territories(edition)
    ranks = _match_codes(query, table)
    if not (ranks < NO_MATCH).any():
        table = table[~table["is_renumbered"]]
        ranks = _match_names(query, table)
    found = table.assign(rank=ranks)[ranks < NO_MATCH]
    found = found.assign(is_former=found["until"].notna(), level=found["kind"].map(LEVELS.index))
    order = ["rank", "is_former", "communes", "level", "code"]
    found = found.sort_values(order, ascending=[True, True, False, True, True]).head(limit)
    return tuple(_make_territories(found, edition))


def split_target(text: str) -> tuple[Kind | None, str]:
    """Split ``level:code``; the level is nothing when the text is not of that form.

    Examples
    --------
    >>> split_target("Région:75"), split_target("65059")
    (('region', '75'), (None, '65059'))
    """
    level, separator, code = text.partition(":")
    names = {name: kind for kind, form in KINDS.items() for name in (kind, form.key)}
    kind = names.get(fold(level)) if separator else None
    return (kind, code.strip()) if kind else (None, text.strip())


def _match_codes(query: str, table: pd.DataFrame) -> "pd.Series[float]":
    """Rank the territories by their codes; a zone whose level is not said comes after what bears the code alone."""
    kind, code = split_target(query)
    same = table["code"].str.lower() == code.lower()
    if kind:
        same &= table["kind"] == kind
    ranks = same.map({True: SAME, False: NO_MATCH})
    return (
        ranks if kind else ranks.mask(same & table["kind"].isin(OPTIONAL_KINDS), SAME_BUT_ARTICLES)
    )


def _match_names(query: str, table: pd.DataFrame) -> "pd.Series[float]":
    """Rank the territories by their names; those that are only alike are kept when nothing answers better."""
    ranks = pd.Series(NO_MATCH, table.index)
    is_zone = table["kind"].isin(OPTIONAL_KINDS)
    for part, rank in ((table[~is_zone], rank_names), (table[is_zone], rank_zones)):
        kinds, names = (part[name].to_numpy(dtype=object).tolist() for name in ("kind", "name"))
        ranks[part.index] = rank(query, kinds, names)
    return ranks.mask(ranks >= ALIKE, NO_MATCH) if (ranks < ALIKE).any() else ranks


def _read_territories(edition: Edition) -> pd.DataFrame:
    """Read every territory, of today or before: ``kind, code, name, communes, until``."""
    communes = read_commune_list(edition)
    single = communes.rename(columns={"code_commune": "code", "nom": "name"})[["code", "name"]]
    tables = [single.assign(kind="commune", communes=1), _read_upper_levels(edition, communes)]
    upper = pd.concat([*tables, *_read_zones(edition)]).assign(is_renumbered=False)
    return pd.concat([upper, _read_groups(edition)], ignore_index=True)


def _read_zones(edition: Edition) -> list[pd.DataFrame]:
    """Read the zones that the edition has, with their number of communes today."""
    members = edition.memberships
    zones = members.filter(pc.field("kind").isin(pa.array(OPTIONAL_KINDS, pa.string())))
    if not zones.num_rows:
        return []
    rows = zones.filter(pc.field("valid_to").is_null()).group_by(["kind", "code", "nom"])
    sizes: pd.DataFrame = rows.aggregate([("code_commune", "count")]).to_pandas()
    columns = {"nom": "name", "code_commune_count": "communes"}
    return [sizes.rename(columns=columns)[["kind", "code", "name", "communes"]]]


def _read_upper_levels(edition: Edition, communes: pd.DataFrame) -> pd.DataFrame:
    # a commune of each département is enough to read the names
    one_each = communes.loc[~communes["code_departement"].duplicated(), "code_commune"]
    kinds = ("departement", "region")
    rows = read_memberships(edition, kinds=kinds, communes=list(one_each))
    rows = rows.drop_duplicates(["kind", "code"]).rename(columns={"nom": "name"})
    sizes = pd.concat({kind: communes[f"code_{kind}"].value_counts() for kind in kinds})
    table = sizes.rename_axis(["kind", "code"]).reset_index(name="communes")
    return rows[["kind", "code", "name"]].merge(table, on=["kind", "code"])


def _read_groups(edition: Edition) -> pd.DataFrame:
    """Read EPCI, EPT, programmes: number of communes today, or on their last day."""
    rows = read_memberships(edition, kinds=["epci", "ept", "ti", "petr"])
    far = pd.Timestamp.max.normalize()
    rows = rows.assign(end=rows["valid_to"].mask(valid_at(rows, edition.date)).fillna(far))
    groups = rows.groupby(["kind", "code"], sort=False)
    last = rows[rows["end"] == groups["end"].transform("max")]
    table = last.groupby(["kind", "code"], sort=False).agg(
        name=("nom", "last"), communes=("code_commune", "size"), end=("end", "max")
    )
    until = (table["end"] - pd.Timedelta(days=1)).where(table["end"] < far)
    table = table.assign(until=until).drop(columns="end").reset_index()
    # a group that only changed its identifier answers to its name once, under the present one
    title, former = table["kind"] + ":" + table["name"], table["until"].notna()
    return table.assign(is_renumbered=former & title.isin(set(title[~former])))


def _make_territories(found: pd.DataFrame, edition: Edition) -> Iterator[Territory]:
    for row in found.to_dict("records"):
        territory = Territory(row["kind"], row["code"], row["name"], row["communes"], row["rank"])
        if row["is_former"]:
            past = read_memberships(edition, kinds=[territory.kind], codes=[territory.code])
            successors = tuple(find_successors(edition, territory.kind, past))
            until = row["until"].date()
            territory = dataclasses.replace(territory, until=until, successors=successors)
        yield territory
