"""Check an edition: what it declares, what its tables hold, and that they agree with each other."""

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import shapely

from terrdiag.edition.outlines import measure_areas
from terrdiag.edition.provenance import record_file
from terrdiag.edition.schema import (
    ESTIMATED,
    FIGURE_STATUSES,
    MEMBERSHIP_KINDS,
    OPTIONAL_TABLES,
    OWN_PREFIX,
    TABLES,
)
from terrdiag.edition.store import (
    Edition,
    read_commune_list,
    read_communes,
    read_events,
    read_figures,
    read_flows,
    read_memberships,
)
from terrdiag.errors import EditionError
from terrdiag.values import OK

FRANCE_AREA_KM2: Final = (500_000, 700_000)
"""Mainland and overseas France: 638,000 km²; the bounds catch a projection or a unit gone wrong."""

SIGNED: Final = ("altitude_min_m", "altitude_mean_m", "jobs_growth_published_pct")
"""Variables that may be negative."""

DRAWN_AREA: Final = (0.5, 2.0)
"""Area of a generalised outline over that of the full detail: 0.64 for the smallest commune of France (2.8 ha)."""


def check_edition(edition: Edition, *, national: bool = True) -> tuple[str, ...]:
    """Validate an edition, everything wrong gathered and raised once.

    Parameters
    ----------
    edition
        The edition.
    national
        Whether it must cover the whole country.

    Returns
    -------
    tuple of str
        What was checked, in French.

    Raises
    ------
    EditionError
        All that is wrong, one line each.
    """
    done, faults = [], []
    checks = {**CHECKS, **({"étendue nationale": _check_extent} if national else {})}
    for title, check in checks.items():
        found = list(check(edition))
        faults += [f"{title} : {fault}" for fault in found]
        done.append(title)
        if found and title == "fichiers":
            break  # the tables cannot be trusted to be read
    if faults:
        raise EditionError(
            f"{edition.root} : {len(faults)} défaut(s).\n"
            + "\n".join(f"  - {fault}" for fault in faults)
        )
    return tuple(done)


def check_tables(edition: Edition) -> None:
    """Refuse an edition whose tables are not, byte for byte, those that were written.

    Raises
    ------
    EditionError
        The tables concerned.
    """
    if faults := list(_check_files(edition)):
        raise EditionError(f"{edition.root} : {'; '.join(faults)}. Reconstruisez l'édition.")


def _check_files(edition: Edition) -> Iterator[str]:
    """Compare each table with the digest that was recorded, and its columns with the schema."""
    optional = {name: schema for name, schema in OPTIONAL_TABLES.items() if edition.has_table(name)}
    for name, schema in {**TABLES, **optional}.items():
        path = edition.table(name)
        recorded = edition.info.tables.get(name)
        if recorded is None:
            yield f"{name} n'est pas décrite dans edition.toml"
        elif record_file(path, edition.root).sha256 != recorded.sha256:
            yield f"{path.name} n'a pas l'empreinte enregistrée (fichier tronqué ou modifié)"
        elif missing := [
            field.name for field in schema if field.name not in pq.read_schema(path).names
        ]:
            yield f"{path.name} n'a pas la colonne {', '.join(missing)}"


def _check_communes(edition: Edition) -> Iterator[str]:
    """Check codes, areas and outlines."""
    communes = read_communes(edition)
    geometry = communes.geometry.to_numpy()
    yield from _name(
        "commune en double", communes.loc[communes["code_commune"].duplicated(), "code_commune"]
    )
    yield from _name(
        "superficie nulle ou absente", communes.loc[~(communes["area_km2"] > 0), "code_commune"]
    )
    empty = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    yield from _name("contour vide", communes.loc[empty, "code_commune"])
    invalid = ~empty & ~shapely.is_valid(geometry)
    yield from _name("contour invalide", communes.loc[invalid, "code_commune"])
    measured = communes["area_km2"] > 0
    drawn = measure_areas(communes["code_commune"], geometry) / communes["area_km2"]
    far = measured & ~empty & ~drawn.between(*DRAWN_AREA)
    yield from _name("contour sans rapport avec la superficie", communes.loc[far, "code_commune"])
    if not shapely.coverage_is_valid(geometry):
        broken = ~shapely.is_empty(shapely.coverage_invalid_edges(geometry))
        yield from _name("frontière mal partagée", communes.loc[broken, "code_commune"])


def _check_memberships(edition: Edition) -> Iterator[str]:
    """Check kinds, periods, one EPCI at a time, and that today's members are communes of the edition."""
    members = read_memberships(edition)
    yield from _name("genre inconnu", members.loc[~members["kind"].isin(MEMBERSHIP_KINDS), "kind"])
    reversed_ = members["valid_to"] <= members["valid_from"]
    yield from _name("période vide ou renversée", members.loc[reversed_, "code_commune"])
    now = members[members["valid_to"].isna()]
    known = set(read_commune_list(edition)["code_commune"])
    yield from _name(
        "membre actuel hors du COG de l'édition",
        now.loc[~now["code_commune"].isin(known), "code_commune"],
    )
    epci = members[members["kind"] == "epci"].sort_values(["code_commune", "valid_from"])
    before = epci["valid_to"].groupby(epci["code_commune"]).shift()
    same = epci["code_commune"] == epci["code_commune"].shift()
    overlap = same & (before.isna() | (before > epci["valid_from"]))
    yield from _name("deux EPCI à la même date", epci.loc[overlap, "code_commune"])


