"""Populations of INSEE: the reference populations, and three censuses as re-published."""

from pathlib import Path
from typing import Final

import pandas as pd

from terrdiag.errors import SourceFormatError
from terrdiag.sources.extract import Dropped, Extract, check_unique
from terrdiag.sources.files import read_csv
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

REFERENCE_YEAR: Final = 2023

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


def read_reference_populations(path: Path, arrondissements: pd.DataFrame) -> Extract:
    """Read the municipal and total populations (inhabitants) in force on 1 January 2026.

    The total population (PTOT) is the municipal one (PMUN) and the population counted apart (PCAP:
    students, residents of institutions… who keep a home in the commune and live in another).

    They are those of the census of 2023, in the geography of 1 January 2025: the file still bears
    the names that twelve communes changed on 1 January 2026. Mayotte is not in it.

    Parameters
    ----------
    path
        ``donnees_communes.csv``, taken out of ``ensemble.zip``.
    arrondissements
        ``code_arrondissement, code_commune``: the file has the arrondissements of Paris, Lyon and
        Marseille in the place of these communes.

    Returns
    -------
    Extract
        A table of figures: ``population`` (municipal) and ``population_total``, 2023.
    """
    raw = read_csv(path, ["COM", "PMUN", "PCAP", "PTOT"], sep=";")
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
    tables = []
    for variable, values, statuses in (
        ("population", municipal, status),
        ("population_total", total, total_status),
    ):
        wide = pd.DataFrame({"code": raw["COM"], "value": values, "status": statuses})
        table, dropped = _sum_arrondissements(wide, arrondissements, REFERENCE_YEAR, path)
        tables.append(table.assign(variable=variable))
    return make_extract(REFERENCE, pd.concat(tables), [path], dropped)


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
    absent = sorted(set(parents.index) - set(wide["code"]))
    if absent:
        raise SourceFormatError(
            f"{path} : arrondissement(s) absent(s) : {', '.join(absent[:5])} ; "
            "la population de Paris, Lyon ou Marseille ne peut pas être additionnée."
        )
    twice = sorted(set(parents) & set(wide["code"]))
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
