"""What a territory is specialised in: location quotients, distance between sector mixes, how they are shared."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from terrdiag.analyses.cells import Row, lay_table, read_cog_year
from terrdiag.analyses.sectors.compared import Compared, name_reference, split_places
from terrdiag.analyses.sectors.indices import (
    Concentrated,
    Distance,
    measure_distances,
    measure_mixes,
)
from terrdiag.analyses.sectors.mix import BASES, Basis, read_mixes, share_in_reference
from terrdiag.analyses.sectors.quotients import Quotient, bound_cell, measure_quotients
from terrdiag.analyses.sectors.words import distance_indicator, plain_indicator, quotient_indicator
from terrdiag.catalogue import Indicator
from terrdiag.indicators.places import Places


@dataclass(frozen=True)
class Specialisation:
    """What the five sectors say of a territory.

    Attributes
    ----------
    values
        Rows of the table of values.
    indicators
        The indicators of these rows, in reading order.
    compared
        The places.
    quotients
        Location quotients of the territory, then of its EPCI.
    mixes
        How each mix is shared.
    distances
        How far each place is from each comparator.
    shared_pct
        Share of a comparator that is in the territory, in %, by basis and word of the comparator.
    """

    values: pd.DataFrame
    indicators: dict[str, Indicator]
    compared: Compared
    quotients: tuple[Quotient, ...]
    mixes: tuple[Concentrated, ...]
    distances: tuple[Distance, ...]
    shared_pct: Mapping[tuple[Basis, str], float]


def analyse_specialisation(values: pd.DataFrame, places: Places) -> Specialisation:
    """Compare the five sectors of a territory and of its EPCI with those of every comparator.

    Parameters
    ----------
    values
        The table of values of the diagnostic.
    places
        Its places.

    Returns
    -------
    Specialisation
        Location quotients (ratio of two shares), Krugman, Herfindahl and effective number of sectors, for
        establishments and for jobs, never mixed.
    """
    cells, compared = read_mixes(values), split_places(places)
    quotients = tuple(
        quotient
        for basis in BASES
        for place in compared.own
        for _, reference in compared.references_of(place)
        for quotient in measure_quotients(cells, place, reference, basis)
    )
    mixes, distances = measure_mixes(cells, compared), measure_distances(cells, compared)
    rows = [*_lay_quotients(quotients, compared), *_lay_distances(distances), *_lay_mixes(mixes)]
    table, indicators = lay_table(rows, read_cog_year(values))
    shared = {
        (basis, word): share_in_reference(cells, compared.territory, reference, basis)
        for basis in BASES
        for word, reference in compared.references.items()
    }
    return Specialisation(table, indicators, compared, quotients, mixes, distances, shared)


def _lay_quotients(quotients: Iterable[Quotient], compared: Compared) -> Iterator[Row]:
    for one in quotients:
        of = (one.basis, one.sector, name_reference(one.reference), one.reference.name)
        yield one.place, quotient_indicator(*of), one.year, one.cell
        if one.place is compared.territory:
            yield one.place, quotient_indicator(*of, "low"), one.year, bound_cell(one, one.low)
            yield one.place, quotient_indicator(*of, "high"), one.year, bound_cell(one, one.high)


def _lay_distances(distances: Iterable[Distance]) -> Iterator[Row]:
    for one in distances:
        word, name = name_reference(one.reference), one.reference.name
        yield one.place, distance_indicator(one.basis, word, name), one.year, one.krugman


def _lay_mixes(mixes: Iterable[Concentrated]) -> Iterator[Row]:
    for one in mixes:
        yield one.place, plain_indicator(f"herfindahl_{one.basis}"), one.year, one.herfindahl
        yield one.place, plain_indicator(f"effective_sectors_{one.basis}"), one.year, one.effective
