"""Territoires d'industrie of 2023-2027 (ANCT): lists of communes and of groupements."""

import re
from pathlib import Path
from typing import Final

import pandas as pd

from terrdiag.errors import SourceFormatError
from terrdiag.sources.extract import Dropped, Extract
from terrdiag.sources.files import decode_text, read_bytes, read_csv
from terrdiag.sources.tables import (
    COMMUNE_PATTERN,
    SIREN_PATTERN,
    check_codes,
    make_extract,
    name_dropped,
)

SOURCE_ID: Final = "anct-territoires-industrie-2023"

TI_PATTERN: Final = r"ti-\d{4}"

SEPARATORS: Final = (",", ";", "\t", "|")

COMMUNE_COLUMNS: Final = ("insee_com", "id_ti", "lib_ti")
GROUPEMENT_COLUMNS: Final = ("id_ti", "lib_ti", "siren_groupement", "nature_juridique")


def read_ti_2023(path: Path) -> Extract:
    """Read the communes of the Territoires d'industrie of 2023-2027 (``liste-ti-comAAAA-AAAAMMJJ.csv``).

    Returns
    -------
    Extract
        ``code, nom, code_commune``, sorted. The COG year is in the name of the file (``com2023``), else that of the
        register. A commune in two territories is kept in both, and named.

    Raises
    ------
    SourceFormatError
        The file is not the one expected, or a code is not well formed.
    """
    raw = _read(path, COMMUNE_COLUMNS)
    check_codes(raw["insee_com"], COMMUNE_PATTERN, path)
    table, dropped = _name_once(raw, "insee_com")
    several = table.loc[table.duplicated("insee_com"), "insee_com"]
    dropped += name_dropped(
        "communes de deux Territoires d'industrie, gardées dans les deux", several
    )
    table = table.rename(columns={"insee_com": "code_commune"})
    found = re.search(r"com(20\d\d)", path.name)
    year = int(found[1]) if found else None
    return make_extract(SOURCE_ID, table, [path], dropped, cog_year=year)


def read_ti_2023_groupements(path: Path) -> Extract:
    """Read the groupements of the Territoires d'industrie of 2023-2027 (``liste-ti-grptAAAA-AAAAMMJJ.csv``).

    Returns
    -------
    Extract
        ``code, nom, siren``, sorted: EPCI, EPT or communes, by their SIREN.
    """
    raw = _read(path, GROUPEMENT_COLUMNS)
    check_codes(raw["siren_groupement"], SIREN_PATTERN, path)
    table, dropped = _name_once(raw, "siren_groupement")
    table = table.rename(columns={"siren_groupement": "siren"})
    return make_extract(SOURCE_ID, table, [path], dropped)


def _read(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    data = read_bytes(path)
    head = decode_text(data, path).partition("\n")[0]
    separator = max(SEPARATORS, key=head.count)
    raw = read_csv(path, columns, sep=separator, data=data)
    for column in columns:
        raw[column] = raw[column].str.strip()
    check_codes(raw["id_ti"], TI_PATTERN, path)
    nameless = raw.loc[raw["lib_ti"] == "", "id_ti"]
    if not nameless.empty:
        raise SourceFormatError(
            f"{path}, colonne lib_ti : territoire(s) sans nom : {', '.join(nameless.head(3))}."
        )
    return raw


def _name_once(raw: pd.DataFrame, member: str) -> tuple[pd.DataFrame, tuple[Dropped, ...]]:
    """Give each territory one name (the most written), and each member of it one row."""
    written = raw.groupby("id_ti")["lib_ti"].agg(lambda names: names.mode().iloc[0])
    variants = raw.groupby("id_ti")["lib_ti"].nunique()
    table = pd.DataFrame(
        {"code": raw["id_ti"], "nom": raw["id_ti"].map(written), member: raw[member]}
    )
    repeated = table.duplicated(["code", member])
    dropped = (
        *name_dropped("territoires écrits de plusieurs façons", variants.index[variants > 1]),
        *name_dropped("lignes répétées", table.loc[repeated, member]),
    )
    return table[~repeated].sort_values(["code", member]), dropped
