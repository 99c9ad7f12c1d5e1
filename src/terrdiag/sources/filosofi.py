"""Filosofi (INSEE): the median standard of living and the poverty rate, as published at each level.

Two series that must never be joined. The first ends with the incomes of 2021; « Filosofi 2 », rebuilt after the end of
the taxe d'habitation, starts with those of 2023. Their variables bear different names, so that no curve can hold both.
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from terrdiag.catalogue.load import load_sources
from terrdiag.errors import SourceFormatError
from terrdiag.sources.chunks import Picked, parse_cells, pick_columns, stream_csv
from terrdiag.sources.extract import FIGURE_COLUMNS, Dropped, Extract, check_unique
from terrdiag.sources.tables import COMMUNE_PATTERN, SIREN_PATTERN, make_extract
from terrdiag.values import MISSING, OK, SECRET
from terrdiag.wording import join_words

FIRST_SERIES: Final = {
    "MED_SL": "median_living_standard_filosofi1_eur",
    "PR_MD60": "poverty_rate_filosofi1_pct",
}

SECOND_SERIES: Final = {"MED_SL": "median_living_standard_eur", "PR_MD60": "poverty_rate_pct"}

LAST_OF_FIRST: Final = 2021
"""Incomes of the last year of the first series; nothing was published for 2022."""

BOUNDS: Final = {"MED_SL": (1_000.0, 300_000.0), "PR_MD60": (0.0, 100.0)}

LEVELS: Final = {"COM": "commune", "EPCI": "epci", "DEP": "departement", "REG": "region"}

PATTERNS: Final = {
    "commune": COMMUNE_PATTERN,
    "epci": SIREN_PATTERN,
    "departement": r"\d\d|2[AB]|97\d",
    "region": r"\d\d",
}

METROPOLITAN: Final = "FM"
"""Metropolitan France, whose median sets the poverty line: the only national value taken."""

FRANCE: Final = "00FR"

MEMBER: Final = "*_data.csv"

COLUMNS: Final = {
    "code": ("GEO",),
    "object": ("GEO_OBJECT",),
    "measure": ("FILOSOFI_MEASURE",),
    "multiple": ("UNIT_MULT",),
    "secrecy": ("CONF_STATUS",),
    "status": ("OBS_STATUS",),
    "year": ("TIME_PERIOD",),
    "value": ("OBS_VALUE",),
}


def read_filosofi(
    paths: Sequence[Path],
    source_id: str,
    cities: pd.DataFrame,  # noqa: ARG001  # Paris, Lyon and Marseille are published as communes
) -> tuple[Extract, ...]:
    """Read the median standard of living (euros a year) and the poverty rate (%) of an edition of Filosofi.

    Neither is ever summed or averaged: they are kept at the levels they are published for. A figure under secrecy
    (``CONF_STATUS`` other than ``F``) stays secret; one that the producer has not (``OBS_STATUS`` other than ``A``)
    stays missing.

    Parameters
    ----------
    paths
        The archive of the producer, or its ``…_data.csv``.
    source_id
        The edition: its years must be those of the register.
    cities
        Not used: arrondissements are left out, their cities are in the file.

    Returns
    -------
    tuple of Extract
        One a file: communes, EPCI, départements, régions, metropolitan France (as ``france``).

    Raises
    ------
    SourceFormatError
        The file is not the one expected, or holds years of the other series.
    """
    return tuple(_read_file(path, source_id) for path in paths)


def _read_file(path: Path, source_id: str) -> Extract:
    kept: list[pd.DataFrame] = []
    others: dict[str, set[str]] = {}
    for chunk in stream_csv(path, _pick, member=MEMBER if path.suffix == ".zip" else ""):
        rows = chunk[chunk["measure"].isin(list(SECOND_SERIES))]
        level = rows["object"].map(LEVELS)
        level = level.mask((rows["object"] == "FRANCE") & (rows["code"] == METROPOLITAN), "france")
        for name, codes in rows.loc[level.isna()].groupby("object")["code"]:
            others.setdefault(str(name), set()).update(codes)
        kept.append(rows.assign(level=level)[level.notna()])
    table = pd.concat(kept) if kept else pd.DataFrame()
    if table.empty:
        raise SourceFormatError(
            f"{path} : aucune ligne MED_SL ou PR_MD60 de commune, d'EPCI, de département, de région ou de France "
            "métropolitaine. Vérifiez que le fichier est celui du producteur."
        )
    figures = _make_figures(table, source_id, path)
    variables = frozenset(figures["variable"])
    extract = make_extract(source_id, figures, [path], _name(others, figures))
    return dataclasses.replace(extract, rates=variables)


def _pick(header: list[str], path: Path) -> Picked:
    return pick_columns(header, path, COLUMNS, optional=("multiple", "secrecy"))


def _make_figures(table: pd.DataFrame, source_id: str, path: Path) -> pd.DataFrame:
    _check_places(table, path)
    years = parse_cells(table["year"], path, "TIME_PERIOD", low=1990, high=2100)
    if years.isna().any():
        raise SourceFormatError(f"{path}, colonne TIME_PERIOD : une année est vide.")
    names = _name_series({int(year) for year in years.unique()}, source_id, path)
    secret, unknown = _tell_unknown(table)
    value = pd.Series(float("nan"), index=table.index)
    for measure, (low, high) in BOUNDS.items():
        rows = (table["measure"] == measure) & ~secret & ~unknown
        scaled = parse_cells(table.loc[rows, "value"], path, "OBS_VALUE") * _multiple(
            table[rows], path
        )
        if not scaled.dropna().between(low, high).all():
            raise SourceFormatError(
                f"{path} : {measure} hors de [{low:g} ; {high:g}] : l'unité du producteur a peut-être changé."
            )
        value[rows] = scaled
    status = pd.Series(OK, index=table.index).mask(value.isna(), MISSING).mask(secret, SECRET)
    figures = pd.DataFrame(
        {
            "level": table["level"],
            "code": table["code"].mask(table["level"] == "france", FRANCE),
            "variable": table["measure"].map(names),
            "ref_year": years.astype("int64"),
            "value": value,
            "status": status,
        }
    ).sort_values(["level", "code", "variable", "ref_year"], ignore_index=True)
    check_unique(figures, ["level", "code", "variable", "ref_year"], path)
    return figures[list(FIGURE_COLUMNS)]


def _check_places(table: pd.DataFrame, path: Path) -> None:
    for level, codes in table.groupby("level")["code"]:
        bad = codes[~codes.str.fullmatch(PATTERNS.get(str(level), METROPOLITAN))]
        if not bad.empty:
            raise SourceFormatError(
                f"{path}, ligne {bad.index[0]}, colonne GEO : « {bad.iloc[0]} » n'est pas un code ({level})."
            )


def _name_series(years: set[int], source_id: str, path: Path) -> dict[str, str]:
    """Choose the names of the series that the years of a file belong to, which must be those of its source."""
    expected = set(load_sources()[source_id].ref_years)
    if years != expected:
        raise SourceFormatError(
            f"{path} : revenus de {join_words(map(str, sorted(years)))}, alors que la source {source_id} est celle de "
            f"{join_words(map(str, sorted(expected)))}. Le producteur a sans doute réécrit le fichier : "
            "les deux séries de Filosofi ne se mélangent pas."
        )
    return FIRST_SERIES if max(years) <= LAST_OF_FIRST else SECOND_SERIES


def _tell_unknown(table: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Tell which figures are under secrecy, and which the producer does not give."""
    confidential = table["secrecy"] if "secrecy" in table else pd.Series("", index=table.index)
    # F: free; a status of confidentiality that is not known to be free is not free
    secret = ~confidential.isin(["F", ""]) | table["value"].isin(["s", "c"])
    return secret, ~table["status"].isin(["A", "W"]) & ~secret


def _multiple(rows: pd.DataFrame, path: Path) -> pd.Series:
    """Give what values are multiplied by: ten to the power of UNIT_MULT."""
    if "multiple" not in rows:
        return pd.Series(1.0, index=rows.index)
    power = parse_cells(rows["multiple"], path, "UNIT_MULT", low=-6, high=9).fillna(0.0)
    return pd.Series(10.0, index=rows.index) ** power


def _name(others: dict[str, set[str]], figures: pd.DataFrame) -> tuple[Dropped, ...]:
    """Name the places left out, and what is not known."""
    left_out = tuple(
        Dropped(f"lieux d'un niveau non repris ({name})", len(codes), tuple(sorted(codes)[:5]))
        for name, codes in sorted(others.items())
    )
    unknown = figures[figures["status"] != OK]
    words = {SECRET: "sous secret statistique", MISSING: "non renseignées"}
    return left_out + tuple(
        Dropped(
            f"valeurs {words[str(status)]} : {variable}", len(rows), tuple(rows["code"].head(5))
        )
        for (status, variable), rows in unknown.groupby(["status", "variable"])
    )
