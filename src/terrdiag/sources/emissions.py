"""The territorial inventory of greenhouse gases (ADEME, IGT): modelled emissions by commune and sector."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from terrdiag.catalogue.load import load_sources
from terrdiag.sources.chunks import repair_codes, word_repaired
from terrdiag.sources.cities import join_arrondissements
from terrdiag.sources.extract import Dropped, Extract, check_unique
from terrdiag.sources.files import read_csv
from terrdiag.sources.tables import Figure, make_extract, make_figures, parse_numbers
from terrdiag.values import MISSING, OK
from terrdiag.wording import join_words

SECTORS: Final = {
    "Agriculture": "agriculture",
    "Autres transports": "other_transport",
    "Déchets": "waste",
    "Energie": "energy",
    "Industrie hors-énergie": "industry",
    "Résidentiel": "residential",
    "Routier": "road",
    "Tertiaire": "tertiary",
}
"""What makes the total of a commune."""

APART: Final = {
    "Autres transports international": "international_transport",
    "CO2 biomasse hors-total": "biomass",
}
"""Outside the total by convention: kept under their own names, never added."""

HIGHEST: Final = 1e8
"""In tonnes: the largest emitting communes are at some ten million."""


def read_inventory(
    paths: Sequence[Path], source_id: str, cities: pd.DataFrame
) -> tuple[Extract, ...]:
    """Read the emissions of greenhouse gases (tonnes of CO₂ equivalent), by commune and sector.

    Parameters
    ----------
    paths
        ``IGT - Pouvoir de réchauffement global.csv``.
    source_id
        The source; the file does not say its year, which is that of the register.
    cities
        ``code_arrondissement, code_commune``: arrondissements stand in the place of Paris, Lyon and Marseille.

    Returns
    -------
    tuple of Extract
        ``ghg_<sector>_tco2e`` where the producer gives a figure, an empty cell being ``missing``, and
        ``ghg_total_tco2e``, the sum of the sectors given.

    Raises
    ------
    SourceFormatError
        The file is not the one expected.
    """
    [year] = load_sources()[source_id].ref_years
    return tuple(_read_file(path, source_id, year, cities) for path in paths)


def _read_file(path: Path, source_id: str, year: int, cities: pd.DataFrame) -> Extract:
    named = {**SECTORS, **APART}
    raw = read_csv(path, ["INSEE commune", *named])
    # counted as a spreadsheet does: the header is line 1
    lines = raw["INSEE commune"].str.strip().set_axis(raw.index + 2)
    codes, repaired = repair_codes(lines, path, "INSEE commune")
    wide = pd.DataFrame({"code": codes.to_numpy()})
    check_unique(wide, ["code"], path)
    for column, sector in named.items():
        wide[sector] = parse_numbers(raw, column, path, high=HIGHEST)[0].to_numpy()
    # the producer leaves a sector empty where it has nothing to put there
    wide["total"] = wide[list(SECTORS.values())].sum(axis=1, min_count=1)
    joined, moved = join_arrondissements(wide.assign(value=wide["total"]), cities, ["code"], path)
    groups = joined.drop(columns="value").groupby("code")
    summed = groups.sum(min_count=1)
    # a sector is known of a city if it is of all its arrondissements; a total is that of the sectors given
    complete = groups.count().eq(groups.size(), axis=0)
    summed[list(named.values())] = summed[list(named.values())].where(
        complete[list(named.values())]
    )
    figures = make_figures("commune", summed.index.to_series(), _list_figures(summed, year))
    dropped = (*word_repaired(repaired), *moved, *_name_empty(summed))
    return make_extract(source_id, figures, [path], dropped)


def _list_figures(summed: pd.DataFrame, year: int) -> list[Figure]:
    return [
        (
            f"ghg_{sector}_tco2e",
            year,
            summed[sector],
            summed[sector].notna().map({True: OK, False: MISSING}),
        )
        for sector in (*SECTORS.values(), *APART.values(), "total")
    ]


def _name_empty(summed: pd.DataFrame) -> tuple[Dropped, ...]:
    """Name the communes of which a sector of the total is left empty, and say so once."""
    counts = {label: int(summed[sector].isna().sum()) for label, sector in SECTORS.items()}
    empty = summed[list(SECTORS.values())].isna().any(axis=1)
    if not empty.any():
        return ()
    words = join_words(f"{label} {count}" for label, count in counts.items() if count)
    reason = (
        "communes dont un secteur au moins est laissé vide par le producteur "
        f"(il n'est pas compté dans leur total) : {words}"
    )
    return (Dropped(reason, int(empty.sum()), tuple(summed.index[empty][:5])),)
