"""Synthetic national files of every source that a mirror of the embedded edition lacks (see ``synthetic_world``)."""

from pathlib import Path

import pandas as pd

from synthetic_groups import write_belonging, write_flows
from synthetic_insee import (
    write_census_series,
    write_comparateur,
    write_incomes,
    write_melodi_jobs,
    write_posts,
)
from synthetic_jobs import write_jobs_base
from synthetic_others import write_emissions, write_energy, write_private_jobs
from synthetic_world import World


def write_sources(raw: Path, world: World, known: pd.DataFrame | None = None) -> None:
    """Write every source of figures, flows and zonings that the mirror lacks, under the paths of the register.

    Parameters
    ----------
    raw
        Folder laid out as the register says.
    world
        What the files are about.
    known
        Rows of the comparateur to write as they are.
    """
    jobs = raw / "insee/rp-emploi/base-cc-emploi-pop-active-2022_csv.zip"
    people = world.communes.loc[~world.communes.index.str.startswith("976"), "p2022"]
    write_jobs_base(jobs, people.to_dict(), world.cities)
    write_melodi_jobs(raw / "insee/melodi/DS_RP_EMPLOI_LT_COMP_2023_CSV_FR.zip", world)
    write_posts(raw / "insee/melodi/DS_FLORES_A17_2024_CSV_FR.zip", world)
    write_census_series(raw / "insee/melodi/DS_RP_SERIE_HISTORIQUE_2023_CSV_FR.zip", world)
    write_incomes(raw / "insee/filosofi/base-cc-filosofi-2021-geo2025_csv.zip", world, 2021)
    write_incomes(raw / "insee/filosofi/FILOSOFI_CC_csv.zip", world, 2023)
    write_comparateur(raw / "insee/comparateur/courant/base_cc_comparateur_csv.zip", world, known)
    write_energy(raw / "ore/energie", world)
    write_emissions(raw / "ademe/igt/igt-pouvoir-de-rechauffement-global.csv", world)
    write_private_jobs(raw / "urssaf/effectifs/effectifs-communes-secteurs.csv", world)
    write_belonging(raw / "insee/zonages/table-appartenance-geo-communes-2026.zip", world)
    write_flows(raw / "insee/flux/base-flux-mobilite-domicile-lieu-travail-2022_csv.zip", world)
