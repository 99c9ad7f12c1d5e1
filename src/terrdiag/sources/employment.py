"""Jobs at the workplace by sector and commune: « base emploi – population active » of the census (INSEE).

The years are in the names of the columns, and only there: ``C22_EMPLT_INDUS`` is the census of 2022, with two earlier
ones beside it in the communes of the file. ``P`` columns come from the main exploitation of the census (all the forms
collected), ``C`` columns from the complementary one (a sample: one household in four in the communes of less than
10,000 inhabitants). Only the second has sectors, and its total is not the first's: a share of a sector is always
``C`` over ``C``.
"""

import csv
import io
import itertools
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

import pandas as pd

from terrdiag.errors import SourceFormatError
from terrdiag.sources.extract import Dropped, Extract, check_unique
from terrdiag.sources.files import FETCH_AGAIN, find_zip_member, open_zip_member, read_head
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
from terrdiag.wording import NBSP, format_number

MEMBER: Final = "base-cc-emploi-pop-active-*.csv"
"""In the archive, beside a ``meta_…`` file that is not read."""

TOTAL: Final = "jobs_sectors"

SECTORS: Final = {
    "C_EMPLT_AGRI": "jobs_agriculture",
    "C_EMPLT_INDUS": "jobs_industry",
    "C_EMPLT_CONST": "jobs_construction",
    "C_EMPLT_CTS": "jobs_trade_services",
    "C_EMPLT_APESAS": "jobs_administration",
}
"""The five sectors of the complementary exploitation (the column of 2022 is ``C22_EMPLT_AGRI``)."""

COMPLEMENTARY: Final = {"C_EMPLT": TOTAL, **SECTORS}

MAIN: Final = {
    "P_EMPLT": "jobs_total",
    "P_EMPLT_SAL": "jobs_salaried",
    "P_POP1564": "population_1564",
    "P_ACT1564": "active_1564",
    "P_CHOM1564": "unemployed_1564",
}

COLUMN: Final = re.compile(r"([PC])([0-9]{2})(_[A-Z0-9_]+)")

UNKNOWN_WORDS: Final = {MISSING: "non renseignées", SECRET: "sous secret statistique"}


def read_employment(
    paths: Sequence[Path], source_id: str, cities: pd.DataFrame
) -> tuple[Extract, ...]:
    """Read jobs and labour force by commune (counts: weighted estimates of the census, with decimals).

    Parameters
    ----------
    paths
        The archive of the producer, or its CSV file: one of them.
    source_id
        The edition, as in the register of sources.
    cities
        ``code_arrondissement, code_commune``: the arrondissements of Paris, Lyon and Marseille stand in the file
        beside these communes.

    Returns
    -------
    tuple of Extract
        One, at the level of communes: ``jobs_sectors`` (total of the complementary exploitation) and
        ``jobs_agriculture, jobs_industry, jobs_construction, jobs_trade_services, jobs_administration``;
        ``jobs_total, jobs_salaried, population_1564, active_1564, unemployed_1564`` (main exploitation). A year of
        a commune whose five sectors do not make their total is left out, and named.

    Raises
    ------
    SourceFormatError
        The file is damaged or changed: a sector lacks, a code or a number is malformed, a commune stands twice, the
        sectors of more than 1 % of the communes do not make their total.
    """
    path = _choose_file(paths)
    raw, columns = _read_columns(path)
    check_codes(raw["CODGEO"], COMMUNE_PATTERN, path)
    check_unique(raw, ["CODGEO"], path)
    inside = raw["CODGEO"].isin(cities["code_arrondissement"])
    _check_cities(raw["CODGEO"], cities, path)
    codes = raw.loc[~inside, "CODGEO"].sort_values()
    figures: dict[tuple[str, int], Figure] = {}
    for column, key in columns.items():
        # parsed before the arrondissements go, so that an error gives the line of the file
        values, status = parse_numbers(raw, column, path, high=3e7)
        figures[key] = (*key, values[codes.index], status[codes.index])
    years = sorted({year for name, year in figures if name == TOTAL})
    contradictory = tuple(
        one for year in years for one in _leave_contradictory(figures, year, codes, path)
    )
    table = make_figures("commune", codes, figures.values())
    arrondissements = name_dropped(
        "arrondissements de Paris, Lyon et Marseille (déjà comptés dans leur commune)",
        raw.loc[inside, "CODGEO"],
    )
    dropped = (*arrondissements, *contradictory, *_name_unknown(table))
    intervals = tuple(itertools.pairwise(years))
    return (make_extract(source_id, table, [path], dropped, intervals),)


def _choose_file(paths: Sequence[Path]) -> Path:
    if len(paths) == 1:
        return paths[0]
    raise SourceFormatError(
        f"{', '.join(map(str, paths))} : plusieurs fichiers pour une même base emploi. Gardez l'archive du producteur."
    )


def _read_columns(path: Path) -> tuple[pd.DataFrame, dict[str, tuple[str, int]]]:
    """Read the columns that are wanted, as text: the file has hundreds of them, and is never held whole."""
    with _open_text(path) as text:
        reader = csv.reader(text, delimiter=";", strict=True)
        try:
            header = next(reader, [])
            columns = _find_columns(header, path)
            wanted = ["CODGEO", *columns]
            at = [header.index(name) for name in wanted]
            rows = [[row[i].strip() for i in at] for row in _whole_rows(reader, len(header), path)]
        except (csv.Error, UnicodeDecodeError) as error:
            raise SourceFormatError(
                f"{path}, ligne {reader.line_num + 1} : CSV illisible ({error}), le fichier est sans doute "
                f"tronqué ou réenregistré par un tableur. {FETCH_AGAIN}"
            ) from error
    if not rows:
        raise SourceFormatError(f"{path} : aucune ligne sous l'en-tête. {FETCH_AGAIN}")
    return pd.DataFrame(rows, columns=pd.Index(wanted), dtype="str"), columns


