"""Valid files for every reader of the register: those of the mini-France, or a few rows by hand."""

import functools
import tempfile
from pathlib import Path

from faultserver.bodies import make_zip
from fuzz import seeds_new, seeds_other
from fuzz.calls import CITIES, figures, one
from fuzz.runner import Seed
from minifrance import write_raw_files
from terrdiag.sources import (
    altitudes,
    anct,
    cog,
    comparateur,
    dgcl,
    etalab,
    observatoire,
    populations,
    sectors,
)


@functools.cache
def minifrance_files() -> dict[str, bytes]:
    """Content of every raw file of the mini-France, by path."""
    with tempfile.TemporaryDirectory() as folder:
        raw = write_raw_files(Path(folder) / "raw")
        return {
            path.relative_to(raw).as_posix(): path.read_bytes()
            for path in sorted(raw.rglob("*"))
            if path.is_file()
        }


def take(*names: str) -> dict[str, bytes]:
    """Take files of the mini-France."""
    return {name: minifrance_files()[name] for name in names}


SECTOR_FILES = {
    level: f"figures/rp_emploi_secteurs_{level}.csv" for level in ("epci", "departement", "region")
}
REFERENCE = "insee-populations-reference-2023"
SOURCE_2018, SOURCE_2022 = "insee-comparateur-2018", "insee-comparateur-2022-haute-bigorre"


def make_seeds() -> list[Seed]:
    """Make every seed (those of a new reader: in a function of its own, added here)."""
    return [
        *cog_seeds(),
        *group_seeds(),
        *figure_seeds(),
        *seeds_new.figure_seeds(),
        *seeds_new.group_seeds(),
        *seeds_other.place_seeds(),
        *seeds_other.own_seeds(),
    ]


def cog_seeds() -> list[Seed]:
    communes = take("insee/cog/v_commune_2026.csv")
    return [
        Seed("cog:read_communes", communes, one(cog.read_communes)),
        Seed(
            "cog:read_arrondissements_municipaux",
            communes,
            one(cog.read_arrondissements_municipaux),
        ),
        Seed("cog:read_events", take("insee/cog/v_mvt_commune_2026.csv"), one(cog.read_events)),
        Seed(
            "cog:read_departements",
            take("insee/cog/v_departement_2026.csv"),
            one(cog.read_departements),
        ),
        Seed("cog:read_regions", take("insee/cog/v_region_2026.csv"), one(cog.read_regions)),
    ]


def group_seeds() -> list[Seed]:
    etalab_folder = "etalab/decoupage-administratif-6.0.0"
    industry = take("anct/territoires_industrie_groupements.csv", "anct/polygone-4326_ti.geojson")
    return [
        Seed("dgcl:read_epci_members", take("dgcl/epcicom2024.xlsx"), one(dgcl.read_epci_members)),
        Seed("etalab:read_ept", take(f"{etalab_folder}/ept.json"), one(etalab.read_ept)),
        Seed("etalab:read_epci", take(f"{etalab_folder}/ept.json"), one(etalab.read_epci)),
        Seed(
            "etalab:read_commune_sirens",
            take(f"{etalab_folder}/communes.json"),
            one(etalab.read_commune_sirens),
        ),
        Seed(
            "etalab:read_contours",
            take("etalab/geo-api/departements/01.geojson.gz"),
            one(etalab.read_contours),
        ),
        Seed(
            "anct:read_territoires_industrie",
            industry,
            lambda paths: anct.read_territoires_industrie(paths[0], paths[1]),
        ),
        Seed("anct:read_petr", take("anct/petr_contrats_ruralite_2018.csv"), one(anct.read_petr)),
        *(
            Seed(
                "anct:read_typology",
                take(f"anct/{name}.csv"),
                one(functools.partial(anct.read_typology, column=name)),
            )
            for name in ("montagne", "centralite")
        ),
    ]


def figure_seeds() -> list[Seed]:
    folder = "insee/comparateur"
    (reference,) = take("insee/populations/donnees_communes.csv").values()
    return [
        Seed(
            "populations:read_reference_populations",
            take("insee/populations/donnees_communes.csv"),
            lambda paths: populations.read_reference_populations(paths[0], CITIES),
        ),
        *(
            Seed(
                "populations:read_reference", files, figures(populations.read_reference, REFERENCE)
            )
            for files in (
                take("insee/populations/donnees_communes.csv"),
                {"ensemble.zip": make_zip({"donnees_communes.csv": reference, "meta.csv": b"a;b"})},
            )
        ),
        Seed(
            "populations:read_census_populations",
            take("figures/rp_population_communes_2011_2016_2022.csv"),
            lambda paths: populations.read_census_populations(paths[0], CITIES),
        ),
        Seed(
            "comparateur:read_comparateur",
            take(f"{folder}/base_cc_comparateur_csv.zip"),
            one(functools.partial(comparateur.read_comparateur, source_id=SOURCE_2018)),
        ),
        Seed(
            "comparateur:read_comparateur",
            take(f"{folder}/base_cc_comparateur_2022_haute_bigorre.csv"),
            one(functools.partial(comparateur.read_comparateur, source_id=SOURCE_2022)),
        ),
        Seed(
            "comparateur:read_current",
            take(f"{folder}/base_cc_comparateur_csv.zip"),
            figures(comparateur.read_current, "insee-comparateur"),
        ),
        Seed(
            "altitudes:read_altitudes",
            take("figures/altitudes_communes_cchb.csv"),
            one(altitudes.read_altitudes),
        ),
        Seed(
            "altitudes:read_altitude_max",
            take("figures/altitude_maximale_communes.csv"),
            one(altitudes.read_altitude_max),
        ),
        Seed(
            "sectors:read_sector_shares",
            take(*SECTOR_FILES.values()),
            lambda paths: sectors.read_sector_shares(dict(zip(SECTOR_FILES, paths, strict=True))),
        ),
        Seed(
            "observatoire:read_epci_2018",
            take("figures/observatoire_territoires_epci_2018.csv"),
            one(observatoire.read_epci_2018),
        ),
    ]
