"""Every analysis of a run, one after the other: each adds rows to the table of values, and findings for the page."""

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from terrdiag.analyses.claims import ClaimsFindings, analyse_claims
from terrdiag.analyses.commuting import CommutingFindings, analyse_commuting
from terrdiag.analyses.peers import PeersFindings, analyse_peers
from terrdiag.analyses.sectors import (
    Concentration,
    ShiftShare,
    Specialisation,
    analyse_concentration,
    analyse_shift_share,
    analyse_specialisation,
)
from terrdiag.analyses.terrain import TerrainFindings, analyse_terrain
from terrdiag.analyses.trends import TrendsFindings, analyse_trends
from terrdiag.catalogue import Indicator
from terrdiag.edition import Edition
from terrdiag.edition.schema import SourceRecord
from terrdiag.indicators import Known, Places
from terrdiag.study import Study
from terrdiag.study.dem import DemInput
from terrdiag.territory import Perimeter


@dataclass(frozen=True)
class Subject:
    """What the analyses are made of.

    Attributes
    ----------
    study, perimeter
        What is asked, and the territory.
    edition, known
        Where the figures come from, and what it knows of all communes.
    frame
        Outlines of the communes of the territory and of those around.
    places
        Places that have values.
    dem
        The elevation model, if there is one.
    """

    study: Study
    perimeter: Perimeter
    edition: Edition
    known: Known
    frame: gpd.GeoDataFrame
    places: Places
    dem: DemInput | None = None


@dataclass(frozen=True)
class Findings:
    """What the analyses have found.

    Attributes
    ----------
    terrain, trends, commuting, specialisation, concentration, shift_share, peers, claims
        Of each analysis.
    """

    terrain: TerrainFindings
    trends: TrendsFindings
    commuting: CommutingFindings
    specialisation: Specialisation
    concentration: Concentration
    shift_share: ShiftShare
    peers: PeersFindings
    claims: ClaimsFindings

    @property
    def values(self) -> pd.DataFrame:
        """Rows of the table of values, analysis after analysis."""
        tables = [part.values for part in self._parts if len(part.values)]
        return pd.concat(tables, ignore_index=True)

    @property
    def indicators(self) -> dict[str, Indicator]:
        """The indicators made, in reading order."""
        made: dict[str, Indicator] = {}
        for part in self._parts:
            made |= part.indicators
        return made

    @property
    def sources(self) -> dict[str, SourceRecord]:
        """Sources that the run adds to those of the edition."""
        return self.terrain.sources

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a user must see."""
        return self.terrain.warnings

    @property
    def _parts(
        self,
    ) -> tuple[
        TrendsFindings
        | CommutingFindings
        | Specialisation
        | Concentration
        | ShiftShare
        | PeersFindings
        | TerrainFindings,
        ...,
    ]:
        return (
            self.trends,
            self.commuting,
            self.specialisation,
            self.concentration,
            self.shift_share,
            self.peers,
            self.terrain,
        )


def run_analyses(subject: Subject, values: pd.DataFrame) -> Findings:
    """Run every analysis.

    Parameters
    ----------
    subject
        What they are made of.
    values
        The table of values.

    Returns
    -------
    Findings
        What was found; an analysis that cannot be made says why.

    Raises
    ------
    TerrdiagError
        The elevation model cannot be used, or a claim is about an unknown place.
    """
    edition, perimeter, places = subject.edition, subject.perimeter, subject.places
    figures = subject.known.communes
    terrain = analyse_terrain(
        subject.study, subject.dem, edition, perimeter, subject.frame, values, known=subject.known
    )
    everything = pd.concat([values, terrain.values]) if len(terrain.values) else values
    return Findings(
        terrain=terrain,
        trends=analyse_trends(edition, places, values, figures),
        commuting=analyse_commuting(edition, places, figures),
        specialisation=analyse_specialisation(values, places),
        concentration=analyse_concentration(values, places),
        shift_share=analyse_shift_share(values, places, edition.info.intervals),
        peers=analyse_peers(edition, perimeter, values, figures),
        claims=analyse_claims(
            subject.study, perimeter, edition, everything, terrain.indicators, subject.known
        ),
    )
