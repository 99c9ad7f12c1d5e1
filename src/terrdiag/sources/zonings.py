"""Zonings of INSEE by commune: employment zones, attraction areas, urban units… (table d'appartenance)."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from terrdiag.errors import SourceFormatError
from terrdiag.sources.extract import Dropped, Extract, check_columns, check_unique
from terrdiag.sources.tables import COMMUNE_PATTERN, check_codes, make_extract, name_dropped
from terrdiag.sources.workbooks import Sheet, read_sheets
from terrdiag.wording import fold

SOURCE_ID: Final = "insee-table-appartenance-2026"

COMMUNES_SHEET: Final = "COM"
NAMES_SHEET: Final = "Zones_supra_communales"


@dataclass(frozen=True)
class Zoning:
    """A zoning as the file writes it.

    Attributes
    ----------
    label
        What its zones are called, before their name.
    column
        Regular expression of its column; a vintage (``ZE2020``) is a group.
    code
        Regular expression of its codes.
    """

    label: str
    column: str
    code: str


ZONINGS: Final = {
    "ze": Zoning("Zone d'emploi", r"ZE(\d{4})", r"\d{4}"),
    "aav": Zoning("Aire d'attraction", r"AAV(\d{4})", r"[0-9A-Z]{3}"),
    "bv": Zoning("Bassin de vie", r"BV(\d{4})", COMMUNE_PATTERN),
    "uu": Zoning("Unité urbaine", r"UU(\d{4})", r"\d[0-9A-F]\d{3}"),
    "arr": Zoning("Arrondissement", r"ARR()", r"(?:\d\d|2[AB]|97\d)\d"),
    "cv": Zoning("Canton", r"(?:CV|CANOV)()", r"(?:\d\d|2[AB]|97\d)(?:\d\d|[A-Z]{2})"),
}
"""Zonings by kind of membership. Cantons were ``CV``, then ``CANOV``."""

OUTSIDE_CODE: Final = re.compile(r"0+|\d[0-9A-F]000|Z+")
"""Codes of what is in no zone: 000 (hors attraction), 65000 (hors unité urbaine), ZZZZZ (sans objet)."""

OUTSIDE_WORDS: Final = re.compile(r"\bhors\b|\bsans objet\b")
"""The same in words, in a folded label."""


def read_zonings(path: Path) -> Extract:
    """Read to which zone of each zoning every commune belongs (``table-appartenance-geo-communes-AAAA``).

    Parameters
    ----------
    path
        The archive of INSEE, or the workbook that it holds.

    Returns
    -------
    Extract
        ``kind`` (``ze``, ``aav``, ``bv``, ``uu``, ``arr``, ``cv``), ``code``, ``nom`` (« Zone d'emploi d'Auch »),
        ``code_commune``, sorted. Communes in no zone (hors attraction, hors unité urbaine) are left out, counted.
        Of two vintages of a zoning, the later is read; its COG year is the one that the file states.

    Raises
    ------
    SourceFormatError
        The workbook is damaged or changed, or a code lost its zeros.
    """
    sheets = read_sheets(path, [COMMUNES_SHEET, NAMES_SHEET], "CODGEO")
    communes, zones = sheets[COMMUNES_SHEET].table, sheets[NAMES_SHEET].table
    check_columns(zones, ["NIVGEO", "CODGEO", "LIBGEO"], path)
    check_codes(communes["CODGEO"], COMMUNE_PATTERN, path)
    check_unique(communes, ["CODGEO"], path)
    columns, dropped = _find_columns(list(communes.columns), path)
    tables = []
    for kind, column in columns.items():
        names = zones[zones["NIVGEO"] == column].drop_duplicates("CODGEO")
        table, left = _read_zoning(
            communes, kind, column, names.set_index("CODGEO")["LIBGEO"], path
        )
        tables.append(table)
        dropped += left
    table = pd.concat(tables, ignore_index=True)
    table = table.sort_values(["kind", "code", "code_commune"])
    year = read_year(sheets[COMMUNES_SHEET], path)
    return make_extract(SOURCE_ID, table, [path], dropped, cog_year=year)


def _find_columns(header: list[str], path: Path) -> tuple[dict[str, str], tuple[Dropped, ...]]:
    """Find the column of each zoning, the later of two vintages."""
    columns: dict[str, str] = {}
    older: list[str] = []
    for kind, zoning in ZONINGS.items():
        found = sorted(name for name in header if re.fullmatch(zoning.column, name))
        if found:
            columns[kind] = found[-1]
            older += found[:-1]
    if not columns:
        raise SourceFormatError(
            f"{path} : aucun zonage (ZE, AAV, BV, UU, ARR, CV) parmi les colonnes : "
            f"{', '.join(header)}. Le format du producteur a peut-être changé."
        )
    absent = [kind for kind in ZONINGS if kind not in columns]
    return columns, (
        *name_dropped("zonages absents du fichier", absent),
        *name_dropped("zonages d'un millésime plus ancien, présents à côté du plus récent", older),
    )


def _read_zoning(
    communes: pd.DataFrame, kind: str, column: str, names: "pd.Series[str]", path: Path
) -> tuple[pd.DataFrame, tuple[Dropped, ...]]:
    label = ZONINGS[kind].label
    codes, named = communes[column], communes[column].map(names)
    words = named.fillna("").map(fold)
    outside = codes.str.fullmatch(OUTSIDE_CODE) | words.str.contains(OUTSIDE_WORDS) | (codes == "")
    check_codes(codes[~outside], ZONINGS[kind].code, path)
    nameless = ~outside & (named.isna() | (named == ""))
    kept = ~outside & ~nameless
    table = pd.DataFrame(
        {
            "kind": kind,
            "code": codes[kept],
            "nom": [name_zone(label, name) for name in named[kept]],
            "code_commune": communes.loc[kept, "CODGEO"],
        }
    )
    return table, (
        *name_dropped(f"{column} : communes hors zonage", communes.loc[outside, "CODGEO"]),
        *name_dropped(f"{column} : zones sans nom dans {NAMES_SHEET}", set(codes[nameless])),
    )


def name_zone(label: str, name: str) -> str:
    """Name a zone after its town, with the right preposition.

    Examples
    --------
    >>> name_zone("Zone d'emploi", "Auch"), name_zone("Bassin de vie", "Bagnères-de-Bigorre")
    ("Zone d'emploi d'Auch", 'Bassin de vie de Bagnères-de-Bigorre')
    >>> name_zone("Zone d'emploi", "Le Havre"), name_zone("Canton", "Les Coteaux")
    ("Zone d'emploi du Havre", 'Canton des Coteaux')
    >>> name_zone("Zone d'emploi", "La Rochelle")
    "Zone d'emploi de La Rochelle"
    """
    for article, joined in (("Le ", "du "), ("Les ", "des ")):
        if name.startswith(article):
            return f"{label} {joined}{name.removeprefix(article)}"
    return f"{label} d'{name}" if fold(name)[:1] in set("aeiouy") else f"{label} de {name}"


def read_year(sheet: Sheet, path: Path) -> int:
    """Read the COG year that a workbook of INSEE states above its header, or else in its name.

    Raises
    ------
    SourceFormatError
        It states none.
    """
    for text in (*sheet.banner, path.name):
        found = re.search(r"1er janvier (20\d\d)", text) or re.search(
            r"(?<!\d)(20\d\d)(?!\d)", text if text == path.name else ""
        )
        if found:
            return int(found[1])
    raise SourceFormatError(
        f"{path} : l'année du découpage n'est ni au-dessus de l'en-tête ni dans le nom du fichier. "
        "Reprenez le fichier du producteur, sous son nom."
    )
