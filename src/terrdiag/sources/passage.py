"""Passage tables of INSEE: the code of every commune at each 1 January since 2003."""

import re
from pathlib import Path
from typing import Final

import pandas as pd

from terrdiag.errors import SourceFormatError
from terrdiag.sources.extract import Extract
from terrdiag.sources.tables import COMMUNE_PATTERN, check_codes, make_extract
from terrdiag.sources.workbooks import read_sheets

YEARLY: Final = "insee-passage-annuelle-2026"
SINCE_2003: Final = "insee-passage-2003-2026"

YEARLY_SHEET: Final = "COM"
SINCE_SHEET: Final = "Table de passage"

COLUMN: Final = re.compile(r"CODGEO_(\d{4})")


def read_yearly_passage(path: Path) -> Extract:
    """Read the code of every commune at each 1 January (``table_passage_annuelle_AAAA``).

    Parameters
    ----------
    path
        The archive of INSEE, or the workbook that it holds.

    Returns
    -------
    Extract
        ``year, code_before, code_after``: codes of 1 January of a year, codes of the latest year of the file (its
        COG year). A commune that was split has a row a part. A commune that did not exist yet has no row.

    Raises
    ------
    SourceFormatError
        The workbook is damaged or changed, or has fewer than two years.
    """
    table = read_sheets(path, [YEARLY_SHEET], "CODGEO_")[YEARLY_SHEET].table
    years = {int(found[1]): name for name in table if (found := COLUMN.fullmatch(str(name)))}
    if len(years) < 2:
        raise SourceFormatError(
            f"{path} : une colonne CODGEO_AAAA attendue par année. "
            f"Colonnes trouvées : {', '.join(map(str, table.columns))}."
        )
    last = max(years)
    parts = []
    for year in sorted(set(years) - {last}):
        pairs = table[[years[year], years[last]]].drop_duplicates()
        pairs.columns = pd.Index(["code_before", "code_after"])
        parts.append(_keep_pairs(pairs, path).assign(year=year))
    every = pd.concat(parts, ignore_index=True)[["year", "code_before", "code_after"]]
    return make_extract(YEARLY, every, [path], cog_year=last)


def read_passage_since_2003(path: Path) -> Extract:
    """Read to which commune every code borne since 2003 leads (``table_passage_geo2003_geoAAAA``).

    Returns
    -------
    Extract
        ``code_before, code_after``, the second at 1 January of the year of the file.
    """
    table = read_sheets(path, [SINCE_SHEET], "CODGEO_INI")[SINCE_SHEET].table
    years = {int(found[1]): name for name in table if (found := COLUMN.fullmatch(str(name)))}
    if len(years) != 1:
        raise SourceFormatError(
            f"{path} : une colonne CODGEO_AAAA attendue à côté de CODGEO_INI. "
            f"Colonnes trouvées : {', '.join(map(str, table.columns))}."
        )
    [(year, name)] = years.items()
    pairs = table[["CODGEO_INI", name]].drop_duplicates()
    pairs.columns = pd.Index(["code_before", "code_after"])
    return make_extract(SINCE_2003, _keep_pairs(pairs, path), [path], cog_year=year)


def _keep_pairs(pairs: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Keep the pairs of two codes, checked and sorted."""
    kept = pairs[(pairs["code_before"] != "") & (pairs["code_after"] != "")]
    for column in ("code_before", "code_after"):
        check_codes(kept[column], COMMUNE_PATTERN, path)
    return kept.sort_values(["code_before", "code_after"])
