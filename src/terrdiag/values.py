"""The table of values that passes between the rooms, and what may have happened to a value.

A *value* is one indicator, for one place, for one reference year. The indicators make this table;
maps, tables and the page only read it.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import pandas as pd

OK: Final = "ok"
ESTIMATE: Final = "estimate"
"""Computed with a hypothesis that is printed beside it (weights, share by population)."""
PARTIAL: Final = "partial"
"""Summed over the communes whose figure is known; ``coverage_pct`` says how much that is."""
TOO_SMALL: Final = "too_small"
"""A rate on too small a denominator: numerator and denominator are given, the rate is not."""
SECRET: Final = "secret"  # noqa: S105  # statistical secrecy
MISSING: Final = "missing"
NOT_APPLICABLE: Final = "not_applicable"
"""Undefined: the denominator is zero, or the question makes no sense there."""

STATUSES: Final = (OK, ESTIMATE, PARTIAL, TOO_SMALL, SECRET, MISSING, NOT_APPLICABLE)

STATUSES_WITH_VALUE: Final = (OK, ESTIMATE, PARTIAL)
"""A value is known if and only if its status is one of these."""

STATUS_WORDS: Final = {
    OK: "",
    ESTIMATE: "estimation",
    PARTIAL: "partiel",
    TOO_SMALL: "effectif trop faible",
    SECRET: "secret statistique",
    MISSING: "n.d.",
    NOT_APPLICABLE: "sans objet",
}
"""What a reader sees in the place of (or beside) the value."""

STATUS_CODES_FR: Final = {
    OK: "ok",
    ESTIMATE: "estimation",
    PARTIAL: "partiel",
    TOO_SMALL: "effectif_trop_faible",
    SECRET: "secret",
    MISSING: "manquant",
    NOT_APPLICABLE: "sans_objet",
}
"""The ``statut`` column of the French export."""

LEVEL_LABELS: Final = {
    "commune": "Commune",
    "epci": "EPCI",
    "territoire": "Territoire",
    "perimetre": "Périmètre d'une autre date",
    "tranche_altitude": "Tranche d'altitude",
    "epci_comparable": "EPCI comparable",
    "ti": "Territoire d'industrie",
    "ti2023": "Territoire d'industrie 2023-2027",
    "petr": "PETR",
    "cv": "Canton",
    "uu": "Unité urbaine",
    "bv": "Bassin de vie",
    "aav": "Aire d'attraction",
    "ze": "Zone d'emploi",
    "arr": "Arrondissement",
    "departement": "Département",
    "region": "Région",
    "ensemble": "Ensemble de comparaison",
    "france": "France",
}
"""Levels of places, in reading order.

``perimetre`` is the territory on the perimeter of another date, ``ensemble`` a union or a difference given as
comparator, ``tranche_altitude`` the communes of a band of altitude, ``epci_comparable`` an EPCI that resembles the
territory without touching it.
"""

VALUE_DTYPES: Final = {
    "level": "str",
    "code": "str",
    "name": "str",
    "indicator": "str",
    "ref_year": "int16",
    "value": "float64",
    "unit": "str",
    "numerator": "float64",
    "denominator": "float64",
    "coverage_pct": "float64",
    "status": "str",
    "source_id": "str",
    "cog_year": "int16",
}
"""Columns of the table of values, in the order of the output contract."""


def empty_values() -> pd.DataFrame:
    """Give a table of values without a row.

    Examples
    --------
    >>> list(empty_values().columns)[:4]
    ['level', 'code', 'name', 'indicator']
    """
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in VALUE_DTYPES.items()})


def build_values(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Build a table of values from rows, typed and checked.

    Parameters
    ----------
    rows
        Mappings with ``level, code, name, indicator, ref_year, value, unit, source_id, cog_year``; ``numerator``,
        ``denominator`` (not known when absent), ``coverage_pct`` (100), ``status`` (``ok``) may be left out.

    Returns
    -------
    DataFrame
        Columns of ``VALUE_DTYPES``.

    Raises
    ------
    AssertionError
        A value is known and its status says it is not, or the contrary: a fault of the caller.

    Examples
    --------
    >>> row = dict(level="commune", code="65059", name="Bagnères-de-Bigorre", indicator="population")
    >>> row |= dict(ref_year=2022, value=7109.0, unit="hab.", source_id="insee", cog_year=2026)
    >>> build_values([row])["status"].tolist()
    ['ok']
    """
    nothing = float("nan")
    defaults = {"numerator": nothing, "denominator": nothing, "coverage_pct": 100.0, "status": OK}
    table = pd.DataFrame([defaults | dict(row) for row in rows], columns=list(VALUE_DTYPES))
    if table.empty:
        return empty_values()
    known = table["status"].isin(STATUSES_WITH_VALUE)
    assert (known == table["value"].notna()).all(), "value without status"  # noqa: S101  # a fault of ours
    return table.astype(VALUE_DTYPES)
