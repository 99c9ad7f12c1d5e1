"""Electricity and gas delivered by the networks, by commune and sector (Agence ORE, SDES).

Both producers gather what every network operator delivers: several rows a commune (an operator, a category of
consumers, an activity), which are summed. What is confidential is withheld, row by row: it is never read as zero.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd

from terrdiag.errors import SourceFormatError
from terrdiag.sources.chunks import (
    Picked,
    parse_cells,
    pick_columns,
    repair_codes,
    stream_csv,
    word_repaired,
)
from terrdiag.sources.cities import join_arrondissements
from terrdiag.sources.extract import FIGURE_COLUMNS, Dropped, Extract
from terrdiag.sources.files import read_head
from terrdiag.sources.tables import make_extract
from terrdiag.values import MISSING, OK, SECRET
from terrdiag.wording import fold, join_words

COLUMNS: Final = {
    "code": ("Code Commune", "CODE_COMMUNE", "COMMUNE_CODE", "CODE_COMMUNE_CODE", "CODE_INSEE"),
    "fuel": ("FILIERE",),
    "sector": ("CODE GRAND SECTEUR", "CODE_GRAND_SECTEUR"),
    "year": ("Année", "ANNEE"),
    "value": ("Conso totale (MWh)", "conso_totale_mwh", "CONSO", "CONSO_TOTALE"),
    "withheld": (
        "Nombre de mailles secretisées",
        "nombre_de_mailles_secretisees",
        "NB_IRIS_MASQUES",
        "NOMBRE_MAILLES_SECRETISEES",
    ),
}
"""Names that the columns bear: labels in the exports of the Agence ORE, fields in those of the SDES.

The header of the SDES file by commune was not seen: its names are those of its sister files, by EPCI and by IRIS.
"""

FUELS: Final = {"electricite": "electricity", "e": "electricity", "gaz": "gas", "g": "gas"}

FUEL_WORDS: Final = {"electricity": "électricité", "gas": "gaz"}

SECTORS: Final = {
    "residentiel": "residential",
    "r": "residential",
    "tertiaire": "tertiary",
    "t": "tertiary",
    "industrie": "industry",
    "i": "industry",
    "agriculture": "agriculture",
    "a": "agriculture",
    "inconnu": "unknown",
    "x": "unknown",
    "nap": "unknown",
    "": "unknown",
}
"""By folded code of the producer. ``NAP``: no activity known; it is unknown too."""

FULL_PAGE: Final = 10_000
"""Rows of a full page of the Agence ORE's interface: what follows would be missing."""

PIECES: Final = 20
"""Pieces of a file kept before they are summed together."""

KEYS: Final = ["code", "fuel", "sector", "ref_year"]

SUMS: Final = {"total": "", "industry": "industry", "unknown": "unknown"}
"""Sums over the rows of a commune, and the sector that they are of (all of them when empty)."""

PLACES: Final = ["code", "fuel", "ref_year"]


def read_grid_energy(
    paths: Sequence[Path], source_id: str, cities: pd.DataFrame
) -> tuple[Extract, ...]:
    """Read the electricity and gas delivered in a year (MWh), by commune and sector.

    Parameters
    ----------
    paths
        Exports of the producer: the national file, or one a département and fuel; read piece by piece.
    source_id
        The source.
    cities
        ``code_arrondissement, code_commune``: older years have the arrondissements of Paris, Lyon and Marseille.

    Returns
    -------
    tuple of Extract
        One table. Every year: ``energy_total_mwh``, ``energy_industry_mwh`` and ``energy_unknown_mwh``, sums over the
        rows of a commune (no row classified so: zero). The latest year: ``energy_<fuel>_<sector>_mwh`` too, where the
        producer has a row. A sum of which a row is withheld is ``secret``; one of which a row is empty, ``missing``.

    Raises
    ------
    SourceFormatError
        A file is not the one expected, or stops at a full page of the producer's interface.
    """
    repaired: set[str] = set()
    other: dict[str, int] = {}
    files = {path: _read_file(path, repaired, other) for path in paths}
    if not any(len(tally.sums) for tally in files.values()):
        named = join_words(str(path) for path in paths[:3]) if paths else "aucun fichier"
        raise SourceFormatError(f"{named} : aucune consommation d'électricité ou de gaz.")
    _check_apart(files)
    tally = _add([*files.values()])
    sums, moved = join_arrondissements(
        tally.sums.assign(value=tally.sums["total"]), cities, PLACES, paths[0]
    )
    cells, _ = join_arrondissements(tally.cells, cities, KEYS, paths[0])
    figures = _make_figures(sums.drop(columns="value"), _sum(cells, KEYS))
    dropped = (*word_repaired(repaired), *moved, *_name(other, tally.cells, figures))
    return (make_extract(source_id, figures, paths, dropped),)


