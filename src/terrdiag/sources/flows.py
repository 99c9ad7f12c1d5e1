"""Commuting flows of the census (INSEE): who lives where and works where, commune to commune.

A row a pair: commune of residence, commune of work or, beyond the border, a code of the country (« 99… »). The number
is an estimate with decimals, from the complementary exploitation (a sample of one household in four in large
communes): flows of a few dozen people are fragile.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from terrdiag.errors import SourceFormatError
from terrdiag.sources.chunks import Picked, stream_csv
from terrdiag.sources.extract import Dropped, Extract, check_unique
from terrdiag.sources.tables import COMMUNE_PATTERN, make_extract, name_dropped

ORIGIN: Final = "CODGEO"
DESTINATION: Final = "DCLT"
PLACE: Final = "L_DCLT"
COUNT: Final = re.compile(r"NBFLUX_C(\d\d)_ACTOCC15P")

MEMBER: Final = "base*flux*mobilite*[0-9].[cC][sS][vV]"
"""The data in the archive; beside it lies a « meta_… » file."""

KEYS: Final = ["origin", "destination"]


def read_commuting_flows(
    paths: Sequence[Path], source_id: str, cities: pd.DataFrame
) -> tuple[Extract, ...]:
    """Read commuting flows (archive of the producer, or its CSV).

    Parameters
    ----------
    paths
        One file a census.
    source_id
        The source.
    cities
        ``code_arrondissement, code_commune``: arrondissements are brought to their city, both ends.

    Returns
    -------
    tuple of Extract
        One a file: ``origin, destination, place`` (name of the place of work as published), ``ref_year, value``
        (employed persons of 15 and over), sorted.

    Raises
    ------
    SourceFormatError
        The file is not the one expected, a code or a number is not one, a pair stands twice.
    """
    return tuple(_read_one(path, source_id, cities) for path in paths)


def _read_one(path: Path, source_id: str, cities: pd.DataFrame) -> Extract:
    member = MEMBER if path.suffix.lower() == ".zip" else ""
    chunks = [_type_chunk(chunk, path) for chunk in stream_csv(path, _pick, member=member)]
    if not chunks:
        raise SourceFormatError(f"{path} : aucune ligne sous l'en-tête.")
    table = pd.concat(chunks, ignore_index=True)
    check_unique(table, KEYS, path)
    table, dropped = _gather_cities(table, cities)
    year = _read_year(path, member)
    table = table.assign(ref_year=year)[[*KEYS, "place", "ref_year", "value"]]
    return make_extract(source_id, table.sort_values(KEYS), [path], dropped)


def _pick(header: list[str], path: Path) -> Picked:
    counts = [name for name in header if COUNT.fullmatch(name)]
    missing = [name for name in (ORIGIN, DESTINATION, PLACE) if name not in header]
    if missing or len(counts) != 1:
        absent = [*missing, *([] if len(counts) == 1 else ["NBFLUX_CAA_ACTOCC15P (une seule)"])]
        raise SourceFormatError(
            f"{path} : colonne absente : {', '.join(absent)}. Colonnes trouvées : {', '.join(header)}. "
            "Le format du producteur a peut-être changé, ou le fichier n'est pas celui attendu."
        )
    return {ORIGIN: "origin", DESTINATION: "destination", PLACE: "place", counts[0]: "value"}


def _read_year(path: Path, member: str) -> int:
    """Read the year of the census in the header."""
    found: list[str] = []

    def pick(header: list[str], path: Path) -> Picked:
        found.extend(header)
        return _pick(header, path)

    next(stream_csv(path, pick, member=member))
    [match] = [match for name in found if (match := COUNT.fullmatch(name))]
    return 2000 + int(match[1])


def _type_chunk(chunk: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Check and type the rows of a chunk, whose index is the line in the file."""
    bad = ~chunk["origin"].str.fullmatch(COMMUNE_PATTERN) | (chunk["destination"] == "")
    if bad.any():
        row = chunk[bad].iloc[0]
        raise SourceFormatError(
            f"{path}, ligne {chunk.index[bad][0]} : commune de résidence « {row['origin']} » ou lieu de travail "
            f"« {row['destination']} » mal formé. Un tableur retire les zéros de tête : reprenez le fichier du "
            "producteur, tel quel."
        )
    values = pd.to_numeric(chunk["value"].str.replace(",", ".", regex=False), errors="coerce")
    wrong = ~(np.isfinite(values) & values.between(0, 1e7))
    if wrong.any():
        raise SourceFormatError(
            f"{path}, ligne {chunk.index[wrong][0]} : « {chunk['value'][wrong].iloc[0]} » n'est pas un nombre "
            "de personnes."
        )
    texts = dict.fromkeys(("origin", "destination", "place"), "category")
    return chunk.assign(value=values.astype("float64")).astype(texts).reset_index(drop=True)


def _gather_cities(
    table: pd.DataFrame, cities: pd.DataFrame
) -> tuple[pd.DataFrame, tuple[Dropped, ...]]:
    """Bring arrondissements to their city; where that city stands beside them, they are left out."""
    city_of = cities.set_index("code_arrondissement")["code_commune"]
    table = table.astype({"origin": "str", "destination": "str", "place": "str"})
    dropped: list[Dropped] = []
    for column in KEYS:
        city = table[column].map(city_of)
        is_twice = city.isin(set(table[column]))
        end = "résidence" if column == "origin" else "travail"
        for reason, concerned in (
            (
                "arrondissements de Paris, Lyon et Marseille (déjà comptés dans leur commune)",
                is_twice,
            ),
            ("arrondissements additionnés en leur commune", city.notna() & ~is_twice),
        ):
            dropped += name_dropped(f"{reason}, {end}", table.loc[concerned, column].unique())
        table = table.assign(**{column: city.fillna(table[column])})[~is_twice]
    summed = table.groupby(KEYS, as_index=False, sort=False).agg(
        place=("place", "first"), value=("value", "sum")
    )
    return summed, tuple(dropped)