def _check_figures(edition: Edition) -> Iterator[str]:
    """Check keys, statuses, ranges, sources, and the places that figures speak of."""
    figures = read_figures(edition)
    keys = ["level", "code", "variable", "ref_year"]
    yield from _name("chiffre en double", figures.loc[figures.duplicated(keys), "code"])
    yield from _name(
        "statut inconnu", figures.loc[~figures["status"].isin(FIGURE_STATUSES), "status"]
    )
    given = figures["status"].isin([OK, ESTIMATED])
    yield from _name(
        "valeur et statut en désaccord", figures.loc[given != figures["value"].notna(), "code"]
    )
    # whether own data may be negative is said by their sidecar, and checked as they are read
    own = [name for name in figures["variable"].cat.categories if name.startswith(OWN_PREFIX)]
    signed = figures["variable"].isin([*SIGNED, *own])
    yield from _name("valeur négative", figures.loc[~signed & (figures["value"] < 0), "variable"])
    yield from _name("valeur infinie", figures.loc[np.isinf(figures["value"]), "variable"])
    yield from _name(
        "part supérieure à 100 %",
        figures.loc[
            figures["variable"].astype(str).str.endswith("_pct") & (figures["value"] > 100),
            "variable",
        ],
    )
    yield from _name(
        "source non décrite", figures.loc[~figures["source_id"].isin(edition.sources), "source_id"]
    )
    known = set(read_commune_list(edition)["code_commune"])
    stray = (figures["level"] == "commune") & ~figures["code"].isin(known)
    yield from _name("commune hors du COG de l'édition", figures.loc[stray, "code"])


def _check_flows(edition: Edition) -> Iterator[str]:
    """Check keys, values and places of the commuting flows, if there are any."""
    flows = read_flows(edition)
    keys = ["ref_year", "origin", "destination"]
    yield from _name("flux en double", flows.loc[flows.duplicated(keys), "origin"])
    wrong = ~(flows["value"].astype("float64") >= 0)
    yield from _name("flux négatif ou absent", flows.loc[wrong, "origin"])
    known = set(read_commune_list(edition)["code_commune"])
    named = flows["place"].notna()
    stray = ~flows["origin"].isin(known) | (~flows["destination"].isin(known) & ~named)
    yield from _name("flux hors du COG de l'édition", flows.loc[stray, "origin"])
    yield from _name(
        "source non décrite", flows.loc[~flows["source_id"].isin(edition.sources), "source_id"]
    )


def _check_events(edition: Edition) -> Iterator[str]:
    """Check that every commune that events lead to today exists."""
    events = read_events(edition)
    yield from _name("événement sans date", events.loc[events["date"].isna(), "code_before"])
    late = events["date"] > pd.Timestamp(edition.date)
    yield from _name("événement postérieur à l'édition", events.loc[late, "code_before"])


def _check_sources(edition: Edition) -> Iterator[str]:
    """Check that every source bears its licence and its files; an edition to give away has one licence only."""
    for source in edition.info.sources:
        if not source.licence:
            yield f"{source.id} : aucune licence"
        if not edition.info.base and not source.licence.startswith("Licence Ouverte"):
            yield f"{source.id} : licence « {source.licence} », seule la Licence Ouverte peut être embarquée"
        if not source.files:
            yield f"{source.id} : aucun fichier enregistré"


def _check_extent(edition: Edition) -> Iterator[str]:
    """Check the orders of magnitude of the country."""
    communes = read_commune_list(edition)
    if not 34_000 < len(communes) < 37_000:
        yield f"{len(communes)} communes"
    low, high = FRANCE_AREA_KM2
    if not low < communes["area_km2"].sum() < high:
        yield f"{communes['area_km2'].sum():.0f} km²"
    population = read_figures(edition, levels=["commune"], variables=["population"])
    total = population[population["ref_year"] == population["ref_year"].max()]["value"].sum()
    if not 64e6 < total < 72e6:
        yield f"{total:.0f} habitants (arrondissements comptés deux fois, ou communes perdues ?)"


def _name(fault: str, codes: pd.Series) -> Iterator[str]:
    """Word a fault with the first codes concerned."""
    if len(codes):
        first = ", ".join(dict.fromkeys(map(str, codes.head(200))))
        yield f"{fault} : {len(codes)} ({first[:120]}{' …' if len(first) > 120 else ''})"


CHECKS: Final[dict[str, Callable[[Edition], Iterator[str]]]] = {
    "fichiers": _check_files,
    "communes": _check_communes,
    "appartenances": _check_memberships,
    "chiffres": _check_figures,
    "navettes": _check_flows,
    "événements": _check_events,
    "sources": _check_sources,
}
