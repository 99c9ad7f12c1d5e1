"""The law that every reader keeps: a typed error, or a table that is what its docstring says."""

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from terrdiag.edition.schema import ESTIMATED, FIGURE_STATUSES
from terrdiag.errors import TerrdiagError
from terrdiag.sources.extract import FIGURE_COLUMNS, Dropped, Extract
from terrdiag.values import OK

COMMUNE = r"(?:[0-9][0-9]|2[AB])[0-9]{3}"
SIREN = r"[0-9]{9}"

CODES = {
    "commune": COMMUNE,
    "epci": SIREN,
    "departement": r"[0-9][0-9]|2[AB]|97[0-9]|98[0-9]",
    "region": r"[0-9][0-9]",
}
"""Form of the codes of each level that has one."""

COLUMNS = {
    "code_commune": COMMUNE,
    "code_arrondissement": COMMUNE,
    "code_epci": SIREN,
    "siren_epci": SIREN,
    "siren": SIREN,
    "origin": COMMUNE,
}
"""Form of the codes of each column that has one, in tables that are not figures."""


def check_error(error: TerrdiagError) -> None:
    """A refusal is a whole sentence, that says something and stays readable."""
    message = str(error)
    assert len(message) > 20, f"message trop court : {message!r}"
    assert len(message) < 20_000, f"message de {len(message)} caractères : {message[:300]!r}"
    bad = re.findall(r"Traceback|<class |object at 0x", message)
    assert not bad, f"message de programme : {message[:300]!r}"


def check_extract(extract: Extract) -> None:
    """What a reader hands over can be built upon."""
    assert isinstance(extract, Extract)
    assert 1900 < extract.cog_year < 2100, f"cog_year {extract.cog_year}"
    assert extract.files
    for dropped in extract.dropped:
        assert isinstance(dropped, Dropped)
        assert dropped.reason
        assert dropped.count >= 0
    table = extract.table
    assert isinstance(table, pd.DataFrame)
    assert table.columns.is_unique
    if set(FIGURE_COLUMNS) <= set(table.columns):
        check_figures(table)
    else:
        check_columns(table)


def check_figures(table: pd.DataFrame) -> None:
    """Statuses, values, years, codes and keys of a table of figures."""
    statuses = set(table["status"])
    assert statuses <= set(FIGURE_STATUSES), f"statut inconnu : {statuses}"
    known = table["status"].isin([OK, ESTIMATED]).to_numpy()
    values = table["value"].to_numpy(dtype="float64")
    assert (known == ~np.isnan(values)).all(), "valeur et statut en désaccord"
    assert np.isfinite(values[known]).all(), "valeur infinie"
    years = table["ref_year"].to_numpy(dtype="int64")
    assert ((years > 1900) & (years < 2100)).all(), f"année : {sorted(set(years))[:5]}"
    assert table["variable"].map(lambda name: isinstance(name, str) and name.isidentifier()).all()
    for level, part in table.groupby("level"):
        if level in CODES:
            check_codes(part["code"], CODES[str(level)])
        assert part["code"].map(lambda code: isinstance(code, str) and bool(code)).all()
    repeated = table.duplicated(["level", "code", "variable", "ref_year"])
    assert not repeated.any(), (
        f"chiffre en double : {table[repeated].iloc[0].to_dict()} ({repeated.sum()})"
    )


def check_columns(table: pd.DataFrame) -> None:
    """Codes of any other table."""
    for name in table.columns.intersection(list(COLUMNS)):
        check_codes(table[name], COLUMNS[name])
    for name in table.columns.intersection(["code", "kind", "variable"]):
        assert table[name].notna().all(), f"{name} vide"
        assert (table[name].astype(str) != "").all(), f"{name} vide"


def check_codes(codes: pd.Series, pattern: str) -> None:
    wrong: Iterable[object] = [
        code for code in codes if not (isinstance(code, str) and re.fullmatch(pattern, code))
    ]
    assert not wrong, f"code mal formé : {list(wrong)[:3]!r}"
