"""The manifest: what was computed, from what, with what, and the digest of every file written.

It holds no absolute path and no time of day: the same study, edition and version write the same
manifest on the same date. ``generated`` is the only field that changes with the day, and is the
date the page bears.
"""

import datetime as dt
import json
import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import pyogrio
import shapely

from terrdiag import __version__
from terrdiag.catalogue.licences import name_mark, word_licence
from terrdiag.edition.schema import EditionInfo, SourceRecord
from terrdiag.territory.model import Comparator, Group, Perimeter
from terrdiag.workspace import sha256_of

SCHEMA_VERSION: Final = 1

PACKAGES: Final = (
    *("folium", "geopandas", "numpy", "openpyxl", "pandas", "pyarrow", "pyogrio", "pyproj"),
    *("rasterio", "shapely", "XStatic-Leaflet"),
)
"""What the bytes of the outputs depend on."""


@dataclass(frozen=True)
class RunRecord:
    """What a run has to say of itself.

    Attributes
    ----------
    perimeter
        The territory.
    comparators
        What it was compared with.
    edition
        Description of the edition.
    study
        The study file, when there is one.
    outputs
        Where each file is for now, by name under the output folder.
    warnings
        What a user must see.
    generated
        The date the page bears.
    claims
        The claims of the study, checked, as plain records.
    sources
        What the run read beside the edition (an elevation model).
    """

    perimeter: Perimeter
    comparators: tuple[Comparator, ...]
    edition: EditionInfo
    study: Path | None
    outputs: Mapping[str, Path]
    warnings: tuple[str, ...]
    generated: dt.date
    claims: tuple[Mapping[str, Any], ...] = ()
    sources: tuple[SourceRecord, ...] = ()


def write_manifest(run: RunRecord, path: Path) -> None:
    """Write the manifest of a run: JSON, UTF-8, keys sorted.

    Parameters
    ----------
    run
        What the run has to say; its outputs are read again and digested.
    path
        Where to write.
    """
    content = {
        "schema_version": SCHEMA_VERSION,
        "generated": run.generated.isoformat(),
        "territory": _describe_perimeter(run.perimeter),
        "notice": list(run.perimeter.notice),
        "warnings": list(run.warnings),
        "comparators": [_describe_comparator(comparator) for comparator in run.comparators],
        "study": _describe_file(run.study) | {"name": run.study.name} if run.study else None,
        "edition": {
            "id": run.edition.id,
            "cog_year": run.edition.cog_year,
            "tables": {
                name: {"sha256": t.sha256, "size": t.size} for name, t in run.edition.tables.items()
            },
            **_describe_local(run.edition),
        },
        "claims": list(run.claims),
        "sources": [source.model_dump(mode="json") for source in run.sources],
        "versions": read_versions(),
        "outputs": {name: _describe_file(output) for name, output in run.outputs.items()},
    }
    text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True)
    path.write_bytes(f"{text}\n".encode())


def read_versions() -> dict[str, str]:
    """Read the versions of what the bytes of the outputs depend on."""
    return {
        "terrdiag": __version__,
        "python": platform.python_version(),
        "gdal": pyogrio.__gdal_version_string__,
        "geos": shapely.geos_version_string,
        **{name.lower(): version(name) for name in PACKAGES},
    }


def _describe_perimeter(perimeter: Perimeter) -> dict[str, Any]:
    return {
        "id": perimeter.id,
        "name": perimeter.name,
        "date": perimeter.date.isoformat(),
        "parts": _describe_groups(perimeter.parts),
        "communes": list(perimeter.communes),
        "epci": _describe_groups(perimeter.epci),
        "departements": _describe_groups(perimeter.departements),
        "regions": _describe_groups(perimeter.regions),
        "without_epci": list(perimeter.without_epci),
    }


def _describe_groups(groups: Iterable[Group]) -> list[dict[str, Any]]:
    return [
        {"kind": g.kind, "code": g.code, "name": g.name, "communes": len(g.communes)}
        for g in groups
    ]


def _describe_comparator(comparator: Comparator) -> dict[str, Any]:
    return _describe_groups([comparator.group])[0] | {"scope": comparator.scope}


def _describe_local(edition: EditionInfo) -> dict[str, Any]:
    """Describe what only a local edition has: sources not read again, and figures to share alike."""
    if not edition.base:
        return {}
    return {
        "base": edition.base,
        "carried": {one.id: one.carried_from for one in edition.sources if one.carried_from},
        "share_alike": {
            one.id: f"{one.attribution}, {word_licence(one.licence)}"
            for one in edition.sources
            if name_mark(one.licence)
        },
    }


def _describe_file(path: Path) -> dict[str, Any]:
    return {"sha256": sha256_of(path), "size": path.stat().st_size}
