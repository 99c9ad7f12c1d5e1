"""Perimeters and typologies of the ANCT: Territoires d'industrie, PETR, massifs, rurality."""

import re
from pathlib import Path
from typing import Final

import pandas as pd

from terrdiag.errors import SourceFormatError
from terrdiag.sources.extract import Dropped, Extract, check_unique
from terrdiag.sources.files import FETCH_AGAIN, read_csv, read_json
from terrdiag.sources.tables import (
    COMMUNE_PATTERN,
    SIREN_PATTERN,
    check_codes,
    make_extract,
    name_dropped,
    parse_numbers,
)
from terrdiag.wording import slugify

TERRITOIRES_INDUSTRIE: Final = "anct-territoires-industrie"
PETR: Final = "anct-petr-2018"

TYPOLOGIES: Final = {
    "montagne": "anct-massifs",
    "densite": "anct-densite",
    "ruralite": "anct-ruralite",
    "centralite": "anct-centralite",
}

UNCLASSIFIED: Final = (
    "- undefined",
    "Commune dont le périmètre a changé depuis la réalisation de la typologie",
)
"""What the producer writes for a commune it could not classify."""


def read_territoires_industrie(path: Path, polygons: Path) -> Extract:
    """Read the groupements of the Territoires d'industrie, checked against their map.

    Parameters
    ----------
    path
        ``territoires_industrie_groupements.csv``: one row a link.
    polygons
        ``polygone-4326_ti.geojson``, which lists the same SIREN.

    Returns
    -------
    Extract
        ``code, nom, siren``, sorted. A groupement is most often an EPCI, but 38 of them are
        communes (SIREN in 21) and three are EPT of the Grand Paris: the SIREN alone is given.

    Raises
    ------
    SourceFormatError
        The two files do not name the same links.
    """
    raw = read_csv(path, ["id_ti", "lib_ti", "siren"])
    check_codes(raw["id_ti"], r"ti-\d{4}", path)
    check_codes(raw["siren"], SIREN_PATTERN, path)
    check_unique(raw, ["id_ti", "siren"], path)
    check_unique(raw[["id_ti", "lib_ti"]].drop_duplicates(), ["id_ti"], path)
    table = raw[["id_ti", "lib_ti", "siren"]].sort_values(["id_ti", "siren"])
    table.columns = pd.Index(["code", "nom", "siren"])
    links = set(table.itertuples(index=False, name=None))
    differing = sorted(links ^ _read_polygon_links(polygons))
    if differing:
        raise SourceFormatError(
            f"{path} et {polygons} ne nomment pas les mêmes groupements : {len(differing)} lien(s) "
            f"diffèrent, par exemple {differing[0][0][:40]} - {differing[0][2]}. "
            "Reprenez les deux fichiers de la même date."
        )
    return make_extract(TERRITOIRES_INDUSTRIE, table, [path, polygons])


def _read_polygon_links(path: Path) -> set[tuple[str, str, str]]:
    try:
        rows = [
            [feature["properties"][name] for name in ("id_ti", "lib_ti", "siren_groupement")]
            for feature in read_json(path)["features"]
        ]
    except (KeyError, TypeError) as error:
        raise SourceFormatError(
            f"{path} : GeoJSON des Territoires d'industrie attendu ; {error} manque."
        ) from error
    if not all(isinstance(cell, str) for row in rows for cell in row):
        raise SourceFormatError(
            f"{path} : id_ti, lib_ti ou siren_groupement n'est pas un texte. {FETCH_AGAIN}"
        )
    return {
        (code, name, siren)
        for code, name, members in rows
        for siren in re.findall(SIREN_PATTERN, members)
    }


