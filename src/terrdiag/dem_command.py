"""The flow of ``terrdiag data dem``: a territory → the box around it → the files of an elevation model."""

import datetime as dt
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np
import shapely

from terrdiag.catalogue import load_sources
from terrdiag.edition import Edition, read_bounds, read_communes
from terrdiag.edition.schema import LAMBERT_93, LEGAL_EPSG
from terrdiag.elevation import StoredProvider
from terrdiag.elevation.statistics import MIN_COVERAGE_PCT
from terrdiag.errors import OfflineError, SourceError
from terrdiag.sources.dem import KINDS
from terrdiag.sources.dem.depot import Depot
from terrdiag.sources.dem.fetched import Fetched, Means, Wanted
from terrdiag.sources.dem.kinds import Bounds, name_datum
from terrdiag.sources.dem.remote import Remote, host_of, is_address
from terrdiag.sources.dem.store import cover_box, read_listing
from terrdiag.sources.dem.tiles import widen
from terrdiag.sources.download.client import Client
from terrdiag.sources.download.settings import NetworkSettings
from terrdiag.territory import Perimeter, resolve_perimeter, resolve_target
from terrdiag.wording import NBSP, format_number, format_value, join_words, plural

DEM: Final = "dem"
"""Folder of the models, under that of the official files."""

MARGIN_KM: Final = 2.0

SHOWN: Final = 5
"""Names given in a sentence before the others are counted."""


@dataclass(frozen=True)
class DemOptions:
    """How a model is fetched.

    Attributes
    ----------
    source
        Which model: an identifier of :data:`terrdiag.sources.dem.KINDS`.
    margin_km
        Margin around the box of the territory.
    mirror
        Folder or address that stands for the producers.
    settings
        How the network is used.
    today
        The day that the files bear.
    studies
        Folder of the studies named without a path.
    """

    source: str = "glo30"
    margin_km: float = MARGIN_KM
    mirror: str | None = None
    settings: NetworkSettings = field(default_factory=NetworkSettings)
    today: dt.date = dt.date.min
    studies: Path = Path("pipelines")


@dataclass(frozen=True)
class DemReport:
    """What was fetched for a territory.

    Attributes
    ----------
    target, name
        The territory, as asked and by its name.
    source
        Which model.
    bounds
        The box that was asked for.
    fetched
        The files.
    folder
        Where they are.
    received, asked
        Bytes received and requests made.
    left_out
        Names of the communes that the files leave out, in part or in whole.
    in_use
        The model that a diagnostic of the territory reads from then on.
    """

    target: str
    name: str
    source: str
    bounds: Bounds
    fetched: Fetched
    folder: Path
    received: int
    asked: int
    left_out: tuple[str, ...]
    in_use: str

    @property
    def share(self) -> float:
        """Share of the box in the boxes of the files, from 0 to 1."""
        return cover_box((file.bounds for file in self.fetched.files), self.bounds)


def fetch_dem(
    target: str,
    edition: Edition,
    raw: Path,
    options: DemOptions,
    progress: Callable[[str], None],
) -> DemReport:
    """Fetch the elevation model of a territory, and keep it where a diagnostic finds it.

    Parameters
    ----------
    target
        The territory: a name, a code or a study, as for a diagnostic.
    edition
        Where its communes are.
    raw
        Folder of the official files; the models are in its ``dem``.
    options
        Which model, and how.
    progress
        Told each step.

    Returns
    -------
    DemReport
        What was fetched, or was there already.

    Raises
    ------
    TerrdiagError
        The territory is unknown, or the model cannot be had; what was fetched before stays usable.
    """
    perimeter = resolve_perimeter(resolve_target(target, edition, options.studies), edition)
    own = read_bounds(edition, perimeter.communes)
    wanted = _want(edition, perimeter, own, options)
    folder = raw / DEM
    depot = Depot(folder, options.today)
    fetched = _find_held(folder, options.source, wanted.bounds)
    received = asked = 0
    if fetched is None:
        _check_reachable(perimeter, options, folder)
        hosts = options.settings.allow_http | host_of(options.mirror)
        with Client(replace(options.settings, allow_http=hosts)) as client:
            remote = Remote(client, options.mirror)
            fetched = _fetch(options.source, wanted, Means(remote, depot, progress))
            received, asked = remote.received, remote.asked
    found = StoredProvider(folder).find(own)
    return DemReport(
        target=target,
        name=perimeter.name,
        source=options.source,
        bounds=wanted.bounds,
        fetched=fetched,
        folder=folder,
        received=received,
        asked=asked,
        left_out=_find_left_out(edition, perimeter, fetched),
        in_use=found.kind.id if found else "",
    )


def word_report(report: DemReport) -> str:
    """Word what was fetched: files, sea, where it is, what to run next."""
    fetched, source = report.fetched, load_sources()[KINDS[report.source].source_id]
    lines = [
        f"{source.title}, pour {report.name}",
        f"{_word_files(report)}{NBSP}: {report.folder / report.source}",
        f"{_word_share(report.share)} de la boîte du territoire et de sa marge"
        + (f"{NBSP}; {_word_sea(fetched.empty)}" if fetched.empty else "."),
        *fetched.remarks,
    ]
    if report.left_out:
        lines.append(
            f"Attention{NBSP}: {plural(len(report.left_out), 'commune')} dont il manque une partie dans ces fichiers "
            f"({_name_some(report.left_out)}){NBSP}; leur relief ne sera pas donné."
        )
    if KINDS[report.source].is_surface:
        lines.append("Modèle de surface : canopée et bâtiments compris.")
    lines += [f"Licence{NBSP}: {source.licence}. Mention{NBSP}: {source.attribution}"]
    return "\n".join([*lines, _word_next(report)])


