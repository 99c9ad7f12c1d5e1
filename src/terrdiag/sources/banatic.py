"""Members of the pôles d'équilibre territorial et rural (PETR), in the exports of BANATIC by région."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from terrdiag.errors import SourceFormatError
from terrdiag.sources.extract import Dropped, Extract
from terrdiag.sources.files import read_head
from terrdiag.sources.tables import SIREN_PATTERN, check_codes, make_extract, name_dropped
from terrdiag.sources.xlsxstream import parse_serial, read_columns, read_export_date
from terrdiag.wording import fold

SOURCE_ID: Final = "interieur-banatic"

COLUMNS: Final = {
    "N° SIREN": "code",
    "Nom du groupement": "nom",
    "Nature juridique": "nature",
    "Date d'effet": "effective",
    "Siren membre": "siren",
    "Nom membre": "nom_membre",
    "Catégorie des membres du groupement": "category",
}

COMPOSED: Final = frozenset({"CC", "CA", "CU", "METRO", "MET69", "EPT"})
"""Groupements whose communes are known from elsewhere: they are not looked into."""

MEMBER_KINDS: Final = ("commune", "groupement")
"""Starts of the categories of members that have a territory."""


def read_petr_members(paths: Sequence[Path]) -> Extract:
    """Read the members of the PETR in the exports of BANATIC, one a région.

    Parameters
    ----------
    paths
        The exports (``.xlsx``).

    Returns
    -------
    Extract
        ``code`` (SIREN of the PETR), ``nom``, ``siren`` (of a commune or of a groupement), ``effective`` (date the
        PETR took effect, NaT where it is not known), ``exported`` (day the export was made, NaT idem), sorted. A
        member that is itself a syndicat described in the exports is replaced by its own members; it is named, and so
        are members that are neither communes nor groupements (départements, chambers).

    Raises
    ------
    SourceFormatError
        An export is damaged, or none of them has a PETR (the national one has not).
    """
    rows = pd.concat([_read_export(path) for path in paths], ignore_index=True)
    is_petr = rows["nature"].map(is_petr_nature)
    if not is_petr.any():
        raise SourceFormatError(
            f"{', '.join(map(str, paths))} : aucun PETR. L'export national de BANATIC ne donne pas leurs membres : "
            "prenez ceux des régions."
        )
    links = rows[is_petr & (rows["siren"] != "")]
    others = ~links["category"].map(fold).str.startswith(MEMBER_KINDS)
    kept, nested = _expand(links[~others], _list_inside(rows))
    table = kept.drop_duplicates(["code", "siren"]).sort_values(["code", "siren"])
    dropped = (
        *nested,
        *name_dropped(
            "membres de PETR qui ne sont ni communes ni groupements",
            links.loc[others, "nom_membre"],
        ),
        *name_dropped(
            "PETR sans membre dans l'export",
            set(rows.loc[is_petr, "code"]) - set(table["code"]),
        ),
    )
    columns = ["code", "nom", "siren", "effective", "exported"]
    return make_extract(SOURCE_ID, table[columns], list(paths), dropped)


def is_petr_nature(nature: str) -> bool:
    """Tell a PETR by its legal nature, in initials or in words.

    Examples
    --------
    >>> is_petr_nature("PETR"), is_petr_nature("Pôle d'équilibre territorial et rural"), is_petr_nature("POLEM")
    (True, True, False)
    """
    folded = fold(nature)
    return "petr" in folded.split() or folded.startswith("pole d equilibre territorial")


def _read_export(path: Path) -> pd.DataFrame:
    read_head(path)
    # nothing rests on the day a PETR took effect
    rows = read_columns(path, COLUMNS, optional=["effective"])
    rows = rows[rows["code"] != ""]
    check_codes(rows["code"], SIREN_PATTERN, path)
    check_codes(rows.loc[rows["siren"] != "", "siren"], SIREN_PATTERN, path)
    dates = {text: _as_timestamp(parse_serial(text)) for text in rows["effective"].unique()}
    effective = pd.to_datetime(rows["effective"].map(dates))
    return rows.assign(effective=effective, exported=_as_timestamp(read_export_date(path)))


def _as_timestamp(day: dt.date | None) -> pd.Timestamp:
    """Give a day as a timestamp; NaT for none, and for one that pandas cannot hold."""
    return pd.to_datetime(pd.Series([day], dtype="object"), errors="coerce").iloc[0]


def _list_inside(rows: pd.DataFrame) -> dict[str, frozenset[str]]:
    """List the members of the syndicats of the exports, by SIREN."""
    inside = rows[~rows["nature"].isin(COMPOSED) & (rows["siren"] != "")]
    return {
        str(code): frozenset(members)
        for code, members in inside.groupby("code")["siren"].agg(frozenset).items()
    }


def _expand(
    links: pd.DataFrame, inside: Mapping[str, frozenset[str]]
) -> tuple[pd.DataFrame, tuple[Dropped, ...]]:
    """Replace the members that are syndicats by their own members, as deep as it goes."""
    nested = links["siren"].isin(inside)
    rows = [
        {**link, "siren": siren}
        for link in links[nested].to_dict("records")
        for siren in sorted(_unfold(link["siren"], inside))
    ]
    expanded = pd.DataFrame(rows, columns=links.columns)
    kept = pd.concat([links[~nested], expanded]) if rows else links[~nested]
    words = links.loc[nested, "nom_membre"] + " (" + links.loc[nested, "siren"] + ")"
    return kept, name_dropped(
        "syndicats membres d'un PETR, remplacés par leurs propres membres", set(words)
    )


def _unfold(siren: str, inside: Mapping[str, frozenset[str]]) -> set[str]:
    """List the members of a syndicat that are not syndicats (one that holds itself is opened once)."""
    found: set[str] = set()
    opened: set[str] = set()
    waiting = [siren]
    while waiting:
        one = waiting.pop()
        if one not in inside:
            found.add(one)
        elif one not in opened:
            opened.add(one)
            waiting += inside[one]
    return found
