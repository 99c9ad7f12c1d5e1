"""Which files hold the elevation model of a study: those of the command line, else those the study lists."""

import glob
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from terrdiag.errors import StudyFileError
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
    """

    paths: tuple[Path, ...]
    crs: str | None = None
    title: str = ""
    licence: str = ""
    datum: str = ""
    is_surface: bool = False
    where: str = "--dem"


def resolve_dem(study: Study, given: Sequence[Path] = ()) -> DemInput | None:
    """Find the files of the elevation model of a study.

    Parameters
    ----------
    study
        The study; its ``[relief] dem`` holds paths or patterns, from its folder.
    given
        Files of the command line, which take the place of those of the study. What the study says
        of a model (title, licence…) then only holds when the study lists no file of its own.

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
        return None
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
