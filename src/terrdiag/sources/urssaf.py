"""Private salaried jobs by commune and sector (Urssaf): one column a year, under the ODbL.

The licence asks that a database made of this one be shared alike: these figures are never embedded.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from terrdiag.errors import SourceFormatError
from terrdiag.sources.chunks import (
    Picked,
    parse_cells,
    pick_columns,
    repair_codes,
    stream_csv,
    word_repaired,
)
from terrdiag.sources.cities import join_arrondissements
from terrdiag.sources.extract import Dropped, Extract
from terrdiag.sources.tables import Figure, make_extract, make_figures
from terrdiag.values import MISSING, OK

COLUMNS: Final = {"code": ("code_commune",), "sector": ("grand_secteur_d_activite",)}

JOBS: Final = "effectifs_salaries"
EMPLOYERS: Final = "nombre_d_etablissements"

SECTORS: Final = {
    "GS1": "industry",
    "GS2": "construction",
    "GS3": "trade",
    "GS4": "hospitality",
    "GS5": "market_services",
    "GS6": "temporary_work",
    "GS7": "non_market_services",
}
"""By the start of « GS1 Industrie »… Temporary workers are counted where their agency is, in GS6."""

EVERY_YEAR: Final = ("total", "industry")
"""Given for every year of the file; the other sectors, for the latest one: all of them would be five million rows."""

PIECES: Final = 5
"""Pieces of a file kept before they are summed together."""

UNSEEN: Final = np.inf
"""Stands for a number of jobs that is not known: whatever is added to it, the sum is not known either."""


def read_private_jobs(
    paths: Sequence[Path], source_id: str, cities: pd.DataFrame
) -> tuple[Extract, ...]:
    """Read the private salaried jobs at the end of each year, by commune and sector.

    Parameters
    ----------
    paths
        Export of the producer, by commune and activity (a million rows) or already summed by sector.
    source_id
        The source.
    cities
        ``code_arrondissement, code_commune``: arrondissements stand beside what could not be located in the city.

    Returns
    -------
    tuple of Extract
        ``private_jobs_total`` and ``private_jobs_industry`` for every year that has a column,
        ``private_jobs_<sector>`` for the latest one. A commune without a cell one year is ``missing``; one that has
        some, none of them of a sector, has no job of that sector.

    Raises
    ------
    SourceFormatError
        The file is not the one expected.
    """
    return tuple(_read_file(path, source_id, cities) for path in paths)


def _read_file(path: Path, source_id: str, cities: pd.DataFrame) -> Extract:
    parts: list[pd.DataFrame] = []
    repaired: set[str] = set()
    for chunk in stream_csv(path, _pick):
        codes, mended = repair_codes(chunk["code"], path, "code_commune")
        repaired |= mended
        parts.append(_sum_chunk(chunk.assign(code=codes), path))
        if len(parts) == PIECES:
            parts = [_sum(pd.concat(parts, ignore_index=True))]
    if not parts:
        raise SourceFormatError(f"{path} : aucune ligne sous l'en-tête.")
    cells = _sum(pd.concat(parts, ignore_index=True))
    latest = cells[[str(name) for name in cells if str(name).startswith("jobs_")][-1]]
    joined, moved = join_arrondissements(
        cells.assign(value=latest.where(latest < UNSEEN)), cities, ["code", "sector"], path
    )
    summed = _sum(joined.drop(columns="value"))
    figures, dropped = _make_figures(summed)
    return make_extract(source_id, figures, [path], (*word_repaired(repaired), *moved, *dropped))


def _pick(header: list[str], path: Path) -> Picked:
    """Keep the commune, the sector and the columns of every year (``sum(…)`` in a summed export)."""
    picked = dict(pick_columns(header, path, COLUMNS))
    for name in header:
        found = re.search(rf"\b({JOBS}|{EMPLOYERS})_(20\d\d)\b", name)
        if found:
            picked[name] = f"{'jobs' if found[1] == JOBS else 'employers'}_{found[2]}"
    years = [kind for kind in picked.values() if kind.startswith("jobs_")]
    if not years or len(set(picked.values())) != len(picked):
        raise SourceFormatError(
            f"{path} : colonnes {JOBS}_AAAA absentes ou répétées. Colonnes trouvées : {', '.join(header[:60])}."
        )
    return dict(sorted(picked.items(), key=lambda item: item[1]))


def _sum_chunk(chunk: pd.DataFrame, path: Path) -> pd.DataFrame:
    sectors = {one: SECTORS.get(one[:3]) for one in chunk["sector"].unique()}
    strange = [str(name) for name, sector in sectors.items() if sector is None]
    if strange:
        raise SourceFormatError(
            f"{path} : grand secteur inconnu : {', '.join(strange[:5])}. "
            "Le format du producteur a peut-être changé."
        )
    columns: dict[str, pd.Series] = {"code": chunk["code"], "sector": chunk["sector"].map(sectors)}
    for year in sorted(str(name)[5:] for name in chunk if str(name).startswith("jobs_")):
        jobs = parse_cells(chunk[f"jobs_{year}"], path, f"{JOBS}_{year}", high=3e6)
        employers = (
            parse_cells(chunk[f"employers_{year}"], path, f"{EMPLOYERS}_{year}", high=3e6)
            if f"employers_{year}" in chunk
            else pd.Series(0.0, index=chunk.index)
        )
        # employers without a number of jobs: their jobs are not known; no employer: there is nothing to know
        columns[f"jobs_{year}"] = jobs.mask(jobs.isna() & (employers > 0), UNSEEN)
    return _sum(pd.DataFrame(columns))


def _sum(cells: pd.DataFrame) -> pd.DataFrame:
    """Sum by commune and sector, NaN where there is no cell at all."""
    return cells.groupby(["code", "sector"], sort=True, as_index=False).sum(min_count=1)


def _make_figures(cells: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Dropped, ...]]:
    """Make the figures of the total and of each sector, and name what is not known."""
    years = [str(name) for name in cells if str(name).startswith("jobs_")]
    by_sector = {sector: part.set_index("code")[years] for sector, part in cells.groupby("sector")}
    total = cells.groupby("code")[years].sum(min_count=1)
    nothing = pd.DataFrame(index=total.index, columns=years, dtype="float64")
    parts: list[Figure] = []
    for sector in ("total", *SECTORS.values()):
        jobs = total if sector == "total" else by_sector.get(sector, nothing)
        for name in years if sector in EVERY_YEAR else years[-1:]:
            # a commune that has a number of jobs, and no cell of that sector, has no job of that sector
            values = jobs[name].reindex(total.index).fillna(0.0).where(total[name].notna())
            values = values.where(values < UNSEEN)
            status = pd.Series(np.where(values.notna(), OK, MISSING), index=total.index)
            parts.append((f"private_jobs_{sector}", int(name[5:]), values, status))
    dropped = (
        *_name_worst(total.isna(), "communes sans chiffre (sans employeur déclaré : manquantes)"),
        *_name_worst(total >= UNSEEN, "communes dont un employeur n'a pas d'effectif (manquantes)"),
    )
    return make_figures("commune", total.index.to_series(), parts), dropped


def _name_worst(concerned: pd.DataFrame, reason: str) -> tuple[Dropped, ...]:
    """Name the communes concerned, for the year that has most of them."""
    counts = concerned.sum()
    if not counts.any():
        return ()
    worst = str(counts.idxmax())
    codes = concerned.index[concerned[worst]]
    return (Dropped(f"{reason}, au plus en {worst[5:]}", len(codes), tuple(codes[:5])),)
