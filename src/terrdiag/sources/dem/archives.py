"""The archives of IGN, one a département, found in the Atom feed and kept as GeoTIFF."""

import datetime as dt
import hashlib
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from terrdiag.errors import (
    ChecksumMismatchError,
    SourceError,
    SourceFormatError,
    SourceUnavailableError,
)
from terrdiag.sources.dem import atom
from terrdiag.sources.dem.depot import Depot
from terrdiag.sources.dem.fetched import Fetched, Means, Wanted
from terrdiag.sources.dem.kinds import name_datum
from terrdiag.sources.dem.rasters import bound_degrees, crop_known, shift, write_raster
from terrdiag.sources.dem.remote import Remote
from terrdiag.sources.dem.sevenzip import extract_members, import_py7zr
from terrdiag.sources.dem.store import StoredFile, read_listing
from terrdiag.sources.dem.textgrid import read_grid
from terrdiag.wording import NBSP, join_words, plural

CRS: Final = "EPSG:2154"

LANDING: Final = "https://cartes.gouv.fr/telechargement/"


@dataclass(frozen=True)
class Product:
    """A product that IGN gives by département.

    Attributes
    ----------
    kind
        Identifier of its kind.
    resource
        Its name in the feed.
    edition
        Pattern of the names of its editions: ``zone``, ``date``, ``version``.
    archive_megabytes, inflated_megabytes
        More than this is refused.
    """

    kind: str
    resource: str
    edition: re.Pattern[str]
    archive_megabytes: int
    inflated_megabytes: int


def _make_pattern(name: str, step: str) -> re.Pattern[str]:
    return re.compile(
        rf"{name}_(?P<version>\d+-\d+)_{step}_ASC_LAMB93-IGN(?:69|78C)_"
        r"D(?P<zone>\d{3}|02[AB])_(?P<date>\d{4}-\d{2}-\d{2})"
    )


PRODUCTS: Final = {
    product.kind: product
    for product in (
        Product("bdalti", "BDALTI", _make_pattern("BDALTIV2", "25M"), 300, 1_500),
        Product("rgealti", "RGEALTI", _make_pattern("RGEALTI", "5M"), 3_000, 12_000),
    )
}

GRIDS: Final = "*_MNT_*.asc"
"""Altitudes; the archives also hold grids of dates and of sources."""


@dataclass(frozen=True)
class Archive:
    """An archive of a département.

    Attributes
    ----------
    product
        What it is of.
    departement
        Code of the département.
    date
        Date of the edition.
    address
        Its address at the producer's.
    md5
        Its digest, where the feed gives it.
    """

    product: Product
    departement: str
    date: dt.date
    address: str
    md5: str = ""


def fetch_archives(kind: str, wanted: Wanted, means: Means) -> Fetched:
    """Fetch the archives of the départements of a box.

    Parameters
    ----------
    kind
        ``bdalti`` or ``rgealti``.
    wanted
        The box and its départements.
    means
        Where to ask, where to keep.

    Returns
    -------
    Fetched
        One file a grid, cut to what is known: beyond the border of its département a grid is void.

    Raises
    ------
    SourceError
        A département has no archive, or it cannot be read.
    """
    product = PRODUCTS[kind]
    _check_departements(wanted.departements)
    import_py7zr()  # before anything is downloaded
    new: list[StoredFile] = []
    kept: list[StoredFile] = []
    remarks = []
    for rank, code in enumerate(wanted.departements, 1):
        means.progress(
            f"{product.resource}, département {code} ({rank} sur {len(wanted.departements)})"
        )
        archive = find_archive(means.remote, product, code)
        held = means.depot.find_all(kind, archive.address)
        if held:
            kept += held
            continue
        files, void = _fetch_archive(archive, means)
        new += files
        if void:
            remarks.append(
                f"Département {code}{NBSP}: {plural(void, 'grille')} sans aucune altitude, "
                f"{'non gardée' if void == 1 else 'non gardées'}."
            )
    means.depot.complete(kind, wanted.bounds, ())
    return Fetched(tuple(new), tuple(kept), remarks=tuple(remarks))


def find_archive(remote: Remote, product: Product, departement: str) -> Archive:
    """Find the newest archive of a département, in the feed or in a mirror that is a folder.

    Raises
    ------
    SourceUnavailableError
        There is none.
    """
    zone = departement.rjust(3, "0")
    listed = (
        _list_local(remote.folder, product)
        if remote.folder is not None
        else atom.list_entries(remote, f"{atom.BASE}/resource/{product.resource}", zone=f"D{zone}")
    )
    editions = [
        (found["date"], found["version"], entry)
        for entry in listed
        if (found := product.edition.fullmatch(entry.title)) and found["zone"] == zone
    ]
    if not editions:
        raise SourceUnavailableError(
            f"{product.resource}{NBSP}: aucune archive du département {departement}. Cherchez-la sur {LANDING}, ou "
            "choisissez un autre modèle (--source glo30)."
        )
    date, _, edition = max(editions, key=lambda one: one[:2])
    entry = edition if remote.folder is not None else _find_file(remote, edition)
    return Archive(product, departement, dt.date.fromisoformat(date), entry.address, entry.md5)


