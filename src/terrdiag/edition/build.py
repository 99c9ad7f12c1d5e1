"""Build an edition: official files → national tables, with the provenance of every figure."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd

from terrdiag.catalogue import load_sources
from terrdiag.edition.bench import Report, Workbench
from terrdiag.edition.build_figures import build_figures, latest_population
from terrdiag.edition.build_flows import build_flows
from terrdiag.edition.build_memberships import build_memberships, read_upper_names
from terrdiag.edition.build_outlines import build_outlines
from terrdiag.edition.build_zonings import check_passages
from terrdiag.edition.lacking import describe_absences
from terrdiag.edition.own import Country, OwnTables, build_own, stack_own
from terrdiag.edition.store import Edition, read_commune_list, read_events, read_memberships
from terrdiag.edition.write import Draft, write_edition
from terrdiag.errors import EditionError
from terrdiag.sources import cog
from terrdiag.sources.comparateur import ARRONDISSEMENTS

COG_YEAR: Final = 2026

COG_SOURCE: Final = "insee-cog-2026"

CITIES: Final = {"75": "75056", "69": "69123", "13": "13055"}
"""Paris, Lyon and Marseille, by the département of their arrondissements."""


class Codes(NamedTuple):
    """What the COG says: communes, events, arrondissements of the three cities, names of the upper levels."""

    communes: pd.DataFrame
    events: pd.DataFrame
    arrondissements: pd.DataFrame
    names: dict[str, pd.Series]


def build_edition(  # noqa: PLR0913  # what an edition is made of, each named
    raw: Path,
    out: Path,
    built_at: dt.date,
    report: Report = lambda _: None,
    *,
    base: Edition | None = None,
    faults: Mapping[str, str] | None = None,
    retrieved: Mapping[str, dt.date] | None = None,
) -> None:
    """Build the national tables and write them with their provenance.

    Parameters
    ----------
    raw
        Folder of the official files, laid out by producer as in the register of sources.
    out
        Folder of the edition; replaced as a whole once everything has been made and checked.
    built_at
        Date the edition bears (same files and same date: same bytes).
    report
        Told each step in a few words.
    base
        The edition that stands for the sources that are not there or faulty (a refresh); without it, every source
        of the embedded edition must be there.
    faults
        Why a source could not be fetched, by identifier.
    retrieved
        Day a file was downloaded, by path under ``raw``, where it is known.

    Raises
    ------
    SourceError
        A file is absent or does not have the expected shape, and no base edition stands for it.
    EditionError
        The tables contradict each other.
    """
    bench = Workbench(raw, report, base, faults or {})
    report("Code officiel géographique")
    codes = bench.attempt(COG_SOURCE, lambda: _read_codes(bench), lambda: _carry_codes(base))
    check_passages(bench, codes.events)
    report("Contours : lecture et mesure")
    layer = build_outlines(bench, codes.communes, codes.events, COG_YEAR)
    report("Appartenances")
    membership = build_memberships(bench, codes.communes, codes.events, codes.names, COG_YEAR)
    report("Chiffres")
    figures = build_figures(
        bench, codes.arrondissements, codes.communes, codes.events, membership, COG_YEAR
    )
    report("Navettes")
    population = latest_population(figures, codes.communes["code_commune"])
    flows = build_flows(bench, codes.arrondissements, codes.events, population)
    own = OwnTables()
    if base is not None:  # what is built from nothing is to be given away
        report("Données ajoutées")
        own = build_own(raw, Country(codes.events, population, codes.arrondissements, COG_YEAR))
    report("Écriture")
    local = "" if base is None else f"-locale-{built_at:%Y%m%d}"
    draft = Draft(
        id=f"{COG_YEAR}.1{local}",
        cog_year=COG_YEAR,
        built_at=built_at,
        provenance=bench.provenance,
        retrieved=retrieved or {},
        records=(*bench.carried_records(), *own.records),
        notes=tuple(dict.fromkeys((*bench.notes, *bench.name_faults()))),
        absent=(*describe_absences(bench, figures), *own.absent),
        base=base.info.id if base else "",
        intervals=base.info.intervals if base else (),
        indicators=own.indicators,
    )
    tables = {
        "communes": layer,
        "memberships": membership,
        "figures": stack_own(figures, own),
        "events": codes.events,
    }
    if len(flows):
        tables["flows"] = flows
    write_edition(out, raw, draft, tables)


def _read_codes(bench: Workbench) -> Codes:
    """Read the COG."""
    paths = bench.find(load_sources()[COG_SOURCE])
    communes = cog.find_file(paths, "commune")
    return Codes(
        bench.take(cog.read_communes(communes)),
        bench.take(cog.read_events(cog.find_file(paths, "mvt_commune"))),
        bench.take(cog.read_arrondissements_municipaux(communes)),
        read_upper_names(bench, paths),
    )


def _carry_codes(base: Edition | None) -> Codes:
    """Take what the COG says from the base edition."""
    assert base is not None  # noqa: S101  # nothing is carried without a base
    if base.info.cog_year != COG_YEAR:
        raise EditionError(
            f"L'édition {base.info.id} est au COG {base.info.cog_year}, et non {COG_YEAR} : elle ne peut pas "
            "remplacer une source absente. Téléchargez le code officiel géographique (« terrdiag data update »)."
        )
    communes = read_commune_list(base).drop(columns=["area_km2", "contour_year"])
    upper = read_memberships(base, ["departement", "region"]).drop_duplicates(["kind", "code"])
    return Codes(
        communes,
        read_events(base),
        pd.DataFrame(
            {
                "code_arrondissement": ARRONDISSEMENTS,
                "code_commune": [CITIES[code[:2]] for code in ARRONDISSEMENTS],
            }
        ),
        {str(kind): part.set_index("code")["nom"] for kind, part in upper.groupby("kind")},
    )
