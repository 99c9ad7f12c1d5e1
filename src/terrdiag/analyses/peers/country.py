"""Every EPCI of the edition, laid out so that one pass measures an indicator for all of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from terrdiag.analyses.columns import Columns
from terrdiag.catalogue import Indicator
from terrdiag.edition import Edition, read_commune_list, read_figures, read_memberships
from terrdiag.indicators.aggregate import aggregate_slice
from terrdiag.indicators.figures import CommuneFigures, load_commune_figures
from terrdiag.indicators.places import Members
from terrdiag.indicators.slices import Slice, make_slices
from terrdiag.values import MISSING, OK, VALUE_DTYPES

LEVEL: Final = "epci_comparable"


@dataclass(frozen=True)
class Country:
    """The EPCI of an edition.

    Attributes
    ----------
    codes, names
        Of each EPCI, sorted by code, shape (n,).
    members
        Where their communes stand among the figures.
    figures
        Figures of every commune.
    departements
        Département of each of these communes.
    published
        Values published by EPCI: ``code, variable, ref_year, value, source_id``.
    intervals, cog_year
        Of the edition.
    """

    codes: NDArray[np.object_]
    names: NDArray[np.object_]
    members: Members
    figures: CommuneFigures
    departements: NDArray[np.object_]
    published: pd.DataFrame
    intervals: tuple[tuple[int, int], ...]
    cog_year: int

    def years(self, indicator: Indicator) -> list[int]:
        """List the years at which an indicator is known somewhere, the latest first."""
        found: set[int] = set()
        if indicator.kind == "published":
            rows = self.published[self.published["variable"] == indicator.inputs[0]]
            found = set(rows["ref_year"].unique().tolist())
        return sorted(found | self._slices(indicator).keys(), reverse=True)

    def measure(self, indicator: Indicator, year: int) -> Columns:
        """Measure an indicator for every EPCI at one year: columns of the table of values."""
        piece = self._slices(indicator).get(year)
        if piece is None:
            return self._read_published(indicator, year)
        columns = aggregate_slice(piece, self.figures, self.members)
        columns |= {"source_id": np.array(columns["source_id"], object)}
        if indicator.kind != "published":
            return columns
        # counts first; the published share where they are not known
        other, unknown = self._read_published(indicator, year), columns["status"] == MISSING
        return {
            name: np.where(unknown, other[name], column)
            if name not in self.members.places
            else column
            for name, column in columns.items()
        }

    def _slices(self, indicator: Indicator) -> dict[int, Slice]:
        """Give an indicator its figures of communes by year: none for a share that is published without its counts."""
        if indicator.kind == "published" and not indicator.counts:
            return {}
        pieces = make_slices(indicator, self.figures, self.intervals)
        return {piece.ref_year: piece for piece in pieces}

    def locate(self, communes: Sequence[str] | NDArray[np.object_]) -> NDArray[np.intp]:
        """Give the positions of communes among the figures."""
        at = self.figures.codes.get_indexer(pd.Index(np.asarray(communes, object)))
        # a commune that is not the edition's would stand at −1
        assert (at >= 0).all(), "commune hors de l'édition"  # noqa: S101  # the edition's own memberships
        return at

    def share_of(self, positions: NDArray[np.intp]) -> NDArray[np.float64]:
        """Share of the communes of each EPCI that stand at some positions, from 0 to 1."""
        inside = np.zeros(len(self.figures.codes))
        inside[positions] = 1.0
        return self.members.add_up(inside) / self.members.add_up(np.ones(len(inside)))

    def departement(self, at: int) -> str:
        """Give the département that holds most communes of an EPCI (the first by code on a tie)."""
        starts = self.members.starts
        end = starts[at + 1] if at + 1 < len(starts) else None
        counts = Counter(self.departements[self.members.positions[starts[at] : end]])
        return str(min(counts, key=lambda code: (-counts[code], code)))

    def _read_published(self, indicator: Indicator, year: int) -> Columns:
        rows = self.published[self.published["variable"] == indicator.inputs[0]]
        rows = rows[rows["ref_year"] == year]
        at = pd.Index(self.codes).get_indexer(pd.Index(rows["code"].to_numpy(object)))
        value = np.full(len(self.codes), np.nan)
        source = np.full(len(self.codes), "", object)
        # what is published for a former EPCI, or for a part of one, is nobody's here
        value[at[at >= 0]] = rows["value"].to_numpy()[at >= 0]
        source[at[at >= 0]] = rows["source_id"].to_numpy(object)[at >= 0]
        is_known = np.isfinite(value)
        return {
            **self.members.places,
            "indicator": indicator.id,
            "ref_year": year,
            "value": value,
            "unit": indicator.unit,
            "numerator": np.nan,
            "denominator": np.nan,
            "coverage_pct": np.where(is_known, 100.0, 0.0),
            "status": np.where(is_known, OK, MISSING),
            "source_id": source,
        }


def survey_country(
    edition: Edition, indicators: Sequence[Indicator], figures: CommuneFigures | None = None
) -> Country:
    """Lay out every EPCI of an edition, at its date.

    Parameters
    ----------
    edition
        The edition.
    indicators
        What will be measured.
    figures
        Figures already loaded; they are read again unless they are those of every commune.

    Returns
    -------
    Country
        EPCI by code.
    """
    communes = read_commune_list(edition)
    if figures is None or len(figures.codes) < len(communes):
        variables = {name for one in indicators for name in one.variables}
        figures = load_commune_figures(edition, communes["code_commune"], variables)
    rows = read_memberships(edition, kinds=["epci"])
    rows = rows[rows["valid_to"].isna()]
    codes, names, inside = (
        rows[column].to_numpy(object) for column in ("code", "nom", "code_commune")
    )
    # texts of a fixed length: sorted far more quickly than objects
    order = np.lexsort((inside.astype("U5"), codes.astype("U9")))
    codes, names, inside = codes[order], names[order], inside[order]
    positions = figures.codes.get_indexer(pd.Index(inside))
    assert (positions >= 0).all(), "commune hors de l'édition"  # noqa: S101  # the edition's own memberships
    starts = np.flatnonzero(np.concatenate([[True], codes[1:] != codes[:-1]]))
    places = {
        "level": np.full(len(starts), LEVEL, object),
        "code": codes[starts],
        "name": names[starts],
    }
    departements = communes.set_index("code_commune")["code_departement"].reindex(figures.codes)
    return Country(
        codes[starts],
        names[starts],
        Members(places, positions, starts),
        figures,
        departements.to_numpy(object),
        _read_published(edition, indicators),
        edition.info.intervals,
        edition.info.cog_year,
    )


def tabulate(country: Country, measures: Sequence[Columns], kept: NDArray[np.intp]) -> pd.DataFrame:
    """Make rows of the table of values of the EPCI at some positions, measure after measure."""
    size = len(country.codes)
    table = {
        name: np.concatenate(
            [np.broadcast_to(np.asarray(one[name], object), size)[kept] for one in measures]
        )
        for name in VALUE_DTYPES
        if name != "cog_year"
    }
    frame = pd.DataFrame({**table, "cog_year": country.cog_year})
    return frame[list(VALUE_DTYPES)].astype(VALUE_DTYPES)


def _read_published(edition: Edition, indicators: Sequence[Indicator]) -> pd.DataFrame:
    variables = [one.inputs[0] for one in indicators if one.kind == "published"]
    rows = read_figures(edition, levels=["epci"], variables=variables)
    return rows.loc[rows["status"] == OK, ["code", "variable", "ref_year", "value", "source_id"]]
