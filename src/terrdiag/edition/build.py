"""Build an edition: official files → national tables, with the provenance of every figure."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from terrdiag.edition import memberships as members
from terrdiag.edition import outlines
from terrdiag.edition.crosswalk import bring_forward
from terrdiag.edition.harmonise import harmonise_figures, keep_same_groups
from terrdiag.edition.provenance import Provenance
from terrdiag.edition.schema import FIGURES
from terrdiag.edition.write import write_edition
from terrdiag.errors import EditionError, SourceUnavailableError
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
from terrdiag.sources.extract import Dropped, Extract
from terrdiag.values import OK
from terrdiag.wording import format_number, plural, slugify

COG_YEAR: Final = 2026

Report = Callable[[str], None]
"""Told what the build is doing, for people who wait."""

TYPOLOGIES: Final = {
    "massif": ("anct-massifs", "montagne.csv", "montagne"),
    "densite": ("anct-densite", "densite.csv", "densite"),
    "ruralite": ("anct-ruralite", "ruralite.csv", "ruralite"),
    "centralite": ("anct-centralite", "centralite.csv", "centralite"),
}


@dataclass
class Workbench:
    """What the steps of a build share: where to read, whom to tell, what was read."""

    raw: Path
    report: Report
    provenance: dict[str, Provenance] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def take(self, extract: Extract, more: Iterable[Dropped] = ()) -> pd.DataFrame:
        """Note where a table comes from, and give it."""
        record = self.provenance.setdefault(extract.source_id, Provenance())
        record.add(extract.files, (*extract.dropped, *more), extract.intervals)
        return extract.table

    def path(self, relative: str) -> Path:
        """Give a raw file that must be there."""
        path = self.raw / relative
        if not path.exists():
            raise SourceUnavailableError(
                f"{path} est absent. Placez-y le fichier officiel (adresses : « terrdiag list sources »)."
            )
        return path


def build_edition(raw: Path, out: Path, built_at: dt.date, report: Report = lambda _: None) -> None:
    """Build the national tables and write them with their provenance.

    Parameters
    ----------
    raw
        Folder of the official files, laid out by producer as in ``sources.toml``.
    out
        Folder of the edition; replaced as a whole once everything has been made and checked.
    built_at
        Date the edition bears (same files and same date: same bytes).
    report
        Told each step in a few words.

    Raises
    ------
    SourceError
        A file is absent or does not have the expected shape.
    EditionError
        The tables contradict each other.
    """
    absent = [name for name in ("python_calamine", "tomli_w") if find_spec(name) is None]
    if absent:
        raise EditionError(
            f"La construction d'une édition demande {' et '.join(absent)} : installez « terrdiag[edition] »."
        )
    bench = Workbench(raw, report)
    report("Code officiel géographique")
    communes = bench.take(cog.read_communes(bench.path("insee/cog/v_commune_2026.csv")))
    events = bench.take(cog.read_events(bench.path("insee/cog/v_mvt_commune_2026.csv")))
    arrondissements = bench.take(
        cog.read_arrondissements_municipaux(bench.path("insee/cog/v_commune_2026.csv"))
    )
    report("Contours : lecture et mesure")
    layer = build_outlines(bench, communes, events)
    report("Appartenances")
    membership = build_memberships(bench, communes, events)
    report("Chiffres")
    figures = build_figures(bench, arrondissements, communes, events, membership)
    report("Écriture")
    write_edition(
        out,
        raw,
        COG_YEAR,
        built_at,
        {"communes": layer, "memberships": membership, "figures": figures, "events": events},
        bench.provenance,
        bench.notes,
    )


def build_outlines(
    bench: Workbench, communes: pd.DataFrame, events: pd.DataFrame
) -> gpd.GeoDataFrame:
    """Bring both vintages of contours to the edition's COG, measure them, generalise them.

    Returns
    -------
    GeoDataFrame
        The ``communes`` table: a row a commune of the edition, sorted by code.
    """
    newer = _read_vintage(bench, "etalab-geo-api-2026", "etalab/geo-api/departements")
    older = _read_vintage(bench, "etalab-geo-api-2023", "etalab/geo-api-2023/departements")
    crosswalk = bring_forward(older["code_commune"], dt.date(2023, 1, 1), events)
    remaining = set(communes["code_commune"]) - set(newer["code_commune"])
    older = outlines.merge_to_cog(older, crosswalk, remaining)
    older["contour_year"], newer["contour_year"] = 2023, 2026
    bench.report("Contours : généralisation")
    mainland = ~newer["code_commune"].str[:2].isin(["97"])
    simple_old = outlines.generalise(older["geometry"].to_numpy(), outlines.METRO_X_SCALE)
    simple_new = outlines.generalise(
        newer.loc[mainland, "geometry"].to_numpy(), outlines.METRO_X_SCALE
    )
    simple_old, simple_new, seam = outlines.close_seam(simple_old, simple_new)
    overseas = outlines.generalise(newer.loc[~mainland, "geometry"].to_numpy())
    if len(older):
        bench.notes.append(
            f"Contours : {plural(len(newer), 'commune')} du millésime 2026 et {format_number(len(older))} "
            "du millésime 2023 (moins détaillé), "
            f"ramenées au COG 2026. À leur jonction, {format_number(seam.gap_km2, 1)} km² de vides et "
            f"{format_number(seam.overlap_km2, 1)} km² de recouvrements ont été refermés sur les contours généralisés."
        )
    table = pd.concat([older, newer[mainland], newer[~mainland]], ignore_index=True)
    layer = gpd.GeoDataFrame(
        table.drop(columns="geometry"),
        geometry=np.concatenate([simple_old, simple_new, overseas]),
        crs=4326,
    )
    layer = communes.merge(layer, on="code_commune", how="left")
    return gpd.GeoDataFrame(layer, geometry="geometry", crs=4326).sort_values(
        "code_commune", ignore_index=True
    )


def _read_vintage(bench: Workbench, source_id: str, folder: str) -> pd.DataFrame:
    paths, left_out = etalab.list_contour_files(bench.path(folder))
    contours = outlines.read_contours(paths)
    bench.take(
        Extract(source_id, contours.table, COG_YEAR, contours.files, (*left_out, *contours.dropped))
    )
    return contours.table


def build_memberships(
    bench: Workbench, communes: pd.DataFrame, events: pd.DataFrame
) -> pd.DataFrame:
    """Make the ``memberships`` table: EPCI over the years, programmes, upper levels, typologies."""
    edition_date = dt.date(COG_YEAR, 1, 1)
    lists = [
        bench.take(dgcl.read_epci_members(path))
        for path in sorted(bench.raw.glob("dgcl/epcicom*.xlsx"))
    ]
    if not lists:
        bench.path("dgcl/epcicom2025.xlsx")
    yearly = pd.concat(lists, ignore_index=True).rename(columns={"code_epci": "code"})
    names = (
        yearly.sort_values("year")
        .drop_duplicates("code", keep="last")
        .set_index("code")["nom_epci"]
    )
    epci = members.date_memberships(yearly, events, edition_date)
    ept = bench.take(etalab.read_ept(bench.path("etalab/decoupage-administratif-6.0.0/ept.json")))
    ept = ept.assign(valid_from=pd.Timestamp(2025, 1, 1), valid_to=members.NO_DATE)
    towns = bench.take(
        etalab.read_commune_sirens(bench.path("etalab/decoupage-administratif-6.0.0/communes.json"))
    )
    towns = towns.rename(columns={"siren": "code"}).assign(
        valid_from=members.NO_DATE, valid_to=members.NO_DATE
    )
    groupements = pd.concat([epci, ept[epci.columns], towns[epci.columns]], ignore_index=True)
    programmes = [
        _build_programme(bench, kind, extract, groupements)
        for kind, extract in (
            (
                "ti",
                anct.read_territoires_industrie(
                    bench.path("anct/territoires_industrie_groupements.csv"),
                    bench.path("anct/polygone-4326_ti.geojson"),
                ),
            ),
            (
                "petr",
                _select_petr(anct.read_petr(bench.path("anct/petr_contrats_ruralite_2018.csv"))),
            ),
        )
    ]
    tables = [
        epci.assign(kind="epci", nom=epci["code"].map(names), source_id="dgcl-epcicom"),
        ept.assign(kind="ept", source_id="etalab-decoupage-2025"),
        *programmes,
        *_upper_levels(bench, communes),
        *_typologies(bench, communes),
    ]
    table = pd.concat([part[members.COLUMNS] for part in tables], ignore_index=True)
    return table.sort_values(["kind", "code", "code_commune", "valid_from"], ignore_index=True)


def _select_petr(extract: Extract) -> Extract:
    """Keep the EPCI that a PETR holds at least half of, and name the others."""
    table = extract.table
    kept = table["share"] >= members.PETR_MIN_SHARE
    left_out = members.describe_unknown(
        "EPCI dont moins de la moitié des communes est dans le périmètre publié du PETR",
        table.loc[~kept, "siren_epci"],
    )
    table = table[kept].rename(columns={"siren_epci": "siren"})
    return Extract(
        extract.source_id,
        table[["code", "nom", "siren"]],
        extract.cog_year,
        extract.files,
        (*extract.dropped, *left_out),
    )


def _build_programme(
    bench: Workbench, kind: str, extract: Extract, groupements: pd.DataFrame
) -> pd.DataFrame:
    table, unknown = members.derive_from_epci(extract.table, groupements)
    bench.take(
        extract,
        members.describe_unknown("groupement sans composition connue de 2019 à 2025", unknown),
    )
    return table.assign(kind=kind, source_id=extract.source_id)


def _upper_levels(bench: Workbench, communes: pd.DataFrame) -> list[pd.DataFrame]:
    tables = []
    for kind, read in (("departement", cog.read_departements), ("region", cog.read_regions)):
        names = bench.take(read(bench.path(f"insee/cog/v_{kind}_2026.csv"))).set_index("code")[
            "nom"
        ]
        code = communes[f"code_{kind}"]
        table = pd.DataFrame(
            {"code": code, "nom": code.map(names), "code_commune": communes["code_commune"]}
        )
        tables.append(members.undated(kind, table, "insee-cog-2026"))
    return tables


def _typologies(bench: Workbench, communes: pd.DataFrame) -> list[pd.DataFrame]:
    tables = []
    for kind, (source_id, file, column) in TYPOLOGIES.items():
        table = bench.take(anct.read_typology(bench.path(f"anct/{file}"), column))
        table = table[table["code_commune"].isin(communes["code_commune"])].rename(
            columns={"label": "nom"}
        )
        if "code" not in table:
            table = table.assign(code=table["nom"].map(slugify))
        tables.append(members.undated(kind, table, source_id))
    return tables


def build_figures(
    bench: Workbench,
    arrondissements: pd.DataFrame,
    communes: pd.DataFrame,
    events: pd.DataFrame,
    membership: pd.DataFrame,
) -> pd.DataFrame:
    """Make the ``figures`` table: every variable at the level its producer publishes it, in the edition's COG."""
    codes = pd.Index(communes["code_commune"])
    reference = populations.read_reference_populations(
        bench.path("insee/populations/donnees_communes.csv"), arrondissements
    )
    # no commune has been split since the reference populations: nothing is shared in this first
    # pass
    evenly = pd.Series(1.0, index=codes)
    first, _ = harmonise_figures(
        reference.table.drop(columns="level"), reference.cog_year, events, evenly
    )
    municipal = first[first["variable"] == "population"].set_index("code")["value"]
    population = municipal.reindex(codes).fillna(0.0)
    tables = []
    for extract in (reference, *_read_commune_figures(bench, arrondissements)):
        table, orphans = harmonise_figures(
            extract.table.drop(columns="level"), extract.cog_year, events, population
        )
        bench.take(extract, orphans)
        tables.append(table.assign(level="commune", source_id=extract.source_id))
    tables.append(_mountain_flags(codes, membership))
    levels = ("epci", "departement", "region")
    shares = sectors.read_sector_shares(
        {level: bench.path(f"figures/rp_emploi_secteurs_{level}.csv") for level in levels}
    )
    tables.append(bench.take(shares).assign(source_id=shares.source_id))
    described = observatoire.read_epci_2018(
        bench.path("figures/observatoire_territoires_epci_2018.csv")
    )
    kept, changed = keep_same_groups(described.table, pd.concat(tables), membership)
    bench.take(described, changed)
    tables.append(kept.assign(source_id=described.source_id))
    table = pd.concat(tables, ignore_index=True)[list(FIGURES.names)]
    keys = ["level", "code", "variable", "ref_year"]
    return table.drop_duplicates(keys).sort_values(keys, ignore_index=True)


