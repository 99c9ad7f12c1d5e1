"""Shares of the five sectors in jobs at the workplace and growth of jobs, as re-published from INSEE.

Numerator and denominator of a share both come from the complementary exploitation of the census;
growth rates from the main one. The counts are not in the files: a share or a rate can be shown
where it is published, not summed.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from terrdiag.errors import SourceFormatError
from terrdiag.sources.extract import Dropped, Extract, check_unique
from terrdiag.sources.files import read_csv
from terrdiag.sources.tables import (
    SIREN_PATTERN,
    Figure,
    make_extract,
    make_figures,
    name_dropped,
    parse_numbers,
)

SOURCE_ID: Final = "insee-rp-secteurs-2022"
SECTORS: Final = {
    "agriculture": "agriculture",
    "industrie": "industry",
    "construction": "construction",
    "commerce_transports_services": "trade_services",
    "administration_enseignement_sante": "administration",
}
"""Sector of the variables by its name in the columns."""

SECTORS_BY_YEAR: Final = {2011: tuple(SECTORS)[2:], 2016: tuple(SECTORS)[2:], 2022: tuple(SECTORS)}
"""Agriculture and industry are not in the files before 2022: they are absent, not zero."""

SHARES: Final = {
    f"emplois_{name}_pct_{year}": (f"{SECTORS[name]}_jobs_share_pct", year)
    for year, names in SECTORS_BY_YEAR.items()
    for name in names
}

GROWTHS: Final = {
    f"emplois_tcam_{start}_{end}_pct": ("jobs_growth_published_pct", end)
    for start, end in ((2011, 2016), (2016, 2022))
}
"""Average annual growth rates; their year is the end of their interval."""

FASTEST_GROWTH: Final = 20.0
"""Beyond this, in % a year, a rate is not one: the files have -6.7 to 6.9."""

FRANCE: Final = "00FR"

CODE_PATTERNS: Final = {"epci": SIREN_PATTERN, "departement": r"\d\d|2[AB]|97\d", "region": r"\d\d"}

PARIS: Final = "75056"
"""The EPCI file has Paris as an EPCI of its own, beside the Métropole du Grand Paris."""

SUM_TOLERANCE: Final = 0.1


def read_sector_shares(paths: Mapping[str, Path]) -> Extract:
    """Read the shares of sectors in jobs (%) and the growth of jobs (% a year), from EPCI to France.

    Parameters
    ----------
    paths
        The file of each level: ``epci``, ``departement``, ``region``. The row ``00FR`` of each
        becomes the level ``france``, given once. The EPCI file also has the eleven EPT of the Grand
        Paris, kept under their SIREN at the level ``epci``: they are not EPCI of the edition.

    Returns
    -------
    Extract
        A table of figures: the five shares for 2022, three of them for 2011 and 2016 too, and
        ``jobs_growth_published_pct`` for 2016 (since 2011) and 2022 (since 2016).

    Raises
    ------
    SourceFormatError
        Shares do not sum to 100 within 0.1 (or to less, where sectors are absent), or the row of
        France differs from a file to another.
    """
    tables: list[pd.DataFrame] = []
    dropped: tuple[Dropped, ...] = ()
    france: pd.DataFrame | None = None
    for level, path in paths.items():
        figures, left = _read_level(path, level)
        dropped += left
        of_france = figures[figures["level"] == "france"].reset_index(drop=True)
        if france is None:
            france = of_france
        elif not of_france.equals(france):
            raise SourceFormatError(
                f"{path} : la ligne {FRANCE} (France) n'est pas celle des autres fichiers : "
                "les fichiers ne sont pas de la même édition."
            )
        tables.append(figures[figures["level"] != "france"])
    return make_extract(SOURCE_ID, pd.concat([*tables, france]), list(paths.values()), dropped)


def _read_level(path: Path, level: str) -> tuple[pd.DataFrame, tuple[Dropped, ...]]:
    raw = read_csv(path, ["code", "libelle", *SHARES, *GROWTHS])
    check_unique(raw, ["code"], path)
    if not (raw["code"] == FRANCE).any():
        raise SourceFormatError(f"{path} : la ligne {FRANCE} (France) est absente.")
    figures: list[Figure] = []
    for column, (variable, year) in SHARES.items():
        values, status = parse_numbers(raw, column, path, high=100.0)
        figures.append((variable, year, values, status))
    for year, names in SECTORS_BY_YEAR.items():
        _check_sum(raw["code"], [part for part in figures if part[1] == year], len(names), path)
    for column, (variable, year) in GROWTHS.items():
        values, status = parse_numbers(raw, column, path, low=-FASTEST_GROWTH, high=FASTEST_GROWTH)
        figures.append((variable, year, values, status))
    table = make_figures(level, raw["code"], figures)
    table.loc[table["code"] == FRANCE, "level"] = "france"
    known = (table["level"] == "france") | table["code"].str.fullmatch(CODE_PATTERNS[level])
    left = sorted(set(table.loc[~known, "code"]))
    if set(left) - {PARIS}:
        raise SourceFormatError(
            f"{path}, colonne code : code(s) inattendu(s) : {', '.join(left[:5])}."
        )
    dropped = name_dropped(
        "Paris, donnée comme un EPCI alors qu'elle est membre de la Métropole du Grand Paris", left
    )
    return table[known], dropped


def _check_sum(codes: pd.Series, shares: list[Figure], sectors: int, path: Path) -> None:
    """Refuse shares of one year that make more than 100 %, or less when all sectors are there."""
    year = shares[0][1]
    total = sum((values for _, _, values, _ in shares), start=pd.Series(0.0, index=codes.index))
    far = total - 100 > SUM_TOLERANCE
    if sectors == len(SECTORS):
        far |= 100 - total > SUM_TOLERANCE
    if far.any():
        what = "ne font pas" if sectors == len(SECTORS) else "dépassent"
        raise SourceFormatError(
            f"{path} : les parts de {year} {what} 100 % pour {int(far.sum())} code(s) : "
            f"{', '.join(codes[far].head(5))}."
        )
