"""Figures of the communes of one EPCI, asked for without the bulk file."""

import pandas as pd

from terrdiag.errors import SourceFormatError
from terrdiag.sources.extract import FIGURE_COLUMNS, Dropped, Extract
from terrdiag.sources.melodi.answers import Data
from terrdiag.sources.melodi.api import Melodi
from terrdiag.sources.melodi.bulk import COMMUNE, LEVEL, Observations
from terrdiag.sources.melodi.datasets import Dataset
from terrdiag.sources.melodi.figures import make_figures_extract
from terrdiag.sources.tables import make_extract


def read_epci_communes(
    melodi: Melodi, dataset: Dataset, siren: str, source_id: str, cities: pd.DataFrame
) -> Extract:
    """Read the figures of the communes of an EPCI, as the bulk file would give them.

    Parameters
    ----------
    melodi
        The interface.
    dataset
        What is taken, and how it adds up.
    siren
        The EPCI.
    source_id
        The source, as in the register.
    cities
        ``code_arrondissement, code_commune``.

    Returns
    -------
    Extract
        A table of figures, in the geography that the service says. When it knows nothing of the EPCI the
        table is empty, and the reason is among what was left out.

    Raises
    ------
    SourceError
        See :meth:`~terrdiag.sources.melodi.api.Melodi.read_data`.
    """
    # a dimension that the data set may not have is not asked about: the service would refuse it all
    asked = [("GEO", f"EPCI-{siren}*{COMMUNE}")]
    asked += [
        (name, code)
        for name, codes in dataset.wanted.items()
        if name not in dataset.optional
        for code in codes
    ]
    data = melodi.read_data(dataset.id, asked)
    if data.reason:
        empty = pd.DataFrame(columns=list(FIGURE_COLUMNS))
        return make_extract(source_id, empty, (), (Dropped(data.reason, 0),))
    observations = _choose(data, dataset, f"Melodi, {dataset.id}, EPCI {siren}")
    return make_figures_extract(dataset, observations, source_id, cities)


def _choose(data: Data, dataset: Dataset, where: str) -> Observations:
    """Keep the communes and the codes wanted, in one geography."""
    table = data.table
    for name, code in dataset.fixed.items():
        if name in table:
            table = table[table[name] == code].drop(columns=name)
    levels = table.loc[table[LEVEL] != COMMUNE, LEVEL].value_counts().to_dict()
    table = table[table[LEVEL] == COMMUNE]
    years = sorted(set(table["COG_YEAR"]))
    if len(years) != 1:
        raise SourceFormatError(
            f"{where} : une seule géographie de communes attendue, reçu : {', '.join(map(str, years)) or 'aucune'}."
        )
    kept = table.drop(columns=[LEVEL, "COG_YEAR"]).reset_index(drop=True)
    return Observations(
        kept, {str(key): int(n) for key, n in levels.items()}, years[0] or None, where
    )
