"""Shares of the five sectors in jobs at the workplace (census), as re-published from INSEE.

Numerator and denominator both come from the complementary exploitation of the census. The counts
are not in the files: a share can be shown where it is published, not summed.
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
REF_YEAR: Final = 2022

SHARES: Final = {
    f"emplois_agriculture_pct_{REF_YEAR}": "agriculture_jobs_share_pct",
    f"emplois_industrie_pct_{REF_YEAR}": "industry_jobs_share_pct",
    f"emplois_construction_pct_{REF_YEAR}": "construction_jobs_share_pct",
    f"emplois_commerce_transports_services_pct_{REF_YEAR}": "trade_services_jobs_share_pct",
    f"emplois_administration_enseignement_sante_pct_{REF_YEAR}": "administration_jobs_share_pct",
}

FRANCE: Final = "00FR"

CODE_PATTERNS: Final = {"epci": SIREN_PATTERN, "departement": r"\d\d|2[AB]|97\d", "region": r"\d\d"}

PARIS: Final = "75056"
"""The EPCI file has Paris as an EPCI of its own, beside the Métropole du Grand Paris."""

SUM_TOLERANCE: Final = 0.1


def read_sector_shares(paths: Mapping[str, Path]) -> Extract:
    """Read the shares of the five sectors in jobs (%), by EPCI, département, région and for France.

    Parameters
    ----------
    paths
        The file of each level: ``epci``, ``departement``, ``region``. The row ``00FR`` of each
        becomes the level ``france``, given once. The EPCI file also has the eleven EPT of the Grand
        Paris, kept under their SIREN at the level ``epci``: they are not EPCI of the edition.

    Returns
    -------
    Extract
        A table of figures, 2022.

    Raises
    ------
    SourceFormatError
        Shares do not sum to 100 within 0.1, or the row of France differs from a file to another.
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
    raw = read_csv(path, ["code", "libelle", *SHARES])
    check_unique(raw, ["code"], path)
    if not (raw["code"] == FRANCE).any():
        raise SourceFormatError(f"{path} : la ligne {FRANCE} (France) est absente.")
    figures: list[Figure] = []
    for column, variable in SHARES.items():
        values, status = parse_numbers(raw, column, path, high=100.0)
        figures.append((variable, REF_YEAR, values, status))
    total = sum((values for _, _, values, _ in figures), start=pd.Series(0.0, index=raw.index))
    wrong = raw.loc[(total - 100).abs() > SUM_TOLERANCE, "code"]
    if not wrong.empty:
        raise SourceFormatError(
            f"{path} : les cinq parts ne font pas 100 % pour {len(wrong)} code(s) : "
            f"{', '.join(wrong.head(5))}."
        )
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
