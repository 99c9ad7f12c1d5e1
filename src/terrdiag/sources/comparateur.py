"""The « Comparateur de territoires » of INSEE: census, income, establishments of every commune.

The years are in the names of the columns, and only there: the producer overwrites the file at
each edition. ``P18_POP`` is the census of 2018, ``ETTOT24`` the establishments active on
31 December 2024, ``MED19`` the median income of 2019, ``NAIS1318`` births between two censuses.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from terrdiag.catalogue.load import load_sources
from terrdiag.errors import SourceFormatError
from terrdiag.sources.extract import Dropped, Extract, check_columns, check_unique
from terrdiag.sources.files import find_zip_member, read_csv, read_zip_member
from terrdiag.sources.tables import (
    COMMUNE_PATTERN,
    SUM_TOLERANCE,
    Figure,
    check_codes,
    check_contradictory,
    make_extract,
    make_figures,
    name_dropped,
    parse_numbers,
)
from terrdiag.values import MISSING, SECRET

MEMBER: Final = "base_cc_comparateur*.csv"
"""Whatever its case, and whatever the years that INSEE may add to its name."""

CENSUS: Final = {
    "POP": "population",
    "EMPLT": "jobs_total",
    "EMPLT_SAL": "jobs_salaried",
    "LOG": "dwellings",
    "RP": "main_homes",
    "RSECOCC": "second_homes",
    "LOGVAC": "vacant_homes",
    "POP1564": "population_1564",
    "CHOM1564": "unemployed_1564",
    "ACT1564": "active_1564",
}
"""After ``Pyy_``. Population and jobs are given at both censuses."""

YEARLY: Final = {
    "MED": "median_income_eur",
    "ETTOT": "establishments_total",
    "ETAZ": "establishments_agriculture",
    "ETBE": "establishments_industry",
    "ETFZ": "establishments_construction",
    "ETGU": "establishments_trade_services",
    "ETOQ": "establishments_administration",
}
"""Before the year. ``ETGZ`` (trade) is part of ``ETGU`` and is not read."""

VITAL: Final = {"NAIS": "births", "DECE": "deaths"}
"""Before the two years of the period."""

ARRONDISSEMENTS: Final = (
    *(f"{code}" for code in range(75101, 75121)),
    *(f"{code}" for code in range(69381, 69390)),
    *(f"{code}" for code in range(13201, 13217)),
)
"""The 45 arrondissements of Paris, Lyon and Marseille, which the file has beside these communes."""

COMMUNES_BY_YEAR: Final = {
    2018: 35_357,
    2019: 34_970,
    2020: 34_968,
    2021: 34_965,
    2022: 34_955,
    2023: 34_945,
    2024: 34_935,
    2025: 34_875,
    2026: 34_875,
}
"""How many communes there are on 1 January (INSEE): tells the geography of a file that is rewritten in place."""

UNKNOWN_WORDS: Final[dict[str, str]] = {
    MISSING: "non renseignées",
    SECRET: "sous secret statistique",
}

PARTS: Final = {
    "establishments_total": tuple(
        name for name in YEARLY.values() if name.startswith("establishments_")
    )[1:],
    "dwellings": ("main_homes", "second_homes", "vacant_homes"),
}
"""Totals and the parts that must sum to them."""


def read_comparateur(path: Path, source_id: str) -> Extract:
    """Read an edition of the « Comparateur de territoires » (zip of the producer, or its CSV).

    Births and deaths bear the year of the census that ends their period. Its name changed meaning:
    ``NAIS1318`` runs from 1 January 2013 to 1 January 2018, ``NAIS1621`` from 1 January 2016 to
    31 December 2021, which is 1 January 2022 (in the same edition, INSEE's ``NAIS1115`` stops
    where ``NAIS1621`` starts). Both cover the whole interval between two censuses, five years and
    six: in Bagnères-de-Bigorre 741 / 5 = 148 and 909 / 6 = 152 deaths a year.

    Parameters
    ----------
    path
        ``base_cc_comparateur_csv.zip`` or a CSV file with the same columns.
    source_id
        The edition, as in the register of sources.

    Returns
    -------
    Extract
        A table of figures at the level of communes, and the interval of its two censuses.

    Raises
    ------
    SourceFormatError
        The file is damaged or changed, a cell is not a number, or parts do not sum to a total in more
        than 1 % of the communes.
    """
    raw = _read_rows(path)
    interval = _read_interval(raw, path)
    columns = _find_columns(raw, interval, path)
    _refuse_absent(columns, raw, path)
    check_columns(raw, columns, path)
    table, dropped = _stack(raw, columns, raw["CODGEO"].isin(ARRONDISSEMENTS), path)
    return make_extract(source_id, table, [path], dropped, (interval,))


def read_current(
    paths: Sequence[Path], source_id: str, cities: pd.DataFrame
) -> tuple[Extract, ...]:
    """Read the edition that stands today at the address that INSEE rewrites, whatever its years.

    The years are those of the columns (``P22_POP``, ``ETTOT24``, ``MED21``…). A variable that an edition no
    longer has is named among what was left out; only a file of which nothing is recognised is refused.

    Parameters
    ----------
    paths
        Its files.
    source_id
        The source, as in the register; its geography is that of the number of communes in the file, where
        a year is known to have had as many.
    cities
        ``code_arrondissement, code_commune``: the file has the arrondissements beside their communes.

    Returns
    -------
    tuple of Extract
        See :func:`read_comparateur`.

    Raises
    ------
    SourceFormatError
        As :func:`read_comparateur`, but for the variables that are absent.
    """
    inside = frozenset(cities["code_arrondissement"])
    return tuple(_read_edition(path, source_id, inside) for path in paths)


def _read_edition(path: Path, source_id: str, arrondissements: frozenset[str]) -> Extract:
    raw = _read_rows(path)
    inside = raw["CODGEO"].isin(arrondissements)
    censuses = _census_years(raw)
    interval = (censuses[0], censuses[1]) if len(censuses) == 2 else None
    columns = _find_columns(raw, interval, path)
    if not columns:
        raise SourceFormatError(
            f"{path} : aucune colonne du comparateur de territoires n'est reconnue (P22_POP, ETTOT24, MED21…). "
            f"Colonnes trouvées : {', '.join(raw.columns)[:500]}. Le format du producteur a peut-être changé."
        )
    check_columns(raw, columns, path)
    table, dropped = _stack(raw, columns, inside, path)
    lacking = (
        Dropped(f"variable sans colonne dans cette édition : {name}", 0)
        for name in _absent(columns)
    )
    geography = _find_geography(int((~inside).sum()), load_sources()[source_id].cog_year)
    intervals = (interval,) if interval else ()
    return make_extract(source_id, table, [path], (*dropped, *lacking), intervals, geography)


def _find_geography(count: int, expected: int) -> int:
    """Give the year that had as many communes, the one of the register if it had or if none is known to.

    Examples
    --------
    >>> _find_geography(34_935, 2025), _find_geography(34_875, 2025), _find_geography(25, 2025)
    (2024, 2025, 2025)
    """
    years = [year for year, communes in COMMUNES_BY_YEAR.items() if communes == count]
    return expected if expected in years or not years else max(years)


def _read_rows(path: Path) -> pd.DataFrame:
    data = None
    if path.suffix.casefold() == ".zip":
        data = read_zip_member(path, find_zip_member(path, MEMBER))
    raw = read_csv(path, ["CODGEO"], sep=";", data=data)
    check_codes(raw["CODGEO"], COMMUNE_PATTERN, path)
    check_unique(raw, ["CODGEO"], path)
    return raw


def _stack(
    raw: pd.DataFrame, columns: dict[str, tuple[str, int]], inside: pd.Series, path: Path
) -> tuple[pd.DataFrame, tuple[Dropped, ...]]:
    """Stack the figures of communes, the arrondissements of the three cities (``inside``) left out."""
    rows = raw[~inside].sort_values("CODGEO")
    # Parsed before the arrondissements go, so that an error gives the line of the file.
    figures: list[Figure] = []
    for column, (variable, year) in columns.items():
        values, status = parse_numbers(raw, column, path, high=3e6)
        figures.append((variable, year, values[rows.index], status[rows.index]))
    contradictory = _leave_contradictory(figures, rows["CODGEO"], path)
    table = make_figures("commune", rows["CODGEO"], figures)
    dropped = name_dropped(
        "arrondissements de Paris, Lyon et Marseille (déjà comptés dans leur commune)",
        raw.loc[inside, "CODGEO"],
    )
    return table, (*dropped, *contradictory, *_name_missing(table))


def _census_years(raw: pd.DataFrame) -> list[int]:
    return sorted(
        2000 + int(found[1])
        for name in raw.columns
        if (found := re.fullmatch(r"P(\d\d)_POP", name))
    )


def _read_interval(raw: pd.DataFrame, path: Path) -> tuple[int, int]:
    years = _census_years(raw)
    if len(years) != 2:
        raise SourceFormatError(
            f"{path} : deux colonnes Pnn_POP attendues (deux recensements), "
            f"{len(years)} trouvée(s). "
            f"Colonnes trouvées : {', '.join(raw.columns)}."
        )
    return years[0], years[1]


def _find_columns(
    raw: pd.DataFrame, interval: tuple[int, int] | None, path: Path
) -> dict[str, tuple[str, int]]:
    """Map each column to its variable and year; without an interval, births and deaths have none."""
    columns: dict[str, tuple[str, int]] = {}
    for name in raw.columns:
        if (found := re.fullmatch(r"P(\d\d)_(\w+)", name)) and found[2] in CENSUS:
            columns[name] = (CENSUS[found[2]], 2000 + int(found[1]))
        elif (found := re.fullmatch(r"([A-Z]+)(\d\d)", name)) and found[1] in YEARLY:
            columns[name] = (YEARLY[found[1]], 2000 + int(found[2]))
        elif interval and (found := re.fullmatch(r"(NAIS|DECE)(\d\d)(\d\d)", name)):
            _check_period((2000 + int(found[2]), 2000 + int(found[3])), interval, name, path)
            columns[name] = (VITAL[found[1]], interval[1])
    return columns


def _absent(columns: dict[str, tuple[str, int]]) -> list[str]:
    expected = {*CENSUS.values(), *YEARLY.values(), *VITAL.values()}
    return sorted(expected - {variable for variable, _ in columns.values()})


def _refuse_absent(columns: dict[str, tuple[str, int]], raw: pd.DataFrame, path: Path) -> None:
    absent = _absent(columns)
    if absent:
        raise SourceFormatError(
            f"{path} : aucune colonne pour {', '.join(absent)}. "
            f"Colonnes trouvées : {', '.join(raw.columns)}. "
            "Le format du producteur a peut-être changé."
        )


def _check_period(
    period: tuple[int, int], interval: tuple[int, int], name: str, path: Path
) -> None:
    """Refuse births and deaths that do not cover the interval between the two censuses."""
    start, end = interval
    if period[0] != start or period[1] not in {end, end - 1}:
        raise SourceFormatError(
            f"{path}, colonne {name} : la période ne couvre pas l'intervalle des recensements "
            f"{start}-{end} : le solde naturel ne peut pas en être déduit."
        )


def _leave_contradictory(
    figures: list[Figure], codes: pd.Series, path: Path
) -> tuple[Dropped, ...]:
    """Take out (in place) parts that do not sum to their total where all are known, and name their communes."""
    dropped: list[Dropped] = []
    at = {variable: number for number, (variable, *_) in enumerate(figures)}
    for total, parts in PARTS.items():
        if not {total, *parts} <= at.keys():
            continue  # named among the variables that the edition does not have
        gap = figures[at[total]][2] - sum(figures[at[part]][2] for part in parts)
        wrong = gap.abs() > SUM_TOLERANCE
        check_contradictory(wrong, codes, f"{total} n'est pas la somme de {', '.join(parts)}", path)
        for name in (total, *parts):
            variable, year, values, status = figures[at[name]]
            figures[at[name]] = (variable, year, values.mask(wrong), status.mask(wrong, MISSING))
        reason = f"communes dont {total} n'est pas la somme de ses parts, données comme inconnues"
        dropped += name_dropped(reason, codes[wrong])
    return tuple(dropped)


def _name_missing(table: pd.DataFrame) -> tuple[Dropped, ...]:
    """Name what has no value, once for all the variables that the same communes lack."""
    variables: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for status, words in UNKNOWN_WORDS.items():
        rows = table[table["status"] == status]
        for (variable, year), group in rows.groupby(["variable", "ref_year"]):
            variables.setdefault((words, tuple(group["code"])), []).append(f"{variable} {year}")
    return tuple(
        Dropped(f"valeurs {words} : {', '.join(names)}", len(codes), codes[:5])
        for (words, codes), names in variables.items()
    )
