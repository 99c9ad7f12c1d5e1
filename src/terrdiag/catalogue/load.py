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
    return _load("indicators.toml", "themes", Theme)


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
    indicators = _load("indicators.toml", "indicators", Indicator)
    themes, sources = load_themes(), load_sources()
    for indicator in indicators.values():
        unknown = [indicator.theme] if indicator.theme not in themes else []
        unknown += [source for source in indicator.source if source not in sources]
        if unknown:
            raise CatalogueError(
                f"indicators.toml, {indicator.id} : thème ou source inconnus : {', '.join(unknown)}."
            )
    return indicators


@functools.cache
def load_analyses() -> dict[str, Analysis]:
    """Load the analyses, by identifier: what is made of several values or measured on an elevation model.

    Raises
    ------
    CatalogueError
        An entry is not coherent, names an unknown theme or source, or bears the identifier of another.
    """
    analyses: dict[str, Analysis] = {}
    folder = resources.files("terrdiag.catalogue").joinpath("analyses")
    for file in sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml")):
        for name, analysis in _load(f"analyses/{file}", "analyses", Analysis).items():
            unknown = [analysis.theme] if analysis.theme not in load_themes() else []
            unknown += [source for source in analysis.source if source not in load_sources()]
            if unknown:
                raise CatalogueError(
                    f"{file}, {name} : thème ou source inconnus : {', '.join(unknown)}."
                )
            if name in analyses or name in load_indicators():
                raise CatalogueError(f"{file}, {name} : cet identifiant est déjà pris.")
            analyses[name] = analysis
    return analyses


@functools.cache
def load_sources() -> dict[str, Source]:
    """Load the register of sources, by identifier.

    Raises
    ------
    CatalogueError
        An entry is not coherent.
    """
    return _load("sources.toml", "sources", Source)


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
