"""The ``memberships`` table: which commune belongs to which group, and when."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from terrdiag.edition import memberships as members
from terrdiag.edition.bench import Workbench
from terrdiag.edition.build_zonings import build_petr, build_ti_2023, build_zonings
from terrdiag.edition.store import read_memberships
from terrdiag.sources import anct, cog, dgcl, etalab
from terrdiag.sources.extract import Extract
from terrdiag.wording import slugify

EPCI_SOURCE: Final = "dgcl-epcicom"
EPT_SOURCE: Final = "etalab-decoupage-2025"
TI_SOURCE: Final = "anct-territoires-industrie"
PETR_SOURCE: Final = "anct-petr-2018"

TYPOLOGIES: Final = {
    "massif": ("anct-massifs", "montagne.csv", "montagne"),
    "densite": ("anct-densite", "densite.csv", "densite"),
    "ruralite": ("anct-ruralite", "ruralite.csv", "ruralite"),
    "centralite": ("anct-centralite", "centralite.csv", "centralite"),
}


def build_memberships(
    bench: Workbench,
    communes: pd.DataFrame,
    events: pd.DataFrame,
    names: dict[str, pd.Series],
    cog_year: int,
) -> pd.DataFrame:
    """Make the ``memberships`` table: EPCI over the years, programmes, upper levels, typologies.

    Parameters
    ----------
    bench
        The workbench.
    communes, events
        Tables of the edition.
    names
        Names of the départements and of the régions, by code.
    cog_year
        COG year of the edition.

    Returns
    -------
    DataFrame
        Sorted by kind, code, commune, start.
    """
    epci = bench.attempt(
        EPCI_SOURCE,
        lambda: _build_epci(bench, events, cog_year),
        lambda: bench.carry_memberships(["epci"], EPCI_SOURCE),
    )
    groupements = _list_groupements(bench, epci)
    tables = [
        epci,
        groupements[groupements["kind"] == "ept"],
        _build_programme(bench, "ti", TI_SOURCE, groupements),
        *build_petr(
            bench,
            _build_programme(bench, "petr", PETR_SOURCE, groupements),
            groupements,
            communes,
            cog_year,
        ),
        *build_ti_2023(bench, groupements, events, cog_year),
        *build_zonings(bench, communes, events, cog_year),
        *_upper_levels(communes, names),
        *(_build_typology(bench, kind, communes) for kind in TYPOLOGIES),
    ]
    table = pd.concat([part[members.COLUMNS] for part in tables], ignore_index=True)
    return table.sort_values(["kind", "code", "code_commune", "valid_from"], ignore_index=True)


def _build_epci(bench: Workbench, events: pd.DataFrame, cog_year: int) -> pd.DataFrame:
    """Date the members of the EPCI from the yearly lists; a year that only the base edition knows comes from it."""
    paths = sorted(bench.raw.glob("dgcl/epcicom*.xlsx"))
    if not paths:
        bench.path("dgcl/epcicom2025.xlsx")
    lists = [bench.take(dgcl.read_epci_members(path)) for path in paths]
    lists += _known_lists(bench, {int(one["year"].iloc[0]) for one in lists})
    yearly = pd.concat(lists, ignore_index=True).rename(columns={"code_epci": "code"})
    names = (
        yearly.sort_values("year")
        .drop_duplicates("code", keep="last")
        .set_index("code")["nom_epci"]
    )
    table = members.date_memberships(yearly, events, dt.date(cog_year, 1, 1))
    return table.assign(kind="epci", nom=table["code"].map(names), source_id=EPCI_SOURCE)


def _known_lists(bench: Workbench, read: set[int]) -> list[pd.DataFrame]:
    """List the members of the EPCI of the years that the base edition knows, and that no file gives."""
    if bench.base is None:
        return []
    known = read_memberships(bench.base, ["epci"])
    first = int(known["valid_from"].dt.year.min())
    # at its own date, the base edition has carried the last list to its COG: those rows are of no file
    years = [year for year in range(first, bench.base.info.cog_year) if year not in read]
    lists = []
    for year in years:
        day = pd.Timestamp(year, 1, 1)
        valid = known["valid_from"].le(day) & ~known["valid_to"].le(day)
        columns = {"code": "code_epci", "nom": "nom_epci"}
        rows = known.loc[valid, ["code", "nom", "code_commune"]].rename(columns=columns)
        lists.append(rows.assign(year=year))
    if lists:
        listed = ", ".join(map(str, years))
        bench.notes.append(
            f"Composition des EPCI : celle de {listed} est reprise de l'édition {bench.base.info.id}."
        )
    return lists


def _list_groupements(bench: Workbench, epci: pd.DataFrame) -> pd.DataFrame:
    """List the communes of everything that bears a SIREN: EPCI, établissements publics territoriaux, communes."""

    def make() -> pd.DataFrame:
        folder = "etalab/decoupage-administratif-6.0.0"
        ept = bench.take(etalab.read_ept(bench.path(f"{folder}/ept.json")))
        ept = ept.assign(
            kind="ept",
            valid_from=pd.Timestamp(2025, 1, 1),
            valid_to=members.NO_DATE,
            source_id=EPT_SOURCE,
        )
        towns = bench.take(etalab.read_commune_sirens(bench.path(f"{folder}/communes.json")))
        towns = towns.rename(columns={"siren": "code"}).assign(
            kind="commune", valid_from=members.NO_DATE, valid_to=members.NO_DATE
        )
        return pd.concat([ept, towns], ignore_index=True)

    others = bench.attempt(EPT_SOURCE, make, lambda: bench.carry_memberships(["ept"], EPT_SOURCE))
    return pd.concat([epci, others], ignore_index=True)


def _build_programme(
    bench: Workbench, kind: str, source_id: str, groupements: pd.DataFrame
) -> pd.DataFrame:
    """Give the communes of the territories of a programme, from those of their groupements."""

    def make() -> pd.DataFrame:
        if EPT_SOURCE in bench.absent:
            # some groupements are communes, named by their SIREN
            bench.path("etalab/decoupage-administratif-6.0.0/communes.json")
        extract = _read_ti(bench) if kind == "ti" else _read_petr(bench)
        table, unknown = members.derive_from_epci(extract.table, groupements)
        bench.take(
            extract,
            members.describe_unknown("groupement sans composition connue de 2019 à 2025", unknown),
        )
        return table.assign(kind=kind, source_id=source_id)

    return bench.attempt(source_id, make, lambda: bench.carry_memberships([kind], source_id))


def _read_ti(bench: Workbench) -> Extract:
    return anct.read_territoires_industrie(
        bench.path("anct/territoires_industrie_groupements.csv"),
        bench.path("anct/polygone-4326_ti.geojson"),
    )


def _read_petr(bench: Workbench) -> Extract:
    """Keep the EPCI that a PETR holds at least half of, and name the others."""
    extract = anct.read_petr(bench.path("anct/petr_contrats_ruralite_2018.csv"))
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


def read_upper_names(bench: Workbench, paths: Sequence[Path]) -> dict[str, pd.Series]:
    """Read the names of the départements and of the régions, by code, in the files of the COG."""
    return {
        kind: bench.take(read(cog.find_file(paths, kind))).set_index("code")["nom"]
        for kind, read in (("departement", cog.read_departements), ("region", cog.read_regions))
    }


def _upper_levels(communes: pd.DataFrame, names: dict[str, pd.Series]) -> list[pd.DataFrame]:
    tables = []
    for kind, named in names.items():
        code = communes[f"code_{kind}"]
        table = pd.DataFrame(
            {"code": code, "nom": code.map(named), "code_commune": communes["code_commune"]}
        )
        tables.append(members.undated(kind, table, "insee-cog-2026"))
    return tables


def _build_typology(bench: Workbench, kind: str, communes: pd.DataFrame) -> pd.DataFrame:
    source_id, file, column = TYPOLOGIES[kind]

    def make() -> pd.DataFrame:
        table = bench.take(anct.read_typology(bench.path(f"anct/{file}"), column))
        table = table[table["code_commune"].isin(communes["code_commune"])].rename(
            columns={"label": "nom"}
        )
        if "code" not in table:
            table = table.assign(code=table["nom"].map(slugify))
        return members.undated(kind, table, source_id)

    return bench.attempt(source_id, make, lambda: bench.carry_memberships([kind], source_id))