@contextmanager
def _open_text(path: Path) -> Iterator[IO[str]]:
    """Open the CSV file, or that of the archive, as a stream of text."""
    if read_head(path).startswith(b"PK"):
        with open_zip_member(path, find_zip_member(path, MEMBER)) as stream:
            yield io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    else:
        with path.open(encoding="utf-8-sig", newline="") as text:
            yield text


def _whole_rows(reader: Iterator[list[str]], width: int, path: Path) -> Iterator[list[str]]:
    for number, row in enumerate(reader, start=2):
        if row and len(row) != width:
            raise SourceFormatError(
                f"{path}, ligne {number} : {len(row)} cellule(s) au lieu de {width}, "
                f"le fichier est sans doute tronqué. {FETCH_AGAIN}"
            )
        if row:
            yield row


def _find_columns(header: Sequence[str], path: Path) -> dict[str, tuple[str, int]]:
    """Map each column that is wanted to its variable and census year."""
    known = COMPLEMENTARY | MAIN
    columns: dict[str, tuple[str, int]] = {}
    for name in header:
        found = COLUMN.fullmatch(name)
        variable = known.get(f"{found[1]}{found[3]}") if found else None
        if found and variable:
            columns[name] = (variable, _read_year(found[2]))
    _check_header(header, columns, path)
    return columns


def _read_year(digits: str) -> int:
    """Read the year of a census of now (``22``) or of the last century (``99``).

    Examples
    --------
    >>> _read_year("22"), _read_year("99")
    (2022, 1999)
    """
    return 1900 + int(digits) if digits >= "60" else 2000 + int(digits)


def _check_header(header: Sequence[str], columns: dict[str, tuple[str, int]], path: Path) -> None:
    """Refuse a file without codes, without sectors, or that lacks one of them for a census."""
    found = f"Colonnes trouvées : {', '.join(header[:12])}{', …' if len(header) > 12 else ''}."
    if any(header.count(name) != 1 for name in ("CODGEO", *columns)):
        raise SourceFormatError(
            f"{path} : colonne CODGEO absente, ou colonne répétée. {found} "
            "Le fichier n'est pas la base emploi du recensement, ou son format a changé."
        )
    keys = set(columns.values())
    years = sorted({year for variable, year in keys if variable in COMPLEMENTARY.values()})
    if not years:
        raise SourceFormatError(
            f"{path} : aucune colonne de l'exploitation complémentaire (C22_EMPLT, C22_EMPLT_INDUS…) : "
            f"sans elle, pas d'emplois par secteur. {found}"
        )
    absent = [
        f"{column[0]}{year % 100:02d}{column[1:]}"
        for year in years
        for column, variable in {**COMPLEMENTARY, "P_EMPLT": "jobs_total"}.items()
        if (variable, year) not in keys
    ]
    absent += [
        f"{column[0]}{years[-1] % 100:02d}{column[1:]}"
        for column, variable in MAIN.items()
        if column != "P_EMPLT" and (variable, years[-1]) not in keys
    ]
    if absent:
        raise SourceFormatError(
            f"{path} : colonne absente : {', '.join(absent)}. {found} "
            "Le format du producteur a peut-être changé, ou le fichier n'est pas celui attendu."
        )


def _check_cities(codes: pd.Series, cities: pd.DataFrame, path: Path) -> None:
    """Refuse a file that has arrondissements and not their commune: it would vanish with them."""
    there = set(cities.loc[cities["code_arrondissement"].isin(codes), "code_commune"])
    if lost := sorted(there - set(codes)):
        raise SourceFormatError(
            f"{path} : arrondissements de {', '.join(lost)} sans la ligne de cette commune. "
            "Le format du producteur a peut-être changé."
        )


def _leave_contradictory(
    figures: dict[tuple[str, int], Figure], year: int, codes: pd.Series, path: Path
) -> tuple[Dropped, ...]:
    """Take out the sectors of the communes where they do not make their total, and name these communes.

    Nobody knows which of the six figures is wrong: a share made of them would be wrong too.
    """
    whole = figures[TOTAL, year][2]
    parts = sum(figures[name, year][2] for name in SECTORS.values())
    wrong = (whole - parts).abs() > SUM_TOLERANCE
    what = f"en {year}, la somme des cinq secteurs n'est pas leur total (C{year % 100:02d}_EMPLT)"
    check_contradictory(wrong, codes, what, path)
    if not wrong.any():
        return ()
    for name in COMPLEMENTARY.values():
        variable, _, values, status = figures[name, year]
        figures[name, year] = (variable, year, values.mask(wrong), status.mask(wrong, MISSING))
    gap = format_number(float((whole - parts).abs()[wrong].max()), 1)
    reason = (
        f"emplois par secteur de {year} contradictoires (leur somme n'est pas C{year % 100:02d}_EMPLT, "
        f"écart maximal{NBSP}: {gap} emplois), donnés comme inconnus"
    )
    return name_dropped(reason, codes[wrong])


def _name_unknown(table: pd.DataFrame) -> tuple[Dropped, ...]:
    """Name what has no value, once for all the variables that the same communes lack."""
    variables: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for status, words in UNKNOWN_WORDS.items():
        rows = table[table["status"] == status]
        for (variable, year), group in rows.groupby(["variable", "ref_year"], sort=False):
            variables.setdefault((words, tuple(group["code"])), []).append(f"{variable} {year}")
    return tuple(
        Dropped(f"valeurs {words} : {', '.join(names)}", len(codes), codes[:5])
        for (words, codes), names in variables.items()
    )