class _Tally(NamedTuple):
    """What is kept of a file: the sums of every year, and the cells of its latest one."""

    sums: pd.DataFrame
    cells: pd.DataFrame


def _read_file(path: Path, repaired: set[str], other: dict[str, int]) -> _Tally:
    """Sum a file by commune, fuel and year, a few pieces at a time."""
    tallies: list[_Tally] = []
    for chunk in _stream(path):
        codes, mended = repair_codes(chunk["code"], path, "Code Commune")
        repaired |= mended
        rows = _tidy(chunk.assign(code=codes), path, other)
        tallies.append(_Tally(_widen(rows), _sum(rows, KEYS)))
        if len(tallies) == PIECES:
            tallies = [_add(tallies)]
    return _add(tallies)


def _add(tallies: Sequence[_Tally]) -> _Tally:
    """Add tallies, forgetting the cells of all years but the latest."""
    if not tallies:
        return _Tally(pd.DataFrame(columns=PLACES), pd.DataFrame(columns=KEYS))
    sums = _sum(_stack([tally.sums for tally in tallies]), PLACES)
    cells = _stack([tally.cells for tally in tallies])
    return _Tally(sums, _sum(cells[cells["ref_year"] == cells["ref_year"].max()], KEYS))


def _stack(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Stack tables, the empty ones left out: they have no types."""
    return pd.concat(
        [table for table in tables if len(table)] or list(tables[:1]), ignore_index=True
    )


def _check_apart(files: Mapping[Path, _Tally]) -> None:
    """Refuse two files that give the same commune, fuel and year: it would be counted twice."""
    if len(files) == 1:
        return
    given = [tally.sums[PLACES].assign(path=str(path)) for path, tally in files.items()]
    stacked = _stack(given)
    twice = stacked[stacked.duplicated(PLACES, keep=False)]
    if not twice.empty:
        code, fuel, year = twice[PLACES].iloc[0]
        same = (twice[PLACES] == [code, fuel, year]).all(axis=1)
        raise SourceFormatError(
            f"{join_words(twice.loc[same, 'path'].head(2))} : la commune {code} est dans deux fichiers pour {year} "
            f"({FUEL_WORDS[fuel]}), elle serait comptée deux fois. "
            "Gardez le fichier national, ou ceux des départements."
        )


def _stream(path: Path) -> Iterator[pd.DataFrame]:
    """Read a file piece by piece, refusing the message of an empty selection and a page that has a next one."""
    head = read_head(path, 200)
    if "le fichier est vide" in fold(head.decode("utf-8", errors="replace")):
        raise SourceFormatError(
            f"{path} : « Le fichier est vide » : la sélection demandée au SDES n'a aucune ligne."
        )
    rows = 0
    for chunk in stream_csv(path, _pick):
        rows += len(chunk)
        yield chunk
    if rows == FULL_PAGE:
        raise SourceFormatError(
            f"{path} : exactement {FULL_PAGE} lignes, une page pleine : la suite manque. "
            "Demandez une sélection plus petite, ou prenez le fichier national."
        )


def _pick(header: list[str], path: Path) -> Picked:
    return pick_columns(header, path, COLUMNS, optional=("withheld",))


def _tidy(chunk: pd.DataFrame, path: Path, other: dict[str, int]) -> pd.DataFrame:
    """Translate the codes of a piece, and tell what is not known of each row."""
    fuel = chunk["fuel"].map({one: FUELS.get(fold(one)) for one in chunk["fuel"].unique()})
    for name, count in chunk.loc[fuel.isna(), "fuel"].value_counts().items():
        other[str(name)] = other.get(str(name), 0) + int(count)
    chunk = chunk.assign(fuel=fuel)[fuel.notna()]
    sectors = {one: SECTORS.get(fold(one)) for one in chunk["sector"].unique()}
    strange = [str(name) for name, sector in sectors.items() if sector is None]
    if strange:
        raise SourceFormatError(
            f"{path} : secteur inconnu : {', '.join(strange[:5])}. Le format du producteur a peut-être changé."
        )
    value = parse_cells(chunk["value"], path, "Conso totale (MWh)")
    masked = (
        parse_cells(chunk["withheld"], path, "Nombre de mailles secretisées").fillna(0.0)
        if "withheld" in chunk
        else pd.Series(0.0, index=chunk.index)
    )
    # what is withheld is left empty, or summed as nothing
    withheld = (masked > 0) & ~(value > 0)
    return pd.DataFrame(
        {
            "code": chunk["code"],
            "fuel": chunk["fuel"],
            "sector": chunk["sector"].map(sectors),
            "ref_year": _parse_years(chunk["year"], path),
            "value": value.where(~withheld),
            "withheld": withheld,
            "empty": value.isna() & ~withheld,
            "partial": (masked > 0) & (value > 0),
        }
    )


def _parse_years(cells: pd.Series, path: Path) -> pd.Series:
    """Parse years, written as such or as the first day of one (``2024-01-01``)."""
    years = cells.map({one: _parse_year(one) for one in cells.unique()})
    if years.isna().any():
        line = years.index[years.isna()][0]
        raise SourceFormatError(f"{path}, ligne {line} : « {cells[line]} » n'est pas une année.")
    return years.astype("int64")


def _parse_year(text: str) -> int | None:
    found = re.match(r"((?:19|20)\d\d)(?:-\d\d-\d\d.*)?$", text)
    return int(found[1]) if found else None


def _widen(rows: pd.DataFrame) -> pd.DataFrame:
    """Make the sums of each commune, fuel and year, with what is not known of each."""
    wide = rows[PLACES].copy()
    for name, sector in SUMS.items():
        inside = rows["sector"] == sector if sector else pd.Series(data=True, index=rows.index)
        wide[name] = rows["value"].fillna(0.0).where(inside, 0.0)
        for flag in ("withheld", "empty"):
            wide[f"{name} {flag}"] = rows[flag] & inside
    return _sum(wide, PLACES)


def _sum(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Sum the numbers of a table by some keys; a flag holds as soon as it holds somewhere."""
    others = [str(name) for name in table if name not in {*keys, "fuel", "sector"}]
    rules = {name: "max" if table[name].dtype == bool else "sum" for name in others}
    return table.groupby(keys, sort=True, as_index=False).agg(rules)


def _make_figures(sums: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Make the figures of the sums over both fuels, and those of each fuel and sector."""
    both = _sum(sums, ["code", "ref_year"])
    detail = "energy_" + cells["fuel"] + "_" + cells["sector"] + "_mwh"
    blocks = [
        _make_block(both, f"energy_{name}_mwh", name, f"{name} withheld", f"{name} empty")
        for name in SUMS
    ]
    blocks.append(_make_block(cells, detail, "value", "withheld", "empty"))
    return pd.concat(blocks, ignore_index=True)


def _make_block(
    table: pd.DataFrame, variable: str | pd.Series, value: str, withheld: str, empty: str
) -> pd.DataFrame:
    status = pd.Series(OK, index=table.index)
    status = status.mask(table[empty], MISSING).mask(table[withheld], SECRET)
    block = pd.DataFrame(
        {
            "level": "commune",
            "code": table["code"],
            "variable": variable,
            "ref_year": table["ref_year"],
            "value": table[value].where(status == OK),
            "status": status,
        }
    )
    return block[list(FIGURE_COLUMNS)]


def _name(other: dict[str, int], cells: pd.DataFrame, figures: pd.DataFrame) -> tuple[Dropped, ...]:
    """Name the rows left out, what is withheld, and the sums that are minima."""
    rows = [
        Dropped(f"lignes d'une autre énergie ({name or 'sans nom'})", count)
        for name, count in sorted(other.items())
    ]
    secret = figures[figures["status"] == SECRET]
    missing = figures[figures["status"] == MISSING]
    minima = cells[cells["partial"] & ~cells["withheld"] & ~cells["empty"]]
    for reason, found in (
        ("consommations dont une ligne est sous secret (la somme n'est pas donnée)", secret),
        ("consommations dont une ligne est vide (la somme n'est pas donnée)", missing),
        ("consommations données qui sont des minimums : des mailles y sont sous secret", minima),
    ):
        if len(found):
            rows.append(Dropped(reason, len(found), tuple(found["code"].unique()[:5])))
    return tuple(rows)
