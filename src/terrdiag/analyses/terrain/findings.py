"""All that is told of the relief of a territory, in one call: the model, the bands, the gradients, the transect."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import pandas as pd

from terrdiag.analyses.terrain.altitudes import (
    OFFICIAL,
    CommuneAltitudes,
    Fit,
    choose_altitudes,
    fit_official,
    gather_communes,
)
from terrdiag.analyses.terrain.bands import BandFindings, analyse_bands, set_in_bands
from terrdiag.analyses.terrain.gradients import FOLLOWED, GradientFindings, analyse_gradients
from terrdiag.analyses.terrain.ground import SPREAD, GroundFindings, spread_over_ground
from terrdiag.analyses.terrain.provenance import describe_model, find_warnings
from terrdiag.analyses.terrain.relief import (
    GroundPlace,
    Measures,
    ReliefFindings,
    analyse_relief,
    measure_communes,
)
from terrdiag.analyses.terrain.transect import TransectFindings, analyse_transect
from terrdiag.analyses.terrain.variants import MODEL_ID
from terrdiag.catalogue import Indicator
from terrdiag.edition import Edition
from terrdiag.edition.schema import SourceRecord
from terrdiag.indicators import Known, Place
from terrdiag.study import Study
from terrdiag.study.dem import DemInput
from terrdiag.study.relief import ReliefTable
from terrdiag.territory import Perimeter
from terrdiag.values import empty_values


@dataclass(frozen=True)
class TerrainFindings:
    """What is known of the relief, and of how figures change with it.

    Attributes
    ----------
    table
        ``[relief]`` of the study.
    communes
        By code: ``name, area_km2, altitude_{mean,min,max}_m`` of the official table.
    measures, relief, fits, source
        What the elevation model gives, how far it is from the official table, where it comes from; None, or empty,
        without a model.
    bands, gradients
        None when no altitude of communes is known.
    ground
        Counts by altitude of the ground; None without a model.
    transect
        None when the study has none.
    warnings
        What a user must see, in French.
    """

    table: ReliefTable
    communes: pd.DataFrame
    measures: Measures | None = None
    relief: ReliefFindings | None = None
    fits: tuple[Fit, ...] = ()
    source: SourceRecord | None = None
    bands: BandFindings | None = None
    ground: GroundFindings | None = None
    gradients: GradientFindings | None = None
    transect: TransectFindings | None = None
    warnings: tuple[str, ...] = ()

    @property
    def values(self) -> pd.DataFrame:
        """Rows of the table of values, in reading order."""
        parts = (self.relief, self.bands, self.ground, self.gradients)
        tables = [part.values for part in parts if part is not None and len(part.values)]
        return pd.concat(tables, ignore_index=True) if tables else empty_values()

    @property
    def indicators(self) -> dict[str, Indicator]:
        """The indicators made, in reading order."""
        made: dict[str, Indicator] = {}
        for part in (self.relief, self.ground, self.gradients):
            made |= part.indicators if part is not None else {}
        return made

    @property
    def sources(self) -> dict[str, SourceRecord]:
        """The elevation model among the sources of the run."""
        return {self.source.id: self.source} if self.source else {}


def analyse_terrain(  # noqa: PLR0913  # the last one only spares a reading
    study: Study,
    dem: DemInput | None,
    edition: Edition,
    perimeter: Perimeter,
    frame: gpd.GeoDataFrame,
    values: pd.DataFrame,
    *,
    known: Known | None = None,
) -> TerrainFindings:
    """Analyse the relief of a territory, with or without an elevation model.

    Parameters
    ----------
    study
        Its ``[relief]`` says thresholds, bands and transect.
    dem
        The elevation model, from :func:`terrdiag.study.dem.resolve_dem`.
    edition
        Where the figures come from.
    perimeter, frame
        The territory, and the outlines of its communes and of those around.
    values
        The table of values: communes of the territory.
    known
        What the edition knows, if it is loaded already.

    Returns
    -------
    TerrainFindings
        Without a model, what the official altitudes allow.

    Raises
    ------
    ElevationError
        The model cannot be read, holds impossible altitudes, or lies elsewhere.
    """
    table, cog_year = study.relief, edition.info.cog_year
    values = _keep_needed(values)
    communes = gather_communes(frame, values)
    measures = measure_communes(dem, frame, table.steep_deg)
    model = measures.model if measures else None
    altitudes = _choose(communes, values, measures)
    bands, gradients = None, None
    if altitudes is not None:
        place = Place("territoire", perimeter.id, perimeter.name, perimeter.communes)
        classed = set_in_bands(altitudes, table.band_m)
        bands = analyse_bands(edition, altitudes, classed, table.band_m, known)
        gradients = analyse_gradients(altitudes, values, place, cog_year)
    transect = analyse_transect(table.transect, frame, values, model)
    findings = TerrainFindings(table, communes, bands=bands, gradients=gradients, transect=transect)
    if measures is None:
        return findings
    return _add_model(findings, measures, perimeter, frame, values, cog_year)


def _keep_needed(values: pd.DataFrame) -> pd.DataFrame:
    """Keep what is known of communes and used here: it is looked up many times."""
    needed = {*FOLLOWED, *SPREAD, *(f"altitude_{name}_m" for name in OFFICIAL)}
    kept = values[(values["level"] == "commune").to_numpy() & values["value"].notna().to_numpy()]
    return kept[kept["indicator"].isin(needed)]


def _choose(
    communes: pd.DataFrame, values: pd.DataFrame, measures: Measures | None
) -> CommuneAltitudes | None:
    if measures is None:
        return choose_altitudes(communes, values)
    return choose_altitudes(
        communes, values, measures.mean_m, model_source=MODEL_ID, is_surface=measures.dem.is_surface
    )


def _add_model(
    findings: TerrainFindings,
    measures: Measures,
    perimeter: Perimeter,
    frame: pd.DataFrame,
    values: pd.DataFrame,
    cog_year: int,
) -> TerrainFindings:
    """Add what the elevation model gives."""
    holders = list_ground_places(perimeter, frame, findings.bands.places if findings.bands else ())
    relief = analyse_relief(measures, findings.table, findings.communes, holders, cog_year)
    found = measures.statistics
    modelled = {"mean": found.mean_m, "max": found.max_m, "min": found.min_m}
    codes = list(measures.zones.codes)
    fits = fit_official(
        findings.communes, {name: pd.Series(m, index=codes) for name, m in modelled.items()}
    )
    territory = Place("territoire", perimeter.id, perimeter.name, perimeter.communes)
    return replace(
        findings,
        measures=measures,
        relief=relief,
        fits=fits,
        source=describe_model(measures, relief.territory, fits, cog_year),
        ground=spread_over_ground(measures, values, findings.table.band_m, territory, cog_year),
        warnings=find_warnings(measures, fits, findings.communes),
    )


def list_ground_places(
    perimeter: Perimeter, frame: pd.DataFrame, bands: Sequence[Place]
) -> tuple[GroundPlace, ...]:
    """List the places made of the communes measured: EPCI, territory, bands of altitude.

    Parameters
    ----------
    perimeter
        The territory; an EPCI that sticks out of it is known for its part inside.
    frame
        Communes of the territory and around: ``code, inside, area_km2``.
    bands
        Bands of altitude.
    """
    inside = frame[frame["inside"]]
    rows = {code: row for row, code in enumerate(inside["code"])}
    area = frame.set_index("code")["area_km2"]

    def make(level: str, code: str, name: str, communes: Sequence[str]) -> GroundPlace:
        own = [member for member in communes if member in rows]
        whole = len(own) == len(communes)
        share = (
            1.0 if whole else float(area.reindex(own).sum() / area.reindex(list(communes)).sum())
        )
        return GroundPlace(level, code, name, tuple(rows[member] for member in own), share)

    return (
        *(make("epci", group.code, group.name, group.communes) for group in perimeter.epci),
        make("territoire", perimeter.id, perimeter.name, perimeter.communes),
        *(make(band.level, band.code, band.name, band.communes) for band in bands),
    )
