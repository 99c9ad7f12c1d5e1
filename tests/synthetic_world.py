"""What the synthetic national files are about: communes, their inhabitants, and how an archive is written.

The files bear the producers' headers and traps, and invented numbers over given communes. Never shipped, never read as
figures. Every number is drawn from the code of its commune, so that a test can work it out again. Files whose numbers
are written by hand are those of ``minifrance``; these are for trials of a whole edition.
"""

import datetime as dt
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from synthetic_jobs import draw
from terrdiag.edition.crosswalk import communes_at

OVERSEAS = ("97", "98")


@dataclass(frozen=True)
class World:
    """What the synthetic files are about.

    Attributes
    ----------
    communes
        Index: code, in the COG of the edition. Columns: ``nom, departement, region, epci, arr, canton, siren`` and the
        inhabitants ``p2016, p2022, p2023``.
    cities
        Commune of each arrondissement of Paris, Lyon and Marseille.
    events
        Events of the edition: files of an earlier COG bear its communes.
    cog_year
        COG of the communes.
    """

    communes: pd.DataFrame
    cities: Mapping[str, str]
    events: pd.DataFrame
    cog_year: int = 2026

    def people_in(self, year: int) -> dict[str, float]:
        """Inhabitants of the communes of an earlier COG; those that are no more have invented ones."""
        codes = communes_at(dt.date(year, 1, 1), self.communes.index, self.events)
        known = self.communes["p2023"].to_dict()
        return {code: known.get(code, round(100 + 900 * draw(code, "people"))) for code in codes}

    def split_cities(self, people: Mapping[str, float], *, keep: bool) -> dict[str, float]:
        """Add the arrondissements, sharing their city evenly; the city stays beside them or goes."""
        cities = set(self.cities.values())
        share = {city: list(self.cities.values()).count(city) for city in cities}
        parts = {
            code: people[city] / share[city] for code, city in self.cities.items() if city in people
        }
        return {code: size for code, size in people.items() if keep or code not in cities} | parts


def zip_csv(path: Path, member: str, table: pd.DataFrame, **how: object) -> None:
    """Write a table as the only CSV of an archive, with the file that describes its columns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = table.to_csv(index=False, sep=";", lineterminator="\r\n", **how)
    stem, dot, suffix = member.rpartition(".")
    name = stem.removesuffix("_data")
    meta = f"{name}_metadata.csv" if stem != name else f"meta_{member}"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        # a fixed date, so that the archive has the same bytes each time
        archive.writestr(zipfile.ZipInfo(meta), '"COD_VAR";"LIB_VAR"\r\n')
        archive.writestr(zipfile.ZipInfo(f"{stem}{dot}{suffix}"), text, zipfile.ZIP_DEFLATED)
