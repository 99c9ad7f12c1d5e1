"""The ``communes`` table: outlines brought to the edition's COG, measured, generalised."""

import datetime as dt
from functools import partial
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from terrdiag.catalogue import Source
from terrdiag.edition import outlines
from terrdiag.edition.bench import Workbench, load_reader, sources_feeding
from terrdiag.edition.crosswalk import bring_forward
from terrdiag.edition.outlines import measure_areas
from terrdiag.edition.provenance import Provenance, record_file
from terrdiag.edition.store import read_communes
from terrdiag.errors import SourceFormatError
from terrdiag.sources import etalab
from terrdiag.sources.extract import Extract
from terrdiag.sources.tables import name_dropped
from terrdiag.wording import format_number, plural

NEWER: Final = "etalab-geo-api-2026"
OLDER: Final = "etalab-geo-api-2023"
FOLDERS: Final = {
    NEWER: "etalab/geo-api/departements",
    OLDER: "etalab/geo-api-2023/departements",
}

NOTE: Final = "Contours :"
"""How the notes on the outlines begin."""


def build_outlines(
    bench: Workbench, communes: pd.DataFrame, events: pd.DataFrame, cog_year: int
) -> gpd.GeoDataFrame:
    """Make the ``communes`` table, from the official outlines or from those of the base edition.

    A layer of the whole country, fetched on demand, wins over the files by département. The same files have the same
    outlines: when they are those that the base edition was made of, its own are taken,
    for generalising a whole country takes minutes.

    Parameters
    ----------
    bench
        The workbench.
    communes
        Communes of the edition.
    events
        Events of the edition.
    cog_year
        Its COG year.

    Returns
    -------
    GeoDataFrame
        A row a commune, sorted by code.
    """
    from_files = partial(_build_from_files, bench, communes, events, cog_year)
    layers = [one for one in sources_feeding("outlines") if _has_layer(bench, one)]
    if not layers:
        return from_files()
    return bench.attempt(layers[0].id, partial(_draw_layer, bench, layers[0], communes), from_files)


def _build_from_files(
    bench: Workbench, communes: pd.DataFrame, events: pd.DataFrame, cog_year: int
) -> gpd.GeoDataFrame:
    """Make the outlines from the files by département or, when these are not there or not whole, take the base's."""
    if _same_files(bench):
        for source_id in FOLDERS:
            _note_files(bench, source_id)
        return _take_from_base(bench, communes)

    def carry() -> gpd.GeoDataFrame:
        bench.absent[OLDER] = bench.absent[NEWER]
        bench.provenance.pop(OLDER, None)
        bench.carried |= {NEWER, OLDER}
        return _take_from_base(bench, communes)

    return bench.attempt(NEWER, lambda: _make_outlines(bench, communes, events, cog_year), carry)


def _has_layer(bench: Workbench, source: Source) -> bool:
    """Tell whether a source is a layer of the whole country, and is there."""
    return source.id not in FOLDERS and any(bench.raw.glob(source.path))


def _draw_layer(bench: Workbench, source: Source, communes: pd.DataFrame) -> gpd.GeoDataFrame:
    """Measure and generalise a layer of the whole country, in the communes of the edition."""
    extract: Extract = load_reader(source)(bench.find(source)[0], source.id)
    codes, geometry = extract.table["code_commune"], extract.table["geometry"].to_numpy()
    known = codes.isin(communes["code_commune"]).to_numpy()
    left_out = name_dropped("contours d'autres communes que celles de l'édition", codes[~known])
    bench.take(extract, left_out)
    table = pd.DataFrame(
        {
            "code_commune": codes[known],
            "area_km2": measure_areas(codes[known], geometry[known]),
            "geometry": geometry[known],
            "contour_year": source.cog_year,
        }
    )
    bench.report("Contours : généralisation")
    mainland = ~table["code_commune"].str[:2].isin(["97"])
    drawn = [
        outlines.generalise(table.loc[mainland, "geometry"].to_numpy(), outlines.METRO_X_SCALE),
        outlines.generalise(table.loc[~mainland, "geometry"].to_numpy()),
    ]
    table = pd.concat([table[mainland], table[~mainland]], ignore_index=True)
    return _join(bench, communes, table.assign(geometry=np.concatenate(drawn)))


def _same_files(bench: Workbench) -> bool:
    """Tell whether the outlines under the raw folder are, byte for byte, those of the base edition."""
    if bench.base is None:
        return False
    for source_id, folder in FOLDERS.items():
        recorded = bench.base.sources.get(source_id)
        there = sorted((bench.raw / folder).glob("*.geojson.gz"))
        read = [path for path in there if not path.name.startswith(etalab.ARRONDISSEMENT_FILES)]
        if recorded is None or {record_file(path, bench.raw) for path in read} != set(
            recorded.files
        ):
            return False
    return True


