"""The commune layer for QGIS: outlines of the territory's communes with their indicators.

Coordinates are in the legal projection of the place (Lambert-93 in mainland France, the local one
overseas): what QGIS users expect, and metres to measure with. A territory that spans several of
them stays in longitude and latitude. The outlines are generalised, to draw with: areas are in the
column ``area_km2``, measured on the full detail.
"""

import contextlib
import io
import math
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
import pyogrio

from terrdiag.edition.schema import LAMBERT_93, LEGAL_EPSG
from terrdiag.errors import CatalogueError
from terrdiag.tables.cells import clean_text
from terrdiag.tables.context import TableContext
from terrdiag.values import MISSING, OK, STATUS_CODES_FR

LAYER: Final = "communes"
MAX_NAME: Final = 63
"""Longest name of a column in PostgreSQL, where such layers end up."""

BASE_COLUMNS: Final = {
    "code": "Code INSEE de la commune",
    "nom": "Commune",
    "code_epci": "SIREN de l'EPCI",
    "nom_epci": "EPCI",
    "area_km2": "Superficie (km²), mesurée sur le contour détaillé",
}

DATA_COLUMNS: Final = """
CREATE TABLE gpkg_data_columns (
    table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
    mime_type TEXT, constraint_name TEXT,
    CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
    CONSTRAINT gdc_tn UNIQUE (table_name, name));
INSERT INTO gpkg_extensions VALUES ('gpkg_data_columns', NULL, 'gpkg_schema',
    'http://www.geopackage.org/spec121/#extension_schema', 'read-write');
"""


def write_gpkg(
    frame: gpd.GeoDataFrame, values: pd.DataFrame, context: TableContext, path: Path
) -> None:
    """Write the communes of the territory with their indicators as a GeoPackage.

    Parameters
    ----------
    frame
        Commune frame (EPSG:4326); only the communes inside the territory are written.
    values
        Table of values; only those of communes are written, a column an indicator and year
        (``jobs_2018``), with a column ``jobs_2018_statut`` beside it if some status is not ``ok``;
        what is missing for all of them has no column.
    context
        The words: French names of the columns, shown by QGIS.
    path
        Where to write the layer ``communes``.

    Raises
    ------
    CatalogueError
        An indicator has too long an identifier for a column.
    """
    inside = frame.loc[frame["inside"]].sort_values("code", ignore_index=True)
    base = pd.DataFrame(
        {
            "code": inside["code"],
            "nom": inside["name"],
            "code_epci": inside["code_epci"],
            "nom_epci": inside["name_epci"],
            "area_km2": inside["area_km2"],
        }
    )
    figures, aliases = _figure_columns(values, inside["code"], context)
    table = pd.concat([base, pd.DataFrame(figures, index=base.index)], axis=1)
    layer = gpd.GeoDataFrame(table, geometry=inside.geometry, crs=frame.crs)
    epsg = {LEGAL_EPSG.get(code, LAMBERT_93) for code in inside["code_departement"]}
    if len(epsg) == 1:
        layer = layer.to_crs(epsg.pop())
    path.write_bytes(_name_columns(_pack(layer, context), BASE_COLUMNS | aliases))


def column_name(indicator: str, ref_year: int, suffix: str = "") -> str:
    """Name the column of an indicator and year.

    Raises
    ------
    CatalogueError
        The identifier is too long.

    Examples
    --------
    >>> column_name("jobs", 2018), column_name("jobs", 2018, "_statut")
    ('jobs_2018', 'jobs_2018_statut')
    """
    name = f"{indicator}_{ref_year}{suffix}"
    if len(name) > MAX_NAME:
        raise CatalogueError(
            f"indicators.toml, {indicator} : identifiant trop long, la colonne {name} dépasserait "
            f"{MAX_NAME} caractères. Raccourcissez-le."
        )
    return name


def _figure_columns(
    values: pd.DataFrame, codes: pd.Series, context: TableContext
) -> tuple[dict[str, pd.Series], dict[str, str]]:
    """Spread the values of communes into columns aligned on codes; name each in French."""
    keys = ("indicator", "ref_year", "code", "value", "status")
    rows = values.loc[values["level"] == "commune", [*keys]]
    found: dict[tuple[str, int], dict[str, tuple[float, str]]] = {}
    for indicator, year, code, *cell in zip(*(rows[key].tolist() for key in keys), strict=True):
        found.setdefault((indicator, year), {})[code] = (cell[0], cell[1])
    columns: dict[str, pd.Series] = {}
    aliases: dict[str, str] = {}
    rank = {key: number for number, key in enumerate(context.indicators)}
    for indicator, year in sorted(found, key=lambda key: (rank[key[0]], key[1])):
        cells = [found[indicator, year].get(code, (math.nan, None)) for code in codes]
        statuses = {status for _, status in cells} - {None}
        if statuses <= {MISSING}:
            continue
        one = context.indicators[indicator]
        alias = f"{one.label_fr}, {context.word_period(indicator, year)}"
        name = column_name(indicator, year)
        columns[name] = pd.Series([value for value, _ in cells], dtype="float64")
        aliases[name] = f"{alias} ({one.unit})"
        if statuses != {OK}:
            name = column_name(indicator, year, "_statut")
            words = [status and STATUS_CODES_FR[status] for _, status in cells]
            columns[name] = pd.Series(words, dtype="str")
            aliases[name] = f"{alias} : statut"
    return columns, aliases


def _pack(layer: gpd.GeoDataFrame, context: TableContext) -> bytes:
    """Pack a layer as a GeoPackage; made in memory, for SQLite dislikes network disks."""
    buffer = io.BytesIO()
    options = {
        "IDENTIFIER": clean_text(f"Communes : {context.name}"),
        "DESCRIPTION": "Communes et indicateurs (terrdiag). Contours généralisés.",
    }
    with _dated(f"{context.date.isoformat()}T00:00:00.000Z"):
        pyogrio.write_dataframe(
            layer, buffer, driver="GPKG", layer=LAYER, promote_to_multi=True, layer_options=options
        )
    return buffer.getvalue()


@contextlib.contextmanager
def _dated(date: str) -> Iterator[None]:
    """Have GDAL write a date of our choosing, so that the same layer gives the same bytes."""
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": date})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def _name_columns(package: bytes, aliases: dict[str, str]) -> bytes:
    """Add French names to columns (the « schema » extension of GeoPackage)."""
    with contextlib.closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(package)
        database.executescript(DATA_COLUMNS)
        database.executemany(
            "INSERT INTO gpkg_data_columns (table_name, column_name, name, title) "
            "VALUES (?, ?, ?, ?)",
            [(LAYER, column, alias, alias) for column, alias in aliases.items()],
        )
        database.commit()
        return database.serialize()
