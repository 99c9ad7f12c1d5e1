"""Flows of the mini-France, with the header of the producer, and an edition that holds them."""

import datetime as dt
import shutil
import zipfile
from dataclasses import dataclass

import pandas as pd

from terrdiag.analyses.commuting import analyse_commuting
from terrdiag.edition import open_edition
from terrdiag.edition.build import build_edition
from terrdiag.edition.schema import FLOWS
from terrdiag.indicators import list_places, load_known
from terrdiag.territory import (
    read_commune_frame,
    resolve_comparators,
    resolve_perimeter,
    resolve_target,
)

HAUT_PAYS, PLAINE, LAGUNE = "200100001", "240300002", "200060473"

# The Haut-Pays is 01001, 01002, 01003 and 03003; the Plaine 01004, 01014, 03001, 03002 and 03004. Nobody is surveyed
# in Mayotte.
PAIRS = """
01001 01001 300    L'Aulne
01001 01002 50     Bruyère-le-Mont
01001 03001 210    Frêne-la-Ville
01001 99140 12     Suisse
01002 01002 60     Bruyère-le-Mont
01002 01001 90     L'Aulne
01002 03001 30     Frêne-la-Ville
01003 01001 10     L'Aulne
03003 03001 40     Frêne-la-Ville
03003 03003 20     Houx
03001 03001 1500.5 Frêne-la-Ville
03001 01001 220    L'Aulne
03001 75102 15     Paris 2e
03002 01001 35     L'Aulne
01004 01002 5      Bruyère-le-Mont
75101 01001 7      L'Aulne
2A004 01001 3      L'Aulne
"""


def write_flows(raw, pairs=PAIRS):
    """Write the archive of the producer among the raw files of the mini-France."""
    rows = [line.split(maxsplit=3) for line in pairs.strip().splitlines()]
    lines = [f"{home};x;{work};{place};{people}" for home, work, people, place in rows]
    folder = raw / "insee/flux"
    folder.mkdir(parents=True)
    stem = "base-flux-mobilite-domicile-lieu-travail-2022"
    with zipfile.ZipFile(folder / f"{stem}_csv.zip", "w") as archive:
        header = "CODGEO;LIBGEO;DCLT;L_DCLT;NBFLUX_C22_ACTOCC15P"
        archive.writestr(f"{stem}.csv", "\n".join([header, *lines, ""]))


def make_edition(minifrance_raw, folder):
    """Build the edition of the mini-France with its flows."""
    raw = folder / "raw"
    shutil.copytree(minifrance_raw, raw)
    write_flows(raw)
    build_edition(raw, folder / "edition", dt.date(2026, 11, 22))
    return open_edition(folder / "edition")


@dataclass(frozen=True)
class Ground:
    """What the analysis takes, for a territory of an edition."""

    edition: object
    places: object
    figures: object

    def analyse(self):
        return analyse_commuting(self.edition, self.places, self.figures)


def lay_ground(edition, target, studies):
    study = resolve_target(target, edition, studies)
    perimeter = resolve_perimeter(study, edition)
    comparators = resolve_comparators(study, perimeter, edition)
    frame = read_commune_frame(edition, perimeter)
    places = list_places(perimeter, comparators, frame, edition.date)
    return Ground(edition, places, load_known(edition).communes)


def make_table(rows, year=2022):
    """Make flows as an edition gives them, of ``(origin, destination, people[, status[, place]])``."""
    cells = [(*row, *("ok", None)[len(row) - 3 :])[:5] for row in rows]
    table = pd.DataFrame(cells, columns=["origin", "destination", "value", "status", "place"])
    return table.assign(ref_year=year, source_id="insee-flux-2022")[list(FLOWS.names)]
