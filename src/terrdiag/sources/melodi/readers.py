"""The bulk files of Melodi that an edition reads, one reader a data set.

All have the signature of a reader of figures: the files of a source, its identifier in the register,
and the arrondissements of Paris, Lyon and Marseille (``code_arrondissement, code_commune``).
"""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from terrdiag.sources.extract import Extract
from terrdiag.sources.melodi.bulk import read_bulk
from terrdiag.sources.melodi.datasets import (
    CENSUS_SERIES,
    FLORES_A5,
    FLORES_A17,
    LT_COMP,
    POPULATIONS,
    Dataset,
)
from terrdiag.sources.melodi.figures import make_figures_extract


def read_jobs_by_sector(
    paths: Sequence[Path], source_id: str, cities: pd.DataFrame
) -> tuple[Extract, ...]:
    """Read jobs at the workplace by sector (``DS_RP_EMPLOI_LT_COMP``, complementary exploitation).

    Parameters
    ----------
    paths
        The bulk files.
    source_id
        The source, as in the register.
    cities
        ``code_arrondissement, code_commune``.

    Returns
    -------
    tuple of Extract
        ``jobs_sectors`` (the total of this exploitation, not that of the main one) and the five
        sectors it is the sum of, at each census of the file, with their intervals.

    Raises
    ------
    SourceFormatError
        See :func:`~terrdiag.sources.melodi.bulk.read_bulk` and
        :func:`~terrdiag.sources.melodi.figures.make_figures_extract`.
    """
    return _read(LT_COMP, paths, source_id, cities)


def read_posts_a5(
    paths: Sequence[Path], source_id: str, cities: pd.DataFrame
) -> tuple[Extract, ...]:
    """Read salaried posts on 31 December by sector (``DS_FLORES_A5``): ``posts_total`` and five sectors.

    Posts, not persons: who holds two is counted twice. Defence and private households are not in it.
    See :func:`read_jobs_by_sector` for the parameters.
    """
    return _read(FLORES_A5, paths, source_id, cities)


def read_posts_a17(
    paths: Sequence[Path], source_id: str, cities: pd.DataFrame
) -> tuple[Extract, ...]:
    """Read salaried posts on 31 December, the branches of industry apart (``DS_FLORES_A17``).

    The five sectors are summed from the seventeen, known only where all of their parts are.
    See :func:`read_jobs_by_sector` for the parameters.
    """
    return _read(FLORES_A17, paths, source_id, cities)


def read_populations(
    paths: Sequence[Path], source_id: str, cities: pd.DataFrame
) -> tuple[Extract, ...]:
    """Read the reference populations (``DS_POPULATIONS_REFERENCE``): municipal and total, in inhabitants.

    See :func:`read_jobs_by_sector` for the parameters.
    """
    return _read(POPULATIONS, paths, source_id, cities)


def read_census_series(
    paths: Sequence[Path], source_id: str, cities: pd.DataFrame
) -> tuple[Extract, ...]:
    """Read population and dwellings by kind at each census since 1968 (``DS_RP_SERIE_HISTORIQUE``).

    The communes are those of the file's geography, the earlier censuses being brought to it by INSEE.
    See :func:`read_jobs_by_sector` for the parameters.
    """
    return _read(CENSUS_SERIES, paths, source_id, cities)


def _read(
    dataset: Dataset, paths: Sequence[Path], source_id: str, cities: pd.DataFrame
) -> tuple[Extract, ...]:
    return tuple(
        make_figures_extract(
            dataset, read_bulk(path, dataset.wanted, dataset.optional), source_id, cities, (path,)
        )
        for path in paths
    )
