"""Which commune belongs to which EPCI on 1 January: the ``epcicom`` workbooks of the DGCL."""

import io
import re
from pathlib import Path
from typing import Any, Final

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from terrdiag.errors import SourceFormatError
from terrdiag.sources.extract import Extract, check_columns, check_unique
from terrdiag.sources.files import FETCH_AGAIN, read_bytes
from terrdiag.sources.tables import (
    COMMUNE_PATTERN,
    check_codes,
    make_extract,
)

SOURCE_ID: Final = "dgcl-epcicom"
COLUMNS: Final = ("siren", "raison_sociale", "nature_juridique", "nb_membres", "insee")

EPCI_PATTERN: Final = r"2\d{8}"
"""The SIREN of a public body starts with 2."""

NATURES: Final = frozenset({"CC", "CA", "CU", "METRO", "MET69"})
"""EPCI with their own taxation, and the Métropole de Lyon (``MET69``), which the DGCL adds to them.

An EPT is not one: its communes are those of the Grand Paris.
"""


def read_epci_members(path: Path) -> Extract:
    """Read the communes of every EPCI at 1 January (``epcicomAAAA.xlsx``).

    Returns
    -------
    Extract
        ``year, code_epci`` (SIREN), ``nom_epci, nature, code_commune``, sorted by commune. The
        year is the one of the name of the file, else of the column ``ptot_AAAA``; communes of no
        EPCI are not in the workbook.

    Raises
    ------
    SourceFormatError
        The workbook is damaged or changed, a commune stands in two EPCI, or an EPCI does not
        have the number of members it declares.
    """
    rows = _read_rows(path)
    header = [str(cell) for cell in rows[0]]
    raw = pd.DataFrame(rows[1:], columns=header)
    check_columns(raw, COLUMNS, path)
    year = _read_year(header, path)
    sirens, communes = _to_codes(raw["siren"], 9), _to_codes(raw["insee"], 5)
    check_codes(sirens, EPCI_PATTERN, path)
    check_codes(communes, COMMUNE_PATTERN, path)
    table = pd.DataFrame(
        {
            "year": year,
            "code_epci": sirens,
            "nom_epci": raw["raison_sociale"].astype(str).str.strip(),
            "nature": raw["nature_juridique"].astype(str),
            "code_commune": communes,
        }
    )
    check_unique(table, ["code_commune"], path)
    _check_members(table, raw["nb_membres"], path)
    return make_extract(SOURCE_ID, table.sort_values("code_commune"), [path], cog_year=year)


def _read_rows(path: Path) -> list[list[Any]]:
    data = read_bytes(path)
    try:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    except CalamineError as error:
        raise SourceFormatError(
            f"{path} : classeur XLSX tronqué ou abîmé ({error}). {FETCH_AGAIN}"
        ) from error
    if len(rows) < 2:
        raise SourceFormatError(f"{path} : la première feuille n'a aucune ligne. {FETCH_AGAIN}")
    return rows


def _read_year(header: list[str], path: Path) -> int:
    years = {int(found[1]) for name in header if (found := re.fullmatch(r"ptot_(\d{4})", name))}
    if len(years) != 1:
        raise SourceFormatError(
            f"{path} : une colonne ptot_AAAA attendue pour dire l'année, {len(years)} trouvée(s). "
            f"Colonnes trouvées : {', '.join(header)}."
        )
    return _prefer_named(path, years.pop())


def _prefer_named(path: Path, populations: int) -> int:
    """Give the year of the list: that of the name of the file when its populations are of that year or the year before.

    The list of 2026 bears the populations of 2025 (``ptot_2025``), those of the years before their own.
    """
    named = re.fullmatch(r"epcicom(\d{4})", path.stem.casefold())
    if named is None:
        return populations
    year = int(named[1])
    if populations not in {year, year - 1}:
        raise SourceFormatError(
            f"{path} : populations de {populations} (colonne ptot_{populations}) dans un fichier nommé {year}. "
            "Rendez-lui le nom du producteur (epcicomAAAA.xlsx)."
        )
    return year


def _to_codes(cells: pd.Series, width: int) -> pd.Series:
    """Give codes as text: a spreadsheet may have made numbers of them (246500482.0)."""
    codes = [
        f"{int(cell):0{width}d}" if isinstance(cell, (int, float)) and cell == cell else str(cell)  # noqa: PLR0124
        for cell in cells
    ]
    return pd.Series(codes, index=cells.index, name=cells.name, dtype="str")


def _check_members(table: pd.DataFrame, declared: pd.Series, path: Path) -> None:
    unknown = sorted(set(table["nature"]) - NATURES)
    if unknown:
        raise SourceFormatError(f"{path} : nature d'EPCI inconnue : {', '.join(unknown)}.")
    counts = table.groupby("code_epci")["code_commune"].transform("size")
    wrong = table.loc[counts != pd.to_numeric(declared, errors="coerce"), "code_epci"].unique()
    if len(wrong):
        raise SourceFormatError(
            f"{path} : {len(wrong)} EPCI n'ont pas le nombre de membres déclaré (nb_membres) : "
            f"{', '.join(wrong[:5])}. Le classeur est incomplet. {FETCH_AGAIN}"
        )
