"""Populations of INSEE: the reference populations, and three censuses as re-published."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from terrdiag.catalogue.load import load_sources
from terrdiag.errors import SourceFormatError
from terrdiag.sources.extract import Dropped, Extract, check_unique
from terrdiag.sources.files import find_zip_member, read_csv, read_zip_member
from terrdiag.sources.tables import (
    COMMUNE_PATTERN,
    check_codes,
    make_extract,
    make_figures,
    name_dropped,
    parse_numbers,
)
from terrdiag.values import MISSING, OK

REFERENCE: Final = "insee-populations-reference-2023"
CENSUSES: Final = "insee-rp-populations"

MEMBER: Final = "*communes.csv"
"""Of the archive of INSEE (``ensemble.zip``): ``donnees_communes.csv``, ``Communes.csv`` in older ones."""

CENSUS_COLUMNS: Final = {"P11_POP": 2011, "P16_POP": 2016, "P22_POP": 2022}

CENSUS_GEOGRAPHIES: Final = {2011: 2013, 2016: 2018, 2022: 2024}
"""The communes each column counts: those of the geography its census was published in.

The re-publication keeps one row a commune of 2025, but its columns were not carried over: where
communes merged on 1 January 2019, ``P16_POP`` is that of the commune which kept its code, alone
(median 66 % of the merged population), while mergers of 1 January 2018 are in it. The same break
stands between 2013 and 2015 for ``P11_POP``, and between 2024 and 2025 for ``P22_POP``.
"""

PARTS_GIVEN_FOR_A_WHOLE: Final = {
    (2011, "76108"): "Bois-Guillaume sans Bihorel, alors réunies (12 754 habitants, 13 046 en 2013)"
}
"""Cells that count less than the commune of their column's geography: read as missing.

