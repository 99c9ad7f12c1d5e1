"""Seeds of the readers of live sources: uniform readers of figures, and the special ones."""

from faultserver.bodies import make_zip
from fuzz import handmade
from fuzz.calls import figures, one
from fuzz.runner import Seed
from terrdiag.sources import (
    banatic,
    emissions,
    employment,
    energy,
    filosofi,
    melodi,
    passage,
    programmes,
    urssaf,
    zonings,
)

A5 = ("AZ", "BE", "FZ", "GU", "OQ")
INDUSTRY, SERVICES = (
    ("C1", "C2", "C3", "C4", "C5", "DE"),
    ("GZ", "HZ", "IZ", "JZ", "KZ", "LZ", "MN"),
)
A17 = ("AZ", *INDUSTRY, "FZ", *SERVICES, "OQ", "RU")


def figure_seeds() -> list[Seed]:
    """Readers of figures, all of the same signature."""
    base, flores = "insee-base-emploi-2022", melodi.read_posts_a5
    jobs = melodi.read_jobs_by_sector
    return [
        Seed(
            "employment:read_employment",
            {"base-cc-emploi-pop-active-2022_csv.zip": handmade.employment_zip()},
            figures(employment.read_employment, base),
        ),
        Seed(
            "employment:read_employment",
            {"base-cc-emploi-pop-active-2022.csv": handmade.employment_csv()},
            figures(employment.read_employment, base),
        ),
        Seed(
            "melodi:read_jobs_by_sector",
            {"DS_RP_EMPLOI_LT_COMP.zip": handmade.melodi_jobs()},
            figures(jobs, "insee-melodi-emploi-secteurs-2023"),
        ),
        Seed(
            "melodi:read_posts_a5",
            {"DS_FLORES_A5.zip": handmade.melodi_flores(A5)},
            figures(flores, "insee-flores-a5-2024"),
        ),
        Seed(
            "melodi:read_posts_a17",
            {"DS_FLORES_A17.zip": handmade.melodi_flores(A17)},
            figures(melodi.read_posts_a17, "insee-flores-a17-2024"),
        ),
        Seed(
            "melodi:read_populations",
            {"DS_POPULATIONS_REFERENCE.zip": handmade.melodi_populations()},
            figures(melodi.read_populations, "insee-melodi-populations-2023"),
        ),
        Seed(
            "melodi:read_census_series",
            {"DS_RP_SERIE_HISTORIQUE.zip": handmade.melodi_series()},
            figures(melodi.read_census_series, "insee-melodi-serie-historique-2023"),
        ),
        Seed(
            "filosofi:read_filosofi",
            {"DS_FILOSOFI_CC_2023.zip": handmade.filosofi_zip(2023)},
            figures(filosofi.read_filosofi, "insee-filosofi-2023"),
        ),
        Seed(
            "energy:read_grid_energy",
            {"conso.csv": handmade.energy_csv()},
            figures(energy.read_grid_energy, "ore-energie-2024"),
        ),
        Seed(
            "emissions:read_inventory",
            {"igt.csv": handmade.emissions_csv()},
            figures(emissions.read_inventory, "ademe-igt-2016"),
        ),
        Seed(
            "urssaf:read_private_jobs",
            {"urssaf.csv": handmade.urssaf_csv()},
            figures(urssaf.read_private_jobs, "urssaf-effectifs"),
        ),
    ]


def group_seeds() -> list[Seed]:
    """Zonings, passages, programmes, PETR."""
    return [
        Seed(
            "zonings:read_zonings",
            {"table-appartenance-geo-communes-2026.xlsx": handmade.zonings_xlsx()},
            one(zonings.read_zonings),
        ),
        Seed(
            "zonings:read_zonings",
            {"t-2026.zip": make_zip({"table-2026.xlsx": handmade.zonings_xlsx()})},
            one(zonings.read_zonings),
        ),
        Seed(
            "passage:read_yearly_passage",
            {"table_passage_annuelle_2026.xlsx": handmade.yearly_passage()},
            one(passage.read_yearly_passage),
        ),
        Seed(
            "passage:read_passage_since_2003",
            {"table_passage_geo2003_geo2026.xlsx": handmade.passage_since_2003()},
            one(passage.read_passage_since_2003),
        ),
        Seed(
            "programmes:read_ti_2023",
            {"liste-ti-com2023-20240704.csv": handmade.ti_2023_csv()},
            one(programmes.read_ti_2023),
        ),
        Seed(
            "banatic:read_petr_members",
            {"banatic-76.xlsx": handmade.banatic_xlsx()},
            banatic.read_petr_members,
        ),
    ]