def _read_commune_figures(bench: Workbench, arrondissements: pd.DataFrame) -> list[Extract]:
    """Read the figures of communes; where two sources have the same one, the first of the list is kept."""
    return [
        *populations.read_census_populations(
            bench.path("figures/rp_population_communes_2011_2016_2022.csv"), arrondissements
        ),
        comparateur.read_comparateur(
            bench.path("insee/comparateur/base_cc_comparateur_csv.zip"), "insee-comparateur-2018"
        ),
        comparateur.read_comparateur(
            bench.path("insee/comparateur/base_cc_comparateur_2022_haute_bigorre.csv"),
            "insee-comparateur-2022-haute-bigorre",
        ),
        altitudes.read_altitudes(bench.path("figures/altitudes_communes_cchb.csv")),
        altitudes.read_altitude_max(bench.path("figures/altitude_maximale_communes.csv")),
    ]


def _mountain_flags(codes: pd.Index, membership: pd.DataFrame) -> pd.DataFrame:
    """One where a commune lies in a massif, zero elsewhere: a count that sums to communes of a massif."""
    inside = codes.isin(membership.loc[membership["kind"] == "massif", "code_commune"])
    return pd.DataFrame(
        {
            "level": "commune",
            "code": codes,
            "variable": "communes_mountain",
            "ref_year": COG_YEAR,
            "value": inside.astype(float),
            "status": OK,
            "source_id": "anct-massifs",
        }
    )