def _want(edition: Edition, perimeter: Perimeter, own: Bounds, options: DemOptions) -> Wanted:
    """Say what is wanted: archives go by département, so that a margin would only bring the neighbours'."""
    is_archive = options.source in {"bdalti", "rgealti"}
    bounds = own if is_archive else widen(own, options.margin_km)
    # every digit more would be lost in the list of boxes
    west, south, east, north = (round(side, 9) for side in bounds)
    around = read_communes(edition, bbox=bounds)
    touched = around[around.geometry.intersects(shapely.box(*bounds)).to_numpy()]
    own_rows = around[around["code_commune"].isin(perimeter.communes).to_numpy()]
    codes = tuple(sorted(set(touched["code_departement"])))
    legal = {LEGAL_EPSG.get(code, LAMBERT_93) for code in own_rows["code_departement"]}
    if len(legal) > 1:
        raise SourceError(
            f"{perimeter.name} est de part et d'autre d'un océan{NBSP}: demandez ses parties une à une."
        )
    own_codes = tuple(sorted(set(own_rows["code_departement"])))
    return Wanted((west, south, east, north), codes, legal.pop(), name_datum(own_codes))


def _check_reachable(perimeter: Perimeter, options: DemOptions, folder: Path) -> None:
    """Refuse to go on offline, a folder that stands for the producers apart."""
    if options.settings.offline and (options.mirror is None or is_address(options.mirror)):
        raise OfflineError(
            f"Le modèle {options.source} de {perimeter.name} n'est pas tout entier dans {folder}, et --offline "
            "interdit de le télécharger. Relancez sans cette option, ou donnez vos fichiers par --dem."
        )


def _find_held(folder: Path, kind: str, bounds: Bounds) -> Fetched | None:
    """Find the files of a box that was fetched whole before."""
    listing = read_listing(folder)
    files = listing.find_covering(folder, kind, bounds)
    if not files:
        return None
    empty = [
        name
        for box in listing.boxes
        if box.kind == kind and cover_box([box.bounds], bounds) > 0
        for name in box.empty
    ]
    return Fetched(kept=files, empty=tuple(dict.fromkeys(empty)))


def _fetch(source: str, wanted: Wanted, means: Means) -> Fetched:
    # raster libraries are slow to import: a box that is there already does not need them
    if source == "glo30":
        from terrdiag.sources.dem.glo30 import fetch_glo30  # noqa: PLC0415

        return fetch_glo30(wanted, means)
    if source == "wms":
        from terrdiag.sources.dem.wms import fetch_wms  # noqa: PLC0415

        return fetch_wms(wanted, means)
    from terrdiag.sources.dem.archives import fetch_archives  # noqa: PLC0415

    return fetch_archives(source, wanted, means)


def _find_left_out(edition: Edition, perimeter: Perimeter, fetched: Fetched) -> tuple[str, ...]:
    """Name the communes of the territory that the boxes of the files leave out, in part or in whole."""
    communes = read_communes(edition, perimeter.communes)
    boxes = shapely.union_all([shapely.box(*file.bounds) for file in fetched.files])
    outlines = communes.geometry.to_numpy()
    share = shapely.area(shapely.intersection(outlines, boxes)) / shapely.area(outlines)
    return tuple(communes["nom"][100 * share < MIN_COVERAGE_PCT])


def _word_files(report: DemReport) -> str:
    fetched = report.fetched
    weight = sum(file.size for file in fetched.files) / 1e6
    parts = []
    if fetched.new:
        received = f", {format_value(report.received / 1e6, 'Mo', 1)} reçus en {plural(report.asked, 'requête')}"
        parts.append(
            f"{plural(len(fetched.new), 'fichier nouveau', 'fichiers nouveaux')}"
            f"{received if report.asked else ''}"
        )
    if fetched.kept:
        parts.append(plural(len(fetched.kept), "fichier déjà là", "fichiers déjà là"))
    return f"{', '.join(parts)} ({format_value(weight, 'Mo', 1)} sur le disque)"


def _word_share(share: float) -> str:
    """Word a share, rounded down: what is incomplete never reads 100 %."""
    percent = 100.0 if share > 1 - 1e-6 else np.floor(share * 1000) / 10
    return f"{format_number(percent, 0 if percent == 100 else 1)}{NBSP}%"


def _word_sea(names: tuple[str, ...]) -> str:
    count = plural(len(names), "dalle absente", "dalles absentes")
    return f"{count} du producteur, en mer ({_name_some(names)}){NBSP}: aucune altitude n'y est supposée."


def _word_next(report: DemReport) -> str:
    command = f"terrdiag diagnostic {shlex.quote(report.target)}"
    if not report.in_use:
        return (
            f"Ces fichiers ne couvrent pas le territoire{NBSP}: « {command} » ne les lira pas. Essayez un autre "
            "modèle (--source)."
        )
    if report.in_use != report.source:
        return (
            f"« {command} », lancé de ce dossier, lira plutôt {load_sources()[KINDS[report.in_use].source_id].title}, "
            "déjà là et préféré."
        )
    return f"Ensuite{NBSP}: {command}   (le relief y sera mesuré sur ce modèle)"


def _name_some(names: tuple[str, ...]) -> str:
    if len(names) <= SHOWN:
        return join_words(names)
    return f"{', '.join(names[:SHOWN])} et {plural(len(names) - SHOWN, 'autre')}"