Bois-Guillaume and Bihorel were one commune from 2012 to 2013; the file gives 2011 for the first of
them alone. Shared between the two, it would make one grow and the other shrink.
"""

CENSUS_INTERVALS: Final = ((2011, 2016), (2016, 2022))


def read_reference(
    paths: Sequence[Path], source_id: str, cities: pd.DataFrame
) -> tuple[Extract, ...]:
    """Read the reference populations (inhabitants) of the year that the register gives to a source.

    Parameters
    ----------
    paths
        Its files; an archive wins over the file taken out of it.
    source_id
        The source, as in the register: its first reference year is that of the populations.
    cities
        ``code_arrondissement, code_commune``.

    Returns
    -------
    tuple of Extract
        See :func:`read_reference_populations`.
    """
    chosen = sorted(paths, key=lambda path: path.suffix.casefold() != ".zip")[0]
    return (read_reference_populations(chosen, cities, source_id),)


def read_reference_populations(
    path: Path, arrondissements: pd.DataFrame, source_id: str = REFERENCE
) -> Extract:
    """Read the municipal and total populations (inhabitants) of communes.

    The total population (PTOT) is the municipal one (PMUN) and the population counted apart (PCAP:
    students, residents of institutions… who keep a home in the commune and live in another).

    Those of 2023 are in force on 1 January 2026, in the geography of 1 January 2025: the file still
    bears the names that twelve communes changed on 1 January 2026. Mayotte is not in it.

    Parameters
    ----------
    path
        ``ensemble.zip``, or ``donnees_communes.csv`` taken out of it. Two headers are known:
        ``REG;Région;DEP;CODARR;CODCAN;CODCOM;COM;Commune;PMUN;PCAP;PTOT``, and that of the editions
        before, from memory: ``CODREG;REG;CODDEP;CODARR;CODCAN;CODCOM;COM;PMUN;PCAP;PTOT``, where
        ``COM`` is a name and the code is made of those of the département and of the commune.
    arrondissements
        ``code_arrondissement, code_commune``: the file has the arrondissements of Paris, Lyon and
        Marseille in the place of these communes.
    source_id
        The source, as in the register, which says the year of the populations.

    Returns
    -------
    Extract
        A table of figures: ``population`` (municipal) and ``population_total``.
    """
    raw = _read_communes(path)
    check_codes(raw["COM"], COMMUNE_PATTERN, path)
    check_unique(raw, ["COM"], path)
    municipal, status = parse_numbers(raw, "PMUN", path, high=3e6)
    apart, _ = parse_numbers(raw, "PCAP", path, high=3e6)
    total, total_status = parse_numbers(raw, "PTOT", path, high=3e6)
    wrong = raw.loc[(municipal + apart - total).abs() > 0, "COM"]
    if not wrong.empty:
        raise SourceFormatError(
            f"{path} : PMUN + PCAP ≠ PTOT pour {len(wrong)} commune(s) : "
            f"{', '.join(wrong.head(5))}."
        )
    year = load_sources()[source_id].ref_years[0]
    tables = []
    for variable, values, statuses in (
        ("population", municipal, status),
        ("population_total", total, total_status),
    ):
        wide = pd.DataFrame({"code": raw["COM"], "value": values, "status": statuses})
        table, dropped = _sum_arrondissements(wide, arrondissements, year, path)
        tables.append(table.assign(variable=variable))
    return make_extract(source_id, pd.concat(tables), [path], dropped)


def _read_communes(path: Path) -> pd.DataFrame:
    """Read the rows of communes under either header, the code in ``COM``."""
    data = None
    if path.suffix.casefold() == ".zip":
        data = read_zip_member(path, find_zip_member(path, MEMBER))
    raw = read_csv(path, ["COM", "PMUN", "PCAP", "PTOT"], sep=";", data=data)
    if not {"CODDEP", "CODCOM"} <= set(raw.columns):
        return raw
    # overseas, the code of a commune repeats the last figure of its département: 971 and 101 make 97101
    code = raw["CODDEP"].str[:2] + raw["CODCOM"].str.zfill(3)
    return raw.assign(COM=code.rename("COM"))


def read_census_populations(path: Path, arrondissements: pd.DataFrame) -> tuple[Extract, ...]:
    """Read the municipal populations (inhabitants) of the censuses of 2011, 2016 and 2022.

    Each column counts the communes of its own geography (see :data:`CENSUS_GEOGRAPHIES`): hence
    one extract a census. Communes that no longer exist in 2025 have no row, so that the population
    of a merged commune cannot be made up for the censuses before its merger: carrying an extract
    to a later geography, an absent row is an unknown population, never zero.

    Parameters
    ----------
    path
        The file ``rp_population_communes_2011_2016_2022.csv``.
    arrondissements
        ``code_arrondissement, code_commune``, as for :func:`read_reference_populations`.

    Returns
    -------
    tuple of Extract
        Three tables of figures (``population``; 2011, 2016, 2022), each with its ``cog_year``.
        An empty cell is ``missing``: the population is not known, or the commune did not exist.
    """
    raw = read_csv(path, ["code_commune", *CENSUS_COLUMNS])
    check_codes(raw["code_commune"], COMMUNE_PATTERN, path)
    check_unique(raw, ["code_commune"], path)
    extracts = []
    for column, year in CENSUS_COLUMNS.items():
        values, status = parse_numbers(raw, column, path, high=3e6)
        wide = pd.DataFrame({"code": raw["code_commune"], "value": values, "status": status})
        parts = wide["code"].isin([code for of, code in PARTS_GIVEN_FOR_A_WHOLE if of == year])
        wide["value"], wide["status"] = (
            wide["value"].mask(parts),
            wide["status"].mask(parts, MISSING),
        )
        table, dropped = _sum_arrondissements(wide, arrondissements, year, path)
        for (of, code), reason in PARTS_GIVEN_FOR_A_WHOLE.items():
            if of == year and parts.any():
                dropped += name_dropped(f"population de {year} écartée : {reason}", [code])
        missing = table.loc[table["status"] == MISSING, "code"]
        dropped += name_dropped(f"communes sans population en {year} (manquantes)", missing)
        geography = CENSUS_GEOGRAPHIES[year]
        extracts.append(
            make_extract(CENSUSES, table, [path], dropped, CENSUS_INTERVALS, cog_year=geography)
        )
    return tuple(extracts)


def _sum_arrondissements(
    wide: pd.DataFrame, arrondissements: pd.DataFrame, ref_year: int, path: Path
) -> tuple[pd.DataFrame, tuple[Dropped, ...]]:
    """Replace arrondissements by their commune, whose population is known if all of theirs are."""
    parents = arrondissements.set_index("code_arrondissement")["code_commune"]
    inside = wide["code"].isin(parents.index)
    codes = set(wide["code"])
    # a city that stands whole, without any of its arrondissements, has nothing to be summed
    whole = [
        city
        for city, own in parents.groupby(parents)
        if city in codes and codes.isdisjoint(own.index)
    ]
    parents = parents[~parents.isin(whole)]
    absent = sorted(set(parents.index) - codes)
    if absent:
        raise SourceFormatError(
            f"{path} : arrondissement(s) absent(s) : {', '.join(absent[:5])} ; "
            "la population de Paris, Lyon ou Marseille ne peut pas être additionnée."
        )
    twice = sorted(set(parents) & codes)
    if twice:
        raise SourceFormatError(
            f"{path} : {', '.join(twice)} et ses arrondissements sont tous deux dans le fichier : "
            "sa population serait comptée deux fois."
        )
    summed = (
        wide[inside]
        .groupby(wide.loc[inside, "code"].map(parents).rename("parent"))["value"]
        .agg(lambda values: values.sum(skipna=False))
        .rename_axis("code")
        .reset_index()
    )
    summed["status"] = summed["value"].notna().map({True: OK, False: MISSING})
    communes = pd.concat([wide[~inside], summed]).sort_values("code")
    figures = make_figures(
        "commune",
        communes["code"],
        [("population", ref_year, communes["value"], communes["status"])],
    )
    return figures, name_dropped(
        "arrondissements additionnés en leur commune (Paris, Lyon, Marseille)",
        wide.loc[inside, "code"],
    )
