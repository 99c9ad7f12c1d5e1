"""Read the catalogue files that travel with the package."""

import functools
import tomllib
from importlib import resources
from typing import Any, TypeVar

from pydantic import ValidationError

from terrdiag.catalogue.models import Analysis, Indicator, Model, Source, Theme
from terrdiag.errors import CatalogueError

M = TypeVar("M", bound=Model)


@functools.cache
def load_themes() -> dict[str, Theme]:
    """Load the themes, in reading order."""
    return _load("themes.toml", "themes", Theme)


@functools.cache
def load_indicators() -> dict[str, Indicator]:
    """Load the indicators, by identifier, in reading order.

    Raises
    ------
    CatalogueError
        An entry is not coherent, or names an unknown theme or source.

    Examples
    --------
    >>> load_indicators()["industry_establishments_share_pct"].kind
    'ratio_of_sums'
    """
    loaded = _load_folder("indicators", Indicator)
    themes = list(load_themes())
    # chapter after chapter; within one, in the order of the files and of their entries
    return dict(sorted(loaded.items(), key=lambda item: themes.index(item[1].theme)))


@functools.cache
def load_analyses() -> dict[str, Analysis]:
    """Load the analyses, by identifier: what is made of several values or measured on an elevation model.

    Raises
    ------
    CatalogueError
        An entry is not coherent, names an unknown theme or source, or bears the identifier of another.
    """
    analyses = _load_folder("analyses", Analysis)
    for name in analyses.keys() & load_indicators().keys():
        raise CatalogueError(f"analyses, {name} : cet identifiant est celui d'un indicateur.")
    return analyses


@functools.cache
def load_sources() -> dict[str, Source]:
    """Load the register of sources, by identifier.

    Raises
    ------
    CatalogueError
        An entry is not coherent, or bears the identifier of another.
    """
    return _load_folder("sources", Source)


def _load_folder(folder: str, model: type[M]) -> dict[str, M]:
    """Load the entries of every file of a folder, in the order of the names of the files."""
    loaded: dict[str, M] = {}
    names = [
        entry.name for entry in resources.files("terrdiag.catalogue").joinpath(folder).iterdir()
    ]
    for file in sorted(name for name in names if name.endswith(".toml")):
        for name, entry in _load(f"{folder}/{file}", folder, model).items():
            if name in loaded:
                raise CatalogueError(f"{folder}/{file}, {name} : cet identifiant est déjà pris.")
            if isinstance(entry, Indicator | Analysis) and (unknown := _find_unknown(entry)):
                raise CatalogueError(
                    f"{folder}/{file}, {name} : thème ou source inconnus : {', '.join(unknown)}."
                )
            loaded[name] = entry
    return loaded


def _find_unknown(entry: Indicator | Analysis) -> list[str]:
    """Find the theme and the sources that an entry names, and that do not exist."""
    return [
        *([entry.theme] if entry.theme not in load_themes() else []),
        *(source for source in entry.source if source not in load_sources()),
    ]


def _load(file: str, table: str, model: type[M]) -> dict[str, M]:
    text = (
        resources.files("terrdiag.catalogue").joinpath(*file.split("/")).read_text(encoding="utf-8")
    )
    entries: dict[str, dict[str, Any]] = tomllib.loads(text)[table]
    loaded: dict[str, M] = {}
    for key, entry in entries.items():
        try:
            loaded[key] = model(id=key, **entry)  # type: ignore[call-arg]  # every catalogue model has an id
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "entrée"
            raise CatalogueError(f"{file}, {table}.{key}, {where} : {first['msg']}.") from error
    return loaded