def _note_files(bench: Workbench, source_id: str) -> None:
    """Note the outline files as read, with what the base edition says that it left out of them."""
    assert bench.base is not None  # noqa: S101  # called with a base only
    paths, _ = etalab.list_contour_files(bench.raw / FOLDERS[source_id])
    bench.provenance[source_id] = Provenance(
        files=list(paths), worded=bench.base.sources[source_id].dropped
    )


def _take_from_base(bench: Workbench, communes: pd.DataFrame) -> gpd.GeoDataFrame:
    """Take the outlines of the base edition, whose communes must be those of the edition."""
    assert bench.base is not None  # noqa: S101  # idem
    layer = read_communes(bench.base)
    bench.notes += [note for note in bench.base.info.notes if note.startswith(NOTE)]
    if set(layer["code_commune"]) != set(communes["code_commune"]):
        raise SourceFormatError(
            "Les contours de l'édition précédente ne sont pas ceux des communes du code officiel géographique lu : "
            "téléchargez aussi les contours (« terrdiag data update »)."
        )
    drawn = layer[["code_commune", "area_km2", "contour_year", "geometry"]]
    return gpd.GeoDataFrame(communes.merge(drawn, on="code_commune"), crs=4326).sort_values(
        "code_commune", ignore_index=True
    )


def _make_outlines(
    bench: Workbench, communes: pd.DataFrame, events: pd.DataFrame, cog_year: int
) -> gpd.GeoDataFrame:
    """Bring both vintages of outlines to the edition's COG, measure them, generalise them."""
    newer = _read_vintage(bench, NEWER, cog_year)
    remaining = set(communes["code_commune"]) - set(newer["code_commune"])
    older = newer.iloc[:0]
    if remaining:
        older = _read_vintage(bench, OLDER, cog_year)
        crosswalk = bring_forward(older["code_commune"], dt.date(2023, 1, 1), events)
        _check_led_to(remaining - set(crosswalk["code_after"]))
        older = outlines.merge_to_cog(older, crosswalk, remaining)
    older, newer = older.assign(contour_year=2023), newer.assign(contour_year=2026)
    bench.report("Contours : généralisation")
    mainland = ~newer["code_commune"].str[:2].isin(["97"])
    simple_old = outlines.generalise(older["geometry"].to_numpy(), outlines.METRO_X_SCALE)
    simple_new = outlines.generalise(
        newer.loc[mainland, "geometry"].to_numpy(), outlines.METRO_X_SCALE
    )
    if len(older):
        simple_old, simple_new, seam = outlines.close_seam(simple_old, simple_new)
        bench.notes.append(
            f"{NOTE} {plural(len(newer), 'commune')} du millésime 2026 et {format_number(len(older))} "
            "du millésime 2023 (moins détaillé), "
            f"ramenées au COG 2026. À leur jonction, {format_number(seam.gap_km2, 1)} km² de vides et "
            f"{format_number(seam.overlap_km2, 1)} km² de recouvrements ont été refermés sur les contours généralisés."
        )
    overseas = outlines.generalise(newer.loc[~mainland, "geometry"].to_numpy())
    table = pd.concat([older, newer[mainland], newer[~mainland]], ignore_index=True)
    drawn = np.concatenate([simple_old, simple_new, overseas])
    return _join(bench, communes, table.assign(geometry=drawn))


def _check_led_to(lacking: set[str]) -> None:
    """Refuse outlines of either vintage that leave communes out: a file by département failed, others can be taken."""
    if lacking:
        raise SourceFormatError(
            f"{plural(len(lacking), 'commune')} sans contour ({', '.join(sorted(lacking)[:3])}…) dans les fichiers par "
            "département : l'un d'eux manque ou n'est pas entier."
        )


def _join(bench: Workbench, communes: pd.DataFrame, drawn: pd.DataFrame) -> gpd.GeoDataFrame:
    """Give the communes their outlines, sorted by code."""
    layer = communes.merge(drawn, on="code_commune", how="left")
    _check_complete(bench, layer)
    return gpd.GeoDataFrame(layer, geometry="geometry", crs=4326).sort_values(
        "code_commune", ignore_index=True
    )


def _check_complete(bench: Workbench, layer: pd.DataFrame) -> None:
    """Refuse outlines that leave communes out, where others can be taken (else the check of the edition names them)."""
    without = layer.loc[layer["area_km2"].isna(), "code_commune"]
    if bench.base is not None and len(without):
        raise SourceFormatError(
            f"{plural(len(without), 'commune')} sans contour ({', '.join(without.head(3))}…) : des fichiers "
            "manquent ou ne sont pas entiers ; d'autres contours sont pris."
        )


def _read_vintage(bench: Workbench, source_id: str, cog_year: int) -> pd.DataFrame:
    paths, left_out = etalab.list_contour_files(bench.path(FOLDERS[source_id]))
    contours = outlines.read_contours(paths)
    bench.take(
        Extract(source_id, contours.table, cog_year, contours.files, (*left_out, *contours.dropped))
    )
    return contours.table
