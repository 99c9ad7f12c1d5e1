"""A synthetic « base emploi » of the census: the producer's header, invented counts over given communes.

Never shipped, never read as figures: every count is drawn from the code of the commune.
"""

import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

YEARS = (2022, 2016, 2011)
"""The census of the file, then the two that it is compared with, as the producer orders them."""

MAIN = (
    *("POP1564", "ACT1564", "ACTOCC1564", "CHOM1564", "EMPLT", "EMPLT_SAL", "EMPLT_FSAL"),
    *("EMPLT_SALTP", "EMPLT_NSAL", "EMPLT_FNSAL", "EMPLT_NSALTP"),
)
SECTORS = ("AGRI", "INDUS", "CONST", "CTS", "APESAS")
COMPLEMENTARY = (
    "EMPLT",
    *(f"EMPLT_GS{rank}" for rank in range(1, 7)),
    *(f"EMPLT_{sector}" for sector in SECTORS),
    "EMPLT_SAL",
)
MEMBER = "base-cc-emploi-pop-active-2022.CSV"

Row = dict[str, str]


def name_columns(years: Sequence[int] = YEARS) -> list[str]:
    """Name the columns as the producer does: main exploitation, then complementary one, census by census."""
    return [
        "CODGEO",
        *(f"P{year % 100}_{name}" for year in years for name in MAIN),
        *(f"C{year % 100}_{name}" for year in years for name in COMPLEMENTARY),
    ]


def draw(code: str, what: str) -> float:
    """Draw a number from 0 to 1, always the same for a commune and a thing."""
    return zlib.crc32(f"{code} {what}".encode()) % 100_003 / 100_003


def count_jobs(code: str, people: float, year: int) -> dict[str, float]:
    """Invent the jobs of a commune by sector, to three decimals: their total is their exact sum."""
    jobs = people * (0.1 + 0.5 * draw(code, "jobs")) * (1 + (draw(code, f"in {year}") - 0.5) / 5)
    parts = {
        sector: draw(code, sector) ** 2 + 0.02 + 0.05 * draw(code, f"{sector} in {year}")
        for sector in SECTORS
    }
    whole = sum(parts.values())
    counts = {f"EMPLT_{name}": round(jobs * part / whole, 3) for name, part in parts.items()}
    return {"EMPLT": round(sum(counts.values()), 3), **counts}


def make_row(code: str, people: float, years: Sequence[int] = YEARS) -> Row:
    """Invent the row of a commune; the two exploitations differ, as the real ones do."""
    row: Row = {"CODGEO": code}
    for year in years:
        complementary = count_jobs(code, people, year)
        jobs = complementary["EMPLT"] * (0.97 + 0.06 * draw(code, "exploitations"))
        main = {"POP1564": 0.6 * people, "ACT1564": 0.45 * people, "CHOM1564": 0.05 * people}
        main |= {"ACTOCC1564": 0.4 * people, "EMPLT": jobs, "EMPLT_SAL": 0.8 * jobs}
        for letter, names, known in (("P", MAIN, main), ("C", COMPLEMENTARY, complementary)):
            for name in names:
                row[f"{letter}{year % 100}_{name}"] = str(round(known.get(name, 0.0), 6))
    return row


def write_jobs_base(
    path: Path,
    people: Mapping[str, float],
    cities: Mapping[str, str],
    years: Sequence[int] = YEARS,
) -> Path:
    """Write the archive as published: the CSV of all communes, and what its columns mean.

    Parameters
    ----------
    path
        Where to write it.
    people
        Inhabitants of each commune, which its counts are drawn from.
    cities
        Commune of each arrondissement of Paris, Lyon and Marseille: they have rows of their own.
    years
        The censuses.
    """
    columns = name_columns(years)
    share = {city: list(cities.values()).count(city) for city in set(cities.values())}
    sizes = dict(people) | {
        code: people[city] / share[city] for code, city in cities.items() if city in people
    }
    lines = [";".join(columns)]
    for code, size in sorted(sizes.items()):
        row = make_row(code, size, years)
        lines.append(";".join((f'"{code}"', *(row[name] for name in columns[1:]))))
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        # a fixed date, so that the archive has the same bytes each time
        archive.writestr(zipfile.ZipInfo(MEMBER), "\n".join(lines) + "\n", zipfile.ZIP_DEFLATED)
        archive.writestr(zipfile.ZipInfo(f"meta_{MEMBER}"), "COD_VAR;LIB_VAR\n")
    return path
