"""A user's file and its sidecar → figures of communes, with the report of what became of every row."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from terrdiag.errors import SourceFormatError
from terrdiag.sources.extract import FIGURE_COLUMNS, Dropped, Extract
from terrdiag.sources.own.matching import Geography, Matches, match_codes
from terrdiag.sources.own.reading import LINE, read_rows
from terrdiag.sources.own.sidecar import Sidecar
from terrdiag.sources.tables import name_dropped
from terrdiag.values import MISSING, OK, SECRET
from terrdiag.wording import join_words, plural

NAMED: Final = 5
"""How many codes or lines are named in an error."""

HIGHEST: Final = 1e15

SPACES: Final = str.maketrans("", "", " \u00a0\u202f")


@dataclass(frozen=True)
class OwnReading:
    """What was read of a file.

    Attributes
    ----------
    sidecar
        What the file holds.
    extracts
        Figures of communes, by COG year (one, but for delegated communes that are summed).
    matches
        What became of the codes.
    remarks
        What was found out of the file: encoding, separator, sheet.
    secret, missing
        How many values are secret, are missing.
    without_value
        Communes of which no value is known.
    dropped
        Rows left out, and why.
    """

    sidecar: Sidecar
    extracts: tuple[Extract, ...]
    matches: Matches
    remarks: tuple[str, ...]
    secret: int
    missing: int
    without_value: tuple[str, ...]
    dropped: tuple[Dropped, ...]

    @property
    def years(self) -> tuple[int, ...]:
        """The years of its figures."""
        found = {int(year) for one in self.extracts for year in one.table["ref_year"].unique()}
        return tuple(sorted(found))


def read_own(path: Path, sidecar: Sidecar, geography: Geography) -> OwnReading:
    """Read a file of figures by commune.

    Parameters
    ----------
    path
        The file.
    sidecar
        What it holds.
    geography
        What is known of communes.

    Returns
    -------
    OwnReading
        Figures whose codes are communes; everything else is named.

    Raises
    ------
    SourceFormatError
        A column is absent, a cell is not a number, a commune stands twice, no code is that of a commune.
    """
    data = sidecar.data
    rows = read_rows(path, data, sidecar.columns)
    year = None if data.cog_year == "auto" else data.cog_year
    if year is not None and year > geography.last_year:
        raise SourceFormatError(
            f"{path} : communes de {year} (cog_year), alors que l'édition s'arrête à {geography.last_year}."
        )
    matches = match_codes(
        rows.table[data.code], year, geography, sums_former=data.delegated == "sum"
    )
    table = rows.table.assign(code=matches.codes, cog_year=matches.years)
    table["ref_year"] = _read_years(table, data.year, path)
    parts = [
        _read_values(table, variable, column, sidecar, path)
        for variable, column in sidecar.variables.items()
    ]
    every = pd.concat(parts, ignore_index=True)
    inside = every[every["code"] != ""]
    _check_once(inside, path)
    if inside.empty:
        examples = ", ".join(
            f"« {code} »" for code in [*matches.unmatched, *matches.former][:NAMED]
        )
        raise SourceFormatError(
            f"{path}, colonne {data.code} : aucun code n'est celui d'une commune de {matches.cog_year} ({examples})."
        )
    summed, dropped = _sum_arrondissements(inside, sidecar, geography, path)
    extracts = tuple(
        Extract(
            sidecar.source_id,
            part.drop(columns="cog_year").reset_index(drop=True),
            int(str(cog_year)),
            (path,),
            rates=frozenset(sidecar.variables) if sidecar.indicator.kind == "rate" else frozenset(),
        )
        for cog_year, part in summed.groupby("cog_year", sort=True)
    )
    known = set(summed.loc[summed["status"] == OK, "code"])
    return OwnReading(
        sidecar=sidecar,
        extracts=extracts,
        matches=matches,
        remarks=rows.remarks,
        secret=int((inside["status"] == SECRET).sum()),
        missing=int((inside["status"] == MISSING).sum()),
        without_value=tuple(sorted(set(summed["code"]) - known)),
        dropped=(*_name_left_out(matches), *dropped),
    )


def _read_years(table: pd.DataFrame, year: int | str, path: Path) -> pd.Series:
    """Give the year of each row: the same for all, or that of a column."""
    if isinstance(year, int):
        return pd.Series(year, index=table.index)
    texts = table[year].str.strip()
    bad = ~texts.str.fullmatch(r"(1[89]|20)[0-9]{2}")
    if bad.any():
        where = _name_cells(table[bad], texts[bad])
        raise SourceFormatError(f"{path}, colonne {year} : {where} n'est pas une année.")
    return texts.astype(int)


def _read_values(
    table: pd.DataFrame, variable: str, column: str, sidecar: Sidecar, path: Path
) -> pd.DataFrame:
    """Read a column of numbers: value and status of each row."""
    data = sidecar.data
    texts = table[column].str.strip()
    status = pd.Series(OK, index=table.index, dtype="str")
    status[texts.isin([mark.strip() for mark in data.secret])] = SECRET
    status[texts.isin(["", *(mark.strip() for mark in data.missing)])] = MISSING
    digits = (
        texts.str.translate(SPACES).str.replace("\u2212", "-").str.replace(",", ".", regex=False)
    )
    # the plain decimal form only: « inf », « 0x10 » and « 1_000 » are texts here
    number = digits.str.fullmatch(r"[+-]?[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]{1,2})?\.?|[0-9]+\.")
    known = status == OK
    if (known & ~number).any():
        bad = known & ~number
        raise SourceFormatError(
            f"{path}, colonne {column} : {_name_cells(table[bad], texts[bad])} n'est pas un nombre. "
            "Une marque (secret, non disponible) se déclare dans [data] secret ou missing."
        )
    values = pd.to_numeric(digits.where(known), errors="coerce").astype("float64")
    bad = known & ~(values.abs() <= HIGHEST)
    if not data.allow_negative or column == data.denominator:
        bad |= known & (values < 0)
    if bad.any():
        raise SourceFormatError(
            f"{path}, colonne {column} : {_name_cells(table[bad], texts[bad])} est négatif ou démesuré. "
            "Si des valeurs négatives sont normales, écrivez allow_negative = true dans [data]."
        )
    return table[["code", "cog_year", "ref_year", LINE]].assign(
        level="commune", variable=variable, value=values, status=status
    )


def _name_cells(rows: pd.DataFrame, texts: pd.Series) -> str:
    """Name the first bad cells, with their lines."""
    cells = [
        f"« {text[:40]} » (ligne {line})"
        for text, line in zip(texts.head(NAMED), rows[LINE].head(NAMED), strict=True)
    ]
    more = f" et {len(texts) - NAMED} autres" if len(texts) > NAMED else ""
    return f"{join_words(cells) if not more else ', '.join(cells)}{more}"


def _check_once(rows: pd.DataFrame, path: Path) -> None:
    """Refuse a commune that stands twice for a year: nobody can tell which row is right."""
    keys = ["code", "variable", "ref_year"]
    twice = rows[rows.duplicated(keys, keep=False)].drop_duplicates(["code", "ref_year", LINE])
    if twice.empty:
        return
    named = [
        f"{code} en {year} (lignes {join_words(map(str, part[LINE]))})"
        for (code, year), part in twice.groupby(["code", "ref_year"], sort=True)
    ]
    more = ", …" if len(named) > NAMED else ""
    raise SourceFormatError(
        f"{path} : {plural(len(named), 'commune figure', 'communes figurent')} plusieurs fois pour une année : "
        f"{'; '.join(named[:NAMED])}{more}. Gardez une ligne par commune et par année, ou nommez la colonne des "
        "années ([data] year)."
    )


def _sum_arrondissements(
    rows: pd.DataFrame, sidecar: Sidecar, geography: Geography, path: Path
) -> tuple[pd.DataFrame, tuple[Dropped, ...]]:
    """Sum the arrondissements of Paris, Lyon and Marseille into their commune; a rate cannot be."""
    columns = [*FIGURE_COLUMNS, "cog_year"]
    parents = rows["code"].map(geography.arrondissements)
    inside = parents.notna()
    if not inside.any():
        return rows[columns], ()
    codes = set(rows.loc[inside, "code"])
    if sidecar.indicator.kind == "rate":
        why = "arrondissements de Paris, Lyon ou Marseille : un taux ne s'additionne pas"
        return rows.loc[~inside, columns], name_dropped(why, codes)
    twice = set(rows.loc[~inside, "code"]) & set(parents.dropna())
    if twice:
        raise SourceFormatError(
            f"{path} : {join_words(sorted(twice))} et ses arrondissements sont tous deux dans le fichier : la ville "
            "serait comptée deux fois. Retirez l'un ou l'autre."
        )
    whole = {
        city: {one for one, other in geography.arrondissements.items() if other == city}
        for city in set(parents.dropna())
    }
    keys = ["level", "code", "variable", "ref_year", "cog_year"]
    moved = rows[inside].assign(code=parents[inside], is_secret=rows["status"] == SECRET)
    summed = (
        moved.groupby(keys, sort=True)
        .agg(
            value=("value", lambda one: one.sum(skipna=False)),
            parts=("value", "size"),
            is_secret=("is_secret", "any"),
        )
        .reset_index()
    )
    # an arrondissement that is not there makes its city unknown, as a part does of a merger
    partial = summed["parts"] < summed["code"].map(
        {city: len(parts) for city, parts in whole.items()}
    )
    summed["value"] = summed["value"].mask(partial)
    summed["status"] = OK
    summed.loc[summed["value"].isna(), "status"] = MISSING
    summed.loc[summed["is_secret"], "status"] = SECRET
    told = name_dropped(
        "arrondissements additionnés en leur commune (Paris, Lyon, Marseille)", codes
    )
    lost = name_dropped(
        "villes dont il manque un arrondissement : leur total n'est pas connu",
        set(summed.loc[partial, "code"]),
    )
    return pd.concat([rows.loc[~inside, columns], summed[columns]], ignore_index=True), (
        *told,
        *lost,
    )


def _name_left_out(matches: Matches) -> tuple[Dropped, ...]:
    """Name the codes that are left out."""
    used = set(matches.codes)
    left = [code for code in matches.former if code not in used]
    return (
        *_name("codes qui ne sont pas ceux d'une commune", matches.unmatched),
        *_name(
            f"codes de communes d'avant {matches.cog_year}, ou déléguées : laissés de côté "
            '(cog_year, ou delegated = "sum" dans [data])',
            left,
        ),
    )


def _name(reason: str, codes: Sequence[str]) -> tuple[Dropped, ...]:
    """Name every code: it is the user who can tell what they are."""
    return (Dropped(reason, len(codes), tuple(codes)),) if codes else ()
