"""Seeds of what is not a table of figures: outlines, answers, grids, and the files that terrdiag or a person writes."""

from collections.abc import Callable, Sequence
from pathlib import Path

from fuzz import handmade, handmade_own
from fuzz.calls import CITIES, figures, one
from fuzz.runner import Call, Seed
from terrdiag.sources import adminexpress, contours, flows, geoapi
from terrdiag.sources.dem.store import read_listing
from terrdiag.sources.dem.textgrid import read_grid
from terrdiag.sources.download.lock import read_lock
from terrdiag.sources.own.matching import Geography
from terrdiag.sources.own.reader import read_own
from terrdiag.sources.own.sidecar import load_sidecar
from terrdiag.study import load_study


def place_seeds() -> list[Seed]:
    """Outlines of the whole country, and flows between communes."""
    layer = "etalab-contours-2026-5m"
    return [
        *(
            Seed(
                "contours:read_layer",
                {name: data},
                lambda paths: contours.read_layer(paths[0], layer),
            )
            for name, data in (
                ("communes-5m.geojson", handmade.layer_geojson()),
                ("communes-5m.geojson.gz", handmade.layer_gz()),
            )
        ),
        *(
            Seed(
                "adminexpress:read_admin_express",
                {f"commune.{suffix}": handmade.admin_express(suffix)},
                one(adminexpress.read_admin_express),
            )
            for suffix in ("parquet", "gpkg")
        ),
        Seed(
            "flows:read_commuting_flows",
            {"base-flux-2022_csv.zip": handmade.flows_zip()},
            figures(flows.read_commuting_flows, "insee-flux-2022"),
        ),
        Seed(
            "geoapi:parse_answer",
            {"reponse.geojson": handmade.layer_geojson()},
            lambda paths: geoapi.parse_answer(paths[0].read_bytes(), "geo.api.gouv.fr", layer),
        ),
    ]


def own_seeds() -> list[Seed]:
    """Locks, studies, grids of altitudes, a person's own data and its sidecar."""
    sidecar = {"sidecar.toml": handmade_own.sidecar_toml()}
    return [
        *(
            Seed("own.reader:read_own", {name: data, **sidecar}, _read_own, (name,))
            for name, data in (
                ("a.csv", handmade_own.own_csv()),
                ("a.xlsx", handmade_own.own_xlsx()),
                ("a.gpkg", handmade_own.own_gpkg()),
            )
        ),
        Seed("own.sidecar:load_sidecar", sidecar, one(load_sidecar)),
        Seed(
            "download.lock:read_lock",
            {"LOCK.toml": handmade_own.lock_toml()},
            _in_folder(read_lock),
        ),
        Seed(
            "dem.store:read_listing",
            {"LOCK.toml": handmade_own.dem_lock_toml()},
            _in_folder(read_listing),
        ),
        Seed("dem.textgrid:read_grid", {"a.asc": handmade_own.altitude_grid()}, one(read_grid)),
        Seed("study:load_study", {"essai.toml": handmade_own.study_toml()}, one(load_study)),
    ]


CODES = frozenset({"01001", "01002", "2A004", "75056", "65059"})

GEOGRAPHY = Geography(
    last_year=2026,
    at=lambda year: CODES,
    heirs=lambda codes, year, later: {code: [code] for code in codes},
    born=CODES,
    arrondissements=dict(CITIES.itertuples(index=False)),
)
"""A few communes that nothing has happened to."""


def _read_own(paths: Sequence[Path]) -> object:
    """Read own data as ``terrdiag data add`` does: the sidecar, then the file."""
    return read_own(paths[0], load_sidecar(paths[1]), GEOGRAPHY).extracts


def _in_folder(read: Callable[[Path], object]) -> Call:
    def call(paths: Sequence[Path]) -> object:
        return read(paths[0].parent)

    return call
