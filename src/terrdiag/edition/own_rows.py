"""The quick way to an edition with other own data: everything else is taken as it is in the edition of before."""

import datetime as dt
import shutil
from pathlib import Path
from typing import Final

import pandas as pd
import tomli_w

from terrdiag import __version__
from terrdiag.edition.build import CITIES
from terrdiag.edition.build_figures import latest_population
from terrdiag.edition.check import CHECKS
from terrdiag.edition.own import SOURCE_PREFIX, Country, OwnPart, OwnTables, build_own, stack_own
from terrdiag.edition.provenance import record_file
from terrdiag.edition.schema import OWN_PREFIX, EditionInfo
from terrdiag.edition.store import (
    Edition,
    open_edition,
    read_commune_list,
    read_events,
    read_figures,
)
from terrdiag.edition.write import write_table
from terrdiag.errors import EditionError
from terrdiag.sources.comparateur import ARRONDISSEMENTS
from terrdiag.sources.own import Stored

CHECKED: Final = ("fichiers", "chiffres", "sources")
"""What own data can make wrong."""


def describe_country(edition: Edition) -> Country:
    """Describe what own data are brought to, out of an edition."""
    codes = read_commune_list(edition)["code_commune"]
    figures = read_figures(edition, ["commune"], variables=["population"])
    arrondissements = pd.DataFrame(
        {
            "code_arrondissement": ARRONDISSEMENTS,
            "code_commune": [CITIES[code[:2]] for code in ARRONDISSEMENTS],
        }
    )
    return Country(
        read_events(edition),
        latest_population(figures.astype({"code": "str"}), codes),
        arrondissements,
        edition.info.cog_year,
    )


def replace_own(
    base: Edition, raw: Path, out: Path, built_at: dt.date, fresh: OwnPart | None = None
) -> None:
    """Write the edition that a whole build would, when nothing but own data has changed since another.

    Parameters
    ----------
    base
        The edition of before.
    raw
        The raw folder, which holds the own data.
    out
        Folder of the edition; it must not exist.
    built_at
        Date that it bears.
    fresh
        Own data that have just been read; those that the edition of before has already are not read again.

    Raises
    ------
    EditionError
        What was made is not coherent.
    """
    figures = read_figures(base)
    own = build_own(
        raw,
        describe_country(base),
        lambda stored: _find_ready(stored, raw, base, figures, fresh),
    )
    out.mkdir(parents=True)
    for name in base.info.tables:
        if name != "figures":
            shutil.copyfile(base.table(name), out / f"{name}.parquet")
    write_table("figures", merge_figures(figures, own), out / "figures.parquet")
    info = _describe(base, own, out, built_at)
    text = tomli_w.dumps(info.model_dump(mode="json", exclude_defaults=True))
    (out / "edition.toml").write_text(text, encoding="utf-8", newline="\n")
    made = open_edition(out)
    faults = [f"  - {fault}" for name in CHECKED for fault in CHECKS[name](made)]
    if faults:
        raise EditionError("\n".join([f"{out} : {len(faults)} défaut(s).", *faults]))


def _find_ready(
    stored: Stored, raw: Path, base: Edition, figures: pd.DataFrame, fresh: OwnPart | None
) -> OwnPart | None:
    """Find own data among what has just been read, or in the edition of before if their files are the same."""
    files = tuple(record_file(path, raw) for path in (stored.path, stored.sidecar) if path.exists())
    if fresh and fresh.indicator.id == stored.id:
        record = fresh.record.model_copy(update={"files": files})
        return OwnPart(fresh.figures, record, fresh.indicator)
    for one in base.info.indicators:
        record = base.sources[one.source[0]]
        if one.id == stored.id and record.files == files:
            rows = figures[figures["source_id"] == record.id]
            return OwnPart(_as_text(rows), record, one)
    return None


def _as_text(figures: pd.DataFrame) -> pd.DataFrame:
    return figures.astype(dict.fromkeys(figures.select_dtypes("category").columns, "str"))


def merge_figures(figures: pd.DataFrame, own: OwnTables) -> pd.DataFrame:
    """Put own data in the place of those of an edition."""
    others = figures[~figures["variable"].isin(_own_variables(figures))]
    return stack_own(_as_text(others), own)


def _own_variables(figures: pd.DataFrame) -> list[str]:
    names = figures["variable"].cat.categories
    return [name for name in names if name.startswith(OWN_PREFIX)]


def _describe(base: Edition, own: OwnTables, out: Path, built_at: dt.date) -> EditionInfo:
    """Describe the edition: what the one of before says, but for what is made of own data."""
    info = base.info
    # the embedded edition, with own data, becomes a local one that is made of it
    origin = info.base or info.id
    official = [one for one in info.sources if not one.id.startswith(SOURCE_PREFIX)]
    if not info.base:
        official = [one.model_copy(update={"carried_from": origin}) for one in official]
    sources = sorted((*official, *own.records), key=lambda one: one.id)
    absent = [one for one in info.absent if not one.id.startswith(SOURCE_PREFIX)]
    return info.model_copy(
        update={
            "id": f"{info.id.partition('-')[0]}-locale-{built_at:%Y%m%d}",
            "built_at": built_at,
            "terrdiag_version": __version__,
            "base": origin,
            "tables": {
                name: record_file(out / f"{name}.parquet", out) for name in sorted(info.tables)
            },
            "sources": tuple(sources),
            "absent": (*absent, *own.absent),
            "indicators": own.indicators,
        }
    )
