"""EPCI of 2018 described by the Observatoire des territoires (CGET, now ANCT), as re-published."""

from pathlib import Path
from typing import Final

from terrdiag.sources.extract import Extract, check_unique
from terrdiag.sources.files import read_csv
from terrdiag.sources.tables import (
    SIREN_PATTERN,
    Figure,
    check_codes,
    make_extract,
    make_figures,
    parse_numbers,
)

SOURCE_ID: Final = "anct-observatoire-epci-2018"
REF_YEAR: Final = 2016

COLUMNS: Final = {
    "nombredhab_epci": ("population", 1e7),
    "partemploiindus_epci": ("industry_salaried_jobs_share_pct", 100.0),
}
"""Variable and highest plausible value by column."""


def read_epci_2018(path: Path) -> Extract:
    """Read the inhabitants and the share of industry in salaried jobs (%) of the EPCI of 2018.

    The share is that of salaried jobs, unlike the one of :mod:`terrdiag.sources.sectors` (all
    jobs): the two are never compared nor joined.

    Parameters
    ----------
    path
        The file ``observatoire_territoires_epci_2018.csv``.

    Returns
    -------
    Extract
        A table of figures at level ``epci``: ``population, industry_salaried_jobs_share_pct``,
        2016, in the EPCI of 1 January 2018. The population is there to tell which EPCI have kept
        their perimeter since.
    """
    raw = read_csv(path, ["epci", "nom_epci", *COLUMNS])
    check_codes(raw["epci"], SIREN_PATTERN, path)
    check_unique(raw, ["epci"], path)
    figures: list[Figure] = []
    for column, (variable, high) in COLUMNS.items():
        values, status = parse_numbers(raw, column, path, high=high)
        figures.append((variable, REF_YEAR, values, status))
    table = make_figures("epci", raw["epci"], figures)
    return make_extract(SOURCE_ID, table, [path])
