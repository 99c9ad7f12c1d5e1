"""A folder of studies to start from, for those who installed terrdiag without its repository."""

from importlib import resources
from pathlib import Path

from terrdiag.errors import OutputError
from terrdiag.study.schema import study_schema
from terrdiag.workspace import output_error, write_text

PIPELINES = "pipelines"
"""Folder of the studies, beside ``maps/`` and ``data/``."""


def write_study_folder(folder: Path) -> tuple[Path, ...]:
    """Write a commented folder of studies: an example, how to add one, the schema for editors.

    Parameters
    ----------
    folder
        Where to make ``pipelines/``.

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    OutputError
        One of the files is there already (nothing is written then), or the system refuses.
    """
    template = resources.files("terrdiag.study").joinpath("template")
    names = ("README.md", "exemple.toml")
    texts = {name: template.joinpath(name).read_text(encoding="utf-8") for name in names}
    texts["study.schema.json"] = study_schema()
    paths = {folder / PIPELINES / name: text for name, text in texts.items()}
    if present := [str(path) for path in paths if path.exists()]:
        raise OutputError(
            f"{', '.join(present)} : existe déjà, rien n'a été écrit. Choisissez un autre dossier."
        )
    try:
        (folder / PIPELINES).mkdir(parents=True, exist_ok=True)
        for path, text in paths.items():
            write_text(path, text)
    except OSError as error:
        raise output_error(error, folder) from error
    return tuple(paths)