def read_petr(path: Path) -> Extract:
    """Read the EPCI of the PETR that signed a « contrat de ruralité », with the share they cover.

    The file comes from laying perimeters over communes. Where an identifier bears two perimeters,
    communes were counted twice (share above 1): their counts are halved. Two identifiers bear the
    names of two PETR each: their code is made of the identifier and the name.

    Returns
    -------
    Extract
        ``code, nom, siren_epci, nb_com_in, nb_com_epci, share`` (0 to 1, of the communes of the
        EPCI that are in the PETR), sorted. A very small share is a sliver of the overlay.

    Raises
    ------
    SourceFormatError
        The share is not the ratio of the counts.
    """
    raw = read_csv(path, ["id", "lib", "siren_epci", "nb_com_in", "nb_com_epci", "share"])
    check_codes(raw["id"], r"\S.*", path)
    check_codes(raw["siren_epci"], SIREN_PATTERN, path)
    check_unique(raw, ["id", "lib", "siren_epci"], path)
    table = raw[["id", "lib", "siren_epci"]].rename(columns={"id": "code", "lib": "nom"})
    for column, high in (("nb_com_in", 2000), ("nb_com_epci", 1000), ("share", 10)):
        table[column], _ = parse_numbers(raw, column, path, high=high)
    gap = (table["nb_com_in"] / table["nb_com_epci"] - table["share"]).abs()
    wrong = table[~(gap <= 0.001)]  # also where a count is not given
    if not wrong.empty:
        raise SourceFormatError(
            f"{path} : share ≠ nb_com_in / nb_com_epci, par exemple {wrong['code'].iloc[0][:40]} "
            f"et {wrong['siren_epci'].iloc[0]}."
        )
    doubled = table["code"].isin(table.loc[table["share"] > 1, "code"])
    table.loc[doubled, "nb_com_in"] /= 2
    table["share"] = table["nb_com_in"] / table["nb_com_epci"]
    if (table["share"] > 1).any() or (table["nb_com_in"] % 1 > 0).any():
        raise SourceFormatError(f"{path} : plus de communes dans un PETR que dans ses EPCI.")
    names = table.groupby("code")["nom"].transform("nunique")
    shared = table.loc[names > 1, "code"]
    table.loc[names > 1, "code"] = shared + "-" + table.loc[names > 1, "nom"].map(slugify)
    counts = table.astype({"nb_com_in": "int16", "nb_com_epci": "int16"})
    dropped = (
        *name_dropped(
            "liens comptés deux fois par le producteur, ramenés à un", raw.loc[doubled, "id"]
        ),
        *name_dropped("identifiants communs à deux PETR, distingués par leur nom", set(shared)),
    )
    return make_extract(PETR, counts.sort_values(["code", "siren_epci"]), [path], dropped)


def read_typology(path: Path, column: str) -> Extract:
    """Read a typology of communes: massifs, density, rurality or centrality.

    Parameters
    ----------
    path
        ``montagne.csv``, ``densite.csv``, ``ruralite.csv`` or ``centralite.csv`` (UTF-8 with a
        byte order mark).
    column
        ``montagne``, ``densite``, ``ruralite`` or ``centralite``.

    Returns
    -------
    Extract
        ``code_commune, code, label``, sorted by commune. ``code`` is the producer's (``01 - …``)
        where it gives one, else the label without accents (``bourgs-ruraux``). Communes in no
        massif are not in the file; communes not classified are named in ``dropped``.
    """
    name = f"niveau_{column}"
    raw = read_csv(path, ["insee_com", name])
    check_codes(raw["insee_com"], COMMUNE_PATTERN, path)
    check_unique(raw, ["insee_com"], path)
    labels = raw[name].str.strip()
    unknown = labels.isin([*UNCLASSIFIED, ""])
    if unknown.all():
        raise SourceFormatError(f"{path} : aucune commune classée ({name}). {FETCH_AGAIN}")
    split = labels.str.extract(r"^(?:(?P<code>\d\d) - )?(?P<label>.+)$", flags=re.DOTALL)
    table = pd.DataFrame(
        {
            "code_commune": raw["insee_com"],
            "code": split["code"].fillna(split["label"].map(slugify, na_action="ignore")),
            "label": split["label"],
        }
    )[~unknown]
    bare = table[table["code"] == ""]
    if not bare.empty:
        raise SourceFormatError(
            f"{path}, colonne {name} : libellé sans mot : « {labels[bare.index[0]][:40]} » "
            f"(ligne {bare.index[0] + 2}). {FETCH_AGAIN}"
        )
    dropped: tuple[Dropped, ...] = ()
    for label in sorted(set(labels[unknown])):
        reason = f"communes non classées : {label.removeprefix('- ') or 'cellule vide'}"
        dropped += name_dropped(reason, raw.loc[labels == label, "insee_com"])
    return make_extract(TYPOLOGIES[column], table.sort_values("code_commune"), [path], dropped)