def _find_file(remote: Remote, edition: atom.Entry) -> atom.Entry:
    """Find the archive among the files of an edition."""
    files = [
        entry
        for entry in atom.list_entries(remote, atom.check_address(edition.address))
        if entry.address.lower().partition("?")[0].endswith((".7z", ".7z.001"))
    ]
    if len(files) != 1 or not files[0].address.endswith(".7z"):
        raise SourceUnavailableError(
            f"{edition.title}{NBSP}: {plural(len(files), 'archive')} 7z au lieu d'une dans le flux. "
            f"Téléchargez l'édition depuis {LANDING}, et donnez ses fichiers .asc par --dem."
        )
    atom.check_address(files[0].address)
    return files[0]


def _list_local(folder: Path, product: Product) -> Iterator[atom.Entry]:
    """List the archives of a mirror laid out by host and path."""
    root = folder / atom.BASE.removeprefix("https://") / "download" / product.resource
    for path in sorted(root.glob("*/*.7z")):
        inside = path.relative_to(folder).as_posix()
        yield atom.Entry(path.stem, f"https://{inside}")


def _check_departements(codes: Sequence[str]) -> None:
    overseas = [code for code in codes if len(code) == 3]
    if overseas or not codes:
        raise SourceError(
            f"Ces archives ne couvrent que la métropole (ici{NBSP}: {join_words(codes) or 'hors de France'}). "
            "Choisissez un autre modèle : --source glo30 ou --source wms."
        )


def _fetch_archive(archive: Archive, means: Means) -> tuple[list[StoredFile], int]:
    """Fetch an archive and keep its grids; count those that are void."""
    depot, product = means.depot, archive.product
    folder = f"{product.kind}/{archive.departement}/{archive.date:%Y-%m-%d}"
    part = depot.part(f"{folder}/{archive.address.rpartition('/')[2]}")
    work = part.with_name("extraits")
    shutil.rmtree(work, ignore_errors=True)  # what a killed run left
    try:
        if means.remote.folder is not None:
            source = means.remote.find_local(archive.address)
        else:
            means.remote.download(archive.address, part, product.archive_megabytes)
            source = part
        _check_md5(source, archive)
        grids = extract_members(source, GRIDS, work, product.inflated_megabytes)
        files = [
            file
            for rank, grid in enumerate(grids, 1)
            if (
                file := _convert(
                    grid, f"{folder}/{grid.stem}.tif", archive, (rank, len(grids)), means
                )
            )
        ]
    except (SourceFormatError, ChecksumMismatchError):
        part.unlink(missing_ok=True)  # it would not get better by going on with it
        raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if not files:
        raise SourceError(f"{archive.address} ne contient aucune altitude.")
    depot.keep(files, instead_of=_list_older(depot, archive))
    part.unlink(missing_ok=True)
    return files, len(grids) - len(files)


def _convert(
    path: Path, target: str, archive: Archive, count: tuple[int, int], means: Means
) -> StoredFile | None:
    """Turn a text grid into a GeoTIFF that says where it is; nothing when it is void."""
    means.progress(
        f"{archive.product.resource} {archive.departement}, grille {count[0]} sur {count[1]}"
    )
    grid = read_grid(path)
    path.unlink()
    known = crop_known(grid.altitude)
    if known is None:
        return None
    rows, columns = known
    altitude = grid.altitude[rows, columns]
    transform = shift(grid.transform, rows.start, columns.start)
    write_raster(means.depot.part(target), altitude, transform, CRS)
    box = bound_degrees((altitude.shape[0], altitude.shape[1]), transform, CRS)
    datum = name_datum((archive.departement,))
    return means.depot.describe(target, archive.product.kind, archive.address, box, datum)


def _check_md5(path: Path, archive: Archive) -> None:
    """Check an archive against the digest of the feed."""
    if not archive.md5:
        return
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    if digest != archive.md5:
        raise ChecksumMismatchError(
            f"{archive.address}{NBSP}: empreinte {digest}, {archive.md5} annoncée par l'IGN. Relancez la commande."
        )


def _list_older(depot: Depot, archive: Archive) -> list[StoredFile]:
    """List the files of the other editions of a département."""
    start = f"{archive.product.kind}/{archive.departement}/"
    return [
        file
        for file in read_listing(depot.folder).files
        if file.path.startswith(start) and file.address != archive.address
    ]
