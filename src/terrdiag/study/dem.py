"""Which files hold the elevation model of a study: of the command line, else of the study, else fetched before."""

import datetime as dt
import glob
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from terrdiag.catalogue import load_sources
from terrdiag.errors import StudyFileError
from terrdiag.sources.dem import Stored
from terrdiag.study.model import Study


@dataclass(frozen=True)
class DemInput:
    """The files of an elevation model, and what the study says of them.

    Attributes
    ----------
    paths
        Files, in the order in which they win where they overlap.
    crs
        Projection of the files that bear none; nothing when it is not said.
    title, licence, datum
        In words; empty when they are not said.
    is_surface
        Whether tree tops and roofs are part of the altitudes.
    where
        What named the files, for the messages.
    source_id
        Source of the register that the files were fetched from; empty for files of the user.
    retrieved
        The day they were fetched.
    """

    paths: tuple[Path, ...]
    crs: str | None = None
    title: str = ""
    licence: str = ""
    datum: str = ""
    is_surface: bool = False
    where: str = "--dem"
    source_id: str = ""
    retrieved: dt.date | None = None


def resolve_dem(
    study: Study, given: Sequence[Path] = (), stored: Stored | None = None
) -> DemInput | None:
    """Find the files of the elevation model of a study.

    Parameters
    ----------
    study
        The study; its ``[relief] dem`` holds paths or patterns, from its folder.
    given
        Files of the command line, which take the place of those of the study. What the study says
        of a model (title, licence…) then only holds when the study lists no file of its own.
    stored
        What was fetched for the territory (:func:`terrdiag.sources.dem.find_stored`), used when neither names a file.

    Returns
    -------
    DemInput or None
        None when there is no elevation model at all.

    Raises
    ------
    StudyFileError
        A path or a pattern of the study finds no file.
    """
    relief = study.relief
    if not given and not relief.dem:
        return _describe_stored(stored) if stored else None
    if given and relief.dem:
        # the study describes its own files, which are not these
        return DemInput(tuple(given))
    return DemInput(
        paths=tuple(given) or _find_files(study),
        crs=relief.dem_crs,
        title=relief.dem_title or "",
        licence=relief.dem_licence or "",
        datum=relief.dem_datum or "",
        is_surface=relief.dem_is_surface,
        where="--dem" if given else study.where("relief", "dem"),
    )


def _describe_stored(stored: Stored) -> DemInput:
    """Describe fetched files as the register does; what a study says of its own files does not hold for them."""
    source = load_sources()[stored.kind.source_id]
    return DemInput(
        paths=stored.paths,
        title=f"{source.title} ({source.producer})",
        licence=source.licence,
        datum=stored.datum,
        is_surface=stored.kind.is_surface,
        where=str(stored.folder),
        source_id=source.id,
        retrieved=stored.retrieved,
    )


def _find_files(study: Study) -> tuple[Path, ...]:
    """Find the files of every pattern, each file once; gather the faults."""
    folder = study.path.parent if study.path else Path()
    found: dict[Path, None] = {}
    faults = []
    for pattern in study.relief.dem:
        files = _match(folder, pattern)
        found |= dict.fromkeys(files)
        if not files:
            faults.append(f'"{pattern}" {_explain(folder, pattern)}')
    if faults:
        where = study.where("relief", "dem")
        raise StudyFileError("\n".join(f"{where} : {fault}." for fault in faults))
    return tuple(found)


def _match(folder: Path, pattern: str) -> list[Path]:
    """List the files of a path or of a pattern, sorted; a name that holds brackets is a name first."""
    if (folder / pattern).is_file():
        return [folder / pattern]
    names = sorted(glob.glob(pattern, root_dir=folder, recursive=True))  # noqa: PTH207  # Path.glob refuses absolute ones
    return [folder / name for name in names if (folder / name).is_file()]


def _explain(folder: Path, pattern: str) -> str:
    """Say why nothing was found, and what to write."""
    place = folder.resolve()
    if (folder / pattern).is_dir():
        return f'est un dossier : nommez ses fichiers, comme "{pattern.rstrip("/")}/*.tif"'
    if any(sign in pattern for sign in "*?["):
        return f"ne correspond à aucun fichier depuis {place}"
    return f"n'existe pas dans {place} : le chemin part du dossier de l'étude"
