"""Altitudes of communes, as published on data.gouv.fr (« communes de France », IGN figures)."""

from pathlib import Path
from typing import Final

from terrdiag.errors import SourceFormatError
from terrdiag.sources.extract import Extract, check_unique
from terrdiag.sources.files import read_csv
from terrdiag.sources.tables import (
    COMMUNE_PATTERN,
    Figure,
    check_codes,
    make_extract,
    make_figures,
    name_dropped,
    parse_numbers,
)
from terrdiag.values import MISSING

MAXIMA: Final = "communes-france-altitude-max"
HAUTE_BIGORRE: Final = "communes-france-altitudes-cchb"
REF_YEAR: Final = 2025

LOWEST_M: Final = -10.0
HIGHEST_M: Final = 4810.0

COLUMNS: Final = {
    "altitude_minimale": "altitude_min_m",
    "altitude_moyenne": "altitude_mean_m",
    "altitude_maximale": "altitude_max_m",
}


def read_altitude_max(path: Path) -> Extract:
    """Read the highest altitude (m) of the communes (``altitude_maximale_communes.csv``).

    The producer writes 0 for an altitude it does not have, in the Alps as elsewhere: 0 is read as
    missing. The communes are exactly those of 1 January 2024.

    Returns
    -------
    Extract
        A table of figures: ``altitude_max_m``.
    """
    raw = read_csv(path, ["code_insee", "altitude_maximale"])
    check_codes(raw["code_insee"], COMMUNE_PATTERN, path)
    check_unique(raw, ["code_insee"], path)
    values, status = parse_numbers(raw, "altitude_maximale", path, low=LOWEST_M, high=HIGHEST_M)
    zero = values == 0
    status = status.mask(zero, MISSING)
    figure = ("altitude_max_m", REF_YEAR, values.mask(zero), status)
    table = make_figures("commune", raw["code_insee"], [figure]).sort_values("code")
    dropped = name_dropped("altitudes à 0, lues comme manquantes", raw.loc[zero, "code_insee"])
    return make_extract(MAXIMA, table, [path], dropped)


def read_altitudes(path: Path) -> Extract:
    """Read the lowest, mean and highest altitudes (m) of communes.

    Returns
    -------
    Extract
        A table of figures: ``altitude_min_m, altitude_mean_m, altitude_max_m``.

    Raises
    ------
    SourceFormatError
        A mean is not between its extremes.
    """
    raw = read_csv(path, ["code_insee", *COLUMNS])
    check_codes(raw["code_insee"], COMMUNE_PATTERN, path)
    check_unique(raw, ["code_insee"], path)
    figures: list[Figure] = []
    for column, variable in COLUMNS.items():
        values, status = parse_numbers(raw, column, path, low=LOWEST_M, high=HIGHEST_M)
        figures.append((variable, REF_YEAR, values, status))
    lowest, mean, highest = (values for _, _, values, _ in figures)
    wrong = raw.loc[(lowest > mean) | (mean > highest), "code_insee"]
    if not wrong.empty:
        raise SourceFormatError(
            f"{path} : l'altitude moyenne n'est pas entre les extrêmes : "
            f"{', '.join(wrong.head(5))}."
        )
    table = make_figures("commune", raw["code_insee"], figures)
    return make_extract(HAUTE_BIGORRE, table, [path])
